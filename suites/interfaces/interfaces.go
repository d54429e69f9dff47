// Package interfaces tests what the system lists about its loopback interface and about the routes
// to loopback addresses.
//
// RFC 4291 2.5.3 thinks of ::1 as an address of "a virtual interface (typically called the
// 'loopback interface')"; RFC 1122 3.2.1.3(g) needs none for 127.0.0.0/8, and so nearly everything
// here is left to the implementation.
package interfaces

import "github.com/loopmatrix/loopmatrix/suites/kit/claim"

// free is the source of what no document speaks of.
func free(who string) claim.Source {
	return claim.Source{Note: "no document speaks of it; " + who}
}
