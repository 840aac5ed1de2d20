package reception

import (
	"context"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// restWithin bounds the look for who rests: somebody in danger does not wait
// for it.
const restWithin = 500 * time.Millisecond

// bear follows in this turn who has which case in danger, ends what was asked
// of people once it is answered, and keeps who waits for a first answer.
func (d *day) bear() {
	rules := d.rules()
	for _, id := range sortedKeys(d.cases) {
		was := d.before[id]
		c, alarms, begins := rules.Bear(was, *d.cases[id], d.Now())
		c, waits := rules.Await(was, c, d.Now())
		c, answered := desk.Settle(was, c)
		d.cases[id] = &c
		for _, a := range append(alarms, waits...) {
			d.alarm(a)
		}
		for _, entry := range answered { // where it stands: the case may go elsewhere
			d.entryAnew(c, entry, d.channel(was), true)
		}
		if begins.ID == "" || !c.Heavy() {
			continue
		}
		if until := d.resting(id)[begins.ID]; !until.IsZero() {
			d.addEntry(c, desk.Rests(c, begins, until, d.Now()))
		}
	}
}

// resting tells who rests from danger, and until when, whatever the case
// without did to them. When that cannot be known in time, nobody does.
func (d *day) resting(without string) map[string]time.Time {
	if d.Danger == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(d.ctx, restWithin)
	defer cancel()
	rules := d.rules()
	cases, err := d.Danger(ctx, d.Now().Add(-rules.Longest()))
	if err != nil {
		d.Log.WarnContext(d.ctx, "who rests is not known now; nobody is passed over", "err", err)
		return nil
	}
	var others []desk.Case
	for _, c := range cases {
		if c.ID != without {
			others = append(others, c)
		}
	}
	return rules.Resting(others, d.Now())
}

// remind brings a private word to one staff member up to date.
func (d *day) remind(c desk.Case, r desk.Reminder) {
	at := TalkAt(c.ID, r.Who, r.N)
	d.letterOnce(mailbox.Letter{
		// A lane of their own: nobody's channel waits for it.
		Lane: SlackLane(r.Who), Kind: LetterTalk, Subject: at, Fold: "talk:" + at, Body: body(Talk{Case: c.ID, Who: r.Who, N: r.N}),
	})
}
