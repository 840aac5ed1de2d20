package demo

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestNewWantsBothPlatforms(t *testing.T) {
	t.Parallel()
	if _, err := New(Config{}); err == nil {
		t.Error("got a demo without platforms, want an error")
	}
}

func TestResidentWritesSeesACardAndTaps(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	id := tw.resident("花子")
	tw.must("say", saying{Resident: id, Text: "母が最近物忘れがひどくて心配"})
	until(t, "the card", func() bool { return tw.phone(id).BotBubbles == 1 })
	ph := tw.phone(id)
	card := ph.Bubbles[len(ph.Bubbles)-1]
	if card.Type != "flex" || !strings.Contains(string(card.Message), `"高齢者の相談"`) {
		t.Fatalf("got bubble %s %s, want the Flex JSON as sent", card.Type, card.Message)
	}
	if len(ph.QuickReplies) != 1 || ph.QuickReplies[0].Label != "ちがう" {
		t.Fatalf("got quick replies %v, want ちがう", ph.QuickReplies)
	}
	tw.must("tap", tapping{Resident: id, Bubble: card.ID, Index: 0})
	tw.must("tap", tapping{Resident: id, Bubble: card.ID, Index: 1})
	if got := tw.noted(&tw.tapped); !slices.Equal(got, []string{"hand:elder-care"}) {
		t.Errorf("got taps %v, want only the postback", got)
	}
	if got := tw.phone(id).Opened; len(got) != 1 || got[0].URI != "tel:0120000000" {
		t.Errorf("got opened %v, want the telephone number", got)
	}
	if status, _ := tw.post("tap", tapping{Resident: id, Bubble: card.ID, Index: 9}); status != http.StatusConflict {
		t.Errorf("tap on nothing: got %d, want 409", status)
	}
}

func TestResidentCannotSendNonsense(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	id := tw.resident("太郎")
	for _, text := range []string{"", "  \n", strings.Repeat("あ", maxSaid+1)} {
		if status, _ := tw.post("say", saying{Resident: id, Text: text}); status == http.StatusOK {
			t.Errorf("a text of %d bytes was sent", len(text))
		}
	}
	if status, _ := tw.post("say", saying{Resident: "Unobody", Text: "a"}); status != http.StatusNotFound {
		t.Errorf("unknown resident: got %d, want 404", status)
	}
	if status, _ := tw.post("send", sending{Resident: id, Kind: "image"}); status == http.StatusOK {
		t.Error("an empty photo was sent")
	}
	if n := tw.phone(id).OwnBubbles; n != 0 {
		t.Errorf("got %d bubbles, want none", n)
	}
}

func TestMediaArePicturesOrDownloads(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	id := tw.resident("ひろし")
	for _, c := range []sending{
		{Kind: "image", Data: []byte("\x89PNG"), Type: "image/png"}, {Kind: "image", Data: []byte("<script>"), Type: "text/html"},
		{Kind: "image", Data: []byte("<svg>"), Type: "image/svg+xml"}, {Kind: "file", Data: []byte("<script>"), Name: "a.html"},
		{Kind: "audio", Data: []byte("RIFF"), Type: "audio/wav", Millis: 2000}, {Kind: "sticker", Sticker: "1", Keywords: []string{"smile"}},
		{Kind: "place", Title: "立川駅", Lat: 35.7, Lon: 139.4},
	} {
		c.Resident = id
		tw.must("send", c)
		ph := tw.phone(id)
		b := ph.Bubbles[len(ph.Bubbles)-1]
		if c.Data == nil {
			continue
		}
		resp, err := http.Get(tw.page + "/demo/media?id=" + b.ID)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if string(body) != string(c.Data) {
			t.Errorf("%s: got %q back, want %q", c.Kind, body, c.Data)
		}
		harmless := c.Type == "image/png" || c.Type == "audio/wav"
		if shown := resp.Header.Get("Content-Disposition") == ""; shown != harmless {
			t.Errorf("%s %s: shown in the page: %v, want %v", c.Kind, c.Type, shown, harmless)
		}
		if resp.Header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(resp.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: headers %v do not keep the browser from guessing", c.Kind, resp.Header)
		}
	}
	if n := tw.phone(id).OwnBubbles; n != 7 {
		t.Errorf("got %d bubbles, want 7", n)
	}
}

