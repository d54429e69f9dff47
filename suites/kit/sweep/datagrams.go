package sweep

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"time"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// batch is how many datagrams are under way before they are read: fewer than the smallest receive
// buffer in the field holds (41,600 bytes on BSDs, where a small datagram costs an mbuf of 256
// bytes; 212,992 on Linux, where it costs 768).
const batch = 128

// payloadSize is a nonce of 8 bytes, which tells our datagrams from others', what the datagram is
// in 4, and the serial number of its batch in 4.
const payloadSize = 16

// A datagram is the question to an address, then it carries the offset of that address, or a
// marker, which carries this bit and its place in the batch.
const marker = 1 << 31

// carrier sends and receives the datagrams of one worker. Its arrays are reused: nothing is made
// for an address.
type carrier interface {
	// send sends one datagram to each address. It writes the code of what failed at once into
	// codes, and leaves that of what was sent. What is sent patiently is heard of in refusals.
	send(f *Field, to []Offset, what []uint32, serial uint32, patient bool, codes []Code) error
	// receive takes what has arrived, at most batch datagrams, and waits for the first one.
	receive(wait time.Duration) ([]arrival, error)
	// refusals writes the codes of missing addresses about which the system has said something
	// since: that an ICMP error came back.
	refusals(f *Field) error
	close() error
}

// arrival is a datagram that has arrived.
type arrival struct {
	at     Offset // the address that it was for, or that has answered
	inside bool   // whether that is one of the block
	what   uint32 // what the payload says it is
	serial uint32
}

// datagrams is the lane of UDP and ICMP.
type datagrams struct {
	carrier
	home     Offset // where markers are sent to: an address that is known to answer
	serial   uint32
	to       []Offset
	what     []uint32
	codes    []Code
	end      int // the place of the first marker that closes the batch
	closed   int // the place of the last marker that has come, -1 for none
	lost, of int
}

// homes are the addresses that may serve for markers: the first that answers does.
var homes = []Offset{1, 2, 0x800001, 0x010203, Size - 2}

// errNoHome is when not even a marker arrives anywhere: then nothing can be said about what does
// not arrive.
var errNoHome = errors.New("no marker came back from any of 127.0.0.1, 127.0.0.2, 127.128.0.1, 127.1.2.3 and 127.255.255.254")

func newDatagrams(p Plan) (lane, error) {
	var nonce [8]byte
	if _, err := rand.Read(nonce[:]); err != nil {
		return nil, err
	}
	c, err := newCarrier(p, nonce)
	if err != nil {
		return nil, err
	}
	d := &datagrams{carrier: c, to: make([]Offset, 0, batch), what: make([]uint32, 0, batch), codes: make([]Code, batch)}
	if err := d.settle(); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return d, nil
}

// settle looks for a home.
func (d *datagrams) settle() error {
	f := &Field{words: newWords()}
	for _, home := range homes {
		d.home = home
		d.begin()
		d.finish(1)
		if err := d.flush(f, false); err != nil {
			return err
		}
		if d.codes[0] != Missing {
			continue
		}
		if err := d.await(f, sock.Impatience, OK); err != nil || d.closed >= 0 {
			return err
		}
	}
	return errNoHome
}

func (d *datagrams) begin() {
	d.serial++
	d.to, d.what, d.closed = d.to[:0], d.what[:0], -1
}

func (d *datagrams) ask(o Offset) { d.to, d.what = append(d.to, o), append(d.what, uint32(o)) }

func (d *datagrams) mark() {
	d.to, d.what = append(d.to, d.home), append(d.what, marker|uint32(len(d.what)))
}

// finish closes the batch with so many markers.
func (d *datagrams) finish(markers int) {
	d.end = len(d.to)
	for range markers {
		d.mark()
	}
}

func (d *datagrams) isMarker(place int) bool { return d.what[place]&marker != 0 }

// flush sends what was added.
func (d *datagrams) flush(f *Field, patient bool) error {
	d.codes = d.codes[:len(d.to)]
	for i := range d.codes {
		d.codes[i] = Missing
	}
	return d.send(f, d.to, d.what, d.serial, patient, d.codes)
}

