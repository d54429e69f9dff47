package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// protocolFolder holds the documentation of the stack protocol, and the example.
const protocolFolder = "../../suites/kit/sock/remote"

// example is the target that is the smallest stack, Python's socket module.
func example(t *testing.T, flags ...string) string {
	t.Helper()
	_, err := exec.LookPath("python3")
	unable.Skip(t, err)
	path, err := filepath.Abs(filepath.Join(protocolFolder, "example", "stack.py"))
	if err != nil {
		t.Fatal(err)
	}
	return "stack:" + strings.Join(append([]string{"python3", "'" + path + "'"}, flags...), " ")
}

// onStack measures a stack, and returns the report and what was said.
func onStack(t *testing.T, target string, args ...string) (model.Report, ran) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "r.json")
	r := loopmatrix(t, append([]string{"run", "--quiet", "--seed", "7", "--out", path, "--target", target}, args...)...)
	return partial(t, path), r
}

// answered are the answers of a report, but for those that are none.
func answered(r model.Report) map[string]claim.Finding {
	out := map[string]claim.Finding{}
	for _, result := range r.Results {
		if result.Verdict != claim.NotRun && result.Verdict != claim.Inconclusive {
			out[result.Claim] = claim.Finding{Verdict: result.Verdict, Behaviour: result.Behaviour}
		}
	}
	return out
}

// TestStack measures this machine's kernel through Python's socket module, and directly. No claim
// that both have measured differs.
func TestStack(t *testing.T) {
	unable.Long(t, "it measures all claims through a program in Python")
	g := gomega.NewWithT(t)
	r, how := onStack(t, example(t))
	g.Expect(how.code).To(gomega.BeElementOf(exitFine, exitDeviates), how.stderr)
	g.Expect(r.Subject).To(gomega.Equal(model.Stack))
	g.Expect(r.Platform.ID).To(gomega.HavePrefix("stack-python-socket-3."))
	g.Expect(r.Outside.Target).To(gomega.Equal("stack"))
	direct, _ := whole()
	kernels := answered(direct)
	both := 0
	for id, is := range answered(r) {
		if want, has := kernels[id]; has {
			both++
			g.Expect(is).To(gomega.Equal(want), id)
		}
	}
	g.Expect(both).To(gomega.BeNumerically(">=", 45), "claims that both have measured")
	for _, result := range r.Results {
		if result.Verdict == claim.NotRun {
			g.Expect(result.Reason).NotTo(gomega.BeEmpty(), result.Claim)
		}
		g.Expect(result.Verdict).NotTo(gomega.Equal(claim.Inconclusive), "%s: %s", result.Claim, result.Reason)
	}
}

// TestStackWithoutAnAddress: a stack that refuses 127.0.0.2 has other answers to what is about that
// address, and to nothing else of these.
func TestStackWithoutAnAddress(t *testing.T) {
	g := gomega.NewWithT(t)
	const claims = "v4.block.bind,v4.block.delivery.udp,v4.block.delivery.tcp,v4.addr1.delivery,v4.edge.low,v6.lo.delivery"
	r, _ := onStack(t, example(t), "--claims", claims)
	without, _ := onStack(t, example(t, "--refuse 127.0.0.2"), "--claims", claims)
	is := answered(r)
	var turned []string
	for _, result := range without.Results {
		if want, has := is[result.Claim]; has && want != (claim.Finding{Verdict: result.Verdict, Behaviour: result.Behaviour}) {
			turned = append(turned, result.Claim)
		}
	}
	g.Expect(is).To(gomega.HaveLen(6))
	g.Expect(turned).To(gomega.ConsistOf("v4.block.bind", "v4.block.delivery.udp", "v4.block.delivery.tcp"))
}

// TestStackIsNotThisMachine names no cause on this machine for what a stack lacks.
func TestStackIsNotThisMachine(t *testing.T) {
	g := gomega.NewWithT(t)
	down := model.Report{Platform: model.Platform{Family: "linux"},
		Results: []model.Result{{Claim: "if.lo.up", Finding: claim.Finding{Verdict: claim.Deviates, Behaviour: "down"}}}}
	g.Expect(causesOf(down)).To(gomega.ContainElement(gomega.HaveField("ID", "lo-down")))
	down.Subject = model.Stack
	g.Expect(causesOf(down)).To(gomega.BeEmpty())
}

