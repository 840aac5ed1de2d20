package desk

import (
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// AlarmAnswer is when the time is over in which somebody of the office answers
// a resident first.
const AlarmAnswer AlarmKind = "answer"

// NoteUnanswered tells that a resident still waits for a first answer. Its text
// is who should hear it: CallHolder, bot.CallHere or bot.CallLead.
const NoteUnanswered bot.NoteKind = "unanswered"

// CallHolder calls who has the case.
const CallHolder = "holder"

// Awaits reports a case whose resident waits for a first answer of staff: since
// it was opened, or opened again. On a mere suspicion of danger the bot talks,
// and who blocked the account cannot be answered.
func (c Case) Awaits() bool {
	return !c.Waits.IsZero() && c.Status != Closed && !c.Left && (c.Danger == "" || !c.Unsure)
}

// answeredAt ends the wait: staff spoke to the resident.
func (c Case) answeredAt(at time.Time) Case {
	c.Waits, c.Overdue, c.Reminded = time.Time{}, time.Time{}, 0
	if c.Replied.IsZero() {
		c.Replied = at
	}
	return c
}

// speaks reports an action by which staff speak to the resident, beside a
// reply, which does so when it leaves.
func speaks(a Action) bool {
	switch a := a.(type) {
	case Propose:
		return true
	case Write:
		return a.Call && a.Spoke
	case Promise:
		return a.Tell
	}
	return false
}

// AnswerBy is when somebody should have answered who waits since a time. Days
// on which the desk is closed do not count, and at night the time begins with
// the next opening: a promise of hours in which nobody is there would be none.
// It is zero when the pack wants no such time.
func (r Rules) AnswerBy(since time.Time) time.Time {
	if r.Duty.Answer.Within() <= 0 {
		return time.Time{}
	}
	return r.Hours.Count(since, r.Duty.Answer.Within())
}

// calls are who hears of an answer that is late, one after the other, and how
// long after the time for it.
func (r Rules) calls() (who []string, after []time.Duration) {
	who, after = []string{CallHolder}, []time.Duration{0}
	if d := r.Duty.Answer.Team(); d > 0 {
		who, after = append(who, bot.CallHere), append(after, d)
	}
	if d := r.Duty.Answer.Lead(); d > 0 {
		who, after = append(who, bot.CallLead), append(after, d)
	}
	return who, after
}

// Await keeps since when the resident waits for a first answer, after the case
// changed from was, and sets when somebody is reminded.
func (r Rules) Await(was, c Case, at time.Time) (Case, []Alarm) {
	switch {
	case c.Status == Closed:
		c.Waits, c.Overdue, c.Reminded = time.Time{}, time.Time{}, 0
	case c.ByHand == "" && (was.ID == "" && c.Replied.IsZero() || was.Status == Closed && was.ID != "" && c.Waits.IsZero()):
		c.Waits = at
	}
	if !c.Awaits() || was.Awaits() {
		return c, nil
	}
	if a, ok := r.answerAlarm(c, at); ok {
		return c, []Alarm{a}
	}
	return c, nil
}

// answerAlarm is the next reminder, never outside of the desk's hours; false
// when everybody has been reminded.
func (r Rules) answerAlarm(c Case, now time.Time) (Alarm, bool) {
	by := r.AnswerBy(c.Waits)
	who, after := r.calls()
	if by.IsZero() || c.Reminded >= len(who) {
		return Alarm{}, false
	}
	due := by
	if d := after[c.Reminded]; d > 0 {
		due = r.Hours.Count(by, d)
	}
	if due.Before(now) {
		due = now
	}
	return Alarm{Kind: AlarmAnswer, Case: c.ID, Level: c.Reminded, Since: c.Waits, At: r.working(due)}, true
}

// unanswered reminds who is next. Where nobody has the case its team is first.
func (r Rules) unanswered(c Case, a Alarm, at time.Time) Decision {
	who, _ := r.calls()
	if !c.Awaits() || a.Level != c.Reminded || !a.Since.Equal(c.Waits) || a.Level >= len(who) {
		return Decision{Case: c, Aside: true} // overtaken
	}
	switch open := r.working(at); {
	case !c.Hidden.IsZero(): // staff must wait until they write again
		a.At = at.Add(hiddenWait)
		return Decision{Case: c, Aside: true, Alarms: []Alarm{a}}
	case open.After(at):
		a.At = open
		return Decision{Case: c, Aside: true, Alarms: []Alarm{a}}
	}
	if who[c.Reminded] == CallHolder && c.Holder.ID == "" && len(who) > 1 {
		c.Reminded++
	}
	e := Entry{
		ID: fmt.Sprintf("n-%s-unanswered-%d-%d", c.ID, c.Reminded, a.At.UnixMilli()), Case: c.ID, At: at, Kind: FromBot, Note: NoteUnanswered, By: c.Holder,
		Text: who[c.Reminded],
	}
	c.Reminded++
	if c.Overdue.IsZero() {
		c.Overdue = r.AnswerBy(c.Waits)
	}
	d := Decision{Case: c, Entries: []Entry{e}}
	if next, ok := r.answerAlarm(c, at); ok {
		d.Alarms = []Alarm{next}
	}
	return d
}

// Missing names what the beginning of a case still lacks. It is filled by what
// staff do anyway, never by a form of its own.
func (c Case) Missing() []string {
	var list []string
	add := func(what string, missing bool) {
		if missing {
			list = append(list, what)
		}
	}
	add(MissingWho, c.Holder.ID == "")
	add(MissingAnswer, c.ByHand == "" && c.Replied.IsZero() && c.Answered.IsZero())
	add(MissingWish, c.Wished() == "" && c.Role == "")
	add(MissingNext, c.Next == nil && c.Snoozed.IsZero())
	return list
}

// What the beginning of a case needs: 初期対応.
const (
	MissingWho    = "who"    // somebody who has it
	MissingAnswer = "answer" // a first answer: 受けとめた
	MissingWish   = "wish"   // what the resident wants
	MissingNext   = "next"   // when they are spoken to next
)

// Wished is what the resident wants, in their words: the plan's goal, or what
// staff noted.
func (c Case) Wished() string {
	for _, p := range []*bot.Plan{c.Plan, c.Asked} {
		if p != nil && p.Goal != "" {
			return p.Goal
		}
	}
	return c.Wish
}

// NoteWish tells that somebody wrote down what the resident wants; its text is
// that.
const NoteWish bot.NoteKind = "wish"
