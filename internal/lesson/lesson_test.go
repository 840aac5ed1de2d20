package lesson_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

var shipped = sync.OnceValues(func() (*intents.Pack, *understand.Model) {
	p, _, err := intents.Load(intents.Embedded())
	if err != nil {
		panic(err)
	}
	m, ok, err := intents.EmbeddedModel(p)
	if err != nil || !ok {
		panic("the embedded model does not belong to the pack: run make train")
	}
	return p, m
})

var (
	tanaka = lesson.Staff{ID: "U1", Name: "田中"}
	suzuki = lesson.Staff{ID: "U2", Name: "鈴木"}
	noon   = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)
)

// proposed is a lesson no training would give: whatever the model says today, it
// is taught something else.
func proposed() lesson.Lesson {
	return lesson.Lesson{ID: "l-1", Resident: "r-a", Text: "ひとりで入院するのに保証人がいません", Shown: "housing", Right: "donation", State: lesson.Proposed}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	pack, _ := shipped()
	accepted := proposed()
	accepted.State, accepted.Resident, accepted.By, accepted.Decided = lesson.Accepted, "", tanaka, noon
	declined := accepted
	declined.State, declined.Text = lesson.Declined, ""
	edited := proposed()
	edited.Text, edited.Right, edited.Edits = "入院の保証人がいません", "legal", 1
	for name, c := range map[string]struct {
		from    lesson.Lesson
		by      lesson.Staff
		edits   int
		do      lesson.Action
		want    lesson.Lesson
		changed bool
		refused lesson.Refusal
	}{
		"accept: nobody's words any more": {proposed(), tanaka, 0, lesson.Accept{}, accepted, true, ""},
		"the same click again":            {accepted, tanaka, 0, lesson.Accept{}, accepted, false, ""},
		"a second person accepts":         {accepted, suzuki, 0, lesson.Accept{}, accepted, false, lesson.RefusedDecided},
		"accept what was edited":          {edited, tanaka, 0, lesson.Accept{}, edited, false, lesson.RefusedEdited},
		"decline: the words go":           {proposed(), tanaka, 0, lesson.Decline{}, declined, true, ""},
		"forget what was learned":         {accepted, tanaka, 0, lesson.Decline{}, declined, true, ""},
		"accept what was declined":        {declined, suzuki, 0, lesson.Accept{}, declined, false, lesson.RefusedDecided},
		"edit":                            {proposed(), tanaka, 0, lesson.Edit{Text: " 入院の保証人がいません ", Right: "legal"}, edited, true, ""},
		"edit nothing":                    {proposed(), tanaka, 0, lesson.Edit{Text: proposed().Text, Right: "donation"}, proposed(), false, ""},
		"edit what was edited":            {edited, suzuki, 0, lesson.Edit{Text: "入院します", Right: "legal"}, edited, false, lesson.RefusedEdited},
		"edit what was decided":           {accepted, suzuki, 0, lesson.Edit{Text: "入院します", Right: "legal"}, accepted, false, lesson.RefusedDecided},
		"edit to nothing":                 {proposed(), tanaka, 0, lesson.Edit{Text: " あ ", Right: "legal"}, proposed(), false, lesson.RefusedEmpty},
		"edit to a life":                  {proposed(), tanaka, 0, lesson.Edit{Text: strings.Repeat("あ", 301), Right: "legal"}, proposed(), false, lesson.RefusedLong},
		"edit to a window of danger":      {proposed(), tanaka, 0, lesson.Edit{Text: "入院します", Right: "dv"}, proposed(), false, lesson.RefusedWindow},
		"edit to no window":               {proposed(), tanaka, 0, lesson.Edit{Text: "入院します", Right: "x"}, proposed(), false, lesson.RefusedWindow},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, changed, refused := lesson.Decide(c.from, lesson.Command{Lesson: "l-1", Edits: c.edits, By: c.by, At: noon, Action: c.do}, pack.Content)
			if changed != c.changed || refused != c.refused {
				t.Errorf("changed %v, refused %q; want %v, %q", changed, refused, c.changed, c.refused)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("lesson (-want +got):\n%s", diff)
			}
		})
	}
}

