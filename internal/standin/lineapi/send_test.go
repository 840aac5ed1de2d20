package lineapi

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

const keyA, keyB = "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174001"

func TestReplyArrivesOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	token := r.said(user, "家賃が払えない")
	got, err := r.sdk.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: token, Messages: []messaging_api.MessageInterface{text("お話を聞かせてください。"), text("どんなことですか。")}})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.SentMessages) != 2 || got.SentMessages[0].Id == "" || got.SentMessages[0].QuoteToken == "" {
		t.Errorf("sent messages: got %+v, want two with id and quote token", got.SentMessages)
	}
	ph := r.phone(user)
	if len(ph.Bubbles) != 3 || ph.Bubbles[1].Text != "お話を聞かせてください。" || ph.Bubbles[1].Via != ViaReply || !ph.Bubbles[1].FromBot {
		t.Errorf("bubbles: got %+v", ph.Bubbles)
	}
	if ph.Bubbles[1].ID != got.SentMessages[0].Id {
		t.Errorf("bubble id: got %s, want %s", ph.Bubbles[1].ID, got.SentMessages[0].Id)
	}
	if c := r.Counters(); c.Replies != 1 || c.QuotaUsed != 0 || ph.Replies != 1 {
		t.Errorf("counters: got %+v, want one reply, free of charge", c)
	}
	r.wantViolations()

	_, err = r.sdk.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: token, Messages: []messaging_api.MessageInterface{text("もう一度")}})
	if err == nil || !strings.Contains(err.Error(), `400, {"message":"Invalid reply token"}`) {
		t.Errorf("second use: got %v, want 400 Invalid reply token", err)
	}
	if n := r.phone(user).BotBubbles; n != 2 {
		t.Errorf("bubbles of the bot: got %d, want 2", n)
	}
	r.wantViolations(TokenReused)
}

func TestReplyTokenExpires(t *testing.T) {
	t.Parallel()
	const invalid = `{"message":"Invalid reply token"}`
	r := newRig(t, nil)
	user := r.user()
	body := func(token string) string {
		return `{"replyToken":"` + token + `","messages":[{"type":"text","text":"a"}]}`
	}
	e := r.Message(Person(user), Text{Text: "a"})
	r.want(400, invalid, "POST", "/v2/bot/message/reply", body(e.ReplyToken)) // not delivered yet
	r.clock.Advance(10 * time.Minute)
	r.deliver(e) // the minute begins with the delivery
	r.clock.Advance(time.Minute)
	r.want(400, invalid, "POST", "/v2/bot/message/reply", body(e.ReplyToken))
	if _, err := r.Redeliver(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	r.clock.Advance(59 * time.Second)
	if status, got, _ := r.do("POST", "/v2/bot/message/reply", body(e.ReplyToken)); status != 200 {
		t.Errorf("after redelivery: got %d %s, want 200", status, got)
	}

	old := r.Message(Person(user), Text{Text: "b"})
	r.deliver(old)
	r.clock.Advance(maxTokenAge)
	if _, err := r.Redeliver(t.Context(), old); err != nil {
		t.Fatal(err)
	}
	r.want(400, invalid, "POST", "/v2/bot/message/reply", body(old.ReplyToken)) // 20 minutes after the event
	r.said(user, "c")                                                           // lets the platform forget
	r.want(400, invalid, "POST", "/v2/bot/message/reply", body(old.ReplyToken))
	r.wantViolations() // a correct caller may be late
	if got := r.Counters().ExpiredTokens; got != 4 {
		t.Errorf("expired tokens: got %d, want 4", got)
	}
	r.want(400, invalid, "POST", "/v2/bot/message/reply", body("c39a30ae43c042b691808ef9a94ca71d"))
	r.wantViolations(TokenUnknown)
}

func TestReplyLifeIsConfigurable(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.ReplyTokenLife = 5 * time.Second })
	token := r.said(r.user(), "a")
	r.clock.Advance(5 * time.Second)
	r.want(400, `{"message":"Invalid reply token"}`, "POST", "/v2/bot/message/reply",
		`{"replyToken":"`+token+`","messages":[{"type":"text","text":"a"}]}`)
}

