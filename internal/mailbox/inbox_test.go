package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// handler is a Handler made of a function.
type handler func(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error

func (h handler) Handle(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
	return h(ctx, l, mail)
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// run runs an inbox on b within a bubble until the returned function is
// called, which returns what Run returned.
func runInbox(t *testing.T, b *box, h handler, change func(*mailbox.InboxConfig)) (inbox *mailbox.Inbox, stop func() error) {
	t.Helper()
	cfg := mailbox.InboxConfig{Settings: mailbox.Settings{Log: quiet()}, Store: b, Handler: h}
	if change != nil {
		change(&cfg)
	}
	inbox, err := mailbox.NewInbox(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return inbox, start(inbox.Run)
}

func start(run func(context.Context) error) (stop func() error) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	return func() error { cancel(); return <-ended }
}

func put(t *testing.T, b *box, mail ...mailbox.Mail) {
	t.Helper()
	if _, err := b.Append(context.Background(), mail); err != nil {
		t.Fatal(err)
	}
}

func end(t *testing.T, stop func() error) {
	t.Helper()
	if err := stop(); err != nil {
		t.Errorf("run: %v", err)
	}
}

// book notes what happened when.
type book struct {
	mu    sync.Mutex
	began time.Time
	lines []string
	at    []time.Duration
}

func newBook() *book { return &book{began: time.Now()} }

func (b *book) note(line string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lines = append(b.lines, line)
	b.at = append(b.at, time.Since(b.began))
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines, " ")
}

func (b *book) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.lines)
}

func keys(mail []mailbox.Mail) string {
	var k []string
	for _, m := range mail {
		k = append(k, m.Key)
	}
	return strings.Join(k, "+")
}

func TestLanesInParallelPiecesInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		for i := range 3 {
			for _, lane := range []string{"a", "b", "c", "d"} {
				put(t, b, mailbox.Mail{Key: fmt.Sprint(lane, i), Lane: lane})
			}
		}
		_, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			time.Sleep(time.Second)
			seen.note(keys(mail))
			return b.commit(l, mail)
		}, func(c *mailbox.InboxConfig) { c.Workers, c.Batch = 2, 2 })
		time.Sleep(time.Minute)
		end(t, stop)
		got := seen.String()
		for _, lane := range []string{"a", "b", "c", "d"} {
			first, second := slices.Index(seen.lines, lane+"0+"+lane+"1"), slices.Index(seen.lines, lane+"2")
			if first < 0 || second < first {
				t.Errorf("lane %s: got %s", lane, got)
			}
		}
		// Eight turns of a second, two at a time.
		if last := seen.at[len(seen.at)-1]; last < 4*time.Second || last > 5*time.Second {
			t.Errorf("all took %v, want a little over 4s", last)
		}
	})
}

func TestWakeAndPoll(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		wake bool
		poll time.Duration
		most time.Duration
	}{"woken": {true, time.Hour, 0}, "polling": {false, 200 * time.Millisecond, 240 * time.Millisecond}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, seen := newBox(), newBook()
				inbox, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
					seen.note(keys(mail))
					return b.commit(l, mail)
				}, func(c *mailbox.InboxConfig) { c.Poll = x.poll })
				time.Sleep(10*time.Second + 7*time.Millisecond)
				put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
				put2 := time.Since(seen.began)
				if x.wake {
					inbox.Wake()
				}
				time.Sleep(time.Second)
				end(t, stop)
				if seen.String() != "1" || seen.at[0]-put2 > x.most {
					t.Errorf("got %s after %v, want 1 within %v", seen, seen.at, x.most)
				}
			})
		})
	}
}

