package slack

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func maskedPack() *bot.Content {
	c := pack()
	c.City.Slack.Mask = true
	return c
}

func TestMaskNumbers(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"090-1234-5678 にかけて": "＊＊＊ にかけて", "０９０１２３４５６７８": "＊＊＊", "a.b@example.jp です": "＊＊＊ です", "家賃は 45000円": "家賃は 45000円",
		"2026-11-24": "＊＊＊", "": "", "03(1234)5678": "＊＊＊",
	} {
		if got := maskNumbers(s); got != want {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

// TestMasked: neither card nor thread shows what is masked; the modal does.
func TestMasked(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, cfg *Config) {
		cfg.Content = maskedPack
		cfg.Mask = func(s string) string { return strings.ReplaceAll(maskNumbers(s), "山田", "＊＊") }
	})
	c := aCase()
	c.Summary = "山田です。090-1234-5678 に電話してください"
	e := said(c, 1, opened.Add(time.Minute), "山田の家は 042-000-0000 です")
	c.Plan = &bot.Plan{Goal: "山田と話す", Steps: []bot.Step{{ID: "1", Text: "山田に電話"}}}
	ts := o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""))
	shown := o.shown(money, ts) + strings.Join(o.lines(money, ts), "\n")
	if strings.Contains(shown, "山田") || strings.Contains(shown, "1234") || !strings.Contains(shown, "＊＊です") {
		t.Errorf("the chat shows\n%s", shown)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), actUnveil); err != nil {
		t.Fatal(err)
	}
	v, err := o.WaitModal(o.ctx(), tanaka, func(slackapi.View) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if got := o.PlainView(v); !strings.Contains(got, "090-1234-5678") || !strings.Contains(got, "042-000-0000") {
		t.Errorf("the modal shows\n%s", got)
	}
}

// TestRedacted: after the end the words are gone from card and thread, and
// from a channel the case was in before.
func TestRedacted(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "ひみつの話")
	staff := desk.Entry{ID: "o-1", Case: c.ID, At: opened.Add(2 * time.Minute), Kind: desk.FromStaff, By: desk.Staff{ID: tanaka, Name: "田中"}, Text: "ひみつの返事"}
	ts := o.begin(c, e, staff)
	o.deliver(lineLetter(c, e, money, ""), lineLetter(c, staff, money, ""))
	c.Status, c.ClosedAt, c.Cleared = desk.Closed, opened.Add(time.Hour), opened.Add(720*time.Hour)
	o.s.set(func() { o.s.cases[c.ID] = c })
	o.deliver(cardLetter(c, money), lineLetter(c, e, money, ""), lineLetter(c, staff, money, ""))
	shown := o.shown(money, ts) + strings.Join(o.lines(money, ts), "\n")
	if strings.Contains(shown, "ひみつ") || strings.Contains(shown, "おかねが") || strings.Count(shown, "ことばを消しました") != 2 || strings.Contains(shown, "送っています") {
		t.Errorf("the chat shows\n%s", shown)
	}
}

