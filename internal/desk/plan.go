package desk

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// propose shows the resident a plan. Until they agree the old one, if any, is
// in force: nothing about them is decided without them.
func propose(c Case, cmd Command, a Propose) Decision {
	goal := strings.TrimSpace(a.Goal)
	p := bot.Plan{Version: 1, Goal: goal, By: cmd.By.Name, At: cmd.At}
	for _, old := range []*bot.Plan{c.Plan, c.Asked} {
		if old != nil {
			p.Version = max(p.Version, old.Version+1)
		}
	}
	for _, s := range a.Steps {
		if text := strings.TrimSpace(s.Text); text != "" {
			step := bot.Step{ID: fmt.Sprintf("%d-%d", p.Version, len(p.Steps)+1), Text: text, Who: s.Who, By: s.By}
			step.Done = c.done(text)
			p.Steps = append(p.Steps, step)
		}
	}
	if goal == "" && len(p.Steps) == 0 {
		return Decision{Case: c, Refused: RefusedEmpty}
	}
	c.Asked = &p
	return Decision{Case: c, Entries: []Entry{cmd.note(c, NotePlanAsked, goal)}, Events: []bot.Event{bot.PlanShown{Case: c.ID, Plan: p}}}
}

// done reports whether the plan in force has this step, ticked off.
func (c Case) done(text string) bool {
	return c.Plan != nil && slices.ContainsFunc(c.Plan.Steps, func(s bot.Step) bool { return s.Done && s.Text == text })
}

// planAnswered: a step counts only once the resident agreed.
func planAnswered(c Case, a bot.Answer, at time.Time) Decision {
	if c.Asked == nil || fmt.Sprint(c.Asked.Version) != a.ID {
		return Decision{Case: c}
	}
	p := *c.Asked
	note := func(kind bot.NoteKind, text string) Decision {
		return Decision{Case: c, Entries: []Entry{answerNote(c, a, kind, text, at)}}
	}
	switch a.Says {
	case bot.SaysYes:
		p.Agreed = at
		c.Plan, c.Asked = &p, nil
		return note(NotePlanYes, p.Goal)
	case bot.SaysChange:
		return note(NotePlanChange, a.Words) // the proposal stays open for the next
	default:
		c.Asked = nil
		return note(NotePlanLater, p.Goal)
	}
}

// stepDone ticks a step of the agreed plan off.
func stepDone(c Case, at time.Time, id string, kind bot.NoteKind, entry string, by Staff) Decision {
	if c.Plan == nil {
		return Decision{Case: c}
	}
	p := *c.Plan
	p.Steps = slices.Clone(p.Steps)
	i := slices.IndexFunc(p.Steps, func(s bot.Step) bool { return s.ID == id })
	if i < 0 || p.Steps[i].Done {
		return Decision{Case: c}
	}
	p.Steps[i].Done = true
	c.Plan = &p
	d := Decision{Case: c, Entries: []Entry{{ID: entry, Case: c.ID, At: at, Kind: FromBot, Note: kind, By: by, Text: p.Steps[i].Text}}}
	if by.ID != "" {
		d.Events = []bot.Event{bot.StepTicked{Case: c.ID, Step: id}}
	}
	return d
}
