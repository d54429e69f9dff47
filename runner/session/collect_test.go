package session

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/runner/targets"
)

func TestSweepsOnTargetsHaveTime(t *testing.T) {
	for list, want := range map[string]time.Duration{"": time.Minute, "udp,bind=127.0.0.0/13": time.Minute + (1<<24+1<<19)*time.Millisecond,
		"listeners=1000": 80 * time.Second, "listeners": time.Minute + 131_072*perListener} {
		o := Defaults()
		o.Sweep = list
		p, err := o.Plan()
		if got := p.Limits(targets.Limits{Run: time.Minute}).Run; err != nil || got != want {
			t.Errorf("%q: a run may take %s, want %s; %v", list, got, want, err)
		}
	}
}

func TestLinesAboutSweeps(t *testing.T) {
	var log bytes.Buffer
	var heard []string
	l := &sweepLines{to: &log, step: func(said string) { heard = append(heard, said) }}
	const said = "W1123 a line of the sandbox\nsweep udp    4 %  65,536/s  15s left\r\nno sweep at all\nsweep bind  50 %  1/s  1s left\n"
	for piece := range slices.Chunk([]byte(said), 7) {
		if n, err := l.Write(piece); n != len(piece) || err != nil {
			t.Fatal(n, err)
		}
	}
	if want := []string{"sweep udp    4 %  65,536/s  15s left", "sweep bind  50 %  1/s  1s left"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
	if log.String() != said {
		t.Errorf("the log has %q", log.String())
	}
}

// TestProvenance proves that a report names neither path nor host nor user of where it was made.
func TestProvenance(t *testing.T) {
	r, _ := lacking(t, t.TempDir(), 0)
	stream, err := Encode(r)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"local": "local", "ssh:alice@build.example": "ssh", "ssh:build": "ssh", "kernel:/home/alice/vmlinuz": "kernel",
		"runsc": "runsc", "runsc:/home/alice/runsc": "runsc", "wine:/home/alice/wine": "wine", "vagrant:freebsd-15": "vagrant:freebsd-15",
	} {
		from, err := targets.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		out, err := Plan{}.received(from, targets.Returned{Report: stream, How: "as told"})
		if err != nil || out.Report.Target() != want || out.Report.How() != "as told" {
			t.Errorf("%s: %q, %q, %v", name, out.Report.Target(), out.Report.How(), err)
		}
	}
}

// TestCapturesOfTargets renames the capture of a platform that gets another id from outside.
func TestCapturesOfTargets(t *testing.T) {
	g := gomega.NewWithT(t)
	r, _ := lacking(t, t.TempDir(), 0)
	inside := CaptureName(r)
	r.Results[0].Evidence = []model.Evidence{{Kind: "pcap", Name: inside, Section: "v4: ", SHA256: hash("frames")}, {Kind: "text", Note: "a remark"}}
	stream, err := Encode(r)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	from, err := targets.Parse("local")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	out, err := Plan{}.received(from, targets.Returned{Report: stream, Captures: map[string][]byte{inside: []byte("frames")},
		Amend: func(p model.Platform) model.Platform { p.ID = "wine-11.0-amd64"; return p }})
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(out.Capture)).To(gomega.Equal("frames"))
	g.Expect(out.Report.Results[0].Evidence).To(gomega.Equal([]model.Evidence{
		{Kind: "pcap", Name: "wine-11.0-amd64.pcapng", Section: "v4: ", SHA256: hash("frames")}, {Kind: "text", Note: "a remark"}}))
}
