package resolve

import (
	"context"
	"net/netip"
	"strings"
	"sync"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// command asks the C library through the system's own commands. They differ in what they can ask:
//
//   - glibc: `getent ahosts`, `ahostsv4` and `ahostsv6` call getaddrinfo with AI_ADDRCONFIG, which
//     the option -A of newer versions takes away again; `getent hosts` calls gethostbyname2 for
//     AF_INET6 and, without an answer, for AF_INET; for an address it calls gethostbyaddr, which
//     looks where getnameinfo looks.
//   - musl, as packaged by Alpine: the same databases, no -A; its AI_ADDRCONFIG counts loopback
//     addresses.
//   - NetBSD, FreeBSD, DragonFly: getaddrinfo(1) calls getaddrinfo with the family asked for and no
//     flags; getent has `hosts` only, which calls gethostbyname and shows one address a family at
//     most.
//   - OpenBSD: `getent hosts` calls getaddrinfo with AF_UNSPEC.
//
// None of them asks for a null node without AI_PASSIVE or for records of other types, and getent
// does not tell why there is no answer: its exit status 2 is EAI_NONAME as well as EAI_AGAIN.
type command struct {
	goos     string
	run      runner
	patience patience
	once     sync.Once
	kind     kind
	missing  error // why no command can be used
}

// kind is what the commands of this system can ask; it is found out by asking them, once, for
// literal addresses, which needs no name server.
type kind struct {
	name        string
	getaddrinfo bool // getaddrinfo(1)
	ahosts      bool // getent ahosts, ahostsv4, ahostsv6
	noConfig    bool // getent -A
}

// runner runs a command and gives its output and exit status. The error is for a command that could
// not be run at all.
type runner func(ctx context.Context, name string, arguments ...string) (stdout, stderr string, status int, err error)

// literal is what the commands are asked to find out their kind.
const literal = "127.0.0.1"

// ready finds out the kind. Its error is that of getent, the command that every such system should
// have.
func (c *command) ready() error {
	c.once.Do(func() { c.kind, c.missing = c.find() })
	return c.missing
}

func (c *command) find() (kind, error) {
	if _, ok, err := c.try("getent", "-A", "ahosts", literal); err != nil {
		return kind{}, err
	} else if ok {
		return kind{name: "getent (glibc)", ahosts: true, noConfig: true}, nil
	}
	if _, ok, _ := c.try("getaddrinfo", "-n", "-f", "inet", literal); ok {
		return kind{name: "getaddrinfo command", getaddrinfo: true}, nil
	}
	out, _, _ := c.try("getent", "--version")
	if strings.HasPrefix(out, "getent (") { // "getent (GNU libc) 2.31", "getent (Debian GLIBC …)"
		return kind{name: "getent (glibc, with AI_ADDRCONFIG)", ahosts: true}, nil
	}
	if _, ok, _ := c.try("getent", "ahosts", literal); ok {
		return kind{name: "getent (with AI_ADDRCONFIG)", ahosts: true}, nil
	}
	return kind{name: "getent hosts"}, nil
}

// try runs a command and says whether it told an address.
func (c *command) try(name string, arguments ...string) (string, bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	out, _, status, err := c.run(ctx, name, arguments...)
	return out, err == nil && status == 0 && len(addressesIn(out)) > 0, err
}

func (c *command) Name() string {
	if c.ready() != nil {
		return "getent (missing)"
	}
	return c.kind.name
}

// ask runs one command within the resolver's patience and gives its output.
func (c *command) ask(op, name string, arguments ...string) (string, error) {
	ctx, cancel := c.patience.begin()
	defer cancel()
	stdout, stderr, status, err := c.run(ctx, name, arguments...)
	switch {
	case c.patience.end(ctx):
		return "", &Error{Op: op, Outcome: observation.Timeout}
	case err != nil:
		return "", &Error{Op: op, Outcome: observation.Failed, Err: err}
	case status == 0:
		return stdout, nil
	case name == "getent" && status == notFound:
		return "", &Error{Op: op, Outcome: observation.NoAnswer}
	default:
		return "", complaint(op, stderr)
	}
}

// notFound is getent's exit status for a key that was not found (getent(1)).
const notFound = 2

var databases = map[string]string{"ip": "ahosts", "ip4": "ahostsv4", "ip6": "ahostsv6"}

var families = map[string]string{"ip": "unspec", "ip4": "inet", "ip6": "inet6"}

func (c *command) Addresses(name string, h Hints) ([]netip.Addr, error) {
	const op = "getaddrinfo"
	if err := c.ready(); err != nil {
		return nil, unsupported(op, sock.Reason(err))
	}
	switch {
	case name == "":
		return nil, unsupported(op, c.kind.name+" can't ask for a null node")
	case h.Passive:
		return nil, unsupported(op, c.kind.name+" can't ask with AI_PASSIVE")
	case h.AddrConfig && !c.kind.ahosts:
		return nil, unsupported(op, c.kind.name+" can't ask with AI_ADDRCONFIG")
	case c.kind.getaddrinfo:
		return c.addresses(op, h.Family, "getaddrinfo", "-f", families[h.Family], name)
	case !c.kind.ahosts:
		return c.hosts(op, name, h.Family)
	case c.kind.noConfig && !h.AddrConfig:
		return c.addresses(op, h.Family, "getent", "-A", databases[h.Family], name)
	}
	found, err := c.addresses(op, h.Family, "getent", databases[h.Family], name)
	if err != nil && !h.AddrConfig && outcomeOf(err) == observation.NoAnswer {
		return c.hosts(op, name, h.Family) // it may be AI_ADDRCONFIG alone that says no
	}
	return found, err
}

func (c *command) addresses(op, family, name string, arguments ...string) ([]netip.Addr, error) {
	out, err := c.ask(op, name, arguments...)
	if err != nil {
		return nil, err
	}
	return inFamily(op, addressesIn(out), family)
}

// hosts asks `getent hosts`, which has no family of its own to ask for. What the answer does not
// show, it tells only if that getent would have shown it: OpenBSD's shows both families; glibc's
// and musl's show IPv6, and IPv4 only if there is no IPv6.
func (c *command) hosts(op, name, family string) ([]netip.Addr, error) {
	out, err := c.ask(op, "getent", "hosts", name)
	if err != nil {
		return nil, err
	}
	found, err := inFamily(op, addressesIn(out), family)
	shown := c.goos == "openbsd" || c.kind.ahosts && family == "ip6"
	if err != nil && !shown {
		return nil, unsupported(op, c.kind.name+" showed another family than the one asked for")
	}
	return found, err
}

func (c *command) Names(addr netip.Addr) ([]string, error) {
	const op = "getnameinfo"
	if err := c.ready(); err != nil {
		return nil, unsupported(op, sock.Reason(err))
	}
	out, err := c.ask(op, "getent", "hosts", addr.String())
	if err != nil {
		return nil, err
	}
	return namesIn(op, out)
}

func (c *command) Records(_, rrtype string) ([]string, error) {
	const op = "res_query"
	if err := c.ready(); err != nil {
		return nil, unsupported(op, sock.Reason(err))
	}
	return nil, unsupported(op, c.kind.name+" can't ask for "+rrtype+" records")
}
