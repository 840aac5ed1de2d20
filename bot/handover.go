package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/plain"
)

// offerHandover begins a hand-over to a window's staff: what they would read
// is shown first.
func (t *turn) offerHandover(window string) {
	w := t.c.Window(window)
	if w == nil || !w.People {
		w = t.c.Window("general-consult")
	}
	if t.s.Case != nil && !t.s.Case.Aside {
		t.status("")
		return
	}
	draft := &Draft{Window: w.ID, Summary: t.spoken(), Other: t.s.Other}
	for _, id := range t.s.Shown {
		if id != w.ID && t.c.Window(id) != nil && t.c.Window(id).People {
			draft.With = append(draft.With, id)
		}
	}
	t.s.Draft = draft
	if draft.Summary == "" && !t.hasMedia() {
		t.say("handover.tell")
		t.askWith(AskChange, nil)
		return
	}
	t.confirmSummary()
}

// talkToPeople hands over to whoever is nearest to the trouble, or to the
// coordinator who turns nobody away.
func (t *turn) talkToPeople(string) {
	if w, ok := t.in.Event.(Wrote); ok {
		if verb, _, ok := t.b.p.meant(w.Text); ok && verb == "human" {
			t.forgetCommand()
		}
	}
	if t.backToPeople() {
		return
	}
	window := "general-consult"
	if len(t.s.Shown) > 0 && t.c.Window(t.s.Shown[0]) != nil {
		window = t.s.Shown[0]
	}
	t.offerHandover(window)
}

// backToPeople ends the talk with the bot beside an open case: who has it is
// there already. Another trouble, of which a window was shown, can go to others.
func (t *turn) backToPeople() bool {
	c := t.s.Case
	ours := func(id string) bool { w := t.c.Window(id); return w != nil && w.People }
	if c == nil || !c.Aside || slices.ContainsFunc(t.s.Shown, ours) {
		return false
	}
	c.Aside = false
	q := t.s.Question
	if q == nil || q.Kind != AskMedia {
		t.settled()
		t.status("")
		return true
	}
	// 職員に見せる: what they sent, not what they asked the bot
	t.s.Heard = slices.DeleteFunc(t.s.Heard, func(h Heard) bool { return h.Media == "" })
	t.addHeardTo(c.ID)
	t.settled()
	c.Told = false
	t.tellPassed()
	return true
}

// confirmSummary shows what staff will read and asks whether that is right.
func (t *turn) confirmSummary() {
	d := t.s.Draft
	w := t.c.Window(d.Window)
	lines := []string{t.reply("handover.summary.head")}
	line := func(key, value string) {
		if value != "" {
			lines = append(lines, t.reply(key, "value", value))
		}
	}
	names := []string{w.Name.In(t.s.Lang)}
	for _, id := range d.With {
		names = append(names, t.c.Window(id).Name.In(t.s.Lang))
	}
	line("handover.summary.window", strings.Join(names, t.reply("list.and")))
	line("handover.summary.words", clip(d.Summary, 1500))
	if t.hasMedia() {
		lines = append(lines, t.reply("handover.summary.media"))
	}
	line("handover.summary.town", t.townName(t.s.Town))
	line("handover.summary.limits", t.limitNames(t.c.LimitsIn(d.Summary)))
	line("handover.summary.language", t.c.Reply(t.s.Lang, "language.name"))
	t.show(Text{Text: strings.Join(lines, "\n")})
	if len(d.With) > 0 {
		t.say("handover.together")
	}
	t.askHandover()
}

// askHandover asks whether staff may read what was shown.
func (t *turn) askHandover() {
	t.say("handover.ask")
	choices := []Choice{t.choice("choice.yes", "yes"), t.choice("choice.change", "change"), t.choice("choice.no", "no")}
	t.choices(choices...)
	t.askWith(AskHandover, choices)
}

// askChange lets the resident say it anew.
func (t *turn) askChange(string) {
	t.say("handover.change")
	t.choices(t.choice("choice.no", "no"))
	t.askWith(AskChange, []Choice{t.choice("choice.no", "no")})
}

// changeSummary takes the resident's new words instead of the old.
func (t *turn) changeSummary(text string) {
	if t.s.Draft == nil {
		t.s.Draft = &Draft{Window: "general-consult"}
	}
	t.s.Draft.Summary, t.s.Draft.Edited = text, true
	t.confirmSummary()
}

// moreOrAsks takes words written instead of an answer: a question about this
// account is answered and what was asked is asked again, all else is added.
func (t *turn) moreOrAsks(text string) {
	if t.s.Draft != nil && t.answeredInPassing(text, "") {
		t.askHandover()
		return
	}
	t.addToSummary(text)
}

// addToSummary takes words written instead of an answer as more to tell.
func (t *turn) addToSummary(text string) {
	if t.s.Draft == nil {
		t.s.Question = nil
		return
	}
	t.s.Draft.Summary = clip(strings.TrimSpace(t.s.Draft.Summary+"\n"+text), maxWords)
	t.say("handover.added")
	t.confirmSummary()
}

// keepToOneself ends the offer; nothing went to anybody.
func (t *turn) keepToOneself(string) {
	t.s.Question, t.s.Draft = nil, nil
	t.forgetCommand()
	t.say("handover.no")
	t.choices(t.choice("choice.human", "human"), t.choice("choice.windows", "windows"))
	t.count("declined", "")
}

