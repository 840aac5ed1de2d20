package bot

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// planShown shows what staff suggest: the goal and the steps, to say yes to, to
// change, or to leave for now.
func (t *turn) planShown(e PlanShown) {
	c := t.open(e.Case)
	if c == nil {
		return
	}
	c.Asked = e.Plan.clone()
	t.askPlan(c.Asked)
}

func (t *turn) askPlan(p *Plan) {
	version := strconv.Itoa(p.Version)
	lines := append(t.planLines(p), t.reply("plan.ask"))
	t.ask(AskPlan, version, t.reply("plan.title.asked"), lines,
		Button{Label: t.reply("choice.plan.yes"), Data: "plan-yes:" + version},
		Button{Label: t.reply("choice.plan.change"), Data: "plan-change:" + version},
		Button{Label: t.reply("choice.plan.later"), Data: "plan-later:" + version})
}

func (t *turn) planLines(p *Plan) []string {
	var lines []string
	if p.Goal != "" {
		lines = append(lines, t.reply("plan.goal", "goal", t.readable(p.Goal)))
	}
	for _, s := range p.Steps {
		lines = append(lines, t.stepLine(s))
	}
	return lines
}

func (t *turn) stepLine(s Step) string {
	mark := "□ "
	if s.Done {
		mark = "☑ "
	}
	who := t.reply("plan.who." + s.Who)
	if by, err := time.ParseInLocation("2006-01-02", s.By, Tokyo); err == nil {
		return mark + t.reply("plan.step.by", append(t.dateParts(by), "step", t.readable(s.Text), "who", who)...)
	}
	return mark + t.reply("plan.step", "step", t.readable(s.Text), "who", who)
}

// askedPlan is the plan a button belongs to, nil when it is not open any more.
func (t *turn) askedPlan(version string) *Plan {
	if t.s.Case == nil || t.s.Case.Asked == nil || strconv.Itoa(t.s.Case.Asked.Version) != version {
		return nil
	}
	return t.s.Case.Asked
}

func (t *turn) planYes(version string) {
	p := t.askedPlan(version)
	if p == nil {
		t.stale()
		return
	}
	c := t.s.Case
	p.Agreed = t.in.At
	c.Plan, c.Asked = p, nil
	t.planSettled()
	t.do(Answer{Case: c.ID, To: ToPlan, ID: version, Says: SaysYes, Version: t.c.Version})
	t.say("plan.yes")
	t.askNext()
	t.stepChoices()
}

// planLater is the resident's "not now". It needs no reason.
func (t *turn) planLater(version string) {
	if t.askedPlan(version) == nil {
		t.stale()
		return
	}
	c := t.s.Case
	c.Asked = nil
	t.planSettled()
	t.do(Answer{Case: c.ID, To: ToPlan, ID: version, Says: SaysLater, Version: t.c.Version})
	t.say("plan.later")
	t.askNext()
}

// planSettled ends what is open about the plan, also how it should be changed.
func (t *turn) planSettled() {
	t.endQuestion(AskPlan)
	t.endQuestion(AskPlanNew)
}

func (t *turn) planChange(version string) {
	if t.askedPlan(version) == nil {
		t.stale()
		return
	}
	t.say("plan.change")
	t.askWith(AskPlanNew, nil)
	t.s.Question.Field = version
}

// planInWords gives staff the resident's own version.
func (t *turn) planInWords(text string) {
	version := t.s.Question.Field
	t.endQuestion(AskPlanNew)
	t.s.Case.Changing, _ = strconv.Atoi(version) // it is ours
	t.do(Answer{Case: t.s.Case.ID, To: ToPlan, ID: version, Says: SaysChange, Words: text, Message: t.message(), Version: t.c.Version})
	if t.in.Away {
		t.say("plan.changed.away")
	} else {
		t.say("plan.changed")
	}
	t.askNext()
}

// showPlan shows what was agreed, when the resident asks.
func (t *turn) showPlan(string) {
	t.forgetCommand()
	c := t.s.Case
	if c == nil || c.Plan == nil {
		t.say("plan.none")
		return
	}
	t.show(Cards{Alt: t.reply("ask.alt"), Cards: []Card{{Title: t.reply("plan.title"), Lines: t.planLines(c.Plan)}}})
	t.stepChoices()
}

// maxChoice is how long a quick answer's label can be, in characters.
const maxChoice = 20

// stepChoices offers the resident's own open steps to tick off.
func (t *turn) stepChoices() {
	for _, s := range t.s.Case.Plan.Steps {
		if !s.Done && s.Who != StepStaff {
			label := t.reply("choice.step.done", "step", t.readable(s.Text))
			if utf8.RuneCountInString(label) > maxChoice { // rather no readings than half of one
				label = t.reply("choice.step.done", "step", s.Text)
			}
			t.choices(Choice{Label: clip(label, maxChoice), Data: "step:" + s.ID})
		}
	}
}

// stepDone ticks a step off.
func (t *turn) stepDone(id string) {
	c := t.s.Case
	if c == nil || c.Plan == nil || !slices.ContainsFunc(c.Plan.Steps, func(s Step) bool { return s.ID == id && !s.Done }) {
		t.stale()
		return
	}
	t.stepTicked(c.ID, id)
	t.do(Answer{Case: c.ID, To: ToStep, ID: id, Says: SaysYes})
	if t.in.Away {
		t.say("plan.done.away")
	} else {
		t.say("plan.done")
	}
	t.stepChoices()
}

func (t *turn) stepTicked(caseID, step string) {
	c := t.open(caseID)
	if c == nil || c.Plan == nil {
		return
	}
	for i := range c.Plan.Steps {
		if c.Plan.Steps[i].ID == step {
			c.Plan.Steps[i].Done = true
		}
	}
}
