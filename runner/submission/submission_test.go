package submission

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

const (
	whole  = "0123456789abcdef0123456789abcdef01234567"
	frames = "what crossed the cable"
)

// stored is a report that was measured once (package combine keeps it), as a kit of a release would
// write it today, with one capture.
func stored(t *testing.T) model.Report {
	t.Helper()
	r, err := model.Read("../../reports/combine/testdata/measured/linux-6.12.json", claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	r = combine.Rejudge(r, claim.Catalogue())
	r.Kit = model.Kit{Version: "v0.1.0", Commit: whole}
	for i := range r.Results {
		if x := &r.Results[i]; x.Verdict == claim.NotRun && strings.HasSuffix(x.Reason, "--wire off") {
			x.Reason = "unshare: EPERM"
		}
	}
	sum := sha256.Sum256([]byte(frames))
	r.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: r.Platform.ID + ".one.pcapng", SHA256: hex.EncodeToString(sum[:])}}
	return r
}

// submitted writes a report and its capture into a new folder, as they would be handed in.
func submitted(t *testing.T, r model.Report) string {
	t.Helper()
	r, err := r.Sealed()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "linux-6.12-vm-amd64-root.one.pcapng"), []byte(frames), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, filepath.Base(r.Platform.ID)+".json")
	if err := model.Write(path, r); err != nil {
		t.Fatal(err)
	}
	return path
}

func problems(c model.Checked) string {
	var out []string
	for _, p := range append(c.Wrong, c.Unfit...) {
		out = append(out, strings.TrimPrefix(p.Error(), c.File+": "))
	}
	return strings.Join(out, "\n")
}

func TestFit(t *testing.T) {
	c := Check(submitted(t, stored(t)), claim.Catalogue())
	gomega.NewWithT(t).Expect(problems(c)).To(gomega.BeEmpty())
	if !c.Valid() || !c.Fit() {
		t.Error("it is fit")
	}
}

// TestUnfit spoils a valid report in one way each, and finds exactly that.
func TestUnfit(t *testing.T) {
	for want, spoil := range map[string]func(*model.Report){
		`kit.version: "devel" is neither a release`:                                                       func(r *model.Report) { r.Kit.Version = "devel" },
		`kit.version: "v0.1.0-3-g0123abc-dirty" was built from a changed tree`:                            func(r *model.Report) { r.Kit.Version = "v0.1.0-3-g0123abc-dirty" },
		`kit.commit: "0123456789abcdef0123456789abcdef01234567" is not the commit that version "0123abc"`: func(r *model.Report) { r.Kit.Version = "0123abc" },
		`kit.commit: "" is not the commit that version "0123456"`:                                         func(r *model.Report) { r.Kit = model.Kit{Version: "0123456"} },
		`kit.commit: "HEAD" is no whole commit`:                                                           func(r *model.Report) { r.Kit.Commit = "HEAD" },
		"run.started: 2099-01-01T00:00:00Z is in the future":                                              func(r *model.Report) { r.Run.Started = time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC) },
		`added[0].kit.version: "devel" is neither a release`:                                              func(r *model.Report) { add(r, model.Kit{Version: "devel"}) },
		`added[1].kit.commit: "" is not the commit that version "0123456"`:                                func(r *model.Report) { add(r, r.Kit); add(r, model.Kit{Version: "0123456"}) },
		"].subject: it is about this machine": func(r *model.Report) {
			modern(r)
			about := r.Results[3]
			about.Subject = model.Machine
			r.Results = append(r.Results, about)
		},
		`platform.id: it is "linux-6.12-vm-amd64-root", but its facts make it linux-6.13-vm-amd64-root`: func(r *model.Report) { r.Platform.Kernel = "Linux 6.13.1" },
		`platform.id: it is "linux-6.12-vm-amd64-root", but its facts make it linux-6.12-vm-amd64;`:     func(r *model.Report) { r.Platform.State.User = "ordinary" },
		"results: there is none for " + claim.Catalogue()[3].ID:                                         func(r *model.Report) { r.Results = append(r.Results[:3:3], r.Results[4:]...) },
		"results: the run was interrupted: " + claim.Catalogue()[4].ID + "; measure":                    func(r *model.Report) { notRun(r, 4, model.Interrupted) },
		"results: the run was told to leave it out (--claims): " + claim.Catalogue()[5].ID:              func(r *model.Report) { notRun(r, 5, model.NotSelected) },
		"results: the run was told to do without a wire (--wire off): " + claim.Catalogue()[6].ID:       func(r *model.Report) { notRun(r, 6, "no wire: --wire off") },
		"results[1].verdict: it is ": func(r *model.Report) { r.Results[1].Verdict, r.Results[1].Behaviour = claim.Inconclusive, "" },
		"results: these captures are not beside the report: linux-6.12-vm-amd64-root.two.pcapng; add": func(r *model.Report) { r.Results[0].Evidence[0].Name = "linux-6.12-vm-amd64-root.two.pcapng" },
		`results[0].evidence[0].sha256: "linux-6.12-vm-amd64-root.one.pcapng" is not the file`:        func(r *model.Report) { r.Results[0].Evidence[0].SHA256 = strings.Repeat("0", 64) },
		`results[2].reason: it holds "/home/jane", which is a path in somebody's home`:                func(r *model.Report) { r.Results[2].Reason = "open /home/jane/x: EPERM" },
		`platform.state.evidence[0]: it holds "C:\\Users\\Jane", which is`:                            func(r *model.Report) { r.Platform.State.Evidence[0] = `read C:\Users\Jane\x` },
		`results[2].observations[0].calls[0]: it holds "/tmp/loopmatrix-7/x", which is a path on the`: func(r *model.Report) { r.Results[2].Observations[0].Calls[0] = "open(/tmp/loopmatrix-7/x)" },
		`run.how: it holds "jane@box.example", which looks like a user and a host`:                    func(r *model.Report) { r.Run.How = "ssh jane@box.example" },
		`platform.state.unknown[0]: it holds "janes-mac.local", which looks like the name of a host`:  func(r *model.Report) { r.Platform.State.Unknown = []string{"who is janes-mac.local?"} },
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			r := stored(t)
			r.Results[2].Observations[0].Calls = []string{"bind"}
			r.Platform.State.Evidence = []string{"DMI says QEMU"}
			spoil(&r)
			c := Check(submitted(t, r), claim.Catalogue())
			g.Expect(c.Valid()).To(gomega.BeTrue(), problems(c))
			g.Expect(c.Fit()).To(gomega.BeFalse())
			g.Expect(problems(c)).To(gomega.ContainSubstring(want))
			g.Expect(c.Unfit).To(gomega.HaveLen(1), problems(c))
		})
	}
}

