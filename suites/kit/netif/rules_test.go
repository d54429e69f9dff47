package netif

import "testing"

func TestPF(t *testing.T) {
	for out, want := range map[string]bool{
		"Status: Enabled for 0 days 00:10:27           Debug: Urgent\n\nState Table\n": true,
		"No ALTQ support in kernel\nStatus: Disabled\n":                                false,
		"": false,
	} {
		if pfEnabled(out) != want {
			t.Errorf("enabled: %q", out)
		}
	}
	for out, want := range map[string]bool{
		"all\n\tCleared: x\nlo (skip)\nlo0 (skip)\nvio0\n": true,
		"lo0\nvio0 (skip)\n": false,
		"":                   false,
	} {
		if pfSkips(out) != want {
			t.Errorf("skips: %q", out)
		}
	}
	if n := count("block return all\n\npass all\n"); n != 2 {
		t.Errorf("%d rules", n)
	}
}

func TestNPF(t *testing.T) {
	for out, want := range map[string]Ruleset{
		"# filtering:\tactive\n# config:\tloaded\n\ngroup default {\n\tpass final on lo0 all # id=\"2\"\n\tblock all\n}\n": {"npf", 2, true},
		"# filtering:\tactive\ngroup default {\n\tblock in final to 127.0.0.2\n\tpass all\n}\n":                            {"npf", 2, false},
		"# filtering:\tinactive\ngroup default {\n\tblock all\n}\n":                                                        {"npf", 0, false},
		"# filtering:\tactive\n# config:\tempty\n":                                                                         {"npf", 0, false},
	} {
		if got := npfRules(out); got != want {
			t.Errorf("%q: %+v", out, got)
		}
	}
}
