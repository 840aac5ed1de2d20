package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

var (
	at     = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	tanaka = desk.Staff{ID: "U1", Name: "田中"}
	suzuki = desk.Staff{ID: "U2", Name: "鈴木"}
)

func TestDecide(t *testing.T) {
	t.Parallel()
	fresh := desk.Case{ID: "c", Window: "housing", Status: desk.New}
	taken := fresh
	taken.Status, taken.Holder, taken.TakenAt = desk.Taken, tanaka, at
	closed := taken
	closed.Status = desk.Closed
	left := taken
	left.Left = true
	for _, c := range []struct {
		name    string
		from    desk.Case
		by      desk.Staff
		do      desk.Action
		refused desk.Refusal
		events  []bot.Event
	}{
		{"take", fresh, tanaka, desk.Take{}, "", []bot.Event{bot.CaseTaken{Case: "c", By: "田中"}}},
		{"take what another has", taken, suzuki, desk.Take{}, desk.RefusedTaken, nil},
		{"take what one has", taken, tanaka, desk.Take{}, desk.RefusedYours, nil},
		{"release", taken, tanaka, desk.Release{}, "", []bot.Event{bot.CaseTaken{Case: "c"}}},
		{"release what another has", taken, suzuki, desk.Release{}, desk.RefusedTaken, nil},
		{"release for who has left", taken, suzuki, desk.Release{Absent: tanaka.ID}, "", []bot.Event{bot.CaseTaken{Case: "c"}}},
		{"release for somebody else", taken, suzuki, desk.Release{Absent: suzuki.ID}, desk.RefusedTaken, nil},
		{"reply, which is held", taken, tanaka, desk.Reply{Text: " はい "}, "", nil},
		{"a colleague helps out", taken, suzuki, desk.Reply{Text: "はい"}, "", nil},
		{"reply nothing", taken, tanaka, desk.Reply{Text: " \n"}, desk.RefusedEmpty, nil},
		{"reply more than LINE takes", taken, tanaka, desk.Reply{Text: strings.Repeat("😀", 2501)}, desk.RefusedLong, nil},
		{"reply as much as LINE takes", taken, tanaka, desk.Reply{Text: strings.Repeat("あ", 5000)}, "", nil},
		{"reply with a program", taken, tanaka, desk.Reply{Files: []desk.File{{ID: "f", MIME: "application/x-msdownload"}}}, desk.RefusedFile, nil},
		{"reply with a huge picture", taken, tanaka, desk.Reply{Files: []desk.File{{ID: "f", MIME: "image/png", Size: 11 << 20}}}, desk.RefusedFile, nil},
		{"take back what left", taken, tanaka, desk.TakeBack{Entry: "s-1"}, desk.RefusedLate, nil},
		{"reply to somebody who left", left, tanaka, desk.Reply{Text: "はい"}, desk.RefusedGone, nil},
		{"move what nobody has", fresh, tanaka, desk.MoveTo{Window: "legal"}, "", []bot.Event{bot.CaseMoved{Case: "c", Window: "legal"}}},
		{"move what somebody has asks first", taken, tanaka, desk.MoveTo{Window: "legal", When: "あす"}, "", []bot.Event{bot.HandoverAsked{Case: "c", Offer: "x", Window: "legal", When: "あす"}}},
		{"accept what nobody offers", taken, suzuki, desk.Accept{}, desk.RefusedNoOffer, nil},
		{"refuse what nobody offers", taken, suzuki, desk.Refuse{}, desk.RefusedNoOffer, nil},
		{"invite the lead", taken, tanaka, desk.Invite{Window: "housing"}, desk.RefusedMember, nil},
		{"join unasked", taken, suzuki, desk.Join{Window: "legal"}, desk.RefusedNoOffer, nil},
		{"plan nothing", taken, tanaka, desk.Propose{Goal: " "}, desk.RefusedEmpty, nil},
		{"promise the past", taken, tanaka, desk.Promise{Text: "x", Due: at.Add(-time.Hour)}, desk.RefusedTime, nil},
		{"ask consent for nobody", taken, tanaka, desk.AskConsent{}, desk.RefusedEmpty, nil},
		{"move to where it is", taken, tanaka, desk.MoveTo{Window: "housing"}, desk.RefusedSame, nil},
		{"close", taken, tanaka, desk.Close{}, "", []bot.Event{bot.CaseClosed{Case: "c"}}},
		{"anything after the end", closed, tanaka, desk.Reply{Text: "はい"}, desk.RefusedClosed, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := desk.Decide(c.from, desk.Command{ID: "x", Case: "c", By: c.by, At: at, Action: c.do})
			if d.Refused != c.refused {
				t.Errorf("refused %q, want %q", d.Refused, c.refused)
			}
			if diff := cmp.Diff(c.events, d.Events); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if c.refused != "" {
				if diff := cmp.Diff(c.from, d.Case); diff != "" {
					t.Errorf("a refused command changed the case:\n%s", diff)
				}
			}
		})
	}
}

func TestRaiseNeverCalms(t *testing.T) {
	t.Parallel()
	c := desk.Rules{}.Raise(desk.Case{}, "dv", true, at)
	c = desk.Rules{}.Raise(c, "suicide", false, at)
	c = desk.Rules{}.Raise(c, "fraud", true, at)
	if c.Danger != "suicide" || c.Unsure {
		t.Errorf("got %q unsure %v, want certain suicide", c.Danger, c.Unsure)
	}
}

func TestReopenKeepsTheHolder(t *testing.T) {
	t.Parallel()
	c := desk.Reopen(desk.Case{Status: desk.Closed, Holder: tanaka, ClosedAt: at, Outcome: "解決した"})
	if c.Status != desk.Taken || c.Holder != tanaka || c.Reopened != 1 || c.Outcome != "" || !c.ClosedAt.IsZero() {
		t.Errorf("got %+v", c)
	}
}

func TestCommandSurvivesTheInbox(t *testing.T) {
	t.Parallel()
	for _, a := range []desk.Action{desk.Take{}, desk.Release{}, desk.Reply{Text: "はい"}, desk.MoveTo{Window: "legal", Why: "x"}, desk.Close{Outcome: "y", Where: "z"},
		desk.Accept{}, desk.Refuse{Why: "x"}, desk.CancelOffer{}, desk.Invite{Window: "legal", Does: "x"}, desk.Join{Window: "legal"}, desk.Leave{Window: "legal"},
		desk.Reply{Files: []desk.File{{ID: "f", From: "F1", Name: "a.pdf", MIME: "application/pdf", Size: 3}}, Show: "window:x"}, desk.TakeBack{Entry: "s-1"},
		desk.Propose{Goal: "g", Steps: []desk.StepText{{Text: "t", Who: bot.StepBoth, By: "2026-12-01"}}}, desk.StepDone{Step: "1-1"},
		desk.AskConsent{With: "w", What: "x"}, desk.Write{Text: "t", Tags: []string{"a"}, Tag: true, Call: true}, desk.Promise{Text: "t", Due: at, Tell: true},
		desk.Kept{}, desk.Snooze{Until: at},
	} {
		want := desk.Command{ID: "1", Case: "c", By: tanaka, At: at, Action: a}
		b, err := want.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := desk.DecodeCommand(b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%T (-want +got):\n%s", a, diff)
		}
	}
	if _, err := desk.DecodeCommand([]byte(`{"kind":"fly"}`)); err == nil {
		t.Error("an unknown kind was read")
	}
}
