package slack

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestClicksBecomeCommands(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "引き受ける"); err != nil {
		t.Fatal(err)
	}
	if err := o.ClickTwice(o.ctx(), slackapi.On(sato, money, card), actTake); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	if len(got) != 3 {
		t.Fatalf("got %d commands, want 3", len(got))
	}
	if !same(got[0].Action, (desk.Take{})) || got[0].By.Name != "田中" || got[1].By != (desk.Staff{ID: sato, Name: "佐藤 花子"}) {
		t.Errorf("got %+v", got)
	}
	if got[1].ID == got[2].ID {
		t.Error("two clicks have one id")
	}
	// The desk takes two clicks of one person calmly.
	if d := desk.Decide(c, got[0]); d.Refused != "" {
		t.Errorf("first click refused: %s", d.Refused)
	} else if d := desk.Decide(d.Case, got[1]); d.Refused != desk.RefusedTaken {
		t.Errorf("other person: got %q", d.Refused)
	}

	c.Status, c.Holder = desk.Taken, got[0].By
	o.begin(c)
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "手ばなす"); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); !same(got[3].Action, (desk.Release{})) {
		t.Errorf("got %+v", got[3])
	}
}

// The very same click, delivered twice, acts once.
func TestRepeatedDeliveryOfAClick(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), actTake); err != nil {
		t.Fatal(err)
	}
	var payload json.RawMessage
	for _, d := range o.Deliveries() {
		if d.Type == "block_actions" {
			payload = d.Payload
		}
	}
	for range 3 {
		if res := o.request("/slack/interactions", url.Values{"payload": {string(payload)}}.Encode()); res.status != http.StatusOK {
			t.Errorf("got %d", res.status)
		}
	}
	if len(o.s.mail) != 1 || o.s.repeats != 3 {
		t.Errorf("got %d pieces of mail and %d repeats, want 1 and 3", len(o.s.mail), o.s.repeats)
	}
	want := "slack:click:" + money + ":" + card + ":take:" + tanaka + ":"
	if key := o.s.mail[0].Key; !strings.HasPrefix(key, want) {
		t.Errorf("key %q, want %q…", key, want)
	}
}

// write opens the reply modal, enters words and goes on to the preview.
func (o *office) write(card, words string) slackapi.View {
	o.t.Helper()
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
		o.t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: words}); err != nil {
		o.t.Fatal(err)
	}
	v, ok := o.Modal(tanaka)
	if !ok || v.Title != "こう届きます" {
		o.t.Fatalf("got modal %q", v.Title)
	}
	return v
}

func TestReplyThroughPreview(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
		t.Fatal(err)
	}
	v, _ := o.Modal(tanaka)
	if shown := o.PlainView(v); !strings.Contains(shown, "やさしい日本語") || !strings.Contains(shown, c.Number()) {
		t.Errorf("the modal does not say how the resident reads:\n%s", shown)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: " あした *10時* に <来て> ください & :smile:\n\n待っています "}); err != nil {
		t.Fatal(err)
	}
	v, _ = o.Modal(tanaka)
	const want = "あした *10時* に <来て> ください & :smile:\n\n待っています"
	if shown := o.PlainView(v); !strings.Contains(shown, want) || !strings.Contains(shown, "田中") || v.Submit != "送る" || v.Close != "直す" {
		t.Errorf("the preview is not exact:\n%s", shown)
	}
	if n := len(o.s.commands(t)); n != 0 {
		t.Fatalf("%d commands before 送る", n)
	}
	if err := o.CloseModal(o.ctx(), tanaka); err != nil { // 直す
		t.Fatal(err)
	}
	if v, _ = o.Modal(tanaka); v.Title != "返信" {
		t.Fatalf("直す leads to %q", v.Title)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "あした 11時に"}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if n := len(o.Modals(tanaka)); n != 0 {
		t.Errorf("%d modals are still open", n)
	}
	got := o.s.commands(t)
	if len(got) != 1 || !same(got[0].Action, (desk.Reply{Text: "あした 11時に"})) || got[0].By.Name != "田中" || got[0].Case != c.ID {
		t.Errorf("got %+v", got)
	}
}

func TestModalSubmittedTwiceActsOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	o.write(card, "こんにちは")
	if err := o.SubmitTwice(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if n := len(o.s.commands(t)); n != 1 || o.s.repeats != 1 {
		t.Errorf("got %d commands and %d repeats, want 1 and 1", n, o.s.repeats)
	}

	// The first modal submitted twice makes two previews; both sent, it acts once.
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
		t.Fatal(err)
	}
	if err := o.Fill(o.ctx(), tanaka, map[string]any{inputText: "もう一度"}); err != nil {
		t.Fatal(err)
	}
	if err := o.SubmitTwice(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if n := len(o.Modals(tanaka)); n != 3 {
		t.Fatalf("%d modals, want 3", n)
	}
	if err := o.SubmitTwice(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if n := len(o.s.commands(t)); n != 2 {
		t.Errorf("got %d commands, want 2", n)
	}
}

// A second preview of the same words is the same reply; other words after an
// unclear failure are another one.
func TestWhatMakesASubmissionTheSame(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	v := o.write(card, "こんにちは")
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	d := o.Deliveries()
	payload := string(d[len(d)-1].Payload)
	send := func(from, to string) {
		t.Helper()
		if !strings.Contains(payload, from) {
			t.Fatalf("no %q in %s", from, payload)
		}
		changed := strings.ReplaceAll(payload, from, to)
		if res := o.request("/slack/interactions", url.Values{"payload": {changed}}.Encode()); res.status != http.StatusOK || !strings.Contains(res.body, "clear") {
			t.Errorf("got %d %s", res.status, res.body)
		}
	}
	send(v.ID, "V0ANOTHER")
	if n := len(o.s.commands(t)); n != 1 {
		t.Errorf("another preview: %d commands, want 1", n)
	}
	send("こんにちは", "こんばんは")
	if n := len(o.s.commands(t)); n != 2 {
		t.Errorf("other words: %d commands, want 2", n)
	}
}

func TestLongestReply(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	for i, r := range []string{"鬱", "😀", "<", "あ\n"} {
		words := strings.TrimSpace(string([]rune(strings.Repeat(r, 3000))[:3000]))
		o.write(card, words)
		if _, err := o.Submit(o.ctx(), tanaka); err != nil {
			t.Fatal(err)
		}
		got := o.s.commands(t)
		if len(got) != i+1 || !same(got[i].Action, (desk.Reply{Text: words})) {
			t.Fatalf("%q: the words were changed on the way", r)
		}
	}
}

func TestBlankReplyIsRefusedInTheModal(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "\u200b\u2060"}); err != nil {
		t.Fatal(err)
	}
	v, _ := o.Modal(tanaka)
	if v.Errors[inputText] != noteEmpty {
		t.Errorf("got errors %v", v.Errors)
	}
}

func TestModalsKeepWordsWhenTheDatabaseIsDown(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	o.write(card, "こんにちは")
	o.s.set(func() { o.s.down = true })
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	v, ok := o.Modal(tanaka)
	if shown := o.PlainView(v); !ok || !strings.Contains(shown, noteSubmit) || !strings.Contains(shown, "こんにちは") {
		t.Fatalf("got modal %v:\n%s", ok, shown)
	}
	o.s.set(func() { o.s.down = false })
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); len(got) != 1 || !same(got[0].Action, (desk.Reply{Text: "こんにちは"})) {
		t.Errorf("got %+v", got)
	}

	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "終了"); err != nil {
		t.Fatal(err)
	}
	o.s.set(func() { o.s.down = true })
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputOutcome: "解決した"}); err != nil {
		t.Fatal(err)
	}
	if v, _ := o.Modal(tanaka); v.Errors[inputOutcome] != noteSubmit {
		t.Errorf("got errors %v", v.Errors)
	}
}

