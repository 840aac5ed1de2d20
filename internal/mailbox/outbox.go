package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"
)

// OutboxConfig of an Outbox.
type OutboxConfig struct {
	Settings
	Store    OutStore           // required; an Extender keeps leases of slow sending alive
	Carriers map[string]Carrier // by the part of a letter's kind before the dot; required
	// GiveUp is the age after which a letter that still fails is buried;
	// default 24 h. Letters whose carrier only asks to wait are never given up.
	GiveUp time.Duration
	// GaveUp says what staff are told about such a letter; nil: nobody.
	GaveUp func(Letter) []Letter
}

// Outbox lets carriers bring letters away: in order within a lane, many lanes
// at once, each letter until it arrived or surely cannot.
type Outbox struct {
	OutboxConfig
	pool pool[LeasedLetter]
}

// Reasons of letters that the outbox itself buries.
const (
	TooOld    = "too-old"    // failed until it was too old
	NoCarrier = "no-carrier" // nobody brings letters of its kind
)

// NewOutbox checks the configuration.
func NewOutbox(cfg OutboxConfig) (*Outbox, error) {
	if cfg.Store == nil || len(cfg.Carriers) == 0 {
		return nil, errors.New("outbox: Store and Carriers are required")
	}
	cfg.defaults()
	if cfg.GiveUp == 0 {
		cfg.GiveUp = 24 * time.Hour
	}
	if cfg.GaveUp == nil {
		cfg.GaveUp = func(Letter) []Letter { return nil }
	}
	b := &Outbox{OutboxConfig: cfg}
	b.pool = pool[LeasedLetter]{
		Settings: cfg.Settings, wake: newWake(), store: extender(cfg.Store), work: b.work,
		of: func(l LeasedLetter) Lease { return l.Lease },
		lease: func(ctx context.Context, n int) ([]LeasedLetter, error) {
			return cfg.Store.LeaseLetters(ctx, cfg.Owner, time.Now(), cfg.TTL, n)
		},
	}
	return b, nil
}

// Wake tells the outbox that this process wrote letters.
func (b *Outbox) Wake() { signal(b.pool.wake) }

// Run brings letters away until ctx ends, then finishes what is in hand,
// within Grace.
func (b *Outbox) Run(ctx context.Context) error {
	if err := b.pool.run(ctx); err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	return nil
}

func (b *Outbox) work(ctx context.Context, l LeasedLetter) {
	began := time.Now()
	receipt, err := b.carry(ctx, l.Letter)
	saw := Observation{
		Box: "outbox", Kind: l.Letter.Kind, Age: time.Since(l.Letter.Created), Took: time.Since(began), Panic: errors.Is(err, errPanic),
	}
	saw.Fate, saw.Reason = b.after(ctx, l, receipt, err)
	b.Observe(saw)
}

func (b *Outbox) carry(ctx context.Context, l Letter) (r Receipt, err error) {
	defer recovered(ctx, b.Log, &err)
	name, _, _ := strings.Cut(l.Kind, ".")
	carrier, ok := b.Carriers[name]
	if !ok {
		return r, &GoneError{Reason: NoCarrier, Err: fmt.Errorf("no carrier for %q", l.Kind)}
	}
	return carrier.Carry(ctx, l)
}

// after writes down what became of a letter.
func (b *Outbox) after(ctx context.Context, l LeasedLetter, receipt Receipt, err error) (Fate, string) {
	now := time.Now()
	gone, isGone := errors.AsType[*GoneError](err)
	retry, isRetry := errors.AsType[*RetryError](err)
	paused := isRetry && retry.Pause
	if err != nil && !isGone && !paused && now.Sub(l.Letter.Created) >= b.GiveUp {
		gone, isGone = &GoneError{Reason: TooOld, Follow: b.GaveUp(l.Letter), Err: err}, true
	}
	var fate Fate
	reason := ""
	var write func(context.Context) error
	switch {
	case err == nil:
		fate = Handled
		write = func(ctx context.Context) error { return b.Store.Delivered(ctx, l, receipt, now) }
	case isGone:
		fate, reason = Buried, gone.Reason
		b.Log.ErrorContext(ctx, "letter cannot be delivered", "seq", l.Letter.Seq, "kind", l.Letter.Kind, "lane", l.Lease.Lane,
			"tries", l.Letter.Tries, "reason", gone.Reason, "err", gone.Err)
		write = func(ctx context.Context) error { return b.Store.Bury(ctx, l, gone.Reason, gone.Follow, now) }
	default:
		fate = Failed
		pause := backoff(l.Letter.Tries)
		if isRetry {
			pause = max(pause, retry.After)
		}
		if paused {
			fate = Paused
			if retry.After > 0 {
				pause = retry.After
			}
		}
		clear := isRetry && retry.Clear
		level := slog.LevelWarn
		if errors.Is(err, ErrTurn) {
			level = slog.LevelDebug
		}
		b.Log.Log(ctx, level, "letter will be tried again", "seq", l.Letter.Seq, "kind", l.Letter.Kind, "lane", l.Lease.Lane,
			"tries", l.Letter.Tries, "paused", paused, "after", pause, "err", err)
		var follow []Letter
		l.Letter.Yields = isRetry && retry.Yields
		if isRetry {
			follow = retry.Follow
		}
		due, why := now.Add(pause), clip(err.Error())
		write = func(ctx context.Context) error { return b.Store.Retry(ctx, l, due, clear, !paused, why, follow...) }
	}
	err = settle(ctx, b.TTL, write)
	if errors.Is(err, ErrLeaseLost) {
		b.Log.InfoContext(ctx, "lease lost while sending; another worker sees to the letter", "seq", l.Letter.Seq, "lane", l.Lease.Lane)
		return Lost, ""
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "a letter's fate could not be recorded; it will look unclear", "seq", l.Letter.Seq, "lane", l.Lease.Lane, "fate", fate, "err", err)
	}
	return fate, reason
}
