package targets

// The parts of an OCI runtime configuration that a sandbox needs (opencontainers/runtime-spec,
// config.md).
type (
	ociConfig struct {
		Version  string     `json:"ociVersion"`
		Process  ociProcess `json:"process"`
		Root     ociRoot    `json:"root"`
		Hostname string     `json:"hostname"`
		Mounts   []ociMount `json:"mounts"`
		Linux    ociLinux   `json:"linux"`
	}
	ociProcess struct {
		User         ociUser             `json:"user"`
		Args         []string            `json:"args"`
		Env          []string            `json:"env"`
		Cwd          string              `json:"cwd"`
		Capabilities map[string][]string `json:"capabilities"`
		Limits       []ociLimit          `json:"rlimits"`
	}
	ociUser struct {
		UID int `json:"uid"`
		GID int `json:"gid"`
	}
	ociLimit struct {
		Type string `json:"type"`
		Hard int    `json:"hard"`
		Soft int    `json:"soft"`
	}
	ociRoot struct {
		Path string `json:"path"`
	}
	ociMount struct {
		Destination string   `json:"destination"`
		Type        string   `json:"type"`
		Source      string   `json:"source"`
		Options     []string `json:"options,omitempty"`
	}
	ociLinux struct {
		Namespaces []ociNamespace `json:"namespaces"`
	}
	ociNamespace struct {
		Type string `json:"type"`
	}
)

// capabilities are those of the root in a sandbox: what a container's root usually has (Docker's
// default), and power over the network and over namespaces of its own, which the sandbox keeps to
// itself anyway.
func capabilities() []string {
	return []string{"CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_MKNOD",
		"CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
		"CAP_SYS_ADMIN", "CAP_SYS_CHROOT"}
}

// openFiles is enough for the claims about many sockets at once.
const openFiles = 65536

// configuration is that of a sandbox in which a program runs as a user, in namespaces of its own.
// The namespace for the network is new, so that nothing of this machine's network can be in there.
func configuration(u User, args []string) ociConfig {
	c := ociConfig{
		Version: "1.0.0",
		Process: ociProcess{
			User:         ociUser{nobody, nobody},
			Args:         args,
			Env:          []string{"PATH=/bin", "HOME=/tmp", "TMPDIR=/tmp", "LANG=C.UTF-8"},
			Cwd:          "/tmp",
			Capabilities: map[string][]string{},
			Limits:       []ociLimit{{"RLIMIT_NOFILE", openFiles, openFiles}},
		},
		Root:     ociRoot{"rootfs"},
		Hostname: "gvisor",
		Mounts: []ociMount{
			{Destination: "/proc", Type: "proc", Source: "proc"},
			{Destination: "/dev", Type: "tmpfs", Source: "tmpfs"},
			{Destination: "/sys", Type: "sysfs", Source: "sysfs", Options: []string{"nosuid", "noexec", "nodev", "ro"}},
			{Destination: "/tmp", Type: "tmpfs", Source: "tmpfs", Options: []string{"mode=1777"}},
		},
		Linux: ociLinux{[]ociNamespace{{"pid"}, {"ipc"}, {"uts"}, {"mount"}, {"network"}}},
	}
	if u == Root {
		c.Process.User = ociUser{}
		for _, set := range []string{"bounding", "effective", "inheritable", "permitted"} {
			c.Process.Capabilities[set] = capabilities()
		}
	}
	return c
}
