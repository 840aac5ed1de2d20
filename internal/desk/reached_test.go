package desk_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func TestReached(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	open := desk.Case{ID: "c", Danger: "dv", Status: desk.New}
	closed, byHand := open, open
	closed.Status, byHand.ByHand = desk.Closed, desk.ByPhone
	waits, arrived := bot.CaseWaits{Case: "c", Danger: "dv"}, bot.CaseArrived{Case: "c"}
	for name, x := range map[string]struct {
		c     desk.Case
		after time.Duration
		shown bool
		event bot.Event
		again time.Duration // 0: never
	}{
		"shown in time":    {c: open, after: desk.ReachedWithin, shown: true, event: arrived},
		"known at once":    {c: open, after: time.Minute, again: time.Minute},
		"not shown":        {c: open, after: desk.ReachedWithin, event: waits, again: time.Minute},
		"an hour later":    {c: open, after: time.Hour, event: waits, again: 5 * time.Minute},
		"shown late":       {c: open, after: time.Hour, shown: true, event: arrived},
		"closed meanwhile": {c: closed, after: time.Hour},
		"noted by hand":    {c: byHand, after: time.Hour},
		"given up":         {c: open, after: 4 * 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := x.c.Reach(start, false)
			event, again := x.c.Reached(a, x.shown, start.Add(x.after))
			if event != x.event {
				t.Errorf("got %+v, want %+v", event, x.event)
			}
			switch {
			case again == nil && x.again != 0, again != nil && again.At.Sub(start.Add(x.after)) != x.again:
				t.Errorf("got %+v, want to look again after %s", again, x.again)
			case again != nil && again.Key() != a.Key():
				t.Errorf("the key %s became %s", a.Key(), again.Key())
			}
		})
	}
	if got := open.Reach(start, true).At.Sub(start); got != time.Minute {
		t.Errorf("while Slack is away it is looked after %s, want a minute", got)
	}
}
