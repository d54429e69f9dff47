package main

import (
	"slices"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/claim"
)

// readResumed reads the report that --resume goes on with.
func readResumed(path string) (*model.Report, error) {
	if path == "" {
		return nil, nil
	}
	r, err := model.Read(path, claim.Catalogue())
	if err == nil {
		err = arrived(r)
	}
	if err != nil {
		return nil, usage("--resume: %w", err)
	}
	return &r, nil
}

// remaining are the claims that an interrupt has kept from being measured.
func remaining(r model.Report) []claim.Entry {
	left := map[string]bool{}
	for _, result := range r.Results {
		left[result.Claim] = result.Reason == model.Interrupted
	}
	var out []claim.Entry
	for _, e := range claim.Catalogue() {
		if left[e.ID] {
			out = append(out, e)
		}
	}
	return out
}

// resumed is a report that went on with an older one: what that has measured stays, as long as it is the same platform.
func resumed(old, fresh model.Report) (model.Report, error) {
	if old.Platform.ID != fresh.Platform.ID {
		return fresh, usage("--resume: that report is of %s, and this is %s; go on where it was begun", old.Platform.ID, fresh.Platform.ID)
	}
	measured := map[string]model.Result{}
	for _, r := range old.Results {
		if r.Reason != model.Interrupted {
			measured[r.Claim] = r
		}
	}
	for i, r := range fresh.Results { // the older kit may know fewer claims, so places differ
		if has, is := measured[r.Claim]; is {
			fresh.Results[i] = has
		}
	}
	fresh.Run.ID, fresh.Run.Started, fresh.Run.Seed, fresh.Run.Repeat = old.Run.ID, old.Run.Started, old.Run.Seed, old.Run.Repeat
	fresh.Run.DurationMillis += old.Run.DurationMillis
	fresh.Sweeps = addSweeps(slices.Clone(old.Sweeps), fresh.Sweeps)
	fresh.Capacity = old.Capacity // unless it is asked for again
	return fresh, nil
}
