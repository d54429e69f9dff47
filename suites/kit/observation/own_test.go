package observation_test

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestAnonymous(t *testing.T) {
	own := []string{"192.0.2.2", "fd00::2"}
	for text, want := range map[string]string{
		"":                               "",
		"192.0.2.2":                      observation.OwnAddress,
		"192.0.2.25":                     "192.0.2.25",
		"10.192.0.2.2":                   "10.192.0.2.2",
		"getsockname(s1) = 192.0.2.2:42": "getsockname(s1) = " + observation.OwnAddress + ":42",
		"16 from [fd00::2]:9":            "16 from [" + observation.OwnAddress + "]:9",
		"fd00::22":                       "fd00::22",
		"127.0.0.1":                      "127.0.0.1",
		"192.0.2.2 and 192.0.2.2":        observation.OwnAddress + " and " + observation.OwnAddress,
	} {
		got := observation.Anonymous(observation.Set{{Source: text, Value: text, Calls: []string{text}}}, own)[0]
		for _, s := range []string{got.Source, got.Value, got.Calls[0]} {
			if s != want {
				t.Errorf("%q became %q, want %q", text, s, want)
			}
		}
	}
}
