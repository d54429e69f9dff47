package platform

import (
	"errors"

	"golang.org/x/sys/windows"
)

// readPrivilege asks whether the token is elevated. In Wine tokens are made up, and it can't change an interface.
func readPrivilege(f *findings, environment string) privilege {
	switch {
	case environment == wine:
		f.missing(userFact, errors.New("who the user is below Wine is not shown, and the sockets have that user's privilege"))
		return privilege{user: unknownUser}
	case windows.GetCurrentProcessToken().IsElevated():
		return privilege{user: administrator, network: true}
	default:
		return privilege{user: ordinary}
	}
}
