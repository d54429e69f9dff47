//go:build !linux

package guest

import "errors"

func serve() error { return errors.New("guest: only Linux is booted for the kit") }
