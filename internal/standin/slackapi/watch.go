package slackapi

import (
	"context"
	"fmt"
	"strings"
)

// ChangeKind tells what changed.
type ChangeKind string

// The kinds of changes.
const (
	ChangeMessage   ChangeKind = "message"   // posted, updated, deleted, reacted to
	ChangeEphemeral ChangeKind = "ephemeral" // of User
	ChangeModal     ChangeKind = "modal"     // of User
	ChangeHome      ChangeKind = "home"      // of User
	ChangeNotice    ChangeKind = "notice"    // of User
	ChangeChannel   ChangeKind = "channel"   // members, name, archived
	ChangeMember    ChangeKind = "member"
	ChangeDelivery  ChangeKind = "delivery"
	ChangeViolation ChangeKind = "violation"
	ChangeDown      ChangeKind = "down"
)

// Change says that something a page shows is no longer current. It carries no
// content: read the state again.
type Change struct {
	Seq     int        `json:"seq"`
	Kind    ChangeKind `json:"kind"`
	Channel string     `json:"channel,omitempty"`
	TS      string     `json:"ts,omitempty"`
	User    string     `json:"user,omitempty"`
	// Missed counts changes dropped before this one because the subscriber was
	// slow; it should read everything again.
	Missed int `json:"missed,omitempty"`
}

type subscriber struct {
	ch     chan Change
	missed int
}

// Subscribe returns a channel of changes, and what ends it. A subscriber that
// does not keep up misses changes and is told how many.
func (w *Workspace) Subscribe(buffer int) (changes <-chan Change, cancel func()) {
	s := &subscriber{ch: make(chan Change, max(1, buffer))}
	w.book.mu.Lock()
	w.book.subscribers[s] = true
	w.book.mu.Unlock()
	return s.ch, func() {
		w.book.mu.Lock()
		defer w.book.mu.Unlock()
		if w.book.subscribers[s] {
			delete(w.book.subscribers, s)
			close(s.ch)
		}
	}
}

// changed tells subscribers and wakes who waits. It may be called with or
// without mu held.
func (w *Workspace) changed(c Change) {
	b := w.book
	b.mu.Lock()
	defer b.mu.Unlock()
	b.seq++
	c.Seq = b.seq
	if b.wake != nil {
		close(b.wake)
		b.wake = nil
	}
	for s := range b.subscribers {
		c.Missed = s.missed
		select {
		case s.ch <- c:
			s.missed = 0
		default:
			s.missed++
		}
	}
}

func (b *book) waker() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.wake == nil {
		b.wake = make(chan struct{})
	}
	return b.wake
}

// Wait blocks until ok is true; it is asked again after every change.
func (w *Workspace) Wait(ctx context.Context, ok func() bool) error {
	for {
		wake := w.book.waker()
		if ok() {
			return nil
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return fmt.Errorf("wait for a change in the workspace: %w", ctx.Err())
		}
	}
}

// WaitMessage blocks until the channel has a message, or a reply, that ok
// accepts, and returns the oldest such.
func (w *Workspace) WaitMessage(ctx context.Context, channel string, ok func(Message) bool) (Message, error) {
	var found Message
	err := w.Wait(ctx, func() bool {
		for _, m := range w.Messages(channel) {
			if ok(m) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return Message{}, fmt.Errorf("wait for a message in %s, which shows:\n%s%w", channel, w.transcript(w.Messages(channel)), err)
	}
	return found, nil
}

// WaitEphemeral blocks until the person sees an ephemeral message that ok
// accepts.
func (w *Workspace) WaitEphemeral(ctx context.Context, user string, ok func(Message) bool) (Message, error) {
	var found Message
	err := w.Wait(ctx, func() bool {
		for _, m := range w.Ephemerals(user) {
			if ok(m) {
				found = m
				return true
			}
		}
		return false
	})
	if err != nil {
		return Message{}, fmt.Errorf("wait for an ephemeral message to %s, who sees:\n%s%w", user, w.transcript(w.Ephemerals(user)), err)
	}
	return found, nil
}

// WaitModal blocks until the person's top modal is one that ok accepts; nil
// accepts any.
func (w *Workspace) WaitModal(ctx context.Context, user string, ok func(View) bool) (View, error) {
	var found View
	err := w.Wait(ctx, func() bool {
		v, open := w.Modal(user)
		found = v
		return open && (ok == nil || ok(v))
	})
	if err != nil {
		return View{}, fmt.Errorf("wait for a modal of %s: %w", user, err)
	}
	return found, nil
}

// WaitNoModal blocks until the person has no modal open.
func (w *Workspace) WaitNoModal(ctx context.Context, user string) error {
	err := w.Wait(ctx, func() bool { return len(w.Modals(user)) == 0 })
	if err != nil {
		return fmt.Errorf("wait until %s has no modal: %w", user, err)
	}
	return nil
}

// WaitHome blocks until the person's home tab is one that ok accepts; nil
// accepts any.
func (w *Workspace) WaitHome(ctx context.Context, user string, ok func(View) bool) (View, error) {
	var found View
	err := w.Wait(ctx, func() bool {
		v, published := w.Home(user)
		found = v
		return published && (ok == nil || ok(v))
	})
	if err != nil {
		return View{}, fmt.Errorf("wait for the home tab of %s: %w", user, err)
	}
	return found, nil
}

// Settle blocks until every event has been acknowledged or given up. With
// Slack's own retry pauses an event that keeps failing takes six minutes.
func (w *Workspace) Settle(ctx context.Context) error {
	err := w.Wait(ctx, func() bool { return w.outbox.idle() })
	if err != nil {
		return fmt.Errorf("wait until events are delivered: %w", err)
	}
	return nil
}

// transcript is for the errors of waits: the last ten messages, readable.
func (w *Workspace) transcript(messages []Message) string {
	var b strings.Builder
	for _, m := range messages[max(0, len(messages)-10):] {
		line, _, _ := strings.Cut(w.Plain(m), "\n")
		fmt.Fprintf(&b, "  %s %s: %s\n", m.TS, w.shownName(m.User), line)
	}
	return b.String()
}
