package remote

import "github.com/loopmatrix/loopmatrix/suites/kit/sock"

// StartOther answers ENOSYS: another user's process takes that user's password on Windows.
func StartOther() (*Process, error) { return nil, sock.Errno("setuid", "ENOSYS", 0) }
