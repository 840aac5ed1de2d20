package intents

import (
	"slices"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

const planFile = "plan.yaml"

// plan reads the city's welfare plan. The dialogue follows an initiative to
// its theme, its goal and its first window, so a pack where one is missing
// cannot be used. It must be called after the windows were read.
func (r *reader) plan(c *bot.Content) {
	r.yaml(planFile, &c.Plan)
	goals, themes, seen := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, g := range c.Plan.Goals {
		goals[g.ID] = true
	}
	for _, th := range c.Plan.Themes {
		themes[th.ID] = true
		if !goals[th.Goal] {
			r.fail(planFile, 0, "theme %s belongs to goal %q, which is not in the file", th.ID, th.Goal)
		}
	}
	for _, in := range c.Plan.Initiatives {
		if seen[in.ID] {
			r.fail(planFile, 0, "initiative %s stands there twice", in.ID)
		}
		seen[in.ID] = true
		if !themes[in.Theme] {
			r.fail(planFile, 0, "initiative %s has the theme %q, which is not in the file", in.ID, in.Theme)
		}
		if len(in.Windows) == 0 {
			r.fail(planFile, 0, "initiative %s names no window: its button would lead nowhere", in.ID)
		}
		for _, id := range in.Windows {
			if !slices.ContainsFunc(c.Windows, func(w bot.Window) bool { return w.ID == id }) {
				r.fail(planFile, 0, "initiative %s names the window %q, which there is not", in.ID, id)
			}
		}
	}
}

// planVoice is who wrote the messages that must reach an initiative.
const planVoice = "plan"

func (p *Pack) planExamples() []understand.Example {
	var all []understand.Example
	for _, in := range p.Content.Plan.Initiatives {
		if len(in.Windows) == 0 {
			continue // the reader tells
		}
		for _, l := range bot.Langs {
			for _, text := range in.Ask[l] {
				e := understand.Example{Text: text, Window: in.Windows[0], Voice: planVoice, At: planFile + ":" + in.ID}
				if l != bot.Ja {
					e.Lang = string(l)
				}
				all = append(all, e)
			}
		}
	}
	return all
}
