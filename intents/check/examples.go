package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// worst is how many misunderstood examples of a window are shown.
const worst = 10

// understanding looks at the examples: those that contradict, and those the
// model still gets wrong.
func (c *checker) understanding() {
	for _, p := range understand.CheckExamples(c.pack.Examples, c.pack.ForTraining().Windows) {
		c.add(Finding{Level: Error, Problem: intents.Problem{File: p.File, Line: p.Line, Text: p.Text, Mend: "keep the sentence once, under the window that helps most; +ID adds a second window"}})
	}
	byWindow := map[string][]Miss{}
	for _, m := range c.o.Misses {
		byWindow[m.Example.Window] = append(byWindow[m.Example.Window], m)
	}
	for _, id := range sorted(byWindow) {
		misses := byWindow[id]
		slices.SortStableFunc(misses, func(a, b Miss) int { return cmp.Compare(b.Score, a.Score) })
		shown := misses[:min(worst, len(misses))]
		for i, m := range shown {
			text := fmt.Sprintf("understood as %s (%.2f): %s", m.Got, m.Score, strings.ReplaceAll(m.Example.Text, "\n", " "))
			if i == 0 {
				text = fmt.Sprintf("%d of %d examples of %s are not understood; the first: %s", len(misses), c.examples[id], id, text)
			}
			file, line := place(m.Example.At)
			c.add(Finding{Level: Note, Problem: intents.Problem{File: file, Line: line, Text: text, Mend: "add a few sentences like it, or move it to the other window"}})
		}
	}
}

// place splits file:line.
func place(at string) (file string, line int) {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return at, 0
	}
	for _, r := range at[i+1:] {
		line = line*10 + int(r-'0')
	}
	return at[:i], line
}

// Misunderstood are the examples a model gets wrong. It takes a while:
// workers of them are looked at side by side.
func Misunderstood(m *understand.Model, examples []understand.Example, workers int) []Miss {
	parts := make([][]Miss, max(1, workers))
	done := make(chan struct{})
	for k := range parts {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := k; i < len(examples); i += len(parts) {
				e := examples[i]
				if e.Window == "" {
					continue
				}
				r := m.Understand(e.Text, understand.Hint{})
				if e.Urgent != "" && !bot.Urgent(r) {
					parts[k] = append(parts[k], Miss{e, "no danger (" + e.Urgent + ")", 1 - r.Urgency.Score})
					continue
				}
				if len(r.Windows) > 0 && r.Windows[0].ID != e.Window && !slices.Contains(e.Also, r.Windows[0].ID) {
					parts[k] = append(parts[k], Miss{e, r.Windows[0].ID, r.Windows[0].Score})
				}
			}
		}()
	}
	for range parts {
		<-done
	}
	return slices.Concat(parts...)
}
