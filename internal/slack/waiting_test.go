package slack

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// waitingFor is a case whose resident waits for a first answer.
func waitingFor(late bool) desk.Case {
	c := aCase()
	c.Plan, c.Asked, c.Next, c.Danger = nil, nil, nil, ""
	c.Waits = opened
	if late {
		c.Overdue, c.Reminded = opened.Add(24*time.Hour), 1
	}
	return c
}

// TestCardSaysWhatIsMissing: in one line, and nothing once all of it is there.
func TestCardSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	shown := func(c desk.Case) string { return check(t, card(c, nil, pack(), false, ""), false) }
	c := waitingFor(false)
	for _, want := range []string{"□ だれが", "□ 受けとめの返事（11月24日（火）14:05 まで）", "□ ご本人の望み", "□ 次の連絡日"} {
		if got := shown(c); !strings.Contains(got, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
	if got := shown(c); strings.Contains(got, "⏰") {
		t.Errorf("it is not late:\n%s", got)
	}
	if got := shown(waitingFor(true)); !strings.Contains(got, "⏰ *ご本人への返事が、まだです。*　11月23日（月）14:05 から") || strings.Contains(got, "まで）") {
		t.Errorf("it is late:\n%s", got)
	}
	c.Holder, c.Status, c.Waits, c.Replied = desk.Staff{ID: "U0TANAKA", Name: "田中"}, desk.Taken, time.Time{}, opened
	c.Wish, c.Next = "家で暮らしたい", &desk.Next{Text: "電話する", Due: opened}
	got := shown(c)
	if strings.Contains(got, "□") {
		t.Errorf("all of it is there:\n%s", got)
	}
	if !strings.Contains(got, "*ご本人の望み*　「家で暮らしたい」") {
		t.Errorf("the wish is missing:\n%s", got)
	}
	c.Plan = &bot.Plan{Goal: "庭のある家で暮らしたい", Agreed: opened}
	if got := shown(c); strings.Contains(got, "*ご本人の望み*") {
		t.Errorf("the plan says it better:\n%s", got)
	}
}

// TestLateAnswerCallsOneAfterTheOther: who has it, the team, the lead.
func TestLateAnswerCallsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	content := *pack()
	content.Duty.People = []bot.Person{{ID: "U0LEAD", Role: bot.RoleLead}}
	content.Index()
	e := desk.Entry{Kind: desk.FromBot, Note: desk.NoteUnanswered, By: desk.Staff{ID: "U0TANAKA", Name: "田中"}, At: opened}
	for whom, want := range map[string]string{desk.CallHolder: "<@U0TANAKA>", bot.CallHere: "<!here>", bot.CallLead: "<@U0LEAD>"} {
		e.Text = whom
		p := entry(waitingFor(true), e, delivery{}, &content)
		got := check(t, p, true)
		if !strings.Contains(p.text, want) || !strings.Contains(got, "11月23日（月）14:05 から") || strings.Count(p.text, "<") != 1 {
			t.Errorf("%s: got %q, want %s alone", whom, p.text, want)
		}
	}
	// The lead may be who has it: they are called all the same.
	e.Text, e.By = bot.CallLead, desk.Staff{ID: "U0LEAD", Name: "森"}
	if p := entry(waitingFor(true), e, delivery{}, &content); !strings.Contains(p.text, "<@U0LEAD>") {
		t.Errorf("got %q", p.text)
	}
}

// TestAnswerFigures: in time, too late, waiting, and those that do not count.
func TestAnswerFigures(t *testing.T) {
	t.Parallel()
	r := rulesOf(pack())
	within := r.AnswerBy(opened)
	replied := func(at time.Time) desk.Case { return desk.Case{ID: "c", OpenedAt: opened, Replied: at} }
	waits := waitingFor(true)
	waits.OpenedAt = opened
	doubt := waits
	doubt.Danger, doubt.Unsure = "suicide", true
	cases := []desk.Case{replied(opened.Add(time.Hour)), replied(within), replied(within.Add(time.Minute)), waits, doubt, {ID: "h", ByHand: desk.ByPhone, OpenedAt: opened}, {ID: "old", OpenedAt: opened, Answered: opened}}
	got := countAnswers(cases, r, within.Add(time.Hour))
	if got.intime != 2 || got.all != 4 || got.waiting != 1 || len(got.took) != 3 {
		t.Errorf("got %+v", got)
	}
	lines := strings.Join(got.lines(24*time.Hour), "\n")
	if !strings.Contains(lines, "24時間のうち（休みの日は数えません）　2 / 4件、過ぎて待っている 1件") {
		t.Errorf("got %q", lines)
	}
	if got := countAnswers(nil, r, opened).lines(24 * time.Hour); got != nil {
		t.Errorf("nothing to count: got %q", got)
	}
	if before := countAnswers([]desk.Case{waits}, r, opened.Add(time.Hour)); before.all != 0 {
		t.Errorf("the time is not over: got %+v", before)
	}
}

// TestHomeListsLateAnswers: among what waits, and only when there are some.
func TestHomeListsLateAnswers(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	c := waitingCase(1, "money")
	c.Waits, c.Overdue = opened, opened.Add(24*time.Hour)
	b.set(func() { b.cases[c.ID] = c })
	blocks, err := o.c.homeBlocks(t.Context(), sato, []desk.Case{c})
	if err != nil {
		t.Fatal(err)
	}
	text := check(t, post{text: "home", blocks: blocks}, false)
	if !strings.Contains(text, "返事がまだの相談") || !strings.Contains(text, "⏰返事まだ") {
		t.Errorf("the home does not say it:\n%s", text)
	}
	c.Overdue = time.Time{}
	blocks, err = o.c.homeBlocks(t.Context(), sato, []desk.Case{c})
	if err != nil || strings.Contains(check(t, post{text: "home", blocks: blocks}, false), "返事がまだ") {
		t.Errorf("it is not late (%v)", err)
	}
}
