package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The people of the tests, and a Tuesday on which the desk is open.
var (
	sato    = desk.Staff{ID: "U3", Name: "佐藤"}
	tuesday = time.Date(2026, 11, 24, 10, 0, 0, 0, bot.Tokyo)
	office  = bot.Hours{Week: map[string][]bot.Period{
		"mon": {{From: "08:30", To: "17:15"}}, "tue": {{From: "08:30", To: "17:15"}}, "wed": {{From: "08:30", To: "17:15"}},
		"thu": {{From: "08:30", To: "17:15"}}, "fri": {{From: "08:30", To: "17:15"}},
	}}
)

func number(n int) *int { return &n }

// has is an open case somebody has since some hours ago.
func has(who desk.Staff, hours int) desk.Case {
	return desk.Case{ID: fmt.Sprint(who.ID, "-", hours), Status: desk.Taken, Holder: who, TakenAt: tuesday.Add(-time.Duration(hours) * time.Hour)}
}

func danger(c desk.Case) desk.Case { c.Danger = "suicide"; return c }

func asleep(c desk.Case) desk.Case { c.Snoozed = tuesday.Add(time.Hour); return c }

func order(loads []desk.Load) string {
	var ids []string
	for _, l := range loads {
		ids = append(ids, l.Who.ID)
	}
	return strings.Join(ids, " ")
}

func TestFairOrder(t *testing.T) {
	t.Parallel()
	three := []desk.Staff{{ID: "U1"}, {ID: "U2"}, {ID: "U3"}}
	ended := func(who desk.Staff, hours int) desk.Case {
		c := danger(has(who, hours+1))
		c.Status, c.ClosedAt = desk.Closed, tuesday.Add(-time.Duration(hours)*time.Hour)
		c.Borne = []desk.Bearer{{Who: who, From: c.TakenAt, To: c.ClosedAt, Sure: true}}
		return c
	}
	helps := has(desk.Staff{ID: "U9"}, 1)
	helps.Team = []desk.Member{{Window: "housing", Who: tanaka}}
	for _, x := range []struct {
		name   string
		books  desk.Books
		duty   bot.Duty
		danger bool
		want   string
	}{
		{"nobody has anything: as given", desk.Books{}, bot.Duty{}, false, "U1 U2 U3"},
		{"fewest first", desk.Books{Open: []desk.Case{has(tanaka, 1), has(tanaka, 2), has(suzuki, 3)}}, bot.Duty{}, false, "U3 U2 U1"},
		{"one in danger weighs more than two others", desk.Books{Open: []desk.Case{danger(has(tanaka, 9)), has(suzuki, 1), has(suzuki, 2), has(sato, 3)}}, bot.Duty{}, false, "U3 U2 U1"},
		{"what sleeps weighs half", desk.Books{Open: []desk.Case{asleep(has(tanaka, 1)), has(suzuki, 2), has(sato, 3), has(sato, 4)}}, bot.Duty{}, false, "U1 U2 U3"},
		{"helping another weighs half", desk.Books{Open: []desk.Case{helps, has(suzuki, 2)}}, bot.Duty{}, false, "U3 U1 U2"},
		{"of equals who took one longest ago", desk.Books{Open: []desk.Case{has(tanaka, 1), has(suzuki, 50), has(sato, 5)}}, bot.Duty{}, false, "U2 U3 U1"},
		{"also one that is over", desk.Books{Took: map[string]time.Time{"U1": tuesday, "U2": tuesday.Add(-time.Hour)}}, bot.Duty{}, false, "U3 U2 U1"},
		{"duty decides between equals", desk.Books{Duty: []desk.Staff{sato}}, bot.Duty{}, false, "U3 U1 U2"},
		{"duty does not fill one's hands", desk.Books{Duty: []desk.Staff{sato}, Open: []desk.Case{has(sato, 1)}}, bot.Duty{}, false, "U1 U2 U3"},
		{"in danger duty goes first", desk.Books{Duty: []desk.Staff{sato}, Open: []desk.Case{has(sato, 1)}}, bot.Duty{}, true, "U3 U1 U2"},
		{"who rests goes last in danger", desk.Books{Danger: []desk.Case{ended(tanaka, 3)}, Duty: []desk.Staff{tanaka}}, bot.Duty{}, true, "U2 U3 U1"},
		{"but not otherwise", desk.Books{Danger: []desk.Case{ended(tanaka, 3)}}, bot.Duty{}, false, "U1 U2 U3"},
		{"the rest is over", desk.Books{Danger: []desk.Case{ended(tanaka, 48)}}, bot.Duty{}, true, "U1 U2 U3"},
		{"the pack has a shorter one", desk.Books{Danger: []desk.Case{ended(tanaka, 3)}}, bot.Duty{Heavy: bot.Heavy{Pause: number(2)}}, true, "U1 U2 U3"},
		{"the pack has none", desk.Books{Danger: []desk.Case{ended(tanaka, 0)}}, bot.Duty{Heavy: bot.Heavy{Pause: number(0)}}, true, "U1 U2 U3"},
		{"who takes none is not named", desk.Books{}, bot.Duty{People: []bot.Person{{ID: "U1", Apart: true}}}, false, "U2 U3"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := desk.Rules{Duty: x.duty}
			if got := order(desk.Fair(r.Loads(x.books, three, tuesday), x.danger, tuesday)); got != x.want {
				t.Errorf("got %s, want %s", got, x.want)
			}
		})
	}
}

