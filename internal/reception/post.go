package reception

import (
	"fmt"
	"slices"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// channel is where a case is shown now.
func (d *day) channel(c desk.Case) string { return d.Channel(c.Window, c.Danger) }

// card brings a case's card up to date in its channel.
func (d *day) card(c desk.Case) { d.cardIn(c, d.channel(c)) }

func (d *day) cardIn(c desk.Case, channel string) {
	at := CaseAt(c.ID, channel)
	d.letterOnce(mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterCard, Subject: at, Fold: "card:" + at,
		// Who waits for somebody to take the case must not wait for the threads
		// of others: a busy channel shows one line a second.
		Urgent: c.Danger != "" || c.Status == desk.New,
		Body:   body(EntryRef{Case: c.ID}),
	})
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

func (d *day) entryLetter(c desk.Case, entry string) { d.entryIn(c, entry, d.channel(c)) }

func (d *day) entryIn(c desk.Case, entry, channel string) {
	d.letterOnce(mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterEntry, Subject: CaseAt(entry, channel), Fold: "entry:" + CaseAt(entry, channel),
		Urgent: c.Danger != "", Body: body(EntryRef{Case: c.ID, Entry: entry}),
	})
}

// tell answers only the staff member whose command was refused.
func (d *day) tell(c desk.Case, cmd desk.Command, why desk.Refusal) {
	channel := d.channel(c)
	d.letterOnce(mailbox.Letter{
		Lane: SlackLane(channel), Kind: LetterTell, Subject: cmd.ID,
		Body: body(Tell{Channel: channel, User: cmd.By.ID, Case: c.ID, Refused: why, Holder: c.Holder.Name}),
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
			l.ID, l.Urgent = d.out.Letters[i].ID, l.Urgent || d.out.Letters[i].Urgent
			d.out.Letters[i] = l
			return
		}
	}
	d.letters++
	l.ID = fmt.Sprintf("%s@%d/%d", d.resident.ID, d.resident.Number+1, d.letters)
	d.out.Letters = append(d.out.Letters, l)
}
