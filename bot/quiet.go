package bot

// Unread is a reply of staff that is not shown before the resident asks for
// it: somebody else may be looking at the phone when it comes.
type Unread struct {
	From  string     `json:"from"`
	Text  string     `json:"text,omitempty"`
	Files []SentFile `json:"files,omitempty"`
	Show  string     `json:"show,omitempty"`
}

// maxUnread bounds what waits; more is shown at the next tap.
const maxUnread = 20

// beQuiet begins the mode for people who may be watched: no notification names
// a topic, and what they write is not kept unless they ask people for help.
func (t *turn) beQuiet() {
	if t.s.Quiet {
		return
	}
	t.s.Quiet = true
	t.say("quiet.explain")
}

// keepUnread tells only that something came. The words wait for a tap.
func (t *turn) keepUnread(e StaffReplied) {
	if len(t.s.Unread) < maxUnread {
		t.s.Unread = append(t.s.Unread, Unread{From: e.From, Text: e.Text, Files: e.Files, Show: e.Show})
	}
	t.from = "" // no name in the notification either
	t.say("quiet.came")
	t.choices(t.choice("choice.read", "read"))
}

// showUnread shows what waits.
func (t *turn) showUnread(string) {
	t.forgetCommand()
	if len(t.s.Unread) == 0 {
		t.say("quiet.nothing")
		return
	}
	for len(t.s.Unread) > 0 && len(t.says) < maxMessages {
		u := t.s.Unread[0]
		if t.from != "" && t.from != u.From { // one call to LINE has one name
			break
		}
		t.from = u.From
		before := len(t.says)
		t.showReply(StaffReplied{From: u.From, Text: u.Text, Files: u.Files, Show: u.Show})
		if len(t.says) > maxMessages { // does not fit with the others: at the next tap
			t.says = t.says[:before]
			break
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
	t.s.Quiet, t.s.Danger, t.s.Hidden = true, "", true
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
	s.Danger, s.Town, s.Quiet = "", "", false
	return s
}

// Fleeting reports whether the state holds what must not be kept for long.
func (s State) Fleeting() bool { return s.Quiet && s.Case == nil && s.Watch == "" }
