package line

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/google/uuid"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Why a letter can never be delivered.
const (
	Blocked = "blocked" // the resident blocked the account
	Quota   = "quota"   // the month's messages are used up
	Refused = "refused" // LINE does not accept it as it is
	Unclear = "unclear" // a reply whose fate cannot be known any more
)

// Waiting is what staff are told of a reply that LINE cannot take now, from
// the third try on: after about two seconds.
const (
	Waiting   = "waiting"
	waitsFrom = 3
)

// Carry brings one letter to LINE.
func (c *Client) Carry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	switch l.Kind {
	case reception.LetterSay:
		return c.say(ctx, l)
	case reception.LetterFetch:
		return c.fetch(ctx, l)
	case reception.LetterMenu:
		return c.showMenu(ctx, l)
	case reception.LetterLeave:
		return c.leave(ctx, l)
	}
	return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: fmt.Errorf("unknown letter kind %q", l.Kind)}
}

// say sends messages, by reply while that is right, else by push.
//
// A reply is free but knows no retry key. It may be tried again with the same
// token: the token works once, so "Invalid reply token" after an unclear try
// means that the try had arrived. It turns into a push only when it surely did
// not arrive: refused at the first clear try, or never begun in the token's
// life. https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
func (c *Client) say(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var s reception.Say
	if err := json.Unmarshal(l.Body, &s); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: fmt.Errorf("read letter: %w", err)}
	}
	messages, err := bot.DecodeMessages(s.Messages)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	rendered := Render(messages, s.From)
	if len(rendered) == 0 {
		return mailbox.Receipt{}, nil
	}
	unclear := l.Tries > 1 && !l.Clear
	if s.ReplyToken != "" {
		young := c.cfg.Now().Before(s.ReplyUntil)
		if young || unclear {
			receipt, push, err := c.reply(ctx, s, rendered, unclear, young)
			if !push {
				return delivered(receipt, s, l), c.bury(err, s, l)
			}
		}
	}
	if s.To == "" || strings.HasPrefix(s.To, "U") {
		id, gone, err := c.cfg.Store.Contact(ctx, residentOf(l.Lane))
		if errors.Is(err, reception.ErrNotFound) && s.To != "" {
			id, err = s.To, nil // the last word to somebody who was erased
		}
		if err != nil {
			return mailbox.Receipt{}, &mailbox.RetryError{Clear: !unclear, Err: fmt.Errorf("find contact: %w", err)}
		}
		if gone {
			return mailbox.Receipt{}, c.bury(&mailbox.GoneError{Reason: Blocked, Err: errors.New("the resident blocked the account")}, s, l)
		}
		if s.To == "" {
			s.To = id
		}
	}
	receipt, err := c.push(ctx, s, rendered, l.ID)
	return delivered(receipt, s, l), c.bury(err, s, l)
}

// reply tries the reply token. push reports that the letter must go by push.
func (c *Client) reply(ctx context.Context, s reception.Say, messages []messaging_api.MessageInterface, unclear, young bool) (r mailbox.Receipt, push bool, err error) {
	api, err := c.api(ctx)
	if err != nil {
		return r, false, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, body, err := api.ReplyMessageWithHttpInfo(&messaging_api.ReplyMessageRequest{ReplyToken: s.ReplyToken, Messages: messages})
	if err == nil {
		c.cfg.Count("reply", "ok")
		return mailbox.Receipt{Ref: firstID(body.SentMessages)}, false, nil
	}
	f := read(res, err)
	c.cfg.Count("reply", f.kind())
	switch {
	case f.status == http.StatusBadRequest && strings.Contains(f.message, "Invalid reply token"):
		if unclear && young {
			return r, false, nil // the unclear try had arrived
		}
		if unclear {
			// Used or expired: nobody can tell. Sending it again could say it twice.
			return r, false, &mailbox.GoneError{Reason: Unclear, Err: f}
		}
		return r, true, nil
	case f.status == http.StatusTooManyRequests:
		return r, false, &mailbox.RetryError{After: time.Second, Clear: !unclear, Pause: true, Err: f}
	case f.status == http.StatusUnauthorized || f.status == http.StatusForbidden:
		// The channel's token is wrong: an operator mends it, the letter waits.
		return r, false, &mailbox.RetryError{After: time.Minute, Clear: !unclear, Pause: true, Err: f}
	case f.status >= 400 && f.status < 500:
		return r, false, &mailbox.GoneError{Reason: Refused, Err: f}
	default:
		return r, false, &mailbox.RetryError{Clear: f.nothingSent && !unclear, Err: f}
	}
}

// push sends with a retry key derived from the letter, so that however often
// it is tried LINE takes it once (for 24 hours).
func (c *Client) push(ctx context.Context, s reception.Say, messages []messaging_api.MessageInterface, letter string) (mailbox.Receipt, error) {
	api, err := c.api(ctx)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, body, err := api.PushMessageWithHttpInfo(&messaging_api.PushMessageRequest{To: s.To, Messages: messages}, retryKey(letter))
	if err == nil {
		c.cfg.Count("push", "ok")
		return mailbox.Receipt{Ref: firstID(body.SentMessages)}, nil
	}
	f := read(res, err)
	c.cfg.Count("push", f.kind())
	switch {
	case f.status == http.StatusConflict:
		return mailbox.Receipt{}, nil // it had arrived
	case f.status == http.StatusTooManyRequests:
		spent, err := c.quotaSpent(ctx)
		if err == nil && spent {
			return mailbox.Receipt{}, &mailbox.GoneError{Reason: Quota, Err: f}
		}
		return mailbox.Receipt{}, &mailbox.RetryError{After: time.Second, Clear: true, Pause: true, Err: f}
	case f.status == http.StatusUnauthorized || f.status == http.StatusForbidden:
		return mailbox.Receipt{}, &mailbox.RetryError{After: time.Minute, Clear: true, Pause: true, Err: f}
	case f.status >= 400 && f.status < 500:
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: f}
	default:
		return mailbox.Receipt{}, &mailbox.RetryError{Err: f} // the key makes another try harmless
	}
}

