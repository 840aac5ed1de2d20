package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// ErrStale reports a turn that was decided on a state which is no longer the
// resident's last, or on mail that is done already. It must be decided again.
var ErrStale = errors.New("decided on an old state")

// Commit makes a turn true, whole or not at all, and gives the lane back.
func (s *Store) Commit(ctx context.Context, t reception.Turn) error {
	if t.Number < 1 || t.Resident == "" {
		return errors.New("commit turn: it needs a resident and a number")
	}
	// What waits, waits by the store's own clock; t.At only says which day the
	// turn belongs to.
	now := millis(s.now())
	at := cmp.Or(millis(t.At), now)
	j := &job{locks: []lock{guard(t.Lease)}}
	add := func(steps ...step) { j.steps = append(j.steps, steps...) }
	for _, seq := range t.Done {
		add(step{
			// What was acted on stands in entries and state; the piece itself
			// is kept only so that it is known when it comes again.
			sql:  `UPDATE mail SET state = 1, done_at = $1, body = $2 WHERE seq = $3 AND lane = $4 AND state = 0`,
			args: []any{now, []byte{}, seq, t.Lease.Lane},
			done: one,
		})
	}
	if !t.Nobody {
		add(s.residentStep(t, at))
	}
	for _, c := range t.Cases {
		st, err := s.caseStep(c)
		if err != nil {
			return err
		}
		add(st)
	}
	for _, e := range t.Entries {
		add(s.entryStep(e))
	}
	for _, c := range t.Changes {
		add(step{sql: `UPDATE entries SET fate = $1 WHERE id = $2`, args: []any{string(c.Fate), c.Entry}})
	}
	for _, id := range t.Forget {
		add(s.forgetSteps(t, id, now)...)
	}
	add(s.lessonSteps(t)...)
	s.addLetters(j, t.Letters, now)
	for _, m := range t.Mail {
		due := cmp.Or(millis(m.Due), now)
		j.locks = append(j.locks, lock{box: in, lane: m.Lane, due: due})
		add(step{
			sql: `INSERT INTO mail (key, lane, source, at, due, body) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (key) DO UPDATE SET at = excluded.at, due = excluded.due, body = excluded.body, state = 0, done_at = 0, reason = ''
WHERE mail.lane = excluded.lane`,
			args: []any{m.Key, m.Lane, string(m.Source), cmp.Or(millis(m.At), due), due, s.seal.Seal(mailPlace(m.Key), m.Body)},
		})
	}
	j.counts, j.tallies = figures(t.Counts, at), t.Tallies
	j.tail = append(j.tail, giveBack(in, t.Lease.Lane, 0))
	if err := s.write(ctx, j); err != nil {
		return fmt.Errorf("commit turn: %w", err)
	}
	return nil
}

// one undoes a turn whose piece of mail or state is not as it was read.
func one(rows int64) error {
	if rows != 1 {
		return ErrStale
	}
	return nil
}

func (s *Store) residentStep(t reception.Turn, at int64) step {
	state := s.seal.Seal("residents.state:"+t.Resident, t.State)
	var contact []byte // NULL: as it was
	if t.Contact != "" {
		contact = s.seal.Seal("residents.contact:"+t.Resident, []byte(t.Contact))
	}
	if t.Number == 1 {
		return step{
			sql: `INSERT INTO residents (id, number, state, contact, gone, since, seen) VALUES ($1, 1, $2, $3, $4, $5, $5)
ON CONFLICT (id) DO NOTHING`,
			args: []any{t.Resident, state, contact, t.Gone, at},
			done: one,
		}
	}
	return step{
		sql: `UPDATE residents SET number = $1, state = $2, contact = coalesce($3, contact), gone = $4, seen = $5
WHERE id = $6 AND number = $7`,
		args: []any{t.Number, state, contact, t.Gone, at, t.Resident, t.Number - 1},
		done: one,
	}
}

func (s *Store) caseStep(c desk.Case) (step, error) {
	content, err := json.Marshal(c)
	if err != nil {
		return step{}, fmt.Errorf("write case %s: %w", c.ID, err)
	}
	return step{
		sql: `INSERT INTO cases (id, number, resident, window_id, status, danger, unsure, lang, town, holder,
	opened_at, taken_at, answered_at, closed_at, next_at, content)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (id) DO UPDATE SET window_id = excluded.window_id, status = excluded.status, danger = excluded.danger,
	unsure = excluded.unsure, lang = excluded.lang, town = excluded.town, holder = excluded.holder,
	taken_at = excluded.taken_at, answered_at = excluded.answered_at, closed_at = excluded.closed_at,
	next_at = excluded.next_at, content = excluded.content`,
		args: []any{
			c.ID, c.Number(), c.Resident, c.Window, string(c.Status), c.Danger, c.Unsure, string(c.Lang), c.Town, c.Holder.ID,
			millis(c.OpenedAt), millis(c.TakenAt), millis(c.Answered), millis(c.ClosedAt), nextAt(c),
			s.seal.Seal(casePlace(c.ID), content),
		},
	}, nil
}

