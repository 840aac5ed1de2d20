package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestFreeLine(t *testing.T) {
	t.Parallel()
	if got := freeLine([]desk.Load{{Who: desk.Staff{ID: "U1", Name: "田中"}}}, false, false, opened); got != "手もちの少ない人（14:05）：田中さん（0件）" {
		t.Errorf("at night: got %q", got)
	}
	load := func(name string, open int) desk.Load {
		return desk.Load{Who: desk.Staff{ID: "U0" + name, Name: name}, Open: open}
	}
	rests := load("森", 0)
	rests.Rests = opened.Add(time.Hour)
	duty := load("田中", 2)
	duty.Duty = true
	for _, x := range []struct {
		loads  []desk.Load
		danger bool
		want   string
	}{
		{nil, false, ""},
		{[]desk.Load{duty, load("佐藤 花子", 0)}, false, "いま余裕がありそうな人（14:05）：田中さん（2件・当番）、佐藤 花子さん（0件）"},
		{[]desk.Load{load("一", 1), load("二", 2), load("三", 3), load("四", 4)}, false, "いま余裕がありそうな人（14:05）：一さん（1件）、二さん（2件）、三さん（3件）"},
		{[]desk.Load{rests, duty}, true, "いま余裕がありそうな人（14:05）：田中さん（2件・当番）"},
		{[]desk.Load{rests}, true, ""},
		{[]desk.Load{rests}, false, "いま余裕がありそうな人（14:05）：森さん（0件）"},
		{[]desk.Load{load("<@U1> <!here>", 1)}, false, "いま余裕がありそうな人（14:05）：<@U1> <!here>さん（1件）"}, // plain text: it rings nobody
	} {
		if got := freeLine(x.loads, x.danger, true, opened); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
		check(t, card(aCase(), nil, pack(), false, freeLine(x.loads, x.danger, true, opened)), false)
	}
}

// TestCardSaysWhoIsFree: names without a ring, few questions to Slack, and no
// app among them; nothing of it once somebody has the case.
func TestCardSaysWhoIsFree(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	for n := range 3 {
		c := waitingCase(n, "money")
		c.Status, c.Holder = desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}
		b.set(func() { b.cases[c.ID] = c })
	}
	var shown string
	for n := range 12 {
		shown = o.shown(money, o.begin(waitingCase(10+n, "money")))
	}
	if !strings.Contains(shown, "田中さん（0件）、佐藤 花子さん（3件）") {
		t.Errorf("the card says\n%s", shown)
	}
	if strings.Contains(shown, "つなぐさん") || strings.Contains(shown, "<@") {
		t.Errorf("the card names the app, or calls somebody:\n%s", shown)
	}
	calls := o.Counters().Calls
	if calls["conversations.members"] > 1 || calls["users.info"] > 4 {
		t.Errorf("12 cards asked Slack %d times for members and %d times for names", calls["conversations.members"], calls["users.info"])
	}
	c := waitingCase(30, "money")
	c.Status, c.Holder = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}
	if shown := o.shown(money, o.begin(c)); strings.Contains(shown, "余裕") {
		t.Errorf("the card of a case somebody has says\n%s", shown)
	}
}

// slowBoard answers only when it may.
type slowBoard struct {
	*fakeBoard
	may chan struct{}
}

func (b slowBoard) DangerCases(ctx context.Context, since time.Time) ([]desk.Case, error) {
	<-b.may
	return b.fakeBoard.DangerCases(ctx, since)
}

