package slackapi

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
)

func TestMessageEvents(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts, err := w.Post(sato, desk, "", "A & B <b> @鈴木 #まち https://example.jp/?a=1&b=2\n>> はい")
	if err != nil {
		t.Fatal(err)
	}
	reply, err := w.Post(suzuki, desk, ts, "了解")
	if err != nil {
		t.Fatal(err)
	}
	own := post(t, api, desk, text("bot の言葉"))
	settle(t, w)
	events := a.events("message")
	if len(events) != 3 {
		t.Fatalf("got %d events, want 3: %v", len(events), events)
	}
	first := events[0]
	if want := "A &amp; B &lt;b&gt; <@U0SUZUKI> <#C0TOWN|まち> <https://example.jp/?a=1&amp;b=2>\n&gt;&gt; はい"; first["text"] != want {
		t.Errorf("text: got %q, want %q", first["text"], want)
	}
	if first["channel_type"] != "group" || first["user"] != sato || first["ts"] != ts || first["event_ts"] != ts || first["client_msg_id"] == nil || first["subtype"] != nil {
		t.Errorf("got %v", first)
	}
	blocks, _ := first["blocks"].([]any)
	if len(blocks) != 1 || blocks[0].(obj)["type"] != "rich_text" {
		t.Errorf("a person's message carries rich text: got %v", blocks)
	}
	if events[1]["thread_ts"] != ts || events[1]["ts"] != reply || events[1]["parent_user_id"] != sato {
		t.Errorf("reply: got %v", events[1])
	}
	if events[2]["bot_id"] != "B0STANDIN" || events[2]["user"] != "U0STANDIN" || events[2]["ts"] != own || events[2]["subtype"] != nil {
		t.Errorf("the app's own post comes back with bot_id: got %v", events[2])
	}
	envelope := a.all("/events")[0]
	auth, _ := envelope.body["authorizations"].([]any)
	if envelope.body["type"] != "event_callback" || envelope.body["team_id"] != "T0STANDIN" || envelope.body["api_app_id"] != "A0STANDIN" || len(auth) != 1 || envelope.header.Get("X-Slack-Retry-Num") != "" {
		t.Errorf("envelope: got %v", envelope.body)
	}
}

// TestSDKParsesEveryEvent lets the SDK read what the stand-in sends.
func TestSDKParsesEveryEvent(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	startApp(t, w)
	ts, _ := w.Post(sato, desk, "", "<@U0STANDIN> こんにちは")
	steps := []error{
		w.Edit(sato, desk, ts, "<@U0STANDIN> こんばんは"), w.React(suzuki, desk, ts, "eyes"), w.Unreact(suzuki, desk, ts, "eyes"),
		w.Delete(sato, desk, ts), w.Join(boss, desk, sato), w.Leave(boss, desk), w.OpenHome(sato),
		w.Hire(Member{ID: "U0NEW", Name: "new"}),
	}
	if err := errors.Join(steps...); err != nil {
		t.Fatal(err)
	}
	card(t, api, desk)
	settle(t, w)
	var got []string
	for _, d := range w.Deliveries() {
		event, err := slackevents.ParseEvent(d.Payload, slackevents.OptionNoVerifyToken())
		if err != nil {
			t.Errorf("%s: %v", d.Payload, err)
			continue
		}
		got = append(got, event.InnerEvent.Type)
		if m, ok := event.InnerEvent.Data.(*slackevents.MessageEvent); ok && m.SubType == "message_changed" {
			if m.Message.Text != "<@U0STANDIN> こんばんは" || m.PreviousMessage.Text != "<@U0STANDIN> こんにちは" {
				t.Errorf("message_changed: got %+v", m)
			}
		}
	}
	for _, kind := range []string{"message", "app_mention", "reaction_added", "reaction_removed", "member_joined_channel", "member_left_channel", "app_home_opened", "team_join"} {
		if !slices.Contains(got, kind) {
			t.Errorf("no %s among %v", kind, got)
		}
	}
}

