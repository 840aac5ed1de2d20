package lineapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

var ulid = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)

// TestEveryEventParses delivers one of each and lets the SDK read it.
func TestEveryEventParses(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user, friend := r.user(), r.user()
	group, err := r.AddGroup("町内会", user)
	if err != nil {
		t.Fatal(err)
	}
	room, err := r.AddRoom(user)
	if err != nil {
		t.Fatal(err)
	}
	me, inGroup, inRoom := Person(user), InGroup(group, user), InRoom(room, user)
	said := r.Message(me, Text{Text: "a"})
	for _, c := range []struct {
		event *Event
		want  string // the SDK's type, and its own part
		token bool
	}{
		{said, `MessageEvent text "a"`, true},
		{r.Message(me, Text{Text: "@Bot $", Quotes: said.MessageID, Emojis: []Emoji{{5, 1, "5ac1", "001"}}, Mentions: []Mention{{Index: 0, Length: 4, UserID: r.BotUserID()}}}),
			`MessageEvent text "@Bot $" quotes 1 emojis 1 mentions 1`, true},
		{r.Message(me, Sticker{Keywords: []string{"困った"}}), `MessageEvent sticker 446/1988 STATIC [困った]`, true},
		{r.Message(me, Image{Data: []byte("x")}), `MessageEvent image line`, true},
		{r.Message(me, Image{External: "https://example.com/a.jpg"}), `MessageEvent image external`, true},
		{r.Message(me, Video{Duration: time.Minute}), `MessageEvent video line 60000`, true},
		{r.Message(me, Audio{Duration: time.Second}), `MessageEvent audio line 1000`, true},
		{r.Message(me, File{Name: "診断書.pdf", Data: []byte("12345")}), `MessageEvent file 診断書.pdf 5`, true},
		{r.Message(me, Location{Title: "家", Latitude: 35.5, Longitude: 139.5}), `MessageEvent location 家 35.5 139.5`, true},
		{r.Message(inGroup, Text{Text: "b"}), `MessageEvent text "b"`, true},
		{r.Message(inRoom, Text{Text: "c"}), `MessageEvent text "c"`, true},
		{r.Unsend(me, said.MessageID), "UnsendEvent " + said.MessageID, false},
		{r.Follow(friend), "FollowEvent false", true},
		{r.Unfollow(friend), "UnfollowEvent", false},
		{r.Follow(friend), "FollowEvent true", true},
		{r.Join(Source{GroupID: group}), "JoinEvent", true},
		{r.MemberJoined(Source{GroupID: group}, friend), "MemberJoinedEvent 1", true},
		{r.MemberLeft(Source{GroupID: group}, friend), "MemberLeftEvent 1", false},
		{r.Leave(Source{GroupID: group}), "LeaveEvent", false},
		{r.Postback(me, "x=1", "", map[string]string{"date": "2026-12-01"}), "PostbackEvent x=1 map[date:2026-12-01]", true},
		{r.VideoPlayComplete(me, "t1"), "VideoPlayCompleteEvent t1", true},
		{r.Beacon(me, "d41d8cd98f", "enter", ""), "BeaconEvent d41d8cd98f enter", true},
		{r.AccountLink(me, "nonce-nonce", true), "AccountLinkEvent ok", true},
		{r.AccountLink(me, "nonce-nonce", false), "AccountLinkEvent failed", false},
		{r.Membership(me, "renewed", 3189), "MembershipEvent renewed", true},
		{r.Module(true), "ModuleEvent", false},
		{r.Activated(me, r.clock.Now()), "ActivatedEvent", false},
		{r.Deactivated(me), "DeactivatedEvent", false},
		{r.BotSuspended(), "BotSuspendedEvent", false},
		{r.BotResumed(), "BotResumedEvent", false},
		{r.NotificationDelivered(me, "tag"), "PnpDeliveryCompletionEvent", false},
		{r.Other("levitation", me, true, map[string]any{"height": 3}), "UnknownEvent", true},
	} {
		before := len(r.webhooks())
		r.deliver(c.event)
		posted := r.webhooks()
		if len(posted) != before+1 || posted[before].Destination != r.BotUserID() || len(posted[before].Events) != 1 {
			t.Fatalf("%s: got %+v", c.want, posted[before:])
		}
		if got := describe(posted[before].Events[0]); got != c.want {
			t.Errorf("event: got %s, want %s", got, c.want)
		}
		var raw struct {
			Events []struct {
				ID        string `json:"webhookEventId"`
				Mode      string `json:"mode"`
				Timestamp int64  `json:"timestamp"`
				Token     string `json:"replyToken"`
				Context   *struct {
					Re *bool `json:"isRedelivery"`
				} `json:"deliveryContext"`
			} `json:"events"`
		}
		if err := json.Unmarshal([]byte(r.rawWebhooks()[before]), &raw); err != nil {
			t.Fatal(err)
		}
		e := raw.Events[0]
		if !ulid.MatchString(e.ID) || e.Mode != "active" || e.Timestamp != c.event.Timestamp.UnixMilli() || e.Context == nil || e.Context.Re == nil || *e.Context.Re {
			t.Errorf("%s: common fields: got %+v", c.want, e)
		}
		if (e.Token != "") != c.token {
			t.Errorf("%s: reply token: got %q, want one: %v", c.want, e.Token, c.token)
		}
	}
	r.wantViolations()
}

