package insight

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Measure is something that is counted. Its names are kept: they stand in
// databases and in what offices made of the data.
type Measure string

// Of people, each once a month and window, however often they write.
const (
	Asked      Measure = "asked"     // the bot showed them a window
	Wrong      Measure = "wrong"     // they said 「ちがう」 to it
	Clarified  Measure = "clarified" // the bot had to ask back
	NoWindow   Measure = "no-window" // it asked back and still found no window
	OutOfScope Measure = "not-ours"  // what they asked is nobody's here
	Unread     Measure = "unread"    // writing that nobody here reads
	Declined   Measure = "declined"  // would rather not be handed to staff
)

// Of cases.
const (
	Opened     Measure = "opened"     // it began
	Danger     Measure = "danger"     // somebody was in danger in it, by kind
	Suspected  Measure = "suspected"  // … perhaps
	First      Measure = "first"      // staff wrote for the first time, by how long that took
	Waited     Measure = "waited"     // nobody wrote (of a call or visit: took it) within desk.AnswerWithin
	Moved      Measure = "moved"      // it was handed over, by which time that was
	Together   Measure = "together"   // two windows in one case
	Closed     Measure = "closed"     // it ended, by how
	Unanswered Measure = "unanswered" // … without a word from staff
	Reopened   Measure = "reopened"   // … and went on
	Rated      Measure = "rated"      // the resident said how it was
)

// By says what a measure is split by.
type By string

// The splits. Of a tally A, and where it says so B, tell which part it is.
const (
	ByAll     By = ""
	ByWindow  By = "window"
	ByTown    By = "town" // A: the town, B: its area; both empty when it was not said
	ByLang    By = "lang"
	ByWeekday By = "weekday"     // 1 Monday … 7 Sunday
	ByHours   By = "hours"       // a band of the day, such as 09-12
	ByDesk    By = "desk"        // open or closed
	ByPlace   By = "window-area" // A: the area, B: the window
	ByPair    By = "pair"        // two windows, in alphabetical order
	ByKind    By = "kind"        // what the measure says
)

// splits are the lines of each measure. Only what is published is kept: no
// figure ties a town to a language, or either to an hour.
//
// The lines of a measure share nothing but their sum, and a line that splits
// another's part further is the only one that does: so each can be hidden by
// itself (hide.go). That is why people are split into windows and these into
// areas, and cases into areas and these into towns, and never both.
var splits = map[Measure][]By{
	Asked:      {ByAll, ByWindow, ByPlace, ByLang, ByWeekday, ByHours},
	Opened:     {ByAll, ByWindow, ByTown, ByLang, ByWeekday, ByHours, ByDesk},
	Wrong:      {ByAll, ByWindow, ByLang},
	Clarified:  {ByAll, ByLang},
	NoWindow:   {ByAll, ByLang},
	OutOfScope: {ByAll, ByLang},
	Unread:     {ByAll},
	Declined:   {ByAll, ByLang},
	Danger:     {ByAll, ByKind},
	Suspected:  {ByAll},
	First:      {ByAll, ByKind},
	Waited:     {ByAll, ByWindow, ByTown, ByLang},
	Moved:      {ByAll, ByKind, ByWindow},
	Together:   {ByAll, ByPair},
	Closed:     {ByAll, ByKind},
	Unanswered: {ByAll, ByWindow},
	Reopened:   {ByAll, ByWindow},
	Rated:      {ByAll, ByKind},
}

// Measures are all there are, in the order of the report.
var Measures = []Measure{
	Asked, Opened, Waited, Unanswered, Wrong, NoWindow, OutOfScope, Declined, Unread, Clarified,
	First, Moved, Together, Danger, Suspected, Closed, Reopened, Rated,
}

// Tally is one figure of one month: how many of Measure there were in the part
// of By that A and B name.
type Tally struct {
	Month   Month
	Measure Measure
	By      By
	A, B    string
	N       int
}

// Compare orders tallies, without their N.
func (t Tally) Compare(u Tally) int {
	return cmp.Or(cmp.Compare(t.Month, u.Month), cmp.Compare(t.Measure, u.Measure), cmp.Compare(t.By, u.By), cmp.Compare(t.A, u.A), cmp.Compare(t.B, u.B))
}

// counted are the bot's counts that stand in the report.
var counted = map[string]Measure{
	"answered": Asked, "wrong": Wrong, "clarified": Clarified, "no-window": NoWindow, "not-ours": OutOfScope, "unread": Unread, "declined": Declined,
}

// OfCount is what a count of the dialogue adds at a time. Only the first of a
// resident in a month counts.
func OfCount(c bot.Count, at time.Time, content *bot.Content) []Tally {
	m, ok := counted[c.What]
	if !ok || !c.First {
		return nil
	}
	return event{measure: m, window: c.Window, lang: c.Lang, town: c.Town, at: at}.tallies(content)
}

