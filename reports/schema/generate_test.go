package schema

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

var update = flag.Bool("update", false, "write the schemas anew")

const module = "github.com/loopmatrix/loopmatrix"

// generate makes the schema of a version of a value's format from its type and the comments in the
// source.
func generate(t *testing.T, v any, format int, id, title string) []byte {
	t.Helper()
	r := jsonschema.Reflector{ExpandedStruct: true, Mapper: words}
	t.Chdir("../..") // comments are found by the paths of the packages
	for _, folder := range []string{"reports/model", "suites/kit/observation", "suites/kit/claim"} {
		if err := r.AddGoComments(module, folder); err != nil {
			t.Fatal(err)
		}
	}
	comments := map[string]string{} // their keys are import paths, made of paths of files
	for key, c := range r.CommentMap {
		comments[filepath.ToSlash(key)] = c
	}
	r.CommentMap = comments
	s := r.Reflect(v)
	s.ID, s.Title = jsonschema.ID("https://"+module+"/reports/schema/"+id), title
	if version, has := s.Properties.Get("schema"); has {
		version.Const = format
	}
	only(s, reflect.TypeOf(v), format)
	if _, is := v.(model.Report); is {
		withoutWithdrawn(s)
	}
	b, err := model.Encode(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withoutWithdrawn takes the one verdict out that no report holds.
func withoutWithdrawn(s *jsonschema.Schema) {
	is := func(word any) bool { return word == claim.Withdrawn }
	for _, d := range s.Definitions {
		for p := d.Properties.Oldest(); p != nil; p = p.Next() {
			p.Value.Enum = slices.DeleteFunc(p.Value.Enum, is)
		}
	}
}

// only leaves the fields in a schema that a version of the format has, and the definitions that
// they need.
func only(s *jsonschema.Schema, root reflect.Type, format int) {
	needed := map[string]bool{}
	var walk func(reflect.Type, *jsonschema.Schema)
	walk = func(t reflect.Type, at *jsonschema.Schema) {
		for f := range t.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if in := f.Tag.Get(model.Mark); in != "" && in != strconv.Itoa(format) {
				at.Properties.Delete(name)
				at.Required = slices.DeleteFunc(at.Required, func(required string) bool { return required == name })
				continue
			}
			of := f.Type
			for of.Kind() == reflect.Pointer || of.Kind() == reflect.Slice || of.Kind() == reflect.Map {
				needed[of.Name()] = true // as a list with a name of its own is
				of = of.Elem()
			}
			next, defined := s.Definitions[of.Name()]
			switch {
			case f.Anonymous:
				walk(of, at)
			case defined && !needed[of.Name()]:
				needed[of.Name()] = true
				walk(of, next)
			}
		}
	}
	walk(root, s)
	for name := range s.Definitions {
		if !needed[name] {
			delete(s.Definitions, name)
		}
	}
}

// words lists the words of the types that have but a few; a transcript is a list like any other.
func words(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[observation.Transcript]():
		return &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "string"}}
	case reflect.TypeFor[claim.Verdict]():
		return enum(claim.Verdicts())
	case reflect.TypeFor[model.Standing]():
		return enum(append(claim.Verdicts(), "unknown"))
	case reflect.TypeFor[observation.Outcome]():
		return enum(observation.Outcomes())
	case reflect.TypeFor[model.Subject]():
		return enum(model.ResultSubjects())
	case reflect.TypeFor[model.Limit]():
		return enum(model.Limits())
	case reflect.TypeFor[claim.Level]():
		return enum(claim.Levels())
	case reflect.TypeFor[claim.Family]():
		return enum(claim.Families())
	case reflect.TypeFor[model.Effect]():
		return enum(model.Effects())
	case reflect.TypeFor[model.Kind]():
		return enum(model.Kinds())
	case reflect.TypeFor[model.CitationKind]():
		return enum(model.CitationKinds())
	case reflect.TypeFor[model.Keyword]():
		return enum(model.Keywords())
	case reflect.TypeFor[model.Confidence]():
		return enum(model.Confidences())
	case reflect.TypeFor[model.Evidenced]():
		return enum(model.Evidences())
	case reflect.TypeFor[claim.Gate]():
		return enum([]claim.Gate{claim.Unprivileged, claim.Privileged, claim.Neighbour})
	}
	return nil
}

func enum[T any](all []T) *jsonschema.Schema {
	s := &jsonschema.Schema{Type: "string"}
	for _, w := range all {
		s.Enum = append(s.Enum, w)
	}
	return s
}

func TestGenerated(t *testing.T) {
	for _, c := range []struct {
		value           any
		format          int
		file, title, is string
	}{
		{model.Report{}, 1, "report.schema.json", "One run of loopmatrix on one platform", Report(1)},
		{model.Report{}, 2, "report-2.schema.json", "One run of loopmatrix on one platform", Report(2)},
		{model.Matrix{}, model.MatrixSchema, "matrix.schema.json", "Many reports of loopmatrix side by side", Matrix()},
		{model.Comparison{}, model.MatrixSchema, "comparison.schema.json", "What changed between two reports or matrices of loopmatrix", Comparison()},
		{model.Documentation{}, model.DocumentedSchema, "documented.schema.json", "What is documented about loopback on systems that were not measured", Documented()},
		{model.Sentences{}, model.SentencesSchema, "sentences.schema.json", "What RFCs ask of loopback, sentence by sentence", Sentences()},
		{model.ClaimAnswers{}, model.MatrixSchema, "claim.schema.json", "One claim of loopmatrix and what every platform shows for it", Claim()},
		{model.PlatformAnswers{}, model.MatrixSchema, "platform.schema.json", "One platform and what it shows for every claim of loopmatrix", Platform()},
	} {
		t.Run(c.file, func(t *testing.T) {
			here, err := os.Getwd()
			if err != nil {
				t.Fatal(err)
			}
			want := generate(t, c.value, c.format, c.file, c.title)
			if *update {
				if err := model.WriteFile(filepath.Join(here, c.file), want); err != nil {
					t.Fatal(err)
				}
				return
			}
			gomega.NewWithT(t).Expect(c.is).To(gomega.Equal(string(want)), "write it anew with go generate ./reports/schema")
		})
	}
}
