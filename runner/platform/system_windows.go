package platform

import (
	"strings"
	"unsafe"

	facts "github.com/shirou/gopsutil/v4/host"
	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// readSystem asks Wine first, since Wine answers all other questions as Windows does.
func readSystem(f *findings) (identity, []clue) {
	if w, clues := readWine(); len(clues) > 0 {
		return translator(w), clues
	}
	product, _, display, err := facts.PlatformInformation()
	f.missing("version", err)
	build, err := facts.KernelVersion()
	f.missing("kernel", err)
	build, _, _ = strings.Cut(build, " ")
	const bios = `HARDWARE\DESCRIPTION\System\BIOS`
	clues := virtualHardware(registryText(bios, "SystemManufacturer"), registryText(bios, "SystemProductName"))
	if k, err := registry.OpenKey(registry.LOCAL_MACHINE, `SYSTEM\CurrentControlSet\Control`, registry.QUERY_VALUE); err == nil {
		if _, _, err := k.GetIntegerValue("ContainerType"); err == nil {
			clues = append(clues, clue{container, "the registry has a ContainerType"})
		}
		_ = k.Close()
	}
	return windowsIdentity(product, display, build), clues
}

// readWine looks up what only Wine's ntdll exports (dlls/ntdll/version.c). Wine can be told to hide that; its key in
// the registry still shows then, but no version.
func readWine() (layer, []clue) {
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
	return w, clues
}

// text reads the C string that a function of Wine points to.
func text(p uintptr) string {
	if p == 0 {
		return ""
	}
	return windows.BytePtrToString(*(**byte)(unsafe.Pointer(&p)))
}

// registryText is a value below HKEY_LOCAL_MACHINE, empty if there is none.
func registryText(key, name string) string {
	k, err := registry.OpenKey(registry.LOCAL_MACHINE, key, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer func() { _ = k.Close() }()
	s, _, err := k.GetStringValue(name)
	if err != nil {
		return ""
	}
	return s
}
