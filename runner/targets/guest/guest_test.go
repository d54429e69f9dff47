package guest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// told is a machine that does this order, whose kit gives this code and output.
func told(o Order, code int, output string, err error) (messages []Message, done []string) {
	obey(o, func(m Message) { messages = append(messages, m) }, system{
		load: func(name string) error {
			done = append(done, name)
			if name == "broken.ko" {
				return errors.New("init_module: invalid module format")
			}
			return nil
		},
		set: func(s Switch) error {
			done = append(done, s.Name+"="+s.Value)
			if s.Name == "net.broken" {
				return errors.New("no such file or directory")
			}
			return nil
		},
		run: func(Order) (int, []byte, error) {
			done = append(done, "run")
			return code, []byte(output), err
		},
	})
	return messages, done
}

func TestOrderIsObeyed(t *testing.T) {
	messages, done := told(Order{Modules: []string{"a.ko", "broken.ko", "c.ko"}, Switches: []Switch{{"net.broken", "1"}, {"net.a", "0 9"}}},
		3, "the stream", errors.New("no such user"))
	if want := []string{"a.ko", "broken.ko", "c.ko", "net.broken=1", "net.a=0 9", "run"}; !slices.Equal(done, want) {
		t.Errorf("it did %v, not %v", done, want)
	}
	want := []string{"failed module broken.ko: init_module: invalid module format", "failed switch net.broken: no such file or directory",
		"failed run: no such user", "done "}
	for i, m := range messages {
		if got := string(m.Kind) + " " + m.Text; got != want[i] {
			t.Errorf("message %d is %q, not %q", i, got, want[i])
		}
	}
	last := messages[len(messages)-1]
	if output, err := last.Unpack(100); string(output) != "the stream" || err != nil || last.Code != 3 {
		t.Errorf("the run gave %d and %q, %v", last.Code, output, err)
	}
}

func TestUnpackRefuses(t *testing.T) {
	if _, err := (Message{Output: pack(make([]byte, 101))}).Unpack(100); err == nil {
		t.Error("it unpacks more than the limit")
	}
	if _, err := (Message{Output: []byte("no gzip")}).Unpack(100); err == nil {
		t.Error("it unpacks what is not packed")
	}
	cut := pack([]byte("the stream"))
	if _, err := (Message{Output: cut[:len(cut)-9]}).Unpack(100); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a cut stream gives %v", err)
	}
}

func TestRead(t *testing.T) {
	var stream bytes.Buffer
	for _, m := range []Message{{Kind: Ready}, {Kind: Failed, Text: "module x"}, {Kind: Done, Code: 1, Output: pack(nil)}} {
		if err := json.NewEncoder(&stream).Encode(m); err != nil {
			t.Fatal(err)
		}
	}
	whole := stream.String()
	for _, tc := range []struct {
		name, stream string
		heard        string
		err          error
	}{
		{"whole", whole, "ready failed done", nil},
		{"more behind the end", whole + "reboot: Power down", "ready failed done", nil},
		{"cut in a message", whole[:len(whole)-20], "ready failed", io.ErrUnexpectedEOF},
		{"cut between messages", `{"Kind":"ready"}` + "\n", "ready", io.EOF},
		{"nothing", "", "", io.EOF},
	} {
		var heard []string
		err := Read(strings.NewReader(tc.stream), func(m Message) { heard = append(heard, string(m.Kind)) })
		if !errors.Is(err, tc.err) || strings.Join(heard, " ") != tc.heard {
			t.Errorf("%s: heard %q, %v", tc.name, heard, err)
		}
	}
	if err := Read(strings.NewReader("Kernel panic"), func(Message) {}); err == nil {
		t.Error("what is no message is heard")
	}
}

func TestNoGuestElsewhere(t *testing.T) {
	if err := life(""); err == nil {
		t.Error("this process took itself for the first of a machine")
	}
}
