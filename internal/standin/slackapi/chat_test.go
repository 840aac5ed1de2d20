package slackapi

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

func TestPostMessageRefusals(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	parent := post(t, api, town, text("親"))
	reply := post(t, api, town, text("返事"), slack.MsgOptionTS(parent))
	if err := w.Archive(other); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, channel, want string
		options             []slack.MsgOption
	}{
		{"fine", town, "", []slack.MsgOption{text("x")}},
		{"by name", "#まち", "", []slack.MsgOption{text("x")}},
		{"unknown channel", "C0404", "channel_not_found", []slack.MsgOption{text("x")}},
		{"private, not invited", secret, "channel_not_found", []slack.MsgOption{text("x")}},
		{"archived", other, "is_archived", []slack.MsgOption{text("x")}},
		{"nothing", town, "no_text", nil},
		{"blank", town, "no_text", []slack.MsgOption{text(" \n")}},
		{"40,000 characters", town, "", []slack.MsgOption{text(strings.Repeat("あ", 40000))}},
		{"40,001 characters", town, "msg_too_long", []slack.MsgOption{text(strings.Repeat("あ", 40001))}},
		{"no such thread", town, "thread_not_found", []slack.MsgOption{text("x"), slack.MsgOptionTS("1.000001")}},
		{"a reply's ts", town, "thread_not_found", []slack.MsgOption{text("x"), slack.MsgOptionTS(reply)}},
		{"thread", town, "", []slack.MsgOption{text("x"), slack.MsgOptionTS(parent)}},
		{"101 attachments", town, "too_many_attachments", []slack.MsgOption{text("x"), slack.MsgOptionAttachments(make([]slack.Attachment, 101)...)}},
		{"metadata without type", town, "invalid_metadata_schema", []slack.MsgOption{text("x"), slack.MsgOptionMetadata(slack.SlackMetadata{EventPayload: map[string]any{"a": 1}})}},
		{"to a person", sato, "", []slack.MsgOption{text("x")}},
	} {
		_, _, err := api.PostMessageContext(short(t), c.channel, c.options...)
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && got != c.want {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
	if got := len(w.Thread(town, parent)); got != 3 {
		t.Errorf("the thread has %d messages, want 3", got)
	}
}

func TestPostAsSeen(t *testing.T) {
	t.Parallel()
	var hooked []Accepted
	var mu sync.Mutex
	w, api := start(t, func(c *Config) {
		c.OnMessage = func(a Accepted) {
			mu.Lock()
			defer mu.Unlock()
			hooked = append(hooked, a)
		}
	})
	ts := post(t, api, desk, text("A & B <x> <@U0SATO> <!channel>"), slack.MsgOptionMetadata(slack.SlackMetadata{
		EventType: "case", EventPayload: map[string]any{"id": "c1"},
	}))
	m, ok := w.Message(desk, ts)
	if !ok || m.BotID != "B0STANDIN" || m.User != "U0STANDIN" || m.Edits != 0 {
		t.Fatalf("got %+v", m)
	}
	if want := "A &amp; B &lt;x&gt; <@U0SATO> <!channel>"; m.Text != want {
		t.Errorf("text: got %q, want %q", m.Text, want)
	}
	if want := []string{sato, "channel"}; !slices.Equal(m.Pings, want) {
		t.Errorf("pings: got %v, want %v", m.Pings, want)
	}
	if got := w.Plain(m); got != "A & B <x> @佐藤 @channel" {
		t.Errorf("plain: got %q", got)
	}
	history := func(all bool) slack.Message {
		h, err := api.GetConversationHistoryContext(short(t), &slack.GetConversationHistoryParameters{ChannelID: desk, IncludeAllMetadata: all})
		if err != nil || len(h.Messages) == 0 {
			t.Fatalf("history: %v", err)
		}
		return h.Messages[0]
	}
	if got := history(true).Metadata; got.EventType != "case" || got.EventPayload["id"] != "c1" {
		t.Errorf("metadata with include_all_metadata: got %+v", got)
	}
	if got := history(false).Metadata; got.EventType != "" {
		t.Errorf("metadata without include_all_metadata: got %+v, want none", got)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(hooked) != 1 || hooked[0].Action != "posted" || hooked[0].Message.TS != ts {
		t.Errorf("OnMessage: got %+v", hooked)
	}
}

func TestRepeatedPost(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) { c.MetadataKey = "id" })
	with := func(id string, n int) slack.MsgOption {
		return slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "out", EventPayload: map[string]any{"id": id, "n": n}})
	}
	post(t, api, town, text("1"), with("a", 1))
	post(t, api, town, text("2"), with("b", 1))
	post(t, api, desk, text("3"), with("a", 1))
	if got := w.Violations(ViolationRepeatedPost); len(got) != 0 {
		t.Fatalf("different posts: got %v", got)
	}
	ts := post(t, api, town, text("1 again"), with("a", 2))
	got := w.Violations(ViolationRepeatedPost)
	if len(got) != 1 || got[0].TS != ts || got[0].Channel != town {
		t.Errorf("the same id again: got %+v", got)
	}
	// After a deletion the same may be posted again.
	if _, _, err := api.DeleteMessageContext(short(t), desk, w.Messages(desk)[0].TS); err != nil {
		t.Fatal(err)
	}
	post(t, api, desk, text("3"), with("a", 1))
	if got := len(w.Violations(ViolationRepeatedPost)); got != 1 {
		t.Errorf("after a deletion: got %d violations, want 1", got)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ts := card(t, api, town)
	blocks := slack.MsgOptionBlocks(slack.NewSectionBlock(markdown("*済*"), nil, nil))
	if _, _, _, err := api.UpdateMessageContext(short(t), town, ts, text("済"), blocks); err != nil {
		t.Fatal(err)
	}
	m, _ := w.Message(town, ts)
	if m.Edits != 1 || m.Edited || m.Text != "済" || len(Buttons(m)) != 0 {
		t.Errorf("updated with blocks: got %+v", m)
	}
	if _, _, _, err := api.UpdateMessageContext(short(t), town, ts, text("文だけ")); err != nil {
		t.Fatal(err)
	}
	if m, _ = w.Message(town, ts); len(m.Blocks) != 0 || !m.Edited || m.Edits != 2 {
		t.Errorf("text alone takes the blocks away: got %+v", m)
	}
	if len(w.Messages(town)) != 1 {
		t.Error("an update made another message")
	}
	people, err := w.Post(sato, town, "", "人の")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		channel, ts, want string
		option            slack.MsgOption
	}{
		{town, "1.000001", "message_not_found", text("x")},
		{town, people, "cant_update_message", text("x")},
		{secret, ts, "channel_not_found", text("x")},
		{town, ts, "no_text", text("")},
		{town, ts, "", text(strings.Repeat("あ", 1333))},
		{town, ts, "msg_too_long", text(strings.Repeat("あ", 1334))}, // 4,002 bytes
	} {
		_, _, _, err := api.UpdateMessageContext(short(t), c.channel, c.ts, c.option)
		wantCode(t, err, c.want)
	}
	_, _, err = api.DeleteMessageContext(short(t), town, people)
	wantCode(t, err, "cant_delete_message")
	_, _, err = api.DeleteMessageContext(short(t), town, ts)
	wantCode(t, err, "")
	_, _, err = api.DeleteMessageContext(short(t), town, ts)
	wantCode(t, err, "message_not_found")
}

