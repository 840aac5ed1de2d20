package understand

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Level is how sure we are that somebody is in danger.
type Level int

// Levels of danger.
const (
	LevelNone    Level = iota // nothing points to danger
	LevelUnsure               // ask kindly, show the number, let staff see
	LevelCertain              // the number first, staff at once
)

func (l Level) String() string { return [...]string{"none", "unsure", "certain"}[l] }

// Urgency is what was found of danger.
type Urgency struct {
	Kind  string // one of UrgencyKinds; "" at LevelNone
	Level Level
	Score float64 // probability of danger
	Why   []Reason
}

// gap is how many characters "…" in a pattern may stand for.
const gap = 12

// cueBook is the compiled rules about danger.
type cueBook struct {
	source []Cue
	first  *matcher // first words of patterns
	forms  []cueForm
}

// cueForm is one way a cue may be written.
type cueForm struct {
	cue  int
	rest [][]rune // what must follow the first words
}

func newCueBook(cues []Cue, a *analyser) *cueBook {
	b := &cueBook{source: cues, first: newMatcher()}
	for i, c := range cues {
		var written, read []string
		for part := range strings.SplitSeq(c.Pattern, "…") {
			if part = normalise(part); part != "" {
				written = append(written, part)
				read = append(read, a.reading(part))
			}
		}
		b.add(i, written)
		if !slices.Equal(read, written) && utf8.RuneCountInString(read[0]) >= shortestReading {
			b.add(i, read)
		}
		if plain := withoutMarks(written); plain != nil {
			b.add(i, plain)
		}
	}
	return b
}

// shortestPlain is the length from which a Vietnamese cue is also looked for
// without its marks; "tự tử" would be found in "từ từ".
const shortestPlain = 8

// withoutMarks is a cue in Latin letters without its marks; nil when it has
// none or is too short to tell.
func withoutMarks(parts []string) []string {
	var out []string
	size := 0
	for _, p := range parts {
		plain := foldMarks(p)
		size += len(plain)
		out = append(out, plain)
	}
	c := count(strings.Join(parts, ""))
	if size < shortestPlain || c.latin == 0 || c.kana+c.han+c.hangul > 0 || slices.Equal(out, parts) {
		return nil
	}
	return out
}

func (b *cueBook) add(cue int, parts []string) {
	f := cueForm{cue: cue}
	for _, p := range parts[1:] {
		f.rest = append(f.rest, []rune(p))
	}
	b.first.add(parts[0], len(b.forms))
	b.forms = append(b.forms, f)
}

// reading is the reading of a word of the pack; the word itself when it has
// none, as in other languages.
func (a *analyser) reading(w string) string {
	if c := count(w); c.kana+c.han == 0 {
		return w
	}
	words := a.reader.read(w)
	if len(words) > 1 && !slices.ContainsFunc(words, func(x word) bool { return utf8.RuneCountInString(x.surface) > 1 }) {
		return w // 想死 is Chinese: no Japanese word in it, so no reading
	}
	if kana := kanaOf(words); kana != "" {
		return kana
	}
	return w
}

// hit is a cue found in a clause.
type hit struct {
	cue        int
	start, end int
}

func (b *cueBook) find(hits []hit, text []rune) []hit {
	b.first.each(text, func(id, start, end int) {
		for _, part := range b.forms[id].rest {
			at := indexRunes(text[end:min(len(text), end+gap+len(part))], part)
			if at < 0 {
				return
			}
			end += at + len(part)
		}
		hits = append(hits, hit{b.forms[id].cue, start, end})
	})
	return hits
}

func indexRunes(text, part []rune) int {
outer:
	for i := 0; i+len(part) <= len(text); i++ {
		for j, r := range part {
			if text[i+j] != r {
				continue outer
			}
		}
		return i
	}
	return -1
}

