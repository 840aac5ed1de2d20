package slack

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Whether Slack can be reached is seen by each process with its own eyes: by
// what becomes of its letters, and, where none went for a while, by asking.
// Nothing is written down for it. A process whose own way to Slack is broken
// hears from the letters' record that another one's went through.
const (
	// awayAfter is how long nothing but failures makes Slack away; shorter is
	// a hiccup that nobody needs to hear of.
	awayAfter = 30 * time.Second
	// askEvery is how long without news before Slack is asked, and lookEvery how
	// often that is thought of.
	askEvery  = 30 * time.Second
	lookEvery = 10 * time.Second
	askWithin = 6 * time.Second
	// lettersCount is how long a letter's failure counts when no other is tried:
	// a little more than the mailbox waits between two tries.
	lettersCount = 7 * time.Minute
)

// reach is what was seen of Slack. Letters and questions are kept apart: when
// Slack answers auth.test, but posts fail, staff see nothing all the same.
type reach struct {
	mu      sync.Mutex
	letters failing
	asked   failing
	news    time.Time // when anything was heard last, by this machine's clock
	back    bool      // it was away, and is not any more: what waits may go at once
}

// well ends all rows of failures. mu is held.
func (r *reach) well(now time.Time) {
	r.back = r.back || r.letters.long(now) || r.asked.long(now)
	r.letters, r.asked = failing{}, failing{}
}

// failing is a row of failures without a success between.
type failing struct {
	since time.Time // by the clock residents see; zero: the last one worked
	first time.Time // the same by this machine's clock …
	last  time.Time // … and when it failed last
}

func (f *failing) failed(now time.Time) {
	f.last = time.Now()
	if f.since.IsZero() {
		f.since, f.first = now, f.last
	}
}

func (f *failing) long(now time.Time) bool { return !f.since.IsZero() && now.Sub(f.since) >= awayAfter }

// outage reports an answer, or none, that any other call would get too. That
// Slack asks to wait is not one, nor what is wrong with one message or channel.
func (f *failure) outage() bool {
	return f.after == 0 && (!f.answered || unclearAnswer(f.code) || slices.Contains([]string{
		"invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type",
		"org_login_required", "ekm_access_denied", "team_access_not_granted", "accesslimited", "team_not_found",
	}, f.code))
}

// did notes that Slack did what a letter needed.
func (c *Client) did(method string) {
	c.cfg.Count(method, "ok")
	c.reach.mu.Lock()
	defer c.reach.mu.Unlock()
	c.reach.well(c.cfg.Now())
	c.reach.news = time.Now()
}

// didNot notes how a letter failed. Files go another way than posts, and large
// ones fail by themselves: they say nothing about what staff see.
func (c *Client) didNot(ctx context.Context, method string, f *failure) {
	c.cfg.Count(method, f.code)
	if ctx.Err() != nil || !strings.HasPrefix(method, "chat.") {
		return
	}
	c.reach.mu.Lock()
	defer c.reach.mu.Unlock()
	switch {
	case f.outage():
		c.reach.letters.failed(c.cfg.Now())
	case f.after == 0:
		c.reach.well(c.cfg.Now())
	}
	c.reach.news = time.Now()
}

// Away reports whether Slack has not done anything for us for a while. It only
// looks at what is known, and never waits.
func (c *Client) Away() bool {
	now := c.cfg.Now()
	c.reach.mu.Lock()
	defer c.reach.mu.Unlock()
	return c.reach.asked.long(now) || c.reach.letters.long(now) && time.Since(c.reach.letters.last) < lettersCount
}

// Probe asks Slack whether it is there.
func (c *Client) Probe(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	_, err := c.sdk.AuthTestContext(ctx)
	c.reach.mu.Lock()
	defer c.reach.mu.Unlock()
	c.reach.news = time.Now()
	switch {
	case err == nil:
		c.reach.back = c.reach.back || c.reach.asked.long(c.cfg.Now())
		c.reach.asked = failing{}
	case sortError(err).outage():
		c.reach.asked.failed(c.cfg.Now())
	}
}

// Watch asks now and then whether Slack is there, and keeps the homes fresh,
// until ctx ends.
func (c *Client) Watch(ctx context.Context) error {
	c.reach.mu.Lock()
	c.reach.news = time.Now() // nobody is asked at the start
	c.reach.mu.Unlock()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		c.Look(ctx)
		c.freshen(ctx)
	}
}

// Look asks Slack when nothing was heard for long, or only failures; believes
// another process that it is there; and lets go what waits when it is back.
func (c *Client) Look(ctx context.Context) {
	c.inquire(ctx)
	c.reach.mu.Lock()
	back := c.reach.back
	c.reach.back = false
	c.reach.mu.Unlock()
	if !back || c.cfg.Back == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if err := c.cfg.Back(ctx); err != nil && ctx.Err() == nil {
		c.cfg.Log.WarnContext(ctx, "Slack is back; what waits for it goes at its next try", "err", err)
	}
}

func (c *Client) inquire(ctx context.Context) {
	c.reach.mu.Lock()
	since := c.reach.letters.first
	if asked := c.reach.asked.first; since.IsZero() || !asked.IsZero() && asked.Before(since) {
		since = asked
	}
	ask := !since.IsZero() || time.Since(c.reach.news) >= askEvery
	c.reach.mu.Unlock()
	if ask {
		c.Probe(ctx)
	}
	if since.IsZero() || c.cfg.Carried == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	if went, err := c.cfg.Carried(ctx, since); err == nil && went {
		c.reach.mu.Lock()
		defer c.reach.mu.Unlock()
		c.reach.well(c.cfg.Now()) // from here anew
	}
}
