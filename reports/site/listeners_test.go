package site

import (
	"strings"
	"testing"
)

// TestListeners wants on a platform's page what its report says of listeners, and nothing where
// nobody asked for any.
func TestListeners(t *testing.T) {
	reports := forty(t)[:2]
	files := built(t, reports)
	for _, r := range reports {
		page := string(files["platforms/"+r.Platform.ID+".html"])
		for _, words := range []string{`<h2 id="listeners">`, "100,000 listeners held at once", "50 % of the free memory", "One of them costs 3,800 bytes",
			"Extrapolated, not measured: 16,777,214 would take 59.4 GiB", `href="../claims/bind.capacity.html"`} {
			if strings.Contains(page, words) != (r.Capacity != nil) {
				t.Errorf("%s, with listeners: %v: %q", r.Platform.ID, r.Capacity != nil, words)
			}
		}
	}
}
