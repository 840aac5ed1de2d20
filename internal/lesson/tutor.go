package lesson

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// Store keeps lessons. What is not there is an error.
type Store interface {
	// Lesson returns one lesson.
	Lesson(ctx context.Context, id string) (Lesson, error)
	// Lessons returns the accepted lessons, oldest first, and the version they
	// belong to, which grows with every decision.
	Lessons(ctx context.Context) (accepted []Lesson, version int64, err error)
	// LessonVersion is that version alone: it is asked for every few seconds.
	LessonVersion(ctx context.Context) (int64, error)
	// ChangeLesson makes to true if the lesson still is as from, together with
	// letters; else ErrStale.
	ChangeLesson(ctx context.Context, from, to Lesson, letters []mailbox.Letter) error
}

// Base is what lessons are added to. A changed content pack brings another.
type Base struct {
	Model   *understand.Model       // as trained from the pack
	Content *bot.Content            // the pack's
	Pack    []string                // messages the pack has as examples already
	Exam    []understand.Case       // what effects are measured on
	Use     func(*understand.Model) // takes a model into service, with the pack it is of
}

// Config of a Tutor. Store and Base with its Model, Content and Use are
// required.
type Config struct {
	Store Store
	Base  Base
	Card  func(l Lesson, letterID string) mailbox.Letter // brings a lesson's card up to date; nil: there is none
	Wake  func()                                         // tells the outbox that there is something to send; nil is fine
	Poll  time.Duration                                  // how often the version is asked for; 0: 3 s
	Log   *slog.Logger                                   // nil: slog.Default()
}

// Tutor keeps the model of one process up to date with what staff accepted.
type Tutor struct {
	cfg  Config // its Base is the one at the start
	wake chan struct{}

	mu       sync.Mutex // guards what follows
	base     Base
	pack     map[string]bool // SameWords of the pack's examples
	accepted []Lesson
	version  int64
	model    *understand.Model
	measured map[string]Effect // by what was measured
}

// NewTutor checks the configuration.
func NewTutor(cfg Config) (*Tutor, error) {
	if cfg.Store == nil || cfg.Base.Model == nil || cfg.Base.Content == nil || cfg.Base.Use == nil {
		return nil, errors.New("lesson: Store, Base, Content and Use are required")
	}
	if cfg.Poll == 0 {
		cfg.Poll = 3 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Wake == nil {
		cfg.Wake = func() {}
	}
	t := &Tutor{
		cfg: cfg, base: cfg.Base, pack: known(cfg.Base.Pack), wake: make(chan struct{}, 1),
		model: cfg.Base.Model, measured: map[string]Effect{}, version: -1,
	}
	return t, nil
}

func known(texts []string) map[string]bool {
	words := make(map[string]bool, len(texts))
	for _, text := range texts {
		words[understand.SameWords(text)] = true
	}
	return words
}

// Rebase puts a changed content pack into force, with what was accepted so far
// taken to heart by its model.
func (t *Tutor) Rebase(base Base) {
	words := known(base.Pack)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.base, t.pack = base, words
	t.model = learned(base.Model, words, t.accepted)
	clear(t.measured)
	base.Use(t.model)
}

// InPack reports whether the pack has these words as an example: then it was
// trained with them, and the lesson has done its work.
func (t *Tutor) InPack(text string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.pack[understand.SameWords(text)]
}

// Load takes in what was accepted so far. Call it before serving.
func (t *Tutor) Load(ctx context.Context) error {
	accepted, version, err := t.cfg.Store.Lessons(ctx)
	if err != nil {
		return fmt.Errorf("load lessons: %w", err)
	}
	began := time.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if version <= t.version {
		return nil // somebody else of this process was faster
	}
	t.accepted, t.version, t.model = accepted, version, learned(t.base.Model, t.pack, accepted)
	clear(t.measured)
	t.base.Use(t.model)
	t.cfg.Log.InfoContext(ctx, "lessons learned", "lessons", len(accepted), "version", version, "took", time.Since(began))
	return nil
}

// learned is a pack's model with the lessons taken to heart that it was not
// trained with.
func learned(base *understand.Model, pack map[string]bool, lessons []Lesson) *understand.Model {
	examples := make([]understand.Example, 0, len(lessons))
	for _, l := range lessons {
		if !pack[understand.SameWords(l.Text)] {
			examples = append(examples, l.Example())
		}
	}
	if len(examples) == 0 {
		return base
	}
	return base.Learn(examples)
}

// Run follows the version until ctx ends. While the database does not answer
// the model stays as it is.
func (t *Tutor) Run(ctx context.Context) error {
	tick := time.NewTicker(t.cfg.Poll)
	defer tick.Stop()
	failures := 0
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-t.wake:
		}
		err := t.follow(ctx)
		switch {
		case err == nil && failures > 0:
			t.cfg.Log.InfoContext(ctx, "lessons can be read again", "failures", failures)
			failures = 0
		case err != nil && ctx.Err() == nil:
			if failures++; failures == 1 {
				t.cfg.Log.WarnContext(ctx, "lessons cannot be read; the model stays as it is", "err", err)
			}
		}
	}
}

