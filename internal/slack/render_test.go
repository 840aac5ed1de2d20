package slack

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// check holds a message against Slack's limits and our own promises.
func check(t *testing.T, p post, ring bool) string {
	t.Helper()
	raw, err := json.Marshal(p.blocks)
	if err != nil {
		t.Fatalf("encode blocks: %v", err)
	}
	var blocks []any
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatalf("decode blocks: %v", err)
	}
	if problems := slackapi.CheckBlocks(blocks); len(problems) > 0 {
		t.Errorf("Slack would refuse: %v", problems)
	}
	if len(blocks) == 0 || blank(p.text) {
		t.Errorf("nothing to show: %d blocks, text %q", len(blocks), p.text)
	}
	if len(p.text) > 4000 {
		t.Errorf("text has %d bytes; chat.update takes 4,000", len(p.text))
	}
	shown := markupOf(blocks)
	rings := strings.Contains(shown+p.text, "<!") || strings.Contains(shown+p.text, "<@")
	if rings != ring {
		t.Errorf("rings: got %v, want %v: %.200q", rings, ring, shown)
	}
	return shown
}

// markupOf gathers all texts of blocks.
func markupOf(v any) string {
	var b strings.Builder
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				walk(item)
			}
		case map[string]any:
			if s, ok := v["text"].(string); ok {
				if v["type"] == "plain_text" {
					s = escape(s) // Slack parses no markup there
				}
				b.WriteString(s + "\n")
			}
			for _, key := range []string{"text", "fields", "elements", "element", "label", "hint", "options", "option_groups", "blocks", "title"} {
				if _, isText := v[key].(string); !isText {
					walk(v[key])
				}
			}
		}
	}
	walk(v)
	return b.String()
}

// variants are the states a case can be in.
func variants(text string) map[string]desk.Case {
	base := aCase()
	base.Summary = text
	danger := base
	danger.Danger, danger.Agreed = "suicide", false
	unsure := danger
	unsure.Unsure = true
	taken := base
	taken.Status, taken.Holder, taken.TakenAt = desk.Taken, desk.Staff{ID: "U0TANAKA", Name: text}, opened.Add(time.Minute)
	moved := taken
	moved.Moves = []desk.Move{
		{From: "elder", To: "money", By: desk.Staff{ID: "U0SATO", Name: text}, Why: text, At: opened},
		{From: text, To: "money", By: desk.Staff{ID: "U0SATO", Name: "佐藤"}, Why: text, At: opened},
	}
	closed := taken
	closed.Status, closed.Outcome, closed.ClosedAt = desk.Closed, "resolved", opened.Add(time.Hour)
	odd := moved
	odd.Window, odd.Town, odd.Role, odd.Gloss, odd.Danger = text, text, text, text, text
	odd.With, odd.Shown = []string{text, "elder", text + "2"}, []string{text, "smile"}
	odd.Lang, odd.Left, odd.Reopened, odd.Other, odd.Outcome = bot.Lang(text), true, 3, true, text
	return map[string]desk.Case{
		"new": base, "danger": danger, "unsure": unsure, "taken": taken, "moved": moved, "closed": closed, "odd": odd,
	}
}

func TestCardsFitSlack(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		for state, c := range variants(text) {
			t.Run(name+"/"+state, func(t *testing.T) {
				t.Parallel()
				entries := []desk.Entry{
					said(c, 1, opened.Add(-time.Minute), text), said(c, 2, opened.Add(-time.Second), text+" もう一つ"),
					{ID: "e-3", Kind: desk.FromResident, At: opened, Media: bot.Image, MessageID: "3", Text: text},
				}
				check(t, card(c, entries, pack(), false, ""), false)
				check(t, card(c, nil, pack(), true, ""), c.Danger != "")
				check(t, moved(c, pack(), false), false)
				check(t, moved(c, pack(), true), false)
			})
		}
	}
}

