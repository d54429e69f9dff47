package render

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Sweeps shows the sweeps of a report on a terminal; nothing if there are none.
func Sweeps(r model.Report, t Terminal) []byte {
	if len(r.Sweeps) == 0 {
		return nil
	}
	return paged(t, view{}, func(p *page) {
		p.heading("Every address")
		for _, s := range CleanReport(r).Sweeps {
			f := s.Finding()
			said := f.Behaviour
			if said == "" {
				said = string(f.Verdict)
			}
			p.paragraph(fmt.Sprintf("%s %-4s  %s  ", p.sign(f.Verdict), s.Protocol, p.paint(colour(f.Verdict), fmt.Sprintf("%-14s", said))), SweepWords(s))
		}
	})
}

// SweepTable is the sweeps of reports as a Markdown table, a line for each; nil if there are none.
// Every text is escaped.
func SweepTable(reports []model.Report) []byte {
	var d document
	for _, r := range reports {
		r = CleanReport(r)
		for _, s := range r.Sweeps {
			with := ""
			if s.Broadcast {
				with = ", SO\\_BROADCAST"
			}
			f := s.Finding()
			d.line("| %s | %s%s | %s | %s | %s | %s %s | %s |", escape(r.Platform.Title), escape(s.Protocol), with, escape(s.Prefix), Thousands(s.Addresses),
				Thousands(s.Delivered), mark(f.Verdict), escape(f.Behaviour), escape(f.Reason))
		}
	}
	if d.b.Len() == 0 {
		return nil
	}
	return append([]byte("| platform | sweep | of | asked | worked | | what did not |\n| --- | --- | --- | --- | --- | --- | --- |\n"), d.b.Bytes()...)
}

// SweepWords tells a sweep in words: "16,777,215 of 16,777,216 addresses of 127.0.0.0/8;
// 127.255.255.255 EACCES; 28.0 s, 599,000 addresses a second".
func SweepWords(s model.Sweep) string {
	f := s.Finding()
	if f.Verdict == claim.NotRun {
		return f.Reason
	}
	words := found(s)
	if s.Seconds >= 1 {
		words += fmt.Sprintf("; %.1f s, %s addresses a second", s.Seconds, Thousands(int(float64(s.Addresses)/s.Seconds)/1000*1000))
	}
	return words
}

// found says what a sweep found, and of which addresses.
func found(s model.Sweep) string {
	words := fmt.Sprintf("%s of %s addresses of %s", Thousands(s.Delivered), Thousands(s.Addresses), s.Prefix)
	if s.Broadcast {
		words += " with SO_BROADCAST"
	}
	if f := s.Finding(); f.Reason != "" {
		words += "; " + f.Reason
	}
	if s.Late > 0 {
		words += fmt.Sprintf("; %s only when asked again", Thousands(s.Late))
	}
	return words
}

// MapTitle says in words what the map of sweeps with one protocol shows: "udp on Linux 6.12:
// 16,777,215 of 16,777,216 addresses of 127.0.0.0/8; 127.255.255.255 EACCES".
func MapTitle(platform string, sweeps []model.Sweep) string {
	var all []string
	for _, s := range sweeps {
		all = append(all, found(s))
	}
	if len(sweeps) == 0 {
		return platform
	}
	return fmt.Sprintf("%s on %s: %s", sweeps[0].Protocol, platform, strings.Join(all, ", and "))
}

// Thousands writes a number as in "7,667".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