// cueFlags is what the cues of a message say of danger.
type cueFlags struct {
	sure    bool // a sure cue without a guard
	guarded bool // a sure cue with a guard
	hint    bool // a hint without a guard
	proven  bool // a hint with evidence in its clause or the next
	guard   bool // a guard at all
	ask     *Cue // worth a question, without a guard
	kind    string
	why     Reason
}

// flags looks for cues in every clause, as written and as read.
func (b *cueBook) flags(msg *message) cueFlags {
	var f cueFlags
	if len(b.source) == 0 {
		return f
	}
	var hits []hit
	for i := range msg.clauses {
		c := &msg.clauses[i]
		for _, text := range [2]string{c.text, c.kana} {
			if text == "" {
				continue
			}
			runes := []rune(text)
			hits = b.find(hits[:0], runes)
			for _, h := range hits {
				b.judge(&f, hits, h, runes)
			}
		}
	}
	return f
}

// judge adds what one hit says beside the other hits of its clause.
func (b *cueBook) judge(f *cueFlags, hits []hit, h hit, text []rune) {
	c := &b.source[h.cue]
	if c.Weight == CueGuard {
		f.guard = true
	}
	if c.Weight == CueGuard || c.Weight == CueEvidence {
		return
	}
	guarded, proven := false, false
	for _, o := range hits {
		weight := b.source[o.cue].Weight
		guarded = guarded || weight == CueGuard && b.concerns(o, h)
		proven = proven || weight == CueEvidence && b.concerns(o, h) && (o.start >= h.end || o.end <= h.start)
	}
	fresh := !f.sure
	switch {
	case c.Weight == CueAsk:
		if !guarded && f.ask == nil {
			f.ask = c
		}
		return
	case c.Weight == CueSure && (!guarded || proven):
		f.sure = true
	case c.Weight == CueSure:
		f.guarded = true
	case guarded:
		return
	case proven:
		f.proven, f.hint = true, true
	default:
		f.hint = true
	}
	if fresh {
		f.kind = c.Kind
		f.why = Reason{Rule: "cue " + c.At, Words: string(text[h.start:h.end]), Weight: 1}
	}
}

// concerns says whether a guard or evidence is of a hit's kind and near it.
func (b *cueBook) concerns(o, h hit) bool {
	kind := b.source[o.cue].Kind
	return (kind == "" || kind == b.source[h.cue].Kind) && o.start <= h.end+gap && h.start <= o.end+gap
}

// From which probability danger is certain, and from which it is worth a kind
// question. A miss costs more than three false alarms, so both lie low.
const (
	certainFrom = 0.25
	unsureFrom  = 0.15
)

// urgencyOf decides about danger from the learned outputs of the whole and
// its clauses, and the cues. A sure cue is never voted down.
func (m *Model) urgencyOf(msg *message, o outputs) Urgency {
	f := m.cues.flags(msg)
	u := Urgency{Score: m.danger(o, f)}
	switch {
	case u.Score >= certainFrom || f.sure:
		u.Level = LevelCertain
	case u.Score >= unsureFrom || f.guarded || f.ask != nil:
		u.Level = LevelUnsure
	default:
		return u
	}
	if u.Score >= unsureFrom {
		u.Kind = m.kinds[argmax(o.best[m.kind():m.any()])]
		u.Why = append(u.Why, Reason{Rule: "learned", Words: u.Kind, Weight: u.Score})
	}
	if f.sure || f.guarded || f.hint {
		u.Why = append(u.Why, f.why)
		if f.sure || u.Kind == "" {
			u.Kind = f.kind
		}
	}
	if f.ask != nil {
		if u.Kind == "" {
			u.Kind = f.ask.Kind
		}
		u.Why = append(u.Why, Reason{Rule: "ask " + f.ask.At, Words: f.ask.Pattern, Weight: 1})
	}
	return u
}

// Asks reports whether the pack wants a question asked, however sure or unsure
// the learned model is.
func (u Urgency) Asks() bool {
	return slices.ContainsFunc(u.Why, func(why Reason) bool { return strings.HasPrefix(why.Rule, "ask ") })
}
