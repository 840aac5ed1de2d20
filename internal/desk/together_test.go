package desk_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

func taken() desk.Case {
	return desk.Case{ID: "c", Window: "housing", Status: desk.Taken, Holder: tanaka, TakenAt: at}
}

// does applies a command that must not be refused.
func does(t *testing.T, r desk.Rules, c desk.Case, id string, by desk.Staff, when time.Time, a desk.Action) desk.Decision {
	t.Helper()
	d := r.Decide(c, desk.Command{ID: id, Case: "c", By: by, At: when, Action: a})
	if d.Refused != "" {
		t.Fatalf("%T refused: %s", a, d.Refused)
	}
	return d
}

func all(string) bool  { return true }
func none(string) bool { return false }

// TestUndo: a reply leaves when its moment is over, and only then; taken back
// before that it never leaves. Which of two that come at once wins is decided
// by their order, never both.
func TestUndo(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	d := does(t, r, desk.Case{ID: "c", Status: desk.New}, "x", suzuki, at, desk.Reply{Text: "はい"})
	if d.Case.Holder != suzuki || d.Case.Status != desk.Taken || len(d.Events) != 0 || len(d.Entries) != 1 || d.Entries[0].Fate != desk.HeldBack {
		t.Fatalf("written: got %+v, want it held and its writer holding the case", d)
	}
	alarm := d.Alarms[0]
	if alarm.Kind != desk.AlarmSend || !alarm.At.Equal(at.Add(desk.Undo)) {
		t.Errorf("got alarm %+v, want it after %s", alarm, desk.Undo)
	}
	sent := r.Ring(d.Case, alarm, "t", alarm.At, all)
	if len(sent.Events) != 1 || sent.Events[0].(bot.StaffReplied).Text != "はい" || sent.Sent != "s-x" || len(sent.Case.Held) != 0 {
		t.Errorf("its moment over: got %+v", sent)
	}
	if again := r.Ring(sent.Case, alarm, "t", alarm.At, all); len(again.Events) != 0 {
		t.Errorf("the alarm rings twice: got %+v", again)
	}
	if late := r.Decide(sent.Case, desk.Command{ID: "y", By: tanaka, At: alarm.At, Action: desk.TakeBack{Entry: "s-x"}}); late.Refused != desk.RefusedLate {
		t.Errorf("taken back too late: got %q", late.Refused)
	}
	back := does(t, r, d.Case, "y", tanaka, at.Add(time.Second), desk.TakeBack{Entry: "s-x"})
	if len(back.Changed) != 1 || back.Changed[0].Fate != desk.Withdrawn {
		t.Errorf("taken back: got %+v", back)
	}
	if after := r.Ring(back.Case, alarm, "t", alarm.At, all); len(after.Events) != 0 {
		t.Errorf("taken back and sent: %+v", after)
	}
}

// What was written long before it came here (Slack delivers again for minutes)
// can be taken back all the same: its writer sees only now that it is on its way.
func TestUndoOfWhatCameLate(t *testing.T) {
	t.Parallel()
	came := at.Add(6 * time.Minute)
	d := does(t, desk.Rules{Now: came}, taken(), "x", tanaka, at, desk.Reply{Text: "はい"})
	if got := d.Alarms[0].At; !got.Equal(came.Add(desk.Undo)) || !d.Case.Held[0].Until.Equal(got) {
		t.Errorf("it leaves at %v, want %v", got, came.Add(desk.Undo))
	}
	if got := d.Entries[0].At; !got.Equal(at) {
		t.Errorf("it is said to be written at %v, want %v", got, at)
	}
}