func TestUnsendAndBlock(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	id := tw.resident("由美")
	tw.must("say", saying{Resident: id, Text: "まちがえた"})
	until(t, "the answer", func() bool { return tw.phone(id).BotBubbles == 1 })
	ph := tw.phone(id)
	tw.must("unsend", taking{Resident: id, Bubble: ph.Bubbles[0].ID})
	if got := tw.noted(&tw.taken); !slices.Equal(got, []string{ph.Bubbles[0].ID}) {
		t.Errorf("the service heard of %v, want %s", got, ph.Bubbles[0].ID)
	}
	if status, _ := tw.post("unsend", taking{Resident: id, Bubble: ph.Bubbles[1].ID}); status != http.StatusConflict {
		t.Errorf("take back the bot's message: got %d, want 409", status)
	}
	tw.must("block", blocking{Resident: id, Blocked: true})
	if !tw.phone(id).Blocked {
		t.Error("not blocked")
	}
	if status, _ := tw.post("say", saying{Resident: id, Text: "a"}); status != http.StatusConflict {
		t.Errorf("write while blocking: got %d, want 409", status)
	}
	tw.must("block", blocking{Resident: id})
	if tw.phone(id).Blocked {
		t.Error("still blocked")
	}
}

type deskView struct {
	Channels []deskChannel
	Modals   []slackapi.View
	Home     *slackapi.View
}

func (tw *testTown) desk(user string) deskView {
	tw.t.Helper()
	var v deskView
	tw.get("/demo/desk?user="+user, &v)
	return v
}

func TestStaffPressesFillsInAndWrites(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	ts := tw.card()
	v := tw.desk(staffID)
	if len(v.Channels) != 1 || v.Channels[0].ID != deskID || len(v.Channels[0].Messages) != 1 || len(v.Channels[0].Messages[0].Blocks) != 2 {
		t.Fatalf("got %+v, want the card's blocks in the one channel of this member", v.Channels)
	}
	tw.must("desk/click", clicking{User: staffID, Channel: deskID, TS: ts, Action: "reply", Value: "case-1"})
	if v = tw.desk(staffID); len(v.Modals) != 1 || v.Modals[0].Title != "返信" {
		t.Fatalf("got forms %+v, want 返信", v.Modals)
	}
	if status, _ := tw.post("desk/submit", submitting{User: staffID, Values: map[string][]string{"text/text": {""}}}); status != http.StatusUnprocessableEntity {
		t.Errorf("send an empty form: got %d, want 422", status)
	}
	if v = tw.desk(staffID); v.Modals[0].Errors["text"] == "" {
		t.Error("the form shows no error")
	}
	tw.must("desk/submit", submitting{User: staffID, Values: map[string][]string{"text/text": {"だめ"}}})
	if v = tw.desk(staffID); len(v.Modals) != 1 || v.Modals[0].Errors["text"] != "ほかのことばで書いてください。" {
		t.Errorf("got %+v, want the app's error under the field", v.Modals)
	}
	tw.must("desk/submit", submitting{User: staffID, Values: map[string][]string{"text/text": {"こんにちは"}, "how/how": {"a"}}})
	if got := tw.noted(&tw.sent); !slices.Equal(got, []string{"こんにちは/a"}) {
		t.Errorf("the app got %v, want こんにちは/a", got)
	}
	if v = tw.desk(staffID); len(v.Modals) != 0 {
		t.Errorf("got %d forms after sending, want none", len(v.Modals))
	}
	tw.must("desk/write", writing{User: staffID, Channel: deskID, Thread: ts, Text: ">> お電話します"})
	messages := tw.desk(staffID).Channels[0].Messages
	if last := messages[len(messages)-1]; last.ThreadTS != ts || last.User != staffID || !strings.Contains(last.Text, "お電話します") {
		t.Errorf("got %+v, want the line in the thread", last)
	}
}

