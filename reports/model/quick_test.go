package model

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	strict "github.com/go-json-experiment/json"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// full is a report that fills every field of what is read quickly, escapes among them.
func full() Report {
	r := good()
	r.Results[0].Observations = append(r.Results[0].Observations, observe.Observation{Op: "connect", Proto: "tcp", Variant: "SO_BROADCAST",
		Targets: []string{"127.0.0.1", "::1"}, Outcome: observe.Failed, Errno: "EIO", Number: -5, Source: observe.SameAsDestination, Value: "say \"no\"\nÄ",
		Count: 2, AtMicros: 1 << 40, TookMicros: 7, Calls: []string{"socket(AF_INET) = s1", `connect(s1, "\") = EIO`}})
	return r
}

func names[T any](fields []field[T]) (out []string) {
	for _, f := range fields {
		out = append(out, f.name)
	}
	return out
}

// written are the JSON names of the fields of a struct, in the order in which they are written.
func written(t reflect.Type) (out []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			out = append(out, written(f.Type)...)
		case name != "-":
			out = append(out, name)
		}
	}
	return out
}

// TestQuickKnowsEveryField is what keeps a new field from making every report one that is read slowly.
func TestQuickKnowsEveryField(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(names(resultFields)).To(gomega.Equal(written(reflect.TypeFor[Result]())))
	g.Expect(names(runsFields)).To(gomega.Equal(written(reflect.TypeFor[Runs]())))
	g.Expect(names(observationFields)).To(gomega.Equal(written(reflect.TypeFor[observe.Observation]())))
}

// TestQuickReadsTheSame takes a report with every field and all that were measured through both decoders.
func TestQuickReadsTheSame(t *testing.T) {
	empty, none := good(), good()
	for i := range empty.Results {
		empty.Results[i].Observations = observe.Set{}
	}
	empty.Results[0].Observations = observe.Set{{Op: "bind", Targets: []string{}, Calls: []string{}}}
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
		var want Report
		g.Expect(strict.Unmarshal(text, &want, strict.RejectUnknownMembers(true))).To(gomega.Succeed())
		whole, is := new(quick).decode(text, everything)
		g.Expect(is).To(gomega.BeTrue(), "it was left to the slow decoder")
		g.Expect(reflect.DeepEqual(whole, want)).To(gomega.BeTrue())
		without, is := new(quick).decode(text, answers)
		g.Expect(is).To(gomega.BeTrue())
		for _, result := range want.Results {
			for i := range result.Observations {
				result.Observations[i].Calls = nil
			}
		}
		g.Expect(reflect.DeepEqual(without, want)).To(gomega.BeTrue())
	}
}

// TestQuickTakesNothingThatIsWrong changes every byte of a report to every byte that means something in JSON: what the
// quick decoder takes, with transcripts or without, the strict one takes as well, as the same report.
func TestQuickTakesNothingThatIsWrong(t *testing.T) {
	b := encoded(t, full())
	taken := 0
	for i := range b {
		for _, c := range []byte("\"\\{}[],: \n0-.en\x00\xff") {
			changed := bytes.Clone(b)
			changed[i] = c
			r, is := new(quick).decode(changed, everything)
			if _, too := new(quick).decode(changed, answers); is != too {
				t.Errorf("%q at byte %d: with transcripts %v, without %v", c, i, is, too)
			}
			var want Report
			if !is {
				continue
			}
			taken++
			if err := strict.Unmarshal(changed, &want, strict.RejectUnknownMembers(true)); err != nil || !reflect.DeepEqual(r, want) {
				t.Errorf("%q at byte %d: %v", c, i, err)
			}
		}
	}
	if taken == 0 {
		t.Error("no change was harmless, so nothing was compared")
	}
}

// TestReaderAnswers reads files that the quick decoder leaves to the other, and files that are wrong where nothing is kept.
func TestReaderAnswers(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	read := func(text string) (Report, error) {
		g.Expect(os.WriteFile(path, []byte(text), 0o600)).To(gomega.Succeed())
		return new(Reader).Answers(path, catalogue())
	}
	text := string(encoded(t, full()))
	plain, err := read(text)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(plain.Results[0].Observations).To(gomega.HaveLen(2))
	g.Expect(plain.Results[0].Observations[1].Calls).To(gomega.BeNil())
	odd, err := read(strings.Replace(text, `"schema": 2,`, `"sche\u006da": 2,`, 1))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(odd).To(gomega.Equal(plain), "an escape in a name is read slowly, and reads the same")
	_, err = read(strings.Replace(text, `"socket(AF_INET) = s1"`, `7`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("calls")), "a transcript that is not kept is looked at")
	_, err = read(strings.Replace(text, `"results": [`, `"result\u0073": [], "results": [`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("results: it is there twice")))
	_, err = read(strings.Replace(text, `"calls": [`, `"calls": [], "calls": [`, 1))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("it is there twice")))
}

// TestReaderReadsOneAfterTheOther: what was read before, be it longer, shorter or wrong, leaves nothing in the next report.
func TestReaderReadsOneAfterTheOther(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	broken := encoded(t, full())
	broken = broken[:len(broken)/2]
	var reader Reader
	for i, text := range [][]byte{encoded(t, full()), encoded(t, good()), broken, encoded(t, full()), []byte("{"), encoded(t, good())} {
		path := filepath.Join(dir, "r.json")
		g.Expect(os.WriteFile(path, text, 0o600)).To(gomega.Succeed())
		want, failed := new(Reader).Answers(path, catalogue())
		got, err := reader.Answers(path, catalogue())
		if failed != nil {
			g.Expect(err).To(gomega.MatchError(failed.Error()), "report %d", i)
			continue
		}
		g.Expect(err).NotTo(gomega.HaveOccurred(), "report %d", i)
		g.Expect(got).To(gomega.Equal(want), "report %d", i)
	}
}
