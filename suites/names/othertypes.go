package names

import (
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/resolve"
)

var _ = claim.It(claim.Claim{
	ID:     "name.localhost.othertypes",
	Family: claim.Names,
	Level:  claim.Should,
	Source: claim.Source{References: []claim.Reference{claim.RFC(6761, "6.3")},
		Note: "item 3 asks for \"negative responses for all other query types\""},
	Sentence: "Asked for records of another type of localhost, such as MX or TXT, the resolver answers that there are none.",
	Question: "Can localhost have a mail server or a TXT record?",
	Gates:    []claim.Gate{claim.Unprivileged},
	Fault:    "localhost-has-mx",
	Behaviours: []claim.Behaviour{
		{Word: "negative", Means: "there are neither MX nor TXT records", Conforms: true},
		{Word: "records", Means: "there are MX or TXT records"},
		{Word: resolve.AsksDNS, Means: "no answer of the resolver's own: it asked a name server, which could not answer"},
		isTimeout,
	},
	Rule: otherTypes,
}, func(h *host.Host) observation.Set { return ask(h, records("MX"), records("TXT")) })

// records asks for records of localhost. What they say is somebody's and stays out of the report.
func records(rrtype string) question {
	return question{"res_query " + rrtype, "localhost", func(r resolve.Resolver) (string, error) {
		found, err := r.Records("localhost", rrtype)
		if err == nil && len(found) == 0 {
			return "", &resolve.Error{Op: "res_query", Code: "NODATA", Outcome: observation.NoAnswer}
		}
		return "records", err
	}}
}

func otherTypes(seen observation.Set) claim.Answer {
	var with, without []string
	for _, o := range seen.Variant(system).Where(isLookup) {
		rrtype := strings.TrimPrefix(o.Op, "res_query ")
		switch {
		case o.Outcome == observation.OK:
			with = append(with, rrtype)
		case o.Outcome == observation.NoAnswer:
			without = append(without, rrtype)
		case o.Outcome == observation.Timeout:
			return shows(seen, timeout, "no answer about %s records", rrtype)
		case o.Outcome == observation.Failed && o.Value != "":
			return shows(seen, resolve.AsksDNS, "%s for %s records", o.Value, rrtype)
		default:
			return claim.Unclear("the system's resolver could not answer about %s records: %s", rrtype, o.Problem())
		}
	}
	switch {
	case len(with) > 0:
		return shows(seen, "records", "there are %s records", strings.Join(with, " and "))
	case len(without) > 0:
		return shows(seen, "negative", "no %s records", strings.Join(without, ", no "))
	default:
		return claim.Unclear("the system's resolver was not asked")
	}
}
