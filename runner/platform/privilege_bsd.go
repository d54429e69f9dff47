//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import "os"

func readPrivilege(*findings, string) privilege {
	jailed, vnet := jail()
	return bsdPrivilege(os.Geteuid(), jailed, vnet)
}
