package main

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/wire"
)

// log is what a capture saw.
type log struct {
	mu   sync.Mutex
	all  []crossing
	news chan struct{} // closed and replaced when a frame comes, or none will
	err  error         // why none will
	done chan struct{}
}

// follow reads a capture until it is closed.
func follow(c *capture) *log {
	l := &log{news: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(l.done)
		for l.take(c.read()) {
		}
	}()
	return l
}

func (l *log) take(f crossing, err error) (more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err = err; err == nil {
		l.all = append(l.all, f)
	}
	close(l.news)
	l.news = make(chan struct{})
	return err == nil
}

// end gives what was seen, after the capture was closed.
func (l *log) end() []crossing {
	<-l.done
	return l.all
}

// patience is how long a marker may take: it is there within microseconds, unless the machine is
// very busy.
const patience = 30 * time.Second

// mark sends a frame on a device of its own, which appears for it and has nothing at the other end,
// and waits until the capture has seen it: then it sees what leaves, by any interface, and has seen
// whatever left before.
func (l *log) mark(when string) (err error) {
	nonce := make([]byte, 16)
	if _, err := rand.Read(nonce); err != nil {
		return err
	}
	end, err := send(marker(nonce))
	if err != nil {
		return fmt.Errorf("marker %s: %w", when, err)
	}
	defer func() { err = errors.Join(err, end.Close()) }()
	if err := l.await(nonce); err != nil {
		return fmt.Errorf("marker %s: %w", when, err)
	}
	return nil
}

func (l *log) await(nonce []byte) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for next := 0; ; {
		l.mu.Lock()
		for ; next < len(l.all); next++ {
			if f := l.all[next]; f.outgoing && bytes.HasSuffix(f.bytes, nonce) {
				l.mu.Unlock()
				return nil
			}
		}
		news, err := l.news, l.err
		l.mu.Unlock()
		if err != nil {
			return err
		}
		select {
		case <-news:
		case <-timer.C:
			return errors.New("the capture does not see it")
		}
	}
}

// experimental is the protocol number for local experiments (IEEE 802, 9.2.4).
const experimental = 0x88b5

// marker is a frame without a receiver.
func marker(nonce []byte) []byte {
	header := append(make([]byte, 6), 2, 0, 0, 0, 0, 0)
	return append(binary.BigEndian.AppendUint16(header, experimental), nonce...)
}

// device is the name of the marker's own device.
func device() string { return fmt.Sprint("mark", os.Getpid()) }

// send makes a device and sends a frame over it. The device lives until the end is closed.
func send(frame []byte) (wire.End, error) {
	end, err := wire.OpenTAP(device())
	if err != nil {
		return nil, err
	}
	if err := sendOn(device(), frame); err != nil {
		return nil, errors.Join(err, end.Close())
	}
	return end, nil
}

func sendOn(name string, frame []byte) (err error) {
	link, err := netlink.LinkByName(name)
	if err != nil {
		return err
	}
	quiet := "/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6"
	err = os.WriteFile(quiet, []byte("1"), 0)          //nolint:gosec // the name is that of an interface that was found
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // without IPv6, it is quiet
		return err
	}
	if err := netlink.LinkSetUp(link); err != nil {
		return err
	}
	fd, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("packet socket: %w", err)
	}
	defer func() { err = errors.Join(err, unix.Close(fd)) }()
	return unix.Sendto(fd, frame, 0, &unix.SockaddrLinklayer{Ifindex: link.Attrs().Index})
}
