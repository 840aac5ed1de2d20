package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// silent understands nothing: the tests below only tap.
type silent struct{}

func (silent) Understand(string, understand.Hint) understand.Result { return understand.Result{} }

// everywhere is a text in all six languages, each saying which it is.
func everywhere(s string) bot.Words {
	w := bot.Words{}
	for _, l := range bot.Langs {
		w[l] = s + "-" + string(l)
	}
	return w
}

// fact is one thing a pack can know: where its mark stands, and what a
// resident would see of it.
type fact struct {
	name   string
	mark   func(*bot.Content) *string
	shows  string
	card   bool // on the card as well
	spoken bool // in each language its own
}

// factPack is a pack with one window and one fact of every kind, none of them
// verified.
func factPack(t *testing.T) (*bot.Content, []fact) {
	t.Helper()
	shipped, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	w := bot.Window{
		ID: "housing", Kind: "consultation", People: true, Name: everywhere("name"), Plain: everywhere("plain"), Then: everywhere("then"),
		After: &bot.After{
			Who: &bot.Statement{Say: everywhere("WHO")}, Soon: &bot.Statement{Say: everywhere("SOON")},
			Cost: &bot.Statement{Say: everywhere("COST")}, Secret: &bot.Statement{Say: everywhere("SECRET")},
		},
		Hours: &bot.Hours{
			Week:     map[string][]bot.Period{"tue": {{From: "01:11", To: "02:22"}, {From: "03:33", To: "04:44"}}},
			Holidays: []bot.Period{{From: "05:55", To: "06:56"}}, YearEnd: []string{"12-21", "01-09"},
			Except: map[string][]bot.Period{"2026-11-26": nil},
		},
		Contacts: []bot.Contact{
			{Kind: bot.ContactPhone, Value: "042-000-1111", Label: everywhere("PHONE")},
			{Kind: bot.ContactURL, Value: "https://example.jp/", Label: everywhere("PAGE")},
			{Kind: bot.ContactFax, Value: "042-000-2222", Label: everywhere("FAX")},
			{Kind: bot.ContactMail, Value: "a@example.jp", Label: everywhere("MAIL")},
		},
		Places: []bot.Place{{
			Name: everywhere("PLACE"), Address: "ADDRESS", Way: everywhere("WAY"), Lat: 35.5, Lon: 139.5,
			Access: []bot.Access{{ID: "lift"}}, Verified: "no",
		}},
		Serves:   &bot.Served{Areas: []string{"見本"}},
		Spoken:   []bot.Spoken{{Lang: bot.Vi, When: everywhere("WHEN")}},
		Outreach: []bot.Outreach{{Date: "2026-11-30", From: "07:17", To: "08:18", Place: everywhere("TOWNHALL"), About: everywhere("TOPIC")}},
	}
	c := *shipped.Content
	c.Windows, c.Hotlines = []bot.Window{w}, []bot.Hotline{
		{Number: "0120-333-444", Name: everywhere("LINE"), Windows: []string{"housing"}, Hours: everywhere("NIGHT")},
	}
	c.Areas = []bot.Area{{ID: "見本", Name: everywhere("DISTRICT")}}
	c.City.Map = "https://map.example.jp/{lat}/{lon}"
	c.Index()
	return &c, []fact{
		{"who", func(c *bot.Content) *string { return &c.Windows[0].After.Who.Verified }, "WHO", false, true},
		{"soon", func(c *bot.Content) *string { return &c.Windows[0].After.Soon.Verified }, "SOON", false, true},
		{"cost", func(c *bot.Content) *string { return &c.Windows[0].After.Cost.Verified }, "COST", false, true},
		{"secret", func(c *bot.Content) *string { return &c.Windows[0].After.Secret.Verified }, "SECRET", false, true},
		{"hours", func(c *bot.Content) *string { return &c.Windows[0].Hours.Verified }, "11", false, false},
		{"phone", func(c *bot.Content) *string { return &c.Windows[0].Contacts[0].Verified }, "042-000-1111", true, false},
		{"page", func(c *bot.Content) *string { return &c.Windows[0].Contacts[1].Verified }, "https://example.jp/", true, false},
		{"fax", func(c *bot.Content) *string { return &c.Windows[0].Contacts[2].Verified }, "042-000-2222", false, false},
		{"mail", func(c *bot.Content) *string { return &c.Windows[0].Contacts[3].Verified }, "a@example.jp", false, false},
		{"place", func(c *bot.Content) *string { return &c.Windows[0].Places[0].Verified }, "PLACE", false, true},
		{"serves", func(c *bot.Content) *string { return &c.Windows[0].Serves.Verified }, "DISTRICT", false, true},
		{"language", func(c *bot.Content) *string { return &c.Windows[0].Spoken[0].Verified }, "WHEN", false, true},
		{"outreach", func(c *bot.Content) *string { return &c.Windows[0].Outreach[0].Verified }, "TOWNHALL", false, true},
		{"hotline", func(c *bot.Content) *string { return &c.Hotlines[0].Verified }, "0120-333-444", true, false},
	}
}

