package site

import (
	"fmt"
	"slices"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/hilbert"
	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
)

// picture is the map of a platform's sweeps with one protocol.
type picture struct {
	Protocol string
	// Says is what is on it, for those who do not see it.
	Says string
	// Sweeps are those that are on it, which have asked different parts of the block.
	Sweeps []model.Sweep
	// Thumbnail and Full are the addresses of the files from the root.
	Thumbnail, Full string
}

// protocols are those that have a map, in the order in which they are shown.
func protocols() []string { return []string{"udp", "bind", "tcp", "icmp"} }

// informs names the protocol whose sweep says of every address what the claim asks of a sample;
// empty if none does.
func informs(claim string) string {
	return map[string]string{
		"v4.block.bind": "bind", "v4.block.delivery.udp": "udp", "v4.block.delivery.tcp": "tcp", "v4.block.delivery.icmp": "icmp",
		"v4.edge.low": "udp", "v4.edge.high": "udp",
	}[claim]
}

// maps draws the sweeps of every platform. Many look the same, and are drawn once.
func (b *builder) maps() error {
	drawn := map[string][]byte{}
	for _, p := range b.shown.Platforms {
		for _, protocol := range protocols() {
			m := picture{Protocol: protocol, Thumbnail: "maps/" + p.ID + "/" + protocol + ".svg", Full: "maps/" + p.ID + "/" + protocol + ".png"}
			for _, s := range b.reports[p.ID].Sweeps {
				if s.Protocol == protocol && !s.Broadcast && s.Addresses > 0 {
					m.Sweeps = append(m.Sweeps, s)
				}
			}
			if len(m.Sweeps) == 0 {
				continue
			}
			m.Says = "Map: " + render.MapTitle(p.Title, m.Sweeps) + "."
			if err := b.draw(m, drawn); err != nil {
				return fmt.Errorf("%s: %w", m.Full, err)
			}
			b.pictures[p.ID] = append(b.pictures[p.ID], m)
		}
	}
	return nil
}

// draw adds the files of a map.
func (b *builder) draw(m picture, drawn map[string][]byte) error {
	small, err := hilbert.SVG(m.Says, m.Sweeps...)
	if err != nil {
		return err
	}
	var same strings.Builder
	for _, s := range m.Sweeps {
		_, _ = fmt.Fprintln(&same, s.Prefix, s.Exceptions, s.Left)
	}
	full, has := drawn[same.String()]
	if !has {
		if full, err = hilbert.PNG(m.Sweeps...); err != nil {
			return err
		}
		drawn[same.String()] = full
	}
	b.add(m.Thumbnail, small)
	b.add(m.Full, full)
	return nil
}

// picture is a platform's map of a protocol, nil if it has none.
func (b *builder) picture(platform, protocol string) *picture {
	i := slices.IndexFunc(b.pictures[platform], func(m picture) bool { return m.Protocol == protocol })
	if i < 0 {
		return nil
	}
	return &b.pictures[platform][i]
}
