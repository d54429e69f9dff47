//go:build unix

package wire

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// device is an End behind a file that gives a frame for each read and takes one with each write. It
// waits by poll(2), which tells a state and not a change, so that no frame can be overlooked,
// whatever the driver makes of kqueue.
type device struct {
	fd    int
	using sync.RWMutex // held for reading while fd is in use
	// ended and end are a pipe; ended becomes readable at Close, and stays so.
	ended, end *os.File
}

// newDevice takes over a file. It is closed if that fails.
func newDevice(fd int) (*device, error) {
	d := &device{fd: fd}
	err := unix.SetNonblock(fd, true)
	if err == nil {
		d.ended, d.end, err = os.Pipe()
	}
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return d, nil
}

// Read waits for the next frame.
func (d *device) Read(b []byte) (int, error) {
	d.using.RLock()
	defer d.using.RUnlock()
	for {
		if err := d.wait(); err != nil {
			return 0, err
		}
		n, err := unix.Read(d.fd, b)
		switch {
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR), err == nil && n == 0:
		case err != nil:
			return 0, fmt.Errorf("read: %w", err)
		default:
			return n, nil
		}
	}
}

// wait waits until there is something to read, or until Close.
func (d *device) wait() error {
	if d.fd < 0 {
		return net.ErrClosed
	}
	both := []unix.PollFd{{Fd: int32(d.fd), Events: unix.POLLIN}, {Fd: int32(d.ended.Fd()), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(both, -1)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return fmt.Errorf("poll: %w", err)
		case both[1].Revents != 0:
			return net.ErrClosed
		case both[0].Revents != 0:
			return nil
		}
	}
}

// Write hands a frame to the device.
func (d *device) Write(b []byte) (int, error) {
	d.using.RLock()
	defer d.using.RUnlock()
	if d.fd < 0 {
		return 0, net.ErrClosed
	}
	n, err := unix.Write(d.fd, b)
	if err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return n, nil
}

// Close ends a Read that waits, and gives the file back.
func (d *device) Close() error {
	_, err := d.end.Write([]byte{0})
	if err != nil {
		return net.ErrClosed // it is closed already
	}
	d.using.Lock()
	defer d.using.Unlock()
	err = errors.Join(unix.Close(d.fd), d.ended.Close(), d.end.Close())
	d.fd = -1
	return err
}
