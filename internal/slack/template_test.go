package slack

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// townPack is the small pack with a city's lists in it.
func townPack(facilities, shelters int) *bot.Content {
	c := pack()
	for n := range facilities {
		c.Facilities = append(c.Facilities, bot.Facility{
			Name: fmt.Sprintf("第%d学習等供用施設　見本町コミュニティセンター別館 & <新館>", n), Kana: fmt.Sprintf("ダイ%04dガクシュウ", n), Address: "見本町1-2-3",
		})
	}
	for n := range shelters {
		c.Shelters = append(c.Shelters, bot.Shelter{Name: fmt.Sprintf("見本第%d小学校", n), Address: "見本町", Hazards: []string{bot.Earthquake}})
	}
	c.Lists = bot.Lists{Facilities: bot.List{Verified: "2026-11-01"}, Shelters: bot.List{Verified: "2026-11-01"}}
	c.Windows[0].Places = []bot.Place{{Name: bot.Words{bot.Ja: "見本会館 1階"}, Address: "見本町1", Verified: "2026-11-01"}}
	c.Windows[0].Outreach = []bot.Outreach{{Date: "2999-01-01", From: "10:00", To: "12:00", Place: bot.Words{bot.Ja: "公民館"}, Verified: "2026-11-01"}}
	return c
}

// optionsOf counts the cards a modal offers, by their heading.
func optionsOf(v sdk.ModalViewRequest) map[string]int {
	out := map[string]int{}
	for _, b := range v.Blocks.BlockSet {
		if in, ok := b.(*sdk.InputBlock); ok {
			if choose, ok := in.Element.(*sdk.SelectBlockElement); ok {
				for _, g := range choose.OptionGroups {
					out[g.Label.Text] = len(g.Options)
				}
			}
		}
	}
	return out
}

// TestPlacesInOneMenu: all of a city's places fit one menu, in parts of a
// hundred that say where they begin and end; a list that is longer still is
// looked through, over a socket as well.
func TestPlacesInOneMenu(t *testing.T) {
	t.Parallel()
	a := aboutCase(aCase())
	for _, test := range []struct{ facilities, shelters int }{{0, 0}, {1, 1}, {100, 0}, {250, 120}, {400, 99}} {
		v := showModal(a, townPack(test.facilities, test.shelters), opened, "", "")
		checkView(t, "show", v)
		n := 0
		for label, of := range optionsOf(v) {
			if strings.HasPrefix(label, "公共施設") || strings.HasPrefix(label, "避難場所") {
				n += of
			}
		}
		if n != test.facilities+test.shelters {
			t.Errorf("%+v: %d are offered: %v", test, n, optionsOf(v))
		}
	}
	got := optionsOf(showModal(a, townPack(250, 0), opened, "", ""))
	if got["公共施設 3/3（ダイ0〜ダイ0）"] != 50 || got["窓口の場所"] != 1 || got["出張相談の日"] != 1 {
		t.Errorf("got %v", got)
	}
	huge := townPack(4000, 0)
	v := showModal(a, huge, opened, "", "")
	checkView(t, "huge", v)
	if raw, err := json.Marshal(v); err != nil || len(raw) > 240<<10 || !strings.Contains(string(raw), "場所をさがす") {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
	for find, want := range map[string]int{"第3999学習": 1, "センター": maxNarrowed, "どこにもない": 0} {
		v := showModal(a, huge, opened, find, "そえる")
		checkView(t, find, v)
		n := 0
		for _, of := range optionsOf(v) {
			n += of
		}
		if answer := say(sdk.NewUpdateViewSubmissionResponse(&v)); n != want || len(answer.body) > maxSocketAnswer {
			t.Errorf("%s: %d are offered, want %d, in %d bytes", find, n, want, len(answer.body))
		}
	}
}

// TestSendAPlace: places and days become cards like windows; what is not in the
// pack any more is not sent; the thread's line names what was sent.
func TestSendAPlace(t *testing.T) {
	t.Parallel()
	p := townPack(4000, 3)
	o := open(t, func(_ *slackapi.Config, cfg *Config) { cfg.Content = func() *bot.Content { return p } })
	c := aCase()
	c.Holder, c.Status = desk.Staff{ID: tanaka, Name: "田中"}, desk.Taken
	at := slackapi.On(tanaka, money, o.begin(c))
	show := func(values ...map[string]any) {
		t.Helper()
		if _, err := o.Select(o.ctx(), at, actMenu, menuShow); err != nil {
			t.Fatal(err)
		}
		for _, v := range values {
			if _, err := o.FillAndSubmit(o.ctx(), tanaka, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	by := map[string]string{}
	for _, h := range p.Handouts(time.Now()) {
		by[h.Name] = h.Show
	}
	show(map[string]any{inputName: "見本会館 1階", inputText: "こちらです"})
	show(map[string]any{inputName: "2999-01-01 10:00 公民館"})
	// The city's lists are too long for one menu: they are looked through.
	show(map[string]any{inputFind: "見本第2", inputText: "ここなら近いです"}, map[string]any{inputName: "見本第2小学校"})
	want := []desk.Action{
		desk.Reply{Show: by["見本会館 1階"], Text: "こちらです"}, desk.Reply{Show: by["2999-01-01 10:00 公民館"]},
		desk.Reply{Show: by["見本第2小学校"], Text: "ここなら近いです"},
	}
	got := o.s.commands(t)
	if len(got) != len(want) {
		t.Fatalf("got %d commands, want %d: %+v", len(got), len(want), got)
	}
	for n, cmd := range got {
		if !same(cmd.Action, want[n]) {
			t.Errorf("got %+v, want %+v", cmd.Action, want[n])
		}
	}
	if _, err := o.Select(o.ctx(), at, actMenu, menuShow); err != nil {
		t.Fatal(err)
	}
	if err := o.Fill(o.ctx(), tanaka, map[string]any{inputName: "見本会館 1階"}); err != nil {
		t.Fatal(err)
	}
	p.Windows[0].Places = nil // the pack changed meanwhile
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if v, _ := o.Modal(tanaka); v.Errors[inputName] != noteNoCard || len(o.s.commands(t)) != len(want) {
		t.Errorf("a card that is not there any more: errors %v, %d commands", v.Errors, len(o.s.commands(t)))
	}
	for text, want := range map[string]string{
		"どうぞ\n［" + by["見本第2小学校"] + "］": "どうぞ\n［案内のカード：避難場所　見本第2小学校］",
		"［shelter:abc］":  "［案内のカード：避難場所］",
		"［window:elder］": "［案内のカード：" + windowName(p, "elder") + "］",
		"［申請書.pdf］":      "［申請書.pdf］",
		maskNumbers("［" + by["見本第1小学校"] + "］"): "［案内のカード：避難場所　見本第1小学校］",
	} {
		if got := withNames(p, text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
