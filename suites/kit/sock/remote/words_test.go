package remote

import (
	"reflect"
	"strings"
)

// Words returns the names of all fields of all messages, and of all calls.
func Words() []string {
	out := []string{"socket", "bind", "listen", "accept", "connect", "send", "sendto", "recvmsg", "setsockopt", "getsockopt",
		"getsockname", "getpeername", "close"}
	for _, message := range []any{greeting{}, request{}, response{}, failure{}} {
		t := reflect.TypeOf(message)
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	return out
}
