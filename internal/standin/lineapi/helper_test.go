package lineapi

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

const (
	testSecret = "secret-of-the-channel"
	testToken  = "token-of-the-channel"
)

// clock is a time that only moves when told.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is a platform with a server before it, the SDK as its client, and a bot
// that keeps what it is sent.
type rig struct {
	*Platform
	t      *testing.T
	clock  *clock
	url    string
	sdk    *messaging_api.MessagingApiAPI
	blob   *messaging_api.MessagingApiBlobAPI
	mu     sync.Mutex
	posted []*webhook.CallbackRequest
	bodies []string
	answer func(http.ResponseWriter, *http.Request) // of the bot; nil means 200
}

func newRig(t *testing.T, change func(*Config)) *rig {
	t.Helper()
	r := &rig{t: t, clock: newClock()}
	bot := httptest.NewServer(http.HandlerFunc(r.hook))
	t.Cleanup(bot.Close)
	cfg := Config{
		ChannelSecret: testSecret, ChannelToken: testToken, WebhookURL: bot.URL + "/line/webhook",
		Now: r.clock.Now, Seed: 7,
	}
	if change != nil {
		change(&cfg)
	}
	p, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.Platform = p
	t.Cleanup(p.Close)
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	r.url = server.URL
	if r.sdk, err = messaging_api.NewMessagingApiAPI(testToken, messaging_api.WithEndpoint(r.url)); err != nil {
		t.Fatal(err)
	}
	if r.blob, err = messaging_api.NewMessagingApiBlobAPI(testToken, messaging_api.WithBlobEndpoint(r.url)); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r *rig) hook(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	req.Body = io.NopCloser(strings.NewReader(string(body)))
	got, err := webhook.ParseRequest(testSecret, req)
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.mu.Lock()
	r.posted = append(r.posted, got)
	r.bodies = append(r.bodies, string(body))
	answer := r.answer
	r.mu.Unlock()
	if answer != nil {
		answer(w, req)
	}
}

func (r *rig) setAnswer(f func(http.ResponseWriter, *http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// webhooks returns what the bot got.
func (r *rig) webhooks() []*webhook.CallbackRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*webhook.CallbackRequest(nil), r.posted...)
}

func (r *rig) rawWebhooks() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.bodies...)
}

// deliver delivers and insists on 200.
func (r *rig) deliver(events ...*Event) {
	r.t.Helper()
	receipt, err := r.Deliver(r.t.Context(), events...)
	if err != nil || !receipt.OK() {
		r.t.Fatalf("deliver: got %+v, %v, want 200", receipt, err)
	}
}

// said lets a person say something and returns the reply token the bot got.
func (r *rig) said(user, text string) string {
	r.t.Helper()
	e := r.Message(Person(user), Text{Text: text})
	r.deliver(e)
	return e.ReplyToken
}

// do sends a request as LINE wants it and returns status and body.
func (r *rig) do(method, path, body string, headers ...string) (int, string, http.Header) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i+1] == "" {
			req.Header.Del(headers[i])
			continue
		}
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return res.StatusCode, string(got), res.Header
}

// wantStatus sends and compares status and body.
func (r *rig) want(status int, body string, method, path, request string, headers ...string) {
	r.t.Helper()
	gotStatus, got, _ := r.do(method, path, request, headers...)
	if gotStatus != status || got != body {
		r.t.Errorf("%s %s %s:\n got %d %s\nwant %d %s", method, path, clip(request), gotStatus, got, status, body)
	}
}

func clip(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}

func (r *rig) phone(id string) Phone {
	r.t.Helper()
	ph, found := r.Phone(id)
	if !found {
		r.t.Fatalf("phone %s: not found", id)
	}
	return ph
}

func (r *rig) user() string {
	r.t.Helper()
	id, err := r.AddUser(User{Name: "山田花子", Language: "ja"})
	if err != nil {
		r.t.Fatal(err)
	}
	return id
}

func (r *rig) wantViolations(kinds ...ViolationKind) {
	r.t.Helper()
	var got []ViolationKind
	for _, v := range r.Violations() {
		got = append(got, v.Kind)
	}
	if len(got) != len(kinds) {
		r.t.Errorf("violations: got %v, want %v (%+v)", got, kinds, r.Violations())
		return
	}
	for i := range kinds {
		if got[i] != kinds[i] {
			r.t.Errorf("violation %d: got %s, want %s", i, got[i], kinds[i])
		}
	}
}

func text(s string) messaging_api.MessageInterface { return &messaging_api.TextMessage{Text: s} }

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}
