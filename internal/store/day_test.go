package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func TestDays(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		at := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
		tanaka := desk.Staff{ID: "U1", Name: "田中"}
		short := desk.Day{Date: "2026-11-26", Periods: []bot.Period{{From: "08:30", To: "14:00"}}, By: tanaka, At: at}
		closed := desk.Day{Date: "2026-12-01", By: tanaka, At: at}
		long := short
		long.Periods = []bot.Period{{From: "08:30", To: "20:00"}}
		for _, d := range []desk.Day{long, closed, short} { // the last word counts
			if err := b.SetDay(ctx, d); err != nil {
				t.Fatal(err)
			}
		}
		got, err := b.Days(ctx, "2026-11-26")
		if diff := cmp.Diff([]desk.Day{short, closed}, got); diff != "" || err != nil {
			t.Errorf("%v, -want +got:\n%s", err, diff)
		}
		if err := b.ClearDay(ctx, "2026-11-26"); err != nil {
			t.Fatal(err)
		}
		if got, err := b.Days(ctx, "2026-11-01"); err != nil || len(got) != 1 || got[0].Date != "2026-12-01" {
			t.Errorf("got %+v, %v", got, err)
		}
		for range 2 {
			if err := b.SetDuty(ctx, "2026-11-26", tanaka, true); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.SetDuty(ctx, "2026-11-27", desk.Staff{ID: "U2"}, true); err != nil {
			t.Fatal(err)
		}
		if got, err := b.OnDuty(ctx, "2026-11-26"); err != nil || len(got) != 1 || got[0] != tanaka {
			t.Errorf("got %+v, %v", got, err)
		}
		if err := b.SetDuty(ctx, "2026-11-26", tanaka, false); err != nil {
			t.Fatal(err)
		}
		if got, err := b.OnDuty(ctx, "2026-11-26"); err != nil || len(got) != 0 {
			t.Errorf("got %+v, %v", got, err)
		}
		for i, user := range []string{"U1", "U2", "U1"} {
			if err := b.SeeHome(ctx, user, at.Add(time.Duration(i)*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := b.HomeUsers(ctx, at.Add(90*time.Minute)); err != nil || len(got) != 1 || got[0] != "U1" {
			t.Errorf("got %v, %v", got, err)
		}
	})
}
