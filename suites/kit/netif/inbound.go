package netif

// InboundRules is what the packet filter makes of what comes in from a link, as far as that is
// about loopback.
type InboundRules struct {
	// Filters is how many rules and policies there are that may drop it.
	Filters int
	// Redirects are the rules that change its destination.
	Redirects []Redirect
}

// Redirect is a rule that changes the destination of what comes in.
type Redirect struct {
	// Place is where it stands: "table ip nat, chain PREROUTING".
	Place string
	// Loopback says that it is about an address of 127.0.0.0/8, and Unclear that this can't be
	// told.
	Loopback, Unclear bool
}
