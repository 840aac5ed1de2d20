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
	c := desk.Startle(was, desk.Raise(was, "suicide", false), start)
	calls, mails := ringAll(t, r, c, start, 20*time.Minute)
	if want := []string{"5 U1 here -U9 田中", "10 U1 channel -U9 田中", "15 U1 lead -U9 田中"}; !slices.Equal(calls, want) || mails != 1 {
		t.Errorf("got %q and %d mails, want %q and 1", calls, mails, want)
	}
	if again := desk.Startle(c, desk.Raise(c, "suicide", true), start.Add(time.Minute)); again.Unheeded != start {
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