// TestDangerDoesNotWaitForLoads: the card comes without the line, and has it
// when it is drawn again.
func TestDangerDoesNotWaitForLoads(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	slow := slowBoard{b, make(chan struct{})}
	o.c.cfg.Board = slow
	c := waitingCase(1, "suicide")
	c.Danger = "suicide"
	ts := o.begin(c)
	if shown := o.shown(urgent, ts); !strings.Contains(shown, "【緊急】") || strings.Contains(shown, "余裕") {
		t.Errorf("the card says\n%s", shown)
	}
	close(slow.may)
	until(t, "the line is there", func() bool {
		o.begin(c)
		return strings.Contains(o.shown(urgent, ts), "余裕がありそうな人")
	})
	// Slack that does not tell who is there keeps no card back either.
	o.c.memberChanged(urgent)
	o.Fail(slackapi.Failure{Method: "conversations.members", Kind: slackapi.FailStatus, Times: 1})
	c = waitingCase(2, "suicide")
	c.Danger = "suicide"
	if shown := o.shown(urgent, o.begin(c)); !strings.Contains(shown, "【緊急】") || strings.Contains(shown, "余裕") {
		t.Errorf("the card says\n%s", shown)
	}
	o.allow()
}

// TestAskOnePerson: the modal lists who has room, without who asks; what it
// says becomes one command; the line calls exactly one person, once.
func TestAskOnePerson(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	busy := waitingCase(1, "money")
	busy.Status, busy.Holder = desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}
	b.set(func() { b.cases[busy.ID] = busy })
	c := waitingCase(2, "money")
	ts := o.begin(c)
	ask := func(who string) slackapi.View {
		t.Helper()
		if _, err := o.Select(o.ctx(), slackapi.On(who, money, ts), actMenu, menuPerson); err != nil {
			t.Fatal(err)
		}
		v, err := o.WaitModal(o.ctx(), who, func(slackapi.View) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	v := ask(tanaka)
	raw, err := json.Marshal(v.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	shown := string(raw)
	if !strings.Contains(shown, "佐藤 花子さん 1件") || strings.Contains(shown, "田中さん") || strings.Contains(shown, "つなぐさん") {
		t.Errorf("the modal says\n%s", shown)
	}
	if err := o.Fill(o.ctx(), tanaka, map[string]any{inputWho: sato, inputText: "家が近いので"}); err != nil {
		t.Fatal(err)
	}
	if err := o.SubmitTwice(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	want := desk.AskPerson{Who: desk.Staff{ID: sato, Name: "佐藤 花子"}, Word: "家が近いので"}
	if len(got) != 1 || !same(got[0].Action, want) {
		t.Fatalf("got %+v", got)
	}
	d := desk.Decide(c, got[0])
	if d.Refused != "" {
		t.Fatal(d.Refused)
	}
	e := d.Entries[0]
	o.s.set(func() { o.s.cases[c.ID] = d.Case; o.s.entries = append(o.s.entries, e) })
	o.deliver(lineLetter(d.Case, e, money, ""))
	below := o.Thread(money, ts)[1]
	if strings.Count(below.Text, "<@") != 1 || !strings.Contains(below.Text, "<@"+sato+">") || !strings.Contains(o.Plain(below), "家が近いので") || strings.Contains(o.Plain(below), "ひみつ") {
		t.Errorf("the line says %q\n%s", below.Text, o.Plain(below))
	}
	// They cannot, and say no more than that.
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, below.TS), "いまは難しい"); err != nil {
		t.Fatal(err)
	}
	if got = o.s.commands(t); len(got) != 2 || !same(got[1].Action, desk.Cannot{}) || got[1].By.ID != sato {
		t.Fatalf("got %+v", got)
	}
	back := desk.Decide(d.Case, got[1])
	if back.Refused != "" {
		t.Fatal(back.Refused)
	}
	o.s.set(func() { o.s.cases[c.ID] = back.Case })
	o.deliver(lineLetter(back.Case, e, money, ""))
	after := o.Thread(money, ts)[1]
	if strings.Contains(after.Text, "<@") || len(slackapi.Buttons(after)) != 0 || !strings.Contains(o.Plain(after), "いまは難しい") {
		t.Errorf("afterwards the line says %q\n%s", after.Text, o.Plain(after))
	}
	tell := letter(reception.LetterTell, e.ID, reception.Tell{Channel: money, User: tanaka, Case: c.ID, Cannot: "佐藤 花子"})
	if _, err := o.carry(tell); err != nil {
		t.Fatal(err)
	}
	if direct := o.direct(tanaka); len(direct) != 1 || !strings.Contains(o.Plain(direct[0]), "佐藤 花子さんは、いまは難しいそうです") || len(o.direct(sato)) != 0 {
		t.Errorf("who asked is told %+v", direct)
	}
	o.s.set(func() { o.s.cases[c.ID] = d.Case })
	o.deliver(lineLetter(d.Case, e, money, ""))
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, below.TS), "引き受ける"); err != nil {
		t.Fatal(err)
	}
	got = o.s.commands(t)[1:]
	if len(got) != 2 || !same(got[1].Action, desk.Take{}) || got[1].By.ID != sato {
		t.Fatalf("got %+v", got)
	}
	taken := desk.Decide(d.Case, got[1])
	settled, lines := desk.Settle(d.Case, taken.Case)
	if len(lines) != 1 {
		t.Fatalf("got %v", lines)
	}
	o.s.set(func() { o.s.cases[c.ID] = settled })
	o.deliver(lineLetter(settled, e, money, ""))
	if below = o.Thread(money, ts)[1]; strings.Contains(below.Text, "<@") || len(slackapi.Buttons(below)) != 0 || !strings.Contains(o.Plain(below), "佐藤 花子さんに引き受けられるか") {
		t.Errorf("afterwards the line says %q\n%s", below.Text, o.Plain(below))
	}
	// Who is in none of the channels cannot be asked, however they were chosen.
	v = ask(sato)
	a := o.c.askPerson(o.ctx(), chose(v, sato, stranger), aboutCase(c))
	if !strings.Contains(string(a.body), "チャンネルに入っていません") || len(o.s.commands(t)) != 3 {
		t.Errorf("got %s", a.body)
	}
}

