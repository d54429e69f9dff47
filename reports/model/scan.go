package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// explain reads a text that the decoder refused, or that may have a field of another version, and
// says everything that is wrong with it: that it is no JSON or too deep, then its version, then all
// the fields that its schema does not have, and the first value of the wrong kind.
func explain[T versioned](text []byte, name string) (T, error) {
	var none, whole T
	if err := sound(text, name); err != nil {
		return none, err
	}
	var head struct {
		Schema *int `json:"schema"`
	}
	if err := json.Unmarshal(text, &head, jsontext.AllowDuplicateNames(true)); err != nil {
		return none, jsonProblem(text, name, err)
	}
	switch readable := whole.readable(); {
	case head.Schema == nil:
		return none, Problem{name, "schema", "it is missing; is this a file of loopmatrix?"}
	case !slices.Contains(readable, *head.Schema):
		return none, Problem{name, "schema", unreadable(*head.Schema, readable) + "; a newer kit may read it"}
	}
	s := scanner{d: lenient(text), version: *head.Schema, fields: problems{file: name}}
	s.value("", reflect.TypeFor[T]())
	if err := s.fields.all.ErrorOrNil(); err != nil {
		return none, err
	}
	if err := json.Unmarshal(text, &whole, everything); err != nil {
		return none, jsonProblem(text, name, err)
	}
	return whole, nil
}

func lenient(text []byte) *jsontext.Decoder {
	return jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true))
}

// sound says whether a text is one JSON value, and not nested without end.
func sound(text []byte, name string) error {
	d := lenient(text)
	for {
		if _, err := d.ReadToken(); err != nil {
			return jsonProblem(text, name, err)
		}
		switch depth := d.StackDepth(); {
		case depth > maxDepth:
			return Problem{name, "", fmt.Sprintf("it is nested deeper than %d levels at %s, which no report is", maxDepth, place(text, d.InputOffset()))}
		case depth > 0:
		case len(bytes.TrimSpace(text[d.InputOffset():])) > 0:
			return Problem{name, "", "something follows the end of the JSON at " + place(text, d.InputOffset())}
		default:
			return nil
		}
	}
}

// scanner walks through sound JSON for the fields that are there twice, of which the last would
// win, and those that the schema does not have.
type scanner struct {
	d       *jsontext.Decoder
	version int
	fields  problems
}

// value reads a value that is to be decoded into type t; nil for what will not be decoded.
func (s *scanner) value(path string, t reflect.Type) {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token, _ := s.d.ReadToken(); token.Kind() {
	case '{':
		s.object(path, t)
	case '[':
		var of reflect.Type // decoding will say where no list belongs
		if t != nil && t.Kind() == reflect.Slice {
			of = t.Elem()
		}
		for i := 0; s.more(); i++ {
			s.value(fmt.Sprintf("%s[%d]", path, i), of)
		}
	}
}

func (s *scanner) object(path string, t reflect.Type) {
	seen := map[string]bool{}
	known := fieldsOf(t, s.version)
	for s.more() {
		token, _ := s.d.ReadToken()
		key := token.String()
		field := join(path, key)
		s.fields.unless(!seen[key], field, "it is there twice; remove one")
		seen[key] = true
		of, has := known[key]
		switch {
		case t != nil && t.Kind() == reflect.Map:
			of = t.Elem()
		case known != nil && !has:
			s.fields.add(field, "schema %d has no such field here; is it misspelt, or from a newer kit?", s.version)
		}
		s.value(field, of)
	}
}

// more reports whether the object or list goes on, and reads its end.
func (s *scanner) more() bool {
	switch s.d.PeekKind() {
	case '}', ']', jsontext.KindInvalid:
		_, _ = s.d.ReadToken()
		return false
	}
	return true
}

// fieldsOf returns the JSON fields that a struct has in a version of the format, with their types,
// those of embedded structs included; nil for any other type, and for one that decodes itself, such
// as a time.
func fieldsOf(t reflect.Type, version int) map[string]reflect.Type {
	if t == nil || t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	out := map[string]reflect.Type{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !exists(f, version):
		case f.Anonymous && name == "":
			maps.Copy(out, fieldsOf(f.Type, version))
		case name != "-":
			out[name] = f.Type
		}
	}
	return out
}

// join makes the JSON path of a field. A name that is no plain word is quoted, so that it can't
// garble a terminal.
func join(path, key string) string {
	if strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" || key == "" {
		return fmt.Sprintf("%s[%q]", path, key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// jsonProblem says what the decoder found, with the place.
func jsonProblem(text []byte, name string, err error) error {
	if e, is := errors.AsType[*json.SemanticError](err); is {
		return Problem{name, pathOf(e.JSONPointer), misfit(e) + ", at " + place(text, e.ByteOffset)}
	}
	e, is := errors.AsType[*jsontext.SyntacticError](err)
	if !is || errors.Is(err, io.ErrUnexpectedEOF) {
		return Problem{name, "", fmt.Sprintf("it is cut off after %d bytes (%s); copy it again", len(text), place(text, int64(len(text))))}
	}
	return Problem{name, "", fmt.Sprintf("it is no JSON at %s: %v", place(text, e.ByteOffset), e.Err)}
}

// pathOf is the JSON path of a JSON pointer.
func pathOf(p jsontext.Pointer) (path string) {
	for token := range p.Tokens() {
		if strings.Trim(token, "0123456789") == "" {
			path += "[" + token + "]"
		} else {
			path = join(path, token)
		}
	}
	return path
}

// misfit says what kind of value stands where another belongs.
func misfit(e *json.SemanticError) string {
	belongs := "something else"
	if e.GoType != nil {
		belongs = "a " + e.GoType.Kind().String()
		switch name := e.GoType.Kind().String(); {
		case strings.HasPrefix(name, "int"), strings.HasPrefix(name, "uint"):
			belongs = "a whole number"
		case strings.HasPrefix(name, "float"):
			belongs = "a number"
		case name == "slice":
			belongs = "a list"
		case name == "struct" && e.JSONKind == '"' && e.Err != nil: // a time
			return e.Err.Error()
		case name == "struct", name == "map":
			belongs = "an object"
		}
	}
	stands := e.JSONKind.String()
	switch e.JSONKind {
	case '{':
		stands = "object"
	case '[':
		stands = "array"
	case 't', 'f':
		stands = "bool"
	case '0':
		if strings.HasSuffix(belongs, "number") {
			stands += " " + string(e.JSONValue)
		}
	}
	return fmt.Sprintf("a JSON %s stands where %s belongs", stands, belongs)
}

// place is the line and column of an offset, both counted from 1.
func place(b []byte, offset int64) string {
	before := b[:min(max(offset, 0), int64(len(b)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
