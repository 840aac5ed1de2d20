package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Next is what is promised next: what, by when, by whom.
type Next struct {
	Text string    `json:"text"`
	By   Staff     `json:"by"`
	Due  time.Time `json:"due"`
	Told bool      `json:"told,omitempty"` // the resident knows
}

// promise sets what is done next. Only the latest counts; who made it is
// reminded when it is due.
func promise(c Case, cmd Command, a Promise) Decision {
	text := strings.TrimSpace(a.Text)
	switch {
	case text == "":
		return Decision{Case: c, Refused: RefusedEmpty}
	case a.Due.Before(cmd.At):
		return Decision{Case: c, Refused: RefusedTime}
	}
	c.Next = &Next{Text: text, By: cmd.By, Due: a.Due, Told: a.Tell}
	d := Decision{
		Case: c, Entries: []Entry{cmd.note(c, NotePromise, text)},
		Alarms: []Alarm{{Kind: AlarmNext, Case: c.ID, At: a.Due}},
	}
	if a.Tell {
		d.Events = []bot.Event{bot.Promised{Case: c.ID, Text: text, Due: a.Due}}
	}
	return d
}

func kept(c Case, cmd Command) Decision {
	if c.Next == nil {
		return Decision{Case: c, Refused: RefusedNoOffer}
	}
	text := c.Next.Text
	told := c.Next.Told
	c.Next = nil
	d := Decision{Case: c, Entries: []Entry{cmd.note(c, NoteKept, text)}}
	if told {
		d.Events = []bot.Event{bot.Promised{Case: c.ID}}
	}
	return d
}

// snooze lets a case rest until then, or until the desk opens next.
func (r Rules) snooze(c Case, cmd Command, a Snooze) Decision {
	if a.Until.Before(cmd.At) {
		return Decision{Case: c, Refused: RefusedTime}
	}
	return r.sleeps(c, a.Until)
}

// sleeps is a case that sleeps; in danger to the minute.
func (r Rules) sleeps(c Case, until time.Time) Decision {
	if !c.Heavy() {
		until = r.working(until)
	}
	c.Snoozed = until
	return Decision{Case: c, Alarms: []Alarm{{Kind: AlarmSnooze, Case: c.ID, At: until}}}
}

// maxTags bounds what a card shows.
const maxTags = 8

func write(c Case, cmd Command, a Write) Decision {
	d := Decision{}
	if a.Tag {
		c.Tags = nil
		for _, t := range a.Tags {
			if t = strings.TrimSpace(t); t != "" && !slices.Contains(c.Tags, t) && len(c.Tags) < maxTags {
				c.Tags = append(c.Tags, t)
			}
		}
	}
	if a.Wish != nil && strings.TrimSpace(*a.Wish) != c.Wish {
		c.Wish = strings.TrimSpace(*a.Wish)
		d.Entries = append(d.Entries, cmd.note(c, NoteWish, c.Wish))
	}
	if text := strings.TrimSpace(a.Text); text != "" {
		e := Entry{ID: "o-" + cmd.ID, Case: c.ID, At: cmd.At, Kind: Memo, By: cmd.By, Text: text}
		if a.Call {
			e.Note = NoteCall
		}
		d.Entries = append(d.Entries, e)
	} else if !a.Tag && a.Wish == nil {
		return Decision{Case: c, Refused: RefusedEmpty}
	}
	d.Case = c
	return d
}

// NoteCall marks a memo about a telephone call.
const NoteCall bot.NoteKind = "call"
