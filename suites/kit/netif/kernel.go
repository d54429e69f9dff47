package netif

// Kernel tells the facts of the kernel that this process runs on.
func Kernel() Network { return kernel() }
