package compare

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// cellOf reads a cell from words: "conforms a", "deviates b 4/5", "not-run", "inconclusive"; "?" is
// a cell nobody measured.
func cellOf(words string) *model.Cell {
	f := strings.Fields(words)
	if f[0] == "?" {
		return nil
	}
	c := &model.Cell{Verdict: claim.Verdict(f[0])}
	if len(f) > 1 {
		c.Behaviour = f[1]
	}
	if len(f) > 2 {
		c.Unstable = strings.Replace(f[2], "/", " of ", 1)
	}
	return c
}

// TestEveryChange goes from each sort of cell to each.
func TestEveryChange(t *testing.T) {
	same := [2]string{"", "neutral"}
	measured := [2]string{"newly measured", "neutral"}
	lost, unclear, noise := [2]string{"no longer measured", "unclear"}, [2]string{"newly inconclusive", "unclear"}, [2]string{"newly inconclusive", "neutral"}
	deviating, otherwise := [2]string{"newly deviating", "worse"}, [2]string{"other deviation", "worse"}
	conforming, maybe := [2]string{"newly conforming", "better"}, [2]string{"newly conforming", "neutral"}
	unstable, stable := [2]string{"newly unstable", "unclear"}, [2]string{"newly stable", "neutral"}
	changes, relieved := [2]string{"changed behaviour", "neutral"}, [2]string{"changed behaviour", "better"}
	columns := []string{"?", "not-run", "inconclusive", "conforms a", "conforms b", "deviates x", "deviates y", "observed a", "conforms a 4/5", "deviates x 4/5"}
	for old, row := range map[string][]([2]string){
		"?":              {same, same, noise, measured, measured, measured, measured, measured, measured, measured},
		"not-run":        {same, same, noise, measured, measured, measured, measured, measured, measured, measured},
		"inconclusive":   {same, same, same, measured, measured, measured, measured, measured, measured, measured},
		"conforms a":     {lost, lost, unclear, same, changes, deviating, deviating, changes, unstable, deviating},
		"conforms b":     {lost, lost, unclear, changes, same, deviating, deviating, changes, unstable, deviating},
		"deviates x":     {lost, lost, unclear, conforming, conforming, same, otherwise, relieved, unstable, unstable},
		"deviates y":     {lost, lost, unclear, conforming, conforming, otherwise, same, relieved, unstable, otherwise},
		"observed a":     {lost, lost, unclear, maybe, maybe, deviating, deviating, same, unstable, deviating},
		"conforms a 4/5": {lost, lost, unclear, stable, changes, deviating, deviating, changes, same, deviating},
		"deviates x 3/5": {lost, lost, unclear, maybe, maybe, stable, otherwise, changes, maybe, same},
	} {
		for i, now := range columns {
			kind, effect := changed(cellOf(old), cellOf(now), claim.Must)
			if got := [2]string{string(kind), string(effect)}; got != row[i] {
				t.Errorf("from %s to %s: %q, want %q", old, now, got, row[i])
			}
		}
	}
	if kind, effect := changed(cellOf("observed a"), cellOf("observed a 4/5"), claim.Impl); kind != model.NewlyUnstable || effect != model.Neutral {
		t.Errorf("what nobody judges may differ from run to run: %s, %s", kind, effect)
	}
	if kind, effect := changed(cellOf("observed a"), cellOf("observed b"), claim.Impl); kind != model.ChangedBehaviour || effect != model.Neutral {
		t.Errorf("%s, %s", kind, effect)
	}
}

// matrix has a platform for each of these ids, with the cells of its claims in words.
func matrix(cells map[string][]string, ids ...string) model.Matrix {
	m := model.Matrix{Schema: 1, Cells: map[string]map[string]*model.Cell{}}
	for _, id := range ids {
		m.Platforms = append(m.Platforms, model.Column{Platform: model.Platform{ID: id, Title: "Title of " + id}, Measured: time.Unix(0, 0), Kit: model.Kit{Version: "v1.0.0"}})
	}
	for _, name := range []string{"v4.one", "v4.two", "v4.three"} {
		m.Claims = append(m.Claims, claim.Claim{ID: name, Level: claim.Must, Question: "Is " + name + " so?"})
		m.Cells[name] = map[string]*model.Cell{}
		for i, words := range cells[name] {
			if c := cellOf(words); c != nil {
				m.Cells[name][ids[i]] = c
			}
		}
	}
	return m
}

