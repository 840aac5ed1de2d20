package faq

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ikawaha/kagome-dict/dict"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Costs of the way from kana to words, in the dictionary's unit (about 700
// times the negative logarithm of a probability).
const (
	knownBonus  = 100  // times ln(1+how often the corpus has the word), taken off
	foreignCost = 5000 // of a word of the corpus the dictionary lacks
	pairBonus   = 2500 // taken off when the corpus has the two words side by side
	homophones  = 3    // of one grammar that are kept
	fuzzyCost   = 4000 // of a reading that is right but for length, っ, voicing
	shortCost   = 2000 // more for each kana a fuzzy reading is shorter than sturdy
	sturdy      = 4
	strayCost   = 12000 // of one kana no word has
	longestRead = 12    // kana of a word
	segment     = 48    // kana between two breaks; a longer run is cut
)

// arc is a word that a run of kana may stand for.
type arc struct {
	word        *word
	left, right int16
	cost        int32
}

// lattice turns kana into words of the corpus and the lexicon.
type lattice struct {
	r     *reader
	exact map[string][]arc
	fuzzy map[string][]arc
	noun  arc             // the ids of an ordinary noun, without a word
	seen  map[string]int  // how often the corpus has a dictionary form
	done  map[string]bool // surfaces already taken in
	pairs map[string]bool // words the corpus has side by side
}

func newLattice(r *reader) *lattice {
	l := &lattice{r: r, exact: make(map[string][]arc), fuzzy: make(map[string][]arc), seen: make(map[string]int), done: make(map[string]bool), pairs: make(map[string]bool)}
	if ids := r.dict.Index.Search("机"); len(ids) > 0 {
		m := r.dict.Morphs[ids[0]]
		l.noun = arc{left: m.LeftID, right: m.RightID}
	}
	return l
}

// count notes that a text of the corpus has these words.
func (l *lattice) count(words []word) {
	for i := range words {
		l.seen[words[i].base]++
		if i > 0 && words[i].content && words[i-1].content {
			l.pairs[words[i-1].base+" "+words[i].base] = true
		}
	}
}

// learn takes in the words of a text.
func (l *lattice) learn(words []word) {
	for i := range words {
		w := &words[i]
		if w.glue || latin(w.surface) || l.done[w.surface] {
			continue
		}
		l.done[w.surface] = true
		l.known(w.surface)
		if w.base != w.surface {
			l.known(w.base)
		}
		for _, f := range inflected(w.base) {
			if !l.done[f] {
				l.done[f] = true
				l.inflection(f, w.base)
			}
		}
		if len(l.r.dict.Index.Search(w.surface)) == 0 && allKana(w.surface) {
			kept := *w
			a := l.noun
			a.word, a.cost = &kept, foreignCost
			l.put(w.kana, a)
		}
	}
}

// known takes in every dictionary entry written so.
func (l *lattice) known(surface string) {
	for _, id := range l.r.dict.Index.Search(surface) {
		l.entry(id, surface)
	}
}

func (l *lattice) inflection(surface, base string) {
	for _, id := range l.r.dict.Index.Search(surface) {
		if l.feature(id, dict.BaseFormIndex) == base {
			l.entry(id, surface)
		}
	}
}

func (l *lattice) feature(id int, key string) string {
	at, ok := l.r.dict.ContentsMeta[key]
	if !ok || id >= len(l.r.dict.Contents) {
		return ""
	}
	i := int(at) - len(l.r.dict.POSTable.POSs[id])
	if c := l.r.dict.Contents[id]; i >= 0 && i < len(c) && c[i] != "*" {
		return c[i]
	}
	return ""
}

func (l *lattice) entry(id int, surface string) {
	a := l.arc(id, surface)
	l.put(a.word.kana, a)
}