func TestLoads(t *testing.T) {
	t.Parallel()
	b := desk.Books{Open: []desk.Case{danger(has(tanaka, 2)), asleep(has(tanaka, 9)), has(suzuki, 1), {ID: "n", Status: desk.New}}, Duty: []desk.Staff{suzuki, sato}}
	b.Danger = b.Open[:1]
	got := desk.Rules{}.Loads(b, []desk.Staff{{ID: "U1"}, {ID: "U2"}, {ID: "U1"}, {}}, tuesday)
	if len(got) != 2 {
		t.Fatalf("got %d people, want 2", len(got))
	}
	l := got[0]
	if l.Who.Name != "田中" || l.Open != 2 || l.Heavy != 1 || l.Asleep != 1 || l.Duty || !l.Took.Equal(tuesday.Add(-2*time.Hour)) || !l.Rests.Equal(tuesday.Add(46*time.Hour)) {
		t.Errorf("got %+v", l)
	}
	if l = got[1]; l.Open != 1 || l.Heavy != 0 || !l.Duty || !l.Rests.IsZero() {
		t.Errorf("got %+v", l)
	}
}

// TestRest: who rests, from which cases, and until when.
func TestRest(t *testing.T) {
	t.Parallel()
	at := func(hours int) time.Time { return tuesday.Add(time.Duration(hours) * time.Hour) }
	bore := func(from, to int) desk.Case {
		c := desk.Case{ID: "c", Danger: "suicide", Status: desk.Taken, Borne: []desk.Bearer{{Who: tanaka, From: at(from)}}}
		if to != 99 {
			c.Borne[0].To = at(to)
		}
		return c
	}
	change := func(c desk.Case, f func(*desk.Case)) desk.Case { f(&c); return c }
	for _, x := range []struct {
		name  string
		c     desk.Case
		heavy bot.Heavy
		want  time.Time
	}{
		{"has one since an hour", bore(-1, 99), bot.Heavy{}, at(47)},
		{"has one since months: weighed, but no rest", bore(-2000, 99), bot.Heavy{}, time.Time{}},
		{"ended yesterday, however long it was", bore(-2000, -24), bot.Heavy{}, at(24)},
		{"ended long ago", bore(-90, -50), bot.Heavy{}, time.Time{}},
		{"only suspected", change(bore(-1, 99), func(c *desk.Case) { c.Unsure = true }), bot.Heavy{}, at(47)},
		{"suspected, and laid to rest", change(bore(-1, 99), func(c *desk.Case) { c.Unsure, c.Safe = true, at(0) }), bot.Heavy{}, time.Time{}},
		{"certain, whatever was said before", change(bore(-1, 99), func(c *desk.Case) { c.Safe = at(-2) }), bot.Heavy{}, at(47)},
		{"a mistake", change(bore(-1, 0), func(c *desk.Case) { c.Status, c.Outcome = desk.Closed, desk.Mistake }), bot.Heavy{}, time.Time{}},
		{"talked: the rest stays", change(bore(-2, -1), func(c *desk.Case) { c.Borne[0].Talked = at(0) }), bot.Heavy{}, at(47)},
		{"talked: unless the pack says so", change(bore(-2, -1), func(c *desk.Case) { c.Borne[0].Talked = at(0) }), bot.Heavy{TalkEnds: true}, time.Time{}},
		{"kept by an older program", desk.Case{Danger: "dv", Status: desk.Taken, Holder: tanaka, TakenAt: at(-3)}, bot.Heavy{}, at(45)},
		{"negative numbers are none", bore(-1, 99), bot.Heavy{Pause: number(-5)}, time.Time{}},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := desk.Rules{Duty: bot.Duty{Heavy: x.heavy}}
			if got := r.Resting([]desk.Case{x.c}, tuesday)["U1"]; !got.Equal(x.want) {
				t.Errorf("got %v, want %v", got, x.want)
			}
		})
	}
}