// A reply whose file is not here yet waits for it, but not for ever.
func TestReplyWaitsForItsFile(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	d := does(t, r, taken(), "x", tanaka, at, desk.Reply{Files: []desk.File{{ID: "f", MIME: "application/pdf"}}})
	if len(d.Fetch) != 1 {
		t.Fatalf("got %d files to fetch, want 1", len(d.Fetch))
	}
	now, alarm := d.Alarms[0].At, d.Alarms[0]
	for range 12 {
		if d = r.Ring(d.Case, alarm, "t", now, none); len(d.Alarms) != 1 || len(d.Events) != 0 {
			t.Fatalf("got %+v, want another wait", d)
		}
		alarm, now = d.Alarms[0], d.Alarms[0].At
	}
	if lost := r.Ring(d.Case, alarm, "t", now, none); len(lost.Events) != 0 || len(lost.Changed) != 1 || lost.Changed[0].Fate != desk.Lost {
		t.Errorf("got %+v, want it given up and said so", lost)
	}
	if sent := r.Ring(d.Case, alarm, "t", now, all); len(sent.Events) != 1 || len(sent.Events[0].(bot.StaffReplied).Files) != 1 {
		t.Errorf("got %+v, want it sent with its file", sent)
	}
}

// TestWarmHandover: the resident is asked, the window accepts; until both said
// yes whoever had the case has it.
func TestWarmHandover(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	c := does(t, r, taken(), "o1", tanaka, at, desk.MoveTo{Window: "legal", Why: "借金の話"}).Case
	if c.Window != "housing" || c.Holder != tanaka || c.Offer == nil {
		t.Fatalf("asked: got %+v", c)
	}
	early := r.Decide(c, desk.Command{ID: "a", By: suzuki, At: at, Action: desk.Accept{}})
	if early.Refused != desk.RefusedNoOffer {
		t.Errorf("accepted before the resident answered: got %q", early.Refused)
	}
	other := r.Decide(c, desk.Command{ID: "a", By: suzuki, At: at, Action: desk.MoveTo{Window: "consumer"}})
	if other.Refused != desk.RefusedOffer {
		t.Errorf("a second offer: got %q", other.Refused)
	}
	no := r.Answered(c, bot.Answer{Case: "c", To: bot.ToHandover, ID: "o1", Says: bot.SaysNo}, "i", at)
	if no.Case.Offer != nil || no.Case.Window != "housing" || no.Entries[0].Note != desk.NoteOfferNo || no.Entries[0].By != tanaka {
		t.Errorf("the resident's no: got %+v", no)
	}
	c = r.Answered(c, bot.Answer{Case: "c", To: bot.ToHandover, ID: "o1", Says: bot.SaysYes}, "i", at).Case
	if own := r.Decide(c, desk.Command{ID: "a", By: tanaka, At: at, Action: desk.Accept{}}); own.Refused != desk.RefusedOwn {
		t.Errorf("accepted one's own: got %q", own.Refused)
	}
	refused := does(t, r, c, "a", suzuki, at, desk.Refuse{Why: "人がいません"})
	if refused.Case.Holder != tanaka || refused.Case.Window != "housing" || len(refused.Case.Moves) != 0 || refused.Entries[0].By != tanaka {
		t.Errorf("refused: got %+v, want it back with the one who asked", refused)
	}
	if _, ended := refused.Events[0].(bot.HandoverEnded); !ended || len(refused.Events) != 1 {
		t.Errorf("refused: the dialogue hears %+v, want only that the question is over", refused.Events)
	}
	c = does(t, r, c, "a", suzuki, at, desk.Accept{}).Case
	if c.Window != "legal" || c.Holder != suzuki || len(c.Moves) != 1 || c.Offer != nil {
		t.Errorf("accepted: got %+v", c)
	}
	second := r.Decide(c, desk.Command{ID: "o2", By: suzuki, At: at, Action: desk.MoveTo{Window: "consumer"}})
	if second.Refused != desk.RefusedWhy {
		t.Errorf("a second hand-over without reason: got %q, want %q", second.Refused, desk.RefusedWhy)
	}
	does(t, r, c, "o2", suzuki, at, desk.MoveTo{Window: "consumer", Why: "契約の話"})
}