// direct are the messages of a person's talk with the app.
func (o *office) direct(who string) []slackapi.Message {
	for _, ch := range o.Channels(who) {
		if ch.Direct {
			return o.Messages(ch.ID)
		}
	}
	return nil
}

// chose is a modal submitted with a person chosen.
func chose(v slackapi.View, by, who string) *interaction {
	i := &interaction{}
	i.User.ID, i.View.ID = by, v.ID
	e := entered{Selected: &struct {
		Value string `json:"value"`
	}{who}}
	i.View.State.Values = map[string]map[string]entered{inputWho: {inputWho: e}}
	return i
}

// TestTeamOnTheHome: the people of one's own channels, nobody else's; the same
// by /tsunagu load.
func TestTeamOnTheHome(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	now := time.Now()
	c := waitingCase(1, "suicide")
	c.Danger, c.Status, c.Holder, c.TakenAt = "suicide", desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}, now.Add(-time.Hour)
	c.Borne = []desk.Bearer{{Who: c.Holder, From: c.TakenAt, Sure: true}}
	b.set(func() {
		b.cases[c.ID] = c
		n := waitingCase(2, "money")
		b.cases[n.ID] = n
		n = waitingCase(3, "elder")
		b.cases[n.ID] = n
	})
	if err := o.OpenHome(tanaka); err != nil {
		t.Fatal(err)
	}
	shown := o.home(tanaka, "チームのようす")
	for _, want := range []string{"まだだれも持っていない相談　1件", "田中さん　0件", "佐藤 花子さん　1件・緊急 1・緊急は休み"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the home does not say %q:\n%s", want, shown)
		}
	}
	if strings.Contains(shown, "そとの人") || strings.Index(shown, "田中さん　0件") > strings.Index(shown, "佐藤 花子さん　1件") {
		t.Errorf("the home says\n%s", shown)
	}
	if _, err := o.Command(o.ctx(), sato, money, "/tsunagu", "load"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitEphemeral(o.ctx(), sato, func(m slackapi.Message) bool {
		return strings.Contains(o.Plain(m), "まだだれも持っていない相談　2件") && strings.Contains(o.Plain(m), "佐藤 花子さん　1件")
	}); err != nil {
		t.Error(err)
	}
	if a, ok := o.c.verbs("負担"); !ok || !a.known {
		t.Error("whoever is in no team may ask for loads")
	}
}

