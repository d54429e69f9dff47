package targets

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// sshd starts a server of its own on loopback, which runs every command through a wrapper, and
// gives the target. The wrapper finds the command in SSH_ORIGINAL_COMMAND. tmp is the folder for
// temporary files over there.
func sshd(t *testing.T, wrapper string) (s secureShell, tmp string, server int) {
	t.Helper()
	unable.Skip(t, secureShell{}.Missing(t.Context()))
	path := lookPath(t, "/usr/sbin/sshd")
	folder := temporary(t)
	tmp = filepath.Join(folder, "there")
	needSSH(t)
	if err := os.Mkdir(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(tmp, 0o1777); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 { // sshd demands it; where it is missing no sshd runs that could miss it
		if os.Mkdir("/run/sshd", 0o755) == nil {
			t.Cleanup(func() { _ = os.Remove("/run/sshd") })
		}
	}
	for _, key := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(folder, key)).CombinedOutput(); err != nil {
			t.Fatalf("ssh-keygen: %v: %s", err, out)
		}
	}
	write := func(name, text string, mode os.FileMode) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return file
	}
	wrap := write("wrapper", "#!/bin/sh\nexport TMPDIR="+tmp+" HOME="+tmp+"\ncd\n"+wrapper+"\n", 0o755)
	port := freePort(t)
	config := write("sshd_config", fmt.Sprintf("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/user.pub\nStrictModes no\n"+
		"UsePAM no\nPidFile none\nPermitRootLogin yes\nPasswordAuthentication no\nForceCommand %s\nSubsystem sftp internal-sftp\n", port, folder, folder, wrap), 0o644)
	hostKey, err := os.ReadFile(filepath.Join(folder, "host.pub"))
	if err != nil {
		t.Fatal(err)
	}
	known := write("known_hosts", fmt.Sprintf("[127.0.0.1]:%d %s", port, hostKey), 0o644)
	client := write("ssh_config", fmt.Sprintf("Host there\n HostName 127.0.0.1\n Port %d\n IdentityFile %s/user\n IdentitiesOnly yes\n UserKnownHostsFile %s\n", port, folder, known), 0o644)
	if out, err := exec.Command(path, "-t", "-f", config).CombinedOutput(); err != nil { // in a user namespace: /run/sshd is another's
		unable.Skip(t, fmt.Errorf("sshd -t: %w: %s", err, bytes.TrimSpace(out)))
	}
	var said syncBuffer
	ctx, stop := context.WithCancel(context.Background())
	p := program(ctx, &said, path, "-D", "-e", "-f", config)
	ended := make(chan error, 1)
	go func() { ended <- p.run() }()
	t.Cleanup(func() {
		stop()
		<-ended
		if t.Failed() {
			t.Logf("sshd:\n%s", said.String())
		}
	})
	gomega.NewWithT(t).Eventually(said.String).WithTimeout(time.Minute).Should(gomega.ContainSubstring("Server listening"))
	return secureShell{destination: "there", options: []string{"-F", client}}, tmp, p.Process.Pid
}

// needSSH skips the test where ssh can't even read its configuration: there is none, or this user
// has no name.
func needSSH(t *testing.T) {
	t.Helper()
	if out, err := exec.Command("ssh", "-G", "-F", "none", "there").CombinedOutput(); err != nil {
		unable.Skip(t, fmt.Errorf("ssh: %w: %s", err, bytes.TrimSpace(out)))
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// asNobody runs the command as somebody who can't become root.
const asNobody = `exec setpriv --reuid 65534 --regid 65534 --clear-groups -- /bin/sh -c "$SSH_ORIGINAL_COMMAND"`

// TestSSH measures through a server on loopback, with every login shell that this machine has.
func TestSSH(t *testing.T) {
	unable.Long(t, "it starts servers of ssh")
	for _, shell := range []string{"sh", "bash", "dash", "busybox sh", "zsh", "ksh", "csh", "tcsh", "fish"} {
		program, rest, _ := strings.Cut(shell, " ")
		path, err := exec.LookPath(program)
		if err != nil && shell != "sh" {
			continue // one is enough
		}
		t.Run(shell, func(t *testing.T) {
			g := gomega.NewWithT(t)
			s, tmp, _ := sshd(t, "echo 'Welcome!'; exec "+path+" "+rest+` -c "$SSH_ORIGINAL_COMMAND"`)
			o := order(t, kitsFor(t))
			o.Flags = append(o.Flags, "--claims", "v4.block.bind,v4.block.bi*") // what shells would make something of
			returned, err := s.Measure(t.Context(), o)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			got := reports(t, returned)
			if os.Geteuid() == 0 {
				g.Expect(got).To(gomega.HaveLen(2))
			} else {
				g.Expect(got).To(gomega.HaveKey(Ordinary))
			}
			nothingLeft(t, tmp)
		})
	}
}

func TestSSHAsAnOrdinaryUser(t *testing.T) {
	unable.Long(t, "it starts servers of ssh")
	g := gomega.NewWithT(t)
	if os.Geteuid() != 0 {
		unable.Skip(t, fmt.Errorf("only root can become another user"))
	}
	s, tmp, _ := sshd(t, asNobody)
	o := order(t, kitsFor(t))
	returned, err := s.Measure(t.Context(), o)
	g.Expect(err).NotTo(gomega.HaveOccurred())
	g.Expect(reports(t, returned)).To(gomega.And(gomega.HaveLen(1), gomega.HaveKey(Ordinary)))
	g.Expect(o.Log.(*syncBuffer).String()).To(gomega.ContainSubstring("as root: left out: neither sudo nor doas makes this user root"))
	nothingLeft(t, tmp)
	o.Users = []User{Root}
	_, err = s.Measure(t.Context(), o)
	g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring("left out: neither sudo nor doas")))
	nothingLeft(t, tmp)
}

