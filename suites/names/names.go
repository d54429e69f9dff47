// Package names tests that localhost means this host, and what else the names and addresses of
// loopback are read as.
//
// RFC 6761 6.3 item 3 asks of every resolver library that localhost, and any name below it, gives
// the loopback address, gives a negative answer for all other record types, and leads to no DNS
// query.
//
// Two resolvers are asked each question: the system's own, which is the variant "system", and Go's,
// the variant "go". A cell shows the behaviour of the system, because the claim is about the
// platform, and the reason beside it says what Go's resolver did. Where the system can't be asked,
// the claim is not run, and Go's answer is kept among its observations.
//
// What a resolver tells its name server, and what a hosts file can do, is measured in private
// hosts: each has a hosts file of its own and a name server (package stub) that keeps what it is
// asked. Where else the system's resolver looks is the platform's own setting, but for processes
// outside of the private host, such as systemd-resolved, which are not to be reached from there.
package names
