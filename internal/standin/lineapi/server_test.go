package lineapi

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]Config{
		"no secret":    {ChannelToken: "t"},
		"no token":     {ChannelSecret: "s"},
		"bot id":       {ChannelSecret: "s", ChannelToken: "t", BotUserID: "bot"},
		"chat mode":    {ChannelSecret: "s", ChannelToken: "t", ChatMode: "talk"},
		"keep bubbles": {ChannelSecret: "s", ChannelToken: "t", KeepBubbles: -2},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

func TestAuthorization(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	const confirm = `. Confirm that the access token in the authorization header is valid."}`
	for header, reason := range map[string]string{
		"":                    "missing or invalid authorization header",
		"Basic abc":           "missing or invalid authorization header",
		"Bearer ":             "missing or invalid authorization header",
		"Bearer wrong":        "invalid token",
		"bearer " + testToken: "missing or invalid authorization header",
	} {
		r.want(401, `{"message":"Authentication failed due to the following reason: `+reason+confirm,
			"GET", "/v2/bot/info", "", "Authorization", header)
	}
	r.SetToken("new")
	if _, err := r.sdk.GetBotInfo(); err == nil || !strings.Contains(err.Error(), "401") {
		t.Errorf("old token: got %v, want 401", err)
	}
	if status, _, _ := r.do("GET", "/v2/bot/info", "", "Authorization", "Bearer new"); status != 200 {
		t.Errorf("new token: got %d, want 200", status)
	}
	if n := len(r.Violations()); n != 6 {
		t.Errorf("violations: got %d, want 6", n)
	}
}

func TestRequestsAreReadStrictly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	const push = "/v2/bot/message/push"
	user := r.user()
	good := `{"to":"` + user + `","messages":[{"type":"text","text":"a"}]}`
	r.want(415, `{"message":"The content type, text/plain, is not supported"}`, "POST", push, good, "Content-Type", "text/plain")
	r.want(415, `{"message":"The content type, , is not supported"}`, "POST", push, good, "Content-Type", "")
	if status, _, _ := r.do("POST", push, good, "Content-Type", "Application/JSON; charset=UTF-8"); status != 200 {
		t.Errorf("JSON with a charset: got %d, want 200", status)
	}
	r.want(400, `{"message":"The request body could not be parsed as JSON (line: 2, column: 3)"}`, "POST", push, "{\n  to:1}")
	r.want(400, `{"message":"The request body could not be parsed as JSON (line: 1, column: 1)"}`, "POST", push, "\xff", "Content-Type", "application/json")
	r.want(400, `{"message":"The request body could not be parsed as JSON (line: 1, column: 1)"}`, "POST", push, "[]")
	r.want(400, `{"message":"The property, 'to', in the request body is invalid (line: 1, column: 7)"}`, "POST", push, `{"to":["a"],"messages":[{"type":"text","text":"a"}]}`)
	r.want(400, `{"message":"The property, 'notificationDisabled', in the request body is invalid (line: 1, column: 25)"}`, "POST", push,
		`{"notificationDisabled":"no","to":"`+user+`","messages":[{"type":"text","text":"a"}]}`)
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"invalid unit name","property":"customAggregationUnits[0]"}]}`, "POST", push,
		`{"customAggregationUnits":["a b"],"to":"`+user+`","messages":[{"type":"text","text":"a"}]}`)
	r.want(400, `{"message":"The request body has 2 error(s)","details":[{"message":"May not be empty","property":"to"},{"message":"May not be empty","property":"messages"}]}`, "POST", push, `{}`)
	fat := strings.Replace(good, `"a"}`, `"a","pad":"`+rep("x", maxBody-len(good)-9)+`"}`, 1)
	if status, got, _ := r.do("POST", push, fat); status != 200 {
		t.Errorf("body of %d bytes: got %d %s, want 200", len(fat), status, got)
	}
	r.want(413, `{"message":"The request exceeds the max size of 2MB"}`, "POST", push, fat+rep(" ", maxBody+1-len(fat)))
	r.want(404, `{"message":"Not found"}`, "GET", "/v2/bot/nothing", "")
	r.want(405, `{"message":"The HTTP method is not allowed for the URL"}`, "GET", push, "")
}

func TestChunkedBodyIsLimited(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/v2/bot/message/push", struct{ *strings.Reader }{strings.NewReader(rep(" ", maxBody+1))})
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = -1
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", res.StatusCode)
	}
}

func TestEveryAnswerHasARequestID(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	uuid := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for _, path := range []string{"/v2/bot/info", "/v2/bot/nothing", "/", "/v2/bot/profile/x", "/v2/bot/message/push"} {
		for _, auth := range []string{"Bearer " + testToken, ""} {
			_, _, h := r.do("GET", path, "", "Authorization", auth)
			id := h.Get("x-line-request-id")
			if !uuid.MatchString(id) || seen[id] {
				t.Errorf("%s: request id %q is no new UUID", path, id)
			}
			seen[id] = true
			if got := h.Get("Content-Type"); got != "application/json" {
				t.Errorf("%s: content type: got %s", path, got)
			}
		}
	}
}

func TestTwoHosts(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	api, data := httptest.NewServer(r.APIHandler()), httptest.NewServer(r.DataHandler())
	defer api.Close()
	defer data.Close()
	e := r.Message(Person(r.user()), Image{Data: []byte("photo")})
	for _, c := range []struct {
		base, path string
		want       int
	}{
		{api.URL, "/v2/bot/info", 200},
		{data.URL, "/v2/bot/info", 404},
		{data.URL, "/v2/bot/message/" + e.MessageID + "/content", 200},
		{api.URL, "/v2/bot/message/" + e.MessageID + "/content", 404},
		{r.url, "/v2/bot/message/" + e.MessageID + "/content", 200},
	} {
		r.url = c.base
		if got, _, _ := r.do("GET", c.path, ""); got != c.want {
			t.Errorf("%s: got %d, want %d", c.path, got, c.want)
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	const slow = `{"message":"The API rate limit has been exceeded. Try again later."}`
	r := newRig(t, func(c *Config) {
		c.Rates = map[Endpoint]Rate{EndpointInfo: {3, time.Second}, EndpointAny: {5, time.Hour}}
	})
	for i := range 3 {
		if status, _, _ := r.do("GET", "/v2/bot/info", ""); status != 200 {
			t.Errorf("request %d: got %d, want 200", i, status)
		}
	}
	r.want(429, slow, "GET", "/v2/bot/info", "")
	r.clock.Advance(500 * time.Millisecond)
	r.want(429, slow, "GET", "/v2/bot/info", "")
	r.clock.Advance(2 * time.Second)
	if status, _, _ := r.do("GET", "/v2/bot/info", ""); status != 200 {
		t.Errorf("later: got %d, want 200", status)
	}
	for range 5 {
		r.do("GET", "/v2/bot/message/quota", "")
	}
	r.want(429, slow, "GET", "/v2/bot/message/quota", "")
	if status, _, _ := r.do("GET", "/v2/bot/message/quota/consumption", ""); status != 200 {
		t.Error("each endpoint has its own count")
	}
	r.wantViolations()
	if got := r.Counters().RateLimited; got != 3 {
		t.Errorf("rate limited: got %d, want 3", got)
	}
}

func TestPublishedRatesAreTheDefault(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	counts := map[int]int{}
	for range 150 {
		status, _, _ := r.do("POST", "/v2/bot/chat/loading/start", `{"chatId":"`+user+`"}`)
		counts[status]++
	}
	if counts[202] != 100 || counts[429] != 50 {
		t.Errorf("loading animations in one moment: got %v, want 100 accepted", counts)
	}
}

func TestWindowNeverLetsMoreThrough(t *testing.T) {
	t.Parallel()
	var w window
	rate := Rate{100, time.Second}
	now := time.Date(2026, 1, 1, 0, 0, 0, 900e6, time.UTC)
	var let []time.Time
	for range 3000 {
		if w.take(now, rate) {
			let = append(let, now)
		}
		now = now.Add(time.Millisecond)
	}
	for i := range let {
		n := 0
		for _, at := range let[i:] {
			if at.Sub(let[i]) < time.Second {
				n++
			}
		}
		if n > 100 {
			t.Fatalf("within a second from %v: got %d, want at most 100", let[i], n)
		}
	}
	if len(let) != 300 {
		t.Errorf("in three seconds: got %d, want 300", len(let))
	}
}
