package platform

import (
	"strings"
	"unsafe"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// readSystem looks for Wine first, which is like Windows in everything else.
func readSystem(f *findings) (identity, []clue) {
	if below, _ := ask(f, "Wine", readWine); len(below.clues) > 0 {
		return translator(below.layer), below.clues
	}
	named, _ := ask(f, "version", readProduct)
	build, _ := ask(f, "kernel", facts.KernelVersion)
	build, _, _ = strings.Cut(build, " ")
	const bios = `HARDWARE\DESCRIPTION\System\BIOS`
	clues := virtualHardware(f.registryText("maker", bios, "SystemManufacturer"), f.registryText("model", bios, "SystemProductName"))
	if in, _ := ask(f, "container", inContainer); in {
		clues = append(clues, clue{container, "the registry has a ContainerType"})
	}
	return windowsIdentity(named.name, named.display, build), clues
}

// product is how Windows calls itself: "Microsoft Windows 11 Pro", "24H2".
type product struct{ name, display string }

func readProduct() (product, error) {
	name, _, display, err := facts.PlatformInformation()
	return product{name, display}, err
}

func inContainer() (bool, error) {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Control`, registry.QUERY_VALUE)
	if err != nil {
		return false, nil // without the key it is in none
	}
	defer func() { _ = k.Close() }()
	_, _, err = k.GetIntegerValue("ContainerType")
	return err == nil, nil
}

// translation is Wine, and what it was known by; without clues there is none.
type translation struct {
	layer layer
	clues []clue
}

// readWine looks up what only Wine's ntdll exports (dlls/ntdll/version.c). Wine can be set to hide
// that; its key in the registry still shows then, but no version.
func readWine() (translation, error) {
	var w layer
	var clues []clue
	ntdll := windows.NewLazySystemDLL("ntdll.dll")
	if get := ntdll.NewProc("wine_get_version"); get.Find() == nil {
		r, _, _ := get.Call()
		w.version = text(r)
		clues = append(clues, clue{wine, "ntdll exports wine_get_version"})
	}
	if get := ntdll.NewProc("wine_get_build_id"); get.Find() == nil {
		r, _, _ := get.Call()
		w.build = text(r)
	}
	if get := ntdll.NewProc("wine_get_host_version"); get.Find() == nil {
		var system, release uintptr
		_, _, _ = get.Call(uintptr(unsafe.Pointer(&system)), uintptr(unsafe.Pointer(&release)))
		w.system, w.release = text(system), text(release)
	}
	for _, root := range []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE} {
		if k, err := registry.OpenKey(root, `Software\Wine`, registry.QUERY_VALUE); err == nil {
			clues = append(clues, clue{wine, "the registry has a key of Wine"})
			_ = k.Close()
			break
		}
	}
	return translation{w, clues}, nil
}

// text reads the C string that a function of Wine points to.
func text(p uintptr) string {
	if p == 0 {
		return ""
	}
	return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&p)))
}

// registryText is a value below HKEY_LOCAL_MACHINE, empty if there is none.
func (f *findings) registryText(fact, key, name string) string {
	text, _ := ask(f, fact, func() (string, error) {
		k, err := registry.OpenKey(registry.LOCAL_MACHINE, key, registry.QUERY_VALUE)
		if err != nil {
			return "", nil // not every machine has it
		}
		defer func() { _ = k.Close() }()
		s, _, err := k.GetStringValue(name)
		if err != nil {
			return "", nil // the same
		}
		return s, nil
	})
	return text
}