func TestMentionIsTwoEvents(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts, err := w.Post(sato, town, "", "@tsunagu 佐藤です")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	hits := a.all("/events")
	if len(hits) != 2 || hits[0].event()["type"] != "message" || hits[1].event()["type"] != "app_mention" {
		t.Fatalf("got %d hits", len(hits))
	}
	if hits[0].event()["ts"] != ts || hits[1].event()["ts"] != ts || hits[0].body["event_id"] == hits[1].body["event_id"] {
		t.Errorf("want the same ts and different event ids, got %v and %v", hits[0].body, hits[1].body)
	}
	post(t, api, town, text("<@U0STANDIN> は私です"))
	settle(t, w)
	if got := len(a.events("app_mention")); got != 1 {
		t.Errorf("the app's own words are a mention: got %d events", got)
	}
}

func TestEditAndDelete(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts, _ := w.Post(sato, town, "", "はじめ")
	parent, _ := w.Post(sato, town, "", "親")
	_, _ = w.Post(suzuki, town, parent, "子")
	cardTS := card(t, api, town)
	if err := errors.Join(w.Edit(sato, town, ts, "あと"), w.Unfurl(town, ts), w.Delete(sato, town, ts), w.Delete(sato, town, parent)); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := api.UpdateMessageContext(short(t), town, cardTS, text("済")); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	var changed, deleted []obj
	for _, e := range a.events("message") {
		switch e["subtype"] {
		case "message_changed":
			changed = append(changed, e)
		case "message_deleted":
			deleted = append(deleted, e)
		}
	}
	if len(changed) != 4 || len(deleted) != 1 {
		t.Fatalf("got %d changed and %d deleted, want 4 and 1", len(changed), len(deleted))
	}
	edited, unfurled, tombstone, updated := changed[0], changed[1], changed[2], changed[3]
	message := func(e obj, key string) obj { o, _ := e[key].(obj); return o }
	if message(edited, "message")["text"] != "あと" || message(edited, "previous_message")["text"] != "はじめ" || message(edited, "message")["edited"] == nil || edited["hidden"] != true || edited["ts"] == ts {
		t.Errorf("edited: got %v", edited)
	}
	if message(unfurled, "message")["text"] != message(unfurled, "previous_message")["text"] || message(unfurled, "message")["attachments"] == nil {
		t.Errorf("unfurled: got %v", unfurled)
	}
	if message(tombstone, "message")["subtype"] != "tombstone" || message(tombstone, "previous_message")["text"] != "親" {
		t.Errorf("deleted parent: got %v", tombstone)
	}
	if message(updated, "message")["bot_id"] != "B0STANDIN" {
		t.Errorf("the app's own update comes back: got %v", updated)
	}
	if deleted[0]["deleted_ts"] != ts || message(deleted[0], "previous_message")["text"] != "あと" {
		t.Errorf("deleted: got %v", deleted[0])
	}
	for _, err := range []error{w.Edit(suzuki, town, cardTS, "x"), w.Delete(suzuki, town, cardTS), w.Edit(sato, town, ts, "x")} {
		if !errors.Is(err, ErrCannot) {
			t.Errorf("somebody else's or a gone message: got %v", err)
		}
	}
}

func TestOnlyWhatTheAppMaySee(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) {
		c.Scopes = []string{"channels:history", "chat:write"}
		c.Events = []string{"message.channels", "message.groups", "app_mention", "reaction_added"}
	})
	a := startApp(t, w)
	for _, channel := range []string{town, desk, other, secret} {
		ts, err := w.Post(sato, channel, "", "@tsunagu x")
		if err != nil {
			t.Fatal(err)
		}
		if err := w.React(sato, channel, ts, "eyes"); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.OpenHome(sato); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	hits := a.all("/events")
	if len(hits) != 1 || hits[0].event()["channel"] != town || hits[0].event()["type"] != "message" {
		t.Errorf("got %d events: without groups:history, app_mentions:read, reactions:read, membership or subscription nothing else comes", len(hits))
		for _, h := range hits {
			t.Log(h.event())
		}
	}
}

