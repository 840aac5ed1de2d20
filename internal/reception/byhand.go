package reception

import (
	"errors"
	"fmt"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// begin makes the case of a call or a visit that staff noted down. Its lane is
// its own; nobody is behind it in LINE.
func (d *day) begin(cmd desk.Command, a desk.Begin) error {
	switch _, err := d.open(cmd.Case); {
	case err == nil:
		return nil // begun already
	case !errors.Is(err, ErrNotFound):
		return err
	}
	if d.b.Content().Window(a.Window) == nil {
		return fmt.Errorf("begin case: the pack has no window %q", a.Window)
	}
	decision := d.rules().Begin(cmd, a, d.resident.ID)
	if decision.Refused != "" {
		d.tell(decision.Case, cmd, decision.Refused)
		return nil
	}
	c := decision.Case
	d.cases[c.ID] = &c
	d.newCard(c)
	for _, e := range decision.Entries {
		d.addEntry(c, e)
	}
	return nil
}

// redraw brings everything that Slack shows of a case up to date. Nobody waits
// for it.
func (d *day) redraw(c desk.Case) error {
	entries, err := d.Store.Entries(d.ctx, c.ID)
	if err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	for _, e := range entries {
		d.entryAnew(c, e.ID, d.channel(c), false)
	}
	return nil
}

// redactLater sets when the words of cases closed in this turn leave the chat.
func (d *day) redactLater() {
	for _, id := range sortedKeys(d.cases) {
		if a, ok := d.rules().RedactAfter(*d.cases[id]); ok && !d.closed[id] {
			d.alarm(a)
		}
	}
}
