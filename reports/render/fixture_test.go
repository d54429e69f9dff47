package render

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares bytes with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; make it with go test ./reports/render -update, and look at it", err)
	}
	gomega.NewWithT(t).Expect(string(got)).To(gomega.Equal(string(want)), "see the difference with go test ./reports/render -update and git diff")
}

func sampleClaim(id string, f claim.Family, l claim.Level, question, sentence string, ref claim.Reference, behaviours ...claim.Behaviour) claim.Claim {
	return claim.Claim{ID: id, Family: f, Level: l, Question: question, Sentence: sentence, Headline: strings.HasPrefix(question, "Can "),
		Source: claim.Source{References: []claim.Reference{ref}}, Behaviours: behaviours, Gates: []claim.Gate{claim.Unprivileged}}
}

// sampleClaims is a small catalogue with claims of most families and levels.
func sampleClaims() []claim.Claim {
	extent := []claim.Behaviour{
		{Word: "whole-block", Means: "every address of the sample works", Conforms: true},
		{Word: "only-127.0.0.1", Means: "127.0.0.1 works, and no other address of the sample"},
		{Word: "partial", Means: "some addresses work, others don't"},
	}
	return []claim.Claim{
		sampleClaim("v4.addr1.delivery", claim.Block, claim.Stated, "Does 127.0.0.1 work at all?",
			"TCP, UDP and ICMP echo to 127.0.0.1 are delivered inside the host.", claim.RFC(1122, "3.2.1.3(g)"),
			claim.Behaviour{Word: "delivered", Means: "all three protocols reach the host", Conforms: true}),
		sampleClaim("v4.block.bind", claim.Block, claim.Folk, "Can I bind 127.0.0.2 without any set-up?",
			"An unprivileged process may bind any address of 127.0.0.0/8 with no configuration.", claim.RFC(5735, "3"), extent...),
		sampleClaim("v4.block.delivery.tcp", claim.Block, claim.Stated, "Does TCP reach a server on any loopback address?",
			"A TCP connection to any 127/8 address reaches a listener on this host.", claim.RFC(5735, "3"), extent...),
		sampleClaim("v4.icmp.replysrc", claim.Block, claim.Must, "Which address answers a ping of 127.0.0.2?",
			"The echo reply's source is the address that was pinged.", claim.RFC(1122, "3.2.2.6"),
			claim.Behaviour{Word: "source=destination", Means: "the reply comes from the address that was pinged", Conforms: true},
			claim.Behaviour{Word: "source=127.0.0.1", Means: "the reply comes from 127.0.0.1, whatever was pinged"}),
		sampleClaim("v4.closed.refused", claim.Block, claim.Should, "Can a closed port be noticed at once?",
			"A closed port on any 127/8 address is refused at once.", claim.RFC(9293, "3.10.7"),
			claim.Behaviour{Word: "refused", Means: "the refusal comes at once", Conforms: true},
			claim.Behaviour{Word: "hangs", Means: "nothing comes back"}),
		sampleClaim("v4.egress.dst.default", claim.Offhost, claim.MustNot, "Can traffic for 127.x leave this machine?",
			"An ordinary send or connect to 127/8 puts nothing on an external link.", claim.RFC(1122, "3.2.1.3(g)"),
			claim.Behaviour{Word: "kept", Means: "nothing left the host", Conforms: true},
			claim.Behaviour{Word: "leaks", Means: "packets left the host"}),
		sampleClaim("v4.forward.dst", claim.Offhost, claim.ShouldNot, "Does a router forward packets to 127.x?",
			"A router does not forward a packet to 127/8.", claim.RFC(1812, "5.3.7"),
			claim.Behaviour{Word: "dropped", Means: "it is dropped", Conforms: true}),
		sampleClaim("bind.wild-specific.reuseaddr", claim.Binds, claim.Impl, "What does SO_REUSEADDR change?",
			"Wildcard and specific binds of one port coexist with SO_REUSEADDR.", claim.Reference{Document: "POSIX"},
			claim.Behaviour{Word: "both-orders", Means: "either may come first"},
			claim.Behaviour{Word: claim.AnyErrno, Means: "the second bind fails with this error"}),
		sampleClaim("src.select.127.0.0.2", claim.Binds, claim.Impl, "Which source address does a client of 127.0.0.2 get?",
			"The source chosen for 127.0.0.2 by an unbound socket is 127.0.0.1 or 127.0.0.2.", claim.RFC(1122, "3.3.4.3"),
			claim.Behaviour{Word: "source=127.0.0.1", Means: "the server sees 127.0.0.1"},
			claim.Behaviour{Word: "source=destination", Means: "the server sees the address it listens on"}),
		sampleClaim("name.sub", claim.Names, claim.Should, "Can I use foo.localhost?",
			"A name under localhost behaves like localhost.", claim.RFC(6761, "6.3"),
			claim.Behaviour{Word: "resolves", Means: "it resolves to loopback", Conforms: true},
			claim.Behaviour{Word: "no-answer", Means: "it does not resolve"}),
		sampleClaim("if.lo.mtu", claim.Interface, claim.Impl, "How large is a packet on loopback?",
			"The loopback interface has an MTU.", claim.Reference{Document: "POSIX"},
			claim.Behaviour{Word: claim.AnyNumber, Means: "the MTU in bytes"}),
	}
}

