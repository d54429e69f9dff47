package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"github.com/onsi/gomega"
)

func sealed(t *testing.T, r Report) Report {
	t.Helper()
	r, err := r.Sealed()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSealed keeps the digest of a report that stays as it is. If it turns, so do those of all
// reports ever written.
func TestSealed(t *testing.T) {
	g := gomega.NewWithT(t)
	r := sealed(t, good())
	g.Expect(r.Digest.SHA256).To(gomega.Equal("d0e7826ae47a0309b68cbe2e8d371d5084ea06d695df5f29d5ba04eb01eb15be"))
	g.Expect(sealed(t, older()).Digest.SHA256).To(gomega.Equal("19823799a13d09ae48879683e7d19b11565aacecd881ed34e182143b4ced262d"), "schema 1")
	g.Expect(r.Intact()).To(gomega.Succeed())
	g.Expect(r.Check(catalogue())).To(gomega.Succeed())
	g.Expect(sealed(t, r)).To(gomega.Equal(r), "sealing again changes nothing")
	plain := r
	plain.Digest = nil
	g.Expect(plain).To(gomega.Equal(good()), "and nothing else")
	back, err := Decode(bytes.NewReader(encoded(t, r)), "r.json", catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(back.Intact()).To(gomega.Succeed())
	g.Expect(good().Intact()).To(gomega.MatchError(gomega.ContainSubstring("digest: it is missing")))
	g.Expect(good().Check(catalogue())).To(gomega.Succeed(), "older kits made none")
}

// TestSealedText seals a text that JSON can't hold, and reads the same back.
func TestSealedText(t *testing.T) {
	g := gomega.NewWithT(t)
	r := good()
	r.Results[0].Reason = "bad \xff byte, \x1b, \u2028, <, 😀, \\u2028"
	r = sealed(t, r)
	b := encoded(t, r)
	back, err := Decode(bytes.NewReader(b), "r.json", catalogue())
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(back.Intact()).To(gomega.Succeed())
	g.Expect(encoded(t, back)).To(gomega.Equal(b))
}

// TestEveryByteCounts changes each byte of a file in turn. What can still be read must not pass for
// intact, except where the change is one of layout only and the report says the same.
func TestEveryByteCounts(t *testing.T) {
	want := sealed(t, good())
	want.File = "r.json"
	b := encoded(t, want)
	told, same := 0, 0
	for i := range b {
		changed := bytes.Clone(b)
		changed[i] ^= 1
		r, err := decode[Report](bytes.NewReader(changed), "r.json", everything)
		if err != nil {
			continue
		}
		r.File = "r.json"
		if reflect.DeepEqual(r, want) {
			same++
			continue
		}
		told++
		if r.Intact() == nil || r.Check(catalogue()) == nil {
			t.Errorf("byte %d near %q: nobody complains", i, b[max(0, i-40):i+1])
		}
	}
	if told < 500 {
		t.Errorf("only %d changes of content were tried", told)
	}
	t.Logf("%d changes told, %d of white space only", told, same)
}

// TestEveryFieldCounts changes each value of a report in turn, and the complaint names the part
// that it is in.
func TestEveryFieldCounts(t *testing.T) {
	g := gomega.NewWithT(t)
	want := sealed(t, good())
	var tree map[string]any
	d := json.NewDecoder(bytes.NewReader(encoded(t, want)))
	d.UseNumber() // a seed exceeds what a float can hold
	g.Expect(d.Decode(&tree)).To(gomega.Succeed())
	n := 0
	visit(tree, "", func(path string, set func(any)) {
		if path == "schema" || strings.HasPrefix(path, "digest") {
			return
		}
		set(nil)
		n++
		b, err := json.Marshal(tree)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		r := Report{File: "r.json"}
		g.Expect(json.Unmarshal(b, &r)).To(gomega.Succeed(), path)
		if reflect.DeepEqual(stripped(r), stripped(want)) {
			return // the value was the zero of its kind
		}
		part, _, _ := strings.Cut(path, ".")
		if strings.HasPrefix(part, "sweeps") {
			part = "sweeps"
		}
		if strings.HasSuffix(path, "].claim") || !strings.Contains(path, ".") {
			part = "" // the whole result has another name, or the whole part is gone
		}
		g.Expect(r.Intact()).To(gomega.MatchError(gomega.HavePrefix("r.json: "+part)), path)
	})
	g.Expect(n).To(gomega.BeNumerically(">", 60))
}

func stripped(r Report) Report {
	r.File = ""
	return r
}

// visit calls f for every value in a tree, with a function that replaces it. It is put back
// afterwards.
func visit(v any, path string, f func(path string, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for key, old := range v {
			at := strings.TrimPrefix(path+"."+key, ".")
			f(at, func(other any) { v[key] = other })
			v[key] = old
			visit(old, at, f)
		}
	case []any:
		for i, old := range v {
			at := fmt.Sprintf("%s[%d]", path, i)
			f(at, func(other any) { v[i] = other })
			v[i] = old
			visit(old, at, f)
		}
	}
}

func TestChangesAreLocated(t *testing.T) {
	for want, change := range map[string]func(*Report){
		"r.json: kit: it is not what the kit wrote: its digest is ":                              func(r *Report) { r.Kit.Version = "9.9.9" },
		"r.json: platform: it is not what the kit wrote":                                         func(r *Report) { r.Platform.State.Switches["net.ipv4.ip_nonlocal_bind"] = "1" },
		"r.json: run: it is not what the kit wrote":                                              func(r *Report) { r.Run.Seed-- },
		"r.json: sweeps: it is not what the kit wrote":                                           func(r *Report) { r.Sweeps = nil },
		"r.json: results[1]: it is not what the kit wrote of v4.folk: its digest is ":            func(r *Report) { r.Results[1].Observations[0].TookMicros = 1 },
		`r.json: digest.parts["v4.folk"]: the part that it is of was taken out of the report`:    func(r *Report) { r.Results = append(r.Results[:1:1], r.Results[2]) },
		"r.json: results[3]: this result of v6.new was added after the kit wrote the report":     func(r *Report) { r.Results = append(r.Results, Result{Claim: "v6.new"}) },
		"r.json: digest.sha256: the report is not what the kit wrote: its digest is ":            func(r *Report) { r.Results[0], r.Results[1] = r.Results[1], r.Results[0] },
		"r.json: digest.sha256: the report is not what the kit wrote: its digest is \n":          func(r *Report) { r.Digest.SHA256 = strings.Repeat("0", 64) },
		"r.json: results[0]: it is not what the kit wrote of v4.must: its digest is \n, not 77;": func(r *Report) { r.Digest.Parts["v4.must"] = "77" },
		"r.json: results[2]: this result of exempt.draft was added":                              func(r *Report) { delete(r.Digest.Parts, "exempt.draft") },
	} {
		t.Run(want, func(t *testing.T) {
			g := gomega.NewWithT(t)
			r := sealed(t, good())
			r.File = "r.json"
			change(&r)
			err := r.Intact()
			for _, part := range strings.Split(want, "\n") {
				g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(part)))
			}
			g.Expect(err.Error()).NotTo(gomega.ContainSubstring("\n"), "one change, one complaint")
			g.Expect(r.Check(catalogue())).To(gomega.MatchError(gomega.ContainSubstring(err.Error())))
		})
	}
}

func TestCanonical(t *testing.T) {
	g := gomega.NewWithT(t)
	for text, want := range map[string]string{
		`{ "b" : [ 1 , true , null ] , "a" : { } }`: `{"a":{},"b":[1,true,null]}`,
		`18446744073709551615`:                      `18446744073709551615`,
		`1.50`:                                      `1.50`,
		`"\u0041\u00e9\u2028\/<\u001b\n\b\f\r\t\"\\"`: "\"Aé\u2028/<\\u001b\\n\\b\\f\\r\\t\\\"\\\\\"",
	} {
		g.Expect(Canonical([]byte(text))).To(gomega.BeEquivalentTo(want))
	}
	_, err := Canonical([]byte("{"))
	g.Expect(err).To(gomega.HaveOccurred())
	_, err = Report{Sweeps: []Sweep{{Seconds: math.Inf(1)}}}.Sealed()
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("encode")), "what JSON can't hold is no report")
}
