package bot

import (
	"strings"
	"time"
)

// people is the room where a case is open: what the resident writes goes to
// staff, and the bot is quiet except for saying once that it arrived. What
// staff asked through the bot is answered here too.
func (t *turn) people(h heard) bool {
	if t.s.Case == nil || t.s.Case.Aside {
		return false
	}
	if t.labelledLesson(h) || t.answersStaff(h) {
		return true
	}
	if h.own.Windows != nil && h.own.Windows[0].ID == "thanks" && h.own.Windows[0].Score > sure {
		t.do(Note{Case: t.s.Case.ID, Kind: NoteThanks})
	}
	if !t.s.Quiet && asksForAnother(h.text, t.s.Case.Holder) {
		t.do(Note{Case: t.s.Case.ID, Kind: NoteAnother})
		t.passOn()
		t.say("people.another")
		return true
	}
	t.passOn()
	t.hearLimits(h.text)
	return true
}

// answersStaff takes a typed answer to what staff asked: "はい" is an answer,
// everything else goes to people and the question stays open.
func (t *turn) answersStaff(h heard) bool {
	q := t.s.Question
	if q == nil {
		return false
	}
	switch q.Kind {
	case AskOffer, AskConsent, AskPlan:
		data, ok := t.chosen(h.text)
		if !ok {
			return false
		}
		verb, arg, _ := strings.Cut(data, ":")
		if arg == "" { // "はい" names no question: it is the open one
			arg = q.Field
		}
		if !t.answers(verb, arg) {
			return false
		}
		t.forgetCommand()
		return true
	case AskPlanNew:
		t.forgetCommand()
		t.planInWords(h.text)
		return true
	case AskLimit:
		if data, ok := t.chosen(h.text); ok {
			if verb, arg, _ := strings.Cut(data, ":"); verb == "limit-who" {
				t.forgetCommand()
				t.limitWho(arg)
				return true
			}
		}
		t.limitInWords(h.text)
		return true
	default:
		return false
	}
}

// answers takes the row of the open question only.
func (t *turn) answers(verb, arg string) bool {
	for _, r := range flow() {
		if r.verb == verb && t.s.Question != nil && r.during == t.s.Question.Kind {
			r.does(t, arg)
			return true
		}
	}
	return false
}

// passOn gives the latest of the resident's words to the people who have the case.
func (t *turn) passOn() {
	if n := len(t.s.Heard); n > 0 { // else a doubt about danger passed them on already
		t.do(AddToCase{Case: t.s.Case.ID, Heard: t.s.Heard[n-1]})
		t.s.Heard = t.s.Heard[:n-1]
	}
	t.tellPassed()
}

// tellPassed says once that what the resident wrote or sent arrived.
func (t *turn) tellPassed() {
	c := t.s.Case
	switch {
	case t.in.Away || c.unseen():
		t.passOnLater()
		return
	case c.Owed:
		t.sayArrived(c)
	case c.Told && !c.Late:
	case c.Holder != "":
		t.say("people.passed.to", "name", c.Holder)
	default:
		t.say("people.passed")
	}
	c.Told, c.Late = true, false
}

// status tells honestly who has the case, since when, and what comes next.
func (t *turn) status(string) {
	t.forgetCommand()
	c := t.s.Case
	switch {
	case c == nil:
		t.say("status.none")
		t.choices(t.threeThings()...)
		return
	case c.Holder != "" && !c.TakenAt.IsZero():
		t.say("status.taken.since", "number", CaseNumber(c.ID), "name", c.Holder, "when", t.when(c.TakenAt))
	case c.Holder != "":
		t.say("status.taken", "number", CaseNumber(c.ID), "name", c.Holder)
	case c.unseen():
		t.say("status.kept", "number", CaseNumber(c.ID), "when", t.when(c.OpenedAt))
		t.cannotWait(c.Window)
	default:
		t.say("status.waiting", "number", CaseNumber(c.ID), "when", t.when(c.OpenedAt))
		c.Owed = false
	}
	if t.in.Away && !c.unseen() {
		t.addLine(t.reply("status.away"))
	}
	if len(c.Team) > 0 {
		t.say("status.team", "windows", t.windowNames(c.Team))
	}
	if c.Offer != nil && c.Offer.Agreed {
		t.say("status.offer", "window", t.windowNames([]string{c.Offer.Window}))
	}
	if c.Next != "" {
		t.say("status.next", "what", t.readable(c.Next), "when", t.when(c.NextDue))
	}
	if _, open := t.c.City.Desk.Open(t.in.At); !open {
		t.say("status.closed", "when", t.nextOpening())
	}
	if c.Plan != nil {
		t.choices(t.choice("choice.plan", "plan"))
	}
	if c.shares() {
		t.choices(t.choice("choice.revoke", "revoke"))
	}
	t.choices(t.choice("choice.bot", "bot"))
}

