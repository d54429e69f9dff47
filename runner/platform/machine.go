package platform

import (
	"runtime"

	facts "github.com/shirou/gopsutil/v4/host"
)

// architectures are Go's names by those that systems give (uname(2), GetNativeSystemInfo).
var architectures = map[string]string{"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64", "evbarm": "arm64",
	"i386": "386", "i486": "386", "i586": "386", "i686": "386"}

// machineDiffers returns a remark where this program is built for another architecture than the
// machine's, so something translates it.
func machineDiffers(f *findings) []string {
	machine, _ := ask(f, "machine", facts.KernelArch)
	if native, known := architectures[machine]; known && native != runtime.GOARCH {
		return []string{"the machine is " + native + " and translates this program for " + runtime.GOARCH}
	}
	return nil
}
