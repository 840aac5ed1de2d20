package bot

import (
	"slices"
	"strings"
)

// handoverAsked asks the resident before another window goes on: who, when,
// and that nothing must be told again.
func (t *turn) handoverAsked(e HandoverAsked) {
	c, w := t.open(e.Case), t.c.Window(e.Window)
	if c == nil || w == nil {
		return
	}
	name := w.Name.In(t.s.Lang)
	lines := []string{t.reply("offer.ask", "window", name)}
	if e.Why != "" {
		lines = append(lines, t.reply("offer.why", "why", t.readable(e.Why)))
	}
	if e.When != "" {
		lines = append(lines, t.reply("offer.when", "when", t.readable(e.When)))
	}
	if e.Outside {
		lines = append(lines, t.reply("consent.outside"), t.reply("consent.revocable"))
	} else {
		lines = append(lines, t.reply("offer.story"))
	}
	c.Offer = &Offered{ID: e.Offer, Window: e.Window, When: e.When, Text: strings.Join(lines, "\n"), Outside: e.Outside}
	t.askOffer(c.Offer)
}

func (t *turn) askOffer(o *Offered) {
	t.ask(AskOffer, o.ID, t.reply("offer.title"), strings.Split(o.Text, "\n"),
		Button{Label: t.reply("choice.offer.yes"), Data: "offer-yes:" + o.ID},
		Button{Label: t.reply("choice.offer.no"), Data: "offer-no:" + o.ID})
}

// askNext asks again, after an answer, what staff asked before and a newer
// question covered. A typed word answers only the question asked last; the
// buttons answer theirs at any time.
func (t *turn) askNext() {
	c := t.s.Case
	if c == nil || t.s.Question != nil {
		return
	}
	shared := slices.IndexFunc(c.Shares, func(s Shared) bool { return !s.Given })
	switch {
	case c.Offer != nil && !c.Offer.Agreed:
		t.say("ask.again")
		t.askOffer(c.Offer)
	case c.Asked != nil && c.Asked.Version != c.Changing:
		t.say("ask.again")
		t.askPlan(c.Asked)
	case shared >= 0:
		t.say("ask.again")
		t.askShare(c.Shares[shared])
	}
}

// byButtonOnly lets no typed word answer what staff asked, because the card has
// not been seen yet, or something else was asked since. The buttons still do.
func (t *turn) byButtonOnly() {
	for _, kind := range []QuestionKind{AskOffer, AskConsent, AskPlan} {
		t.endQuestion(kind)
	}
}

// wroteMeanwhile is a message of staff after their question: a "yes" now may be
// for that. What another organisation may be told is never guessed.
func (t *turn) wroteMeanwhile(text string) {
	c := t.s.Case
	outside := c != nil && c.Offer != nil && c.Offer.Outside
	if q := t.s.Question; q != nil && (q.Kind == AskConsent || q.Kind == AskOffer && outside || asksSomething(text)) {
		t.byButtonOnly()
	}
}

// asksSomething reports a text with a question in it, in Japanese or with a
// question mark.
func asksSomething(text string) bool {
	if strings.ContainsAny(text, "?？") {
		return true
	}
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("。．！!\n", r) }) {
		if strings.HasSuffix(strings.TrimSpace(line), "か") {
			return true
		}
	}
	return false
}

// ask shows a card with a question that can also be answered in words. The
// notification names no topic.
func (t *turn) ask(kind QuestionKind, field, title string, lines []string, buttons ...Button) {
	t.show(Cards{Alt: t.reply("ask.alt"), Cards: []Card{{Title: title, Lines: lines, Buttons: buttons}}})
	choices := make([]Choice, 0, len(buttons))
	for _, b := range buttons {
		choices = append(choices, Choice{Label: b.Label, Data: b.Data})
	}
	t.askWith(kind, choices)
	t.s.Question.Field = field
}

// offerYes lets the window take over; it still has to accept.
func (t *turn) offerYes(id string) {
	c := t.s.Case
	if c == nil || c.Offer == nil || c.Offer.ID != id && id != "" || c.Offer.Agreed {
		t.stale()
		return
	}
	c.Offer.Agreed = true
	name := t.windowNames([]string{c.Offer.Window})
	if c.Offer.Outside {
		c.Shares = append(c.Shares, Shared{ID: c.Offer.ID, Name: name, Text: c.Offer.Text, Given: true})
	}
	t.endQuestion(AskOffer)
	t.do(Answer{Case: c.ID, To: ToHandover, ID: c.Offer.ID, Says: SaysYes, Text: c.Offer.Text, Version: t.c.Version})
	t.say("offer.yes", "window", name)
	t.askNext()
}

// offerNo keeps everything as it is.
func (t *turn) offerNo(id string) {
	c := t.s.Case
	if c == nil || c.Offer == nil || c.Offer.ID != id && id != "" || c.Offer.Agreed {
		t.stale()
		return
	}
	t.endQuestion(AskOffer)
	t.do(Answer{Case: c.ID, To: ToHandover, ID: c.Offer.ID, Says: SaysNo, Text: c.Offer.Text, Version: t.c.Version})
	c.Offer = nil
	if c.Holder != "" {
		t.say("offer.no", "name", c.Holder)
	} else {
		t.say("offer.no.nobody")
	}
	t.askNext()
}

func (t *turn) handoverAccepted(e HandoverAccepted) {
	c := t.open(e.Case)
	if c == nil {
		return
	}
	c.Window, c.Holder, c.Offer, c.TakenAt = e.Window, e.By, nil, t.in.At
	c.Team = slices.DeleteFunc(c.Team, func(w string) bool { return w == e.Window })
	t.endQuestion(AskOffer)
	name := t.windowNames([]string{e.Window})
	if e.When != "" {
		t.say("offer.accepted.when", "window", name, "name", e.By, "when", t.readable(e.When))
	} else {
		t.say("offer.accepted", "window", name, "name", e.By)
	}
	t.movedTo(e.Window)
}

// handoverEnded says nothing: who has the case has it still. Only a question
// that was left open is taken away.
func (t *turn) handoverEnded(e HandoverEnded) {
	c := t.open(e.Case)
	if c == nil || c.Offer == nil {
		return
	}
	c.Offer = nil
	t.endQuestion(AskOffer)
}

func (t *turn) teamJoined(e TeamJoined) {
	c := t.open(e.Case)
	if c == nil || t.c.Window(e.Window) == nil || slices.Contains(c.Team, e.Window) {
		return
	}
	c.Team = append(c.Team, e.Window)
	t.say("people.joined", "window", t.windowNames([]string{e.Window}))
}

func (t *turn) teamLeft(e TeamLeft) {
	if c := t.open(e.Case); c != nil {
		c.Team = slices.DeleteFunc(c.Team, func(w string) bool { return w == e.Window })
	}
}

func (t *turn) endQuestion(kind QuestionKind) {
	if t.s.Question != nil && t.s.Question.Kind == kind {
		t.s.Question = nil
	}
}

// stale answers a button of something that is over.
func (t *turn) stale() {
	t.say("stale")
	t.choices(t.choice("choice.human", "human"))
}
