package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

func letterPlace(id string) string { return "letters.body:" + id }

// addLetters writes letters, and says that their lanes have something to send.
//
// A letter with Fold takes the place of a waiting one with the same Fold, if
// that one surely never left: it keeps its place in the lane. One that is in
// somebody's hands, or may have arrived unseen, is left as it is and the new
// one is sent after it: it becomes as urgent, so that the new one need not wait.
// What failed keeps its pause; what only waited for its time, or yields, goes
// as soon as the new one may.
func (s *Store) addLetters(j *job, letters []mailbox.Letter, now int64) {
	for _, l := range letters {
		notBefore := cmp.Or(millis(l.NotBefore), now)
		body := s.seal.Seal(letterPlace(l.ID), l.Body)
		j.locks = append(j.locks, lock{box: out, lane: l.Lane, due: notBefore})
		if l.Fold != "" {
			j.steps = append(j.steps, step{
				sql: `UPDATE letters SET id = $1, kind = $2, subject = $3, urgent = (urgent OR $4), body = $5, created = $6,
	yields = (yields AND $9), not_before = CASE WHEN not_before > $10 AND (yields OR reason = '') THEN $10 ELSE not_before END
WHERE seq = (SELECT min(seq) FROM letters WHERE lane = $7 AND fold = $8 AND state = 0 AND clear)
AND NOT EXISTS (SELECT 1 FROM letters WHERE id = $1)`,
				args: []any{l.ID, l.Kind, l.Subject, l.Urgent, body, now, l.Lane, l.Fold, l.Yields, notBefore},
			})
			if l.Urgent {
				j.steps = append(j.steps, step{
					sql:  `UPDATE letters SET urgent = TRUE WHERE lane = $1 AND fold = $2 AND state = 0 AND NOT urgent`,
					args: []any{l.Lane, l.Fold},
				})
			}
		}
		j.steps = append(j.steps, step{
			sql: `INSERT INTO letters (id, lane, kind, subject, fold, urgent, yields, not_before, body, created)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
			args: []any{l.ID, l.Lane, l.Kind, l.Subject, l.Fold, l.Urgent, l.Yields, notBefore, body, now},
		})
	}
}

// Send puts letters into the outbox that follow from no mail. One whose id was
// there before is dropped.
func (s *Store) Send(ctx context.Context, letters ...mailbox.Letter) error {
	j := &job{}
	s.addLetters(j, letters, millis(s.now()))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("send letters: %w", err)
	}
	return nil
}

// Hurry makes letters due now that wait for another try, in lanes whose name
// begins with prefix: what kept them is over.
func (s *Store) Hurry(ctx context.Context, prefix string) error {
	now := millis(s.now())
	err := s.alone(ctx, false, func(t tx) error {
		return t.run(ctx,
			step{
				sql:  `UPDATE lanes SET due = $1 WHERE box = 1 AND owner = '' AND due > $1 AND substr(lane, 1, $2) = $3`,
				args: []any{now, len(prefix), prefix},
			},
			step{
				sql:  `UPDATE letters SET not_before = $1 WHERE state = 0 AND not_before > $1 AND reason <> '' AND substr(lane, 1, $2) = $3`,
				args: []any{now, len(prefix), prefix},
			})
	})
	if err != nil {
		return fmt.Errorf("hurry letters: %w", err)
	}
	return nil
}

// Carried reports whether a letter of one of these kinds went out since a time.
func (s *Store) Carried(ctx context.Context, since time.Time, kinds ...string) (bool, error) {
	for _, kind := range kinds {
		var yes bool
		err := s.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM letters WHERE state <> 0 AND state = 1 AND done_at > $1 AND kind = $2)`,
			millis(since), kind).Scan(&yes)
		if err != nil {
			return false, fmt.Errorf("look for letters that went out: %w", err)
		}
		if yes {
			return true, nil
		}
	}
	return false, nil
}

// inTurn are the waiting letters of lane $N whose turn it is once they are due:
// the first of those that keep their order, and all that yield; but none behind
// an older one with the same fold.
func inTurn(lane string) string {
	front := `NOT EXISTS (SELECT 1 FROM letters o WHERE o.lane = ` + lane + ` AND o.fold = l.fold AND o.fold <> '' AND o.state = 0 AND o.seq < l.seq)`
	return `SELECT l.seq, l.urgent, l.not_before FROM letters l WHERE l.seq = (
	SELECT seq FROM letters WHERE lane = ` + lane + ` AND state = 0 AND NOT yields ORDER BY urgent DESC, seq LIMIT 1) AND ` + front + `
UNION ALL
SELECT l.seq, l.urgent, l.not_before FROM letters l WHERE l.lane = ` + lane + ` AND l.state = 0 AND l.yields AND ` + front
}

// LeaseLetters implements mailbox.OutStore.
func (s *Store) LeaseLetters(ctx context.Context, owner string, now time.Time, ttl time.Duration, n int) ([]mailbox.LeasedLetter, error) {
	var leased []mailbox.LeasedLetter
	err := s.alone(ctx, false, func(t tx) error {
		leased = nil
		leases, err := s.lease(ctx, t, out, owner, now, ttl, n)
		if err != nil || len(leases) == 0 {
			return err
		}
		found := make([]mailbox.LeasedLetter, len(leases))
		steps := make([]step, 0, len(leases))
		for i, l := range leases {
			found[i].Lease = l.Lease
			steps = append(steps, step{
				sql: `UPDATE letters SET tries = tries + 1, was_clear = clear, clear = FALSE
WHERE seq = (SELECT seq FROM (` + inTurn("$1") + `) t WHERE not_before <= $2 ORDER BY urgent DESC, seq LIMIT 1)
RETURNING seq, id, lane, kind, subject, fold, urgent, yields, not_before, body, tries, was_clear, created`,
				args: []any{l.Lane, millis(now)},
				row: func(scan func(...any) error) error {
					l := &found[i].Letter
					var notBefore, created int64
					err := scan(&l.Seq, &l.ID, &l.Lane, &l.Kind, &l.Subject, &l.Fold, &l.Urgent, &l.Yields, &notBefore, &l.Body, &l.Tries, &l.Clear, &created)
					l.NotBefore, l.Created = moment(notBefore), moment(created)
					return err
				},
			})
		}
		if err := t.run(ctx, steps...); err != nil {
			return err
		}
		steps = steps[:0]
		for _, l := range found {
			if l.Letter.ID == "" { // called too early
				steps = append(steps, giveBack(out, l.Lease.Lane, 0))
				continue
			}
			leased = append(leased, l)
		}
		if len(steps) == 0 {
			return nil
		}
		return t.run(ctx, steps...)
	})
	if err != nil {
		return nil, fmt.Errorf("lease letters: %w", err)
	}
	for i := range leased {
		l := &leased[i].Letter
		if l.Body, err = s.seal.Open(letterPlace(l.ID), l.Body); err != nil {
			s.log.ErrorContext(ctx, "letter does not open", "seq", l.Seq, "err", err) // its carrier refuses it, loudly
		}
	}
	return leased, nil
}

// finish ends a letter under its lease. A sent letter's words are kept no
// longer; a buried one's are, until upkeep.
func finish(l mailbox.LeasedLetter, state int, reason string, now int64) step {
	forget := ``
	args := []any{state, now, reason, l.Letter.Seq}
	if state == sent {
		forget = `, body = $5`
		args = append(args, []byte{})
	}
	return step{
		sql:  `UPDATE letters SET state = $1, done_at = $2, reason = $3` + forget + ` WHERE seq = $4 AND state = 0`,
		args: args,
		done: func(rows int64) error {
			if rows != 1 {
				return fmt.Errorf("letter is done already: %w", mailbox.ErrLeaseLost)
			}
			return nil
		},
	}
}

// The states of letters.
const (
	sent      = 1
	buried    = 2
	withdrawn = 3
)

// Delivered implements mailbox.OutStore.
func (s *Store) Delivered(ctx context.Context, l mailbox.LeasedLetter, r mailbox.Receipt, now time.Time) error {
	at := millis(now)
	j := &job{locks: []lock{guard(l.Lease)}, steps: []step{finish(l, sent, "", at)}}
	if r.Ref != "" && l.Letter.Subject != "" {
		j.steps = append(j.steps, step{
			sql: `INSERT INTO posts (kind, subject, ref, at, shown) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (kind, subject) DO UPDATE SET ref = excluded.ref, at = excluded.at, shown = excluded.shown`,
			args: []any{l.Letter.Kind, l.Letter.Subject, r.Ref, at, r.Shown},
		})
	}
	s.addLetters(j, r.Follow, at)
	j.tail = append(j.tail, giveBack(out, l.Lease.Lane, millis(now.Add(r.Rest))))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("record delivery of letter %d: %w", l.Letter.Seq, err)
	}
	return nil
}

