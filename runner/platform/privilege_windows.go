package platform

import (
	"errors"

	"golang.org/x/sys/windows"
)

// readPrivilege reads whether the token is elevated. In Wine tokens are made up, and it can't
// change an interface.
func readPrivilege(f *findings, environment string) privilege {
	if environment == wine {
		f.missing(userFact, errors.New("who the user is below Wine is not shown, and the sockets have that user's privilege"))
		return privilege{user: unknownUser}
	}
	elevated, err := ask(f, userFact, func() (bool, error) { return windows.GetCurrentProcessToken().IsElevated(), nil })
	switch {
	case err != nil:
		return privilege{user: unknownUser}
	case elevated:
		return privilege{user: administrator, network: true}
	default:
		return privilege{user: ordinary}
	}
}
