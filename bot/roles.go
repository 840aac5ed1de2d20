package bot

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/tsunagu-chat/tsunagu/bot/plain"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// startForm begins a form; what the resident already said is not asked again.
func (t *turn) startForm(id string) {
	if t.c.Form(id) == nil {
		t.say("stale")
		return
	}
	t.forgetTapWords()
	t.s.Draft = &Draft{Form: id, Answers: map[string]string{}}
	text := t.spoken()
	for _, f := range t.c.Form(id).Fields {
		if v, ok := t.read(f, text); ok {
			t.s.Draft.Answers[f.ID] = v
			t.stoodIn(f)
		}
	}
	t.nextField()
}

// stoodIn remembers which of the messages heard so far a field's answer was
// read in, so that it goes when they are taken back.
func (t *turn) stoodIn(f Field) {
	for _, h := range t.s.Heard {
		if h.Media != "" {
			continue
		}
		if _, ok := t.read(f, h.Text); ok {
			t.answerFrom(f.ID, h.MessageID)
		}
	}
}

// answerFrom notes that a field's answer stood in a message.
func (t *turn) answerFrom(field, message string) {
	d := t.s.Draft
	if message == "" {
		return
	}
	if d.From == nil {
		d.From = map[string][]string{}
	}
	d.From[field] = append(slices.Clone(d.From[field]), message)
}

// unanswer drops the answers that stood in a message that was taken back; a
// form that is not filled in yet asks for them again. It reports whether there
// were any.
func (t *turn) unanswer(message string) bool {
	d := t.s.Draft
	if d == nil {
		return false
	}
	found := false
	for field, from := range d.From {
		if !slices.Contains(from, message) {
			continue
		}
		found = true
		if field == "town" && t.s.Town == d.Answers[field] {
			t.s.Town = ""
		}
		delete(d.Answers, field)
		delete(d.From, field)
	}
	return found
}

// forgetTapWords drops a typed command ("ボランティア" on its own) from the words.
func (t *turn) forgetTapWords() {
	if w, ok := t.in.Event.(Wrote); ok {
		if verb, _, ok := t.b.p.meant(w.Text); ok && verb == "form" {
			t.s.forget(w.MessageID)
		}
	}
}

// nextField asks the first field without an answer, or ends the form.
func (t *turn) nextField() {
	d := t.s.Draft
	for _, f := range t.c.Form(d.Form).Fields {
		if _, ok := d.Answers[f.ID]; ok {
			continue
		}
		t.show(Text{Text: f.Ask.In(t.s.Lang)})
		choices := t.fieldChoices(f)
		t.choices(choices...)
		t.askWith(AskForm, choices)
		t.s.Question.Field = f.ID
		return
	}
	t.s.Question = nil
	t.matchRoles()
}

func (t *turn) fieldChoices(f Field) []Choice {
	var choices []Choice
	for _, o := range f.Options {
		choices = append(choices, Choice{Label: o.Label.In(t.s.Lang), Data: "option:" + o.ID})
	}
	if f.Kind == "town" {
		for _, town := range t.c.Towns[:min(len(t.c.Towns), 11)] {
			choices = append(choices, Choice{Label: t.townLabel(&town), Data: "option:" + town.ID})
		}
	}
	choices = append(choices[:min(len(choices), 11)], t.choice("choice.any", "skip"), t.choice("choice.stop", "no"))
	return choices
}

func (t *turn) townLabel(town *Town) string {
	switch t.s.Lang {
	case EasyJa:
		return town.Kana
	case En, Vi:
		return town.Romaji
	default:
		return town.ID
	}
}

// fillField takes an answer, tapped or typed.
func (t *turn) fillField(answer string) {
	d, f := t.s.Draft, t.openField()
	if f == nil {
		t.s.Question = nil
		t.say("stale")
		return
	}
	v, ok := t.read(*f, answer)
	if !ok && t.answeredInPassing(answer, t.formWindow(d.Form)) {
		t.nextField()
		return
	}
	if !ok && f.Kind == "text" {
		v, ok = clip(answer, 500), true
	}
	if !ok && t.turnsAway(answer) {
		return
	}
	if !ok && t.s.Asked == 0 {
		t.s.Asked++
		t.say("form.again")
		t.nextField()
		return
	}
	if !ok {
		v = "" // not understood twice: it does not matter, people will ask
	}
	t.s.Asked = 0
	d.Answers[f.ID] = v
	t.answerFrom(f.ID, t.message())
	t.forgetCommand()
	t.nextField()
}

// formWindow is the window a form is for, "" for none.
func (t *turn) formWindow(form string) string {
	for i := range t.c.Windows {
		if t.c.Windows[i].Form == form {
			return t.c.Windows[i].ID
		}
	}
	return ""
}

