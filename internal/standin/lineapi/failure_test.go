package lineapi

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

func (r *rig) fail(f Failure) (cancel func()) {
	r.t.Helper()
	cancel, err := r.Fail(f)
	if err != nil {
		r.t.Fatal(err)
	}
	return cancel
}

func (r *rig) push(to, key string) error {
	_, err := r.sdk.PushMessage(&messaging_api.PushMessageRequest{To: to, Messages: []messaging_api.MessageInterface{text("a")}}, key)
	return err
}

func TestFailuresBefore(t *testing.T) {
	t.Parallel()
	for kind, want := range map[FailureKind]string{
		Answer500:       `500, {"message":"Internal Server Error"}`,
		AnswerRate:      `429, {"message":"The API rate limit has been exceeded. Try again later."}`,
		AnswerQuota:     `429, {"message":"You have reached your monthly limit."}`,
		Answer400:       `400, {"message":"Bad Request"}`,
		CloseConnection: "EOF",
	} {
		r := newRig(t, nil)
		user := r.user()
		r.fail(Failure{Endpoint: EndpointPush, Kind: kind, Times: 2})
		for range 2 {
			if err := r.push(user, keyA); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", kind, err, want)
			}
		}
		if n := r.phone(user).BotBubbles; n != 0 {
			t.Errorf("%s: %d bubbles, want none: it struck before", kind, n)
		}
		if err := r.push(user, keyA); err != nil {
			t.Errorf("%s: the third time: got %v, want 200", kind, err)
		}
		r.wantViolations()
		if got := r.Counters().Failed; got != 2 {
			t.Errorf("%s: failures counted: got %d, want 2", kind, got)
		}
	}
}

func TestFailuresAfterAreAmbiguous(t *testing.T) {
	t.Parallel()
	for _, kind := range []FailureKind{CloseConnection, Answer500} {
		r := newRig(t, nil)
		user := r.user()
		r.fail(Failure{Endpoint: EndpointPush, Kind: kind, After: true, Times: 1})
		if err := r.push(user, keyA); err == nil {
			t.Errorf("%s: got no error", kind)
		}
		if n := r.phone(user).BotBubbles; n != 1 {
			t.Errorf("%s: %d bubbles, want 1: it struck after", kind, n)
		}
		if err := r.push(user, keyA); err == nil || !strings.Contains(err.Error(), "409") {
			t.Errorf("%s: again: got %v, want 409", kind, err)
		}

		token := r.said(user, "a")
		r.fail(Failure{Endpoint: EndpointReply, Kind: kind, After: true, Times: 1})
		reply := &messaging_api.ReplyMessageRequest{ReplyToken: token, Messages: []messaging_api.MessageInterface{text("b")}}
		if _, err := r.sdk.ReplyMessage(reply); err == nil {
			t.Errorf("%s: reply: got no error", kind)
		}
		if _, err := r.sdk.ReplyMessage(reply); err == nil || !strings.Contains(err.Error(), "Invalid reply token") {
			t.Errorf("%s: reply again: got %v, want Invalid reply token: it had arrived", kind, err)
		}
		if n := r.phone(user).BotBubbles; n != 2 {
			t.Errorf("%s: %d bubbles, want 2", kind, n)
		}
		r.wantViolations() // to try again after silence is what a careful bot does
	}
}

func TestFailuresMatchTheirEndpoint(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	cancel := r.fail(Failure{Endpoint: EndpointReply, Kind: Answer500})
	if err := r.push(user, keyA); err != nil {
		t.Errorf("push while replies fail: got %v", err)
	}
	cancel()
	r.fail(Failure{Kind: Answer500}) // all, always
	for range 3 {
		if _, err := r.sdk.GetBotInfo(); err == nil {
			t.Error("all endpoints: got no error")
		}
	}
	if status, _, _ := r.do("GET", "/v2/bot/info", "", "Authorization", "Bearer wrong"); status != 401 {
		t.Errorf("wrong token: got %d, want 401 before any failure", status)
	}
	r.ClearFailures()
	if _, err := r.sdk.GetBotInfo(); err != nil {
		t.Errorf("cleared: got %v", err)
	}
}

func TestChanceRepeatsWithItsSeed(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		r := newRig(t, func(c *Config) { c.Seed = seed })
		r.fail(Failure{Kind: Answer500, Chance: 0.5})
		var out strings.Builder
		for range 40 {
			status, _, _ := r.do("GET", "/v2/bot/info", "")
			out.WriteByte(byte('0' + status/100))
		}
		return out.String()
	}
	a, b, c := run(1), run(1), run(2)
	if a != b || a == c {
		t.Errorf("runs: got %s and %s with one seed, %s with another", a, b, c)
	}
	if n := strings.Count(a, "5"); n < 8 || n > 32 {
		t.Errorf("failures of 40 at one half: got %d", n)
	}
}

func TestDelays(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		r := newRig(t, nil)
		user := r.user()
		r.fail(Failure{Endpoint: EndpointPush, Kind: JustDelay, Delay: 150 * time.Millisecond, After: after, Times: 1})
		client := &http.Client{Timeout: 50 * time.Millisecond}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/v2/bot/message/push",
			strings.NewReader(`{"to":"`+user+`","messages":[{"type":"text","text":"a"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+testToken)
		req.Header.Set("Content-Type", "application/json")
		if res, err := client.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			t.Errorf("after=%v: got an answer in time", after)
		}
		if _, err := r.WaitBubbles(soon(t), user, 1); err != nil {
			t.Errorf("after=%v: the message of a caller that hung up: got %v, want it delivered", after, err)
		}
		r.wantViolations()
	}
}

func TestFailOrdersAreChecked(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for _, f := range []Failure{
		{}, {Kind: "earthquake"}, {Kind: JustDelay}, {Kind: AnswerRate, After: true}, {Kind: Answer400, After: true},
		{Kind: Answer500, Chance: 2}, {Kind: Answer500, Times: -1},
	} {
		if _, err := r.Fail(f); err == nil {
			t.Errorf("%+v: got no error", f)
		}
	}
}

func TestAbortedConnectionLooksAborted(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.fail(Failure{Endpoint: EndpointPush, Kind: CloseConnection, Times: 1})
	err := r.push(r.user(), keyA)
	if !errors.Is(err, io.EOF) {
		t.Errorf("got %v, want io.EOF", err)
	}
}
