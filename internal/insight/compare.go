package insight

import "math"

// Change is how a figure changed since the period before.
type Change string

// The changes.
const (
	More     Change = "more"
	Less     Change = "less"
	Same     Change = "same" // or so little apart that chance alone does it
	NotKnown Change = ""     // one of the two is hidden, below Fewest, or not there
	byChance        = 2      // standard deviations that chance is allowed
)

// compare holds two numbers of cases against each other, that came in so many
// days.
//
// If nothing changed, each case falls on any day alike, and the difference
// varies around what the days alone make of it with a known spread (both
// numbers being Poisson). More than twice that spread is called a change;
// chance does it in about one comparison of twenty, so that a change is where
// to look, and no proof.
func compare(was Sum, wasDays int, is Sum, isDays int) Change {
	if !was.Exact() || !is.Exact() || few(was.N) || few(is.N) {
		return NotKnown
	}
	a, b, da, db := float64(was.N), float64(is.N), float64(wasDays), float64(isDays)
	z := (b*da - a*db) / math.Sqrt(da*db*(a+b))
	switch {
	case z > byChance:
		return More
	case z < -byChance:
		return Less
	}
	return Same
}

// change compares a figure of the period with the one before.
func (r Report) change(m Measure, by By, a, b string) Change {
	if r.Prior == nil {
		return NotKnown
	}
	return compare(r.then(m, by, a, b), r.Period.Before().Days(), r.now(m, by, a, b), r.Period.Days())
}

// Ja is the change in a word.
func (c Change) Ja() string {
	switch c {
	case More:
		return "ふえた"
	case Less:
		return "へった"
	case Same:
		return "はっきりしない"
	case NotKnown:
	}
	return "くらべられない"
}