// In danger nobody waits for an answer.
func TestDangerMovesAtOnce(t *testing.T) {
	t.Parallel()
	c := taken()
	c.Danger = "dv"
	if d := does(t, desk.Rules{}, c, "o", tanaka, at, desk.MoveTo{Window: "legal"}); d.Case.Window != "legal" || d.Case.Offer != nil {
		t.Errorf("got %+v", d.Case)
	}
}

// TestPlanCountsOnlyAgreed: what the resident did not agree to is not in
// force, and their "not now" is kept as theirs.
func TestPlanCountsOnlyAgreed(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	c := does(t, r, taken(), "p", tanaka, at, desk.Propose{Goal: "家にいたい", Steps: []desk.StepText{{Text: "窓口に行く", Who: bot.StepResident}, {Text: " "}}}).Case
	if c.Plan != nil || c.Asked == nil || len(c.Asked.Steps) != 1 {
		t.Fatalf("proposed: got plan %+v, asked %+v", c.Plan, c.Asked)
	}
	step := c.Asked.Steps[0].ID
	if d := r.Answered(c, bot.Answer{To: bot.ToStep, ID: step, Says: bot.SaysYes}, "i", at); len(d.Entries) != 0 {
		t.Error("a step counted before the resident agreed")
	}
	later := r.Answered(c, bot.Answer{To: bot.ToPlan, ID: "1", Says: bot.SaysLater}, "i", at)
	if later.Case.Plan != nil || later.Case.Asked != nil || later.Entries[0].Note != desk.NotePlanLater {
		t.Errorf("not now: got %+v", later)
	}
	if stale := r.Answered(c, bot.Answer{To: bot.ToPlan, ID: "9", Says: bot.SaysYes}, "i", at); stale.Case.Plan != nil {
		t.Error("a yes to another version counted")
	}
	c = r.Answered(c, bot.Answer{To: bot.ToPlan, ID: "1", Says: bot.SaysYes}, "i", at).Case
	c = r.Answered(c, bot.Answer{To: bot.ToStep, ID: step, Says: bot.SaysYes}, "i2", at).Case
	if c.Plan == nil || !c.Plan.Steps[0].Done {
		t.Fatalf("agreed and ticked: got %+v", c.Plan)
	}
	again := does(t, r, c, "p2", tanaka, at, desk.Propose{Goal: "家にいたい", Steps: []desk.StepText{{Text: "窓口に行く", Who: bot.StepResident}, {Text: "電話", Who: bot.StepStaff}}}).Case
	if again.Asked.Version != 2 || !again.Asked.Steps[0].Done || again.Asked.Steps[1].Done || again.Plan.Version != 1 {
		t.Errorf("proposed anew: got %+v; want the old in force and what is done ticked", again.Asked)
	}
}

// TestConsent: an outside window sees words only between the resident's yes
// and their taking it back; what they read is kept with its version.
func TestConsent(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Outside: func(w string) bool { return w == "legal" }}
	d := does(t, r, taken(), "k", tanaka, at, desk.Invite{Window: "legal", Does: "契約を見る"})
	c := d.Case
	if m := c.Team[0]; c.MaySee(m) || len(d.Events) != 1 {
		t.Fatalf("invited: may see %v, events %+v; want no, and the resident asked", c.MaySee(m), d.Events)
	}
	c = r.Answered(c, bot.Answer{To: bot.ToConsent, ID: "k", Says: bot.SaysYes, Text: "読んだ文", Version: "v1"}, "i", at).Case
	if x := c.Consents[0]; !c.MaySee(c.Team[0]) || x.Text != "読んだ文" || x.Version != "v1" || x.State != desk.ConsentGiven {
		t.Errorf("given: got %+v", x)
	}
	c = r.Answered(c, bot.Answer{To: bot.ToConsent, Says: bot.SaysRevoke}, "i2", at.Add(time.Hour)).Case
	if x := c.Consents[0]; c.MaySee(c.Team[0]) || x.State != desk.ConsentRevoked || x.Ended.IsZero() {
		t.Errorf("revoked: got %+v", x)
	}
	inside := does(t, r, taken(), "k", tanaka, at, desk.Invite{Window: "elder-care"})
	if !inside.Case.MaySee(inside.Case.Team[0]) || len(inside.Events) != 0 {
		t.Errorf("a window of the house: got %+v", inside)
	}
	if d := r.Decide(c, desk.Command{By: tanaka, At: at, Action: desk.Invite{Window: "legal"}}); d.Refused != desk.RefusedMember {
		t.Errorf("invited twice: got %q", d.Refused)
	}
}

