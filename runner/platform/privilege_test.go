package platform

import (
	"slices"
	"testing"
)

func TestLinuxPrivilege(t *testing.T) {
	const all = 0x1ffffffffff
	const docker = 0xa80425fb // Docker's default: without CAP_NET_ADMIN
	const initial = "         0          0 4294967295\n"
	for name, c := range map[string]struct {
		euid      int
		effective uint64
		uidMap    string
		user      string
		network   bool
		remarks   []string
	}{
		"root":                        {0, all, initial, root, true, nil},
		"root without user ns":        {0, all, "", root, true, nil},
		"nobody":                      {65534, 0, initial, ordinary, false, nil},
		"root in Docker":              {0, docker, initial, root, false, []string{"uid 0 lacks CAP_NET_ADMIN"}},
		"root without a capability":   {0, 0, initial, root, false, []string{"uid 0 lacks CAP_NET_BIND_SERVICE", "uid 0 lacks CAP_NET_ADMIN", "uid 0 lacks CAP_NET_RAW"}},
		"file with capabilities":      {1000, 1 << capNetRaw, initial, ordinary, false, []string{"an ordinary user holds CAP_NET_RAW"}},
		"unshare -Ur":                 {0, all, "         0      65534          1\n", usernsRoot, true, []string{"uid 0 is the root of a user namespace and another user outside"}},
		"ordinary in a user ns":       {1000, 0, "0 100000 65536\n", ordinary, false, nil},
		"container with remapped ids": {0, docker, "0 100000 65536\n", usernsRoot, false, []string{"uid 0 is the root of a user namespace and another user outside", "uid 0 lacks CAP_NET_ADMIN"}},
	} {
		p := linuxPrivilege(c.euid, c.effective, c.uidMap)
		if p.user != c.user || p.network != c.network || !slices.Equal(p.remarks, c.remarks) {
			t.Errorf("%s: %+v, want %q, %t, %q", name, p, c.user, c.network, c.remarks)
		}
	}
}

func TestBSDPrivilege(t *testing.T) {
	for _, c := range []struct {
		euid         int
		jailed, vnet bool
		user         string
		network      bool
	}{
		{0, false, false, root, true},
		{0, true, true, root, true},
		{0, true, false, root, false},
		{1001, false, false, ordinary, false},
		{1001, true, true, ordinary, false},
	} {
		if p := bsdPrivilege(c.euid, c.jailed, c.vnet); p.user != c.user || p.network != c.network {
			t.Errorf("%+v: %+v", c, p)
		}
	}
}
