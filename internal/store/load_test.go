package store_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// TestDangerCases: those in danger that are open, however old, or were closed
// lately; and who took a case when.
func TestDangerCases(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		suzuki := desk.Staff{ID: "U0SUZUKI", Name: "鈴木"}
		before := func(hours int) time.Time { return now.Add(-time.Duration(hours) * time.Hour) }
		c := func(id, danger string, who desk.Staff, openedAt, closedAt int) desk.Case {
			x := desk.Case{ID: id, Resident: "r-a", Window: "dv", Danger: danger, Status: desk.Taken, Holder: who, OpenedAt: before(openedAt), TakenAt: before(openedAt - 1)}
			if closedAt > 0 {
				x.Status, x.ClosedAt = desk.Closed, before(closedAt)
			}
			return x
		}
		secretly := c("open-old", "dv", suzuki, 2000, 0)
		secretly.Borne = []desk.Bearer{{Who: suzuki, From: before(2000), Sure: true}}
		put(t, b, "m", "r-a", secret)
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{
				secretly, c("closed-old", "dv", suzuki, 2000, 49), c("closed-new", "dv", suzuki, 100, 47),
				c("calm", "", suzuki, 30, 0), c("calm-closed", "", desk.Staff{ID: "U0SATO"}, 20, 10), c("nobodys", "dv", desk.Staff{}, 2, 0),
			}
		})
		got, err := b.DangerCases(ctx, before(48))
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, x := range got {
			ids = append(ids, x.ID)
		}
		if want := []string{"nobodys", "closed-new", "open-old"}; !slices.Equal(ids, want) {
			t.Errorf("in danger: got %v, want %v", ids, want)
		}
		if len(got[2].Borne) != 1 || got[2].Borne[0].Who != suzuki {
			t.Errorf("who had it: got %+v", got[2].Borne)
		}
		took, err := b.LastTaken(ctx, before(48))
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]time.Time{"U0SUZUKI": before(29), "U0SATO": before(19)}
		if !maps.EqualFunc(took, want, time.Time.Equal) {
			t.Errorf("took: got %v, want %v", took, want)
		}
		r, err := b.Export(ctx, "r-a")
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range r.Cases {
			if len(x.Case.Borne) > 0 {
				t.Error("a resident is given how the staff are")
			}
		}
	})
}
