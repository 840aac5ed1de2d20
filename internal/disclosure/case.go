package disclosure

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// CaseRecord is a case, told to the person it is about.
type CaseRecord struct {
	Number    string          `json:"number"`
	Window    string          `json:"window"`
	Status    string          `json:"status"` // new, taken, closed
	StatusJa  string          `json:"statusJa"`
	Opened    *Moment         `json:"opened"`
	Closed    *Moment         `json:"closed,omitempty"`
	Outcome   string          `json:"outcome,omitempty"`
	GoesOn    string          `json:"goesOnAt,omitempty"` // where it goes on
	How       string          `json:"how,omitempty"`      // when it did not come by LINE
	About     string          `json:"about,omitempty"`    // when it is somebody else's trouble
	Danger    string          `json:"danger,omitempty"`
	Language  string          `json:"language,omitempty"`
	Town      string          `json:"town,omitempty"`
	Staff     string          `json:"staff,omitempty"`       // who has it
	Summary   string          `json:"summary"`               // what staff were told
	Wish      string          `json:"wish,omitempty"`        // what they want, as staff wrote it down
	Untold    []string        `json:"notToBeTold,omitempty"` // whom they do not want to be told, in their words
	Windows   []string        `json:"furtherWindows,omitempty"`
	Moves     []MoveRecord    `json:"moves,omitempty"`
	Promise   *PromiseRecord  `json:"promise,omitempty"`
	Plan      *PlanRecord     `json:"plan,omitempty"`
	PlanAsked *PlanRecord     `json:"planNotAnswered,omitempty"`
	Consents  []ConsentRecord `json:"consents,omitempty"`
	Rating    *RatingRecord   `json:"rating,omitempty"`
	Tags      []string        `json:"tags,omitempty"` // only with the memos
	History   []LineRecord    `json:"history"`
}

// MoveRecord is a hand-over.
type MoveRecord struct {
	From string  `json:"from"`
	To   string  `json:"to"`
	At   *Moment `json:"at"`
	Why  string  `json:"why,omitempty"` // only with the memos
}

// PromiseRecord is what staff promised next.
type PromiseRecord struct {
	Text  string  `json:"text"`
	Due   *Moment `json:"due"`
	Staff string  `json:"staff"`
}

// PlanRecord is what resident and staff decided together.
type PlanRecord struct {
	Goal    string       `json:"goal"`
	Steps   []StepRecord `json:"steps,omitempty"`
	Written *Moment      `json:"written,omitempty"`
	By      string       `json:"by,omitempty"`
	Agreed  *Moment      `json:"agreed,omitempty"`
}

// StepRecord is one step of a plan.
type StepRecord struct {
	Text string `json:"text"`
	Who  string `json:"who"`
	By   string `json:"by,omitempty"` // 2006-01-02
	Done bool   `json:"done"`
}

// ConsentRecord is a consent with the very words that were read.
type ConsentRecord struct {
	With    string  `json:"with"`
	What    string  `json:"what,omitempty"`
	Text    string  `json:"text,omitempty"`
	Version string  `json:"textVersion,omitempty"`
	State   string  `json:"state"` // asked, given, refused, revoked
	StateJa string  `json:"stateJa"`
	Asked   *Moment `json:"asked"`
	Ended   *Moment `json:"ended,omitempty"`
	Staff   string  `json:"staff,omitempty"` // who asked
}

// RatingRecord is how the resident found it.
type RatingRecord struct {
	Score int     `json:"score"` // 3 good, 2 so so, 1 not good
	Words string  `json:"words,omitempty"`
	At    *Moment `json:"at"`
}

// LineRecord is one line of a case's history.
type LineRecord struct {
	At   *Moment `json:"at"`
	Kind string  `json:"kind"` // resident, staff, note, memo
	From string  `json:"from"`
	Text string  `json:"text"`
	File string  `json:"file,omitempty"` // LINE's message id of a photo or file
}

func (w *writer) caseOf(k Case) CaseRecord {
	c := k.Case
	r := CaseRecord{
		Number: c.Number(), Window: w.window(c.Window), Status: string(c.Status), Opened: When(c.OpenedAt), Closed: When(c.ClosedAt),
		StatusJa: map[desk.Status]string{desk.New: "受け付けた", desk.Taken: "職員が担当している", desk.Closed: "終わった"}[c.Status],
		Outcome:  outcome(c.Outcome), GoesOn: c.Where, About: c.About, Language: langName(c.Lang), Town: c.Town,
		Staff: c.Holder.Name, Summary: c.Summary, Wish: c.Wish, History: []LineRecord{},
		How: map[string]string{desk.ByPhone: "電話", desk.ByVisit: "窓口", desk.ByOther: "そのほか"}[c.ByHand],
	}
	if c.Danger != "" {
		r.Danger = w.danger(c.Danger)
		if c.Unsure {
			r.Danger += "（たしかめている）"
		}
	}
	for _, l := range c.Limits {
		r.Untold = append(r.Untold, cmp.Or(l.Words, w.Content.LimitName(bot.Ja, l.Who)))
	}
	for _, m := range c.Team {
		r.Windows = append(r.Windows, w.window(m.Window))
	}
	for _, m := range c.Moves {
		move := MoveRecord{From: w.window(m.From), To: w.window(m.To), At: When(m.At)}
		if w.Memos {
			move.Why = m.Why
		} else if m.Why != "" {
			w.private++
		}
		r.Moves = append(r.Moves, move)
	}
	if n := c.Next; n != nil {
		if n.Told || w.Memos {
			r.Promise = &PromiseRecord{n.Text, When(n.Due), n.By.Name}
		} else {
			w.private++
		}
	}
	r.Plan, r.PlanAsked = plan(c.Plan), plan(c.Asked)
	for _, x := range c.Consents {
		with := x.With
		if x.Window != "" {
			with = w.window(x.Window)
		}
		r.Consents = append(r.Consents, ConsentRecord{
			With: with, What: x.What, Text: x.Text, Version: x.Version, State: string(x.State), Asked: When(x.At), Ended: When(x.Ended), Staff: x.By.Name,
			StateJa: map[desk.ConsentState]string{
				desk.ConsentAsked: "まだ答えていない", desk.ConsentGiven: "同意した", desk.ConsentRefused: "同意しなかった", desk.ConsentRevoked: "取り消した",
			}[x.State],
		})
	}
	if c.Rating != nil {
		r.Rating = &RatingRecord{c.Rating.Score, c.Rating.Words, When(c.Rating.At)}
	}
	if w.Memos {
		r.Tags = c.Tags
	} else {
		w.private += len(c.Tags)
	}
	for _, e := range k.Entries {
		if line, ok := w.line(e); ok {
			r.History = append(r.History, line)
		}
	}
	return r
}

