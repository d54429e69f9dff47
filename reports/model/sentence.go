package model

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// SentencesSchema is the version of the format of Sentences.
const SentencesSchema = 1

// Sentences are what RFCs ask of loopback, sentence by sentence. A file of reports/sentences holds
// those of one document.
type Sentences struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Documents are ordered by their numbers.
	Documents []Document `json:"documents"`
}

// Document is an RFC and what it asks of loopback.
type Document struct {
	// RFC is the number of the document.
	RFC int `json:"rfc"`
	// Title is that of the document.
	Title string `json:"title"`
	// URL is the address of the document, which begins with https.
	URL string `json:"url"`
	// ObsoletedBy is the number of the RFC that has taken its place; nothing if none has.
	ObsoletedBy int `json:"obsoletedBy,omitempty"`
	// Text is the copy that was read: a package of Debian and its version.
	Text string `json:"text"`
	// SHA256 is the digest of that copy, in hexadecimal.
	SHA256 string `json:"sha256"`
	// Read is the day on which it was read: "2026-12-01".
	Read string `json:"read"`
	// Sentences are in the order of the document.
	Sentences []Sentence `json:"sentences"`
}

// Sentence is one sentence of an RFC.
type Sentence struct {
	// Section is where it stands: "3.2.1.3(g)".
	Section string `json:"section"`
	// Keyword is how strongly it asks; STATED if it has no keyword.
	Keyword Keyword `json:"keyword"`
	// Quote is the sentence itself.
	Quote string `json:"quote,omitempty"`
	// Says is the sentence in our words, where it is a list or a table, or long.
	Says string `json:"says,omitempty"`
	// Claims are the ids of the claims that test it, or that record that nothing does.
	Claims []string `json:"claims,omitempty"`
	// Untested says why no claim tests it.
	Untested string `json:"untested,omitempty"`
}

// Words returns the sentence: quoted, or in our words.
func (s Sentence) Words() string {
	if s.Quote != "" {
		return "“" + s.Quote + "”"
	}
	return s.Says
}

func (Sentences) readable() []int { return []int{SentencesSchema} }

func (s Sentences) asVersioned([]byte) bool { return s.Schema == SentencesSchema }

// DecodeSentences reads a file of reports/sentences: decoded strictly and validated against the
// catalogue; name stands for the file in errors.
func DecodeSentences(text []byte, name string, catalogue []claim.Entry) (Sentences, error) {
	s, err := decode[Sentences](strings.NewReader(string(text)), name, everything)
	if err != nil {
		return Sentences{}, err
	}
	return s, s.Validate(name, catalogue)
}

var (
	section   = regexp.MustCompile(`^([0-9]+|[A-Z])(\.[0-9]+)*(\([a-z]\))?$`)
	hexDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// Validate returns every problem: claims and keywords that do not exist, sections that are none, an
// address that is not https, a sentence that no claim tests and that has no reason.
func (s Sentences) Validate(name string, catalogue []claim.Entry) error {
	p := &problems{file: name}
	known := index(catalogue)
	p.unless(len(s.Documents) > 0, "documents", "there are none")
	for i, d := range s.Documents {
		at := fmt.Sprintf("documents[%d]", i)
		d.validate(p, at)
		for j, one := range d.Sentences {
			one.validate(p, fmt.Sprintf("%s.sentences[%d]", at, j), known)
		}
	}
	return p.all.ErrorOrNil()
}

// validate adds what is wrong with what is said of a document.
func (d Document) validate(p *problems, at string) {
	p.unless(d.RFC > 0 && d.Title != "" && d.Text != "", at, "rfc, title and text are wanted")
	p.unless(d.ObsoletedBy == 0 || d.ObsoletedBy > d.RFC, at+".obsoletedBy", "RFC %d is not younger than RFC %d", d.ObsoletedBy, d.RFC)
	p.unless(strings.HasPrefix(d.URL, "https://") && !strings.ContainsAny(d.URL, " \t\r\n\"<>"), at+".url", "%q is no address that begins with https://", d.URL)
	p.unless(hexDigest.MatchString(d.SHA256), at+".sha256", "%q is no SHA-256 in hexadecimal", d.SHA256)
	_, err := time.Parse(time.DateOnly, d.Read)
	p.unless(err == nil, at+".read", "%q is no day, such as 2026-12-01", d.Read)
	p.unless(len(d.Sentences) > 0, at+".sentences", "there are none")
}

// validate adds what is wrong with a sentence.
func (s Sentence) validate(p *problems, at string, known map[string]*claim.Entry) {
	p.unless(section.MatchString(s.Section), at+".section", "%q is no section, such as 3.2.1.3(g)", s.Section)
	p.unless(slices.Contains(Keywords(), s.Keyword), at+".keyword", "it is one of %v", Keywords())
	p.unless((s.Quote == "") != (s.Says == ""), at, "either quote or says is wanted: the sentence, or what it says")
	tested := false
	for i, id := range s.Claims {
		in := fmt.Sprintf("%s.claims[%d]", at, i)
		p.unless(known[id] != nil, in, "there is no claim %q", id)
		p.unless(!slices.Contains(s.Claims[:i], id), in, "%s is there twice", id)
		tested = tested || known[id] != nil && known[id].Exempt == ""
	}
	p.unless(tested || s.Untested != "", at+".untested", "it is missing: no claim tests the sentence, and the reason is wanted")
	p.unless(!tested || s.Untested == "", at+".untested", "a claim tests the sentence; remove this")
}

// Keyword is how strongly a sentence asks, in words that levels of claims have too.
type Keyword string

// Keywords returns the words for how strongly a sentence asks.
func Keywords() []Keyword {
	var out []Keyword
	for _, l := range claim.Levels() {
		if l.Judged() || l == claim.May {
			out = append(out, Keyword(l))
		}
	}
	return out
}
