package main

import (
	"errors"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// TestConsent goes through every case: what kind of machine it is, who runs the kit, and what was said. Only a word
// permits a change of the machine itself, and only root can make one.
func TestConsent(t *testing.T) {
	words := []struct {
		mode, variable string
		permits        bool
	}{
		{wireAuto, "", false},
		{wireAuto, "0", false},
		{wireAuto, "no", false},
		{wireAuto, "yes", false}, // it is 1 that is documented
		{wireAuto, "1", true},
		{wireRequired, "", true},
		{wireRequired, "0", true},
		{wireRequired, "1", true},
	}
	for _, environment := range []string{"host", "vm", "wsl", "container", "wine", "gvisor", ""} {
		for _, user := range []string{"root", "userns-root", "ordinary", "administrator", "unknown", ""} {
			for _, w := range words {
				t.Setenv(privatehost.Permission, w.variable)
				want := errNotRoot
				switch {
				case user == rootUser && w.permits:
					want = nil
				case user == rootUser:
					want = errNotPermitted
				}
				where := model.Platform{Environment: environment, State: model.State{User: user}}
				if err := mayWire(true, w.mode, privatehost.Permitted(), where); !errors.Is(err, want) {
					t.Errorf("--wire %s and %q in the variable, as %q in %q: %v, want %v", w.mode, w.variable, user, environment, err, want)
				}
				if err := mayWire(false, w.mode, privatehost.Permitted(), where); err != nil {
					t.Errorf("--wire %s as %q in %q, with namespaces: %v", w.mode, user, environment, err)
				}
			}
		}
	}
}

// TestNothingIsChangedUnasked runs what wires a run as it would on a system without namespaces, in a virtual machine, as
// root: auto makes no private host, and the permission that the children would inherit is not given.
func TestNothingIsChangedUnasked(t *testing.T) {
	g := gomega.NewWithT(t)
	t.Setenv(privatehost.Permission, "")
	virtual := model.Platform{Environment: "vm", State: model.State{User: rootUser}}
	var under host.Host
	kind, err := wiredOn(&under, wireAuto, true, virtual)
	g.Expect(err).NotTo(gomega.HaveOccurred(), "the other claims are measured")
	g.Expect(kind).To(gomega.Equal(noWire))
	g.Expect(under.Private).To(gomega.BeNil())
	g.Expect(under.Wire).To(gomega.MatchError(host.ErrNoWire))
	g.Expect(under.Wire).To(gomega.MatchError(errNotPermitted))
	g.Expect(privatehost.Permitted()).To(gomega.BeFalse())

	_, err = wiredOn(&under, wireRequired, true, model.Platform{State: model.State{User: "ordinary"}})
	g.Expect(codeOf(err)).To(gomega.Equal(exitKit))
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(errNotRoot.Error())))
	g.Expect(privatehost.Permitted()).To(gomega.BeFalse())
}

// TestWordsOfConsent makes sure that whoever is refused, and whoever asks for help, reads how to permit it.
func TestWordsOfConsent(t *testing.T) {
	g := gomega.NewWithT(t)
	for _, word := range []string{"--wire required", privatehost.Permission + "=1"} {
		g.Expect(errNotPermitted.Error()).To(gomega.ContainSubstring(word))
		for _, command := range []string{"run", "matrix"} {
			if command == "matrix" && word == "--wire required" { // it has no such flag
				continue
			}
			g.Expect(loopmatrix(t, command, "--help").stdout).To(gomega.ContainSubstring(word), command)
		}
	}
}
