package resolve

// System is the system's own resolver. Where there is no way to ask it, every answer is an *Error
// with outcome observe.Unsupported that says which way was tried.
func System() Resolver { return system() }
