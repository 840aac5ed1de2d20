package understand

import "strings"

// gazetteer finds the town a text names.
type gazetteer struct {
	source  []Town
	written *matcher // names as written
	spoken  *matcher // kana names without long vowels and voicing
}

func newGazetteer(towns []Town) *gazetteer {
	g := &gazetteer{source: towns, written: newMatcher(), spoken: newMatcher()}
	for i, t := range towns {
		for _, name := range append([]string{t.Name}, t.Aliases...) {
			name = normalise(name)
			c := count(name)
			switch {
			case c.latin > 0 && c.kana+c.han == 0:
				kana := romajiText(strings.ReplaceAll(strings.ReplaceAll(name, " ", ""), "-", ""), true)
				g.spoken.add(skeleton(kana), i)
				g.written.add(name, i)
			case c.han == 0:
				g.spoken.add(skeleton(name), i)
			default:
				g.written.add(name, i)
			}
		}
	}
	return g
}

// find returns the official name of the town named first; the longest name
// wins where several begin alike or lie inside each other.
func (g *gazetteer) find(m *message) string {
	if name := g.longest(g.written, []rune(m.norm)); name != "" {
		return name
	}
	spoken := m.text
	if m.census.latin > 0 {
		spoken = romajiText(strings.ReplaceAll(m.norm, "-", ""), true)
	}
	return g.longest(g.spoken, []rune(skeleton(keepKana(spoken))))
}

func (g *gazetteer) longest(in *matcher, text []rune) string {
	name, length := "", 0
	in.each(text, func(id, start, end int) {
		if end-start > length {
			name, length = g.source[id].Name, end-start
		}
	})
	return name
}

// keepKana leaves kana and puts a break for everything else but blanks.
func keepKana(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case isKana(r):
			return r
		case r == ' ':
			return -1
		}
		return '|'
	}, s)
}
