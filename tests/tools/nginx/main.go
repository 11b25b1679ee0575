// Command nginxcheck runs `nginx -t` on a gateway's configuration as it is, unmodified, in
// surroundings like those of its container.
//
//	nginxcheck [-host NAME]... FILE
//
// In mount and network namespaces of its own it lays a writable layer over this machine's files, puts the
// configuration at /etc/nginx/nginx.conf, throw-away certificates and placeholder files wherever
// the configuration names files, and an /etc/hosts in which the given host names, and no others,
// exist. It exits 0 when nginx accepts the file without a warning, 1 when not, and 2 when it
// cannot judge.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

const inside = "inside" // the first argument of the process in the namespaces

type hosts []string

func (h *hosts) String() string { return strings.Join(*h, " ") }

func (h *hosts) Set(name string) error {
	*h = append(*h, name)
	return nil
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == inside {
		os.Exit(judge(os.Args[2], os.Args[3], os.Args[4:]))
	}
	var names hosts
	flag.Var(&names, "host", "a `name` that the configuration can reach")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: nginxcheck [-host NAME]... FILE")
		os.Exit(2)
	}
	os.Exit(enter(flag.Arg(0), names))
}

// enter runs this program once more, in namespaces of its own.
func enter(file string, names []string) int {
	if os.Geteuid() != 0 {
		return cannot(errors.New("only root can make the namespaces that it needs"))
	}
	scratch, err := os.MkdirTemp("", "nginxcheck-")
	if err != nil {
		return cannot(err)
	}
	defer os.RemoveAll(scratch)

	self := exec.Command("/proc/self/exe", append([]string{inside, file, scratch}, names...)...)
	self.Stdout, self.Stderr = os.Stdout, os.Stderr
	self.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET}
	err = self.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 0 {
		return exit.ExitCode()
	}
	if err != nil {
		return cannot(err)
	}
	return 0
}

func cannot(err error) int {
	fmt.Fprintln(os.Stderr, "nginxcheck:", err)
	return 2
}

func judge(file, scratch string, names []string) int {
	text, err := os.ReadFile(file)
	if err != nil {
		return cannot(err)
	}
	nginx, err := program()
	if err != nil {
		return cannot(err)
	}
	root, err := layer(scratch)
	if err != nil {
		return cannot(err)
	}
	place := surroundings{root: root, beside: filepath.Dir(file)}
	if err := place.furnish(string(text), names); err != nil {
		return cannot(err)
	}

	if err := loopbackUp(); err != nil {
		return cannot(err)
	}
	test := exec.Command(nginx, "-t", "-c", configuration)
	test.SysProcAttr = &syscall.SysProcAttr{Chroot: root}
	test.Dir = "/"
	test.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin"}
	var said bytes.Buffer
	test.Stdout, test.Stderr = &said, &said
	err = test.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return cannot(err)
	}
	complaints := 0
	for line := range strings.Lines(said.String()) {
		if strings.HasSuffix(strings.TrimSpace(line), "syntax is ok") || strings.HasSuffix(strings.TrimSpace(line), "test is successful") {
			continue
		}
		fmt.Print(line)
		complaints++
	}
	if err != nil || complaints > 0 {
		return 1
	}
	return 0
}

// loopbackUp makes 127.0.0.1 an address of the network namespace, since nginx tries to listen
// where the configuration says.
func loopbackUp() error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{name: [syscall.IFNAMSIZ]byte{'l', 'o'}, flags: syscall.IFF_UP}
	_, _, failure := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request)))
	if failure != 0 {
		return fmt.Errorf("setting the loopback interface up: %w", failure)
	}
	return nil
}

func program() (string, error) {
	for _, path := range []string{"/usr/sbin/nginx", "/usr/local/sbin/nginx"} {
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return exec.LookPath("nginx")
}

// layer makes a root folder with this machine's files in it, where whatever is written stays in
// the scratch folder.
func layer(scratch string) (string, error) {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return "", fmt.Errorf("making the mounts private: %w", err)
	}
	if err := syscall.Mount("tmpfs", scratch, "tmpfs", 0, "size=64m"); err != nil {
		return "", fmt.Errorf("mounting a tmpfs: %w", err)
	}
	folder := func(name string) string { return filepath.Join(scratch, name) }
	for _, name := range []string{"upper", "work", "root"} {
		if err := os.Mkdir(folder(name), 0o755); err != nil {
			return "", err
		}
	}
	options := fmt.Sprintf("lowerdir=/,upperdir=%s,workdir=%s", folder("upper"), folder("work"))
	root := folder("root")
	if err := syscall.Mount("overlay", root, "overlay", 0, options); err != nil {
		return "", fmt.Errorf("mounting an overlay: %w", err)
	}
	for _, name := range []string{"/dev", "/proc"} {
		if err := syscall.Mount(name, root+name, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
			return "", fmt.Errorf("mounting %s: %w", name, err)
		}
	}
	if err := syscall.Mount("tmpfs", root+"/tmp", "tmpfs", 0, "size=16m"); err != nil {
		return "", fmt.Errorf("mounting a tmpfs: %w", err)
	}
	return root, nil
}
