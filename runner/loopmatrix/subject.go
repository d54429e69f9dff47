package main

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/combine"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/runner/cause"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// subject is what why was asked about.
type subject struct {
	// claims answer it; the first of them is answered for other systems, too.
	claims []string
	// address is that of which each of the claims about the block is answered alone.
	address netip.Addr
}

// subjectOf reads the argument of why: an address, the id of a claim, or a name, which it resolves.
// sample are the addresses to measure, if they are others than usual.
func subjectOf(e *explanation) (s subject, sample []netip.Addr, err error) {
	if e.Asked == "" {
		return s, nil, nil
	}
	if a, err := netip.ParseAddr(e.Asked); err == nil {
		return ofAddress(a.Unmap().WithZone("")) // the system takes ::ffff:127.0.0.2 for 127.0.0.2
	}
	if ids, is, err := ofClaim(e.Asked); is || err != nil {
		return subject{claims: ids}, nil, err
	}
	return ofName(e)
}

func ofAddress(a netip.Addr) (subject, []netip.Addr, error) {
	switch {
	case a == host.One6:
		return subject{claims: []string{"v6.lo.delivery", "if.lo.v6", "v6.wild.dual"}}, nil, nil
	case !sock.IsLoopback(a):
		return subject{}, nil, usage("why: %s is no loopback address; it takes one of 127.0.0.0/8, ::1, a name, or the id of a claim", a)
	case a == host.One:
		return subject{claims: []string{"v4.addr1.delivery", "v4.closed.refused", "bind.priv"}}, nil, nil
	case a == host.Low:
		return subject{claims: []string{"v4.edge.low"}}, nil, nil
	case a == host.High:
		return subject{claims: []string{"v4.edge.high"}}, nil, nil
	}
	s := subject{claims: []string{"v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp", "v4.block.delivery.icmp", "v4.closed.refused"}, address: a}
	if a == host.Two {
		s.claims = append(s.claims, "src.select.127.0.0.2", "udp.wildreply")
	}
	return s, []netip.Addr{host.One, a}, nil
}

// ofClaim reports whether a word is the id of a claim. A word that begins as ids do is none of a
// host.
func ofClaim(word string) (ids []string, is bool, err error) {
	family, _, dotted := strings.Cut(word, ".")
	for _, c := range claim.Catalogue() {
		begins, _, _ := strings.Cut(c.ID, ".")
		switch {
		case c.ID == word:
			return []string{word}, true, nil
		case dotted && begins == family:
			err = usage("why: there is no claim %q; loopmatrix claims lists them", word)
		}
	}
	return nil, false, err
}

// ofName resolves a name by the system's resolver; its loopback addresses are measured.
func ofName(e *explanation) (s subject, sample []netip.Addr, err error) {
	if strings.ContainsFunc(e.Asked, func(r rune) bool { return r <= ' ' || r == '/' || r == 0x7f }) {
		return s, nil, usage("why: %q is no address, no name and no claim", e.Asked)
	}
	system := resolve.System()
	found, err := system.Addresses(e.Asked, resolve.Hints{Family: "ip"})
	sample = []netip.Addr{host.One}
	words := make([]string, len(found))
	for i, a := range found {
		words[i] = a.String()
		if a.Is4() && sock.IsLoopback(a) && a != host.One && a != host.Low && a != host.High {
			sample = append(sample, a)
		}
	}
	e.Addresses = fmt.Sprintf("%s, by %s", strings.Join(words, " "), system.Name())
	if err != nil {
		e.Addresses = fmt.Sprintf("no address, by %s: %v", system.Name(), err)
	}
	switch name := strings.TrimSuffix(strings.ToLower(e.Asked), "."); {
	case name == "localhost":
		s.claims = []string{"name.localhost.order", "name.localhost.v4", "name.localhost.v6"}
	case strings.HasSuffix(name, ".localhost"):
		s.claims = []string{"name.sub"}
	}
	if len(sample) > 1 {
		s.address = sample[1]
		s.claims = append(s.claims, "v4.block.bind", "v4.block.delivery.tcp", "v4.block.delivery.udp")
		return s, sample, nil
	}
	return s, nil, nil
}