// nextAt is when something promised is due, 0 when nothing is.
func nextAt(c desk.Case) int64 {
	if c.Next == nil {
		return 0
	}
	return millis(c.Next.Due)
}

func (s *Store) entryStep(e desk.Entry) step {
	return step{
		sql: `INSERT INTO entries (id, case_id, at, kind, by_id, by_name, text, message_id, media, note, unsent, fate)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
		args: []any{
			e.ID, e.Case, millis(e.At), string(e.Kind), e.By.ID, e.By.Name, s.seal.Seal(entryPlace(e.ID), []byte(e.Text)),
			e.MessageID, string(e.Media), string(e.Note), e.Unsent, string(e.Fate),
		},
	}
}

// forgetSteps removes a message's words and media wherever the store has them.
//
// Letters: those to Slack carry ids only and are drawn from the entry when
// they leave, so that they show it as taken back. Orders to fetch the
// message's content, and files on their way to Slack, are withdrawn; what
// already left is the carriers' to change (reception writes letters for that).
// Letters to the resident's own phone stay: nobody else reads them. Pieces of
// mail and letters that were put aside lose their bodies, whatever they hold.
func (s *Store) forgetSteps(t reception.Turn, messageID string, at int64) []step {
	empty, file := []byte{}, reception.CaseAt(messageID, "")
	return []step{
		{
			// Only the store's own resident's words: the id came from outside.
			sql: `UPDATE entries SET text = $1, unsent = TRUE WHERE message_id = $2 AND message_id <> ''
AND case_id IN (SELECT id FROM cases WHERE resident = $3)`,
			args: []any{empty, messageID, t.Resident},
		},
		{
			// The row stays as a mark: a fetch under way must not bring it back.
			sql: `INSERT INTO media (message_id, resident, mime, name, size, content, forgotten, expires)
VALUES ($1, $2, '', $3, 0, $3, TRUE, $4)
ON CONFLICT (message_id) DO UPDATE SET mime = '', name = excluded.name, size = 0, content = excluded.content, forgotten = TRUE
WHERE media.resident = excluded.resident`,
			args: []any{messageID, t.Resident, empty, at + mediaMark.Milliseconds()},
		},
		{
			sql: `UPDATE letters SET state = 3, done_at = $1, reason = 'unsent', body = $2
WHERE lane = $3 AND state = 0 AND clear AND kind = $4 AND subject = $5`,
			args: []any{at, empty, "fetch:" + t.Resident, reception.LetterFetch, messageID},
		},
		{
			sql: `UPDATE letters SET state = 3, done_at = $1, reason = 'unsent', body = $2
WHERE state = 0 AND clear AND kind = $3 AND substr(subject, 1, $4) = $5`,
			args: []any{at, empty, reception.LetterFile, len(file), file},
		},
		{
			sql:  `UPDATE letters SET body = $1 WHERE state = 2 AND lane = $2`,
			args: []any{empty, reception.LineLane(t.Resident)},
		},
		{
			sql:  `UPDATE mail SET body = $1 WHERE state = 2 AND lane = $2`,
			args: []any{empty, t.Lease.Lane},
		},
	}
}

// figure is one row of the counts, n apart.
type figure struct{ day, what, window, lang, town string }

func (f figure) compare(g figure) int {
	return cmp.Or(cmp.Compare(f.day, g.day), cmp.Compare(f.what, g.what), cmp.Compare(f.window, g.window),
		cmp.Compare(f.lang, g.lang), cmp.Compare(f.town, g.town))
}

func (f figure) add(part string, n int64) step {
	return step{
		sql: `INSERT INTO counts (day, what, window_id, lang, town, part, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (day, what, window_id, lang, town, part) DO UPDATE SET n = counts.n + excluded.n`,
		args: []any{f.day, f.what, f.window, f.lang, f.town, part, n},
	}
}

// tally is one row of the tallies, N apart.
type tally insight.Tally

func (t tally) compare(u tally) int { return insight.Tally(t).Compare(insight.Tally(u)) }

func (t tally) add(part string, n int64) step {
	return step{
		sql: `INSERT INTO tallies (month, measure, by_, a, b, part, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (month, measure, by_, a, b, part) DO UPDATE SET n = tallies.n + excluded.n`,
		args: []any{string(t.Month), string(t.Measure), string(t.By), t.A, t.B, part, n},
	}
}

// figures names the rows a turn's counts belong to. A day is Tokyo's.
func figures(counts []bot.Count, at int64) []figure {
	day := moment(at).In(bot.Tokyo).Format("2006-01-02")
	list := make([]figure, len(counts))
	for i, c := range counts {
		list[i] = figure{day, c.What, c.Window, string(c.Lang), c.Town}
	}
	return list
}
