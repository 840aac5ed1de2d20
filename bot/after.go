package bot

import "github.com/tsunagu-chat/tsunagu/bot/understand"

// caseClosed ends a case with a short thank-you that says how it ended, and
// asks in one tap how it was.
func (t *turn) caseClosed(e CaseClosed) {
	if t.s.Watch == e.Case {
		t.s.Watch = ""
	}
	c := t.open(e.Case)
	if c == nil {
		return
	}
	c.ClosedAt = t.in.At
	c.Offer, c.Asked, c.Next = nil, nil, ""
	if c.Said != nil && c.Said.Right == "" { // the bot's answer was right
		c.Said = nil
	}
	t.s.Past, t.s.Case, t.s.After = c, nil, nil
	t.settled()
	if t.watchful(c) {
		c.Said = nil
		t.say("closed.quiet")
		return
	}
	switch {
	case e.Outcome == "mistake":
	case e.Where != "" && (e.Outcome == "connected" || e.Outcome == "elsewhere"):
		t.say("closed."+e.Outcome, "where", t.readable(e.Where))
	case e.Outcome == "unreachable":
		t.say("closed.unreachable")
	default:
		t.say("closed.thanks")
	}
	t.say("people.closed", "number", CaseNumber(c.ID))
	t.followUp(c, e.Outcome)
	if e.Outcome == "mistake" || e.Outcome == "unreachable" {
		c.Said = nil
		return
	}
	t.say("rate.ask")
	for _, n := range []string{"3", "2", "1"} {
		t.choices(t.choice("choice.rate."+n, "rate:"+n))
	}
}

// watchful reports a case whose end must tell whoever holds the phone nothing:
// that there was a consultation, its number, who helps now. A child's phone is
// often read by those it is about.
func (t *turn) watchful(c *CaseView) bool {
	w := t.c.Window(c.Window)
	return t.s.Quiet || w != nil && (w.Quiet || w.Kind == "emergency")
}

// rate keeps the one tap and asks for a word, if they like.
func (t *turn) rate(score string) {
	if t.s.Past == nil || len(score) != 1 || score[0] < '1' || score[0] > '3' {
		t.stale()
		return
	}
	t.do(Answer{Case: t.s.Past.ID, To: ToClose, Says: score})
	t.say("rate.word")
	choices := []Choice{t.choice("choice.rate.nothing", "no")}
	t.choices(choices...)
	t.askWith(AskRated, choices)
	t.count("rated-"+score, t.s.Past.Window)
}

// rateInWords keeps the resident's word about how it was. A new trouble is a
// new trouble, not a word about the last one.
func (t *turn) rateInWords(text string) {
	t.endQuestion(AskRated)
	r := t.understandText(text)
	if t.s.Past == nil || r.Kind == understand.KindOrdinary && len(r.Windows) > 0 && r.Windows[0].Score >= sure {
		t.understand(heard{text: text, whole: text, result: r, own: r})
		return
	}
	t.forgetCommand()
	t.do(Answer{Case: t.s.Past.ID, To: ToClose, Words: clip(text, 500), Message: t.message()})
	t.say("rate.thanks")
	t.askAboutPast()
}

func (t *turn) rateNothing(string) {
	t.forgetCommand()
	t.endQuestion(AskRated)
	t.say("rate.thanks")
	t.askAboutPast()
}

// reopen gives the resident back to the people who had the case.
func (t *turn) reopen() {
	c := *t.s.Past
	c.ClosedAt, c.Told, c.Aside = c.ClosedAt.UTC().Truncate(0), true, false
	t.s.Case, t.s.Past = &c, nil
	t.do(Reopen{Case: c.ID})
	t.addHeardTo(c.ID)
	t.settled()
	c.Kept, c.Late, c.Owed = false, t.in.Away, false
	if t.in.Away {
		t.say("people.reopened.away", "number", CaseNumber(c.ID))
	} else {
		t.say("people.reopened", "number", CaseNumber(c.ID))
	}
	if _, open := t.c.City.Desk.Open(t.in.At); !open {
		t.say("status.closed", "when", t.nextOpening())
	}
	t.count("reopened", c.Window)
}