// TestStackThatFails says what is wrong and what to do, and writes no report.
func TestStackThatFails(t *testing.T) {
	for command, says := range map[string]string{
		"nosuchprogram":                 "executable file not found",
		"sh -c 'echo oops >&2; exit 3'": `the program has ended, by exit status 3; it wrote last: "oops"`,
		"sleep 3600":                    "no greeting within 1s",
		"echo listening":                "only messages go to standard output",
	} {
		t.Run(command, func(t *testing.T) {
			t.Setenv("TMPDIR", t.TempDir())
			out := filepath.Join(t.TempDir(), "r.json")
			refused(t, exitKit, []string{says}, "run", "--quiet", "--prepare-limit", "1s", "--target", "stack:"+command, "--out", out)
			if _, err := os.Stat(out); err == nil {
				t.Error("there is a report")
			}
		})
	}
	for _, args := range [][]string{
		{"--target", "stack:"}, {"--target", "stack:a 'b"}, {"--target", "stack:a", "--as", "user"},
		{"--target", "stack:a", "--wire", "required"}, {"--target", "stack:a", "--sweep", "udp"},
	} {
		refused(t, exitUsage, nil, append([]string{"run"}, args...)...)
	}
}

// TestInterruptAStack interrupts a stack that answers, and one that ignores signals and the end of
// its input. It takes less than two seconds, and nothing is left.
func TestInterruptAStack(t *testing.T) {
	deaf := `stack:sh -c 'trap "" TERM INT; printf "\0\0\0\066{\"protocol\":\"loopmatrix stack\",\"version\":1,\"name\":\"x\"}"; sleep 3600; sleep 3600'`
	for name, target := range map[string]string{"answers": example(t), "deaf": deaf} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			tmp, out := t.TempDir(), t.TempDir()
			t.Setenv("TMPDIR", tmp)
			w := start(t, "run", "--target", target, "--out", out, "--log", t.TempDir(), "--repeat", "1000")
			w.until(t, ": run as ")
			running := map[string]string{"answers": "python3", "deaf": "sleep"}[name]
			var started map[process]string
			g.Eventually(func() []string {
				started = descendants(t, w.Process.Pid)
				return alive(t, started)
			}).WithTimeout(time.Minute).Should(gomega.ContainElement(gomega.HaveSuffix(" " + running)))
			begun := time.Now()
			g.Expect(w.Process.Signal(syscall.SIGTERM)).To(gomega.Succeed())
			g.Expect(w.end(t)).To(gomega.Equal(exitKit), w.said.String())
			g.Expect(time.Since(begun)).To(gomega.BeNumerically("<", 2*time.Second))
			g.Eventually(func() []string { return alive(t, started) }).WithTimeout(time.Minute).Should(gomega.BeEmpty())
			g.Expect(names(t, tmp)).To(gomega.BeEmpty())
		})
	}
}

// TestRecordedSession replays the session that the documentation of the protocol shows, and gets
// the same answers of Python's sockets, but for the port that the system chooses.
func TestRecordedSession(t *testing.T) {
	g := gomega.NewWithT(t)
	_, err := exec.LookPath("python3")
	unable.Skip(t, err)
	b, err := os.ReadFile(filepath.Join(protocolFolder, "README.md"))
	g.Expect(err).NotTo(gomega.HaveOccurred())
	c := exec.CommandContext(t.Context(), "python3", filepath.Join(protocolFolder, "example", "stack.py"))
	in, err := c.StdinPipe()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	out, err := c.StdoutPipe()
	g.Expect(err).NotTo(gomega.HaveOccurred())
	c.Stderr = os.Stderr
	g.Expect(c.Start()).To(gomega.Succeed())
	chosen := regexp.MustCompile(`"from":"127\.0\.0\.1:[0-9]+"`)
	n := 0
	for _, line := range regexp.MustCompile(`(?m)^[<>] \{.*\}\r?$`).FindAllString(string(b), -1) {
		who, message := line[0], strings.TrimSpace(line[2:])
		if who == '>' {
			_, err := in.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(message))), message...))
			g.Expect(err).NotTo(gomega.HaveOccurred())
			continue
		}
		var length [4]byte
		_, err := io.ReadFull(out, length[:])
		g.Expect(err).NotTo(gomega.HaveOccurred(), message)
		answer := make([]byte, binary.BigEndian.Uint32(length[:]))
		_, err = io.ReadFull(out, answer)
		g.Expect(err).NotTo(gomega.HaveOccurred())
		if n++; n == 1 {
			g.Expect(answer).To(gomega.ContainSubstring(`"protocol": "loopmatrix stack", "version": 1`))
			continue
		}
		without := func(s string) string {
			return chosen.ReplaceAllString(regexp.MustCompile(`,"text":"[^"]*"`).ReplaceAllString(s, ""), `"from":"127.0.0.1:PORT"`)
		}
		g.Expect(without(compact(answer))).To(gomega.MatchJSON(without(message)), fmt.Sprintf("answer %d", n))
	}
	g.Expect(n).To(gomega.BeNumerically(">=", 13))
	g.Expect(in.Close()).To(gomega.Succeed())
	g.Expect(c.Wait()).To(gomega.Succeed())
}

// compact is JSON without blanks between its parts.
func compact(b []byte) string {
	return string(bytes.ReplaceAll(bytes.ReplaceAll(b, []byte(", "), []byte(",")), []byte(": "), []byte(":")))
}
