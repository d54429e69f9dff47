package combine

import (
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// SamePlatform means that two reports are of one platform.
type SamePlatform struct{ Platform, First, Second string }

func (e *SamePlatform) Error() string {
	return fmt.Sprintf("%s and %s are both of the platform %q; leave one out, or measure with --repeat to join runs", e.First, e.Second, e.Platform)
}

// OtherPlatform means that reports which should be of one platform are not.
type OtherPlatform struct{ File, Platform, Want string }

func (e *OtherPlatform) Error() string {
	return fmt.Sprintf("%s: platform.id: %q is not %q; only runs on one platform can be joined", e.File, e.Platform, e.Want)
}

// OtherSchema means that a report has a version of the format which this kit does not know.
type OtherSchema struct {
	File   string
	Schema int
}

func (e *OtherSchema) Error() string {
	return fmt.Sprintf("%s: schema: version %d is unknown; this kit reads those up to %d", e.File, e.Schema, model.Schema)
}

// UnsafePlatform means that the id of a platform is not safe as a file name and in a URL.
type UnsafePlatform struct{ File, Platform string }

func (e *UnsafePlatform) Error() string {
	return fmt.Sprintf("%s: platform.id: %q is no id of a platform; it takes lower case letters, digits, dots and dashes", e.File, e.Platform)
}

// UnknownClaim means that a report has a result for a claim which is not in the catalogue.
type UnknownClaim struct{ File, Claim string }

func (e *UnknownClaim) Error() string {
	return fmt.Sprintf("%s: %q is no claim of this catalogue; is the report from a newer kit?", e.File, e.Claim)
}

// SameClaim means that a report has two results for one claim.
type SameClaim struct{ File, Claim string }

func (e *SameClaim) Error() string {
	return fmt.Sprintf("%s: there are two results for %s; remove one", e.File, e.Claim)
}

// UnknownVerdict means that a result has a verdict which this kit does not know.
type UnknownVerdict struct {
	File, Claim string
	Verdict     claim.Verdict
}

func (e *UnknownVerdict) Error() string {
	return fmt.Sprintf("%s: %s: %q is no verdict", e.File, e.Claim, e.Verdict)
}

// NoReports means that there is nothing to join.
type NoReports struct{}

func (*NoReports) Error() string { return "there is no report to join" }
