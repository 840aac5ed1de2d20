package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// mailPlace is where a piece's body is sealed for.
func mailPlace(key string) string { return "mail.body:" + key }

// Append implements mailbox.InStore.
func (s *Store) Append(ctx context.Context, mail []mailbox.Mail) (int, error) {
	if len(mail) == 0 {
		return 0, nil
	}
	now := millis(s.now())
	j := &job{}
	fresh := make([]int64, len(mail))
	for i, m := range mail {
		if m.Key == "" || m.Lane == "" {
			return 0, errors.New("append mail: it needs a key and a lane")
		}
		due := cmp.Or(millis(m.Due), now)
		j.locks = append(j.locks, lock{box: in, lane: m.Lane, due: due})
		j.steps = append(j.steps, step{
			sql: `INSERT INTO mail (key, lane, source, at, due, body) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key) DO NOTHING`,
			args: []any{m.Key, m.Lane, string(m.Source), cmp.Or(millis(m.At), now), due, s.seal.Seal(mailPlace(m.Key), m.Body)},
			done: func(rows int64) error { fresh[i] = rows; return nil },
		})
	}
	if err := s.write(ctx, j); err != nil {
		return 0, fmt.Errorf("append mail: %w", err)
	}
	n := 0
	for _, f := range fresh {
		n += int(f)
	}
	return n, nil
}

// LeaseMail implements mailbox.InStore.
func (s *Store) LeaseMail(ctx context.Context, owner string, now time.Time, ttl time.Duration, n, batch int) ([]mailbox.LeasedMail, error) {
	var leased []mailbox.LeasedMail
	// A lease need not survive a power cut: a turn decided under one that was
	// forgotten still cannot be committed twice (see Commit's other guards).
	err := s.alone(ctx, true, func(t tx) error {
		leased = nil
		leases, err := s.lease(ctx, t, in, owner, now, ttl, n)
		if err != nil || len(leases) == 0 {
			return err
		}
		found := make([]mailbox.LeasedMail, len(leases))
		steps := make([]step, 0, len(leases))
		for i, l := range leases {
			found[i].Lease = l.Lease
			steps = append(steps, step{
				sql: `SELECT seq, key, lane, source, at, due, body FROM mail
WHERE lane = $1 AND state = 0 AND due <= $2 ORDER BY at, seq LIMIT $3`,
				args: []any{l.Lane, millis(now), batch},
				row: func(scan func(...any) error) error {
					var m mailbox.Mail
					var at, due int64
					if err := scan(&m.Seq, &m.Key, &m.Lane, (*string)(&m.Source), &at, &due, &m.Body); err != nil {
						return err
					}
					if len(found[i].Mail) == 0 {
						m.Tries = l.tries
					}
					m.At, m.Due = moment(at), moment(due)
					found[i].Mail = append(found[i].Mail, m)
					return nil
				},
			})
		}
		if err := t.run(ctx, steps...); err != nil {
			return err
		}
		steps = steps[:0]
		for _, l := range found {
			if len(l.Mail) == 0 { // called too early
				steps = append(steps, giveBack(in, l.Lease.Lane, 0))
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
		return nil, fmt.Errorf("lease mail: %w", err)
	}
	for _, l := range leased {
		for i := range l.Mail {
			m := &l.Mail[i]
			if m.Body, err = s.seal.Open(mailPlace(m.Key), m.Body); err != nil {
				// Left to the handler: it fails on this piece and the inbox
				// parks it, instead of nobody getting any mail.
				s.log.ErrorContext(ctx, "mail does not open", "seq", m.Seq, "err", err)
			}
			if m.Source == mailbox.FromTime {
				// A due time may be set again under the same key; what follows
				// from it must not look like what followed the first time.
				m.Key += "@" + strconv.FormatInt(millis(m.Due), 10)
			}
		}
	}
	return leased, nil
}

// Hasten brings all due times nearer by the given time; a negative one puts
// them off. The demo's visitors move the clock, and what waits must follow.
func (s *Store) Hasten(ctx context.Context, by time.Duration) error {
	now, ms := millis(s.now()), by.Milliseconds()
	err := s.alone(ctx, false, func(t tx) error {
		return t.run(ctx,
			step{sql: `UPDATE mail SET at = at - $1, due = due - $1 WHERE state = 0 AND due > $2`, args: []any{ms, now}},
			step{
				sql: `UPDATE lanes SET due = (SELECT min(due) FROM mail WHERE mail.lane = lanes.lane AND state = 0)
WHERE box = 0 AND owner = '' AND due > $1`,
				args: []any{now},
			})
	})
	if err != nil {
		return fmt.Errorf("move due times: %w", err)
	}
	return nil
}

// Postpone implements mailbox.InStore.
func (s *Store) Postpone(ctx context.Context, l mailbox.Lease, due time.Time, counted bool, park *mailbox.Park) error {
	now := millis(s.now())
	j := &job{locks: []lock{guard(l)}}
	switch {
	case park != nil:
		j.steps = append(j.steps, step{
			sql: `UPDATE mail SET state = 2, done_at = $1, reason = $2, tries = (SELECT tries FROM lanes WHERE box = 0 AND lane = $4)
WHERE seq = $3 AND lane = $4 AND state = 0`,
			args: []any{now, park.Reason, park.Seq, l.Lane},
		})
		s.addLetters(j, park.Follow, now)
		j.tail = append(j.tail, giveBack(in, l.Lane, 0))
	case counted: // the lane stays due, but rests
		j.tail = append(j.tail, step{
			sql:  `UPDATE lanes SET owner = '', until = $1 WHERE box = 0 AND lane = $2`,
			args: []any{millis(due), l.Lane},
		})
	default:
		j.tail = append(j.tail, step{
			sql:  `UPDATE lanes SET owner = '', until = 0, tries = tries - 1, due = $1 WHERE box = 0 AND lane = $2`,
			args: []any{millis(due), l.Lane},
		})
	}
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("postpone mail of %s: %w", l.Lane, err)
	}
	return nil
}
