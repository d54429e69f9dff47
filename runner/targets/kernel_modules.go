package targets

import (
	"bytes"
	"compress/gzip"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/therootcompany/xz"
)

// wanted are the modules for the wire and for the packet filters of private hosts. In a machine
// there is no modprobe that the kernel could ask for them.
func wanted() []string {
	return []string{"tun", "veth", "nf_tables", "nft_chain_nat", "nft_nat", "nft_reject_inet", "nft_numgen", "nft_dup_ipv4"}
}

// kernelModule is a module as Linux takes it.
type kernelModule struct {
	Name    string
	Content []byte
}

// errNoModule is behind the error for modules that the folder lacks. They may be built into the
// kernel.
var errNoModule = errors.New("no such module")

// pickModules gives these modules and all that they depend on, in the order to load them. What a
// module depends on, it says itself; modules.dep is not in Debian's packages, but made when they
// are installed. Missing modules come as one error beside the others.
func pickModules(ctx context.Context, folder string, names []string) ([]kernelModule, error) {
	p := picker{files: map[string]string{}, seen: map[string]bool{}}
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if name, _, is := strings.Cut(filepath.Base(path), ".ko"); is {
			p.files[canonical(name)] = path
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if err := p.pick(ctx, name); err != nil {
			return nil, fmt.Errorf("module %s: %w", name, err)
		}
	}
	if len(p.missing) > 0 {
		return p.picked, fmt.Errorf("%w: %s", errNoModule, strings.Join(p.missing, ", "))
	}
	return p.picked, nil
}

// canonical is a module's name: files are called xt-mark.ko or xt_mark.ko as they please.
func canonical(name string) string { return strings.ReplaceAll(name, "-", "_") }

type picker struct {
	files   map[string]string // paths by name
	seen    map[string]bool
	picked  []kernelModule
	missing []string
}

// pick adds a module behind those that it depends on.
func (p *picker) pick(ctx context.Context, name string) error {
	name = canonical(name)
	if p.seen[name] {
		return nil
	}
	p.seen[name] = true
	path, is := p.files[name]
	if !is {
		p.missing = append(p.missing, name)
		return nil
	}
	content, err := unpacked(ctx, path)
	if err != nil {
		return err
	}
	before, err := depends(content)
	if err != nil {
		return err
	}
	for _, other := range before {
		if err := p.pick(ctx, other); err != nil {
			return fmt.Errorf("for %s: %w", other, err)
		}
	}
	p.picked = append(p.picked, kernelModule{name, content})
	return nil
}

// depends reads which modules a module needs, from "depends=a,b" among the strings of its section
// .modinfo (scripts/mod/modpost.c).
func depends(module []byte) ([]string, error) {
	file, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		return nil, err
	}
	section := file.Section(".modinfo")
	if section == nil {
		return nil, errors.New("it has no section .modinfo")
	}
	info, err := section.Data()
	if err != nil {
		return nil, err
	}
	for field := range strings.SplitSeq(string(info), "\x00") {
		if list, is := strings.CutPrefix(field, "depends="); is {
			return slices.DeleteFunc(strings.Split(list, ","), func(s string) bool { return s == "" }), nil
		}
	}
	return nil, nil
}

// maxModule bounds what a module unpacks to: the largest in the world, drivers of graphics cards,
// have 30 MiB.
const maxModule = 64 << 20

// unpacked reads a module, which distributions compress each in their own way. Only zstd takes a
// program: the package there is for it makes tables whenever the kit starts, and the kit starts a
// hundred times in a run.
func unpacked(ctx context.Context, path string) ([]byte, error) {
	if filepath.Ext(path) == ".zst" {
		return program(ctx, io.Discard, "zstd", "--decompress", "--stdout", "--quiet", path).output()
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	var from io.Reader = file
	switch filepath.Ext(path) {
	case ".xz":
		from, err = xz.NewReader(file, xz.DefaultDictMax)
	case ".gz":
		from, err = gzip.NewReader(file)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	content, err := io.ReadAll(io.LimitReader(from, maxModule))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return content, nil
}
