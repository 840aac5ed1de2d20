package mailbox

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// InboxConfig of an Inbox.
type InboxConfig struct {
	Settings
	Store    InStore // required; an Extender keeps leases of long work alive
	Handler  Handler // required
	Batch    int     // pieces of one lane in one turn at most; default 20
	MaxTries int     // then a piece is parked; default 8
	// Park says what staff and the resident are told about a piece that failed
	// too often. The letters' ids must derive from the mail. Nil tells nobody.
	Park func(mail Mail, reason string) []Letter
}

// Inbox lets a Handler act on mail: in order within a lane, many lanes at
// once, each piece until it is done or has failed too often.
type Inbox struct {
	InboxConfig
	pool pool[LeasedMail]
}

// NewInbox checks the configuration.
func NewInbox(cfg InboxConfig) (*Inbox, error) {
	if cfg.Store == nil || cfg.Handler == nil {
		return nil, errors.New("inbox: Store and Handler are required")
	}
	cfg.defaults()
	if cfg.Batch == 0 {
		cfg.Batch = 20
	}
	if cfg.MaxTries == 0 {
		cfg.MaxTries = 8
	}
	if cfg.Park == nil {
		cfg.Park = func(Mail, string) []Letter { return nil }
	}
	b := &Inbox{InboxConfig: cfg}
	b.pool = pool[LeasedMail]{
		Settings: cfg.Settings, wake: newWake(), store: extender(cfg.Store), work: b.work,
		of: func(l LeasedMail) Lease { return l.Lease },
		lease: func(ctx context.Context, n int) ([]LeasedMail, error) {
			return cfg.Store.LeaseMail(ctx, cfg.Owner, time.Now(), cfg.TTL, n, cfg.Batch)
		},
	}
	return b, nil
}

// Wake tells the inbox that mail was appended by this process.
func (b *Inbox) Wake() { signal(b.pool.wake) }

// Run acts on mail until ctx ends, then finishes what is in hand, within
// Grace.
func (b *Inbox) Run(ctx context.Context) error {
	if err := b.pool.run(ctx); err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	return nil
}

// extender is the store's own heartbeat, or none.
func extender(store any) Extender {
	if e, ok := store.(Extender); ok {
		return e
	}
	return noExtender{}
}

type noExtender struct{}

func (noExtender) Extend(context.Context, Lease, time.Time) error {
	return errors.New("the store cannot extend leases")
}

func (b *Inbox) work(ctx context.Context, l LeasedMail) {
	began := time.Now()
	first := l.Mail[0]
	mail := l.Mail
	if first.Tries > 1 {
		// One of the pieces spoilt the last try. Alone, the first either goes
		// through or is the one.
		mail = mail[:1]
	}
	err := b.handle(ctx, l.Lease, mail)
	saw := Observation{
		Box: "inbox", Kind: string(first.Source), Fate: Handled, Age: time.Since(first.At), Took: time.Since(began),
		Panic: errors.Is(err, errPanic),
	}
	if err != nil {
		saw.Fate = b.failed(ctx, l.Lease, first, err)
	}
	b.Observe(saw)
}

func (b *Inbox) handle(ctx context.Context, l Lease, mail []Mail) (err error) {
	defer recovered(ctx, b.Log, &err)
	return b.Handler.Handle(ctx, l, mail)
}

// failed decides what becomes of a lane whose first piece could not be acted on.
func (b *Inbox) failed(ctx context.Context, l Lease, first Mail, err error) Fate {
	if errors.Is(err, ErrLeaseLost) || errors.Is(context.Cause(ctx), ErrLeaseLost) {
		b.Log.InfoContext(ctx, "lease lost; another worker decides", "lane", l.Lane)
		return Lost
	}
	var (
		fate  = Failed
		due   = time.Now().Add(backoff(first.Tries))
		count = true
		park  *Park
	)
	retry, ok := errors.AsType[*RetryError](err)
	switch {
	case ok && retry.Pause:
		fate, count = Paused, false
		due = time.Now().Add(max(retry.After, time.Millisecond))
	case first.Tries >= b.MaxTries:
		fate = Parked
		reason := clip(err.Error())
		b.Log.ErrorContext(ctx, "mail failed too often and was parked", "seq", first.Seq, "lane", l.Lane, "source", first.Source, "tries", first.Tries, "err", err)
		park = &Park{Seq: first.Seq, Reason: reason, Follow: b.Park(first, reason)}
	default:
		if ok && retry.After > time.Until(due) {
			due = time.Now().Add(retry.After)
		}
		b.Log.WarnContext(ctx, "mail will be tried again", "seq", first.Seq, "lane", l.Lane, "source", first.Source, "tries", first.Tries, "err", err)
	}
	err = settle(ctx, b.TTL, func(ctx context.Context) error { return b.Store.Postpone(ctx, l, due, count, park) })
	if errors.Is(err, ErrLeaseLost) {
		return Lost
	}
	if err != nil { // the lease runs out by itself
		b.Log.ErrorContext(ctx, "mail could not be postponed", "seq", first.Seq, "lane", l.Lane, "err", err)
	}
	return fate
}

// clip bounds a reason that is kept.
func clip(s string) string {
	const most = 200
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
