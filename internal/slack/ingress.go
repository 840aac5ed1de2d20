package slack

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
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// MaxBody is the largest request accepted, in bytes. Slack publishes no limit;
// the largest are view submissions, of at most some hundred kilobytes.
const MaxBody = 1 << 20

// maxAge is how old a signature may be.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
const maxAge = 5 * time.Minute

// answerWithin bounds everything between a request and its answer: Slack gives
// up after three seconds.
// https://docs.slack.dev/apis/events-api/#responding
const answerWithin = 2400 * time.Millisecond

// answer is what Slack gets for a request, over HTTP or a socket. A status of
// 500 or more means that nothing is durable.
type answer struct {
	status  int
	body    []byte // JSON, or nil
	noRetry bool   // the same request again cannot help
}

var (
	fine       = answer{status: http.StatusOK}
	notDurable = answer{status: http.StatusServiceUnavailable}
	malformed  = answer{status: http.StatusBadRequest, noRetry: true}
)

// say answers with JSON.
func say(v any) answer {
	body, err := encode(v)
	if err != nil {
		return answer{status: http.StatusInternalServerError}
	}
	return answer{status: http.StatusOK, body: body}
}

// Handler serves POST /slack/events, /slack/interactions and /slack/commands.
func (c *Client) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/slack/events", c.ServeEvents)
	mux.HandleFunc("/slack/interactions", c.ServeInteractions)
	mux.HandleFunc("/slack/commands", c.ServeCommands)
	return mux
}

// ServeEvents takes the Events API.
func (c *Client) ServeEvents(w http.ResponseWriter, r *http.Request) {
	c.serve(w, r, "events", func(ctx context.Context, body []byte) answer { return c.event(ctx, body) })
}

// ServeInteractions takes buttons and modals.
func (c *Client) ServeInteractions(w http.ResponseWriter, r *http.Request) {
	c.serve(w, r, "interactions", func(ctx context.Context, body []byte) answer {
		form, err := url.ParseQuery(string(body))
		if err != nil || form.Get("payload") == "" {
			return malformed
		}
		return c.interaction(ctx, []byte(form.Get("payload")))
	})
}

// ServeCommands takes /tsunagu.
func (c *Client) ServeCommands(w http.ResponseWriter, r *http.Request) {
	c.serve(w, r, "commands", func(_ context.Context, body []byte) answer {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return malformed
		}
		return c.command(slashCommand{
			Command: form.Get("command"), Text: form.Get("text"), User: form.Get("user_id"),
			Channel: form.Get("channel_id"), ResponseURL: form.Get("response_url"),
		})
	})
}

// serve checks a request and answers within Slack's time. Nothing is read out
// of a body whose signature is not right.
func (c *Client) serve(w http.ResponseWriter, r *http.Request, what string, act func(context.Context, []byte) answer) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "use POST", http.StatusMethodNotAllowed)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			c.cfg.Count(what, "too long")
			http.Error(w, "the body is longer than 1 MiB", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the body could not be read", http.StatusBadRequest)
		return
	}
	if !c.signed(r.Header, body) {
		c.cfg.Count(what, "bad signature")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	a := act(ctx, body)
	c.cfg.Count(what, http.StatusText(a.status))
	if a.noRetry {
		w.Header().Set("X-Slack-No-Retry", "1")
	}
	if a.body != nil {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// signed compares in constant time with each secret in force. The signature
// lets replays through for five minutes; what acts has a key that acts once.
func (c *Client) signed(h http.Header, body []byte) bool {
	stamp := h.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || c.cfg.Now().Sub(time.Unix(seconds, 0)).Abs() > maxAge {
		return false
	}
	given := []byte(h.Get("X-Slack-Signature"))
	ok := false
	for _, secret := range c.cfg.SigningSecrets {
		mac := hmac.New(sha256.New, []byte(secret))
		_, _ = fmt.Fprintf(mac, "v0:%s:", stamp)
		_, _ = mac.Write(body)
		ok = hmac.Equal([]byte("v0="+hex.EncodeToString(mac.Sum(nil))), given) || ok
	}
	return ok
}

// keep makes a piece of mail durable, in time; fresh reports that its key was
// not there before.
func (c *Client) keep(ctx context.Context, m mailbox.Mail) (fresh bool, err error) {
	added, err := within(ctx, c, func(ctx context.Context) (int, error) {
		return c.cfg.Inbox.Append(ctx, []mailbox.Mail{m})
	})
	if err != nil {
		c.cfg.Count("command", "not stored")
		c.cfg.Log.ErrorContext(ctx, "command of staff not stored", "key", m.Key, "err", err)
		return false, fmt.Errorf("store mail: %w", err)
	}
	if added == 0 {
		c.cfg.Count("command", "repeated")
	} else {
		c.cfg.Count("command", "ok")
	}
	return added > 0, nil
}

// stamp reads one of Slack's timestamps ("1700000000.000100"). What lies in
// the future, or cannot be read, is now: a wrong clock must not hold mail up.
func stamp(ts string, now time.Time) time.Time {
	seconds, fraction, _ := cutTS(ts)
	at := time.Unix(seconds, fraction*int64(time.Microsecond))
	if seconds <= 0 || at.After(now) {
		return now
	}
	return at
}

func cutTS(ts string) (seconds, micros int64, ok bool) {
	if _, err := fmt.Sscanf(ts, "%d.%06d", &seconds, &micros); err != nil {
		return 0, 0, false
	}
	return seconds, micros, true
}

// encode writes JSON without escaping < > and &: an answer over a socket may
// have 20 KB only.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}