func TestFailuresBackOffAndPark(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		var fates []mailbox.Observation
		put(t, b, mailbox.Mail{Key: "bad", Lane: "a", Source: mailbox.FromLINE}, mailbox.Mail{Key: "good", Lane: "a"})
		_, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			seen.note(keys(mail))
			if mail[0].Key == "bad" {
				return errors.New("content is broken")
			}
			return b.commit(l, mail)
		}, func(c *mailbox.InboxConfig) {
			c.Workers = 1
			c.Observe = func(o mailbox.Observation) { fates = append(fates, o) }
			c.Park = func(m mailbox.Mail, reason string) []mailbox.Letter {
				return []mailbox.Letter{{ID: m.Key + "/parked", Lane: "slack:C", Body: []byte(reason)}}
			}
		})
		time.Sleep(10 * time.Minute)
		end(t, stop)
		// The first try is of both; then the first alone until it is put aside.
		if got, want := seen.String(), "bad+good"+strings.Repeat(" bad", 7)+" good"; got != want {
			t.Fatalf("tries: got %s, want %s", got, want)
		}
		want := 500 * time.Millisecond
		for i := 1; i < 8; i++ {
			pause := seen.at[i] - seen.at[i-1]
			if low, high := want*8/10, want*12/10+240*time.Millisecond; pause < low || pause > high {
				t.Errorf("pause before try %d: got %v, want %v ± 20%% and a poll", i+1, pause, want)
			}
			want *= 2
		}
		if len(b.parked) != 1 || b.parked[0].Reason != "content is broken" || len(b.letters) != 1 || string(b.letters[0].Body) != "content is broken" {
			t.Errorf("parked: got %+v and %d letters", b.parked, len(b.letters))
		}
		var kinds []string
		for _, f := range fates {
			kinds = append(kinds, string(f.Fate))
		}
		if got, want := strings.Join(kinds, " "), strings.Repeat("failed ", 7)+"parked handled"; got != want {
			t.Errorf("fates: got %s, want %s", got, want)
		}
		if b.waiting() != 1 { // what staff are told
			t.Errorf("still waiting: %d", b.waiting())
		}
	})
}

// TestPanicSpoilsOnlyItsOwnPiece: the innocent first piece of a batch is not
// parked for the panic of the second.
func TestPanicSpoilsOnlyItsOwnPiece(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		var log strings.Builder
		panics := 0
		for _, k := range []string{"1", "2", "3"} {
			put(t, b, mailbox.Mail{Key: k, Lane: "a"})
		}
		_, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			for _, m := range mail {
				if m.Key == "2" {
					panic("だれにも言わないで")
				}
			}
			seen.note(keys(mail))
			return b.commit(l, mail)
		}, func(c *mailbox.InboxConfig) {
			c.Workers = 1
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
			c.Observe = func(o mailbox.Observation) {
				if o.Panic {
					panics++
				}
			}
		})
		time.Sleep(10 * time.Minute)
		end(t, stop)
		if got, want := seen.String(), "1 3"; got != want {
			t.Errorf("handled: got %s, want %s", got, want)
		}
		if len(b.parked) != 1 || b.parked[0].Seq != 2 {
			t.Errorf("parked: got %+v, want piece 2", b.parked)
		}
		if panics != 9 { // one with the first, eight by itself
			t.Errorf("panics seen: got %d, want 9", panics)
		}
		if strings.Contains(log.String(), "だれ") || strings.Contains(b.parked[0].Reason, "だれ") {
			t.Error("a panic's words stand in the log")
		}
	})
}

func TestPauseDoesNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
		inbox, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			seen.note(keys(mail))
			if seen.count() < 30 {
				return &mailbox.RetryError{After: 3 * time.Second, Pause: true, Clear: true, Err: errors.New("unfinished")}
			}
			return b.commit(l, mail)
		}, nil)
		time.Sleep(10 * time.Second)
		before := seen.count()
		put(t, b, mailbox.Mail{Key: "2", Lane: "a"})
		inbox.Wake()
		synctest.Wait()
		if seen.count() != before+1 || !strings.HasSuffix(seen.String(), " 1+2") {
			t.Errorf("more mail during a pause: got %s, want both at once", seen)
		}
		time.Sleep(10 * time.Minute)
		end(t, stop)
		if len(seen.lines) != 30 || len(b.parked) != 0 || b.waiting() != 0 {
			t.Errorf("got %d tries, %d parked, %d waiting; want 30, 0, 0", len(seen.lines), len(b.parked), b.waiting())
		}
		for i := 5; i < 30; i++ {
			if pause := seen.at[i] - seen.at[i-1]; pause < 3*time.Second || pause > 3300*time.Millisecond {
				t.Errorf("pause %d: got %v, want 3s and a poll", i, pause)
			}
		}
	})
}

func TestLongWorkKeepsItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
		_, stop := runInbox(t, b, func(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			seen.note(keys(mail))
			select {
			case <-time.After(5 * time.Minute):
			case <-ctx.Done():
				return ctx.Err()
			}
			return b.commit(l, mail)
		}, nil)
		time.Sleep(10 * time.Minute)
		end(t, stop)
		if seen.String() != "1" || b.waiting() != 0 {
			t.Errorf("got %s, %d waiting; want one try, done", seen, b.waiting())
		}
	})
}