// retryKey is the same for the same letter for ever.
func retryKey(letter string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("tsunagu:"+letter)).String()
}

// quotaSpent asks which of the two kinds of 429 it was: too fast, or the
// month's messages used up.
func (c *Client) quotaSpent(ctx context.Context) (bool, error) {
	api, err := c.api(ctx)
	if err != nil {
		return false, err
	}
	quota, err := api.GetMessageQuota()
	if err != nil || quota.Type != messaging_api.QuotaType_LIMITED {
		return false, err
	}
	used, err := api.GetMessageQuotaConsumption()
	if err != nil {
		return false, err
	}
	return used.TotalUsage >= quota.Value, nil
}

func (c *Client) leave(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var where reception.Leave
	if err := json.Unmarshal(l.Body, &where); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	api, err := c.api(ctx)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	var res *http.Response
	if where.Group != "" {
		res, _, err = api.LeaveGroupWithHttpInfo(where.Group) //nolint:bodyclose // read closes it
	} else {
		res, _, err = api.LeaveRoomWithHttpInfo(where.Room) //nolint:bodyclose // read closes it
	}
	if err == nil {
		return mailbox.Receipt{}, nil
	}
	if f := read(res, err); f.status >= 400 && f.status < 500 && f.status != http.StatusTooManyRequests {
		return mailbox.Receipt{}, nil // not in it any more
	}
	return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: err}
}

// arrived is the fate of a reply that reached the resident.
const arrived = "sent"

// delivered lets the thread show that a staff reply arrived.
func delivered(r mailbox.Receipt, s reception.Say, l mailbox.Letter) mailbox.Receipt {
	r.Follow = follow(s, l, arrived)
	return r
}

// bury adds what staff must see to a letter that can never arrive.
func (c *Client) bury(err error, s reception.Say, l mailbox.Letter) error {
	var gone *mailbox.GoneError
	if errors.As(err, &gone) {
		c.cfg.Count("gone", gone.Reason)
		gone.Follow = follow(s, l, gone.Reason)
	}
	var retry *mailbox.RetryError
	if errors.As(err, &retry) && l.Tries >= waitsFrom {
		retry.Follow = follow(s, l, Waiting)
	}
	return err
}

// follow draws a staff reply's entry in the thread anew, with its fate.
func follow(s reception.Say, l mailbox.Letter, fate string) []mailbox.Letter {
	if s.Entry == "" || s.Lane == "" {
		return nil
	}
	channel := strings.TrimPrefix(s.Lane, "slack:")
	body, err := json.Marshal(reception.EntryRef{Case: s.Case, Entry: s.Entry, Fate: fate})
	if err != nil {
		return nil
	}
	at := reception.CaseAt(s.Entry, channel)
	mark := "/fate"
	if fate == Waiting { // the fate itself is still to come
		mark = "/waits"
	}
	return []mailbox.Letter{{
		ID: l.ID + mark, Lane: s.Lane, Kind: reception.LetterEntry, Subject: at, Fold: "entry:" + at, Body: body,
		Urgent: fate != arrived && fate != Waiting, Yields: true,
	}}
}

// failure is what LINE, or the way to it, answered.
type failure struct {
	status      int
	message     string // LINE's own words about the request; never the resident's
	nothingSent bool   // the request surely did not reach LINE
	err         error
}

func (f *failure) Error() string {
	if f.status != 0 {
		return fmt.Sprintf("LINE answered %d: %s", f.status, f.message)
	}
	return "LINE not reached: " + f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

func (f *failure) kind() string {
	if f.status != 0 {
		return http.StatusText(f.status)
	}
	return "unreached"
}

// read sorts an SDK error. The SDK leaves the answer's body readable.
func read(res *http.Response, err error) *failure {
	f := &failure{err: err}
	if res == nil {
		var op *net.OpError
		f.nothingSent = errors.Is(err, syscall.ECONNREFUSED) || errors.As(err, &op) && op.Op == "dial"
		return f
	}
	f.status = res.StatusCode
	raw, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10))
	_ = res.Body.Close()
	var body struct {
		Message string `json:"message"`
		Details []struct {
			Message  string `json:"message"`
			Property string `json:"property"`
		} `json:"details"`
	}
	if json.Unmarshal(bytes.TrimSpace(raw), &body) == nil {
		f.message = body.Message
		for _, d := range body.Details {
			f.message += "; " + d.Property + ": " + d.Message
		}
	}
	if f.status/100 == 2 { // an answer that could not be read: it was done
		f.status = 0
	}
	return f
}

func residentOf(lane string) string { return strings.TrimPrefix(lane, "line:") }

func firstID(sent []messaging_api.SentMessage) string {
	if len(sent) == 0 {
		return ""
	}
	return sent[0].Id
}