// Whoever takes their consent back while another organisation is still to
// answer is not handed over to it.
func TestConsentRevokedDuringHandover(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Outside: func(w string) bool { return w == "legal" }}
	c := does(t, r, taken(), "o1", tanaka, at, desk.MoveTo{Window: "legal"}).Case
	c = r.Answered(c, bot.Answer{To: bot.ToHandover, ID: "o1", Says: bot.SaysYes, Text: "読んだ文"}, "i", at).Case
	if !c.Allowed("legal") {
		t.Fatalf("agreed: got %+v", c.Consents)
	}
	d := r.Answered(c, bot.Answer{To: bot.ToConsent, Says: bot.SaysRevoke}, "i2", at.Add(time.Hour))
	if late := r.Decide(d.Case, desk.Command{ID: "a", By: suzuki, At: at, Action: desk.Accept{}}); late.Refused != desk.RefusedNoOffer {
		t.Errorf("accepted all the same: got %q, case with %q", late.Refused, late.Case.Window)
	}
	if n := len(d.Entries); n != 2 || d.Entries[1].Note != desk.NoteOfferNo || d.Entries[1].By != tanaka {
		t.Errorf("got %+v, want who offered it to hear that it is over", d.Entries)
	}
	again := does(t, r, d.Case, "o2", tanaka, at, desk.MoveTo{Window: "elder-care"}).Case
	again = r.Answered(again, bot.Answer{To: bot.ToHandover, ID: "o2", Says: bot.SaysYes}, "i3", at).Case
	if kept := r.Answered(again, bot.Answer{To: bot.ToConsent, Says: bot.SaysRevoke}, "i4", at).Case; kept.Offer == nil {
		t.Error("a hand-over within the house ended with it")
	}
}

// Another organisation reads nothing of a case that nobody has taken, either,
// before the resident agreed.
func TestUntakenCaseIsNotGivenOutside(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Outside: func(w string) bool { return w == "legal" }}
	c := desk.Case{ID: "c", Window: "housing", Status: desk.New}
	d := does(t, r, c, "o1", tanaka, at, desk.MoveTo{Window: "legal"})
	if d.Case.Window != "housing" || d.Case.Offer == nil || d.Case.Allowed("legal") {
		t.Errorf("got %+v, want the resident asked first", d.Case)
	}
	c.Danger = "dv"
	if d := does(t, r, c, "o1", tanaka, at, desk.MoveTo{Window: "legal"}); d.Case.Window != "legal" {
		t.Error("danger waits for an answer")
	}
}

