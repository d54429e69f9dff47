//go:build unix && !darwin

package resolve

import "runtime"

// system asks the C library through the system's own commands (see command).
func system() Resolver { return newCommand(runtime.GOOS) }