// turnsAway answers words that speak of something else than what the form
// asks ("what I wanted to know is …"), and offers the way back to the form.
func (t *turn) turnsAway(text string) bool {
	r := t.understandText(text)
	if r.Kind != understand.KindOrdinary || len(r.Windows) == 0 || r.Windows[0].Score < other {
		return false
	}
	d := t.s.Draft
	if w := t.c.Window(r.Windows[0].ID); w == nil || w.Form == d.Form {
		return false
	}
	t.s.Question, t.s.Asked = nil, 0
	h := heard{text: text, whole: text, result: r, own: r}
	if !t.asked(h) {
		t.answerWindows(h)
	}
	if t.s.Question == nil { // not another form
		t.s.Draft = d
		t.choices(t.choice("choice.form.back", "back:"+d.Form))
	}
	return true
}

// backToForm goes on with a form that was left for another question.
func (t *turn) backToForm(id string) {
	if t.s.Draft == nil || t.s.Draft.Form != id {
		t.startForm(id)
		return
	}
	t.nextField()
}

func (t *turn) skipField(string) {
	if f := t.openField(); f != nil {
		t.s.Draft.Answers[f.ID] = ""
	}
	t.forgetCommand()
	t.nextField()
}

func (t *turn) leaveForm(string) {
	t.s.Draft, t.s.Question = nil, nil
	t.forgetCommand()
	t.say("form.left")
	t.choices(t.threeThings()...)
}

func (t *turn) openField() *Field {
	if t.s.Draft == nil || t.c.Form(t.s.Draft.Form) == nil || t.s.Question == nil {
		return nil
	}
	for _, f := range t.c.Form(t.s.Draft.Form).Fields {
		if f.ID == t.s.Question.Field {
			return &f
		}
	}
	return nil
}

// read finds a field's value in free text: ids of options, a town, days.
func (t *turn) read(f Field, text string) (string, bool) {
	if text == "" {
		return "", false
	}
	if f.Kind == "town" {
		if t.c.Town(text) != nil {
			return text, true
		}
		town := t.understandText(text).Town
		return town, town != ""
	}
	folded := strings.ToLower(norm.NFKC.String(text))
	var found []string
	for _, o := range f.Options {
		hit := text == o.ID || slices.ContainsFunc(o.Words, func(w string) bool { return containsWord(folded, w) })
		for _, l := range Langs {
			hit = hit || o.Label[l] != "" && phraseKey(text) == phraseKey(o.Label[l])
		}
		if hit {
			found = append(found, o.ID)
		}
	}
	return strings.Join(found, ","), len(found) > 0
}

// containsWord looks for a word; Latin ones only between other letters' ends,
// so that "sun" is not found in "sunakawa".
func containsWord(text, word string) bool {
	for rest := text; ; {
		i := strings.Index(rest, word)
		if i < 0 {
			return false
		}
		before, after := rest[:i], rest[i+len(word):]
		if word[0] > 'z' || !endsLatin(before) && !startsLatin(after) {
			return true
		}
		rest = rest[i+1:]
	}
}

func endsLatin(s string) bool   { return s != "" && s[len(s)-1] >= 'a' && s[len(s)-1] <= 'z' }
func startsLatin(s string) bool { return s != "" && s[0] >= 'a' && s[0] <= 'z' }

// matched is an opportunity with what speaks for it.
type matched struct {
	role    *Opportunity
	points  int
	reasons []string
}

// matchRoles shows two or three opportunities with the reason each fits.
func (t *turn) matchRoles() {
	d := t.s.Draft
	if town := d.Answers["town"]; town != "" {
		t.s.Town = town
	}
	list := t.match(d.Answers)
	if len(list) == 0 {
		t.say("roles.none")
		t.offerHandover("volunteer")
		return
	}
	t.say("roles.found")
	var cards []Card
	var names []string
	for _, m := range list {
		cards = append(cards, t.roleCard(m))
		names = append(names, m.role.Name.In(t.s.Lang))
		t.s.Shown = append(t.s.Shown, "role:"+m.role.ID)
	}
	t.show(Cards{Alt: t.reply("card.alt", "windows", strings.Join(names, t.reply("list.and"))), Cards: cards})
	t.choices(t.choice("choice.roles.again", "form:"+d.Form), t.choice("choice.human", "human"))
	t.count("roles-shown", "volunteer")
}

// match ranks the opportunities for the answers of the form, three at most.
func (t *turn) match(answers map[string]string) []matched {
	var list []matched
	for i := range t.c.Opportunities {
		m := t.fit(&t.c.Opportunities[i], answers)
		if m.points >= 0 {
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b matched) int { return cmp.Compare(b.points, a.points) })
	return list[:min(len(list), 3)]
}

// fit counts what speaks for an opportunity; below zero it does not fit.
func (t *turn) fit(o *Opportunity, answers map[string]string) matched {
	m := matched{role: o}
	town, days, skills := answers["town"], list(answers["days"]), list(answers["skill"])
	if town != "" {
		switch {
		case slices.Contains(o.Towns, town):
			m.add(3, t.reply("role.why.town", "town", t.townName(town)))
		case o.Online:
			m.add(1, t.reply("role.why.online"))
		case len(o.Towns) == 0:
			m.add(1, t.reply("role.why.anywhere"))
		case t.sameArea(o.Towns, town):
			m.add(1, t.reply("role.why.near", "town", t.townName(town)))
		default:
			m.points -= 3
		}
	}
	if len(days) > 0 && len(o.Days) > 0 {
		if common := both(days, o.Days); len(common) > 0 {
			m.add(2, t.reply("role.why.day", "day", t.dayNames(common)))
		} else {
			m.points -= 3
		}
	}
	if common := both(skills, o.Skills); len(common) > 0 {
		m.add(3, t.reply("role.why.skill", "skill", t.skillNames(common)))
	}
	if slices.Contains(skills, "short") && o.Minutes > 0 && o.Minutes <= 30 {
		m.add(2, t.reply("role.why.short"))
	}
	if len(m.reasons) == 0 {
		m.reasons = append(m.reasons, t.reply("role.why.open"))
	}
	return m
}

