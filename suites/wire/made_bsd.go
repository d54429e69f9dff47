//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package wire

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
)

// Made is an interface of this machine that was made for the kit, and the other end of its cable.
type Made struct {
	// Name and Kind are as in Cable.
	Name, Kind string
	End        End
}

// attempts is how many names or devices are tried, until one is found that nobody uses.
const attempts = 16

// free gives the first name of an interface that does not exist, of those that are this word and a number.
func free(word string, from int) (string, error) {
	for n := range attempts {
		name := fmt.Sprint(word, from+n)
		if !exists(name) {
			return name, nil
		}
	}
	return "", fmt.Errorf("interfaces %s%d to %s%d exist already", word, from, word, from+attempts-1)
}

func exists(name string) bool {
	_, err := net.InterfaceByName(name)
	return err == nil
}

// missing tells what to do where a device is not there.
func missing(err error, remedy string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; %s", err, remedy)
	}
	return err
}
