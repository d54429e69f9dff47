//go:build unix

package wire

import (
	"errors"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// twoEnds are a device and its other side.
func twoEnds(t *testing.T) (*device, int) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(pair[1]) })
	d, err := newDevice(pair[0])
	if err != nil {
		t.Fatal(err)
	}
	return d, pair[1]
}

func TestDeviceKeepsFramesApart(t *testing.T) {
	d, other := twoEnds(t)
	defer func() { _ = d.Close() }()
	got := make(chan string)
	go func() {
		b := make([]byte, maxFrame)
		for range 2 {
			n, err := d.Read(b)
			if err != nil {
				t.Error(err)
			}
			got <- string(b[:n])
		}
	}()
	for _, frame := range []string{"one", "two"} {
		if _, err := unix.Write(other, []byte(frame)); err != nil {
			t.Fatal(err)
		}
	}
	if one, two := <-got, <-got; one != "one" || two != "two" {
		t.Errorf("%q, %q", one, two)
	}
	if _, err := d.Write([]byte("three")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, maxFrame)
	if n, err := unix.Read(other, b); err != nil || string(b[:n]) != "three" {
		t.Errorf("%q, %v", b[:n], err)
	}
}

func TestDeviceCloseEndsRead(t *testing.T) {
	for range 50 { // the Read is before, at or behind its poll(2)
		d, _ := twoEnds(t)
		ended := make(chan error)
		go func() {
			_, err := d.Read(make([]byte, maxFrame))
			ended <- err
		}()
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Fatal(err)
		}
		if _, err := d.Read(nil); !errors.Is(err, net.ErrClosed) {
			t.Fatal(err)
		}
		if _, err := d.Write([]byte("x")); !errors.Is(err, net.ErrClosed) {
			t.Fatal(err)
		}
		if err := d.Close(); !errors.Is(err, net.ErrClosed) {
			t.Fatal(err)
		}
	}
}
