package desk

import (
	"cmp"
	"slices"
	"time"
)

// Load is what one person carries now.
type Load struct {
	Who    Staff
	Open   int       // open cases they have
	Heavy  int       // of them in danger
	Asleep int       // of them put off until later
	Helps  int       // open cases of others in which they speak for a window
	Rests  time.Time // until then others are asked first about danger; zero: they do not rest
	Took   time.Time // when they last took a case; zero: not lately
	Duty   bool      // on duty today
	weight int
}

// Resting reports whether others are asked first about danger at a time.
func (l Load) Resting(at time.Time) bool { return l.Rests.After(at) }

// What one case weighs. Only the relation counts: danger weighs as much as
// three others, what sleeps or is another's half of one.
const (
	weighsCase   = 2
	weighsDanger = 6
	weighsHalf   = 1
)

// Books are what loads are counted from.
type Books struct {
	Open   []Case               // the cases that are not closed
	Danger []Case               // those in danger: open, or closed not longer ago than a rest lasts
	Took   map[string]time.Time // when each person last took a case, as far as known
	Duty   []Staff              // on duty today
}

// Loads counts what each of the people carries, in their order. A name that is
// empty is filled in where the books know it. Those who take no cases are left
// out.
func (r Rules) Loads(b Books, people []Staff, now time.Time) []Load {
	apart := r.Duty.Apart()
	loads := make([]Load, 0, len(people))
	at := map[string]int{}
	for _, who := range people {
		if _, twice := at[who.ID]; twice || who.ID == "" || slices.Contains(apart, who.ID) {
			continue
		}
		at[who.ID] = len(loads)
		loads = append(loads, Load{Who: who, Took: b.Took[who.ID]})
	}
	of := func(who Staff) *Load {
		i, ok := at[who.ID]
		if !ok {
			return &Load{} // not one of them
		}
		loads[i].Who.Name = cmp.Or(loads[i].Who.Name, who.Name)
		return &loads[i]
	}
	for _, c := range b.Open {
		if c.Holder.ID != "" {
			of(c.Holder).add(c, now)
		}
		for _, m := range c.Team {
			if m.Who.ID != "" && m.Who.ID != c.Holder.ID {
				l := of(m.Who)
				l.Helps++
				l.weight += weighsHalf
			}
		}
	}
	for _, who := range b.Duty {
		of(who).Duty = true
	}
	for id, until := range r.Resting(b.Danger, now) {
		of(Staff{ID: id}).Rests = until
	}
	return loads
}

// add counts a case the person has.
func (l *Load) add(c Case, now time.Time) {
	l.Open++
	if c.TakenAt.After(l.Took) {
		l.Took = c.TakenAt
	}
	asleep := c.Snoozed.After(now)
	if asleep {
		l.Asleep++
	}
	if c.Heavy() {
		l.Heavy++
	}
	switch {
	case asleep:
		l.weight += weighsHalf
	case c.Heavy():
		l.weight += weighsDanger
	default:
		l.weight += weighsCase
	}
}

// Fair puts first who could best take a case. About danger: first who does not
// rest, and of them who is on duty; being on duty is for that. Then, as for
// every case, who carries least, and of equals who took one longest ago. Being
// on duty decides only between equals otherwise: it must not fill one person's
// hands with everything that comes on their day.
func Fair(loads []Load, danger bool, now time.Time) []Load {
	out := slices.Clone(loads)
	slices.SortStableFunc(out, func(a, b Load) int {
		if danger {
			if n := cmp.Or(falseFirst(a.Resting(now), b.Resting(now)), falseFirst(!a.Duty, !b.Duty)); n != 0 {
				return n
			}
		}
		return cmp.Or(cmp.Compare(a.weight, b.weight), falseFirst(!a.Duty, !b.Duty), a.Took.Compare(b.Took))
	})
	return out
}

func falseFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Resting tells until when each person rests who had one of these cases in
// danger; only those who rest at now.
func (r Rules) Resting(danger []Case, now time.Time) map[string]time.Time {
	until := map[string]time.Time{}
	for _, c := range danger {
		for _, b := range c.bearers() {
			if t := r.rest(c, b); t.After(now) && t.After(until[b.Who.ID]) {
				until[b.Who.ID] = t
			}
		}
	}
	return until
}

// rest is until when somebody rests because of one case: counted from its end
// for them, and while it lasts from its latest danger. A case that stays open for
// months is weighed as theirs, but does not keep them from every other.
func (r Rules) rest(c Case, b Bearer) time.Time {
	pause := r.Duty.Heavy.Rest()
	if pause <= 0 || !c.Heavy() || r.Duty.Heavy.TalkEnds && !b.Talked.IsZero() {
		return time.Time{}
	}
	return latest(b.From, b.Anew, b.To).Add(pause)
}

// Longest is how far back a rest can reach: cases in danger that ended before
// need not be looked at.
func (r Rules) Longest() time.Duration { return r.Duty.Heavy.Rest() }
