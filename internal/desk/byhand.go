package desk

import (
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Begin starts a case that did not come through LINE: a telephone call or a
// visit that somebody noted down. Nobody can be written to in it.
type Begin struct {
	Window string `json:"window"`
	How    string `json:"how"` // ByPhone …
	Text   string `json:"text"`
	Danger string `json:"danger,omitempty"`
}

func (Begin) action() string { return "begin" }

// How somebody came whose case staff began. The values are kept.
const (
	ByPhone = "phone"
	ByVisit = "visit"
	ByOther = "other"
)

// RefusedNoLine refuses what would reach a resident who did not come through
// LINE.
const RefusedNoLine Refusal = "no-line"

// unreachable refuses a command that needs LINE in a case without: there never
// was any, or the resident blocked the account.
func unreachable(c Case, a Action) Refusal {
	var why Refusal
	switch {
	case c.ByHand != "":
		why = RefusedNoLine
	case c.Left:
		why = RefusedGone
	}
	switch a := a.(type) {
	case Reply, Propose, AskConsent:
		return why
	case Promise:
		if a.Tell {
			return why
		}
	}
	return ""
}

// Begin makes the case of a Begin. It begins like others: untaken, in its
// window's channel; in danger everybody is called as always.
func (r Rules) Begin(cmd Command, a Begin, resident string) Decision {
	text := strings.TrimSpace(a.Text)
	c := Case{
		ID: cmd.Case, Resident: resident, Window: a.Window, Danger: a.Danger, Lang: bot.Ja, Summary: text, Status: New,
		ByHand: a.How, Left: true, OpenedAt: cmd.At,
	}
	if text == "" {
		return Decision{Case: c, Refused: RefusedEmpty}
	}
	return Decision{Case: c, Entries: []Entry{cmd.note(c, NoteBegun, a.How)}}
}

// NoteBegun tells who noted a case down.
const NoteBegun bot.NoteKind = "begun"

// Redacted reports whether the thread's words were taken out after the end.
func (c Case) Redacted() bool { return !c.Cleared.IsZero() }

// AlarmRedact is when the words of a closed case are taken out of the chat.
const AlarmRedact AlarmKind = "redact"

// RedactAfter is the due time of it; false when words stay, or the case is open.
func (r Rules) RedactAfter(c Case) (Alarm, bool) {
	if r.RedactDays <= 0 || c.Status != Closed {
		return Alarm{}, false
	}
	return Alarm{Kind: AlarmRedact, Case: c.ID, Since: c.ClosedAt, At: c.ClosedAt.Add(time.Duration(r.RedactDays) * 24 * time.Hour)}, true
}

// NoteCleared tells staff what the chat still holds of a case whose words were
// taken out: what they wrote there themselves. The chat knows what that is.
const NoteCleared bot.NoteKind = "cleared"

// redact marks a closed case so that the chat shows its words no more. A case
// that went on meanwhile keeps them.
func redact(c Case, a Alarm, id string, at time.Time) Decision {
	if c.Status == Closed && !c.Redacted() && a.Since.Equal(c.ClosedAt) {
		c.Cleared = at
		note := Entry{ID: "n-" + id + "-" + string(NoteCleared), Case: c.ID, At: at, Kind: FromBot, Note: NoteCleared}
		return Decision{Case: c, Redrawn: true, Entries: []Entry{note}}
	}
	return Decision{Case: c}
}
