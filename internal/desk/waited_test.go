package desk_test

import (
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// TestWaited: what is written down a day after a case began, and that nobody's
// screen changes because of it.
func TestWaited(t *testing.T) {
	t.Parallel()
	begun := at
	late := begun.Add(desk.AnswerWithin)
	for name, x := range map[string]struct {
		c    desk.Case
		want bool
	}{
		"nobody wrote":                 {desk.Case{}, true},
		"taken, and nobody wrote":      {desk.Case{Status: desk.Taken, Holder: tanaka, TakenAt: begun}, true},
		"staff wrote":                  {desk.Case{Answered: begun.Add(time.Hour)}, false},
		"it ended":                     {desk.Case{Status: desk.Closed}, false},
		"a call nobody took":           {desk.Case{ByHand: desk.ByPhone}, true},
		"a call somebody took":         {desk.Case{ByHand: desk.ByPhone, TakenAt: begun}, false},
		"a call that was handed about": {desk.Case{ByHand: desk.ByPhone, FirstAt: begun, Moves: []desk.Move{{}}}, false},
	} {
		x.c.ID, x.c.OpenedAt = "c", begun
		alarm := x.c.Wait()
		if alarm.Kind != desk.AlarmWaited || !alarm.At.Equal(late) {
			t.Fatalf("%s: due %+v, want at %v", name, alarm, late)
		}
		d := desk.Rules{}.Ring(x.c, alarm, "a", late, nil)
		if got := !d.Case.Waited.IsZero(); got != x.want {
			t.Errorf("%s: waited %v, want %v", name, got, x.want)
		}
		if !d.Aside || len(d.Entries)+len(d.Alarms)+len(d.Events) > 0 {
			t.Errorf("%s: %+v; want nothing that anybody sees", name, d)
		}
	}
}
