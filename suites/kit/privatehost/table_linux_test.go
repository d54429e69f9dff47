package privatehost_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/fake"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

//go:generate go test . -run TestTable -update

var update = flag.Bool("update", false, "write the table of faults anew")

const tableFile = "faults.md"

// TestTable proves that the table of faults is up to date.
func TestTable(t *testing.T) {
	want := table()
	if *update {
		if err := os.WriteFile(tableFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(tableFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("suites/kit/privatehost/%s is out of date; this writes it anew: go generate ./suites/kit/privatehost", tableFile)
	}
}

// TestEveryClaimCanFail proves that the fault which a claim names is there and turns it: in a
// private host if the claim has parts, and in memory otherwise.
func TestEveryClaimCanFail(t *testing.T) {
	inHost, inMemory := turners()
	for _, e := range claim.Catalogue() {
		there, place := inMemory, "suites/kit/fake/faults_*.go"
		if len(e.Parts) > 0 {
			there, place = inHost, "suites/kit/privatehost/faults_*_linux.go"
		}
		if e.Fault != "" && !slices.Contains(there[e.ID], e.Fault) {
			t.Errorf("%s (%s:%d) names the fault %s; no fault of that name in %s has it in Turns", e.ID, e.File, e.Line, e.Fault, place)
		}
	}
}

// TestFaultsAreDescribed proves that every fault has a name of its own, says what it does, and
// turns claims that exist, or says why it turns none.
func TestFaultsAreDescribed(t *testing.T) {
	ids, names := map[string]bool{}, map[string]bool{}
	for _, e := range claim.Catalogue() {
		ids[e.ID] = true
	}
	for _, f := range privatehost.Faults() {
		if f.Name == "" || names[f.Name] || !strings.HasSuffix(f.Does, ".") {
			t.Errorf("the fault %q is there twice, or does not say what it does", f.Name)
		}
		names[f.Name] = true
		if (len(f.Turns) == 0) == (f.Spared == "") {
			t.Errorf("the fault %q must either turn claims or say why it turns none", f.Name)
		}
		for _, id := range f.Turns {
			if !ids[id] {
				t.Errorf("the fault %q turns %s, which is no claim", f.Name, id)
			}
		}
		for id := range f.Observes {
			if !slices.Contains(f.Turns, id) {
				t.Errorf("the fault %q says what is observed of %s, which it does not turn", f.Name, id)
			}
		}
	}
}

// turners are the names of the faults that turn each claim, in private hosts and in memory.
func turners() (inHost, inMemory map[string][]string) {
	inHost, inMemory = map[string][]string{}, map[string][]string{}
	for _, f := range privatehost.Faults() {
		for _, id := range f.Turns {
			inHost[id] = append(inHost[id], f.Name)
		}
	}
	for _, f := range fake.Faults() {
		for _, id := range f.Turns {
			inMemory[id] = append(inMemory[id], f.Name)
		}
	}
	return inHost, inMemory
}

func table() string {
	var b strings.Builder
	b.WriteString("# Faults\n\nWritten by `go generate ./suites/kit/privatehost`; a test proves that it is up to date.\n\n" +
		"## In private hosts\n\n`loopmatrix faults` puts each of these into network namespaces of this kernel, and shows which claims noticed.\n\n" +
		"| fault | what is wrong | claims that it must turn, and no others |\n| --- | --- | --- |\n")
	for _, f := range privatehost.Faults() {
		turns := fmt.Sprintf("%d: %s", len(f.Turns), coded(f.Turns))
		switch {
		case f.Spared != "":
			turns = "none: " + f.Spared
		case f.Unsteady:
			turns = "not the same ones each time, but always " + turns
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", f.Name, f.Does, turns)
	}
	b.WriteString("\n## Claim by claim\n\nFaults in memory are those of package `suites/kit/fake`; a test there proves that each turns its claims.\n\n" +
		"| claim | its own fault | faults in private hosts | faults in memory |\n| --- | --- | --- | --- |\n")
	inHost, inMemory := turners()
	for _, e := range claim.Catalogue() {
		if strings.HasPrefix(e.ID, "test.") { // declared by the tests of this package
			continue
		}
		host, memory := coded(inHost[e.ID]), coded(inMemory[e.ID])
		own := "`" + e.Fault + "`"
		if e.NoFault != "" {
			own = "none: " + e.NoFault
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", e.ID, own, host, memory)
	}
	return b.String()
}

func coded(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "` `") + "`"
}