func TestMatrices(t *testing.T) {
	g := gomega.NewWithT(t)
	old := matrix(map[string][]string{"v4.one": {"conforms a", "deviates x"}, "v4.two": {"conforms a", "conforms a"}, "v4.three": {"conforms a", "?"}}, "a-1", "b-2")
	now := matrix(map[string][]string{"v4.one": {"conforms a", "conforms a"}, "v4.two": {"inconclusive", "conforms b"}, "v4.three": {"deviates x", "?"}}, "b-2", "c-3")
	before, _ := model.Encode([]any{old, now})
	c := Matrices(old, now)
	after, _ := model.Encode([]any{old, now})
	g.Expect(after).To(gomega.Equal(before), "the matrices stay as they are")
	g.Expect(c.Effect).To(gomega.Equal(model.Unclear))
	g.Expect(c.Rejudged).To(gomega.BeFalse())
	var pairs []string
	for _, p := range c.Pairs {
		pairs = append(pairs, ids(p))
	}
	g.Expect(pairs).To(gomega.Equal([]string{"a-1>-", "b-2>b-2", "->c-3"}))
	g.Expect([]int{c.Compared, c.Same}).To(gomega.Equal([]int{2, 0}))
	g.Expect(told(c)).To(gomega.Equal([]string{
		"unclear newly inconclusive v4.two b-2", "better newly conforming v4.one b-2", "neutral newly measured v4.three b-2"}))
	g.Expect(Matrices(old, old).Changes).To(gomega.BeEmpty())
	g.Expect(Matrices(old, old).Same).To(gomega.Equal(5))
	g.Expect(Matrices(old, old).Effect).To(gomega.Equal(model.Neutral))
	g.Expect(Matrices(Only(old, "a-1"), Only(now, "c-3")).Effect).To(gomega.Equal(model.Unclear), "a platform is gone")
	g.Expect(Matrices(Only(old), Only(now, "c-3")).Effect).To(gomega.Equal(model.Neutral), "one more is no harm")
	only := Matrices(Only(old, "b-2"), Only(now, "b-2"))
	g.Expect(only.Pairs).To(gomega.HaveLen(1))
	g.Expect(only.Changes).To(gomega.Equal(c.Changes))
	g.Expect(old.Platforms).To(gomega.HaveLen(2))
}

// TestBeyond holds what has no earlier answer against a baseline: there a deviation is one that was
// not to be expected.
func TestBeyond(t *testing.T) {
	for _, old := range []string{"?", "not-run", "inconclusive"} {
		for now, want := range map[string]model.Effect{
			"deviates x": model.Worse, "deviates x 4/5": model.Worse, "conforms a": model.Neutral, "observed a": model.Neutral, "not-run": model.Neutral,
		} {
			c := Matrices(matrix(map[string][]string{"v4.one": {old}}, "a-1"), matrix(map[string][]string{"v4.one": {now}}, "a-1"))
			if c.Effect != model.Neutral {
				t.Errorf("from %s to %s in a table: %s", old, now, c.Effect)
			}
			beyond := Beyond(c)
			if beyond.Effect != want {
				t.Errorf("from %s to %s beyond a baseline: %s, want %s", old, now, beyond.Effect, want)
			}
			for _, change := range c.Changes {
				if change.Effect != model.Neutral {
					t.Errorf("the comparison itself was changed: %+v", change)
				}
			}
		}
	}
	// What is new in another way stays what it is, and the weightiest comes first.
	old := matrix(map[string][]string{"v4.one": {"deviates x"}, "v4.two": {"?"}}, "a-1")
	now := matrix(map[string][]string{"v4.one": {"conforms a"}, "v4.two": {"deviates x"}}, "a-1")
	if got := told(Beyond(Matrices(old, now))); !slices.Equal(got, []string{"worse newly measured v4.two a-1", "better newly conforming v4.one a-1"}) {
		t.Error(got)
	}
}

