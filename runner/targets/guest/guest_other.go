//go:build !linux

package guest

// serve does nothing: only Linux is booted that way.
func serve() {}