// TestAlarmsThatWereOvertaken ring for nothing.
func TestAlarmsThatWereOvertaken(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	due := at.Add(time.Hour)
	d := does(t, r, taken(), "n", tanaka, at, desk.Promise{Text: "電話", Due: due, Tell: true})
	if rung := r.Ring(d.Case, d.Alarms[0], "t", due, all); len(rung.Entries) != 1 || rung.Entries[0].By != tanaka {
		t.Errorf("due: got %+v", rung)
	}
	kept := does(t, r, d.Case, "n2", tanaka, at, desk.Kept{})
	if rung := r.Ring(kept.Case, d.Alarms[0], "t", due, all); len(rung.Entries) != 0 {
		t.Errorf("kept, and still reminded: %+v", rung)
	}
	moved := does(t, r, d.Case, "n3", tanaka, at, desk.Promise{Text: "電話", Due: due.Add(time.Hour)})
	if d.Alarms[0].Key() != moved.Alarms[0].Key() {
		t.Errorf("a new promise has its own alarm %q beside %q", moved.Alarms[0].Key(), d.Alarms[0].Key())
	}
	asleep := does(t, r, taken(), "z", tanaka, at, desk.Snooze{Until: due})
	if c := desk.Heard(asleep.Case); !c.Snoozed.IsZero() {
		t.Error("the resident wrote and the case sleeps on")
	}
	if rung := r.Ring(desk.Heard(asleep.Case), asleep.Alarms[0], "t", due, all); len(rung.Entries) != 0 {
		t.Errorf("awake already, and woken: %+v", rung)
	}
}

func TestTagsAreFewAndOnce(t *testing.T) {
	t.Parallel()
	d := does(t, desk.Rules{}, taken(), "w", tanaka, at, desk.Write{Tag: true, Tags: []string{"a", " a ", "", "b", "c", "d", "e", "f", "g", "h", "i"}})
	if want := []string{"a", "b", "c", "d", "e", "f", "g", "h"}; !slices.Equal(d.Case.Tags, want) {
		t.Errorf("got %v, want %v", d.Case.Tags, want)
	}
}

// What a resident wrote in an answer is found by its message: they can take it
// back. An answer by a tap has no words to find.
func TestWordsOfAnAnswerHaveTheirMessage(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	c := does(t, r, taken(), "p", tanaka, at, desk.Propose{Goal: "家にいたい"}).Case
	for _, x := range []struct {
		a    bot.Answer
		want string
	}{
		{bot.Answer{To: bot.ToPlan, ID: "1", Says: bot.SaysChange, Words: "まず休みたい", Message: "77"}, "77"},
		{bot.Answer{To: bot.ToClose, Words: "助かりました", Message: "78"}, "78"},
		{bot.Answer{To: bot.ToClose, Says: "3"}, ""},
	} {
		if d := r.Answered(c, x.a, "i", at); len(d.Entries) != 1 || d.Entries[0].MessageID != x.want {
			t.Errorf("%+v: got %+v", x.a, d.Entries)
		}
	}
}

// How long a resident waited is until the first holder, whoever has it later.
func TestFirstTakenIsKept(t *testing.T) {
	t.Parallel()
	c := desk.Case{ID: "c", Window: "money", Status: desk.New, OpenedAt: at}
	c = does(t, desk.Rules{}, c, "1", tanaka, at.Add(time.Minute), desk.Take{}).Case
	c = does(t, desk.Rules{}, c, "2", tanaka, at.Add(2*time.Minute), desk.Release{}).Case
	c = does(t, desk.Rules{}, c, "3", sato, at.Add(3*time.Minute), desk.Reply{Text: "こんにちは"}).Case
	c.Offer = &desk.Offer{ID: "o", Window: "housing", By: sato, Agreed: true}
	c = does(t, desk.Rules{}, c, "4", tanaka, at.Add(time.Hour), desk.Accept{}).Case
	if got := c.FirstTaken(); !got.Equal(at.Add(time.Minute)) || !c.TakenAt.Equal(at.Add(time.Hour)) {
		t.Errorf("taken first at %v, last at %v", got, c.TakenAt)
	}
	// One of an older program: what is known is kept, and what is not is not made up.
	old := desk.Case{ID: "c", Window: "money", Status: desk.Taken, Holder: sato, TakenAt: at.Add(time.Minute), OpenedAt: at}
	old.Offer = &desk.Offer{ID: "o", Window: "housing", By: sato, Agreed: true}
	if got := does(t, desk.Rules{}, old, "5", tanaka, at.Add(time.Hour), desk.Accept{}).Case.FirstTaken(); !got.Equal(at.Add(time.Minute)) {
		t.Errorf("an old case, handed over now: first taken at %v", got)
	}
	old.Moves = []desk.Move{{From: "x", To: "money"}}
	if got := old.FirstTaken(); !got.IsZero() {
		t.Errorf("an old case, handed over before: first taken at %v, want not known", got)
	}
}

