package main

import (
	"runtime/debug"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
)

func TestKitOf(t *testing.T) {
	const head, pseudo = "0123456789abcdef0123456789abcdef01234567", "v0.1.1-0.20260304050607-0123456789ab"
	info := func(version string, settings ...debug.BuildSetting) *debug.BuildInfo {
		return &debug.BuildInfo{Main: debug.Module{Version: version}, Settings: settings}
	}
	at, clean, changed := debug.BuildSetting{Key: "vcs.revision", Value: head}, debug.BuildSetting{Key: "vcs.modified", Value: "false"}, debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	none := model.Kit{Version: unlinked}
	for _, c := range []struct {
		name   string
		linked model.Kit
		info   *debug.BuildInfo
		want   model.Kit
	}{
		{"make build", model.Kit{Version: "v1.0.0", Commit: head}, info("v9.9.9", changed), model.Kit{Version: "v1.0.0", Commit: head}},
		{"make build in no repository", model.Kit{Version: "unknown", Commit: "unknown"}, info("(devel)"), model.Kit{Version: "unknown", Commit: "unknown"}},
		{"a version without a commit", model.Kit{Version: "v1.0.0"}, info("v9.9.9", at, changed), model.Kit{Version: "v1.0.0", Commit: head}},
		{"go install of a release", none, info("v0.1.0"), model.Kit{Version: "v0.1.0"}},
		{"go install of a commit", none, info(pseudo), model.Kit{Version: pseudo}},
		{"go build of a tag", none, info("v0.1.0", at, clean), model.Kit{Version: "v0.1.0", Commit: head}},
		{"go build of a changed tag", none, info("v0.1.0+dirty", at, changed), model.Kit{Version: "v0.1.0-dirty", Commit: head}},
		{"go build of a changed commit", none, info(pseudo+"+dirty", at, changed), model.Kit{Version: pseudo + "-dirty", Commit: head}},
		{"go build by an older Go", none, info("(devel)", at, clean), model.Kit{Version: "devel", Commit: head}},
		{"the same, changed", none, info("(devel)", at, changed), model.Kit{Version: "devel-dirty", Commit: head}},
		{"changed, though its version does not tell", none, info("v0.1.0", at, changed), model.Kit{Version: "v0.1.0-dirty", Commit: head}},
		{"-buildvcs=false", none, info("(devel)"), none},
		{"no module", none, info(""), none},
		{"nothing written into it", none, nil, none},
	} {
		t.Run(c.name, func(t *testing.T) {
			gomega.NewWithT(t).Expect(kitOf(c.linked, c.info)).To(gomega.Equal(c.want))
		})
	}
}

// TestVersionFlag makes sure that --version tells what a report would: that of the module as well.
func TestVersionFlag(t *testing.T) {
	defer func(real func() (*debug.BuildInfo, bool)) { readBuildInfo = real }(readBuildInfo)
	readBuildInfo = func() (*debug.BuildInfo, bool) {
		return &debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}}, true
	}
	gomega.NewWithT(t).Expect(command().Version).To(gomega.Equal("v0.1.0"))
}
