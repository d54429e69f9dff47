package render

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Reply answers the question of a claim in words: "Yes: any address of 127.0.0.0/8 can be bound".
type Reply struct {
	// Short is the answer in a word or a few: "Yes", "No", "127.0.0.1".
	Short string
	// Text says the rest, without a full stop.
	Text string
}

// String reads "Yes: any address of 127.0.0.0/8 can be bound".
func (r Reply) String() string {
	if r.Text == "" {
		return r.Short
	}
	return r.Short + ": " + r.Text
}

// ReplyTo is what a cell answers to the question of its claim. A headline has an answer in words
// for each of its behaviours; of any other claim the behaviour stands for itself, and its meaning
// explains it.
func ReplyTo(c claim.Claim, cell model.Cell) Reply {
	switch cell.Verdict {
	case claim.NotRun:
		return Reply{"Not run", cell.Detail}
	case claim.Inconclusive:
		return Reply{"Unclear", cell.Detail}
	case claim.Withdrawn:
		return Reply{"Withdrawn", cell.Detail}
	case unknown, "":
		return Reply{"Unknown", "nobody has measured it"}
	}
	b, _ := c.Behaviour(cell.Behaviour)
	if r, known := replies(c.ID)[b.Word]; known {
		r.Text = strings.ReplaceAll(r.Text, claim.AnyErrno, cell.Behaviour)
		r.Short = strings.ReplaceAll(r.Short, afterTime, cmp.Or(timeIn.FindString(cell.Detail), "late"))
		return r
	}
	return Reply{cell.Behaviour, b.Means}
}

// afterTime stands in a reply for the time that was measured, "after 2 s", which the reason of the
// cell tells.
const afterTime = "<after>"

var timeIn = regexp.MustCompile(`\bafter \d+ s\b`)

// replies are the answers of a headline by the words of its behaviours.
func replies(id string) map[string]Reply {
	switch id {
	case "v4.block.bind":
		return map[string]Reply{
			"whole-block":    {"Yes", "any address of 127.0.0.0/8 can be bound"},
			"only-127.0.0.1": {"No", "127.0.0.1 is the only one that can be bound"},
			"assigned-only":  {"No", "only addresses that an interface carries can be bound"},
			"partial":        {"Some of them", "not every address can be bound"},
			"intermittent":   {"Not every time", "every address can be bound, but binding fails now and then"},
			"none":           {"No", "not even 127.0.0.1 can be bound"},
		}
	case "v4.block.delivery.tcp":
		return map[string]Reply{
			"whole-block":         {"Yes", "every address of 127.0.0.0/8 that was tried takes connections"},
			"only-127.0.0.1":      {"No", "127.0.0.1 is the only one that takes connections"},
			"assigned-only":       {"No", "only addresses that an interface carries take connections"},
			"partial":             {"Some of them", "not every address takes connections"},
			"intermittent":        {"Not every time", "every address takes connections, but one fails now and then"},
			"none":                {"No", "not even 127.0.0.1 takes connections"},
			"delivered-rewritten": {"Yes", "but the server sees another source address than the client has"},
		}
	case "v4.closed.refused":
		return map[string]Reply{
			"refused":        {"It fails at once", "every address refuses, over TCP and UDP"},
			"fails-at-once":  {"It fails at once", "127.0.0.1 refuses, and the others refuse or give another error"},
			"other-error":    {"It depends on the address", "127.0.0.1 refuses, and another address gives an error that says nothing of a closed port"},
			"refused-late":   {"It fails " + afterTime, "every address refuses or gives another error, but not at once"},
			"tcp-only":       {"It fails at once over TCP", "over UDP nobody is told"},
			"tcp-only-late":  {"It fails " + afterTime + " over TCP", "over UDP nobody is told"},
			"udp-only":       {"It hangs over TCP", "over UDP it is refused"},
			"only-127.0.0.1": {"It hangs", "only 127.0.0.1 refuses, the other addresses give no answer"},
			"partial":        {"It depends on the address", "some refuse, others give no answer"},
			"silent":         {"It hangs", "no address gives an answer"},
			"no-refusal":     {"It fails in another way", "not even 127.0.0.1 refuses: there is another error, or no answer"},
			"answered":       {"It is answered", "though nothing listens on the port"},
		}
	case "v4.unspecified.connect":
		return map[string]Reply{
			"127.0.0.1":    {"Yes", "it reaches this host, at 127.0.0.1"},
			"own-address":  {"Yes", "it reaches this host, at another of its addresses"},
			"0.0.0.0":      {"Yes", "it reaches this host, and the peer still reads 0.0.0.0"},
			"elsewhere":    {"Not to this host", "it connects, but not to the listener here"},
			"timeout":      {"No", "it gets no answer"},
			claim.AnyErrno: {"No", "it fails at once with <errno>"},
		}
	case "v4.egress.dst.default", "v4.egress.dst.devbind":
		return map[string]Reply{
			"stays-inside":   {"No", "none was seen on the link"},
			"arp":            {"Not the packet itself", "but an ARP request for the address was seen on the link"},
			"leaves":         {"Yes", "packets to 127.0.0.0/8 were seen on the link"},
			"no-such-option": {"No", "no socket can be bound to one there, and none was seen on the link"}, // of the second alone
		}
	case "v4.egress.src.bound":
		return map[string]Reply{
			"refused":      {"No", "the system refuses to send it"},
			"stays-inside": {"No", "it can be sent, and none was seen on the link"},
			"other-source": {"No", "it leaves with another source address"},
			"leaves":       {"Yes", "packets from 127.0.0.0/8 were seen on the link"},
		}
	default:
		return repliesAboutBinds(id)
	}
}