func describe(e webhook.EventInterface) string {
	name := strings.TrimPrefix(fmt.Sprintf("%T", e), "webhook.")
	switch e := e.(type) {
	case webhook.MessageEvent:
		return name + " " + describeMessage(e.Message)
	case webhook.UnsendEvent:
		return name + " " + e.Unsend.MessageId
	case webhook.FollowEvent:
		return fmt.Sprintf("%s %v", name, e.Follow.IsUnblocked)
	case webhook.MemberJoinedEvent:
		return fmt.Sprintf("%s %d", name, len(e.Joined.Members))
	case webhook.MemberLeftEvent:
		return fmt.Sprintf("%s %d", name, len(e.Left.Members))
	case webhook.PostbackEvent:
		return fmt.Sprintf("%s %s %v", name, e.Postback.Data, e.Postback.Params)
	case webhook.VideoPlayCompleteEvent:
		return name + " " + e.VideoPlayComplete.TrackingId
	case webhook.BeaconEvent:
		return fmt.Sprintf("%s %s %s", name, e.Beacon.Hwid, e.Beacon.Type)
	case webhook.AccountLinkEvent:
		return fmt.Sprintf("%s %s", name, e.Link.Result)
	case webhook.MembershipEvent:
		return fmt.Sprintf("%s %s", name, e.Membership.GetType())
	}
	return name
}

func describeMessage(m webhook.MessageContentInterface) string {
	out := m.GetType() + " "
	switch m := m.(type) {
	case webhook.TextMessageContent:
		out += fmt.Sprintf("%q", m.Text)
		if m.QuotedMessageId != "" {
			out += fmt.Sprintf(" quotes 1 emojis %d mentions %d", len(m.Emojis), len(m.Mention.Mentionees))
		}
		if m.QuoteToken == "" {
			out += " without quote token"
		}
	case webhook.StickerMessageContent:
		out += fmt.Sprintf("%s/%s %s %v", m.PackageId, m.StickerId, m.StickerResourceType, m.Keywords)
	case webhook.ImageMessageContent:
		out += string(m.ContentProvider.Type)
	case webhook.VideoMessageContent:
		out += fmt.Sprintf("%s %d", m.ContentProvider.Type, m.Duration)
	case webhook.AudioMessageContent:
		out += fmt.Sprintf("%s %d", m.ContentProvider.Type, m.Duration)
	case webhook.FileMessageContent:
		out += fmt.Sprintf("%s %d", m.FileName, m.FileSize)
	case webhook.LocationMessageContent:
		out += fmt.Sprintf("%s %v %v", m.Title, m.Latitude, m.Longitude)
	}
	return out
}