// modern makes a report one of schema 2.
func modern(r *model.Report) {
	r.Schema, r.Catalogue = model.Schema, model.First()
}

// add adds a later run of this kit, for a claim of its own.
func add(r *model.Report, k model.Kit) {
	modern(r)
	r.Added = append(r.Added, model.Addition{Kit: k, Platform: r.Platform, Run: r.Run, Claims: []string{r.Catalogue[len(r.Added)]}})
}

func notRun(r *model.Report, i int, reason string) {
	r.Results[i] = model.Result{Claim: r.Results[i].Claim, Finding: claim.Finding{Verdict: claim.NotRun, Reason: reason}, Observations: observation.Set{}, Runs: model.Runs{N: 1, Same: 1}}
}

// TestFiles changes what was handed in after the kit wrote it.
func TestFiles(t *testing.T) {
	for want, spoil := range map[string]func(path, capture string) error{
		"a published report is named after its platform; rename it to linux-6.12-vm-amd64-root.json": func(path, _ string) error {
			return os.Rename(path, filepath.Join(filepath.Dir(path), "linux-6.12.json"))
		},
		"results: these captures are not beside the report":    func(_, capture string) error { return os.Remove(capture) },
		"has 4194305 bytes, and at most 4194304 are published": func(_, capture string) error { return os.Truncate(capture, MaxCapture+1) },
		"is no regular file": func(_, capture string) error {
			_ = os.Remove(capture)
			return os.Mkdir(capture, 0o700)
		},
		`.sha256: "linux-6.12-vm-amd64-root.one.pcapng" is not the file that the kit wrote`: func(_, capture string) error {
			return os.WriteFile(capture, []byte("other bytes"), 0o600)
		},
		"its layout is not the kit's from line 3 on": changed(`"kit": {`, `"kit":{`),
		"its layout is not the kit's from line 1 on": changed("\n", "\r\n"),
		"run: it is not what the kit wrote":          changed(`"repeat": 1`, `"repeat": 2`),
		"digest: it is missing":                      nil,
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			path := submitted(t, stored(t))
			if strings.HasPrefix(want, "digest") {
				unsealed := stored(t)
				g.Expect(model.Write(path, unsealed)).To(gomega.Succeed())
			} else {
				g.Expect(spoil(path, filepath.Join(filepath.Dir(path), "linux-6.12-vm-amd64-root.one.pcapng"))).To(gomega.Succeed())
			}
			found, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.json"))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			c := Check(found[0], claim.Catalogue())
			g.Expect(c.Valid()).To(gomega.BeTrue(), problems(c))
			g.Expect(problems(c)).To(gomega.ContainSubstring(want))
			g.Expect(c.Unfit).To(gomega.HaveLen(1), problems(c))
		})
	}
}

