package store_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// TestFateOfAnEntry: a held reply's fate changes, its words do not.
func TestFateOfAnEntry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		now := b.clock.now()
		c := desk.Case{
			ID: "c-1", Resident: "r-a", Status: desk.Taken, OpenedAt: now,
			Next: &desk.Next{Text: "電話", Due: now.Add(time.Hour)}, Held: []desk.Held{{Entry: "s-1", Text: "はい", Until: now}},
		}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{c}
			turn.Entries = []desk.Entry{{ID: "s-1", Case: "c-1", At: now, Kind: desk.FromStaff, Text: "はい", Fate: desk.HeldBack}}
		})
		fate := func(want desk.Fate) {
			t.Helper()
			e, err := b.Entry(t.Context(), "s-1")
			if err != nil || e.Fate != want || e.Text != "はい" {
				t.Errorf("got %q %q, %v; want %q", e.Fate, e.Text, err, want)
			}
		}
		fate(desk.HeldBack)
		put(t, b, "2", "r-a", "x")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) {
			turn.Changes = []desk.Change{{Entry: "s-1", Fate: desk.Withdrawn}}
		})
		fate(desk.Withdrawn)
		got, err := b.Case(t.Context(), "c-1")
		if err != nil || got.Next == nil || !got.Next.Due.Equal(c.Next.Due) || len(got.Held) != 1 {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

// TestHasten: due times follow a clock that is moved, both ways; what is due
// already stays due.
func TestHasten(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		now := b.clock.now()
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Mail = []mailbox.Mail{{Key: "time:r-a:x", Lane: "r-a", Source: mailbox.FromTime, At: now.Add(time.Hour), Due: now.Add(time.Hour)}}
		})
		due := func(want int) {
			t.Helper()
			got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
			if err != nil || len(got) != want {
				t.Fatalf("got %d lanes with due mail, %v; want %d", len(got), err, want)
			}
		}
		due(0)
		for _, by := range []time.Duration{30 * time.Minute, -time.Hour, time.Hour} {
			if err := b.Hasten(t.Context(), by); err != nil {
				t.Fatal(err)
			}
			due(0)
		}
		if err := b.Hasten(t.Context(), 30*time.Minute); err != nil {
			t.Fatal(err)
		}
		due(1)
	})
}

// TestRetrySaysOnceThatItWaits: what staff see of a letter that is tried again
// is written with the first try that says so, and not again.
func TestRetrySaysOnceThatItWaits(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		write(t, b, letter("1", "line:r-w"))
		waits := letter("1/waits", "slack:C")
		for try := 1; try <= 3; try++ {
			l := wantNext(t, b, "1", try, true)
			if err := b.Retry(t.Context(), l, b.clock.now().Add(time.Minute), true, true, "busy", waits); err != nil {
				t.Fatal(err)
			}
			if try == 1 {
				delivered(t, b, wantNext(t, b, "1/waits", 1, true))
			}
			noLetter(t, b)
			b.clock.add(time.Minute)
		}
	})
}
