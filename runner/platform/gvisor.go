package platform

import "strings"

// sentrySigns is what a Linux process can see of gVisor.
type sentrySigns struct {
	log     string // the kernel's log, from its beginning
	cmdline string // /proc/cmdline
	release string // of uname(2)
	meminfo bool   // is there a /proc/sentry-meminfo?
}

// inSentry reads them. Each is a constant in gVisor's source and occurs in no Linux: the first
// message of its log (pkg/sentry/kernel/syslog.go), the image that it claims to have booted, and a
// file about its own memory. Any user may read them, and a sandbox that hides one still shows the
// others.
func inSentry(s sentrySigns) []clue {
	var out []clue
	if first, _, _ := strings.Cut(s.log, "\n"); strings.Contains(first, "Starting gVisor...") {
		out = append(out, clue{gvisor, "the kernel's log begins with \"Starting gVisor...\""})
	}
	if strings.Contains(s.cmdline, "-gvisor ") || strings.HasSuffix(s.cmdline, "-gvisor") {
		out = append(out, clue{gvisor, "the kernel's command line boots an image that ends in -gvisor"})
	}
	if strings.HasSuffix(s.release, "-gvisor") {
		out = append(out, clue{gvisor, "the kernel's release ends in -gvisor"})
	}
	if s.meminfo {
		out = append(out, clue{gvisor, "there is a sentry-meminfo beside meminfo"})
	}
	return out
}