func TestSources(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	group, err := r.AddGroup("町内会", user)
	if err != nil {
		t.Fatal(err)
	}
	anonymous := r.Message(InGroup(group, user), Text{Text: "a"})
	anonymous.Source.UserID = ""
	nowhere := r.Message(Person(user), Text{Text: "b"})
	nowhere.Source = nil
	standby := r.Message(Person(user), Text{Text: "c"})
	standby.Mode = "standby"
	r.deliver(anonymous, nowhere, standby)
	var got struct{ Events []map[string]any }
	if err := json.Unmarshal([]byte(r.rawWebhooks()[0]), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]any{"type": "group", "groupId": group}, got.Events[0]["source"]); diff != "" {
		t.Error(diff)
	}
	if _, found := got.Events[1]["source"]; found {
		t.Error("no source: got one")
	}
	if _, found := got.Events[2]["replyToken"]; found || got.Events[2]["mode"] != "standby" {
		t.Errorf("standby: got %v, want no reply token", got.Events[2])
	}
	if _, err := r.Deliver(t.Context(), r.Message(Person("somebody"), Text{Text: "a"})); err == nil {
		t.Error("a user id that is none: got no error")
	}
	if _, err := r.Deliver(t.Context(), nil, nil); err == nil {
		t.Error("a nil event: got no error")
	}
}

func TestDeliveriesOfSeveralAndOfNone(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a, b := r.user(), r.user()
	first, second := r.Message(Person(a), Text{Text: "一"}), r.Message(Person(b), Text{Text: "二"})
	r.deliver(second, first) // out of order
	r.deliver()
	posted := r.webhooks()
	if len(posted) != 2 || len(posted[0].Events) != 2 || posted[1].Events == nil && !strings.Contains(r.rawWebhooks()[1], `"events":[]`) {
		t.Fatalf("got %+v", posted)
	}
	if got := describe(posted[0].Events[0]); got != `MessageEvent text "二"` {
		t.Errorf("first event: got %s", got)
	}
	if len(posted[1].Events) != 0 {
		t.Errorf("connection check: got %d events", len(posted[1].Events))
	}
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.WebhookTimeout = 100 * time.Millisecond })
	e := r.Message(Person(r.user()), Text{Text: "a"})
	for _, c := range []struct {
		answer func(http.ResponseWriter, *http.Request)
		want   string
		status int
	}{
		{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, "", 204},
		{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, ReasonStatus, 503},
		{func(_ http.ResponseWriter, req *http.Request) {
			select {
			case <-req.Context().Done():
			case <-time.After(2 * time.Second):
			}
		}, ReasonTimeout, 0},
		{func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ReasonUnclassified, 0},
	} {
		r.setAnswer(c.answer)
		got, err := r.Deliver(t.Context(), e)
		if err != nil || got.Reason != c.want || got.Status != c.status || got.OK() != (c.want == "") {
			t.Errorf("want %q %d: got %+v, %v", c.want, c.status, got, err)
		}
	}
	r.SetWebhook("http://127.0.0.1:1/")
	if got, err := r.Deliver(t.Context(), e); err != nil || got.Reason != ReasonNoConnection {
		t.Errorf("nobody listens: got %+v, %v", got, err)
	}
	r.SetWebhook("")
	if _, err := r.Deliver(t.Context(), e); err == nil {
		t.Error("no webhook: got no error")
	}
	if c := r.Counters(); c.Webhooks != 5 || c.WebhookFailures != 4 {
		t.Errorf("counters: got %+v", c)
	}
}

func TestForgedWebhooks(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	body := r.Encode(r.Message(Person(r.user()), Text{Text: "a"}))
	for signature, want := range map[string]int{r.Sign(body): 200, r.Sign([]byte("other")): 401, "": 401, "%%%": 401} {
		if got, err := r.Post(t.Context(), body, signature); err != nil || got.Status != want {
			t.Errorf("signature %q: got %+v, %v, want %d", signature, got, err, want)
		}
	}
	if n := len(r.webhooks()); n != 1 {
		t.Errorf("webhooks that passed: got %d, want 1", n)
	}
}