// answer adds what this machine answers, and what others do.
func (s subject) answer(e *explanation, r model.Report) error {
	if len(s.claims) == 0 {
		return nil
	}
	now, err := combine.Combine([]model.Report{r}, claim.Catalogue())
	if err != nil {
		return toolError("%w", err)
	}
	for _, id := range s.claims {
		i := slices.IndexFunc(r.Results, func(r model.Result) bool { return r.Claim == id })
		a, about := s.alone(r.Results[i])
		if !about {
			c := now.Claims[slices.IndexFunc(now.Claims, func(c claim.Claim) bool { return c.ID == id })]
			f := r.Results[i].Finding
			a = hereAnswer{id, c.Question, f.Verdict, render.ReplyTo(c, model.Cell{Verdict: f.Verdict, Behaviour: f.Behaviour, Detail: f.Reason}).String()}
		}
		e.Here = append(e.Here, a)
	}
	published, err := publishedMatrix()
	if err != nil {
		return toolError("published reports: %w", err)
	}
	e.Elsewhere = elsewhere(published, s.claims[0])
	return nil
}

// alone answers a claim about the block for the one address.
func (s subject) alone(r model.Result) (hereAnswer, bool) {
	question, is := map[string]string{"v4.block.bind": "Can %s be bound?", "v4.block.delivery.tcp": "Does a server on %s take TCP connections?",
		"v4.block.delivery.udp": "Does a datagram to %s arrive?", "v4.block.delivery.icmp": "Does a ping of %s get an answer?",
		"v4.closed.refused": "Does a connection to a closed port on %s fail at once?"}[r.Claim]
	if !is || !s.address.IsValid() {
		return hereAnswer{}, false
	}
	a := hereAnswer{r.Claim, fmt.Sprintf(question, s.address), claim.Inconclusive, "Unclear: " + r.Reason}
	tried := r.Observations.Where(func(o observation.Observation) bool { return slices.Contains(o.Targets, s.address.String()) })
	if r.Verdict == claim.Inconclusive || r.Verdict == claim.NotRun || len(tried) == 0 {
		return a, true
	}
	works := func(o observation.Observation) bool { return o.Outcome == observation.OK }
	if r.Claim == "v4.closed.refused" { // any error is one at once
		works = func(o observation.Observation) bool { return o.Errno != "" }
	}
	var bad []string
	for _, o := range tried {
		if text := strings.TrimSpace(o.Proto + " " + cmp.Or(o.Problem(), "it is answered")); !works(o) && !slices.Contains(bad, text) {
			bad = append(bad, text)
		}
	}
	a.Verdict, a.Answer = claim.Conforms, "Yes"
	if len(bad) > 0 {
		a.Verdict, a.Answer = claim.Deviates, "No: "+strings.Join(bad, ", ")
	}
	if r.Verdict == claim.Observed { // there is nothing to conform to
		a.Verdict = claim.Observed
	}
	return a, true
}

// failing words what does not work that programs count on.
func failing(r model.Report) (out []hereAnswer) {
	for _, f := range cause.Failing(r) {
		answer := f.Behaviour + ": " + f.Reason
		if f.Verdict == claim.Inconclusive {
			answer = "Unclear: " + f.Reason
		}
		question := ""
		for _, c := range claim.Catalogue() {
			if c.ID == f.Claim {
				question = c.Question
			}
		}
		out = append(out, hereAnswer{f.Claim, question, f.Verdict, answer})
	}
	return out
}

// elsewhere is what the published columns and what is documented answer to a claim.
func elsewhere(m model.Matrix, id string) (out []elsewhereAnswer) {
	asked := render.Ask(m, m.Claims[slices.IndexFunc(m.Claims, func(c claim.Claim) bool { return c.ID == id })])
	for _, a := range asked.Answers {
		var names []string
		for _, s := range a.Systems {
			names = append(names, s.Name)
		}
		out = append(out, elsewhereAnswer{id, strings.Join(names, ", "), "measured", a.String(), a.Verdict})
	}
	for _, k := range asked.Documented {
		out = append(out, elsewhereAnswer{id, k.Name, "documented", fmt.Sprintf("%s (%s)", k.Reply, k.Says()), ""})
	}
	return out
}
