package observation

import "strings"

// OwnAddress stands in a report for an address of the host that is not loopback: which one it is
// identifies the host, and a report is published.
const OwnAddress = "another address of this host"

// Anonymous replaces the host's own addresses in everything that was read or called. It comes
// before judging, so that stored observations give the same verdict.
func Anonymous(s Set, own []string) Set {
	for i := range s {
		o := &s[i]
		o.Source, o.Value = AnonymousText(o.Source, own), AnonymousText(o.Value, own)
		for j := range o.Calls {
			o.Calls[j] = AnonymousText(o.Calls[j], own)
		}
	}
	return s
}

// AnonymousText is Anonymous for a single text.
func AnonymousText(text string, own []string) string {
	for _, address := range own {
		text = replaceWhole(text, address)
	}
	return text
}

// replaceWhole replaces an address where it does not stand inside a longer one; a port may follow
// it.
func replaceWhole(text, address string) string {
	var out strings.Builder
	for {
		at := strings.Index(text, address)
		if at < 0 {
			return out.String() + text
		}
		before, after := text[:at], text[at+len(address):]
		out.WriteString(before)
		if inAddress(lastByte(before)) || inAddress(firstByte(after)) && !strings.HasPrefix(after, ":") {
			out.WriteString(address)
		} else {
			out.WriteString(OwnAddress)
		}
		text = after
	}
}

func inAddress(c byte) bool { return c != 0 && strings.IndexByte("0123456789abcdef:.", c) >= 0 }

func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

func lastByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[len(s)-1]
}
