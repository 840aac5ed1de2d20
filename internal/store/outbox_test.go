package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// write lets a turn of a resident write letters.
func write(t *testing.T, b *bundle, letters ...mailbox.Letter) {
	t.Helper()
	r, err := b.Resident(t.Context(), "r-w")
	if err != nil {
		t.Fatal(err)
	}
	put(t, b, fmt.Sprint("write", r.Number), "r-w", "x")
	commit(t, b, leaseOne(t, b), r.Number+1, func(turn *reception.Turn) { turn.Letters = letters })
}

func letter(id, lane string) mailbox.Letter {
	return mailbox.Letter{ID: id, Lane: lane, Kind: "slack.tell", Body: []byte("body of " + id)}
}

func wantNext(t *testing.T, b *bundle, id string, tries int, clear bool) mailbox.LeasedLetter {
	t.Helper()
	l := leaseLetter(t, b)
	if l.Letter.ID != id || l.Letter.Tries != tries || l.Letter.Clear != clear || string(l.Letter.Body) != "body of "+id {
		t.Fatalf("next letter: got %s, tries %d, clear %v, %q; want %s, tries %d, clear %v",
			l.Letter.ID, l.Letter.Tries, l.Letter.Clear, l.Letter.Body, id, tries, clear)
	}
	return l
}

func delivered(t *testing.T, b *bundle, l mailbox.LeasedLetter, follow ...mailbox.Letter) {
	t.Helper()
	if err := b.Delivered(t.Context(), l, mailbox.Receipt{Ref: "ref-" + l.Letter.ID, Follow: follow}, b.clock.now()); err != nil {
		t.Fatal(err)
	}
}

func TestLettersKeepOrder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		urgent := letter("3", "slack:C")
		urgent.Urgent = true
		write(t, b, letter("1", "slack:C"), letter("2", "slack:C"))
		l := wantNext(t, b, "1", 1, true)
		write(t, b, urgent)
		noLetter(t, b) // the lane is in somebody's hands
		delivered(t, b, l)
		delivered(t, b, wantNext(t, b, "3", 1, true))
		delivered(t, b, wantNext(t, b, "2", 1, true), letter("4", "slack:C"), letter("5", "line:r-w"))
		got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 10)
		if err != nil || len(got) != 2 {
			t.Fatalf("what followed: got %d letters, %v; want 2, in two lanes", len(got), err)
		}
	})
}

func TestRetryKeepsTheLane(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		write(t, b, letter("1", "line:r-w"), letter("2", "line:r-w"))
		l := wantNext(t, b, "1", 1, true)
		if err := b.Retry(ctx, l, b.clock.now().Add(time.Minute), false, true, "timeout"); err != nil {
			t.Fatal(err)
		}
		noLetter(t, b) // the second must not overtake
		urgent := letter("3", "line:r-w")
		urgent.Urgent = true
		write(t, b, urgent, letter("4", "line:r-w"))
		delivered(t, b, wantNext(t, b, "3", 1, true)) // danger does not wait
		noLetter(t, b)
		b.clock.add(time.Minute)
		delivered(t, b, wantNext(t, b, "1", 2, false))
		delivered(t, b, wantNext(t, b, "2", 1, true))
		delivered(t, b, wantNext(t, b, "4", 1, true))
		if err := b.Delivered(ctx, l, mailbox.Receipt{}, b.clock.now()); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("delivered under an old lease: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
	})
}

// TestUnclearStaysUnclear: once a try may have succeeded unseen, no later try
// that surely did nothing makes that certain again.
func TestUnclearStaysUnclear(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		retry := func(l mailbox.LeasedLetter, clear, counted bool) {
			t.Helper()
			if err := b.Retry(t.Context(), l, b.clock.now(), clear, counted, "x"); err != nil {
				t.Fatal(err)
			}
		}
		write(t, b, letter("1", "line:r-w"))
		retry(wantNext(t, b, "1", 1, true), true, true)
		retry(wantNext(t, b, "1", 2, true), true, false) // paused: taken back
		retry(wantNext(t, b, "1", 2, true), false, true) // unclear
		retry(wantNext(t, b, "1", 3, false), true, true)
		retry(wantNext(t, b, "1", 4, false), false, false) // paused, but who knows
		delivered(t, b, wantNext(t, b, "1", 5, false))

		write(t, b, letter("2", "line:r-w"))
		wantNext(t, b, "2", 1, true) // and the process dies
		noLetter(t, b)
		b.clock.add(ttl)
		l := wantNext(t, b, "2", 2, false)
		retry(l, true, true)
		delivered(t, b, wantNext(t, b, "2", 3, false))
	})
}