func TestRefusedReplyCostsItsToken(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	token := r.said(r.user(), "a")
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"}]}`,
		"POST", "/v2/bot/message/reply", `{"replyToken":"`+token+`","messages":[{"type":"text","text":""}]}`)
	r.want(400, `{"message":"Invalid reply token"}`, "POST", "/v2/bot/message/reply",
		`{"replyToken":"`+token+`","messages":[{"type":"text","text":"a"}]}`)
	r.wantViolations(Refused)
}

func TestReplyRefusesRetryKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	token := r.said(user, "a")
	body := `{"replyToken":"` + token + `","messages":[{"type":"text","text":"a"}]}`
	status, _, _ := r.do("POST", "/v2/bot/message/reply", body, "X-Line-Retry-Key", keyA)
	if status != 400 {
		t.Errorf("reply with a retry key: got %d, want 400", status)
	}
	r.wantViolations(RetryKeyRefused)
	if status, got, _ := r.do("POST", "/v2/bot/message/reply", body); status != 200 {
		t.Errorf("the token afterwards: got %d %s, want 200", status, got)
	}
	if status, _, _ := r.do("GET", "/v2/bot/profile/"+user, "", "X-Line-Retry-Key", keyA); status != 400 {
		t.Errorf("profile with a retry key: got %d, want 400", status)
	}
}

func TestPushWithRetryKey(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	req := &messaging_api.PushMessageRequest{To: user, Messages: []messaging_api.MessageInterface{text("お返事です")}}
	first, err := r.sdk.PushMessage(req, keyA)
	if err != nil {
		t.Fatal(err)
	}
	res, _, err := r.sdk.PushMessageWithHttpInfo(req, strings.ToUpper(keyA)) // the same UUID
	if res != nil {
		defer func() { _ = res.Body.Close() }()
	}
	if err == nil || res.StatusCode != http.StatusConflict {
		t.Fatalf("same key: got %v, want 409", err)
	}
	if res.Header.Get("x-line-accepted-request-id") == "" || res.Header.Get("x-line-request-id") == "" ||
		res.Header.Get("x-line-accepted-request-id") == res.Header.Get("x-line-request-id") {
		t.Errorf("headers: got %v", res.Header)
	}
	want := fmt.Sprintf(`{"message":"The retry key is already accepted","sentMessages":[{"id":"%s","quoteToken":"%s"}]}`,
		first.SentMessages[0].Id, first.SentMessages[0].QuoteToken)
	if !strings.Contains(err.Error(), want) {
		t.Errorf("body: got %v, want %s", err, want)
	}
	if ph := r.phone(user); ph.BotBubbles != 1 || ph.Bubbles[0].RetryKey != keyA || ph.Bubbles[0].RequestID != res.Header.Get("x-line-accepted-request-id") {
		t.Errorf("phone: got %+v, want one bubble", ph)
	}
	r.wantViolations()

	req.Messages = []messaging_api.MessageInterface{text("別のお返事")}
	if _, err := r.sdk.PushMessage(req, keyA); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("same key, other body: got %v, want 409", err)
	}
	r.wantViolations(RetryKeyChanged)
	if _, err := r.sdk.PushMessage(req, keyB); err != nil {
		t.Error(err)
	}
	r.clock.Advance(24 * time.Hour)
	if _, err := r.sdk.PushMessage(req, keyA); err != nil {
		t.Errorf("the key after 24 hours: got %v, want a new message", err)
	}
	if c := r.Counters(); c.Pushes != 3 || c.Repeats != 2 || c.WithoutKey != 0 || c.QuotaUsed != 3 {
		t.Errorf("counters: got %+v", c)
	}
	if _, err := r.sdk.PushMessage(req, ""); err != nil { // the SDK sends an empty header
		t.Error(err)
	}
	if c := r.Counters(); c.WithoutKey != 1 {
		t.Errorf("pushes without key: got %d, want 1", c.WithoutKey)
	}
	if status, _, _ := r.do("POST", "/v2/bot/message/push", `{}`, "X-Line-Retry-Key", "not-a-uuid"); status != 400 {
		t.Errorf("key that is no UUID: got %d, want 400", status)
	}
}

