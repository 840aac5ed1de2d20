package lineapi

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// The reasons LINE gives for a webhook that failed.
// https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/
const (
	ReasonTimeout      = "request_timeout"
	ReasonNoConnection = "could_not_connect"
	ReasonStatus       = "error_status_code"
	ReasonUnclassified = "unclassified"
)

// Receipt is how the bot's server took a webhook.
type Receipt struct {
	Status int    // 0 when no answer came
	Reason string // empty when all is well
	Took   time.Duration
}

// OK reports an answer 2xx in time.
func (r Receipt) OK() bool { return r.Reason == "" }

// Deliver posts one webhook with these events, in this order; without events
// it is LINE's connection check. Reply tokens live from now on. A webhook that
// fails is no error, but a receipt that is not OK; it is posted again in the
// background when [Config.Redelivery] says so. Events made in one order may be
// delivered in another.
func (p *Platform) Deliver(ctx context.Context, events ...*Event) (Receipt, error) {
	r, err := p.deliver(ctx, false, events)
	if err == nil && !r.OK() && p.cfg.Redelivery.Times > 0 && len(events) > 0 {
		p.redeliverLater(events)
	}
	return r, err
}

// Redeliver posts the events once more on purpose: same ids and times, marked
// as redelivered.
func (p *Platform) Redeliver(ctx context.Context, events ...*Event) (Receipt, error) {
	p.mu.Lock()
	p.counters.WebhookRedelivered++
	p.mu.Unlock()
	return p.deliver(ctx, true, events)
}

// DeliverTimes posts the very same webhook several times at the same moment,
// as happens when an answer is lost on the way.
func (p *Platform) DeliverTimes(ctx context.Context, times int, events ...*Event) ([]Receipt, error) {
	target, body, err := p.prepare(false, events)
	if err != nil {
		return nil, err
	}
	signature := p.Sign(body)
	out := make([]Receipt, times)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range out {
		all.Go(func() {
			<-start
			out[i] = p.post(ctx, target, body, signature)
		})
	}
	close(start)
	all.Wait()
	return out, ctx.Err()
}

// Post posts any body with any signature, for what an attacker would send.
// [Platform.Sign] makes the right signature.
func (p *Platform) Post(ctx context.Context, body []byte, signature string) (Receipt, error) {
	p.mu.Lock()
	target := p.webhook
	p.mu.Unlock()
	if target == "" {
		return Receipt{}, errNoWebhook
	}
	return p.post(ctx, target, body, signature), ctx.Err()
}

// Sign is the value of x-line-signature for a body.
func (p *Platform) Sign(body []byte) string {
	h := hmac.New(sha256.New, []byte(p.cfg.ChannelSecret))
	h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// Encode is the body Deliver would post, without posting it.
func (p *Platform) Encode(events ...*Event) []byte { return p.encodeWebhook(events, false) }

var errNoWebhook = errors.New("lineapi: deliver: the webhook URL is not set")

func (p *Platform) deliver(ctx context.Context, redelivery bool, events []*Event) (Receipt, error) {
	target, body, err := p.prepare(redelivery, events)
	if err != nil {
		return Receipt{}, err
	}
	r := p.post(ctx, target, body, p.Sign(body))
	if err := ctx.Err(); err != nil {
		return r, fmt.Errorf("lineapi: deliver a webhook: %w", err)
	}
	return r, nil
}

// prepare starts the life of reply tokens and encodes the webhook.
func (p *Platform) prepare(redelivery bool, events []*Event) (target string, body []byte, err error) {
	for _, e := range events {
		if e == nil {
			return "", nil, errNoEvent
		}
		if e.err != nil {
			return "", nil, e.err
		}
	}
	p.mu.Lock()
	target = p.webhook
	now := p.now()
	for _, e := range events {
		t := p.replies[e.ReplyToken]
		if t == nil || redelivery && now.Sub(t.issued) >= maxTokenAge {
			continue
		}
		t.expires = now.Add(p.cfg.ReplyTokenLife)
	}
	p.mu.Unlock()
	if target == "" {
		return "", nil, errNoWebhook
	}
	return target, p.encodeWebhook(events, redelivery), nil
}

func (p *Platform) encodeWebhook(events []*Event, redelivery bool) []byte {
	list := make([]map[string]any, len(events))
	for i, e := range events {
		list[i] = e.json(redelivery)
	}
	return encode(map[string]any{"destination": p.cfg.BotUserID, "events": list})
}

// post sends a webhook and waits for the answer as long as LINE does.
func (p *Platform) post(ctx context.Context, target string, body []byte, signature string) Receipt {
	ctx, cancel := context.WithTimeout(ctx, p.cfg.WebhookTimeout)
	defer cancel()
	start := time.Now()
	r := Receipt{}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err == nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		req.Header.Set("User-Agent", "LineBotWebhook/2.0")
		req.Header["x-line-signature"] = []string{signature} // lower case, as LINE sends it
		var res *http.Response
		if res, err = p.cfg.HTTP.Do(req); err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
			_ = res.Body.Close() // read to its end above
			r.Status = res.StatusCode
		}
	}
	r.Took = time.Since(start)
	r.Reason = reason(ctx, r.Status, err)
	p.mu.Lock()
	p.counters.Webhooks++
	if !r.OK() {
		p.counters.WebhookFailures++
	}
	p.mu.Unlock()
	return r
}

func reason(ctx context.Context, status int, err error) string {
	var netError net.Error
	var dial *net.OpError
	switch {
	case err == nil && status >= 200 && status < 300:
		return ""
	case err == nil:
		return ReasonStatus
	case ctx.Err() != nil, errors.As(err, &netError) && netError.Timeout():
		return ReasonTimeout
	case errors.As(err, &dial) && dial.Op == "dial":
		return ReasonNoConnection
	}
	return ReasonUnclassified
}

// redeliverLater tries again and again with growing pauses. The platform owns
// the goroutine: Close ends it.
func (p *Platform) redeliverLater(events []*Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.stop:
		return
	default:
	}
	if p.pending == 0 {
		p.idle = make(chan struct{})
	}
	p.pending++
	p.background.Go(func() {
		defer p.redelivered()
		wait := p.cfg.Redelivery.Wait
		for range p.cfg.Redelivery.Times {
			pause := time.NewTimer(wait)
			select {
			case <-pause.C:
			case <-p.stop:
				pause.Stop()
				return
			}
			// Bounded by WebhookTimeout, so that Close need not interrupt it.
			r, err := p.Redeliver(context.Background(), events...)
			if err == nil && r.OK() {
				return
			}
			wait *= 2
		}
	})
}

func (p *Platform) redelivered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pending--; p.pending == 0 {
		close(p.idle)
	}
}

// Settled waits until no redelivery is outstanding.
func (p *Platform) Settled(ctx context.Context) error {
	p.mu.Lock()
	idle := p.idle
	if p.pending == 0 {
		idle = nil
	}
	p.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("lineapi: wait for redeliveries: %w", ctx.Err())
	}
}