func TestFold(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		card := func(id string) mailbox.Letter {
			l := letter(id, "slack:C")
			l.Fold = "card:c-1"
			return l
		}
		write(t, b, card("1"), letter("between", "slack:C"))
		write(t, b, card("2")) // takes 1's place
		l := wantNext(t, b, "2", 1, true)
		write(t, b, card("3")) // 2 is being sent: a letter of its own
		write(t, b, card("4")) // takes 3's place
		delivered(t, b, l)
		delivered(t, b, wantNext(t, b, "between", 1, true))
		l = wantNext(t, b, "4", 1, true)
		if err := b.Retry(t.Context(), l, b.clock.now().Add(time.Minute), true, true, "refused"); err != nil {
			t.Fatal(err)
		}
		write(t, b, card("5")) // 4 surely did nothing: replaced, but its pause holds
		noLetter(t, b)
		b.clock.add(time.Minute)
		l = wantNext(t, b, "5", 2, true)
		if err := b.Retry(t.Context(), l, b.clock.now(), false, true, "timeout"); err != nil {
			t.Fatal(err)
		}
		write(t, b, card("6")) // 5 may have arrived: it is not rewritten
		delivered(t, b, wantNext(t, b, "5", 3, false))
		l = wantNext(t, b, "6", 1, true)
		other := card("7")
		other.Lane = "slack:D"
		write(t, b, other) // the same fold in another lane is another letter
		delivered(t, b, l)
		delivered(t, b, wantNext(t, b, "7", 1, true))
		write(t, b, card("7")) // an id that was used: nothing new
		noLetter(t, b)
	})
}

func TestNotBeforeAndRest(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		first := letter("1", "slack:C")
		first.NotBefore = b.clock.now().Add(time.Hour)
		write(t, b, first, letter("2", "slack:C"))
		noLetter(t, b) // 2 comes after 1
		b.clock.add(time.Hour)
		l := wantNext(t, b, "1", 1, true)
		if err := b.Delivered(t.Context(), l, mailbox.Receipt{Rest: time.Second}, b.clock.now()); err != nil {
			t.Fatal(err)
		}
		urgent := letter("3", "slack:C")
		urgent.Urgent = true
		write(t, b, urgent)
		noLetter(t, b)
		b.clock.add(999 * time.Millisecond)
		noLetter(t, b)
		b.clock.add(time.Millisecond)
		delivered(t, b, wantNext(t, b, "3", 1, true))
		delivered(t, b, wantNext(t, b, "2", 1, true))
	})
}

func TestBury(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		write(t, b, letter("1", "line:r-w"), letter("2", "line:r-w"))
		l := wantNext(t, b, "1", 1, true)
		if err := b.Bury(ctx, l, "blocked", []mailbox.Letter{letter("told", "slack:C")}, b.clock.now()); err != nil {
			t.Fatal(err)
		}
		buried, err := b.Buried(ctx, 10)
		if err != nil || len(buried) != 1 || buried[0].Reason != "blocked" || buried[0].Kind != "slack.tell" || !buried[0].At.Equal(b.clock.now()) {
			t.Errorf("buried: got %+v, %v", buried, err)
		}
		got, err := b.LeaseLetters(ctx, "w", b.clock.now(), ttl, 10)
		if err != nil || len(got) != 2 {
			t.Fatalf("after burying: got %d letters, %v; want the next of the lane and what staff are told", len(got), err)
		}
		if err := b.Bury(ctx, l, "blocked", nil, b.clock.now()); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("bury twice: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
		if _, ok, err := b.Post(ctx, "slack.tell", ""); ok || err != nil {
			t.Errorf("post of a letter without subject: got %v, %v", ok, err)
		}
	})
}