// TestOtherTeamsPeople: who is in a channel only that I am not in, I do not see.
func TestOtherTeamsPeople(t *testing.T) {
	t.Parallel()
	b := &fakeBoard{days: map[string]desk.Day{}, users: map[string]time.Time{}}
	o := open(t, func(sc *slackapi.Config, cfg *Config) {
		sc.Members = append(sc.Members, slackapi.Member{ID: "U0MORI", Name: "mori", DisplayName: "森"})
		sc.Channels[1].Members = append(sc.Channels[1].Members, "U0MORI")
		b.fakeStore = cfg.Store.(*fakeStore)
		cfg.Board, cfg.Days, cfg.Homes = b, b, b
	})
	for who, sees := range map[string]bool{tanaka: false, sato: true} {
		if got := o.c.loadOf(o.ctx(), who); strings.Contains(got, "森さん") != sees || !strings.Contains(got, "田中さん") {
			t.Errorf("%s sees\n%s", who, got)
		}
	}
}

// TestManyPeople: a list stays one Slack takes.
func TestManyPeople(t *testing.T) {
	t.Parallel()
	all := strings.Join(teamLines(longestLoads(), 999, 99, opened), "\n")
	check(t, post{text: "x", blocks: []sdk.Block{section(teamTitle + "\n" + all)}}, false)
	if !strings.Contains(all, "ほかにもいます") {
		t.Errorf("got\n%s", all)
	}
}

// talkLetter asks to bring a private word up to date.
func talkLetter(c desk.Case, who string, n int) mailbox.Letter {
	return letter(reception.LetterTalk, reception.TalkAt(c.ID, who, n), reception.Talk{Case: c.ID, Who: who, N: n})
}

