package bot

import (
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/faq"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// How sure the understanding must be. Scores are calibrated: .5 is right half
// of the time.
const (
	sure    = 0.45 // shown as the answer
	likely  = 0.30 // shown beside the answer, as a second trouble
	guess   = 0.04 // offered as a choice
	other   = 0.60 // taken for another trouble than what is talked about
	maxAsks = 2    // clarifying questions before people are offered

	maxTroubles = 3 // windows shown for one message
)

// understand is the last room: words become windows, volunteer work, or one
// question.
func (t *turn) understand(h heard) bool {
	r := h.result
	t.reasons(r)
	if t.goesToSamePeople(h) {
		t.reopen()
		return true
	}
	if t.asked(h) || t.asksForCoordinator(h) {
		return true
	}
	best := understand.Scored{}
	if len(r.Windows) > 0 {
		best = r.Windows[0]
	}
	if t.loss && r.Kind != understand.KindHuman && (t.bare || r.Kind != understand.KindOrdinary || best.Score < sure) {
		t.answerLoss()
		return true
	}
	switch {
	case r.Kind == understand.KindGreeting && best.Score > sure:
		t.say("greeting")
		t.choices(t.threeThings()...)
		t.forgetCommand()
	case r.Kind == understand.KindThanks && best.Score > sure:
		t.thanks()
	case r.Kind == understand.KindNotOurs && best.Score > sure:
		if t.lost == "" {
			t.say("not-ours")
		} else {
			t.say("lost.more")
		}
		t.choices(t.threeThings()...)
		t.forgetCommand()
		t.count("not-ours", "out-of-scope")
	case r.Kind == understand.KindHuman && best.Score > sure:
		t.talkToPeople("")
	case best.Score >= sure:
		t.answerWindows(h)
	default:
		t.clarify(r)
	}
	return true
}

// thanks is short, and tells the people who helped.
func (t *turn) thanks() {
	t.forgetCommand()
	t.say("thanks")
	if t.s.Past != nil {
		t.do(Note{Case: t.s.Past.ID, Kind: NoteThanks})
		t.askAboutPast()
	}
}

// goesToSamePeople reports whether a message after the end of a case goes on
// with it: the same window, or nothing that points elsewhere.
func (t *turn) goesToSamePeople(h heard) bool {
	r := h.result
	if t.s.Past == nil || len(t.s.Shown) > 0 {
		return false
	}
	switch r.Kind {
	case understand.KindGreeting, understand.KindThanks:
		return false
	case understand.KindNotOurs:
		return t.namesHolder(h.text)
	case understand.KindHuman, understand.KindNotUnderstood:
		return true
	case understand.KindOrdinary:
	}
	if t.namesHolder(h.text) {
		return true
	}
	theirs := func(w understand.Scored) bool {
		return w.ID == t.s.Past.Window || slices.Contains(t.s.Past.Team, w.ID)
	}
	i := slices.IndexFunc(r.Windows, theirs)
	return i == 0 || i > 0 && r.Windows[i].Score >= likely || r.Windows[0].Score < sure
}

// namesHolder reports words to the person who had the last case: 「田中さん、…」.
func (t *turn) namesHolder(text string) bool {
	name := t.s.Past.Holder
	return name != "" && slices.ContainsFunc([]string{"さん", "さま", "様"}, func(end string) bool { return strings.Contains(text, name+end) })
}

// answerWindows shows the window, and the second when there are two troubles.
func (t *turn) answerWindows(h heard) {
	r := h.result
	ids := t.windowsOf(r)
	// The pieces together say nothing new, the last one alone does.
	if h.whole != h.text && t.allShown(ids) && len(h.own.Windows) > 0 && h.own.Windows[0].Score >= other && !t.allShown(t.windowsOf(h.own)) {
		r = h.own
		ids = t.windowsOf(r)
	}
	if len(ids) == 0 {
		t.clarify(r)
		return
	}
	t.s.Other = r.Person == understand.Other
	if t.s.Other && t.s.About == "" {
		t.s.About = aboutWhom(t.spoken())
	}
	first := t.c.Window(ids[0])
	if first.Form != "" {
		t.startForm(first.Form)
		return
	}
	if t.s.Draft != nil && t.s.Question == nil {
		t.s.Draft = nil
	}
	if t.allShown(ids) {
		if faq.IsQuestion(h.text) { // "yes, go on" would sound like an answer
			t.say("answer.asked")
			t.choices(Choice{Label: t.reply("button.hand"), Data: "hand:" + ids[0]})
		} else {
			t.say("answer.same") // more about what is shown already: listen
		}
		t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
		return
	}
	quiet := slices.ContainsFunc(ids, func(id string) bool { return t.c.Window(id).Quiet })
	if !first.People { // nobody listens there: the card says where to look
		t.say("answer.place")
	} else if len(ids) > 2 && !quiet { // whose names the notification would show
		t.say("answer.three", "one", first.Name.In(t.s.Lang), "two", t.c.Window(ids[1]).Name.In(t.s.Lang), "three", t.c.Window(ids[2]).Name.In(t.s.Lang))
	} else if len(ids) > 1 && !quiet {
		t.say("answer.two", "one", first.Name.In(t.s.Lang), "two", t.c.Window(ids[1]).Name.In(t.s.Lang))
	} else if t.s.Lang == Ja || t.s.Lang == EasyJa {
		t.say("answer.one." + string(r.Person))
	} else {
		t.say("answer.one")
	}
	t.showWindows(ids)
	t.answered()
	t.count("answered", ids[0])
}

// windowsOf are the windows to show for what was understood: the first, the
// second when there are two troubles, and a third trouble that is as plain as
// the others: 介護で仕事を辞め、家賃も払えない.
func (t *turn) windowsOf(r understand.Result) []string {
	var ids []string
	for _, w := range r.Windows {
		window := t.c.Window(w.ID)
		if window == nil || len(ids) > 0 && !t.beside(window, ids, w.Score) {
			continue
		}
		ids = append(ids, w.ID)
	}
	return ids
}

// beside reports whether a window is shown as well. One of danger is not where
// nothing was said: 「やっぱりなんでもないです」.
func (t *turn) beside(w *Window, ids []string, score float64) bool {
	switch {
	case len(ids) == maxTroubles, score < likely, !w.People, w.Kind == "general":
		return false
	case len(ids) == 2:
		return score >= other && w.Kind == "consultation"
	}
	return w.Kind != "emergency" || t.c.Window(ids[0]).Kind != "general"
}

func (t *turn) allShown(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(t.s.Shown, id) })
}

