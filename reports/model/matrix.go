package model

import (
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Matrix is many reports side by side: claims down, platforms across.
type Matrix struct {
	// Schema is the version of this format, always 1.
	Schema int `json:"schema"`
	// Generated is when the newest of its reports was measured, in UTC: the same reports give the
	// same matrix.
	Generated time.Time `json:"generated"`
	// Claims is the catalogue, in its order.
	Claims []claim.Claim `json:"claims"`
	// Platforms are the columns, ordered by their ids.
	Platforms []Column `json:"platforms"`
	// Cells holds what was measured, by claim and platform. A cell that is not there is unknown:
	// never a yes, never a no.
	Cells map[string]map[string]*Cell `json:"cells"`
	// Wanted are platforms to be measured: every claim is
	// unknown there. They have no id, since that is made from what a run finds.
	Wanted []Wanted `json:"wanted,omitempty"`
	// Documented is what is known of systems without a run. It is shown beside the cells, and it is
	// no part of the file: what counts or compares a matrix never meets it.
	Documented Documentation `json:"-"`
}

// Wanted is a platform without a measurement.
type Wanted struct {
	// Family is the kind of system, as in Platform: "freebsd".
	Family string `json:"family"`
	// Title is its name for people: "FreeBSD".
	Title string `json:"title"`
}

// Column is one platform of a matrix.
type Column struct {
	Platform
	// Measured is when the run began, in UTC.
	Measured time.Time `json:"measured"`
	// Report is the name of the report's file, without a folder.
	Report string `json:"report"`
	// Kit is the version that measured.
	Kit Kit `json:"kit"`
}

// Cell is one claim on one platform.
type Cell struct {
	// Verdict is the judgement.
	Verdict claim.Verdict `json:"verdict"`
	// Behaviour is the short word; empty for not-run and inconclusive.
	Behaviour string `json:"behaviour,omitempty"`
	// Detail says what the behaviour was read from, or why there is none.
	Detail string `json:"detail,omitempty"`
	// Unstable is "k of n" if not all runs gave the same; otherwise empty.
	Unstable string `json:"unstable,omitempty"`
}

// Cell finds the cell of a claim on a platform; there may be none.
func (m Matrix) Cell(claim, platform string) (Cell, bool) {
	if c := m.Cells[claim][platform]; c != nil {
		return *c, true
	}
	return Cell{}, false
}
