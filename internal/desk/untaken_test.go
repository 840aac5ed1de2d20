package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func duty() bot.Duty {
	return bot.Duty{Again: 30, Levels: []bot.Level{
		{After: 5, Call: []string{bot.CallHere}}, {After: 10, Call: []string{bot.CallChannel}}, {After: 15, Call: []string{bot.CallLead}, Mail: true},
	}}
}

// ringAll rings what is due, as the inbox would, and returns the calls.
func ringAll(t *testing.T, r desk.Rules, c desk.Case, start time.Time, end time.Duration) (calls []string, mails int) {
	t.Helper()
	var waiting []desk.Alarm
	for _, a := range r.Watch(c, start) {
		if a.Kind == desk.AlarmUntaken {
			waiting = append(waiting, a)
		}
	}
	seen := map[string]bool{}
	for len(waiting) > 0 && waiting[0].At.Sub(start) <= end {
		a := waiting[0]
		d := r.Ring(c, a, "time", a.At, nil)
		waiting = nil
		for _, e := range d.Entries {
			if seen[e.ID] {
				t.Errorf("two calls have the id %s", e.ID)
			}
			seen[e.ID] = true
			calls = append(calls, strings.ReplaceAll(e.Text, "\n", " "))
		}
		if d.Alert {
			mails++
		}
		for _, n := range d.Alarms {
			if n.Kind == desk.AlarmUntaken {
				waiting = append(waiting, n)
			}
		}
	}
	return calls, mails
}

func TestUntaken(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 23, 0, 0, 0, bot.Tokyo)
	r := desk.Rules{Duty: duty()}
	c := desk.Case{ID: "c", Danger: "suicide", Status: desk.New}
	calls, mails := ringAll(t, r, c, start, 50*time.Minute)
	if want := []string{"5 here", "10 channel", "15 lead", "45 lead"}; !slices.Equal(calls, want) || mails != 2 {
		t.Errorf("got %q and %d mails, want %q and 2", calls, mails, want)
	}
	// It ends by itself, some day.
	if calls, _ := ringAll(t, r, c, start, 365*24*time.Hour); len(calls) > 60 {
		t.Errorf("%d calls for one case", len(calls))
	}
	taken, closed := c, c
	taken.Holder, closed.Status = desk.Staff{ID: "U1"}, desk.Closed
	for _, c := range []desk.Case{taken, closed, {ID: "c", Status: desk.New}} {
		if calls, mails := ringAll(t, r, c, start, time.Hour); len(calls)+mails != 0 {
			t.Errorf("%+v: got %q", c, calls)
		}
	}
}

// TestUntakenLate: a service that was down calls everybody it should have
// called, once.
func TestUntakenLate(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 23, 0, 0, 0, bot.Tokyo)
	r := desk.Rules{Duty: duty()}
	c := desk.Case{ID: "c", Danger: "suicide", Status: desk.New}
	d := r.Ring(c, r.Watch(c, start)[1], "time", start.Add(40*time.Minute), nil)
	if len(d.Entries) != 1 || d.Entries[0].Text != "40\nhere channel lead" || !d.Alert {
		t.Errorf("got %+v", d)
	}
	if again := d.Alarms[1]; again.At != start.Add(70*time.Minute) || again.Level != 3 {
		t.Errorf("got %+v", again)
	}
	var none bot.Duty
	if steps := none.Steps(); len(steps) != 3 || !steps[2].Mail {
		t.Errorf("a pack without duty.yaml has %+v", steps)
	}
	if !none.May("U1") {
		t.Error("where nobody is named, everybody may")
	}
	named := bot.Duty{People: []bot.Person{{ID: "U1", Role: bot.RoleLead}}}
	if !named.May("U1") || named.May("U2") {
		t.Error("only the lead may")
	}
}

