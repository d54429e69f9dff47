package wire

import (
	"encoding/binary"
	"fmt"
)

// The header in front of each frame that bpf(4) of macOS gives (net/bpf.h, struct bpf_hdr): a time
// of two 32-bit numbers, the length of what was captured, that of the frame, and the length of this
// header with its padding. The next header begins at a multiple of bpfAlign.
const (
	bpfCaptured = 8
	bpfHeader   = 16
	bpfLeast    = 18
	bpfAlign    = 4
)

// bpfFrames takes apart what one read of a BPF device gave.
func bpfFrames(b []byte) ([][]byte, error) {
	var out [][]byte
	for len(b) > 0 {
		if len(b) < bpfLeast {
			return out, fmt.Errorf("bpf: %d bytes are no header", len(b))
		}
		length := int(binary.NativeEndian.Uint32(b[bpfCaptured:]))
		begins := int(binary.NativeEndian.Uint16(b[bpfHeader:]))
		if begins < bpfLeast || length < 0 || begins+length > len(b) {
			return out, fmt.Errorf("bpf: a frame of %d bytes behind %d, in %d", length, begins, len(b))
		}
		out = append(out, append([]byte(nil), b[begins:begins+length]...))
		next := (begins + length + bpfAlign - 1) &^ (bpfAlign - 1)
		b = b[min(next, len(b)):]
	}
	return out, nil
}