func TestAutomaticRedelivery(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.Redelivery = Redelivery{Times: 4, Wait: 20 * time.Millisecond} })
	var times []time.Time
	r.setAnswer(func(w http.ResponseWriter, _ *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		times = append(times, time.Now())
		if len(times) < 4 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	e := r.Message(Person(r.user()), Text{Text: "a"})
	first, err := r.Deliver(t.Context(), e)
	if err != nil || first.OK() {
		t.Fatalf("first delivery: got %+v, %v, want a failure", first, err)
	}
	if err := r.Settled(soon(t)); err != nil {
		t.Fatal(err)
	}
	bodies := r.rawWebhooks()
	if len(bodies) != 4 {
		t.Fatalf("deliveries: got %d, want 4: it stops at the first 200", len(bodies))
	}
	for i, body := range bodies {
		if again := strings.Contains(body, `"isRedelivery":true`); again != (i > 0) {
			t.Errorf("delivery %d: isRedelivery: got %v", i, again)
		}
		if strings.ReplaceAll(body, "true", "false") != bodies[0] {
			t.Errorf("delivery %d differs in more than isRedelivery:\n%s\n%s", i, body, bodies[0])
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, wait := range []time.Duration{20, 40, 80} {
		if got := times[i+1].Sub(times[i]); got < wait*time.Millisecond {
			t.Errorf("pause %d: got %v, want at least %dms", i, got, wait)
		}
	}
	if c := r.Counters(); c.WebhookRedelivered != 3 {
		t.Errorf("redelivered: got %d, want 3", c.WebhookRedelivered)
	}
}

func TestRedeliveryGivesUpAndStops(t *testing.T) {
	t.Parallel()
	r := newRig(t, func(c *Config) { c.Redelivery = Redelivery{Times: 2, Wait: time.Millisecond} })
	r.setAnswer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	if _, err := r.Deliver(t.Context(), r.Message(Person(r.user()), Text{Text: "a"})); err != nil {
		t.Fatal(err)
	}
	if err := r.Settled(soon(t)); err != nil {
		t.Fatal(err)
	}
	if n := len(r.webhooks()); n != 3 {
		t.Errorf("deliveries: got %d, want 3", n)
	}

	slow := newRig(t, func(c *Config) { c.Redelivery = Redelivery{Times: 5, Wait: time.Hour} })
	slow.setAnswer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	if _, err := slow.Deliver(t.Context(), slow.Message(Person(slow.user()), Text{Text: "a"})); err != nil {
		t.Fatal(err)
	}
	slow.Close() // must not wait an hour
	if err := slow.Settled(soon(t)); err != nil {
		t.Error(err)
	}
}

func TestTheSameDeliveryAtTheSameMoment(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	got, err := r.DeliverTimes(t.Context(), 5, r.Message(Person(r.user()), Text{Text: "a"}))
	if err != nil || len(got) != 5 {
		t.Fatalf("got %v, %v", got, err)
	}
	bodies := r.rawWebhooks()
	for i := range got {
		if !got[i].OK() || bodies[i] != bodies[0] {
			t.Errorf("delivery %d: got %+v %s", i, got[i], bodies[i])
		}
	}
}

func TestImagesSentTogether(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	events := r.Images(Person(r.user()), Image{Data: []byte("1")}, Image{Data: []byte("2")})
	r.deliver(events[1])
	r.deliver(events[0])
	var sets []webhook.ImageSet
	for _, posted := range r.webhooks() {
		sets = append(sets, *posted.Events[0].(webhook.MessageEvent).Message.(webhook.ImageMessageContent).ImageSet)
	}
	if sets[0].Id != sets[1].Id || len(sets[0].Id) != 64 || sets[0].Index != 2 || sets[1].Index != 1 || sets[0].Total != 2 {
		t.Errorf("image sets: got %+v", sets)
	}
}
