package targets

import (
	"bytes"
	"compress/gzip"
	"debug/elf"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cavaliergopher/cpio"

	"github.com/loopmatrix/loopmatrix/runner/targets/guest"
	"github.com/loopmatrix/loopmatrix/suites/kit/unable"
)

// tree makes empty files, and folders where the name ends with a slash.
func tree(t *testing.T, names ...string) string {
	t.Helper()
	root := t.TempDir()
	for _, name := range names {
		path := filepath.Join(root, name)
		folder := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			folder = path
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if folder != path {
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return root
}

func TestFindKernel(t *testing.T) {
	for _, tc := range []struct {
		name, look     string
		files          []string
		image, modules string
		says           string
	}{
		{"Debian up to 12", "", []string{"boot/vmlinuz-6.1.0-50-amd64", "boot/config-6.1.0-50-amd64", "lib/modules/6.1.0-50-amd64/kernel/"},
			"boot/vmlinuz-6.1.0-50-amd64", "lib/modules/6.1.0-50-amd64", ""},
		{"Debian 13", "", []string{"boot/vmlinuz-6.12.1-amd64", "usr/lib/modules/6.12.1-amd64/kernel/"},
			"boot/vmlinuz-6.12.1-amd64", "usr/lib/modules/6.12.1-amd64", ""},
		{"Debian 14", "", []string{"usr/lib/modules/7.2.1-amd64/vmlinuz", "usr/lib/modules/7.2.1-amd64/kernel/"},
			"usr/lib/modules/7.2.1-amd64/vmlinuz", "usr/lib/modules/7.2.1-amd64", ""},
		{"a file of a package", "boot/vmlinuz-6.1", []string{"boot/vmlinuz-6.1", "boot/vmlinuz-6.2", "lib/modules/6.1/kernel/"},
			"boot/vmlinuz-6.1", "lib/modules/6.1", ""},
		{"a file alone", "vmlinuz", []string{"vmlinuz"}, "vmlinuz", "", ""},
		{"two", "", []string{"boot/vmlinuz-6.1", "boot/vmlinuz-6.2"}, "", "", "holds 2"},
		{"none", "", []string{"boot/config-6.1"}, "", "", "holds 0"},
		{"nothing", "none", nil, "", "", "none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := tree(t, tc.files...)
			found, err := findKernel(filepath.Join(root, tc.look))
			if tc.says != "" {
				if !errors.Is(err, errNoKernel) || !strings.Contains(err.Error(), tc.says) || errors.Is(err, fs.ErrNotExist) != (tc.look == "none") {
					t.Errorf("%v", err)
				}
				return
			}
			want := kernelFiles{Image: filepath.Join(root, tc.image)}
			if tc.modules != "" {
				want.Modules = filepath.Join(root, tc.modules)
			}
			if found != want || err != nil {
				t.Errorf("%+v, %v", found, err)
			}
		})
	}
}

func TestFindKernelBehindALink(t *testing.T) {
	root := tree(t, "usr/lib/modules/7.2.1/vmlinuz", "usr/lib/modules/7.2.1/kernel/")
	if err := os.Symlink("usr/lib", filepath.Join(root, "lib")); err != nil {
		t.Skip(err)
	}
	if found, err := findKernel(root); err != nil || found.Modules == "" {
		t.Errorf("%+v, %v", found, err)
	}
}

// object is a relocatable ELF file with this in its section .modinfo.
func object(info string) []byte {
	names := "\x00.modinfo\x00.shstrtab\x00"
	const head, section = 64, 64 // bytes
	body := head + 3*section
	var out bytes.Buffer
	for _, part := range []any{
		elf.Header64{Ident: [16]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)},
			Type: uint16(elf.ET_REL), Machine: uint16(elf.EM_X86_64), Version: uint32(elf.EV_CURRENT), Shoff: head,
			Ehsize: head, Shentsize: section, Shnum: 3, Shstrndx: 2},
		elf.Section64{},
		elf.Section64{Name: 1, Type: uint32(elf.SHT_PROGBITS), Off: uint64(body), Size: uint64(len(info))},
		elf.Section64{Name: 10, Type: uint32(elf.SHT_STRTAB), Off: uint64(body + len(info)), Size: uint64(len(names))},
		[]byte(info), []byte(names),
	} {
		_ = binary.Write(&out, binary.LittleEndian, part) // buffers do not fail
	}
	return out.Bytes()
}

