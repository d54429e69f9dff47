package capacity

import "sync/atomic"

// Progress is how far it has come. It may be read at any time.
type Progress struct {
	// Held is how many listeners there are.
	Held atomic.Int64
	// Goal is how many there will be as far as can be said: as many as were asked for, or as many
	// as memory seems to allow.
	Goal atomic.Int64
	// Full says that there will be no more: what follows is dialling some, and closing them all.
	Full atomic.Bool
}
