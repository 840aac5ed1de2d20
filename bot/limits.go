package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits says how residents write that somebody must not be told: 家族には
// 言わないで. Without it nothing is found, and no choices are offered.
type Limits struct {
	Who []Untold `yaml:"who"`
	Not NotTold  `yaml:"not"`
}

// Untold is somebody residents may not want to be told.
type Untold struct {
	ID      string   `yaml:"id"`
	Name    Words    `yaml:"name"`    // at most 20 characters
	Words   []string `yaml:"words"`   // by which people name them
	Windows []string `yaml:"windows"` // that are they themselves; "*": all but the one that has the case
}

// NotTold are the ways to say it. A $ at the end stands for the sentence's end.
type NotTold struct {
	After  []string `yaml:"after"`  // behind the one who must not be told: 家族に…
	To     []string `yaml:"to"`     // what stands between them and it: に. Else it is about them, not to them
	Before []string `yaml:"before"` // before them: don't tell …
	Loose  []string `yaml:"loose"`  // before them, and said of other things as well: don't want …; counts with one of Know
	Know   []string `yaml:"know"`   // what Loose must be about: … know
}

// Limit is whom a resident does not want to be told, kept with the case.
type Limit struct {
	Who     string    `json:"who,omitempty"`     // an Untold; empty: somebody the pack does not know, see Words
	Words   string    `json:"words,omitempty"`   // the resident's own
	Message string    `json:"message,omitempty"` // LINE's id of where they stood
	Windows []string  `json:"windows,omitempty"` // that see no words because of it
	At      time.Time `json:"at,omitzero"`
}

// Names reports whether the limit keeps words from a window.
func (l Limit) Names(window string) bool {
	return slices.Contains(l.Windows, window) || slices.Contains(l.Windows, "*")
}

// LimitTold tells staff whom the resident does not want to be told; Off takes
// it back.
type LimitTold struct {
	Case  string
	Limit Limit
	Off   bool
}

func (LimitTold) effect() {}

// Untold returns who has this id, nil when nobody does.
func (c *Content) Untold(id string) *Untold {
	i := slices.IndexFunc(c.Limits.Who, func(u Untold) bool { return u.ID == id })
	if i < 0 || id == "" {
		return nil
	}
	return &c.Limits.Who[i]
}

// LimitName is who a limit is about, in a language; empty when the pack does
// not know them.
func (c *Content) LimitName(l Lang, who string) string {
	if u := c.Untold(who); u != nil {
		return u.Name.In(l)
	}
	return ""
}

// reach is how far from 言わないで the one who must not be told may stand, in
// characters.
const reach = 24

// maxSaid bounds what is kept of the sentence, in characters.
const maxSaid = 120

// LimitsIn finds whom a text says not to tell: sentence by sentence, each of
// them once. It finds words, not meanings: staff read the sentence itself.
func (c *Content) LimitsIn(text string) []Limit {
	var found []Limit
	for _, sentence := range sentences(text) {
		s := strings.ToLower(norm.NFKC.String(sentence))
		s = strings.ReplaceAll(s, "’", "'")
		if strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
			s = strings.Join(strings.Fields(s), "") // やさしい 日本語
		}
		for _, who := range c.untoldIn(s) {
			if slices.ContainsFunc(found, func(l Limit) bool { return l.Who == who && who != "" }) {
				continue
			}
			found = append(found, c.limit(who, sentence))
		}
	}
	return found
}

func (c *Content) limit(who, words string) Limit {
	l := Limit{Who: who, Words: clip(strings.TrimSpace(words), maxSaid)}
	if u := c.Untold(who); u != nil {
		l.Windows = slices.Clone(u.Windows)
	}
	return l
}

// untoldIn are the ids of those whom one sentence says not to tell; "" is
// somebody the pack does not know.
func (c *Content) untoldIn(s string) []string {
	for _, mark := range c.Limits.Not.After {
		if i := marked(s, mark); i >= 0 {
			near := s[:i]
			if r := []rune(near); len(r) > reach {
				near = string(r[len(r)-reach:])
			}
			return c.untoldNear(near, c.Limits.Not.To)
		}
	}
	not := c.Limits.Not
	if who := c.untoldBehind(s, not.Before); who != nil {
		return who
	}
	if slices.ContainsFunc(not.Know, func(w string) bool { return strings.Contains(s, w) }) {
		return c.untoldBehind(s, not.Loose)
	}
	return nil
}

// untoldBehind are those named behind one of the marks. "I don't want to go"
// tells of nobody: here they must be known.
func (c *Content) untoldBehind(s string, marks []string) []string {
	for _, mark := range marks {
		i := marked(s, mark)
		if i < 0 {
			continue
		}
		near := []rune(s[i+len(strings.TrimSuffix(mark, "$")):])
		if who := c.untoldNear(string(near[:min(len(near), reach)]), nil); len(who) > 0 && who[0] != "" {
			return who
		}
	}
	return nil
}

// marked is where a way to say it stands in a sentence, -1 when it does not.
func marked(s, mark string) int {
	bare, end := strings.CutSuffix(mark, "$")
	i := strings.Index(s, bare)
	if i >= 0 && end && strings.TrimSpace(s[i+len(bare):]) != "" {
		return -1
	}
	return i
}

