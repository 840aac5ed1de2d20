package reception

import "github.com/tsunagu-chat/tsunagu/bot"

// order asks for a better order of windows where the bot is in doubt.
func (d *day) order(e bot.Event) []string {
	w, ok := e.(bot.Wrote)
	if !ok || d.Order == nil || w.More {
		return nil
	}
	windows := d.b.Doubt(d.state, w.Text)
	if len(windows) == 0 {
		return nil
	}
	ids, err := d.Order(d.ctx, w.Text, windows)
	if err != nil {
		d.Log.WarnContext(d.ctx, "no second opinion; the bot's own order stands", "err", err)
		return nil
	}
	return ids
}
