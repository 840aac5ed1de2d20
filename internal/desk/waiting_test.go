package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// waits lets a case wait and returns who was reminded, and when.
func waits(t *testing.T, r desk.Rules, c desk.Case, alarms []desk.Alarm) (desk.Case, []string) {
	t.Helper()
	var told []string
	for range 20 {
		i := slices.IndexFunc(alarms, func(a desk.Alarm) bool { return a.Kind == desk.AlarmAnswer })
		if i < 0 {
			return c, told
		}
		a := alarms[i]
		d := r.Ring(c, a, "time", a.At, nil)
		for _, e := range d.Entries {
			told = append(told, a.At.In(bot.Tokyo).Format("01-02 15:04 ")+e.Text)
		}
		c, alarms = d.Case, d.Alarms
	}
	t.Fatal("it never ends")
	return c, told
}

func nov(day, hour, minute int) time.Time {
	return time.Date(2026, 11, day, hour, minute, 0, 0, bot.Tokyo)
}

// TestLateAnswersRemindOnce: holder, team, lead, once each, in the desk's hours.
func TestLateAnswersRemindOnce(t *testing.T) {
	t.Parallel()
	none, four := 0, 4
	tanaka := desk.Staff{ID: "U1", Name: "田中"}
	for _, x := range []struct {
		name   string
		answer bot.Answers
		came   time.Time
		holder desk.Staff
		want   []string
	}{
		{"somebody has it", bot.Answers{}, nov(24, 10, 0), tanaka, []string{"11-25 10:00 holder", "11-25 14:00 here", "11-26 10:00 lead"}},
		{"nobody has it", bot.Answers{}, nov(24, 10, 0), desk.Staff{}, []string{"11-25 10:00 here", "11-26 10:00 lead"}},
		{"over the weekend", bot.Answers{}, nov(27, 16, 0), tanaka, []string{"11-30 16:00 holder", "12-01 08:30 here", "12-01 16:00 lead"}},
		{"at night", bot.Answers{}, nov(24, 22, 0), tanaka, []string{"11-26 08:30 holder", "11-26 12:30 here", "11-27 08:30 lead"}},
		{"no lead is told", bot.Answers{LeadAfter: &none}, nov(24, 10, 0), tanaka, []string{"11-25 10:00 holder", "11-25 14:00 here"}},
		{"holder only, and nobody has it", bot.Answers{LeadAfter: &none, TeamAfter: &none}, nov(24, 10, 0), desk.Staff{}, []string{"11-25 10:00 holder"}},
		{"another time", bot.Answers{Hours: &four}, nov(24, 10, 0), tanaka, []string{"11-24 14:00 holder", "11-25 08:30 here", "11-25 14:00 lead"}},
		{"no time at all", bot.Answers{Hours: &none}, nov(24, 10, 0), tanaka, nil},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := desk.Rules{Hours: office, Duty: bot.Duty{Answer: x.answer}}
			c, alarms := r.Await(desk.Case{}, desk.Case{ID: "c", Status: desk.New, Holder: x.holder, OpenedAt: x.came}, x.came)
			c, got := waits(t, r, c, alarms)
			if !slices.Equal(got, x.want) {
				t.Errorf("got %q, want %q", got, x.want)
			}
			if c.Overdue.IsZero() != (x.want == nil) {
				t.Errorf("overdue since %s", c.Overdue)
			}
		})
	}
}

// TestWhatEndsTheWait: whatever reaches the resident, nothing else.
func TestWhatEndsTheWait(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name string
		do   desk.Action
		ends bool
	}{
		{"taking it", desk.Take{}, false},
		{"a memo", desk.Write{Text: "あした電話する"}, false},
		{"a telephone call", desk.Write{Text: "話せました", Call: true, Spoke: true}, true},
		{"nobody at the telephone", desk.Write{Text: "留守", Call: true}, false},
		{"a promise among staff", desk.Promise{Text: "確かめる", Due: nov(26, 10, 0)}, false},
		{"a promise the resident knows", desk.Promise{Text: "確かめる", Due: nov(26, 10, 0), Tell: true}, true},
		{"a plan", desk.Propose{Goal: "家で暮らしたい"}, true},
		{"an empty plan", desk.Propose{}, false},
		{"a reply that has not left", desk.Reply{Text: "田中です"}, false},
		{"an invitation", desk.Invite{Window: "housing"}, false},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			r := desk.Rules{Hours: office}
			c, _ := r.Await(desk.Case{}, desk.Case{ID: "c", Window: "money", Status: desk.New}, nov(24, 10, 0))
			d := r.Decide(c, desk.Command{ID: "1", Case: "c", By: desk.Staff{ID: "U1", Name: "田中"}, At: nov(24, 11, 0), Action: x.do})
			if got := !d.Case.Awaits(); got != x.ends {
				t.Errorf("it ends the wait: got %v, want %v", got, x.ends)
			}
		})
	}
	// A reply ends it when it leaves.
	r := desk.Rules{Hours: office}
	c, _ := r.Await(desk.Case{}, desk.Case{ID: "c", Status: desk.New}, nov(24, 10, 0))
	d := r.Decide(c, desk.Command{ID: "1", Case: "c", By: desk.Staff{ID: "U1", Name: "田中"}, At: nov(24, 11, 0), Action: desk.Reply{Text: "田中です"}})
	d = r.Ring(d.Case, d.Alarms[0], "time", d.Alarms[0].At, nil)
	if d.Case.Awaits() || !d.Case.Replied.Equal(nov(24, 11, 0).Add(desk.Undo)) {
		t.Errorf("after the reply: awaits %v, replied %s", d.Case.Awaits(), d.Case.Replied)
	}
}