// TestUnheeded: danger that comes while somebody has the case calls as well,
// them first, until anybody does something in it.
func TestUnheeded(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 23, 0, 0, 0, bot.Tokyo)
	r := desk.Rules{Duty: duty(), Rest: map[string]time.Time{"U1": start.Add(time.Hour), "U9": start.Add(time.Hour)}}
	was := desk.Case{ID: "c", Status: desk.Taken, Holder: desk.Staff{ID: "U1", Name: "田中"}, TakenAt: start.Add(-8 * time.Hour)}
	c := r.Raise(was, "suicide", false, start)
	calls, mails := ringAll(t, r, c, start, 20*time.Minute)
	if want := []string{"5 U1 here -U9 田中", "10 U1 channel -U9 田中", "15 U1 lead -U9 田中"}; !slices.Equal(calls, want) || mails != 1 {
		t.Errorf("got %q and %d mails, want %q and 1", calls, mails, want)
	}
	if again := r.Raise(c, "suicide", true, start.Add(time.Minute)); again.Unheeded != start {
		t.Error("a doubt beside certainty begins anew")
	}
	d := r.Decide(c, desk.Command{ID: "x", By: desk.Staff{ID: "U2"}, At: start, Action: desk.Take{}})
	if d.Refused != desk.RefusedTaken || !d.Case.Untaken() {
		t.Errorf("refused, and still heeded: %+v", d)
	}
	for _, a := range []desk.Action{desk.Reply{Text: "いま電話します"}, desk.Write{Text: "電話した", Call: true}, desk.Release{}} {
		by := desk.Staff{ID: "U2"}
		if _, own := a.(desk.Release); own {
			by.ID = "U1"
		}
		d := r.Decide(c, desk.Command{ID: "x", By: by, At: start, Action: a})
		if d.Refused != "" || !d.Case.Unheeded.IsZero() {
			t.Errorf("%T: refused %q, unheeded since %v", a, d.Refused, d.Case.Unheeded)
		}
		if d.Case.Untaken() != (d.Case.Holder.ID == "") {
			t.Errorf("%T: untaken is %v", a, d.Case.Untaken())
		}
	}
}

// TestDangerAgain: danger that comes again in a case that is certain and taken
// calls anew, from the end of the quiet after whatever staff did last; ten lines
// in a row call once.
func TestDangerAgain(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 20, 0, 0, 0, bot.Tokyo)
	after := func(minutes int) time.Time { return start.Add(time.Duration(minutes) * time.Minute) }
	r := desk.Rules{Duty: duty()}
	r.Duty.Quiet = number(20)
	untaken := desk.Case{ID: "c", Status: desk.New, Danger: "suicide"}
	held := r.Decide(untaken, desk.Command{ID: "x", By: desk.Staff{ID: "U1", Name: "田中"}, At: start, Action: desk.Take{}}).Case
	for _, x := range []struct {
		name   string
		c      desk.Case
		quiet  *int
		at     int // minutes after it was taken
		unsure bool
		want   string // the first two calls
	}{
		{"an hour later", held, number(20), 60, false, "5 U1 here 田中, 10 U1 channel 田中"},
		{"a doubt, an hour later", held, number(20), 60, true, "5 U1 here 田中, 10 U1 channel 田中"},
		{"at the end of the quiet", held, number(20), 20, false, "5 U1 here 田中, 10 U1 channel 田中"},
		{"within it: counted from its end", held, number(20), 2, false, "5 U1 here 田中, 10 U1 channel 田中"},
		{"no quiet", held, number(0), 2, false, "5 U1 here 田中, 10 U1 channel 田中"},
		{"the usual quiet", held, nil, 11, false, "5 U1 here 田中, 10 U1 channel 田中"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := r
			r.Duty.Quiet = x.quiet
			c := r.Raise(x.c, "suicide", x.unsure, after(x.at))
			since := after(max(x.at, int(r.Duty.Hush().Minutes())))
			if !c.Untaken() || !c.Unheeded.Equal(since) {
				t.Fatalf("unheeded since %v, want %v", c.Unheeded, since)
			}
			if got := r.Watch(c, after(x.at))[1]; !got.At.Equal(since.Add(5 * time.Minute)) {
				t.Errorf("the first call is at %v, want five minutes after %v", got.At, since)
			}
			for i := range 10 { // the same person goes on writing
				if again := r.Raise(c, "suicide", false, after(x.at+i+1)); !again.Unheeded.Equal(since) {
					t.Errorf("line %d begins anew, at %v", i+2, again.Unheeded)
				}
			}
			calls, _ := ringAll(t, r, c, after(x.at), 30*time.Minute)
			if got := strings.Join(calls[:min(2, len(calls))], ", "); got != x.want {
				t.Errorf("got %q, want %q", got, x.want)
			}
			d := r.Decide(c, desk.Command{ID: "y", By: desk.Staff{ID: "U2"}, At: since.Add(time.Minute), Action: desk.Write{Text: "電話した", Call: true}})
			if d.Case.Untaken() {
				t.Error("somebody is there, and it calls on")
			}
		})
	}
	// An older program did not write down what staff did last: their reply was it.
	old := desk.Case{ID: "c", Status: desk.Taken, Holder: desk.Staff{ID: "U1"}, Danger: "dv", TakenAt: start, Answered: after(50)}
	if c := r.Raise(old, "dv", false, after(60)); !c.Unheeded.Equal(after(70)) {
		t.Errorf("unheeded since %v, want 20 minutes after the reply", c.Unheeded)
	}
}