// followWithin bounds one look into the database.
const followWithin = 10 * time.Second

func (t *Tutor) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, followWithin)
	defer cancel()
	version, err := t.cfg.Store.LessonVersion(ctx)
	if err != nil {
		return err
	}
	t.mu.Lock()
	known := t.version
	t.mu.Unlock()
	if version == known {
		return nil
	}
	return t.Load(ctx)
}

// Wake makes Run look at once.
func (t *Tutor) Wake() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// Redact takes out of a text what tells who somebody is.
func (t *Tutor) Redact(text string) string { return t.cfg.Base.Model.Redact(text) }

// Lesson returns one lesson.
func (t *Tutor) Lesson(ctx context.Context, id string) (Lesson, error) {
	return t.cfg.Store.Lesson(ctx, id)
}

// Measure tells what a lesson does, or did, to the exam: the model with all
// other accepted lessons against the same with this one.
func (t *Tutor) Measure(l Lesson) Effect {
	if l.State != Proposed {
		return l.Effect
	}
	t.mu.Lock()
	accepted, before, base, pack := t.accepted, t.model, t.base, t.pack
	key := fmt.Sprintf("%s/%d/%d", l.ID, l.Edits, t.version)
	e, known := t.measured[key]
	t.mu.Unlock()
	if known || len(base.Exam) == 0 {
		return e
	}
	after := learned(base.Model, pack, append(slices.Clone(accepted), l))
	exam := without(base.Exam, l.Text)
	c := understand.Compare(before, after, exam)
	e = Effect{Asked: c.Before.N, Before: c.Before.Hits, After: c.After.Hits, Mended: len(c.Mended)}
	for _, k := range exam {
		if slices.Contains(c.Spoiled, k.ID) && len(k.Expect) > 0 {
			e.Spoilt = append(e.Spoilt, k.Expect[0])
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.measured[key] = e
	return e
}

// without is the exam less a message that is being taught: what was learned by
// heart says nothing about the rest.
func without(exam []understand.Case, text string) []understand.Case {
	key := understand.SameWords(text)
	return slices.DeleteFunc(slices.Clone(exam), func(k understand.Case) bool { return understand.SameWords(k.Text) == key })
}

// Decide applies a command and makes it durable. When it returns, this process
// is about to learn, or to forget, and the others follow within seconds.
func (t *Tutor) Decide(ctx context.Context, cmd Command) (Lesson, Refusal, error) {
	for {
		from, err := t.cfg.Store.Lesson(ctx, cmd.Lesson)
		if err != nil {
			return Lesson{}, "", fmt.Errorf("decide lesson: %w", err)
		}
		if edit, ok := cmd.Action.(Edit); ok {
			edit.Text = t.Redact(edit.Text)
			cmd.Action = edit
		}
		to, changed, refused := Decide(from, cmd, t.content())
		if !changed {
			return to, refused, nil
		}
		if to.State == Accepted {
			to.Effect = t.Measure(from)
		}
		err = t.cfg.Store.ChangeLesson(ctx, from, to, t.card(to))
		if errors.Is(err, ErrStale) {
			continue // somebody was faster; decide on what is true now
		}
		if err != nil {
			return from, "", fmt.Errorf("decide lesson: %w", err)
		}
		t.cfg.Log.InfoContext(ctx, "lesson decided", "lesson", to.ID, "state", to.State, "edits", to.Edits, "by", cmd.By.ID,
			"window", to.Right, "before", to.Effect.Before, "after", to.Effect.After, "spoilt", len(to.Effect.Spoilt))
		t.Wake()
		t.cfg.Wake()
		return to, "", nil
	}
}

func (t *Tutor) content() *bot.Content {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.base.Content
}

// card is the letter that shows a lesson as it is now.
func (t *Tutor) card(l Lesson) []mailbox.Letter {
	if t.cfg.Card == nil {
		return nil
	}
	return []mailbox.Letter{t.cfg.Card(l, fmt.Sprintf("lesson:%s/%s/%d", l.ID, l.State, l.Edits))}
}
