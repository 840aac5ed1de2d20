package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
)

// Trouble is a piece of mail or a letter that was put aside. It never carries
// words.
type Trouble struct {
	Seq    int64
	Lane   string
	Kind   string // the mail's source, the letter's kind
	Tries  int
	Reason string
	At     time.Time // when it was put aside
}

// Parked lists the newest pieces of mail that failed too often.
func (s *Store) Parked(ctx context.Context, limit int) ([]Trouble, error) {
	return s.troubles(ctx, `SELECT seq, lane, source, tries, reason, done_at FROM mail WHERE state = 2 ORDER BY seq DESC LIMIT $1`, limit)
}

// Buried lists the newest letters that could never be brought away.
func (s *Store) Buried(ctx context.Context, limit int) ([]Trouble, error) {
	return s.troubles(ctx, `SELECT seq, lane, kind, tries, reason, done_at FROM letters WHERE state = 2 ORDER BY seq DESC LIMIT $1`, limit)
}

func (s *Store) troubles(ctx context.Context, query string, limit int) ([]Trouble, error) {
	var list []Trouble
	err := s.query(ctx, func(scan func(...any) error) error {
		var t Trouble
		var at int64
		err := scan(&t.Seq, &t.Lane, &t.Kind, &t.Tries, &t.Reason, &at)
		t.At = moment(at)
		list = append(list, t)
		return err
	}, query, limit)
	if err != nil {
		return nil, fmt.Errorf("list what was put aside: %w", err)
	}
	return list, nil
}

// Backlog is how much waits. Mail and Letters are what could be acted on now;
// the ages are how long the oldest of them has waited.
type Backlog struct {
	Mail, Letters       int
	MailAge, LetterAge  time.Duration
	Later               int // due times still to come
	Trying              int // letters that failed at least once and are tried again
	Parked, Buried      int
	OpenCases, NewCases int
}

// Backlog counts what waits, for doctor and metrics.
func (s *Store) Backlog(ctx context.Context) (Backlog, error) {
	now := millis(s.now())
	var b Backlog
	var mail, letter int64
	err := s.db.QueryRowContext(ctx, `SELECT
(SELECT count(*) FROM mail WHERE state = 0 AND due <= $1),
(SELECT coalesce(min(due), $1) FROM mail WHERE state = 0 AND due <= $1),
(SELECT count(*) FROM mail WHERE state = 0 AND due > $1),
(SELECT count(*) FROM letters WHERE state = 0 AND not_before <= $1),
(SELECT coalesce(min(created), $1) FROM letters WHERE state = 0 AND not_before <= $1),
(SELECT count(*) FROM letters WHERE state = 0 AND tries > 0),
(SELECT count(*) FROM mail WHERE state = 2),
(SELECT count(*) FROM letters WHERE state = 2),
(SELECT count(*) FROM cases WHERE status <> 'closed'),
(SELECT count(*) FROM cases WHERE status = 'new')`, now).Scan(
		&b.Mail, &mail, &b.Later, &b.Letters, &letter, &b.Trying, &b.Parked, &b.Buried, &b.OpenCases, &b.NewCases)
	if err != nil {
		return Backlog{}, fmt.Errorf("count what waits: %w", err)
	}
	b.MailAge = time.Duration(now-mail) * time.Millisecond
	b.LetterAge = time.Duration(now-letter) * time.Millisecond
	return b, nil
}

// Figure is how often something happened on one day.
type Figure struct {
	Day string // 2006-01-02, in Tokyo
	bot.Count
	N int
}

// Counts adds up the figures of the days from and to, both included
// (2006-01-02).
func (s *Store) Counts(ctx context.Context, from, to string) ([]Figure, error) {
	var figures []Figure
	err := s.query(ctx, func(scan func(...any) error) error {
		var f Figure
		var lang string
		err := scan(&f.Day, &f.What, &f.Window, &lang, &f.Town, &f.N)
		f.Lang = bot.Lang(lang)
		figures = append(figures, f)
		return err
	}, `SELECT day, what, window_id, lang, town, CAST(sum(n) AS BIGINT) FROM counts WHERE day >= $1 AND day <= $2
GROUP BY day, what, window_id, lang, town ORDER BY day, what, window_id, lang, town`, from, to)
	if err != nil {
		return nil, fmt.Errorf("read figures: %w", err)
	}
	return figures, nil
}

// maxTallies bounds what one report reads: two years of a large city's are a
// fifth of it.
const maxTallies = 1_000_000

// Tallies are those of the months from and to, both included, as they were
// counted: nothing in them is hidden yet.
func (s *Store) Tallies(ctx context.Context, from, to insight.Month) ([]insight.Tally, error) {
	var list []insight.Tally
	err := s.query(ctx, func(scan func(...any) error) error {
		var t insight.Tally
		err := scan(&t.Month, &t.Measure, &t.By, &t.A, &t.B, &t.N)
		list = append(list, t)
		return err
	}, `SELECT month, measure, by_, a, b, CAST(sum(n) AS BIGINT) FROM tallies WHERE month >= $1 AND month <= $2
GROUP BY month, measure, by_, a, b ORDER BY month, measure, by_, a, b LIMIT $3`, string(from), string(to), maxTallies+1)
	if err != nil {
		return nil, fmt.Errorf("read tallies: %w", err)
	}
	if len(list) > maxTallies {
		return nil, fmt.Errorf("read tallies: there are more than %d from %s to %s; ask for fewer months", maxTallies, from, to)
	}
	return list, nil
}

// FirstMonth is the first month anything was counted in; "" when nothing was.
func (s *Store) FirstMonth(ctx context.Context) (insight.Month, error) {
	var m insight.Month
	if err := s.db.QueryRowContext(ctx, `SELECT coalesce(min(month), '') FROM tallies`).Scan(&m); err != nil {
		return "", fmt.Errorf("read the first month: %w", err)
	}
	return m, nil
}

// Judge keeps what staff decided; what they decided about the same before is
// replaced.
func (s *Store) Judge(ctx context.Context, j insight.Judgement) error {
	id := string(j.Month) + "/" + j.Window
	err := s.write(ctx, &job{steps: []step{{
		sql: `INSERT INTO judgements (id, month, window_id, scope, why, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (id) DO UPDATE SET scope = excluded.scope, why = excluded.why, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at`,
		args: []any{id, string(j.Month), j.Window, string(j.Scope), s.seal.Seal("judgements.why:"+id, []byte(j.Why)), j.By.ID, j.By.Name, millis(j.At)},
	}}})
	if err != nil {
		return fmt.Errorf("keep a judgement: %w", err)
	}
	return nil
}

// Judgements are what staff decided about the months from and to, both
// included.
func (s *Store) Judgements(ctx context.Context, from, to insight.Month) ([]insight.Judgement, error) {
	var list []insight.Judgement
	err := s.query(ctx, func(scan func(...any) error) error {
		var j insight.Judgement
		var why []byte
		var at int64
		if err := scan(&j.Month, &j.Window, &j.Scope, &why, &j.By.ID, &j.By.Name, &at); err != nil {
			return err
		}
		text, err := s.seal.Open("judgements.why:"+string(j.Month)+"/"+j.Window, why)
		j.Why, j.At = string(text), moment(at)
		list = append(list, j)
		return err
	}, `SELECT month, window_id, scope, why, by_id, by_name, at FROM judgements WHERE month >= $1 AND month <= $2 ORDER BY id`, string(from), string(to))
	if err != nil {
		return nil, fmt.Errorf("read judgements: %w", err)
	}
	return list, nil
}
