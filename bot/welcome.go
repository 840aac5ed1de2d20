package bot

import "slices"

// followed greets a new friend, or one who came back.
func (t *turn) followed(e Followed) {
	t.s.Gone = false
	t.s.Menu = "" // LINE does not say whether a menu outlives a block
	if e.Again {
		t.say("welcome.back")
		if t.s.Case != nil {
			t.do(Note{Case: t.s.Case.ID, Kind: NoteReturned})
			t.say("welcome.case", "number", CaseNumber(t.s.Case.ID))
		}
		t.choices(t.threeThings()...)
		return
	}
	t.say("welcome.hello", "office", t.c.City.Office.In(t.s.Lang))
	t.say("welcome.privacy", "url", t.c.City.Privacy)
	t.askLanguage("")
	t.count("followed", "")
}

// unfollowed stops all sending: LINE would accept messages to somebody who
// blocked the account and deliver none.
func (t *turn) unfollowed() {
	t.s.Gone, t.s.After = true, nil
	if t.s.Case != nil {
		t.do(Note{Case: t.s.Case.ID, Kind: NoteLeft})
	}
	t.settled()
}

// inGroup answers where others read along: consultations are one to one only.
func (t *turn) inGroup(e InGroup) {
	if e.Joined {
		t.say("group")
	}
	t.do(Leave{})
}

// askLanguage offers all languages, each under its own name. While nobody
// knows what they read, the question stands in all of them.
func (t *turn) askLanguage(string) {
	ask := t.reply("language.ask")
	for _, l := range Langs {
		if q := t.c.Reply(l, "language.ask"); !t.s.LangChosen && l != EasyJa && l != t.s.Lang {
			ask += "\n" + q
		}
	}
	t.show(Text{Text: ask})
	choices := t.languages()
	t.choices(choices...)
	t.askWith(AskLanguage, choices)
}

// languages are all there are, each under its own name.
func (t *turn) languages() []Choice {
	choices := make([]Choice, 0, len(Langs))
	for _, l := range Langs {
		choices = append(choices, Choice{Label: t.c.Reply(l, "language.name"), Data: "lang:" + string(l)})
	}
	return choices
}

// chooseLanguage keeps the language the resident chose, whatever they write in.
func (t *turn) chooseLanguage(arg string) {
	l := Lang(arg)
	if !slices.Contains(Langs, l) {
		t.askLanguage("")
		return
	}
	first := !t.s.LangChosen && l != t.s.Lang
	t.s.Lang, t.s.LangChosen = l, true
	if t.s.Question != nil && t.s.Question.Kind == AskLanguage {
		t.s.Question = nil
	}
	t.forgetCommand()
	if first { // what happens to their words was told in a language they may not read
		t.say("welcome.privacy", "url", t.c.City.Privacy)
	}
	t.say("language.chosen")
	if t.s.Case != nil { // the talk with staff goes on
		t.do(Reads{Case: t.s.Case.ID, Lang: l})
		return
	}
	t.choices(t.threeThings()...)
}

// threeThings are what one can do here.
func (t *turn) threeThings() []Choice {
	return []Choice{
		t.choice("choice.consult", "help"),
		t.choice("choice.volunteer", "form:volunteer"),
		t.choice("choice.human", "human"),
	}
}

// help says what one can write.
func (t *turn) help(string) {
	t.forgetCommand()
	t.say("help")
	t.choices(t.choice("choice.windows", "windows"), t.choice("choice.volunteer", "form:volunteer"))
	t.choices(t.goalsChoice()...)
	t.choices(t.choice("choice.human", "human"), t.choice("choice.language", "language"))
}

// stopNews keeps announcements away; answers still come.
func (t *turn) stopNews(string) {
	t.forgetCommand()
	t.s.NoNews, t.s.After = true, nil
	t.say("settings.stopped")
}

// askErase tells what erasing means and hands the wish to people.
func (t *turn) askErase(string) {
	t.say("erase.explain")
	t.s.Draft = &Draft{Window: "human", Summary: t.reply("erase.summary")}
	t.confirmSummary()
}

// forgetCommand drops a command from the words that would go to staff: it was
// said to the bot.
func (t *turn) forgetCommand() {
	if w, ok := t.in.Event.(Wrote); ok {
		t.s.forget(w.MessageID)
	}
}

// message is LINE's id of what was just written.
func (t *turn) message() string {
	w, _ := t.in.Event.(Wrote)
	return w.MessageID
}