// handOver opens the case the resident agreed to.
func (t *turn) handOver(string) {
	d := t.s.Draft
	if d == nil {
		t.say("stale")
		return
	}
	t.forgetCommand()
	id := t.openCase(NewCase{Window: d.Window, With: d.With, Role: d.Role, Summary: d.Summary, Agreed: true, Other: d.Other})
	t.caseSaid(d)
	number := CaseNumber(id)
	_, open := t.c.City.Desk.Open(t.in.At)
	switch {
	case t.in.Away:
		t.handOverLater(number, open)
	case open:
		t.say("handover.done", "number", number, "soon", t.c.City.Answer.In(t.s.Lang))
	default:
		t.say("handover.done.closed", "number", number, "when", t.nextOpening())
		t.cannotWait(d.Window)
	}
	t.count("handed-over", d.Window)
	t.settled()
}

// cannotWait says whom to call, as far as that is confirmed.
func (t *turn) cannotWait(window string) {
	if lines := t.hotlineLines(window, 2); len(lines) > 0 {
		t.show(Text{Text: t.reply("handover.cannot-wait") + "\n" + strings.Join(lines, "\n")})
	}
}

// openCase hands everything said so far to people.
func (t *turn) openCase(n NewCase) (id string) {
	n.ID = "c-" + t.in.ID
	n.Lang, n.Town, n.Words, n.Shown = t.s.Lang, t.s.Town, slices.Clone(t.s.Heard), slices.Clone(t.s.Shown)
	n.Gloss, n.Quiet = t.gloss(n), t.s.Quiet
	if n.Other {
		n.About = cmp.Or(t.s.About, aboutWhom(n.Summary))
	}
	n.Before, n.Limits = t.earlier(), t.limitsOf(n)
	t.do(OpenCase{Case: n})
	t.fetchFor(n.ID, n.Words)
	if !n.Unsure {
		t.s.Case = &CaseView{ID: n.ID, Window: n.Window, OpenedAt: t.in.At, Told: true}
	}
	return n.ID
}

// gloss tells staff in plain Japanese what a message in another language or
// script seems to be about. It is made of the pack's own names, never invented.
func (t *turn) gloss(n NewCase) string {
	var parts []string
	if t.s.Lang != Ja {
		parts = append(parts, t.c.Reply(Ja, "gloss.language", "language", t.c.Reply(Ja, "gloss.name."+string(t.s.Lang))))
	}
	if w := t.c.Window(n.Window); w != nil {
		names := []string{w.Name.In(Ja)}
		for _, id := range n.With {
			if with := t.c.Window(id); with != nil {
				names = append(names, with.Name.In(Ja))
			}
		}
		parts = append(parts, t.c.Reply(Ja, "gloss.about", "windows", strings.Join(names, "・")))
	}
	if n.Other {
		parts = append(parts, t.c.Reply(Ja, "gloss.other"))
	}
	if len(t.why) > 0 {
		parts = append(parts, t.c.Reply(Ja, "gloss.why", "words", strings.Join(t.why, "・")))
	}
	return strings.Join(parts, " ")
}

// spoken is what the resident said so far, in their words.
func (t *turn) spoken() string {
	var parts []string
	for _, h := range t.s.Heard {
		if h.Text != "" && h.Media == "" {
			parts = append(parts, h.Text)
		}
	}
	return clip(strings.Join(parts, "\n"), maxWords)
}

func (t *turn) hasMedia() bool {
	return slices.ContainsFunc(t.s.Heard, func(h Heard) bool { return h.Media != "" && h.Media != Sticker })
}

// nextOpening says when staff are there again.
func (t *turn) nextOpening() string {
	next, ok := t.c.City.Desk.Next(t.in.At)
	if !ok {
		return t.reply("time.later")
	}
	return t.when(next)
}

// when writes a time as the resident's language does.
func (t *turn) when(at time.Time) string {
	at = at.In(Tokyo)
	now := t.in.At.In(Tokyo)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, Tokyo)
	key := "time.date"
	switch {
	case at.Before(today):
	case at.Before(today.AddDate(0, 0, 1)):
		key = "time.today"
	case at.Before(today.AddDate(0, 0, 2)):
		key = "time.tomorrow"
	}
	return t.reply(key, append(t.dateParts(at), "time", t.clock(at))...)
}

func (t *turn) dateParts(at time.Time) []string {
	return []string{
		"month", at.Format("1"), "day", at.Format("2"), "daykana", plain.KanaOfDay(at.Day()),
		"weekday", t.reply("weekday." + weekdays[at.Weekday()]),
		"monthname", at.Format("January"),
	}
}

// clock writes a time of day: 午前8時30分, 8:30 AM.
func (t *turn) clock(at time.Time) string {
	key := "time.am"
	if at.Hour() >= 12 {
		key = "time.pm"
	}
	if at.Minute() != 0 {
		key += ".minutes"
	}
	return t.reply(key, "hour", at.Format("3"), "minute", t.minute(at), "minutekana", plain.KanaOfMinutes(at.Minute()))
}

// minute is 5 after the hour: "5分" in Japanese, "8:05" elsewhere.
func (t *turn) minute(at time.Time) string {
	if t.s.Lang == En || t.s.Lang == Vi {
		return at.Format("04")
	}
	return at.Format("4")
}

func (t *turn) townName(id string) string {
	town := t.c.Town(id)
	if town == nil {
		return id
	}
	switch t.s.Lang {
	case EasyJa:
		return town.ID + "（" + town.Kana + "）"
	case En, Vi:
		return town.Romaji
	default:
		return town.ID
	}
}