// carrier plays what reception does with one case: decide, then write down who
// has it.
type carrier struct {
	t      *testing.T
	rules  desk.Rules
	c      desk.Case
	alarms map[string]desk.Alarm
	n      int
}

func (x *carrier) then(at time.Time, after desk.Case) desk.Staff {
	c, alarms, begins := x.rules.Bear(x.c, after, at)
	x.c = c
	x.keep(alarms)
	return begins
}

func (x *carrier) keep(alarms []desk.Alarm) {
	for _, a := range alarms {
		x.alarms[a.Key()] = a
	}
}

func (x *carrier) does(who desk.Staff, at time.Time, a desk.Action) desk.Decision {
	x.t.Helper()
	x.n++
	d := x.rules.Decide(x.c, desk.Command{ID: fmt.Sprint(x.n), Case: "c", By: who, At: at, Action: a})
	if d.Refused == "" {
		x.keep(d.Alarms)
		x.then(at, d.Case)
	}
	return d
}

// due is when somebody is reminded, and the alarm.
func (x *carrier) due(who desk.Staff) desk.Alarm {
	return x.alarms[desk.Alarm{Kind: desk.AlarmTalk, Case: "c", Who: who.ID}.Key()]
}

func (x *carrier) ring(a desk.Alarm, at time.Time) desk.Decision {
	d := x.rules.Ring(x.c, a, "x", at, nil)
	delete(x.alarms, a.Key())
	x.keep(d.Alarms)
	x.then(at, d.Case)
	return d
}

func heavyCase(t *testing.T) *carrier {
	t.Helper()
	return &carrier{
		t: t, rules: desk.Rules{Hours: office}, alarms: map[string]desk.Alarm{},
		c: desk.Case{ID: "c", Danger: "suicide", Status: desk.New, OpenedAt: tuesday},
	}
}

func clock(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, bot.Tokyo)
}

// TestReminded: when the reminder comes.
func TestReminded(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		play func(x *carrier)
		want time.Time // zero: never
	}{
		{"a day after taking it", func(x *carrier) { x.does(tanaka, clock(24, 10, 0), desk.Take{}) }, clock(25, 10, 0)},
		{"not in the weekend", func(x *carrier) { x.does(tanaka, clock(27, 16, 0), desk.Take{}) }, clock(30, 8, 30)},
		{"after its end", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 11, 0), desk.Close{Outcome: desk.Resolved})
		}, clock(24, 11, 10)},
		{"before people go home", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 17, 10), desk.Close{Outcome: desk.Connected, Where: "病院"})
		}, clock(24, 17, 10)},
		{"ended at night: in the morning", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 23, 0), desk.Close{Outcome: desk.Resolved})
		}, clock(25, 8, 30)},
		{"closed by somebody else: still theirs", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(sato, clock(24, 11, 0), desk.Close{Outcome: desk.Resolved})
		}, clock(24, 11, 10)},
		{"let go of it", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 12, 0), desk.Release{})
		}, clock(24, 12, 10)},
		{"gave it to another window", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 12, 0), desk.MoveTo{Window: "dv", Why: "x"})
		}, clock(24, 12, 10)},
		{"pressed by mistake", func(x *carrier) {
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 10, 2), desk.Release{})
			x.ring(x.due(tanaka), clock(24, 10, 12))
		}, time.Time{}},
		{"answering is taking", func(x *carrier) { x.does(tanaka, clock(24, 10, 0), desk.Reply{Text: "x"}) }, clock(25, 10, 0)},
		{"only suspected", func(x *carrier) {
			x.c.Unsure = true
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
		}, time.Time{}},
		{"suspected, then certain", func(x *carrier) {
			x.c.Unsure = true
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.then(clock(24, 14, 0), x.rules.Raise(x.c, "suicide", false, clock(24, 14, 0)))
		}, clock(25, 10, 0)},
		{"danger in a case they have", func(x *carrier) {
			x.c.Danger = ""
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.then(clock(24, 14, 0), x.rules.Raise(x.c, "suicide", false, clock(24, 14, 0)))
		}, clock(25, 14, 0)},
		{"no danger", func(x *carrier) {
			x.c.Danger = ""
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
		}, time.Time{}},
		{"the pack wants none", func(x *carrier) {
			x.rules.Duty.Heavy.Debrief = number(0)
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 12, 0), desk.Close{Outcome: desk.Resolved})
		}, time.Time{}},
		{"nobody knows the hours", func(x *carrier) {
			x.rules.Hours = bot.Hours{}
			x.does(tanaka, clock(24, 10, 0), desk.Take{})
			x.does(tanaka, clock(24, 23, 0), desk.Close{Outcome: desk.Resolved})
		}, clock(24, 23, 0)},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			k := heavyCase(t)
			x.play(k)
			if got := k.due(tanaka).At; !got.Equal(x.want) {
				t.Errorf("reminded at %v, want %v", got, x.want)
			}
		})
	}
}

