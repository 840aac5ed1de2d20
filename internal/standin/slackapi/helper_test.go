package slackapi

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

const (
	testToken  = "xoxb-test-token"
	testApp    = "xapp-test-token"
	testSecret = "signing-secret"
	sato       = "U0SATO"
	suzuki     = "U0SUZUKI"
	boss       = "U0BOSS"
	town       = "C0TOWN"  // public, the app is in
	desk       = "G0DESK"  // private, the app is in
	other      = "C0OTHER" // public, the app is not in
	secret     = "G0OTHER" // private, the app is not in
)

func testConfig() Config {
	return Config{
		BotToken: testToken, AppToken: testApp, SigningSecret: testSecret,
		App: App{Name: "tsunagu"},
		Members: []Member{
			{ID: sato, Name: "sato", DisplayName: "佐藤", Email: "sato@example.jp"},
			{ID: suzuki, Name: "suzuki", DisplayName: "鈴木"},
			{ID: boss, Name: "boss", DisplayName: "所長", Admin: true},
		},
		Channels: []Channel{
			{ID: town, Name: "まち", Bot: true, Members: []string{sato, suzuki, boss}},
			{ID: desk, Name: "相談", Private: true, Bot: true, Members: []string{sato, suzuki}},
			{ID: other, Name: "other", Members: []string{sato}},
			{ID: secret, Name: "secret", Private: true, Members: []string{sato}},
		},
		Limits:  Limits{Off: true},
		Retries: []time.Duration{},
		Log:     slog.New(slog.DiscardHandler),
	}
}

// impatient makes the workspace give up soon, for tests that answer late. The
// others keep Slack's three seconds, so that a slow machine does not fail them.
func impatient(c *Config) { c.AckTimeout = 150 * time.Millisecond }

// start runs a workspace and returns an SDK client for it.
func start(t *testing.T, change func(*Config)) (*Workspace, *slack.Client) {
	t.Helper()
	cfg := testConfig()
	if change != nil {
		change(&cfg)
	}
	w, err := New(cfg)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	server := httptest.NewServer(w.Handler())
	w.SetBaseURL(server.URL)
	t.Cleanup(func() {
		w.Close()
		server.Close()
	})
	return w, slack.New(testToken, slack.OptionAPIURL(server.URL+"/api/"), slack.OptionAppLevelToken(testApp))
}

// hit is a request the app received.
type hit struct {
	path   string
	header http.Header
	form   url.Values
	body   obj // of events and interactions
}

func (h hit) event() obj { o, _ := h.body["event"].(obj); return o }

// app is an app under test: it checks signatures with the SDK, keeps what it
// gets, and answers with what answer writes (nil: an empty 200).
type app struct {
	t      *testing.T
	mu     sync.Mutex
	hits   []hit
	answer func(http.ResponseWriter, hit)
	arrive chan struct{}
}

func (a *app) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	verifier, err := slack.NewSecretsVerifier(r.Header, testSecret)
	if err == nil {
		_, _ = verifier.Write(raw)
		err = verifier.Ensure()
	}
	if err != nil {
		a.t.Errorf("signature of %s: %v", r.URL.Path, err)
	}
	h := hit{path: r.URL.Path, header: r.Header.Clone()}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(raw, &h.body)
	} else {
		h.form, _ = url.ParseQuery(string(raw))
		if p := h.form.Get("payload"); p != "" {
			_ = json.Unmarshal([]byte(p), &h.body)
		}
	}
	a.mu.Lock()
	a.hits = append(a.hits, h)
	answer := a.answer
	a.mu.Unlock()
	select {
	case a.arrive <- struct{}{}:
	default:
	}
	if answer != nil {
		answer(rw, h)
	}
}

func (a *app) answerWith(f func(http.ResponseWriter, hit)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = f
}

// all returns what arrived at a path.
func (a *app) all(path string) []hit {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []hit
	for _, h := range a.hits {
		if h.path == path {
			out = append(out, h)
		}
	}
	return out
}

// events returns the inner events of a type, in order of arrival.
func (a *app) events(kind string) []obj {
	var out []obj
	for _, h := range a.all("/events") {
		if h.event()["type"] == kind {
			out = append(out, h.event())
		}
	}
	return out
}

// startApp runs an app and points the workspace at it.
func startApp(t *testing.T, w *Workspace) *app {
	t.Helper()
	a := &app{t: t, arrive: make(chan struct{}, 100)}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	w.SetTargets(Targets{
		Events: server.URL + "/events", Interactions: server.URL + "/interactions", Commands: server.URL + "/commands",
	})
	return a
}

func short(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// settle waits until all events are delivered.
func settle(t *testing.T, w *Workspace) {
	t.Helper()
	if err := w.Settle(short(t)); err != nil {
		t.Fatal(err)
	}
}

// wantCode checks the error code of an SDK call.
func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("got error %v, want none", err)
		}
		return
	}
	refused, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok || refused.Err != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

// post posts through the SDK and returns the ts.
func post(t *testing.T, api *slack.Client, channel string, options ...slack.MsgOption) string {
	t.Helper()
	_, ts, err := api.PostMessageContext(short(t), channel, options...)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	return ts
}

func text(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

// raw makes a call without the SDK and returns the answer.
func raw(t *testing.T, w *Workspace, method, ctype, bearer, body string) (http.Header, obj) {
	t.Helper()
	w.mu.Lock()
	base := w.base
	w.mu.Unlock()
	req, err := http.NewRequestWithContext(short(t), http.MethodPost, base+"/api/"+method, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if ctype != "" {
		req.Header.Set("Content-Type", ctype)
	}
	if bearer != "" {
		req.Header.Set("Authorization", "Bearer "+bearer)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	defer func() { _ = res.Body.Close() }()
	var out obj
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatalf("%s: answer is no JSON: %v", method, err)
	}
	return res.Header, out
}

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json; charset=utf-8"
)

// clock is a clock that only moves when told.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Now()} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func button(text, action, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, slack.NewTextBlockObject(slack.PlainTextType, text, false, false))
}

func plainText(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

func markdown(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, false)
}

// card is a message with two buttons.
func card(t *testing.T, api *slack.Client, channel string) (ts string) {
	t.Helper()
	return post(t, api, channel, text("相談が届きました"), slack.MsgOptionBlocks(
		slack.NewSectionBlock(markdown("*家賃が払えない*"), nil, nil),
		slack.NewActionBlock("act", button("担当する", "claim", "case-1"), button("返信", "reply", "case-1")),
	))
}

func hasViolation(w *Workspace, kind ViolationKind, code string) bool {
	return slices.ContainsFunc(w.Violations(kind), func(v Violation) bool { return v.Error == code })
}