func TestEntriesFitSlack(t *testing.T) {
	t.Parallel()
	fates := []delivery{{}, {known: true}}
	for _, fate := range []string{"blocked", "quota", "refused", "unclear", "lost", "something new"} {
		fates = append(fates, delivery{known: true, fate: fate})
	}
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := aCase()
			for _, e := range []desk.Entry{
				said(c, 1, opened, text),
				{ID: "a", Kind: desk.FromStaff, At: opened, By: desk.Staff{ID: "U1", Name: text}, Text: text},
				{ID: "b", Kind: desk.FromBot, At: opened, Note: bot.NoteKind(text)},
				{ID: "c", Kind: desk.FromBot, At: opened, Note: bot.NoteLeft},
				{ID: "d", Kind: desk.FromResident, At: opened, Media: bot.MediaKind(text), Text: text, MessageID: "1"},
				{ID: "e", Kind: desk.FromResident, At: opened, Media: bot.File, Text: text, MessageID: "1"},
				{ID: "f", Kind: desk.FromResident, At: opened, Unsent: true, MessageID: "1"},
			} {
				for _, d := range fates {
					check(t, entry(c, e, d, pack()), false)
				}
			}
		})
	}
}

func TestLongestTextIsShownWhole(t *testing.T) {
	t.Parallel()
	c := aCase()
	for _, name := range []string{"kanji", "longest", "chinese", "korean", "vietnamese", "english"} {
		text := texts()[name]
		want := len([]rune(strings.TrimSpace(text)))
		for what, p := range map[string]post{
			"entry": entry(c, said(c, 1, opened, text), delivery{}, pack()),
			"card":  card(func() desk.Case { c := c; c.Summary = text; return c }(), nil, pack(), false, ""),
		} {
			shown := unescape(check(t, p, false))
			got := 0
			first := []rune(text)[0]
			for line := range strings.SplitSeq(shown, "\n") {
				if rest, ok := strings.CutPrefix(line, "> "); ok && strings.ContainsRune(rest, first) {
					got += len([]rune(rest))
				}
			}
			if got < want-2 || strings.Contains(shown, "途中まで") {
				t.Errorf("%s of %s: %d of %d characters shown", what, name, got, want)
			}
		}
	}
}

func TestCardSaysEverything(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Holder, c.Status, c.TakenAt = desk.Staff{ID: "U0TANAKA", Name: "田中"}, desk.Taken, opened.Add(5*time.Minute)
	c.With, c.Role, c.Other, c.Reopened = []string{"elder"}, "smile", true, 1
	c.Moves = []desk.Move{{From: "elder", To: "money", By: desk.Staff{Name: "佐藤"}, Why: "お金の話が中心です", At: opened}}
	c.Before = bot.Earlier{Window: "elder", Closed: opened.Add(-24 * time.Hour), Number: "T-234567", Holder: "鈴木"}
	entries := []desk.Entry{
		said(c, 1, opened.Add(-time.Minute), "おかねが なくて こまっています"), // in the summary already
		said(c, 2, opened.Add(-time.Second), "しごとを さがしています"),
		said(c, 3, opened.Add(time.Minute), "あとで書いたこと"), // in the thread
		{ID: "e-4", Kind: desk.FromResident, At: opened, Media: bot.Audio, MessageID: "4"},
		{ID: "e-5", Kind: desk.FromResident, At: opened, Media: bot.Image, MessageID: "5", Unsent: true},
		{ID: "e-6", Kind: desk.FromResident, At: opened, Text: "取り消したこと", MessageID: "6", Unsent: true},
	}
	shown := check(t, card(c, entries, pack(), false, ""), false)
	for _, want := range []string{
		"くらしとしごとの相談 · " + c.Number(), "田中さん（11月23日（月）14:10 から）", "> おかねが なくて こまっています",
		"> しごとを さがしています", "やさしい日本語で", "柏町", "ほかの人のこと", "11月23日（月）14:05", "子ども食堂の手伝い",
		"*いっしょに考える窓口*\n高齢者の相談", "引き継ぎ 1 回", "佐藤さん", "お金の話が中心です", "職員に伝えてよい", "1 回", "音声", "高齢者の相談（T-234567、担当 鈴木さん、11月22日（日）14:05 に終了）",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the card lacks %q:\n%s", want, shown)
		}
	}
	for _, not := range []string{"あとで書いたこと", "写真", "取り消したこと"} {
		if strings.Contains(shown, not) {
			t.Errorf("the card shows %q, which stands in the thread or was taken back", not)
		}
	}
	if n := strings.Count(shown, "おかねが なくて こまっています"); n != 1 {
		t.Errorf("the summary stands there %d times", n)
	}
}

