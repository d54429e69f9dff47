package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

func TestRoundTrip(t *testing.T) {
	g := gomega.NewWithT(t)
	path := filepath.Join(t.TempDir(), "r.json")
	want := good()
	g.Expect(Write(path, want)).To(gomega.Succeed())
	got, err := Read(path, catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	want.File = path
	g.Expect(got).To(gomega.Equal(want))
	g.Expect(encoded(t, got)).To(gomega.Equal(encoded(t, want)))
	g.Expect(ReadChecked(path, catalogue())).To(gomega.Equal(want))
	short := want
	short.Results = short.Results[:1]
	g.Expect(Write(path, short)).To(gomega.Succeed())
	_, err = ReadChecked(path, catalogue())
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("results: there is none for v4.folk")))
}

func TestMatrixRoundTrip(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	c := catalogue()[0].Claim
	c.Rule = nil
	want := Matrix{Schema: 1, Generated: r.Run.Started, Claims: append(Matrix{}.Claims, c),
		Platforms: []Column{{Platform: r.Platform, Measured: r.Run.Started, Report: "r.json", Kit: r.Kit}},
		Cells:     map[string]map[string]*Cell{"v4.must": {r.Platform.ID: {Verdict: claim.Conforms, Behaviour: "yes", Detail: "<all>", Unstable: "4 of 5"}}}}
	got, err := DecodeMatrix(bytes.NewReader(encoded(t, want)), "m.json")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(got).To(gomega.Equal(want))
	cell, measured := got.Cell("v4.must", r.Platform.ID)
	g.Expect(measured).To(gomega.BeTrue())
	g.Expect(cell.Unstable).To(gomega.Equal("4 of 5"))
	_, measured = got.Cell("v4.folk", r.Platform.ID)
	g.Expect(measured).To(gomega.BeFalse())
}

func TestDecodeRefuses(t *testing.T) {
	whole := string(encoded(t, good()))
	for name, c := range map[string]struct{ text, want string }{
		"nothing":            {"", "r.json: it is empty"},
		"blanks":             {" \n\t ", "r.json: it is empty"},
		"many blanks":        {strings.Repeat(" ", 1000), "it is no JSON object"},
		"no JSON":            {"PK\x03\x04", "it is no JSON object, but a zip archive"},
		"a list":             {"[1]", "it is no JSON object"},
		"byte order mark":    {"\xef\xbb\xbf{}", "save it as UTF-8 without one"},
		"an escape sequence": {"\x1b[31m", "it is no JSON object, but something else"},
		"broken JSON":        {"{\n \"schema\" 1}", "r.json: it is no JSON at line 2, column"},
		"truncated":          {whole[:len(whole)/2], "r.json: it is cut off after"},
		"cut in a word":      {`{"schema": 1, "kit": nul`, "r.json: it is cut off after 24 bytes (line 1, column 25); copy it again"},
		"two values":         {whole + "{}", "something follows the end of the JSON at line"},
		"no schema":          {"{}", "r.json: schema: it is missing"},
		"another schema":     {`{"schema": 3, "whatever": []}`, "r.json: schema: version 3 is unknown; this kit reads 1 and 2; a newer kit may read it"},
		"schema of a kind":   {`{"schema": "1"}`, "r.json: schema: a JSON string stands where a whole number belongs, at line 1"},
		"wrong kind":         {strings.Replace(whole, `"repeat": 5`, `"repeat": "five"`, 1), "run.repeat: a JSON string stands where a whole number belongs"},
		"list for object":    {`{"schema": 1, "kit": []}`, "kit: a JSON array stands where an object belongs"},
		"object for list":    {`{"schema": 1, "results": {}}`, "results: a JSON object stands where a list belongs"},
		"number for word":    {`{"schema": 1, "kit": {"version": 3}}`, "kit.version: a JSON number stands where a string belongs"},
		"no time":            {strings.Replace(whole, "2026-03-04T05:06:07Z", "yesterday", 1), "yesterday"},
		"unknown field":      {strings.Replace(whole, `"behaviour"`, `"word"`, 1), `r.json: results[0].word: schema 2 has no such field here; is it misspelt, or from a newer kit?`},
		"field twice":        {`{"schema": 1, "kit": {"version": "1", "version": "2"}}`, "r.json: kit.version: it is there twice"},
		"another case":       {`{"schema": 1, "Kit": {}}`, `r.json: Kit: schema 1 has no such field here`},
		"two wrong fields":   {`{"schema": 1, "run": {"x": {"y": 1}}, "z": 1}`, "r.json: run.x: schema 1 has no such field here; is it misspelt, or from a newer kit?\nr.json: z: schema"},
		"field of File":      {`{"schema": 1, "File": "x"}`, "r.json: File: schema 1 has no such field"},
		"switch twice":       {`{"schema": 1, "platform": {"state": {"switches": {"a": "1", "a": "2"}}}}`, "r.json: platform.state.switches.a: it is there twice"},
		"garbled field":      {`{"schema": 1, "\u001b[2K": 1}`, `r.json: ["\x1b[2K"]: schema 1 has no such field here`},
		"deep objects":       {`{"schema": 1, "kit": ` + strings.Repeat(`{"a":`, 100000), "it is nested deeper than 16 levels at line 1"},
		"deep lists":         {`{"results": ` + strings.Repeat("[", 100000), "it is nested deeper than 16 levels"},
		"no UTF-8":           {"{\"schema\": 2,\n \"platform\": {\"title\": \"a\xff\"}}", "it is no JSON at line 2, column 26: invalid UTF-8"},
		"half a pair":        {`{"schema": 2, "platform": {"title": "\ud800"}}`, "it is no JSON at line 1"},
		"no key":             {`{1: 2}`, "it is no JSON at line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			gomega.NewWithT(t).Expect(decodeError(t, []byte(c.text))).To(gomega.ContainSubstring(c.want))
		})
	}
}

