package plain

import (
	"slices"
	"strings"
)

// edit puts other words in the place of runes [start,end) of a bare text.
type edit struct {
	start, end int
	with       string
}

// apply makes the edits in the text as given; furigana over what is replaced
// goes with it. Of edits that overlap, the first asked for wins.
func (b *bare) apply(edits []edit) string {
	taken := make([]bool, len(b.text)+1)
	var good []edit
	for _, e := range edits {
		free := true
		for i := e.start; i < e.end && free; i++ {
			free = !taken[i]
		}
		if !free {
			continue
		}
		for i := e.start; i < e.end; i++ {
			taken[i] = true
		}
		good = append(good, e)
	}
	slices.SortStableFunc(good, func(a, b edit) int { return a.start - b.start })
	var out strings.Builder
	at := 0
	for _, e := range good {
		from, to := b.at[e.start], b.at[e.end]
		if e.end == e.start {
			to = from
		}
		out.WriteString(string(b.src[at:from]))
		out.WriteString(e.with)
		at = to
	}
	out.WriteString(string(b.src[at:]))
	return out.String()
}

// runeIndex turns byte places of s into rune places.
type runeIndex []int

func newRuneIndex(s string) runeIndex {
	x := make(runeIndex, len(s)+1)
	n := 0
	for i := range s {
		x[i] = n
		n++
	}
	x[len(s)] = n
	return x
}
