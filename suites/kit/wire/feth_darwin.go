package wire

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire/ifreq"
)

// firstFeth is the number from which free interfaces are sought; low ones are ifconfig's own
// choice.
const firstFeth = 4040

// Make makes a pair of fake Ethernet interfaces (xnu, bsd/net/if_fake.c): what one sends arrives at
// the other. The first is the host's, the other has no addresses and stands under a BPF device.
// Both outlive this process, so outlives is told their names before they are made; if that fails,
// they are not.
func Make(outlives func(name string) error) (Made, error) {
	system, err := ifreq.This()
	if err != nil {
		return Made{}, err
	}
	var pair [2]string
	for i := range pair {
		name, err := free("feth", firstFeth)
		if err == nil {
			err = outlives(name)
		}
		if err != nil {
			return Made{}, err
		}
		if err := ifreq.Do(unix.AF_INET, system.Create(name)); err != nil {
			return Made{}, fmt.Errorf("create %s: %w", name, err)
		}
		pair[i] = name
	}
	if err := join(pair[0], pair[1]); err != nil {
		return Made{}, fmt.Errorf("join %s and %s: %w", pair[0], pair[1], err)
	}
	if err := system.SetUp(pair[1], true); err != nil {
		return Made{}, fmt.Errorf("bring %s up: %w", pair[1], err)
	}
	end, err := openBPF(system.Flags(pair[1]))
	if err != nil {
		return Made{}, err
	}
	return Made{pair[0], "feth", end}, nil
}

// driverRequest is struct ifdrv (net/if.h), fakeRequest struct if_fake_request (xnu,
// bsd/net/if_fake_var.h).
type (
	driverRequest struct {
		name    [16]byte
		command uint64
		size    uint64
		data    *fakeRequest
	}
	fakeRequest struct {
		_    [4]uint64 // must be zero
		peer [128]byte
	}
)

const setPeer = 1 // IF_FAKE_S_CMD_SET_PEER

func join(one, other string) error {
	request := &fakeRequest{}
	copy(request.peer[:], other)
	command := &driverRequest{command: setPeer, size: uint64(unsafe.Sizeof(*request)), data: request}
	copy(command.name[:], one)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(command)), unsafe.Sizeof(*command)) //nolint:gosec // a structure as bytes
	err := ifreq.Do(unix.AF_INET, ifreq.Request{Number: unix.SIOCSDRVSPEC, Data: bytes})
	runtime.KeepAlive(command)
	return err
}

// bpfDevices is how many devices /dev/bpfN are tried; the system makes more of them as they get
// used.
const bpfDevices = 256

// openBPF opens the first BPF device that is free, on the interface that a request is about.
func openBPF(about ifreq.Request) (End, error) {
	fd, path := -1, ""
	err := error(unix.EBUSY)
	for n := 0; n < bpfDevices && errors.Is(err, unix.EBUSY); n++ {
		path = fmt.Sprint("/dev/bpf", n)
		fd, err = unix.Open(path, unix.O_RDWR|unix.O_CLOEXEC, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	about.Number = unix.BIOCSETIF
	err = ifreq.Ask(fd, about)
	if err == nil {
		err = captureAll(fd)
	}
	for _, set := range []struct {
		request uint
		value   int
	}{
		{unix.BIOCIMMEDIATE, 1}, // a frame can be read as soon as it is there
		{unix.BIOCSHDRCMPLT, 1}, // the source of what is written stays as it is
		{unix.BIOCSSEESENT, 0},  // what is written is not read again
	} {
		if err == nil {
			err = unix.IoctlSetPointerInt(fd, set.request, set.value)
		}
	}
	if err == nil { // also frames that are not for the address of this interface
		err = unix.IoctlSetInt(fd, unix.BIOCPROMISC, 0)
	}
	size := 0
	if err == nil {
		size, err = unix.IoctlGetInt(fd, unix.BIOCGBLEN)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("set up %s: %w", path, err), unix.Close(fd))
	}
	d, err := newDevice(fd)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &bpf{device: d, buffer: make([]byte, size)}, nil
}

// bpf is a BPF device: a read gives several frames, and wants a buffer of just this size.
type bpf struct {
	*device
	buffer  []byte
	pending [][]byte
}

// Read waits for the next frame.
func (b *bpf) Read(frame []byte) (int, error) {
	for len(b.pending) == 0 {
		n, err := b.device.Read(b.buffer)
		if err == nil {
			b.pending, err = bpfFrames(b.buffer[:n])
		}
		if err != nil {
			return 0, err
		}
	}
	n := copy(frame, b.pending[0])
	b.pending = b.pending[1:]
	return n, nil
}