// untoldNear are those named in a piece of a sentence, with one of the words of
// to behind them; "" is somebody the pack does not know. None of to: nobody.
func (c *Content) untoldNear(piece string, to []string) []string {
	var who []string
	for _, u := range c.Limits.Who {
		if slices.ContainsFunc(u.Words, func(w string) bool { return namedIn(piece, strings.ToLower(w), to) }) {
			who = append(who, u.ID)
		}
	}
	if len(who) == 0 && (len(to) == 0 || slices.ContainsFunc(to, func(w string) bool { return strings.Contains(piece, w) })) {
		who = append(who, "")
	}
	return who
}

// towards is how far behind a word 「に」 may stand, in characters: 先生たちに.
const towards = 4

// namedIn reports whether a piece holds a word, and one of to close behind it. A
// Latin word must stand alone: son is not in person.
func namedIn(piece, word string, to []string) bool {
	for at := 0; ; {
		i := strings.Index(piece[at:], word)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(word)
		before, _ := utf8.DecodeLastRuneInString(piece[:i])
		after, _ := utf8.DecodeRuneInString(piece[at:])
		first, _ := utf8.DecodeRuneInString(word)
		alone := first > 0x2fff || (i == 0 || notWord(before)) && (at == len(piece) || notWord(after))
		behind := []rune(piece[at:])
		next := string(behind[:min(len(behind), towards)])
		if alone && (len(to) == 0 || slices.ContainsFunc(to, func(w string) bool { return strings.Contains(next, w) })) {
			return true
		}
	}
}

// sentences cuts a text where a sentence ends.
func sentences(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("。．.！!？?\n", r) })
}

// hearLimits passes on whom the resident's words say not to tell, and says that
// it was heard. Who is watched reads nothing of it on the screen.
func (t *turn) hearLimits(text string) {
	c := t.s.Case
	for _, l := range t.c.LimitsIn(text) {
		l.At, l.Message = t.in.At, t.message()
		t.do(LimitTold{Case: c.ID, Limit: l})
		if t.s.Quiet {
			continue
		}
		t.saidLimit(l.Who)
	}
}

func (t *turn) saidLimit(who string) {
	name := t.c.LimitName(t.s.Lang, who)
	if name == "" {
		t.say("limit.kept.words")
		return
	}
	t.say("limit.kept", "who", name)
	t.choices(t.choice("choice.limit.off", "limit-off:"+who))
}

// askLimit asks whom the resident does not want to be told, on a card that asks
// for consent: the question there stays open.
func (t *turn) askLimit(consent string) {
	if t.share(consent) == nil {
		t.stale()
		return
	}
	t.say("limit.ask")
	var choices []Choice
	for _, u := range t.c.Limits.Who {
		choices = append(choices, Choice{Label: u.Name.In(t.s.Lang), Data: "limit-who:" + u.ID})
	}
	t.choices(choices...)
	t.askWith(AskLimit, choices)
	t.s.Question.Field = consent
}

// limitWho is whom they chose.
func (t *turn) limitWho(who string) {
	c := t.s.Case
	if c == nil || t.c.Untold(who) == nil {
		t.stale()
		return
	}
	t.keepLimit(t.c.limit(who, ""))
}

// limitInWords is whom they wrote: with the word for it, or without.
func (t *turn) limitInWords(text string) {
	if t.s.Case == nil {
		t.stale()
		return
	}
	t.forgetCommand()
	found := t.c.LimitsIn(text)
	if len(found) == 0 {
		for _, who := range t.c.untoldNear(strings.ToLower(norm.NFKC.String(text)), nil) {
			found = append(found, t.c.limit(who, text))
		}
	}
	for _, l := range found {
		l.Message = t.message()
		t.keepLimit(l)
	}
}

// keepLimit keeps a limit and leads back to the question about consent.
func (t *turn) keepLimit(l Limit) {
	l.At = t.in.At
	t.do(LimitTold{Case: t.s.Case.ID, Limit: l})
	t.saidLimit(l.Who)
	if q := t.s.Question; q != nil && q.Kind == AskLimit {
		consent := q.Field
		t.s.Question = nil
		if s := t.share(consent); s != nil && !s.Given {
			t.askConsentAgain(consent)
		}
	}
}

// limitOff takes a limit back.
func (t *turn) limitOff(who string) {
	c := t.s.Case
	name := t.c.LimitName(t.s.Lang, who)
	if c == nil || name == "" {
		t.stale()
		return
	}
	t.do(LimitTold{Case: c.ID, Limit: Limit{Who: who, At: t.in.At}, Off: true})
	t.say("limit.off", "who", name)
}

// limitsOf are whom all the resident's words before a hand-over say not to tell.
func (t *turn) limitsOf(n NewCase) []Limit {
	texts := []string{n.Summary}
	for _, h := range n.Words {
		if h.Media == "" && !strings.Contains(n.Summary, h.Text) {
			texts = append(texts, h.Text)
		}
	}
	found := t.c.LimitsIn(strings.Join(texts, "\n"))
	for i := range found {
		found[i].At = t.in.At
		at := slices.IndexFunc(n.Words, func(h Heard) bool { return strings.Contains(h.Text, found[i].Words) })
		if at >= 0 {
			found[i].Message = n.Words[at].MessageID
		}
	}
	return found
}

// limitNames are those named by limits, for the resident to read.
func (t *turn) limitNames(list []Limit) string {
	var names []string
	for _, l := range list {
		if name := cmp.Or(t.c.LimitName(t.s.Lang, l.Who), l.Words); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, t.reply("list.and"))
}