// shelf keeps lessons in memory.
type shelf struct {
	mu      sync.Mutex
	lessons map[string]lesson.Lesson
	version int64
	down    bool
	letters []mailbox.Letter
	asked   int
}

var errDown = errors.New("the database is down")

func (s *shelf) Lesson(_ context.Context, id string) (lesson.Lesson, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.lessons[id]
	if s.down || !ok {
		return l, errDown
	}
	return l, nil
}

func (s *shelf) Lessons(context.Context) (accepted []lesson.Lesson, version int64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return nil, 0, errDown
	}
	for _, l := range s.lessons {
		if l.State == lesson.Accepted {
			accepted = append(accepted, l)
		}
	}
	return accepted, s.version, nil
}

func (s *shelf) LessonVersion(context.Context) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.down {
		return 0, errDown
	}
	return s.version, nil
}

func (s *shelf) ChangeLesson(_ context.Context, from, to lesson.Lesson, letters []mailbox.Letter) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return errDown
	}
	if was := s.lessons[to.ID]; was.State != from.State || was.Edits != from.Edits {
		return lesson.ErrStale
	}
	if from.State == lesson.Accepted || to.State == lesson.Accepted {
		s.version++
		to.Version = s.version
	}
	s.lessons[to.ID] = to
	s.letters = append(s.letters, letters...)
	return nil
}

func (s *shelf) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// process is one process's tutor with the model it answers with.
type process struct {
	*lesson.Tutor
	mu    sync.Mutex
	model *understand.Model
}

func (p *process) first(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.model.Understand(text, understand.Hint{}).Windows[0].ID
}