func plan(p *bot.Plan) *PlanRecord {
	if p == nil {
		return nil
	}
	r := &PlanRecord{Goal: p.Goal, Written: When(p.At), By: p.By, Agreed: When(p.Agreed)}
	for _, s := range p.Steps {
		who := map[string]string{bot.StepResident: "ご本人", bot.StepStaff: "職員", bot.StepBoth: "いっしょに"}[s.Who]
		r.Steps = append(r.Steps, StepRecord{s.Text, who, s.By, s.Done})
	}
	return r
}

// line tells one entry; false when it is left out.
func (w *writer) line(e desk.Entry) (LineRecord, bool) {
	l := LineRecord{At: When(e.At), Kind: string(e.Kind), Text: e.Text}
	switch e.Kind {
	case desk.FromResident:
		l.From = "ご本人"
		switch {
		case e.Unsent:
			l.Text = "（ご本人が取り消しました）"
		case e.Media != "":
			l.Text = strings.TrimSpace("［" + mediaName(e.Media) + "］ " + e.Text)
			l.File = e.MessageID
		}
		return l, true
	case desk.FromStaff:
		l.From = e.By.Name
		switch {
		case e.Fate == desk.OnItsWay:
			return l, true
		case w.Memos:
			l.Text += "（ご本人には届いていません）"
			return l, true
		}
	case desk.FromBot:
		l.From = "記録"
		text, shown := w.note(e)
		l.Text = text
		if shown || w.Memos {
			return l, true
		}
	default:
		l.From = e.By.Name
		if w.Memos {
			return l, true
		}
		w.memos++
		return LineRecord{}, false
	}
	w.private++
	return LineRecord{}, false
}

// note is what a note says to the person it is about. shown: they did it or
// were told of it; the others are staff's work among themselves.
func (w *writer) note(e desk.Entry) (text string, shown bool) {
	first, rest, _ := strings.Cut(e.Text, "\n")
	by, window := e.By.Name, "「"+w.window(first)+"」"
	known := map[bot.NoteKind]string{
		bot.NoteLeft: "アカウントをブロックしました。", bot.NoteReturned: "ブロックをやめました。", bot.NoteThanks: "お礼のことばがありました。",
		bot.NoteUnsent: "メッセージの送信を取り消しました。", bot.NoteSafe: "「いまは危なくない」と答えました。", bot.NoteHid: "「かくす」で話を閉じました。",
		desk.NoteBegun: by + "が相談を書きとめました。", desk.NoteOfferAsked: by + "が、" + window + "への引き継ぎについてたずねました。",
		desk.NoteOfferYes: window + "への引き継ぎに「はい」と答えました。", desk.NoteOfferNo: window + "への引き継ぎに「いまの担当のまま」と答えました。",
		desk.NoteAccepted: window + "の" + by + "が引き継ぎました。", desk.NoteJoined: window + "の" + by + "が加わりました。",
		desk.NoteLeftTeam: window + "は、ここまでになりました。", desk.NotePlanAsked: by + "が、計画の案を見せました：" + first,
		desk.NotePlanYes: "計画に「はい」と答えました：" + first, desk.NotePlanLater: "計画に「いまは決めない」と答えました。",
		desk.NotePlanChange: "計画を直したいと答えました：" + e.Text, desk.NoteStepDone: "一歩を終えました：" + first,
		desk.NoteConsentAsked: by + "が、" + window + "に伝えてよいかたずねました。", desk.NoteConsentYes: window + "に伝えることに同意しました。",
		desk.NoteConsentNo: window + "に「伝えないで」と答えました。", desk.NoteRevoked: "同意を取り消しました：" + e.Text,
		desk.NoteRated: strings.TrimSpace("感想を伝えました。" + rest),
	}
	if text, ok := known[e.Note]; ok {
		return text, true
	}
	return strings.TrimSpace(string(e.Note) + "：" + strings.ReplaceAll(e.Text, "\n", "　")), false
}

func outcome(value string) string {
	text := map[string]string{
		desk.Resolved: "解決した", desk.Connected: "ほかにつないだ", desk.Elsewhere: "ほかの所で続く", desk.NoAnswer: "返事がない", desk.Mistake: "まちがい",
	}[value]
	if text == "" {
		return value
	}
	return text
}

func sorted(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
