package desk

import (
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// AlarmReached is when staff's screen should show a new case: by then the
// resident, who was told that staff have it, must have been told the truth.
const AlarmReached AlarmKind = "reached"

const (
	// ReachedWithin is how long a case may be on its way to staff's screen
	// before the resident is told that it is not there.
	ReachedWithin = 5 * time.Minute
	// While a case waits it is looked whether it arrived: every minute at
	// first, every five later.
	reachedOften  = time.Minute
	reachedSeldom = 5 * time.Minute
	// reachedFor bounds it. Who heard nothing for so long has called.
	reachedFor = 3 * 24 * time.Hour
)

// Reach is the due time of a case that was just opened; away: staff's desk
// cannot be reached, so that the resident knows already and only waits to hear
// that it arrived.
func (c Case) Reach(at time.Time, away bool) Alarm {
	a := Alarm{Kind: AlarmReached, Case: c.ID, Since: at, At: at.Add(ReachedWithin)}
	if away {
		a.At = at.Add(reachedOften)
	}
	return a
}

// Reached decides what an AlarmReached leads to: event is what the dialogue
// must know, and again when to look once more; nil: it is over.
func (c Case) Reached(a Alarm, shown bool, at time.Time) (event bot.Event, again *Alarm) {
	waited := at.Sub(a.Since)
	switch {
	case c.ByHand != "":
		return nil, nil
	case shown:
		return bot.CaseArrived{Case: c.ID}, nil
	case c.Status == Closed || waited > reachedFor:
		return nil, nil
	}
	next := a
	next.At = at.Add(min(max(reachedOften, waited/6), reachedSeldom))
	if waited < ReachedWithin {
		return nil, &next
	}
	return bot.CaseWaits{Case: c.ID, Danger: c.Danger}, &next
}
