package main

import (
	"bytes"
	"context"
	"path/filepath"
	"testing"
)

// TestEndedWhileStarting is a SIGTERM before serve listens: exit code 0.
func TestEndedWhileStarting(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancel(t.Context())
	end()
	env := map[string]string{
		"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "x.db"), "MIGRATE_ON_START": "true", "LISTEN_ADDR": "127.0.0.1:0",
		"LINE_CHANNEL_SECRET": "a", "LINE_CHANNEL_TOKEN": "b", "SLACK_BOT_TOKEN": "c",
		"SLACK_SIGNING_SECRET": "d", "SLACK_DESK_CHANNEL": "C01", "SLACK_URGENT_CHANNEL": "C02",
	}
	for _, args := range [][]string{{"serve"}, {"demo", "--addr", "127.0.0.1:0"}} {
		var out, errs bytes.Buffer
		if code := run(ctx, args, streams{nil, &out, &errs, func(k string) string { return env[k] }}); code != exitOK {
			t.Errorf("%v: code %d, said %q; want 0", args, code, errs.String())
		}
	}
}
