package privatehost

import (
	"errors"
	"testing"
)

// TestAChildStartsNoChildren: a program that forgets privatehost.Main would otherwise start itself without end.
func TestAChildStartsNoChildren(t *testing.T) {
	t.Setenv(variable, "{}")
	if _, err := Probe(); !errors.Is(err, errNoMain) {
		t.Errorf("got %v, want %v", err, errNoMain)
	}
}
