package desk

import "time"

// AnswerWithin is how long a resident should wait for somebody at most, by the
// clock on the wall.
const AnswerWithin = 24 * time.Hour

// AlarmWaited is when a case has been there for AnswerWithin.
const AlarmWaited AlarmKind = "waited"

// Heeded reports whether staff wrote to the resident; of somebody who did not
// come through LINE, whether anybody took the case.
func (c Case) Heeded() bool {
	if c.ByHand != "" {
		return !c.FirstTaken().IsZero()
	}
	return !c.Answered.IsZero()
}

// Wait is that due time of a case that was just opened.
func (c Case) Wait() Alarm {
	return Alarm{Kind: AlarmWaited, Case: c.ID, At: c.OpenedAt.Add(AnswerWithin)}
}

// waited writes down that a case waited too long, for the town's figures:
// whoever looks at the desk sees it there.
func waited(c Case, at time.Time) Decision {
	if !c.Heeded() && c.Status != Closed {
		c.Waited = at
	}
	return Decision{Case: c, Aside: true}
}