// TestLeftToOutside: who blocked the account cannot be asked any more, so that
// another organisation is told only what was allowed before; danger does not wait.
func TestLeftToOutside(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Outside: func(w string) bool { return w == "hospital" }}
	left := taken()
	left.Left = true
	change := func(f func(*desk.Case)) desk.Case { c := left; f(&c); return c }
	given := []desk.Consent{{ID: "x", Window: "hospital", State: desk.ConsentGiven}}
	revoked := []desk.Consent{{ID: "x", Window: "hospital", State: desk.ConsentRevoked}}
	for _, x := range []struct {
		name string
		c    desk.Case
		do   desk.Action
		want desk.Refusal
	}{
		{"handed over", left, desk.MoveTo{Window: "hospital"}, desk.RefusedUnasked},
		{"nobody has it", change(func(c *desk.Case) { c.Status, c.Holder, c.TakenAt = desk.New, desk.Staff{}, time.Time{} }), desk.MoveTo{Window: "hospital"}, desk.RefusedUnasked},
		{"only suspected danger", change(func(c *desk.Case) { c.Danger, c.Unsure = "dv", true }), desk.MoveTo{Window: "hospital"}, desk.RefusedUnasked},
		{"allowed once, and taken back", change(func(c *desk.Case) { c.Consents = revoked }), desk.MoveTo{Window: "hospital"}, desk.RefusedUnasked},
		{"allowed", change(func(c *desk.Case) { c.Consents = given }), desk.MoveTo{Window: "hospital"}, ""},
		{"danger", change(func(c *desk.Case) { c.Danger = "medical" }), desk.MoveTo{Window: "hospital"}, ""},
		{"one of ours", left, desk.MoveTo{Window: "elder"}, ""},
		{"came by telephone", change(func(c *desk.Case) { c.ByHand = desk.ByPhone }), desk.MoveTo{Window: "hospital"}, ""},
		{"invited", left, desk.Invite{Window: "hospital"}, desk.RefusedUnasked},
		{"invited, allowed", change(func(c *desk.Case) { c.Consents = given }), desk.Invite{Window: "hospital"}, ""},
		{"invited, one of ours", left, desk.Invite{Window: "elder"}, ""},
		{"asked for consent", left, desk.AskConsent{With: "病院"}, desk.RefusedGone},
		{"shown a plan", left, desk.Propose{Goal: "x"}, desk.RefusedGone},
		{"told a promise", left, desk.Promise{Text: "x", Due: at.Add(time.Hour), Tell: true}, desk.RefusedGone},
		{"promised among staff", left, desk.Promise{Text: "x", Due: at.Add(time.Hour)}, ""},
	} {
		d := r.Decide(x.c, desk.Command{ID: "1", Case: "c", By: tanaka, At: at, Action: x.do})
		if d.Refused != x.want {
			t.Errorf("%s: got %q, want %q", x.name, d.Refused, x.want)
		}
		if _, moves := x.do.(desk.MoveTo); moves && x.want == "" && d.Case.Window == x.c.Window && d.Case.Offer == nil {
			t.Errorf("%s: nothing became of it", x.name)
		}
	}
}