// TestSections names sections of one capture in several results: one that is there, one of another
// claim, and one whose file is another.
func TestSections(t *testing.T) {
	g := gomega.NewWithT(t)
	section, err := wire.Capture("v4.block.bind: a part")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	r := stored(t)
	r.Catalogue, r.Schema, r.Run.Target, r.Run.How = r.MeasuredAgainst(), model.Schema, "", ""
	name, sum := r.Platform.ID+".pcapng", sha256.Sum256(section)
	of := func(claim string) []model.Evidence {
		return []model.Evidence{{Kind: "pcap", Name: name, Section: claim + ": ", SHA256: hex.EncodeToString(sum[:])}}
	}
	r.Results[0].Evidence, r.Results[1].Evidence = of("v4.block.bind"), of("v4.block.bind")
	check := func() string {
		path := submitted(t, r)
		g.Expect(os.WriteFile(filepath.Join(filepath.Dir(path), name), section, 0o600)).To(gomega.Succeed())
		return problems(Check(path, claim.Catalogue()))
	}
	g.Expect(check()).To(gomega.BeEmpty())
	r.Results[1].Evidence = of("v4.block")
	g.Expect(check()).To(gomega.Equal(`results[1].evidence[0].section: "` + name + `" has no section whose comment begins so; copy it again`))
	r.Results[1].Evidence = of("v4.block.bind")
	section = append(section, section...)
	g.Expect(check()).To(gomega.MatchRegexp(`^results\[0\]\.evidence\[0\]\.sha256: "`+name+`" is not the file that the kit wrote[^\n]*$`), "once")
}

func changed(from, to string) func(path, capture string) error {
	return func(path, _ string) error {
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, []byte(strings.Replace(string(b), from, to, 1)), 0o600)
	}
}

// TestEverythingAtOnce tells a report that is invalid and unfit in several ways.
func TestEverythingAtOnce(t *testing.T) {
	g := gomega.NewWithT(t)
	r := stored(t)
	r.Kit.Version, r.Run.Repeat, r.Results[0].Evidence[0].Name, r.Platform.ID = "devel", 0, "../../etc/passwd", "Linux"
	c := Check(submitted(t, r), claim.Catalogue())
	g.Expect(c.Valid()).To(gomega.BeFalse())
	for _, want := range []string{"run.repeat: 0", "is no plain file name", "platform.id: ", "kit.version: "} {
		g.Expect(problems(c)).To(gomega.ContainSubstring(want))
	}
	broken := Check(filepath.Join(t.TempDir(), "missing.json"), claim.Catalogue())
	g.Expect(problems(broken)).To(gomega.Equal("there is no such file"))
}

func TestKits(t *testing.T) {
	for _, k := range []model.Kit{{Version: "v1.2.3"}, {Version: "v0.1.0", Commit: whole}, {Version: "v1.0.0-rc.1", Commit: whole},
		{Version: "0123456", Commit: whole}, {Version: "v0.1.0-12-g0123456", Commit: whole}, {Version: "v0.1.1-0.20260304050607-0123456789ab", Commit: whole}} {
		c := model.Checked{Report: model.Report{Kit: k}}
		findings{&c}.kit("kit", c.Report.Kit)
		if len(c.Unfit) > 0 {
			t.Errorf("%v: %s", k, problems(c))
		}
	}
	for _, k := range []model.Kit{{Version: "1.2.3", Commit: whole}, {Version: "unknown", Commit: whole}, {Version: "v1.2", Commit: whole}, {Version: "v0.1.0-12-gabcdef0", Commit: whole}} {
		c := model.Checked{Report: model.Report{Kit: k}}
		if (findings{&c}).kit("kit", k); len(c.Unfit) == 0 {
			t.Errorf("%v is known", k)
		}
	}
}

