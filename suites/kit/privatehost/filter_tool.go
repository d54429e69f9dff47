package privatehost

import (
	"os"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// toolFilter is a packet filter that is loaded by a program of its system, all rules at once. Until
// the last rule of a spec is removed, those of the system give way to them; its options stay. It is
// for machines that are made for the kit.
type toolFilter struct {
	name string
	// write gives a rule in the filter's language.
	write func(host.FilterRule) (string, error)
	// load replaces all rules; restore brings back those of the system, as they were before the
	// first load.
	load    func(rules []string) error
	restore func() error

	loaded []string
}

func (f *toolFilter) Name() string { return f.name }

func (f *toolFilter) Add(rules ...host.FilterRule) (remove func() error, err error) {
	var added []string
	for _, r := range rules {
		text, err := f.write(r)
		if err != nil {
			return nil, err
		}
		added = append(added, text)
	}
	if err := f.load(slices.Concat(f.loaded, added)); err != nil {
		return nil, sock.SystemError("add rule", err)
	}
	f.loaded = slices.Concat(f.loaded, added)
	return func() error {
		f.loaded = slices.DeleteFunc(f.loaded, func(r string) bool { return slices.Contains(added, r) })
		if len(f.loaded) == 0 {
			return sock.SystemError("remove rules", f.restore())
		}
		return sock.SystemError("remove rules", f.load(f.loaded))
	}, nil
}

// pfVerbs are those of pf.conf(5), with its names of ICMP codes.
var pfVerbs = map[host.Verb]string{host.Drop: "drop", host.Reset: "return-rst", host.PortUnreachable: "return-icmp(port-unr)",
	host.HostUnreachable: "return-icmp(host-unr)", host.NetUnreachable: "return-icmp(net-unr)",
	host.AdminProhibited: "return-icmp(filter-prohib)", host.NetProhibited: "return-icmp(net-prohib)",
	host.HostProhibited: "return-icmp(host-prohib)"}

// pfRule writes a rule for pf: "block return-rst in quick on lo0 inet proto tcp from any to
// 127.0.0.2".
func pfRule(r host.FilterRule) (string, error) {
	words := []string{"block", pfVerbs[r.Verb], direction(r), "quick"}
	if r.Interface != "" {
		words = append(words, "on", r.Interface)
	}
	words = append(words, "inet")
	if p := protocol(r); p != "" {
		words = append(words, "proto", p)
	}
	from, to := "any", "any"
	if r.Source.IsValid() {
		from = r.Source.String()
	}
	if r.Destination.IsValid() {
		to = r.Destination.String()
	}
	return strings.Join(append(words, "from", from, "to", to), " "), nil
}

// pfOptions are the options of a pf.conf(5), which say among other things which interfaces are
// skipped.
func pfOptions(conf string) (out []string) {
	for line := range strings.Lines(conf) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "set ") {
			out = append(out, line)
		}
	}
	return out
}

// npfVerbs are those of npf.conf(5); return-icmp has one code, "administratively prohibited"
// (npf_return_icmp).
var npfVerbs = map[host.Verb]string{host.Drop: "block", host.Reset: "block return-rst", host.AdminProhibited: "block return-icmp"}

// npfRule writes a rule for npf: "block return-rst in final on lo0 family inet4 proto tcp to
// 127.0.0.2".
func npfRule(r host.FilterRule) (string, error) {
	verb, has := npfVerbs[r.Verb]
	if !has {
		return "", host.NoSuchRule()
	}
	words := []string{verb, direction(r), "final"}
	if r.Interface != "" {
		words = append(words, "on", r.Interface)
	}
	words = append(words, "family", "inet4")
	if p := protocol(r); p != "" {
		words = append(words, "proto", p)
	}
	if r.Source.IsValid() {
		words = append(words, "from", r.Source.String())
	}
	if r.Destination.IsValid() {
		words = append(words, "to", r.Destination.String())
	}
	if !r.Source.IsValid() && !r.Destination.IsValid() {
		words = append(words, "all")
	}
	return strings.Join(words, " "), nil
}

// npfConf is a whole configuration of npf.
func npfConf(rules []string) string {
	return "group default {\n\t" + strings.Join(append(slices.Clone(rules), "pass final all"), "\n\t") + "\n}\n"
}

func direction(r host.FilterRule) string {
	if r.Hook == host.Outgoing {
		return "out"
	}
	return "in"
}

// protocol is that of a rule; a reset can answer nothing but TCP.
func protocol(r host.FilterRule) string {
	if r.Verb == host.Reset {
		return "tcp"
	}
	return r.Proto
}

// readIf reads a file that need not be there.
func readIf(path string) (string, error) {
	b, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return "", nil
	}
	return string(b), err
}
