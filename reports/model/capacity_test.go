package model

import (
	"math"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/observation"
)

// holding is a report of a machine that held listeners.
func holding() Report {
	r := good()
	counted := 100_000
	r.Capacity = &Capacity{Held: 100_000, Asked: WholeBlock, Port: 40_001, Ranges: []string{"127.0.0.1-127.1.134.159", "127.1.134.161-127.1.134.161"},
		Exceptions: []Exception{{CIDR: "127.1.134.160/32", Outcome: observation.InUse, Errno: "EADDRINUSE"}}, Limit: LimitOpenFiles, Why: "socket: ENFILE (23)",
		Processes: 6, Largest: 19_989, Full: 19_989, Counted: &counted, Seconds: 2, FirstHalf: 0.8,
		Memory: &Memory{Free: 24 << 30, Share: 0.5, Each: 3800, By: "Slab in /proc/meminfo", Processes: 9 << 20, Largest: 2 << 20,
			Accounts: []Account{{Name: "Slab in /proc/meminfo", Before: 8 << 20, After: 8<<20 + 380_000_000}}}}
	r.Capacity.Extrapolation = r.Capacity.Extrapolated()
	return r
}

func TestListenersAreValidated(t *testing.T) {
	g := gomega.NewWithT(t)
	g.Expect(holding().Validate(catalogue())).To(gomega.Succeed())
	for want, spoil := range map[string]func(*Capacity){
		`capacity.asked: 0 is not from 1 to 16777214`:                                          func(c *Capacity) { c.Asked = 0 },
		`capacity.asked: 16777215 is not from 1 to 16777214`:                                   func(c *Capacity) { c.Asked = WholeBlock + 1 },
		`capacity.held: 100000 is not from 0 to asked, which is 99999`:                         func(c *Capacity) { c.Asked = 99_999 },
		`capacity.held: -1 is not from 0 to asked`:                                             func(c *Capacity) { c.Held = -1 },
		`capacity.port: 0 is no port`:                                                          func(c *Capacity) { c.Port = 0 },
		`capacity.seconds: -1 is negative`:                                                     func(c *Capacity) { c.Seconds = -1 },
		`capacity.first_half: 3 is not from 0 to seconds, which is 2`:                          func(c *Capacity) { c.FirstHalf = 3 },
		`capacity.limit: "luck" is no limit; one of count, block, memory`:                      func(c *Capacity) { c.Limit = "luck" },
		`capacity.limit: "count", but 100000 of 16777214 were held`:                            func(c *Capacity) { c.Limit = LimitCount },
		`capacity.why: "a\nb" holds control characters`:                                        func(c *Capacity) { c.Why = "a\nb" },
		`capacity.reason: it says that nothing could begin, but 100000 were held`:              func(c *Capacity) { c.Reason = "EPERM" },
		`capacity.processes: 0 processes can't hold 100000 listeners`:                          func(c *Capacity) { c.Processes = 0 },
		`capacity.processes: 100001 processes can't hold 100000`:                               func(c *Capacity) { c.Processes = 100_001 },
		`capacity.largest: 6 processes of 16666 listeners at most can't hold 100000`:           func(c *Capacity) { c.Largest = 16_666 },
		`capacity.full: 19990 is not from 0 to largest, which is 19989`:                        func(c *Capacity) { c.Full = 19_990 },
		`capacity.ranges[0]: "127.0.0.1" is no range of addresses in 127.0.0.0/8`:              func(c *Capacity) { c.Ranges[0] = "127.0.0.1" },
		`capacity.ranges[0]: "10.0.0.1-10.0.0.2" is no range`:                                  func(c *Capacity) { c.Ranges[0] = "10.0.0.1-10.0.0.2" },
		`capacity.ranges: they are 99999 addresses, but held is 100000`:                        func(c *Capacity) { c.Ranges = c.Ranges[:1] },
		`capacity.ranges[1]: 127.1.134.159-127.1.134.159 has addresses of`:                     func(c *Capacity) { c.Ranges[1] = "127.1.134.159-127.1.134.159" },
		`capacity.ranges[1]: 127.1.134.161-127.1.134.161 has addresses of`:                     func(c *Capacity) { c.Exceptions[0].CIDR = "127.1.134.160/30" },
		`capacity.exceptions[0].cidr: "127.0.0.0/7" is no part of 127.0.0.0/8`:                 func(c *Capacity) { c.Exceptions[0].CIDR = "127.0.0.0/7" },
		`capacity.exceptions[0].outcome: "" is no outcome`:                                     func(c *Capacity) { c.Exceptions[0].Outcome = "" },
		`capacity.memory.share: 2 is no share`:                                                 func(c *Capacity) { c.Memory.Share = 2 },
		`capacity.memory.free: -1 is no number of bytes`:                                       func(c *Capacity) { c.Memory.Free = -1 },
		`capacity.memory.by: it is missing, though each is 3800`:                               func(c *Capacity) { c.Memory.By = "" },
		`capacity.memory.largest: 9437185 is more than that of all processes`:                  func(c *Capacity) { c.Memory.Largest = 9<<20 + 1 },
		`capacity.memory.accounts[0].name: "" is no name of an account`:                        func(c *Capacity) { c.Memory.Accounts[0].Name = "" },
		`capacity.extrapolation: it is missing, though 100000 were held`:                       func(c *Capacity) { c.Extrapolation = nil },
		`capacity.extrapolation.listeners: 100 is not 16777214`:                                func(c *Capacity) { c.Extrapolation.Listeners = 100 },
		`capacity.extrapolation.bytes: 1 does not follow from memory.each, by which it is`:     func(c *Capacity) { c.Extrapolation.Bytes = 1 },
		`capacity.extrapolation.seconds: 1 does not follow from seconds and held, by which it`: func(c *Capacity) { c.Extrapolation.Seconds = 1 },
		`capacity.extrapolation.slowing: 1 does not follow from seconds and first_half`:        func(c *Capacity) { c.Extrapolation.Slowing = 1 },
		`capacity.extrapolation.processes: 1 does not follow from full, by which it is 840`:    func(c *Capacity) { c.Extrapolation.Processes = 1 },
	} {
		r := holding()
		spoil(r.Capacity)
		if err := r.Validate(catalogue()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
}

func TestNothingToExtrapolateFrom(t *testing.T) {
	e := Extrapolation{Listeners: WholeBlock}
	for _, c := range []Capacity{
		{Asked: 10, Reason: "interrupted"},
		{Asked: 10, Port: 1, Limit: LimitDescriptors},
		{Asked: 300, Held: 300, Port: 1, Limit: LimitCount, Processes: 1, Largest: 300, Ranges: []string{"127.0.0.1-127.0.1.44"}},
		{Asked: WholeBlock, Held: WholeBlock, Port: 1, Limit: LimitBlock, Processes: 1, Largest: WholeBlock, Ranges: []string{"127.0.0.1-127.255.255.254"}},
	} {
		r := good()
		r.Capacity = &c
		if err := r.Validate(catalogue()); err != nil {
			t.Error(err)
		}
		c.Extrapolation = &e
		if err := r.Validate(catalogue()); c.Reason == "" && (err == nil || !strings.Contains(err.Error(), "nothing to extrapolate from")) {
			t.Errorf("got %v", err)
		}
	}
}

// TestTheDigestHasListeners, and those that older kits made without any stay what they are.
func TestTheDigestHasListeners(t *testing.T) {
	r := sealed(t, holding())
	if err := r.Intact(); err != nil {
		t.Error(err)
	}
	more := *r.Capacity
	more.Held++
	for want, c := range map[string]*Capacity{"capacity: it is not what the kit wrote": &more, "digest.parts.capacity: the part that it is of was taken out": nil} {
		changed := r
		changed.Capacity = c
		if err := changed.Intact(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %s, got %v", want, err)
		}
	}
	r = sealed(t, good())
	if _, has := r.Digest.Parts["capacity"]; has {
		t.Error("a report without listeners has a part for them")
	}
	r.Capacity = &more
	if err := r.Intact(); err == nil || !strings.Contains(err.Error(), "capacity: this result was added") {
		t.Errorf("got %v", err)
	}
}

func TestWhatStoppedListeners(t *testing.T) {
	for _, l := range Limits() {
		if l.String() == string(l) {
			t.Errorf("%q has no words", string(l))
		}
	}
	for want, c := range map[string]Capacity{
		"the number of files that the system can open (socket: ENFILE (23))": {Limit: LimitOpenFiles, Why: "socket: ENFILE (23)"},
		"50 % of the free memory":                       {Limit: LimitMemory, Memory: &Memory{Share: 0.5}},
		"the share of the free memory that it may take": {Limit: LimitMemory},
		"12.5 % of the free memory":                     {Limit: LimitMemory, Memory: &Memory{Share: 0.125}},
	} {
		if got := c.Stopped(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	// Each doubling takes four times as long: 24 times as many, 24² times as long.
	if e := (Capacity{Held: WholeBlock / 24, Seconds: 4, FirstHalf: 1}).Extrapolated(); math.Abs(e.Slowing-4*24*24) > 0.01 || math.Abs(e.Seconds-96) > 0.01 {
		t.Errorf("%+v", e)
	}
	if e := (Capacity{Held: WholeBlock / 24, Seconds: 4, FirstHalf: 1.9}).Extrapolated(); e.Slowing != 0 {
		t.Errorf("%+v", e)
	}
	if s := (Capacity{Seconds: 3, FirstHalf: 1}).Slowed(); s != 2 {
		t.Errorf("the second half took %v times as long", s)
	}
	if s := (Capacity{Seconds: 3}).Slowed(); s != 0 {
		t.Errorf("nobody knows, and it says %v", s)
	}
}
