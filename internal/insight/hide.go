package insight

import (
	"cmp"
	"slices"
)

// Fewest is the smallest number, above none, that leaves the office.
const Fewest = 5

// Mark says that a figure is hidden, and how.
type Mark string

// The marks.
const (
	Shown    Mark = ""         // it is not
	Few      Mark = "<5"       // 0 to 4
	Withheld Mark = "withheld" // of any size: with it another's could be worked out
)

// Figure is a number as it may leave the office.
type Figure struct {
	N    int // 0 when hidden
	Mark Mark
}

func figure(n int, m Mark) Figure {
	if m != Shown {
		n = 0
	}
	return Figure{n, m}
}

func few(n int) bool   { return n < Fewest }
func small(n int) bool { return 0 < n && n < Fewest }

// hideTotal hides a number that stands alone.
func hideTotal(n int) Mark {
	if small(n) {
		return Few
	}
	return Shown
}

// hideLine hides what must be hidden in a line of figures whose sum is known
// to the reader.
//
// Figures below Fewest get the mark Few. If the sum of what is hidden gave one
// of them away, the smallest of the others are Withheld, one after the other,
// until every figure from 0 to 4 is still possible for each Few. If that
// cannot be, the whole line is Withheld. Where all figures below Fewest are 0,
// nothing is hidden: there is nobody to protect.
//
// Whoever reads it may know all of this (that the smallest were withheld, and
// that fewer did not suffice): hide_test.go works it out from there.
func hideLine(line []int) []Mark {
	marks := make([]Mark, len(line))
	rest, fews := 0, 0 // the sum of the small, and how many could be
	var large []int    // the others, smallest first
	for i, n := range line {
		if few(n) {
			rest += n
			fews++
			marks[i] = Few
		} else {
			large = append(large, i)
		}
	}
	if rest == 0 {
		return make([]Mark, len(line))
	}
	slices.SortStableFunc(large, func(a, b int) int { return cmp.Compare(line[a], line[b]) })
	if rest >= Fewest && rest <= (Fewest-1)*(fews-1) {
		return marks
	}
	hidden := rest
	for m, i := range large {
		hidden += line[i]
		marks[i] = Withheld
		// Each of the withheld is at least Fewest and at most the next one shown.
		next := hidden
		if m+1 < len(large) {
			next = line[large[m+1]]
		}
		most := hidden - Fewest*(m+1)
		least := hidden - next*(m+1) - (Fewest-1)*(fews-1)
		if most >= Fewest-1 && least <= 0 {
			return marks
		}
	}
	for i := range marks {
		marks[i] = Withheld
	}
	return marks
}
