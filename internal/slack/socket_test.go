package slack

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// connect opens an office that Slack reaches over a socket only.
func connect(t *testing.T, change ...func(*slackapi.Config, *Config)) (o *office, stop func()) {
	t.Helper()
	change = append(change, func(_ *slackapi.Config, c *Config) { c.AppToken, c.SigningSecrets = "xapp-1", nil })
	o = open(t, change...)
	o.SetTargets(slackapi.Targets{})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.c.Run(ctx) }()
	stop = func() {
		cancel()
		select {
		case err := <-done:
			done <- err
			if err != nil {
				t.Errorf("Run: %v", err)
			}
		case <-time.After(5 * time.Second):
			t.Error("Run does not end")
		}
	}
	t.Cleanup(stop)
	if err := o.Wait(o.ctx(), func() bool { return o.Sockets() > 0 }); err != nil {
		t.Fatal(err)
	}
	return o, stop
}

func TestSocketModeDoesTheSame(t *testing.T) {
	t.Parallel()
	o, _ := connect(t)
	c := aCase()
	card := o.begin(c)
	if out, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), actTake); err != nil || out.Via != "socket" {
		t.Fatalf("got %+v, %v", out, err)
	}
	if _, err := o.Post(tanaka, money, card, ">> こんにちは"); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	words := strings.Repeat("😀", 2000)
	o.write(card, words)
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", "help"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "使い方") }); err != nil {
		t.Error(err)
	}
	got := o.s.commands(t)
	if len(got) != 3 || !same(got[0].Action, (desk.Take{})) || !same(got[1].Action, (desk.Reply{Text: "こんにちは"})) || !same(got[2].Action, (desk.Reply{Text: words})) {
		t.Errorf("got %d commands", len(got))
	}
}

func TestSocketModeComesBack(t *testing.T) {
	t.Parallel()
	o, _ := connect(t, func(s *slackapi.Config, _ *Config) {
		s.Retries = []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}
	})
	card := o.begin(aCase())
	for i, cut := range []func(){
		func() { o.DisconnectSockets("warning") }, // the next one opens beside it
		func() { o.DisconnectSockets("refresh_requested") },
		func() { o.SetDown(true); o.SetDown(false) },
	} {
		connected := o.counted("socket connected")
		cut()
		until(t, "it is connected again", func() bool { return o.counted("socket connected") > connected && o.Sockets() > 0 })
		if _, err := o.Post(tanaka, money, card, ">> まだ いますか"); err != nil {
			t.Fatal(err)
		}
		if err := o.Settle(o.ctx()); err != nil {
			t.Fatal(err)
		}
		if n := len(o.s.commands(t)); n != i+1 {
			t.Errorf("cut %d: %d commands, want %d", i, n, i+1)
		}
	}
}

// What is not durable is not acknowledged; Slack delivers it again.
func TestSocketModeWithoutDatabase(t *testing.T) {
	t.Parallel()
	o, _ := connect(t, func(s *slackapi.Config, _ *Config) {
		s.AckTimeout = 300 * time.Millisecond
		s.Retries = []time.Duration{100 * time.Millisecond, 100 * time.Millisecond}
	})
	card := o.begin(aCase())
	o.s.set(func() { o.s.down = true })
	if _, err := o.Post(tanaka, money, card, ">> こんにちは"); err != nil {
		t.Fatal(err)
	}
	if err := o.Wait(o.ctx(), func() bool { return o.Counters().Unacked["message"] > 0 }); err != nil {
		t.Fatal(err)
	}
	o.s.set(func() { o.s.down = false })
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if n := len(o.s.commands(t)); n != 1 {
		t.Errorf("%d commands, want 1", n)
	}
}

// Told to stop, the edge finishes what it has in hand.
func TestSocketModeFinishes(t *testing.T) {
	t.Parallel()
	o, stop := connect(t)
	card := o.begin(aCase())
	hang := make(chan struct{})
	o.s.set(func() { o.s.hang = hang })
	acked := make(chan error, 1)
	go func() {
		_, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), actTake)
		acked <- err
	}()
	until(t, "the click is in hand", func() bool { return o.Counters().Calls["users.info"] > 0 })
	go func() {
		time.Sleep(50 * time.Millisecond)
		o.s.set(func() { o.s.hang = nil })
		close(hang)
	}()
	stop()
	if err := <-acked; err != nil {
		t.Errorf("the click in hand was not acknowledged: %v", err)
	}
	if n := len(o.s.commands(t)); n != 1 {
		t.Errorf("%d commands, want 1", n)
	}
}

func TestSocketModeRefused(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.AppToken = "xapp-wrong" })
	o.allow()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- o.c.Run(ctx) }()
	until(t, "it is refused", func() bool { return o.counted("socket invalid_auth") > 0 })
	cancel()
	if err := <-done; err != nil {
		t.Errorf("got %v", err)
	}
	if err := (&Client{}).Run(context.Background()); err == nil {
		t.Error("Run without an app-level token begins")
	}
}

func TestFramesOfStrangers(t *testing.T) {
	t.Parallel()
	c := &Client{}
	for _, f := range []frame{
		{Type: "new_kind", Payload: json.RawMessage(`{}`)},
		{Type: "events_api", Payload: json.RawMessage(`[]`)},
		{Type: "interactive", Payload: json.RawMessage(`"x"`)},
		{Type: "slash_commands", Payload: json.RawMessage(`1`)},
		{Type: "slash_commands"},
	} {
		if a := c.handle(context.Background(), f); a.status >= 500 {
			t.Errorf("%s %s: got %d: Slack would send it for ever", f.Type, f.Payload, a.status)
		}
	}
}