func TestRetryKeyIgnoresOrderOfFields(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	for i, body := range []string{
		`{"to":"` + user + `","messages":[{"type":"text","text":"あ"}]}`,
		`{ "messages": [ {"text":"\u3042","type":"text"} ], "to":"` + user + `"}`,
	} {
		status, _, _ := r.do("POST", "/v2/bot/message/push", body, "X-Line-Retry-Key", keyA)
		if want := []int{200, 409}[i]; status != want {
			t.Errorf("request %d: got %d, want %d", i, status, want)
		}
	}
	r.wantViolations()
}

func TestRetryKeyAcceptedOnceAtTheSameMoment(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	var all sync.WaitGroup
	var mu sync.Mutex
	counts := map[int]int{}
	for range 20 {
		all.Go(func() {
			status, _, _ := r.do("POST", "/v2/bot/message/push", `{"to":"`+user+`","messages":[{"type":"text","text":"a"}]}`, "X-Line-Retry-Key", keyA)
			mu.Lock()
			defer mu.Unlock()
			counts[status]++
		})
	}
	all.Wait()
	if diff := cmp.Diff(map[int]int{200: 1, 409: 19}, counts); diff != "" {
		t.Error(diff)
	}
	if n := r.phone(user).BotBubbles; n != 1 {
		t.Errorf("bubbles: got %d, want 1", n)
	}
}

func TestPushToWhom(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	push := func(to string) string { return `{"to":"` + to + `","messages":[{"type":"text","text":"a"}]}` }
	r.want(400, `{"message":"The property, 'to', in the request body is invalid (line: -, column: -)"}`,
		"POST", "/v2/bot/message/push", push("yamada"))
	r.want(400, `{"message":"Failed to send messages"}`, "POST", "/v2/bot/message/push", push(UserID(99)))
	r.wantViolations(Refused, UnknownRecipient)

	r.deliver(r.Unfollow(user))
	status, got, _ := r.do("POST", "/v2/bot/message/push", push(user))
	if status != 200 || !strings.Contains(got, "sentMessages") {
		t.Errorf("push to somebody who blocked: got %d %s, want 200", status, got)
	}
	if ph := r.phone(user); !ph.Blocked || ph.BotBubbles != 0 {
		t.Errorf("phone: got %+v, want nothing on it", ph)
	}
	if c := r.Counters(); c.Undelivered != 1 || c.QuotaUsed != 0 {
		t.Errorf("counters: got %+v", c)
	}
	if _, err := r.sdk.GetProfile(user); err == nil || !strings.Contains(err.Error(), `404, {"message":"Not found"}`) {
		t.Errorf("profile of somebody who blocked: got %v, want 404", err)
	}
	e := r.Follow(user)
	r.deliver(e)
	if got := e.Fields["follow"]; !cmp.Equal(got, map[string]any{"isUnblocked": true}) {
		t.Errorf("follow: got %v, want isUnblocked", got)
	}
	if profile, err := r.sdk.GetProfile(user); err != nil || profile.DisplayName != "山田花子" || profile.Language != "ja" {
		t.Errorf("profile: got %+v, %v", profile, err)
	}
}

func TestAdoptUnknownUsers(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.AdoptUnknownUsers = true })
	if _, err := r.sdk.PushMessage(&messaging_api.PushMessageRequest{To: UserID(3), Messages: []messaging_api.MessageInterface{text("a")}}, keyA); err != nil {
		t.Fatal(err)
	}
	if ph := r.phone(UserID(3)); ph.BotBubbles != 1 {
		t.Errorf("bubbles: got %d, want 1", ph.BotBubbles)
	}
}

