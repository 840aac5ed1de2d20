package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"time"
)

// Settings are what Inbox and Outbox have in common. Zero values mean the
// defaults.
type Settings struct {
	Workers int           // lanes worked on at once; default 16
	Poll    time.Duration // how often to look without being woken; default 200 ms, jittered
	TTL     time.Duration // how long a lease lives without a heartbeat; default 8 s
	Grace   time.Duration // how long work in hand may take after the stop; default 20 s
	Owner   string        // names this process in leases
	Log     *slog.Logger  // nil: slog.Default()
	// Observe is told the fate of every piece, for metrics; nil is fine. It
	// must not block.
	Observe func(Observation)
}

// Fate is what became of one piece of mail or one letter at one try.
type Fate string

// The fates.
const (
	Handled Fate = "handled" // a turn of mail was committed, or a letter arrived
	Failed  Fate = "failed"  // will be tried again
	Paused  Fate = "paused"  // will be tried again; it was asked to wait
	Parked  Fate = "parked"  // mail that failed too often
	Buried  Fate = "buried"  // a letter that can never arrive
	Lost    Fate = "lost"    // the lease was lost; somebody else does it
)

// Observation is the fate of one try.
type Observation struct {
	Box    string // inbox or outbox
	Kind   string // the mail's source or the letter's kind
	Fate   Fate
	Reason string        // of Buried: one word
	Age    time.Duration // since the mail happened or the letter was written
	Took   time.Duration // of this try
	Panic  bool
}

func (s *Settings) defaults() {
	if s.Workers == 0 {
		s.Workers = 16
	}
	if s.Poll == 0 {
		s.Poll = 200 * time.Millisecond
	}
	if s.TTL == 0 {
		s.TTL = 8 * time.Second
	}
	if s.Grace == 0 {
		s.Grace = 20 * time.Second
	}
	if s.Log == nil {
		s.Log = slog.Default()
	}
	if s.Observe == nil {
		s.Observe = func(Observation) {}
	}
}

// pool leases work and lets a bounded number of goroutines do it.
type pool[T any] struct {
	Settings
	wake  chan struct{} // holds one signal
	lease func(ctx context.Context, n int) ([]T, error)
	of    func(T) Lease
	store Extender
	work  func(ctx context.Context, t T)
}

func newWake() chan struct{} { return make(chan struct{}, 1) }

func signal(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default: // one is pending: whoever takes it will see this news too
	}
}

// run works until ctx ends, then finishes what is in hand. Work that is not
// finished after Grace is cancelled; run returns an error then.
func (p *pool[T]) run(ctx context.Context) error {
	// Work outlives ctx: a stop must not break off a turn in the middle.
	hands, release := context.WithCancelCause(context.WithoutCancel(ctx))
	defer release(nil)
	free := make(chan struct{}, p.Workers)
	for range p.Workers {
		free <- struct{}{}
	}
	var busy sync.WaitGroup
	p.feed(ctx, hands, free, &busy)

	idle := make(chan struct{})
	go func() { busy.Wait(); close(idle) }()
	grace := time.NewTimer(p.Grace)
	defer grace.Stop()
	select {
	case <-idle:
		return nil
	case <-grace.C:
		release(errStopped)
		<-idle
		return errStopped
	}
}

var errStopped = errors.New("work in hand took longer than the stop allows; its leases will run out")

// feed leases work while there are free hands.
func (p *pool[T]) feed(ctx, hands context.Context, free chan struct{}, busy *sync.WaitGroup) {
	poll := time.NewTimer(0)
	defer poll.Stop()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll.C:
		case <-p.wake:
		}
		for more := true; more && ctx.Err() == nil; {
			n := 0
			select {
			case <-free:
				n = 1
			case <-ctx.Done():
				return
			}
			for taken := true; taken; { // whoever else is free by now
				select {
				case <-free:
					n++
				default:
					taken = false
				}
			}
			got, err := p.lease(ctx, n)
			for range n - len(got) {
				free <- struct{}{}
			}
			for _, t := range got {
				busy.Go(func() {
					defer func() {
						free <- struct{}{}
						signal(p.wake) // its lane may hold more
					}()
					p.hold(hands, t)
				})
			}
			more = len(got) == n
			if err != nil && ctx.Err() == nil {
				if failures++; failures == 1 {
					p.Log.ErrorContext(ctx, "mailbox cannot lease work", "err", err)
				}
			} else if failures > 0 && err == nil {
				p.Log.InfoContext(ctx, "mailbox leases work again", "failures", failures)
				failures = 0
			}
		}
		poll.Reset(jitter(min(p.Poll<<min(failures, 5), max(p.Poll, 5*time.Second))))
	}
}

// hold works under a lease that it keeps alive; when the lease is lost the
// work is cancelled.
func (p *pool[T]) hold(ctx context.Context, t T) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := make(chan struct{})
	var beat sync.WaitGroup
	beat.Go(func() { p.heartbeat(ctx, p.of(t), done, cancel) })
	p.work(ctx, t)
	close(done)
	cancel(nil)
	beat.Wait()
}

func (p *pool[T]) heartbeat(ctx context.Context, l Lease, done <-chan struct{}, cancel context.CancelCauseFunc) {
	until := l.Until
	timer := time.NewTimer(p.TTL / 3)
	defer timer.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		next := time.Now().Add(p.TTL)
		err := p.store.Extend(ctx, l, next)
		switch {
		case err == nil:
			until = next
			timer.Reset(p.TTL / 3)
		case errors.Is(err, ErrLeaseLost) || time.Now().After(until):
			cancel(ErrLeaseLost)
			return
		default: // the database is slow or away; the lease lives until its time
			timer.Reset(min(p.TTL/10, max(time.Until(until), time.Millisecond)))
		}
	}
}

// errPanic reports that a handler or carrier panicked: a bug of ours, counted
// as a failure.
var errPanic = errors.New("panic")

// recovered turns a panic into an error. Its value is told only when it is the
// runtime's own: another's could hold a resident's words.
func recovered(ctx context.Context, log *slog.Logger, err *error) {
	r := recover()
	if r == nil {
		return
	}
	what := fmt.Sprintf("%T", r)
	if e, ok := r.(runtime.Error); ok {
		what = e.Error()
	}
	log.ErrorContext(ctx, "panic in mailbox work", "what", what, "stack", string(debug.Stack()))
	*err = fmt.Errorf("%w: %s", errPanic, what)
}

// The pauses between tries.
const (
	firstPause = 500 * time.Millisecond
	maxPause   = 5 * time.Minute
)

// backoff is how long to wait after the try with number tries.
func backoff(tries int) time.Duration {
	pause := maxPause
	if tries < 20 {
		pause = min(firstPause<<max(tries-1, 0), maxPause)
	}
	return jitter(pause)
}

// jitter keeps many who wait for the same thing from coming back at once:
// ±20 %.
func jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.8 + 0.4*rand.Float64())) //nolint:gosec // no secret
}

// settle runs a short write that must not be broken off by the work's own end:
// until the lease runs out it is tried again.
func settle(ctx context.Context, ttl time.Duration, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ttl/2)
	defer cancel()
	pause := 20 * time.Millisecond
	for {
		err := write(ctx)
		if err == nil || errors.Is(err, ErrLeaseLost) || ctx.Err() != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(jitter(pause)):
			pause *= 2
		}
	}
}