// A phone shows a third of a card: nothing is said twice, and the buttons stand
// directly below the words.
func TestCardSaysNothingTwice(t *testing.T) {
	t.Parallel()
	p, _ := shippedContent(t)
	c := aCase()
	c.Window, c.With, c.Shown = "self-reliance", []string{"housing"}, []string{"self-reliance", "housing"}
	c.Gloss = "やさしい日本語で書いています。 内容の目安：" + windowName(p, "self-reliance") + "・" + windowName(p, "housing") + "。 手がかり：家賃・電気。"
	c.Team = []desk.Member{{Window: "housing", At: opened}}
	made := card(c, nil, p, false, "")
	shown := check(t, made, false)
	for what, want := range map[string]int{windowName(p, "self-reliance"): 1, "柏町": 1, "確かめました": 1, "同意": 0, "内容の目安": 0, "手がかり：家賃・電気。": 1, "ご本人のこと\n": 0} {
		if got := strings.Count(shown, what); got != want {
			t.Errorf("%q stands there %d times, want %d:\n%s", what, got, want, shown)
		}
	}
	at := map[string]int{}
	for i, b := range made.blocks {
		switch b := b.(type) {
		case *sdk.ActionBlock:
			if id, ok := b.Elements.ElementSet[0].(*sdk.ButtonBlockElement); ok {
				at[id.ActionID] = i
			}
		case *sdk.SectionBlock:
			if b.Text != nil && strings.HasPrefix(b.Text.Text, "> ") {
				at["words"] = i
			}
		}
	}
	if at[actTake] == 0 || at[actTake] != at["words"]+1 {
		t.Errorf("the buttons are block %d, the words end with block %d", at[actTake], at["words"])
	}
	// What must be known before anybody presses them stands above.
	c.Hidden = opened
	if shown := check(t, card(c, nil, p, false, ""), false); strings.Index(shown, "かくす") > strings.Index(shown, "引き受ける") {
		t.Errorf("the warning stands below the buttons:\n%s", shown)
	}
	c.Agreed, c.Hidden = false, time.Time{}
	if shown := check(t, card(c, nil, p, false, ""), false); !strings.Contains(shown, "*職員に伝えること*\nまだ聞いていません") {
		t.Errorf("nobody asked the resident, and the card does not say so:\n%s", shown)
	}
}

func TestNotificationsCarryNoWords(t *testing.T) {
	t.Parallel()
	c := aCase()
	e := said(c, 1, opened, "だれにも言えないこと")
	c.Summary = e.Text
	staff := desk.Entry{ID: "s", Kind: desk.FromStaff, At: opened, By: desk.Staff{Name: "田中"}, Text: e.Text}
	for _, p := range []post{card(c, []desk.Entry{e}, pack(), true, ""), entry(c, e, delivery{}, pack()), entry(c, staff, delivery{known: true}, pack())} {
		if strings.Contains(p.text, "言えない") {
			t.Errorf("the notification quotes the resident: %q", p.text)
		}
	}
}

