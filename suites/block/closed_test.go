package block

import (
	"net/netip"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestRefusal(t *testing.T) {
	both := func(tcp1, tcp2, udp1, udp2 string) observation.Set {
		return join(each("connect", "", "127.0.0.1", tcp1, "127.0.0.2", tcp2), each("send", "connected", "127.0.0.1", udp1, "127.0.0.2", udp2))
	}
	no := "ECONNREFUSED"
	read(t, "v4.closed.refused", []row{
		{"all", both(no, no, no, no), "refused"},
		{"a BSD", both(no, "EADDRNOTAVAIL", no, "EADDRNOTAVAIL"), "fails-at-once"},
		{"macOS", both(no, "timeout", no, "lost"), "only-127.0.0.1"},
		{"no resets", both("timeout", "timeout", no, no), "udp-only"},
		{"no port unreachable", both(no, no, "lost", "lost"), "tcp-only"},
		{"nothing comes back", both("timeout", "timeout", "lost", "lost"), "silent"},
		{"one address is silent in one way", both(no, no, no, "lost"), "only-127.0.0.1"},
		{"some are silent", join(both(no, no, no, no), each("connect", "", "127.0.0.3", "timeout")), "partial"},
		{"the usual one is silent", both("timeout", no, "lost", no), "partial"},
		{"no network", both("ENETUNREACH", "ENETUNREACH", "ENETUNREACH", "ENETUNREACH"), "no-refusal"},
		{"what is sent is dropped, and UDP is told", both("timeout", "timeout", "EPERM", "EPERM"), "no-refusal"},
		{"the usual one is silent, the other gives an error", both("timeout", "EHOSTUNREACH", "lost", "EHOSTUNREACH"), "no-refusal"},
		{"TCP refuses at one address, and nothing else does", both(no, "timeout", "lost", "lost"), "partial"},
		{"one address is refused to this user", both(no, "EPERM", no, "EPERM"), "other-error"},
		{"one address has an invalid route", both(no, "EINVAL", no, no), "other-error"},
		{"somebody answers", both(no, ok, no, no), "answered"},
		{"no UDP tried", both(no, no, no, no)[:2], ""},
		{"Windows", took(2_030_000, both(no, no, no, no)), "refused-late"},
		{"just late", took(1_000_000, both(no, no, no, no)), "refused-late"},
		{"just in time", took(999_999, both(no, no, no, no)), "refused"},
		{"one is late", join(both(no, no, no, no), took(2_030_000, each("connect", "", "127.0.0.3", no))), "refused-late"},
		{"a BSD that is late", took(2_030_000, both(no, "EADDRNOTAVAIL", no, "EADDRNOTAVAIL")), "refused-late"},
		{"no neighbour for the others", join(both(no, no, no, no), took(3_100_000, each("connect", "", "127.0.0.3", "EHOSTUNREACH"))), "refused-late"},
		{"UDP is collected slowly", join(each("connect", "", "127.0.0.1", no, "127.0.0.2", no), took(2_000_000, each("send", "connected", "127.0.0.1", no, "127.0.0.2", no))), "refused"},
		{"late, and no port unreachable", took(2_030_000, both(no, no, "lost", "lost")), "tcp-only-late"},
		{"a time-out is no failure that is late", join(both(no, no, no, no), took(3_000_000, each("connect", "", "127.0.0.2", "timeout"))), "only-127.0.0.1"},
	})
}

// TestRefusalAfter reads the time, which the headline shows.
func TestRefusalAfter(t *testing.T) {
	g := gomega.NewWithT(t)
	for micros, want := range map[int64]string{1_000_000: "after 1 s", 1_499_999: "after 1 s", 2_030_000: "after 2 s", 9_600_000: "after 10 s"} {
		both := join(each("connect", "", "127.0.0.1", "ECONNREFUSED"), each("send", "connected", "127.0.0.1", "ECONNREFUSED"))
		a := refusal(took(micros, both))
		g.Expect(a.Reason).To(gomega.HaveSuffix(want))
		g.Expect(refusal(observation.Fold(took(micros, both)))).To(gomega.Equal(a))
	}
}

// took sets the time of every observation.
func took(micros int64, seen observation.Set) observation.Set {
	for i := range seen {
		seen[i].TookMicros = micros
	}
	return seen
}

func TestLatency(t *testing.T) {
	quick := took(40, each("connect", "", "127.0.0.1", "ECONNREFUSED", "127.0.0.2", "ECONNREFUSED"))
	read(t, "v4.closed.latency", []row{
		{"at once", quick, "under-100ms"},
		{"just in time", took(99_999, each("connect", "", "127.0.0.1", "ECONNREFUSED")), "under-100ms"},
		{"just too late", took(100_000, each("connect", "", "127.0.0.1", "ECONNREFUSED")), "slower"},
		{"Windows", took(2_030_000, each("connect", "", "127.0.0.1", "ECONNREFUSED")), "slower"},
		{"one of two is slow", join(quick, took(150_000, each("connect", "", "127.0.0.3", "ECONNREFUSED"))), "slower"},
		{"macOS", join(quick[:1], took(3_000_000, each("connect", "", "127.0.0.2", "timeout"))), "under-100ms"},
		{"never", took(3_000_000, each("connect", "", "127.0.0.1", "timeout")), "never"},
		{"no network", took(10, each("connect", "", "127.0.0.1", "ENETUNREACH")), "no-refusal"},
	})
}

// TestQuickest takes the quickest refusal of each address, dials no address again that was quick,
// and keeps what is no refusal.
func TestQuickest(t *testing.T) {
	g := gomega.NewWithT(t)
	times := map[string][]int64{"127.0.0.1": {150_000, 200_000, 40}, "127.0.0.2": {30}, "127.0.1.1": {2_030_000, 2_020_000, 2_040_000}, "127.0.0.9": {3_000_000}}
	dial := func(all []netip.Addr) (out observation.Set) {
		for _, a := range all {
			name := a.String()
			g.Expect(times[name]).NotTo(gomega.BeEmpty(), "dialled once too often: %s", name)
			o := observation.Observation{Op: "connect", Targets: []string{name}, Outcome: observation.Refused, TookMicros: times[name][0], Count: 1}
			if name == "127.0.0.9" {
				o.Outcome = observation.Timeout
			}
			out, times[name] = append(out, o), times[name][1:]
		}
		return out
	}
	seen := quickest(dial, []netip.Addr{host.One, host.Two, host.Debian, netip.MustParseAddr("127.0.0.9")}, quickMicros)
	var took []int64
	for _, o := range seen {
		took = append(took, o.TookMicros)
	}
	g.Expect(took).To(gomega.Equal([]int64{40, 30, 2_020_000, 3_000_000}))
	g.Expect(times).To(gomega.HaveEach(gomega.BeEmpty()), "each slow address is dialled three times")
}

func TestBound(t *testing.T) {
	both := func(closed, bound string) observation.Set {
		return join(each("connect", closedPort, "127.0.0.1", closed), each("connect", boundPort, "127.0.0.1", bound))
	}
	no := "ECONNREFUSED"
	read(t, "v4.closed.bound", []row{
		{"Linux", both(no, no), "refused"},
		{"NetBSD", both(no, "timeout"), "silent"},
		{"nothing is ever refused", both("timeout", "timeout"), ""},
		{"it connects", both(no, ok), "answered"},
		{"another error", both(no, "EHOSTUNREACH"), "EHOSTUNREACH"},
		{"it would leave", both(no, "would-leave"), ""},
		{"no closed port", both(no, no)[1:], ""},
		{"nothing", nil, ""},
	})
}
