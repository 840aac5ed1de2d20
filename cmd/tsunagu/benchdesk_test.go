package main

import (
	"io"
	"path/filepath"
	"testing"
	"time"
)

// TestBenchDesk runs the measurement of the desk in small: every claim, reply
// and new card is seen, and neither Slack nor a clock objects.
func TestBenchDesk(t *testing.T) {
	t.Parallel()
	load := deskLoad{Cases: 6, Staff: 2, Channels: 2, Arrive: 2, Think: 200 * time.Millisecond, Undo: 300 * time.Millisecond, For: 2 * time.Second}
	f, err := measureDesk(t.Context(), townOptions{Database: "sqlite:" + filepath.Join(t.TempDir(), "bench.db"), Log: quiet()}, load, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if f.Claims < 2 || f.Claims != f.Replies || f.Lost != 0 || f.Violations != 0 {
		t.Errorf("got %+v, want each claim with its reply, nothing lost, no objections", f)
	}
	if f.ReplyP50 < 300 || f.ReplyP99 < f.ReplyP50 || f.CardP99 < f.CardP50 || f.SlowestAck <= 0 {
		t.Errorf("got %+v, want times in order, and none before a reply can be taken back", f)
	}
}
