package wire

import (
	"encoding/binary"
	"testing"
)

// captured is what bpf(4) puts into its buffer for a frame.
func captured(frame string) []byte {
	const header = 18
	b := make([]byte, header, 64)
	binary.NativeEndian.PutUint32(b[8:], uint32(len(frame)))
	binary.NativeEndian.PutUint32(b[12:], uint32(len(frame)))
	binary.NativeEndian.PutUint16(b[16:], header)
	b = append(b, frame...)
	for len(b)%4 != 0 {
		b = append(b, 0xff)
	}
	return b
}

func TestBPFFrames(t *testing.T) {
	one, two := captured("one"), captured("fourteen bytes")
	for _, c := range []struct {
		name  string
		b     []byte
		want  []string
		fails bool
	}{
		{"nothing", nil, nil, false},
		{"one", one, []string{"one"}, false},
		{"two", append(captured("one"), two...), []string{"one", "fourteen bytes"}, false},
		{"the last one without padding", append(captured("fourteen bytes"), one[:21]...), []string{"fourteen bytes", "one"}, false},
		{"half a header", append(captured("one"), two[:10]...), []string{"one"}, true},
		{"half a frame", append(captured("one"), two[:25]...), []string{"one"}, true},
		{"a header of no length", make([]byte, 32), nil, true},
	} {
		got, err := bpfFrames(c.b)
		if (err != nil) != c.fails || len(got) != len(c.want) {
			t.Errorf("%s: %q, %v", c.name, got, err)
			continue
		}
		for i, frame := range got {
			if string(frame) != c.want[i] {
				t.Errorf("%s: %q", c.name, got)
			}
		}
	}
}
