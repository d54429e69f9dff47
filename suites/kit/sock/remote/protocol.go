package remote

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
	"github.com/loopmatrix/loopmatrix/suites/kit/sock"
)

// The protocol is documented in README.md.
const (
	protocol = "loopmatrix stack"
	version  = 1
)

// maxFrame is the longest message, in bytes: the largest datagram takes less than a tenth of it in
// base64.
const maxFrame = 1 << 20

// joinGroup is the option that is set by a group and an interface instead of a value.
const joinGroup = "IP_ADD_MEMBERSHIP"

// mostWords is the longest text of a stack that goes into a report, in bytes.
const mostWords = 300

// writeFrame writes a message in one call: its length in four bytes, the most significant first,
// and its JSON.
func writeFrame(w io.Writer, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	if len(text) > maxFrame {
		return fmt.Errorf("a message of %d bytes, and %d are the most", len(text), maxFrame)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

// readFrame reads a message. At the end of the input it returns io.EOF, and io.ErrUnexpectedEOF in
// the middle of a message.
func readFrame(r io.Reader, message any) error {
	var length [4]byte
	if _, err := io.ReadFull(r, length[:]); err != nil {
		return err
	}
	n := binary.BigEndian.Uint32(length[:])
	if n > maxFrame {
		return fmt.Errorf("a message of %d bytes, and %d are the most%s", n, maxFrame, looksLikeText(length[:]))
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	} else if err != nil {
		return err
	}
	if err := json.Unmarshal(text, message); err != nil {
		return fmt.Errorf("%w in %q", err, text[:min(len(text), 60)])
	}
	return nil
}

// looksLikeText returns what to say about a length whose four bytes are text.
func looksLikeText(length []byte) string {
	for _, c := range length {
		if c < ' ' || c > '~' {
			return ""
		}
	}
	return fmt.Sprintf("; its length is the text %q: only messages go to standard output, and what is for people to standard error", length)
}

// greeting is the first message of a stack.
type greeting struct {
	// Protocol is "loopmatrix stack".
	Protocol string `json:"protocol"`
	// Version is that of the protocol.
	Version int `json:"version"`
	// Name is what kind of stack it is: 1 to 60 printable characters.
	Name string `json:"name" jsonschema:"minLength=1,maxLength=60"`
	// Release is the version of the stack; it is left out if it has none.
	Release string `json:"release,omitempty" jsonschema:"maxLength=40"`
	// Second says that the sockets are those of this machine, so that the same command started once
	// more is a second process on the same host.
	Second bool `json:"second_process,omitempty"`
}

// valid returns an error for a greeting that is not one of this protocol.
func (g greeting) valid() error {
	switch {
	case g.Protocol != protocol || g.Version != version:
		return fmt.Errorf("greeting of %.60q in version %d instead of %q in version %d", g.Protocol, g.Version, protocol, version)
	case !plain(g.Name, 60) || g.Name == "":
		return fmt.Errorf("greeting with the name %.80q; it takes 1 to 60 printable characters", g.Name)
	case !plain(g.Release, 40):
		return fmt.Errorf("greeting with the release %.60q; it takes up to 40 printable characters", g.Release)
	}
	return nil
}

// plain reports whether a text has no more than so many bytes, all of them printable.
func plain(text string, most int) bool {
	return len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) && utf8.ValidString(text)
}

// request is one call. What a call does not take is left out, and so are zeros.
type request struct {
	// ID is repeated by the answer.
	ID uint64 `json:"id"`
	// Call is the name of the call, as POSIX has it.
	Call string `json:"call"`
	// Socket is the number of a socket, in all calls but the one that opens it.
	Socket int `json:"socket,omitempty" jsonschema:"minimum=1"`
	// Family is the address family of a new socket.
	Family string `json:"family,omitempty"`
	// Type is the type of a new socket, with its protocol.
	Type string `json:"type,omitempty"`
	// Address is an address with a port: "127.0.0.1:80", "[::1]:80".
	Address netip.AddrPort `json:"address,omitzero"`
	// Backlog is that of listen.
	Backlog int `json:"backlog,omitempty"`
	// Data is what to send, in base64.
	Data []byte `json:"data,omitempty"`
	// Size is how many bytes to receive at most.
	Size int `json:"size,omitempty" jsonschema:"minimum=1"`
	// Option is the name of a socket option.
	Option string `json:"option,omitempty"`
	// Value is what to set an option to.
	Value int `json:"value,omitempty"`
	// Group is the address of a multicast group to join.
	Group netip.Addr `json:"group,omitzero"`
	// Interface is the index of an interface.
	Interface int `json:"interface,omitempty"`
	// Wait is how long the call may wait, in milliseconds.
	Wait int64 `json:"wait_ms,omitempty" jsonschema:"minimum=1"`
}

// response is what a call returned.
type response struct {
	// ID is that of the request.
	ID uint64 `json:"id"`
	// Socket is the number of a new socket, which was never given before.
	Socket int `json:"socket,omitempty" jsonschema:"minimum=1"`
	// Address is that of getsockname, getpeername, or of the peer of accept.
	Address netip.AddrPort `json:"address,omitzero"`
	// Value is that of an option.
	Value int `json:"value,omitempty"`
	// Data is what was received, in base64.
	Data []byte `json:"data,omitempty"`
	// From is the sender's address.
	From netip.AddrPort `json:"from,omitzero"`
	// To is the destination in the datagram, if IP_PKTINFO is set.
	To netip.Addr `json:"to,omitzero"`
	// Interface is the index of the interface it arrived on, if IP_PKTINFO is set.
	Interface int `json:"interface,omitempty" jsonschema:"minimum=1"`
	// TTL is the TTL or hop limit it arrived with, if IP_RECVTTL is set.
	TTL *int `json:"ttl,omitempty" jsonschema:"minimum=0,maximum=255"`
	// Error is there if the call has failed.
	Error *failure `json:"error,omitempty"`
}

// milliseconds is a wait as a message has it: not shorter.
func milliseconds(wait time.Duration) int64 {
	return int64((wait + time.Millisecond - 1) / time.Millisecond)
}

func (r *response) received(m sock.Message) {
	r.Data, r.From, r.To, r.Interface = m.Data, m.From, m.To, m.Index
	if m.TTL >= 0 {
		r.TTL = &m.TTL
	}
}

func (r response) message() sock.Message {
	m := sock.Message{Data: r.Data, From: r.From, To: r.To, Index: r.Interface, TTL: -1}
	if r.TTL != nil {
		m.TTL = *r.TTL
	}
	return m
}

// failure is why a call has failed.
type failure struct {
	// Call is the call that failed.
	Call string `json:"call" jsonschema:"pattern=^[a-zA-Z0-9_ ]{1\\,40}$"`
	// Errno is the name of the error number, as POSIX has it.
	Errno string `json:"errno,omitempty" jsonschema:"pattern=^[A-Z][A-Z0-9_]{0\\,39}$"`
	// Number is the number itself, where the stack has one.
	Number int `json:"number,omitempty"`
	// Outcome is left out if it follows from the number.
	Outcome observation.Outcome `json:"outcome,omitempty"`
	// Text is what else is known, for people.
	Text string `json:"text,omitempty"`
}

func failureOf(call string, err error) *failure {
	if err == nil {
		return nil
	}
	e, is := errors.AsType[*sock.Error](err)
	if !is {
		return &failure{Call: call, Text: sock.Reason(err)}
	}
	f := &failure{Call: e.Op, Errno: e.Errno, Number: e.Number}
	if e.Outcome != sock.ClassOf(e.Errno) {
		f.Outcome = e.Outcome
	}
	if e.Err != nil {
		f.Text = sock.Reason(e.Err)
	}
	return f
}

func (f *failure) err() error {
	if f == nil {
		return nil
	}
	e := sock.Errno(f.Call, f.Errno, f.Number)
	if f.Outcome != "" {
		e.Outcome = f.Outcome
	}
	if f.Text != "" {
		e.Err = errors.New(f.Text)
	}
	return e
}
