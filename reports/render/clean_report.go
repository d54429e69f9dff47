package render

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// CleanReport does for a report what Clean does for a matrix, and for the same reason.
func CleanReport(r model.Report) model.Report {
	r.Kit, r.Platform = cleanKit(r.Kit), cleanPlatform(r.Platform)
	r.Run, r.Outside, r.Subject, r.Catalogue = cleanRun(r.Run), cleanOutside(r.Outside), cleanWord(r.Subject), cleanTexts(r.Catalogue)
	r.Added = slices.Clone(r.Added)
	for i, a := range r.Added {
		r.Added[i] = model.Addition{Kit: cleanKit(a.Kit), Platform: cleanPlatform(a.Platform), Run: cleanRun(a.Run), Outside: cleanOutside(a.Outside),
			Claims: cleanTexts(a.Claims)}
	}
	r.Results = slices.Clone(r.Results)
	for i := range r.Results {
		r.Results[i] = cleanEvidence(cleanResult(r.Results[i]))
	}
	r.Sweeps = slices.Clone(r.Sweeps)
	for i := range r.Sweeps {
		s := &r.Sweeps[i]
		s.Protocol, s.Prefix, s.Reason = cleanText(s.Protocol), cleanText(s.Prefix), cleanText(s.Reason)
		s.Exceptions, s.Left = slices.Clone(s.Exceptions), cleanTexts(s.Left)
		for j, x := range s.Exceptions {
			s.Exceptions[j] = model.Exception{CIDR: cleanText(x.CIDR), Outcome: cleanWord(x.Outcome), Errno: cleanText(x.Errno)}
		}
	}
	if r.Capacity != nil {
		c := cleanCapacity(*r.Capacity)
		r.Capacity = &c
	}
	return r
}

func cleanRun(r model.Run) model.Run {
	r.ID, r.Target, r.How = cleanText(r.ID), cleanText(r.Target), cleanText(r.How)
	return r
}

func cleanOutside(o *model.Outside) *model.Outside {
	if o == nil {
		return nil
	}
	clean := model.Outside{Kit: cleanKit(o.Kit), Target: cleanText(o.Target), How: cleanText(o.How), Amended: slices.Clone(o.Amended)}
	for i, a := range clean.Amended {
		clean.Amended[i] = model.Amendment{Name: cleanText(a.Name), Inside: cleanText(a.Inside)}
	}
	return &clean
}

func cleanCapacity(c model.Capacity) model.Capacity {
	c.Ranges, c.Limit, c.Why, c.Reason = cleanTexts(c.Ranges), cleanWord(c.Limit), cleanText(c.Why), cleanText(c.Reason)
	c.Exceptions = slices.Clone(c.Exceptions)
	for i, x := range c.Exceptions {
		c.Exceptions[i] = model.Exception{CIDR: cleanText(x.CIDR), Outcome: cleanWord(x.Outcome), Errno: cleanText(x.Errno)}
	}
	if c.Memory != nil {
		m := *c.Memory
		m.By, m.Accounts = cleanText(m.By), slices.Clone(m.Accounts)
		for i := range m.Accounts {
			m.Accounts[i].Name = cleanText(m.Accounts[i].Name)
		}
		c.Memory = &m
	}
	return c
}

// cleanEvidence cleans what a finding was read from.
func cleanEvidence(r model.Result) model.Result {
	r.Subject = cleanWord(r.Subject)
	r.Observations = slices.Clone(r.Observations)
	for i := range r.Observations {
		r.Observations[i] = cleanObservation(r.Observations[i])
	}
	r.Evidence = slices.Clone(r.Evidence)
	for i, e := range r.Evidence {
		r.Evidence[i] = model.Evidence{Kind: cleanText(e.Kind), Name: cleanText(e.Name), Section: cleanText(e.Section), SHA256: cleanText(e.SHA256), Note: cleanText(e.Note)}
	}
	r.Runs.Also = slices.Clone(r.Runs.Also)
	for i, a := range r.Runs.Also {
		r.Runs.Also[i] = model.Alternative{Verdict: cleanWord(a.Verdict), Behaviour: cleanText(a.Behaviour), Times: a.Times}
	}
	return r
}

func cleanObservation(o observation.Observation) observation.Observation {
	o.Op, o.Proto, o.Variant, o.Outcome = cleanText(o.Op), cleanText(o.Proto), cleanText(o.Variant), cleanWord(o.Outcome)
	o.Errno, o.Source, o.Value = cleanText(o.Errno), cleanText(o.Source), cleanText(o.Value)
	o.Targets, o.Calls = cleanTexts(o.Targets), cleanTexts(o.Calls)
	return o
}
