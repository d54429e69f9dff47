package platform

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"

	"github.com/loopmatrix/loopmatrix/reports/model"
	"github.com/loopmatrix/loopmatrix/suites/kit/netif"
)

func readForwarding(_ netif.Network, f *findings) model.PerFamily {
	return model.PerFamily{
		IPv4: forwardingOf(f, "forwarding of IPv4", windows.AF_INET),
		IPv6: forwardingOf(f, "forwarding of IPv6", windows.AF_INET6),
	}
}

// forwardingOf reads dwForwarding, the first field of MIB_IPSTATS (GetIpStatisticsEx): 1 forwards,
// 2 does not.
func forwardingOf(f *findings, fact string, family uintptr) *bool {
	forwards, _ := ask(f, fact, func() (*bool, error) {
		get := windows.NewLazySystemDLL("iphlpapi.dll").NewProc("GetIpStatisticsEx")
		if err := get.Find(); err != nil {
			return nil, err
		}
		var stats [23]uint32
		if code, _, _ := get.Call(uintptr(unsafe.Pointer(&stats)), family); code != 0 {
			return nil, syscall.Errno(code)
		}
		on := stats[0] == 1
		return &on, nil
	})
	return forwards
}
