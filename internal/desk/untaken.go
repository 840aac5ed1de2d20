package desk

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// The alarms of danger that nobody takes.
const (
	AlarmUntaken AlarmKind = "untaken" // nobody has taken a danger case: somebody is called
	AlarmShown   AlarmKind = "shown"   // by now Slack should show the case, or the call named by Entry
)

// NoteUntaken is the call for somebody to take a danger case. Its text is the
// minutes it has waited, and on the next line whom the level calls; an id with
// a minus before it is of somebody who rests and is called only when nobody
// else is left. A third line names who has the case and has not been seen.
const NoteUntaken bot.NoteKind = "untaken"

// maxAgain bounds how often the last level is repeated.
const maxAgain = 48

// ShownWithin is how long Slack may need to show a danger case before the
// second route is used.
const ShownWithin = time.Minute

// Untaken reports a case in danger that nobody has, or of which nobody has seen
// that it is in danger now.
func (c Case) Untaken() bool {
	return c.Danger != "" && c.Status != Closed && (c.Holder.ID == "" || !c.Unheeded.IsZero())
}

func latest(times ...time.Time) time.Time { return slices.MaxFunc(times, time.Time.Compare) }

// certain reports danger that is not only suspected.
func (c Case) certain() bool { return c.Danger != "" && !c.Unsure }

// seen is when staff last did something in a case, as far as that is known.
func (c Case) seen() time.Time { return latest(c.Seen, c.TakenAt, c.Answered) }

// Raise marks a case as dangerous. Certainty is never taken back to doubt.
//
// Somebody may have the case and be at home by now, or away for good: words of
// danger wait for whatever staff do next in it. Danger that is new to the case
// waits from at on. The same again waits from the end of the quiet after what
// staff did last: ten lines in a row call nobody who is there, and who writes
// an hour later is not forgotten. What waits already does not begin anew.
func (r Rules) Raise(c Case, kind string, unsure bool, at time.Time) Case {
	grew := c.Danger == "" || c.Unsure && !unsure
	if c.Danger == "" || c.Unsure {
		c.Danger, c.Unsure, c.Safe = kind, unsure, time.Time{}
	}
	if !unsure {
		c.Alarmed = at
	}
	from := latest(at, c.seen().Add(r.Duty.Hush()))
	switch {
	case !c.Spent.IsZero(): // all were called, and nobody came
		if !grew && at.Before(c.Spent.Add(r.Duty.Hush())) {
			return c
		}
		from = at
	case grew && c.Holder.ID != "" && (c.Unheeded.IsZero() || c.Unheeded.After(at)):
		from = at
	case c.Holder.ID == "" || !c.Unheeded.IsZero():
		return c // calls are due
	}
	c.Unheeded, c.Spent = from, time.Time{}
	return c
}

// heeded is a case after staff did something in it: somebody is there. One that
// is in nobody's hands now, after the last of all calls, is called for anew.
func (r Rules) heeded(was, c Case, at time.Time) Case {
	c.Seen, c.Unheeded = at, time.Time{}
	switch {
	case !c.Untaken():
		c.Spent = time.Time{}
	case !c.Spent.IsZero() && (c.Holder.ID != was.Holder.ID || c.Window != was.Window):
		c.Unheeded, c.Spent = r.after(at), time.Time{}
	}
	return c
}

// WaitsAnew reports whether a case in danger waits for somebody since it was was.
func (c Case) WaitsAnew(was Case) bool {
	return c.Untaken() && (!was.Untaken() || !c.Unheeded.IsZero() && !c.Unheeded.Equal(was.Unheeded))
}

// Watch are the due times of a danger case that begins to wait for somebody:
// since at it is new, was released, was handed on, or became unheeded; that may
// be a little later.
func (r Rules) Watch(c Case, at time.Time) []Alarm {
	since := latest(at, c.Unheeded)
	return []Alarm{
		{Kind: AlarmShown, Case: c.ID, At: at.Add(ShownWithin)},
		{Kind: AlarmUntaken, Case: c.ID, Since: since, At: since.Add(r.Duty.Steps()[0].Wait())},
	}
}

// untaken calls the level that is due, and sets the next one. When nobody was
// there to call in time (the service was down), the highest level that is due
// is called at once.
func (r Rules) untaken(c Case, a Alarm, at time.Time) Decision {
	if !c.Untaken() {
		return Decision{Case: c} // taken, or closed: it stops
	}
	steps := r.Duty.Steps()
	last := len(steps) - 1
	level := min(a.Level, last)
	d := Decision{Case: c, Alert: steps[level].Mail}
	calls := slices.Clone(steps[level].Call)
	for level < last && !a.Since.Add(steps[level+1].Wait()).After(at) {
		level++
		a.Level = level
		d.Alert = d.Alert || steps[level].Mail
		for _, who := range steps[level].Call {
			if !slices.Contains(calls, who) {
				calls = append(calls, who)
			}
		}
	}
	holder := ""
	if c.Holder.ID != "" {
		calls, holder = append([]string{c.Holder.ID}, calls...), "\n"+strings.Join(strings.Fields(c.Holder.Name), " ")
	}
	for _, id := range slices.Sorted(maps.Keys(r.Rest)) {
		if id != c.Holder.ID {
			calls = append(calls, "-"+id)
		}
	}
	e := Entry{
		// The due time tells calls apart: a released case begins anew.
		ID: fmt.Sprintf("n-%s-untaken-%d-%d", c.ID, a.Level, a.At.UnixMilli()), Case: c.ID, At: at, Kind: FromBot, Note: NoteUntaken,
		Text: fmt.Sprintf("%d\n%s", int(at.Sub(a.Since).Minutes()), strings.Join(calls, " ")) + holder,
	}
	d.Entries = []Entry{e}
	d.Alarms = []Alarm{{Kind: AlarmShown, Case: c.ID, Entry: e.ID, At: at.Add(ShownWithin)}}
	next := Alarm{Kind: AlarmUntaken, Case: c.ID, Level: a.Level + 1, Since: a.Since}
	switch {
	case level < last:
		next.At = a.Since.Add(steps[level+1].Wait())
	case r.Duty.Again > 0 && a.Level < last+maxAgain:
		next.At = at.Add(time.Duration(r.Duty.Again) * time.Minute)
	default:
		d.Case.Spent = at
		return d
	}
	d.Alarms = append(d.Alarms, next)
	return d
}