// garbage is a stream without end, which counts what was read of it.
type garbage struct {
	first []byte
	read  int
}

func (g *garbage) Read(b []byte) (int, error) {
	n := copy(b, g.first)
	g.first = g.first[n:]
	for i := n; i < len(b); i++ {
		b[i] = 'x'
	}
	g.read += len(b)
	return len(b), nil
}

func TestGarbageIsNotReadWhole(t *testing.T) {
	g := gomega.NewWithT(t)
	endless := &garbage{}
	_, err := Decode(endless, "big", catalogue())
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("big: it is no JSON object")))
	g.Expect(endless.read).To(gomega.BeNumerically("<", 4096))
	endless = &garbage{first: []byte(`{"schema": 1, "kit": "`)}
	_, err = Decode(endless, "big", catalogue())
	g.Expect(err).To(gomega.MatchError("big: it is larger than 32 MiB; is it the right file?"))
	g.Expect(endless.read).To(gomega.BeNumerically("<", 2*MaxBytes))
}

func TestReadRefusesFiles(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	refused := func(path, want string) {
		t.Helper()
		_, err := Read(path, catalogue())
		g.Expect(err).To(gomega.MatchError(gomega.And(gomega.ContainSubstring(path), gomega.ContainSubstring(want))))
	}
	refused(dir, "it is a directory; name the report files in it")
	refused(filepath.Join(dir, "missing.json"), "there is no such file")
	sparse := filepath.Join(dir, "sparse.json") // 1 GiB that takes no room on the disk
	f, err := os.Create(sparse)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(f.Truncate(1 << 30)).To(gomega.Succeed())
	g.Expect(f.Close()).To(gomega.Succeed())
	refused(sparse, "it is larger than 32 MiB")
	if _, err := os.Stat("/dev/zero"); err == nil {
		refused("/dev/zero", "it is no regular file")
	}
	nested := filepath.Join(dir, "file")
	g.Expect(os.WriteFile(nested, nil, 0o600)).To(gomega.Succeed())
	refused(filepath.Join(nested, "r.json"), missing(filepath.Join(nested, "r.json")))
	if os.Geteuid() > 0 { // root reads everything
		g.Expect(os.Chmod(nested, 0)).To(gomega.Succeed())
		refused(nested, "it may not be read (permission denied)")
		closed := filepath.Join(dir, "closed")
		g.Expect(os.Mkdir(closed, 0)).To(gomega.Succeed())
		refused(filepath.Join(closed, "r.json"), "it may not be read: permission denied")
	}
	const evil = "evil\x1b[2J.json"
	_, err = Read(evil, catalogue())
	g.Expect(err).To(gomega.MatchError(`"evil\x1b[2J.json": ` + missing(evil)))
}

// missing says why the file is not there. Systems differ in what they call a path below a file, and
// a name that no file can have: no such file, or a reason of its own.
func missing(path string) string {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return "it can't be read: " + cause(err)
	}
	return "there is no such file"
}

func TestReadersError(t *testing.T) {
	g := gomega.NewWithT(t)
	broken := errors.New("the cable fell out")
	_, err := Decode(io.MultiReader(strings.NewReader(`{"schema"`), errReader{broken}), "r.json", catalogue())
	g.Expect(err).To(gomega.MatchError("r.json: it can't be read: the cable fell out"))
	_, err = DecodeMatrix(io.MultiReader(strings.NewReader("{"+strings.Repeat(" ", 600)), errReader{broken}), "m.json")
	g.Expect(err).To(gomega.MatchError("m.json: it can't be read: the cable fell out"))
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func TestWriteIsAtomic(t *testing.T) {
	g := gomega.NewWithT(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "r.json")
	g.Expect(os.WriteFile(path, []byte("old"), 0o600)).To(gomega.Succeed())
	g.Expect(Write(path, func() {})).To(gomega.MatchError(gomega.ContainSubstring("encode")))
	old, err := os.ReadFile(path)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(old)).To(gomega.Equal("old"))
	g.Expect(Write(path, good())).To(gomega.Succeed())
	g.Expect(Write(filepath.Join(dir, "missing", "r.json"), good())).To(gomega.MatchError(gomega.ContainSubstring("missing")))
	g.Expect(os.Mkdir(filepath.Join(dir, "taken.json"), 0o700)).To(gomega.Succeed())
	g.Expect(Write(filepath.Join(dir, "taken.json"), good())).NotTo(gomega.Succeed())
	left, err := os.ReadDir(dir)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(left).To(gomega.HaveLen(2), "no temporary file is left: %v", left)
}