// seen is everything a resident sees of a window: the card, and the text
// behind "tell me more".
func seen(c *bot.Content, l bot.Lang, town string) (card, text string) {
	b := bot.New(c, silent{})
	s := bot.State{Lang: l, LangChosen: true, Town: town}
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	tap := func(data string) string {
		_, effects := b.Step(s, bot.Input{ID: "i", At: at, Event: bot.Tapped{Data: data}})
		return fmt.Sprintf("%+v", effects)
	}
	return tap("window:" + c.Windows[0].ID), tap("about:" + c.Windows[0].ID)
}

// TestOnlyVerifiedFactsReachResidents flips one fact after the other to
// verified: it shows, and nothing else does, in every language, on the card
// and in the text.
func TestOnlyVerifiedFactsReachResidents(t *testing.T) {
	t.Parallel()
	for _, mark := range []string{"", "no", "yes", "2026-13-40", "soon"} {
		c, facts := factPack(t)
		for _, f := range facts {
			*f.mark(c) = mark
		}
		for _, l := range bot.Langs {
			card, text := seen(c, l, "")
			for _, f := range facts {
				if f.name != "hours" && strings.Contains(card+text, f.shows) {
					t.Errorf("%s, verified %q: a resident sees %s", l, mark, f.shows)
				}
			}
			if staff := c.Reply(l, "about.staff"); !strings.Contains(text, staff) {
				t.Errorf("%s: nothing says that staff connect: %s", l, text)
			}
		}
	}
	_, kinds := factPack(t)
	for i, f := range kinds {
		c, facts := factPack(t)
		*facts[i].mark(c) = "2026-11-01"
		for _, l := range bot.Langs {
			card, text := seen(c, l, "")
			want := f.shows
			if f.spoken {
				want += "-" + string(l)
			}
			if !strings.Contains(card+text, want) {
				t.Errorf("%s verified, %s: a resident does not see %q", f.name, l, want)
			}
			if f.card && !strings.Contains(card, want) {
				t.Errorf("%s verified, %s: the card does not show %q", f.name, l, want)
			}
			for k, other := range facts {
				if k != i && other.name != "hours" && strings.Contains(card+text, other.shows) {
					t.Errorf("only %s verified, %s: a resident sees %s", f.name, l, other.shows)
				}
			}
		}
	}
}

// TestAccessAndMap shows accesses only where they are verified themselves, and
// the map's address from the pack.
func TestAccessAndMap(t *testing.T) {
	t.Parallel()
	c, _ := factPack(t)
	c.Windows[0].Places[0].Verified = "2026-11-01"
	lift := c.Reply(bot.Ja, "access.lift")
	if _, text := seen(c, bot.Ja, ""); strings.Contains(text, lift) || !strings.Contains(text, "https://map.example.jp/35.5/139.5") {
		t.Errorf("a lift nobody checked, or no map: %s", text)
	}
	c.Windows[0].Places[0].Access[0].Verified = "2026-11-01"
	if _, text := seen(c, bot.Ja, ""); !strings.Contains(text, lift) {
		t.Errorf("a verified lift is missing: %s", text)
	}
}