func (l *lattice) arc(id int, surface string) arc {
	base := surface
	if b := l.feature(id, dict.BaseFormIndex); b != "" {
		base = b
	}
	kana := understand.Hiragana(surface)
	if k := l.feature(id, dict.ReadingIndex); k != "" {
		kana = understand.Hiragana(k)
	}
	pos := make([]string, 0, 4)
	for _, p := range l.r.dict.POSTable.POSs[id] {
		pos = append(pos, l.r.dict.POSTable.NameList[p])
	}
	w := l.r.make(surface, base, kana, l.feature(id, dict.InflectionalType), pos)
	m := l.r.dict.Morphs[id]
	bonus := int32(knownBonus * math.Log(1+float64(l.seen[base])))
	return arc{word: &w, left: m.LeftID, right: m.RightID, cost: int32(m.Weight) - bonus}
}

// put keeps, of the words with one reading and one grammar, the likeliest.
func (l *lattice) put(kana string, a arc) {
	kana = sound(kana)
	if n := utf8.RuneCountInString(kana); n == 0 || n > longestRead {
		return
	}
	keep(l.exact, kana, a)
	if utf8.RuneCountInString(kana) >= 3 {
		if s := understand.Skeleton(kana); s != "" {
			a.cost += fuzzyCost
			if n := utf8.RuneCountInString(kana); n < sturdy {
				a.cost += int32(sturdy-n) * shortCost
			}
			keep(l.fuzzy, s, a)
		}
	}
}

func keep(m map[string][]arc, key string, a arc) {
	list := m[key]
	same, dearest := 0, -1
	for i := range list {
		if list[i].left != a.left || list[i].right != a.right {
			continue
		}
		if list[i].word.surface == a.word.surface {
			if a.cost < list[i].cost {
				list[i] = a
			}
			return
		}
		same++
		if dearest < 0 || list[i].cost > list[dearest].cost {
			dearest = i
		}
	}
	if same < homophones {
		m[key] = append(list, a)
		return
	}
	if a.cost < list[dearest].cost {
		list[dearest] = a
	}
}

// inflected are the forms a verb or adjective may take; most do not exist and
// are not found.
func inflected(base string) []string {
	last, n := utf8.DecodeLastRuneInString(base)
	stem := base[:len(base)-n]
	if stem == "" {
		return nil
	}
	var endings string
	switch last {
	case 'う':
		endings = "わ い え お っ"
	case 'く':
		endings = "か き け こ い っ"
	case 'ぐ':
		endings = "が ぎ げ ご い"
	case 'す':
		endings = "さ し せ そ"
	case 'つ':
		endings = "た ち て と っ"
	case 'ぬ':
		endings = "な に ね の ん"
	case 'ぶ':
		endings = "ば び べ ぼ ん"
	case 'む':
		endings = "ま み め も ん"
	case 'る':
		endings = "ら り れ ろ っ よ りゃ"
	case 'い':
		endings = "く かっ けれ かろ き"
	default:
		return nil
	}
	list := strings.Fields(endings)
	for i := range list {
		list[i] = stem + list[i]
	}
	if last == 'る' {
		list = append(list, stem)
	}
	return list
}

// node is the best way to end with one word at one place.
type node struct {
	arc  arc
	from int32 // node before, -1 at the beginning
	cost int32
}

// read turns a normalised text in kana into words. What is not kana stays as
// it is, letter runs and numbers whole.
func (l *lattice) read(text string) []word {
	var out []word
	var kana, other []rune
	flush := func() {
		for len(kana) > 0 {
			n := min(len(kana), segment)
			out = l.path(out, string(kana[:n]))
			kana = kana[n:]
		}
		if len(other) > 0 {
			out = append(out, l.r.foreign(string(other)))
			other = other[:0]
		}
	}
	for _, r := range sound(understand.Hiragana(text)) {
		switch {
		case isHiragana(r):
			if len(other) > 0 {
				flush()
			}
			kana = append(kana, r)
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if len(kana) > 0 || len(other) > 0 && digits(string(other)) != (r <= '9') {
				flush()
			}
			other = append(other, r)
		default:
			flush()
		}
	}
	flush()
	return out
}

