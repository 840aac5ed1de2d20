package slackapi

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// DeliveryKind is the way a delivery takes.
type DeliveryKind string

// The kinds of deliveries, named as in Socket Mode.
const (
	DeliveryEvent       DeliveryKind = "events_api"
	DeliveryInteractive DeliveryKind = "interactive"
	DeliveryCommand     DeliveryKind = "slash_commands"
)

// Delivery is one attempt to hand something to the app.
type Delivery struct {
	At      time.Time       `json:"at"`
	Kind    DeliveryKind    `json:"kind"`
	Type    string          `json:"type"` // "message", "block_actions", "/tsunagu", …
	EventID string          `json:"event_id,omitempty"`
	Attempt int             `json:"attempt"` // 0 is the first
	Via     string          `json:"via"`     // "http" or "socket"
	Took    time.Duration   `json:"took"`
	Status  int             `json:"status,omitempty"` // HTTP status
	Acked   bool            `json:"acked"`
	Failure string          `json:"failure,omitempty"` // as in X-Slack-Retry-Reason
	Payload json.RawMessage `json:"payload"`
}

// parcel is something to deliver.
type parcel struct {
	kind     DeliveryKind
	name     string // Delivery.Type
	eventID  string
	payload  obj
	body     []byte // of payload; set by seal
	options  bool   // goes to the options URL
	response bool   // may be answered with content
	attempt  int
	reason   string
}

func (p *parcel) seal() error {
	body, err := json.Marshal(p.payload)
	if err != nil {
		return fmt.Errorf("encode %s: %w", p.name, err)
	}
	p.body = body
	return nil
}

// answer is what the app said to a parcel.
type answer struct {
	acked   bool
	status  int
	body    []byte
	ctype   string
	noRetry bool
	reason  string // why it was not acknowledged
	via     string
	took    time.Duration
}

var errRedirects = errors.New("too many redirects")

func deliveryClient(c *http.Client) *http.Client {
	if c != nil {
		return c
	}
	return &http.Client{
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 3 * time.Second}).DialContext,
			MaxIdleConnsPerHost: 64,
			IdleConnTimeout:     30 * time.Second,
		},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > 2 {
				return errRedirects
			}
			return nil
		},
	}
}

// deliver makes one attempt, over Socket Mode when a connection is open, else
// over HTTP, and writes it into the log.
func (w *Workspace) deliver(ctx context.Context, p *parcel) answer {
	start := time.Now()
	var a answer
	switch {
	case w.isDown():
		a = answer{reason: "connection_failed", via: "http"}
	case w.sockets.open():
		a = w.overSocket(ctx, p)
	default:
		a = w.overHTTP(ctx, p)
	}
	a.took = time.Since(start)
	w.book.delivered(Delivery{
		At: w.now(), Kind: p.kind, Type: p.name, EventID: p.eventID, Attempt: p.attempt, Via: a.via,
		Took: a.took, Status: a.status, Acked: a.acked, Failure: a.reason, Payload: p.body,
	})
	if !a.acked && ctx.Err() == nil && a.reason != "connection_failed" {
		w.violate(Violation{
			Kind: ViolationLateAck, Method: p.name, Error: a.reason,
			Detail: fmt.Sprintf("%s attempt %d over %s: status %d after %v", p.eventID, p.attempt, a.via, a.status, a.took.Round(time.Millisecond)),
		})
	}
	w.changed(Change{Kind: ChangeDelivery})
	return a
}

func (w *Workspace) target(p *parcel) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case p.kind == DeliveryEvent:
		return w.targets.Events
	case p.kind == DeliveryCommand:
		return w.targets.Commands
	case p.options && w.targets.Options != "":
		return w.targets.Options
	}
	return w.targets.Interactions
}

func (w *Workspace) overHTTP(ctx context.Context, p *parcel) answer {
	target := w.target(p)
	if target == "" {
		return answer{reason: "connection_failed", via: "http"}
	}
	body, ctype := p.body, "application/json"
	switch p.kind {
	case DeliveryInteractive:
		body, ctype = []byte(url.Values{"payload": {string(p.body)}}.Encode()), "application/x-www-form-urlencoded"
	case DeliveryCommand:
		form := url.Values{}
		for key, value := range p.payload {
			form.Set(key, fmt.Sprint(value))
		}
		body, ctype = []byte(form.Encode()), "application/x-www-form-urlencoded"
	case DeliveryEvent:
	}
	ctx, cancel := context.WithTimeout(ctx, w.cfg.AckTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return answer{reason: "unknown_error", via: "http"}
	}
	req.Header.Set("Content-Type", ctype)
	req.Header.Set("Accept", "*/*")
	req.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	if p.attempt > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		req.Header.Set("X-Slack-Retry-Reason", p.reason)
	}
	Sign(req.Header, w.cfg.SigningSecret, w.now(), body)
	res, err := w.client.Do(req)
	if err != nil {
		return answer{reason: failureReason(ctx, err), via: "http"}
	}
	defer func() { _ = res.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return answer{status: res.StatusCode, reason: failureReason(ctx, err), via: "http"}
	}
	a := answer{status: res.StatusCode, body: content, ctype: res.Header.Get("Content-Type"), via: "http"}
	if res.StatusCode >= 200 && res.StatusCode < 300 {
		a.acked = true
	} else {
		a.reason = "http_error"
		a.noRetry = res.Header.Get("X-Slack-No-Retry") == "1"
	}
	return a
}

// failureReason names an error as X-Slack-Retry-Reason does.
func failureReason(ctx context.Context, err error) string {
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "http_timeout"
	case errors.Is(err, errRedirects):
		return "too_many_redirects"
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return "connection_failed"
	}
	return "unknown_error"
}

// Sign puts Slack's v0 signature of body into header.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func Sign(header http.Header, secret string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:", stamp)
	_, _ = mac.Write(body)
	header.Set("X-Slack-Request-Timestamp", stamp)
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
}

// VerifyURL does what Slack does when a request URL is saved: it posts a
// url_verification challenge to the events target and wants it echoed.
// https://docs.slack.dev/reference/events/url_verification
func (w *Workspace) VerifyURL(ctx context.Context) error {
	challenge := w.ids.hex(16)
	p := &parcel{kind: DeliveryEvent, name: "url_verification", payload: obj{
		"type": "url_verification", "challenge": challenge, "token": "stand-in",
	}}
	if err := p.seal(); err != nil {
		return err
	}
	a := w.overHTTP(ctx, p)
	if !a.acked {
		return fmt.Errorf("verify events URL: %s, status %d", a.reason, a.status)
	}
	var echo struct {
		Challenge string `json:"challenge"`
	}
	form, _ := url.ParseQuery(string(a.body))
	_ = json.Unmarshal(a.body, &echo)
	if string(bytes.TrimSpace(a.body)) != challenge && echo.Challenge != challenge && form.Get("challenge") != challenge {
		return fmt.Errorf("verify events URL: the answer does not echo the challenge")
	}
	return nil
}