func TestJoinLeaveKick(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	a := startApp(t, w)
	if err := w.Join(boss, desk, ""); !errors.Is(err, ErrCannot) {
		t.Errorf("private channel without invitation: got %v", err)
	}
	if err := errors.Join(w.Join(boss, desk, sato), w.Leave(suzuki, desk)); err != nil {
		t.Fatal(err)
	}
	if err := w.Kick(suzuki, sato, town); !errors.Is(err, ErrCannot) {
		t.Errorf("kick by no administrator: got %v", err)
	}
	if err := w.Kick(boss, sato, town); err != nil {
		t.Fatal(err)
	}
	if err := w.Kick(boss, "U0STANDIN", town); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	joined, left := a.events("member_joined_channel"), a.events("member_left_channel")
	if len(joined) != 1 || joined[0]["user"] != boss || joined[0]["inviter"] != sato || joined[0]["channel"] != desk || joined[0]["channel_type"] != "G" {
		t.Errorf("joined: got %v", joined)
	}
	if len(left) != 3 {
		t.Errorf("left: got %v", left)
	}
	if _, err := w.Post(suzuki, desk, "", "x"); !errors.Is(err, ErrCannot) {
		t.Errorf("who left can still post: %v", err)
	}
	subtypes := map[any]int{}
	for _, e := range a.events("message") {
		subtypes[e["subtype"]]++
	}
	if subtypes["group_join"] != 1 || subtypes["group_leave"] != 1 || subtypes["channel_leave"] != 1 {
		t.Errorf("Slack's own lines: got %v", subtypes)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer  func(http.ResponseWriter, hit)
		retries []time.Duration
		hits    int
		reason  string
	}{
		"error until the third": {func(rw http.ResponseWriter, h hit) {
			if h.header.Get("X-Slack-Retry-Num") != "2" {
				rw.WriteHeader(http.StatusInternalServerError)
			}
		}, []time.Duration{0, time.Millisecond, time.Millisecond}, 3, "http_error"},
		"always": {func(rw http.ResponseWriter, _ hit) { rw.WriteHeader(http.StatusBadGateway) }, []time.Duration{0, 0, 0}, 4, "http_error"},
		"no retry wanted": {func(rw http.ResponseWriter, _ hit) {
			rw.Header().Set("X-Slack-No-Retry", "1")
			rw.WriteHeader(http.StatusServiceUnavailable)
		}, []time.Duration{0, 0, 0}, 1, ""},
		"too slow": {func(_ http.ResponseWriter, h hit) {
			if h.header.Get("X-Slack-Retry-Num") == "" {
				time.Sleep(800 * time.Millisecond)
			}
		}, []time.Duration{0}, 2, "http_timeout"},
		"redirects": {func(rw http.ResponseWriter, h hit) {
			if h.header.Get("X-Slack-Retry-Num") == "" {
				rw.Header().Set("Location", "/events")
				rw.WriteHeader(http.StatusTemporaryRedirect)
			}
		}, []time.Duration{0}, 4, "too_many_redirects"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := start(t, func(cfg *Config) { cfg.Retries = c.retries; cfg.AckTimeout = 400 * time.Millisecond })
			a := startApp(t, w)
			a.answerWith(c.answer)
			if _, err := w.Post(sato, town, "", "x"); err != nil {
				t.Fatal(err)
			}
			settle(t, w)
			hits := a.all("/events")
			if len(hits) != c.hits {
				t.Fatalf("got %d deliveries, want %d", len(hits), c.hits)
			}
			for _, h := range hits {
				if h.body["event_id"] != hits[0].body["event_id"] {
					t.Error("a repeat has another event_id")
				}
			}
			last := hits[len(hits)-1].header
			if got := last.Get("X-Slack-Retry-Reason"); got != c.reason {
				t.Errorf("reason: got %q, want %q", got, c.reason)
			}
			if num := last.Get("X-Slack-Retry-Num"); c.reason != "" && name != "redirects" && num != strconv.Itoa(len(hits)-1) {
				t.Errorf("number: got %q, want %d", num, len(hits)-1)
			}
			if len(w.Violations(ViolationLateAck)) == 0 {
				t.Error("a failed delivery is no violation")
			}
		})
	}
}

