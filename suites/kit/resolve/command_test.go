package resolve

import (
	"context"
	"errors"
	"net/netip"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// The answers below are those of glibc 2.36, recorded, and for the systems that were not at hand,
// of what their commands write according to their sources (glibc 2.31: nss/getent.c; Alpine:
// main/musl/getent.c; FreeBSD, OpenBSD: usr.bin/getent; FreeBSD: usr.bin/getaddrinfo and
// gai_strerror).

// reply is what a command writes, and its exit status.
type reply struct {
	stdout, stderr string
	status         int
}

// recorded runs no command but gives what it would write; what is not listed is a usage error.
func recorded(replies map[string]reply) runner {
	return func(_ context.Context, name string, arguments ...string) (string, string, int, error) {
		r, known := replies[strings.Join(append([]string{name}, arguments...), " ")]
		switch {
		case known:
			return r.stdout, r.stderr, r.status, nil
		case name == "getent":
			return "", "usage", 1, nil
		default:
			return "", "", 0, exec.ErrNotFound
		}
	}
}

// glibc 2.36 on a host whose hosts file knows localhost as 127.0.0.1 only.
var glibc = map[string]reply{
	"getent -A ahosts 127.0.0.1":   {stdout: "127.0.0.1       STREAM 127.0.0.1\n127.0.0.1       DGRAM  \n127.0.0.1       RAW    \n"},
	"getent -A ahosts localhost":   {stdout: "127.0.0.1       STREAM localhost\n127.0.0.1       DGRAM  \n127.0.0.1       RAW    \n"},
	"getent -A ahostsv4 localhost": {stdout: "127.0.0.1       STREAM localhost\n127.0.0.1       DGRAM  \n127.0.0.1       RAW    \n"},
	"getent -A ahostsv6 localhost": {stdout: "::ffff:127.0.0.1 STREAM localhost\n::ffff:127.0.0.1 DGRAM  \n::ffff:127.0.0.1 RAW    \n"},
	"getent -A ahosts both":        {stdout: "::1             STREAM both\n::1             DGRAM  \n::1             RAW    \n127.0.0.1       STREAM \n127.0.0.1       DGRAM  \n127.0.0.1       RAW    \n"},
	"getent -A ahosts localhost.":  {status: 2},
	"getent hosts 127.0.0.1":       {stdout: "127.0.0.1       localhost vm\n"},
	"getent hosts ::1":             {status: 2},
}

// glibc 2.31, which has no -A, on a host with IPv4 addresses only.
var olderGlibc = map[string]reply{
	"getent --version":            {stdout: "getent (Debian GLIBC 2.31-13+deb11u11) 2.31\nCopyright (C) 2020\n"},
	"getent ahosts 127.0.0.1":     {stdout: "127.0.0.1       STREAM 127.0.0.1\n"},
	"getent ahostsv4 localhost":   {stdout: "127.0.0.1       STREAM localhost\n"},
	"getent ahostsv6 localhost":   {status: 2},
	"getent hosts localhost":      {stdout: "::1             localhost ip6-localhost ip6-loopback\n"},
	"getent ahostsv6 foo.example": {status: 2},
	"getent hosts foo.example":    {stdout: "127.0.0.1       foo.example\n"},
	"getent ahostsv4 six.example": {status: 2},
	"getent hosts six.example":    {stdout: "::1             six.example\n"},
}

// musl 1.2 as Alpine packages it, on a host with both families.
var musl = map[string]reply{
	"getent ahosts 127.0.0.1":   {stdout: "127.0.0.1       STREAM 127.0.0.1\n127.0.0.1       DGRAM  127.0.0.1\n"},
	"getent ahosts localhost":   {stdout: "::1             STREAM localhost\n::1             DGRAM  localhost\n127.0.0.1       STREAM localhost\n127.0.0.1       DGRAM  localhost\n"},
	"getent ahostsv6 localhost": {stdout: "::1             STREAM localhost\n::1             DGRAM  localhost\n"},
	"getent hosts 127.0.0.1":    {stdout: "127.0.0.1         localhost  localhost\n"},
}

// FreeBSD 14 with both families.
var freebsd = map[string]reply{
	"getaddrinfo -n -f inet 127.0.0.1":   {stdout: "dgram inet udp 127.0.0.1 0\nstream inet tcp 127.0.0.1 0\n"},
	"getaddrinfo -f unspec localhost":    {stdout: "dgram inet6 udp ::1 0\nstream inet6 tcp ::1 0\nseqpacket inet6 sctp ::1 0\ndgram inet udp 127.0.0.1 0\nstream inet tcp 127.0.0.1 0\n"},
	"getaddrinfo -f inet6 localhost":     {stdout: "dgram inet6 udp ::1 0\nstream inet6 tcp ::1 0\n"},
	"getaddrinfo -f unspec a.localhost":  {stderr: "getaddrinfo: hostname nor servname provided, or not known\n", status: 1},
	"getaddrinfo -f unspec no.server":    {stderr: "getaddrinfo: Temporary failure in name resolution\n", status: 1},
	"getaddrinfo -f unspec no.server.15": {stderr: "getaddrinfo: Name could not be resolved at this time\n", status: 1},
	"getaddrinfo -f inet6 four.example":  {stderr: "getaddrinfo: Address family for hostname not supported\n", status: 1},
	"getent hosts ::1":                   {stdout: "::1               localhost  localhost.my.domain\n"},
}

// OpenBSD 7: getent has no usage message for a database it does not know, and shows an address that
// has no name.
var openbsd = map[string]reply{
	"getent hosts localhost": {stdout: "127.0.0.1                               localhost\n::1                                     localhost\n"},
	"getent hosts four":      {stdout: "127.0.0.1                               four\n"},
	"getent hosts 127.0.0.1": {stdout: "127.0.0.1         localhost\n"},
	"getent hosts 127.0.0.2": {stdout: "127.0.0.2                               127.0.0.2\n"},
}

func TestRecordedCommands(t *testing.T) {
	for _, c := range []struct {
		name, goos string
		replies    map[string]reply
		kind       string
		ask        string
		family     string
		want       string
	}{
		{"glibc", "linux", glibc, "getent (glibc)", "localhost", "ip", "127.0.0.1"},
		{"glibc, IPv4", "linux", glibc, "getent (glibc)", "localhost", "ip4", "127.0.0.1"},
		{"glibc, a mapped answer is none", "linux", glibc, "getent (glibc)", "localhost", "ip6", "getaddrinfo: no-answer"},
		{"glibc, the order is kept", "linux", glibc, "getent (glibc)", "both", "ip", "::1 127.0.0.1"},
		{"glibc, not found", "linux", glibc, "getent (glibc)", "localhost.", "ip", "getaddrinfo: no-answer"},
		{"glibc, null node", "linux", glibc, "getent (glibc)", "", "ip", "getaddrinfo: unsupported: getent (glibc) can't ask for a null node"},
		{"older glibc", "linux", olderGlibc, "getent (glibc, with AI_ADDRCONFIG)", "localhost", "ip4", "127.0.0.1"},
		{"older glibc, AI_ADDRCONFIG said no", "linux", olderGlibc, "getent (glibc, with AI_ADDRCONFIG)", "localhost", "ip6", "::1"},
		{"older glibc, there is none", "linux", olderGlibc, "getent (glibc, with AI_ADDRCONFIG)", "foo.example", "ip6", "getaddrinfo: no-answer"},
		{"older glibc, can't tell", "linux", olderGlibc, "getent (glibc, with AI_ADDRCONFIG)", "six.example", "ip4",
			"getaddrinfo: unsupported: getent (glibc, with AI_ADDRCONFIG) showed another family than the one asked for"},
		{"musl", "linux", musl, "getent (with AI_ADDRCONFIG)", "localhost", "ip", "::1 127.0.0.1"},
		{"musl, IPv6", "linux", musl, "getent (with AI_ADDRCONFIG)", "localhost", "ip6", "::1"},
		{"FreeBSD", "freebsd", freebsd, "getaddrinfo command", "localhost", "ip", "::1 127.0.0.1"},
		{"FreeBSD, IPv6", "freebsd", freebsd, "getaddrinfo command", "localhost", "ip6", "::1"},
		{"FreeBSD, not found", "freebsd", freebsd, "getaddrinfo command", "a.localhost", "ip", "getaddrinfo: no-answer (EAI_NONAME)"},
		{"FreeBSD, no server", "freebsd", freebsd, "getaddrinfo command", "no.server", "ip", "getaddrinfo: failed (EAI_AGAIN)"},
		{"FreeBSD 15, no server", "freebsd", freebsd, "getaddrinfo command", "no.server.15", "ip", "getaddrinfo: failed (EAI_AGAIN)"},
		{"FreeBSD, no such family", "freebsd", freebsd, "getaddrinfo command", "four.example", "ip6", "getaddrinfo: no-answer (EAI_ADDRFAMILY)"},
		{"OpenBSD", "openbsd", openbsd, "getent hosts", "localhost", "ip", "127.0.0.1 ::1"},
		{"OpenBSD, IPv6", "openbsd", openbsd, "getent hosts", "localhost", "ip6", "::1"},
		{"OpenBSD, no IPv6", "openbsd", openbsd, "getent hosts", "four", "ip6", "getaddrinfo: no-answer"},
		{"a getent that shows one family", "linux", openbsd, "getent hosts", "four", "ip6",
			"getaddrinfo: unsupported: getent hosts showed another family than the one asked for"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			r := &command{goos: c.goos, run: recorded(c.replies)}
			g.Expect(r.Name()).To(Equal(c.kind))
			g.Expect(said(r.Addresses(c.ask, Hints{Family: c.family}))).To(Equal(c.want))
		})
	}
}

