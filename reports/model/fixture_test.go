package model

import (
	"bytes"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// bindable shows how often "bind" worked, so that a test can make any answer.
func bindable(seen observation.Set) claim.Answer {
	switch bind := seen.Op("bind"); {
	case len(bind) == 0:
		return claim.Unclear("nothing was bound")
	case bind[0].Value == "panic":
		panic("an odd value")
	case bind.AllOK():
		return claim.Shows("yes", "all bound")
	default:
		return claim.Shows("no", "some gave %v", bind.Errors())
	}
}

func yesNo(id string, level claim.Level) claim.Entry {
	return claim.Entry{Claim: claim.Claim{ID: id, Family: claim.Block, Level: level, Rule: bindable, Behaviours: []claim.Behaviour{
		{Word: "yes", Means: "it works", Conforms: true}, {Word: "no", Means: "it does not work"}}}}
}

// catalogue has a claim that is judged, one that is only observed, and one that nothing measures.
func catalogue() []claim.Entry {
	untested := yesNo("exempt.draft", claim.None)
	untested.Rule = nil
	return []claim.Entry{yesNo("v4.must", claim.Must), yesNo("v4.folk", claim.Folk), untested}
}

func bound(o observation.Outcome) observation.Set {
	return observation.Set{{Op: "bind", Proto: "tcp", Targets: []string{"127.0.0.1", "127.0.0.2"}, Outcome: o, Count: 2}}
}

// good is a report without a fault that uses every field.
func good() Report {
	yes, no := true, false
	return Report{
		Schema: Schema,
		Kit:    Kit{Version: "1.0.0", Commit: "0123abc"},
		Platform: Platform{ID: "linux-6.12-debian-13-vm-amd64", Title: "Debian 13, Linux 6.12, VM", Family: "linux", Version: "Debian 13.1",
			Kernel: "Linux 6.12.107", Arch: "amd64", Environment: "vm", Privileged: true, Wire: "none",
			State: State{Lo: &Lo{Name: "lo", Index: 1, MTU: 65536, Flags: []string{"loopback", "up"}, Addresses: []string{"127.0.0.1/8"}},
				DefaultRoute: PerFamily{IPv4: &yes, IPv6: &no}, IPv6: &yes, Forwarding: PerFamily{IPv4: &no}, Filter: "none", User: "root",
				Switches: map[string]string{"net.ipv4.ip_nonlocal_bind": "0", "net.ipv4.conf.eth0.Route": "1"}, Evidence: []string{"DMI says QEMU"}}},
		Run: Run{ID: "20260304T050607Z-01", Started: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), DurationMillis: 812, Seed: 1<<64 - 1, Repeat: 5},
		Outside: &Outside{Kit: Kit{Version: "1.0.1"}, Target: "vagrant:debian-13", How: "libvirt with TCG",
			Amended: []Amendment{{Name: "platform.version", Inside: `"unknown"`}}},
		Catalogue: []string{"v4.must", "v4.folk", "exempt.draft"},
		Results: []Result{
			{Claim: "v4.must", Finding: claim.Finding{Verdict: claim.Conforms, Behaviour: "yes", Reason: "all bound"}, Observations: bound(observation.OK),
				Evidence: []Evidence{{Kind: "pcap", Name: "v4.must.pcap", SHA256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}},
				Runs:     Runs{N: 5, Same: 4, Also: []Alternative{{Verdict: claim.Deviates, Behaviour: "no", Times: 1}}}},
			{Claim: "v4.folk", Finding: claim.Finding{Verdict: claim.Observed, Behaviour: "no", Reason: "some gave [refused]"},
				Observations: bound(observation.Refused), Runs: Runs{N: 5, Same: 5}},
			{Claim: "exempt.draft", Finding: claim.Finding{Verdict: claim.NotRun, Reason: "recorded, not tested"}, Observations: observation.Set{},
				Runs: Runs{N: 5, Same: 5}},
		},
		Sweeps: []Sweep{{Protocol: "udp", Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: 1<<24 - 2, Seconds: 12.5,
			Exceptions: []Exception{{CIDR: "127.0.0.0/32", Outcome: observation.Lost}, {CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}}},
	}
}

// older is good as a kit of schema 1 wrote it.
func older() Report {
	r := good()
	r.Schema, r.Outside, r.Catalogue = 1, nil, nil
	r.Run.Target, r.Run.How = "vagrant:debian-13", "libvirt with TCG"
	return r
}

func encoded(t testing.TB, v any) []byte {
	t.Helper()
	b, err := Encode(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// decodeError is the message for a file with these bytes.
func decodeError(t *testing.T, b []byte) string {
	t.Helper()
	_, err := Decode(bytes.NewReader(b), "r.json", catalogue())
	gomega.NewWithT(t).Expect(err).To(gomega.HaveOccurred())
	if err == nil {
		return ""
	}
	return err.Error()
}
