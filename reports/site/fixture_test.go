package site

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/sentences"
	_ "github.com/loopmatrix/loopmatrix/suites" // the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// measured are the reports that stay as test data.
func measured(tb testing.TB) (all []model.Report) {
	tb.Helper()
	names, err := filepath.Glob("../../reports/combine/testdata/measured/*.json")
	if err != nil || len(names) == 0 {
		tb.Fatal("no reports", err)
	}
	for _, name := range names {
		r, err := model.Read(name, claim.Catalogue())
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// beside is the matrix of some reports, which must not be the same platform. Package combine is a
// user of this one.
func beside(reports []model.Report) model.Matrix {
	m := model.Matrix{Schema: model.MatrixSchema, Cells: map[string]map[string]*model.Cell{},
		Wanted: []model.Wanted{{Family: "freebsd", Title: "FreeBSD 15"}, {Family: "windows", Title: "Windows 11"}}}
	for _, e := range claim.Catalogue() {
		c := e.Claim
		c.Rule, c.Behaviours, c.Gates = nil, append([]claim.Behaviour{}, c.Behaviours...), append([]claim.Gate{}, c.Gates...)
		m.Claims = append(m.Claims, c)
		m.Cells[c.ID] = map[string]*model.Cell{}
	}
	for _, r := range reports {
		m.Platforms = append(m.Platforms, model.Column{Platform: r.Platform, Measured: r.Run.Started, Report: r.Platform.ID + ".json", Kit: r.Kit})
		if m.Generated.Before(r.Run.Started) {
			m.Generated = r.Run.Started
		}
		for _, result := range r.Results {
			m.Cells[result.Claim][r.Platform.ID] = &model.Cell{Verdict: result.Verdict, Behaviour: result.Behaviour, Detail: result.Reason}
		}
	}
	return m
}

// forty are as many platforms as the table is made for, of several families, some of which differ
// from those that were measured: if all agreed they would stand in a few columns.
func forty(tb testing.TB) []model.Report {
	tb.Helper()
	families := []string{"linux", "macos", "windows", "freebsd", "openbsd", "netbsd", "gvisor", "wine"}
	from := measured(tb)
	var out []model.Report
	for i := range 40 {
		r := from[i%len(from)]
		r.Platform.Family = families[i%len(families)]
		r.Platform.ID = fmt.Sprintf("%s-%d.%d-vm-amd64", r.Platform.Family, i/len(families), i)
		r.Platform.Title = fmt.Sprintf("%s %d.%d, VM, as root", strings.ToUpper(r.Platform.Family[:1])+r.Platform.Family[1:], i/len(families), i)
		r.Results = append([]model.Result{}, r.Results...)
		for j := i; j < len(r.Results); j += 7 + i { // what could not run there
			r.Results[j] = model.Result{Claim: r.Results[j].Claim, Runs: model.Runs{N: 1, Same: 1}}
			r.Results[j].Verdict, r.Results[j].Reason = "not-run", fmt.Sprintf("EPERM in circumstance %d", i)
		}
		if i%5 == 0 {
			r.Sweeps = swept()
			r.Capacity = listening()
		}
		out = append(out, r)
	}
	return out
}

// swept are sweeps as reports have them: of the whole block, and of a sample from both of its ends.
func swept() []model.Sweep {
	high := []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}
	return []model.Sweep{
		{Protocol: "udp", Prefix: "127.0.0.0/8", Addresses: 1 << 24, Delivered: 1<<24 - 1, Exceptions: high, Seconds: 28},
		{Protocol: "bind", Prefix: "127.0.0.0/13", Addresses: 1 << 19, Delivered: 1 << 19, Seconds: 9},
		{Protocol: "bind", Prefix: "127.248.0.0/13", Addresses: 1 << 19, Delivered: 1 << 19, Seconds: 9},
		{Protocol: "udp", Prefix: "127.255.255.255/32", Broadcast: true, Addresses: 1, Delivered: 1},
		{Protocol: "icmp", Prefix: "127.0.0.0/8", Left: []string{"127.0.0.0/8"}, Reason: "socket: EACCES (13)"},
	}
}

// listening are listeners as a report has them.
func listening() *model.Capacity {
	c := model.Capacity{Held: 100_000, Asked: model.WholeBlock, Port: 40_001, Ranges: []string{"127.0.0.1-127.1.134.160"},
		Exceptions: []model.Exception{{CIDR: "127.1.134.161/32", Outcome: observation.InUse, Errno: "EADDRINUSE"}}, Limit: model.LimitMemory, Why: harmless,
		Processes: 6, Largest: 19_989, Full: 19_989, Seconds: 2, FirstHalf: 0.8,
		Memory: &model.Memory{Free: 24 << 30, Share: 0.5, Each: 3800, By: harmless, Accounts: []model.Account{{Name: harmless, Before: 1, After: 2}}}}
	c.Extrapolation = c.Extrapolated()
	return &c
}

// built is the site of some reports, by path.
func built(tb testing.TB, reports []model.Report) map[string][]byte {
	tb.Helper()
	files, err := Build(beside(reports), reports, Options{Sentences: askedOf(tb)})
	if err != nil {
		tb.Fatal(err)
	}
	out := map[string][]byte{}
	for _, f := range files {
		if _, twice := out[f.Path]; twice {
			tb.Fatal(f.Path, "is there twice")
		}
		out[f.Path] = f.Bytes
	}
	return out
}

// askedOf are the sentences of the RFCs.
func askedOf(tb testing.TB) model.Sentences {
	tb.Helper()
	all, err := sentences.All(claim.Catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	return all
}
