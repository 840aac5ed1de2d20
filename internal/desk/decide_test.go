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
		{"reply", taken, tanaka, desk.Reply{Text: " はい "}, "", []bot.Event{bot.StaffReplied{Case: "c", From: "田中", Text: "はい"}}},
		{"a colleague helps out", taken, suzuki, desk.Reply{Text: "はい"}, "", []bot.Event{bot.StaffReplied{Case: "c", From: "鈴木", Text: "はい"}}},
		{"reply nothing", taken, tanaka, desk.Reply{Text: " \n"}, desk.RefusedEmpty, nil},
		{"reply more than LINE takes", taken, tanaka, desk.Reply{Text: strings.Repeat("😀", 2501)}, desk.RefusedLong, nil},
		{"reply as much as LINE takes", taken, tanaka, desk.Reply{Text: strings.Repeat("あ", 5000)}, "", []bot.Event{bot.StaffReplied{Case: "c", From: "田中", Text: strings.Repeat("あ", 5000)}}},
		{"reply to somebody who left", left, tanaka, desk.Reply{Text: "はい"}, desk.RefusedGone, nil},
		{"move", taken, tanaka, desk.MoveTo{Window: "legal"}, "", []bot.Event{bot.CaseMoved{Case: "c", Window: "legal"}}},
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

// TestReplyTakes: whoever answers a case nobody has, has it from then on.
func TestReplyTakes(t *testing.T) {
	t.Parallel()
	d := desk.Decide(desk.Case{ID: "c", Status: desk.New}, desk.Command{ID: "x", Case: "c", By: suzuki, At: at, Action: desk.Reply{Text: "はい"}})
	if d.Case.Holder != suzuki || d.Case.Status != desk.Taken || len(d.Entries) != 1 || d.Entries[0].By != suzuki {
		t.Errorf("got %+v", d)
	}
}

func TestMovesAreCounted(t *testing.T) {
	t.Parallel()
	c := desk.Case{ID: "c", Window: "housing", Status: desk.Taken, Holder: tanaka}
	for _, to := range []string{"legal", "self-reliance"} {
		c = desk.Decide(c, desk.Command{By: tanaka, At: at, Action: desk.MoveTo{Window: to, Why: "理由"}}).Case
	}
	if len(c.Moves) != 2 || c.Moves[1].From != "legal" || c.Window != "self-reliance" || c.Holder.ID != "" {
		t.Errorf("got %+v", c)
	}
}

func TestRaiseNeverCalms(t *testing.T) {
	t.Parallel()
	c := desk.Raise(desk.Case{}, "dv", true)
	c = desk.Raise(c, "suicide", false)
	c = desk.Raise(c, "fraud", true)
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
	for _, a := range []desk.Action{desk.Take{}, desk.Release{}, desk.Reply{Text: "はい"}, desk.MoveTo{Window: "legal", Why: "x"}, desk.Close{Outcome: "y"}} {
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
