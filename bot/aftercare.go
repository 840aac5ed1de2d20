package bot

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Aftercare is what is kept of a case that ended well, to ask some time later
// how things are: nothing that was said in it.
type Aftercare struct {
	Case   string    `json:"case"`
	Window string    `json:"window"`
	Holder string    `json:"holder,omitempty"` // name residents see
	Closed time.Time `json:"closed"`
	Past   int       `json:"past,omitempty"` // how many of the pack's days are behind it
}

const (
	// afterKey is the due time at which a resident is asked how they are.
	afterKey = "after"
	// afterHour is when on its day, in Tokyo: people are up, and at a desk.
	afterHour = 10
	// afterStays is how long the last question can be answered. A question lives
	// no longer than the wait for the next one.
	afterStays = 14 * 24 * time.Hour
	// afterPause keeps the question out of a talk that is going on.
	afterPause = 2 * time.Hour
)

// followUp remembers a case that ended well, to ask later how things are. It
// comes after watchful cases are left: those people are never asked.
func (t *turn) followUp(c *CaseView, outcome string) {
	t.s.After = nil
	if outcome != "resolved" && outcome != "connected" || len(t.c.City.After.Days) == 0 || t.s.NoAfter || t.s.NoNews || t.s.Gone {
		return
	}
	t.s.After = &Aftercare{Case: c.ID, Window: c.Window, Holder: c.Holder, Closed: t.in.At}
	t.nextAfter()
}

// nextAfter sets when the resident is asked next, or when it is forgotten that
// they could be.
func (t *turn) nextAfter() {
	a := t.s.After
	at := t.in.At.Add(afterStays)
	if a.Past < len(t.c.City.After.Days) {
		y, m, d := a.Closed.In(Tokyo).Date()
		at = time.Date(y, m, d+t.c.City.After.Days[a.Past], afterHour, 0, 0, 0, Tokyo)
	}
	t.do(Later{Key: afterKey, Case: a.Case, At: t.inHours(at)})
}

// inHours is the first moment from at on in which the desk is open.
func (t *turn) inHours(at time.Time) time.Time {
	if _, open := t.c.City.Desk.Open(at); open {
		return at
	}
	if next, ok := t.c.City.Desk.Next(at); ok {
		return next
	}
	return at
}

// askAfter asks once how things are. Nobody is asked at night, in the middle of
// a talk, while people have a case of theirs, or when they do not want it; that
// day is then over.
func (t *turn) askAfter(e Reminded) {
	a := t.s.After
	if a == nil || a.Case != e.Case {
		return
	}
	if a.Past >= len(t.c.City.After.Days) {
		t.s.After = nil
		return
	}
	wait := t.inHours(t.in.At)
	if t.in.At.Sub(t.s.LastAt) < afterPause {
		wait = t.inHours(t.in.At.Add(afterPause))
	}
	if wait.After(t.in.At) {
		t.do(Later{Key: afterKey, Case: a.Case, At: wait})
		return
	}
	a.Past++
	t.nextAfter()
	if t.s.Case != nil || t.s.Watch != "" || t.s.Gone || t.s.Quiet || t.s.NoNews || t.s.NoAfter {
		return
	}
	t.say("after.ask")
	choices := []Choice{t.choice("choice.after.fine", "after-fine:"+a.Case), t.choice("choice.after.again", "after-again:"+a.Case), t.choice("choice.after.stop", "after-stop:"+a.Case)}
	t.choices(choices...)
	t.askWith(AskAfter, choices)
	t.count("after-asked", a.Window)
}

// afterOf is the case a resident answers about, nil when that is over.
func (t *turn) afterOf(id string) *Aftercare {
	if t.s.After == nil || t.s.After.Case != id {
		t.stale()
		return nil
	}
	return t.s.After
}

// afterFine ends the question; the next day the pack names is asked all the
// same.
func (t *turn) afterFine(id string) {
	if a := t.afterOf(id); a != nil {
		t.endQuestion(AskAfter)
		t.do(Answer{Case: a.Case, To: ToAfter, Says: SaysYes})
		t.say("after.fine")
		t.count("after-fine", a.Window)
	}
}

// afterStop is their wish not to be asked, of this case or any other.
func (t *turn) afterStop(id string) {
	if a := t.afterOf(id); a != nil {
		t.endQuestion(AskAfter)
		t.count("after-stopped", a.Window)
		t.s.After, t.s.NoAfter = nil, true
		t.say("after.stopped")
	}
}

// afterAgain leads back to the same people while the case can go on, else to a
// new one of the same window, which names the old.
func (t *turn) afterAgain(id string) {
	a := t.afterOf(id)
	if a == nil {
		return
	}
	t.endQuestion(AskAfter)
	t.do(Answer{Case: a.Case, To: ToAfter, Says: SaysAgain})
	t.count("after-again", a.Window)
	if t.s.Past != nil && t.s.Past.ID == a.Case {
		t.s.Heard, t.s.After = nil, nil
		t.reopen()
		t.say("after.write")
		return
	}
	t.offerHandover(a.Window)
}

// afterInWords takes their own words: a new trouble is one, all else reaches
// who had the case.
func (t *turn) afterInWords(text string) {
	t.endQuestion(AskAfter)
	a := t.s.After
	r := t.understandText(text)
	if a == nil || r.Kind == understand.KindHuman || r.Kind == understand.KindOrdinary && len(r.Windows) > 0 && r.Windows[0].Score >= sure {
		t.understand(heard{text: text, whole: text, result: r, own: r})
		return
	}
	t.forgetCommand()
	t.do(Answer{Case: a.Case, To: ToAfter, Words: clip(text, 500), Message: t.message()})
	t.say("after.words")
	t.choices(t.choice("choice.after.again", "after-again:"+a.Case))
	t.count("after-words", a.Window)
}

// earlier is the case before a new one, as staff need to know it.
func (t *turn) earlier() Earlier {
	if p := t.s.Past; p != nil {
		return Earlier{Window: p.Window, Closed: p.ClosedAt, Number: CaseNumber(p.ID), Holder: p.Holder}
	}
	if a := t.s.After; a != nil {
		return Earlier{Window: a.Window, Closed: a.Closed, Number: CaseNumber(a.Case), Holder: a.Holder}
	}
	return Earlier{}
}
