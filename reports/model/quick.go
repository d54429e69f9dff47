package model

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"unsafe"

	strict "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/loopmatrix/loopmatrix/suites/observe"
)

// quick decodes a report as the kit writes it: in a result the fields in the order of the types, none null, no escapes in
// their names. It says false to anything else, right or wrong, which then goes to the decoder that takes every JSON. Nearly
// all of a report are observations, so those are read here, token by token, and the rest is left to the strict decoder.
type quick struct {
	// text is the whole file. The texts in observations are parts of it, so that none needs room of its own.
	text string
	d    *jsontext.Decoder
	// how says whether transcripts are kept.
	how scope
	// results, observations and words are those of the whole report; the lists in it are parts of them.
	results      []Result
	observations []observe.Observation
	words        []string
}

// forget makes room for the next report in the memory of the last one. None of it is ever nil: an empty list is not null.
func (q *quick) forget() {
	if q.results == nil {
		q.results, q.observations, q.words = []Result{}, []observe.Observation{}, []string{}
	}
	q.results, q.observations, q.words = q.results[:0], q.observations[:0], q.words[:0]
}

// scope is how much of a report is kept. What is not kept is looked at all the same.
type scope int

const (
	everything scope = iota
	answers          // everything but the transcripts
)

// decode decodes a report, or says that it is not for it, in the memory of the report before. Nobody may change the bytes
// while the report is used: its texts are parts of them.
func (q *quick) decode(text []byte, how scope) (r Report, is bool) {
	q.forget()
	q.text = unsafe.String(unsafe.SliceData(text), len(text)) //nolint:gosec // as strings.Builder does, and spares a copy of each file
	q.how = how
	q.d = jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true)) // which reads a bytes.Buffer in place
	if !q.report(&r) {
		return Report{}, false
	}
	_, err := q.d.ReadToken()
	return r, errors.Is(err, io.EOF) // or something follows
}

// report reads the results; the other fields together are an object for the strict decoder.
func (q *quick) report(r *Report) bool {
	if !q.next('{') {
		return false
	}
	others := []byte("{")
	for q.d.PeekKind() == '"' {
		name, err := q.d.ReadValue()
		switch {
		case err != nil || bytes.IndexByte(name, '\\') >= 0: // which may be "results" in disguise
			return false
		case string(name) != `"results"`:
			if len(others) > 1 {
				others = append(others, ',')
			}
			others = append(append(others, name...), ':')
			v, err := q.d.ReadValue()
			if err != nil {
				return false
			}
			others = append(others, v...)
		case r.Results != nil: // there they are twice
			return false
		default:
			if !each(q, resultFields, &q.results) {
				return false
			}
			r.Results = slices.Clip(q.results)
		}
	}
	return q.next('}') && strict.Unmarshal(append(others, '}'), r, strict.RejectUnknownMembers(true)) == nil
}

// field is a field of T and how it is read.
type field[T any] struct {
	name string
	read func(*quick, *T) bool
}

var resultFields = []field[Result]{
	{"claim", func(q *quick, r *Result) bool { return text(q, &r.Claim) }},
	{"subject", func(q *quick, r *Result) bool { return text(q, &r.Subject) }},
	{"verdict", func(q *quick, r *Result) bool { return text(q, &r.Verdict) }},
	{"behaviour", func(q *quick, r *Result) bool { return text(q, &r.Behaviour) }},
	{"reason", func(q *quick, r *Result) bool { return text(q, &r.Reason) }},
	{"observations", func(q *quick, r *Result) bool { return q.seen(&r.Observations) }},
	{"evidence", func(q *quick, r *Result) bool { return rest(q, &r.Evidence) }},
	{"runs", func(q *quick, r *Result) bool { return object(q, runsFields, &r.Runs) }},
}

var runsFields = []field[Runs]{
	{"n", func(q *quick, r *Runs) bool { return number(q, &r.N) }},
	{"same", func(q *quick, r *Runs) bool { return number(q, &r.Same) }},
	{"also", func(q *quick, r *Runs) bool { return rest(q, &r.Also) }},
}