// showWindows draws cards and remembers that they were shown.
func (t *turn) showWindows(ids []string) {
	cards := make([]Card, 0, len(ids))
	alt := ""
	quiet := false
	for _, id := range ids {
		w := t.c.Window(id)
		cards = append(cards, t.windowCard(w))
		quiet = quiet || w.Quiet
		if alt != "" {
			alt += t.reply("list.and")
		}
		alt += w.Name.In(t.s.Lang)
		if !slices.Contains(t.s.Shown, id) {
			t.s.Shown = append(t.s.Shown, id)
		}
	}
	t.show(Cards{Alt: t.reply("card.alt", "windows", alt), Cards: cards})
	if quiet {
		t.beQuiet()
	}
	t.choices(t.choice("choice.wrong", "wrong"), t.choice("choice.human", "human"))
	if t.s.Quiet {
		t.choices(t.choice("choice.hide", "hide"))
	}
	t.s.Question, t.s.Asked = nil, 0
}

// windowCard is a window in plain words: what it does, when staff answer, and
// what one can do now. Contacts nobody has verified are left out.
func (t *turn) windowCard(w *Window) Card {
	l := t.s.Lang
	card := Card{Title: w.Name.In(l), Lines: []string{w.Plain.In(l)}}
	for _, can := range w.Can[:min(len(w.Can), 3)] {
		card.Lines = append(card.Lines, t.reply("card.can", "can", can.In(l)))
	}
	if s := w.Always.In(l); s != "" {
		card.Lines = append(card.Lines, s)
	}
	hand := Button{Label: t.reply("button.hand"), Data: "hand:" + w.ID}
	if w.People {
		card.Small = t.deskLine(w)
	}
	if w.People && w.Kind != "emergency" { // there the numbers come first
		card.Buttons = append(card.Buttons, hand)
	}
	for _, c := range w.Contacts {
		if c.Known() && t.here(c.Areas) && len(card.Buttons) < 3 {
			card.Buttons = append(card.Buttons, t.contactButtons(c)...)
		}
	}
	numbers := 0
	for i := range t.c.Hotlines {
		h := &t.c.Hotlines[i]
		if h.Known() && slices.Contains(h.Windows, w.ID) && numbers < 2 {
			numbers++
			card.Lines = append(card.Lines, t.hotlineLine(h))
			card.Buttons = append(card.Buttons, t.callButtons(h.Number)...)
		}
	}
	if w.People && w.Kind == "emergency" {
		card.Buttons = append(card.Buttons, hand)
	}
	if len(w.Then) > 0 {
		card.Buttons = append(card.Buttons, Button{Label: t.reply("button.more"), Data: "about:" + w.ID})
	}
	return card
}