func TestMulticast(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.MonthlyQuota = 5 })
	a, b, blocked := r.user(), r.user(), r.user()
	r.deliver(r.Unfollow(blocked))
	req := &messaging_api.MulticastRequest{To: []string{a, b, blocked, a}, Messages: []messaging_api.MessageInterface{text("お知らせ"), text("二つめ")}}
	got, err := r.sdk.Multicast(req, keyA)
	if err != nil || len(*got) != 0 {
		t.Fatalf("multicast: got %v, %v, want {}", got, err)
	}
	for id, want := range map[string]int{a: 2, b: 2, blocked: 0} {
		if ph := r.phone(id); ph.BotBubbles != want {
			t.Errorf("bubbles of %s: got %d, want %d", id, ph.BotBubbles, want)
		}
	}
	if ph := r.phone(a); ph.Bubbles[0].Via != ViaMulticast {
		t.Errorf("via: got %s", ph.Bubbles[0].Via)
	}
	if used := r.Counters().QuotaUsed; used != 2 {
		t.Errorf("quota used: got %d, want 2: people, not messages", used)
	}
	res, _, err := r.sdk.MulticastWithHttpInfo(req, keyA)
	if res != nil {
		defer func() { _ = res.Body.Close() }()
	}
	if err == nil || res.StatusCode != http.StatusConflict || !strings.Contains(err.Error(), `{"message":"The retry key is already accepted"}`) {
		t.Errorf("same key: got %v, want 409", err)
	}
	r.wantViolations()

	send := func(to ...string) string {
		return `{"to":["` + strings.Join(to, `","`) + `"],"messages":[{"type":"text","text":"a"}]}`
	}
	group, err := r.AddGroup("町内会", a)
	if err != nil {
		t.Fatal(err)
	}
	r.want(400, `{"message":"The property, to[1], in the request body is invalid (line: -, column: -)"}`,
		"POST", "/v2/bot/message/multicast", send(a, group))
	many := make([]string, 501)
	for i := range many {
		many[i] = UserID(uint64(i))
	}
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"Size must be between 1 and 500","property":"to"}]}`,
		"POST", "/v2/bot/message/multicast", send(many...))
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"Quote tokens can't be used with this API","property":"messages[0].quoteToken"}]}`,
		"POST", "/v2/bot/message/multicast", `{"to":["`+a+`"],"messages":[{"type":"text","text":"a","quoteToken":"x"}]}`)
	r.want(200, `{}`, "POST", "/v2/bot/message/multicast", send(a, UserID(77)))
	r.want(429, `{"message":"You have reached your monthly limit."}`, "POST", "/v2/bot/message/multicast", send(a, b, r.user()))
	r.wantViolations(Refused, Refused, Refused, UnknownRecipient)
}

