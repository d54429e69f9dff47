package platform

import "strings"

// windowsSubsystem reads what distinguishes a WSL: Microsoft's builds name themselves in the
// kernel's release, and a kernel built by oneself still has the handler for Windows programs
// (WSLInterop) and the folder of WSL's init.
func windowsSubsystem(release string, interop, folder bool) []clue {
	var out []clue
	if l := strings.ToLower(release); strings.Contains(l, "microsoft") || strings.Contains(l, "wsl") {
		out = append(out, clue{wsl, "the kernel's release names Microsoft"})
	}
	if interop {
		out = append(out, clue{wsl, "there is a handler for Windows programs, WSLInterop"})
	}
	if folder {
		out = append(out, clue{wsl, "there is a folder of WSL's init"})
	}
	return out
}

// isWSL1 reports whether it is the first WSL, which has no Linux in it, by its release:
// "4.4.0-19041-Microsoft" against "5.15.167.4-microsoft-standard-WSL2".
func isWSL1(release string) bool { return strings.HasSuffix(release, "-Microsoft") }
