package reception

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// due is the body of time mail: a due time of the dialogue, or of the desk.
type due struct {
	bot.Reminded
	Alarm *desk.Alarm `json:"alarm,omitempty"`
}

// sent is the staff reply that is being brought.
type sent struct{ caseID, entry string }

// FileLife is how long a file that staff sent can be opened.
const FileLife = 7 * 24 * time.Hour

// rules are the desk's, with what the pack says about windows.
func (d *day) rules() desk.Rules {
	content := d.b.Content()
	outside := func(window string) bool {
		w := content.Window(window)
		return w != nil && w.Outside
	}
	return desk.Rules{
		Undo: d.Undo, Duty: content.Duty, Hours: content.City.Desk, RedactDays: content.City.Slack.RedactAfterClose, Outside: outside,
	}
}

// fromStaff lets the desk's rules decide, then tells the dialogue.
func (d *day) fromStaff(m mailbox.Mail) error {
	cmd, err := desk.DecodeCommand(m.Body)
	if err != nil {
		return err
	}
	if a, ok := cmd.Action.(desk.Begin); ok {
		return d.begin(cmd, a)
	}
	c, err := d.open(cmd.Case)
	if errors.Is(err, ErrNotFound) {
		return d.late(m, cmd.Case)
	}
	if err != nil {
		return err
	}
	rules := d.rules()
	rules.Now = d.Now()
	decision := rules.Decide(*c, cmd)
	if decision.Refused != "" {
		d.tell(*c, cmd, decision.Refused)
		l := cardLetter(*c, d.channel(*c)) // whatever they saw there
		l.Urgent, l.Yields, l.Body = true, true, body(EntryRef{Case: c.ID, Sure: true})
		d.letterOnce(l)
		return nil
	}
	return d.decided(origin{mail: m, by: &cmd}, *c, decision)
}

// late drops what comes about a case that is not there: commands and due times
// come after their case, so that it was erased, at somebody's wish.
func (d *day) late(m mailbox.Mail, caseID string) error {
	d.Log.InfoContext(d.ctx, "this is about a case that was erased; nothing is done", "source", m.Source, "case", caseID)
	d.dropped++
	return nil
}

// fromTime takes a due time.
func (d *day) fromTime(m mailbox.Mail) error {
	var at due
	if err := json.Unmarshal(m.Body, &at); err != nil {
		return fmt.Errorf("read due time: %w", err)
	}
	if at.Alarm == nil {
		return d.step(origin{mail: m}, bot.Input{ID: id(m.Key), At: d.Now(), Event: at.Reminded})
	}
	c, err := d.open(at.Alarm.Case)
	if errors.Is(err, ErrNotFound) {
		return d.late(m, at.Alarm.Case)
	}
	if err != nil {
		return err
	}
	switch at.Alarm.Kind {
	case desk.AlarmShown:
		return d.unshown(*c, *at.Alarm)
	case desk.AlarmReached:
		return d.reached(origin{mail: m}, *c, *at.Alarm)
	default:
	}
	var missing error
	arrived := func(file string) bool {
		ok, err := d.Store.HasMedia(d.ctx, file)
		if err != nil {
			missing = err
		}
		return ok
	}
	rules := d.rules()
	if at.Alarm.Kind == desk.AlarmUntaken && c.Untaken() {
		rules.Rest = d.resting("")
	}
	decision := rules.Ring(*c, *at.Alarm, id(m.Key), d.Now(), arrived)
	if missing != nil {
		return fmt.Errorf("look for files: %w", missing)
	}
	return d.decided(origin{mail: m}, *c, decision)
}