// TestRemindedWhileOpen: what can wait wakes nobody on a Saturday: an unanswered
// hand-over, and a case that sleeps over closed days. Danger keeps its time.
func TestRemindedWhileOpen(t *testing.T) {
	t.Parallel()
	r := desk.Rules{Hours: office}
	friday, monday := clock(27, 16, 0), clock(30, 8, 30)
	d := does(t, r, taken(), "x", tanaka, friday, desk.MoveTo{Window: "elder"})
	if got := d.Alarms[0].At; !got.Equal(monday) {
		t.Errorf("who waits for the resident is reminded at %v, want %v", got, monday)
	}
	d = r.Answered(d.Case, bot.Answer{To: bot.ToHandover, ID: "x", Says: bot.SaysYes}, "1", friday)
	if got := d.Alarms[0].At; !got.Equal(monday) {
		t.Errorf("who waits for the window is reminded at %v, want %v", got, monday)
	}
	saturday := clock(28, 9, 0)
	d = does(t, r, taken(), "y", tanaka, friday, desk.Snooze{Until: saturday})
	if !d.Case.Snoozed.Equal(monday) || !d.Alarms[0].At.Equal(monday) {
		t.Errorf("sleeps until %v, wakes at %v, want %v", d.Case.Snoozed, d.Alarms[0].At, monday)
	}
	closed := desk.Rules{Hours: bot.Hours{Week: office.Week, Except: map[string][]bot.Period{"2026-11-30": nil}}}
	rung := closed.Ring(d.Case, d.Alarms[0], "t", monday, nil) // Monday was closed meanwhile
	if len(rung.Entries) != 0 || len(rung.Alarms) != 1 || !rung.Alarms[0].At.Equal(monday.AddDate(0, 0, 1)) || !rung.Case.Snoozed.Equal(rung.Alarms[0].At) {
		t.Errorf("got %+v", rung)
	}
	if rung = closed.Ring(rung.Case, rung.Alarms[0], "t", rung.Alarms[0].At, nil); len(rung.Entries) != 1 || !rung.Case.Snoozed.IsZero() {
		t.Errorf("got %+v", rung)
	}
	urgent := taken()
	urgent.Danger = "dv"
	d = does(t, r, urgent, "z", tanaka, friday, desk.Snooze{Until: saturday})
	if rung := r.Ring(d.Case, d.Alarms[0], "t", saturday, nil); !d.Case.Snoozed.Equal(saturday) || len(rung.Entries) != 1 {
		t.Errorf("in danger: sleeps until %v, %+v", d.Case.Snoozed, rung)
	}
}

// TestDangerDoesNotWaitForAnAnswer: a hand-over that nobody answers yet does not
// keep a case in danger, or one whose resident is gone, from going on at once.
func TestDangerDoesNotWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	var r desk.Rules
	asked := does(t, r, taken(), "x", tanaka, at, desk.MoveTo{Window: "elder"}).Case
	if d := r.Decide(asked, desk.Command{ID: "y", Case: "c", By: tanaka, At: at, Action: desk.MoveTo{Window: "dv"}}); d.Refused != desk.RefusedOffer {
		t.Errorf("without danger: %q", d.Refused)
	}
	danger, left := asked, asked
	danger.Danger, left.Left = "dv", true
	for name, c := range map[string]desk.Case{"danger": danger, "gone": left} {
		d := does(t, r, c, "y", tanaka, at, desk.MoveTo{Window: "dv"})
		if d.Case.Window != "dv" || d.Case.Offer != nil || len(d.Events) != 1 || d.Events[0] != (bot.CaseMoved{Case: "c", Window: "dv"}) {
			t.Errorf("%s: got %+v", name, d)
		}
	}
}

// TestCloseEndsWhatIsAsked: what nobody can answer any more is not waited for
// when the case goes on.
func TestCloseEndsWhatIsAsked(t *testing.T) {
	t.Parallel()
	c := does(t, desk.Rules{}, taken(), "x", tanaka, at, desk.Propose{Goal: "x"}).Case
	c = does(t, desk.Rules{}, c, "y", tanaka, at, desk.Close{Outcome: desk.Resolved}).Case
	if c = desk.Reopen(c); c.Asked != nil {
		t.Errorf("it waits for an answer to %+v", c.Asked)
	}
}
