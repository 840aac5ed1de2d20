package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/session"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// office is reception on a real store, without LINE and Slack: what they would
// send is appended as mail, and the time is the test's.
type office struct {
	t     *testing.T
	store *store.Store
	rec   *reception.Reception
	now   time.Time
	n     int
	heard []heardOf // what the bot counted, as it said it
}

type heardOf struct {
	resident string
	at       time.Time
	bot.Count
}

// Read implements reception.Reader: the body is what was written or tapped.
func (o *office) Read(body []byte) (reception.Arrival, error) {
	var e struct{ ID, Text, Tap string }
	if err := json.Unmarshal(body, &e); err != nil {
		return reception.Arrival{}, err
	}
	a := reception.Arrival{Event: bot.Wrote{MessageID: e.ID, Text: e.Text}, Sent: o.now, Received: o.now, Contact: "U" + e.ID}
	if e.Tap != "" {
		a.Event = bot.Tapped{Data: e.Tap}
	}
	return a, nil
}

func openOffice(t *testing.T, e engine, at time.Time) *office {
	t.Helper()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, now: at}
	sealed, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	o.store, err = store.Open(t.Context(), store.Config{URL: e.database(t), Seal: sealed, Migrate: true, Now: func() time.Time { return o.now }})
	if err != nil {
		t.Fatal(err)
	}
	live, err := session.Open(session.Config{Seal: sealed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = live.Close(); _ = o.store.Close() })
	o.rec, err = reception.New(reception.Config{
		Bot: func() *bot.Bot { return b }, Store: o.store, Session: live, LINE: o, Log: quiet(),
		Channel: func(string, string) string { return "C1" }, Now: func() time.Time { return o.now },
		Observe: func(resident string, in bot.Input, _ bot.State, effects []bot.Effect) {
			for _, e := range effects {
				if c, ok := e.(bot.Count); ok {
					o.heard = append(o.heard, heardOf{resident, in.At, c})
				}
			}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// post appends a piece of mail and lets reception act on all that is due.
func (o *office) post(m mailbox.Mail) {
	o.t.Helper()
	o.n++
	m.Key, m.At = fmt.Sprintf("%s:%d", m.Source, o.n), o.now
	if _, err := o.store.Append(o.t.Context(), []mailbox.Mail{m}); err != nil {
		o.t.Fatal(err)
	}
	o.due()
}

func (o *office) due() {
	o.t.Helper()
	for {
		leased, err := o.store.LeaseMail(o.t.Context(), "w", o.now, time.Minute, 50, 10)
		if err != nil {
			o.t.Fatal(err)
		}
		if len(leased) == 0 {
			return
		}
		for _, l := range leased {
			if err := o.rec.Handle(o.t.Context(), l.Lease, l.Mail); err != nil {
				o.t.Fatal(err)
			}
		}
	}
}

// until moves the time, some hours at once, so that what is due happens in its
// own month.
func (o *office) until(at time.Time) {
	for o.now.Before(at) {
		to := o.now.Add(min(5*time.Hour, at.Sub(o.now)))
		local := o.now.In(bot.Tokyo)
		if end := time.Date(local.Year(), local.Month()+1, 1, 0, 0, -1, 0, bot.Tokyo); o.now.Before(end) && to.After(end) {
			to = end
		}
		o.now = to
		o.due()
	}
}

func (o *office) resident(who, text string) {
	o.t.Helper()
	o.say(who, map[string]string{"ID": fmt.Sprint("m", o.n), "Text": text})
}

func (o *office) taps(who, data string) {
	o.t.Helper()
	o.say(who, map[string]string{"ID": fmt.Sprint("m", o.n), "Tap": data})
}

func (o *office) say(who string, e map[string]string) {
	o.t.Helper()
	body, err := json.Marshal(e)
	if err != nil {
		o.t.Fatal(err)
	}
	o.post(mailbox.Mail{Lane: who, Source: mailbox.FromLINE, Body: body})
}

func (o *office) staff(who, id string, a desk.Action) {
	o.t.Helper()
	cmd, err := desk.Command{ID: fmt.Sprint("s", o.n), Case: id, By: desk.Staff{ID: "U1", Name: "田中"}, At: o.now, Action: a}.Encode()
	if err != nil {
		o.t.Fatal(err)
	}
	o.post(mailbox.Mail{Lane: who, Source: mailbox.FromSlack, Body: cmd})
}

// secretWords stand in what the test's residents write, and nowhere else.
var secretWords = []string{"山田花子", "090-1234-5678", "yamada@example.jp"}

// troubles are what the test's residents write. Each says who they are: none
// of that may come out.
var troubles = []string{
	"家賃が払えなくて困っています。山田花子です", "母が最近物忘れがひどくて心配。電話は090-1234-5678です", "母の介護で仕事を辞めて、家賃も払えない",
	"I lost my job and cannot pay the rent. yamada@example.jp", "仕事がなくなって、お金がありません", "食べるものがもうすぐなくなりそうです",
	"子どもが学校に行きたがらない", "ボランティアをしたい", "家賃が払えません。柏町に住んでいます", "母の介護のことで。錦町です", "柴崎町です。家賃を払えません",
}

// play lets many residents live through three months, in ways that differ.
func (o *office) play(people int) {
	o.t.Helper()
	ctx := o.t.Context()
	begin := o.now
	for i := range people {
		who := o.store.Pseudonym(fmt.Sprint("U", i))
		o.until(begin.Add(time.Duration(i) * 13 * time.Hour))
		o.resident(who, troubles[i%len(troubles)])
		if i%7 == 0 { // said twice: one person
			o.resident(who, troubles[i%len(troubles)])
		}
		if i%9 == 4 {
			o.taps(who, "wrong")
			continue
		}
		if i%17 == 5 {
			o.resident(who, "もう死にたい")
		} else {
			o.taps(who, "hand:"+[]string{"housing", "elder-care", "self-reliance"}[i%3])
			if i%11 == 7 {
				o.taps(who, "no")
				continue
			}
			o.taps(who, "yes")
		}
		cases, err := o.store.Cases(ctx, store.CaseFilter{Resident: who})
		if err != nil {
			o.t.Fatal(err)
		}
		if len(cases) == 0 {
			continue
		}
		id := cases[0].ID
		if i%5 == 0 {
			o.staff(who, id, desk.MoveTo{Window: "food-support"})
		}
		if i%10 == 0 {
			o.staff(who, id, desk.MoveTo{Window: "legal", Why: "こちらのほうが合うので"})
		}
		if i%4 == 1 {
			o.staff(who, id, desk.Invite{Window: "mental-health"})
		}
		switch i % 6 {
		case 2: // nobody ever writes
			if i%12 == 2 {
				o.until(o.now.Add(30 * time.Hour))
			}
		case 3:
			o.until(o.now.Add(27 * time.Hour))
			o.staff(who, id, desk.Reply{Text: "おそくなりました"})
		default:
			o.until(o.now.Add(time.Duration(i%5) * time.Hour))
			o.staff(who, id, desk.Reply{Text: "こんにちは"})
		}
		o.until(o.now.Add(time.Minute)) // the reply's ten seconds
		if i%8 == 7 {
			continue // stays open
		}
		o.staff(who, id, desk.Close{Outcome: []string{desk.Resolved, desk.Connected, desk.NoAnswer, desk.Mistake}[i%4], Where: "市"})
		if i%3 == 0 {
			o.taps(who, "rate:"+[]string{"3", "3", "1"}[i%9/3])
			o.taps(who, "rate:2") // they may change their mind: it was said once
		}
		if i%13 == 0 {
			o.resident(who, "まだ続いています。田中さん、お願いします")
		}
	}
	o.until(o.now.Add(26 * time.Hour))
}

// recount counts by hand: from the cases as the store has them, and from what
// the bot said it counted.
func (o *office) recount() map[insight.Tally]int {
	o.t.Helper()
	b, err := shipped()
	if err != nil {
		o.t.Fatal(err)
	}
	content := b.Content()
	sums := map[insight.Tally]int{}
	add := func(at time.Time, m insight.Measure, by insight.By, a, b string) {
		sums[insight.Tally{Month: insight.Month(at.In(bot.Tokyo).Format("2006-01")), Measure: m, By: by, A: a, B: b}]++
	}
	area := func(town string) string {
		for _, t := range content.Towns {
			if t.ID == town {
				return t.Area
			}
		}
		return ""
	}
	when := func(at time.Time, m insight.Measure) {
		local := at.In(bot.Tokyo)
		day := int(local.Weekday())
		if day == 0 {
			day = 7
		}
		add(at, m, insight.ByWeekday, fmt.Sprint(day), "")
		band := ""
		switch h := local.Hour(); {
		case h < 6:
			band = "00-06"
		case h < 9:
			band = "06-09"
		case h < 12:
			band = "09-12"
		case h < 15:
			band = "12-15"
		case h < 18:
			band = "15-18"
		case h < 21:
			band = "18-21"
		default:
			band = "21-24"
		}
		add(at, m, insight.ByHours, band, "")
	}
	seen := map[string]bool{}
	for _, h := range o.heard {
		names := map[string]insight.Measure{
			"answered": insight.Asked, "wrong": insight.Wrong, "clarified": insight.Clarified, "no-window": insight.NoWindow,
			"not-ours": insight.OutOfScope, "unread": insight.Unread, "declined": insight.Declined,
		}
		m, ok := names[h.What]
		key := fmt.Sprint(h.resident, h.at.In(bot.Tokyo).Format("2006-01"), h.What, h.Window)
		if !ok || seen[key] {
			continue
		}
		seen[key] = true
		add(h.at, m, insight.ByAll, "", "")
		if m != insight.Unread {
			add(h.at, m, insight.ByLang, string(h.Lang), "")
		}
		if m == insight.Asked || m == insight.Wrong {
			add(h.at, m, insight.ByWindow, h.Window, "")
		}
		if m == insight.Asked {
			when(h.at, m)
			add(h.at, m, insight.ByPlace, area(h.Town), h.Window)
		}
	}
	cases, err := o.store.RecentCases(o.t.Context(), time.Time{}.Add(time.Hour), 10000)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range cases {
		first := c.Window
		if len(c.Moves) > 0 {
			first = c.Moves[0].From
		}
		at := c.OpenedAt
		add(at, insight.Opened, insight.ByAll, "", "")
		add(at, insight.Opened, insight.ByWindow, first, "")
		add(at, insight.Opened, insight.ByTown, c.Town, area(c.Town))
		add(at, insight.Opened, insight.ByLang, string(c.Lang), "")
		when(at, insight.Opened)
		hours := "closed"
		if _, open := content.City.Desk.Open(at); open {
			hours = "open"
		}
		add(at, insight.Opened, insight.ByDesk, hours, "")
		if c.Danger != "" && !c.Unsure {
			add(at, insight.Danger, insight.ByAll, "", "")
			add(at, insight.Danger, insight.ByKind, c.Danger, "")
		} else if c.Danger != "" {
			add(at, insight.Suspected, insight.ByAll, "", "")
		}
		pair := func(at time.Time, a, b string) {
			add(at, insight.Together, insight.ByAll, "", "")
			add(at, insight.Together, insight.ByPair, min(a, b), max(a, b))
		}
		for i, w := range c.With {
			pair(at, first, w)
			for _, v := range c.With[i+1:] {
				pair(at, w, v)
			}
		}
		for _, m := range c.Team {
			if m.At.After(at) || !slices.Contains(c.With, m.Window) {
				pair(m.At, c.Window, m.Window)
			}
		}
		for i, m := range c.Moves {
			add(m.At, insight.Moved, insight.ByAll, "", "")
			add(m.At, insight.Moved, insight.ByWindow, m.From, "")
			add(m.At, insight.Moved, insight.ByKind, []string{"1", "2", "3+"}[i], "")
		}
		if !c.Answered.IsZero() {
			band := "later"
			switch d := c.Answered.Sub(at); {
			case d <= time.Hour:
				band = "1h"
			case d <= 4*time.Hour:
				band = "4h"
			case d <= 24*time.Hour:
				band = "24h"
			}
			add(c.Answered, insight.First, insight.ByAll, "", "")
			add(c.Answered, insight.First, insight.ByKind, band, "")
		}
		limit := at.Add(24 * time.Hour)
		ended := c.ClosedAt
		if c.Reopened > 0 { // the test's go on in the very moment they ended
			ended = o.reopenedAt(c.ID)
			add(ended, insight.Reopened, insight.ByAll, "", "")
			add(ended, insight.Reopened, insight.ByWindow, c.Window, "")
		}
		waits := ended.IsZero() || ended.After(limit) || c.Reopened > 0
		if (c.Answered.IsZero() || c.Answered.After(limit)) && waits && limit.Before(o.now) {
			add(limit, insight.Waited, insight.ByAll, "", "")
			add(limit, insight.Waited, insight.ByWindow, c.Window, "")
			add(limit, insight.Waited, insight.ByTown, c.Town, area(c.Town))
			add(limit, insight.Waited, insight.ByLang, string(c.Lang), "")
		}
		if !ended.IsZero() {
			outcome := c.Outcome
			if c.Reopened > 0 {
				outcome = o.outcomeOf(c.ID)
			}
			add(ended, insight.Closed, insight.ByAll, "", "")
			add(ended, insight.Closed, insight.ByKind, outcome, "")
			if c.Answered.IsZero() && outcome != desk.Mistake {
				add(ended, insight.Unanswered, insight.ByAll, "", "")
				add(ended, insight.Unanswered, insight.ByWindow, c.Window, "")
			}
		}
		if score := o.firstScore(c.ID); score != "" {
			add(ended, insight.Rated, insight.ByAll, "", "")
			add(ended, insight.Rated, insight.ByKind, score, "")
		}
	}
	return sums
}

// firstScore is what the resident tapped first, from the case's history.
func (o *office) firstScore(id string) string {
	for _, e := range o.entries(id) {
		if e.Note == desk.NoteRated {
			score, _, _ := strings.Cut(e.Text, "\n")
			return score
		}
	}
	return ""
}

func (o *office) entries(id string) []desk.Entry {
	o.t.Helper()
	entries, err := o.store.Entries(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return entries
}

// reopenedAt and outcomeOf are of a case that went on: the case itself does not
// say any more, what the test did does.
func (o *office) reopenedAt(id string) time.Time {
	for _, h := range o.heard {
		if h.What == "reopened" && h.resident == o.residentOf(id) {
			return h.at
		}
	}
	o.t.Fatalf("case %s went on, and the bot did not count it", id)
	return time.Time{}
}

func (o *office) residentOf(id string) string {
	c, err := o.store.Case(o.t.Context(), id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c.Resident
}

func (o *office) outcomeOf(id string) string {
	for i := range 1000 {
		if o.store.Pseudonym(fmt.Sprint("U", i)) == o.residentOf(id) {
			return []string{desk.Resolved, desk.Connected, desk.NoAnswer, desk.Mistake}[i%4]
		}
	}
	return ""
}

func (o *office) tallies() map[insight.Tally]int {
	o.t.Helper()
	list, err := o.store.Tallies(o.t.Context(), "0000-01", "9999-12")
	if err != nil {
		o.t.Fatal(err)
	}
	sums := map[insight.Tally]int{}
	for _, t := range list {
		n := t.N
		t.N = 0
		sums[t] += n
	}
	return sums
}

// TestReportEqualsRecount: 150 residents go through the real reception and
// store, and what is tallied is what counting by hand gives. It stays so when
// one of them is erased, and when all their cases are deleted.
func TestReportEqualsRecount(t *testing.T) {
	t.Parallel()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t, e, time.Date(2026, 8, 3, 9, 5, 0, 0, bot.Tokyo))
			o.play(150)
			want := o.recount()
			if diff := cmp.Diff(want, o.tallies()); diff != "" {
				t.Errorf("tallies (-by hand +stored):\n%s", diff)
			}
			totals := map[insight.Measure]int{}
			for k, n := range want {
				if k.By == insight.ByAll {
					totals[k.Measure] += n
				}
			}
			t.Logf("counted: %v", totals)
			for _, m := range []insight.Measure{
				insight.Asked, insight.Opened, insight.Waited, insight.Unanswered, insight.Wrong, insight.Declined, insight.First, insight.Moved,
				insight.Together, insight.Danger, insight.Closed, insight.Rated, insight.Reopened,
			} {
				if totals[m] == 0 {
					t.Errorf("the test has no %s: it proves nothing about it", m)
				}
			}
			if totals[insight.Opened] < 100 {
				t.Errorf("only %d cases", totals[insight.Opened])
			}
			o.reportHidesAll(want)

			if _, err := o.store.Erase(t.Context(), o.store.Pseudonym("U5"), store.Wish{By: "test", Force: true}); err != nil {
				t.Fatal(err)
			}
			o.now = o.now.AddDate(2, 0, 0)
			gone, err := o.store.DeleteExpired(t.Context(), o.now)
			if err != nil || gone.Cases < 80 {
				t.Fatalf("deleted %+v, %v; want the closed cases", gone, err)
			}
			if diff := cmp.Diff(want, o.tallies()); diff != "" {
				t.Errorf("after erasing and deleting (-before +after):\n%s", diff)
			}
			if list, err := o.store.Counts(t.Context(), "0000", "9999"); err != nil || len(list) != 0 {
				t.Errorf("figures of single days are still there after two years: %d, %v", len(list), err)
			}
		})
	}
}

// reportHidesAll holds the three months' report, in all its forms, against the
// true numbers.
func (o *office) reportHidesAll(want map[insight.Tally]int) {
	t := o.t
	t.Helper()
	b, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2027, 3, 1, 12, 0, 0, 0, bot.Tokyo)
	p, err := insight.ParsePeriod("2026-08", "2026-10", now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := reportOf(t.Context(), o.store, b.Content(), p, now)
	if err != nil {
		t.Fatal(err)
	}
	var jsonText bytes.Buffer
	if err := r.JSON(&jsonText); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Months []struct {
			Month    insight.Month
			Measures []struct {
				ID    insight.Measure
				Total reportCell
				Lines []struct {
					By    insight.By
					Cells []reportCell
				}
			}
		}
	}
	if err := json.Unmarshal(jsonText.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	shown, fews, fours := 0, 0, 0
	check := func(k insight.Tally, c reportCell) {
		t.Helper()
		n := want[k]
		switch {
		case c.Hidden == "" && (c.N == nil || *c.N != n || 0 < n && n < 5):
			t.Errorf("%+v: shown as %v, it is %d", k, c.N, n)
		case c.Hidden != "" && c.N != nil:
			t.Errorf("%+v: hidden, and the number %d stands there", k, *c.N)
		case c.Hidden == "<5" && n >= 5:
			t.Errorf("%+v: shown as <5, it is %d", k, n)
		}
		switch {
		case c.Hidden == "" && n > 0:
			shown++
		case c.Hidden == "<5":
			fews++
			if n == 4 {
				fours++
			}
		}
	}
	for _, m := range doc.Months {
		for _, x := range m.Measures {
			check(insight.Tally{Month: m.Month, Measure: x.ID}, x.Total)
			for _, l := range x.Lines {
				if l.By == insight.ByArea { // not kept by itself
					continue
				}
				for _, c := range l.Cells {
					check(insight.Tally{Month: m.Month, Measure: x.ID, By: l.By, A: c.ID, B: c.Of}, c)
				}
			}
		}
	}
	t.Logf("%d figures shown, %d hidden as <5, %d of them were 4", shown, fews, fours)
	if shown < 50 || fews < 50 || fours == 0 {
		t.Errorf("%d shown, %d hidden as <5, %d of them 4: that proves too little", shown, fews, fours)
	}
	var page, table bytes.Buffer
	if err := r.Page(&page, nil); err != nil {
		t.Fatal(err)
	}
	if err := r.CSV(&table); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"html": page.String(), "csv": table.String(), "json": jsonText.String()} {
		forbidden := append(slices.Clone(secretWords), "田中", "c-m", "T-")
		for i := range 150 {
			forbidden = append(forbidden, o.store.Pseudonym(fmt.Sprint("U", i)))
		}
		for _, word := range forbidden {
			if strings.Contains(text, word) {
				t.Errorf("the %s holds %q", name, word)
			}
		}
		if name != "json" && !strings.Contains(text, "<5") && !strings.Contains(text, "&lt;5") {
			t.Errorf("the %s never says <5", name)
		}
	}
}

type reportCell struct {
	ID, Of string
	N      *int
	Hidden string
}
