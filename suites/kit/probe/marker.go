package probe

import (
	"errors"
	"fmt"
	"net/netip"

	"github.com/hashicorp/go-multierror"
	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

var errStranger = errors.New("another datagram came instead of the marker")

// Marker sends a datagram to 127.0.0.1 or ::1 and waits until it has arrived. What was sent inside
// this host before it and could arrive has arrived then: order replaces waiting. The family of a
// goes first; if its marker does not come back, that of the other family serves, so that a broken
// 127.0.0.1 can still be measured. If neither comes back, nothing can be said about anything that
// did not arrive, and the claim is inconclusive.
func Marker(h *host.Host, a netip.Addr) {
	paths := []netip.Addr{host.One, host.One6}
	if !a.Unmap().Is4() {
		paths = []netip.Addr{host.One6, host.One}
	}
	var all *multierror.Error
	for _, path := range paths {
		way := host.Marker{Proto: "udp", To: path}
		if h.Markers[way] {
			all = multierror.Append(all, fmt.Errorf("marker to %s: did not come back before", path))
			continue
		}
		err := mark(h, path)
		if err == nil {
			return
		}
		h.Markers[way] = true
		all = multierror.Append(all, fmt.Errorf("marker to %s: %w", path, err))
	}
	h.Expect(all.ErrorOrNil()).NotTo(gomega.HaveOccurred(), "no marker came back")
}

func mark(h *host.Host, path netip.Addr) error {
	server, at, err := Listen(h, sock.UDP, netip.AddrPortFrom(path, 0))
	if err != nil {
		return err
	}
	defer func() { _ = server.Close() }()
	client, err := h.Stack.Socket(server.Family(), sock.UDP)
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	// One of several is enough: where datagrams are lost now and then, that of a marker is no sign
	// that nothing comes back.
	sent := map[string]bool{}
	for range goes {
		nonce := Nonce(h)
		sent[string(nonce)] = true
		if err := client.SendTo(nonce, at); err != nil {
			return err
		}
		m, err := server.Recv(NonceSize, h.Wait/goes)
		switch {
		case err == nil && sent[string(m.Data)]:
			return nil
		case err == nil:
			return errStranger
		case sock.OutcomeOf(err) != observation.Timeout:
			return err
		}
	}
	return sock.TimedOut("recvmsg")
}

// goes is how often something is asked that has failed once, where something like it has worked.
const goes = 5
