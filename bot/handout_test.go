package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// handoutPack knows a place, a day, a facility and a shelter, all verified.
func handoutPack(t *testing.T) *bot.Content {
	t.Helper()
	c, _ := factPack(t)
	c.Windows[0].Places[0].Verified, c.Windows[0].Places[0].Access[0].Verified = "2026-11-01", "2026-11-01"
	c.Windows[0].Outreach[0].Verified = "2026-11-01"
	c.Facilities = []bot.Facility{
		{ID: "2", Name: "西学習館", Kana: "ニシガクシュウカン", Address: "西町1-1", Phone: "042-000-1234", Days: "火水木", From: "09:00", To: "17:00", Lat: 35.5, Lon: 139.5},
		{ID: "1", Name: "会館", Kana: "カイカン", Phone: "042-000-9999（代表）"},
		{ID: "1", Name: "会館", Kana: "カイカン"},
	}
	c.Shelters = []bot.Shelter{
		{ID: "1", Name: "見本小学校", Kana: "ミホンショウガッコウ", English: "Mihon School", Address: "南町2", Hazards: []string{bot.Earthquake, bot.InlandFlood}},
		{ID: "2", Name: "何にも使わない所"},
	}
	c.Lists = bot.Lists{Facilities: bot.List{Source: "見本市の公共施設一覧", Verified: "2026-11-02"}, Shelters: bot.List{Source: "見本市の避難場所一覧", Verified: "2026-11-03"}}
	return c
}

// sent is what a resident gets when staff send a card.
func sent(c *bot.Content, l bot.Lang, show string) string {
	s := bot.State{Lang: l, LangChosen: true, Case: &bot.CaseView{ID: "c"}}
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	_, effects := bot.New(c, silent{}).Step(s, bot.Input{ID: "i", At: at, Event: bot.StaffReplied{Case: "c", From: "田中", Show: show}})
	var cards []string
	for _, e := range effects {
		if say, ok := e.(bot.Say); ok {
			for _, m := range say.Messages {
				if cs, ok := m.(bot.Cards); ok {
					for _, card := range cs.Cards {
						cards = append(cards, fmt.Sprintf("%s | %s | %s %+v", card.Title, strings.Join(card.Lines, " | "), card.Small, card.Buttons))
					}
				}
			}
		}
	}
	return strings.Join(cards, "\n")
}

// TestHandouts: what staff can send is what somebody verified, once each, and
// not what is over, does not take place, or is meant for nothing.
func TestHandouts(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	names := func(c *bot.Content, at time.Time) string {
		var out []string
		for _, h := range c.Handouts(at) {
			out = append(out, h.Kind+" "+h.Name)
			if got := c.Handout(h.Show); got == nil || got.Name != h.Name || len(h.Show) > 40 {
				t.Errorf("%s is found as %+v", h.Show, got)
			}
		}
		return strings.Join(out, ", ")
	}
	c := handoutPack(t)
	const want = "place PLACE-ja, day 2026-11-30 07:17 TOWNHALL-ja, facility 会館, facility 西学習館, shelter 見本小学校"
	if got := names(c, now); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := names(c, now.AddDate(0, 1, 0)); strings.Contains(got, "day ") {
		t.Errorf("a day that is over can be sent: %s", got)
	}
	c.Windows[0].Outreach[0].Cancelled = true
	if got := names(c, now); strings.Contains(got, "day ") {
		t.Errorf("a day that does not take place can be sent: %s", got)
	}
	for name, forget := range map[string]func(*bot.Content){
		"PLACE":  func(c *bot.Content) { c.Windows[0].Places[0].Verified = "no" },
		"TOWN":   func(c *bot.Content) { c.Windows[0].Outreach[0].Verified = "no" },
		"西学習館":   func(c *bot.Content) { c.Lists.Facilities.Verified = "no" },
		"見本小学校":  func(c *bot.Content) { c.Lists.Shelters.Verified = "" },
		"no one": func(c *bot.Content) { c.Lists = bot.Lists{} },
	} {
		c := handoutPack(t)
		before := c.Handouts(now)
		forget(c)
		if got := names(c, now); strings.Contains(got, name) {
			t.Errorf("what nobody verified can be sent: %s", got)
		}
		for _, h := range before {
			if strings.Contains(h.Name, name) && sent(c, bot.Ja, h.Show) != "" {
				t.Errorf("what nobody verified any more is sent: %s", h.Name)
			}
		}
	}
	for _, show := range []string{"", "facility:", "facility:0000000000000000", "shelter", "nonsense:1"} {
		if got := sent(c, bot.Ja, show); got != "" {
			t.Errorf("%q: got %s", show, got)
		}
	}
}

// TestHandoutCards: residents read name, address and what is known, in their
// language; never a telephone number that cannot be called.
func TestHandoutCards(t *testing.T) {
	t.Parallel()
	c := handoutPack(t)
	by := map[string]string{}
	for _, h := range c.Handouts(time.Time{}) {
		by[h.Name] = h.Show
	}
	for _, test := range []struct {
		name  string
		l     bot.Lang
		wants []string
		never string
	}{
		{"PLACE-ja", bot.En, []string{"PLACE-en", "Address: ADDRESS", "WAY-en", "https://map.example.jp/35.5/139.5"}, "-ja"},
		{"2026-11-30 07:17 TOWNHALL-ja", bot.Ja, []string{"name-ja", "11月30日", "TOWNHALL-ja", "予約はいりません", "TOPIC-ja"}, "・"},
		{"西学習館", bot.Ja, []string{"西学習館 |", "住所：西町1-1", "火水木 09:00–17:00", "出典：見本市の公共施設一覧", "tel:0420001234", "地図を見る"}, "ニシ"},
		{"西学習館", bot.EasyJa, []string{"西学習館（にしがくしゅうかん）", "じゅうしょ：西町1-1"}, "{value"},
		{"会館", bot.Ja, []string{"会館 |"}, "tel:"},
		{"見本小学校", bot.Ja, []string{"地震", "内水氾濫", "いま開いているかは"}, "地図"},
		{"見本小学校", bot.Vi, []string{"Mihon School (見本小学校)", "động đất", "có đang mở không"}, "{hazards"},
	} {
		got := sent(c, test.l, by[test.name])
		for _, want := range test.wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s in %s does not say %q: %s", test.name, test.l, want, got)
			}
		}
		if strings.Contains(got, test.never) {
			t.Errorf("%s in %s says %q: %s", test.name, test.l, test.never, got)
		}
	}
	for name, show := range by { // every sentence is there, in each language
		for _, l := range bot.Langs {
			if got := sent(c, l, show); got == "" || strings.ContainsAny(got, "<>") || strings.Contains(got, "place.") || strings.Contains(got, "shelter.") || strings.Contains(got, "hazard.") {
				t.Errorf("%s in %s: %s", name, l, got)
			}
		}
	}
}
