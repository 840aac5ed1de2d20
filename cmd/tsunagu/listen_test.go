package main

import (
	"net"
	"strings"
	"testing"
)

// TestAddressInUse names the flag and the mend, instead of a bare socket error.
func TestAddressInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	for addr, says := range map[string]string{l.Addr().String(): "another port", "127.0.0.1:99999": "--addr", "nonsense": "--addr"} {
		code, _, errs := cli(t, nil, "", "demo", "--addr", addr)
		if code != exitUsage || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, says) || !strings.Contains(errs, "--addr") {
			t.Errorf("demo --addr %s: code %d, said %q; want 2 and one line naming --addr and the mend", addr, code, errs)
		}
	}
}