var observationFields = []field[observe.Observation]{
	{"op", func(q *quick, o *observe.Observation) bool { return text(q, &o.Op) }},
	{"proto", func(q *quick, o *observe.Observation) bool { return text(q, &o.Proto) }},
	{"variant", func(q *quick, o *observe.Observation) bool { return text(q, &o.Variant) }},
	{"targets", func(q *quick, o *observe.Observation) bool { return q.list(&o.Targets) }},
	{"outcome", func(q *quick, o *observe.Observation) bool { return text(q, &o.Outcome) }},
	{"errno", func(q *quick, o *observe.Observation) bool { return text(q, &o.Errno) }},
	{"number", func(q *quick, o *observe.Observation) bool { return number(q, &o.Number) }},
	{"source", func(q *quick, o *observe.Observation) bool { return text(q, &o.Source) }},
	{"value", func(q *quick, o *observe.Observation) bool { return text(q, &o.Value) }},
	{"count", func(q *quick, o *observe.Observation) bool { return number(q, &o.Count) }},
	{"at_us", func(q *quick, o *observe.Observation) bool { return number(q, &o.AtMicros) }},
	{"took_us", func(q *quick, o *observe.Observation) bool { return number(q, &o.TookMicros) }},
	{"calls", func(q *quick, o *observe.Observation) bool {
		if q.how == answers {
			return q.list(nil)
		}
		return q.list(&o.Calls)
	}},
}

// object reads an object whose fields come in this order, so that none is there twice; any may be missing.
func object[T any](q *quick, fields []field[T], into *T) bool {
	if !q.next('{') {
		return false
	}
	at := 0
	for q.d.PeekKind() == '"' {
		name, err := q.d.ReadValue()
		if err != nil {
			return false
		}
		for at < len(fields) && fields[at].name != string(name[1:len(name)-1]) {
			at++
		}
		if at == len(fields) || !fields[at].read(q, into) {
			return false
		}
		at++
	}
	return q.next('}')
}

// each reads a list of objects.
func each[T any](q *quick, fields []field[T], into *[]T) bool {
	if !q.next('[') {
		return false
	}
	for q.d.PeekKind() == '{' {
		*into = append(*into, *new(T))
		if !object(q, fields, &(*into)[len(*into)-1]) {
			return false
		}
	}
	return q.next(']')
}

// next reads the beginning or the end of an object or a list.
func (q *quick) next(kind jsontext.Kind) bool {
	t, err := q.d.ReadToken()
	return err == nil && t.Kind() == kind
}

func (q *quick) seen(into *observe.Set) bool {
	begin := len(q.observations)
	if !each(q, observationFields, &q.observations) {
		return false
	}
	*into = slices.Clip(q.observations[begin:])
	return true
}

// list reads a list of texts, and keeps it unless into is nil.
func (q *quick) list(into *[]string) bool {
	if !q.next('[') {
		return false
	}
	begin := len(q.words)
	for q.d.PeekKind() == '"' {
		q.words = append(q.words, "")
		if !text(q, &q.words[len(q.words)-1]) {
			return false
		}
	}
	if into != nil {
		*into = slices.Clip(q.words[begin:])
	} else {
		q.words = q.words[:begin]
	}
	return q.next(']')
}

// text reads a text.
func text[T ~string](q *quick, into *T) bool {
	v, err := q.d.ReadValue()
	if err != nil || v[0] != '"' {
		return false
	}
	if bytes.IndexByte(v, '\\') >= 0 {
		plain, err := jsontext.AppendUnquote(nil, v)
		*into = T(plain)
		return err == nil
	}
	end := int(q.d.InputOffset()) - 1
	*into = T(q.text[end-len(v)+2 : end])
	return true
}

// number reads a whole number.
func number[T int | int64](q *quick, into *T) bool {
	v, err := q.d.ReadValue()
	if err != nil || v.Kind() != '0' {
		return false
	}
	n, err := strconv.ParseInt(string(v), 10, 64)
	*into = T(n)
	return err == nil && int64(T(n)) == n
}

// rest reads a value in the manner of the strict decoder.
func rest[T any](q *quick, into *T) bool {
	v, err := q.d.ReadValue()
	return err == nil && strict.Unmarshal(v, into, strict.RejectUnknownMembers(true)) == nil
}