func TestCardButtons(t *testing.T) {
	t.Parallel()
	with := func(change func(*desk.Case)) desk.Case { c := aCase(); change(&c); return c }
	for name, test := range map[string]struct {
		c    desk.Case
		want []string
	}{
		"new":    {aCase(), []string{actTake, actReply, actMove, actClose}},
		"taken":  {with(func(c *desk.Case) { c.Status, c.Holder.ID = desk.Taken, "U1" }), []string{actReply, actMove, actClose, actRelease}},
		"left":   {with(func(c *desk.Case) { c.Left = true }), []string{actTake, actMove, actClose}},
		"closed": {with(func(c *desk.Case) { c.Status = desk.Closed }), nil},
	} {
		var got []string
		for _, b := range card(test.c, nil, pack(), false, "").blocks {
			row, ok := b.(*sdk.ActionBlock)
			if !ok {
				continue
			}
			for _, e := range row.Elements.ElementSet {
				button, ok := e.(*sdk.ButtonBlockElement)
				if !ok {
					continue // the menu
				}
				got = append(got, button.ActionID)
				var a about
				if err := json.Unmarshal([]byte(button.Value), &a); err != nil || a != aboutCase(test.c) || a.Number != test.c.Number() {
					t.Errorf("%s: button %s knows %q, %v", name, button.ActionID, button.Value, err)
				}
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got buttons %v, want %v", name, got, test.want)
		}
	}
}

func TestDangerRingsOnceAndNamesDoubt(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Danger, c.Unsure, c.Agreed = "suicide", true, false
	shown := check(t, card(c, nil, pack(), true, ""), true)
	for _, want := range []string{"<!here>", "うたがい：死にたい気持ち", "【緊急のうたがい】", "同意を待たずに"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the card lacks %q:\n%s", want, shown)
		}
	}
	c.Unsure = false
	if shown := check(t, card(c, nil, pack(), false, ""), false); strings.Contains(shown, "うたがい") || !strings.Contains(shown, "【緊急】") {
		t.Errorf("certain danger reads as doubt:\n%s", shown)
	}
}

func TestModalsFitSlack(t *testing.T) {
	t.Parallel()
	wide := pack()
	for i := range 150 {
		wide.Windows = append(wide.Windows, bot.Window{
			ID: fmt.Sprintf("w%d", i), Order: 10 + i, Kind: []string{"consultation", "general", "odd"}[i%3],
			Name: bot.Words{bot.Ja: strings.Repeat("窓", 60) + fmt.Sprint(i)}, People: true,
		})
	}
	wide.Index()
	empty := &bot.Content{}
	empty.Index()
	for name, text := range texts() {
		a := aboutCase(aCase())
		a.Lang = oneLine(text, 20)
		views := []sdk.ModalViewRequest{replyModal(a, 3000, text), replyModal(a, 2000, ""), moveModal(a, pack()), moveModal(a, wide), moveModal(a, empty), closeModal(a)}
		views = append(views, smallForms(a, text, pack(), wide, empty)...)
		if !blank(text) {
			words := string([]rune(clean(text))[:min(len([]rune(clean(text))), maxMetadata)])
			for _, warning := range []string{"", noteSubmit} {
				v, err := previewModal(a, draft{Words: words}, text, warning, []string{text, text})
				if err != nil {
					t.Fatalf("%s: preview: %v", name, err)
				}
				views = append(views, v)
			}
		}
		for _, v := range views {
			raw, err := encode(v)
			if err != nil {
				t.Fatal(err)
			}
			var view map[string]any
			if err := json.Unmarshal(raw, &view); err != nil {
				t.Fatal(err)
			}
			if problems := slackapi.CheckView(view); len(problems) > 0 {
				t.Errorf("%s: %s: Slack would refuse: %v", name, v.CallbackID, problems)
			}
		}
	}
}

