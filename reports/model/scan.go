package model

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// scan walks through the JSON once before it is decoded, for what encoding/json lets pass: nesting without end, a field
// that is there twice (the last would win), a field in other letters than the schema's, something after the end.
func scan(b []byte, name string) error {
	s := scanner{d: json.NewDecoder(bytes.NewReader(b)), b: b, name: name}
	s.d.UseNumber()
	if err := s.value("", 1); err != nil {
		return err
	}
	if _, err := s.d.Token(); !errors.Is(err, io.EOF) {
		return Problem{name, "", "something follows the end of the JSON at " + place(b, s.d.InputOffset())}
	}
	return nil
}

type scanner struct {
	d    *json.Decoder
	b    []byte
	name string
}

func (s scanner) token() (json.Token, error) {
	t, err := s.d.Token()
	if err != nil {
		return nil, jsonProblem(s.b, s.name, err)
	}
	return t, nil
}

func (s scanner) value(path string, depth int) error {
	t, err := s.token()
	if err != nil {
		return err
	}
	if _, opens := t.(json.Delim); opens && depth > maxDepth {
		return Problem{s.name, "", fmt.Sprintf("it is nested deeper than %d levels at %s, which no report is", maxDepth, place(s.b, s.d.InputOffset()))}
	}
	switch t {
	case json.Delim('{'):
		return s.object(path, depth)
	case json.Delim('['):
		return s.list(path, depth)
	}
	return nil
}

func (s scanner) object(path string, depth int) error {
	seen := map[string]bool{}
	for s.d.More() {
		t, err := s.token()
		if err != nil {
			return err
		}
		key, _ := t.(string) // the decoder refuses any other key
		field := join(path, key)
		if low := strings.ToLower(key); seen[low] {
			return Problem{s.name, field, "it is there twice; remove one"}
		} else if low != key && !freeKeys(path) {
			return Problem{s.name, field, fmt.Sprintf("field names are lower case: %q", low)}
		} else {
			seen[low] = true
		}
		if err := s.value(field, depth+1); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

func (s scanner) list(path string, depth int) error {
	for i := 0; s.d.More(); i++ {
		if err := s.value(fmt.Sprintf("%s[%d]", path, i), depth+1); err != nil {
			return err
		}
	}
	_, err := s.token()
	return err
}

// freeKeys says whether the keys of an object are data and not fields.
func freeKeys(path string) bool { return strings.HasSuffix(path, "state.switches") }

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
	text := strings.TrimPrefix(err.Error(), "json: ")
	if field, is := strings.CutPrefix(text, "unknown field "); is {
		return Problem{name, "", fmt.Sprintf("schema %d has no field %s; is it misspelt, or from a newer kit?", Schema, field)}
	}
	return Problem{name, "", text}
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
