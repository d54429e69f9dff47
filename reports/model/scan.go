package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"reflect"
	"strings"
)

// scan walks through the JSON once before it is decoded, for what encoding/json lets pass or tells without the place:
// nesting without end, a field that is there twice (the last would win), fields that the schema does not have, something
// after the end. Of the fields it tells all at once.
func scan(b []byte, name string, t reflect.Type, version int) error {
	s := scanner{d: json.NewDecoder(bytes.NewReader(b)), b: b, version: version, fields: problems{file: name}}
	s.d.UseNumber()
	if err := s.value("", 1, t); err != nil {
		return err
	}
	if _, err := s.d.Token(); !errors.Is(err, io.EOF) {
		return Problem{name, "", "something follows the end of the JSON at " + place(b, s.d.InputOffset())}
	}
	return s.fields.all.ErrorOrNil()
}

type scanner struct {
	d       *json.Decoder
	b       []byte
	version int
	fields  problems
}

func (s *scanner) token() (json.Token, error) {
	t, err := s.d.Token()
	if err != nil {
		return nil, jsonProblem(s.b, s.fields.file, err)
	}
	return t, nil
}

// value reads a value that is to be decoded into type t; nil for what will not be decoded.
func (s *scanner) value(path string, depth int, t reflect.Type) error {
	token, err := s.token()
	if err != nil {
		return err
	}
	if _, opens := token.(json.Delim); opens && depth > maxDepth {
		return Problem{s.fields.file, "", fmt.Sprintf("it is nested deeper than %d levels at %s, which no report is", maxDepth, place(s.b, s.d.InputOffset()))}
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return s.object(path, depth, t)
	case json.Delim('['):
		return s.list(path, depth, t)
	}
	return nil
}

func (s *scanner) object(path string, depth int, t reflect.Type) error {
	seen := map[string]bool{}
	known := fieldsOf(t, s.version)
	for s.d.More() {
		token, err := s.token()
		if err != nil {
			return err
		}
		key, _ := token.(string) // the decoder refuses any other key
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
		if err := s.value(field, depth+1, of); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

func (s *scanner) list(path string, depth int, t reflect.Type) error {
	if t != nil && t.Kind() == reflect.Slice {
		t = t.Elem()
	} else {
		t = nil // decoding will say that no list belongs here
	}
	for i := 0; s.d.More(); i++ {
		if err := s.value(fmt.Sprintf("%s[%d]", path, i), depth+1, t); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

// fieldsOf returns the JSON fields that a struct has in a version of the format, with their types, those of embedded structs
// included; nil for any other type, and for one that decodes itself, such as a time.
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

// join makes the JSON path of a field. A name that is no plain word is quoted, so that it can't garble a terminal.
func join(path, key string) string {
	if strings.Trim(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != "" || key == "" {
		return fmt.Sprintf("%s[%q]", path, key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// jsonProblem says what encoding/json found, with the place.
func jsonProblem(b []byte, name string, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return Problem{name, "", fmt.Sprintf("it is cut off after %d bytes (%s); copy it again", len(b), place(b, int64(len(b))))}
	}
	if e, is := errors.AsType[*json.SyntaxError](err); is {
		if e.Offset >= int64(len(b)) {
			return jsonProblem(b, name, io.ErrUnexpectedEOF)
		}
		return Problem{name, "", fmt.Sprintf("it is no JSON at %s: %v", place(b, e.Offset), err)}
	}
	if e, is := errors.AsType[*json.UnmarshalTypeError](err); is {
		return Problem{name, e.Field, fmt.Sprintf("a JSON %s stands where %s belongs, at %s", e.Value, kindOf(e), place(b, e.Offset))}
	}
	return Problem{name, "", strings.TrimPrefix(err.Error(), "json: ")}
}

// kindOf is what JSON calls the type that a field has.
func kindOf(e *json.UnmarshalTypeError) string {
	switch name := e.Type.Kind().String(); {
	case strings.HasPrefix(name, "int"), strings.HasPrefix(name, "uint"):
		return "a whole number"
	case strings.HasPrefix(name, "float"):
		return "a number"
	case name == "struct", name == "map":
		return "an object"
	case name == "slice":
		return "a list"
	default:
		return "a " + name
	}
}

// place is the line and column of an offset, both counted from 1.
func place(b []byte, offset int64) string {
	before := b[:min(max(offset, 0), int64(len(b)))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	return fmt.Sprintf("line %d, column %d", line, column)
}