func TestConnectionRefusedIsRetried(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.Retries = []time.Duration{0, 50 * time.Millisecond} })
	w.SetTargets(Targets{Events: "http://127.0.0.1:1/events"})
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	if err := w.Wait(short(t), func() bool { return len(w.Deliveries()) >= 2 }); err != nil {
		t.Fatal(err)
	}
	a := startApp(t, w)
	settle(t, w)
	hits := a.all("/events")
	if len(hits) != 1 || hits[0].header.Get("X-Slack-Retry-Reason") != "connection_failed" || hits[0].header.Get("X-Slack-Retry-Num") != "2" {
		t.Errorf("got %d deliveries, want the second repeat after connection_failed", len(hits))
	}
}

func TestRedeliver(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	a := startApp(t, w)
	if _, err := w.Post(sato, town, "", "x"); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	id := w.LastEvent("message")
	if err := errors.Join(w.Redeliver(short(t), id, false), w.Redeliver(short(t), id, true)); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/events")
	if len(hits) != 3 {
		t.Fatalf("got %d deliveries, want 3", len(hits))
	}
	if hits[1].body["event_id"] != id || hits[1].header.Get("X-Slack-Retry-Num") != "1" {
		t.Errorf("the same again: got %v", hits[1].body["event_id"])
	}
	if hits[2].body["event_id"] == id || hits[2].header.Get("X-Slack-Retry-Num") != "" || hits[2].event()["ts"] != hits[0].event()["ts"] {
		t.Errorf("with a new id: got %v", hits[2].body)
	}
	if err := w.Redeliver(short(t), "Ev404", false); !errors.Is(err, ErrNoSuchEvent) {
		t.Errorf("unknown event: got %v", err)
	}
}

func TestEventsOfAChannelKeepTheirOrder(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	a := startApp(t, w)
	a.answerWith(func(http.ResponseWriter, hit) { time.Sleep(time.Millisecond) })
	for range 30 {
		if _, err := w.Post(sato, town, "", "x"); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, w)
	last := ""
	for _, e := range a.events("message") {
		ts, _ := e["ts"].(string)
		if ts <= last {
			t.Fatalf("%s arrived after %s", ts, last)
		}
		last = ts
	}
}

func TestUnorderedDeliversAtOnce(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.Unordered = true })
	a := startApp(t, w)
	release := make(chan struct{})
	a.answerWith(func(http.ResponseWriter, hit) { <-release })
	for range 5 {
		if _, err := w.Post(sato, town, "", "x"); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		select {
		case <-a.arrive:
		case <-short(t).Done():
			t.Fatal("the deliveries wait for each other")
		}
	}
	close(release)
	settle(t, w)
}

func TestVerifyURL(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	a := startApp(t, w)
	if err := w.VerifyURL(short(t)); err == nil {
		t.Error("an empty answer is taken for the challenge")
	}
	for _, f := range []func(http.ResponseWriter, hit){
		func(rw http.ResponseWriter, h hit) { _, _ = rw.Write([]byte(h.body["challenge"].(string))) },
		func(rw http.ResponseWriter, h hit) {
			_, _ = rw.Write([]byte(`{"challenge":"` + h.body["challenge"].(string) + `"}`))
		},
		func(rw http.ResponseWriter, h hit) {
			_, _ = rw.Write([]byte("challenge=" + h.body["challenge"].(string)))
		},
	} {
		a.answerWith(f)
		if err := w.VerifyURL(short(t)); err != nil {
			t.Error(err)
		}
	}
}

func TestHomeOpened(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	if err := w.OpenHome(sato); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	if _, err := api.PublishViewContext(short(t), slack.PublishViewContextRequest{UserID: sato, View: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}},
	}}); err != nil {
		t.Fatal(err)
	}
	dm, err := w.OpenMessages(sato)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.OpenHome(sato); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	events := a.events("app_home_opened")
	if len(events) != 3 || events[0]["view"] != nil || events[1]["tab"] != "messages" || events[2]["view"] == nil || events[2]["channel"] != dm {
		t.Errorf("got %v", events)
	}
	if _, err := w.Post(sato, dm, "", "こんにちは"); err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	if got := a.events("message"); len(got) != 1 || got[0]["channel_type"] != "im" {
		t.Errorf("direct message: got %v", got)
	}
}
