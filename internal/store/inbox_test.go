package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

func TestMailKeepsOrder(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		mail := []mailbox.Mail{
			{Key: "3", Lane: "r-a", At: now.Add(3 * time.Second)},
			{Key: "1", Lane: "r-a", At: now.Add(1 * time.Second)},
			{Key: "x", Lane: "r-b", At: now},
			{Key: "2", Lane: "r-a", At: now.Add(2 * time.Second)},
			{Key: "2b", Lane: "r-a", At: now.Add(2 * time.Second)},
			{Key: "later", Lane: "r-a", At: now, Due: now.Add(time.Hour)},
		}
		if n, err := b.Append(ctx, mail); n != len(mail) || err != nil {
			t.Fatalf("append: got %d, %v", n, err)
		}
		got, err := b.LeaseMail(ctx, "w", now, ttl, 10, 3)
		if err != nil || len(got) != 2 {
			t.Fatalf("leased %d lanes, %v; want 2", len(got), err)
		}
		keys := map[string][]string{}
		for _, l := range got {
			for i, m := range l.Mail {
				keys[l.Lease.Lane] = append(keys[l.Lease.Lane], m.Key)
				if want := map[bool]int{true: 1, false: 0}[i == 0]; m.Tries != want {
					t.Errorf("%s: tries got %d, want %d", m.Key, m.Tries, want)
				}
			}
		}
		if got, want := fmt.Sprint(keys), "map[r-a:[1 2 2b] r-b:[x]]"; got != want {
			t.Errorf("order: got %s, want %s", got, want)
		}
		for _, l := range got {
			commit(t, b, l, 1, nil)
		}
		rest := leaseOne(t, b)
		if len(rest.Mail) != 1 || rest.Mail[0].Key != "3" {
			t.Fatalf("after the batch: got %+v, want the rest of the lane", rest.Mail)
		}
		commit(t, b, rest, 2, nil)
		noMail(t, b)
		b.clock.add(time.Hour)
		if l := leaseOne(t, b); l.Mail[0].Key != "later" || !l.Mail[0].Due.Equal(now.Add(time.Hour)) {
			t.Errorf("an hour later: got %+v", l.Mail)
		}
	})
}

func TestLeaseRunsOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		put(t, b, "1", "r-a", "x")
		first := leaseOne(t, b)
		b.clock.add(ttl - time.Millisecond)
		noMail(t, b)
		b.clock.add(time.Millisecond)
		second := leaseOne(t, b)
		if second.Mail[0].Tries != 2 {
			t.Errorf("tries: got %d, want 2", second.Mail[0].Tries)
		}
		// The first holder wakes up and finds nothing changed by it.
		turn := turnOf(b, first, 1)
		turn.Letters = []mailbox.Letter{{ID: "l", Lane: "line:r-a", Kind: "line.say"}}
		if err := b.Commit(ctx, turn); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("commit under the old lease: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
		if err := b.Extend(ctx, first.Lease, b.clock.now().Add(ttl)); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("extend the old lease: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
		if err := b.Postpone(ctx, first.Lease, b.clock.now(), true, nil); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("postpone under the old lease: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
		if r, err := b.Resident(ctx, "r-a"); err != nil || r.Number != 0 {
			t.Errorf("resident after a lost commit: got %+v, %v", r, err)
		}
		noLetter(t, b)
		commit(t, b, second, 1, nil)
		if err := b.Commit(ctx, turnOf(b, second, 2)); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("commit twice under one lease: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
	})
}

func TestExtend(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		put(t, b, "1", "r-a", "x")
		l := leaseOne(t, b)
		for range 5 {
			b.clock.add(ttl / 2)
			if err := b.Extend(t.Context(), l.Lease, b.clock.now().Add(ttl)); err != nil {
				t.Fatal(err)
			}
			noMail(t, b)
		}
		commit(t, b, l, 1, nil)
	})
}