// TestSendOnce: what two processes order under one id is there once, also
// after it went.
func TestSendOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		home := letter("home", "slack:home")
		home.Fold = "home"
		for range 2 {
			if err := b.Send(t.Context(), home); err != nil {
				t.Fatal(err)
			}
		}
		delivered(t, b, wantNext(t, b, "home", 1, true))
		if err := b.Send(t.Context(), home); err != nil {
			t.Fatal(err)
		}
		noLetter(t, b)
	})
}

// TestHurry: what waits for another try goes at once, what has its own time
// does not, and other lanes are left alone. What went out is known.
func TestHurry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, start := t.Context(), b.clock.now()
		timed := letter("timed", "slack:D")
		timed.NotBefore = start.Add(time.Hour)
		write(t, b, letter("1", "slack:C"), letter("2", "slack:C"), timed, letter("line", "line:r-w"))
		leased, err := b.LeaseLetters(ctx, "w", start, ttl, 10)
		if err != nil || len(leased) != 2 {
			t.Fatalf("got %d letters, %v; want two lanes", len(leased), err)
		}
		for _, l := range leased {
			if err := b.Retry(ctx, l, start.Add(5*time.Minute), false, true, "away"); err != nil {
				t.Fatal(err)
			}
		}
		noLetter(t, b)
		b.clock.add(time.Second)
		if err := b.Hurry(ctx, "slack:"); err != nil {
			t.Fatal(err)
		}
		delivered(t, b, wantNext(t, b, "1", 2, false))
		delivered(t, b, wantNext(t, b, "2", 1, true))
		noLetter(t, b)
		for _, x := range []struct {
			since time.Time
			kind  string
			want  bool
		}{{start, "slack.tell", true}, {start, "slack.card", false}, {b.clock.now(), "slack.tell", false}} {
			if got, err := b.Carried(ctx, x.since, x.kind); err != nil || got != x.want {
				t.Errorf("%s since %s: got %v, %v; want %v", x.kind, x.since, got, err, x.want)
			}
		}
	})
}

// TestYieldingLettersLetOthersPass: what only changes something that stands
// there goes when its time has come, beside what keeps its order.
func TestYieldingLettersLetOthersPass(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		soon := letter("soon", "slack:C")
		soon.Yields, soon.NotBefore = true, b.clock.now().Add(3*time.Second)
		write(t, b, soon, letter("1", "slack:C"), letter("2", "slack:C"))
		delivered(t, b, wantNext(t, b, "1", 1, true))
		l := wantNext(t, b, "2", 1, true)
		if err := b.Retry(ctx, l, b.clock.now().Add(time.Minute), true, true, "refused"); err != nil {
			t.Fatal(err)
		}
		noLetter(t, b)
		b.clock.add(3 * time.Second)
		l = wantNext(t, b, "soon", 1, true) // 2 waits, but has no order with it
		l.Letter.Yields = true
		if err := b.Retry(ctx, l, b.clock.now().Add(2*time.Minute), true, false, "turn"); err != nil {
			t.Fatal(err)
		}
		urgent := letter("now", "slack:C")
		urgent.Urgent, urgent.Yields = true, true
		write(t, b, letter("3", "slack:C"), urgent)
		delivered(t, b, wantNext(t, b, "now", 1, true))
		noLetter(t, b) // 3 is behind 2
		b.clock.add(time.Minute)
		delivered(t, b, wantNext(t, b, "2", 2, true))
		delivered(t, b, wantNext(t, b, "3", 1, true))
		noLetter(t, b)
		b.clock.add(time.Minute)
		l = wantNext(t, b, "soon", 1, true)
		l.Letter.Yields = false // any other failure
		if err := b.Retry(ctx, l, b.clock.now().Add(time.Minute), true, true, "refused"); err != nil {
			t.Fatal(err)
		}
		write(t, b, letter("4", "slack:C"))
		noLetter(t, b)
		b.clock.add(time.Minute)
		delivered(t, b, wantNext(t, b, "soon", 2, true))
		delivered(t, b, wantNext(t, b, "4", 1, true))
	})
}

