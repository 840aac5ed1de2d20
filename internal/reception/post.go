package reception

import (
	"fmt"
	"slices"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// channel is where a case is shown now.
func (d *day) channel(c desk.Case) string { return d.Channel(c.Window, c.Danger) }

// cardLetter brings a case's card up to date in a channel.
func cardLetter(c desk.Case, channel string) mailbox.Letter {
	at := CaseAt(c.ID, channel)
	return mailbox.Letter{Lane: SlackLane(channel), Kind: LetterCard, Subject: at, Fold: "card:" + at, Body: body(EntryRef{Case: c.ID})}
}

// newCard shows a case where it was not yet. Who waits for somebody to take it
// must not wait for the threads of others: a busy channel shows one line a
// second.
func (d *day) newCard(c desk.Case) {
	l := cardLetter(c, d.channel(c))
	l.Urgent = c.Danger != "" || c.Status == desk.New
	d.letterOnce(l)
}

// cardNow brings a card up to date for somebody who waits for it: before the
// threads of others, and beside them.
func (d *day) cardNow(c desk.Case, channel string) {
	l := cardLetter(c, channel)
	l.Urgent, l.Yields = true, true
	d.letterOnce(l)
}

// cardSoon brings a card up to date that nobody waits for. What changes within
// a moment is one change: Slack takes fifty a minute, of all channels together.
func (d *day) cardSoon(c desk.Case) {
	if c.Danger != "" {
		d.cardNow(c, d.channel(c))
		return
	}
	l := cardLetter(c, d.channel(c))
	l.Yields, l.NotBefore = true, d.Wait(d.Now().Add(d.Redraw))
	d.letterOnce(l)
}

// addEntry keeps an entry and shows it in the thread.
func (d *day) addEntry(c desk.Case, e desk.Entry) {
	d.keepEntry(e)
	d.entryLetter(c, e.ID)
}

func (d *day) keepEntry(e desk.Entry) {
	d.entries[e.ID] = len(d.out.Entries)
	d.out.Entries = append(d.out.Entries, e)
}

// entryLetter shows an entry in the thread; the entries keep their order.
func (d *day) entryLetter(c desk.Case, entry string) { d.letterOnce(entryIn(c, entry, d.channel(c))) }

// entryAnew brings an entry up to date that was shown, or is about to be.
func (d *day) entryAnew(c desk.Case, entry, channel string, urgent bool) {
	l := entryIn(c, entry, channel)
	l.Urgent, l.Yields = l.Urgent || urgent, true
	if !l.Urgent {
		l.NotBefore = d.Wait(d.Now().Add(d.Redraw))
	}
	d.letterOnce(l)
}

func entryIn(c desk.Case, entry, channel string) mailbox.Letter {
	at := CaseAt(entry, channel)
	return mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterEntry, Subject: at, Fold: "entry:" + at,
		Urgent: c.Danger != "", Body: body(EntryRef{Case: c.ID, Entry: entry}),
	}
}

// tell answers only the staff member whose command was refused.
func (d *day) tell(c desk.Case, cmd desk.Command, why desk.Refusal) {
	channel := d.channel(c)
	d.letterOnce(mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterTell, Subject: cmd.ID, Urgent: true,
		Body: body(Tell{Channel: channel, User: cmd.By.ID, Case: c.ID, Refused: why, Holder: c.Holder.Name}),
	})
}

// returned tells who asked somebody to take a case that they cannot.
func (d *day) returned(c desk.Case, p desk.PersonAsked) {
	channel := d.channel(c)
	d.letterOnce(mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterTell, Subject: p.Entry, Urgent: true,
		Body: body(Tell{Channel: channel, User: p.By.ID, Case: c.ID, Cannot: p.Who.Name, Holder: c.Holder.Name}),
	})
}

// letter adds a letter whose id derives from what caused it.
func (d *day) letter(o *origin, l mailbox.Letter) {
	d.letters++
	l.ID = fmt.Sprintf("%s/%d", o.mail.Key, d.letters)
	d.out.Letters = append(d.out.Letters, l)
}

// letterOnce adds a letter that brings something up to date; one of this turn
// is enough. The first keeps its place: a card stands before what is said
// under it.
func (d *day) letterOnce(l mailbox.Letter) {
	if l.Fold != "" {
		i := slices.IndexFunc(d.out.Letters, func(x mailbox.Letter) bool { return x.Fold == l.Fold && x.Lane == l.Lane })
		if i >= 0 {
			was := d.out.Letters[i]
			l.ID, l.Urgent, l.Yields = was.ID, l.Urgent || was.Urgent, l.Yields && was.Yields
			if was.NotBefore.Before(l.NotBefore) {
				l.NotBefore = was.NotBefore
			}
			d.out.Letters[i] = l
			return
		}
	}
	d.letters++
	l.ID = fmt.Sprintf("%s@%d/%d", d.resident.ID, d.resident.Number+1, d.letters)
	d.out.Letters = append(d.out.Letters, l)
}