func TestMonthlyQuota(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.MonthlyQuota = 2 })
	user := r.user()
	push := func(key string) error {
		_, err := r.sdk.PushMessage(&messaging_api.PushMessageRequest{To: user, Messages: []messaging_api.MessageInterface{text("a"), text("b")}}, key)
		return err
	}
	if err := push(keyA); err != nil {
		t.Fatal(err)
	}
	if err := push(keyB); err != nil {
		t.Fatal(err)
	}
	const keyC = "123e4567-e89b-12d3-a456-426614174002"
	if err := push(keyC); err == nil || !strings.Contains(err.Error(), `429, {"message":"You have reached your monthly limit."}`) {
		t.Errorf("third push: got %v, want the monthly limit", err)
	}
	if err := push(keyA); err == nil || !strings.Contains(err.Error(), "409") {
		t.Errorf("repeated push with the quota spent: got %v, want 409", err)
	}
	quota, err := r.sdk.GetMessageQuota()
	if err != nil || quota.Type != messaging_api.QuotaType_LIMITED || quota.Value != 2 {
		t.Errorf("quota: got %+v, %v", quota, err)
	}
	used, err := r.sdk.GetMessageQuotaConsumption()
	if err != nil || used.TotalUsage != 2 {
		t.Errorf("consumption: got %+v, %v", used, err)
	}
	token := r.said(user, "a")
	if _, err := r.sdk.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: token, Messages: []messaging_api.MessageInterface{text("無料")}}); err != nil {
		t.Errorf("reply with the quota spent: got %v, want 200", err)
	}
	r.wantViolations()
	r.clock.Advance(10*24*time.Hour + 4*time.Hour + 59*time.Minute) // 30 November, 23:59 in Japan
	if err := push(keyC); err == nil {
		t.Error("last minute of the month: got 200, want 429")
	}
	r.clock.Advance(time.Minute)
	if err := push(keyC); err != nil {
		t.Errorf("first minute of the next month in Japan: got %v, want 200", err)
	}
	r.SetQuota(0, 0)
	if quota, err := r.sdk.GetMessageQuota(); err != nil || quota.Type != messaging_api.QuotaType_NONE {
		t.Errorf("no quota: got %+v, %v", quota, err)
	}
	if got := r.Counters().QuotaExceeded; got != 2 {
		t.Errorf("quota exceeded: got %d, want 2", got)
	}
}

func TestForbiddenSending(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	for _, path := range []string{"narrowcast", "broadcast"} {
		r.want(403, `{"message":"Access to this API is not available for your account"}`,
			"POST", "/v2/bot/message/"+path, `{"messages":[{"type":"text","text":"a"}]}`)
	}
	r.wantViolations(Refused, Refused)
}

func TestValidateEndpoints(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	good := &messaging_api.ValidateMessageRequest{Messages: []messaging_api.MessageInterface{text("a")}}
	bad := &messaging_api.ValidateMessageRequest{Messages: []messaging_api.MessageInterface{text("")}}
	for name, call := range map[string]func(*messaging_api.ValidateMessageRequest) (struct{}, error){
		"reply": r.sdk.ValidateReply, "push": r.sdk.ValidatePush, "multicast": r.sdk.ValidateMulticast,
		"narrowcast": r.sdk.ValidateNarrowcast, "broadcast": r.sdk.ValidateBroadcast,
	} {
		if _, err := call(good); err != nil {
			t.Errorf("%s: good message: got %v", name, err)
		}
		if _, err := call(bad); err == nil || !strings.Contains(err.Error(), "messages[0].text") {
			t.Errorf("%s: bad message: got %v, want 400", name, err)
		}
	}
}

func TestWhatNobodyCanWant(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	quick := `"quickReply":{"items":[{"type":"action","action":{"type":"message","label":"はい","text":"はい"}}]}`
	r.do("POST", "/v2/bot/message/push", `{"to":"`+user+`","messages":[{"type":"text","text":"a",`+quick+`},{"type":"text","text":"b","quickreply":{}}]}`)
	r.wantViolations(Ignored, Unseen)
	if got := r.Violations()[0].Detail; got != "messages[1].quickreply" {
		t.Errorf("ignored field: got %s", got)
	}
	if n := r.phone(user).BotBubbles; n != 2 {
		t.Errorf("bubbles: got %d, want 2: LINE takes them", n)
	}
}

