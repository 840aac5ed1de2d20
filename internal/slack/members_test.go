package slack

import (
	"context"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// An eldersCase is one that 田中, who is in the channels money and urgent only,
// must not act in.
func eldersCase() desk.Case {
	c := aCase()
	c.Window = "elder"
	return c
}

// fill opens the reply of a case and writes into it.
func (o *office) fill(user, channel, ts, words string) {
	o.t.Helper()
	if _, err := o.Click(o.ctx(), slackapi.On(user, channel, ts), actReply); err != nil {
		o.t.Fatal(err)
	}
	if err := o.Fill(o.ctx(), user, map[string]any{inputText: words}); err != nil {
		o.t.Fatal(err)
	}
}

// TestModalOfACaseThatLeft: a case goes to a channel the person is not in while
// its modal is open. Nothing gets through, from the form or from the preview,
// and the words stay to be copied.
func TestModalOfACaseThatLeft(t *testing.T) {
	t.Parallel()
	for name, preview := range map[string]bool{"form": false, "preview": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			c := aCase()
			ts := o.begin(c)
			o.fill(tanaka, money, ts, "あした来てください")
			if preview {
				if _, err := o.Submit(o.ctx(), tanaka); err != nil {
					t.Fatal(err)
				}
			}
			c.Window = "elder"
			o.s.set(func() { o.s.cases[c.ID] = c })
			if _, err := o.Submit(o.ctx(), tanaka); err != nil {
				t.Fatal(err)
			}
			v, ok := o.Modal(tanaka)
			shown := o.PlainView(v)
			if n := len(o.s.commands(t)); n != 0 || !ok || !strings.Contains(shown, "あした来てください") || !strings.Contains(shown, noteElsewhere) {
				t.Errorf("%d commands; the modal is open: %v, and shows\n%s", n, ok, shown)
			}
			// Back in a channel they are in, the same modal goes on.
			c.Window = "money"
			o.s.set(func() { o.s.cases[c.ID] = c })
			for range 2 {
				if _, err := o.Submit(o.ctx(), tanaka); err != nil {
					t.Fatal(err)
				}
				if _, ok := o.Modal(tanaka); !ok {
					break
				}
			}
			if got := o.s.commands(t); len(got) != 1 || !same(got[0].Action, desk.Reply{Text: "あした来てください"}) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// TestSubmitOutsideTheCasesChannel: being in some channel of the desk is not
// enough; the case's own counts, or that of a window which joined it.
func TestSubmitOutsideTheCasesChannel(t *testing.T) {
	t.Parallel()
	joined := func(c *desk.Case) {
		c.Team = []desk.Member{{Window: "money", Who: desk.Staff{ID: tanaka, Name: "田中"}}}
	}
	offered := func(c *desk.Case) {
		c.Offer = &desk.Offer{ID: "o", Window: "money", Agreed: true, By: desk.Staff{ID: sato}}
	}
	for name, test := range map[string]struct {
		change func(*desk.Case)
		kind   string
		in     bool
	}{
		"another window's":        {func(*desk.Case) {}, viewMemo, false},
		"asked, not joined":       {func(c *desk.Case) { joined(c); c.Team[0].Who = desk.Staff{} }, viewMemo, false},
		"joined":                  {joined, viewMemo, true},
		"outside without consent": {func(c *desk.Case) { joined(c); c.Team[0].Outside = true }, viewMemo, false},
		"danger":                  {func(c *desk.Case) { c.Danger = "suicide" }, viewMemo, true}, // 田中 is in the urgent channel
		"offered: refuses":        {offered, viewRefuse, true},
		"offered: writes":         {offered, viewMemo, false},
		"offer not agreed":        {func(c *desk.Case) { offered(c); c.Offer.Agreed = false }, viewRefuse, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			c := eldersCase()
			test.change(&c)
			o.s.set(func() { o.s.cases[c.ID] = c })
			i := &interaction{}
			i.User.ID = tanaka
			i.View.Callback, i.View.Metadata = test.kind, modal(test.kind, "", "", "", aboutCase(c), nil).PrivateMetadata
			i.View.ID = "V1"
			i.View.State.Values = map[string]map[string]entered{inputText: {inputText: {Value: "話した"}}, inputWhy: {inputWhy: {Value: "満員"}}}
			a := o.c.submit(o.ctx(), i)
			if got := len(o.s.commands(t)); (got == 1) != test.in {
				t.Errorf("got %d commands and %s", got, a.body)
			}
		})
	}
}

// TestOpenOutsideTheCasesChannel: a button somewhere else opens nothing of a
// case in a channel the person is not in: no words, and no empty form.
func TestOpenOutsideTheCasesChannel(t *testing.T) {
	t.Parallel()
	for _, action := range []string{actReply, actUnveil, actAgain} {
		for name, where := range map[string]string{"home": "", "another channel": money} {
			t.Run(action+" "+name, func(t *testing.T) {
				t.Parallel()
				o := open(t)
				c := eldersCase()
				e := desk.Entry{ID: "s-1", Case: c.ID, Kind: desk.FromStaff, Text: "ひみつ"}
				o.s.set(func() { o.s.cases[c.ID] = c; o.s.entries = append(o.s.entries, e) })
				a := aboutCase(c)
				a.Arg = e.ID
				i := &interaction{Type: "block_actions", TriggerID: "1.2.x"}
				i.User.ID, i.Container.ChannelID = tanaka, where
				raw, err := encode(a)
				if err != nil {
					t.Fatal(err)
				}
				i.Actions = []acted{{ActionID: action, Value: string(raw), ActionTS: "1.2"}}
				if got := o.c.click(o.ctx(), i); got.status != 200 {
					t.Errorf("got %d", got.status)
				}
				if n := o.counted("click stranger"); n != 1 || len(o.Modals(tanaka)) != 0 {
					t.Errorf("turned away %d times, %d modals", n, len(o.Modals(tanaka)))
				}
				// At once, without a modal, it is the same.
				i.Actions[0].ActionID = actTake
				_ = o.c.click(o.ctx(), i)
				if n := len(o.s.commands(t)); n != 0 {
					t.Errorf("%d commands from %q", n, where)
				}
			})
		}
	}
}

// TestOpenWhileTheDatabaseIsDown: a form that holds nothing of the case opens
// all the same; one with words does not.
func TestOpenWhileTheDatabaseIsDown(t *testing.T) {
	t.Parallel()
	o := open(t)
	ts := o.begin(aCase())
	o.s.set(func() { o.s.down = true })
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), actReply); err != nil {
		t.Fatal(err)
	}
	if v, ok := o.Modal(tanaka); !ok || v.Title != "返信" {
		t.Errorf("got %v %q", ok, v.Title)
	}
	if err := o.CloseModal(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Select(o.ctx(), slackapi.On(tanaka, money, ts), actMenu, menuMemo); err != nil {
		t.Fatal(err)
	}
	if v, ok := o.Modal(tanaka); ok {
		t.Errorf("got %q", v.Title)
	}
}

// TestLessonsAreTheirChannels: who is not where lessons are decided decides
// none, whatever button or form they hold.
func TestLessonsAreTheirChannels(t *testing.T) {
	t.Parallel()
	decided := 0
	o := open(t, func(_ *slackapi.Config, cfg *Config) {
		cfg.Lessons = countLessons{&decided}
		cfg.Channel = func(string, string) string { return elder }
	})
	i := &interaction{}
	i.User.ID, i.View.ID, i.View.Callback, i.View.Metadata = tanaka, "V1", viewLesson, `{"lesson":"l"}`
	if a := o.c.submit(o.ctx(), i); decided != 0 || !strings.Contains(string(a.body), "チャンネルに入っていない") {
		t.Errorf("%d decisions, %s", decided, a.body)
	}
	i.User.ID = sato
	if a := o.c.submit(o.ctx(), i); decided != 1 {
		t.Errorf("%d decisions, %s", decided, a.body)
	}
}

// countLessons counts what is decided.
type countLessons struct{ n *int }

func (countLessons) Lesson(context.Context, string) (lesson.Lesson, error) {
	return lesson.Lesson{ID: "l", State: lesson.Proposed}, nil
}

func (countLessons) Measure(lesson.Lesson) lesson.Effect { return lesson.Effect{} }

func (c countLessons) Decide(context.Context, lesson.Command) (lesson.Lesson, lesson.Refusal, error) {
	*c.n++
	return lesson.Lesson{}, "", nil
}

// TestHolderWhoLeft: a case whose holder is in its channel no more would be
// nobody's for ever; a colleague can let go of it for them. As long as they are
// there, or nobody can say, only they can.
func TestHolderWhoLeft(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Status, c.Holder = desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}
	ts := o.begin(c)
	press := func() desk.Action {
		t.Helper()
		if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, ts), actRelease); err != nil {
			t.Fatal(err)
		}
		all := o.s.commands(t)
		return all[len(all)-1].Action
	}
	if got := press(); !same(got, desk.Release{}) {
		t.Errorf("the holder is there: got %+v", got)
	}
	if err := o.Leave(sato, money); err != nil {
		t.Fatal(err)
	}
	o.c.memberChanged(money) // Slack tells, where the app hears it
	if got := press(); !same(got, desk.Release{Absent: sato}) {
		t.Errorf("the holder has left: got %+v", got)
	}
}

// TestOldThread: a thread stays where a case was. Who is not where it is now
// cannot answer from there, and is told so; talk is not answered at all.
func TestOldThread(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	ts := o.begin(c)
	c.Window = "elder" // 田中 is not there, 佐藤 is
	o.s.set(func() { o.s.cases[c.ID] = c })
	for _, user := range []string{tanaka, sato} {
		for _, text := range []string{"これは -&gt; どうなりましたか", ">> 返事です"} {
			if _, err := o.Post(user, money, ts, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); len(got) != 1 || got[0].By.ID != sato {
		t.Errorf("got %+v, want the reply of who may see the case", got)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "なにも送っていません") }); err != nil {
		t.Error(err)
	}
	if n := len(o.Ephemerals(tanaka)); n != 1 {
		t.Errorf("%d notes, want 1", n)
	}
}
