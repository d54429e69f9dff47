package claim

import (
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"strings"
)

// Place is where something of a claim stands in the source of this module.
type Place struct {
	// What stands there: "spec", "rule", "fault".
	What string
	// File is below the root of the module.
	File string
	Line int
}

// Places returns where a claim is declared, and where its rule stands and its spec, or the specs of
// its parts. A function that another one returns stands where it is written.
func (e Entry) Places() []Place {
	out := []Place{{"declared", inModule(e.File), e.Line}}
	add := func(what string, f any) {
		p := Place{What: what}
		pc := reflect.ValueOf(f).Pointer()
		p.File, p.Line = runtime.FuncForPC(pc).FileLine(pc)
		p.File = inModule(p.File)
		for _, other := range out {
			if other == p {
				return
			}
		}
		out = append(out, p)
	}
	if e.Spec != nil {
		add("spec", e.Spec)
	}
	for _, p := range e.Parts {
		add("spec", p.Spec)
	}
	if e.Rule != nil {
		add("rule", e.Rule)
	}
	return out
}

// inModule returns the part of a file's name below the root of the module, by the name of this very
// file: a build with -trimpath calls the root by the module's path, any other by its folder.
func inModule(file string) string {
	_, here, _, _ := runtime.Caller(0)
	return strings.TrimPrefix(file, strings.TrimSuffix(here, "suites/kit/claim/places.go"))
}

// FaultPlace returns where the fault of this name is declared in the sources of a folder of this
// module: a fault is data, which the running program has no line of. Without one, the place is
// empty.
func FaultPlace(folder string, sources fs.FS, fault string) Place {
	named := regexp.MustCompile(`\bName:\s+"` + regexp.QuoteMeta(fault) + `"`)
	files, err := fs.Glob(sources, "*.go")
	if err != nil {
		return Place{}
	}
	for _, file := range files {
		text, err := fs.ReadFile(sources, file)
		if err != nil {
			return Place{}
		}
		if at := named.FindIndex(text); at != nil {
			return Place{"fault", path.Join(folder, file), 1 + strings.Count(string(text[:at[0]]), "\n")}
		}
	}
	return Place{}
}

// String reads "spec        suites/block/bind.go:25".
func (p Place) String() string { return fmt.Sprintf("%-11s %s:%d", p.What, p.File, p.Line) }