func (m *matched) add(points int, reason string) {
	m.points += points
	m.reasons = append(m.reasons, reason)
}

func (t *turn) sameArea(towns []string, town string) bool {
	here := t.c.Town(town)
	return here != nil && slices.ContainsFunc(towns, func(id string) bool {
		there := t.c.Town(id)
		return there != nil && there.Area == here.Area
	})
}

func (t *turn) roleCard(m matched) Card {
	o, l := m.role, t.s.Lang
	card := Card{
		Title: o.Name.In(l),
		Lines: []string{o.About.In(l), t.reply("role.why", "reasons", strings.Join(m.reasons[:min(len(m.reasons), 2)], t.reply("list.and")))},
		Buttons: []Button{
			{Label: t.reply("button.more"), Data: "more:" + o.ID},
			{Label: t.reply("button.apply"), Data: "apply:" + o.ID},
		},
	}
	if !o.Known() {
		card.Small = t.reply("role.unconfirmed")
	}
	return card
}

// tellMore says all the pack knows about an opportunity.
func (t *turn) tellMore(id string) {
	o := t.c.Opportunity(id)
	if o == nil {
		t.say("stale")
		return
	}
	l := t.s.Lang
	lines := []string{o.Name.In(l), o.About.In(l)}
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, t.reply(key, "value", value))
		}
	}
	var towns []string
	for _, id := range o.Towns {
		towns = append(towns, t.townName(id))
	}
	add("role.towns", strings.Join(towns, t.reply("list.and")))
	if o.Online {
		lines = append(lines, t.reply("role.online"))
	}
	add("role.days", t.dayNames(o.Days))
	if o.Minutes > 0 {
		lines = append(lines, t.reply("role.minutes", "minutes", strconv.Itoa(o.Minutes), "minuteskana", plain.KanaOfMinutes(o.Minutes)))
	}
	if o.MinAge > 0 {
		lines = append(lines, t.reply("role.age", "age", strconv.Itoa(o.MinAge)))
	}
	if !o.Known() {
		lines = append(lines, t.reply("role.unconfirmed"))
	}
	t.show(Text{Text: strings.Join(lines, "\n"), Choices: []Choice{
		t.choice("button.apply", "apply:"+id), t.choice("choice.human", "human"),
	}})
}

// apply hands the resident to the people who run the opportunity, in the same
// way as any hand-over: they see and agree to what is passed on.
func (t *turn) apply(id string) {
	o := t.c.Opportunity(id)
	if o == nil {
		t.say("stale")
		return
	}
	if t.s.Case != nil && !t.s.Case.Aside {
		t.status("")
		return
	}
	draft := &Draft{Window: cmp.Or(o.Window, "volunteer"), Role: id}
	if d := t.s.Draft; d != nil {
		draft.Answers, draft.From = d.Answers, d.From
	}
	t.s.Draft = draft
	draft.Summary = t.application(draft)
	t.confirmSummary()
}

// application is what staff read of an application: the role, what was answered
// and said.
func (t *turn) application(d *Draft) string {
	o := t.c.Opportunity(d.Role)
	if o == nil { // taken out of the pack meanwhile
		return t.spoken()
	}
	lines := []string{t.reply("role.application", "name", o.Name.In(t.s.Lang))}
	if d.Answers != nil {
		if days := list(d.Answers["days"]); len(days) > 0 {
			lines = append(lines, t.reply("role.days", "value", t.dayNames(days)))
		}
		if skills := list(d.Answers["skill"]); len(skills) > 0 {
			lines = append(lines, t.reply("role.skills", "value", t.skillNames(skills)))
		}
	}
	if words := t.spoken(); words != "" {
		lines = append(lines, words)
	}
	return strings.Join(lines, "\n")
}

func (t *turn) dayNames(days []string) string {
	var names []string
	for _, d := range days {
		names = append(names, t.reply("weekday."+d))
	}
	return strings.Join(names, t.reply("list.and"))
}

func (t *turn) skillNames(ids []string) string {
	var names []string
	for _, form := range t.c.Forms {
		for _, f := range form.Fields {
			for _, o := range f.Options {
				if f.ID == "skill" && slices.Contains(ids, o.ID) {
					names = append(names, o.Label.In(t.s.Lang))
				}
			}
		}
	}
	return strings.Join(names, t.reply("list.and"))
}

func list(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

func both(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(x string) bool { return !slices.Contains(b, x) })
}
