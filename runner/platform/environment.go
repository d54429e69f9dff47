package platform

import "slices"

// The words for an environment.
const (
	host      = "host"
	vm        = "vm"
	wsl       = "wsl"
	container = "container"
	wine      = "wine"
	gvisor    = "gvisor"
)

// environments go from the outside in. A container in a WSL in a VM is all three; the innermost
// names the environment, since it is nearest to the sockets: gVisor and Wine put their own calls in
// the kernel's place, a container brings its own network and rules, WSL a kernel and a network that
// Windows sets up, and a VM nothing but a card.
var environments = []string{host, vm, wsl, container, wine, gvisor}

// clue is one thing that was found, and the environment that it proves; one that proves none is a
// remark.
type clue struct{ proves, remark string }

// innermost is the environment that the clues prove. Without any it is the host itself.
func innermost(clues []clue) string {
	rank := 0
	for _, c := range clues {
		rank = max(rank, slices.Index(environments, c.proves))
	}
	return environments[rank]
}

// remarks lists what the clues say, the decisive ones first and plain remarks last.
func remarks(clues []clue) []string {
	sorted := slices.Clone(clues)
	slices.SortStableFunc(sorted, func(a, b clue) int {
		return slices.Index(environments, b.proves) - slices.Index(environments, a.proves)
	})
	out := make([]string, len(sorted))
	for n, c := range sorted {
		out[n] = c.remark
	}
	return out
}
