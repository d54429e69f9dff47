package render

import (
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

func TestSweepTable(t *testing.T) {
	r := model.Report{Platform: model.Platform{Title: "Linux | x"}, Sweeps: []model.Sweep{
		{Protocol: "udp", Prefix: "127.248.0.0/13", Addresses: 1 << 19, Delivered: 1<<19 - 1, Seconds: 7,
			Exceptions: []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Denied, Errno: "EACCES"}}},
		{Protocol: "udp", Prefix: "127.255.255.255/32", Broadcast: true, Addresses: 1, Delivered: 1},
		{Protocol: "icmp", Prefix: "127.0.0.0/8", Left: []string{"127.0.0.0/8"}, Reason: "socket: EACCES (13)"},
	}}
	const want = `| platform | sweep | of | asked | worked | | what did not |
| --- | --- | --- | --- | --- | --- | --- |
| Linux \| x | udp | 127.248.0.0/13 | 524,288 | 524,287 | ✓ all-but-edges | 127.255.255.255 EACCES |
| Linux \| x | udp, SO\_BROADCAST | 127.255.255.255/32 | 1 | 1 | ✓ whole-sample |  |
| Linux \| x | icmp | 127.0.0.0/8 | 0 | 0 | –  | socket: EACCES (13) |
`
	if got := string(SweepTable([]model.Report{{}, r})); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := SweepTable([]model.Report{{}}); got != nil {
		t.Errorf("of nothing: %s", got)
	}
}

func TestMapTitle(t *testing.T) {
	got := MapTitle("Linux", []model.Sweep{{Protocol: "bind", Prefix: "127.0.0.0/17", Addresses: 32768, Delivered: 32768},
		{Protocol: "bind", Prefix: "127.255.128.0/17", Addresses: 32768, Delivered: 32767, Late: 1, Exceptions: []model.Exception{{CIDR: "127.255.255.255/32", Outcome: observation.Lost}}}})
	const want = "bind on Linux: 32,768 of 32,768 addresses of 127.0.0.0/17, and 32,767 of 32,768 addresses of 127.255.128.0/17; 127.255.255.255 lost; 1 only when asked again"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
