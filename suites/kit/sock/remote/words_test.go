package remote

import (
	"reflect"
	"slices"
	"strings"
)

// calls are the names of all calls.
var calls = []string{"socket", "bind", "listen", "accept", "connect", "send", "sendto", "recvmsg", "setsockopt", "getsockopt",
	"getsockname", "getpeername", "close"}

// Words returns the names of all fields of all messages, and of all calls.
func Words() []string {
	out := slices.Clone(calls)
	for _, message := range []any{greeting{}, request{}, response{}, failure{}} {
		t := reflect.TypeOf(message)
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
			out = append(out, name)
		}
	}
	return out
}