// TestPrivateWord: it reaches one person, once, says nothing of the resident,
// and follows what they answer.
func TestPrivateWord(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, cfg *Config) {
		c := pack()
		c.Duty.People = []bot.Person{{ID: sato, Role: bot.RoleLead}}
		cfg.Content = func() *bot.Content { return c }
	})
	c := aCase()
	c.Danger, c.Window, c.Town, c.Status = "suicide", "suicide", "柏町", desk.Closed
	c.Borne = []desk.Bearer{{Who: desk.Staff{ID: tanaka, Name: "田中"}, From: opened, To: opened.Add(time.Hour), Sure: true, Asked: 1}}
	o.s.set(func() { o.s.cases[c.ID] = c })
	direct := func(who string) (channel string, all []slackapi.Message) {
		for _, ch := range o.Channels(who) {
			if ch.Direct {
				return ch.ID, o.Messages(ch.ID)
			}
		}
		return "", nil
	}
	for range 2 {
		if _, err := o.carry(talkLetter(c, tanaka, 1)); err != nil {
			t.Fatal(err)
		}
	}
	channel, got := direct(tanaka)
	if len(got) != 1 {
		t.Fatalf("%d private words, want 1", len(got))
	}
	shown := o.Plain(got[0]) + got[0].Text
	for _, want := range []string{c.Number(), "話せた", "あとで（あした）", "佐藤 花子"} {
		if !strings.Contains(shown, want) {
			t.Errorf("it does not say %q:\n%s", want, shown)
		}
	}
	for _, never := range []string{"おかね", "いのち", "死", "柏町", "緊急", "やさしい日本語"} {
		if strings.Contains(shown, never) {
			t.Errorf("it says %q:\n%s", never, shown)
		}
	}
	for _, u := range []string{sato, stranger} {
		if _, all := direct(u); len(all) != 0 {
			t.Errorf("%s sees %d private words", u, len(all))
		}
	}
	// Somebody else's press, however it came about, is nothing.
	press := func(user, action string) {
		t.Helper()
		a := aboutCase(c)
		a.Arg = tanaka
		body := `{"type":"block_actions","user":{"id":"` + user + `"},"container":{"channel_id":"` + channel + `","message_ts":"` + got[0].TS +
			`"},"actions":[{"action_id":"` + action + `","action_ts":"1.2","value":` + fmt.Sprintf("%q", pressed(action, "", a).Value) + `}]}`
		if r := o.c.interaction(o.ctx(), []byte(body)); r.status != 200 {
			t.Errorf("status %d", r.status)
		}
	}
	press(sato, actTalked)
	if n := len(o.s.commands(t)); n != 0 {
		t.Fatalf("somebody else's press gave %d commands", n)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, channel, got[0].TS), "あとで（あした）"); err != nil {
		t.Fatal(err)
	}
	cmd := o.s.commands(t)
	if len(cmd) != 1 || !same(cmd[0].Action, desk.TalkLater{}) {
		t.Fatalf("got %+v", cmd)
	}
	d := desk.Decide(c, cmd[0])
	o.s.set(func() { o.s.cases[c.ID] = d.Case })
	if _, err := o.carry(talkLetter(c, tanaka, 1)); err != nil {
		t.Fatal(err)
	}
	if _, got = direct(tanaka); len(got) != 1 || len(slackapi.Buttons(got[0])) != 0 || !strings.Contains(o.Plain(got[0]), "もう一度お知らせします") {
		t.Errorf("after あとで: %d words\n%s", len(got), o.Plain(got[0]))
	}
	// The next day it comes anew, because an update rings nobody.
	c = d.Case
	c.Borne[0].Asked, c.Borne[0].Later = 2, time.Time{}
	o.s.set(func() { o.s.cases[c.ID] = c })
	if _, err := o.carry(talkLetter(c, tanaka, 2)); err != nil {
		t.Fatal(err)
	}
	if _, got = direct(tanaka); len(got) != 2 {
		t.Fatalf("%d words, want 2", len(got))
	}
	d = desk.Decide(c, desk.Command{ID: "t", Case: c.ID, By: desk.Staff{ID: tanaka}, At: opened, Action: desk.Talked{}})
	o.s.set(func() { o.s.cases[c.ID] = d.Case })
	if _, err := o.carry(talkLetter(c, tanaka, 2)); err != nil {
		t.Fatal(err)
	}
	if _, got = direct(tanaka); len(got) != 2 || !strings.Contains(o.Plain(got[1]), "話せてよかったです") || len(slackapi.Buttons(got[1])) != 0 {
		t.Errorf("after 話せた:\n%s", o.Plain(got[1]))
	}
	// Only a rest that is not over yet is spoken of.
	for ago, want := range map[time.Duration]bool{time.Hour: true, 72 * time.Hour: false} {
		c = d.Case
		c.Borne = slices.Clone(c.Borne)
		c.Borne[0].From, c.Borne[0].To = time.Now().Add(-ago-time.Hour), time.Now().Add(-ago)
		o.s.set(func() { o.s.cases[c.ID] = c })
		if _, err := o.carry(talkLetter(c, tanaka, 2)); err != nil {
			t.Fatal(err)
		}
		if _, got = direct(tanaka); strings.Contains(o.Plain(got[1]), "ほかの人にすすめます") != want {
			t.Errorf("%v after its end:\n%s", ago, o.Plain(got[1]))
		}
	}
	// Slack answers 500, then loses its answer: the word is there, once.
	other := c
	other.ID, other.Borne = "c-other", []desk.Bearer{{Who: desk.Staff{ID: sato}, Sure: true, Asked: 1}}
	o.s.set(func() { o.s.cases[other.ID] = other })
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailStatus, Times: 1})
	l := talkLetter(other, sato, 1)
	if _, err := o.carry(l); err == nil {
		t.Error("a 500 counts as said")
	}
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1})
	for l.Tries, l.Clear = 2, false; l.Tries < 5; l.Tries++ {
		r, err := o.carry(l)
		if err != nil {
			continue
		}
		if channel, ts, ok := strings.Cut(r.Ref, "/"); !ok || channel == "" || ts == "" {
			t.Errorf("what it is kept under is %q", r.Ref)
		}
		break
	}
	if _, got := direct(sato); len(got) != 1 {
		t.Errorf("%d words, want 1", len(got))
	}
	// Where the app may not write to people, only they see it in the channel.
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailError, Error: "messages_tab_disabled", Times: 1})
	closed := other
	closed.ID = "c-third"
	o.s.set(func() { o.s.cases[closed.ID] = closed })
	if _, err := o.carry(talkLetter(closed, sato, 1)); err != nil {
		t.Fatal(err)
	}
	if e := o.Ephemerals(sato); len(e) != 1 || e[0].Channel != urgent {
		t.Errorf("got %d words only they see", len(e))
	}
	o.allow()
}

