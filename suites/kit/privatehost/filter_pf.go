//go:build darwin || dragonfly || freebsd || openbsd

package privatehost

import (
	"os/exec"
	"strings"

	"github.com/loopmatrix/loopmatrix/suites/kit/host"
)

const pfConf = "/etc/pf.conf"

// filter is pf, by pfctl(8).
func filter() host.Filter {
	state := &pfState{}
	return &toolFilter{name: "pf", write: pfRule, load: state.load, restore: state.restore}
}

// pfState is what pf was before the first rule was loaded.
type pfState struct {
	known, enabled bool
	options        []string
}

func (s *pfState) load(rules []string) error {
	if !s.known {
		info, err := exec.Command("/sbin/pfctl", "-s", "info").Output()
		if err != nil {
			return err
		}
		s.enabled = strings.Contains(string(info), "Status: Enabled")
		conf, err := readIf(pfConf)
		if err != nil {
			return err
		}
		if s.enabled {
			s.options = pfOptions(conf)
		}
		s.known = true
	}
	if err := pfctl(strings.Join(append(s.options, rules...), "\n")+"\n", "-f", "-"); err != nil || s.enabled {
		return err
	}
	_ = pfctl("", "-e") // it fails if pf is on already, by an earlier load
	return nil
}

func (s *pfState) restore() error {
	if s.enabled {
		return pfctl("", "-f", pfConf)
	}
	if err := pfctl("", "-F", "rules"); err != nil {
		return err
	}
	return pfctl("", "-d")
}

func pfctl(stdin string, args ...string) error {
	c := exec.Command("/sbin/pfctl", append([]string{"-q"}, args...)...)
	c.Stdin = strings.NewReader(stdin)
	return c.Run()
}
