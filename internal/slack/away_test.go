package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// watched is an office with a clock, and a card to carry.
func watched(t *testing.T, change ...func(*Config)) (o *office, pass func(time.Duration)) {
	t.Helper()
	var mu sync.Mutex
	now := opened
	o = open(t, func(_ *slackapi.Config, c *Config) {
		c.Now = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
		for _, f := range change {
			f(c)
		}
	})
	return o, func(d time.Duration) { mu.Lock(); defer mu.Unlock(); now = now.Add(d) }
}

func TestAwayByLetters(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		kind slackapi.FailureKind
		code string
		away bool
	}{
		"500":              {kind: slackapi.FailStatus, away: true},
		"cut":              {kind: slackapi.FailBefore, away: true},
		"a pause":          {kind: slackapi.FailRateLimited},
		"another token":    {kind: slackapi.FailError, code: "invalid_auth", away: true},
		"app removed":      {kind: slackapi.FailError, code: "account_inactive", away: true},
		"one bad channel":  {kind: slackapi.FailError, code: "channel_not_found"},
		"one bad message":  {kind: slackapi.FailError, code: "msg_too_long"},
		"trouble at Slack": {kind: slackapi.FailError, code: "service_unavailable", away: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, pass := watched(t)
			c := aCase()
			o.s.cases[c.ID] = c
			f := o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: x.kind, Error: x.code})
			l := cardLetter(c, money)
			_, err := o.carry(l)
			if err == nil {
				t.Fatal("the letter arrived")
			}
			pass(awayAfter - time.Second)
			if o.c.Away() {
				t.Error("away after less than half a minute")
			}
			pass(2 * time.Second)
			l = again(l, err)
			_, err = o.carry(l)
			var retry *mailbox.RetryError
			if x.away && (!errors.As(err, &retry) || !retry.Pause) {
				t.Errorf("got %v; a letter must not grow too old while Slack is away", err)
			}
			if got := o.c.Away(); got != x.away {
				t.Errorf("got %v after half a minute of it, want %v", got, x.away)
			}
			// That Slack answers questions says nothing about posts.
			o.c.Probe(o.ctx())
			if got := o.c.Away(); got != x.away {
				t.Errorf("asked, and got %v, want %v", got, x.away)
			}
			f.Withdraw()
			if _, err := o.carry(again(l, err)); err != nil {
				t.Fatal(err)
			}
			if o.c.Away() {
				t.Error("away after a letter went through")
			}
		})
	}
}

// ask lets an office ask that heard nothing for a while.
func (o *office) ask() {
	o.c.reach.mu.Lock()
	o.c.reach.news = time.Now().Add(-askEvery)
	o.c.reach.mu.Unlock()
	o.c.Look(o.ctx())
}

// Who has nothing to send asks.
func TestAwayByAsking(t *testing.T) {
	t.Parallel()
	back := 0
	o, pass := watched(t, func(c *Config) { c.Back = func(context.Context) error { back++; return nil } })
	o.ask()
	o.SetDown(true)
	o.ask()
	pass(awayAfter)
	o.ask()
	if !o.c.Away() {
		t.Error("it does not notice that Slack is down")
	}
	o.SetDown(false)
	o.c.Look(o.ctx()) // in trouble it asks without waiting
	if o.c.Away() {
		t.Error("it does not notice that Slack is back")
	}
	before := o.Counters().Calls["auth.test"]
	o.c.Look(o.ctx())
	if n := o.Counters().Calls["auth.test"] - before; n != 0 || back != 1 {
		t.Errorf("%d calls without need; told %d times that it is back, want once", n, back)
	}
}

// A process whose own way to Slack is broken believes the others.
func TestAwayIsOverruled(t *testing.T) {
	t.Parallel()
	went, asked := true, time.Time{}
	o, pass := watched(t, func(c *Config) {
		c.APIBase = "http://127.0.0.1:1/api/"
		c.HTTP = &http.Client{Timeout: time.Second}
		c.Carried = func(_ context.Context, since time.Time) (bool, error) {
			asked = since
			return went, nil
		}
	})
	began := time.Now()
	o.c.Probe(o.ctx())
	pass(time.Hour)
	if !o.c.Away() {
		t.Fatal("nobody answers, and it is not away")
	}
	o.c.Look(o.ctx())
	if o.c.Away() || asked.Before(began) {
		t.Errorf("got %v; another process's letter since %s went through", o.c.Away(), asked)
	}
	went = false
	o.ask()
	pass(time.Hour)
	o.ask()
	if !o.c.Away() {
		t.Error("nobody's letters go through, and it is not away")
	}
}

// Away is asked in every turn, while letters and questions come and go.
func TestAwayWhileMuchHappens(t *testing.T) {
	t.Parallel()
	o, pass := watched(t)
	o.allow()
	var all sync.WaitGroup
	for n := range 4 {
		all.Go(func() {
			for i := range 50 {
				switch n {
				case 0:
					o.c.Away()
				case 1:
					o.c.did("chat.update")
				case 2:
					o.c.didNot(o.t.Context(), "chat.update", sortError(fmt.Errorf("%d", i)))
				case 3:
					pass(time.Second)
				}
			}
		})
	}
	all.Wait()
}
