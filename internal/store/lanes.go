package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

type box int

const (
	in  box = 0
	out box = 1
)

// lock takes hold of a lane's row at the beginning of a transaction.
type lock struct {
	box   box
	lane  string
	fence int64 // not 0: guards; the lease with this fence must still hold
	due   int64 // of other locks: something in the lane is due then
}

// step guards a lease or says that something will be due. A lane may be
// called due too early (leasing finds out), but never too late.
func (l lock) step(e engine) step {
	if l.fence != 0 {
		return step{
			sql:  `SELECT 1 FROM lanes WHERE box = $1 AND lane = $2 AND fence = $3 AND owner <> ''` + e.lock(),
			args: []any{int(l.box), l.lane, l.fence},
			row:  func(func(...any) error) error { return nil },
			done: func(rows int64) error {
				if rows == 0 {
					return mailbox.ErrLeaseLost
				}
				return nil
			},
		}
	}
	return step{
		sql: `INSERT INTO lanes (box, lane, due) VALUES ($1, $2, $3)
ON CONFLICT (box, lane) DO UPDATE SET due = excluded.due WHERE lanes.due IS NULL OR lanes.due > excluded.due`,
		args: []any{int(l.box), l.lane, l.due},
	}
}

// fewer joins neighbouring locks of the same lane that only say when it is due.
func fewer(locks []lock) []lock {
	kept := locks[:0]
	for _, l := range locks {
		if n := len(kept) - 1; n >= 0 && l.fence == 0 && kept[n].fence == 0 && kept[n].box == l.box && kept[n].lane == l.lane {
			kept[n].due = min(kept[n].due, l.due)
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

func guard(l mailbox.Lease) lock {
	b := in
	if l.Out {
		b = out
	}
	return lock{box: b, lane: l.Lane, fence: l.Fence}
}

// giveBack ends a lease after something was done. The lane is due when it is
// the turn of the first waiting piece, and is not leased before rest.
func giveBack(b box, lane string, rest int64) step {
	next := `SELECT min(due) FROM mail WHERE lane = $2 AND state = 0`
	if b == out {
		next = `SELECT min(not_before) FROM (` + inTurn("$2") + `) t`
	}
	return step{
		sql:  `UPDATE lanes SET owner = '', tries = 0, until = $3, due = (` + next + `) WHERE box = $1 AND lane = $2`,
		args: []any{int(b), lane, rest},
	}
}

// begun is a lease, and how many there were in vain before, this one included.
type begun struct {
	mailbox.Lease
	tries int
}

// lease takes up to n lanes of a box that are due and free.
func (s *Store) lease(ctx context.Context, t tx, b box, owner string, now time.Time, ttl time.Duration, n int) ([]begun, error) {
	until := now.Add(ttl)
	if owner == "" {
		owner = s.owner
	}
	var leases []begun
	err := t.run(ctx, step{
		sql: `UPDATE lanes SET owner = $1, until = $2, fence = fence + 1, tries = tries + 1
WHERE box = $3 AND lane IN (
	SELECT lane FROM lanes WHERE box = $3 AND due <= $4 AND until <= $4 ORDER BY due LIMIT $5` + s.engine.skip() + `)
RETURNING lane, fence, tries`,
		args: []any{owner, millis(until), int(b), millis(now), n},
		row: func(scan func(...any) error) error {
			l := begun{Lease: mailbox.Lease{Out: b == out, Until: until}}
			err := scan(&l.Lane, &l.Fence, &l.tries)
			leases = append(leases, l)
			return err
		},
	})
	return leases, err
}

// Extend implements mailbox.Extender.
func (s *Store) Extend(ctx context.Context, l mailbox.Lease, until time.Time) error {
	g := guard(l)
	err := s.write(ctx, &job{locks: []lock{g}, steps: []step{{
		sql:  `UPDATE lanes SET until = $1 WHERE box = $2 AND lane = $3`,
		args: []any{millis(until), int(g.box), g.lane},
	}}})
	if err != nil {
		return fmt.Errorf("extend lease of %s: %w", l.Lane, err)
	}
	return nil
}

// query calls row for each row of a query outside of transactions.
func (s *Store) query(ctx context.Context, row func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	return each(rows, row)
}

// each calls row for each of rows, and closes them.
func each(rows *sql.Rows, row func(scan func(...any) error) error) (err error) {
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}
