package bot

import (
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// danger is the first room: what may end a life or break one is answered at
// once, whatever else is going on. It cannot be switched off by the pack.
func (t *turn) danger(h heard) bool {
	if _, _, known := t.b.p.meaning(h.text); known {
		return false // "はい", "今どうなっていますか": the pack says what these words mean
	}
	if _, named := t.b.topics.find(h.text); named {
		return false // an initiative of the plan by its name, and nothing else
	}
	u, r := h.own.Urgency, h.own
	sure := level(u)
	if whole := level(h.result.Urgency); whole > sure {
		u, r = h.result.Urgency, h.result
		// Words that are nothing by themselves add up to a question at most: the
		// model is least sure of scraps put together.
		if sure == understand.LevelNone && !bySureCue(u) {
			whole = understand.LevelUnsure
		}
		sure = whole
	}
	if sure != understand.LevelNone {
		t.untaught()
	}
	switch sure {
	case understand.LevelCertain:
		t.inDanger(u.Kind, r)
		return true
	case understand.LevelUnsure:
		if t.s.Danger != "" && t.in.At.Sub(t.s.DangerAt) < memory {
			t.inDanger(u.Kind, r) // 「もう薬を飲んだ」 from somebody who was in danger today is no question
			return true
		}
		return t.maybeInDanger(u.Kind, r)
	case understand.LevelNone:
	}
	return false
}

// From which probability the numbers come at once, and from which the bot asks
// kindly first. Asking shows the number too, and staff see both: between the
// two only the tone differs, so that a wrong guess frightens nobody. Measured
// on messages no training saw: docs/understanding.md.
const (
	dangerCertain = 0.45
	dangerAsk     = 0.25
)

// level is how the bot takes what was understood. A sure cue of the pack is
// never doubted.
func level(u understand.Urgency) understand.Level {
	if bySureCue(u) {
		return understand.LevelCertain
	}
	switch {
	case u.Score >= dangerCertain && u.Level != understand.LevelNone:
		return understand.LevelCertain
	case u.Asks():
		return understand.LevelUnsure
	case u.Level == understand.LevelNone || u.Score < dangerAsk:
		return understand.LevelNone
	}
	return understand.LevelUnsure
}

// bySureCue reports danger that rests on words of the pack.
func bySureCue(u understand.Urgency) bool {
	return u.Level == understand.LevelCertain && slices.ContainsFunc(u.Why, func(why understand.Reason) bool {
		return strings.HasPrefix(why.Rule, "cue ")
	})
}

// Urgent reports whether the bot would show numbers for what was understood,
// at once or while asking.
func Urgent(r understand.Result) bool { return level(r.Urgency) != understand.LevelNone }

// inDanger gives the numbers first, one line of warmth, and tells staff.
func (t *turn) inDanger(kind string, r understand.Result) {
	d := t.c.Danger(kind)
	if d == nil { // the check refuses such a pack; somebody in danger must not pay for it
		d = &Danger{Kind: kind, Window: "general-consult", Numbers: []string{"119", "110"}}
	}
	if t.s.Case != nil && t.s.Danger != "" && t.in.At.Sub(t.s.DangerAt) < numbersStay && !bySureCue(r.Urgency) {
		// 「電話できない、隣にいる」 goes on about the danger staff know of; other
		// numbers and other advice now would only confuse.
		kind = t.s.Danger
	}
	other := forAnother(r)
	t.reasons(r)
	if t.s.Case != nil {
		t.s.Case.Aside = false // what they write now is for people again
	}
	if t.s.Case != nil && t.s.Danger == kind && t.in.At.Sub(t.s.DangerAt) < numbersStay {
		// The numbers stand right above and people are on it: pass the words on.
		t.do(RaiseCase{Case: t.s.Case.ID, Danger: d.Kind})
		t.passOn()
		return
	}
	t.s.Danger, t.s.DangerAt = kind, t.in.At
	if w := t.c.Window(d.Window); w != nil && w.Quiet {
		t.s.Quiet = true
	}
	t.showNumbers(d)
	t.show(Text{Text: t.dangerLine("danger."+kind, other)})
	known := t.s.Case != nil || t.s.Watch != ""
	t.tellStaff(d, r.Person == understand.Other, false)
	t.s.Question = nil
	_, open := t.c.City.Desk.Open(t.in.At)
	switch {
	case t.in.Away:
		t.s.Case.Kept, t.s.Case.Late = t.s.Case.Kept || !known, true
		t.say("danger.staff.away")
	case open:
		t.say("danger.staff")
	default:
		t.say("danger.staff.closed", "when", t.nextOpening())
	}
	t.choices(t.choice("choice.danger.safe", "status"))
	t.count("danger", d.Window)
}

// maybeInDanger asks kindly, shows a number, and lets staff see it. While the
// question is open or was asked for these words already, the talk goes on.
func (t *turn) maybeInDanger(kind string, r understand.Result) bool {
	d := t.c.Danger(kind)
	if d == nil {
		return false
	}
	first := t.s.Watch == "" && t.s.Case == nil
	if w := t.c.Window(d.Window); w != nil && w.Quiet {
		t.s.Quiet = true
	}
	t.reasons(r)
	t.tellStaff(d, r.Person == understand.Other, true)
	if !first {
		return false
	}
	t.show(Text{Text: t.dangerLine("danger.ask."+kind, forAnother(r))})
	t.showNumbers(d)
	choices := []Choice{t.choice("choice.danger.yes", "yes"), t.choice("choice.danger.no", "no"), t.choice("choice.human", "human")}
	t.choices(choices...)
	t.askWith(AskDanger, choices)
	t.s.Question.Field = kind
	t.count("danger-asked", d.Window)
	return true
}

// weary is a text that may mean "I am done with this talk" or "I am done with
// living" (もう、いいです): ask kindly, the number beside it.
func (t *turn) weary(string) {
	if !t.maybeInDanger("suicide", understand.Result{}) {
		t.talkToPeople("")
	}
}

// surelyOther is how sure it must be that a danger is somebody else's: a victim
// spoken to as a witness is hurt more than a witness spoken to as a victim.
const surelyOther = 0.8

func forAnother(r understand.Result) bool {
	return r.Person == understand.Other && r.OtherScore >= surelyOther
}

// dangerLine is the pack's sentence for a kind of danger, in the form for
// somebody else's when there is one.
func (t *turn) dangerLine(key string, other bool) string {
	if other {
		if s := t.c.Replies[t.s.Lang][key+".other"]; s != "" {
			return s
		}
	}
	if t.c.Replies[t.s.Lang][key] == "" {
		key = key[:strings.LastIndexByte(key, '.')] + ".any"
	}
	return t.reply(key)
}

// tellStaff gives the resident's words to the people on duty.
func (t *turn) tellStaff(d *Danger, other, unsure bool) {
	switch {
	case t.s.Case != nil:
		t.do(RaiseCase{Case: t.s.Case.ID, Danger: d.Kind, Unsure: unsure})
		t.addHeardTo(t.s.Case.ID)
	case t.s.Watch != "":
		t.do(RaiseCase{Case: t.s.Watch, Danger: d.Kind, Unsure: unsure})
		t.addHeardTo(t.s.Watch)
		if !unsure {
			t.s.Case = &CaseView{ID: t.s.Watch, Window: d.Window, OpenedAt: t.in.At, Told: true}
			t.s.Watch = ""
		}
	default:
		with := slices.DeleteFunc(slices.Clone(t.s.Shown), func(id string) bool { return id == d.Window || t.c.Window(id) == nil })
		id := t.openCase(NewCase{Window: d.Window, With: with, Danger: d.Kind, Unsure: unsure, Other: other, Summary: t.spoken()})
		if !unsure {
			t.s.Case.Told = false
		}
		if unsure {
			t.s.Watch = id
		}
		t.s.Heard = nil
	}
}

// addHeardTo gives what was said and sent so far to a case.
func (t *turn) addHeardTo(id string) {
	for _, h := range t.s.Heard {
		t.do(AddToCase{Case: id, Heard: h})
	}
	t.fetchFor(id, t.s.Heard)
	t.s.Heard = nil
}

// fetchFor brings photos and files that were sent before to a case.
func (t *turn) fetchFor(id string, heard []Heard) {
	for _, h := range heard {
		if h.Media != "" && h.Media != Sticker {
			t.do(Fetch{MessageID: h.MessageID, Kind: h.Media, Case: id})
		}
	}
}

// dangerIsReal is the resident's yes to "are you in danger?".
func (t *turn) dangerIsReal(string) {
	kind := t.s.Question.Field
	t.s.Question = nil
	t.inDanger(kind, understand.Result{})
}

// dangerIsNot is their no. Staff still see it, and the door stays open.
func (t *turn) dangerIsNot(string) {
	t.s.Question = nil
	switch { // also once somebody has taken it
	case t.s.Watch != "":
		t.do(Note{Case: t.s.Watch, Kind: NoteSafe})
	case t.s.Case != nil:
		t.do(Note{Case: t.s.Case.ID, Kind: NoteSafe})
	}
	t.forgetCommand()
	t.say("danger.no")
	t.choices(t.threeThings()...)
}

// showNumbers draws the numbers to call, most fitting first, three at most.
func (t *turn) showNumbers(d *Danger) {
	card := Card{Title: t.dangerLine("danger.title."+d.Kind, false), Danger: true}
	for _, number := range d.Numbers {
		if h := t.c.Hotline(number); h != nil {
			card.Lines = append(card.Lines, t.hotlineLine(h))
			card.Buttons = append(card.Buttons, t.callButtons(h.Number)...)
		}
	}
	if len(card.Lines) == 0 {
		return
	}
	alt := card.Title + " " + strings.Join(card.Lines, " ")
	if t.s.Quiet { // whoever looks at the phone must not read what it is about
		alt = t.reply("ask.alt")
	}
	t.show(Cards{Alt: alt, Cards: []Card{card}})
}

// hotlineLine is a number with whose it is, and hours and price as far as
// they are confirmed.
func (t *turn) hotlineLine(h *Hotline) string {
	line := h.Number + " " + h.Name.In(t.s.Lang)
	var notes []string
	if h.HoursKnown() {
		notes = append(notes, h.Hours.In(t.s.Lang))
	}
	if h.Free {
		notes = append(notes, t.reply("hotline.free"))
	}
	if len(notes) > 0 {
		line += t.reply("hotline.notes", "notes", strings.Join(notes, t.reply("list.and")))
	}
	return line
}

// hotlineLines are up to n numbers of a window, or of everybody's when it has none.
func (t *turn) hotlineLines(window string, n int) []string {
	var lines []string
	for _, want := range []string{window, "general-consult"} {
		for i := range t.c.Hotlines {
			h := &t.c.Hotlines[i]
			if len(lines) < n && h.Known() && slices.Contains(h.Windows, want) {
				lines = append(lines, t.hotlineLine(h))
			}
		}
		if len(lines) > 0 {
			return lines
		}
	}
	return lines
}

// callButtons is the button that dials a number; none for numbers with a #,
// which a tel: link cannot carry on every telephone. Those are read and dialled.
func (t *turn) callButtons(number string) []Button {
	if strings.Contains(number, "#") {
		return nil
	}
	return []Button{{Label: t.reply("button.call", "number", number), URL: "tel:" + strings.ReplaceAll(number, "-", "")}}
}

// reasons keeps the words an answer was based on, for staff.
func (t *turn) reasons(r understand.Result) {
	add := func(reasons []understand.Reason) {
		for _, why := range reasons {
			if why.Rule != "learned" { // its Words name the kind, not the resident's words
				t.why = append(t.why, why.Words)
			}
		}
	}
	add(r.Urgency.Why)
	if len(r.Windows) > 0 {
		add(r.Windows[0].Why)
	}
	slices.Sort(t.why)
	t.why = slices.Compact(t.why)
	if len(t.why) > 5 {
		t.why = t.why[:5]
	}
}
