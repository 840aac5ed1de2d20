package bot

// people is the room where a case is open: what the resident writes goes to
// staff, and the bot is quiet except for saying once that it arrived.
func (t *turn) people(h heard) bool {
	if t.s.Case == nil || t.s.Case.Aside {
		return false
	}
	if t.labelledLesson(h) {
		return true
	}
	if h.own.Windows != nil && h.own.Windows[0].ID == "thanks" && h.own.Windows[0].Score > sure {
		t.do(Note{Case: t.s.Case.ID, Kind: NoteThanks})
	}
	t.passOn()
	return true
}

// passOn gives the latest of the resident's words to the people who have the case.
func (t *turn) passOn() {
	if n := len(t.s.Heard); n > 0 { // else a doubt about danger passed them on already
		t.do(AddToCase{Case: t.s.Case.ID, Heard: t.s.Heard[n-1]})
		t.s.Heard = t.s.Heard[:n-1]
	}
	if t.s.Case.Told {
		return
	}
	t.s.Case.Told = true
	if t.s.Case.Holder != "" {
		t.say("people.passed.to", "name", t.s.Case.Holder)
	} else {
		t.say("people.passed")
	}
}

// status tells honestly who has the case.
func (t *turn) status(string) {
	t.forgetCommand()
	c := t.s.Case
	switch {
	case c == nil:
		t.say("status.none")
		t.choices(t.threeThings()...)
		return
	case c.Holder != "":
		t.say("status.taken", "number", CaseNumber(c.ID), "name", c.Holder)
	default:
		t.say("status.waiting", "number", CaseNumber(c.ID), "when", t.when(c.OpenedAt))
	}
	if _, open := t.c.City.Desk.Open(t.in.At); !open {
		t.say("status.closed", "when", t.nextOpening())
	}
	t.choices(t.choice("choice.bot", "bot"))
}

// backToBot lets the resident ask the bot something else while people have
// the case. The next word from staff ends it.
func (t *turn) backToBot(string) {
	t.forgetCommand()
	if t.s.Case != nil {
		t.s.Case.Aside = true
	}
	t.help("")
}

func (t *turn) staffReplied(e StaffReplied) {
	t.from = e.From
	if c := t.s.Case; c != nil && c.ID == e.Case {
		c.Told, c.Aside, c.Holder = false, false, e.From
	}
	t.show(Text{Text: e.Text})
}

func (t *turn) caseTaken(e CaseTaken) {
	c := t.s.Case
	if c == nil || c.ID != e.Case {
		if t.s.Watch == e.Case { // staff act on a doubt: from here it is theirs
			t.s.Case = &CaseView{ID: e.Case, Window: "general-consult", Holder: e.By, OpenedAt: t.in.At, Told: true}
			t.s.Watch = ""
		}
		return
	}
	c.Holder = e.By
	if e.By == "" {
		return
	}
	key := "people.taken"
	if e.Again {
		key = "people.taken.again"
	}
	t.say(key, "name", e.By)
}

func (t *turn) caseMoved(e CaseMoved) {
	if c := t.s.Case; c != nil && c.ID == e.Case {
		c.Window, c.Holder = e.Window, ""
	}
	if w := t.c.Window(e.Window); w != nil {
		t.say("people.moved", "window", w.Name.In(t.s.Lang))
	}
	t.movedTo(e.Window)
}

func (t *turn) caseClosed(e CaseClosed) {
	if t.s.Watch == e.Case {
		t.s.Watch = ""
	}
	c := t.s.Case
	if c == nil || c.ID != e.Case {
		return
	}
	c.ClosedAt, c.Said = t.in.At, nil
	t.s.Past, t.s.Case = c, nil
	t.settled()
	t.say("people.closed", "number", CaseNumber(c.ID))
}

// reminded is a due time; the flows that set one are in issues to come.
func (t *turn) reminded(Reminded) {}

// reopen gives the resident back to the people who had the case.
func (t *turn) reopen() {
	c := *t.s.Past
	c.ClosedAt, c.Told, c.Aside = c.ClosedAt.UTC().Truncate(0), true, false
	c.Holder = ""
	t.s.Case, t.s.Past = &c, nil
	t.do(Reopen{Case: c.ID})
	for _, h := range t.s.Heard {
		t.do(AddToCase{Case: c.ID, Heard: h})
	}
	t.settled()
	t.say("people.reopened", "number", CaseNumber(c.ID))
	if _, open := t.c.City.Desk.Open(t.in.At); !open {
		t.say("status.closed", "when", t.nextOpening())
	}
	t.count("reopened", c.Window)
}