// TestSSHFaults breaks the way there. What is wrong is told, and nothing stays.
func TestSSHFaults(t *testing.T) {
	unable.Long(t, "it starts servers of ssh")
	plain := `exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`
	for name, c := range map[string]struct {
		wrapper, kit, want string
	}{
		"the kit crashes":       {plain, "echo 'panic: oh no' >&2; exit 2", `as user: the run: the kit there did not do its work: exit code 2: the stream from the target was cut: EOF: "panic: oh no"`},
		"the kit hangs":         {plain, "cat; sleep 5", "as user: the run: it was not done within 1s"},
		"no shell":              {"echo 'This account is not available'; exit 1", "", "connect: there is no POSIX shell, and no Windows either"},
		"the shell hangs":       {"sleep 600", "", "connect: it was not done within 1s"},
		"the shell writes on":   {"while echo y; do :; done", "", "connect: it wrote 1024 KiB, and the line of the kit is not among them"},
		"an unknown system":     {`printf '#!/bin/sh\necho Plan9' >uname; chmod 755 uname; export PATH=$PWD:$PATH; ` + plain, "", "connect: no kit for it: Plan9 Plan9 Plan9"},
		"the disk is full":      {`case $SSH_ORIGINAL_COMMAND in *cat*) ulimit -f 0; esac; ` + plain, "exit 0", "upload: "},
		"no room for a folder":  {`export TMPDIR=/proc HOME=/proc; ` + plain, "", "connect: there is no POSIX shell, and no Windows either"},
		"the line is cut early": {`case $SSH_ORIGINAL_COMMAND in *cat*) kill -KILL $PPID; esac; ` + plain, "exit 0", "upload: ssh has no connection"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			s, tmp, _ := sshd(t, c.wrapper)
			o := order(t, fakeKit(t, c.kit))
			if strings.Contains(name, "hangs") {
				o.Limits.Run = time.Second
			}
			if name == "the shell hangs" {
				o.Limits.Prepare = time.Second
			}
			o.Users = []User{Ordinary}
			if os.Geteuid() == 0 {
				o.Users = []User{Root} // a fake kit can't become an ordinary user
				c.want = strings.Replace(c.want, "as user", "as root", 1)
			}
			_, err := s.Measure(t.Context(), o)
			g.Expect(err).To(gomega.MatchError(gomega.HavePrefix(c.want)))
			_ = os.Remove(filepath.Join(tmp, "uname"))
			nothingLeft(t, tmp)
		})
	}
}

func TestSSHThatCanNotConnect(t *testing.T) {
	unable.Long(t, "it starts ssh")
	g := gomega.NewWithT(t)
	unable.Skip(t, secureShell{}.Missing(t.Context()))
	needSSH(t)
	deaf, err := net.Listen("tcp4", "127.0.0.1:0")
	g.Expect(err).NotTo(gomega.HaveOccurred())
	defer func() { _ = deaf.Close() }()
	for _, c := range []struct {
		want  string
		port  int
		limit time.Duration
	}{
		{`connect: ssh has no connection: "ssh: connect to host 127.0.0.1 port`, freePort(t), time.Minute},
		{"connect: it was not done within 1s", deaf.Addr().(*net.TCPAddr).Port, time.Second},
	} {
		o := order(t, fakeKit(t, ""))
		o.Limits.Prepare = c.limit
		_, err := secureShell{destination: "127.0.0.1", options: []string{"-F", "none", "-p", fmt.Sprint(c.port)}}.Measure(t.Context(), o)
		g.Expect(err).To(gomega.MatchError(gomega.HavePrefix(c.want)))
	}
}

// TestSSHIsCut kills the server's processes while the kit runs, or ends the context.
func TestSSHIsCut(t *testing.T) {
	unable.Long(t, "it starts servers of ssh")
	for name, c := range map[string]struct {
		cut  func(cancel context.CancelFunc, server int)
		want string
	}{
		"the line": {func(_ context.CancelFunc, server int) { killChildren(server) }, "ssh has no connection"},
		"here":     {func(cancel context.CancelFunc, _ int) { cancel(); cancel() }, "context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			g := gomega.NewWithT(t)
			s, tmp, server := sshd(t, `exec /bin/sh -c "$SSH_ORIGINAL_COMMAND"`)
			o := order(t, kitsFor(t))
			o.Flags = append(o.Flags, "--repeat", "1000")
			o.Users = o.Users[:1]
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				g.Eventually(func() []string { return running(t, tmp) }).WithTimeout(time.Minute).Should(
					gomega.ContainElement(gomega.ContainSubstring("/kit run")), "this test's kit, and no other")
				c.cut(cancel, server)
			}()
			_, err := s.Measure(ctx, o)
			g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(c.want)))
			nothingLeft(t, tmp)
		})
	}
}

// killChildren kills the processes whose parent, or whose parent's parent, is a server: the
// connections.
func killChildren(server int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		b, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
		if len(fields) > 1 && fields[1] == fmt.Sprint(server) {
			pid := filepath.Base(filepath.Dir(path))
			_ = exec.Command("kill", "-KILL", pid).Run()
		}
	}
}
