package main

import (
	"errors"
	"testing"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func TestMayChange(t *testing.T) {
	for _, c := range []struct {
		mode, environment, user string
		want                    error
	}{
		{wireAuto, "vm", "root", nil},
		{wireAuto, "host", "root", errNotMadeForIt},
		{wireAuto, "container", "root", errNotMadeForIt},
		{wireAuto, "", "root", errNotMadeForIt}, // it could not be told
		{wireAuto, "vm", "ordinary", errNotRoot},
		{wireAuto, "vm", "unknown", errNotRoot},
		{wireRequired, "host", "root", nil},
		{wireRequired, "vm", "root", nil},
		{wireRequired, "vm", "ordinary", errNotRoot},
	} {
		where := model.Platform{Environment: c.environment, State: model.State{User: c.user}}
		if err := mayChange(c.mode, where); !errors.Is(err, c.want) {
			t.Errorf("--wire %s as %s in %q: %v", c.mode, c.user, c.environment, err)
		}
	}
}
