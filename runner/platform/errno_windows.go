package platform

import (
	"strconv"
	"syscall"
)

// errnoName gives the number of a Windows error: its text comes in the language of the system.
func errnoName(number syscall.Errno) string { return "error " + strconv.Itoa(int(number)) }
