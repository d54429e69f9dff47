package published

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/errata"
	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// commitID is what git calls a commit.
var commitID = regexp.MustCompile(`^[0-9a-f]{40}$`)

// all are the reports of this folder, whether the program holds them already or not.
func all(t *testing.T) []model.Report {
	t.Helper()
	names, err := filepath.Glob("*.json")
	if err != nil {
		t.Fatal(err)
	}
	var reports []model.Report
	for _, name := range names {
		r, err := model.Read(name, claim.Catalogue())
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	return reports
}

// TestPublishedReports checks that every published report is valid, complete, measured to its end,
// named after its platform, and made by a kit whose source is known.
func TestPublishedReports(t *testing.T) {
	g := gomega.NewWithT(t)
	withdrawn, err := errata.All()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	for _, r := range all(t) {
		problems := slices.DeleteFunc(model.Problems(r.File, r.Check(claim.Catalogue())), func(p model.Problem) bool { return errata.Settles(withdrawn, r, p) })
		g.Expect(problems).To(gomega.BeEmpty())
		g.Expect(path.Base(r.File)).To(gomega.Equal(r.Platform.ID + ".json"))
		g.Expect(r.Kit.Commit).To(gomega.MatchRegexp(commitID.String()), r.File)
		g.Expect(r.Kit.Version).NotTo(gomega.Or(gomega.BeEmpty(), gomega.ContainSubstring("dirty"), gomega.Equal("devel")), r.File)
		g.Expect(r.Target()).NotTo(gomega.BeEmpty(), r.File)
		g.Expect(r.How()).NotTo(gomega.BeEmpty(), r.File)
		for _, result := range r.Results {
			g.Expect(result.Reason).NotTo(gomega.ContainSubstring("interrupted"), "%s: %s", r.File, result.Claim)
		}
	}
}

// TestPublishedIDsStay proves that ids.txt still lists every id that a published report has, in the
// order of that report.
func TestPublishedIDsStay(t *testing.T) {
	at := map[string]int{}
	for i, id := range claim.Golden() {
		at[id.ID] = i
	}
	for _, r := range all(t) {
		last := -1
		for _, result := range r.Results {
			i, listed := at[result.Claim]
			if !listed || i <= last {
				t.Errorf("suites/kit/claim/ids.txt has lost or moved %s, which %s has; put the line back where it was", result.Claim, r.File)
			}
			last = max(last, i)
		}
	}
}

// private is what a published file must not tell of the machine that made it, nor of its user. Each
// is tried on a text that has it.
var private = []struct{ what, has string }{
	{`a path of somebody's`, `/home/anna/loopmatrix`},
	{`a temporary path`, `open /tmp/loopmatrix-kernel-123/initramfs`},
	{`a path of root's`, `/root/.cache`},
	{`a path of macOS`, `/Users/anna/x`},
	{`a path of Windows`, `C:\Users\anna\x`},
	{`a private IPv4 address`, `nameserver 10.255.255.53`},
	{`a private IPv4 address`, `192.168.1.17`},
	{`a private IPv4 address`, `172.20.3.4`},
	{`a link-local address made from a card`, `fe80::5054:ff:fe12:3456`},
	{`an address of a card`, `52:54:00:12:34:56`},
	{`a user by mail`, `anna@example.org`},
}

var privates = regexp.MustCompile(`/(home|root|tmp|var|usr|work|mnt|Users|private)/[^ "]*` +
	`|\b[A-Z]:\\` +
	`|(^|[^0-9.])(10\.[0-9]+\.[0-9]+\.[0-9]+|192\.168\.[0-9]+\.[0-9]+|172\.(1[6-9]|2[0-9]|3[01])\.[0-9]+\.[0-9]+)` +
	`|fe80::[0-9a-f]{1,4}:[0-9a-f]{0,2}ff:fe[0-9a-f]{2}:` +
	`|\b(52:54:00|00:0c:29|08:00:27|00:16:3e)(:[0-9a-f]{2}){3}\b` +
	`|\w@[\w-]+\.[a-z]`)

func TestPrivatesAreFound(t *testing.T) {
	for _, p := range private {
		if !privates.MatchString(p.has) {
			t.Errorf("%s is not found in %q", p.what, p.has)
		}
	}
}

// TestNothingPrivate proves that no published file tells a path, an address or a user of the
// machine that made it. The name of this machine is looked for as well, where it is one that could
// not stand there for another reason.
func TestNothingPrivate(t *testing.T) {
	unable.Long(t, "it reads every capture")
	name, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(file string, b []byte) {
		for _, found := range privates.FindAllString(string(b), 3) {
			t.Errorf("%s: %q", file, found)
		}
		if len(name) > len("localhost") && strings.Contains(string(b), name) {
			t.Errorf("%s: the name of this machine, %q", file, name)
		}
	})
}

// each gives all published reports and captures.
func each(t *testing.T, do func(file string, b []byte)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS("."), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(file) != ".json" && path.Ext(file) != ".pcapng" {
			return err
		}
		b, err := os.ReadFile(file)
		if err == nil {
			do(file, b)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// maxCaptures keeps what everyone who clones the source has to fetch small.
const maxCaptures = 4 << 20

// TestCaptures proves that each capture is the one that its report names, and that none lies there
// without a report.
func TestCaptures(t *testing.T) {
	hashes := map[string]string{}
	for _, r := range all(t) {
		for _, result := range r.Results {
			for _, e := range result.Evidence {
				if e.Name != "" {
					hashes[e.Name] = e.SHA256
				}
			}
		}
	}
	total := 0
	each(t, func(file string, b []byte) {
		if path.Ext(file) == ".json" {
			return
		}
		total += len(b)
		sum := sha256.Sum256(b)
		if hashes[file] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not the one that a report names", file)
		}
		delete(hashes, file)
	})
	for file := range hashes {
		t.Errorf("%s is named by a report, and is not there", file)
	}
	if total > maxCaptures {
		t.Errorf("%d bytes of captures, at most %d", total, maxCaptures)
	}
}
