package bot

import (
	"encoding/json"
	"time"
)

// Unread is what staff did or wrote and is not shown before the resident asks
// for it: somebody else may be looking at the phone when it comes.
type Unread struct {
	From     string          `json:"from,omitempty"`
	Messages json.RawMessage `json:"messages"` // EncodeMessages
}

// maxUnread bounds what waits. Only what staff wrote is kept beyond it: nobody
// else would say it again.
const maxUnread = 20

// beQuiet begins the mode for people who may be watched: no notification names
// a topic, and what they write is not kept unless they ask people for help.
func (t *turn) beQuiet() {
	if t.s.Quiet {
		return
	}
	t.s.Quiet, t.s.After = true, nil // nothing may come by itself any more
	t.say("quiet.explain")
}

// keepUnread puts what would be shown aside and tells only that something
// came. While the talk is hidden not even that.
func (t *turn) keepUnread() {
	switch t.in.Event.(type) {
	case CaseTaken, TeamJoined: // not worth a sound; they can ask
		t.says = nil
		return
	default:
	}
	messages, err := EncodeMessages(t.says)
	_, wrote := t.in.Event.(StaffReplied)
	if err != nil || len(t.s.Unread) >= maxUnread && !wrote { // our own types cannot fail to encode
		t.says = nil
		return
	}
	t.byButtonOnly()
	t.s.Unread = append(t.s.Unread, Unread{From: t.from, Messages: messages})
	t.says, t.from = nil, "" // no name in the notification either
	if !t.s.Hidden {
		t.came()
	}
}

func (t *turn) came() {
	t.say("quiet.came")
	t.choices(t.choice("choice.read", "read"))
}

// showUnread shows what waits, as much as one call to LINE takes.
func (t *turn) showUnread(string) {
	t.forgetCommand()
	if len(t.s.Unread) == 0 {
		t.say("quiet.nothing")
		return
	}
	for len(t.s.Unread) > 0 {
		u := t.s.Unread[0]
		messages, err := DecodeMessages(u.Messages)
		if len(t.says) > 0 && (u.From != t.from || len(t.says)+len(messages) > maxMessages) {
			break // one call has one name
		}
		if err == nil {
			t.from, t.says = u.From, append(t.says, messages...)
		}
		t.s.Unread = t.s.Unread[1:]
	}
	if len(t.s.Unread) > 0 {
		t.choices(t.choice("choice.read", "read"))
	}
}

// hide ends the talk at once and leaves something harmless on the screen.
// Staff are told to wait until the resident writes again.
func (t *turn) hide(string) {
	if t.s.Case != nil {
		t.do(Note{Case: t.s.Case.ID, Kind: NoteHid})
	}
	if t.s.Watch != "" {
		t.do(Note{Case: t.s.Watch, Kind: NoteHid})
	}
	t.settled()
	t.s.Quiet, t.s.Danger, t.s.Hidden, t.s.After = true, "", true, nil
	t.say("quiet.hidden")
}

// Bare is what may be kept for long of a resident who may be watched and has
// asked nobody for help: nothing of what they said.
func (s State) Bare() State {
	if !s.Quiet || s.Case != nil || s.Watch != "" {
		return s
	}
	s = s.Clone()
	s.Question, s.Draft, s.Heard, s.Shown, s.Asked, s.Other, s.About = nil, nil, nil, nil, 0, false, ""
	s.Danger, s.Town, s.Quiet, s.LostAt, s.Counted = "", "", false, time.Time{}, Counted{}
	s.Lesson.settled()
	if s.Past != nil {
		s.Past.Said = nil
	}
	return s
}

// Fleeting reports whether the state holds what must not be kept for long.
func (s State) Fleeting() bool { return s.Quiet && s.Case == nil && s.Watch == "" }
