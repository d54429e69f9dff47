package lab

import "os"

// permission is the environment variable that says that private hosts may be this machine itself. Children inherit it.
const permission = "LOOPMATRIX_MACHINE"

// OnMachine says whether private hosts are this machine itself here, since the system has none that cost nothing.
func OnMachine() bool { return onMachine }

// UseMachine permits this process and its children to change the interfaces, routes and switches of this machine for
// the time of a measurement, where OnMachine is true. It is for machines that are made for the kit, or for a user who
// asked for it; a guard takes the changes back (package undo).
func UseMachine() error { return os.Setenv(permission, "1") }
