package slack

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// smallForms are the modals beside reply, move and close, at their longest.
func smallForms(a about, text string, packs ...*bot.Content) []sdk.ModalViewRequest {
	c := full(text)
	views := []sdk.ModalViewRequest{
		refuseModal(a), callModal(a), memoModal(a, c), memoModal(a, aCase()), nextModal(a, &bot.Hours{}, opened), snoozeModal(a, &bot.Hours{}, opened),
		consentModal(a), planModal(a, c), planModal(a, aCase()),
	}
	for _, p := range packs {
		views = append(views, inviteModal(a, p), templateModal(a, p), showModal(a, p, opened, "", ""))
	}
	return views
}

// full is a case with everything in it, at its longest.
func full(text string) desk.Case {
	c := aCase()
	who := desk.Staff{ID: "U0TANAKA", Name: text}
	c.Status, c.Holder, c.TakenAt, c.About, c.Other = desk.Taken, who, opened, text, true
	plan := bot.Plan{Version: 1, Goal: text, Agreed: opened}
	for range 9 {
		c.Team = append(c.Team, desk.Member{Window: text, Does: text, Who: who, Outside: true}, desk.Member{Window: "elder", Does: text})
		c.Consents = append(c.Consents, desk.Consent{With: text, What: text, Text: text, State: desk.ConsentRevoked, At: opened})
		c.Tags = append(c.Tags, text)
		plan.Steps = append(plan.Steps, bot.Step{ID: "1-1", Text: text, Who: bot.StepStaff, By: "2026-12-01"})
	}
	c.Plan, c.Asked = &plan, &plan
	c.Offer = &desk.Offer{ID: "o", Window: "elder", By: who, Why: text, When: text, Agreed: true}
	c.Next = &desk.Next{Text: text, By: who, Due: opened, Told: true}
	c.Snoozed, c.Hidden, c.Quiet, c.Left = opened, opened, true, true
	c.Rating = &desk.Rating{Score: 1, Words: text}
	c.Moves = []desk.Move{{From: "elder", To: "money", By: who, Why: text}, {From: "money", To: "elder", By: who, Why: text}}
	c.Summary, c.Before = text, bot.Earlier{Window: text, Closed: opened, Number: text, Holder: text}
	return c
}

// TestFullCardsFitSlack holds a case in which everything happened against
// Block Kit's limits, and its pointer and its menu too.
func TestFullCardsFitSlack(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := full(text)
			check(t, card(c, []desk.Entry{said(c, 1, opened.Add(-time.Minute), text)}, pack(), false, ""), false)
			for _, window := range []string{"elder", "money", text} {
				for _, was := range []bool{true, false} {
					if p := pointer(c, window, pack(), way{link: "https://slack.com/archives/C0/p1", closed: oneLine(text, 150)}, was); len(p.blocks) > 0 {
						check(t, p, false)
					}
				}
			}
			if id := menuID(c); len(id) > maxBlockID {
				t.Errorf("the menu's id has %d characters", len(id))
			}
		})
	}
}

// allNotes are the notes there are about a case.
func allNotes() []bot.NoteKind {
	return []bot.NoteKind{
		bot.NoteHid, bot.NoteAnother, desk.NoteDue, desk.NoteAwake, desk.NoteOfferWaits, desk.NoteOfferAsked, desk.NoteOfferYes, desk.NoteOfferNo,
		desk.NoteOfferRefused, desk.NoteOfferEnded, desk.NoteAccepted, desk.NoteInvited, desk.NoteJoined, desk.NoteLeftTeam,
		desk.NotePlanAsked, desk.NotePlanYes, desk.NotePlanLater, desk.NotePlanChange, desk.NoteStepDone, desk.NoteConsentAsked,
		desk.NoteConsentYes, desk.NoteConsentNo, desk.NoteRevoked, desk.NotePromise, desk.NoteKept, desk.NoteRated,
		desk.NotePerson, desk.NoteRests, desk.NotePassed, desk.NoteUnanswered, desk.NoteWish, desk.NoteAfter, desk.NoteLimit, desk.NoteLimitOff,
	}
}

