//go:build !linux

package combine

import (
	"testing"
	"time"
)

func forgetPeak(testing.TB) {}

// peakMemory is not known where there is no /proc of Linux.
func peakMemory(testing.TB) (float64, bool) { return 0, false }

func processorTime(testing.TB) time.Duration { return 0 }
