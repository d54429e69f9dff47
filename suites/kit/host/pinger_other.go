//go:build !unix && !windows

package host

func pinger() Pinger { return nil }
