package claim

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/go-multierror"
)

// Nothing is the word that selects no claim, for a run that only sweeps.
const Nothing = "none"

// Select picks claims by an expression: ids with globs ("v4.egress.*"), families ("block"), levels
// ("must-not", or as they are spelt, in any case) and "headline", joined with commas. What any word
// picks is picked, in the order of all. An empty expression picks all, Nothing picks none. Words
// that pick nothing are errors, all at once, each with the words that are near it.
func Select(expr string, all []Entry) ([]Entry, error) {
	if strings.TrimSpace(expr) == "" {
		return slices.Clone(all), nil
	}
	picked := make([]bool, len(all))
	wrong := &multierror.Error{ErrorFormat: lines}
	for word := range strings.SplitSeq(expr, ",") {
		word = strings.ToLower(strings.TrimSpace(word))
		if word == "" || word == Nothing {
			continue
		}
		hit := false
		for i, e := range all {
			if picks(word, e.Claim) {
				picked[i], hit = true, true
			}
		}
		if !hit && !meansSomething(word) {
			wrong = multierror.Append(wrong, unknownWord(word, all))
		}
	}
	var out []Entry
	for i, e := range all {
		if picked[i] {
			out = append(out, e)
		}
	}
	return out, wrong.ErrorOrNil()
}

// lines is a format of several errors, one a line.
func lines(all []error) string { return errors.Join(all...).Error() }

// picks says whether one word of an expression picks a claim. An id has no slash, so path.Match's
// star crosses dots.
func picks(word string, c Claim) bool {
	if word == "headline" {
		return c.Headline
	}
	if word == string(c.Family) || word == levelWord(c.Level) {
		return true
	}
	match, err := path.Match(word, c.ID)
	return err == nil && match
}

// levelWord is a level as it is written in an expression, where a blank would be awkward in a
// shell: "must-not".
func levelWord(l Level) string { return strings.ToLower(strings.ReplaceAll(string(l), " ", "-")) }

// meansSomething says whether a word is a family or a level or "headline": right, even if no claim
// has it.
func meansSomething(word string) bool { return slices.Contains(fixedWords(), word) }

func fixedWords() []string {
	words := []string{"headline", Nothing}
	for _, f := range Families() {
		words = append(words, string(f))
	}
	for _, l := range Levels() {
		if l != None { // its word is taken by Nothing; those claims are picked by their ids
			words = append(words, levelWord(l))
		}
	}
	return words
}

func unknownWord(word string, all []Entry) error {
	words := fixedWords()
	for _, e := range all {
		words = append(words, e.ID)
	}
	if near := nearest(word, words); len(near) > 0 {
		return fmt.Errorf("%q picks no claim; near it: %s", word, strings.Join(near, ", "))
	}
	return fmt.Errorf("%q picks no claim; it takes ids with globs, or one of %s", word, strings.Join(fixedWords(), ", "))
}

// Near lists ids of claims that look like a word, the nearest first, at most five.
func Near(word string, all []Entry) []string {
	ids := make([]string, len(all))
	for i, e := range all {
		ids[i] = e.ID
	}
	return nearest(word, ids)
}

// maxNear is how many near words an error message can name and still be read.
const maxNear = 5

// maxWord is longer than any id; what is longer resembles none, and may be a megabyte of somebody's
// file.
const maxWord = 64

func nearest(word string, words []string) []string {
	word = strings.Trim(word, "*?")
	if len(word) > maxWord {
		return nil
	}
	type candidate struct {
		word     string
		distance int
	}
	var near []candidate
	for _, w := range words {
		d := min(distance(word, w), distance(word, w[:min(len(w), len(word))])) // the beginning alone may be meant
		if len(word) > 2 && strings.Contains(w, word) {
			d = 1 // the word is a part of it
		}
		if d <= (len(word)+2)/4 { // a slip in every fourth letter
			near = append(near, candidate{w, d})
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
	var out []string
	for _, c := range near[:min(len(near), maxNear)] {
		out = append(out, c.word)
	}
	return out
}

// distance is Levenshtein's: how many letters must be put in, taken out or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
