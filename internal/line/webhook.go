package line

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// MaxBody is the largest webhook accepted, in bytes. LINE publishes no limit;
// a delivery holds at most a few events of some kilobytes.
const MaxBody = 1 << 20

// maxEvents bounds one delivery.
const maxEvents = 500

// appendWithin is how long an append may take: LINE counts a webhook as failed
// after two seconds.
const appendWithin = 1800 * time.Millisecond

// envelope is the part of an event that is read before it is durable.
type envelope struct {
	Type      string `json:"type"`
	Timestamp int64  `json:"timestamp"`
	ID        string `json:"webhookEventId"`
	Source    struct {
		UserID  string `json:"userId"`
		GroupID string `json:"groupId"`
		RoomID  string `json:"roomId"`
	} `json:"source"`
}

// readEnvelope reads as much of an event as has the shape we know. One event
// of another shape must not cost the resident the others of its delivery.
func readEnvelope(raw json.RawMessage) envelope {
	var e envelope
	_ = json.Unmarshal(raw, &e) // raw is JSON; fields of another type stay empty
	return e
}

// received is what the inbox holds of an event.
type received struct {
	Received time.Time       `json:"received"`
	Event    json.RawMessage `json:"event"`
}

// ServeHTTP takes a webhook: the signature over the raw bytes, all events in
// one transaction, then 200. Nothing is thought about here.
func (c *Client) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "use POST", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			c.cfg.Count("webhook", "too long")
			http.Error(w, "the body is longer than 1 MiB", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	if !c.signed(body, r.Header.Get("X-Line-Signature")) {
		c.cfg.Count("webhook", "bad signature")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	mail, err := c.mail(body)
	if err != nil {
		c.cfg.Count("webhook", "bad body")
		http.Error(w, "the body is not a LINE webhook", http.StatusBadRequest)
		return
	}
	if len(mail) > 0 {
		ctx, cancel := context.WithTimeout(r.Context(), appendWithin)
		defer cancel()
		added, err := c.cfg.Inbox.Append(ctx, mail)
		if err != nil {
			// Not durable, so not 200: LINE delivers it again.
			c.cfg.Count("webhook", "not stored")
			c.cfg.Log.ErrorContext(ctx, "webhook not stored", "events", len(mail), "err", err)
			http.Error(w, "try again", http.StatusServiceUnavailable)
			return
		}
		if added < len(mail) {
			c.cfg.Count("webhook", "repeated")
		}
	}
	c.cfg.Count("webhook", "ok")
	w.WriteHeader(http.StatusOK)
}

// signed compares in constant time with each secret in force.
func (c *Client) signed(body []byte, signature string) bool {
	ok := false
	for _, secret := range c.cfg.Secrets {
		ok = webhook.ValidateSignature(secret, signature, body) || ok
	}
	return ok
}

// mail cuts a delivery into pieces of mail, each in its resident's lane.
func (c *Client) mail(body []byte) ([]mailbox.Mail, error) {
	var delivery struct {
		Events []json.RawMessage `json:"events"`
	}
	if err := json.Unmarshal(body, &delivery); err != nil {
		return nil, err
	}
	if len(delivery.Events) > maxEvents {
		return nil, errors.New("too many events")
	}
	now := c.cfg.Now()
	mail := make([]mailbox.Mail, 0, len(delivery.Events))
	for _, raw := range delivery.Events {
		e := readEnvelope(raw)
		id := e.ID
		if id == "" || len(id) > 64 {
			sum := sha256.Sum256(raw)
			id = hex.EncodeToString(sum[:])
		}
		b, err := json.Marshal(received{Received: now, Event: raw})
		if err != nil {
			return nil, err
		}
		at := time.UnixMilli(e.Timestamp)
		if e.Timestamp <= 0 || at.After(now.Add(time.Hour)) {
			at = now
		}
		mail = append(mail, mailbox.Mail{
			Key: "line:" + id, Lane: c.lane(e), Source: mailbox.FromLINE, At: at, Body: b,
		})
		c.cfg.Count("event", known(e.Type))
	}
	return mail, nil
}

// lane is whose order an event keeps. A group is one lane, whoever writes in it.
func (c *Client) lane(e envelope) string {
	switch s := e.Source; {
	case s.GroupID != "":
		return c.cfg.Pseudonym(s.GroupID)
	case s.RoomID != "":
		return c.cfg.Pseudonym(s.RoomID)
	case s.UserID != "":
		return c.cfg.Pseudonym(s.UserID)
	default:
		return "line" // events of the channel itself
	}
}

// known keeps metrics to LINE's own event names.
func known(kind string) string {
	switch kind {
	case "message", "follow", "unfollow", "postback", "unsend", "join", "leave", "memberJoined", "memberLeft",
		"videoPlayComplete", "beacon", "accountLink", "membership", "module", "activated", "deactivated",
		"botSuspended", "botResumed", "delivery":
		return kind
	}
	return "other"
}
