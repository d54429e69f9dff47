package targets

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/cavaliergopher/cpio"

	"github.com/loopmatrix/loopmatrix/runner/targets/guest"
)

// The users of the machine; the ordinary one has the number that Linux gives to who has none
// (kernel.overflowuid).
const (
	rootUID   = 0
	nobodyUID = 65534
)

// etc are the files without which a system of today would not be one, as they are on Debian where
// there is no network: there is no server to ask about names.
var etc = map[string]string{
	"passwd":        "root:x:0:0:root:/tmp:/nonexistent\nnobody:x:65534:65534:nobody:/tmp:/nonexistent\n",
	"group":         "root:x:0:\nnogroup:x:65534:\n",
	"hosts":         "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n",
	"nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
	"resolv.conf":   "",
}

// initramfs is the file system that the kernel starts with.
type initramfs struct {
	*cpio.Writer
	err error
}

// writeInitramfs writes the whole file system: the kit as the first process, its order, and the
// modules.
func writeInitramfs(w io.Writer, kit string, o guest.Order, modules []kernelModule) error {
	orders, err := json.Marshal(o)
	if err != nil {
		return err
	}
	fs := initramfs{Writer: cpio.NewWriter(w)}
	for _, folder := range []string{"dev", "proc", "sys", "tmp", "run", "etc", path.Base(guest.Modules)} {
		fs.folder(folder)
	}
	for _, name := range slices.Sorted(maps.Keys(etc)) {
		fs.file("etc/"+name, 0o644, []byte(etc[name]))
	}
	fs.file(guest.Orders, 0o644, orders)
	for _, m := range modules {
		fs.file(path.Join(guest.Modules, moduleFile(m)), 0o644, m.Content)
	}
	fs.kit(kit)
	if fs.err == nil {
		fs.err = fs.Close()
	}
	if fs.err != nil {
		return fmt.Errorf("initramfs: %w", fs.err)
	}
	return nil
}

func moduleFile(m kernelModule) string { return m.Name + ".ko" }

func (fs *initramfs) folder(name string) {
	fs.header(&cpio.Header{Name: name, Mode: cpio.TypeDir | 0o755, Links: 2})
}

func (fs *initramfs) file(name string, mode cpio.FileMode, content []byte) {
	fs.copied(name, mode, int64(len(content)), bytes.NewReader(content))
}

func (fs *initramfs) kit(name string) {
	kit, err := os.Open(name)
	if err != nil {
		fs.err = err
		return
	}
	defer func() { _ = kit.Close() }()
	info, err := kit.Stat()
	if err != nil {
		fs.err = err
		return
	}
	fs.copied(guest.Init, 0o755, info.Size(), kit)
}

func (fs *initramfs) copied(name string, mode cpio.FileMode, size int64, from io.Reader) {
	fs.header(&cpio.Header{Name: strings.TrimPrefix(name, "/"), Mode: cpio.TypeReg | mode, Size: size})
	if fs.err == nil {
		_, fs.err = io.Copy(fs.Writer, from)
	}
}

func (fs *initramfs) header(h *cpio.Header) {
	if fs.err == nil {
		fs.err = fs.WriteHeader(h)
	}
}
