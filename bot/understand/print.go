package understand

import (
	"fmt"
	"strings"
)

// Table writes the figures for people: a line a slice, then the weakest
// windows and the commonest confusions.
func (r Report) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s %22s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %7s %6s %5s\n", "", "first (95 %)", "three", "also", "both",
		"danger", "notice", "f.hard", "f.rest", "refuse", "wrongly", "town", "person", "lang", "ECE")
	for _, s := range append([]Slice{r.All}, r.Langs...) {
		low, high := s.First.Wilson()
		fmt.Fprintf(&b, "%-12s %5.1f (%4.1f–%5.1f) n=%-5d", s.Name, 100*s.First.Share(), 100*low, 100*high, s.First.N)
		for _, x := range []Rate{s.Three, s.Also, s.Both, s.Danger, s.Noticed, s.FalseHard, s.FalseRest, s.Refused, s.Wrongly, s.Town, s.Person, s.Lang} {
			if x.N == 0 {
				fmt.Fprintf(&b, " %7s", "–")
			} else {
				fmt.Fprintf(&b, " %7.1f", 100*x.Share())
			}
		}
		fmt.Fprintf(&b, " %5.3f\n", s.ECE)
	}
	b.WriteString("\nweakest windows\n")
	for _, s := range r.Windows[:min(15, len(r.Windows))] {
		fmt.Fprintf(&b, "  %-20s %5.1f of %d\n", s.Name, 100*s.First.Share(), s.First.N)
	}
	b.WriteString("\ncommonest confusions\n")
	for _, c := range r.Confusions[:min(20, len(r.Confusions))] {
		fmt.Fprintf(&b, "  %-20s taken for %-20s %d\n", c.Want, c.Got, c.N)
	}
	return b.String()
}
