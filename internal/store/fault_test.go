package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
	"github.com/tsunagu-chat/tsunagu/internal/store/pgtest"
)

// TestGiveUpAppendAndDelivery breaks off callers of Append and Delivered at
// every moment. Whoever asks again gets to the same end.
func TestGiveUpAppendAndDelivery(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		for i := range 40 {
			broken := func(write func(ctx context.Context) error) {
				t.Helper()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Duration(i)*50*time.Microsecond, cancel)
				defer cancel()
				if err := write(ctx); err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
			}
			mail := []mailbox.Mail{{Key: fmt.Sprint("m", i), Lane: "r-a"}, {Key: fmt.Sprint("n", i), Lane: "r-a"}}
			broken(func(ctx context.Context) error { _, err := b.Append(ctx, mail); return err })
			if n, err := b.Append(t.Context(), mail); err != nil || n != 0 && n != 2 {
				t.Fatalf("append again: got %d new, %v; want both or none", n, err)
			}
			var l mailbox.LeasedMail
			for len(l.Mail) == 0 {
				got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 1, 10)
				if err != nil {
					t.Fatal(err)
				}
				if len(got) == 1 {
					l = got[0]
				}
			}
			if len(l.Mail) != 2 {
				t.Fatalf("leased %d pieces, want 2", len(l.Mail))
			}
			commit(t, b, l, int64(i+1), func(turn *reception.Turn) { turn.Letters = []mailbox.Letter{letter(fmt.Sprint("l", i), "line:r-a")} })

			x := leaseLetter(t, b)
			follow := mailbox.Receipt{Ref: "ref", Follow: []mailbox.Letter{letter(fmt.Sprint("f", i), "slack:C")}}
			broken(func(ctx context.Context) error { return b.Delivered(ctx, x, follow, b.clock.now()) })
			if err := b.Delivered(t.Context(), x, follow, b.clock.now()); err != nil && !errors.Is(err, mailbox.ErrLeaseLost) {
				t.Fatal(err)
			}
			for done := false; !done; {
				got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 10)
				if err != nil || len(got) > 1 {
					t.Fatalf("what followed: got %d letters, %v; want 1", len(got), err)
				}
				if len(got) == 1 {
					delivered(t, b, got[0])
					done = true
				}
			}
		}
	})
}

