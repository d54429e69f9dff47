package session

import (
	"errors"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// TestConsent goes through every case: what kind of machine it is, who runs the kit, and what was
// said. Only a word permits a change of the machine itself, and only root can make one.
func TestConsent(t *testing.T) {
	words := []struct {
		mode, variable string
		permits        bool
	}{
		{WireAuto, "", false},
		{WireAuto, "0", false},
		{WireAuto, "no", false},
		{WireAuto, "yes", false}, // it is 1 that is documented
		{WireAuto, "1", true},
		{WireRequired, "", true},
		{WireRequired, "0", true},
		{WireRequired, "1", true},
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
				if err := permission(true, w.mode, where); !errors.Is(err, want) {
					t.Errorf("--wire %s and %q in the variable, as %q in %q: %v, want %v", w.mode, w.variable, user, environment, err, want)
				}
				if err := permission(false, w.mode, where); err != nil {
					t.Errorf("--wire %s as %q in %q, with namespaces: %v", w.mode, user, environment, err)
				}
			}
		}
	}
}

// TestNothingIsChangedUnasked runs what wires a run as it would on a system without namespaces, in
// a virtual machine, as root: auto makes no private host, and the permission that the children
// would inherit is not given.
func TestNothingIsChangedUnasked(t *testing.T) {
	g := gomega.NewWithT(t)
	t.Setenv(privatehost.Permission, "")
	virtual := model.Platform{Environment: "vm", State: model.State{User: rootUser}}
	var under host.Host
	kind, err := wiredOn(&under, WireAuto, true, virtual)
	g.Expect(err).NotTo(gomega.HaveOccurred(), "the other claims are measured")
	g.Expect(kind).To(gomega.Equal(noWire))
	g.Expect(under.Private).To(gomega.BeNil())
	g.Expect(under.Wire).To(gomega.MatchError(host.ErrNoWire))
	g.Expect(under.Wire).To(gomega.MatchError(errNotPermitted))
	g.Expect(privatehost.Permitted()).To(gomega.BeFalse())

	_, err = wiredOn(&under, WireRequired, true, model.Platform{State: model.State{User: "ordinary"}})
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(errNotRoot.Error())))
	g.Expect(privatehost.Permitted()).To(gomega.BeFalse())
}

// TestWordsOfRefusal makes sure that whoever is refused reads how to permit it.
func TestWordsOfRefusal(t *testing.T) {
	for _, word := range []string{"--wire required", privatehost.Permission + "=1"} {
		gomega.NewWithT(t).Expect(errNotPermitted.Error()).To(gomega.ContainSubstring(word))
	}
}