func TestMoveAndClose(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "引き継ぐ"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputWindow: "高齢者の相談", inputWhy: " 介護の話が中心です "}); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(sato, money, card), "終了"); err != nil {
		t.Fatal(err)
	}
	if err := o.Fill(o.ctx(), sato, map[string]any{inputOutcome: "ほかにつないだ", inputWhere: "市の住宅課"}); err != nil {
		t.Fatal(err)
	}
	if err := o.SubmitTwice(o.ctx(), sato); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	if len(got) != 2 {
		t.Fatalf("got %d commands, want 2", len(got))
	}
	if want := (desk.MoveTo{Window: "elder", Why: "介護の話が中心です"}); !same(got[0].Action, want) || got[0].Case != c.ID {
		t.Errorf("got %+v, want %+v", got[0], want)
	}
	if want := (desk.Close{Outcome: "connected", Where: "市の住宅課"}); !same(got[1].Action, want) || got[1].By.ID != sato {
		t.Errorf("got %+v, want %+v", got[1], want)
	}
	if n := len(o.Modals(tanaka)) + len(o.Modals(sato)); n != 0 {
		t.Errorf("%d modals are still open", n)
	}
}

func TestModalThatCannotOpen(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	for _, f := range []slackapi.Failure{
		{Method: "views.open", Kind: slackapi.FailError, Error: "expired_trigger_id", Times: 1},
		{Method: "views.open", Kind: slackapi.FailStatus, Times: 1},
		{Method: "views.open", Kind: slackapi.FailRateLimited, Times: 1},
	} {
		before := len(o.Ephemerals(tanaka))
		o.Fail(f)
		if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
			t.Fatal(err)
		}
		if err := o.Wait(o.ctx(), func() bool { return len(o.Ephemerals(tanaka)) > before }); err != nil {
			t.Fatalf("%+v: nobody says what to do", f)
		}
		if got := o.Plain(o.Ephemerals(tanaka)[before]); got != noteNoModal {
			t.Errorf("got %q", got)
		}
	}
}

// The same click again finds its trigger used: the modal is open, all is well.
func TestModalOfARepeatedClick(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.allow()
	card := o.begin(aCase())
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), "返信"); err != nil {
		t.Fatal(err)
	}
	d := o.Deliveries()
	payload := string(d[len(d)-1].Payload)
	if res := o.request("/slack/interactions", url.Values{"payload": {payload}}.Encode()); res.status != http.StatusOK {
		t.Errorf("got %d", res.status)
	}
	if err := o.c.Close(o.ctx()); err != nil { // waits for notes
		t.Fatal(err)
	}
	if n := len(o.Ephemerals(tanaka)); n != 0 {
		t.Errorf("%d notes about a modal that is open", n)
	}
	if n := len(o.Modals(tanaka)); n != 1 {
		t.Errorf("%d modals, want 1", n)
	}
}