func TestPostpone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		put(t, b, "1", "r-a", "x")

		// A failure: the lane rests, whatever arrives.
		l := leaseOne(t, b)
		if err := b.Postpone(ctx, l.Lease, b.clock.now().Add(10*time.Second), true, nil); err != nil {
			t.Fatal(err)
		}
		put(t, b, "2", "r-a", "y")
		noMail(t, b)
		b.clock.add(10 * time.Second)
		l = leaseOne(t, b)
		if len(l.Mail) != 2 || l.Mail[0].Key != "1" || l.Mail[0].Tries != 2 {
			t.Fatalf("after a failure: got %+v", l.Mail)
		}

		// A pause: does not count, and more mail ends it.
		if err := b.Postpone(ctx, l.Lease, b.clock.now().Add(10*time.Second), false, nil); err != nil {
			t.Fatal(err)
		}
		noMail(t, b)
		put(t, b, "3", "r-a", "z")
		l = leaseOne(t, b)
		if len(l.Mail) != 3 || l.Mail[0].Tries != 2 {
			t.Fatalf("after a pause: got %+v; want 3 pieces, the first begun twice", l.Mail)
		}

		// Parked: the first is put aside, the others go on.
		follow := []mailbox.Letter{{ID: "told", Lane: "slack:C1", Kind: "slack.tell", Body: []byte("told")}}
		if err := b.Postpone(ctx, l.Lease, b.clock.now(), true, &mailbox.Park{Seq: l.Mail[0].Seq, Reason: "panic", Follow: follow}); err != nil {
			t.Fatal(err)
		}
		l = leaseOne(t, b)
		if len(l.Mail) != 2 || l.Mail[0].Key != "2" || l.Mail[0].Tries != 1 {
			t.Fatalf("after parking: got %+v", l.Mail)
		}
		if x := leaseLetter(t, b); x.Letter.ID != "told" || string(x.Letter.Body) != "told" {
			t.Errorf("what staff are told: got %+v", x.Letter)
		}
		parked, err := b.Parked(ctx, 10)
		if err != nil || len(parked) != 1 || parked[0].Reason != "panic" || parked[0].Tries != 2 || parked[0].Lane != "r-a" {
			t.Errorf("parked: got %+v, %v", parked, err)
		}
		if n, err := b.Append(ctx, []mailbox.Mail{{Key: "1", Lane: "r-a"}}); n != 0 || err != nil {
			t.Errorf("parked mail delivered again: got %d, %v; want 0 new", n, err)
		}
	})
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		for _, m := range []mailbox.Mail{{Key: "k"}, {Lane: "r-a"}} {
			if _, err := b.Append(t.Context(), []mailbox.Mail{{Key: "good", Lane: "r-a"}, m}); err == nil {
				t.Errorf("append %+v: got no error", m)
			}
		}
		noMail(t, b)
		if n, err := b.Append(t.Context(), nil); n != 0 || err != nil {
			t.Errorf("append nothing: got %d, %v", n, err)
		}
		n, err := b.Append(t.Context(), []mailbox.Mail{{Key: "twice", Lane: "r-a"}, {Key: "twice", Lane: "r-a"}})
		if n != 1 || err != nil {
			t.Errorf("the same key twice in one delivery: got %d, %v; want 1", n, err)
		}
	})
}

func TestAppendAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		for round := range 10 {
			var fresh atomic.Int64
			var wait sync.WaitGroup
			for range 20 {
				wait.Go(func() {
					n, err := b.Append(context.Background(), []mailbox.Mail{
						{Key: fmt.Sprint("a", round), Lane: "r-a"}, {Key: fmt.Sprint("b", round), Lane: "r-b"},
					})
					if err != nil {
						t.Error(err)
					}
					fresh.Add(int64(n))
				})
			}
			wait.Wait()
			if fresh.Load() != 2 {
				t.Fatalf("20 deliveries of the same two events: got %d new, want 2", fresh.Load())
			}
		}
	})
}

// TestOrderUnderLoad is the promise itself: eight workers, many residents, and
// each resident's mail is acted on once and in order, although workers lose
// leases, fail and are late.
func TestOrderUnderLoad(t *testing.T) {
	t.Parallel()
	const workers, residents, each = 8, 200, 20
	onEach(t, func(t *testing.T, b *bundle) {
		b.clock.run()
		began := b.clock.now()
		ctx := context.Background()
		var writers sync.WaitGroup
		for w := range 4 {
			writers.Go(func() {
				for i := range each {
					for r := w; r < residents; r += 4 {
						at := began.Add(time.Duration(i) * time.Second)
						m := mailbox.Mail{Key: fmt.Sprintf("%d/%d", r, i), Lane: fmt.Sprintf("r-%d", r), At: at, Body: []byte{byte(i)}}
						if _, err := b.Append(ctx, []mailbox.Mail{m}); err != nil {
							t.Errorf("append: %v", err)
						}
					}
				}
			})
		}
		var mu sync.Mutex
		seen := map[string]map[int64][]byte{} // by the number of the turn: who commits first need not note it first
		var done, lost atomic.Int64
		var wait sync.WaitGroup
		for w := range workers {
			wait.Go(func() {
				for turn := 0; done.Load() < residents*each; turn++ {
					leased, err := b.LeaseMail(ctx, fmt.Sprint(w), time.Now(), 300*time.Millisecond, 8, 5)
					if err != nil {
						t.Errorf("lease: %v", err)
						return
					}
					for i, l := range leased {
						if (turn+i+w)%37 == 0 {
							time.Sleep(350 * time.Millisecond) // too late: somebody else may have it by now
						}
						r, err := b.Resident(ctx, l.Lease.Lane)
						if err != nil {
							t.Errorf("resident: %v", err)
							return
						}
						tn := turnOf(b, l, r.Number+1)
						err = b.Commit(ctx, tn)
						if errors.Is(err, mailbox.ErrLeaseLost) || errors.Is(err, store.ErrStale) {
							lost.Add(1)
							continue
						}
						if err != nil {
							t.Errorf("commit: %v", err)
							return
						}
						mu.Lock()
						if seen[l.Lease.Lane] == nil {
							seen[l.Lease.Lane] = map[int64][]byte{}
						}
						for _, m := range l.Mail {
							seen[l.Lease.Lane][tn.Number] = append(seen[l.Lease.Lane][tn.Number], m.Body...)
						}
						mu.Unlock()
						done.Add(int64(len(l.Mail)))
					}
				}
			})
		}
		wait.Wait()
		writers.Wait()
		t.Logf("%d pieces, %d turns lost their lease", done.Load(), lost.Load())
		for lane, turns := range seen {
			var order []byte
			for _, n := range slices.Sorted(maps.Keys(turns)) {
				order = append(order, turns[n]...)
			}
			if len(order) != each {
				t.Errorf("%s: %d pieces, want %d", lane, len(order), each)
			}
			// A writer may still be at work while a lane is handled, so pieces
			// come in the order they were written: one writer a lane.
			for i, n := range order {
				if int(n) != i {
					t.Errorf("%s: order %v", lane, order)
					break
				}
			}
		}
		if len(seen) != residents {
			t.Errorf("%d residents, want %d", len(seen), residents)
		}
	})
}