// FuzzDecode wants -fuzzminimizetime 20x: minimising an input for the default minute leaves no time
// for others.
func FuzzDecode(f *testing.F) {
	whole := encoded(f, good())
	f.Add(whole)
	f.Add(whole[:len(whole)/3])
	for _, seed := range []string{"", "{}", "[]", `{"schema":1}`, `{"schema":2}`, `{"schema":1,"results":[{}]}`, `{"schema":1,"results":[{"claim":"v4.must","verdict":"conforms","behaviour":"yes","observations":[{"op":"bind","outcome":"ok","count":1}],"runs":{"n":1,"same":1}}]}`,
		strings.Repeat(`{"a":[`, 20), `{"schema":1,"platform":{"id":"../../etc/passwd"}}`, `{"schema":1e99}`, "{\"\\ud800\":1}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Decode(bytes.NewReader(b), "fuzz", catalogue())
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz") {
				t.Errorf("the error does not name the file: %v", err)
			}
			return
		}
		// What is read at once has nothing that would be told of a file that is refused.
		slow, err := explain[Report](b, r.File)
		if slow.File = r.File; err != nil || !reflect.DeepEqual(r, slow) {
			t.Errorf("it is valid, and this is wrong with it: %v", err)
		}
		// What is valid can be written and read again, and says the same.
		again, err := Decode(bytes.NewReader(encoded(t, r)), "fuzz", catalogue())
		if err != nil || fmt.Sprintf("%+v", again.Results) != fmt.Sprintf("%+v", r.Results) {
			t.Errorf("the round trip changed it: %v", err)
		}
		_ = r.Check(catalogue())
	})
}

// TestProblemsAreEscaped: what a file holds reaches a terminal as text, whatever part of a problem
// repeats it.
func TestProblemsAreEscaped(t *testing.T) {
	for raw, want := range map[string]string{
		"plain, ünïcode and \ufffd": "plain, ünïcode and \ufffd",
		"\x1b[2J\a":                 `\x1b[2J\a`,
		"two\nlines\r":              `two\nlines\r`,
		"\u202eright to left":       `\u202eright to left`,
		"\u009b31m":                 `\u009b31m`,
		"\xffno UTF-8":              `\xffno UTF-8`,
		`a "quoted" back\slash`:     `a "quoted" back\slash`,
	} {
		g := gomega.NewWithT(t)
		g.Expect(Escaped(raw)).To(gomega.Equal(want))
		g.Expect(Problem{"r.json", raw, raw}.Error()).To(gomega.Equal("r.json: " + want + ": " + want))
		g.Expect(Problem{"r.json", "", raw}.Error()).To(gomega.Equal("r.json: " + want))
	}
}

// TestTooMany refuses files that would take gigabytes as values, without taking them. A list that
// one value fits into many times is filled with it.
func TestTooMany(t *testing.T) {
	g := gomega.NewWithT(t)
	text := string(encoded(t, good()))
	for _, c := range []struct{ list, value, says string }{
		{`"results": [`, `{"claim":"v4.must"},`, "objects"},
		{`"observations": [`, `{},`, "objects"},
		{`"sweeps": [`, `{},`, "objects"},
		{`"exceptions": [`, `{},`, "objects"},
		{`"catalogue": [`, `"",`, "commas"},
		{`"evidence": [`, `0,`, "commas"},
		{`{`, `"x":0,`, "commas"},
	} {
		full := strings.Replace(text, c.list, c.list+strings.Repeat(c.value, 20<<20/len(c.value)), 1)
		g.Expect(len(full)).To(gomega.BeNumerically(">", 19<<20), c.list)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Decode(strings.NewReader(full), "r.json", catalogue())
		runtime.ReadMemStats(&after)
		g.Expect(err).To(gomega.MatchError(gomega.MatchRegexp(`^r\.json: it has \d+ ` + c.says + ", and a report at most")))
		g.Expect(after.TotalAlloc-before.TotalAlloc).To(gomega.BeNumerically("<", 200<<20), c.list)
	}
	many := strings.Replace(text, `"results": [`, `"results": [`+strings.Repeat(`{"claim":"v4.must"},`, 100_000), 1)
	_, err := Decode(strings.NewReader(many), "r.json", catalogue())
	g.Expect(err).To(gomega.MatchError("r.json: results: they are 100003, and the catalogue has 3 claims"))
	wrong := strings.Replace(text, `"observations": [`, `"observations": [`+strings.Repeat(`{},`, 100_000), 1)
	_, err = Decode(strings.NewReader(wrong), "r.json", catalogue())
	g.Expect(Problems("r.json", err)).To(gomega.HaveLen(kept))
}
