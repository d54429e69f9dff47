package sock

import "github.com/loopmatrix/loopmatrix/suites/observe"

// classes is the one table from portable errno names to outcome classes (POSIX <errno.h>; Winsock's names map to these).
var classes = map[string]observe.Outcome{
	"EACCES":          observe.Denied,
	"EPERM":           observe.Denied,
	"EADDRINUSE":      observe.InUse,
	"EADDRNOTAVAIL":   observe.Unavailable,
	"EAFNOSUPPORT":    observe.Unsupported,
	"ENOPROTOOPT":     observe.Unsupported,
	"EOPNOTSUPP":      observe.Unsupported,
	"EPFNOSUPPORT":    observe.Unsupported,
	"EPROTONOSUPPORT": observe.Unsupported,
	"ESOCKTNOSUPPORT": observe.Unsupported,
	"ENOSYS":          observe.Unsupported,
	"ECONNREFUSED":    observe.Refused,
	"ECONNRESET":      observe.Refused,
	"ECONNABORTED":    observe.Refused,
	"EPIPE":           observe.Refused,
	"ENETUNREACH":     observe.Unreachable,
	"EHOSTUNREACH":    observe.Unreachable,
	"ENETDOWN":        observe.Unreachable,
	"EHOSTDOWN":       observe.Unreachable,
	"ENETRESET":       observe.Unreachable,
	"ENONET":          observe.Unreachable,
	"EMSGSIZE":        observe.TooBig,
	"EMFILE":          observe.Exhausted,
	"EAGAIN":          observe.Exhausted, // Linux: no ephemeral port left (inet_autobind)
	"ENFILE":          observe.Exhausted,
	"ENOBUFS":         observe.Exhausted,
	"ENOMEM":          observe.Exhausted,
	"EINVAL":          observe.Invalid,
	"EDESTADDRREQ":    observe.Invalid,
	"EISCONN":         observe.Invalid,
	"ENOTCONN":        observe.Invalid,
	"EFAULT":          observe.Invalid,
	"ENXIO":           observe.Invalid,
	"ENODEV":          observe.Invalid,
	"ETIMEDOUT":       observe.Timeout,
}

// aliases are names that some system prefers for a number, or has a number of its own for where others don't.
var aliases = map[string]string{
	"EWOULDBLOCK": "EAGAIN",     // one number everywhere
	"ENOTSUP":     "EOPNOTSUPP", // one number on Linux and FreeBSD; POSIX lets them be one
	"EDEADLOCK":   "EDEADLK",    // one number on Linux
	"ELAST":       "EPROTO",     // NetBSD and OpenBSD name their last number twice
}

// portable is the one name that stands for all that mean the same.
func portable(name string) string {
	if p, known := aliases[name]; known {
		return p
	}
	return name
}

// ClassOf is the outcome class of a portable errno name, Failed for one that has no class.
func ClassOf(name string) observe.Outcome {
	if c, known := classes[name]; known {
		return c
	}
	return observe.Failed
}
