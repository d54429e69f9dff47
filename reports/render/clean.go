package render

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// Clean takes from every text of a matrix whatever could act on a terminal or mislead a reader:
// escape sequences, control characters, marks that turn the direction of writing, and characters
// without a glyph. Reports come from strangers.
func Clean(m model.Matrix) model.Matrix {
	m.Claims = slices.Clone(m.Claims)
	for i := range m.Claims {
		m.Claims[i] = cleanClaim(m.Claims[i])
	}
	m.Platforms = slices.Clone(m.Platforms)
	for i := range m.Platforms {
		p := &m.Platforms[i]
		p.Platform = cleanPlatform(p.Platform)
		p.Report, p.Kit = cleanText(p.Report), cleanKit(p.Kit)
	}
	m.Wanted = slices.Clone(m.Wanted)
	for i, w := range m.Wanted {
		m.Wanted[i] = model.Wanted{Family: cleanText(w.Family), Title: cleanText(w.Title)}
	}
	m.Cells = maps.Clone(m.Cells)
	clean := map[model.Cell]model.Cell{} // most are the same on every platform
	for id, row := range m.Cells {
		out, changed := row, false
		for platform, c := range row {
			if c == nil {
				continue
			}
			is, known := clean[*c]
			if !known {
				is = model.Cell{Verdict: cleanWord(c.Verdict), Behaviour: cleanText(c.Behaviour), Detail: cleanText(c.Detail), Unstable: cleanText(c.Unstable)}
				clean[*c] = is
			}
			switch {
			case is == *c:
				continue
			case !changed:
				out, changed = maps.Clone(row), true
			}
			out[platform] = &is
		}
		m.Cells[id] = out
	}
	return m
}

func cleanClaim(c claim.Claim) claim.Claim {
	c.ID, c.Family, c.Level = cleanText(c.ID), cleanWord(c.Family), cleanWord(c.Level)
	c.Sentence, c.Question, c.Exempt = cleanText(c.Sentence), cleanText(c.Question), cleanText(c.Exempt)
	c.Fault, c.NoFault = cleanText(c.Fault), cleanText(c.NoFault)
	c.Source.Note = cleanText(c.Source.Note)
	c.Source.References = slices.Clone(c.Source.References)
	for i, r := range c.Source.References {
		c.Source.References[i] = claim.Reference{Document: cleanText(r.Document), Section: cleanText(r.Section), URL: cleanText(r.URL)}
	}
	c.Behaviours = slices.Clone(c.Behaviours)
	for i, b := range c.Behaviours {
		c.Behaviours[i] = claim.Behaviour{Word: cleanText(b.Word), Means: cleanText(b.Means), Conforms: b.Conforms}
	}
	c.Gates = slices.Clone(c.Gates)
	for i, g := range c.Gates {
		c.Gates[i] = cleanWord(g)
	}
	return c
}

func cleanKit(k model.Kit) model.Kit {
	return model.Kit{Version: cleanText(k.Version), Commit: cleanText(k.Commit)}
}

func cleanPlatform(p model.Platform) model.Platform {
	p.ID, p.Title, p.Family, p.Version = cleanText(p.ID), cleanText(p.Title), cleanText(p.Family), cleanText(p.Version)
	p.Kernel, p.Arch, p.Environment, p.Wire = cleanText(p.Kernel), cleanText(p.Arch), cleanText(p.Environment), cleanText(p.Wire)
	s := p.State
	s.Filter, s.User, s.Evidence, s.Unknown = cleanText(s.Filter), cleanText(s.User), cleanTexts(s.Evidence), cleanTexts(s.Unknown)
	if s.Lo != nil {
		lo := *s.Lo
		lo.Name, lo.Flags, lo.Addresses = cleanText(lo.Name), cleanTexts(lo.Flags), cleanTexts(lo.Addresses)
		s.Lo = &lo
	}
	if s.Switches != nil {
		switches := make(map[string]string, len(s.Switches))
		for k, v := range s.Switches {
			switches[cleanText(k)] = cleanText(v)
		}
		s.Switches = switches
	}
	p.State = s
	return p
}

// cleanResult cleans the texts of a result that JUnit and TAP show. The rest of a result is not
// rendered.
func cleanResult(r model.Result) model.Result {
	r.Claim = cleanText(r.Claim)
	r.Finding = claim.Finding{Verdict: cleanWord(r.Verdict), Behaviour: cleanText(r.Behaviour), Reason: cleanText(r.Reason)}
	return r
}

func cleanTexts(texts []string) []string {
	out := slices.Clone(texts)
	for i := range out {
		out[i] = cleanText(out[i])
	}
	return out
}

func cleanWord[T ~string](w T) T { return T(cleanText(string(w))) }

// maxText is the longest text that is shown: a reason is a sentence, or a few lines of gomega's.
const maxText = 1000

// cleanText gives one line of text that does nothing but show its characters.
func cleanText(s string) string {
	s = withoutEscapes(s)
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), r == '\u2028', r == '\u2029':
			return ' '
		case r == utf8.RuneError, unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxText {
		return string(runes[:maxText-1]) + "…"
	}
	return s
}

// withoutEscapes takes out whole escape sequences (ECMA-48): without its ESC the rest of one would
// show as litter. It knows CSI, the strings that end in ST or BEL (OSC, DCS, PM, APC, SOS), and the
// short ones; also in their 8-bit form.
func withoutEscapes(s string) string {
	if !strings.ContainsAny(s, "\x1b\u0090\u0098\u009b\u009d\u009e\u009f") {
		return s
	}
	var b strings.Builder
	runes := []rune(s)
	for i := 0; i < len(runes); i++ {
		introducer := runes[i]
		if introducer == '\x1b' && i+1 < len(runes) {
			i++
			introducer = runes[i] - '@' + '\u0080' // ESC and a letter are the 8-bit control of the same name
		}
		switch introducer {
		case '\u009b':
			i = endOfControl(runes, i+1)
		case '\u0090', '\u0098', '\u009d', '\u009e', '\u009f':
			i = endOfString(runes, i+1)
		default:
			if runes[i] == introducer {
				b.WriteRune(introducer)
			}
		}
	}
	return b.String()
}

// endOfControl finds the final byte of a control sequence, from @ to ~.
func endOfControl(runes []rune, i int) int {
	for ; i < len(runes); i++ {
		if runes[i] >= '@' && runes[i] <= '~' {
			return i
		}
	}
	return i
}

// endOfString finds the end of a control string: BEL, ST, or ESC \.
func endOfString(runes []rune, i int) int {
	for ; i < len(runes); i++ {
		switch {
		case runes[i] == '\a' || runes[i] == '\u009c':
			return i
		case runes[i] == '\x1b' && i+1 < len(runes) && runes[i+1] == '\\':
			return i + 1
		}
	}
	return i
}