// foreign is a word that is not Japanese, or a number.
func (r *reader) foreign(s string) word {
	if latin(s) {
		return englishWord(s)
	}
	return word{surface: s, base: s, read: s, kana: s, content: telling(s)}
}

// path is the cheapest way through one run of kana.
func (l *lattice) path(out []word, kana string) []word {
	at := make([]int, 0, segment+1) // byte offset of each kana
	for i := range kana {
		at = append(at, i)
	}
	at = append(at, len(kana))
	n := len(at) - 1
	nodes := make([]node, 0, 256)
	ends := make([][]int32, n+1)
	link := func(i, j int, a arc) {
		best := node{arc: a, from: -1, cost: math.MaxInt32}
		if i == 0 {
			best.cost = a.cost + int32(l.r.dict.Connection.At(0, int(a.left)))
		}
		for _, k := range ends[i] {
			before := &nodes[k]
			bonus := int32(0)
			if a.word.content && before.arc.word.content && l.pairs[before.arc.word.base+" "+a.word.base] {
				bonus = pairBonus
			}
			if c := before.cost + a.cost + int32(l.r.dict.Connection.At(int(before.arc.right), int(a.left))) - bonus; c < best.cost {
				best.cost, best.from = c, k
			}
		}
		ends[j] = append(ends[j], int32(len(nodes)))
		nodes = append(nodes, best)
	}
	for i := range n {
		if i > 0 && len(ends[i]) == 0 {
			continue
		}
		for j := i + 1; j <= min(n, i+longestRead); j++ {
			piece := kana[at[i]:at[j]]
			for _, a := range l.exact[piece] {
				link(i, j, a)
			}
			if j-i >= 2 {
				for _, a := range l.fuzzy[understand.Skeleton(piece)] {
					if a.word.kana != piece {
						link(i, j, a)
					}
				}
			}
		}
		stray := l.noun
		stray.cost = strayCost
		stray.word = &word{surface: kana[at[i]:at[i+1]], base: kana[at[i]:at[i+1]], read: kana[at[i]:at[i+1]], kana: kana[at[i]:at[i+1]]}
		link(i, i+1, stray)
	}
	best, cost := int32(-1), int32(math.MaxInt32)
	for _, k := range ends[n] {
		if c := nodes[k].cost + int32(l.r.dict.Connection.At(int(nodes[k].arc.right), 0)); c < cost {
			best, cost = k, c
		}
	}
	var back []word
	for k := best; k >= 0; k = nodes[k].from {
		back = append(back, *nodes[k].arc.word)
	}
	for i := len(back) - 1; i >= 0; i-- {
		out = append(out, back[i])
	}
	return out
}

// learnLittle takes in, from the whole dictionary, the words in hiragana that
// hold any sentence together.
func (l *lattice) learnLittle() {
	for id := range l.r.dict.Morphs {
		if !l.isLittle(id) {
			continue
		}
		kana := understand.Hiragana(l.feature(id, dict.ReadingIndex))
		if kana != "" && slices.Contains(l.r.dict.Index.Search(kana), id) {
			a := l.arc(id, kana)
			keep(l.exact, sound(kana), a)
		}
	}
}

func (l *lattice) isLittle(id int) bool {
	pos := l.r.dict.POSTable.POSs[id]
	if len(pos) < 2 {
		return false
	}
	names := l.r.dict.POSTable.NameList
	switch names[pos[0]] {
	case "助詞", "助動詞", "副詞", "連体詞", "接続詞", "感動詞":
		return true
	case "動詞", "形容詞":
		return names[pos[1]] == "非自立" || names[pos[1]] == "接尾"
	case "名詞":
		return names[pos[1]] == "非自立" || names[pos[1]] == "代名詞"
	}
	return false
}
