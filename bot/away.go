package bot

// While staff's desk cannot be reached (Input.Away) nothing is lost: what goes
// to staff waits, and is shown when the desk is back. Only the words change:
// the resident is told that it was kept, has not arrived, and will by itself.

// arrivedKey is the due time at which a resident hears that their case arrived
// while nobody was at the desk.
const arrivedKey = "arrived"

// unseen reports a case that staff's screen does not show, as far as the
// resident was told.
func (c *CaseView) unseen() bool { return c.Kept && c.Holder == "" }

// handOverLater says that a case just handed over waits.
func (t *turn) handOverLater(number string, open bool) {
	c := t.s.Case
	c.Kept, c.Late = true, true
	t.say("handover.kept", "number", number)
	if !open {
		t.say("status.closed", "when", t.nextOpening())
	}
	t.cannotWait(c.Window)
}

// passOnLater says once that what the resident wrote in an open case waits.
func (t *turn) passOnLater() {
	c := t.s.Case
	if c.Told && c.Late {
		return // they know
	}
	c.Told, c.Late = true, true
	t.say("people.kept")
}

// caseWaits tells once, unasked, that a case the resident believes with staff
// is not on their screen. Outside hours nobody would look at it: then it is
// told only in danger, and otherwise when the desk opens and it is still so.
func (t *turn) caseWaits(e CaseWaits) {
	c := t.s.Case
	if c == nil || c.ID != e.Case || c.Kept || c.Owed || c.Holder != "" {
		return
	}
	if _, open := t.c.City.Desk.Open(t.in.At); !open && e.Danger == "" {
		return
	}
	c.Kept, c.Late = true, true
	t.say("people.waits", "number", CaseNumber(c.ID))
	if d := t.c.Danger(e.Danger); d != nil {
		t.showNumbers(d)
	} else {
		t.cannotWait(c.Window)
	}
}

// caseArrived tells once that the case is on staff's screen, to who was told
// that it was not. The telephone does not ring at night for it.
func (t *turn) caseArrived(e CaseArrived) {
	c := t.s.Case
	if c == nil || c.ID != e.Case || !c.Kept {
		return
	}
	c.Kept, c.Owed = false, true
	t.tellArrived(c)
}

// arrivedLater is the opening that the good news waited for.
func (t *turn) arrivedLater(e Reminded) {
	c := t.s.Case
	if c == nil || c.ID != e.Case || !c.Owed {
		return
	}
	t.tellArrived(c)
	if t.s.Quiet && len(t.says) > 0 {
		t.keepUnread()
	}
}

func (t *turn) tellArrived(c *CaseView) {
	if _, open := t.c.City.Desk.Open(t.in.At); open {
		t.sayArrived(c)
	} else if next, ok := t.c.City.Desk.Next(t.in.At); ok {
		t.do(Later{Key: arrivedKey, Case: c.ID, At: next})
	} // or it is said with the next answer
}

func (t *turn) sayArrived(c *CaseView) {
	c.Owed, c.Late = false, false
	t.say("people.arrived", "number", CaseNumber(c.ID))
}

// addLine adds a sentence of the pack to the last bubble.
func (t *turn) addLine(line string) {
	if n := len(t.says) - 1; n >= 0 {
		if m, ok := t.says[n].(Text); ok {
			m.Text += "\n" + line
			t.says[n] = m
		}
	}
}