func samplePlatform(id, title, family string, privileged bool) model.Column {
	yes := true
	return model.Column{
		Platform: model.Platform{ID: id, Title: title, Family: family, Version: "1", Kernel: title, Arch: "amd64", Environment: "vm",
			Privileged: privileged, Wire: "none", State: model.State{IPv6: &yes, Filter: "none", User: "ordinary",
				Lo:       &model.Lo{Name: "lo", Index: 1, MTU: 65536, Flags: []string{"loopback", "up"}, Addresses: []string{"127.0.0.1/8"}},
				Switches: map[string]string{"net.ipv4.ip_nonlocal_bind": "0", "net.ipv4.conf.all.route_localnet": "0"}}},
		Measured: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Report: id + ".json", Kit: model.Kit{Version: "1.0.0", Commit: "0123abc"}}
}

// sampleCells has a line for each claim: what the platforms show, in their order. A plain word is a
// behaviour and gets its verdict from the claim, "-" did not run, "!" is inconclusive, "?" is not
// measured, and a word with "/3" showed in 3 of 5 runs.
//

const sampleCells = `
v4.addr1.delivery             delivered delivered delivered delivered delivered delivered
v4.block.bind                 whole-block whole-block only-127.0.0.1 only-127.0.0.1 whole-block whole-block
v4.block.delivery.tcp         whole-block whole-block only-127.0.0.1 only-127.0.0.1 whole-block partial/3
v4.icmp.replysrc              source=destination source=destination - source=127.0.0.1 source=destination !
v4.closed.refused             refused refused hangs refused refused refused
v4.egress.dst.default         - - - - - ?
v4.forward.dst                - - - - - ?
bind.wild-specific.reuseaddr  EADDRINUSE EADDRINUSE both-orders both-orders both-orders EADDRINUSE
src.select.127.0.0.2          source=127.0.0.1 source=127.0.0.1 source=127.0.0.1 source=127.0.0.1 source=destination/4 source=destination
name.sub                      resolves resolves no-answer no-answer no-answer ?
if.lo.mtu                     65536 65536 16384 16384 ? 65536
`

func samplePlatforms() []model.Column {
	return []model.Column{
		samplePlatform("linux-6.12-debian-13-vm-amd64", "Debian 13, Linux 6.12, VM", "linux", false),
		samplePlatform("linux-6.8-ubuntu-24.04-host-amd64", "Ubuntu 24.04, Linux 6.8", "linux", false),
		samplePlatform("macos-15.5-host-arm64", "macOS 15.5", "darwin", false),
		samplePlatform("freebsd-15.0-vm-amd64", "FreeBSD 15.0, VM", "freebsd", true),
		samplePlatform("windows-11-host-amd64", "Windows 11 24H2", "windows", false),
		samplePlatform("gvisor-20260905-container-amd64", "gVisor 20260905 on Linux 6.18, container", "gvisor", false),
	}
}

