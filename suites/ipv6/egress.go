package ipv6

import "github.com/loopmatrix/loopmatrix/suites/kit/claim"

// neverOutside are the behaviours of the claims that a cable decides.
func neverOutside(inside, outside string) []claim.Behaviour {
	return []claim.Behaviour{
		{Word: "nothing", Means: inside, Conforms: true},
		{Word: "leaves", Means: outside},
	}
}
