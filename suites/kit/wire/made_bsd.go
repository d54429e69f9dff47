//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package wire

// Made is an interface of this machine that was made for the kit, and the other end of its cable.
type Made struct {
	// Name and Kind are as in Cable.
	Name, Kind string
	End        End
}