func TestNotesFitSlack(t *testing.T) {
	t.Parallel()
	for name, text := range texts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, kind := range allNotes() {
				e := desk.Entry{ID: "n", Kind: desk.FromBot, Note: kind, At: opened, Text: text + "\n" + text, By: desk.Staff{ID: "U0TANAKA", Name: text}}
				p := entry(aCase(), e, delivery{}, pack())
				shown := check(t, p, calls(kind))
				if strings.Contains(shown, "お知らせ：") {
					t.Errorf("%s has no sentence: %q", kind, shown)
				}
			}
			for _, fate := range []desk.Fate{desk.HeldBack, desk.Withdrawn, desk.Lost, desk.OnItsWay} {
				e := desk.Entry{ID: "s", Kind: desk.FromStaff, Fate: fate, At: opened, Text: text, By: desk.Staff{ID: "U0TANAKA", Name: text}}
				check(t, entry(aCase(), e, delivery{}, pack()), false)
				check(t, entry(aCase(), e, delivery{known: true, fate: fateWaits}, pack()), false)
			}
			check(t, entry(aCase(), desk.Entry{ID: "o", Kind: desk.Memo, At: opened, Text: text + "x", Note: desk.NoteCall}, delivery{}, pack()), false)
		})
	}
}

// A call of somebody is a call of a Slack user, never of a word.
func TestOnlyMembersAreCalled(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{"U0TANAKA": true, "W012A": true, "": false, "U": false, "channel": false, "U0> <!here": false, "u0tanaka": false} {
		if got := isMember(id); got != want {
			t.Errorf("%q: got %v, want %v", id, got, want)
		}
	}
}

func TestMenuKnowsItsCase(t *testing.T) {
	t.Parallel()
	c := aCase()
	got := chosen(menuID(c))
	if got != aboutCase(c) {
		t.Errorf("got %+v, want %+v", got, aboutCase(c))
	}
	c.Window = strings.Repeat("w", 300)
	if got := chosen(menuID(c)); got.Case != c.ID || got.Resident != c.Resident || got.Window != "" {
		t.Errorf("got %+v", got)
	}
	if got := chosen("something|else"); got.valid() {
		t.Errorf("got %+v from nonsense", got)
	}
}

// An outside window sees words only while the resident consents.
func TestPointerShowsWordsOnlyWithConsent(t *testing.T) {
	t.Parallel()
	c := aCase()
	c.Summary = "だれにも言えないこと"
	c.Team = []desk.Member{{Window: "elder", Outside: true}}
	c.Consents = []desk.Consent{{ID: "k", Window: "elder", State: desk.ConsentAsked}}
	sees := func() bool {
		p := pointer(c, "elder", pack(), way{link: "https://slack.com/archives/C0/p1"}, true)
		shown := check(t, p, false)
		if strings.Contains(p.text, "言えない") {
			t.Errorf("the notification quotes the resident: %q", p.text)
		}
		return strings.Contains(shown, "言えない") || strings.Contains(shown, "slack.com")
	}
	for _, step := range []struct {
		state desk.ConsentState
		want  bool
	}{{desk.ConsentAsked, false}, {desk.ConsentGiven, true}, {desk.ConsentRevoked, false}, {desk.ConsentRefused, false}} {
		c.Consents[0].State = step.state
		if got := sees(); got != step.want {
			t.Errorf("%s: sees words %v, want %v", step.state, got, step.want)
		}
	}
}

// What is put off until tomorrow on a Friday is put off until Monday: the forms
// begin with the next day on which the desk is open, at a time at which it is.
func TestFormsBeginOnAnOpenDay(t *testing.T) {
	t.Parallel()
	day := []bot.Period{{From: "08:30", To: "17:15"}}
	week := map[string][]bot.Period{"mon": day, "tue": {{From: "13:00", To: "17:00"}}, "wed": day, "thu": day, "fri": day}
	office := bot.Hours{Week: week, YearEnd: []string{"12-29", "01-03"}}
	for _, x := range []struct {
		name       string
		hours      bot.Hours
		now        time.Time
		date, time string
	}{
		{"a Friday", office, time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo), "2026-11-30", "09:00"},
		{"a Thursday", office, time.Date(2026, 11, 26, 23, 59, 0, 0, bot.Tokyo), "2026-11-27", "09:00"},
		{"the end of the year", office, time.Date(2026, 12, 28, 9, 0, 0, 0, bot.Tokyo), "2027-01-04", "09:00"},
		{"opens at one", office, time.Date(2026, 11, 30, 9, 0, 0, 0, bot.Tokyo), "2026-12-01", "13:00"},
		{"nobody knows the hours", bot.Hours{}, time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo), "2026-11-28", "09:00"},
	} {
		raw, err := json.Marshal(snoozeModal(about{}, &x.hours, x.now))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(raw); !strings.Contains(got, `"initial_date":"`+x.date+`"`) || !strings.Contains(got, `"initial_time":"`+x.time+`"`) {
			t.Errorf("%s: want %s %s in %s", x.name, x.date, x.time, got)
		}
	}
	raw, err := json.Marshal(nextModal(about{}, &office, time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo)))
	if err != nil || !strings.Contains(string(raw), `"initial_date":"2026-11-30"`) {
		t.Errorf("a promise begins with %s, %v", raw, err)
	}
}
