//go:build netbsd || openbsd

package wire

import (
	"errors"
	"fmt"
	"io/fs"
)

// missing tells what to do where a device is not there.
func missing(err error, remedy string) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w; %s", err, remedy)
	}
	return err
}
