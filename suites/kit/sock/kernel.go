package sock

// Kernel is the stack of the kernel that this process runs on, by raw system calls and without any
// layer around it.
func Kernel() Stack { return kernel() }