// TestPrivate has each kind of text that tells whose machine it was, and texts that look like one.
func TestPrivate(t *testing.T) {
	r := stored(t)
	for text, want := range map[string]string{
		"fork/exec /home/runner/work/kit/loopmatrix: EPERM": "/home/runner",
		"open /Users/runner/kit: EPERM":                     "/Users/runner",
		"stat /tmp/go-build7/x: EPERM":                      "/tmp/go-build7/x",
		`open C:\Users\runneradmin\kit.exe: error 2`:        `C:\Users\runneradmin`,
		`open "C:\\Users\\Jane Doe\\kit.exe": error 2`:      `C:\\Users\\Jane`,
		`open c:\documents and settings\jane: error 2`:      `c:\documents and settings\jane`,
		`open C:/Users/jane/kit.exe: error 2`:               `/Users/jane`,
		`fork/exec D:\a\kit\loopmatrix.exe: error 5`:        `D:\a\kit\loopmatrix.exe`,
		`D:\a`:                                      `D:\a`,
		`open "D:\\a\\kit.exe": error 5`:            `D:\\a\\kit.exe`,
		`open D:/a/kit.exe: error 5`:                `D:/a/kit.exe`,
		`open \\server\share\kit.exe: error 53`:     `\\server\share\kit.exe`,
		`open "\\\\server\\share\\x": error 53`:     `\\\\server\\share\\x`,
		"fork/exec: ENOSPC (28)":                    "",
		"open(/proc/sys/net/ipv4/ip_forward)":       "",
		`open \\.\NUL: error 5`:                     "",
		"127.0.0.0/8 -> dev lo; c::1 d:1":           "",
		"https://www.rfc-editor.org/rfc/rfc1122":    "",
		`a regular expression, \d+\s, and a \n end`: "",
	} {
		r.Results[2].Reason = text
		found := Private(r)
		switch {
		case want == "" && len(found) > 0:
			t.Errorf("%s: %v", text, found)
		case want != "" && (len(found) != 1 || found[0].Path != "results[2].reason" || !strings.Contains(found[0].Text, fmt.Sprintf("it holds %q, which", want))):
			t.Errorf("%s: %v, want one that holds %q", text, found, want)
		}
	}
}

// TestAStack is refused for what it is of, and for nothing that follows from that.
func TestAStack(t *testing.T) {
	g := gomega.NewWithT(t)
	r := stored(t)
	r.Schema, r.Subject = 2, model.Stack
	for _, result := range r.Results {
		r.Catalogue = append(r.Catalogue, result.Claim)
	}
	c := Check(submitted(t, r), claim.Catalogue())
	g.Expect(c.Unfit).To(gomega.HaveLen(1))
	g.Expect(c.Unfit[0].Path).To(gomega.Equal("subject"))
}

// TestAltered refuses the reports of machines that were altered.
func TestAltered(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(*model.Report)
		says  string
	}{
		"a switch": {func(r *model.Report) {
			r.Platform.State.Switches = map[string]string{"net.ipv4.conf.all.route_localnet": "1"}
		}, "net.ipv4.conf.all.route_localnet is 1, and 0 where nothing was changed"},
		"a policy rule":   {func(r *model.Report) { r.Platform.State.Switches = map[string]string{"ip rule": "1: to 127.0.0.1"} }, "its policy rules are not the usual ones (1: to 127.0.0.1)"},
		"a packet filter": {func(r *model.Report) { shown(r, "v4.addr1.delivery", claim.Deviates, "none", observation.Timeout) }, "this machine was altered. The packet filter drops"},
		"lo is down":      {func(r *model.Report) { shown(r, "if.lo.up", claim.Deviates, "down", observation.OK) }, "The loopback interface is down."},
		"few descriptors": {func(r *model.Report) {
			r.Results[0].Finding = claim.Finding{Verdict: claim.Inconclusive, Reason: "the kit ran out of file descriptors: connect"}
		}, "may not open enough files"},
		"IPv6 is off":     {noIPv6, "net.ipv6.conf.all.disable_ipv6 is 1"},
		"in a container":  {func(r *model.Report) { noIPv6(r); r.Platform.Environment = "container" }, ""},
		"a usual machine": {func(*model.Report) {}, ""},
		"rp_filter is set": {func(r *model.Report) {
			r.Platform.State.Switches = map[string]string{"net.ipv4.conf.all.rp_filter": "2"}
		}, ""},
	} {
		r := stored(t)
		c.alter(&r)
		f := findings{&model.Checked{Report: r}}
		f.altered()
		g := gomega.NewWithT(t)
		if c.says == "" {
			g.Expect(f.Unfit).To(gomega.BeEmpty(), name)
			continue
		}
		g.Expect(f.Unfit).To(gomega.ContainElement(gomega.HaveField("Text", gomega.ContainSubstring(c.says))), name)
	}
}

// shown puts a behaviour, with one observation, in the place of a result.
func shown(r *model.Report, id string, verdict claim.Verdict, word string, outcome observation.Outcome) {
	for i := range r.Results {
		if x := &r.Results[i]; x.Claim == id {
			x.Finding = claim.Finding{Verdict: verdict, Behaviour: word, Reason: "seen"}
			x.Observations = observation.Set{{Op: "connect", Proto: "tcp", Targets: []string{"127.0.0.1"}, Outcome: outcome, Count: 1}}
		}
	}
}

// noIPv6 makes a report that of a machine without IPv6 whose hosts file names ::1.
func noIPv6(r *model.Report) {
	r.Platform.State.Switches = map[string]string{"net.ipv6.conf.all.disable_ipv6": "1"}
	shown(r, "if.lo.v6", claim.Deviates, "none", observation.OK)
	shown(r, "name.localhost.v6", claim.Deviates, "dead-::1", observation.OK)
}