func said(all []netip.Addr, err error) string {
	if err != nil {
		return err.Error()
	}
	var out []string
	for _, a := range all {
		out = append(out, a.String())
	}
	return strings.Join(out, " ")
}

func TestRecordedNames(t *testing.T) {
	for _, c := range []struct {
		name    string
		replies map[string]reply
		ask     string
		want    string
	}{
		{"glibc", glibc, "127.0.0.1", "localhost vm"},
		{"glibc, not found", glibc, "::1", "getnameinfo: no-answer"},
		{"musl", musl, "127.0.0.1", "localhost localhost"},
		{"FreeBSD", freebsd, "::1", "localhost localhost.my.domain"},
		{"OpenBSD", openbsd, "127.0.0.1", "localhost"},
		{"OpenBSD, none", openbsd, "127.0.0.2", "getnameinfo: no-answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found, err := (&command{run: recorded(c.replies)}).Names(netip.MustParseAddr(c.ask))
			got := strings.Join(found, " ")
			if err != nil {
				got = err.Error()
			}
			NewWithT(t).Expect(got).To(Equal(c.want))
		})
	}
}

func TestWithoutAnyCommand(t *testing.T) {
	g := NewWithT(t)
	missing := &exec.Error{Name: "getent", Err: exec.ErrNotFound}
	r := &command{run: func(context.Context, string, ...string) (string, string, int, error) { return "", "", 0, missing }}
	_, err := r.Addresses("localhost", Hints{Family: "ip"})
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
	g.Expect(err).To(MatchError(ContainSubstring("executable file not found")))
	_, err = r.Names(netip.MustParseAddr(literal))
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
	_, err = r.Records("localhost", "MX")
	g.Expect(outcomeOf(err)).To(Equal(observation.Unsupported))
}

func TestSilentNameServerCostsItsDeadlineOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		r := &command{run: func(ctx context.Context, _ string, arguments ...string) (string, string, int, error) {
			if arguments[len(arguments)-1] == literal {
				return "127.0.0.1 STREAM\n", "", 0, nil
			}
			<-ctx.Done()
			return "", "", 0, errors.New("signal: killed")
		}}
		for _, want := range []time.Duration{Patience, Impatience, Impatience} {
			begun := time.Now()
			_, err := r.Addresses("foo.localhost", Hints{Family: "ip"})
			g.Expect(outcomeOf(err)).To(Equal(observation.Timeout))
			g.Expect(time.Since(begun)).To(Equal(want))
		}
	})
}
