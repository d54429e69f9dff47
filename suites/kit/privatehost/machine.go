package privatehost

import "os"

// Permission is the environment variable that says, by the value 1, that private hosts may be this
// machine itself, where the system has none that vanish by themselves. Children inherit it. It is
// for a machine that is thrown away afterwards.
const Permission = "LOOPMATRIX_MAY_CHANGE_THIS_MACHINE"

// Permitted reports whether this process may change the interfaces, routes and switches of this
// machine for the time of a measurement. No property of the machine permits it: a virtual machine
// may be somebody's server.
func Permitted() bool { return os.Getenv(Permission) == "1" }

// Permit permits it to this process and its children; a guard takes the changes back (package
// undo).
func Permit() error { return os.Setenv(Permission, "1") }

// Grant returns the permission as an assignment in an environment: for a machine that was made for
// the kit.
func Grant() string { return Permission + "=1" }

// OnMachine reports whether private hosts are this machine itself here, since the system has none
// that cost nothing.
func OnMachine() bool { return onMachine }
