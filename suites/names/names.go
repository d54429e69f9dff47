// Package names tests that localhost means this host, and what else the names and addresses of loopback are read as.
//
// RFC 6761 6.3 item 3 asks of every resolver library that localhost, and any name below it, gives the loopback address,
// gives a negative answer for all other record types, and leads to no DNS query.
//
// Two resolvers are asked each question: the system's own, which is the variant "system", and Go's, the variant "go".
// A cell shows the behaviour of the system, because the claim is about the platform, and the reason beside it says what
// Go's resolver did. Where the system can't be asked, the claim is not run, and Go's answer is kept among its
// observations.
package names
