package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
)

// How long what is over is kept.
const (
	// aside is how long letters that were sent or given up, and the bodies of
	// parked mail, are kept.
	aside = 7 * 24 * time.Hour
	// known is how long the key of handled mail is remembered, so that a
	// redelivery is dropped. LINE redelivers for days at most, Slack for an hour.
	known = 35 * 24 * time.Hour
	// recent is how long the figures of single days are kept: they are for the
	// desk, and name a town and a language together. What stays are tallies.
	recent = 40 * 24 * time.Hour
)

// Deleted is what upkeep removed.
type Deleted struct{ Mail, Letters, Media, Cases int }

// DeleteExpired removes what has been kept long enough, a little at a time so
// that nobody waits long for it. Call it now and then, from any number of
// processes. Lanes stay: their fences must never begin anew.
func (s *Store) DeleteExpired(ctx context.Context, now time.Time) (Deleted, error) {
	var d Deleted
	old := millis(now.Add(-aside))
	jobs := []struct {
		n     *int
		sql   string
		args  []any
		chunk int64
	}{
		{new(int), `UPDATE mail SET body = $1 WHERE seq IN (
	SELECT seq FROM mail WHERE state = 2 AND done_at < $2 AND length(body) > 0 LIMIT $3)`, []any{[]byte{}, old}, 1000},
		{&d.Mail, `DELETE FROM mail WHERE seq IN (
	SELECT seq FROM mail WHERE state <> 0 AND done_at < $1 LIMIT $2)`, []any{millis(now.Add(-known))}, 1000},
		{&d.Letters, `DELETE FROM letters WHERE seq IN (
	SELECT seq FROM letters WHERE state <> 0 AND done_at < $1 LIMIT $2)`, []any{old}, 1000},
		{new(int), `DELETE FROM lessons WHERE id IN (
	SELECT id FROM lessons WHERE state = 'proposed' AND proposed_at < $1 LIMIT $2)`, []any{millis(now.Add(-undecided))}, 1000},
		{new(int), `DELETE FROM counts WHERE day IN (
	SELECT DISTINCT day FROM counts WHERE day < $1 ORDER BY day LIMIT $2)`, []any{now.Add(-recent).In(bot.Tokyo).Format(time.DateOnly)}, 1000},
		{&d.Media, `DELETE FROM media WHERE message_id IN (
	SELECT message_id FROM media WHERE expires <= $1 LIMIT $2)`, []any{millis(now)}, 20},
	}
	for _, j := range jobs {
		for rows := j.chunk; rows == j.chunk; {
			err := s.write(ctx, &job{steps: []step{{
				sql: j.sql, args: append(j.args[:len(j.args):len(j.args)], j.chunk),
				done: func(n int64) error { rows = n; return nil },
			}}})
			if err != nil {
				return d, fmt.Errorf("delete what expired: %w", err)
			}
			*j.n += int(rows)
		}
	}
	var err error
	if d.Cases, err = s.deleteOldCases(ctx, now); err != nil {
		return d, err
	}
	if err := s.addUpCounts(ctx, now); err != nil {
		return d, fmt.Errorf("add up figures: %w", err)
	}
	return d, nil
}

// addUpCounts makes one row of what several writers counted on a past day, and
// in a past month.
func (s *Store) addUpCounts(ctx context.Context, now time.Time) error {
	var steps []step
	// Reading and removing is one statement, so that two processes that do it at
	// once cannot both add the same rows.
	counts := step{
		sql:  `DELETE FROM counts WHERE part <> '' AND day < $1 RETURNING day, what, window_id, lang, town, n`,
		args: []any{now.In(bot.Tokyo).Format(time.DateOnly)},
		row: func(scan func(...any) error) error {
			var f figure
			var n int64
			err := scan(&f.day, &f.what, &f.window, &f.lang, &f.town, &n)
			steps = append(steps, f.add("", n))
			return err
		},
	}
	tallies := step{
		sql:  `DELETE FROM tallies WHERE part <> '' AND month < $1 RETURNING month, measure, by_, a, b, n`,
		args: []any{string(insight.MonthOf(now))},
		row: func(scan func(...any) error) error {
			var t insight.Tally
			err := scan(&t.Month, &t.Measure, &t.By, &t.A, &t.B, &t.N)
			n := int64(t.N)
			t.N = 0
			steps = append(steps, tally(t).add("", n))
			return err
		},
	}
	for _, take := range []step{counts, tallies} {
		err := s.alone(ctx, false, func(t tx) error {
			steps = nil
			if err := t.run(ctx, take); err != nil || len(steps) == 0 {
				return err
			}
			return t.run(ctx, steps...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// sealed names every sealed column, with the key its values are sealed for.
var sealed = []struct{ table, column, key string }{
	{"settings", "value", "name"},
	{"residents", "state", "id"},
	{"residents", "contact", "id"},
	{"cases", "content", "id"},
	{"entries", "text", "id"},
	{"lessons", "text", "id"},
	{"judgements", "why", "id"},
	{"media", "name", "message_id"},
	{"media", "content", "message_id"},
	{"mail", "body", "key"},
	{"letters", "body", "id"},
}

// Reseal seals anew, with the first key, whatever was sealed with another, and
// returns how many values that were. The service may run meanwhile. After it
// returned without an error the older keys can be taken out of DATA_KEY.
func (s *Store) Reseal(ctx context.Context) (int, error) {
	total := 0
	for _, c := range sealed {
		n, err := s.resealColumn(ctx, c.table, c.column, c.key)
		total += n
		if err != nil {
			return total, fmt.Errorf("reseal %s.%s: %w", c.table, c.column, err)
		}
	}
	return total, nil
}

func (s *Store) resealColumn(ctx context.Context, table, column, key string) (int, error) {
	const page = 50 // rows at once; media are large
	place := table + "." + column + ":"
	total, last := 0, ""
	for {
		type value struct {
			key    string
			sealed []byte
		}
		var values []value
		query := fmt.Sprintf(`SELECT %s, %s FROM %s WHERE %s > $1 AND %s IS NOT NULL AND length(%s) > 0 ORDER BY %s LIMIT %d`,
			key, column, table, key, column, column, key, page)
		err := s.query(ctx, func(scan func(...any) error) error {
			var v value
			err := scan(&v.key, &v.sealed)
			values = append(values, v)
			return err
		}, query, last)
		if err != nil {
			return total, err
		}
		if len(values) == 0 {
			return total, nil
		}
		last = values[len(values)-1].key
		var j job
		changed := make([]int64, len(values))
		for i, v := range values {
			if !s.seal.Stale(v.sealed) {
				continue
			}
			content, err := s.seal.Open(place+v.key, v.sealed)
			if err != nil {
				return total, err
			}
			j.steps = append(j.steps, step{
				// Only if nobody changed it meanwhile; what changed is sealed anew already.
				sql:  fmt.Sprintf(`UPDATE %s SET %s = $1 WHERE %s = $2 AND %s = $3`, table, column, key, column),
				args: []any{s.seal.Seal(place+v.key, content), v.key, v.sealed},
				done: func(rows int64) error { changed[i] = rows; return nil },
			})
		}
		if len(j.steps) > 0 {
			if err := s.write(ctx, &j); err != nil {
				return total, err
			}
			for _, n := range changed {
				total += int(n)
			}
		}
	}
}
