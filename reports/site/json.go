package site

import (
	"bytes"
	"fmt"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/reports/render"
	"github.com/loopmatrix/loopmatrix/reports/schema"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// data adds what programs read, at addresses that stay: the whole matrix, a small file for each
// claim and each platform, and the schemas of the three.
func (b *builder) data() error {
	for name, text := range map[string]string{"matrix": schema.Matrix(), "claim": schema.Claim(), "platform": schema.Platform()} {
		b.add(name+".schema.json", []byte(text))
	}
	var whole bytes.Buffer
	if err := render.JSON(&whole, b.matrix); err != nil {
		return err
	}
	b.add("matrix.json", whole.Bytes())
	for _, c := range b.matrix.Claims {
		if err := b.json("claims/"+c.ID+".json", claimAnswers(b.matrix, c)); err != nil {
			return err
		}
	}
	for _, p := range b.matrix.Platforms {
		if err := b.json("platforms/"+p.ID+".json", platformAnswers(b.matrix, p)); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) json(path string, v any) error {
	text, err := model.Encode(v)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	b.add(path, text)
	return nil
}

// claimAnswers is one claim and what every platform shows for it.
func claimAnswers(m model.Matrix, c claim.Claim) model.ClaimAnswers {
	out := model.ClaimAnswers{Schema: model.MatrixSchema, Generated: m.Generated, Claim: c, Answers: []model.PlatformAnswer{}}
	for _, p := range m.Platforms {
		out.Answers = append(out.Answers, model.PlatformAnswer{Platform: p.ID, Title: p.Title, Family: p.Family, Version: p.Version,
			Privileged: p.Privileged, Measured: &p.Measured, Shown: shown(c, render.At(m, c.ID, p.ID))})
	}
	for _, w := range m.Wanted {
		out.Answers = append(out.Answers, model.PlatformAnswer{Title: w.Title, Family: w.Family, Shown: shown(c, render.At(m, c.ID, ""))})
	}
	for _, s := range render.DocumentedSystems(m) {
		for _, e := range m.Answer(c.ID, s.Family) {
			out.Answers = append(out.Answers, model.PlatformAnswer{Title: render.Versions(e), Family: e.System, Documented: &e,
				Shown: model.Shown{Verdict: model.Standing(render.Unknown), Behaviour: e.Behaviour, Answer: render.ReplyFrom(c, e).String(),
					Detail: e.Note, Evidence: "documented"}})
		}
	}
	return out
}

// platformAnswers is one platform and what it shows for every claim.
func platformAnswers(m model.Matrix, p model.Column) model.PlatformAnswers {
	out := model.PlatformAnswers{Schema: model.MatrixSchema, Platform: p, Answers: []model.ClaimAnswer{}}
	for _, c := range m.Claims {
		out.Answers = append(out.Answers, model.ClaimAnswer{Claim: c.ID, Question: c.Question, Level: c.Level,
			Shown: shown(c, render.At(m, c.ID, p.ID))})
	}
	return out
}

func shown(c claim.Claim, in model.Cell) model.Shown {
	out := model.Shown{Verdict: model.Standing(in.Verdict), Behaviour: in.Behaviour, Answer: render.ReplyTo(c, in).String(),
		Detail: in.Detail, Unstable: in.Unstable, Evidence: "measured"}
	if in.Verdict == render.Unknown {
		out.Evidence = "none"
	}
	if in.Verdict == claim.Conforms || in.Verdict == claim.Deviates {
		conforms := in.Verdict == claim.Conforms
		out.Conforms = &conforms
	}
	return out
}