// TestGiveUpAnywhere breaks off a caller at every moment: what it wrote is
// there whole or not at all, and goes on afterwards.
func TestGiveUpAnywhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		number := int64(0)
		for i := range 60 {
			key := fmt.Sprint("m", i)
			put(t, b, key, "r-a", "x")
			l := leaseOne(t, b)
			turn := turnOf(b, l, number+1)
			turn.Letters = []mailbox.Letter{{ID: key, Lane: "line:r-a", Kind: "line.say"}}
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(i)*50*time.Microsecond, cancel)
			err := b.Commit(ctx, turn)
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Fatalf("commit broken off: got %v", err)
			}
			// It may have become true unseen; a second commit tells.
			again := b.Commit(t.Context(), turn)
			if err == nil && !errors.Is(again, mailbox.ErrLeaseLost) {
				t.Fatalf("commit after a commit: got %v", again)
			}
			if err != nil && again != nil && !errors.Is(again, mailbox.ErrLeaseLost) {
				t.Fatalf("commit after a break: got %v", again)
			}
			r, err := b.Resident(t.Context(), "r-a")
			if err != nil || r.Number != number+1 {
				t.Fatalf("turn number: got %d, %v; want %d", r.Number, err, number+1)
			}
			number = r.Number
			var x mailbox.LeasedLetter
			for x.Letter.ID == "" { // what was broken off may hold the lane a moment longer
				got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 10)
				if err != nil || t.Context().Err() != nil {
					t.Fatal(err)
				}
				if len(got) > 0 {
					x = got[0]
				}
			}
			if x.Letter.ID != key {
				t.Fatalf("letter: got %s, want %s", x.Letter.ID, key)
			}
			if err := b.Delivered(t.Context(), x, mailbox.Receipt{}, b.clock.now()); err != nil {
				t.Fatal(err)
			}
			noMail(t, b)
			noLetter(t, b)
		}
	})
}

func TestDueTimeMail(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		later := func(d time.Duration, body string) func(*reception.Turn) {
			return func(turn *reception.Turn) {
				at := b.clock.now().Add(d)
				turn.Mail = []mailbox.Mail{{Key: "time:r-a:check", Lane: "r-a", Source: mailbox.FromTime, At: at, Due: at, Body: []byte(body)}}
			}
		}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, later(time.Hour, "first"))
		put(t, b, "2", "r-a", "y")
		commit(t, b, leaseOne(t, b), 2, later(2*time.Hour, "second")) // replaces
		b.clock.add(time.Hour)
		noMail(t, b)
		b.clock.add(time.Hour)
		l := leaseOne(t, b)
		if len(l.Mail) != 1 || string(l.Mail[0].Body) != "second" || l.Mail[0].Source != mailbox.FromTime {
			t.Fatalf("due: got %+v", l.Mail)
		}
		firstKey := l.Mail[0].Key
		commit(t, b, l, 3, later(time.Hour, "third")) // the same key again after it was done
		noMail(t, b)
		b.clock.add(time.Hour)
		l = leaseOne(t, b)
		if string(l.Mail[0].Body) != "third" || l.Mail[0].Key == firstKey || l.Mail[0].Tries != 1 {
			t.Fatalf("set again: got %+v; want the third, under another key than %s", l.Mail, firstKey)
		}
	})
}
