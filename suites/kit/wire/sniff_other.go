//go:build !(darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd)

package wire

import (
	"errors"
	"runtime"
)

func sniff(string) (Sniffer, error) {
	return nil, errors.New("no capture on " + runtime.GOOS + ", which comes without a driver for it")
}
