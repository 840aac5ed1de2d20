package bot

import (
	"maps"
	"slices"
	"time"
)

// State is all that the dialogue knows of one resident between two inputs. It
// survives JSON: stories pass it through JSON between every two steps.
type State struct {
	Lang       Lang      `json:"lang,omitempty"`
	LangChosen bool      `json:"langChosen,omitempty"` // said by the resident, not guessed
	LangHeard  bool      `json:"langHeard,omitempty"`  // guessed from what the resident wrote
	Town       string    `json:"town,omitempty"`
	Gone       bool      `json:"gone,omitempty"`  // blocked the account: nothing may be sent
	Case       *CaseView `json:"case,omitempty"`  // the case people are working on
	Watch      string    `json:"watch,omitempty"` // case opened on a doubt about danger: staff look on, the bot talks
	Past       *CaseView `json:"past,omitempty"`  // the case closed last
	Question   *Question `json:"question,omitempty"`
	Draft      *Draft    `json:"draft,omitempty"`
	Heard      []Heard   `json:"heard,omitempty"`  // words not yet handed over, oldest first
	Shown      []string  `json:"shown,omitempty"`  // windows and opportunities shown for these words
	Other      bool      `json:"other,omitempty"`  // these words are about somebody else
	Asked      int       `json:"asked,omitempty"`  // clarifying questions in a row
	Danger     string    `json:"danger,omitempty"` // kind the numbers were shown for last
	DangerAt   time.Time `json:"dangerAt,omitzero"`
	LostAt     time.Time `json:"lostAt,omitzero"`  // when the first step for something lost was told
	LossAt     time.Time `json:"lossAt,omitzero"`  // when a death was answered with sympathy
	Menu       string    `json:"menu,omitempty"`   // name of the menu on the phone; empty: the one everybody has
	NoNews     bool      `json:"noNews,omitempty"` // wants answers only, no announcements
	LastAt     time.Time `json:"lastAt,omitzero"`

	Lesson Lesson   `json:"lesson,omitzero"`  // what went wrong and might be learned
	About  string   `json:"about,omitempty"`  // who these words are about, when Other
	Quiet  bool     `json:"quiet,omitempty"`  // somebody may look at this phone
	Unread []Unread `json:"unread,omitempty"` // from staff, not shown before the resident asks
	Hidden bool     `json:"hidden,omitempty"` // the talk was hidden and nothing was written since

	After   *Aftercare `json:"after,omitempty"`   // a case that ended well, to ask how things are
	NoAfter bool       `json:"noAfter,omitempty"` // does not want to be asked

	ForgetAt time.Time `json:"forgetAt,omitzero"` // when what nobody needs any more is dropped, also if they never write again

	Counted Counted `json:"counted,omitzero"` // so that nobody stands twice in a month's figures
}

// countedIn is how Counted writes a month.
const countedIn = "2006-01"

// Counted is what a resident was counted for in one month. It is dropped when
// the month is over.
type Counted struct {
	Month string   `json:"month"` // 2006-01, Tokyo's
	What  []string `json:"what"`
}

// first notes that something is counted, and reports whether it is so for the
// first time in the month of a time.
func (c *Counted) first(what string, at time.Time) bool {
	if month := at.In(Tokyo).Format(countedIn); c.Month != month {
		*c = Counted{Month: month}
	}
	if slices.Contains(c.What, what) {
		return false
	}
	c.What = append(c.What, what)
	return true
}

// CaseView is what the dialogue must know of a case.
type CaseView struct {
	ID       string    `json:"id"`
	Window   string    `json:"window"`
	Holder   string    `json:"holder,omitempty"` // name residents see
	OpenedAt time.Time `json:"openedAt,omitzero"`
	ClosedAt time.Time `json:"closedAt,omitzero"`
	Told     bool      `json:"told,omitempty"`  // the resident was told their latest words arrived
	Aside    bool      `json:"aside,omitempty"` // the resident wants the bot meanwhile

	Said    *Correction `json:"said,omitempty"` // words the bot answered, Right not yet known; nil when they may not be used
	TakenAt time.Time   `json:"takenAt,omitzero"`
	Team    []string    `json:"team,omitempty"` // further windows that came
	Next    string      `json:"next,omitempty"` // what staff promised, when the resident was told
	NextDue time.Time   `json:"nextDue,omitzero"`
	Offer   *Offered    `json:"offer,omitempty"`
	Plan    *Plan       `json:"plan,omitempty"`  // agreed
	Asked   *Plan       `json:"asked,omitempty"` // shown, not answered
	Shares  []Shared    `json:"shares,omitempty"`

	Changing int `json:"changing,omitempty"` // version of Asked that the resident wants changed: staff have their words

	Kept bool `json:"kept,omitempty"` // the resident knows that staff's screen does not show the case yet
	Late bool `json:"late,omitempty"` // … and that what they wrote since has to wait
	Owed bool `json:"owed,omitempty"` // it arrived since, and they have not been told
}

