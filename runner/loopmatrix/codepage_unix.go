//go:build unix

package main

// outputCodePage is 0: only Windows has code pages.
func outputCodePage() uint32 { return 0 }
