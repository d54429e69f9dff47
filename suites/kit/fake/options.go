package fake

import (
	"net/netip"
	"slices"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

func (s *socket) SetOption(o sock.Option, v int) error {
	if err := s.setOption(o, v); err != nil {
		return err
	}
	return sock.ReadBack(s, o, v)
}

func (s *socket) setOption(o sock.Option, v int) error {
	leave, err := s.enter("setsockopt")
	defer leave()
	switch {
	case err != nil:
		return err
	case !s.knows(o):
		return sock.Errno("setsockopt", "ENOPROTOOPT", 0) // as package sock says it, without asking the system
	case o == sock.V6Only && (s.local.Port() != 0 || s.m.FixedV6Only && v == 0):
		return s.m.fail("setsockopt", "EINVAL")
	case o == sock.TTL && (v < 1 || v > 255):
		return s.m.fail("setsockopt", "EINVAL")
	}
	if !slices.Contains(s.m.Ignored, o) {
		s.options[o] = v
	}
	return nil
}

func (s *socket) Option(o sock.Option) (int, error) {
	leave, err := s.enter("getsockopt")
	defer leave()
	switch {
	case err != nil:
		return 0, err
	case !s.knows(o):
		return 0, sock.Errno("getsockopt", "ENOPROTOOPT", 0)
	}
	return s.options[o], nil
}

func (s *socket) knows(o sock.Option) bool {
	return !slices.Contains(s.m.Unknown, o) && (o != sock.V6Only || s.family == sock.Inet6)
}

// membership is a multicast group joined on an interface.
type membership struct {
	group netip.Addr
	index int
}

func (s *socket) JoinGroup(group netip.Addr, index int) error {
	leave, err := s.enter("setsockopt")
	defer leave()
	switch {
	case err != nil:
		return err
	case !group.IsMulticast():
		return s.m.fail("setsockopt", "EINVAL")
	case !s.m.Network.exists(index):
		return s.m.fail("setsockopt", "ENODEV")
	}
	s.groups = append(s.groups, membership{group.WithZone(""), index})
	return nil
}
