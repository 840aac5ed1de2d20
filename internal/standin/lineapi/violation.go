package lineapi

import (
	"slices"
	"time"
)

// maxViolations bounds what is remembered; the first ones tell the story.
const maxViolations = 1000

// ViolationKind says what went wrong.
type ViolationKind string

// The kinds of violations.
const (
	// Refused is a request LINE answers with 4xx for what it is: its body,
	// token, path, media type or size.
	Refused ViolationKind = "refused"
	// TokenReused is a reply token used again after a reply with it got 200.
	// To try again when the answer was lost on the way is no violation.
	TokenReused ViolationKind = "reply token reused"
	// TokenUnknown is a reply token this platform never issued.
	TokenUnknown ViolationKind = "reply token unknown"
	// RetryKeyRefused is a retry key where LINE takes none (on a reply, say),
	// or one that is no UUID.
	RetryKeyRefused ViolationKind = "retry key refused"
	// RetryKeyChanged is a retry key used again with another body: LINE
	// answers 409 and the second message is lost.
	RetryKeyChanged ViolationKind = "retry key with another body"
	// UnknownRecipient is a message to somebody LINE has never seen here.
	UnknownRecipient ViolationKind = "unknown recipient"
	// Unseen is a quick reply on a message that is not the last of its
	// request: nobody ever sees it.
	Unseen ViolationKind = "quick reply nobody sees"
	// Ignored is a field LINE does not know, and does not mind outside Flex:
	// most likely a slip of the pen.
	Ignored ViolationKind = "unknown field ignored"
)

// Violation is something LINE refuses, or that is surely a bug although LINE
// takes it. Failures to order, rates, quota and expiry are none: a correct
// caller meets them too.
type Violation struct {
	Time      time.Time     `json:"time"`
	Kind      ViolationKind `json:"kind"`
	Endpoint  Endpoint      `json:"endpoint"`
	Status    int           `json:"status"`
	RequestID string        `json:"requestId"`
	Detail    string        `json:"detail"` // LINE's words and the place; never what was said
}

// Violations lists what the caller did wrong, oldest first, at most the first
// thousand.
func (p *Platform) Violations() []Violation {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.violations)
}

// violation needs the lock.
func (p *Platform) violation(c *call, k ViolationKind, status int, detail string) {
	p.counters.Violations++
	p.cfg.Log.Warn("LINE rule broken", "kind", string(k), "endpoint", string(c.endpoint), "status", status, "request", c.requestID)
	if len(p.violations) < maxViolations {
		p.violations = append(p.violations, Violation{
			Time: p.now(), Kind: k, Endpoint: c.endpoint, Status: status, RequestID: c.requestID, Detail: detail,
		})
	}
	p.changed(nil, ChangeViolation)
}

// Counters are totals since the start.
type Counters struct {
	Replies            int `json:"replies"`     // accepted requests
	Pushes             int `json:"pushes"`      // accepted requests
	Multicasts         int `json:"multicasts"`  // accepted requests
	Bubbles            int `json:"bubbles"`     // of the bot, on phones
	Undelivered        int `json:"undelivered"` // accepted, but the recipient blocked the account or is no friend
	QuotaUsed          int `json:"quotaUsed"`   // this month
	WithoutKey         int `json:"withoutKey"`  // accepted pushes and multicasts without a retry key: not refused, not safe to repeat
	Repeats            int `json:"repeats"`     // 409: already accepted under that retry key
	ExpiredTokens      int `json:"expiredTokens"`
	RateLimited        int `json:"rateLimited"`
	QuotaExceeded      int `json:"quotaExceeded"`
	Failed             int `json:"failed"`  // ordered failures that struck
	Refused            int `json:"refused"` // 4xx in all
	Violations         int `json:"violations"`
	Webhooks           int `json:"webhooks"` // deliveries tried, redeliveries among them
	WebhookFailures    int `json:"webhookFailures"`
	WebhookRedelivered int `json:"webhookRedelivered"`
}

// Counters returns the totals.
func (p *Platform) Counters() Counters {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counters
	c.QuotaUsed = p.quota.used(p.now())
	return c
}
