package suites_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/onsi/gomega"
)

// example is the environment variable by which a process is that of TestMyStack.
const example = "LOOPMATRIX_SUITES_TEST_EXAMPLE"

// ownProcess runs the test that calls it in a process of its own, whose output is that of the test,
// and returns true there.
func ownProcess(t *testing.T) bool {
	t.Helper()
	if os.Getenv(example) != "" {
		return true
	}
	out, err := embedded(t)
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	return false
}

// embedded runs TestMyStack in a process of its own, with these flags.
func embedded(t *testing.T, flags ...string) (out string, err error) {
	t.Helper()
	return again(t, slices.Concat([]string{"-test.run=^TestMyStack$"}, flags)...)
}

// again starts this program once more.
func again(t *testing.T, flags ...string) (out string, err error) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, slices.Concat([]string{"-ginkgo.no-color"}, flags)...)
	c.Env = append(os.Environ(), example+"=1")
	b, err := c.CombinedOutput()
	return string(b), err
}

// TestEmbedded proves that the suite which imports this one takes the flags of ginkgo, and shows
// what was measured.
func TestEmbedded(t *testing.T) {
	for name, c := range map[string]struct {
		flags []string
		want  []string
	}{
		"the file that declares a claim": {[]string{"-ginkgo.focus-file=block/bind.go", "-ginkgo.v"},
			[]string{`Ran 1 of \d+ Specs`, "v4.block.bind", `block/bind\.go:\d+\n`, `observed whole-block: .+`}},
		"labels": {[]string{"-ginkgo.label-filter=id:v4.block.bind || (level:must && !family:names && rfc:5735)", "-ginkgo.v"},
			[]string{`Ran [1-9] of \d+ Specs`, "v4.block.bind"}},
		"a label of no claim": {[]string{"-ginkgo.label-filter=level:perhaps"}, []string{`Ran 0 of \d+ Specs`}},
		"what is not given":   {[]string{"-ginkgo.focus=name.localhost.v4", "-ginkgo.v"}, []string{"only the stack of this host is given"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := gomega.NewWithT(t)
			out, err := embedded(t, c.flags...)
			g.Expect(err).NotTo(gomega.HaveOccurred(), out)
			for _, want := range c.want {
				g.Expect(out).To(gomega.MatchRegexp(want))
			}
		})
	}
}

// TestSeed proves that the random addresses are those of the seed that ginkgo was given.
func TestSeed(t *testing.T) {
	addresses := func(seed string) []string {
		file := filepath.Join(t.TempDir(), "report.json")
		if out, err := embedded(t, "-ginkgo.seed="+seed, "-ginkgo.focus-file=block/bind.go", "-ginkgo.json-report="+file); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`127\.\d+\.\d+\.\d+`).FindAllString(string(b), -1)
	}
	g := gomega.NewWithT(t)
	one := addresses("4711")
	g.Expect(len(one)).To(gomega.BeNumerically(">", 2))
	g.Expect(addresses("4711")).To(gomega.Equal(one))
	g.Expect(addresses("4712")).NotTo(gomega.Equal(one))
}

// TestNotParallel starts the suite as one of two processes of ginkgo -p: it measures nothing, and
// says why.
func TestNotParallel(t *testing.T) {
	t.Setenv("GINKGO_PARALLEL_PROTOCOL", "HTTP")
	var mu sync.Mutex
	var reported strings.Builder
	command := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { // ginkgo's, which takes reports
		mu.Lock()
		defer mu.Unlock()
		_, _ = io.Copy(&reported, r.Body)
	}))
	defer command.Close()
	out, err := again(t, "-test.run=^TestLoopback$", "-ginkgo.parallel.total=2", "-ginkgo.parallel.process=1", "-ginkgo.parallel.host="+command.URL)
	g := gomega.NewWithT(t)
	g.Expect(err).To(gomega.HaveOccurred(), out)
	mu.Lock()
	defer mu.Unlock()
	g.Expect(reported.String()).To(gomega.ContainSubstring(notParallel), out)
	g.Expect(reported.String()).NotTo(gomega.ContainSubstring("whole-block"), "nothing is measured")
}
