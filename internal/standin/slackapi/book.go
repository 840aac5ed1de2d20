package slackapi

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// ViolationKind classes what the app did wrong.
type ViolationKind string

// The kinds of violations.
const (
	// ViolationRefused: Slack would have refused the call's payload, and so did
	// the stand-in (invalid_blocks, msg_too_long, missing_scope, …).
	ViolationRefused ViolationKind = "refused"
	// ViolationLateAck: a delivery was not acknowledged in time, or with an error.
	ViolationLateAck ViolationKind = "late_ack"
	// ViolationBadAnswer: an acknowledgement carried something Slack cannot use.
	ViolationBadAnswer ViolationKind = "bad_answer"
	// ViolationRepeatedPost: the same metadata was posted to a channel twice.
	ViolationRepeatedPost ViolationKind = "repeated_post"
	// ViolationAdvice: accepted, but against Slack's advice (blocks without
	// text, arguments a method ignores, …).
	ViolationAdvice ViolationKind = "advice"
)

// Violation is one thing the app did wrong.
type Violation struct {
	At      time.Time     `json:"at"`
	Kind    ViolationKind `json:"kind"`
	Method  string        `json:"method"` // Web API method, or type of the delivery
	Error   string        `json:"error"`  // Slack's error code, or a short name
	Detail  string        `json:"detail,omitempty"`
	Channel string        `json:"channel,omitempty"`
	TS      string        `json:"ts,omitempty"`
}

// Counters count since the start. The maps are copies.
type Counters struct {
	Calls       map[string]int           `json:"calls"`       // by method
	Errors      map[string]int           `json:"errors"`      // by "method error"
	RateLimited map[string]int           `json:"ratelimited"` // by method
	Deliveries  map[string]int           `json:"deliveries"`  // by type, repeats included
	Unacked     map[string]int           `json:"unacked"`     // by type
	Violations  map[ViolationKind]int    `json:"violations"`
	Posts       int                      `json:"posts"`       // messages the app posted
	Updates     int                      `json:"updates"`     // messages the app updated
	SlowestAck  map[string]time.Duration `json:"slowest_ack"` // by type
}

// book keeps violations, deliveries and counters, and wakes who waits.
type book struct {
	mu          sync.Mutex
	keep        int
	violations  []Violation
	deliveries  []Delivery
	counters    Counters
	seq         int
	wake        chan struct{}
	subscribers map[*subscriber]bool
}

func newBook(keep int) *book {
	return &book{
		keep: keep,
		counters: Counters{
			Calls: map[string]int{}, Errors: map[string]int{}, RateLimited: map[string]int{},
			Deliveries: map[string]int{}, Unacked: map[string]int{},
			Violations: map[ViolationKind]int{}, SlowestAck: map[string]time.Duration{},
		},
		subscribers: map[*subscriber]bool{},
	}
}

func (b *book) violate(v Violation) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counters.Violations[v.Kind]++
	b.violations = append(b.violations, v)
	if over := len(b.violations) - b.keep; over > 0 {
		b.violations = slices.Delete(b.violations, 0, over)
	}
}

func (b *book) count(f func(*Counters)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f(&b.counters)
}

func (b *book) delivered(d Delivery) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counters.Deliveries[d.Type]++
	if !d.Acked {
		b.counters.Unacked[d.Type]++
	}
	b.counters.SlowestAck[d.Type] = max(b.counters.SlowestAck[d.Type], d.Took)
	b.deliveries = append(b.deliveries, d)
	if over := len(b.deliveries) - b.keep; over > 0 {
		b.deliveries = slices.Delete(b.deliveries, 0, over)
	}
}

func (w *Workspace) violate(v Violation) {
	v.At = w.now()
	w.book.violate(v)
	w.changed(Change{Kind: ChangeViolation, Channel: v.Channel, TS: v.TS})
}

// Violations returns what the app did wrong, oldest first, optionally only of
// some kinds. At most Config.KeepLog are kept.
func (w *Workspace) Violations(kinds ...ViolationKind) []Violation {
	w.book.mu.Lock()
	defer w.book.mu.Unlock()
	var out []Violation
	for _, v := range w.book.violations {
		if len(kinds) == 0 || slices.Contains(kinds, v.Kind) {
			out = append(out, v)
		}
	}
	return out
}

// Counters returns what was counted since the start.
func (w *Workspace) Counters() Counters {
	w.book.mu.Lock()
	defer w.book.mu.Unlock()
	c := w.book.counters
	c.Calls, c.Errors, c.RateLimited = maps.Clone(c.Calls), maps.Clone(c.Errors), maps.Clone(c.RateLimited)
	c.Deliveries, c.Unacked = maps.Clone(c.Deliveries), maps.Clone(c.Unacked)
	c.Violations, c.SlowestAck = maps.Clone(c.Violations), maps.Clone(c.SlowestAck)
	return c
}

// Deliveries returns the log of what was sent to the app, oldest first. At
// most Config.KeepLog are kept.
func (w *Workspace) Deliveries() []Delivery {
	w.book.mu.Lock()
	defer w.book.mu.Unlock()
	return slices.Clone(w.book.deliveries)
}