// Retry implements mailbox.OutStore. A letter that once may have left unseen
// stays so, whatever later tries say.
func (s *Store) Retry(ctx context.Context, l mailbox.LeasedLetter, due time.Time, clear, counted bool, reason string, follow ...mailbox.Letter) error {
	tries := 0
	if !counted && clear {
		tries = 1 // taken back
	}
	j := &job{
		locks: []lock{guard(l.Lease)},
		steps: []step{{
			sql: `UPDATE letters SET not_before = $1, clear = (was_clear AND $2), tries = tries - $3, reason = $4, yields = $6
WHERE seq = $5 AND state = 0`,
			args: []any{millis(due), clear, tries, reason, l.Letter.Seq, l.Letter.Yields},
		}},
		tail: []step{giveBack(out, l.Lease.Lane, 0)},
	}
	s.addLetters(j, follow, millis(s.now()))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("postpone letter %d: %w", l.Letter.Seq, err)
	}
	return nil
}

// Bury implements mailbox.OutStore.
func (s *Store) Bury(ctx context.Context, l mailbox.LeasedLetter, reason string, follow []mailbox.Letter, now time.Time) error {
	at := millis(now)
	if reason == "" {
		return errors.New("bury letter: it needs a reason")
	}
	j := &job{locks: []lock{guard(l.Lease)}, steps: []step{finish(l, buried, reason, at), {
		sql: `UPDATE posts SET shown = '' WHERE kind = $1 AND subject = $2`, args: []any{l.Letter.Kind, l.Letter.Subject},
	}}}
	s.addLetters(j, follow, at)
	j.tail = append(j.tail, giveBack(out, l.Lease.Lane, 0))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("bury letter %d: %w", l.Letter.Seq, err)
	}
	return nil
}
