package remote

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/invopop/jsonschema"
	checker "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

//go:generate go test . -run TestSchema -update

var update = flag.Bool("update", false, "write the schema anew")

const (
	module     = "github.com/loopmatrix/loopmatrix"
	schemaFile = "protocol.schema.json"
)

// messages are the types of the messages, by their names in the schema.
var messages = map[string]any{"greeting": greeting{}, "request": request{}, "answer": response{}}

// generated makes the schema of all messages from their types; README.md says what they mean.
func generated(t *testing.T) []byte {
	t.Helper()
	r := jsonschema.Reflector{Anonymous: true, AllowAdditionalProperties: true, DoNotReference: true, Mapper: mapped}
	all := &jsonschema.Schema{Version: jsonschema.Version, ID: jsonschema.ID("https://" + module + "/suites/kit/sock/remote/" + schemaFile),
		Title: "Messages of the stack protocol of loopmatrix, version 1", Definitions: jsonschema.Definitions{}}
	for _, name := range []string{"greeting", "request", "answer"} {
		s := r.Reflect(messages[name])
		s.Version = ""
		all.Definitions[name] = s
		all.AnyOf = append(all.AnyOf, &jsonschema.Schema{Ref: "#/$defs/" + name})
	}
	protocolOf, _ := all.Definitions["greeting"].Properties.Get("protocol")
	protocolOf.Const = protocol
	versionOf, _ := all.Definitions["greeting"].Properties.Get("version")
	versionOf.Const = version
	for name, words := range map[string][]string{"call": calls, "family": texts(sock.Families()), "type": texts(sock.Types()),
		"option": append(texts(sock.Options()), joinGroup)} {
		field, _ := all.Definitions["request"].Properties.Get(name)
		for _, w := range words {
			field.Enum = append(field.Enum, w)
		}
	}
	b, err := json.MarshalIndent(all, "", " ")
	must(t, err)
	return append(b, '\n')
}

func texts[T interface{ String() string }](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = v.String()
	}
	return out
}

// mapped are the types that are texts in JSON.
func mapped(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[netip.AddrPort](), reflect.TypeFor[netip.Addr]():
		return &jsonschema.Schema{Type: "string"}
	case reflect.TypeFor[observation.Outcome]():
		s := &jsonschema.Schema{Type: "string"}
		for _, o := range observation.Outcomes()[1:] { // what is no error has none
			s.Enum = append(s.Enum, o)
		}
		return s
	}
	return nil
}

func TestSchema(t *testing.T) {
	want := generated(t)
	if *update {
		must(t, os.WriteFile(schemaFile, want, 0o644))
		return
	}
	is, err := os.ReadFile(schemaFile)
	must(t, err)
	if !bytes.Equal(bytes.ReplaceAll(is, []byte("\r\n"), []byte("\n")), want) {
		t.Error("it is another: write it anew with go generate ./suites/kit/sock/remote")
	}
}

// TestSchemaOfTheExample: the schema takes every message that the documentation shows, each as what
// it is, and none with another word in it.
func TestSchemaOfTheExample(t *testing.T) {
	b, err := os.ReadFile("README.md")
	must(t, err)
	lines := regexp.MustCompile(`(?m)^([<>]) (\{.*\})\r?$`).FindAllStringSubmatch(string(b), -1)
	if len(lines) < 20 {
		t.Fatalf("README.md shows %d messages", len(lines))
	}
	for _, l := range lines {
		kind, message := "answer", l[2]
		switch {
		case strings.Contains(message, `"protocol"`):
			kind = "greeting"
		case l[1] == ">":
			kind = "request"
		}
		if err := checked(t, kind, message); err != nil {
			t.Errorf("%s: %v", message, err)
		}
	}
	for _, c := range []struct{ kind, message string }{
		{"greeting", `{"protocol":"loopmatrix stack","version":2,"name":"x"}`},
		{"greeting", `{"protocol":"loopmatrix","version":1,"name":"x"}`},
		{"greeting", `{"protocol":"loopmatrix stack","version":1}`},
		{"greeting", `{"protocol":"loopmatrix stack","version":1,"name":""}`},
		{"request", `{"id":1}`},
		{"request", `{"id":1,"call":"shutdown"}`},
		{"request", `{"id":1,"call":"socket","family":"AF_UNIX","type":"SOCK_STREAM"}`},
		{"request", `{"id":"1","call":"accept","socket":1}`},
		{"answer", `{"socket":1}`},
		{"answer", `{"id":1,"socket":0}`},
		{"answer", `{"id":1,"ttl":256}`},
		{"answer", `{"id":1,"error":{}}`},
		{"answer", `{"id":1,"error":{"call":"bind","errno":"in use"}}`},
		{"answer", `{"id":1,"error":{"call":"bind","outcome":"ok"}}`},
	} {
		if checked(t, c.kind, c.message) == nil {
			t.Errorf("%s is taken for a %s", c.message, c.kind)
		}
	}
}

// checked holds a message against its part of the schema.
func checked(t *testing.T, kind, message string) error {
	t.Helper()
	f, err := os.Open(schemaFile)
	must(t, err)
	defer func() { _ = f.Close() }()
	v, err := checker.UnmarshalJSON(f)
	must(t, err)
	c := checker.NewCompiler()
	must(t, c.AddResource("schema.json", v))
	s, err := c.Compile("schema.json#/$defs/" + kind)
	must(t, err)
	m, err := checker.UnmarshalJSON(strings.NewReader(message))
	must(t, err)
	return s.Validate(m)
}
