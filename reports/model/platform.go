package model

import (
	"regexp"
	"strings"
)

// Platform is what was measured.
type Platform struct {
	// ID is made by PlatformID and is safe as a file name and in a URL:
	// "linux-6.12-debian-13-vm-amd64".
	ID string `json:"id"`
	// Title is the platform's name for people: "Debian 13, Linux 6.12, VM".
	Title string `json:"title"`
	// Family is the kind of system: "linux", "freebsd", "windows", "gvisor", "wine".
	Family string `json:"family"`
	// Version is the version of the system or distribution: "Debian 13.1", "15.0-RELEASE".
	Version string `json:"version"`
	// Kernel is the kernel's name and release as it tells them itself: "Linux
	// 6.12.107+deb13-cloud-amd64".
	Kernel string `json:"kernel"`
	// Arch is the architecture in Go's words: "amd64".
	Arch string `json:"arch"`
	// Environment is where the system runs: "host", "vm", "container", "gvisor", "wine", "wsl".
	Environment string `json:"environment"`
	// Privileged says whether the run could change interfaces and open raw sockets.
	Privileged bool `json:"privileged"`
	// Wire is what kind of cable the run held ("tap"), or "none".
	Wire string `json:"wire"`
	// State is what else is known to change the answers.
	State State `json:"state"`
}

// State is the state of the platform when it was measured. A null is something that could not be
// read, never a no.
type State struct {
	// Lo is the loopback interface; null if there is none or the interfaces could not be listed.
	Lo *Lo `json:"lo" jsonschema:"nullable"`
	// DefaultRoute says whether there was a way out.
	DefaultRoute PerFamily `json:"default_route"`
	// IPv6 says whether IPv6 sockets can be opened.
	IPv6 *bool `json:"ipv6" jsonschema:"nullable"`
	// Forwarding says whether the host forwards packets between interfaces.
	Forwarding PerFamily `json:"forwarding"`
	// Filter says what is known of packet filters: "none", "nftables: 3 rules", "unknown: EPERM".
	Filter string `json:"filter"`
	// User is the class of the user: "root", "ordinary", "administrator"; never a name.
	User string `json:"user"`
	// Switches are the settings that change how loopback behaves, by their sysctl names; those that
	// exist there.
	Switches map[string]string `json:"switches"`
	// Evidence says what the environment and the privilege were read from, one remark each, the
	// decisive ones first.
	Evidence []string `json:"evidence,omitempty"`
	// Unknown says which facts could not be read, and why, one remark each.
	Unknown []string `json:"unknown,omitempty"`
}

// Lo is the loopback interface.
type Lo struct {
	// Name is the interface's name: "lo", "lo0", "Loopback Pseudo-Interface 1".
	Name string `json:"name"`
	// Index is the interface's number.
	Index int `json:"index"`
	// MTU is in bytes; Windows gives lo all of 32 bits.
	MTU int64 `json:"mtu"`
	// Flags are those that are set, in lower case and sorted: "loopback", "multicast", "up".
	Flags []string `json:"flags"`
	// Addresses are its addresses with their prefix lengths, sorted: "127.0.0.1/8".
	Addresses []string `json:"addresses"`
}

// PerFamily is a fact that IPv4 and IPv6 may differ in; null is unknown.
type PerFamily struct {
	// IPv4 is the fact for IPv4.
	IPv4 *bool `json:"ipv4" jsonschema:"nullable"`
	// IPv6 is the fact for IPv6.
	IPv6 *bool `json:"ipv6" jsonschema:"nullable"`
}

// maxPlatformID leaves room for a suffix within the 255 bytes that a file name may have.
const maxPlatformID = 120

// platformID begins with a word that has no dot, so that no id is one of the device names of
// Windows ("con", "nul.x").
var platformID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+(\.[a-z0-9]+)*)+$`)

// ValidPlatformID says whether an id is one that PlatformID could have made.
func ValidPlatformID(id string) bool { return len(id) <= maxPlatformID && platformID.MatchString(id) }

// PlatformID makes the id of a platform: OS, version, environment and architecture, in lower case
// and joined with dashes. Parts may hold several words; whatever is neither letter, digit nor dot
// becomes a dash, empty parts vanish.
func PlatformID(os, version, environment, arch string) string {
	words := []string{strings.ReplaceAll(slug(os), ".", "-")}
	if words[0] == "" || words[0][0] < 'a' {
		words[0] = strings.TrimSuffix("os-"+words[0], "-")
	}
	for _, part := range []string{version, environment, arch} {
		if s := slug(part); s != "" {
			words = append(words, s)
		}
	}
	if len(words) == 1 {
		words = append(words, "unknown")
	}
	id := strings.Join(words, "-")
	return strings.TrimRight(id[:min(len(id), maxPlatformID)], "-.")
}

// slug keeps lower case letters, digits, and single dots and dashes between them.
func slug(s string) string {
	var b strings.Builder
	gap := ""
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			if b.Len() > 0 {
				b.WriteString(gap)
			}
			gap = ""
			b.WriteRune(r)
		case r == '.' && gap == "":
			gap = "."
		default:
			gap = "-"
		}
	}
	return b.String()
}
