package bot

import (
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// Doubt is what the bot would ask about a text: the windows it is unsure
// between, best first. It is empty when the bot is sure, when somebody may be
// in danger, and when the words are not for understanding now (people have the
// case, or the bot has asked something).
//
// The shell may have them put in another order and give that as Input.Order.
func (b *Bot) Doubt(s State, text string) []*Window {
	text = strings.TrimSpace(text)
	if text == "" || s.Case != nil || s.Question != nil {
		return nil
	}
	if _, _, known := b.p.meaning(text); known {
		return nil
	}
	r := b.u.Understand(text, understand.Hint{Lang: string(s.Lang)})
	if !unsure(r) {
		return nil
	}
	var windows []*Window
	for _, w := range r.Windows {
		if window := b.c.Window(w.ID); window != nil && w.Score >= guess {
			windows = append(windows, window)
		}
	}
	if len(windows) < 2 {
		return nil
	}
	return windows
}

func unsure(r understand.Result) bool {
	return level(r.Urgency) == understand.LevelNone && len(r.Windows) > 1 && r.Windows[0].Score < sure
}

// reorder puts candidates into another order. Nothing becomes surer by it: the
// scores stay where they are, so the bot still asks, with the likelier answers
// first.
func reorder(r understand.Result, ids []string) understand.Result {
	if len(ids) == 0 || !unsure(r) {
		return r
	}
	place := func(w understand.Scored) int {
		if i := slices.Index(ids, w.ID); i >= 0 {
			return i
		}
		return len(ids)
	}
	windows := slices.Clone(r.Windows)
	slices.SortStableFunc(windows, func(a, b understand.Scored) int { return place(a) - place(b) })
	for i := range windows {
		windows[i].Score = r.Windows[i].Score
	}
	r.Windows = windows
	return r
}

// Redact takes out of a text what tells who somebody is (understand.Model). A
// bot that understands in a way that cannot tell leaves nothing of it.
func (b *Bot) Redact(text string) string {
	if r, ok := b.u.(interface{ Redact(string) string }); ok {
		return r.Redact(text)
	}
	return ""
}
