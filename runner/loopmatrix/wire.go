package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/host"
	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The values of --wire.
const (
	wireAuto     = "auto"
	wireOff      = "off"
	wireRequired = "required"
)

// noWire is Platform.Wire of a run without private hosts.
const noWire = "none"

// wired gives the run private hosts, and tells the kind of their cables. Without them, auto goes on and the claims that
// need them say why they were not run.
func wired(h *host.Host, mode string, where model.Platform) (string, error) {
	return wiredOn(h, mode, privatehost.OnMachine(), where)
}

// wiredOn is wired where private hosts are the machine itself, or are not.
func wiredOn(h *host.Host, mode string, onMachine bool, where model.Platform) (string, error) {
	if mode == wireOff {
		h.Wire = fmt.Errorf("%w: --wire off", host.ErrNoWire)
		return noWire, nil
	}
	kind, err := probeWire(onMachine, mode, where)
	switch {
	case err == nil:
		h.Wire, h.Private = nil, privatehost.Private("", h.Seed)
		return kind, nil
	case mode == wireRequired:
		return noWire, kit("--wire required: %s", sock.Reason(err))
	default:
		h.Wire = fmt.Errorf("%w: %w", host.ErrNoWire, err)
		return noWire, nil
	}
}

// capture writes what crossed the cables of one claim. The parts follow one another in one file, which the format
// allows: each is a section of its own.
func (f runFlags) capture(r claim.Result) (model.Evidence, error) {
	var all []byte
	parts := make([]string, len(r.Captures))
	for i, c := range r.Captures {
		all = append(all, c.Bytes...)
		parts[i] = c.Part
	}
	sum := sha256.Sum256(all)
	name := r.Claim + ".pcapng"
	return model.Evidence{Kind: "pcap", Name: name, SHA256: hex.EncodeToString(sum[:]),
		Note: "what crossed the cable: " + strings.Join(parts, "; ")}, f.desk.keep("pcap", filepath.Join(f.pcap, name), all)
}
