package model

import "testing"

// TestArchitecture: every architecture that the kit is built for may stand in a report, the one
// that begins with a digit too.
func TestArchitecture(t *testing.T) {
	for word, want := range map[string]bool{"amd64": true, "arm64": true, "386": true, "riscv64": true, "": false, "x 86": false, "x/86": false, "é": false} {
		if architecture.MatchString(word) != want {
			t.Errorf("%q: %v, want %v", word, !want, want)
		}
	}
}
