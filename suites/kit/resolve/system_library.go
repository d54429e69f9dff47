//go:build darwin

package resolve

// system asks libSystem, which is the only supported way on macOS: Go's package net calls
// getaddrinfo and getnameinfo there even without cgo, unless PreferGo or the build tag netgo says
// otherwise.
func system() Resolver { return &golang{library: true} }