// TestPrecedence takes the changes away one after the other.
func TestPrecedence(t *testing.T) {
	old := matrix(map[string][]string{"v4.one": {"conforms a"}, "v4.two": {"conforms a"}, "v4.three": {"deviates x"}}, "a-1")
	for want, now := range map[model.Effect][]string{
		model.Worse:   {"deviates x", "inconclusive", "conforms a"},
		model.Unclear: {"conforms a", "inconclusive", "conforms a"},
		model.Better:  {"conforms a", "conforms b", "conforms a"},
		model.Neutral: {"conforms a", "conforms b", "deviates x"},
	} {
		m := matrix(map[string][]string{"v4.one": {now[0]}, "v4.two": {now[1]}, "v4.three": {now[2]}}, "a-1")
		if got := Matrices(old, m).Effect; got != want {
			t.Errorf("%v is %s, want %s", now, got, want)
		}
	}
}

// TestClaimsComeAndGo compares matrices of kits with other claims.
func TestClaimsComeAndGo(t *testing.T) {
	g := gomega.NewWithT(t)
	m := matrix(map[string][]string{"v4.one": {"conforms a"}, "v4.two": {"conforms a"}, "v4.three": {"conforms a"}}, "a-1")
	less := m
	less.Claims = m.Claims[:2]
	less.Cells = map[string]map[string]*model.Cell{"v4.one": m.Cells["v4.one"], "v4.two": m.Cells["v4.two"]}
	g.Expect(told(Matrices(m, less))).To(gomega.Equal([]string{"unclear no longer measured v4.three a-1"}))
	g.Expect(told(Matrices(less, m))).To(gomega.Equal([]string{"neutral newly measured v4.three a-1"}))
}

func ids(p model.Pair) string {
	id := func(s *model.Side) string {
		if s == nil {
			return "-"
		}
		return s.ID
	}
	return id(p.Old) + ">" + id(p.New)
}

func told(c model.Comparison) (out []string) {
	for _, change := range c.Changes {
		out = append(out, strings.Join([]string{string(change.Effect), string(change.Kind), change.Claim, change.Platform}, " "))
	}
	return out
}

func TestDiffers(t *testing.T) {
	g := gomega.NewWithT(t)
	yes := true
	old, now := matrix(nil, "a-1"), matrix(nil, "a-1")
	old.Platforms[0].Kernel, now.Platforms[0].Kernel = "Linux 6.1", "Linux 6.12"
	old.Platforms[0].State.Switches = map[string]string{"net.x": "0", "net.gone": "1"}
	now.Platforms[0].State.Switches = map[string]string{"net.x": "1"}
	now.Platforms[0].State.IPv6 = &yes
	now.Platforms[0].State.Lo = &model.Lo{Index: 7, MTU: 16384, Addresses: []string{"127.0.0.2/8"}}
	now.Platforms[0].Measured = time.Unix(1e9, 0)
	now.Platforms[0].State.Evidence = []string{"a remark"}
	now.Platforms[0].Kit.Version = "v2.0.0"
	g.Expect(Matrices(old, now).Pairs[0].Differs).To(gomega.Equal([]model.Fact{
		{Name: "kit.version", Old: "v1.0.0", New: "v2.0.0"},
		{Name: "platform.kernel", Old: "Linux 6.1", New: "Linux 6.12"},
		{Name: "platform.state.ipv6", Old: "", New: "true"},
		{Name: "platform.state.lo.addresses 127.0.0.2/8", Old: "", New: "there"},
		{Name: "platform.state.lo.mtu", Old: "", New: "16384"},
		{Name: "platform.state.switches.net.gone", Old: "1", New: ""},
		{Name: "platform.state.switches.net.x", Old: "0", New: "1"},
	}))
}

// TestWithdrawnIsNoAnswer compares with an answer that an erratum withdraws: whatever is measured
// then is new.
func TestWithdrawnIsNoAnswer(t *testing.T) {
	g := gomega.NewWithT(t)
	withdrawn := &model.Cell{Verdict: claim.Withdrawn, Detail: "it said no"}
	kind, effect := changed(withdrawn, &model.Cell{Verdict: claim.Deviates, Behaviour: "no"}, claim.Must)
	g.Expect(kind).To(gomega.Equal(model.NewlyMeasured))
	g.Expect(effect).To(gomega.Equal(model.Neutral))
	kind, _ = changed(&model.Cell{Verdict: claim.Conforms, Behaviour: "yes"}, withdrawn, claim.Must)
	g.Expect(kind).To(gomega.Equal(model.NoLongerMeasured))
}
