package model

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Digest is made by the kit when a report is finished, so that a later change shows: a slip of an
// editor, a bad merge, a result that was helped along. It is no signature. Whoever builds the kit
// can make one for anything, and it says nothing of whether the measuring was honest.
type Digest struct {
	// SHA256 is the hash, in lower case hexadecimal, of the report without this object as canonical
	// JSON: no white space, the keys of objects sorted, strings in UTF-8 with only the escapes that
	// RFC 8785 asks for, numbers as they stand in the file.
	SHA256 string `json:"sha256"`
	// Parts tell where a change is: the first 16 digits of the same hash over each part. The keys
	// are "kit", "platform", "run", "sweeps", since schema 2 "catalogue", of what is there
	// "capacity", "outside" and "added", and the ids of the claims for their results, followed by a
	// blank and the subject where that is not the kernel.
	Parts map[string]string `json:"parts"`
}

// partDigits is how much of a hash locates a change; SHA256 is what tells that there is one.
const partDigits = 16

// Sealed is the report with the digest of what it holds now. Whoever writes a report seals it last.
// Text that is no UTF-8 becomes what the file will hold, since JSON has no place for it.
func (r Report) Sealed() (Report, error) {
	r.Digest = nil
	b, err := Encode(r)
	if err != nil {
		return r, err
	}
	sealed := Report{File: r.File}
	if err := json.Unmarshal(b, &sealed, everything); err != nil {
		return r, fmt.Errorf("seal: %w", err)
	}
	d, err := sealed.digest()
	sealed.Digest = &d
	return sealed, err
}

// digest is what the digest of a report is, whatever stands in it.
func (r Report) digest() (Digest, error) {
	r.Digest = nil
	d := Digest{Parts: map[string]string{}}
	var err error
	if d.SHA256, err = hashOf(r); err != nil {
		return d, err
	}
	parts := map[string]any{"kit": r.Kit, "platform": r.Platform, "run": r.Run, "sweeps": r.Sweeps}
	if r.Capacity != nil { // not in the digests that older kits have made
		parts["capacity"] = r.Capacity
	}
	if r.Schema > 1 {
		parts["catalogue"] = r.Catalogue
	}
	if r.Outside != nil {
		parts["outside"] = r.Outside
	}
	if r.Added != nil {
		parts["added"] = r.Added
	}
	for _, result := range r.Results {
		parts[result.name()] = result
	}
	for name, part := range parts {
		sum, err := hashOf(part)
		if err != nil {
			return d, err
		}
		d.Parts[name] = sum[:partDigits]
	}
	return d, nil
}

// Intact says what was changed in a report since the kit wrote it; nil if nothing was. A report
// without a digest, which older kits wrote, is a Problem at "digest".
func (r Report) Intact() error {
	p := &problems{file: r.File}
	p.intact(r)
	return p.all.ErrorOrNil()
}

func (p *problems) intact(r Report) {
	if r.Digest == nil {
		p.add("digest", "it is missing, so nobody can tell whether the report was edited; measure again with this version of the kit")
		return
	}
	is, err := r.digest()
	if err != nil {
		p.add("digest", "it can't be made: %v", err)
		return
	}
	found := 0
	changed := func(path, format string, args ...any) {
		found++
		p.add(path, format+"; take the file as the kit wrote it, or measure again", args...)
	}
	p.partsIntact(r, is, changed)
	if is.SHA256 != r.Digest.SHA256 && found == 0 {
		changed("digest.sha256", "the report is not what the kit wrote: its digest is %s", is.SHA256)
	}
}

// partsIntact tells which parts were changed, added or taken out.
func (p *problems) partsIntact(r Report, is Digest, changed func(path, format string, args ...any)) {
	at := map[string]string{}
	for i, result := range r.Results {
		at[result.name()] = fmt.Sprintf("results[%d]", i)
	}
	for _, name := range slices.Sorted(maps.Keys(is.Parts)) {
		path, of := name, ""
		if result, has := at[name]; has {
			path, of = result, " of "+printable(name)
		}
		switch was, listed := r.Digest.Parts[name]; {
		case !listed:
			changed(path, "this result%s was added after the kit wrote the report: its digest has no part for it", of)
		case was != is.Parts[name]:
			changed(path, "it is not what the kit wrote%s: its digest is %s, not %s", of, is.Parts[name], was)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Digest.Parts)) {
		if _, has := is.Parts[name]; !has {
			changed(join("digest.parts", name), "the part that it is of was taken out of the report")
		}
	}
}

// hashOf is the SHA-256 of a value as canonical JSON.
func hashOf(v any) (string, error) {
	b, err := Encode(v)
	if err != nil {
		return "", err
	}
	c, err := Canonical(b)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(c)
	return hex.EncodeToString(sum[:]), nil
}

// Canonical is a JSON text in the one form that digests are made of; see Digest. It is RFC 8785 but
// for numbers: a seed may exceed what a float can hold.
func Canonical(text []byte) ([]byte, error) {
	v := jsontext.Value(bytes.Clone(text))
	if err := v.Canonicalize(jsontext.CanonicalizeRawInts(false), jsontext.CanonicalizeRawFloats(false)); err != nil {
		return nil, fmt.Errorf("canonical JSON: %w", err)
	}
	return v, nil
}
