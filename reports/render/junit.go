package render

import (
	"encoding/xml"
	"fmt"
	"strconv"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

type junitReport struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name       string          `xml:"name,attr"`
	Tests      int             `xml:"tests,attr"`
	Failures   int             `xml:"failures,attr"`
	Errors     int             `xml:"errors,attr"`
	Skipped    int             `xml:"skipped,attr"`
	Time       string          `xml:"time,attr"`
	Timestamp  string          `xml:"timestamp,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Cases      []junitCase     `xml:"testcase"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class      string          `xml:"classname,attr"`
	Name       string          `xml:"name,attr"`
	Time       string          `xml:"time,attr"`
	Properties []junitProperty `xml:"properties>property"`
	Failure    *junitMessage   `xml:"failure,omitempty"`
	Error      *junitMessage   `xml:"error,omitempty"`
	Skipped    *junitMessage   `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// JUnit is a report for a CI system: a test suite for each family, a test case for each claim. A
// deviation from a MUST or SHOULD is a failure, an inconclusive claim an error, one that did not
// run is skipped with its reason.
func JUnit(r model.Report, catalogue []claim.Entry) []byte {
	platform := cleanPlatform(r.Platform)
	out := junitReport{Name: "loopmatrix " + platform.ID}
	var total int64
	for _, name := range claim.Families() {
		s := junitSuite{Name: string(name), Timestamp: r.Run.Started.UTC().Format("2006-01-02T15:04:05"), Properties: []junitProperty{
			{"platform", platform.ID}, {"title", platform.Title}, {"kernel", platform.Kernel}, {"kit", cleanText(r.Kit.Version)},
			{"seed", strconv.FormatUint(r.Run.Seed, 10)}}}
		var took int64
		for _, t := range tests(r, catalogue) {
			if t.claim.Family == name {
				s.add(t)
				took += t.micros
			}
		}
		if s.Tests == 0 {
			continue
		}
		s.Time = seconds(took)
		total += took
		out.Tests, out.Failures, out.Errors, out.Skipped = out.Tests+s.Tests, out.Failures+s.Failures, out.Errors+s.Errors, out.Skipped+s.Skipped
		out.Suites = append(out.Suites, s)
	}
	out.Time = seconds(total)
	b, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		panic(fmt.Sprintf("junit: %v", err)) // these types hold nothing but strings and numbers
	}
	return append([]byte(xml.Header), append(b, '\n')...)
}

func (s *junitSuite) add(t test) {
	c := junitCase{Class: "loopmatrix." + s.Name, Name: t.claim.ID, Time: seconds(t.micros), Properties: []junitProperty{
		{"level", string(t.claim.Level)}, {"source", source(t.claim)}, {"verdict", string(t.Verdict)}}}
	if t.Behaviour != "" {
		c.Properties = append(c.Properties, junitProperty{"behaviour", t.Behaviour})
	}
	if t.unstable != "" {
		c.Properties = append(c.Properties, junitProperty{"unstable", t.unstable})
	}
	s.Tests++
	switch {
	case t.fails():
		s.Failures++
		c.Failure = &junitMessage{t.Behaviour + ": " + t.Reason, string(t.claim.Level), t.claim.Sentence + " (" + source(t.claim) + ")"}
	case t.Verdict == claim.Inconclusive:
		s.Errors++
		c.Error = &junitMessage{t.Reason, string(t.Verdict), t.claim.Sentence}
	case t.Verdict == claim.NotRun:
		s.Skipped++
		c.Skipped = &junitMessage{Message: t.Reason}
	}
	s.Cases = append(s.Cases, c)
}

// seconds writes microseconds as seconds.
func seconds(micros int64) string { return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6) }