func TestStaffOpensTheHome(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	if tw.desk(staffID).Home != nil {
		t.Error("there is a home before anybody opened it")
	}
	if status, _ := tw.post("desk/click", clicking{User: staffID, Home: true, Action: "search"}); status != http.StatusConflict {
		t.Errorf("press in no home: got %d, want 409", status)
	}
	tw.must("desk/home", opening{User: staffID})
	until(t, "the home", func() bool { return tw.desk(staffID).Home != nil })
	if h := tw.desk(staffID).Home; h.User != staffID || len(h.Blocks) != 2 {
		t.Errorf("got %+v, want the app's home for this member", h)
	}
	if tw.desk("U0SUZUKI00").Home != nil {
		t.Error("another member sees the home")
	}
	tw.must("desk/click", clicking{User: staffID, Home: true, Action: "search", Value: "-"})
	if got := tw.noted(&tw.pressed); !slices.Equal(got, []string{"home/search"}) {
		t.Errorf("the app heard of %v, want the button of the home", got)
	}
	if status, _ := tw.post("desk/home", opening{User: "UNOBODY"}); status != http.StatusConflict {
		t.Errorf("the home of nobody: got %d, want 409", status)
	}
}

func TestStaffSharesFiles(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	ts := tw.card()
	upload := func(user, name string) string {
		id, _ := tw.must("desk/upload", uploading{User: user, Name: name, Data: []byte("%PDF")})["id"].(string)
		return id
	}
	first, second := upload(staffID, "a.pdf"), upload(staffID, "b.png")
	if n := len(tw.desk(staffID).Channels[0].Messages); n != 1 {
		t.Errorf("got %d messages before anything is shared, want the card alone", n)
	}
	tw.must("desk/write", writing{User: staffID, Channel: deskID, Thread: ts, Text: ">> どうぞ", Files: []string{first, second}})
	until(t, "the app to hear of both", func() bool { return len(tw.noted(&tw.shared)) == 2 })
	if got := tw.noted(&tw.shared); !slices.Equal(got, []string{"a.pdf/&gt;&gt; どうぞ", "b.png/&gt;&gt; どうぞ"}) {
		t.Errorf("the app heard of %v, want both files beside the words", got)
	}
	third := upload(staffID, "c.png")
	for name, in := range map[string]writing{
		"shared before": {User: staffID, Channel: deskID, Files: []string{first}}, "somebody else's": {User: staffID, Channel: deskID, Files: []string{upload("U0SUZUKI00", "d.png")}},
		"beside a command": {User: staffID, Channel: deskID, Text: "/tsunagu help", Files: []string{third}}, "nothing": {User: staffID, Channel: deskID, Text: " "},
	} {
		if status, _ := tw.post("desk/write", in); status != http.StatusConflict {
			t.Errorf("%s: got %d, want 409", name, status)
		}
	}
	tw.must("desk/write", writing{User: staffID, Channel: deskID, Files: []string{third}}) // without words
	if status, _ := tw.post("desk/upload", uploading{User: staffID, Name: "empty"}); status != http.StatusConflict {
		t.Errorf("an empty file: got %d, want 409", status)
	}
}

func TestCommandsRunWhereSlackRunsThem(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	ts := tw.card()
	tw.must("desk/write", writing{User: staffID, Channel: deskID, Text: "/tsunagu help"})
	for name, in := range map[string]writing{
		"in a thread": {User: staffID, Channel: deskID, Thread: ts, Text: "/tsunagu help"}, "of nobody": {User: staffID, Channel: deskID, Text: "/help"},
	} {
		if status, _ := tw.post("desk/write", in); status != http.StatusConflict {
			t.Errorf("a command %s: got %d, want 409", name, status)
		}
	}
	if n := len(tw.desk(staffID).Channels[0].Messages); n != 1 {
		t.Errorf("got %d messages, want the card alone: no command is one", n)
	}
}