func TestReplyToADeletedParent(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	alone := post(t, api, town, text("ひとり"))
	parent := post(t, api, town, text("親"))
	post(t, api, town, text("子"), slack.MsgOptionTS(parent))
	for _, ts := range []string{alone, parent} {
		if _, _, err := api.DeleteMessageContext(short(t), town, ts); err != nil {
			t.Fatal(err)
		}
	}
	m, ok := w.Message(town, parent)
	if !ok || !m.Tombstone || m.Subtype != "tombstone" || m.Replies != 1 {
		t.Errorf("a parent with replies stays as a tombstone: got %+v", m)
	}
	post(t, api, town, text("続き"), slack.MsgOptionTS(parent))
	if got := len(w.Thread(town, parent)); got != 3 {
		t.Errorf("the thread goes on: got %d messages, want 3", got)
	}
	// Slack posts to the channel when the parent is gone, without an error.
	_, ts, answer, err := api.PostMessageWithResponseContext(short(t), town, text("迷子"), slack.MsgOptionTS(alone))
	if err != nil || answer.ThreadTimestamp != "" {
		t.Fatalf("reply to a deleted message: got %v, thread %q", err, answer.ThreadTimestamp)
	}
	if m, _ := w.Message(town, ts); m.IsReply() {
		t.Errorf("got %+v, want a message outside threads", m)
	}
}

