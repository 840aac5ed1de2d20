package bot

import (
	"cmp"
	"hash/fnv"
	"slices"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Correction is a message that was answered wrongly, and what was right. With
// the resident's consent it becomes an example that staff may teach the bot.
type Correction struct {
	Text  string    `json:"text"`
	Shown string    `json:"shown,omitempty"` // window shown first; empty: none was found
	Right string    `json:"right,omitempty"`
	Why   Corrector `json:"why,omitempty"`
}

func (c *Correction) clone() *Correction {
	if c == nil {
		return nil
	}
	k := *c
	return &k
}

// Lesson is what the dialogue knows of answers that went wrong.
type Lesson struct {
	Said  string      `json:"said,omitempty"`  // words that State.Shown answers
	Wrong *Correction `json:"wrong,omitempty"` // words answered wrongly, until it is known what is right
	Asked uint64      `json:"asked,omitempty"` // hash of the words last asked about
	No    bool        `json:"no,omitempty"`    // the resident does not want their words used
}

// settled forgets the words.
func (l *Lesson) settled() { l.Said, l.Wrong = "", nil }

// holds reports whether there are any.
func (l *Lesson) holds() bool { return l.Said != "" || l.Wrong != nil }

// ProposeExample offers words to staff as something the bot may learn, because
// the resident allowed it. The shell takes names out before it keeps anything.
type ProposeExample struct {
	Text  string
	Shown string // window the bot named, empty when it found none
	Right string // window that was right
	Lang  Lang
	Why   Corrector
}

func (ProposeExample) effect() {}

// Corrector tells how it became known that an answer was wrong.
type Corrector string

// Who corrects the bot.
const (
	ByResident Corrector = "resident" // said ちがう and chose another window
	ByStaff    Corrector = "staff"    // gave the case to another window
)

// How long, in characters, a message may be to serve as an example: shorter
// ones say nothing, longer ones tell a life.
const (
	minLesson = 4
	maxLesson = 300
)

// neverLessons are the windows whose words are nobody's example, whatever the
// pack calls them.
var neverLessons = []string{"dv", "sexual-violence", "suicide", "child-abuse"}

// Teachable reports whether words may become an example of a window: not of
// those where people are in danger.
func (c *Content) Teachable(window string) bool {
	w := c.Window(window)
	return w != nil && w.Kind != "emergency" && !slices.Contains(neverLessons, w.ID)
}

// answered remembers which words the windows shown now are the answer to.
func (t *turn) answered() { t.s.Lesson.Said, t.s.Lesson.Wrong = t.whole, nil }

// saidWrong keeps the words that were answered wrongly until it is known what
// is right.
func (t *turn) saidWrong(shown []string) {
	if len(shown) > 0 {
		t.s.Lesson.Wrong = &Correction{Text: cmp.Or(t.s.Lesson.Said, t.spoken()), Shown: shown[0]}
	}
}

// choseInstead is the window the resident chose after ちがう.
func (t *turn) choseInstead(window string) {
	c := t.s.Lesson.Wrong
	t.s.Lesson.Wrong = nil
	if c == nil {
		return
	}
	c.Right, c.Why = window, ByResident
	t.askLesson(*c)
}

// caseSaid keeps with a new case which words the bot answered, for the day
// staff give it to another window.
func (t *turn) caseSaid(d *Draft) {
	c := Correction{Text: cmp.Or(t.s.Lesson.Said, t.spoken()), Shown: first(t.s.Shown)}
	if w := t.s.Lesson.Wrong; w != nil {
		c.Shown = w.Shown // said ちがう, and then went to people
	}
	if d.Role != "" || d.Form != "" || d.Window == "human" || c.Text == "" || utf8.RuneCountInString(c.Text) > maxLesson {
		return
	}
	t.s.Case.Said = &c
}

// movedTo is the window staff gave the case to: the bot had named another. The
// resident is asked about it when the case is over, never while people answer.
func (t *turn) movedTo(window string) {
	if t.s.Case == nil || t.s.Case.Said == nil {
		return
	}
	if !t.c.Teachable(window) {
		t.untaught() // what staff take for violence is nobody's example, wherever it goes next
		return
	}
	c := *t.s.Case.Said
	c.Right, c.Why = window, ByStaff
	if q := t.s.Question; q != nil && q.Kind == AskLesson && q.Lesson.Text == c.Text {
		q.Lesson = &c // moved on before they answered: one question is enough
		return
	}
	t.s.Case.Said = &c
}

// askAboutPast asks about the words of the case that is over.
func (t *turn) askAboutPast() {
	if t.s.Past == nil || t.s.Past.Said == nil {
		return
	}
	c := *t.s.Past.Said
	t.s.Past.Said = nil
	t.askLesson(c)
}

// askLesson asks, once for the same words, whether they may be used.
func (t *turn) askLesson(c Correction) {
	if t.s.Question != nil || !t.mayTeach() || !t.teaches(c) {
		return
	}
	t.s.Lesson.Asked = hashOf(c.Text)
	t.say("lesson.ask")
	choices := []Choice{t.choice("choice.lesson.yes", "lesson:yes"), t.choice("choice.lesson.no", "lesson:no")}
	t.choices(choices...)
	t.askWith(AskLesson, choices)
	t.s.Question.Lesson = &c
}

// mayTeach reports whether this resident may be asked at all: not who said no
// before, and not near danger.
func (t *turn) mayTeach() bool {
	near := t.s.Watch != "" || t.s.Danger != "" && t.in.At.Sub(t.s.DangerAt) < memory
	return !t.s.Lesson.No && !t.s.Gone && !t.s.Quiet && !near
}

// teaches reports whether the model can learn something from a correction that
// may be used.
func (t *turn) teaches(c Correction) bool {
	n := utf8.RuneCountInString(c.Text)
	if n < minLesson || n > maxLesson || c.Right == c.Shown || t.s.Lesson.Asked == hashOf(c.Text) {
		return false
	}
	if !t.c.Teachable(c.Right) || c.Shown != "" && t.c.Window(c.Shown) != nil && !t.c.Teachable(c.Shown) {
		return false
	}
	r := t.understandText(c.Text)
	if r.Urgency.Level != understand.LevelNone {
		return false
	}
	switch r.Kind {
	case understand.KindGreeting, understand.KindThanks, understand.KindHuman:
		return false
	case understand.KindOrdinary, understand.KindNotOurs, understand.KindNotUnderstood:
	}
	return len(r.Windows) == 0 || r.Windows[0].ID != c.Right // else staff had another reason
}

// answerLesson is the resident's yes or no.
func (t *turn) answerLesson(says string) {
	c := t.s.Question.Lesson
	t.s.Question = nil
	t.forgetCommand()
	if says != "yes" || c == nil {
		t.s.Lesson.No = true
		t.say("lesson.no")
		t.count("lesson-declined", "")
	} else {
		t.say("lesson.yes")
		t.do(ProposeExample{Text: c.Text, Shown: c.Shown, Right: c.Right, Lang: t.s.Lang, Why: c.Why})
		t.count("lesson-agreed", c.Right)
	}
	if t.s.Case == nil && len(t.s.Shown) > 0 {
		t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
	}
}

func (t *turn) lessonYes(string) { t.answerLesson("yes") }
func (t *turn) lessonNo(string)  { t.answerLesson("no") }

// typedLesson reads a typed text as the answer to the question; anything else
// ends it, and nothing is kept.
func (t *turn) typedLesson(h heard) bool {
	if len(t.s.Shown) > 0 && t.saysWrong(h.text) {
		t.wrongWindow("")
		return true
	}
	switch data, _ := t.chosen(h.text); data {
	case "yes", "lesson:yes":
		t.answerLesson("yes")
	case "no", "lesson:no":
		t.answerLesson("no")
	default:
		t.s.Question = nil
		return false
	}
	return true
}

// labelledLesson is the label of one of the question's buttons, typed while
// people have the case: a bare はい may be meant for them.
func (t *turn) labelledLesson(h heard) bool {
	q := t.s.Question
	if q == nil || q.Kind != AskLesson || !slices.ContainsFunc(q.Choices, func(c Choice) bool { return phraseKey(c.Label) == phraseKey(h.text) }) {
		return false
	}
	return t.typedLesson(h)
}

// untaught forgets words that must not become an example: they were taken
// back, or somebody may be in danger.
func (t *turn) untaught() {
	t.s.Lesson.settled()
	if t.s.Question != nil && t.s.Question.Kind == AskLesson {
		t.s.Question = nil
	}
	for _, c := range []*CaseView{t.s.Case, t.s.Past} {
		if c != nil {
			c.Said = nil
		}
	}
}

// hashOf remembers that a text was asked about without keeping it.
func hashOf(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(phraseKey(text))) // never fails
	return h.Sum64()
}