// sample is a matrix of platforms picked by their numbers, all of them without numbers.
func sample(pick ...int) model.Matrix {
	m := model.Matrix{Schema: 1, Generated: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Claims: sampleClaims(), Cells: map[string]map[string]*model.Cell{}}
	all := samplePlatforms()
	if len(pick) == 0 {
		pick = []int{0, 1, 2, 3, 4, 5}
	}
	for _, i := range pick {
		m.Platforms = append(m.Platforms, all[i])
	}
	for line := range strings.Lines(strings.TrimSpace(sampleCells)) {
		fields := strings.Fields(line)
		m.Cells[fields[0]] = map[string]*model.Cell{}
		for _, i := range pick {
			if c, measured := sampleCell(m.Claims[len(m.Cells)-1], fields[i+1]); measured {
				m.Cells[fields[0]][all[i].ID] = &c
			}
		}
	}
	return m
}

func sampleCell(c claim.Claim, word string) (model.Cell, bool) {
	word, same, unstable := strings.Cut(word, "/")
	switch word {
	case "?":
		return model.Cell{}, false
	case "-":
		why := "wire: this run holds no wire"
		if c.Family == claim.Block {
			why = "icmp echo: socket: EPERM (1)"
		}
		return model.Cell{Verdict: claim.NotRun, Detail: why}, true
	case "!":
		return model.Cell{Verdict: claim.Inconclusive, Detail: "precondition: the marker to 127.0.0.1 did not come back"}, true
	}
	cell := model.Cell{Verdict: claim.Observed, Behaviour: word, Detail: "all 84 addresses tried"}
	if b, _ := c.Behaviour(word); c.Level.Judged() && b.Conforms {
		cell.Verdict = claim.Conforms
	} else if c.Level.Judged() {
		cell.Verdict, cell.Detail = claim.Deviates, "83 of 84 addresses gave EADDRNOTAVAIL, 127.0.0.2 first"
	}
	if unstable {
		cell.Unstable = same + " of 5"
	}
	return cell, true
}

// sampleReport is one platform's report with every verdict, at levels that bind and that don't.
func sampleReport() model.Report {
	column := samplePlatforms()[5]
	r := model.Report{Schema: 1, Kit: column.Kit, Platform: column.Platform, Run: model.Run{ID: "1", Started: column.Measured, Seed: 42, Repeat: 5}}
	m := sample(2, 3, 5)
	for i, c := range m.Claims {
		from := []int{2, 3, 5}[i%3]
		cell, measured := m.Cell(c.ID, samplePlatforms()[from].ID)
		if !measured {
			continue
		}
		one := model.Result{Claim: c.ID, Finding: claim.Finding{Verdict: cell.Verdict, Behaviour: cell.Behaviour, Reason: cell.Detail},
			Observations: observation.Set{{Op: "bind", Outcome: observation.OK, Count: 1, TookMicros: 1500}}, Runs: model.Runs{N: 5, Same: 5}}
		if cell.Unstable != "" {
			one.Runs.Same = 3
		}
		if c.ID == "v4.closed.refused" {
			one.Finding = claim.Finding{Verdict: claim.Inconclusive, Reason: "precondition: the marker did not come back"}
		}
		r.Results = append(r.Results, one)
	}
	return r
}

func sampleEntries() []claim.Entry {
	var out []claim.Entry
	for _, c := range sampleClaims() {
		out = append(out, claim.Entry{Claim: c})
	}
	return out
}

// textOf is what Text writes.
func textOf(m model.Matrix, t Terminal) []byte {
	var b bytes.Buffer
	Text(&b, m, t)
	return b.Bytes()
}

func markdownOf(m model.Matrix) []byte {
	var b bytes.Buffer
	Markdown(&b, m)
	return b.Bytes()
}

func csvOf(m model.Matrix) ([]byte, error) {
	var b bytes.Buffer
	err := CSV(&b, m)
	return b.Bytes(), err
}

func jsonOf(m model.Matrix) ([]byte, error) {
	var b bytes.Buffer
	err := JSON(&b, m)
	return b.Bytes(), err
}
