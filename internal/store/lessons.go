package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

var _ lesson.Store = (*Store)(nil)

func lessonPlace(id string) string { return "lessons.text:" + id }

// undecided is how long a lesson waits for staff before it is dropped: what a
// resident allowed is not kept for nothing.
const undecided = 90 * 24 * time.Hour

const lessonColumns = `id, resident, text, shown_id, right_id, lang, why, state, proposed_at, edits, by_id, by_name, decided_at, effect, version`

func (s *Store) scanLesson(scan func(...any) error) (lesson.Lesson, error) {
	var l lesson.Lesson
	var lang, why, state, effect string
	var at, decided int64
	var text []byte
	err := scan(&l.ID, &l.Resident, &text, &l.Shown, &l.Right, &lang, &why, &state, &at, &l.Edits, &l.By.ID, &l.By.Name, &decided, &effect, &l.Version)
	if err != nil {
		return l, notFound(err)
	}
	l.Lang, l.Why, l.State = bot.Lang(lang), bot.Corrector(why), lesson.State(state)
	l.At, l.Decided = moment(at), moment(decided)
	if len(text) > 0 { // empty when declined
		if text, err = s.seal.Open(lessonPlace(l.ID), text); err != nil {
			return l, err
		}
		l.Text = string(text)
	}
	if effect != "" {
		if err := json.Unmarshal([]byte(effect), &l.Effect); err != nil {
			return l, fmt.Errorf("read effect: %w", err)
		}
	}
	return l, nil
}

// Lesson returns one lesson, or reception.ErrNotFound.
func (s *Store) Lesson(ctx context.Context, id string) (lesson.Lesson, error) {
	l, err := s.scanLesson(s.db.QueryRowContext(ctx, `SELECT `+lessonColumns+` FROM lessons WHERE id = $1`, id).Scan)
	if err != nil {
		return l, fmt.Errorf("read lesson %s: %w", id, err)
	}
	return l, nil
}

// Lessons returns the accepted lessons in the order they were accepted, and a
// version that is at most theirs: a decision that comes meanwhile is seen at
// the next look.
func (s *Store) Lessons(ctx context.Context) (accepted []lesson.Lesson, version int64, err error) {
	if version, err = s.LessonVersion(ctx); err != nil {
		return nil, 0, err
	}
	err = s.query(ctx, func(scan func(...any) error) error {
		l, err := s.scanLesson(scan)
		accepted = append(accepted, l)
		return err
	}, `SELECT `+lessonColumns+` FROM lessons WHERE state = 'accepted' ORDER BY version, id`)
	if err != nil {
		return nil, 0, fmt.Errorf("read lessons: %w", err)
	}
	return accepted, version, nil
}

// LessonVersion grows with every lesson that is accepted or forgotten.
func (s *Store) LessonVersion(ctx context.Context) (version int64, err error) {
	if err := s.db.QueryRowContext(ctx, `SELECT version FROM lesson_version`).Scan(&version); err != nil {
		return 0, fmt.Errorf("read version of lessons: %w", err)
	}
	return version, nil
}

// ProposedBy returns the ids of a resident's lessons that nobody decided.
func (s *Store) ProposedBy(ctx context.Context, resident string) (ids []string, err error) {
	err = s.query(ctx, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM lessons WHERE resident = $1 AND resident <> '' AND state = 'proposed' ORDER BY id`, resident)
	if err != nil {
		return nil, fmt.Errorf("read proposed lessons: %w", err)
	}
	return ids, nil
}

// ChangeLesson makes to true, with letters, if the lesson is still as from;
// else lesson.ErrStale.
func (s *Store) ChangeLesson(ctx context.Context, from, to lesson.Lesson, letters []mailbox.Letter) error {
	effect, err := json.Marshal(to.Effect)
	if err != nil {
		return fmt.Errorf("write effect of lesson %s: %w", to.ID, err)
	}
	text := []byte{}
	if to.Text != "" {
		text = s.seal.Seal(lessonPlace(to.ID), []byte(to.Text))
	}
	j := &job{}
	grows := 0
	if from.State == lesson.Accepted || to.State == lesson.Accepted {
		grows = 1
		// First: it locks the row, so that two decisions come one after the other.
		j.steps = append(j.steps, step{sql: `UPDATE lesson_version SET version = version + 1`})
	}
	j.steps = append(j.steps, step{
		sql: `UPDATE lessons SET resident = $1, text = $2, right_id = $3, state = $4, edits = $5, by_id = $6, by_name = $7,
	decided_at = $8, effect = $9, version = CASE WHEN $10 = 1 THEN (SELECT version FROM lesson_version) ELSE version END
WHERE id = $11 AND state = $12 AND edits = $13`,
		args: []any{
			to.Resident, text, to.Right, string(to.State), to.Edits, to.By.ID, to.By.Name, millis(to.Decided), string(effect),
			grows, to.ID, string(from.State), from.Edits,
		},
		done: func(rows int64) error {
			if rows != 1 {
				return lesson.ErrStale
			}
			return nil
		},
	})
	s.addLetters(j, letters, millis(s.now()))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("change lesson %s: %w", to.ID, err)
	}
	return nil
}

// lessonSteps are what a turn does to lessons.
func (s *Store) lessonSteps(t reception.Turn) []step {
	steps := make([]step, 0, len(t.Lessons)+len(t.DropLessons))
	for _, l := range t.Lessons {
		steps = append(steps, step{
			sql: `INSERT INTO lessons (id, resident, text, shown_id, right_id, lang, why, state, proposed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'proposed', $8) ON CONFLICT (id) DO NOTHING`,
			args: []any{
				l.ID, l.Resident, s.seal.Seal(lessonPlace(l.ID), []byte(l.Text)), l.Shown, l.Right, string(l.Lang), string(l.Why), millis(l.At),
			},
		})
	}
	for _, id := range t.DropLessons {
		steps = append(steps, step{
			sql:  `DELETE FROM lessons WHERE id = $1 AND resident = $2 AND state = 'proposed'`,
			args: []any{id, t.Resident},
		})
	}
	return steps
}

// LessonRecord is a message a resident allowed to be used, not yet decided.
type LessonRecord struct {
	Text string    `json:"text"`
	At   time.Time `json:"allowedAt"`
}

// lessonRecords are what is proposed of a resident.
func (s *Store) lessonRecords(ctx context.Context, resident string) ([]LessonRecord, error) {
	ids, err := s.ProposedBy(ctx, resident)
	if err != nil {
		return nil, err
	}
	var records []LessonRecord
	for _, id := range ids {
		l, err := s.Lesson(ctx, id)
		if errors.Is(err, reception.ErrNotFound) {
			continue // decided meanwhile
		}
		if err != nil {
			return nil, err
		}
		records = append(records, LessonRecord{Text: l.Text, At: l.At})
	}
	return records, nil
}
