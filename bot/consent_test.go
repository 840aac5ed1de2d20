package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Agreeing to a hand-over to another organisation is a consent: the card says
// that it can be taken back, and so it can.
func TestHandoverToAnotherOrganisationIsRevocable(t *testing.T) {
	t.Parallel()
	b := embedded(t)
	s := bot.State{Lang: bot.En, LangChosen: true, Case: &bot.CaseView{ID: "c", Window: "general-consult", Holder: "Tanaka"}}
	var answers []bot.Answer
	for i, e := range []bot.Event{
		bot.HandoverAsked{Case: "c", Offer: "o1", Window: "self-reliance", Outside: true}, bot.Tapped{Data: "offer-yes:o1"}, bot.Tapped{Data: "revoke"},
	} {
		var effects []bot.Effect
		s, effects = b.Step(s, bot.Input{ID: string(rune('1' + i)), At: time.Date(2026, 11, 24, 10, i, 0, 0, bot.Tokyo), Event: e})
		for _, e := range effects {
			if a, ok := e.(bot.Answer); ok {
				answers = append(answers, a)
			}
		}
	}
	if !slices.ContainsFunc(answers, func(a bot.Answer) bool { return a.To == bot.ToConsent && a.Says == bot.SaysRevoke }) {
		t.Errorf("got %+v, want the consent taken back", answers)
	}
	if s.Case.Offer != nil || len(s.Case.Shares) != 0 {
		t.Errorf("still under way: %+v, %+v", s.Case.Offer, s.Case.Shares)
	}
}