// TestReminderIsAnswered: once, unless they want it again; and only by whom it
// is for.
func TestReminderIsAnswered(t *testing.T) {
	t.Parallel()
	k := heavyCase(t)
	if begins := k.then(clock(24, 10, 0), k.does(tanaka, clock(24, 10, 0), desk.Take{}).Case); begins.ID != "" {
		t.Errorf("%v begins twice", begins)
	}
	d := k.ring(k.due(tanaka), clock(25, 10, 0))
	if len(d.Reminders) != 1 || d.Reminders[0] != (desk.Reminder{Who: "U1", N: 1}) || !d.Aside || len(d.Entries) != 0 {
		t.Fatalf("got %+v", d)
	}
	if d := k.does(sato, clock(25, 10, 1), desk.Talked{}); d.Refused != desk.RefusedNoOffer {
		t.Errorf("somebody else answered: %+v", d)
	}
	if d := k.does(tanaka, clock(25, 10, 1), desk.TalkLater{}); d.Refused != "" || len(d.Reminders) != 1 {
		t.Errorf("got %+v", d)
	}
	if got := k.due(tanaka).At; !got.Equal(clock(26, 8, 30)) {
		t.Errorf("asked again at %v", got)
	}
	k.does(tanaka, clock(25, 11, 0), desk.Close{Outcome: desk.Resolved})
	if got := k.due(tanaka).At; !got.Equal(clock(26, 8, 30)) {
		t.Errorf("the end brings a second reminder at %v", got)
	}
	// The service was down over night: not in the evening.
	late := k.ring(k.due(tanaka), clock(26, 22, 0))
	if len(late.Reminders) != 0 || !k.due(tanaka).At.Equal(clock(27, 8, 30)) {
		t.Errorf("got %+v", late)
	}
	if d := k.ring(k.due(tanaka), clock(27, 8, 30)); len(d.Reminders) != 1 || d.Reminders[0].N != 2 {
		t.Errorf("got %+v", d)
	}
	if d := k.does(tanaka, clock(27, 9, 0), desk.Talked{}); d.Refused != "" || !d.Aside {
		t.Errorf("got %+v", d) // also after the end
	}
	if d := k.does(tanaka, clock(27, 9, 1), desk.TalkLater{}); len(d.Alarms) != 0 {
		t.Errorf("who has talked is asked again: %+v", d)
	}
	if until := k.rules.RestOf(k.c, "U1"); !until.Equal(clock(27, 11, 0)) {
		t.Errorf("rests until %v, want 48 hours from the end", until)
	}
	if got := k.rules.Ring(k.c, desk.Alarm{Kind: desk.AlarmTalk, Case: "c", Who: "U9"}, "x", clock(27, 9, 0), nil); len(got.Reminders) != 0 {
		t.Errorf("a stranger is reminded: %+v", got)
	}
	b, err := desk.Command{ID: "1", Case: "c", Action: desk.TalkLater{}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := desk.DecodeCommand(b); err != nil || got.Action != (desk.TalkLater{}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestSecondDanger: each danger that comes after the reminder brings one more, a
// day after it; what comes before it belongs to the same.
func TestSecondDanger(t *testing.T) {
	t.Parallel()
	again := func(k *carrier, at time.Time) { k.then(at, k.rules.Raise(k.c, "suicide", false, at)) }
	first := func() *carrier {
		k := heavyCase(t)
		k.does(tanaka, clock(24, 10, 0), desk.Take{})
		again(k, clock(24, 16, 0)) // before the reminder: the same
		if got := k.due(tanaka).At; !got.Equal(clock(25, 10, 0)) {
			t.Errorf("the first is put off to %v", got)
		}
		k.ring(k.due(tanaka), clock(25, 10, 0))
		return k
	}
	k := first()
	k.does(tanaka, clock(25, 10, 5), desk.Talked{})
	again(k, clock(26, 9, 0))
	again(k, clock(26, 15, 0))
	if got := k.due(tanaka).At; !got.Equal(clock(27, 9, 0)) {
		t.Fatalf("reminded at %v, want a day after the second danger", got)
	}
	if until := k.rules.RestOf(k.c, "U1"); !until.Equal(clock(28, 9, 0)) {
		t.Errorf("rests until %v, want 48 hours from the second danger", until)
	}
	if d := k.ring(k.due(tanaka), clock(27, 9, 0)); len(d.Reminders) != 1 || d.Reminders[0].N != 2 {
		t.Errorf("got %+v", d)
	}
	k.does(tanaka, clock(27, 9, 30), desk.Talked{})
	k.does(tanaka, clock(27, 10, 0), desk.Close{Outcome: desk.Resolved})
	if at := k.due(tanaka).At; !at.IsZero() {
		t.Errorf("its end brings a third, at %v", at)
	}

	k = first() // not answered, and it ends
	again(k, clock(26, 9, 0))
	k.does(tanaka, clock(26, 10, 0), desk.Close{Outcome: desk.Resolved})
	if got := k.due(tanaka).At; !got.Equal(clock(26, 10, 10)) {
		t.Errorf("reminded at %v, want after its end", got)
	}

	k = first() // who has talked since needs no second
	again(k, clock(26, 9, 0))
	k.does(tanaka, clock(26, 9, 30), desk.Talked{})
	if d := k.ring(k.due(tanaka), clock(27, 9, 0)); len(d.Reminders) != 0 {
		t.Errorf("got %+v", d)
	}

	k = first() // who wants it later hears it once
	k.does(tanaka, clock(25, 10, 5), desk.TalkLater{})
	again(k, clock(25, 11, 0))
	if got := k.due(tanaka).At; !got.Equal(clock(26, 8, 30)) {
		t.Errorf("reminded at %v, want as they asked", got)
	}

	k = first() // a doubt is no second danger
	k.does(tanaka, clock(25, 10, 5), desk.Talked{})
	k.then(clock(26, 9, 0), k.rules.Raise(k.c, "suicide", true, clock(26, 9, 0)))
	if at := k.due(tanaka).At; !at.IsZero() {
		t.Errorf("a doubt reminds at %v", at)
	}

	// Somebody else had it meanwhile: who takes it again hears of what came since,
	// and of nothing when nothing did.
	for _, came := range []bool{true, false} {
		k = first()
		k.does(tanaka, clock(25, 11, 0), desk.Release{})
		k.does(sato, clock(25, 11, 5), desk.Take{})
		if came {
			again(k, clock(25, 12, 0))
		}
		k.does(sato, clock(25, 14, 0), desk.Release{})
		k.does(tanaka, clock(25, 14, 5), desk.Take{})
		want := time.Time{}
		if came {
			want = clock(26, 14, 5)
		}
		if got := k.due(tanaka).At; !got.Equal(want) {
			t.Errorf("taken again: reminded at %v, want %v", got, want)
		}
	}
}

// TestBearers: who had it, in turn; nobody is written down twice.
func TestBearers(t *testing.T) {
	t.Parallel()
	k := heavyCase(t)
	k.does(tanaka, clock(24, 10, 0), desk.Take{})
	k.does(tanaka, clock(24, 11, 0), desk.Release{})
	k.does(sato, clock(24, 11, 5), desk.Take{})
	k.does(sato, clock(24, 12, 0), desk.Close{Outcome: desk.Resolved})
	k.then(clock(24, 13, 0), desk.Reopen(k.c)) // the resident writes again
	k.does(sato, clock(24, 14, 0), desk.Release{})
	k.does(tanaka, clock(24, 14, 5), desk.Take{})
	k.does(tanaka, clock(24, 14, 6), desk.Release{}) // brief, but they had it before
	var got []string
	for _, b := range k.c.Borne {
		got = append(got, fmt.Sprint(b.Who.Name, b.From.In(bot.Tokyo).Format("15:04"), b.To.In(bot.Tokyo).Format("15:04"), b.Times))
	}
	if want := []string{"田中14:0514:061", "佐藤13:0014:001"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestAskPerson: who may ask whom, once, and who then may take the case.
func TestAskPerson(t *testing.T) {
	t.Parallel()
	at := func(m int) time.Time { return tuesday.Add(time.Duration(m) * time.Minute) }
	k := &carrier{t: t, alarms: map[string]desk.Alarm{}, c: desk.Case{ID: "c", Status: desk.New, Window: "money"}}
	ask := desk.AskPerson{Who: suzuki, Word: " 近く\nなので "}
	if d := k.does(tanaka, at(0), desk.AskPerson{}); d.Refused != desk.RefusedEmpty {
		t.Errorf("nobody: %q", d.Refused)
	}
	if d := k.does(suzuki, at(0), ask); d.Refused != desk.RefusedSelf {
		t.Errorf("oneself: %q", d.Refused)
	}
	d := k.does(tanaka, at(1), ask)
	if d.Refused != "" || len(d.Entries) != 1 || d.Entries[0].Text != "U2\n鈴木\n近く なので" || k.c.Holder.ID != "" || k.c.Status != desk.New {
		t.Fatalf("got %+v", d)
	}
	line := d.Entries[0].ID
	for _, who := range []desk.Staff{tanaka, sato} {
		if d := k.does(who, at(2), ask); d.Refused != desk.RefusedAsked {
			t.Errorf("asked again by %s: %q", who.Name, d.Refused)
		}
	}
	if !k.c.AskedBy(line) {
		t.Error("the line asks nobody")
	}
	// A third may take it: asking keeps nobody away.
	was := k.c
	d = k.does(sato, at(3), desk.Take{})
	c, lines := desk.Settle(was, d.Case)
	if d.Refused != "" || !slices.Equal(lines, []string{line}) || len(c.Asking) != 0 {
		t.Fatalf("got %+v, %v", d, lines)
	}
	k.c = c
	if d := k.does(suzuki, at(4), desk.Take{}); d.Refused != desk.RefusedTaken {
		t.Errorf("a second takes it: %q", d.Refused)
	}
	if d := k.does(tanaka, at(4), ask); d.Refused != desk.RefusedTaken {
		t.Errorf("asked for a case of another: %q", d.Refused)
	}
	if d := k.does(sato, at(5), desk.AskPerson{Who: sato}); d.Refused != desk.RefusedSelf {
		t.Errorf("got %q", d.Refused)
	}
	// Who has it asks 鈴木, and only 鈴木 can take it from them.
	if d := k.does(sato, at(6), ask); d.Refused != "" {
		t.Fatalf("got %q", d.Refused)
	}
	if d := k.does(tanaka, at(7), desk.Take{}); d.Refused != desk.RefusedTaken {
		t.Errorf("somebody else took it: %+v", d)
	}
	was = k.c
	if d := k.does(suzuki, at(8), desk.Take{}); d.Refused != "" || d.Case.Holder != suzuki {
		t.Fatalf("got %+v", d)
	}
	if c, lines := desk.Settle(was, k.c); len(lines) != 1 || len(c.Asking) != 0 {
		t.Errorf("got %v", lines)
	}
	// What was asked stands while nothing changes, and ends with the case.
	asked := desk.Case{Status: desk.Taken, Holder: sato, Asking: []desk.PersonAsked{{Who: suzuki, By: sato, Entry: "n"}}}
	released, closed, moved := asked, asked, asked
	released.Holder, closed.Status, moved.Window = desk.Staff{}, desk.Closed, "dv"
	for name, x := range map[string]struct {
		c    desk.Case
		ends bool
	}{"same": {asked, false}, "released": {released, false}, "closed": {closed, true}, "moved": {moved, true}} {
		if _, lines := desk.Settle(asked, x.c); (len(lines) > 0) != x.ends {
			t.Errorf("%s: got %v", name, lines)
		}
	}
}

// TestCannot: who is asked says that it is difficult now, without a reason; it
// goes back to who asked, who can ask anybody. Danger calls on.
func TestCannot(t *testing.T) {
	t.Parallel()
	at := func(m int) time.Time { return tuesday.Add(time.Duration(m) * time.Minute) }
	k := &carrier{t: t, alarms: map[string]desk.Alarm{}, c: desk.Case{ID: "c", Status: desk.Taken, Window: "money", Holder: tanaka, Danger: "dv", Unheeded: at(3)}}
	if d := k.does(suzuki, at(0), desk.Cannot{}); d.Refused != desk.RefusedNotAsked {
		t.Errorf("nobody asked them: %q", d.Refused)
	}
	ask := k.does(tanaka, at(1), desk.AskPerson{Who: suzuki})
	line := ask.Entries[0].ID
	k.c.Unheeded = at(3)
	if d := k.does(sato, at(4), desk.Cannot{}); d.Refused != desk.RefusedNotAsked {
		t.Errorf("they asked somebody else: %q", d.Refused)
	}
	d := k.does(suzuki, at(4), desk.Cannot{})
	want := desk.PersonAsked{Who: suzuki, By: tanaka, Entry: line, Cannot: true}
	if d.Refused != "" || !slices.Equal(d.Returned, []desk.PersonAsked{want}) || k.c.Holder != tanaka || len(d.Events) != 0 || len(d.Entries) != 0 {
		t.Fatalf("got %+v", d)
	}
	if k.c.AskedBy(line) || !k.c.CannotBy(line) {
		t.Error("the line asks still")
	}
	if !k.c.Untaken() || k.c.Seen.Equal(at(4)) {
		t.Error("nobody is there, and danger calls no more")
	}
	if d := k.does(suzuki, at(5), desk.Cannot{}); d.Refused != desk.RefusedNotAsked {
		t.Errorf("twice: %q", d.Refused)
	}
	if d := k.does(suzuki, at(6), desk.Take{}); d.Refused != desk.RefusedTaken {
		t.Errorf("they take it all the same: %q", d.Refused)
	}
	for i, who := range []desk.Staff{sato, suzuki} { // the next, and later they themselves again
		if d := k.does(tanaka, at(7+i), desk.AskPerson{Who: who}); d.Refused != "" {
			t.Errorf("%s: %q", who.Name, d.Refused)
		}
	}
	// However often it goes back and forth, the case does not grow.
	for i := range 30 {
		if d := k.does(suzuki, at(10+2*i), desk.Cannot{}); d.Refused != "" || len(d.Returned) != 1 || len(k.c.Asking) > 20 {
			t.Fatalf("round %d: %d asked, %q", i, len(k.c.Asking), d.Refused)
		}
		if d := k.does(tanaka, at(11+2*i), desk.AskPerson{Who: suzuki}); d.Refused != "" {
			t.Fatalf("round %d: %q", i, d.Refused)
		}
	}
	was := k.c
	d = k.does(suzuki, at(99), desk.Take{})
	if c, lines := desk.Settle(was, d.Case); d.Refused != "" || len(c.Asking) != 0 || len(lines) != len(was.Asking) {
		t.Errorf("got %q, %d of %d lines", d.Refused, len(lines), len(was.Asking))
	}
	b, err := desk.Command{ID: "1", Case: "c", Action: desk.Cannot{}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := desk.DecodeCommand(b); err != nil || got.Action != (desk.Cannot{}) {
		t.Errorf("got %+v, %v", got, err)
	}
}

// TestCalledByNameRests: the call for somebody says who rests.
func TestCalledByNameRests(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Duty: bot.Duty{Levels: []bot.Level{{After: 5, Call: []string{"duty"}}}}, Rest: map[string]time.Time{"U3": tuesday, "U1": tuesday}}
	c := desk.Case{ID: "c", Danger: "dv", Status: desk.New}
	d := r.Ring(c, desk.Alarm{Kind: desk.AlarmUntaken, Case: "c", Since: tuesday, At: tuesday.Add(5 * time.Minute)}, "x", tuesday.Add(5*time.Minute), nil)
	if len(d.Entries) != 1 || d.Entries[0].Text != "5\nduty -U1 -U3" {
		t.Errorf("got %+v", d.Entries)
	}
}
