package resolve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync/atomic"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Go is the resolver of Go's standard library (net.Resolver with PreferGo): it reads the hosts file
// and asks DNS by itself. It never sends a query off this host: see ErrOffHost.
func Go() Resolver { return &golang{} }

// golang asks through net.Resolver. The zero value asks Go's own resolver.
type golang struct {
	patience patience
	// library asks the system's C library instead (libSystem on macOS).
	library bool
}

func (g *golang) Name() string {
	if g.library {
		return "libSystem"
	}
	return "Go"
}

// ErrOffHost is behind the error of a lookup for which Go's resolver wanted to send a DNS query to
// a server that is not on loopback. A loopback server, such as the stub of systemd-resolved, is
// asked: what it does then is the system's.
var ErrOffHost = errors.New("the guard refuses a DNS query that would leave this host")

// query is one lookup under way.
type query struct {
	op     string
	ctx    context.Context //nolint:containedctx // it lives as long as the lookup
	asked  atomic.Bool     // Go's resolver turned to DNS
	denied atomic.Bool     // and the server was not on loopback
}

// resolver makes the net.Resolver of one lookup, whose Dial notes that DNS is asked.
func (g *golang) resolver(q *query) *net.Resolver {
	return &net.Resolver{PreferGo: !g.library, Dial: func(ctx context.Context, network, server string) (net.Conn, error) {
		q.asked.Store(true)
		at, err := netip.ParseAddrPort(server)
		if err != nil || !at.Addr().Unmap().IsLoopback() || g.library {
			q.denied.Store(true)
			return nil, ErrOffHost
		}
		return (&net.Dialer{}).DialContext(ctx, network, server)
	}}
}

// lookup runs one lookup within the resolver's patience and names its error.
func (g *golang) lookup(op string, ask func(context.Context, *net.Resolver) error) error {
	ctx, cancel := g.patience.begin()
	defer cancel()
	q := &query{op: op, ctx: ctx}
	err := ask(ctx, g.resolver(q))
	switch {
	case err == nil:
		return nil
	case q.denied.Load() && g.library:
		return unsupported(op, "this program was told not to use the system's library (GODEBUG=netdns=go or build tag netgo)")
	case q.denied.Load():
		return &Error{Op: op, Code: AsksDNS, Outcome: observation.Denied, Err: ErrOffHost}
	}
	return g.describe(q, err)
}

// describe names an error of package net. Its text is left out where it could name a server or the
// host.
func (g *golang) describe(q *query, err error) error {
	out := &Error{Op: q.op, Outcome: observation.Failed}
	if q.asked.Load() {
		out.Code = AsksDNS
	}
	var dns *net.DNSError
	var family *net.AddrError
	is := errors.As(err, &dns)
	switch {
	case g.patience.end(q.ctx), is && dns.IsTimeout:
		out.Outcome = observation.Timeout
	case errors.As(err, &family): // "no suitable address": there are addresses of the other family only
		out.Outcome = observation.NoAnswer
	case is && dns.IsNotFound:
		out.Outcome = observation.NoAnswer
	case is:
		out.Err = errors.New(dns.Err)
	default:
		out.Err = err
	}
	return out
}

func (g *golang) Addresses(name string, h Hints) ([]netip.Addr, error) {
	const op = "getaddrinfo"
	switch {
	case h.AddrConfig || h.Passive:
		return nil, unsupported(op, "package net has no such hint")
	case g.library && name == "":
		return nil, unsupported(op, "package net does not pass a null node on to libSystem")
	}
	var found []netip.Addr
	err := g.lookup(op, func(ctx context.Context, r *net.Resolver) (err error) {
		found, err = r.LookupNetIP(ctx, h.Family, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return inFamily(op, found, h.Family)
}

func (g *golang) Names(addr netip.Addr) ([]string, error) {
	var found []string
	err := g.lookup("getnameinfo", func(ctx context.Context, r *net.Resolver) (err error) {
		found, err = r.LookupAddr(ctx, addr.String())
		return err
	})
	for i := range found {
		found[i] = strings.TrimSuffix(found[i], ".") // package net writes names from DNS with their final dot
	}
	return found, err
}

func (g *golang) Records(name, rrtype string) ([]string, error) {
	const op = "res_query"
	switch {
	case g.library:
		return nil, unsupported(op, "package net asks no "+rrtype+" records of libSystem")
	case rrtype != "MX" && rrtype != "TXT":
		return nil, unsupported(op, "package net has no lookup of "+rrtype+" records")
	}
	var found []string
	err := g.lookup(op, func(ctx context.Context, r *net.Resolver) (err error) {
		if rrtype == "TXT" {
			found, err = r.LookupTXT(ctx, name)
			return err
		}
		all, err := r.LookupMX(ctx, name)
		for _, mx := range all {
			found = append(found, fmt.Sprintf("%d %s", mx.Pref, mx.Host))
		}
		return err
	})
	return found, err
}
