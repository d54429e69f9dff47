package targets

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/onsi/gomega"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// TestRights has an ordinary user over there who becomes root by a tool without a password. The
// tool is a script that writes down how it was called, and that changes nobody into anybody.
func TestRights(t *testing.T) {
	unable.Long(t, "it starts the command as other users")
	if os.Geteuid() != 0 {
		unable.Skip(t, errors.New("only root can become another user"))
	}
	for _, tool := range []string{"sudo", "doas"} {
		t.Run(tool, func(t *testing.T) {
			g := gomega.NewWithT(t)
			// It is found before the machine's own.
			s, tmp, _ := sshd(t, `mkdir -p "$TMPDIR/../bin"; export PATH=$TMPDIR/../bin:/usr/bin:/bin
`+asNobody)
			bin := filepath.Join(filepath.Dir(tmp), "bin")
			calls := filepath.Join(filepath.Dir(tmp), "calls")
			g.Expect(os.MkdirAll(bin, 0o755)).To(gomega.Succeed())
			script := "#!/bin/sh\necho \"$*\" >>" + calls + "\n[ \"$1\" = -n ] && shift && exec \"$@\"\n"
			g.Expect(os.WriteFile(filepath.Join(bin, tool), []byte(script), 0o755)).To(gomega.Succeed())
			if tool == "doas" { // and a sudo that asks for a password
				g.Expect(os.WriteFile(filepath.Join(bin, "sudo"), []byte("#!/bin/sh\nexit 1\n"), 0o755)).To(gomega.Succeed())
			}
			g.Expect(os.WriteFile(calls, nil, 0o666)).To(gomega.Succeed())
			g.Expect(os.Chmod(calls, 0o666)).To(gomega.Succeed()) // whatever the mask is
			o := order(t, kitsFor(t))
			returned, err := s.Measure(t.Context(), o)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(returned).To(gomega.HaveLen(2))
			g.Expect(returned[1].User).To(gomega.Equal(Root))
			b, err := os.ReadFile(calls)
			g.Expect(err).NotTo(gomega.HaveOccurred())
			called := strings.Split(strings.TrimSpace(string(b)), "\n")
			g.Expect(called).To(gomega.HaveLen(2), "it is asked whether it works, and for the kit")
			g.Expect(called[0]).To(gomega.Equal("-n true"))
			g.Expect(called[1]).To(gomega.MatchRegexp(`^-n env TMPDIR=(\S+) \S+/kit run --quiet --bundle --exit-on-stdin-eof --claims v4\.block\.bind `))
			nothingLeft(t, tmp)
		})
	}
}

func TestWords(t *testing.T) {
	o := Order{Flags: []string{"--seed", "7", "--claims", "v4.block.*,must"}, Limits: DefaultLimits()}
	kit := "env TMPDIR=/tmp/x /tmp/x/kit run --quiet --bundle --exit-on-stdin-eof --seed 7 --claims 'v4.block.*,must'"
	for _, c := range []struct {
		rights string
		user   User
		want   string
	}{
		{"is", Root, kit},
		{"is", Ordinary, strings.Replace(kit, " --seed 7 --claims 'v4.block.*,must'", " --seed 7 --claims 'v4.block.*,must' --as user --run-limit 3m0s", 1)},
		{"no", Ordinary, kit},
		{"sudo", Ordinary, kit},
		{"sudo", Root, "sudo -n " + kit},
		{"doas", Root, "doas -n " + kit},
		{"no", Root, ""},
	} {
		got, err := (&there{rights: c.rights, folder: "/tmp/x"}).words(o, c.user, false)
		if got != c.want || errors.Is(err, errNoUser) != (c.want == "") {
			t.Errorf("as %s where the right is %q: %q, %v", c.user, c.rights, got, err)
		}
	}
}