// TestFoldKeepsItsOrder: of one thing the newest state is brought last, however
// urgent; and what somebody waits for does not wait for a redraw's time.
func TestFoldKeepsItsOrder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		card := func(id string, later time.Duration, urgent bool) mailbox.Letter {
			l := letter(id, "slack:C")
			l.Fold, l.Yields, l.Urgent = "card:c-1", true, urgent
			if later > 0 {
				l.NotBefore = b.clock.now().Add(later)
			}
			return l
		}
		write(t, b, card("1", 3*time.Second, false))
		b.clock.add(time.Second)
		write(t, b, card("2", 3*time.Second, false), letter("line", "slack:C")) // its time stays: 3 s after the first
		delivered(t, b, wantNext(t, b, "line", 1, true))
		noLetter(t, b)
		b.clock.add(2 * time.Second)
		delivered(t, b, wantNext(t, b, "2", 1, true))

		write(t, b, card("3", 3*time.Second, false), letter("line 2", "slack:C"))
		write(t, b, card("4", 0, true)) // somebody acts
		l := wantNext(t, b, "4", 1, true)
		if err := b.Retry(ctx, l, b.clock.now().Add(time.Minute), false, true, "timeout"); err != nil {
			t.Fatal(err)
		}
		write(t, b, card("5", 0, true)) // 4 may have arrived: 5 must not come before it
		delivered(t, b, wantNext(t, b, "line 2", 1, true))
		noLetter(t, b)
		b.clock.add(time.Minute)
		delivered(t, b, wantNext(t, b, "4", 2, false))
		delivered(t, b, wantNext(t, b, "5", 1, true))

		// An older one that was not urgent does not hold up what now is.
		write(t, b, card("6", 0, false))
		l = wantNext(t, b, "6", 1, true)
		if err := b.Retry(ctx, l, b.clock.now(), false, true, "timeout"); err != nil {
			t.Fatal(err)
		}
		first := letter("first", "slack:C")
		first.Urgent = true
		write(t, b, first, letter("line 3", "slack:C"), card("7", 0, true))
		for _, id := range []string{"6", "first", "7", "line 3"} {
			l := leaseLetter(t, b)
			if l.Letter.ID != id {
				t.Fatalf("next letter: got %s, want %s", l.Letter.ID, id)
			}
			delivered(t, b, l)
		}
	})
}

// TestShown: what a post shows is known from a delivery on, until a letter about
// it is given up.
func TestShown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		want := func(what string) {
			t.Helper()
			got, err := b.Shown(ctx, "slack.tell", "c-1@C")
			if err != nil || got != what {
				t.Errorf("shown: got %q, %v; want %q", got, err, what)
			}
		}
		about := func(id string) mailbox.LeasedLetter {
			l := letter(id, "slack:C")
			l.Subject = "c-1@C"
			write(t, b, l)
			return wantNext(t, b, id, 1, true)
		}
		want("")
		for _, what := range []string{"a", "b", ""} {
			if err := b.Delivered(ctx, about("shows "+what), mailbox.Receipt{Ref: "1.0", Shown: what}, b.clock.now()); err != nil {
				t.Fatal(err)
			}
			want(what)
		}
		if err := b.Delivered(ctx, about("once more"), mailbox.Receipt{Ref: "1.0", Shown: "c"}, b.clock.now()); err != nil {
			t.Fatal(err)
		}
		if err := b.Bury(ctx, about("given up"), "refused", nil, b.clock.now()); err != nil {
			t.Fatal(err)
		}
		want("")
		if ref, ok, err := b.Post(ctx, "slack.tell", "c-1@C"); !ok || ref != "1.0" || err != nil {
			t.Errorf("the post itself: got %q, %v, %v", ref, ok, err)
		}
	})
}