func TestStaffCancelsAForm(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	ts := tw.card()
	for _, all := range []bool{false, true} {
		tw.must("desk/click", clicking{User: staffID, Channel: deskID, TS: ts, Action: "reply"})
		tw.must("desk/cancel", cancelling{User: staffID, All: all})
		if n := len(tw.desk(staffID).Modals); n != 0 {
			t.Errorf("got %d forms after closing (all %v), want none", n, all)
		}
	}
	tw.must("desk/shortcut", choosing{User: staffID, Channel: deskID, TS: ts, Shortcut: "answer"})
	if n := len(tw.desk(staffID).Modals); n != 1 || tw.noted(&tw.pressed)[2] != "answer" {
		t.Errorf("got %d forms by a message's shortcut, and %v; want one", n, tw.noted(&tw.pressed))
	}
	tw.must("desk/cancel", cancelling{User: staffID})
	if status, _ := tw.post("desk/shortcut", choosing{User: staffID, Channel: deskID, TS: ts, Shortcut: "note"}); status != http.StatusConflict {
		t.Errorf("a shortcut that is none of a message's: got %d, want 409", status)
	}
	if status, _ := tw.post("desk/cancel", cancelling{User: staffID}); status != http.StatusConflict {
		t.Errorf("close nothing: got %d, want 409", status)
	}
}

func TestDeskShowsOnlyToStaff(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	for _, user := range []string{"", "UNOBODY", "U0STANDIN"} {
		resp, err := http.Get(tw.page + "/demo/desk?user=" + user)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("desk of %q: got %d, want 404", user, resp.StatusCode)
		}
	}
}

func TestEventsTellOfEachSideAndEnd(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	resp, err := http.Get(tw.page + "/demo/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			lines <- s.Text()
		}
	}()
	<-lines // the stream has begun
	heard := func(want string) {
		t.Helper()
		for {
			select {
			case got, open := <-lines:
				if !open {
					t.Fatalf("the stream ended before %s", want)
				}
				if strings.Contains(got, want) {
					return
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("no %s within 10 s", want)
			}
		}
	}
	id := tw.resident("翔")
	heard(`{"from":"line","chat":"` + id + `"}`)
	tw.card()
	heard(`{"from":"slack"}`)
	tw.demo.Observe("r-1", bot.Input{ID: "i"}, bot.State{}, nil)
	heard(`{"from":"mind"}`)
	tw.demo.Close()
	until(t, "the end of the stream", func() bool {
		select {
		case _, open := <-lines:
			return !open
		default:
			return false
		}
	})
}

func (tw *testTown) turns(resident string) []turn {
	tw.t.Helper()
	var out []turn
	tw.get("/demo/mind?resident="+resident, &out)
	return out
}

