package model

import (
	"bytes"
	_ "embed" // for the ids
	"reflect"
	"slices"
	"strings"
)

// Schema is the version of the report's format. A change that a reader of this version would
// misread, or refuse where it need not, gets a new number; HANDBOOK.md says what may be added
// without one.
const Schema = 2

// MatrixSchema is the version of what is made of reports: the matrix, the comparison and the
// published answers. Their formats did not change with the report's.
const MatrixSchema = 1

// Readable reports whether this kit reads reports of a version of the format.
func Readable(version int) bool { return version >= 1 && version <= Schema }

// Mark is the key of the struct tag that says in which version alone a field exists.
const Mark = "schema"

// exists reports whether a field exists in a version of the format.
func exists(f reflect.StructField, version int) bool {
	only := f.Tag.Get(Mark)
	return only == "" || only == string(rune('0'+version))
}

//go:embed ids-1.txt
var first string

// First returns the ids of the claims that existed when schema 1 ended. A report of schema 1 holds
// no catalogue, and was measured against these. No id is ever taken back, so every kit knows them.
func First() []string { return strings.Fields(first) }

// MeasuredAgainst returns the ids of the catalogue that the report was measured against, in its
// order. A claim that is not among them is younger than the report, and unknown there.
func (r Report) MeasuredAgainst() []string {
	if r.Schema == 1 {
		return First()
	}
	return r.Catalogue
}

// newer are the names of the fields that schema 1 does not have.
var newer = [][]byte{[]byte(`"subject"`), []byte(`"catalogue"`), []byte(`"outside"`), []byte(`"added"`), []byte(`"section"`)}

// asVersioned reports whether a decoded report has no field of another version than its own. Where
// it is not sure it says no: the slow decoder then tells the place.
func (r Report) asVersioned(text []byte) bool {
	switch r.Schema {
	case 1:
		return !slices.ContainsFunc(newer, func(name []byte) bool { return bytes.Contains(text, name) })
	case Schema:
		return r.Run.Target == "" && r.Run.How == "" && !slices.ContainsFunc(r.Added, func(a Addition) bool { return a.Run.Target != "" || a.Run.How != "" })
	default:
		return false
	}
}

func (m Matrix) asVersioned([]byte) bool { return m.Schema == MatrixSchema }

// Target returns the kind of target that the kit was taken to; empty if it was started by hand.
func (r Report) Target() string {
	if r.Outside != nil {
		return r.Outside.Target
	}
	return r.Run.Target
}

// How returns how the kit was run there; empty if it was started by hand.
func (r Report) How() string {
	if r.Outside != nil {
		return r.Outside.How
	}
	return r.Run.How
}
