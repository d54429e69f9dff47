package site

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// small is a report with a result of each verdict, with everything that a report can have.
func small(tb testing.TB) model.Report {
	tb.Helper()
	r := measured(tb)[3]
	var results []model.Result
	for _, v := range claim.Verdicts() {
		i := slices.IndexFunc(r.Results, func(r model.Result) bool { return r.Verdict == v })
		if i < 0 {
			continue
		}
		result := r.Results[i]
		if len(result.Observations) > 2 {
			result.Observations = result.Observations[:2]
		}
		result.Evidence = []model.Evidence{{Kind: "pcap", Name: "x.pcapng", Note: harmless, SHA256: strings.Repeat("0", 64)}}
		results = append(results, result)
	}
	r.Results, r.Digest = results, nil
	r.Run.How, r.Run.Target = harmless, "kernel"
	r.Platform.State.Unknown = []string{harmless}
	r.Sweeps = nil
	r.Capacity = listening()
	return r
}

// place is where a text stands in a report: the way there.
type place struct {
	name string
	set  func(r *model.Report, text string)
}

// places lists every text of a report by reflection, so that no field that comes later is
// forgotten. Of a list, each element counts; of a map, its keys do as well.
func places(r model.Report) (out []place) {
	var walk func(name string, v reflect.Value, from func(*model.Report) reflect.Value)
	walk = func(name string, v reflect.Value, from func(*model.Report) reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			out = append(out, place{name, func(r *model.Report, text string) { from(r).SetString(text) }})
		case reflect.Struct:
			for i := range v.NumField() {
				if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
					walk(name+"."+f.Name, v.Field(i), func(r *model.Report) reflect.Value { return from(r).Field(i) })
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(fmt.Sprintf("%s[%d]", name, i), v.Index(i), func(r *model.Report) reflect.Value { return from(r).Index(i) })
			}
		case reflect.Pointer:
			if !v.IsNil() {
				walk(name, v.Elem(), func(r *model.Report) reflect.Value { return from(r).Elem() })
			}
		case reflect.Map:
			set := func(key, value func(text string) string) func(*model.Report, string) {
				return func(r *model.Report, text string) {
					from(r).Set(reflect.MakeMap(v.Type()))
					from(r).SetMapIndex(reflect.ValueOf(key(text)), reflect.ValueOf(value(text)))
				}
			}
			same, plain := func(text string) string { return text }, func(string) string { return harmless }
			out = append(out, place{name + " key and value", set(same, same)}, place{name + " value", set(plain, same)})
		}
	}
	walk("", reflect.ValueOf(r), func(r *model.Report) reflect.Value { return reflect.ValueOf(r).Elem() })
	return out
}

// base is the file of a report that texts are put into.
type base []byte

func newBase(tb testing.TB) base {
	tb.Helper()
	file, err := model.Encode(small(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return file
}

// with is a report with a text at some places, as it would be read from a file; the error says why
// it is refused.
func (b base) with(tb testing.TB, text string, at ...place) (model.Report, error) {
	tb.Helper()
	r, err := model.Decode(bytes.NewReader(b), "base.json", claim.Catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range at {
		p.set(&r, text)
	}
	file, err := model.Encode(r)
	if err != nil {
		tb.Fatal(err)
	}
	return model.Decode(bytes.NewReader(file), "hostile.json", claim.Catalogue())
}

// takers are the places where a text leaves the report valid.
func (b base) takers(tb testing.TB, text string) (out []place) {
	tb.Helper()
	r, err := model.Decode(bytes.NewReader(b), "base.json", claim.Catalogue())
	if err != nil {
		tb.Fatal(err)
	}
	for _, p := range places(r) {
		if _, err := b.with(tb, text, p); err == nil {
			out = append(out, p)
		}
	}
	return out
}
