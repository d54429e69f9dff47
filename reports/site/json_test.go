package site

import (
	"bytes"
	"encoding/json"
	"path"
	"strings"
	"testing"

	"github.com/onsi/gomega"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// TestData takes every JSON file of the site to the schema that lies beside it.
func TestData(t *testing.T) {
	files := built(t, measured(t))
	schemas := map[string]*jsonschema.Schema{}
	for kind, name := range map[string]string{".": "matrix", "claims": "claim", "platforms": "platform", "sentences": "sentences"} {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		s, err := jsonschema.UnmarshalJSON(bytes.NewReader(files[name+".schema.json"]))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(name, s); err != nil {
			t.Fatal(err)
		}
		schemas[kind] = c.MustCompile(name)
	}
	checked := map[string]int{}
	for name, text := range files {
		kind := path.Dir(name)
		if name == "sentences.json" {
			kind = "sentences"
		}
		if path.Ext(name) != ".json" || strings.HasSuffix(name, ".schema.json") {
			continue
		}
		checked[kind]++
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(name, err)
		}
		if err := schemas[kind].Validate(v); err != nil {
			t.Error(name, err)
		}
		if kind != "." && kind != "sentences" && len(text) > 100_000 {
			t.Errorf("%s has %d bytes, which is not small", name, len(text))
		}
	}
	if checked["."] != 1 || checked["sentences"] != 1 || checked["claims"] != len(beside(nil).Claims) || checked["platforms"] != len(measured(t)) {
		t.Error("not every file is there:", checked)
	}
}

// TestAProgramAsks is how a program finds out whether 127.0.0.2 can be bound on a system.
func TestAProgramAsks(t *testing.T) {
	g := gomega.NewWithT(t)
	var file struct {
		Schema  int
		Claim   struct{ Question string }
		Answers []struct {
			Platform, Family, Verdict, Behaviour, Answer string
			Conforms                                     *bool
			Measured                                     *string
		}
	}
	g.Expect(json.Unmarshal(built(t, measured(t))["claims/v4.block.bind.json"], &file)).To(gomega.Succeed())
	g.Expect(file.Schema).To(gomega.Equal(model.MatrixSchema))
	g.Expect(file.Claim.Question).To(gomega.ContainSubstring("127.0.0.2"))
	behaviours := map[string][]string{}
	for _, a := range file.Answers {
		behaviours[a.Family] = append(behaviours[a.Family], a.Behaviour)
		g.Expect(a.Measured == nil).To(gomega.Equal(a.Verdict == "unknown"))
		if a.Family == "freebsd" { // which nobody has measured
			g.Expect(a.Verdict).To(gomega.Equal("unknown"))
			g.Expect(a.Conforms).To(gomega.BeNil(), "unknown is never a no")
			g.Expect(a.Platform).To(gomega.BeEmpty())
		}
	}
	g.Expect(behaviours).To(gomega.HaveKeyWithValue("linux", []string{"whole-block", "whole-block"}))
	g.Expect(behaviours).To(gomega.HaveKeyWithValue("freebsd", []string{""}))
}
