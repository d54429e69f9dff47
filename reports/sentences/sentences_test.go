package sentences

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	_ "github.com/loopmatrix/loopmatrix/suites" // completes the catalogue
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

var texts = flag.String("texts", "", "a folder with the texts of the RFCs (texts.sh), which the sentences are looked up in")

// documents are the RFCs about loopback.
var documents = []int{1122, 1812, 3330, 3493, 4007, 4291, 4379, 4942, 5735, 5884, 6303, 6724, 6761, 6890, 8029, 8190}

func all(t *testing.T) model.Sentences {
	t.Helper()
	s, err := All(claim.Catalogue())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAll(t *testing.T) {
	g := gomega.NewWithT(t)
	var numbers []int
	for _, d := range all(t).Documents {
		numbers = append(numbers, d.RFC)
		g.Expect(d.URL).To(gomega.Equal(claim.RFC(d.RFC, "").URL))
		g.Expect(d.ObsoletedBy == 0 || slices.Contains(documents, d.ObsoletedBy)).To(gomega.BeTrue(), "RFC %d", d.RFC)
	}
	g.Expect(numbers).To(gomega.Equal(documents))
}

// unnamed lists the references of claims to the documents that no sentence answers: one of that
// section which names the claim.
func unnamed(s model.Sentences, claims []claim.Claim) []string {
	has := map[string]bool{}
	for _, d := range s.Documents {
		for _, one := range d.Sentences {
			whole, _, _ := strings.Cut(one.Section, "(")
			for _, id := range one.Claims {
				has[fmt.Sprintf("%s RFC %d %s", id, d.RFC, one.Section)], has[fmt.Sprintf("%s RFC %d %s", id, d.RFC, whole)] = true, true
			}
		}
	}
	var out []string
	for _, c := range claims {
		for _, r := range c.Source.References {
			number := 0
			if n, err := fmt.Sscanf(r.Document, "RFC %d", &number); n != 1 || err != nil || !slices.Contains(documents, number) {
				continue
			}
			if key := c.ID + " " + r.String(); !has[key] {
				out = append(out, fmt.Sprintf("%s cites %s, and no sentence of that section in reports/sentences/rfc%d.json names it", c.ID, r, number))
			}
		}
	}
	return out
}

// TestEveryClaimHasItsSentence looks for each section that a claim cites.
func TestEveryClaimHasItsSentence(t *testing.T) {
	g := gomega.NewWithT(t)
	var claims []claim.Claim
	for _, e := range claim.Catalogue() {
		claims = append(claims, e.Claim)
	}
	s := all(t)
	g.Expect(unnamed(s, claims)).To(gomega.BeEmpty())
	s.Documents[0].Sentences = slices.DeleteFunc(slices.Clone(s.Documents[0].Sentences), func(s model.Sentence) bool { return s.Section == "3.2.1.7" })
	g.Expect(unnamed(s, claims)).To(gomega.ConsistOf(
		"v4.ttl.one cites RFC 1122 3.2.1.7, and no sentence of that section in reports/sentences/rfc1122.json names it"))
}

var (
	pageBreak = regexp.MustCompile(`(?m)^.*\[Page \d+\]\s*$|^RFC ?\d+ .*\d{4}\s*$|\f`)
	divided   = regexp.MustCompile(`-\s*\n\s+`)
)

// flat is a text without its lines and pages.
func flat(text string) string {
	return strings.Join(strings.Fields(divided.ReplaceAllString(pageBreak.ReplaceAllString(text, ""), "-")), " ")
}

// misquoted lists what a document is said to hold and does not.
func misquoted(d model.Document, text []byte) []string {
	var out []string
	if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != d.SHA256 {
		out = append(out, fmt.Sprintf("RFC %d is another text: its SHA-256 is %x", d.RFC, sum))
	}
	whole := flat(string(text))
	for _, s := range d.Sentences {
		if !strings.Contains(whole, s.Quote) {
			out = append(out, fmt.Sprintf("RFC %d %s does not say %q", d.RFC, s.Section, s.Quote))
		}
	}
	return out
}

// TestQuotations reads a made-up document, which is divided as RFCs are, and with -texts all of
// them.
func TestQuotations(t *testing.T) {
	g := gomega.NewWithT(t)
	text := []byte("   It MUST NOT leave the loop-\n   back\n\nBraden       Standards Track    [Page 3]\n\f\nRFC 1  Loopback   June 1995\n\n   interface.\n")
	sum := sha256.Sum256(text)
	d := model.Document{RFC: 1, SHA256: hex.EncodeToString(sum[:]), Sentences: []model.Sentence{{Quote: "It MUST NOT leave the loop-back interface."}, {Says: "It stays."}}}
	g.Expect(misquoted(d, text)).To(gomega.BeEmpty())
	d.Sentences[0].Quote = "It MUST leave"
	g.Expect(misquoted(d, append(text, 'x'))).To(gomega.HaveLen(2))
	if *texts == "" {
		t.Log("the sentences were not looked up: make sentences")
		return
	}
	for _, d := range all(t).Documents {
		text, err := os.ReadFile(filepath.Join(*texts, strings.TrimSuffix(File(d), ".json")+".txt"))
		g.Expect(err).NotTo(gomega.HaveOccurred())
		g.Expect(misquoted(d, text)).To(gomega.BeEmpty())
	}
}
