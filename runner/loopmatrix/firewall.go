package main

import (
	"fmt"
	"io"
	"os"

	"github.com/loopmatrix/loopmatrix/runner/platform"
)

// ready is called once before this machine is measured.
func ready(quiet bool) error {
	if err := startable(); err != nil {
		return err
	}
	announceFirewall(os.Stderr, quiet, platform.FirewallAsks)
	return nil
}

// announceFirewall says once, before anything listens, that a firewall may ask, if this system has one that does.
func announceFirewall(w io.Writer, quiet bool, asks func() bool) {
	if !quiet && asks() {
		_, _ = fmt.Fprintln(w, "loopmatrix: if a firewall asks whether this program may accept connections, either answer will do: it only connects to itself")
	}
}
