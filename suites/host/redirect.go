package host

import "net/netip"

// Redirector is a packet filter that can give a packet another destination.
type Redirector interface {
	// Redirect gives what arrives from a link for one address and port to another, TCP and UDP. Errors are *sock.Error.
	Redirect(from, to netip.AddrPort) error
}

// Redirect gives what arrives from a link for one address and port to another, or ends the spec with what the packet
// filter said.
func (h *Host) Redirect(from, to netip.AddrPort) {
	r, can := h.Filter.(Redirector)
	if !can {
		h.NotRun("redirect", NoSuchRule())
	}
	if err := r.Redirect(from, to); err != nil {
		h.NotRun("redirect", err)
	}
}