// contactButtons are what one can tap of a contact: a fax number and a mail
// address are only read (see about.go), LINE opens neither.
func (t *turn) contactButtons(c Contact) []Button {
	switch c.Kind {
	case ContactPhone:
		return t.callButtons(c.Value)
	case ContactURL:
		return []Button{{Label: c.Label.In(t.s.Lang), URL: c.Value}}
	}
	return nil
}

// deskLine says whether somebody is there now.
func (t *turn) deskLine(w *Window) string {
	hours := &t.c.City.Desk
	if w.Hours.Known() {
		hours = w.Hours
	}
	if until, open := hours.Open(t.in.At); open {
		return t.reply("card.open", "until", t.clock(until.In(Tokyo)))
	}
	next, ok := hours.Next(t.in.At)
	if !ok {
		return t.reply("card.closed", "when", t.reply("time.later"))
	}
	return t.reply("card.closed", "when", t.when(next))
}

// clarify asks one question with at most four answers, one of them always
// people; after two questions it offers people.
func (t *turn) clarify(r understand.Result) {
	t.count("clarified", "")
	if t.s.Asked >= maxAsks {
		t.s.Question, t.s.Asked = nil, 0
		t.say("clarify.people")
		t.choices(t.choice("choice.human", "human"), t.choice("choice.windows", "windows"))
		t.count("no-window", "")
		return
	}
	t.s.Asked++
	var choices, danger []Choice
	for _, w := range r.Windows {
		window := t.c.Window(w.ID)
		talk := window != nil && window.Kind == "general" && !window.People // greetings, thanks, not ours
		if window == nil || talk || w.Score < guess || window.Choice == nil || len(choices)+len(danger) == 3 {
			continue
		}
		choice := Choice{Label: window.Choice.In(t.s.Lang), Data: "window:" + w.ID}
		switch {
		case window.Kind != "emergency":
			choices = append(choices, choice)
		case len(danger) == 0: // one door, and not the first: who wrote 「もう夜です」 may mean just that
			danger = append(danger, choice)
		}
	}
	choices = append(choices, danger...)
	if len(choices) < 2 {
		t.say("clarify.more")
		t.choices(t.choice("choice.unsure", "human"))
		t.s.Question = nil
		return
	}
	t.say("clarify.which")
	choices = append(choices, t.choice("choice.unsure", "unsure"))
	t.choices(choices...)
	t.askWith(AskClarify, choices)
}

// vague is a text that says only that there is something ("困っています"): ask
// what happened, and after two questions offer people.
func (t *turn) vague(string) { t.clarify(understand.Result{}) }

// which is a text that names only a field ("お金のことで"): the pack says
// between which windows to ask.
func (t *turn) which(ids string) {
	var r understand.Result
	for _, id := range strings.Fields(ids) {
		r.Windows = append(r.Windows, understand.Scored{ID: id, Score: guess})
	}
	t.clarify(r)
}

// showWindow shows the window the resident chose.
func (t *turn) showWindow(id string) {
	w := t.c.Window(id)
	if w == nil {
		t.say("stale")
		return
	}
	if w.Form != "" {
		t.startForm(w.Form)
		return
	}
	t.say("answer.chosen")
	t.showWindows([]string{id})
	t.count("answered", id)
	t.choseInstead(id)
}

// wrongWindow is the resident's "that's not it": ask once more, then people.
func (t *turn) wrongWindow(string) {
	t.count("wrong", first(t.s.Shown))
	t.forgetCommand()
	shown := t.s.Shown
	t.saidWrong(shown)
	t.s.Shown, t.s.Question = nil, nil
	r := t.understandText(t.spoken())
	r.Windows = slices.DeleteFunc(r.Windows, func(w understand.Scored) bool { return slices.Contains(shown, w.ID) })
	t.clarify(r)
}

// listWindows offers the groups of windows by everyday words.
func (t *turn) listWindows(string) {
	t.forgetCommand()
	var choices []Choice
	for i := range t.c.Windows {
		w := &t.c.Windows[i]
		if w.Menu && w.Choice != nil && len(choices) < 12 {
			choices = append(choices, Choice{Label: w.Choice.In(t.s.Lang), Data: "window:" + w.ID})
		}
	}
	choices = append(choices, t.choice("choice.unsure", "human"))
	t.showGoalsCard()
	t.say("windows.which")
	t.choices(choices...)
	t.askWith(AskClarify, choices)
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