func TestObservedTurnsFindTheirResident(t *testing.T) {
	t.Parallel()
	content := &bot.Content{
		Windows: []bot.Window{{ID: "elder-care", Name: bot.Words{bot.Ja: "高齢者の相談"}}},
		Dangers: []bot.Danger{{Kind: "medical", Name: "病気・けが"}},
	}
	content.Index()
	tw := newTown(t, func(c *Config) {
		c.Content = func() *bot.Content { return content }
		c.Explain = func(string) any {
			return understand.Result{
				Windows: []understand.Scored{{ID: "elder-care", Score: 0.98765, Why: []understand.Reason{{Rule: "words", Words: "物忘れ"}}}},
				Urgency: understand.Urgency{Kind: "medical", Level: understand.LevelCertain, Score: 0.5, Why: []understand.Reason{{Rule: "learned", Words: "medical"}}},
				Person:  understand.Other, Lang: "ja",
			}
		}
	})
	id, stranger := tw.resident("花子"), tw.resident("太郎")
	tw.must("say", saying{Resident: id, Text: "母が物忘れ"})
	until(t, "the answer", func() bool { return tw.phone(id).BotBubbles == 1 })
	message := tw.phone(id).Bubbles[0].ID
	wrote := bot.Input{ID: "in-1", Event: bot.Wrote{MessageID: message, Text: "母が物忘れ"}}
	after := bot.State{Lang: bot.Ja, Question: &bot.Question{Kind: bot.AskHandover}}
	for range 2 { // a turn taken twice shows once
		tw.demo.Observe("r-1", wrote, after, []bot.Effect{
			bot.Say{Messages: answerCard()}, bot.OpenCase{Case: bot.NewCase{ID: "c", Window: "elder-care", Danger: "medical", Summary: "ひみつ"}}, bot.Count{What: "answered"},
		})
	}
	tw.demo.Observe("r-1", bot.Input{ID: "in-2", Event: bot.Tapped{Data: "hand:elder-care"}}, after, nil)
	tw.demo.Observe("r-9", bot.Input{ID: "in-1", Event: bot.CaseTaken{By: "田中"}}, after, nil)
	if got := tw.turns(stranger); len(got) != 0 {
		t.Errorf("got %d turns of somebody else, want none", len(got))
	}
	turns := tw.turns(id)
	if len(turns) != 2 || turns[0].Words != "職員に話す" || turns[1].Words != "母が物忘れ" {
		t.Fatalf("got %+v, want the tap by its label, then what was written", turns)
	}
	var said []string
	for _, e := range turns[1].Effects {
		said = append(said, e.Side+": "+e.Text)
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{"phone: bot → 本人：カード「高齢者の相談」", "desk: 相談 T-", "高齢者の相談 · 緊急：病気・けが", "inside: 数える：窓口を案内した"} {
		if !strings.Contains(all, want) {
			t.Errorf("effects %q lack %q", all, want)
		}
	}
	if strings.Contains(all, "ひみつ") {
		t.Error("the effects repeat the resident's words")
	}
	if !slices.Contains(turns[1].State, fact{"たずねている", "職員に伝えてよいか"}) {
		t.Errorf("got state %v, want the open question", turns[1].State)
	}
	u, _ := turns[1].Understanding.(map[string]any)
	first := u["windows"].([]any)[0].(map[string]any)
	urgency := u["urgency"].(map[string]any)
	if first["name"] != "高齢者の相談" || first["score"] != 0.988 || urgency["name"] != "病気・けが" || urgency["level"] != "certain" || u["person"] != "other" {
		t.Errorf("got understanding %v", u)
	}
	tw.demo.Observe("r-1", bot.Input{ID: "in-3", Event: bot.Unsent{MessageID: message}}, after, nil)
	if got := tw.turns(id); got[2].Words == "母が物忘れ" || got[2].Understanding != nil {
		t.Errorf("words taken back are still shown: %+v", got[2])
	}
	if out := tw.must("explain", trying{Text: "a"}); out["windows"] == nil {
		t.Errorf("explain: got %v, want windows", out)
	}
}

func TestPseudonymTellsWhoFollowed(t *testing.T) {
	t.Parallel()
	tw := newTown(t, func(c *Config) { c.Pseudonym = func(id string) string { return "r-" + id } })
	id := tw.resident("花子")
	tw.demo.Observe("r-"+id, bot.Input{ID: "1", Event: bot.Followed{}}, bot.State{}, nil)
	if got := tw.turns(id); len(got) != 1 || got[0].Event != "友だちになった" {
		t.Errorf("got %+v, want the new friend", got)
	}
}

func TestClockMoves(t *testing.T) {
	t.Parallel()
	var set time.Time
	tw := newTown(t, func(c *Config) { c.SetClock = func(at time.Time) { set = at }; c.Now = func() time.Time { return set } })
	tw.must("clock", timing{To: "2026-12-01T22:00:00+09:00"})
	if want := time.Date(2026, 12, 1, 22, 0, 0, 0, bot.Tokyo); !set.Equal(want) {
		t.Errorf("got %v, want %v", set, want)
	}
	var v townView
	tw.get("/demo/town", &v)
	if !v.SetClock || !v.Now.Equal(set) || !slices.ContainsFunc(v.Examples, func(x example) bool { return x.ID == "night" }) {
		t.Errorf("got clock %v at %v, want a control, the time and the night's example", v.SetClock, v.Now)
	}
	still := newTown(t, nil)
	if status, _ := still.post("clock", timing{To: "now"}); status != http.StatusNotFound {
		t.Errorf("no clock: got %d, want 404", status)
	}
	var without townView
	still.get("/demo/town", &without)
	if without.SetClock || slices.ContainsFunc(without.Examples, func(x example) bool { return x.Clock != "" }) {
		t.Error("a town without a clock control offers one")
	}
}

func TestMomentsLieAhead(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, bot.Tokyo)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct{ name, now, want string }{
		{"now", "2026-11-24 12:00", "2026-11-24 12:00"},
		{"night", "2026-11-24 12:00", "2026-11-24 22:00"},
		{"night", "2026-11-24 23:00", "2026-11-25 22:00"},
		{"sunday", "2026-11-24 12:00", "2026-11-29 10:00"},
		{"sunday", "2026-11-29 11:00", "2026-12-06 10:00"},
		{"day", "2026-11-24 09:00", "2026-11-24 10:00"},
		{"day", "2026-11-20 12:00", "2026-11-24 10:00"}, // over a weekend and 勤労感謝の日
	} {
		got, err := moment(c.name, at(c.now))
		if err != nil || !got.Equal(at(c.want)) {
			t.Errorf("%s at %s: got %v %v, want %s", c.name, c.now, got, err, c.want)
		}
	}
	if _, err := moment("soon", time.Now()); err == nil {
		t.Error("got a time for soon, want an error")
	}
}