func TestNamesAreRememberedAndFallBack(t *testing.T) {
	t.Parallel()
	now := time.Now()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.Now = func() time.Time { return now } })
	broken := o.Fail(slackapi.Failure{Method: "users.info", Kind: slackapi.FailStatus})
	if got := o.c.name(o.ctx(), tanaka); got != nobody {
		t.Errorf("Slack silent: got %q, want %q", got, nobody)
	}
	broken.Withdraw()
	if got := o.c.name(o.ctx(), tanaka); got != nobody {
		t.Errorf("asked again at once: got %q", got)
	}
	now = now.Add(nobodyLife + time.Second)
	for range 3 {
		if got := o.c.name(o.ctx(), tanaka); got != "田中" {
			t.Errorf("got %q, want 田中", got)
		}
	}
	if n := o.Counters().Calls["users.info"]; n != 2 {
		t.Errorf("asked %d times, want 2", n)
	}
	now = now.Add(nameLife + time.Second)
	o.Fail(slackapi.Failure{Method: "users.info", Kind: slackapi.FailDelay, Delay: 3 * time.Second})
	began := time.Now()
	if got := o.c.name(o.ctx(), tanaka); got != "田中" {
		t.Errorf("Slack slow: got %q, want the old name", got)
	}
	if took := time.Since(began); took > 2*nameWithin {
		t.Errorf("waited %v", took)
	}
	if got := o.c.name(o.ctx(), ""); got != nobody {
		t.Errorf("no id: got %q", got)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Summary = "だれにも言えないこと"
	card := o.begin(c)
	last := func(user string, n int) string {
		t.Helper()
		if err := o.Wait(o.ctx(), func() bool { return len(o.Ephemerals(user)) >= n }); err != nil {
			t.Fatalf("%d notes, want %d", len(o.Ephemerals(user)), n)
		}
		return o.Plain(o.Ephemerals(user)[n-1])
	}
	n := 0
	for _, text := range []string{"", "help", "HELP", "しらない", "find"} {
		if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", text); err != nil {
			t.Fatal(err)
		}
		n++
		want := "使い方"
		if text == "find" {
			want = "番号を書いて"
		}
		if got := last(tanaka, n); !strings.Contains(got, want) {
			t.Errorf("/tsunagu %s: got %q", text, got)
		}
	}
	if _, err := o.Command(o.ctx(), tanaka, urgent, "/tsunagu", "find "+strings.ToLower(strings.TrimPrefix(c.Number(), "T-"))); err != nil {
		t.Fatal(err)
	}
	n++
	got := last(tanaka, n)
	if !strings.Contains(got, c.Number()) || !strings.Contains(got, o.Permalink(money, card)) || !strings.Contains(got, "まだいません") {
		t.Errorf("find: got %q", got)
	}
	if strings.Contains(got, "言えない") {
		t.Error("find shows the resident's words")
	}
	if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", "find T-ZZZZZZ<!channel>"); err != nil {
		t.Fatal(err)
	}
	n++
	if got := last(tanaka, n); !strings.Contains(got, "見つかりません") {
		t.Errorf("unknown number: got %q", got)
	}

	// The case moves to a channel 田中 does not read.
	c.Moves, c.Window = []desk.Move{{From: "money", To: "elder"}}, "elder"
	o.begin(c)
	if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", "find "+c.Number()); err != nil {
		t.Fatal(err)
	}
	n++
	if got := last(tanaka, n); !strings.Contains(got, "入っていない") || strings.Contains(got, "高齢者") {
		t.Errorf("case elsewhere: got %q", got)
	}
}

func TestFindWhenTheDatabaseIsDown(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	o.s.set(func() { o.s.down = true })
	if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", "find "+c.Number()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "いまはさがせません") }); err != nil {
		t.Error(err)
	}
}

func TestResponseURLsAreSlacksOwn(t *testing.T) {
	t.Parallel()
	c := &Client{cfg: Config{APIBase: "http://127.0.0.1:9/api/"}}
	for address, want := range map[string]bool{
		"https://hooks.slack.com/actions/T/1/x": true, "http://127.0.0.1:9/actions": true, "https://slack.com/x": true,
		"http://hooks.slack.com/x": false, "https://evil.example/": false, "https://slack.com.evil.example/": false,
		"https://evilslack.com/": false, "http://127.0.0.1:8/": false, "file:///etc/passwd": false, "": false, "::": false,
	} {
		if got := c.slacksOwn(address); got != want {
			t.Errorf("%q: got %v, want %v", address, got, want)
		}
	}
}

