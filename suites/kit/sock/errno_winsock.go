package sock

import "github.com/loopmatrix/loopmatrix/suites/kit/observation"

// winsock is the one table from Winsock's error numbers (winsock2.h), and from the few Windows
// numbers that socket calls return besides (winerror.h), to portable names.
var winsock = map[int]string{
	5:     "EACCES",       // ERROR_ACCESS_DENIED
	6:     "EBADF",        // ERROR_INVALID_HANDLE
	8:     "ENOMEM",       // ERROR_NOT_ENOUGH_MEMORY
	50:    "EOPNOTSUPP",   // ERROR_NOT_SUPPORTED
	87:    "EINVAL",       // ERROR_INVALID_PARAMETER
	120:   "ENOSYS",       // ERROR_CALL_NOT_IMPLEMENTED
	122:   "EMSGSIZE",     // ERROR_INSUFFICIENT_BUFFER
	995:   "ECANCELED",    // ERROR_OPERATION_ABORTED
	1168:  "ENOENT",       // ERROR_NOT_FOUND
	1214:  "EINVAL",       // ERROR_INVALID_NETNAME
	1225:  "ECONNREFUSED", // ERROR_CONNECTION_REFUSED
	1231:  "ENETUNREACH",  // ERROR_NETWORK_UNREACHABLE
	1232:  "EHOSTUNREACH", // ERROR_HOST_UNREACHABLE
	1234:  "ECONNREFUSED", // ERROR_PORT_UNREACHABLE
	10004: "EINTR",        // WSAEINTR, and so on with the same names
	10009: "EBADF",
	10013: "EACCES",
	10014: "EFAULT",
	10022: "EINVAL",
	10024: "EMFILE",
	10035: "EAGAIN", // WSAEWOULDBLOCK: POSIX lets EAGAIN and EWOULDBLOCK be one, and Linux does
	10036: "EINPROGRESS",
	10037: "EALREADY",
	10038: "ENOTSOCK",
	10039: "EDESTADDRREQ",
	10040: "EMSGSIZE",
	10041: "EPROTOTYPE",
	10042: "ENOPROTOOPT",
	10043: "EPROTONOSUPPORT",
	10044: "ESOCKTNOSUPPORT",
	10045: "EOPNOTSUPP",
	10046: "EPFNOSUPPORT",
	10047: "EAFNOSUPPORT",
	10048: "EADDRINUSE",
	10049: "EADDRNOTAVAIL",
	10050: "ENETDOWN",
	10051: "ENETUNREACH",
	10052: "ENETRESET",
	10053: "ECONNABORTED",
	10054: "ECONNRESET",
	10055: "ENOBUFS",
	10056: "EISCONN",
	10057: "ENOTCONN",
	10058: "ESHUTDOWN",
	10059: "ETOOMANYREFS",
	10060: "ETIMEDOUT",
	10061: "ECONNREFUSED",
	10062: "ELOOP",
	10063: "ENAMETOOLONG",
	10064: "EHOSTDOWN",
	10065: "EHOSTUNREACH",
	10066: "ENOTEMPTY",
	10068: "EUSERS",
	10069: "EDQUOT",
	10070: "ESTALE",
	10071: "EREMOTE",
}

// Winsock makes the error that a call gives for a Winsock number: the portable name, and the raw
// number beside it. A number without a POSIX counterpart keeps its number only, with outcome
// observation.Failed.
func Winsock(op string, number int) *Error {
	if name, known := winsock[number]; known {
		return Errno(op, name, number)
	}
	return &Error{Op: op, Number: number, Outcome: observation.Failed}
}
