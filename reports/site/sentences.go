package site

import (
	"fmt"
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// sentencesPage is what RFCs ask of loopback, what of it no claim tests, and what claims rest on
// instead.
type sentencesPage struct {
	page
	Documents []asked
	Count     sentencesCount
	Untested  []asked       // documents with the sentences that no claim tests
	Without   []claim.Claim // claims that test none of the sentences
}

// sentencesCount is how many sentences there are, and how many of them no claim tests.
type sentencesCount struct{ All, Untested int }

// asked is a document and sentences of it.
type asked struct {
	model.Document
	Of []sentence
}

// sentence is a sentence of a document.
type sentence struct {
	model.Sentence
	RFC int
	// First says that it is the first of its section.
	First bool
	// Tests are the claims that are about it.
	Tests []tests
}

// tests is a claim that is about a sentence.
type tests struct {
	ID string
	// Shown says whether the claim has a page; younger ones than all reports have none.
	Shown bool
	// Answered says whether any platform has an answer to it.
	Answered bool
}

// Where names the section for people: "RFC 1122 3.2.1.3(g)".
func (s sentence) Where() string { return claim.RFC(s.RFC, s.Section).String() }

// URL is the address of the section.
func (s sentence) URL() string { return claim.RFC(s.RFC, s.Section).URL }

// Anchor is the id of the section's first sentence on the page.
func (s sentence) Anchor() string { return fmt.Sprintf("RFC%d:%s", s.RFC, s.Section) }

// sentences adds the page of what nobody has tested, and its data.
func (b *builder) sentences() error {
	if len(b.asked) == 0 {
		return nil
	}
	b.add("sentences.schema.json", []byte(schema.Sentences()))
	if err := b.json("sentences.json", model.Sentences{Schema: model.SentencesSchema, Documents: b.asked}); err != nil {
		return err
	}
	p := sentencesPage{Count: b.countSentences(), page: page{Title: "what nobody has tested",
		About: "What RFCs ask of loopback, sentence by sentence: the claims that test it, and what no claim tests, and why.", Data: "sentences.json"}}
	named := map[string]bool{}
	for _, d := range b.asked {
		all := asked{Document: d, Of: b.sentencesOf(d)}
		none := asked{Document: d}
		for _, s := range all.Of {
			if s.Untested != "" {
				none.Of = append(none.Of, s)
			}
			for _, id := range s.Claims {
				named[id] = true
			}
		}
		p.Documents = append(p.Documents, all)
		if len(none.Of) > 0 {
			p.Untested = append(p.Untested, none)
		}
	}
	p.Without = slices.DeleteFunc(slices.Clone(b.matrix.Claims), func(c claim.Claim) bool { return named[c.ID] })
	return b.page("sentences.html", "sentences", p)
}

func (b *builder) sentencesOf(d model.Document) []sentence {
	var out []sentence
	seen := map[string]bool{}
	for _, s := range d.Sentences {
		one := sentence{Sentence: s, RFC: d.RFC, First: !seen[s.Section]}
		seen[s.Section] = true
		for _, id := range s.Claims {
			shown := slices.ContainsFunc(b.matrix.Claims, func(c claim.Claim) bool { return c.ID == id })
			answered := slices.ContainsFunc(b.matrix.Platforms, func(p model.Column) bool { return answers(render.At(b.matrix, id, p.ID).Verdict) })
			one.Tests = append(one.Tests, tests{id, shown, answered})
		}
		out = append(out, one)
	}
	return out
}

func (b *builder) countSentences() sentencesCount {
	var n sentencesCount
	for _, d := range b.asked {
		n.All += len(d.Sentences)
		for _, s := range d.Sentences {
			if s.Untested != "" {
				n.Untested++
			}
		}
	}
	return n
}

// testedBy are the sentences that a claim is about.
func (b *builder) testedBy(id string) []sentence {
	var out []sentence
	for _, d := range b.asked {
		for _, s := range d.Sentences {
			if slices.Contains(s.Claims, id) {
				out = append(out, sentence{Sentence: s, RFC: d.RFC})
			}
		}
	}
	return out
}
