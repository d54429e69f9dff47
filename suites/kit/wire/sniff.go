package wire

// Sniffer is a capture on an interface of this host: copies of what crosses it.
type Sniffer interface {
	// LinkType is the name of the form that the frames have, as pcap-linktype(7) lists it, without
	// its prefix: "EN10MB", "NULL".
	LinkType() string
	// Captured gives everything that was captured since the last call, on some systems with headers
	// between the frames. It does not wait.
	Captured() ([]byte, error)
	Close() error
}

// Sniff starts to capture on the interface of this name. Its error is that of the call that failed.
func Sniff(name string) (Sniffer, error) { return sniff(name) }
