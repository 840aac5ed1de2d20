package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Understander turns words into windows. *understand.Model is one.
type Understander interface {
	Understand(text string, hint understand.Hint) understand.Result
}

// Bot answers inputs from one content pack. It is safe for concurrent use.
type Bot struct {
	c *Content
	u Understander
	p *phrases

	questions *questions
	topics    *topics
	form      func(l Lang, text string) string // nil: as written
}

// New returns a Bot that speaks from c and understands with u. Content.Index
// must have been called.
func New(c *Content, u Understander) *Bot {
	var read func(string) string
	if r, ok := u.(interface{ Reading(string) string }); ok {
		read = r.Reading
	}
	return &Bot{c: c, u: u, p: newPhrases(c.Says, read), questions: &questions{c: c}, topics: newTopics(c.Plan)}
}

// With returns the same bot with another understanding.
func (b *Bot) With(u Understander) *Bot {
	other := *b
	other.u = u
	return &other
}

// Reading returns the same bot; what staff wrote about a plan, a hand-over, a
// consent, a promise or an end is shown as form says for the resident's
// language. form must be pure. Replies come in their form already, as their
// writer saw them.
func (b *Bot) Reading(form func(l Lang, text string) string) *Bot {
	other := *b
	other.form = form
	return &other
}

// Understander is what understands for the bot.
func (b *Bot) Understander() Understander { return b.u }

// Content is the pack the bot speaks from.
func (b *Bot) Content() *Content { return b.c }

// Step answers one input. It reads no clock and no network: the same
// arguments always give the same result. State s is not changed.
func (b *Bot) Step(s State, in Input) (State, []Effect) {
	t := b.begin(s, in)
	if t.staffDid(in.Event) {
		if t.s.Quiet && len(t.says) > 0 {
			t.keepUnread()
		}
		return t.end()
	}
	switch e := in.Event.(type) {
	case Wrote:
		t.wrote(e)
	case Tapped:
		t.tapped(e)
	case SentMedia:
		t.sentMedia(e)
	case SentSticker:
		t.sentSticker(e)
	case SentPlace:
		t.sentPlace(e)
	case Unsent:
		t.unsent(e)
	case Followed:
		t.followed(e)
	case Unfollowed:
		t.unfollowed()
	case InGroup:
		t.inGroup(e)
	case Reminded:
		t.reminded(e)
	case Noticed:
	}
	return t.end()
}

// staffDid takes what staff have done.
func (t *turn) staffDid(e Event) bool {
	switch e := e.(type) {
	case StaffReplied:
		t.staffReplied(e)
	case CaseTaken:
		t.caseTaken(e)
	case CaseMoved:
		t.caseMoved(e)
	case CaseClosed:
		t.caseClosed(e)
	case HandoverAsked:
		t.handoverAsked(e)
	case HandoverAccepted:
		t.handoverAccepted(e)
	case HandoverEnded:
		t.handoverEnded(e)
	case TeamJoined:
		t.teamJoined(e)
	case TeamLeft:
		t.teamLeft(e)
	case ConsentAsked:
		t.consentAsked(e)
	case PlanShown:
		t.planShown(e)
	case StepTicked:
		t.stepTicked(e.Case, e.Step)
	case Promised:
		t.promised(e)
	case CaseWaits:
		t.caseWaits(e)
	case CaseArrived:
		t.caseArrived(e)
	default:
		return false
	}
	return true
}

// rooms is the walk of a written message: the first room that answers ends it.
var rooms = []struct {
	name   string
	answer func(*turn, heard) bool
}{
	{"danger", (*turn).danger},
	{"settings", (*turn).settings},
	{"people", (*turn).people},
	{"unread", (*turn).unread},
	{"question", (*turn).question},
	{"understand", (*turn).understand},
}

// heard is a message on its walk through the rooms.
type heard struct {
	text   string            // as written
	whole  string            // with the fragments before it that it continues
	result understand.Result // of whole
	own    understand.Result // of text alone
}

