package store

import (
	"context"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
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
