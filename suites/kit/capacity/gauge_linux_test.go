package capacity

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("MemTotal:  24 kB\nslab 4096\nbad x\nMemAvailable:   7 kB\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int64{"MemTotal": 24 << 10, "slab": 4096, "MemAvailable": 7 << 10, "bad": -1, "none": -1} {
		n, known := field(file, name)
		if known != (want >= 0) || known && n != want {
			t.Errorf("%s: %d, %v", name, n, known)
		}
	}
	if _, known := field(file+"x", "slab"); known {
		t.Error("a file that is not there")
	}
}

func TestThisMachine(t *testing.T) {
	g := Machine()
	if free, known := g.Free(); !known || free <= 0 {
		t.Errorf("%d bytes are free, %v", free, known)
	}
	n, name, known := g.Cost()
	if !known || n <= 0 || name == "" {
		t.Errorf("%d by %q, %v", n, name, known)
	}
	has := false
	for _, a := range g.Accounts() {
		has = has || a.Name == name
	}
	if !has {
		t.Errorf("%q is none of the accounts", name)
	}
	if _, known := g.Sockets(); !known {
		t.Error("the kernel counts no sockets")
	}
}
