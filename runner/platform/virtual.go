package platform

import "strings"

// machines are the makers and models that firmware names in a virtual machine, as they begin (DMI
// system vendor or product). Of what Microsoft and Google make only some is virtual, so there the
// model decides.
var machines = []string{"QEMU", "KVM", "VMware", "VMW", "innotek GmbH", "VirtualBox", "Xen", "Bochs", "Parallels",
	"BHYVE", "Hyper-V", "Virtual Machine", "Google Compute Engine", "OpenStack", "KubeVirt", "Apple Virtualization",
	"Amazon EC2", "VMM"}

// virtualHardware reads the maker and model that the firmware names.
func virtualHardware(vendor, product string) []clue {
	if vendor == "Amazon EC2" && strings.HasSuffix(product, ".metal") {
		return nil
	}
	for _, m := range machines {
		if strings.HasPrefix(vendor, m) || strings.HasPrefix(product, m) {
			return []clue{{vm, "the firmware names " + m + " as the machine"}}
		}
	}
	return nil
}

// smbiosSystem finds maker and model in what smbios(8) of illumos says of the system, in indented
// lines: "Manufacturer: QEMU".
func smbiosSystem(text string) (vendor, product string) {
	for line := range strings.Lines(text) {
		switch key, value, _ := strings.Cut(line, ":"); strings.TrimSpace(key) {
		case "Manufacturer":
			vendor = strings.TrimSpace(value)
		case "Product":
			product = strings.TrimSpace(value)
		}
	}
	return vendor, product
}

// hypervisorFlag reads /proc/cpuinfo: the flag is bit 31 of ECX of CPUID leaf 1, which no processor
// sets itself.
func hypervisorFlag(cpuinfo string) []clue {
	for line := range strings.Lines(cpuinfo) {
		if key, flags, _ := strings.Cut(line, ":"); strings.TrimSpace(key) == "flags" {
			if strings.Contains(" "+strings.TrimSpace(flags)+" ", " hypervisor ") {
				return []clue{{vm, "cpuinfo has the flag hypervisor"}}
			}
			return nil
		}
	}
	return nil
}

// guestOf reads the word of a kernel for what it is a guest of (kern.vm_guest of FreeBSD,
// kern.vmm_guest of DragonFly, machdep.hypervisor of NetBSD).
func guestOf(sysctl, word string) []clue {
	if word == "" || word == "none" || word == "NONE" {
		return nil
	}
	return []clue{{vm, sysctl + " is " + word}}
}
