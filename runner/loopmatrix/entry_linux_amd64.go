package main

// outOfThreads is what the entry of the program says where the system starts too few tasks for it.
var outOfThreads = "loopmatrix: the system lets this user start too few processes and threads, of which the kit needs 64 (see ulimit -u, or pids.max of a container)\n"

// firstInstruction is the entry of the program where the linker sets it (-E main.firstInstruction,
// Makefile).
func firstInstruction() //nolint:unused // by the linker