// Offered is a hand-over the resident was asked about.
type Offered struct {
	ID      string `json:"id"`
	Window  string `json:"window"`
	When    string `json:"when,omitempty"`
	Text    string `json:"text"` // as read by the resident
	Agreed  bool   `json:"agreed,omitempty"`
	Outside bool   `json:"outside,omitempty"` // to another organisation: agreeing is consent
}

// Shared is a consent the resident was asked for.
type Shared struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Text  string `json:"text"` // as read by the resident
	Given bool   `json:"given,omitempty"`
}

// Plan is what resident and staff decide together: いっしょに決めたこと.
type Plan struct {
	Version int       `json:"version"`
	Goal    string    `json:"goal"` // in the resident's words
	Steps   []Step    `json:"steps,omitempty"`
	By      string    `json:"by,omitempty"` // who wrote it down
	At      time.Time `json:"at,omitzero"`
	Agreed  time.Time `json:"agreed,omitzero"` // when the resident said yes; only then it counts
}

// Step is one small step.
type Step struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	Who  string `json:"who"`
	By   string `json:"by,omitempty"` // 2006-01-02
	Done bool   `json:"done,omitempty"`
}

// Who takes a step.
const (
	StepResident = "resident"
	StepStaff    = "staff"
	StepBoth     = "both"
)

// Heard is one thing the resident said or sent.
type Heard struct {
	MessageID string    `json:"id,omitempty"`
	Text      string    `json:"text,omitempty"`
	Media     MediaKind `json:"media,omitempty"`
	At        time.Time `json:"at,omitzero"`
}

// Question is what the bot has asked and not yet been answered.
type Question struct {
	Kind    QuestionKind `json:"kind"`
	Choices []Choice     `json:"choices,omitempty"` // as shown, so that typing one works like tapping it
	Field   string       `json:"field,omitempty"`   // of a form; the kind of danger asked about
	At      time.Time    `json:"at,omitzero"`

	Lesson *Correction `json:"lesson,omitempty"` // what may be used, of AskLesson
}

// QuestionKind names a row group of the flow table.
type QuestionKind string

// The questions the bot asks.
const (
	AskLanguage QuestionKind = "language" // which language?
	AskClarify  QuestionKind = "clarify"  // which of these is it?
	AskHandover QuestionKind = "handover" // may staff read this?
	AskChange   QuestionKind = "change"   // what should it say instead?
	AskForm     QuestionKind = "form"     // the next field of a form
	AskDanger   QuestionKind = "danger"   // are you in danger?
	AskMedia    QuestionKind = "media"    // what is this picture about?
	AskLesson   QuestionKind = "lesson"   // may these words be used to err less?
	AskOffer    QuestionKind = "offer"    // may another window go on?
	AskConsent  QuestionKind = "consent"  // may another organisation be told?
	AskLimit    QuestionKind = "limit"    // whom must not be told?
	AskPlan     QuestionKind = "plan"     // is this your plan?
	AskPlanNew  QuestionKind = "plan-new" // what should it say instead?
	AskRated    QuestionKind = "rated"    // a word about how it was?
	AskAfter    QuestionKind = "after"    // how are things, some time after the end?
)

// Draft is a hand-over or an application in the making.
type Draft struct {
	Window  string            `json:"window"`
	With    []string          `json:"with,omitempty"`
	Role    string            `json:"role,omitempty"`
	Summary string            `json:"summary,omitempty"`
	Form    string            `json:"form,omitempty"`
	Answers map[string]string `json:"answers,omitempty"`
	Other   bool              `json:"other,omitempty"`
	Edited  bool              `json:"edited,omitempty"` // Summary is the resident's own correction

	From map[string][]string `json:"from,omitempty"` // LINE's ids of the messages that answers stood in, by field
}

// How long the dialogue remembers.
const (
	// memory is how long unanswered words and open questions live.
	memory = 12 * time.Hour
	// burst is how long one message can continue another.
	burst = 60 * time.Second
	// piece is how long a text can be, in characters, that still continues an
	// answered one.
	piece = 24
	// reopening is how long after its end a case goes back to the same people.
	reopening = 14 * 24 * time.Hour
	// numbersStay is how long the numbers just shown need not be shown again
	// for the same danger: saying the same words at each message wears them out.
	numbersStay = 30 * time.Minute
	// maxHeard and maxWords bound what is kept of one conversation.
	maxHeard = 30
	maxWords = 5000
)

