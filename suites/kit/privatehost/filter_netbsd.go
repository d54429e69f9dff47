package privatehost

import (
	"os/exec"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

// filter is npf, by npfctl(8).
func filter() host.Filter {
	state := &npfState{}
	return &toolFilter{name: "npf", write: npfRule, load: state.load, restore: state.restore}
}

// npfState is what npf was before the first rule was loaded.
type npfState struct{ known, active bool }

func (s *npfState) load(rules []string) error {
	if !s.known {
		shown, err := exec.Command("/sbin/npfctl", "show").Output()
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(shown)) {
			s.active = s.active || strings.Join(strings.Fields(line), " ") == "# filtering: active"
		}
		s.known = true
	}
	c := exec.Command("/sbin/npfctl", "reload", "/dev/stdin") // the root file system may be read-only
	c.Stdin = strings.NewReader(npfConf(rules))
	if err := c.Run(); err != nil {
		return err
	}
	return exec.Command("/sbin/npfctl", "start").Run()
}

func (s *npfState) restore() error {
	if s.active {
		return exec.Command("/sbin/npfctl", "reload").Run()
	}
	if err := exec.Command("/sbin/npfctl", "flush").Run(); err != nil {
		return err
	}
	return exec.Command("/sbin/npfctl", "stop").Run()
}
