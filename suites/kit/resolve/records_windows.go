package resolve

import (
	"fmt"
	"strings"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

var recordTypes = map[string]uint16{"MX": windows.DNS_TYPE_MX, "TXT": windows.DNS_TYPE_TEXT}

func (w *winsock) Records(name, rrtype string) ([]string, error) {
	const op = "res_query"
	number, known := recordTypes[rrtype]
	if !known {
		return nil, unsupported(op, "this kit reads no "+rrtype+" records from DnsQuery_W")
	}
	return ask(w, op, func() ([]string, error) {
		var first *syscall.DNSRecord
		if err := syscall.DnsQuery(name, number, 0, nil, &first, nil); err != nil {
			return nil, err
		}
		defer syscall.DnsRecordListFree(first, freeRecordList)
		var out []string
		for r := first; r != nil; r = r.Next {
			if r.Type == number { // an alias comes along with what it leads to
				out = append(out, recordText(r))
			}
		}
		if len(out) == 0 {
			return nil, windows.DNS_INFO_NO_RECORDS
		}
		return out, nil
	})
}

const freeRecordList = 1 // DnsFreeRecordList (windns.h)

func recordText(r *syscall.DNSRecord) string {
	if r.Type == windows.DNS_TYPE_MX {
		mx := (*syscall.DNSMXData)(unsafe.Pointer(&r.Data))
		return fmt.Sprintf("%d %s", mx.Preference, windows.UTF16PtrToString(mx.NameExchange))
	}
	txt := (*syscall.DNSTXTData)(unsafe.Pointer(&r.Data))
	var all strings.Builder
	for _, part := range unsafe.Slice(&txt.StringArray[0], txt.StringCount) {
		all.WriteString(windows.UTF16PtrToString(part))
	}
	return all.String()
}
