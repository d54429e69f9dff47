package resolve

// System is the system's own resolver.
func System() Resolver { return nil }

// Go is the resolver of Go's standard library.
func Go() Resolver { return nil }