// wrote takes a text message through the rooms.
func (t *turn) wrote(e Wrote) {
	text := strings.TrimSpace(e.Text)
	if text == "" {
		return
	}
	h := heard{text: text, whole: t.continued(text)}
	t.whole = h.whole
	h.own = t.understandText(h.text)
	h.result = h.own
	if h.whole != h.text {
		h.result = t.understandText(h.whole)
	}
	h.result = reorder(h.result, t.in.Order)
	t.adoptLanguage(h.text, h.own)
	if h.result.Town != "" {
		t.s.Town = h.result.Town
	}
	t.s.hear(Heard{MessageID: e.MessageID, Text: clip(e.Text, maxWords), At: t.sent()})
	hidden := t.s.Hidden
	t.s.Hidden = false
	defer func() {
		if hidden && len(t.s.Unread) > 0 && len(t.says) < maxMessages {
			t.came()
		}
	}()
	t.lost = t.lostNow(h.whole)
	t.hearLoss(h.whole)
	defer t.firstStep()
	for _, room := range rooms {
		if e.More && room.name != "danger" && room.name != "people" {
			continue // danger never waits; what goes to people goes as it comes
		}
		if room.answer(t, h) {
			return
		}
	}
}

// Unfinished reports whether a text looks like the first piece of a longer
// message ("あの", "母が"): short, without an end, and saying nothing yet. The
// shell may then wait a moment for the rest.
func (b *Bot) Unfinished(s State, text string) bool {
	text = strings.TrimSpace(text)
	if s.Question != nil || s.Case != nil || utf8.RuneCountInString(text) > 14 {
		return false
	}
	if strings.ContainsAny(text[max(0, len(text)-3):], "。！？.!?」…") {
		return false
	}
	if _, _, ok := b.p.meant(text); ok {
		return false
	}
	if _, ok := b.topics.find(text); ok {
		return false
	}
	r := b.u.Understand(text, understand.Hint{Lang: string(s.Lang)})
	return !Urgent(r) && (len(r.Windows) == 0 || r.Windows[0].Score < sure)
}

func (t *turn) understandText(text string) understand.Result {
	return t.b.u.Understand(text, understand.Hint{Lang: string(t.s.Lang)})
}

// continued joins text with the resident's words of the last minute: people
// send one thought in pieces. A long text after an answer stands for itself.
func (t *turn) continued(text string) string {
	if t.s.Question != nil && t.s.Question.Kind != AskClarify || t.s.Case != nil {
		return text
	}
	if len(t.s.Shown) > 0 && utf8.RuneCountInString(text) > piece {
		return text
	}
	parts := []string{text}
	next := t.sent()
	for _, h := range slices.Backward(t.s.Heard) {
		if h.Text == "" || next.Sub(h.At) > burst {
			break
		}
		parts = append(parts, h.Text)
		next = h.At
	}
	slices.Reverse(parts)
	return clip(strings.Join(parts, "\n"), maxWords)
}

// adoptLanguage answers in the language and script the resident writes in,
// unless they chose one.
func (t *turn) adoptLanguage(text string, r understand.Result) {
	l := Lang(r.Lang)
	if l == EasyJa && writesKanji(text) {
		l = Ja
	}
	if t.s.LangChosen || !slices.Contains(Langs, l) {
		return
	}
	if t.s.LangHeard && l.japanese() && t.s.Lang.japanese() {
		return // one short kana message does not make another reader of somebody
	}
	if t.s.LangHeard && (l == Zh || t.s.Lang == Zh) && (l.japanese() || t.s.Lang.japanese()) && onlyHan(text) {
		return // 身体的事: either, so it is what they wrote before
	}
	t.s.Lang, t.s.LangHeard = l, true
}

// onlyHan reports a text whose letters are all characters that Chinese and
// Japanese share.
func onlyHan(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Han, r) })
}