func gzipped(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zstandard(t *testing.T, b []byte) []byte {
	t.Helper()
	_, err := exec.LookPath("zstd")
	unable.Skip(t, err)
	c := exec.Command("zstd", "-qc")
	c.Stdin = bytes.NewReader(b)
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func put(t *testing.T, folder string, files map[string][]byte) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func namesOf(modules []kernelModule) string {
	var out []string
	for _, m := range modules {
		out = append(out, m.Name)
	}
	return strings.Join(out, " ")
}

func TestPickModules(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, map[string][]byte{
		"kernel/net/nft_reject.ko":    object("license=GPL\x00depends=nf_tables,nf-reject\x00"),
		"kernel/net/nf_tables.ko.gz":  gzipped(t, object("depends=nfnetlink\x00license=GPL\x00")),
		"kernel/net/nf-reject.ko":     object("depends=\x00"),
		"kernel/net/nfnetlink.ko.zst": zstandard(t, object("license=GPL\x00")),
		"kernel/net/unused.ko":        []byte("no ELF file"),
		"modules.order":               nil,
	})
	picked, err := pickModules(t.Context(), folder, []string{"nft_reject", "nfnetlink", "tun"})
	if want := "nfnetlink nf_tables nf_reject nft_reject"; namesOf(picked) != want {
		t.Errorf("picked %s, not %s", namesOf(picked), want)
	}
	if !errors.Is(err, errNoModule) || !strings.Contains(err.Error(), "tun") {
		t.Errorf("tun is missing, and %v", err)
	}
	for _, m := range picked {
		if !bytes.HasPrefix(m.Content, []byte(elf.ELFMAG)) {
			t.Errorf("%s is not unpacked", m.Name)
		}
	}
}

func TestBrokenModules(t *testing.T) {
	folder := t.TempDir()
	put(t, folder, map[string][]byte{
		"a.ko": []byte("no ELF file"), "b.ko.xz": []byte("no xz"), "c.ko.gz": []byte("no gzip"), "d.ko.zst": []byte("no zstd"),
		"e.ko": object("depends=a\x00"),
	})
	for name := range strings.SplitSeq("a b c d e", " ") {
		if picked, err := pickModules(t.Context(), folder, []string{name}); err == nil || !strings.Contains(err.Error(), "module "+name) {
			t.Errorf("%s: picked %s, %v", name, namesOf(picked), err)
		}
	}
}

// TestDebiansModules picks from what Debian packs, plain and compressed by xz.
func TestDebiansModules(t *testing.T) {
	for _, version := range []string{"5.10", "6.12"} {
		files, err := findKernel(debian(t, version).(kernel).path)
		if err != nil {
			t.Fatal(err)
		}
		picked, err := pickModules(t.Context(), files.Modules, wanted())
		if err != nil || len(picked) <= len(wanted()) {
			t.Errorf("%s: picked %s, %v", version, namesOf(picked), err)
		}
		for i, m := range picked {
			before, err := depends(m.Content)
			for _, name := range before {
				if !slices.ContainsFunc(picked[:i], func(o kernelModule) bool { return o.Name == canonical(name) }) {
					t.Errorf("%s: %s comes before %s, %v", version, m.Name, name, err)
				}
			}
		}
	}
}

func TestInitramfs(t *testing.T) {
	kit := filepath.Join(t.TempDir(), "kit")
	put(t, filepath.Dir(kit), map[string][]byte{"kit": []byte("the kit")})
	modules := []kernelModule{{"tun", []byte("a module")}}
	var out bytes.Buffer
	o := guestOrder(Order{Flags: []string{"--seed", "7"}}, Ordinary, modules)
	if err := writeInitramfs(&out, kit, o, modules); err != nil {
		t.Fatal(err)
	}
	content := map[string]string{}
	for archive := cpio.NewReader(&out); ; {
		h, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(archive)
		content[fmt.Sprintf("%o %s", h.Mode, h.Name)] = string(b)
	}
	for name, want := range map[string]string{
		"40755 dev": "", "40755 proc": "", "40755 sys": "", "40755 tmp": "", "40755 run": "", "40755 modules": "",
		"100755 init": "the kit", "100644 modules/tun.ko": "a module",
		"100644 etc/hosts":         "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n",
		"100644 etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n", "100644 etc/resolv.conf": "",
	} {
		if got, is := content[name]; !is || got != want {
			t.Errorf("%s is %q (%v)", name, got, is)
		}
	}
	var read guest.Order
	if err := json.Unmarshal([]byte(content["100644 order.json"]), &read); err != nil || !reflect.DeepEqual(read, o) {
		t.Errorf("the order is %+v, %v", read, err)
	}
	want := guest.Order{Modules: []string{"tun.ko"}, Switches: []guest.Switch{{Name: "net.ipv4.ping_group_range", Value: "0 2147483647"}}, UID: 65534, Args: []string{"run", "--quiet", "--bundle", "--seed", "7"}}
	if !reflect.DeepEqual(o, want) {
		t.Errorf("the order is %+v", o)
	}
}

// full is a disk with this much room left, in bytes.
type full int

func (f *full) Write(p []byte) (int, error) {
	if len(p) > int(*f) {
		return 0, errors.New("no space left on device")
	}
	*f -= full(len(p))
	return len(p), nil
}

func TestInitramfsOnAFullDisk(t *testing.T) {
	kit := filepath.Join(t.TempDir(), "kit")
	put(t, filepath.Dir(kit), map[string][]byte{"kit": make([]byte, 1000)})
	for room := full(0); room < 1500; room += 100 {
		left := room
		if err := writeInitramfs(&left, kit, guest.Order{}, nil); err == nil || !strings.Contains(err.Error(), "no space left") {
			t.Fatalf("%d bytes: %v", room, err)
		}
	}
	if err := writeInitramfs(io.Discard, "no/such/kit", guest.Order{}, nil); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a kit: %v", err)
	}
}
