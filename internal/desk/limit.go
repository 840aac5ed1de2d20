package desk

import (
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// maxLimits bounds what a case keeps of whom not to tell.
const maxLimits = 20

// The notes about whom the resident does not want to be told. Their text is the
// id of bot.Limits, which may be empty, and on the next line their words.
const (
	NoteLimit    bot.NoteKind = "limit"
	NoteLimitOff bot.NoteKind = "limit-off"
)

// Limited reports a window that the resident does not want to be told, by what
// they said. The one that has the case is never meant.
func (c Case) Limited(window string) bool {
	return window != c.Window && slices.ContainsFunc(c.Limits, func(l bot.Limit) bool { return l.Names(window) })
}

// Limit keeps whom the resident does not want to be told, or takes it back.
func Limit(c Case, told bot.LimitTold, id string) Decision {
	l := told.Limit
	same := func(x bot.Limit) bool { return x.Who == l.Who && (l.Who != "" || x.Words == l.Words) }
	note := Entry{ID: "n-" + id + "-limit-" + l.Who, Case: c.ID, At: l.At, Kind: FromBot, Note: NoteLimit, By: c.Holder, Text: l.Who + "\n" + l.Words}
	if l.Words != "" { // they can take them back
		note.MessageID = l.Message
	}
	i := slices.IndexFunc(c.Limits, same)
	switch {
	case told.Off && i < 0:
		return Decision{Case: c}
	case told.Off:
		c.Limits = slices.Delete(slices.Clone(c.Limits), i, i+1)
		note.Note = NoteLimitOff
	case i >= 0 && (l.Words == "" || c.Limits[i].Words == l.Words), i < 0 && len(c.Limits) >= maxLimits:
		return Decision{Case: c} // known
	case i >= 0:
		c.Limits = slices.Clone(c.Limits)
		c.Limits[i] = l
	default:
		c.Limits = append(slices.Clone(c.Limits), l)
	}
	return Decision{Case: c, Entries: []Entry{note}}
}

// Unsay takes words that the resident took back out of what the case keeps; the
// limit itself stays, as far as it is known without them.
func Unsay(c Case, said Entry) Case {
	c.Wish = bot.Unsaid(c.Wish, said.Text)
	c.Limits = slices.Clone(c.Limits)
	for i := range c.Limits {
		if l := &c.Limits[i]; l.Message != "" && l.Message == said.MessageID {
			l.Words = ""
		}
	}
	c.Limits = slices.DeleteFunc(c.Limits, func(l bot.Limit) bool { return l.Who == "" && l.Words == "" })
	return c
}

// freed takes a window out of what limits name: the resident agreed that it is
// told.
func (c Case) freed(window string, at time.Time) Case {
	c.Limits = slices.Clone(c.Limits)
	for i := range c.Limits {
		l := &c.Limits[i]
		l.Windows = slices.DeleteFunc(slices.Clone(l.Windows), func(w string) bool { return w == window })
	}
	if c.Limited(window) { // all others but this one
		c.Consents = append(slices.Clone(c.Consents), Consent{ID: "limit-" + window, Window: window, At: at, State: ConsentGiven})
	}
	return c
}
