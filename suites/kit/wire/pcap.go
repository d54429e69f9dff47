package wire

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"github.com/gopacket/gopacket"
	"github.com/gopacket/gopacket/layers"
	"github.com/gopacket/gopacket/pcapgo"
)

// Capture returns everything that crossed these cables as a section of a pcapng file with this
// comment, one interface a cable. Sections that follow one another are one file, which Wireshark
// opens.
func Capture(comment string, cables ...*Cable) ([]byte, error) {
	type placed struct {
		Frame
		cable int
	}
	var all []placed
	for i, c := range cables {
		for _, f := range c.After(0) {
			all = append(all, placed{f, i})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.nth, b.nth) })
	var b bytes.Buffer
	first, options := pcapgo.DefaultNgInterface, pcapgo.DefaultNgWriterOptions
	first.LinkType, options.SectionInfo.Comment = layers.LinkTypeEthernet, comment
	w, err := pcapgo.NewNgWriterInterface(&b, first, options)
	if err != nil {
		return nil, err
	}
	for range cables[min(1, len(cables)):] {
		if _, err := w.AddInterface(pcapgo.NgInterface{LinkType: layers.LinkTypeEthernet, SnapLength: 0}); err != nil {
			return nil, err
		}
	}
	for _, f := range all {
		info := gopacket.CaptureInfo{Timestamp: f.At, CaptureLength: len(f.Bytes), Length: len(f.Bytes), InterfaceIndex: f.cable}
		if err := w.WritePacket(info, f.Bytes); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Section is a part of a pcapng file that has interfaces of its own (draft-ietf-opsawg-pcapng,
// 4.1).
type Section struct {
	Comment string
	Bytes   []byte
}

// The block that begins a section, the mark of its byte order, and the code of a comment among its
// options.
const (
	sectionHeader = 0x0a0d0d0a
	byteOrder     = 0x1a2b3c4d
	optComment    = 1
)

// errNoCapture is behind the error for a file that Capture did not write.
var errNoCapture = errors.New("it is no pcapng file as the kit writes it")

// Sections returns the sections of a file that is made of what Capture returns.
func Sections(file []byte) ([]Section, error) {
	var all []Section
	for begin := 0; begin < len(file); {
		rest := file[begin:]
		if len(rest) < 12 {
			return nil, fmt.Errorf("%w: a block at %d is cut", errNoCapture, begin)
		}
		kind, size := binary.LittleEndian.Uint32(rest), int64(binary.LittleEndian.Uint32(rest[4:]))
		if size < 12 || size%4 != 0 || size > int64(len(rest)) {
			return nil, fmt.Errorf("%w: a block at %d has %d bytes", errNoCapture, begin, size)
		}
		block := rest[:size]
		switch {
		case kind == sectionHeader:
			if size < 28 || binary.LittleEndian.Uint32(block[8:]) != byteOrder {
				return nil, fmt.Errorf("%w: the section at %d is of another byte order", errNoCapture, begin)
			}
			all = append(all, Section{Comment: comment(block[24 : size-4])})
		case len(all) == 0:
			return nil, fmt.Errorf("%w: it does not begin with a section", errNoCapture)
		}
		last := &all[len(all)-1]
		last.Bytes = append(last.Bytes, block...)
		begin += int(size)
	}
	return all, nil
}

// comment returns the first comment among options: each is a code, a length, and a value padded to
// four bytes.
func comment(options []byte) string {
	for len(options) >= 4 {
		code, size := binary.LittleEndian.Uint16(options), int(binary.LittleEndian.Uint16(options[2:]))
		if 4+size > len(options) {
			return ""
		}
		if code == optComment {
			return string(options[4 : 4+size])
		}
		options = options[min(4+(size+3)/4*4, len(options)):]
	}
	return ""
}