// TestConnectionsKilled ends PostgreSQL's sessions all the time, at any point
// of any transaction. Each caller learns an error or that it worked; what
// worked is there once, what failed can be tried again.
func TestConnectionsKilled(t *testing.T) {
	t.Parallel()
	if !pgtest.Wanted() {
		t.Log("not tested: PostgreSQL")
		return
	}
	url := pgtest.URL(t)
	b := open(t, url, newSeal(t))
	b.clock.run()
	ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
	defer cancel()
	var killers, workers sync.WaitGroup
	stop := make(chan struct{})
	var killed atomic.Int64
	worked := make(chan struct{})
	done := func() { // one call came through
		select {
		case worked <- struct{}{}:
		default:
		}
	}
	killers.Go(func() {
		db := raw(t, b)
		for {
			select {
			case <-stop:
				return
			case <-worked: // by what was done, not by the clock: a slow machine gets on too
				if rand.IntN(2) > 0 {
					continue
				}
			case <-time.After(time.Second):
			}
			// Only this test's sessions: they are told by their schema.
			var n int64
			err := db.QueryRowContext(ctx, `SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND application_name = $1 ORDER BY random() LIMIT 2) AS victims`, t.Name()).Scan(&n)
			if err != nil {
				t.Errorf("kill sessions: %v", err)
				return
			}
			killed.Add(n)
		}
	})
	s, err := store.Open(ctx, store.Config{URL: url + "&application_name=" + t.Name(), Seal: b.seal})
	for err != nil && ctx.Err() == nil { // killed while it opened
		s, err = store.Open(ctx, store.Config{URL: url + "&application_name=" + t.Name(), Seal: b.seal})
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	const residents, each = 8, 10
	var failures atomic.Int64
	insist := func(what func() error) bool {
		for ctx.Err() == nil {
			if err := what(); err == nil {
				done()
				return true
			}
			failures.Add(1)
			time.Sleep(time.Millisecond)
		}
		return false
	}
	for r := range residents {
		workers.Go(func() {
			lane := fmt.Sprint("r-", r)
			for i := range each {
				m := mailbox.Mail{Key: fmt.Sprint(lane, "/", i), Lane: lane}
				insist(func() error { _, err := s.Append(ctx, []mailbox.Mail{m}); return err })
			}
		})
		workers.Go(func() {
			for n := 0; n < each && ctx.Err() == nil; {
				leased, err := s.LeaseMail(ctx, "w", time.Now(), 200*time.Millisecond, 1, 1)
				if err != nil || len(leased) == 0 {
					time.Sleep(5 * time.Millisecond)
					if done, err := s.Resident(ctx, fmt.Sprint("r-", r)); err == nil && done.Number == each {
						return
					}
					continue
				}
				for _, l := range leased {
					resident, err := s.Resident(ctx, l.Lease.Lane)
					if err != nil {
						failures.Add(1)
						continue
					}
					turn := turnOf(b, l, resident.Number+1)
					turn.State = append(resident.State, 'x')
					turn.Letters = []mailbox.Letter{letter(l.Mail[0].Key, reception.LineLane(l.Lease.Lane))}
					if err := s.Commit(ctx, turn); err != nil {
						failures.Add(1)
						continue
					}
					done()
				}
			}
		})
	}
	workers.Wait()
	close(stop)
	killers.Wait()
	t.Logf("%d sessions killed, %d calls failed", killed.Load(), failures.Load())
	if killed.Load() < 10 || failures.Load() == 0 {
		t.Errorf("%d sessions killed, %d calls failed: nothing tested", killed.Load(), failures.Load())
	}
	for r := range residents {
		resident, err := b.Resident(context.Background(), fmt.Sprint("r-", r))
		if err != nil || resident.Number != each || len(resident.State) != each {
			t.Errorf("resident %d: turn %d, state %q, %v; want %d turns", r, resident.Number, resident.State, err, each)
		}
	}
	var letters int
	if err := raw(t, b).QueryRowContext(context.Background(), `SELECT count(*) FROM letters`).Scan(&letters); err != nil || letters != residents*each {
		t.Errorf("letters: got %d, %v; want %d", letters, err, residents*each)
	}
}

// TestNoDeadlocks lets turns and deliveries of several processes write to the
// same few lanes in every order.
func TestNoDeadlocks(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		b.clock.run()
		ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
		defer cancel()
		before := deadlocks(t, b)
		const processes, residents, each = 3, 12, 12
		var wait sync.WaitGroup
		for p := range processes {
			s, err := store.Open(ctx, store.Config{URL: b.url, Seal: b.seal})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			shared := func(id string) (letters []mailbox.Letter) {
				for _, c := range rand.Perm(5)[:3] {
					l := letter(fmt.Sprint(id, "-", c), fmt.Sprint("slack:", c))
					l.Fold = fmt.Sprint("card:", rand.IntN(3))
					letters = append(letters, l)
				}
				return letters
			}
			for r := p; r < residents; r += processes {
				wait.Go(func() {
					lane := fmt.Sprint("r-", r)
					for i := 0; i < each && ctx.Err() == nil; {
						mail := []mailbox.Mail{{Key: fmt.Sprint(lane, "/", i), Lane: lane}}
						if _, err := s.Append(ctx, mail); err != nil {
							t.Errorf("append: %v", err)
							return
						}
						leased, err := s.LeaseMail(ctx, "w", time.Now(), time.Minute, 4, 5)
						if err != nil {
							t.Errorf("lease: %v", err)
							return
						}
						for _, l := range leased {
							x, err := s.Resident(ctx, l.Lease.Lane)
							if err != nil {
								t.Errorf("resident: %v", err)
								return
							}
							turn := turnOf(b, l, x.Number+1)
							turn.Letters = shared(l.Mail[0].Key)
							if err := s.Commit(ctx, turn); err != nil {
								t.Errorf("commit: %v", err)
								return
							}
						}
						i++
					}
				})
			}
			wait.Go(func() {
				for i := 0; i < 60 && ctx.Err() == nil; i++ {
					got, err := s.LeaseLetters(ctx, "w", time.Now(), time.Minute, 3)
					if err != nil {
						t.Errorf("lease letters: %v", err)
						return
					}
					for n, l := range got {
						r := mailbox.Receipt{Ref: "x", Follow: shared(fmt.Sprint("f", p, ".", i, ".", n))}
						if err := s.Delivered(ctx, l, r, time.Now()); err != nil {
							t.Errorf("delivered: %v", err)
							return
						}
					}
				}
			})
		}
		wait.Wait()
		if ctx.Err() != nil {
			t.Error("took too long")
		}
		if n := deadlocks(t, b) - before; n > 0 {
			t.Errorf("%d deadlocks", n)
		}
	})
}

// deadlocks is how many PostgreSQL has broken so far; SQLite has none.
func deadlocks(t *testing.T, b *bundle) (n int) {
	t.Helper()
	if b.Engine() == "sqlite" {
		return 0
	}
	err := raw(t, b).QueryRowContext(context.Background(), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatal(err)
	}
	return n
}
