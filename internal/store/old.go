package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// kept is how long a case is kept after its end: a year, as the page about
// residents' words says (privacy.page in the content pack).
const kept = 365 * 24 * time.Hour

// deleteOldCases deletes cases that ended long ago, with all that was said in
// them, and writes the letters that take out of Slack what stands there. One
// case is one transaction, so that nobody waits for many.
func (s *Store) deleteOldCases(ctx context.Context, now time.Time) (int, error) {
	var ids []string
	err := s.query(ctx, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM cases WHERE status = 'closed' AND closed_at > 0 AND closed_at < $1 ORDER BY closed_at LIMIT 1000`, millis(now.Add(-kept)))
	if err != nil {
		return 0, fmt.Errorf("look for old cases: %w", err)
	}
	n := 0
	for _, id := range ids {
		gone := false
		err := s.alone(ctx, false, func(t tx) (err error) {
			gone, err = s.deleteOldCase(ctx, t, id, now)
			return err
		})
		if err != nil {
			return n, fmt.Errorf("delete old case: %w", err)
		}
		if gone {
			n++
		}
	}
	return n, nil
}

// deleteOldCase does it, unless the case was opened again meanwhile, or another
// process was faster.
func (s *Store) deleteOldCase(ctx context.Context, t tx, id string, now time.Time) (bool, error) {
	subjects := []string{id}
	found := func(scan func(...any) error) error {
		var entry, message string
		err := scan(&entry, &message)
		subjects = append(subjects, entry)
		if message != "" {
			subjects = append(subjects, message)
		}
		return err
	}
	gone := false
	err := t.run(ctx,
		step{
			sql:  `DELETE FROM cases WHERE id = $1 AND status = 'closed' AND closed_at > 0 AND closed_at < $2`,
			args: []any{id, millis(now.Add(-kept))}, done: func(rows int64) error { gone = rows > 0; return nil },
		},
	)
	if err != nil || !gone {
		return false, err
	}
	err = t.run(ctx, step{sql: `DELETE FROM entries WHERE case_id = $1 RETURNING id, message_id`, args: []any{id}, row: found})
	if err != nil {
		return false, err
	}
	var taken []reception.Erase
	err = t.run(ctx, deletePosts(subjects, func(scan func(...any) error) error {
		var p reception.Erase
		err := scan(&p.Kind, &p.Subject, &p.Ref)
		taken = append(taken, p)
		return err
	})...)
	if err != nil {
		return false, err
	}
	// A card comes last: taking it out looks through its thread once more.
	slices.SortStableFunc(taken, func(a, b reception.Erase) int { return last(a) - last(b) })
	letters := make([]mailbox.Letter, 0, len(taken))
	for i, p := range taken {
		body, err := json.Marshal(p)
		if err != nil {
			return false, fmt.Errorf("write letter: %w", err)
		}
		letters = append(letters, mailbox.Letter{ID: fmt.Sprintf("old:%s/%d", id, i+1), Lane: laneOf(p), Kind: reception.LetterErase, Body: body})
	}
	j := &job{}
	s.addLetters(j, letters, millis(s.now()))
	slices.SortStableFunc(j.locks, func(a, b lock) int { return strings.Compare(a.lane, b.lane) })
	steps := make([]step, 0, len(j.locks)+len(j.steps))
	for _, l := range fewer(j.locks) {
		steps = append(steps, l.step(s.engine))
	}
	return true, t.run(ctx, append(steps, j.steps...)...)
}

func last(p reception.Erase) int {
	if p.Kind == reception.LetterCard {
		return 1
	}
	return 0
}
