package store_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// world is what LINE would have seen.
type world struct {
	mu      sync.Mutex
	arrived map[string]int      // letter id → how often
	order   map[string][]string // lane → ids in the order they first arrived
	unclear int                 // letters that came again, and said so
}

// Carry implements mailbox.Carrier: sometimes it fails before, sometimes after
// the letter arrived, sometimes it panics.
func (w *world) Carry(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	if rand.IntN(20) == 0 {
		return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: errors.New("connection refused")}
	}
	w.mu.Lock()
	w.arrived[l.ID]++
	again := w.arrived[l.ID] > 1
	if again {
		w.unclear++
	} else {
		w.order[l.Lane] = append(w.order[l.Lane], l.ID)
	}
	w.mu.Unlock()
	if again && l.Clear {
		panic("a letter that arrived before was called clear")
	}
	switch rand.IntN(25) {
	case 0:
		return mailbox.Receipt{}, &mailbox.RetryError{Err: errors.New("timeout")}
	case 1:
		panic("after sending")
	}
	return mailbox.Receipt{Ref: l.ID}, nil
}

// forgetful hides the heartbeat, so that leases run out under slow work.
type forgetful struct {
	mailbox.InStore
	mailbox.OutStore
}

// TestWholeJourneyUnderTrouble runs several processes on one database.
// Handlers and carriers fail, panic and dawdle before and after each step:
// every piece makes one turn, every letter arrives, in order.
func TestWholeJourneyUnderTrouble(t *testing.T) {
	t.Parallel()
	const processes, residents, each = 3, 25, 8
	onEach(t, func(t *testing.T, first *bundle) {
		w := &world{arrived: map[string]int{}, order: map[string][]string{}}
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		var wait sync.WaitGroup
		var stores []*store.Store
		var turns atomic.Int64
		for p := range processes {
			s, err := store.Open(ctx, store.Config{URL: first.url, Seal: first.seal})
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			stores = append(stores, s)
			settings := mailbox.Settings{
				Workers: 6, Poll: 50 * time.Millisecond, TTL: 2 * time.Second, Owner: fmt.Sprint("p", p), Grace: 10 * time.Second,
				Log: slog.New(slog.DiscardHandler),
			}
			var ins mailbox.InStore = s
			var outs mailbox.OutStore = s
			if p == 0 {
				ins, outs = forgetful{InStore: s}, forgetful{OutStore: s}
			}
			var outbox *mailbox.Outbox
			h := troubled{s: s, turns: &turns, wake: func() { outbox.Wake() }}
			inbox, err := mailbox.NewInbox(mailbox.InboxConfig{Settings: settings, Store: ins, Handler: h, MaxTries: 1000, Batch: 3})
			if err != nil {
				t.Fatal(err)
			}
			outbox, err = mailbox.NewOutbox(mailbox.OutboxConfig{Settings: settings, Store: outs, Carriers: map[string]mailbox.Carrier{"line": w}})
			if err != nil {
				t.Fatal(err)
			}
			for _, run := range []func(context.Context) error{inbox.Run, outbox.Run} {
				wait.Go(func() {
					if err := run(ctx); err != nil {
						t.Errorf("run: %v", err)
					}
				})
			}
		}
		began := time.Now()
		for i := range each {
			for r := range residents {
				m := mailbox.Mail{Key: fmt.Sprintf("%d.%d", r, i), Lane: fmt.Sprintf("r-%d", r), At: began.Add(time.Duration(i) * time.Millisecond)}
				for range 2 { // every webhook is delivered twice
					if _, err := stores[(r+i)%processes].Append(ctx, []mailbox.Mail{m}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		deadline, db := time.Now().Add(3*time.Minute), raw(t, first)
		for {
			var backlog int
			err := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM mail WHERE state = 0) + (SELECT count(*) FROM letters WHERE state = 0)`).Scan(&backlog)
			if err != nil {
				t.Fatal(err)
			}
			if backlog == 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatalf("still %d waiting", backlog)
			}
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
		wait.Wait()
		t.Logf("%d turns in %v, %d letters came again after an unclear try", turns.Load(), time.Since(began).Round(time.Millisecond), w.unclear)
		if got, want := len(w.arrived), residents*each; got != want {
			t.Errorf("%d letters arrived, want %d", got, want)
		}
		for r := range residents {
			var want []string
			for i := range each {
				want = append(want, fmt.Sprintf("%d.%d/1", r, i))
			}
			if got := w.order[fmt.Sprintf("line:r-%d", r)]; strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("resident %d got %v", r, got)
			}
			resident, err := first.Resident(context.Background(), fmt.Sprintf("r-%d", r))
			if err != nil || string(resident.State) != strings.Repeat("x", each) {
				t.Errorf("resident %d: state %q, %v; want one x a piece", r, resident.State, err)
			}
		}
	})
}

// troubled is a handler that has trouble at every step.
type troubled struct {
	s     *store.Store
	turns *atomic.Int64
	wake  func()
}

func (h troubled) Handle(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
	r, err := h.s.Resident(ctx, l.Lane)
	if err != nil {
		return err
	}
	switch rand.IntN(30) {
	case 0:
		panic("before deciding")
	case 1:
		return errors.New("could not decide")
	case 2:
		time.Sleep(2500 * time.Millisecond) // longer than a lease without heartbeat
	}
	turn := reception.Turn{Lease: l, Resident: l.Lane, Number: r.Number + 1, State: r.State, At: time.Now()}
	for _, m := range mail {
		turn.Done = append(turn.Done, m.Seq)
		turn.State = append(turn.State, 'x')
		turn.Letters = append(turn.Letters, mailbox.Letter{ID: m.Key + "/1", Lane: reception.LineLane(l.Lane), Kind: reception.LetterSay})
	}
	if err := h.s.Commit(ctx, turn); err != nil {
		return err
	}
	h.turns.Add(1)
	switch rand.IntN(15) {
	case 0:
		panic("after the commit")
	case 1:
		return errors.New("after the commit")
	}
	h.wake()
	return nil
}
