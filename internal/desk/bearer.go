package desk

import (
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Bearer is somebody who has, or had, a case in danger. It is written down for
// their sake: who had one rests from the next, and is reminded to talk about it.
type Bearer struct {
	Who    Staff     `json:"who"`
	From   time.Time `json:"from"`            // since when they had it in danger
	To     time.Time `json:"to,omitzero"`     // zero: they have it still
	Times  int       `json:"times,omitempty"` // how often they had it before
	Sure   bool      `json:"sure,omitempty"`  // the danger was certain while they had it
	Asked  int       `json:"asked,omitempty"` // how often they were reminded
	Later  time.Time `json:"later,omitzero"`  // when they want to be reminded again
	Talked time.Time `json:"talked,omitzero"` // when they said that they have talked, since the latest danger
	Anew   time.Time `json:"anew,omitzero"`   // since when they bear the latest danger that came after a reminder
	Again  bool      `json:"again,omitempty"` // they will be reminded of that
}

// reminded reports that no reminder is on its way any more.
func (b Bearer) reminded() bool { return b.Asked > 0 && !b.Again && b.Later.IsZero() }

// again begins a further danger of a bearer who was reminded of the one before.
func (b *Bearer) again(at time.Time) { b.Anew, b.Again, b.Talked = at, true, time.Time{} }

// Heavy reports a case that is hard on who has it: danger, also suspected. Not
// one whose suspicion the resident laid to rest, or that was a mistake.
func (c Case) Heavy() bool {
	return c.Danger != "" && (!c.Unsure || c.Safe.IsZero()) && (c.Status != Closed || c.Outcome != Mistake)
}

// bearer is the place of a person among the bearers, -1 when they are none.
func (c Case) bearer(id string) int {
	return slices.IndexFunc(c.Borne, func(b Bearer) bool { return b.Who.ID == id })
}

// bearers are those written down; of a case that an older program kept, who
// has it.
func (c Case) bearers() []Bearer {
	if len(c.Borne) == 0 && c.Danger != "" && c.Holder.ID != "" {
		return []Bearer{{Who: c.Holder, From: c.TakenAt, To: c.ClosedAt, Sure: !c.Unsure}}
	}
	return c.Borne
}

// briefly is how long somebody may have had a case before letting go of it, and
// it does not count: they pressed by mistake, or gave it on at once.
const briefly = 10 * time.Minute

// breath is how long after the end of a heavy case the reminder comes: not into
// the last words.
const breath = 10 * time.Minute

// maxBearers bounds what a case remembers.
const maxBearers = 50

// Bear writes down who has a case in danger, after it changed from was, and
// sets the reminders to talk about it. It returns who begins to have it; nobody
// when that did not change.
func (r Rules) Bear(was, c Case, at time.Time) (Case, []Alarm, Staff) {
	if c.Danger == "" {
		return c, nil, Staff{}
	}
	var alarms []Alarm
	var begins Staff
	talk := func(b Bearer, due time.Time) {
		if r.Duty.Heavy.Talk() > 0 && b.Sure && (b.Asked == 0 || b.Again) && b.Talked.IsZero() {
			alarms = append(alarms, Alarm{Kind: AlarmTalk, Case: c.ID, Who: b.Who.ID, At: due})
		}
	}
	var now Staff
	if c.Status != Closed {
		now = c.Holder
	}
	c.Borne = slices.Clone(c.Borne)
	if len(c.Borne) == 0 {
		c.Borne = slices.Clone(was.bearers()) // an older program began this case
	}
	for i := range c.Borne {
		b := &c.Borne[i]
		if !b.To.IsZero() || b.Who.ID == now.ID {
			continue
		}
		b.To = at
		talk(*b, r.soon(at))
	}
	c.Borne = slices.DeleteFunc(c.Borne, func(b Bearer) bool {
		return c.Status != Closed && b.To.Equal(at) && at.Sub(b.From) < briefly && b.Asked == 0 && b.Times == 0
	})
	if now.ID == "" {
		return c, alarms, begins
	}
	i := c.bearer(now.ID)
	if i < 0 && len(c.Borne) < maxBearers {
		i = len(c.Borne)
		c.Borne = append(c.Borne, Bearer{Who: now, From: at})
		begins = now
	}
	if i < 0 {
		return c, alarms, begins
	}
	b := &c.Borne[i]
	sure := !c.Unsure
	further := sure && c.Alarmed.After(was.Alarmed)
	if !b.To.IsZero() {
		further = sure && c.Alarmed.After(b.To)
		b.From, b.To, b.Times = at, time.Time{}, b.Times+1
		begins = now
	}
	if further = further && b.reminded(); further {
		b.again(at)
	}
	if begins.ID != "" || further || sure && !b.Sure {
		b.Sure = b.Sure || sure
		talk(*b, r.working(latest(b.From, b.Anew).Add(r.Duty.Heavy.Talk())))
	}
	return c, alarms, begins
}

// working is the first moment from at on in which the desk is open; at itself
// when nobody knows its hours.
func (r Rules) working(at time.Time) time.Time {
	if _, open := r.Hours.Open(at); open {
		return at
	}
	if next, ok := r.Hours.Next(at); ok {
		return next
	}
	return at
}

// soon is when something is said about what has just ended: after a breath, but
// before people go home.
func (r Rules) soon(at time.Time) time.Time {
	if _, open := r.Hours.Open(at.Add(breath)); open {
		return at.Add(breath)
	}
	return r.working(at)
}

// tomorrow is the desk's next opening on another day.
func (r Rules) tomorrow(at time.Time) time.Time {
	y, m, d := at.In(bot.Tokyo).AddDate(0, 0, 1).Date()
	if next, ok := r.Hours.Next(time.Date(y, m, d, 0, 0, 0, -1, bot.Tokyo)); ok {
		return next
	}
	return time.Date(y, m, d, 9, 0, 0, 0, bot.Tokyo)
}

// AlarmTalk is when Who is reminded to talk about a case in danger they had.
const AlarmTalk AlarmKind = "talk"

// Reminder asks one person to talk about a case in danger they had; the same
// one again when what became of it changed.
type Reminder struct {
	Who string
	N   int // the how manieth
}

// remind is the due time of a reminder. It is never made outside of the desk's
// hours, however late it comes.
func (r Rules) remind(c Case, a Alarm, at time.Time) Decision {
	i := c.bearer(a.Who)
	if i < 0 || r.Duty.Heavy.Talk() <= 0 || !c.Heavy() || !c.Borne[i].Sure || !c.Borne[i].Talked.IsZero() {
		return Decision{Case: c, Aside: true}
	}
	if open := r.working(at); open.After(at) {
		a.At = open
		return Decision{Case: c, Aside: true, Alarms: []Alarm{a}}
	}
	c.Borne = slices.Clone(c.Borne)
	b := &c.Borne[i]
	b.Asked, b.Later, b.Again = b.Asked+1, time.Time{}, false
	return Decision{Case: c, Aside: true, Reminders: []Reminder{{Who: a.Who, N: b.Asked}}}
}

// talked answers a reminder: they have talked, or want to be asked tomorrow.
// Only who is asked can answer.
func (r Rules) talked(c Case, cmd Command, later bool) Decision {
	i := c.bearer(cmd.By.ID)
	if i < 0 || c.Borne[i].Asked == 0 {
		return Decision{Case: c, Refused: RefusedNoOffer}
	}
	c.Borne = slices.Clone(c.Borne)
	b := &c.Borne[i]
	b.Again = false
	d := Decision{Aside: true, Reminders: []Reminder{{Who: b.Who.ID, N: b.Asked}}}
	switch {
	case !b.Talked.IsZero():
	case later:
		b.Later = r.tomorrow(cmd.At)
		d.Alarms = []Alarm{{Kind: AlarmTalk, Case: c.ID, Who: b.Who.ID, At: b.Later}}
	default:
		b.Talked, b.Later = cmd.At, time.Time{}
	}
	d.Case = c
	return d
}

// Bearing is what one person is told about a case in danger they had.
func (c Case) Bearing(who string) (Bearer, bool) {
	if i := c.bearer(who); i >= 0 {
		return c.Borne[i], true
	}
	return Bearer{}, false
}

// RestOf is until when a person rests because of this case; zero: they do not.
func (r Rules) RestOf(c Case, who string) time.Time {
	if b, ok := c.Bearing(who); ok {
		return r.rest(c, b)
	}
	return time.Time{}
}

// NoteRests tells the lead that somebody took a case in danger who should rest.
// Nobody is kept from it: somebody in danger waits. Its text is until when they
// would rest (RFC 3339).
const NoteRests bot.NoteKind = "rests"

// Rests is that note.
func Rests(c Case, who Staff, until, at time.Time) Entry {
	return Entry{
		ID: "n-" + c.ID + "-rests-" + who.ID + "-" + at.UTC().Format("20060102150405"), Case: c.ID, At: at, Kind: FromBot, Note: NoteRests, By: who,
		Text: until.UTC().Format(time.RFC3339),
	}
}
