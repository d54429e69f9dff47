package host

import "net/netip"

// Redirector is a packet filter that can give a packet another destination.
type Redirector interface {
	// Redirect gives what arrives from a link, from this source for this destination, TCP and UDP,
	// to another destination. What comes from elsewhere is spared: a marker may be for the same
	// port. Errors are *sock.Error.
	Redirect(source, destination, to netip.AddrPort) error
}

// Redirect does as Redirector says, or ends the spec with what the packet filter said.
func (h *Host) Redirect(source, destination, to netip.AddrPort) {
	r, can := h.Filter.(Redirector)
	if !can {
		h.NotRun("redirect", NoSuchRule())
	}
	if err := r.Redirect(source, destination, to); err != nil {
		h.NotRun("redirect", err)
	}
}