func TestQuotesAndMentions(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a, b := r.user(), r.user()
	group, err := r.AddGroup("町内会", a)
	if err != nil {
		t.Fatal(err)
	}
	e := r.Message(Person(a), Text{Text: "これです"})
	r.deliver(e)
	quote := e.Fields["message"].(map[string]any)["quoteToken"].(string)
	push := func(to, message string) string { return `{"to":"` + to + `","messages":[` + message + `]}` }
	quoting := `{"type":"text","text":"a","quoteToken":"` + quote + `"}`
	if status, got, _ := r.do("POST", "/v2/bot/message/push", push(a, quoting)); status != 200 {
		t.Fatalf("quote: got %d %s", status, got)
	}
	if last, _ := r.phone(a).LastBot(); last.Quotes != e.MessageID {
		t.Errorf("quotes: got %q, want %s", last.Quotes, e.MessageID)
	}
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"Invalid quote token","property":"messages[0].quoteToken"}]}`,
		"POST", "/v2/bot/message/push", push(b, quoting))
	mention := func(id string) string {
		return `{"type":"textV2","text":"{who} さん","substitution":{"who":{"type":"mention","mentionee":{"type":"user","userId":"` + id + `"}}}}`
	}
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"Mentions can be used only in a group chat or multi-person chat","property":"messages[0].substitution"}]}`,
		"POST", "/v2/bot/message/push", push(a, mention(a)))
	r.want(400, `{"message":"Failed to send messages"}`, "POST", "/v2/bot/message/push", push(group, mention(b)))
	if status, got, _ := r.do("POST", "/v2/bot/message/push", push(group, mention(a))); status != 200 {
		t.Errorf("mention of a member: got %d %s", status, got)
	}
	if last, _ := r.phone(group).LastBot(); last.Words != "@"+a+" さん" {
		t.Errorf("words: got %q", last.Words)
	}
	r.want(400, `{"message":"The request body has 1 error(s)","details":[{"message":"trackingId can't be used in a group chat or multi-person chat","property":"messages[0].trackingId"}]}`,
		"POST", "/v2/bot/message/push", push(group, `{"type":"video","originalContentUrl":"https://example.com/a.mp4","previewImageUrl":"https://example.com/a.jpg","trackingId":"t"}`))
}

func TestGroupsCountTheirMembers(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a, b := r.user(), r.user()
	group, err := r.AddGroup("町内会", a, b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.sdk.PushMessage(&messaging_api.PushMessageRequest{To: group, Messages: []messaging_api.MessageInterface{text("a")}}, keyA); err != nil {
		t.Fatal(err)
	}
	if used := r.Counters().QuotaUsed; used != 2 {
		t.Errorf("quota used: got %d, want 2", used)
	}
}

func TestHookHearsOfEveryBubble(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var heard []string
	var r *rig
	r = newRig(t, func(c *Config) {
		c.KeepBubbles = -1
		c.OnBubble = func(chatID, text string, at time.Time) {
			_ = r.Counters() // the hook may ask
			mu.Lock()
			defer mu.Unlock()
			heard = append(heard, chatID[:1]+" "+text+" "+at.Format(time.TimeOnly))
		}
	})
	user := r.user()
	token := r.said(user, "a")
	if _, err := r.sdk.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: token, Messages: []messaging_api.MessageInterface{text("一"), text("二")}}); err != nil {
		t.Fatal(err)
	}
	r.deliver(r.Unfollow(user))
	if _, err := r.sdk.PushMessage(&messaging_api.PushMessageRequest{To: user, Messages: []messaging_api.MessageInterface{text("三")}}, keyA); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"U 一 10:00:00", "U 二 10:00:00"}, heard); diff != "" {
		t.Error(diff)
	}
	if ph := r.phone(user); len(ph.Bubbles) != 0 || ph.BotBubbles != 2 || ph.OwnBubbles != 1 {
		t.Errorf("counts only: got %+v", ph)
	}
}

func TestKeepsTheLastBubbles(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.KeepBubbles = 2 })
	user := r.user()
	for _, s := range []string{"一", "二", "三"} {
		r.said(user, s)
	}
	ph := r.phone(user)
	if len(ph.Bubbles) != 2 || ph.Bubbles[0].Text != "二" || ph.Bubbles[1].Text != "三" || ph.OwnBubbles != 3 {
		t.Errorf("got %+v", ph.Bubbles)
	}
}