func TestMoveModalOffersOtherWindowsInGroups(t *testing.T) {
	t.Parallel()
	var got []string
	for _, g := range calledGroups(pack(), "money") {
		for _, o := range g.Options {
			got = append(got, g.Label.Text+"/"+o.Value)
		}
	}
	want := []string{"相談/elder", "参加/volunteer", "緊急/suicide"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// Nobody hands a case over to a number or to dates; who writes a case down by
// hand still finds every window with staff.
func TestOnlyWindowsThatCanBeCalledAreOffered(t *testing.T) {
	t.Parallel()
	p, _ := shippedContent(t)
	ids := func(groups []*sdk.OptionGroupBlockObject) []string {
		var out []string
		for _, g := range groups {
			for _, o := range g.Options {
				out = append(out, o.Value)
			}
		}
		return out
	}
	called, all := ids(calledGroups(p, "money")), ids(windowGroups(p))
	for _, id := range []string{"emergency", "human", "disaster-pet", "disaster-mansion", "outreach-consult"} {
		if slices.Contains(called, id) || !slices.Contains(all, id) {
			t.Errorf("%s: offered to be called %v, by hand %v", id, slices.Contains(called, id), slices.Contains(all, id))
		}
	}
	for _, id := range []string{"housing", "elder-care", "legal", "dv", "suicide", "general-consult", "consumer", "volunteer"} {
		if !slices.Contains(called, id) {
			t.Errorf("%s cannot be called", id)
		}
	}
	for _, id := range called {
		if w := p.Window(id); w == nil || !w.People {
			t.Errorf("%s has no staff", id)
		}
	}
}

// The largest preview must fit into Slack's 20 KB for answers over a socket,
// and remember the longest ids there can be.
func TestPreviewFitsSocketAndIDs(t *testing.T) {
	t.Parallel()
	a := about{Case: "c-" + strings.Repeat("f", 64), Resident: "r-" + strings.Repeat("a", 64), Lang: "ja-easy"}
	c := &Client{cfg: Config{AppToken: "xapp-1"}}
	for _, r := range []string{"鬱", "😀", "\n\"", "<", "&"} {
		words := string([]rune(strings.Repeat(r, c.maxInput()))[:c.maxInput()])
		view, err := previewModal(a, draft{Words: words}, strings.Repeat("名", 40), noteSubmit, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := say(sdk.NewPushViewSubmissionResponse(&view))
		if len(answer.body)+100 >= 20*1024 {
			t.Errorf("%q: the answer has %d bytes", r, len(answer.body))
		}
		if got, d, err := previewed(view.CallbackID, view.PrivateMetadata); err != nil || got != a || d.Words != words {
			t.Errorf("preview remembers %v, %v; want %v", got, err, a)
		}
	}
}

func TestRefusalsAreSentences(t *testing.T) {
	t.Parallel()
	c := aCase()
	for _, r := range []desk.Refusal{desk.RefusedTaken, desk.RefusedYours, desk.RefusedClosed, desk.RefusedEmpty, desk.RefusedLong, desk.RefusedSame, desk.RefusedGone,
		desk.RefusedLate, desk.RefusedFile, desk.RefusedWhy, desk.RefusedOffer, desk.RefusedNoOffer, desk.RefusedOwn, desk.RefusedMember, desk.RefusedTime, desk.RefusedUnasked, desk.RefusedNotAsked, desk.RefusedAsked, desk.RefusedSelf, desk.RefusedNoLine} {
		got := refusal(reception.Tell{Case: c.ID, Refused: r, Holder: "<!channel>田中"})
		if !strings.HasPrefix(got, c.Number()) || !strings.HasSuffix(got, "。") || strings.Contains(got, "<!") || strings.Contains(got, "いまはできません") {
			t.Errorf("%s: got %q", r, got)
		}
	}
	if got := refusal(reception.Tell{Case: c.ID, Refused: desk.RefusedTaken, Holder: "田中"}); !strings.Contains(got, "田中さんが担当しています") {
		t.Errorf("got %q", got)
	}
	if got := refusal(reception.Tell{Case: c.ID, Refused: desk.RefusedTaken}); !strings.Contains(got, "だれも担当していません") {
		t.Errorf("got %q", got)
	}
}

func TestOutcomesAndNumbers(t *testing.T) {
	t.Parallel()
	for _, o := range outcomes() {
		if outcomeText(o.value) != o.text {
			t.Errorf("outcome %s reads %q", o.value, outcomeText(o.value))
		}
	}
	for in, want := range map[string]string{
		"T-ABC234": "T-ABC234", "t-abc234": "T-ABC234", "abc234": "T-ABC234", "Ｔー ＡＢＣ２３４": "T-ABC234",
		"tabc234": "T-ABC234", "TABC23": "T-TABC23", "#T-ABC234": "T-ABC234", "": "", "  ": "",
	} {
		if got := numberOf(in); got != want {
			t.Errorf("number of %q: got %q, want %q", in, got, want)
		}
	}
}
