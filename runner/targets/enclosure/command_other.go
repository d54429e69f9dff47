//go:build !linux

package enclosure

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
)

// Command says that there are no namespaces here.
func Command(context.Context, Plan) (*exec.Cmd, error) {
	return nil, fmt.Errorf("%w: %s has no namespaces as Linux has them", ErrNone, runtime.GOOS)
}

// Probe says the same.
func Probe(ctx context.Context) error {
	_, err := Command(ctx, Plan{})
	return err
}

func serve(Plan) (int, error) {
	_, err := Command(context.Background(), Plan{})
	return codeNotBegun, err
}