// writesKanji reports a text with several kanji and no spaces: its writer reads
// ordinary Japanese, however plain the sentence is.
func writesKanji(text string) bool {
	kanji := 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			return false
		}
		if unicode.Is(unicode.Han, r) {
			kanji++
		}
	}
	return kanji >= 5
}

// turn is one call of Step in progress.
type turn struct {
	b     *Bot
	c     *Content
	s     State
	in    Input
	out   []Effect
	says  []Message
	from  string
	why   []string // words the answer was based on, for staff
	whole string   // words that are answered now, with what they continue
	lost  string   // the reply about what was lost, to begin with
	loss  bool     // somebody near to the resident died …
	bare  bool     // … and the words tell of nothing else
}

func (b *Bot) begin(s State, in Input) *turn {
	t := &turn{b: b, c: b.c, s: s.Clone(), in: in}
	t.s.lapse(in.At)
	if t.s.Lang == "" {
		t.s.Lang = Ja
	}
	return t
}

// maxMessages is LINE's limit of message objects a call.
const maxMessages = 5

func (t *turn) end() (State, []Effect) {
	switch t.in.Event.(type) {
	case Wrote, Tapped, SentMedia, SentSticker, SentPlace, Followed:
		t.s.LastAt = t.in.At
	}
	t.menu()
	t.forgetLater()
	if len(t.says) > 0 && !t.s.Gone {
		if len(t.says) > maxMessages {
			t.says = t.says[:maxMessages]
		}
		t.out = append([]Effect{Say{From: t.from, Messages: t.says}}, t.out...)
	}
	return t.s, t.out
}

// sent is when the resident did it.
func (t *turn) sent() time.Time {
	if t.in.Sent.IsZero() {
		return t.in.At
	}
	return t.in.Sent
}

// reply is a sentence of the pack in the resident's language.
func (t *turn) reply(key string, pairs ...string) string {
	return t.c.Reply(t.s.Lang, key, pairs...)
}

// readable is what staff wrote, in the form this resident reads. The state keeps it
// as written: the language may change.
func (t *turn) readable(text string) string {
	if t.b.form == nil || text == "" {
		return text
	}
	return t.b.form(t.s.Lang, text)
}

// say adds a bubble with a sentence of the pack.
func (t *turn) say(key string, pairs ...string) { t.show(Text{Text: t.reply(key, pairs...)}) }

// show adds a bubble.
func (t *turn) show(m Message) { t.says = append(t.says, m) }

// choices puts quick answers under the last bubble.
func (t *turn) choices(choices ...Choice) {
	if len(t.says) == 0 {
		return
	}
	switch m := t.says[len(t.says)-1].(type) {
	case Text:
		m.Choices = append(m.Choices, choices...)
		t.says[len(t.says)-1] = m
	case Cards:
		m.Choices = append(m.Choices, choices...)
		t.says[len(t.says)-1] = m
	case Picture:
		m.Choices = append(m.Choices, choices...)
		t.says[len(t.says)-1] = m
	}
}

// choice is a quick answer whose label is a sentence of the pack.
func (t *turn) choice(key, data string) Choice { return Choice{Label: t.reply(key), Data: data} }

// do adds an effect.
func (t *turn) do(e Effect) { t.out = append(t.out, e) }

// askWith notes what the bot asks, so that the next words can be its answer.
func (t *turn) askWith(kind QuestionKind, choices []Choice) {
	t.s.Question = &Question{Kind: kind, Choices: choices, At: t.in.At}
}

// count adds to the town's figures.
func (t *turn) count(what, window string) {
	t.do(Count{What: what, Window: window, Lang: t.s.Lang, Town: t.s.Town, First: t.s.Counted.first(what+" "+window, t.in.At)})
}

// settled forgets the words that have been dealt with.
func (t *turn) settled() {
	t.s.Question, t.s.Draft, t.s.Heard, t.s.Shown, t.s.Asked, t.s.Other = nil, nil, nil, nil, 0, false
	t.s.Lesson.settled()
	t.s.About = ""
}

// clip cuts s to at most n characters without breaking one.
func clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