func TestOtherSitesCannotAct(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	send := func(change func(*http.Request)) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tw.page+"/demo/resident", strings.NewReader(`{"name":"a"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		change(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode
	}
	if got := send(func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }); got != http.StatusForbidden {
		t.Errorf("another site: got %d, want 403", got)
	}
	if got := send(func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }); got != http.StatusForbidden {
		t.Errorf("another origin: got %d, want 403", got)
	}
	if got := send(func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }); got != http.StatusUnsupportedMediaType {
		t.Errorf("a form: got %d, want 415", got)
	}
	if got := send(func(*http.Request) {}); got != http.StatusOK {
		t.Errorf("our own page: got %d, want 200", got)
	}
	if status, _ := tw.post("send", sending{Kind: "file", Data: make([]byte, maxBody)}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a huge file: got %d, want 413", status)
	}
}

func TestPageUsesItsOwnFilesOnly(t *testing.T) {
	t.Parallel()
	tw := newTown(t, nil)
	resp, err := http.Get(tw.page + "/")
	if err != nil {
		t.Fatal(err)
	}
	html, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	csp := resp.Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		t.Errorf("got policy %q, want a strict one", csp)
	}
	links := regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(html), -1)
	if len(links) < 6 {
		t.Fatalf("got %d links in the page, want its styles and script", len(links))
	}
	for _, l := range links {
		if l[1] == "/report" { // the service's own page, beside this one
			continue
		}
		resp, err := http.Get(tw.page + l[1])
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") == "application/octet-stream" {
			t.Errorf("%s: got %d %s", l[1], resp.StatusCode, resp.Header.Get("Content-Type"))
		}
	}
}

// Words of residents and staff go into the page as text nodes only.
func TestScriptsNeverParseMarkup(t *testing.T) {
	t.Parallel()
	forbidden := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc|createContextualFragment`)
	imports := regexp.MustCompile(`from '\./([a-z]+\.js)'`)
	n := 0
	err := fs.WalkDir(pageFiles, "page", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".js") {
			return err
		}
		n++
		b, err := fs.ReadFile(pageFiles, path)
		if found := forbidden.Find(b); found != nil {
			t.Errorf("%s uses %s", path, found)
		}
		for _, m := range imports.FindAllSubmatch(b, -1) {
			if _, missing := fs.Stat(pageFiles, "page/"+string(m[1])); errors.Is(missing, fs.ErrNotExist) {
				t.Errorf("%s imports %s, which is not there", path, m[1])
			}
		}
		return err
	})
	if err != nil || n < 8 {
		t.Errorf("looked at %d scripts: %v", n, err)
	}
}
