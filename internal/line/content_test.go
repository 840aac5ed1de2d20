package line_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/line"
)

// deaf understands nothing: the test only taps.
type deaf struct{}

func (deaf) Understand(string, understand.Hint) understand.Result { return understand.Result{} }

// full gives every window as many verified facts as are ever told at once,
// each as long as the check lets it be.
func full(t *testing.T) *bot.Content {
	t.Helper()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatal(err, problems)
	}
	const day = "2026-11-01"
	long := func(n int) bot.Words {
		w := bot.Words{}
		for _, l := range bot.Langs {
			w[l] = strings.Repeat("長", n)
		}
		return w
	}
	say := &bot.Statement{Say: long(200), Verified: day}
	week := map[string][]bot.Period{}
	for i, d := range []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} {
		week[d] = []bot.Period{{From: "08:35", To: "12:05"}, {From: fmt.Sprintf("13:%02d", i), To: "17:15"}}
	}
	for i := range pack.Content.Windows {
		w := &pack.Content.Windows[i]
		w.After = &bot.After{Who: say, Soon: say, Cost: say, Secret: say}
		w.Hours = &bot.Hours{Week: week, YearEnd: []string{"12-29", "01-03"}, Verified: day}
		for range 6 {
			w.Contacts = append(w.Contacts, bot.Contact{Kind: bot.ContactPhone, Value: "0120-000-0000", Label: long(40), Verified: day})
			w.Places = append(w.Places, bot.Place{Name: long(40), Address: strings.Repeat("町", 60), Way: long(200), Lat: 35.712345, Lon: 139.412345, Verified: day})
			w.Spoken = append(w.Spoken, bot.Spoken{Lang: bot.Vi, When: long(40), Verified: day})
			w.Outreach = append(w.Outreach, bot.Outreach{Date: "2026-12-25", From: "10:05", To: "12:05", Place: long(60), About: long(60), Verified: day})
		}
		for k := range w.Places {
			for _, id := range bot.AccessKinds() {
				w.Places[k].Access = append(w.Places[k].Access, bot.Access{ID: id, Verified: day})
			}
		}
	}
	return pack.Content
}

// TestEveryWindowFitsLINE shows each window's card and all there is to tell
// about it, in each language, with the most facts there can be: nothing passes
// LINE's limits, and nothing is cut.
func TestEveryWindowFitsLINE(t *testing.T) {
	t.Parallel()
	b := bot.New(full(t), deaf{})
	longest := 0
	for _, l := range bot.Langs {
		for _, w := range b.Content().Windows {
			for _, tap := range []string{"window:", "about:"} {
				in := bot.Input{ID: "i", At: time.Date(2026, 11, 24, 10, 5, 0, 0, bot.Tokyo), Event: bot.Tapped{Data: tap + w.ID}}
				_, effects := b.Step(bot.State{Lang: l, LangChosen: true}, in)
				for _, e := range effects {
					say, ok := e.(bot.Say)
					if !ok {
						continue
					}
					messages := line.Render(say.Messages, "")
					if len(messages) > 5 {
						t.Errorf("%s %s%s: %d messages", l, tap, w.ID, len(messages))
					}
					for i, m := range messages {
						longest = max(longest, fits(t, fmt.Sprintf("%s %s%s", l, tap, w.ID), say.Messages[i], m))
					}
				}
			}
		}
	}
	if longest < 1000 {
		t.Errorf("the longest text has %d units: the test proves little", longest)
	}
	t.Logf("the longest text has %d of 5000 units", longest)
}

// fits returns the length of a text.
func fits(t *testing.T, where string, said bot.Message, m messaging_api.MessageInterface) int {
	t.Helper()
	b, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var choices []bot.Choice
	length := 0
	switch said := said.(type) {
	case bot.Text:
		choices, length = said.Choices, len(utf16.Encode([]rune(said.Text)))
		if length > 5000 {
			t.Errorf("%s: a text of %d units", where, length)
		}
	case bot.Cards:
		choices = said.Choices
		if len(b) > 30_000 || len(said.Cards) > 12 || utf8.RuneCountInString(said.Alt) > 400 {
			t.Errorf("%s: a card of %d bytes, alt of %d", where, len(b), utf8.RuneCountInString(said.Alt))
		}
		for _, card := range said.Cards {
			for _, button := range card.Buttons {
				if n := utf8.RuneCountInString(button.Label); n > 40 || n == 0 || (button.Data == "") == (button.URL == "") {
					t.Errorf("%s: the button %+v", where, button)
				}
			}
		}
	}
	if len(choices) > 13 {
		t.Errorf("%s: %d choices", where, len(choices))
	}
	for _, c := range choices {
		if n := utf8.RuneCountInString(c.Label); n > 20 || n == 0 {
			t.Errorf("%s: the choice %q has %d characters and is cut", where, c.Label, n)
		}
	}
	return length
}
