package reception

import (
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// Alert is the body of LetterAlert. It holds no words and no names: an e-mail
// passes through many hands.
type Alert struct {
	Number  string    `json:"number"`
	Urgency string    `json:"urgency"` // the danger's name for staff
	Unsure  bool      `json:"unsure,omitempty"`
	Since   time.Time `json:"since"` // when the resident wrote
	Why     AlertWhy  `json:"why"`
}

// AlertWhy tells why the second route is used.
type AlertWhy string

// Why an e-mail goes.
const (
	AlertUntaken  AlertWhy = "untaken"  // nobody took the case
	AlertUnheeded AlertWhy = "unheeded" // who has the case has not been seen since it is in danger
	AlertUnshown  AlertWhy = "unshown"  // Slack does not show it
)

// watch sets the due times of each danger case that begins to wait for
// somebody in this turn.
func (d *day) watch() {
	for _, id := range sortedKeys(d.cases) {
		if c := d.cases[id]; c.WaitsAnew(d.before[id]) {
			for _, a := range d.rules().Watch(*c, d.Now()) {
				if d.away && a.Kind == desk.AlarmShown {
					a.At = d.Now() // nothing is to be waited for
				}
				d.alarm(a)
			}
		}
	}
}

// reach sets when each case opened in this turn should be on staff's screen.
func (d *day) reach() {
	for _, id := range d.opened {
		if d.Shown != nil {
			d.alarm(d.cases[id].Reach(d.Now(), d.away))
		}
	}
}

// wait sets when each case that began in this turn will have waited too long.
func (d *day) wait() {
	for _, id := range sortedKeys(d.cases) {
		if _, known := d.before[id]; !known {
			d.alarm(d.cases[id].Wait())
		}
	}
}

// reached lets the resident hear whether staff's screen shows their case.
func (d *day) reached(o origin, c desk.Case, a desk.Alarm) error {
	if d.Shown == nil {
		return nil
	}
	shown, err := d.Shown(d.ctx, LetterCard, CaseAt(c.ID, d.channel(c)))
	if err != nil {
		return fmt.Errorf("look whether Slack shows the case: %w", err)
	}
	event, again := c.Reached(a, shown, d.Now())
	if again != nil {
		d.alarm(*again)
	}
	_, arrived := event.(bot.CaseArrived)
	if event == nil || arrived && (d.state.Case == nil || !d.state.Case.Kept) {
		return nil // as the resident was told
	}
	return d.step(o, bot.Input{ID: id(o.mail.Key), At: d.Now(), Event: event})
}

// unshown uses the second route when Slack shows a danger case, or the call
// for somebody to take it, too late.
func (d *day) unshown(c desk.Case, a desk.Alarm) error {
	if !c.Untaken() || d.Shown == nil {
		return nil
	}
	kind, subject := LetterCard, CaseAt(c.ID, d.channel(c))
	if a.Entry != "" {
		kind, subject = LetterEntry, CaseAt(a.Entry, d.channel(c))
	}
	shown, err := d.Shown(d.ctx, kind, subject)
	if err != nil {
		return fmt.Errorf("look whether Slack shows the case: %w", err)
	}
	if !shown {
		d.alert(c, AlertUnshown)
	}
	return nil
}

// alert writes the e-mail about a danger case.
func (d *day) alert(c desk.Case, why AlertWhy) {
	if !d.Mail {
		d.Log.ErrorContext(d.ctx, "danger waits and there is no second route: set SMTP_URL and ALERT_EMAIL", "case", c.ID, "why", string(why))
		return
	}
	a := Alert{Number: c.Number(), Urgency: c.Danger, Unsure: c.Unsure, Since: c.OpenedAt, Why: why}
	if c.Holder.ID != "" {
		a.Since = c.Unheeded
	}
	if danger := d.b.Content().Danger(c.Danger); danger != nil && danger.Name != "" {
		a.Urgency = danger.Name
	}
	// A lane of its own for each case: a slow mail server must not hold up the
	// next alert.
	d.letterOnce(mailbox.Letter{Lane: "mail:" + c.ID, Kind: LetterAlert, Urgent: true, Body: body(a)})
}