// A button on a card that was not drawn anew acts for those whose case it is
// now; while the database does not say, where it stands must do.
func TestStaleButtonAsksWhoseTheCaseIs(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	moved := c
	moved.Window = "elder" // where 田中 is not
	o.s.set(func() { o.s.cases[c.ID] = moved })
	press := func(user, action string, channel string, arg about) (int, answer) {
		t.Helper()
		kept := func() (n int) { o.s.set(func() { n = len(o.s.mail) }); return n }
		before := kept()
		body, err := json.Marshal(map[string]any{
			"type": "block_actions", "user": map[string]string{"id": user},
			"container": map[string]string{"channel_id": channel, "message_ts": card},
			"actions":   []map[string]string{{"action_id": action, "action_ts": "1." + action + user, "value": pressed(action, "x", arg).Value}},
		})
		if err != nil {
			t.Fatal(err)
		}
		a := o.c.interaction(o.ctx(), body)
		return kept() - before, a
	}
	a := aboutCase(c)
	if n, got := press(tanaka, actTake, money, a); n != 0 || got.status != http.StatusOK {
		t.Errorf("somebody who is not in the case's channel: %d commands, status %d", n, got.status)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), noteStrayed) }); err != nil {
		t.Errorf("they are not told why: %v", err)
	}
	if n, _ := press(sato, actTake, money, a); n != 1 {
		t.Errorf("somebody who is there: %d commands, want 1", n)
	}
	if n, _ := press(tanaka, actTakeBack, money, a); n != 1 {
		t.Errorf("a reply could not be taken back: %d commands, want 1", n)
	}
	// Danger took the case to the urgent channel: whose window it is may act.
	raised := c
	raised.Window, raised.Danger = "money", "suicide"
	o.s.set(func() { o.s.cases[c.ID] = raised })
	if err := o.Leave(tanaka, urgent); err != nil {
		t.Fatal(err)
	}
	o.c.memberChanged(urgent)
	if n, _ := press(tanaka, actStep, money, a); n != 1 {
		t.Errorf("the window's own people in danger: %d commands, want 1", n)
	}
	// A window that is asked in is in its own channel only.
	asked := c
	asked.Team = []desk.Member{{Window: "elder"}}
	o.s.set(func() { o.s.cases[c.ID] = asked })
	if err := o.Leave(sato, money); err != nil {
		t.Fatal(err)
	}
	o.c.memberChanged(money)
	join := a
	join.Arg = "elder"
	if n, _ := press(sato, actJoin, elder, join); n != 1 {
		t.Errorf("who is asked in cannot join: %d commands", n)
	}
	o.s.set(func() { delete(o.s.cases, c.ID) }) // cannot be read
	if n, _ := press(tanaka, actTake+" 2", money, a); n != 1 {
		t.Errorf("while nobody can say whose it is: %d commands, want 1", n)
	}
}

// What a broken or made-up form says is answered in words, and does nothing.
func TestOddSubmissions(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	meta, err := json.Marshal(aboutCase(c))
	if err != nil {
		t.Fatal(err)
	}
	for name, x := range map[string]struct{ callback, meta, outcome, want string }{
		"a preview of files without words":  {viewPreview + `+files ["` + c.ID + `","` + c.Resident + `","ja"]`, "{", "", noteNoPreview},
		"a preview of no case":              {viewPreview + " []", "ことば", "", noteNoPreview},
		"an end that is none":               {viewClose, string(meta), "vanished", noteNoReason},
		"an end that was not chosen at all": {viewClose, string(meta), "", noteNoReason},
	} {
		body, err := json.Marshal(map[string]any{
			"type": "view_submission", "user": map[string]string{"id": tanaka},
			"view": map[string]any{
				"id": "V1", "callback_id": x.callback, "private_metadata": x.meta,
				"state": map[string]any{"values": map[string]any{inputOutcome: map[string]any{inputOutcome: map[string]any{"selected_option": map[string]string{"value": x.outcome}}}}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		if a := o.c.interaction(o.ctx(), body); a.status != http.StatusOK || !strings.Contains(string(a.body), x.want) {
			t.Errorf("%s: got %d %s", name, a.status, a.body)
		}
	}
	if n := len(o.s.commands(t)); n != 0 {
		t.Errorf("%d commands, want none", n)
	}
}
