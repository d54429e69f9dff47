package platforms

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func TestOlder(t *testing.T) {
	for name, c := range map[string]struct{ measured, older string }{ // "ID DAY", by commas
		"nothing":                   {"", ""},
		"one":                       {"macos-26.1-vm-arm64 1", ""},
		"two":                       {"macos-26.1-vm-arm64 1, macos-26.2-vm-arm64 8", ""},
		"three":                     {"macos-26.1-vm-arm64 1, macos-26.2-vm-arm64 8, macos-26.3-vm-arm64 15", "macos-26.1-vm-arm64"},
		"the day counts":            {"macos-26.10-vm-arm64 15, macos-26.9-vm-arm64 8, macos-26.8-vm-arm64 1", "macos-26.8-vm-arm64"},
		"in any order":              {"macos-26.3-vm-arm64 15, macos-26.1-vm-arm64 1, macos-26.2-vm-arm64 8", "macos-26.1-vm-arm64"},
		"the same day":              {"macos-26.1-vm-arm64 1, macos-26.2-vm-arm64 1, macos-26.3-vm-arm64 1", "macos-26.1-vm-arm64"},
		"measured again":            {"macos-26.1-vm-arm64 22, macos-26.2-vm-arm64 8, macos-26.3-vm-arm64 15", "macos-26.2-vm-arm64"},
		"each class of user":        {"macos-26.1-vm-arm64 1, macos-26.2-vm-arm64-root 8, macos-26.3-vm-arm64 15, macos-26.3-vm-arm64-root 16", ""},
		"of one class":              {"macos-26.1-vm-arm64-root 1, macos-26.2-vm-arm64-root 8, macos-26.3-vm-arm64-root 9, macos-26.1-vm-arm64 1", "macos-26.1-vm-arm64-root"},
		"other architectures":       {"macos-26.1-vm-arm64 1, macos-26.2-vm-arm64 2, macos-26.3-vm-amd64 3", ""},
		"other releases":            {"macos-15.1-vm-arm64 1, macos-26.2-vm-arm64 2, macos-26.3-vm-arm64 3", ""},
		"kernels of a distribution": {"linux-6.14-ubuntu-24.04-vm-amd64 1, linux-6.17-ubuntu-24.04-vm-amd64 2, linux-7.0-ubuntu-24.04-vm-amd64 3", "linux-6.14-ubuntu-24.04-vm-amd64"},
		"no target":                 {"haiku-1-amd64 1, haiku-2-amd64 2, haiku-3-amd64 3", ""},
		"several":                   {"freebsd-15.0-vm-amd64 1, freebsd-15.1-vm-amd64 2, freebsd-15.2-vm-amd64 3, freebsd-15.3-vm-amd64 4", "freebsd-15.0-vm-amd64 freebsd-15.1-vm-amd64"},
	} {
		var measured []model.Column
		for words := range strings.SplitSeq(c.measured, ", ") {
			if id, day, is := strings.Cut(words, " "); is {
				n, err := time.ParseDuration(day + "h")
				if err != nil {
					t.Fatal(err)
				}
				measured = append(measured, model.Column{Platform: model.Platform{ID: id}, Measured: time.Unix(0, 0).Add(n)})
			}
		}
		before := slices.Clone(measured)
		if got := strings.Join(Older(targets(t), measured), " "); got != c.older {
			t.Errorf("%s: %q, want %q", name, got, c.older)
		}
		if !slices.EqualFunc(before, measured, func(a, b model.Column) bool { return a.ID == b.ID }) {
			t.Errorf("%s: the columns are in another order", name)
		}
	}
}
