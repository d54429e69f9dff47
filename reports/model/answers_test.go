package model

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// full is a report that fills every field of an observation, escapes among them.
func full() Report {
	r := good()
	r.Results[0].Observations = append(r.Results[0].Observations, observation.Observation{Op: "connect", Proto: "tcp", Variant: "SO_BROADCAST",
		Targets: []string{"127.0.0.1", "::1"}, Outcome: observation.Failed, Errno: "EIO", Number: -5, Source: observation.SameAsDestination, Value: "say \"no\"\nÄ",
		Count: 2, AtMicros: 1 << 40, TookMicros: 7, Calls: []string{"socket(AF_INET) = s1", `connect(s1, "\") = EIO`}})
	return r
}

// TestAnswersAreTheReport reads a report with every field, and all that were measured, with
// transcripts and without.
func TestAnswersAreTheReport(t *testing.T) {
	empty, none := good(), good()
	for i := range empty.Results {
		empty.Results[i].Observations = observation.Set{}
	}
	empty.Results[0].Observations = observation.Set{{Op: "bind", Targets: []string{}, Calls: []string{}}}
	none.Results = []Result{}
	texts := [][]byte{encoded(t, full()), encoded(t, good()), encoded(t, older()), encoded(t, empty), encoded(t, none)}
	files, err := filepath.Glob("../published/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no published reports", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	for _, text := range texts {
		g := gomega.NewWithT(t)
		want, err := decode[Report](bytes.NewReader(text), "r.json", everything)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		without, err := decode[Report](bytes.NewReader(text), "r.json", answers)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		for _, result := range want.Results {
			for i := range result.Observations {
				result.Observations[i].Calls = nil
			}
		}
		g.Expect(reflect.DeepEqual(without, want)).To(gomega.BeTrue())
	}
}

// TestAnswersTakeNothingThatIsWrong changes every byte of a transcript to every byte that means
// something in JSON: what is read without transcripts is read with them as well, as the same
// report, and the other way round.
func TestAnswersTakeNothingThatIsWrong(t *testing.T) {
	b := encoded(t, full())
	taken, begin := 0, bytes.Index(b, []byte(`"calls"`))
	for i := begin; i < begin+bytes.IndexByte(b[begin:], ']')+3; i++ {
		for _, c := range []byte("\"\\{}[],: \n0-.en\x00\xff") {
			changed := bytes.Clone(b)
			changed[i] = c
			with, err := decode[Report](bytes.NewReader(changed), "r.json", everything)
			without, failed := decode[Report](bytes.NewReader(changed), "r.json", answers)
			if (err == nil) != (failed == nil) || err != nil && err.Error() != failed.Error() {
				t.Errorf("%q at byte %d: with transcripts %v, without %v", c, i, err, failed)
			}
			if err != nil {
				continue
			}
			taken++
			for _, result := range with.Results {
				for i := range result.Observations {
					result.Observations[i].Calls = nil
				}
			}
			if !reflect.DeepEqual(with, without) {
				t.Errorf("%q at byte %d: another report", c, i)
			}
		}
	}
	if taken == 0 {
		t.Error("no change was harmless, so nothing was compared")
	}
}

// TestAnswers reads a file whose names have escapes, and files that are wrong where nothing is
// kept.
func TestAnswers(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	read := func(text string) (Report, error) {
		g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(gomega.Succeed())
		return Answers(path, catalogue())
	}
	text := string(encoded(t, full()))
	plain, err := read(text)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(plain.Results[0].Observations).To(gomega.HaveLen(2))
	g.Expect(plain.Results[0].Observations[1].Calls).To(gomega.BeNil())
	odd, err := read(strings.Replace(text, `"schema": 2,`, `"sche\u006da": 2,`, 1))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(odd).To(gomega.Equal(plain), "an escape in a name changes nothing")
	_, err = read(strings.Replace(text, `"socket(AF_INET) = s1"`, `7`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("calls")), "a transcript that is not kept is looked at")
	_, err = read(strings.Replace(text, `"results": [`, `"result\u0073": [], "results": [`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("results: it is there twice")))
	_, err = read(strings.Replace(text, `"calls": [`, `"calls": [], "calls": [`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("it is there twice")))
}