// TestPrivateWordWithoutScopes: an app that may not look says it again, rather
// than never.
func TestPrivateWordWithoutScopes(t *testing.T) {
	t.Parallel()
	o := open(t, func(sc *slackapi.Config, _ *Config) {
		sc.Scopes = slices.DeleteFunc(Scopes(), func(s string) bool { return strings.HasPrefix(s, "im:") })
	})
	c := aCase()
	c.Danger = "suicide"
	c.Borne = []desk.Bearer{{Who: desk.Staff{ID: sato}, Sure: true, Asked: 1}}
	o.s.set(func() { o.s.cases[c.ID] = c })
	l := talkLetter(c, sato, 1)
	l.Tries = 2
	if _, err := o.carry(l); err != nil || len(o.direct(sato)) != 1 {
		t.Errorf("got %v, %d words", err, len(o.direct(sato)))
	}
	o.allow()
}

// TestRestsIsSaidKindly: the lead hears of it; nobody is scolded.
func TestRestsIsSaidKindly(t *testing.T) {
	t.Parallel()
	who := desk.Staff{ID: tanaka, Name: "田中"}
	led := &bot.Content{Duty: bot.Duty{People: []bot.Person{{ID: sato, Role: bot.RoleLead}, {ID: tanaka, Role: bot.RoleLead}}}}
	e := desk.Rests(aCase(), who, opened, opened)
	shown := check(t, entry(aCase(), e, delivery{}, led), true)
	if !strings.Contains(shown, "<@"+sato+">") || strings.Contains(shown, "<@"+tanaka+">") || !strings.Contains(shown, "11月23日（月）14:05") {
		t.Errorf("got %s", shown)
	}
	if shown := check(t, entry(aCase(), e, delivery{}, pack()), false); !strings.Contains(shown, "田中さん") {
		t.Errorf("got %s", shown)
	}
}

// TestMaskedCalls: masking words leaves whom a line calls.
func TestMaskedCalls(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, cfg *Config) {
		c := pack()
		c.City.Slack.Mask = true
		cfg.Content = func() *bot.Content { return c }
	})
	c := aCase()
	c.Asking = []desk.PersonAsked{{Entry: "n"}}
	asks := desk.Entry{ID: "n", Kind: desk.FromBot, Note: desk.NotePerson, Text: "U0123456789\n田中\n042-529-8300 に電話を", At: opened}
	if p := o.c.lineOf(c, asks, delivery{}); !strings.Contains(p.text, "<@U0123456789>") || strings.Contains(check(t, p, true), "8300") {
		t.Errorf("got %q", p.text)
	}
	waits := desk.Entry{ID: "u", Kind: desk.FromBot, Note: desk.NoteUntaken, Text: "5\nU0123456789 U0987654321 -U0987654321", At: opened}
	if p := o.c.lineOf(c, waits, delivery{}); !strings.HasPrefix(p.text, "<@U0123456789> T-") {
		t.Errorf("got %q", p.text)
	}
}
