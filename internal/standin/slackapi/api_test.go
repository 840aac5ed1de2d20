package slackapi

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Config){
		"no token":         func(c *Config) { c.BotToken = "" },
		"user token":       func(c *Config) { c.BotToken = "xoxp-1" },
		"bad app token":    func(c *Config) { c.AppToken = "xoxb-1" },
		"no secret":        func(c *Config) { c.SigningSecret = "" },
		"member twice":     func(c *Config) { c.Members = append(c.Members, Member{ID: sato}) },
		"member without":   func(c *Config) { c.Members = append(c.Members, Member{}) },
		"channel twice":    func(c *Config) { c.Channels = append(c.Channels, Channel{ID: town, Name: "x"}) },
		"channel nameless": func(c *Config) { c.Channels = append(c.Channels, Channel{ID: "C9"}) },
		"unknown member":   func(c *Config) { c.Channels[0].Members = []string{"U404"} },
		"unknown event":    func(c *Config) { c.Events = []string{"message"} },
	} {
		cfg := testConfig()
		change(&cfg)
		if w, err := New(cfg); err == nil {
			w.Close()
			t.Errorf("%s: New accepted it", name)
		}
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	auth, err := api.AuthTestContext(short(t))
	if err != nil {
		t.Fatal(err)
	}
	if auth.BotID != "B0STANDIN" || auth.UserID != "U0STANDIN" || auth.TeamID != "T0STANDIN" {
		t.Errorf("auth.test: got %+v", auth)
	}
	if got := auth.Header.Get("X-OAuth-Scopes"); !strings.Contains(got, "chat:write,") {
		t.Errorf("X-OAuth-Scopes: got %q", got)
	}
	for _, c := range []struct{ method, ctype, bearer, body, want string }{
		{"auth.test", formType, "", "", "not_authed"},
		{"auth.test", formType, "xoxb-other", "", "invalid_auth"},
		{"auth.test", formType, "", "token=" + testToken, ""},
		{"auth.test", formType, testApp, "", ""},
		{"auth.test", jsonType, "", `{"token":"` + testToken + `"}`, "not_authed"},
		{"chat.postMessage", jsonType, testApp, `{"channel":"C0TOWN","text":"x"}`, "not_allowed_token_type"},
		{"apps.connections.open", formType, testToken, "", "not_allowed_token_type"},
		{"apps.connections.open", formType, testApp, "", ""},
		{"files.sharedPublicURL", formType, testToken, "", "unknown_method"},
		{"api.test", formType, "", "error=oops", "oops"},
		{"api.test", formType, "", "a=b", ""},
	} {
		_, out := raw(t, w, c.method, c.ctype, c.bearer, c.body)
		if got, _ := out["error"].(string); got != c.want || out["ok"] != (c.want == "") {
			t.Errorf("%s with %q %q: got %v, want %q", c.method, c.bearer, c.body, out, c.want)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	for _, c := range []struct{ method, ctype, body, want string }{
		{"chat.postMessage", jsonType, `{"channel":"C0TOWN","text":"x"}`, ""},
		{"chat.postMessage", formType, `channel=C0TOWN&text=x`, ""},
		{"chat.postMessage", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"channel\"\r\n\r\nC0TOWN\r\n--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n--b--\r\n", ""},
		{"chat.postMessage", jsonType, `{"channel":`, "invalid_json"},
		{"chat.postMessage", jsonType, `[1]`, "json_not_object"},
		{"chat.postMessage", "text/csv", `a,b`, "invalid_post_type"},
		{"chat.postMessage", "application/json; charset=shift_jis", `{}`, "invalid_charset"},
		{"chat.postMessage", formType, `a=%zz`, "invalid_form_data"},
		{"conversations.info", formType, `channel=C0TOWN`, ""},
		{"conversations.info", jsonType, `{"channel":"C0TOWN"}`, "invalid_arguments"},
		{"conversations.replies", jsonType, `{"channel":"C0TOWN","ts":"1.1"}`, "invalid_arguments"},
		{"chat.getPermalink", jsonType, `{"channel":"C0TOWN","message_ts":"1.1"}`, "invalid_arguments"},
		{"users.info", jsonType, `{"user":"U0SATO"}`, "user_not_found"},
		{"users.list", jsonType, `{}`, ""},
	} {
		_, out := raw(t, w, c.method, c.ctype, testToken, c.body)
		if got, _ := out["error"].(string); got != c.want {
			t.Errorf("%s %s %s: got %v, want %q", c.method, c.ctype, c.body, out, c.want)
		}
	}
	if !hasViolation(w, ViolationAdvice, "json_ignored") {
		t.Error("a JSON body to a reading method is no violation")
	}
	_, out := raw(t, w, "chat.postMessage", "application/json", testToken, `{"channel":"C0TOWN","text":"x"}`)
	meta, _ := out["response_metadata"].(obj)
	if out["warning"] != "missing_charset" || meta["warnings"] == nil {
		t.Errorf("JSON without charset: got %v, want the warning missing_charset", out)
	}
	header, _ := raw(t, w, "chat.postMessage", jsonType, testToken, `{"channel":"C0TOWN","text":"x"}`)
	if got := header.Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type: got %q", got)
	}
}

func TestScopes(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) { c.Scopes = []string{"chat:write", "channels:history", "users:read"} })
	err := api.AddReactionContext(short(t), "eyes", slack.NewRefToMessage(town, "1.1"))
	wantCode(t, err, "missing_scope")
	_, out := raw(t, w, "reactions.add", formType, testToken, "name=eyes")
	if out["needed"] != "reactions:write" || out["provided"] != "channels:history,chat:write,users:read" {
		t.Errorf("missing_scope: got %v", out)
	}
	// The scope of the channel's kind counts, not just any of the method.
	_, err = api.GetConversationHistoryContext(short(t), &slack.GetConversationHistoryParameters{ChannelID: town})
	wantCode(t, err, "")
	_, err = api.GetConversationHistoryContext(short(t), &slack.GetConversationHistoryParameters{ChannelID: desk})
	wantCode(t, err, "missing_scope")
	_, _, err = api.PostMessageContext(short(t), other, text("x"))
	wantCode(t, err, "not_in_channel") // chat:write.public is missing
	user, err := api.GetUserInfoContext(short(t), sato)
	wantCode(t, err, "")
	if user.Profile.Email != "" {
		t.Error("an e-mail address is given without users:read.email")
	}
	if !hasViolation(w, ViolationRefused, "missing_scope") {
		t.Error("missing_scope is no violation")
	}
}