func TestEphemeral(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	if _, err := api.PostEphemeralContext(short(t), desk, sato, text("あなただけに")); err != nil {
		t.Fatal(err)
	}
	got := w.Ephemerals(sato)
	if len(got) != 1 || got[0].Text != "あなただけに" || got[0].EphemeralTo != sato {
		t.Errorf("got %+v", got)
	}
	if len(w.Ephemerals(suzuki)) != 0 || len(w.Messages(desk)) != 0 {
		t.Error("others see the ephemeral message")
	}
	_, err := api.PostEphemeralContext(short(t), desk, boss, text("x"))
	wantCode(t, err, "user_not_in_channel")
	_, err = api.PostEphemeralContext(short(t), other, sato, text("x"))
	wantCode(t, err, "not_in_channel")
	_, err = api.PostEphemeralContext(short(t), desk, sato)
	wantCode(t, err, "no_text")
}

func TestPermalink(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ts := post(t, api, town, text("x"))
	reply := post(t, api, town, text("y"), slack.MsgOptionTS(ts))
	link, err := api.GetPermalinkContext(short(t), &slack.PermalinkParameters{Channel: town, Ts: ts})
	if want := "https://standin.slack.com/archives/C0TOWN/p" + strings.ReplaceAll(ts, ".", ""); err != nil || link != want || w.Permalink(town, ts) != want {
		t.Errorf("got %q, %v, want %q", link, err, want)
	}
	link, err = api.GetPermalinkContext(short(t), &slack.PermalinkParameters{Channel: town, Ts: reply})
	if err != nil || !strings.HasSuffix(link, "?thread_ts="+ts+"&cid="+town) {
		t.Errorf("of a reply: got %q, %v", link, err)
	}
	_, err = api.GetPermalinkContext(short(t), &slack.PermalinkParameters{Channel: town, Ts: "1.1"})
	wantCode(t, err, "message_not_found")
}

func TestAdviceAgainstBlocksWithoutText(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	post(t, api, town, slack.MsgOptionBlocks(slack.NewDividerBlock()))
	if !hasViolation(w, ViolationAdvice, "no_fallback_text") {
		t.Error("blocks without text are no violation")
	}
}

func TestStoredBlocksHaveIDsAndEscapes(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ts := post(t, api, town, text("x"), slack.MsgOptionBlocks(
		slack.NewActionBlock("", button("A & B", "", "a & b")),
		slack.NewSectionBlock(markdown("> q <@U0SATO> & <b>"), nil, nil),
	))
	m, _ := w.Message(town, ts)
	buttons := Buttons(m)
	if len(buttons) != 1 || buttons[0].ActionID == "" || buttons[0].BlockID == "" || buttons[0].Text != "A & B" || buttons[0].Value != "a & b" {
		t.Errorf("got %+v", buttons)
	}
	stored, _ := m.Blocks[1].(obj)["text"].(obj)["text"].(string)
	if want := "> q <@U0SATO> &amp; &lt;b&gt;"; stored != want {
		t.Errorf("stored text: got %q, want %q", stored, want)
	}
}

func TestConcurrentPostsHaveDistinctTimes(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 10 {
				if _, _, err := api.PostMessageContext(short(t), town, text("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	seen := map[string]bool{}
	last := ""
	for _, m := range w.Messages(town) {
		if seen[m.TS] || m.TS <= last {
			t.Fatalf("ts %s after %s", m.TS, last)
		}
		seen[m.TS], last = true, m.TS
	}
	if len(seen) != 80 {
		t.Errorf("got %d messages, want 80", len(seen))
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	w, api := start(t, func(c *Config) { c.KeepMessages = 10; c.KeepLog = 5 })
	parent := post(t, api, town, text("親"))
	for i := range 20 {
		post(t, api, town, text(fmt.Sprint(i)), slack.MsgOptionTS(parent))
	}
	if got := len(w.Messages(town)); got != 21 {
		t.Errorf("the thread being written to was cut: %d messages, want 21", got)
	}
	for i := range 30 {
		post(t, api, town, text(fmt.Sprint(i)))
	}
	if got := len(w.Messages(town)); got > 10 {
		t.Errorf("kept %d messages, want at most 10", got)
	}
	for range 10 {
		_, _, _ = api.PostMessageContext(short(t), town)
	}
	if got := len(w.Violations()); got != 5 {
		t.Errorf("kept %d violations, want 5", got)
	}
	if got := w.Counters().Violations[ViolationRefused]; got != 10 {
		t.Errorf("counted %d violations, want 10", got)
	}
}
