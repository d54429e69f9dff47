package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

func faultsCommand() *cobra.Command {
	var seed uint64
	c := &cobra.Command{
		Use:   "faults [NAME]...",
		Short: "Put each fault into a private host and show which claims noticed",
		Long: "Makes network namespaces with something wrong about loopback in each, measures every claim there, and compares\n" +
			"with a healthy one. Exit code 0 means that each fault turned exactly the claims that it had to turn, 1 that some\n" +
			"did not, 3 that this system has no private hosts. It works as root, and without where user namespaces are allowed.",
		RunE: func(_ *cobra.Command, names []string) error { return faults(names, seed) },
	}
	c.Flags().Uint64Var(&seed, "seed", 1, "seed of the random addresses")
	return c
}

func faults(names []string, seed uint64) error {
	chosen, err := chooseFaults(names)
	if err != nil {
		return err
	}
	surveys := privatehost.NewSurveys(seed)
	healthy, err := surveys.Survey("")
	if err != nil {
		return toolError("%w", err)
	}
	fmt.Printf("%d claims measured on a healthy private host\n", len(healthy))
	wrong := 0
	for i, tried := range tryAll(surveys, chosen, healthy) {
		t := <-tried
		if t.err != nil {
			return toolError("fault %s: %w", chosen[i].Name, t.err)
		}
		if !t.Agrees() {
			wrong++
		}
		showFault(os.Stdout, chosen[i], t.Judgement)
	}
	fmt.Printf("\n%d faults, %d as they should be\n", len(chosen), len(chosen)-wrong)
	if wrong > 0 {
		return exit{exitDeviates, nil}
	}
	return nil
}

type tried struct {
	privatehost.Judgement
	err error
}

// tryAll tries all faults side by side; what comes of each can be received in their order.
func tryAll(surveys *privatehost.Surveys, all []privatehost.Fault, healthy []claim.Result) []chan tried {
	out := make([]chan tried, len(all))
	for i, f := range all {
		out[i] = make(chan tried, 1)
		go func() {
			j, err := surveys.Try(f, healthy)
			out[i] <- tried{j, err}
		}()
	}
	return out
}

func chooseFaults(names []string) ([]privatehost.Fault, error) {
	if len(names) == 0 {
		all := privatehost.Faults()
		if len(all) == 0 {
			return nil, toolError("this system has no private hosts to put faults into")
		}
		return all, nil
	}
	var chosen []privatehost.Fault
	for _, name := range names {
		f, err := privatehost.Find(name)
		if err != nil {
			return nil, usage("%w; loopmatrix faults without a name runs them all", err)
		}
		chosen = append(chosen, f)
	}
	return chosen, nil
}

// showFault writes a fault, what it had to turn, what it turned, and where the two differ.
func showFault(w io.Writer, f privatehost.Fault, j privatehost.Judgement) {
	mark := "✓"
	if !j.Agrees() {
		mark = "✗"
	}
	_, _ = fmt.Fprintf(w, "\n%s %s: %s\n", mark, f.Name, f.Does)
	_, _ = fmt.Fprintf(w, "  had to turn %d, turned %d\n", len(f.Turns), len(j.Turned))
	if f.Spared != "" {
		_, _ = fmt.Fprintf(w, "  it turns nothing: %s\n", f.Spared)
	}
	for _, t := range j.Turned {
		_, _ = fmt.Fprintf(w, "    %s\n", t)
	}
	if len(j.Missed) > 0 {
		_, _ = fmt.Fprintf(w, "  did not turn: %s\n", strings.Join(j.Missed, " "))
	}
	if len(j.Unmeasured) > 0 {
		_, _ = fmt.Fprintf(w, "  can't be measured as this user, healthy or not: %s\n", strings.Join(j.Unmeasured, " "))
	}
	for _, problem := range j.Unproven {
		_, _ = fmt.Fprintf(w, "  proves nothing about %s\n", problem)
	}
	if len(j.Moved) > 0 {
		_, _ = fmt.Fprintf(w, "  turned, and should not have: %s\n", strings.Join(j.Moved, " "))
	}
}