// TestAreaServed gives what is for one 圏域 only to residents whose town is
// known to lie in it, and only when the map of areas is verified.
func TestAreaServed(t *testing.T) {
	t.Parallel()
	c, _ := factPack(t)
	c.Areas = []bot.Area{{ID: "第5", Verified: "no"}}
	c.Index()
	w := &c.Windows[0]
	w.Contacts[0].Areas, w.Contacts[0].Verified = []string{"第5"}, "2026-11-01"
	w.Places[0].Areas, w.Places[0].Verified = []string{"第5"}, "2026-11-01"
	w.Outreach[0].Areas, w.Outreach[0].Verified = []string{"第5"}, "2026-11-01"
	for _, step := range []struct {
		verified, town string
		want           bool
	}{{"no", "柏町", false}, {"2026-11-01", "", false}, {"2026-11-01", "柴崎町", false}, {"2026-11-01", "柏町", true}} {
		c.Areas[0].Verified = step.verified
		card, text := seen(c, bot.Ja, step.town)
		for _, s := range []string{"042-000-1111", "PLACE-ja", "TOWNHALL-ja"} {
			if got := strings.Contains(card+text, s); got != step.want {
				t.Errorf("area verified %s, town %q: shows %s: got %v, want %v", step.verified, step.town, s, got, step.want)
			}
		}
	}
}

// TestHoursInWords reads opening hours as a resident does.
func TestHoursInWords(t *testing.T) {
	t.Parallel()
	c, _ := factPack(t)
	nine := []bot.Period{{From: "08:30", To: "17:15"}}
	c.Windows[0].Hours = &bot.Hours{
		Week:    map[string][]bot.Period{"mon": nine, "tue": nine, "wed": nine, "thu": nine, "fri": nine, "sat": {{From: "09:00", To: "12:00"}, {From: "13:00", To: "24:00"}}},
		YearEnd: []string{"12-29", "01-03"}, Except: map[string][]bot.Period{"2026-11-30": nil, "2027-11-30": nil}, Verified: "2026-11-01",
	}
	for l, want := range map[bot.Lang]string{
		bot.Ja: "あいている時間：月〜金 午前8時30分から午後5時15分まで、土 午前9時から午後12時まで・午後1時から午前12時まで、祝日は休み、12月29日から1月3日は休み、11月30日は休み",
		bot.En: "Open: Monday to Friday 8:30 AM to 5:15 PM, Saturday 9 AM to 12 PM, 1 PM to 12 AM, closed on public holidays, closed December 29 to January 3, closed on November 30",
	} {
		if _, text := seen(c, l, ""); !strings.Contains(text, want) {
			t.Errorf("%s: got %s, want %s in it", l, text, want)
		}
	}
}

// TestOutreachDays tells the next three days, not past ones, and those of
// every window at the window of outreach days.
func TestOutreachDays(t *testing.T) {
	t.Parallel()
	c, _ := factPack(t)
	day := func(date, place string) bot.Outreach {
		return bot.Outreach{Date: date, From: "10:00", To: "12:00", Place: everywhere(place), Verified: "2026-11-01"}
	}
	c.Windows[0].Outreach = []bot.Outreach{day("2026-12-09", "FOURTH"), day("2026-11-23", "PAST"), day("2026-12-02", "SECOND"), day("2026-12-05", "THIRD")}
	off := day("2026-11-25", "FIRST")
	off.Cancelled = true
	out := bot.Window{ID: "outreach-consult", Name: everywhere("n"), Plain: everywhere("p"), Then: everywhere("t"), Outreach: []bot.Outreach{off}}
	c.Windows = append([]bot.Window{out}, c.Windows...)
	c.Index()
	_, text := seen(c, bot.Ja, "")
	first, second, third := strings.Index(text, "FIRST"), strings.Index(text, "SECOND"), strings.Index(text, "THIRD")
	if first < 0 || second < first || third < second || strings.Contains(text, "PAST") || strings.Contains(text, "FOURTH") {
		t.Errorf("got %s", text)
	}
	if !strings.Contains(text, c.Reply(bot.Ja, "about.outreach.off")) {
		t.Errorf("a cancelled day is not said to be: %s", text)
	}
}
