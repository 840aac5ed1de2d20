package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/demo/browser/browsertest"
	"github.com/tsunagu-chat/tsunagu/internal/demo/walk"
)

var demoAddress = regexp.MustCompile(`http://[0-9.:]+`)

// TestWalkInBrowser: in "tsunagu demo" somebody new gets from a resident's
// first words to the thanks at the end, with all that staff do in between, by
// what the page shows alone. WALK_PICTURES names a folder for pictures of each
// step, also of where it ended when it fails. Without Chromium it is left out,
// and the summary of the whole run says so.
func TestWalkInBrowser(t *testing.T) {
	t.Parallel()
	p := browsertest.Open(t, "somebody new walks through the demo")
	folder := os.Getenv("WALK_PICTURES")
	shoot := func(name, selector string) {
		if folder == "" {
			return
		}
		p.Rest()
		if picture := p.PictureOf(selector); p.Err() == nil {
			if err := os.WriteFile(filepath.Join(folder, "walk-"+name+".png"), picture, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	if err := (walk.Walker{Page: p, Shoot: shoot}).Whole(startDemo(t)); err != nil {
		t.Error(err)
	}
}

// startDemo runs "tsunagu demo" in this process until the test ends.
func startDemo(t *testing.T) (url string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	printed, out := io.Pipe()
	var troubles bytes.Buffer
	ended := make(chan error, 1)
	go func() {
		err := demoCommand(ctx, []string{"--addr", "127.0.0.1:0", "--dir", t.TempDir()}, streams{in: bytes.NewReader(nil), out: out, err: &troubles})
		_ = out.Close()
		ended <- err
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
		if troubles.Len() > 0 {
			t.Logf("the demo said\n%s", troubles.String())
		}
	})
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		if url := demoAddress.FindString(lines.Text()); url != "" {
			return url
		}
	}
	t.Fatal("the demo did not tell its address")
	return ""
}
