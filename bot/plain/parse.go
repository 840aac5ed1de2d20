package plain

// longestReading bounds what brackets may hold to be taken for furigana, in
// runes. The longest name of an office in the pack's lexicon has 27.
const longestReading = 40

// ruby is one piece of furigana: the runes [start,end) of a bare text and how
// they are read.
type ruby struct {
	start, end int
	kana       string
	sure       bool // false: more than one reading fits, none is given
	given      bool // stood in the text already
	verb       bool // begins a verb or another word that no noun is joined to
	number     bool // a number with its counter: stays apart from its neighbours
}

// bare is a text without its furigana.
type bare struct {
	src     []rune
	text    []rune // folded: see fold
	raw     []rune // as written
	at      []int  // where each rune of text stands in src; one more for the end
	rubies  []ruby // given furigana, in order
	readers *numbers
}

// parse takes the furigana out of a text.
func parse(text string, n *numbers) *bare {
	b := &bare{src: []rune(text), readers: n}
	b.text = make([]rune, 0, len(b.src))
	b.raw = make([]rune, 0, len(b.src))
	b.at = make([]int, 0, len(b.src)+1)
	for i := 0; i < len(b.src); i++ {
		r := b.src[i]
		if (r == '（' || r == '(') && len(b.text) > 0 && isHan(b.text[len(b.text)-1]) {
			if end := closing(b.src, i); end > 0 && b.addReading(b.src[i+1:end]) {
				i = end
				continue
			}
		}
		b.text = append(b.text, fold(r))
		b.raw = append(b.raw, r)
		b.at = append(b.at, i)
	}
	b.at = append(b.at, len(b.src))
	return b
}

// closing finds the bracket that closes the one at i, or 0.
func closing(rs []rune, i int) int {
	for j := i + 1; j < len(rs) && j-i <= longestReading+1; j++ {
		if rs[j] == '）' || rs[j] == ')' {
			return j
		}
	}
	return 0
}

// addReading takes kana for the reading of the kanji that end the text so far.
func (b *bare) addReading(kana []rune) bool {
	if !isKanaReading(kana) && !isSlot(kana) {
		return false
	}
	floor := 0
	if len(b.rubies) > 0 {
		floor = b.rubies[len(b.rubies)-1].end
	}
	end := len(b.text)
	start := end
	for start > floor && isHan(b.text[start-1]) {
		start--
	}
	if start == end {
		return false
	}
	digits := start
	for digits > floor && isDigit(b.text[digits-1]) {
		digits--
	}
	if digits < start && b.readers.coversDigits(b.text[digits:start], b.text[start:end], string(kana)) {
		start = digits
	}
	b.rubies = append(b.rubies, ruby{start: start, end: end, kana: string(kana), sure: true, given: true})
	return true
}

// reading returns the furigana that covers the rune at i of the bare text.
func (b *bare) reading(i int) (ruby, bool) {
	lo, hi := 0, len(b.rubies)
	for lo < hi {
		mid := (lo + hi) / 2
		if b.rubies[mid].end <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(b.rubies) && b.rubies[lo].start <= i {
		return b.rubies[lo], true
	}
	return ruby{}, false
}
