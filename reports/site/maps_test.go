package site

import (
	"bytes"
	"image/png"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestMaps wants the maps of a platform on its page and beside the evidence of the claims that they
// inform, each told in words, and none of a sweep that was not made.
func TestMaps(t *testing.T) {
	files := built(t, forty(t))
	id := "linux-0.0-vm-amd64"
	words := map[string]string{
		"udp": "16,777,215 of 16,777,216 addresses of 127.0.0.0/8; 127.255.255.255 EACCES.", "bind": "524,288 of 524,288 addresses of 127.248.0.0/13.",
	}
	shown := func(page, protocol string) bool {
		for n := range document(t, page, files[page]).Descendants() {
			src, _ := attribute(n, "src")
			if n.Type == html.ElementNode && path.Join(path.Dir(page), src) == "maps/"+id+"/"+protocol+".svg" {
				alt, _ := attribute(n, "alt")
				if !strings.HasSuffix(alt, words[protocol]) {
					t.Errorf("%s: %s is told as %q", page, src, alt)
				}
				return true
			}
		}
		return false
	}
	for protocol := range words {
		config, err := png.DecodeConfig(bytes.NewReader(files["maps/"+id+"/"+protocol+".png"]))
		if err != nil || config.Width != 4096 || config.Height != 4096 {
			t.Errorf("%s: %+v, %v", protocol, config, err)
		}
		if size := len(files["maps/"+id+"/"+protocol+".png"]); size > 64<<10 {
			t.Errorf("%s: a map with hardly anything on it has %d bytes", protocol, size)
		}
	}
	for page, want := range map[string]string{
		"platforms/" + id + ".html": "udp bind", "claims/v4.block.bind.html": "bind", "claims/v4.block.delivery.udp.html": "udp",
		"claims/v4.edge.high.html": "udp", "claims/v4.block.delivery.icmp.html": "", "claims/v4.addr1.delivery.html": "",
	} {
		for _, protocol := range protocols() {
			if is := shown(page, protocol); is != strings.Contains(want, protocol) {
				t.Errorf("%s: the map of %s is there: %v", page, protocol, is)
			}
		}
	}
}
