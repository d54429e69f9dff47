package site

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// structure is what of a file must not depend on a text in it.
func structure(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	switch path.Ext(name) {
	case ".html":
		return tokens(tb, name, text)
	case ".svg", ".xml":
		return elements(tb, name, text)
	case ".md":
		return skeleton(string(text))
	case ".csv":
		records, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil {
			tb.Error(name, err)
		}
		for _, r := range records {
			out = append(out, fmt.Sprint(len(r)))
		}
	case ".tap":
		for line := range strings.Lines(string(text)) {
			word, _, _ := strings.Cut(strings.TrimRight(line, "\n"), "harmless")
			out = append(out, word)
		}
	case ".json":
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			tb.Error(name, err)
		}
		out = append(out, fmt.Sprint(shape(v)))
	}
	return out
}

// tokens are the elements of a page with their attributes; what the text attributes say is left
// out.
func tokens(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	for z := html.NewTokenizer(bytes.NewReader(text)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if !errors.Is(z.Err(), io.EOF) {
				tb.Error(name, z.Err())
			}
			return out
		case html.TextToken:
		default:
			t := z.Token()
			for i := range t.Attr {
				if slices.Contains([]string{"content", "title", "alt", "aria-label"}, t.Attr[i].Key) {
					t.Attr[i].Val = ""
				}
			}
			out = append(out, t.String())
		}
	}
}

func elements(tb testing.TB, name string, text []byte) (out []string) {
	tb.Helper()
	for d := xml.NewDecoder(bytes.NewReader(text)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			tb.Error(name, err)
			return out
		}
		switch e := token.(type) {
		case xml.StartElement:
			out = append(out, e.Name.Local)
		case xml.EndElement:
			out = append(out, "/"+e.Name.Local)
		}
	}
}

// literal is what Markdown takes for nothing but text: an escaped sign, or a reference to a
// character.
var literal = regexp.MustCompile(`\\[!-/:-@\[-` + "`" + `{-~]|&#?[a-z0-9]+;`)

// skeleton is the signs of each line of Markdown that can have a meaning, the beginnings of lines,
// and what GitHub makes links of by itself.
func skeleton(text string) (out []string) {
	for line := range strings.Lines(text) {
		line = literal.ReplaceAllString(line, "")
		signs := strings.Map(func(r rune) rune {
			if strings.ContainsRune("|*_`[]<>#~!$@", r) {
				return r
			}
			return -1
		}, line)
		start, _, _ := strings.Cut(line, "harmless")
		out = append(out, fmt.Sprintf("%s %.3s %d", signs, start, strings.Count(line, "://")+strings.Count(line, "www.")))
	}
	return out
}

// shape is a JSON value with every text left out but the names of fields.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range v {
			if strings.HasPrefix(k, harmless) {
				k = harmless
			}
			out[k] = shape(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = shape(v[i])
		}
		return out
	case string:
		return ""
	default:
		return v
	}
}

// acts says what in a file could act on whoever looks at it: a control character or a mark that
// turns the direction.
func acts(name string, text []byte) string {
	s := string(text)
	if name == "colour.txt" {
		s = regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(s, "") // our own: colours and no more
	}
	for i, r := range s {
		switch {
		case r == '\n', r == '\r' && path.Ext(name) == ".csv":
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029', r == unicode.ReplacementChar:
			return fmt.Sprintf("%q at %q", r, s[max(0, i-40):min(len(s), i+40)])
		}
	}
	return ""
}
