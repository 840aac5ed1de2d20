package slackapi

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

func TestOrderedFailures(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	say := func() error {
		_, _, err := api.PostMessageContext(ctx, town, text("x"))
		return err
	}
	stored := func() int { return len(w.Messages(town)) }

	o := w.Fail(Failure{Method: "chat.postMessage", Error: "fatal_error", Times: 2})
	wantCode(t, say(), "fatal_error")
	wantCode(t, say(), "fatal_error")
	wantCode(t, say(), "")
	if o.Hits() != 2 || stored() != 1 {
		t.Errorf("got %d hits and %d messages, want 2 and 1", o.Hits(), stored())
	}

	w.Fail(Failure{Method: "chat.postMessage", Kind: FailStatus, Times: 1})
	status, ok := errors.AsType[slack.StatusCodeError](say())
	if !ok || status.Code != http.StatusInternalServerError || stored() != 1 {
		t.Errorf("FailStatus: got %v", status)
	}

	w.Fail(Failure{Method: "chat.postMessage", Kind: FailRateLimited, Retry: 1500 * time.Millisecond, Times: 1})
	limited, ok := errors.AsType[*slack.RateLimitedError](say())
	if !ok || limited.RetryAfter != 2*time.Second || stored() != 1 {
		t.Errorf("FailRateLimited: got %+v, want Retry-After 2", limited)
	}

	w.Fail(Failure{Method: "chat.postMessage", Kind: FailBefore, Times: 1})
	if err := say(); !errors.Is(err, io.EOF) || stored() != 1 {
		t.Errorf("FailBefore: got %v and %d messages, want EOF and 1", err, stored())
	}
	w.Fail(Failure{Method: "chat.postMessage", Kind: FailAfter, Times: 1})
	if err := say(); !errors.Is(err, io.EOF) || stored() != 2 {
		t.Errorf("FailAfter: got %v and %d messages, want EOF and 2", err, stored())
	}

	w.Fail(Failure{Kind: FailDelay, Delay: 50 * time.Millisecond, Times: 1})
	begin := time.Now()
	if err := say(); err != nil || time.Since(begin) < 50*time.Millisecond || stored() != 3 {
		t.Errorf("FailDelay: got %v after %v", err, time.Since(begin))
	}

	o = w.Fail(Failure{Method: "chat.postMessage", Channel: desk})
	wantCode(t, say(), "")
	_, _, err := api.PostMessageContext(ctx, desk, text("x"))
	wantCode(t, err, "internal_error")
	o.Withdraw()
	_, _, err = api.PostMessageContext(ctx, desk, text("x"))
	wantCode(t, err, "")
	w.Fail(Failure{})
	wantCode(t, say(), "internal_error")
	w.WithdrawAll()
	wantCode(t, say(), "")
	if got := w.Violations(ViolationRefused); len(got) != 0 {
		t.Errorf("ordered failures count as violations: %v", got)
	}
}

func TestFailuresByProbabilityRepeat(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		w, api := start(t, func(c *Config) { c.Seed = seed })
		w.Fail(Failure{Method: "api.test", Probability: 0.5})
		var b strings.Builder
		for range 40 {
			_, out := raw(t, w, "api.test", formType, testToken, "")
			if out["ok"] == true {
				b.WriteByte('.')
			} else {
				b.WriteByte('x')
			}
		}
		_ = api
		return b.String()
	}
	first := run(1)
	if again := run(1); again != first {
		t.Errorf("the same seed gives %s and %s", first, again)
	}
	if n := strings.Count(first, "x"); n < 8 || n > 32 {
		t.Errorf("%d of 40 calls failed, want about half: %s", n, first)
	}
	if other := run(2); other == first {
		t.Error("another seed gives the same")
	}
}

func TestFailuresElsewhere(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	if _, err := w.Click(ctx, On(sato, desk, card(t, api, desk)), "返信"); err != nil {
		t.Fatal(err)
	}
	address := lastInteraction(t, a).ResponseURL
	w.Fail(Failure{Method: "response_url", Kind: FailAfter, Times: 1})
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "x"}); err == nil || len(w.Ephemerals(sato)) != 1 {
		t.Errorf("response_url: got %v and %d messages, want an error and 1", err, len(w.Ephemerals(sato)))
	}
	w.Fail(Failure{Method: "upload", Kind: FailStatus, Status: 503, Times: 1})
	_, err := api.UploadFileContext(ctx, slack.UploadFileParameters{Filename: "a", FileSize: 1, Content: "a", Channel: town})
	if status, ok := errors.AsType[slack.StatusCodeError](err); !ok || status.Code != 503 {
		t.Errorf("upload: got %v", err)
	}
}

func TestDown(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) { c.Retries = []time.Duration{20 * time.Millisecond, 50 * time.Millisecond} })
	a := startApp(t, w)
	ctx := short(t)
	ts := card(t, api, desk)
	settle(t, w)
	if _, err := w.Post(sato, desk, "", "まだ"); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	w.SetDown(true)
	if _, _, err := api.PostMessageContext(ctx, town, text("x")); !errors.Is(err, io.EOF) {
		t.Errorf("API while down: got %v", err)
	}
	_, posted := w.Post(sato, desk, "", "x")
	_, clicked := w.Click(ctx, On(sato, desk, ts), "返信")
	_, command := w.Command(ctx, sato, desk, "/x", "")
	for _, err := range []error{posted, clicked, command, w.OpenHome(sato)} {
		if !errors.Is(err, ErrDown) {
			t.Errorf("people while down: got %v", err)
		}
	}
	if got := len(a.all("/events")); got != 2 {
		t.Errorf("%d events arrived, want 2", got)
	}
	w.SetDown(false)
	post(t, api, town, text("x"))
	if _, err := w.Click(ctx, On(sato, desk, ts), "返信"); err != nil {
		t.Error(err)
	}
}

func TestEventsUnderWayWhenSlackGoesDownAreRepeated(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.Retries = []time.Duration{time.Millisecond, 80 * time.Millisecond} })
	a := startApp(t, w)
	a.answerWith(func(rw http.ResponseWriter, h hit) {
		if h.header.Get("X-Slack-Retry-Num") == "" {
			w.SetDown(true)
			rw.WriteHeader(http.StatusInternalServerError)
		}
	})
	if _, err := w.Post(sato, desk, "", "x"); err != nil {
		t.Fatal(err)
	}
	if err := w.Wait(short(t), func() bool { return len(w.Deliveries()) == 2 }); err != nil {
		t.Fatal(err)
	}
	w.SetDown(false)
	settle(t, w)
	if got := len(a.all("/events")); got != 2 {
		t.Errorf("got %d deliveries, want the first and the one after Slack was back", got)
	}
}