// repliesAboutBinds are those of the headlines about neighbours, binds and sources.
func repliesAboutBinds(id string) map[string]Reply {
	switch id {
	case "v4.ingress.dst":
		return map[string]Reply{
			"dropped":   {"No", "they are neither delivered nor answered"},
			"answered":  {"Not to a socket", "they are not delivered, but they are answered"},
			"delivered": {"Yes", "they reach a socket"},
		}
	case "v4.neighbour.bypass":
		return map[string]Reply{
			"unreachable": {"No", "the neighbour gets no answer"},
			"refused":     {"No", "the connection is refused, so the host does answer for the address"},
			"reached":     {"Yes", "the neighbour connects to the service"},
		}
	case "bind.sameport.addrs":
		return map[string]Reply{
			"separate": {"Yes", "over TCP and UDP"},
			"tcp-only": {"Over TCP", "over UDP the port is taken"},
			"udp-only": {"Over UDP", "over TCP the port is taken"},
			"partial":  {"On some addresses", "not on every one"},
			"conflict": {"No", "a port that is bound on one address is taken on the others"},
		}
	case "bind.priv":
		return map[string]Reply{
			"needs-privilege":     {"No", "that takes privilege, on 127.0.0.1 as on 0.0.0.0"},
			"wildcard-free":       {"No", "only 0.0.0.0:80 is free to all, which exposes the port to the network"},
			"specific-free":       {"Yes", "it is 0.0.0.0:80 that takes privilege"},
			"no-privilege-needed": {"Yes", "and on 0.0.0.0:80 too"},
		}
	case "src.select.127.0.0.2":
		return map[string]Reply{
			"source=destination": {"The very address it listens on", "the client's source is the address that it speaks to"},
			"source=127.0.0.1":   {"127.0.0.1", "though the client speaks to another address"},
			"source=other":       {"A third address", "neither 127.0.0.1 nor the one that the client speaks to"},
			"differs":            {"It depends", "TCP, UDP and getsockname do not agree"},
			"rewritten":          {"A rewritten one", "the two ends do not agree on it"},
			"unreachable":        {"None", "a server there can't be reached"},
		}
	default:
		return repliesAboutNames(id)
	}
}

// repliesAboutNames are those of the headlines about IPv6 and names.
func repliesAboutNames(id string) map[string]Reply {
	switch id {
	case "v6.lo.only":
		return map[string]Reply{
			"only-::1": {"No", "::1 is the only one"},
			"some":     {"Yes", "some of the addresses that were tried are this host's"},
			"loopback": {"Yes", "all of the addresses that were tried are this host's"},
		}
	case "v6.wild.dual":
		return map[string]Reply{
			"dual":           {"Yes", "IPv4 clients arrive, with IPv4-mapped addresses"},
			"dual-127.0.0.1": {"Yes", "on 127.0.0.1; on 127.0.0.2 not even an IPv4 server is reached"},
			"dual-if-asked":  {"No", "unless it switches IPV6_V6ONLY off; then IPv4 clients arrive"},
			"unmapped":       {"Yes", "but its clients do not show IPv4-mapped addresses"},
			"partial":        {"In part", "some attempts work, others don't"},
			"silent":         {"No", "nothing ever comes back"},
			"fails":          {"No", "every attempt fails, in different ways"},
			claim.AnyErrno:   {"No", "every attempt fails with <errno>"},
		}
	case "name.localhost.order":
		return map[string]Reply{
			"::1-first":              {"::1", "it comes before 127.0.0.1"},
			"127.0.0.1-first":        {"127.0.0.1", "it comes before ::1"},
			"127.0.0.1-first-no-::1": {"127.0.0.1", "::1 comes later, and can't be used there"},
			"only-::1":               {"::1", "there is no other answer"},
			"only-127.0.0.1":         {"127.0.0.1", "there is no IPv6 answer"},
			"only-IPv4":              {"Neither", "it means another IPv4 address, and there is no IPv6 answer"},
			"elsewhere":              {"Neither", "an answer is no loopback address"},
			"none":                   {"Nothing", "the system's resolver gives no answer"},
			"timeout":                {"Nothing in time", "the system's resolver waits for a name server"},
		}
	case "name.sub":
		return map[string]Reply{
			"loopback":  {"Yes", "names below localhost have loopback addresses"},
			"partial":   {"In part", "one of foo.localhost and a.b.localhost has no answer"},
			"elsewhere": {"Not as loopback", "an answer is no loopback address"},
			"none":      {"No", "the system's resolver gives no answer"},
			"timeout":   {"No", "the system's resolver waits for a name server"},
		}
	default:
		return nil
	}
}
