//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package platform

import "os"

func readPrivilege(f *findings, _ string) privilege {
	jailed, vnet := jail(f)
	return bsdPrivilege(os.Geteuid(), jailed, vnet)
}
