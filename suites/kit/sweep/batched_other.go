//go:build !linux

package sweep

// batched says that there are no batched calls here: golang.org/x/net has them for Linux alone, and
// so has this package.
func batched(Plan, [8]byte) (c carrier, has bool, err error) { return nil, false, nil }