// TestWhatStaffTypedRemains: once the words are gone, the thread says how many
// lines with >> are still there, whose, and where; it calls their writers once,
// and follows what they delete or empty.
func TestWhatStaffTypedRemains(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	var lines []string
	for _, text := range []string{">> あした来てください", ">> 住所は見本町です", "ここだけの話"} {
		ts, err := o.Post(sato, money, card, text)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, ts)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	sent := o.s.commands(t)
	if len(sent) != 2 {
		t.Fatalf("%d replies, want 2", len(sent))
	}
	o.s.set(func() {
		for _, cmd := range sent {
			o.s.entries = append(o.s.entries, desk.Entry{ID: desk.ReplyEntry(cmd.ID), Case: c.ID, Kind: desk.FromStaff, At: opened, By: cmd.By, Text: "x"})
		}
	})
	note := desk.Entry{ID: "n-1", Case: c.ID, Kind: desk.FromBot, Note: desk.NoteCleared, At: opened.Add(720 * time.Hour)}
	c.Status, c.ClosedAt, c.Cleared = desk.Closed, opened.Add(time.Hour), note.At
	o.s.set(func() { o.s.cases[c.ID] = c; o.s.entries = append(o.s.entries, note) })
	o.deliver(lineLetter(c, note, money, ""))
	last := func() slackapi.Message {
		all := o.Thread(money, card)
		return all[len(all)-1]
	}
	shown := o.Plain(last())
	if !strings.Contains(shown, "2件") || !strings.Contains(shown, "削除") || len(last().Pings) != 1 || last().Pings[0] != sato || strings.Contains(shown, "見本町") {
		t.Errorf("the thread says, and calls %v:\n%s", last().Pings, shown)
	}
	raw, err := encode(last().Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for n, ts := range lines {
		if link := "/archives/" + money + "/p" + strings.ReplaceAll(ts, ".", "") + "?thread_ts=" + card; strings.Contains(string(raw), link) != (n < 2) {
			t.Errorf("line %d: a link to it is there: %v\n%s", n, n >= 2, raw)
		}
	}
	before := len(o.s.commands(t))
	if err := o.Delete(sato, money, lines[0]); err != nil {
		t.Fatal(err)
	}
	until(t, "one line is left", func() bool { return strings.Contains(o.Plain(last()), "1件") })
	if err := o.Edit(sato, money, lines[1], "（消しました）"); err != nil {
		t.Fatal(err)
	}
	until(t, "none is left", func() bool { return strings.Contains(o.Plain(last()), "もう残っていません") })
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if n := len(o.s.commands(t)); n != before || len(o.Ephemerals(sato)) != 0 {
		t.Errorf("who deletes as asked gives %d commands and is told %d things", n-before, len(o.Ephemerals(sato)))
	}
}

// TestNothingTypedNothingSaid: a thread in which nobody wrote with >> gets no
// such line; and while Slack cannot be read it waits.
func TestNothingTypedNothingSaid(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	note := desk.Entry{ID: "n-1", Case: c.ID, Kind: desk.FromBot, Note: desk.NoteCleared, At: opened}
	c.Status, c.Cleared = desk.Closed, opened
	o.s.set(func() { o.s.cases[c.ID] = c; o.s.entries = append(o.s.entries, note) })
	o.deliver(lineLetter(c, note, money, ""))
	if n := len(o.lines(money, card)); n != 0 {
		t.Errorf("%d lines, want none", n)
	}
	o.s.set(func() {
		o.s.entries = append(o.s.entries, desk.Entry{ID: desk.ReplyEntry(messageID(money, "1700000000.000100")), Case: c.ID, Kind: desk.FromStaff})
	})
	o.Fail(slackapi.Failure{Method: "conversations.replies", Kind: slackapi.FailRateLimited, Times: 1})
	var retry *mailbox.RetryError
	if _, err := o.carry(lineLetter(c, note, money, "")); !errors.As(err, &retry) || !retry.Pause {
		t.Errorf("got %v, want to wait as Slack asks", err)
	}
	check(t, clearedLine(c, note, make([]typed, 500), "https://example.slack.com/"), false)
	many := make([]typed, 100)
	for n := range many {
		many[n] = typed{money, card, card, fmt.Sprintf("U0%018d", n)}
	}
	check(t, clearedLine(c, note, many, "https://example.slack.com/"), true)
}

// TestUnveilLimits: the longest words fit a modal.
func TestUnveilLimits(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Summary = strings.Repeat("<&>", 1600)
	var entries []desk.Entry
	for n := range 60 {
		entries = append(entries, said(c, n, opened, strings.Repeat("長\n", 2400)))
	}
	v := unveilModal(aboutCase(c), c, entries)
	if len(v.Blocks.BlockSet) > 100 {
		t.Errorf("got %d blocks", len(v.Blocks.BlockSet))
	}
}

func TestByHand(t *testing.T) {
	t.Parallel()
	o := open(t, func(sc *slackapi.Config, _ *Config) {
		sc.Shortcuts = append(sc.Shortcuts, slackapi.Shortcut{CallbackID: shortcutByHand, Message: true})
	})
	ts, err := o.Post(sato, money, "", "山田さんから電話。電気が止まりそう")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.MessageShortcut(o.ctx(), sato, money, ts, shortcutByHand); err != nil {
		t.Fatal(err)
	}
	v, err := o.WaitModal(o.ctx(), sato, func(slackapi.View) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if got := o.PlainView(v); !strings.Contains(got, "電気が止まりそう") {
		t.Errorf("the form shows\n%s", got)
	}
	if err := o.Fill(o.ctx(), sato, map[string]any{inputWindow: "elder", inputDanger: "suicide"}); err != nil {
		t.Fatal(err)
	}
	if err := o.SubmitTwice(o.ctx(), sato); err != nil {
		t.Fatal(err)
	}
	o.s.mu.Lock()
	mail, repeats := o.s.mail, o.s.repeats
	o.s.mu.Unlock()
	if len(mail) != 1 || repeats != 1 {
		t.Fatalf("got %d cases and %d repeats, want 1 and 1", len(mail), repeats)
	}
	cmd, err := desk.DecodeCommand(mail[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	b, ok := cmd.Action.(desk.Begin)
	if !ok || b.Window != "elder" || b.How != desk.ByPhone || b.Danger != "suicide" || !strings.HasPrefix(mail[0].Lane, "h-") || cmd.Case == "" {
		t.Errorf("got %+v in lane %s", cmd, mail[0].Lane)
	}
	// Its card says how it came, and offers nothing that needs LINE.
	c := desk.Rules{}.Begin(cmd, b, mail[0].Lane).Case
	at := o.begin(c)
	shown := o.shown(urgent, at)
	if !strings.Contains(shown, "職員が書きとめました：電話") || strings.Contains(shown, "[返信]") || strings.Contains(shown, "ブロック") {
		t.Errorf("the card shows\n%s", shown)
	}
	if got := refusal(reception.Tell{Case: c.ID, Refused: desk.RefusedNoLine}); !strings.Contains(got, "LINE では届きません") {
		t.Errorf("got %q", got)
	}
}