// TestDangerGrows: certainty does not wait for the quiet after a doubt.
func TestDangerGrows(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 20, 0, 0, 0, bot.Tokyo)
	r := desk.Rules{Duty: duty()}
	c := desk.Case{ID: "c", Status: desk.Taken, Holder: desk.Staff{ID: "U1"}, TakenAt: start, Danger: "dv", Unsure: true}
	c = r.Raise(c, "dv", true, start.Add(time.Minute))
	if want := start.Add(10 * time.Minute); !c.Unheeded.Equal(want) {
		t.Errorf("a doubt again: from %v, want %v", c.Unheeded, want)
	}
	c = r.Raise(c, "dv", false, start.Add(2*time.Minute))
	if want := start.Add(2 * time.Minute); !c.Unheeded.Equal(want) {
		t.Errorf("certain: from %v, want %v", c.Unheeded, want)
	}
}

// TestDangerAfterTheLastCall: where the calls ended without anybody, new words
// begin them again.
func TestDangerAfterTheLastCall(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 20, 0, 0, 0, bot.Tokyo)
	r := desk.Rules{Duty: duty()}
	r.Duty.Again = 0
	c := desk.Case{ID: "c", Danger: "suicide", Status: desk.New, OpenedAt: start}
	for _, level := range []int{0, 1, 2} {
		a := desk.Alarm{Kind: desk.AlarmUntaken, Case: "c", Level: level, Since: start, At: start.Add(time.Duration(5*level+5) * time.Minute)}
		if again := r.Raise(c, "suicide", false, a.At); !again.Unheeded.IsZero() {
			t.Errorf("level %d is still to come, and it begins anew", level)
		}
		c = r.Ring(c, a, "time", a.At, nil).Case
	}
	if again := r.Raise(c, "suicide", false, start.Add(20*time.Minute)); !again.Unheeded.IsZero() {
		t.Error("five minutes after the last call it begins anew")
	}
	at := start.Add(time.Hour)
	c = r.Raise(c, "suicide", false, at)
	if !c.Unheeded.Equal(at) {
		t.Fatalf("waits since %v, want %v", c.Unheeded, at)
	}
	if calls, _ := ringAll(t, r, c, at, time.Hour); !slices.Equal(calls, []string{"5 here", "10 channel", "15 lead"}) {
		t.Errorf("got %q", calls)
	}
	if again := r.Raise(c, "suicide", false, at.Add(time.Minute)); !again.Unheeded.Equal(at) {
		t.Error("the next line begins anew")
	}
	// A memo is nobody who takes it: where no call is due any more, the next
	// words begin them all the same; and so does the next window.
	spent := c
	spent.Unheeded, spent.Spent = time.Time{}, at
	act := func(a desk.Action) desk.Case {
		return r.Decide(spent, desk.Command{ID: "x", By: desk.Staff{ID: "U1"}, At: at.Add(time.Minute), Action: a}).Case
	}
	if c := r.Raise(act(desk.Write{Text: "だれか見てください"}), "suicide", false, at.Add(time.Hour)); !c.WaitsAnew(spent) {
		t.Error("after a memo nobody is called any more")
	}
	if c := act(desk.MoveTo{Window: "dv"}); !c.WaitsAnew(spent) || !c.Spent.IsZero() {
		t.Error("the next window is not called")
	}
	spent.Holder, spent.Unheeded = desk.Staff{ID: "U1"}, at
	if c := act(desk.Release{}); !c.WaitsAnew(spent) {
		t.Error("released, and nobody is called")
	}
	taken := r.Decide(c, desk.Command{ID: "x", By: desk.Staff{ID: "U1"}, At: at.Add(time.Minute), Action: desk.Take{}}).Case
	if taken.Untaken() {
		t.Error("taken, and it calls on")
	}
}
