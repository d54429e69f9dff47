package guest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"

	"github.com/loopmatrix/loopmatrix/suites/kit/privatehost"
)

// grace is how long a process that outlives the kit may hold its standard output: none is meant to.
const grace = time.Second

// signalled is added to the number of the signal that ended the kit, as shells do.
const signalled = 128

// serve does not return: if the first process ended, Linux would panic.
func serve() error {
	early := mount()
	out, err := openPort()
	if err != nil {
		fmt.Fprintln(os.Stderr, errors.Join(early, err)) // the console; there is no other way
		powerOff()
	}
	messages := json.NewEncoder(out)
	tell := func(m Message) {
		if err := messages.Encode(m); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	tell(Message{Kind: Ready})
	order, unread := readOrder()
	for _, err := range []error{early, loopback(), unread} {
		if err != nil {
			tell(Message{Kind: Failed, Text: err.Error()})
		}
	}
	obey(order, tell, system{load, set, run})
	_ = unix.IoctlSetInt(int(out.Fd()), unix.TCSBRK, 1) // tcdrain: the last byte leaves before the lights go out
	powerOff()
	return nil
}

// mount mounts what the kit and the network need. The folders are there.
func mount() error {
	var errs []error
	for _, m := range []struct{ kind, on, options string }{
		{"proc", "/proc", ""},
		{"sysfs", "/sys", ""},
		{"devtmpfs", "/dev", ""},
		{"tmpfs", "/tmp", "mode=1777"},
		{"tmpfs", "/run", "mode=755"},
	} {
		if err := unix.Mount(m.kind, m.on, m.kind, 0, m.options); err != nil {
			errs = append(errs, fmt.Errorf("mount %s: %w", m.on, err))
		}
	}
	return errors.Join(errs...)
}

// openPort opens the second serial port for bytes as they are; a terminal would turn line feeds
// into two bytes.
func openPort() (*os.File, error) {
	port, err := os.OpenFile("/dev/ttyS1", os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	raw := unix.Termios{Cflag: unix.B115200 | unix.CS8 | unix.CREAD | unix.CLOCAL, Ispeed: unix.B115200, Ospeed: unix.B115200}
	return port, os.NewSyscallError("set /dev/ttyS1 to raw", unix.IoctlSetTermios(int(port.Fd()), unix.TCSETS, &raw))
}

// loopback brings lo up, as every init does. The kernel gives it its addresses.
func loopback() error {
	lo, err := netlink.LinkByName("lo")
	if err == nil {
		err = netlink.LinkSetUp(lo)
	}
	if err != nil {
		return fmt.Errorf("bring lo up: %w", err)
	}
	return nil
}

func readOrder() (Order, error) {
	var o Order
	b, err := os.ReadFile(Orders)
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		return o, fmt.Errorf("%s: %w", Orders, err)
	}
	return o, nil
}

func load(name string) error {
	b, err := os.ReadFile(filepath.Join(Modules, name))
	if err != nil {
		return err
	}
	return os.NewSyscallError("init_module", unix.InitModule(b, ""))
}

// set writes to the file of a sysctl.
func set(s Switch) error {
	return os.WriteFile("/proc/sys/"+strings.ReplaceAll(s.Name, ".", "/"), []byte(s.Value), 0)
}

// run runs the kit as a user, in an environment that is next to empty. What it says on standard
// error goes to the console. Whatever it leaves behind is ended.
func run(o Order) (code int, output []byte, err error) {
	kit := exec.Command(Init, o.Args...)
	// This machine was booted for the kit and ends with it, so the kit may change it.
	kit.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "LC_ALL=C", privatehost.Grant()}
	kit.Dir = "/tmp"
	kit.Stderr = os.Stderr
	kit.WaitDelay = grace
	kit.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(o.UID), Gid: uint32(o.UID)}}
	output, err = kit.Output()
	_ = unix.Kill(-1, unix.SIGKILL) // all but this process
	ended, is := errors.AsType[*exec.ExitError](err)
	if !is {
		return 0, output, err
	}
	if status, is := ended.Sys().(syscall.WaitStatus); is && status.Signaled() {
		return signalled + int(status.Signal()), output, nil
	}
	return ended.ExitCode(), output, nil
}

func powerOff() {
	unix.Sync()
	fmt.Fprintln(os.Stderr, os.NewSyscallError("reboot", unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)))
	select {}
}
