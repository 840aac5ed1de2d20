package bot

import (
	"slices"
	"strings"
	"sync"

	"github.com/tsunagu-chat/tsunagu/bot/faq"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// questions finds answers among the pack's FAQ. The index is built when the
// first question comes: a process that is never asked one starts faster.
type questions struct {
	c    *Content
	once sync.Once
	x    *faq.Index // nil when there is nothing to find
}

// index is the FAQ of the pack, ready to be searched; nil when it is empty.
func (q *questions) index() *faq.Index {
	q.once.Do(func() {
		if len(q.c.FAQ) == 0 {
			return
		}
		entries := make([]faq.Entry, len(q.c.FAQ))
		for i, e := range q.c.FAQ {
			entries[i] = faq.Entry{
				ID: e.ID, Tag: e.Tag, Question: e.Question[Ja], Answer: e.Answer[Ja], Window: e.Window, Source: e.Source[Ja], Verified: e.Verified,
			}
			for _, l := range Langs[1:] {
				if s := e.Question[l]; s != "" {
					entries[i].Also = append(entries[i].Also, faq.WithoutFurigana(s))
				}
			}
		}
		// Only a dictionary that is missing from the program makes this fail;
		// then the windows still answer.
		q.x, _ = faq.Build(entries, q.c.Civic)
	})
	return q.x
}

// FAQ searches the pack's questions and answers, for people who want to see
// why something was answered. Hits name places in Content().FAQ.
func (b *Bot) FAQ(text string, n int) []faq.Hit {
	x := b.questions.index()
	if x == nil {
		return nil
	}
	return x.Search(text, n)
}

// asked answers a question from the pack's FAQ when the match is sure, with
// where the answer stands and since when, and the window that knows more. It
// never answers in danger, nor beside an open case, nor in a language the
// answer is not written in.
func (t *turn) asked(h heard) bool {
	if t.s.Case != nil || t.s.Watch != "" || h.result.Urgency.Level != understand.LevelNone || h.own.Urgency.Level != understand.LevelNone {
		return false
	}
	if !faq.IsQuestion(h.text) {
		return false
	}
	hits := t.b.FAQ(h.text, 2)
	if len(hits) == 0 || !hits[0].Answers {
		return false
	}
	q := t.c.FAQ[hits[0].Entry]
	if !q.Known() || q.Answer[t.s.Lang] == "" || !hits[0].Plain && !t.fits(q.Window, h.result) {
		return false
	}
	t.showAnswer(q)
	w := t.c.Window(q.Window)
	if w == nil || w.Kind == "general" && !w.People || w.ID == "human" {
		t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
		t.s.Question, t.s.Asked = nil, 0
		return true
	}
	t.showWindows([]string{w.ID})
	return true
}

// showAnswer says an entry's answer, where it stands and since when.
func (t *turn) showAnswer(q FAQ) {
	t.show(Text{Text: q.Answer[t.s.Lang] + "\n\n" + t.reply("faq.source", "source", q.Source.In(t.s.Lang), "date", t.date(q.Verified))})
	t.count("faq", q.Window)
}

// answeredInPassing answers a question that comes instead of an answer: one
// about this account, or about the window that what is asked is for. No window
// is shown, what was asked stays open, and the words are not the resident's
// story: nobody keeps them.
func (t *turn) answeredInPassing(text, window string) bool {
	if t.s.Watch != "" || !faq.IsQuestion(text) {
		return false
	}
	r := t.understandText(text)
	hits := t.b.FAQ(text, 2)
	if r.Urgency.Level != understand.LevelNone || len(hits) == 0 || !hits[0].Answers {
		return false
	}
	q := t.c.FAQ[hits[0].Entry]
	if !q.Known() || q.Answer[t.s.Lang] == "" {
		return false
	}
	w := t.c.Window(q.Window)
	mine := q.Window == window || w != nil && w.Kind == "general" && w.ID != "general-consult"
	if !mine || !hits[0].Plain && q.Window != window && !t.fits(q.Window, r) {
		return false
	}
	t.forgetCommand()
	t.showAnswer(q)
	return true
}

// fits reports whether the window of an FAQ entry is what the message was
// understood to be about: among the first windows, or, for questions about this
// account itself, no trouble at all. Two that disagree are not sure.
func (t *turn) fits(window string, r understand.Result) bool {
	if window == "" || len(r.Windows) == 0 || slices.ContainsFunc(r.Windows[:min(2, len(r.Windows))], func(w understand.Scored) bool { return w.ID == window }) {
		return true
	}
	w, first := t.c.Window(window), t.c.Window(r.Windows[0].ID)
	return w != nil && w.Kind == "general" && (r.Windows[0].Score < sure || first != nil && first.Kind == "general")
}

// date writes a day of the pack in the resident's language.
func (t *turn) date(day string) string {
	parts := strings.SplitN(day, "-", 3)
	if len(parts) != 3 {
		return day
	}
	return t.reply("faq.date", "year", parts[0], "month", strings.TrimLeft(parts[1], "0"), "day", strings.TrimLeft(parts[2], "0"))
}
