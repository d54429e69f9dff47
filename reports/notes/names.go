package notes

func names() []Note {
	return []Note{{
		Claim: "name.localhost.v6", Platforms: []string{"linux-6.18-*"}, Shows: []string{"none"},
		Look: []Look{{Variant: "system"}},
		Text: text(`The resolver is glibc with "hosts: files dns", and the hosts file of this machine, an image that was made for
			containers, has localhost with 127.0.0.1 and no line for ::1. Debian's installer writes both; the virtual machine of
			Debian 12 shows what they give.`),
	}, {
		Claim: "name.localhost.nodns", Platforms: []string{"linux-*"}, Shows: []string{"hosts-file-only"},
		Look: []Look{{Op: "query", Variant: "localhost in the hosts file, system", Target: "foo.localhost"}},
		Text: text(`glibc keeps from asking a name server only for what stands in the hosts file, letter by letter: "localhost." and
			"foo.localhost" do not, and are asked for. RFC 6761 wants none of them to leave the host. systemd-resolved and
			nss-myhostname would answer them; neither is installed on these systems.`),
	}, {
		Claim: "name.localhost.othertypes", Platforms: wine(), Shows: []string{"asks-dns"},
		Look: []Look{{Variant: "system"}},
		Text: text(`For the types that are no addresses Wine asks a name server, and here is none to ask: SERVFAIL.`),
	}, {
		Claim: "name.sub", Platforms: []string{"linux-*", "wine-*"}, Shows: []string{"none"},
		Look: []Look{{Variant: "system"}},
		Text: text(`Names below localhost stand in no hosts file, so glibc has no answer unless a name server gives one; the browsers that
			resolve foo.localhost do it themselves. Wine asks the glibc below.`),
	}, {
		Claim: "name.absolute", Platforms: []string{"linux-*", "wine-*"}, Shows: []string{"none", "differs"},
		Look: []Look{{Variant: "system", Target: "localhost."}},
		Text: text(`The hosts file has "localhost" without the final dot, and glibc's files module compares what it is asked with what is
			written there. With the dot the name goes to the name server. Where there is one it may well know localhost, but not
			both of its addresses.`),
	}, {
		Claim: "name.reverse.v6", Platforms: []string{"linux-6.18-*"}, Shows: []string{"none"},
		Look: []Look{{Variant: "system"}},
		Text: text(`The same hosts file without ::1 (name.localhost.v6): with no line there is no name either.`),
	}}
}
