package lineapi

import (
	"context"
	"fmt"
)

// ChangeKind says what changed.
type ChangeKind string

// The kinds of changes.
const (
	ChangeBubble    ChangeKind = "bubble"
	ChangeUnsent    ChangeKind = "unsent"
	ChangeRead      ChangeKind = "read"
	ChangeLoading   ChangeKind = "loading"
	ChangeRichMenu  ChangeKind = "richmenu"
	ChangePerson    ChangeKind = "person" // appeared, renamed, followed, blocked, joined, left
	ChangeTapped    ChangeKind = "tapped" // quick replies went away, a link was opened, something copied
	ChangeViolation ChangeKind = "violation"
)

// Change is one thing that changed; read [Platform.Phone] for what there is now.
type Change struct {
	Seq    uint64     `json:"seq"`
	Kind   ChangeKind `json:"kind"`
	ChatID string     `json:"chatId,omitempty"` // empty when everybody may be concerned
	// Missed counts the changes lost before this one, because the reader was
	// slower than its buffer.
	Missed int `json:"missed,omitempty"`
}

type watcher struct {
	ch     chan Change
	missed int
}

// Watch returns the changes from now on, until ctx ends; then the channel is
// closed. A reader that falls more than 256 behind misses some.
func (p *Platform) Watch(ctx context.Context) <-chan Change {
	w := &watcher{ch: make(chan Change, 256)}
	p.mu.Lock()
	p.watchers[w] = struct{}{}
	p.mu.Unlock()
	context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.watchers, w)
		close(w.ch)
	})
	return w.ch
}

// changed tells watchers and waiters. It needs the lock; c is nil when no
// single chat is meant.
func (p *Platform) changed(c *chat, k ChangeKind) {
	if c != nil && c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
	if len(p.watchers) == 0 {
		return
	}
	p.changeSeq++
	change := Change{Seq: p.changeSeq, Kind: k}
	if c != nil {
		change.ChatID = c.id
	}
	for w := range p.watchers {
		change.Missed = w.missed
		select {
		case w.ch <- change:
			w.missed = 0
		default:
			w.missed++
		}
	}
}

// Wait waits until the phone of a person (or group, or room) is as enough
// wants it, and returns it. When ctx ends first it returns the phone as it is
// and an error.
func (p *Platform) Wait(ctx context.Context, id string, enough func(Phone) bool) (Phone, error) {
	for {
		p.mu.Lock()
		c := p.chats[id]
		if c == nil {
			p.mu.Unlock()
			return Phone{}, fmt.Errorf("lineapi: wait for the phone of %s: no such chat", id)
		}
		if c.changed == nil {
			c.changed = make(chan struct{})
		}
		again := c.changed
		copied := p.snapshot(c)
		p.mu.Unlock()
		ph := copied.phone()
		if enough(ph) {
			return ph, nil
		}
		select {
		case <-again:
		case <-ctx.Done():
			return ph, fmt.Errorf("lineapi: wait for the phone of %s, which shows %d bubbles of the bot and %d of its own: %w",
				id, ph.BotBubbles, ph.OwnBubbles, ctx.Err())
		}
	}
}

// WaitBubbles waits until the bot has sent n bubbles in all to a chat.
func (p *Platform) WaitBubbles(ctx context.Context, id string, n int) (Phone, error) {
	return p.Wait(ctx, id, func(ph Phone) bool { return ph.BotBubbles >= n })
}
