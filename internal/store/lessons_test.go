package store_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// propose commits a turn of a resident with one lesson.
func propose(t *testing.T, b *bundle, resident string, number int64, ids ...string) {
	t.Helper()
	put(t, b, fmt.Sprint(resident, number), resident, "x")
	commit(t, b, leaseOne(t, b), number, func(turn *reception.Turn) {
		turn.Resident = resident
		for _, id := range ids {
			turn.Lessons = append(turn.Lessons, lesson.Lesson{
				ID: id, Resident: resident, Text: "保証人がいません", Shown: "housing", Right: "guardianship",
				Lang: bot.Ja, Why: bot.ByResident, State: lesson.Proposed, At: b.clock.now(),
			})
		}
	})
}

// decided is l as staff leave it.
func decided(l lesson.Lesson, state lesson.State, at time.Time) lesson.Lesson {
	l.State, l.Resident, l.By, l.Decided = state, "", lesson.Staff{ID: "U1", Name: "田中"}, at
	if state == lesson.Declined {
		l.Text = ""
	}
	return l
}

func TestLessonsFromProposalToForgetting(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		propose(t, b, "r-a", 1, "l-1", "l-2")
		first, err := b.Lesson(ctx, "l-1")
		if err != nil {
			t.Fatal(err)
		}
		want := lesson.Lesson{
			ID: "l-1", Resident: "r-a", Text: "保証人がいません", Shown: "housing", Right: "guardianship", Lang: bot.Ja,
			Why: bot.ByResident, State: lesson.Proposed, At: now,
		}
		if diff := cmp.Diff(want, first); diff != "" {
			t.Errorf("proposed (-want +got):\n%s", diff)
		}
		if l, v, err := b.Lessons(ctx); len(l) != 0 || v != 0 || err != nil {
			t.Errorf("nothing is accepted: got %v, version %d, %v", l, v, err)
		}
		edited := first
		edited.Text, edited.Right, edited.Edits = "入院の保証人がいません", "legal", 1
		if err := b.ChangeLesson(ctx, first, edited, nil); err != nil {
			t.Fatal(err)
		}
		to := decided(edited, lesson.Accepted, now)
		to.Effect = lesson.Effect{Asked: 457, Before: 417, After: 418, Mended: 2, Spoilt: []string{"dv"}}
		letter := mailbox.Letter{ID: "lesson:l-1", Lane: "slack:C", Kind: reception.LetterLesson, Subject: "l-1@C", Body: []byte("{}")}
		if err := b.ChangeLesson(ctx, first, to, nil); !errors.Is(err, lesson.ErrStale) {
			t.Errorf("deciding on words that were edited meanwhile: got %v, want %v", err, lesson.ErrStale)
		}
		if err := b.ChangeLesson(ctx, edited, to, []mailbox.Letter{letter}); err != nil {
			t.Fatal(err)
		}
		if got := leaseLetter(t, b).Letter.Subject; got != "l-1@C" {
			t.Errorf("the card's letter: got %q, want l-1@C", got)
		}
		accepted, version, err := b.Lessons(ctx)
		if err != nil {
			t.Fatal(err)
		}
		to.Version = 1
		if diff := cmp.Diff([]lesson.Lesson{to}, accepted); diff != "" || version != 1 {
			t.Errorf("accepted, version %d, want 1 (-want +got):\n%s", version, diff)
		}
		if err := b.ChangeLesson(ctx, accepted[0], decided(accepted[0], lesson.Declined, now), nil); err != nil {
			t.Fatal(err)
		}
		l, version, err := b.Lessons(ctx)
		if len(l) != 0 || version != 2 || err != nil {
			t.Errorf("after forgetting: got %v, version %d, %v; want none, 2", l, version, err)
		}
		if got, err := b.Lesson(ctx, "l-1"); got.Text != "" || got.Resident != "" || err != nil {
			t.Errorf("a lesson forgotten keeps %q of %q, %v; want nothing", got.Text, got.Resident, err)
		}
	})
}

// TestOneDecisionEach: however many press at once, one decides each lesson, and
// the version shows every decision.
func TestOneDecisionEach(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		const lessons, people = 4, 5
		var ids []string
		for i := range lessons {
			ids = append(ids, fmt.Sprint("l-", i))
		}
		propose(t, b, "r-a", 1, ids...)
		var mu sync.Mutex
		won := map[string]int{}
		var wait sync.WaitGroup
		for _, id := range ids {
			from, err := b.Lesson(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			for range people {
				wait.Go(func() {
					err := b.ChangeLesson(t.Context(), from, decided(from, lesson.Accepted, b.clock.now()), nil)
					if err != nil && !errors.Is(err, lesson.ErrStale) {
						t.Errorf("decide: %v", err)
					}
					if err == nil {
						mu.Lock()
						won[id]++
						mu.Unlock()
					}
				})
			}
		}
		wait.Wait()
		for _, id := range ids {
			if won[id] != 1 {
				t.Errorf("%s was decided by %d people, want 1", id, won[id])
			}
		}
		accepted, version, err := b.Lessons(t.Context())
		if err != nil || version != lessons {
			t.Fatalf("version: got %d, %v; want %d", version, err, lessons)
		}
		for i, l := range accepted {
			if l.Version != int64(i+1) {
				t.Errorf("lesson %d has version %d, want %d", i, l.Version, i+1)
			}
		}
	})
}

func TestErasedResidentKeepsNoProposal(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		propose(t, b, "r-a", 1, "l-1", "l-2")
		l, err := b.Lesson(ctx, "l-2")
		if err != nil {
			t.Fatal(err)
		}
		if err := b.ChangeLesson(ctx, l, decided(l, lesson.Accepted, b.clock.now()), nil); err != nil {
			t.Fatal(err)
		}
		record, err := b.Export(ctx, "r-a")
		if err != nil || len(record.Lessons) != 1 || record.Lessons[0].Text != "保証人がいません" {
			t.Errorf("the resident's record shows %v, %v; want the one proposal", record.Lessons, err)
		}
		if _, err := b.Erase(ctx, "r-a", store.Wish{By: "x"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Lesson(ctx, "l-1"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("the proposal of an erased resident: got %v, want %v", err, reception.ErrNotFound)
		}
		if accepted, _, err := b.Lessons(ctx); len(accepted) != 1 || err != nil {
			t.Errorf("accepted lessons are nobody's and stay: got %v, %v", accepted, err)
		}
	})
}

func TestProposalsGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		propose(t, b, "r-a", 1, "l-1", "l-2")
		put(t, b, "unsend", "r-a", "x")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) { turn.Resident, turn.DropLessons = "r-a", []string{"l-1"} })
		if ids, err := b.ProposedBy(ctx, "r-a"); !cmp.Equal(ids, []string{"l-2"}) || err != nil {
			t.Errorf("after one was taken back: got %v, %v; want l-2", ids, err)
		}
		if _, err := b.DeleteExpired(ctx, b.clock.now().Add(91*24*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if ids, err := b.ProposedBy(ctx, "r-a"); len(ids) != 0 || err != nil {
			t.Errorf("after 91 days without a decision: got %v, %v; want none", ids, err)
		}
	})
}