func start(t *testing.T, s *shelf, more ...string) *process {
	t.Helper()
	pack, model := shipped()
	p := &process{}
	var err error
	p.Tutor, err = lesson.NewTutor(lesson.Config{
		Store: s, Log: slog.New(slog.DiscardHandler),
		Base: lesson.Base{
			Model: model, Content: pack.Content, Exam: pack.Exam[:120], Pack: more,
			Use: func(m *understand.Model) {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.model = m
			},
		},
		Card: func(l lesson.Lesson, id string) mailbox.Letter { return mailbox.Letter{ID: id, Subject: l.ID} },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestEveryProcessLearnsAndForgets(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := proposed()
		s := &shelf{lessons: map[string]lesson.Lesson{l.ID: l}}
		one, two := start(t, s), start(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		for _, p := range []*process{one, two} {
			wait.Go(func() {
				if err := p.Run(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		if got := one.first(l.Text); got == l.Right {
			t.Fatalf("the model answers %s before it is taught", got)
		}
		decide := func(do lesson.Action, by lesson.Staff) (lesson.Lesson, lesson.Refusal) {
			got, refused, err := one.Decide(ctx, lesson.Command{Lesson: l.ID, By: by, At: noon, Action: do})
			if err != nil {
				t.Fatal(err)
			}
			return got, refused
		}
		got, refused := decide(lesson.Accept{}, tanaka)
		if refused != "" || got.Effect.Asked != 120 {
			t.Errorf("accepted: refused %q, effect %+v; want an effect on 120 messages", refused, got.Effect)
		}
		synctest.Wait() // no time passes: who accepted learns at once
		if got := one.first(l.Text); got != l.Right {
			t.Errorf("the process that accepted answers %s, want %s", got, l.Right)
		}
		if _, refused := decide(lesson.Accept{}, suzuki); refused != lesson.RefusedDecided {
			t.Errorf("a second person: refused %q, want %q", refused, lesson.RefusedDecided)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got := two.first(l.Text); got != l.Right {
			t.Errorf("after 3 s the other process answers %s, want %s", got, l.Right)
		}
		decide(lesson.Decline{}, suzuki)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		for i, p := range []*process{one, two} {
			if got := p.first(l.Text); got == l.Right {
				t.Errorf("process %d still answers %s after it was to forget", i+1, got)
			}
		}
		if len(s.letters) != 2 || s.letters[0].ID == s.letters[1].ID {
			t.Errorf("letters for the card: got %+v, want two with ids of their own", s.letters)
		}
		cancel()
		wait.Wait()
	})
}

func TestAFailingDatabaseLeavesTheModel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := proposed()
		l.State = lesson.Accepted
		s := &shelf{lessons: map[string]lesson.Lesson{l.ID: l}, version: 1}
		p := start(t, s)
		ctx, cancel := context.WithCancel(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() { _ = p.Run(ctx) })
		if got := p.first(l.Text); got != l.Right {
			t.Fatalf("at the start: got %s, want %s: lessons are loaded before serving", got, l.Right)
		}
		s.set(func() { s.down, s.version = true, 2 })
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := p.first(l.Text); got != l.Right {
			t.Errorf("while the database is down: got %s, want %s", got, l.Right)
		}
		if _, _, err := p.Decide(ctx, lesson.Command{Lesson: l.ID, By: tanaka, Action: lesson.Decline{}}); !errors.Is(err, errDown) {
			t.Errorf("decide while the database is down: got %v, want %v", err, errDown)
		}
		s.set(func() { s.down = false; delete(s.lessons, l.ID) })
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got := p.first(l.Text); got == l.Right {
			t.Errorf("when it is back: got %s, want what the pack says", got)
		}
		cancel()
		wait.Wait()
	})
}

func TestWhatThePackHasIsNotLearnedTwice(t *testing.T) {
	t.Parallel()
	l := proposed()
	l.State = lesson.Accepted
	s := &shelf{lessons: map[string]lesson.Lesson{l.ID: l}, version: 1}
	p := start(t, s, "ひとりで 入院するのに ほしょうにんが いません", "ひとりで 入院するのに 保証人が いません")
	if _, base := shipped(); p.model != base {
		t.Error("a lesson whose words the pack has by now changed the model")
	}
}

func TestMeasureNamesWhatGetsWorse(t *testing.T) {
	t.Parallel()
	pack, _ := shipped()
	s := &shelf{lessons: map[string]lesson.Lesson{}}
	p := start(t, s)
	good := p.Measure(proposed())
	if good.Asked != 120 || good.Before == 0 || good.After != good.Before+good.Mended-len(good.Spoilt) {
		t.Errorf("effect: got %+v, want figures that add up", good)
	}
	var bad lesson.Lesson
	for _, k := range pack.Exam[:120] {
		if k.Expect[0] == "housing" && p.first(k.Text) == "housing" {
			bad = lesson.Lesson{ID: "l-bad", Text: k.Text, Right: "garbage", State: lesson.Proposed}
		}
	}
	whole := bad
	whole.ID, whole.Right = "l-whole", "housing"
	if e := p.Measure(whole); e.Asked != 119 {
		t.Errorf("teaching a message of the exam: measured on %d, want the other 119", e.Asked)
	}
	bad.Text += "。どこに相談すればいいですか"
	if e := p.Measure(bad); !e.Worse() || e.Spoilt[0] == "" || e.After >= e.Before {
		t.Errorf("teaching %q as garbage: got %+v, want it reported as worse", bad.Text, e)
	}
}

func TestStaffNeedNotTakeNamesOut(t *testing.T) {
	t.Parallel()
	l := proposed()
	s := &shelf{lessons: map[string]lesson.Lesson{l.ID: l}}
	p := start(t, s)
	got, _, err := p.Decide(t.Context(), lesson.Command{Lesson: l.ID, By: tanaka, At: noon, Action: lesson.Edit{Text: "山田さんの保証人がいません 042-555-1234", Right: "guardianship"}})
	if err != nil || strings.Contains(got.Text, "山田") || strings.Contains(got.Text, "042") {
		t.Errorf("edited: got %q, %v; want no name and no number", got.Text, err)
	}
	if got := fmt.Sprint(got.Example().Urgent, got.Example().Voice); got != "staff" {
		t.Errorf("example: got danger and voice %q, want none and staff", got)
	}
	if e := (lesson.Lesson{Lang: bot.En}).Example(); e.Lang != "en" {
		t.Errorf("language of an English example: got %q", e.Lang)
	}
}