// TestMayChange passes the permission to change a machine on only into one that was made for the
// kit, and into none that was there before: what this machine's user permits here says nothing
// about another.
func TestMayChange(t *testing.T) {
	t.Setenv(privatehost.Permission, "1")
	for _, rights := range []string{"is", "sudo", "doas", "no"} {
		for _, made := range []bool{true, false} {
			for _, u := range Users() {
				got, err := (&there{rights: rights, folder: "/tmp/x"}).words(Order{}, u, made)
				if err == nil && strings.Contains(got, " "+privatehost.Grant()+" ") != made {
					t.Errorf("made for the kit: %t: %q", made, got)
				}
			}
		}
	}
	if over, _ := parseSSH("user@host"); over.(secureShell).made {
		t.Error("a host that is named was made for the kit")
	}
}

// TestDefaultUsers makes sure that no run becomes another user unasked where the system was there
// before the run.
func TestDefaultUsers(t *testing.T) {
	for name, want := range map[string][]User{
		"local": nil, "ssh:user@host": nil,
		"kernel:vmlinuz": Users(), "runsc:runsc": Users(), "wine:folder": Users(), "vagrant:debian-13": Users(),
	} {
		parsed, err := Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := DefaultUsers(parsed); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, c := range []struct {
		asked  []User
		isRoot bool
		want   []User
	}{
		{nil, false, []User{Ordinary}}, {nil, true, []User{Root}},
		{[]User{Root}, false, []User{Root}}, {Users(), true, Users()},
	} {
		o := Order{Users: c.asked}.own(c.isRoot)
		if !slices.Equal(o.Users, c.want) {
			t.Errorf("%q asked for, as root %t: %q", c.asked, c.isRoot, o.Users)
		}
		if want := slices.Contains(c.asked, Root); strings.Contains(becomes(Order{Users: c.asked}), "yes") != want {
			t.Errorf("%q: %q", c.asked, becomes(Order{Users: c.asked}))
		}
	}
}

func TestQuoted(t *testing.T) {
	for _, c := range []struct{ words, want, windows string }{
		{"run --seed 7", "run --seed 7", "run --seed 7"},
		{"run a,b", "run a,b", `run "a,b"`},
		{"run v4.*", "run 'v4.*'", `run "v4.*"`},
		{`f\kit.exe x`, "", `f\kit.exe x`},
		{"run $HOME", "run '$HOME'", ""},
		{"run %PATH%", "run %PATH%", ""},
		{"run a;b", "run 'a;b'", `run "a;b"`},
		{"run a&b", "run 'a&b'", ""},
		{"run a|b", "run 'a|b'", ""},
		{"run a^b", "run 'a^b'", ""},
		{"run `b`", "run '`b`'", ""},
		{"run a'b", "", `run "a'b"`},
		{`run a,b\`, "", ""},
		{`run a,b\c`, "", `run "a,b\c"`},
		{`run a"b`, `run 'a"b'`, ""},
		{"run a!b", "", `run "a!b"`},
		{"run ", "run ''", `run ""`},
		{"*.exe x", "'*.exe' x", ""},
	} {
		words := strings.Split(c.words, " ")
		if got, err := quoted(words); got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%q: %q, %v", c.words, got, err)
		}
		if got, err := quotedForWindows(words); got != c.windows || (err == nil) != (c.windows != "") {
			t.Errorf("%q for Windows: %q, %v", c.words, got, err)
		}
	}
}

// TestWindows goes the whole way to a Windows that is played by scripts in the place of ssh and
// scp, whose file system is a folder.
func TestWindows(t *testing.T) {
	for name, c := range map[string]struct {
		presents, elevated, run string
		user                    User
		want                    string
	}{
		"a user":      {"Windows_NT AMD64", "exit 2", `cp "$STREAM" "$there/stream"`, Ordinary, ""},
		"elevated":    {"Windows_NT ARM64", "exit 0", `cp "$STREAM" "$there/stream"`, Root, ""},
		"it deviates": {"Windows_NT AMD64", "exit 2", `cp "$STREAM" "$there/stream"; exit 1`, Ordinary, ""},
		"an old one":  {"Windows_NT x86", "exit 2", "", Ordinary, "no kit for it: Windows on x86"},
		"another":     {"%OS% %PROCESSOR_ARCHITECTURE%", "exit 2", "", Ordinary, "there is no POSIX shell, and no Windows either"},
		"a crash":     {"Windows_NT AMD64", "exit 2", "echo 'panic: oh no' >&2; exit 2", Ordinary, `the kit there did not do its work: exit code 2`},
		"a cut file":  {"Windows_NT AMD64", "exit 2", `head -c 700 "$STREAM" >"$there/stream"`, Ordinary, "the stream from the target was cut"},
		"a cut line":  {"Windows_NT AMD64", "exit 2", "exit 255", Ordinary, "ssh has no connection"},
	} {
		t.Run(name, func(t *testing.T) {
			runsScripts(t)
			g := gomega.NewWithT(t)
			folder := temporary(t)
			home, bin, stream := filepath.Join(folder, "home"), filepath.Join(folder, "bin"), filepath.Join(folder, "stream")
			for _, dir := range []string{home, bin} {
				g.Expect(os.Mkdir(dir, 0o755)).To(gomega.Succeed())
			}
			g.Expect(os.WriteFile(stream, aStream(t), 0o600)).To(gomega.Succeed())
			kits := Kits{Folder: filepath.Join(folder, "kits")}
			put(t, kits.Folder, map[string][]byte{"loopmatrix-windows-amd64.exe": []byte("MZ"), "loopmatrix-windows-arm64.exe": []byte("MZ")})
			ssh := `#!/bin/sh
for words; do :; done # the last
cd "` + home + `" && STREAM="` + stream + `"
case $words in
sh) echo "'sh' is no command" >&2; exit 1;;
"cmd /c echo loopmatrix-is-on %OS% %PROCESSOR_ARCHITECTURE%") printf 'loopmatrix-is-on ` + strings.ReplaceAll(c.presents, "%", "%%") + `\r\n';;
"cmd /c \"net session >nul 2>&1\"") ` + c.elevated + `;;
"cmd /c mkdir loopmatrix-"*) mkdir "${words##* }";;
"cmd /c rmdir /s /q loopmatrix-"*) rm -r "${words##* }";;
loopmatrix-*\\kit.exe\ run\ --quiet\ --bundle\ --exit-on-stdin-eof\ --out\ loopmatrix-*\\stream\ --claims\ *) there=${words%%\\*}; [ -s "$there/kit.exe" ] || exit 9
` + c.run + `;;
*) echo "what is $words?" >&2; exit 9;;
esac
`
			scp := "#!/bin/sh\nwhile [ $# -gt 2 ]; do shift; done\ncd '" + home + "' && exec cp \"${1#there:}\" \"${2#there:}\"\n"
			for name, script := range map[string]string{"ssh": ssh, "scp": scp} {
				g.Expect(os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755)).To(gomega.Succeed())
			}
			t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
			returned, err := secureShell{destination: "there"}.Measure(context.WithoutCancel(t.Context()), order(t, kits))
			g.Expect(names(t, home)).To(gomega.BeEmpty(), "the folder over there")
			if c.want != "" {
				g.Expect(err).To(gomega.MatchError(gomega.ContainSubstring(c.want)))
				g.Expect(returned).To(gomega.BeEmpty())
				return
			}
			g.Expect(err).NotTo(gomega.HaveOccurred())
			g.Expect(returned).To(gomega.HaveLen(1), "Windows has no way from one user to the other")
			g.Expect(returned[0].User).To(gomega.Equal(c.user))
			g.Expect(string(returned[0].Report)).To(gomega.Equal(`{"schema":1}`))
			g.Expect(returned[0].Captures).To(gomega.HaveKey("b.pcapng"))
		})
	}
}

// names are the names of what is in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}
