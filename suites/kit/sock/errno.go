package sock

import "github.com/loopmatrix/loopmatrix/suites/kit/observation"

// classes is the one table from portable errno names to outcome classes (POSIX <errno.h>; Winsock's
// names map to these).
var classes = map[string]observation.Outcome{
	"EACCES":          observation.Denied,
	"EPERM":           observation.Denied,
	"EADDRINUSE":      observation.InUse,
	"EADDRNOTAVAIL":   observation.Unavailable,
	"EAFNOSUPPORT":    observation.Unsupported,
	"ENOPROTOOPT":     observation.Unsupported,
	"EOPNOTSUPP":      observation.Unsupported,
	"EPFNOSUPPORT":    observation.Unsupported,
	"EPROTONOSUPPORT": observation.Unsupported,
	"ESOCKTNOSUPPORT": observation.Unsupported,
	"ENOSYS":          observation.Unsupported,
	"ECONNREFUSED":    observation.Refused,
	"ECONNRESET":      observation.Refused,
	"ECONNABORTED":    observation.Refused,
	"EPIPE":           observation.Refused,
	"ENETUNREACH":     observation.Unreachable,
	"EHOSTUNREACH":    observation.Unreachable,
	"ENETDOWN":        observation.Unreachable,
	"EHOSTDOWN":       observation.Unreachable,
	"ENETRESET":       observation.Unreachable,
	"ENONET":          observation.Unreachable,
	"EMSGSIZE":        observation.TooBig,
	"EMFILE":          observation.Exhausted,
	"EAGAIN":          observation.Exhausted, // Linux: no ephemeral port left (inet_autobind)
	"ENFILE":          observation.Exhausted,
	"ENOBUFS":         observation.Exhausted,
	"ENOMEM":          observation.Exhausted,
	"EINVAL":          observation.Invalid,
	"EDESTADDRREQ":    observation.Invalid,
	"EISCONN":         observation.Invalid,
	"ENOTCONN":        observation.Invalid,
	"EFAULT":          observation.Invalid,
	"ENXIO":           observation.Invalid,
	"ENODEV":          observation.Invalid,
	"ETIMEDOUT":       observation.Timeout,
}

// aliases are names that some system prefers for a number, or has a number of its own for where
// others don't.
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
func ClassOf(name string) observation.Outcome {
	if c, known := classes[name]; known {
		return c
	}
	return observation.Failed
}
