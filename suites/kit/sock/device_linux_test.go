package sock_test

import (
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// TestDevices ties sockets to lo by everything that Linux has for it, and unties them. Where the
// kernel wants a right for it (before 5.7) or lacks the option, it says so itself.
func TestDevices(t *testing.T) {
	for _, f := range []sock.Family{sock.Inet, sock.Inet6} {
		for _, o := range []sock.Option{sock.BindDevice, sock.BindIndex, sock.UnicastIf} {
			g := gomega.NewWithT(t)
			s, err := sock.Kernel().Socket(f, sock.UDP)
			if err != nil {
				t.Skip(err)
			}
			for _, index := range []int{loIndex, 0} {
				if err := s.SetOption(o, index); sock.IsErrno(err, "EPERM") {
					continue
				} else if err != nil {
					t.Errorf("%s, %s, %d: %v", f, o, index, err)
				}
				got, err := s.Option(o)
				g.Expect(err).NotTo(gomega.HaveOccurred(), "%s", o)
				g.Expect(got).To(gomega.Equal(index), "%s", o)
			}
			g.Expect(s.Close()).To(gomega.Succeed())
		}
	}
}