// decided makes a decision of the desk part of the turn.
func (d *day) decided(o origin, before desk.Case, decision desk.Decision) error {
	c := decision.Case
	d.cases[c.ID] = &c
	if d.channel(before) != d.channel(c) {
		d.cardNow(before, d.channel(before)) // the old channel's card now points to the new one
	}
	if !decision.Aside {
		switch {
		case d.channel(before) != d.channel(c):
			d.newCard(c)
		case o.awaited(before, c):
			d.cardNow(c, d.channel(c))
		default:
			d.cardSoon(c)
		}
		d.pointers(before, c)
	}
	for _, r := range decision.Reminders {
		d.remind(c, r)
	}
	for _, p := range decision.Returned {
		d.entryAnew(c, p.Entry, d.channel(c), true)
		d.returned(c, p)
	}
	for _, e := range decision.Entries {
		d.addEntry(c, e)
		if e.Fate == desk.HeldBack { // its button must be there while it can be pressed
			d.out.Letters[len(d.out.Letters)-1].Urgent = true
		}
	}
	for _, change := range decision.Changed {
		d.out.Changes = append(d.out.Changes, change)
		d.entryAnew(c, change.Entry, d.channel(c), o.by != nil)
	}
	for _, f := range decision.Fetch {
		d.letter(&o, mailbox.Letter{
			// A lane of its own: a large file must not hold up the channel.
			Lane: "get:" + d.resident.ID, Kind: LetterGet, Subject: f.ID, Body: body(Get{Resident: d.resident.ID, Case: c.ID, File: f}),
		})
	}
	for _, a := range decision.Alarms {
		d.alarm(a)
	}
	if decision.Redrawn {
		if err := d.redraw(c); err != nil {
			return err
		}
	}
	if decision.Alert {
		why := AlertUntaken
		if c.Holder.ID != "" {
			why = AlertUnheeded
		}
		d.alert(c, why)
	}
	if decision.Sent != "" {
		o.staff = &sent{caseID: c.ID, entry: decision.Sent}
	}
	for _, event := range decision.Events {
		if c.ByHand != "" {
			break // nobody is behind it in LINE
		}
		event, err := d.linked(c, event)
		if err != nil {
			return err
		}
		if err := d.step(o, bot.Input{ID: id(o.mail.Key), At: d.Now(), Event: event}); err != nil {
			return err
		}
	}
	return nil
}

// awaited reports whether somebody waits for the card: for what they just did,
// or for the resident's answer. Who replies looks at the thread.
func (o origin) awaited(before, after desk.Case) bool {
	if o.by == nil {
		return o.answer
	}
	switch a := o.by.Action.(type) {
	case desk.Write:
		return a.Tag
	case desk.Reply, desk.TakeBack:
		return before.Holder.ID != after.Holder.ID
	}
	return true
}

// linked gives the files of a reply the addresses where they can be seen. A
// picture has a second one, of its small copy, when it may stand open in the
// chat and LINE will take it: LINE refuses addresses that are not https.
func (d *day) linked(c desk.Case, event bot.Event) (bot.Event, error) {
	e, ok := event.(bot.StaffReplied)
	if !ok {
		return event, nil
	}
	until := d.Now().Add(FileLife)
	files := make([]bot.SentFile, 0, len(e.Files))
	for _, f := range e.Files {
		if f.URL = d.Link(f.ID, until); f.URL == "" {
			continue
		}
		if f.Picture && !c.Quiet && strings.HasPrefix(f.URL, "https://") {
			small := PreviewID(f.ID)
			there, err := d.Store.HasMedia(d.ctx, small)
			if err != nil {
				return nil, fmt.Errorf("look for a picture's small copy: %w", err)
			}
			if there {
				f.Preview = d.Link(small, until)
			}
		}
		files = append(files, f)
	}
	e.Files = files
	return e, nil
}

// alarm sets a due time. It waits in the resident's own lane, so that it keeps
// its order with what staff and resident do.
func (d *day) alarm(a desk.Alarm) {
	d.out.Mail = append(d.out.Mail, mailbox.Mail{
		Key: "time:" + d.resident.ID + ":desk:" + a.Key(), Lane: d.resident.ID, Source: mailbox.FromTime,
		At: a.At, Due: d.Wait(a.At), Body: body(due{Alarm: &a}),
	})
}

// pointers bring the short posts up to date by which other windows' channels
// know of a case they are asked into. A window that shares the case's channel
// sees the card itself; but a hand-over to it, once the resident agreed, is a
// post of its own there too, because a card that changes rings nobody.
func (d *day) pointers(before, after desk.Case) {
	windows, offers := map[string]bool{}, map[string]desk.Offer{}
	for _, c := range []desk.Case{before, after} {
		for _, m := range c.Team {
			windows[m.Window] = true
		}
		if c.Offer != nil {
			windows[c.Offer.Window] = true
			if c.Offer.Agreed {
				offers[c.Offer.ID] = *c.Offer
			}
		}
	}
	for _, id := range sortedKeys(offers) {
		w := offers[id].Window
		channel := d.Channel(w, "")
		at := OfferAt(after.ID, w, id, channel)
		d.letterOnce(mailbox.Letter{
			Lane: SlackLane(channel), Kind: LetterPoint, Subject: at, Fold: "point:" + at, Body: body(Pointer{Case: after.ID, Window: w, Offer: id}),
		})
	}
	for _, w := range sortedKeys(windows) {
		channel := d.Channel(w, "")
		if channel == d.channel(after) && channel == d.channel(before) {
			continue
		}
		at := PointAt(after.ID, w, channel)
		d.letterOnce(mailbox.Letter{
			Lane: SlackLane(channel), Kind: LetterPoint, Subject: at, Fold: "point:" + at, Body: body(Pointer{Case: after.ID, Window: w}),
		})
	}
}
