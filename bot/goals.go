package bot

import "strings"

// maxCards is how many cards one can swipe through before losing count.
const maxCards = 10

// named reports the initiative a text asks for by its name. While people have
// the case, or a question waits for free words, the words are theirs.
func (t *turn) named(text string) (id string, ok bool) {
	if t.s.Case != nil && !t.s.Case.Aside {
		return "", false
	}
	if q := t.s.Question; q != nil && q.Kind != AskClarify && q.Kind != AskLanguage {
		return "", false
	}
	return t.b.topics.find(text)
}

// listGoals offers the goals of the city's plan.
func (t *turn) listGoals(string) {
	t.forgetCommand()
	var choices []Choice
	for _, g := range t.c.Plan.Goals {
		choices = append(choices, Choice{Label: g.Choice.In(t.s.Lang), Data: "goal:" + g.ID})
	}
	choices = append(choices, t.choice("choice.windows", "windows"))
	t.say("goals.which")
	t.choices(choices...)
	t.askWith(AskClarify, choices)
}

// showGoal shows the initiatives of a goal, a card each to swipe through.
func (t *turn) showGoal(id string) {
	g := t.c.Goal(id)
	if g == nil {
		t.say("stale")
		return
	}
	l := t.s.Lang
	t.forgetCommand()
	t.s.Question = nil
	t.say("goal.about", "goal", g.ID, "name", g.Name.In(l), "problem", g.Problem.In(l))
	var cards []Card
	for _, in := range t.c.InitiativesOf(id) {
		if len(cards) == maxCards {
			t.show(Cards{Alt: g.Name.In(l), Cards: cards})
			cards = nil
		}
		cards = append(cards, Card{
			Title: in.Name.In(l), Lines: []string{t.c.Theme(in.Theme).Name.In(l)},
			Buttons: []Button{{Label: t.reply("button.initiative"), Data: "initiative:" + in.ID}},
		})
	}
	t.show(Cards{Alt: g.Name.In(l), Cards: cards})
	t.choices(t.choice("choice.goals", "goals"), t.choice("choice.human", "human"))
}

// showInitiative tells what the plan says about an initiative and what one can
// do now.
func (t *turn) showInitiative(id string) {
	in := t.c.Initiative(id)
	if in == nil {
		t.say("stale")
		return
	}
	t.forgetCommand() // the name was said to the bot; staff see what was shown
	t.s.Question, t.s.Asked = nil, 0
	if shown := "initiative:" + id; len(t.s.Shown) == 0 || t.s.Shown[len(t.s.Shown)-1] != shown {
		t.s.Shown = append(t.s.Shown, shown)
	}
	t.show(Cards{Alt: in.Name.In(t.s.Lang), Cards: []Card{t.initiativeCard(in)}})
	t.choices(t.choice("choice.goal", "goal:"+t.c.Theme(in.Theme).Goal), t.choice("choice.human", "hand:"+in.Windows[0]))
	t.count("initiative", in.Windows[0])
}

func (t *turn) initiativeCard(in *Initiative) Card {
	l := t.s.Lang
	theme := t.c.Theme(in.Theme)
	card := Card{
		Title: in.Name.In(l), Lines: []string{in.About.In(l)},
		Small: t.reply("initiative.small", "goal", theme.Goal, "name", t.c.Goal(theme.Goal).Name.In(l)),
	}
	if l == Ja { // the plan's own words help those who hold it; they have no furigana
		card.Small += "\n" + in.Official
	}
	for _, b := range in.Buttons {
		card.Buttons = append(card.Buttons, Button{Label: b.Label.In(l), Data: b.Does})
	}
	card.Buttons = append(card.Buttons, Button{Label: t.reply("button.hand"), Data: "hand:" + in.Windows[0]})
	if t.c.Window(in.Windows[0]).Form == "" { // else the window is a form, and has its own button above
		card.Buttons = append(card.Buttons, Button{Label: t.reply("button.window"), Data: "window:" + in.Windows[0]})
	}
	return card
}

// showGoalsCard leads from the list of windows to the plan, where there is one.
func (t *turn) showGoalsCard() {
	if len(t.c.Plan.Goals) == 0 {
		return
	}
	title := t.reply("choice.goals")
	t.show(Cards{Alt: title, Cards: []Card{{
		Title: title, Lines: []string{t.reply("goals.about")},
		Buttons: []Button{{Label: t.reply("button.goals"), Data: "goals"}},
	}}})
}

// goalsChoice is the way to the plan from help, where there is one.
func (t *turn) goalsChoice() []Choice {
	if len(t.c.Plan.Goals) == 0 {
		return nil
	}
	return []Choice{t.choice("choice.goals", "goals")}
}

// Verbs are the verbs of buttons and typed commands, for checking content.
func Verbs() []string {
	var verbs []string
	for _, r := range flow() {
		if r.during == anytime && !strings.HasPrefix(r.verb, anyText) {
			verbs = append(verbs, r.verb)
		}
	}
	return verbs
}