// OfCase is what a change of a case adds; of a case that begins, before is the
// zero Case. Everything is counted in the month in which it happens, once, so
// that the figures of a month that is over never change.
func OfCase(before, after desk.Case, at time.Time, content *bot.Content) []Tally {
	var list []Tally
	count := func(m Measure, kind, other string) {
		window := after.Window
		if m == Moved {
			window, other = other, ""
		}
		e := event{measure: m, window: window, lang: after.Lang, town: after.Town, kind: kind, other: other, at: at}
		list = append(list, e.tallies(content)...)
	}
	if before.ID == "" {
		count(Opened, "", "")
	}
	certain := func(c desk.Case) bool { return c.Danger != "" && !c.Unsure }
	switch {
	case certain(after) && !certain(before):
		count(Danger, after.Danger, "")
	case after.Danger != "" && before.Danger == "":
		count(Suspected, "", "")
	}
	for _, p := range together(before, after) {
		count(Together, p[0], p[1])
	}
	if before.Answered.IsZero() && !after.Answered.IsZero() {
		count(First, span(after.Answered.Sub(after.OpenedAt)), "")
	}
	if before.Waited.IsZero() && !after.Waited.IsZero() {
		count(Waited, "", "")
	}
	for i := len(before.Moves); i < len(after.Moves); i++ {
		count(Moved, moveNames[min(i, len(moveNames)-1)], after.Moves[i].From)
	}
	ended := before.Status != desk.Closed && after.Status == desk.Closed
	if ended {
		count(Closed, cmp.Or(after.Outcome, noOutcome), "")
		if !after.Heeded() && after.Outcome != desk.Mistake {
			count(Unanswered, "", "")
		}
	}
	if after.Reopened > before.Reopened {
		count(Reopened, "", "")
	}
	if score := scoreOf(after); score != "" && (ended || scoreOf(before) == "") {
		count(Rated, score, "")
	}
	return list
}

const noOutcome = "none"

// moveNames are the kinds of Moved: which hand-over of its case it was.
var moveNames = []string{"1", "2", "3+"}

func scoreOf(c desk.Case) string {
	if c.Rating == nil || c.Rating.Score == 0 {
		return ""
	}
	return strconv.Itoa(c.Rating.Score)
}

// together are the pairs of windows that come to be in one case: those it
// begins with, and each one that is asked in later, with the one that leads.
func together(before, after desk.Case) (pairs [][2]string) {
	pair := func(a, b string) {
		p := [2]string{min(a, b), max(a, b)}
		if a != b && a != "" && b != "" && !slices.Contains(pairs, p) {
			pairs = append(pairs, p)
		}
	}
	all := func(c desk.Case) []string {
		list := append([]string{c.Window}, c.With...)
		for _, m := range c.Team {
			list = append(list, m.Window)
		}
		return list
	}
	if before.ID == "" {
		windows := all(after)
		for i, a := range windows {
			for _, b := range windows[i+1:] {
				pair(a, b)
			}
		}
		return pairs
	}
	were := all(before)
	for _, m := range before.Moves {
		were = append(were, m.From)
	}
	for _, m := range after.Team {
		if !slices.Contains(were, m.Window) {
			pair(after.Window, m.Window)
		}
	}
	return pairs
}

// spans are the kinds of First: how long it took, up to.
var spans = []struct {
	name string
	most time.Duration
}{{"1h", time.Hour}, {"4h", 4 * time.Hour}, {"24h", desk.AnswerWithin}, {"later", 0}}

func span(d time.Duration) string {
	for _, s := range spans {
		if d <= s.most || s.most == 0 {
			return s.name
		}
	}
	return ""
}

// event is one thing that happened, before it is split.
type event struct {
	measure      Measure
	window, town string
	lang         bot.Lang
	kind, other  string // other: the second of a pair
	at           time.Time
}

func (e event) tallies(content *bot.Content) []Tally {
	month, area, town := MonthOf(e.at), "", ""
	if t := content.Town(e.town); t != nil {
		area, town = t.Area, t.ID
	}
	at := e.at.In(bot.Tokyo)
	list := make([]Tally, 0, len(splits[e.measure]))
	for _, by := range splits[e.measure] {
		t := Tally{Month: month, Measure: e.measure, By: by, N: 1}
		switch by {
		case ByAll, ByArea: // the sums of ByTown
		case ByWindow:
			t.A = e.window
		case ByTown:
			t.A, t.B = town, area
		case ByLang:
			t.A = string(e.lang)
		case ByWeekday:
			t.A = strconv.Itoa((int(at.Weekday())+6)%7 + 1)
		case ByHours:
			t.A = hoursOf(at.Hour())
		case ByDesk:
			t.A = "closed"
			if _, open := content.City.Desk.Open(e.at); open {
				t.A = "open"
			}
		case ByPlace:
			t.A, t.B = area, e.window
		case ByPair:
			t.A, t.B = e.kind, e.other
		case ByKind:
			t.A = e.kind
		}
		list = append(list, t)
	}
	return list
}

// dayBands begin at these hours.
var dayBands = []int{0, 6, 9, 12, 15, 18, 21, 24}

func hoursOf(hour int) string {
	i := 0
	for dayBands[i+1] <= hour {
		i++
	}
	return fmt.Sprintf("%02d-%02d", dayBands[i], dayBands[i+1])
}
