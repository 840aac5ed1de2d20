package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func withShortcuts(sc *slackapi.Config, _ *Config) {
	sc.Shortcuts = append(sc.Shortcuts, slackapi.Shortcut{CallbackID: shortcutReply, Message: true})
}

// choose runs 「ご本人に返信」 on a message.
func (o *office) choose(user, channel, ts string) {
	o.t.Helper()
	if _, err := o.MessageShortcut(o.ctx(), user, channel, ts, shortcutReply); err != nil {
		o.t.Fatal(err)
	}
}

// draft is what stands in the reply that opened, and closes it.
func (o *office) draft(user string) string {
	o.t.Helper()
	v, err := o.WaitModal(o.ctx(), user, func(slackapi.View) bool { return true })
	if err != nil {
		o.t.Fatal(err)
	}
	if v.Title != "返信" {
		o.t.Fatalf("got the modal %q", v.Title)
	}
	words, _ := v.Values[inputText][inputText].(map[string]any)["value"].(string)
	if err := o.CloseAllModals(o.ctx(), user); err != nil {
		o.t.Fatal(err)
	}
	return words
}

// told waits until a person was told something, and that no modal is open.
func (o *office) told(user, what string) {
	o.t.Helper()
	if _, err := o.WaitEphemeral(o.ctx(), user, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), what) }); err != nil {
		o.t.Errorf("not told %q: %v", what, err)
	}
	if v, ok := o.Modal(user); ok {
		o.t.Errorf("the modal %q is open", v.Title)
	}
}

// TestReplyFromAMessage: the shortcut opens the reply of the message's case.
// What staff wrote is the draft; a resident's line, a card or a pointer is not.
func TestReplyFromAMessage(t *testing.T) {
	t.Parallel()
	o := open(t, withShortcuts)
	c := aCase()
	c.Team = []desk.Member{{Window: "elder", Does: "見てほしい", AskedBy: desk.Staff{ID: tanaka, Name: "田中"}, Who: desk.Staff{ID: sato, Name: "佐藤"}}}
	e := said(c, 1, opened.Add(time.Minute), "ひとりで こまっています")
	card := o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""), pointLetter(c, "elder", elder))
	var line string
	for _, m := range o.Thread(money, card) {
		if m.IsReply() {
			line = m.TS
		}
	}
	write := func(text string) string {
		t.Helper()
		ts, err := o.Post(sato, money, card, text)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	for name, test := range map[string]struct{ channel, ts, want string }{
		"talk":        {money, write("あした *10時* に来られますか <と聞く>"), "あした *10時* に来られますか <と聞く>"},
		"several":     {money, write("一行目\n\n二行目 & 三"), "一行目\n\n二行目 & 三"},
		"a reply":     {money, write(">> こんにちは\nこれは職員だけ"), "こんにちは"},
		"the card":    {money, card, ""},
		"their line":  {money, line, ""},
		"the pointer": {elder, o.Messages(elder)[0].TS, ""},
	} {
		o.choose(sato, test.channel, test.ts)
		if got := o.draft(sato); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
	// It goes the way of every reply: through the preview, once.
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	before := len(o.s.commands(t))
	o.choose(tanaka, money, write("電話をください"))
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if err := o.SubmitTwice(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); len(got) != before+1 || !same(got[before].Action, desk.Reply{Text: "電話をください"}) || got[before].Case != c.ID || got[before].By.Name != "田中" {
		t.Errorf("got %+v", got[before:])
	}
}

// TestNoReplyFromAMessage: where there is nobody to reply to, or it is not the
// person's to reply, they are told so kindly and nothing opens.
func TestNoReplyFromAMessage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*desk.Case)
		want   string
	}{
		"closed":  {func(c *desk.Case) { c.Status = desk.Closed }, "終了しています"},
		"by hand": {func(c *desk.Case) { c.ByHand, c.Left = desk.ByPhone, true }, "LINE では届きません"},
		"blocked": {func(c *desk.Case) { c.Left = true }, "ブロック"},
		"moved":   {func(c *desk.Case) { c.Window = "elder" }, "入っていないチャンネル"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t, withShortcuts)
			c := aCase()
			card := o.begin(c)
			ts, err := o.Post(tanaka, money, card, "返事しておきます")
			if err != nil {
				t.Fatal(err)
			}
			test.change(&c)
			o.s.set(func() { o.s.cases[c.ID] = c })
			o.choose(tanaka, money, ts)
			o.told(tanaka, test.want)
		})
	}
	t.Run("no case", func(t *testing.T) {
		t.Parallel()
		o := open(t, withShortcuts)
		c := aCase()
		o.begin(c)
		for _, text := range []string{"おはようございます", c.Number() + " の件です"} { // a person's line names nothing
			ts, err := o.Post(tanaka, money, "", text)
			if err != nil {
				t.Fatal(err)
			}
			o.choose(tanaka, money, ts)
			o.told(tanaka, "スレッドのものではありません")
		}
	})
	t.Run("asked, not joined", func(t *testing.T) {
		t.Parallel()
		o := open(t, withShortcuts)
		c := aCase()
		c.Team = []desk.Member{{Window: "elder", AskedBy: desk.Staff{ID: tanaka, Name: "田中"}}}
		o.begin(c)
		o.deliver(pointLetter(c, "elder", elder))
		if err := o.Leave(sato, money); err != nil {
			t.Fatal(err)
		}
		if err := o.Settle(o.ctx()); err != nil {
			t.Fatal(err)
		}
		o.choose(sato, elder, o.Messages(elder)[0].TS)
		o.told(sato, "先に「加わる」")
	})
	t.Run("database down", func(t *testing.T) {
		t.Parallel()
		o := open(t, withShortcuts)
		card := o.begin(aCase())
		o.s.set(func() { o.s.down = true })
		o.choose(tanaka, money, card)
		o.told(tanaka, "少し待って")
	})
	t.Run("database hangs", func(t *testing.T) {
		t.Parallel()
		o := open(t, withShortcuts)
		card := o.begin(aCase())
		hang := make(chan struct{})
		o.s.set(func() { o.s.hang = hang })
		o.choose(tanaka, money, card) // acknowledged all the same
		o.told(tanaka, "少し待って")
		close(hang)
	})
}
