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

// Startle marks a case into which danger came after was, while somebody had it:
// they may be at home, or away for good. Whatever staff do in it ends that.
func Startle(was, c Case, at time.Time) Case {
	certain := func(c Case) bool { return c.Danger != "" && !c.Unsure }
	if c.Holder.ID != "" && (was.Danger == "" && c.Danger != "" || !certain(was) && certain(c)) {
		c.Unheeded = at
	}
	return c
}

// Watch are the due times of a danger case that begins to wait for somebody:
// since at it is new, was released, or was handed on.
func (r Rules) Watch(c Case, at time.Time) []Alarm {
	return []Alarm{
		{Kind: AlarmShown, Case: c.ID, At: at.Add(ShownWithin)},
		{Kind: AlarmUntaken, Case: c.ID, Since: at, At: at.Add(r.Duty.Steps()[0].Wait())},
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
		return d
	}
	d.Alarms = append(d.Alarms, next)
	return d
}
