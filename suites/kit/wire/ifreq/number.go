// Package ifreq asks the kernels of macOS and the BSDs to make, name, number and remove network
// interfaces, by the ioctls that ifconfig(8) uses there.
//
// The size of a request is part of its number, and it differs from system to system, sometimes from
// architecture to architecture. So requests are bytes that are laid out by a table of all systems,
// and the table can be tested on any.
package ifreq

// The direction of a request, as seen from the process (sys/ioccom.h, the same on all these
// systems).
const (
	in    = 0x80000000 // IOC_IN: the kernel reads the data
	out   = 0x40000000 // IOC_OUT: it writes them
	inOut = in | out
)

// number is the number of a request (sys/ioccom.h, _IOC): a length of at most 13 bits, a group and
// a number of 8 each.
func number(direction uint32, group byte, n byte, size int) uintptr {
	return uintptr(direction | uint32(size)&0x1fff<<16 | uint32(group)<<8 | uint32(n))
}

// Request is an ioctl and its data, which the kernel may write to.
type Request struct {
	Number uintptr
	Data   []byte
}
