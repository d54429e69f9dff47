// Package notes explains cells of the published table that surprise: what in a system makes it answer as it does. Each
// note says for which platforms and behaviours it holds, and which observations show it, so that a test can tell when it
// no longer does.
package notes

import (
	"path"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// Note explains what some platforms show for a claim.
type Note struct {
	// Claim is the id of the claim.
	Claim string
	// Platforms are patterns of platform ids (path.Match).
	Platforms []string
	// Shows are the behaviours that it explains. No platform of its own shows another.
	Shows []string
	// Look are the observations in a report that show it best.
	Look []Look
	// Text is a paragraph of plain text.
	Text string
}

// Look selects observations by the fields that are not empty.
type Look struct {
	Op, Proto, Variant, Target string
}

// All lists the notes, in the order of the catalogue.
func All() []Note {
	return slices.Concat(block(), offhost(), binds(), ipv6(), names(), iface())
}

// About says whether a note is about a platform.
func (n Note) About(platform string) bool {
	return slices.ContainsFunc(n.Platforms, func(pattern string) bool {
		is, err := path.Match(pattern, platform)
		return err == nil && is
	})
}

// Explains says whether a note explains a behaviour of a platform.
func (n Note) Explains(claim, platform, behaviour string) bool {
	return n.Claim == claim && slices.Contains(n.Shows, behaviour) && n.About(platform)
}

// In is the first observation that is meant.
func (l Look) In(all observation.Set) (observation.Observation, bool) {
	return all.Where(func(o observation.Observation) bool {
		return (l.Op == "" || o.Op == l.Op) && (l.Proto == "" || o.Proto == l.Proto) && (l.Variant == "" || o.Variant == l.Variant) &&
			(l.Target == "" || slices.Contains(o.Targets, l.Target))
	}).First()
}

// linux are the platforms whose own network stack is Linux's, gvisor those with gVisor's. Wine passes sockets on to the
// system below.
func linux() []string { return []string{"linux-*"} }

func gvisor() []string { return []string{"gvisor-*"} }

func wine() []string { return []string{"wine-*"} }

// text joins the lines of a paragraph.
func text(lines string) string { return strings.Join(strings.Fields(lines), " ") }
