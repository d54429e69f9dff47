package main

import (
	"runtime/debug"
	"strings"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

// unlinked is the version of a program for which the linker had none.
const unlinked = "devel"

// version and commit are set by the linker (Makefile).
var (
	version = unlinked
	commit  = ""
)

// readBuildInfo is what the toolchain wrote; tests replace it.
var readBuildInfo = debug.ReadBuildInfo

// thisKit returns the version and commit of this program: those that the linker had, or else those
// that the Go toolchain wrote into it.
func thisKit() model.Kit {
	info, _ := readBuildInfo()
	return kitOf(model.Kit{Version: version, Commit: commit}, info)
}

// kitOf returns what is known of a kit; info is nil if the toolchain wrote nothing.
func kitOf(linked model.Kit, info *debug.BuildInfo) model.Kit {
	if info == nil || linked.Commit != "" {
		return linked
	}
	k, dirty := linked, false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			k.Commit = s.Value
		case "vcs.modified":
			dirty = s.Value == "true"
		}
	}
	if k.Version != unlinked {
		return k
	}
	if v := info.Main.Version; strings.HasPrefix(v, "v") { // go install PATH@VERSION has no other
		k.Version = strings.ReplaceAll(v, "+", "-")
	}
	if dirty && !strings.HasSuffix(k.Version, "-dirty") {
		k.Version += "-dirty"
	}
	return k
}
