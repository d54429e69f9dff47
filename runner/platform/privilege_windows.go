package platform

import "golang.org/x/sys/windows"

// readPrivilege asks whether the token is elevated. Wine gives everybody an elevated token and can't change an interface.
func readPrivilege(_ *findings, environment string) privilege {
	elevated := windows.GetCurrentProcessToken().IsElevated()
	switch {
	case environment == wine && elevated:
		return privilege{user: administrator, remarks: []string{"Wine calls every user an administrator; the sockets obey the user outside"}}
	case elevated:
		return privilege{user: administrator, network: true}
	default:
		return privilege{user: ordinary}
	}
}
