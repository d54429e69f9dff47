package names

import (
	"fmt"
	"slices"
	"strings"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve/stub"
)

// Hosts files of private hosts. The second is the first without localhost.
const (
	usualHosts = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"
	bareHosts  = "127.0.0.1 loopback4\n::1 ip6-loopback\n"
)

// with is a private host with this hosts file, whose resolver is told of the stub and of no other
// name server. Where it looks besides, such as in nss-myhostname, is left as it is: that is part of
// the platform.
func with(hosts string) host.Arrangement {
	return host.Arrangement{Files: map[string]string{"/etc/hosts": hosts, "/etc/resolv.conf": stub.Config}}
}

// serve starts the name server of this private host.
func serve(h *host.Host, book stub.Book) *stub.Server {
	s, err := stub.Start(stub.Address, book)
	h.Expect(err).NotTo(gomega.HaveOccurred(), "start the name server")
	return s
}

// asker is one of the resolvers of the host, and the variant that stands for it.
type asker struct {
	variant string
	resolve.Resolver
}

// askers are both, the system's first.
func askers(h *host.Host) []asker { return []asker{{system, h.System}, {golang, h.Go}} }

// answer puts a question to this resolver. If it is the system's and can't be asked, the claim is
// not run.
func (a asker) answer(h *host.Host, q question) observation.Observation {
	o, err := put(h, a.variant, a.Resolver, q)
	if a.variant == system {
		needAnswer(h, o, err)
	}
	return o
}

// overhear puts a question to a resolver, and tells beside the answer what the name server was
// asked meanwhile: an observation of op "query" with the types of the records, or with outcome
// Nothing.
func overhear(h *host.Host, s *stub.Server, a asker, q question) (answer, query observation.Observation) {
	before := len(s.Asked())
	answer = a.answer(h, q)
	mark(h, s, a)
	return answer, asked(answer, s.Asked()[before:])
}

// markers is where the names of all markers are; test is reserved for such names (RFC 6761 6.2).
const markers = ".marker.test."

// mark has the resolver ask for a name that only the name server can tell of. When that has arrived
// there, so has all that was asked before. If it does not arrive, this resolver does not ask the
// stub at all, and the claim is inconclusive.
func mark(h *host.Host, s *stub.Server, a asker) {
	name := fmt.Sprintf("n%d%s", len(s.Asked()), markers) // the log grows with each marker, so no name comes twice
	_, _ = a.Addresses(strings.TrimSuffix(name, "."), resolve.Hints{Family: "ip"})
	arrived := slices.ContainsFunc(s.Asked(), func(q stub.Question) bool { return strings.EqualFold(q.Name, name) })
	h.Expect(arrived).To(gomega.BeTrue(), "the marker did not reach the name server in resolv.conf: "+a.Name())
}

// asked describes what the name server was asked for one answer.
func asked(answer observation.Observation, log []stub.Question) observation.Observation {
	o := observation.Observation{Op: "query", Variant: answer.Variant, Targets: answer.Targets, AtMicros: answer.AtMicros,
		Outcome: observation.Nothing, Count: 1}
	var types []string
	for _, q := range log {
		if strings.HasSuffix(strings.ToLower(q.Name), markers) {
			continue
		}
		o.Outcome = observation.OK
		types = append(types, q.Type)
		o.Calls = append(o.Calls, "the name server is asked: "+q.Type+" "+q.Name)
	}
	slices.Sort(types)
	o.Value = strings.Join(slices.Compact(types), " ")
	return o
}

// part selects what was seen in one part of a claim, without its name.
func part(seen observation.Set, name string) observation.Set {
	var out observation.Set
	for _, o := range seen {
		if rest, is := strings.CutPrefix(o.Variant, name+", "); is {
			o.Variant = rest
			out = append(out, o)
		}
	}
	return out
}

// by selects what was seen with one resolver.
func by(seen observation.Set, variant string) observation.Set {
	return seen.Where(func(o observation.Observation) bool {
		return o.Variant == variant || strings.HasSuffix(o.Variant, ", "+variant)
	})
}

// ofBoth makes a rule of one that reads what was seen with one resolver: it judges the system's,
// and tells what Go's does.
func ofBoth(one claim.Rule) claim.Rule {
	return func(seen observation.Set) claim.Answer {
		answer := one(by(seen, system))
		if !answer.Clear {
			return answer
		}
		other := one(by(seen, golang))
		if !other.Clear {
			other.Word = "unclear"
		}
		return claim.Shows(answer.Word, "%s; Go's resolver: %s", answer.Reason, other.Word)
	}
}
