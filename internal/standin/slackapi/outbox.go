package slackapi

import (
	"context"
	"errors"
	"sync"
	"time"
)

// outbox holds events that wait for their first delivery, in lanes: one for
// each channel or person.
type outbox struct {
	mu      sync.Mutex
	lanes   map[string][]*parcel
	busy    map[string]bool
	ready   []string
	pending int // not yet acknowledged or given up
	wake    chan struct{}
}

func newOutbox() *outbox {
	return &outbox{lanes: map[string][]*parcel{}, busy: map[string]bool{}, wake: make(chan struct{}, 1)}
}

func (o *outbox) add(lane string, p *parcel) {
	o.mu.Lock()
	o.pending++
	o.lanes[lane] = append(o.lanes[lane], p)
	if !o.busy[lane] {
		o.busy[lane] = true
		o.ready = append(o.ready, lane)
	}
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// next takes the first parcel of a lane; an empty lane is no longer busy.
func (o *outbox) next(lane string) *parcel {
	o.mu.Lock()
	defer o.mu.Unlock()
	queue := o.lanes[lane]
	if len(queue) == 0 {
		delete(o.lanes, lane)
		delete(o.busy, lane)
		return nil
	}
	o.lanes[lane] = queue[1:]
	return queue[0]
}

func (o *outbox) takeReady() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	lanes := o.ready
	o.ready = nil
	return lanes
}

func (o *outbox) done() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pending--
}

func (o *outbox) idle() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.pending == 0
}

// dispatch starts a goroutine for each lane that has something, until ctx ends.
func (w *Workspace) dispatch(ctx context.Context) {
	for {
		for _, lane := range w.outbox.takeReady() {
			w.work.Go(func() { w.drain(ctx, lane) })
		}
		select {
		case <-w.outbox.wake:
		case <-ctx.Done():
			return
		}
	}
}

// drain delivers the events of a lane one after the other. Repeats of failed
// ones run beside, as Slack's do.
func (w *Workspace) drain(ctx context.Context, lane string) {
	for {
		p := w.outbox.next(lane)
		if p == nil {
			return
		}
		if ctx.Err() != nil {
			w.finish()
			continue
		}
		a := w.deliver(ctx, p)
		if a.acked || a.noRetry || len(w.cfg.Retries) == 0 {
			w.finish()
			continue
		}
		w.work.Go(func() { w.repeat(ctx, p, a.reason) })
	}
}

func (w *Workspace) finish() {
	w.outbox.done()
	w.changed(Change{Kind: ChangeDelivery})
}

// repeat delivers a failed event again, after each pause.
func (w *Workspace) repeat(ctx context.Context, p *parcel, reason string) {
	defer w.finish()
	for i, pause := range w.cfg.Retries {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		again := *p
		again.attempt, again.reason = i+1, reason
		a := w.deliver(ctx, &again)
		if a.acked || a.noRetry {
			return
		}
		reason = a.reason
	}
}

// ErrNoSuchEvent reports an event that is not, or no longer, in the log.
var ErrNoSuchEvent = errors.New("no such event in the log")

// Redeliver sends an event of the log once more and waits for the answer: the
// same event_id as a repeat with X-Slack-Retry-Num, or with a new event_id and
// no such header, as Slack has been seen to do.
// https://github.com/slackapi/node-slack-sdk/issues/2141
func (w *Workspace) Redeliver(ctx context.Context, eventID string, newID bool) error {
	p, err := w.logged(eventID)
	if err != nil {
		return err
	}
	p.attempt, p.reason = 1, "http_timeout"
	if newID {
		p.attempt, p.reason = 0, ""
		p.eventID = w.ids.code("Ev0", 8)
		p.payload["event_id"] = p.eventID
		if err := p.seal(); err != nil {
			return err
		}
	}
	if a := w.deliver(ctx, p); !a.acked {
		return &NotAcknowledgedError{Type: p.name, Reason: a.reason, Status: a.status, Took: a.took}
	}
	return nil
}

// LastEvent returns the id of the newest delivered event of a type ("message",
// "app_mention", …), or "".
func (w *Workspace) LastEvent(eventType string) string {
	w.book.mu.Lock()
	defer w.book.mu.Unlock()
	for i := len(w.book.deliveries) - 1; i >= 0; i-- {
		if d := w.book.deliveries[i]; d.Kind == DeliveryEvent && d.Type == eventType {
			return d.EventID
		}
	}
	return ""
}
