package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Undo is how long a staff reply waits before it leaves. LINE cannot take a
// message back; this is the only moment in which a slip can be mended.
const Undo = 10 * time.Second

// fileWaits is how often a reply waits once more for a file that is still on
// its way here; with Undo between two looks that is two minutes.
const fileWaits = 12

// hiddenWait is how often it is looked whether a resident who hid the talk
// wrote again; their writing itself is noticed at once.
const hiddenWait = time.Hour

// Held is a reply that can still be taken back.
type Held struct {
	Entry string    `json:"entry"`
	By    Staff     `json:"by"`
	Text  string    `json:"text,omitempty"`
	Files []File    `json:"files,omitempty"`
	Show  string    `json:"show,omitempty"`
	Until time.Time `json:"until"`
	Waits int       `json:"waits,omitempty"` // for its files, so far
}

// File is a picture or document that staff send.
type File struct {
	ID   string `json:"id"`   // under which its content is kept here
	From string `json:"from"` // the platform's id, where it is fetched from
	Name string `json:"name"`
	MIME string `json:"mime"`
	Size int64  `json:"size"` // bytes
}

// What staff may send: what every telephone opens. LINE shows pictures up to
// 10 MB; a document is a link.
const maxFile = 10 << 20

// Sendable reports whether telephones open a file of this kind and size.
func Sendable(f File) bool {
	return f.Size <= maxFile && slices.Contains([]string{"image/jpeg", "image/png", "image/gif", "application/pdf"}, f.MIME)
}

// reply is kept back for a moment. Whoever answers a case nobody has, has it
// from then on; a colleague may help out in somebody else's case.
func reply(c Case, cmd Command, a Reply, until time.Time) Decision {
	text := strings.TrimSpace(a.Text)
	switch {
	case text == "" && len(a.Files) == 0 && a.Show == "":
		return Decision{Case: c, Refused: RefusedEmpty}
	case utf16Len(text) > MaxReply:
		return Decision{Case: c, Refused: RefusedLong}
	case c.Left:
		return Decision{Case: c, Refused: RefusedGone}
	case slices.ContainsFunc(a.Files, func(f File) bool { return !Sendable(f) }):
		return Decision{Case: c, Refused: RefusedFile}
	}
	d := Decision{}
	if c.Holder.ID == "" {
		c = c.takenBy(cmd)
	}
	h := Held{Entry: ReplyEntry(cmd.ID), By: cmd.By, Text: text, Files: a.Files, Show: a.Show, Until: until}
	c.Held = append(slices.Clone(c.Held), h)
	c.Snoozed = time.Time{}
	d.Case = c
	d.Entries = []Entry{{ID: h.Entry, Case: c.ID, At: cmd.At, Kind: FromStaff, By: cmd.By, Text: shownText(h), Fate: HeldBack}}
	d.Alarms = []Alarm{{Kind: AlarmSend, Case: c.ID, Entry: h.Entry, At: h.Until}}
	d.Fetch = append(d.Fetch, a.Files...)
	return d
}

// ReplyEntry is the id of the entry that a reply's command makes.
func ReplyEntry(command string) string { return "s-" + command }

// shownText is what the thread shows of a reply: its words, and the names of
// what goes with them.
func shownText(h Held) string {
	parts := []string{}
	if h.Text != "" {
		parts = append(parts, h.Text)
	}
	for _, f := range h.Files {
		parts = append(parts, "［"+f.Name+"］")
	}
	if h.Show != "" {
		parts = append(parts, "［"+h.Show+"］")
	}
	return strings.Join(parts, "\n")
}

func (c Case) held(entry string) int {
	return slices.IndexFunc(c.Held, func(h Held) bool { return h.Entry == entry })
}

// takeBack stops a reply. Anybody of the team may: who sees a slip in time
// should not have to look for its writer.
func takeBack(c Case, cmd Command, a TakeBack) Decision {
	i := c.held(a.Entry)
	switch {
	case i < 0 && a.Early:
		return Decision{Case: c, Aside: true}
	case i < 0:
		return Decision{Case: c, Refused: RefusedLate}
	}
	h := c.Held[i]
	c.Held = slices.Delete(slices.Clone(c.Held), i, i+1)
	return Decision{Case: c, Changed: []Change{{Entry: h.Entry, Fate: Withdrawn, By: cmd.By}}}
}

// send lets a reply go whose moment is over. arrived reports which of its
// files are here.
func send(c Case, a Alarm, at time.Time, undo time.Duration, arrived func(file string) bool) Decision {
	i := c.held(a.Entry)
	if i < 0 {
		return Decision{Case: c} // taken back
	}
	h := c.Held[i]
	if !c.Hidden.IsZero() { // somebody may be looking: it waits until the resident writes
		again := a
		again.At = at.Add(hiddenWait)
		return Decision{Case: c, Alarms: []Alarm{again}}
	}
	if c.Left {
		c.Held = slices.Delete(slices.Clone(c.Held), i, i+1)
		return Decision{Case: c, Changed: []Change{{Entry: h.Entry, Fate: Blocked}}}
	}
	missing := slices.ContainsFunc(h.Files, func(f File) bool { return !arrived(f.ID) })
	if missing && h.Waits < fileWaits {
		h.Waits++
		c.Held = slices.Clone(c.Held)
		c.Held[i] = h
		again := a
		again.At = at.Add(max(undo, time.Second))
		return Decision{Case: c, Alarms: []Alarm{again}}
	}
	c.Held = slices.Delete(slices.Clone(c.Held), i, i+1)
	if missing {
		return Decision{Case: c, Changed: []Change{{Entry: h.Entry, Fate: Lost}}}
	}
	c = c.answeredAt(at)
	c.Answered = at
	e := bot.StaffReplied{Case: c.ID, From: h.By.Name, Text: h.Text, Show: h.Show}
	for _, f := range h.Files {
		e.Files = append(e.Files, bot.SentFile{ID: f.ID, Name: f.Name, Picture: strings.HasPrefix(f.MIME, "image/")})
	}
	return Decision{
		Case: c, Sent: h.Entry, Changed: []Change{{Entry: h.Entry, Fate: OnItsWay}}, Events: []bot.Event{e},
	}
}
