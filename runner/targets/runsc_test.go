package targets

import (
	"context"
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// sandboxes are those of `make runsc`, or else this machine's.
func sandboxes(t *testing.T) []sandbox {
	t.Helper()
	var out []sandbox
	made, err := filepath.Glob("../../build/runsc/*/runsc")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range made {
		out = append(out, sandbox{path})
	}
	if len(out) == 0 {
		out = append(out, sandbox{})
	}
	return out
}

func TestRunsc(t *testing.T) {
	unable.Long(t, "it starts sandboxes")
	for _, s := range sandboxes(t) {
		t.Run(filepath.Base(filepath.Dir(s.path)), func(t *testing.T) {
			g := gomega.NewWithT(t)
			unable.Skip(t, s.Missing(t.Context()))
			o := order(t, kitsFor(t))
			folder := temporary(t)
			returned, err := s.Measure(t.Context(), o)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			got := reports(t, returned)
			g.Expect(got).To(gomega.HaveLen(2))
			for user, r := range got {
				g.Expect(r.Platform.ID).To(gomega.MatchRegexp(`^gvisor-20\d{6}(\.\d+)?-amd64` + map[User]string{Root: "-root", Ordinary: ""}[user] + `$`))
				g.Expect(r.Platform.Privileged).To(gomega.Equal(user == Root))
			}
			g.Expect(returned[0].How).To(gomega.MatchRegexp(`^runsc 20[0-9.]+, platform (systrap|ptrace), network none`))
			nothingLeft(t, folder)
		})
	}
}

// TestRunscFaults breaks the sandbox. What is wrong is told, and nothing stays.
func TestRunscFaults(t *testing.T) {
	unable.Long(t, "it starts sandboxes")
	s := sandboxes(t)[0]
	unable.Skip(t, s.Missing(t.Context()))
	t.Run("no kit", func(t *testing.T) {
		g := gomega.NewWithT(t)
		folder := temporary(t)
		_, err := s.Measure(t.Context(), order(t, fakeKit(t, "there is no shell in the sandbox")))
		g.Expect(err).To(gomega.MatchError(gomega.HavePrefix("the first sandbox: systrap: exit status")))
		nothingLeft(t, folder)
	})
	t.Run("too slow", func(t *testing.T) {
		g := gomega.NewWithT(t)
		o := order(t, kitsFor(t))
		o.Flags, o.Limits.Run, o.Users = append(o.Flags, "--repeat", "1000"), time.Second, []User{Ordinary}
		folder := temporary(t)
		_, err := s.Measure(t.Context(), o)
		g.Expect(err).To(gomega.MatchError("as user: the run: it was not done within 1s"))
		nothingLeft(t, folder)
	})
	t.Run("cancelled", func(t *testing.T) {
		g := gomega.NewWithT(t)
		o := order(t, kitsFor(t))
		o.Flags = append(o.Flags, "--repeat", "1000")
		ctx, cancel := context.WithCancel(t.Context())
		o.Step = func(step string) {
			if step == "run as user" {
				time.AfterFunc(300*time.Millisecond, cancel)
			}
		}
		folder := temporary(t)
		_, err := s.Measure(ctx, o)
		g.Expect(err).To(gomega.MatchError(context.Canceled))
		nothingLeft(t, folder)
	})
	t.Run("no runsc", func(t *testing.T) {
		s := sandbox{"/nowhere/runsc"}
		gomega.NewWithT(t).Expect(s.Missing(t.Context())).To(gomega.MatchError(gomega.And(
			gomega.ContainSubstring("/nowhere/runsc"), gomega.HaveSuffix("make runsc gets two of them"))))
	})
}

func TestReleaseOfRunsc(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(release("release-20240729.0")).To(gomega.Equal("20240729.0"))
	g.Expect(release("0.0~20221219.0")).To(gomega.Equal("20221219.0"))
	g.Expect(stamped.FindStringSubmatch("v0.0.0-20260905035102-160fafc42237")).To(gomega.ContainElement("20260905"))
}

func TestConfigurationOfASandbox(t *testing.T) {
	g := gomega.NewWithT(t)
	user, err := json.Marshal(configuration(Ordinary, []string{"/bin/loopmatrix", "run"}))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(string(user)).To(gomega.And(gomega.ContainSubstring(`"user":{"uid":65534,"gid":65534},"args":["/bin/loopmatrix","run"]`),
		gomega.ContainSubstring(`"capabilities":{}`), gomega.ContainSubstring(`{"type":"network"}`)))
	root := configuration(Root, nil)
	g.Expect(root.Process.User).To(gomega.Equal(ociUser{}))
	g.Expect(root.Process.Capabilities["effective"]).To(gomega.ContainElements("CAP_NET_RAW", "CAP_NET_ADMIN"))
	g.Expect(root.Process.Capabilities).NotTo(gomega.HaveKey("ambient"))
}