// TestWhoDoesNotWait: those whom the office cannot or must not answer now. They
// are remembered when that changes.
func TestWhoDoesNotWait(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Hours: office}
	open := desk.Case{ID: "c", Status: desk.New}
	for name, change := range map[string]func(*desk.Case){
		"by hand":      func(c *desk.Case) { c.ByHand = desk.ByPhone },
		"a suspicion":  func(c *desk.Case) { c.Danger, c.Unsure = "suicide", true },
		"blocked":      func(c *desk.Case) { c.Left = true },
		"closed":       func(c *desk.Case) { c.Status = desk.Closed },
		"before there": func(c *desk.Case) { c.Replied = nov(24, 9, 0) },
	} {
		c := open
		change(&c)
		if c, alarms := r.Await(desk.Case{}, c, nov(24, 10, 0)); c.Awaits() || len(alarms) > 0 {
			t.Errorf("%s: it waits", name)
		}
	}
	c, _ := r.Await(desk.Case{}, open, nov(24, 10, 0))
	gone := c
	gone.Left = true
	if _, alarms := r.Await(gone, c, nov(24, 15, 0)); len(alarms) != 1 {
		t.Errorf("back after a block: %d alarms", len(alarms))
	}
	c.Replied, c.Waits = nov(24, 11, 0), time.Time{}
	ended := c
	ended.Status = desk.Closed
	again, alarms := r.Await(ended, c, nov(30, 9, 0))
	if !again.Waits.Equal(nov(30, 9, 0)) || len(alarms) != 1 {
		t.Errorf("opened again: waits since %s, %d alarms", again.Waits, len(alarms))
	}
	// Hidden: staff must wait, so nobody is reminded of an answer.
	hidden, alarms := r.Await(desk.Case{}, open, nov(24, 10, 0))
	hidden.Hidden = nov(24, 12, 0)
	d := r.Ring(hidden, alarms[0], "time", alarms[0].At, nil)
	if len(d.Entries) > 0 || len(d.Alarms) != 1 {
		t.Errorf("hidden: %d entries, %d alarms", len(d.Entries), len(d.Alarms))
	}
}

// TestMissing: what staff do anyway fills the list.
func TestMissing(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Hours: office}
	c, _ := r.Await(desk.Case{}, desk.Case{ID: "c", Window: "money", Status: desk.New}, nov(24, 10, 0))
	want := []string{desk.MissingWho, desk.MissingAnswer, desk.MissingWish, desk.MissingNext}
	tanaka := desk.Staff{ID: "U1", Name: "田中"}
	for i, do := range []desk.Action{nil, desk.Take{}, desk.Write{Text: "話せました", Call: true, Spoke: true}, desk.Propose{Goal: "家で暮らしたい"}, desk.Promise{Text: "確かめる", Due: nov(26, 10, 0)}} {
		if do != nil {
			d := r.Decide(c, desk.Command{ID: string(rune('a' + i)), Case: "c", By: tanaka, At: nov(24, 11, 0), Action: do})
			if d.Refused != "" {
				t.Fatalf("%T: %s", do, d.Refused)
			}
			c, want = d.Case, want[1:]
		}
		if got := c.Missing(); !slices.Equal(got, want) {
			t.Errorf("after %T: got %q, want %q", do, got, want)
		}
	}
	wish := "母と暮らしたい"
	c = desk.Case{ID: "c", Window: "money", Status: desk.New}
	d := r.Decide(c, desk.Command{ID: "w", Case: "c", By: tanaka, At: nov(24, 11, 0), Action: desk.Write{Wish: &wish}})
	if got := d.Case.Wished(); got != wish || slices.Contains(d.Case.Missing(), desk.MissingWish) || len(d.Entries) != 1 {
		t.Errorf("a wish noted: got %q, %d entries", got, len(d.Entries))
	}
}