func TestLostLeaseCancelsWork(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		var fates []mailbox.Fate
		var cancelled time.Duration
		put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
		began := time.Now()
		_, stop := runInbox(t, b, func(ctx context.Context, _ mailbox.Lease, _ []mailbox.Mail) error {
			<-ctx.Done()
			cancelled = time.Since(began)
			return ctx.Err()
		}, func(c *mailbox.InboxConfig) {
			c.Observe = func(o mailbox.Observation) { fates = append(fates, o.Fate) }
		})
		time.Sleep(10 * time.Second)
		b.steal("in a")
		time.Sleep(10 * time.Second)
		end(t, stop)
		if cancelled < 10*time.Second || cancelled > 13*time.Second {
			t.Errorf("cancelled after %v, want at the next heartbeat after 10s", cancelled)
		}
		if len(fates) != 1 || fates[0] != mailbox.Lost {
			t.Errorf("fates: got %v, want [lost]", fates)
		}
	})
}

func TestWorkEndsWhenHeartbeatsFail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newBox()
		var cancelled time.Duration
		put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
		began := time.Now()
		_, stop := runInbox(t, b, func(ctx context.Context, _ mailbox.Lease, _ []mailbox.Mail) error {
			<-ctx.Done()
			cancelled = time.Since(began)
			return ctx.Err()
		}, nil)
		time.Sleep(10 * time.Second)
		b.mu.Lock()
		b.down = errors.New("connection refused")
		b.mu.Unlock()
		time.Sleep(30 * time.Second)
		end(t, stop)
		// The last heartbeat before 10 s gave it 8 s more.
		if cancelled < 15*time.Second || cancelled > 18*time.Second {
			t.Errorf("cancelled after %v, want when its lease ran out", cancelled)
		}
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		work  time.Duration
		done  bool
		after time.Duration
	}{
		"work in hand is finished":  {10 * time.Second, true, 9 * time.Second},
		"but not for ever":          {time.Hour, false, 20 * time.Second},
		"idle workers stop at once": {0, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBox()
				put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
				_, stop := runInbox(t, b, func(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
					select {
					case <-time.After(x.work):
						return b.commit(l, mail)
					case <-ctx.Done():
						return ctx.Err()
					}
				}, nil)
				time.Sleep(time.Second)
				put(t, b, mailbox.Mail{Key: "2", Lane: "b"})
				asked := time.Now()
				err := stop()
				if got := time.Since(asked); got != x.after {
					t.Errorf("stop took %v, want %v", got, x.after)
				}
				if (err == nil) != x.done {
					t.Errorf("stop: got %v, want finished %v", err, x.done)
				}
				if b.mail[0].done != x.done || b.mail[1].done {
					t.Errorf("done: got %v and %v; want %v, and nothing begun after the stop", b.mail[0].done, b.mail[1].done, x.done)
				}
			})
		})
	}
}

func TestStoreAwayAndBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		var log strings.Builder
		b.down = errors.New("connection refused")
		put(t, b, mailbox.Mail{Key: "1", Lane: "a"})
		_, stop := runInbox(t, b, func(_ context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
			seen.note(keys(mail))
			return b.commit(l, mail)
		}, func(c *mailbox.InboxConfig) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		time.Sleep(10 * time.Minute)
		b.mu.Lock()
		b.down = nil
		asked := b.leases
		b.mu.Unlock()
		time.Sleep(10 * time.Second)
		end(t, stop)
		if asked > 200 || asked < 50 {
			t.Errorf("asked %d times in 10 minutes, want about one in 5 s", asked)
		}
		if seen.String() != "1" {
			t.Errorf("after it came back: got %q", seen)
		}
		if got := strings.Count(log.String(), "cannot lease"); got != 1 {
			t.Errorf("complained %d times, want once", got)
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	if _, err := mailbox.NewInbox(mailbox.InboxConfig{Store: newBox()}); err == nil {
		t.Error("inbox without a handler: got no error")
	}
	if _, err := mailbox.NewOutbox(mailbox.OutboxConfig{Store: newBox()}); err == nil {
		t.Error("outbox without carriers: got no error")
	}
}
