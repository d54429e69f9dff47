package main

import (
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMap(t *testing.T) {
	folder := t.TempDir()
	report, picture := filepath.Join(folder, "r.json"), filepath.Join(folder, "m.png")
	if r := loopmatrix(t, "run", "--quiet", "--claims", "none", "--sweep", "bind=127.128.0.0/20", "--out", report); r.code != exitFine {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	if r := loopmatrix(t, "map", report, "--out", picture); r.code != exitFine {
		t.Fatalf("exit code %d: %s", r.code, r.stderr)
	}
	f, err := os.Open(picture)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if config, err := png.DecodeConfig(f); err != nil || config.Width != 4096 || config.Height != 4096 {
		t.Errorf("%+v, %v", config, err)
	}
	r := loopmatrix(t, "map", report)
	if lines := strings.Split(r.stdout, "\n"); r.code != exitFine || len(lines) < 32 || len(lines[0]) != mapColumns || !strings.Contains(r.stdout, "4,096 of 4,096 addresses of 127.128.0.0/20") {
		t.Errorf("exit code %d: %s", r.code, r.stdout)
	}
	refused(t, exitUsage, []string{"no sweep of \"udp\", only of bind"}, "map", report, "--protocol", "udp")
	refused(t, exitUsage, []string{".png or .svg"}, "map", report, "--out", filepath.Join(folder, "m.gif"))
}
