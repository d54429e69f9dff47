// Package stub is a name server of the kit's own, for private hosts, whose resolv.conf names it: it
// keeps what it is asked, in order, and answers what it is told to. It speaks through Go's package
// net, because it is not what is measured.
package stub

import (
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/dns/dnsmessage"
)

// Address is where a resolver looks for the name server that its resolv.conf names (RFC 1035 4.2).
const Address = "127.0.0.1:53"

// Config is the resolv.conf that names the stub alone. A search list of the root alone
// keeps the domain of the host's own name out of the questions.
const Config = "nameserver 127.0.0.1\nsearch .\n"

// Question is one question that was asked.
type Question struct {
	Name string // as it was written, with the final dot: "foo.localhost."
	Type string // "A", "AAAA", "PTR"
}

// Book is what the server knows: addresses by names in lower case, with the final dot. What is not
// in it does not exist.
type Book map[string][]netip.Addr

// Server is a name server under way.
type Server struct {
	conn net.PacketConn
	book Book

	mu    sync.Mutex
	asked []Question
}

// Start listens for datagrams at an address and answers until Close.
func Start(address string, book Book) (*Server, error) {
	conn, err := net.ListenPacket("udp", address)
	if err != nil {
		return nil, err
	}
	s := &Server{conn: conn, book: book}
	go s.serve()
	return s, nil
}

// Addr is where it listens.
func (s *Server) Addr() net.Addr { return s.conn.LocalAddr() }

// Close ends the server.
func (s *Server) Close() error { return s.conn.Close() }

// Asked gives all questions so far.
func (s *Server) Asked() []Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// maxQuery is the longest message over UDP without extensions (RFC 1035 2.3.4); a query is far
// shorter.
const maxQuery = 512

func (s *Server) serve() {
	buffer := make([]byte, maxQuery)
	for {
		n, from, err := s.conn.ReadFrom(buffer)
		if err != nil {
			return // it was closed
		}
		if answer, err := s.answer(buffer[:n]); err == nil {
			_, _ = s.conn.WriteTo(answer, from) // who gets no answer asks again
		}
	}
}

// answer keeps the question of a message and makes the answer. The error is for a message that is
// no query.
func (s *Server) answer(message []byte) ([]byte, error) {
	var p dnsmessage.Parser
	header, err := p.Start(message)
	if err != nil {
		return nil, err
	}
	q, err := p.Question()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.asked = append(s.asked, Question{q.Name.String(), strings.TrimPrefix(q.Type.String(), "Type")})
	s.mu.Unlock()

	known, exists := s.book[strings.ToLower(q.Name.String())]
	out := dnsmessage.Message{Questions: []dnsmessage.Question{q}, Answers: records(q, known),
		Header: dnsmessage.Header{ID: header.ID, Response: true, RecursionDesired: header.RecursionDesired, RecursionAvailable: true}}
	if !exists {
		out.RCode = dnsmessage.RCodeNameError
	}
	return out.Pack()
}

// records are the addresses of the type that is asked for.
func records(q dnsmessage.Question, known []netip.Addr) []dnsmessage.Resource {
	var out []dnsmessage.Resource
	for _, a := range known {
		r := dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}}
		switch {
		case q.Type == dnsmessage.TypeA && a.Is4():
			r.Body = &dnsmessage.AResource{A: a.As4()}
		case q.Type == dnsmessage.TypeAAAA && a.Is6():
			r.Body = &dnsmessage.AAAAResource{AAAA: a.As16()}
		default:
			continue
		}
		out = append(out, r)
	}
	return out
}
