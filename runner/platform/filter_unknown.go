//go:build illumos || linux || windows

package platform

// unknownFilter is what a report says of a packet filter that could not be asked at all.
func unknownFilter(f *findings, err error) string {
	f.missing(filterFact, err)
	return unknown(err)
}