func (t *turn) windowNames(ids []string) string {
	var names []string
	for _, id := range ids {
		if w := t.c.Window(id); w != nil {
			names = append(names, w.Name.In(t.s.Lang))
		}
	}
	return strings.Join(names, t.reply("list.and"))
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

// open is the resident's open case when it is the one meant. When staff act
// on a doubt about danger it is theirs from then on.
func (t *turn) open(id string) *CaseView {
	if t.s.Case == nil && t.s.Watch == id && id != "" {
		t.s.Case = &CaseView{ID: id, Window: "general-consult", OpenedAt: t.in.At, Told: true}
		t.s.Watch = ""
	}
	if c := t.s.Case; c != nil && c.ID == id {
		if !t.s.Quiet { // who has it is told then; to the others it is news that it arrived
			c.Kept, c.Owed = false, false
		}
		return c
	}
	return nil
}

func (t *turn) staffReplied(e StaffReplied) {
	t.from = e.From
	if c := t.open(e.Case); c != nil {
		if c.Holder == "" { // whoever answers has it; a colleague may help out
			c.Holder, c.TakenAt = e.From, t.in.At
		}
		c.Told, c.Aside = false, false
	}
	if e.Text != "" {
		t.wroteMeanwhile(e.Text)
		t.show(Text{Text: e.Text})
	}
	t.showFiles(e.Files)
	verb, id, _ := strings.Cut(e.Show, ":")
	switch verb {
	case "window":
		if w := t.c.Window(id); w != nil {
			t.show(Cards{Alt: t.reply("card.alt"), Cards: []Card{t.windowCard(w)}})
		}
	case "role":
		if o := t.c.Opportunity(id); o != nil {
			t.show(Cards{Alt: t.reply("card.alt"), Cards: []Card{t.roleCard(matched{role: o, reasons: []string{t.reply("role.why.open")}})}})
		}
	default:
		if h := t.c.Handout(e.Show); h != nil {
			t.show(Cards{Alt: t.reply("card.alt"), Cards: []Card{t.handoutCard(h)}})
		}
	}
}

// showFiles shows pictures in the chat, with one line for all of them that says
// how long they can be opened, and everything else as links. A phone that
// somebody else may look at shows links only: a picture stands open in the chat.
func (t *turn) showFiles(files []SentFile) {
	pictures := 0
	for _, f := range files {
		if f.Preview == "" || t.s.Quiet {
			t.showFile(f)
			continue
		}
		pictures++
		t.show(Picture{URL: f.URL, Preview: f.Preview})
	}
	if pictures > 0 {
		t.say("picture.until")
	}
}

// showFile is a link that ends after a while; the phone opens it.
func (t *turn) showFile(f SentFile) {
	key := "file.document"
	if f.Picture {
		key = "file.picture"
	}
	t.show(Cards{Alt: t.reply("file.alt"), Cards: []Card{{
		Title: t.reply(key), Lines: []string{f.Name}, Small: t.reply("file.until"),
		Buttons: []Button{{Label: t.reply("button.open"), URL: f.URL}},
	}}})
}

func (t *turn) caseTaken(e CaseTaken) {
	doubt := t.s.Watch == e.Case
	c := t.open(e.Case)
	if c == nil {
		return
	}
	c.Holder, c.TakenAt = e.By, t.in.At
	if e.By == "" || doubt { // who was not told of a doubt is not told who has it
		return
	}
	key := "people.taken"
	if e.Again {
		key = "people.taken.again"
	}
	t.say(key, "name", e.By)
}

func (t *turn) caseMoved(e CaseMoved) {
	if c := t.open(e.Case); c != nil {
		c.Window, c.Holder, c.Offer = e.Window, "", nil
		t.endQuestion(AskOffer)
	}
	if w := t.c.Window(e.Window); w != nil {
		t.say("people.moved", "window", w.Name.In(t.s.Lang))
	}
	t.movedTo(e.Window)
}

// promised keeps what staff do next, so that the resident can ask.
func (t *turn) promised(e Promised) {
	c := t.open(e.Case)
	if c == nil {
		return
	}
	c.Next, c.NextDue = e.Text, e.Due
	if e.Text != "" {
		t.say("people.next", "what", t.readable(e.Text), "when", t.when(e.Due))
	}
}

// reminded is a due time.
func (t *turn) reminded(e Reminded) {
	switch e.Key {
	case arrivedKey:
		t.arrivedLater(e)
	case afterKey:
		t.askAfter(e)
	case forgetKey: // begin has dropped what lapsed; if they wrote since, there is a next time
		t.s.ForgetAt = time.Time{}
	}
}
