//go:build !unix || illumos || solaris || aix

package targets

import "errors"

// lockFolder locks nothing: there is no flock(2) for a folder.
func lockFolder(string) (unlock func() error, err error) { return func() error { return nil }, nil }

// lockLeft can't tell what is in use.
func lockLeft(string) (unlock func() error, err error) { return nil, errors.ErrUnsupported }