// Clone returns a copy that shares nothing with s.
func (s State) Clone() State {
	s.Case, s.Past = s.Case.clone(), s.Past.clone()
	if s.Question != nil {
		q := *s.Question
		q.Choices = slices.Clone(q.Choices)
		q.Lesson = q.Lesson.clone()
		s.Question = &q
	}
	if s.Draft != nil {
		d := *s.Draft
		d.With = slices.Clone(d.With)
		answers := make(map[string]string, len(d.Answers))
		for k, v := range d.Answers {
			answers[k] = v
		}
		d.Answers = answers
		d.From = maps.Clone(d.From)
		s.Draft = &d
	}
	if s.After != nil {
		a := *s.After
		s.After = &a
	}
	s.Lesson.Wrong = s.Lesson.Wrong.clone()
	s.Heard = slices.Clone(s.Heard)
	s.Shown = slices.Clone(s.Shown)
	s.Unread = slices.Clone(s.Unread)
	s.Counted.What = slices.Clone(s.Counted.What)
	return s
}

func (c *CaseView) clone() *CaseView {
	if c == nil {
		return nil
	}
	v := *c
	v.Team, v.Shares = slices.Clone(v.Team), slices.Clone(v.Shares)
	if v.Offer != nil {
		o := *v.Offer
		v.Offer = &o
	}
	v.Plan, v.Asked = v.Plan.clone(), v.Asked.clone()
	return &v
}

func (p *Plan) clone() *Plan {
	if p == nil {
		return nil
	}
	v := *p
	v.Steps = slices.Clone(v.Steps)
	return &v
}

// lapse forgets what is too old to be answered sensibly at the time now.
func (s *State) lapse(now time.Time) {
	if !s.LastAt.IsZero() && now.Sub(s.LastAt) > memory {
		q := s.Question
		if q != nil && (q.Kind != AskAfter || now.Sub(q.At) > afterStays) { // asked of who had not written for long
			q = nil
		}
		s.Question, s.Draft, s.Heard, s.Shown, s.Asked, s.Other = q, nil, nil, nil, 0, false
		s.Lesson.settled()
		s.About = ""
		if s.Case == nil {
			if s.Quiet {
				s.Counted = Counted{} // it names what they asked about
			}
			s.Quiet, s.Unread = false, nil
		}
	}
	if s.Past != nil && now.Sub(s.Past.ClosedAt) > reopening {
		s.Past = nil
	}
	if s.Counted.Month != now.In(Tokyo).Format(countedIn) {
		s.Counted = Counted{}
	}
}

// forgetKey is the due time at which words lapse of a resident who does not
// write any more: nobody would look at them otherwise, and they would stay.
const forgetKey = "forget"

// forgetLater sets that due time while there is something to forget.
func (t *turn) forgetLater() {
	var at time.Time
	switch {
	case t.s.Fleeting() || !t.s.ForgetAt.IsZero():
		return
	case len(t.s.Heard) > 0 || t.s.Draft != nil || len(t.s.Unread) > 0 && t.s.Case == nil || t.s.Lesson.holds():
		at = t.in.At.Add(memory + time.Hour)
	case t.s.Past != nil:
		at = t.s.Past.ClosedAt.Add(reopening + time.Hour)
	case t.s.Counted.Month != "": // on the first of the next month, not all at once
		y, m, _ := t.in.At.In(Tokyo).Date()
		h, min, _ := t.in.At.In(Tokyo).Clock()
		at = time.Date(y, m+1, 1, h, min, 0, 0, Tokyo)
	default:
		return
	}
	if at.Before(t.in.At) {
		at = t.in.At.Add(time.Hour)
	}
	t.s.ForgetAt = at
	t.do(Later{Key: forgetKey, At: at})
}

// hear keeps a resident's words until they are handed over or lapse.
func (s *State) hear(h Heard) {
	s.Heard = append(s.Heard, h)
	total := 0
	for _, x := range s.Heard {
		total += len(x.Text)
	}
	for len(s.Heard) > 1 && (len(s.Heard) > maxHeard || total > 3*maxWords) {
		total -= len(s.Heard[0].Text)
		s.Heard = s.Heard[1:]
	}
}

// forget drops a message that was taken back.
func (s *State) forget(messageID string) {
	s.Heard = slices.DeleteFunc(s.Heard, func(h Heard) bool { return h.MessageID == messageID })
}
