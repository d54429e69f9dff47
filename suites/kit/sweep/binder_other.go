//go:build !linux

package sweep

// rawBind is nil here: the ordinary socket layer is used.
func rawBind() func(*Field, Offset, uint16) Code { return nil }