// await reads until one of the markers that close this batch has come and nothing is left, or
// nothing has come for so long. What arrives gets this code.
func (d *datagrams) await(f *Field, wait time.Duration, arrived Code) error {
	for d.closed < len(d.to)-1 {
		if d.closed >= d.end {
			wait = 0
		}
		got, err := d.receive(wait)
		if sock.OutcomeOf(err) == observation.Timeout {
			return nil
		}
		if err != nil {
			return err
		}
		for _, a := range got {
			switch {
			case a.serial != d.serial: // of a batch that was given up
			case a.what&marker != 0:
				d.closed = max(d.closed, int(a.what&^marker))
			default:
				d.arrive(f, a, arrived)
			}
		}
	}
	return nil
}

func (d *datagrams) arrive(f *Field, a arrival, c Code) {
	asked := Offset(a.what)
	if asked >= Size || f.codes[asked] != Missing {
		return
	}
	if c == Late {
		d.lost++
		d.of++
	}
	if !a.inside || a.at != asked {
		c = Astray
	}
	f.codes[asked] = c
	d.of++
}

func (d *datagrams) losses() (lost, of int) { return d.lost, d.of }

func (d *datagrams) first(f *Field, from, to Offset) error {
	for next := from; next < to; {
		d.begin()
		closing := d.closing()
		for ; next < to && len(d.to) < batch-closing; next++ {
			if f.codes[next] == Unasked {
				d.ask(next)
			}
		}
		if len(d.to) == 0 {
			return nil
		}
		d.finish(closing)
		if err := d.round(f, OK, false); err != nil {
			return err
		}
	}
	return nil
}

// closing is how many markers close a batch: several on a host that loses some, so that hardly one
// batch has to be waited for because of its marker.
func (d *datagrams) closing() int {
	if d.lost > 0 {
		return 4
	}
	return 1
}

// again asks the missing addresses of [from, to) once more, each followed by a marker of its own,
// so that one that was thrown away with a whole batch is not taken for a dead one.
func (d *datagrams) again(f *Field, from, to Offset, last bool) error {
	for next := from; next < to; {
		d.begin()
		closing := d.closing()
		for ; next < to && len(d.to) < batch-1-closing; next++ {
			if f.codes[next] == Missing {
				d.ask(next)
				d.mark()
			}
		}
		if len(d.to) == 0 {
			return nil
		}
		d.finish(closing)
		if err := d.round(f, Late, last); err != nil {
			return err
		}
	}
	return nil
}

// round sends what was added and reads what comes, up to the last marker. A marker may be lost like
// anything else, and what was before it stays missing then. What the system says about a datagram
// that was asked again is its outcome; what is lost the last time, and has a marker that came after
// it, is lost for good.
func (d *datagrams) round(f *Field, arrived Code, last bool) error {
	again := arrived == Late
	if err := d.flush(f, again); err != nil {
		return err
	}
	for i, c := range d.codes {
		switch {
		case d.isMarker(i):
			d.of++
		case last || f.Result(c).Outcome != observation.Exhausted:
			f.codes[d.to[i]] = c
		default: // there may be room the next time
			f.codes[d.to[i]] = Missing
		}
	}
	if err := d.await(f, sock.Impatience, arrived); err != nil {
		return err
	}
	if d.closed < d.end {
		d.lost++ // a marker at least
	}
	if !again {
		return nil
	}
	if err := d.refusals(f); err != nil {
		return err
	}
	for i, o := range d.to {
		if last && i < d.closed && f.codes[o] == Missing && !d.isMarker(i) {
			f.codes[o] = Lost
		}
	}
	return nil
}

// payload writes what a datagram carries.
func payload(b []byte, nonce [8]byte, what, serial uint32) {
	copy(b, nonce[:])
	binary.BigEndian.PutUint32(b[8:], what)
	binary.BigEndian.PutUint32(b[12:], serial)
}

// ours reads a payload, and says whether it is one of this worker's.
func ours(b []byte, nonce [8]byte) (what, serial uint32, is bool) {
	if len(b) != payloadSize || [8]byte(b) != nonce {
		return 0, 0, false
	}
	return binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:]), true
}
