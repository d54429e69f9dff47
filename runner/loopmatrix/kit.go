package main

import (
	"runtime/debug"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// version and commit are set by the linker (Makefile).
var (
	version = "devel"
	commit  = ""
)

// thisKit is the version and commit of this program; without the linker's, those that the Go toolchain wrote into it.
func thisKit() model.Kit {
	k := model.Kit{Version: version, Commit: commit}
	info, ok := debug.ReadBuildInfo()
	if !ok || k.Commit != "" {
		return k
	}
	if v := info.Main.Version; k.Version == "devel" && strings.HasPrefix(v, "v") { // go install …@v0.1.0 knows no other
		k.Version = strings.Replace(v, "+", "-", 1)
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			k.Commit = s.Value
		case s.Key == "vcs.modified" && s.Value == "true" && k.Version == "devel":
			k.Version = "devel-dirty"
		}
	}
	return k
}
