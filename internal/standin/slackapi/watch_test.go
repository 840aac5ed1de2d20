package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestSubscribe(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	changes, cancel := w.Subscribe(100)
	ts := post(t, api, town, text("x"))
	c := <-changes
	if c.Kind != ChangeMessage || c.Channel != town || c.TS != ts {
		t.Errorf("got %+v", c)
	}
	if _, err := api.PostEphemeralContext(short(t), town, sato, text("x")); err != nil {
		t.Fatal(err)
	}
	for c = range changes {
		if c.Kind == ChangeEphemeral {
			break
		}
	}
	if c.User != sato {
		t.Errorf("got %+v", c)
	}
	cancel()
	cancel()
	for range changes {
		// Ends only when the channel was closed.
	}
}

func TestSlowSubscriberIsTold(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.Events = []string{} })
	changes, cancel := w.Subscribe(1)
	defer cancel()
	for range 5 {
		if _, err := w.Post(sato, town, "", "x"); err != nil {
			t.Fatal(err)
		}
	}
	first := <-changes
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	next := <-changes
	if first.Missed != 0 || next.Missed != 4 || next.Seq != first.Seq+5 {
		t.Errorf("got %+v then %+v, want 4 missed", first, next)
	}
}

func TestWaits(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	go func() {
		time.Sleep(10 * time.Millisecond)
		_, _, _ = api.PostMessageContext(ctx, town, text("待っていたもの"))
		_, _ = api.PostEphemeralContext(ctx, town, sato, text("あなたに"))
		_, _ = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: sato, View: slack.HomeTabViewRequest{
			Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
		}})
	}()
	m, err := w.WaitMessage(ctx, town, func(m Message) bool { return strings.Contains(m.Text, "待って") })
	if err != nil || m.BotID == "" {
		t.Errorf("got %+v, %v", m, err)
	}
	if m, err = w.WaitEphemeral(ctx, sato, func(Message) bool { return true }); err != nil || m.Text != "あなたに" {
		t.Errorf("got %+v, %v", m, err)
	}
	if _, err := w.WaitHome(ctx, sato, nil); err != nil {
		t.Error(err)
	}
	gone, cancel := context.WithTimeout(ctx, 10*time.Millisecond)
	defer cancel()
	_, err = w.WaitMessage(gone, town, func(Message) bool { return false })
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "待っていたもの") {
		t.Errorf("the error should tell what the channel shows: %v", err)
	}
}

func TestSnapshotsAreCopies(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ts := post(t, api, town, text("x"), slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "a", EventPayload: map[string]any{"b": "c"}}))
	_ = w.React(sato, town, ts, "eyes")
	m, _ := w.Message(town, ts)
	m.Metadata["event_type"] = "changed"
	m.Reactions[0].Users[0] = "changed"
	again, _ := w.Message(town, ts)
	if again.Metadata["event_type"] != "a" || again.Reactions[0].Users[0] != sato {
		t.Errorf("the workspace changed with its copy: %+v", again)
	}
	if _, err := json.Marshal(again); err != nil {
		t.Error(err)
	}
}

func TestSeedRepeatsIDs(t *testing.T) {
	t.Parallel()
	ids := func(seed uint64) string {
		s := &idSource{state: seed}
		return s.code("Ev0", 8) + s.uuid() + s.hex(8)
	}
	first, again, another := ids(7), ids(7), ids(8)
	if first != again || first == another {
		t.Error("ids do not depend on the seed alone")
	}
	if id := (&idSource{}).code("V0", 20); len(id) != 22 || strings.ToUpper(id) != id {
		t.Errorf("got %q", id)
	}
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	cfg := testConfig()
	cfg.Retries = []time.Duration{time.Hour}
	cfg.Targets = Targets{Events: "http://127.0.0.1:1/"}
	w, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	if err := w.Wait(short(t), func() bool { return len(w.Deliveries()) == 1 }); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		w.Close()
		close(done)
	}()
	select {
	case <-done:
	case <-short(t).Done():
		t.Error("Close waits for a repeat in an hour")
	}
}