func TestEveryMethodHasAScopeThatExists(t *testing.T) {
	t.Parallel()
	for name, m := range methodTable() {
		for _, scope := range m.scopes {
			if !slices.Contains(AllScopes(), scope) {
				t.Errorf("%s needs %s, which AllScopes lacks", name, scope)
			}
		}
	}
}

func TestRateLimits(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w, api := start(t, func(c *Config) {
		c.Now = clock.now
		c.Limits = Limits{PostBurst: 2, PerMinute: map[string]int{"chat.update": 1}}
	})
	ts := post(t, api, town, text("1"))
	post(t, api, town, text("2"))
	_, _, err := api.PostMessageContext(short(t), town, text("3"))
	limited, ok := err.(*slack.RateLimitedError) //nolint:errorlint // the SDK returns it bare
	if !ok || limited.RetryAfter.Seconds() != 1 {
		t.Fatalf("third post in a burst of two: got %v, want 429 with Retry-After 1", err)
	}
	post(t, api, desk, text("another channel has its own limit"))
	clock.forward(limited.RetryAfter)
	post(t, api, town, text("3"))
	if _, _, _, err := api.UpdateMessageContext(short(t), town, ts, text("x")); err != nil {
		t.Fatalf("first update: %v", err)
	}
	_, _, _, err = api.UpdateMessageContext(short(t), town, ts, text("y"))
	if _, ok := err.(*slack.RateLimitedError); !ok { //nolint:errorlint // the SDK returns it bare
		t.Errorf("second update in a minute of one: got %v, want 429", err)
	}
	if got := w.Counters().RateLimited["chat.postMessage"]; got != 1 {
		t.Errorf("counted %d rate-limited posts, want 1", got)
	}
	if got := len(w.Messages(town)); got != 3 {
		t.Errorf("got %d messages, want 3: a refused one was stored", got)
	}
	if got := w.Violations(ViolationRefused); len(got) != 0 {
		t.Errorf("429 counts as violation: %v", got)
	}
}

func TestWorkspaceWideLimitChargesNothingWhenRefused(t *testing.T) {
	t.Parallel()
	clock := newClock()
	l := newLimiter(Limits{PostsPerSecond: 1, PostBurst: 1, PostsPerMinute: 60})
	if wait := l.charge(clock.now(), l.forPost("C1")...); wait != 0 {
		t.Fatalf("first post waits %v", wait)
	}
	for range 100 {
		if wait := l.charge(clock.now(), l.forPost("C1")...); wait <= 0 {
			t.Fatal("second post in the same second is let through")
		}
	}
	if wait := l.charge(clock.now(), l.forPost("C2")...); wait != 0 {
		t.Errorf("refused posts used up the workspace's limit: wait %v", wait)
	}
}

func TestTiers(t *testing.T) {
	t.Parallel()
	table := methodTable()
	for name, perMinute := range map[string]int{
		"chat.update": 50, "chat.delete": 50, "views.open": 100, "views.publish": 100, "users.info": 100,
		"reactions.add": 50, "conversations.list": 20, "users.list": 20, "apps.connections.open": 1,
	} {
		if got := table[name].tier.perMinute(); got != perMinute {
			t.Errorf("%s: got %d a minute, want %d", name, got, perMinute)
		}
	}
}

func TestGetWithQuery(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	req, _ := http.NewRequestWithContext(short(t), http.MethodGet, w.base+"/api/conversations.info?channel="+town, nil)
	req.Header.Set("Authorization", "Bearer "+testToken)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Oauth-Scopes") == "" {
		t.Errorf("GET conversations.info: %v", res.Status)
	}
}
