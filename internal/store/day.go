package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// SetDay keeps what staff said about a day; the last word counts.
func (s *Store) SetDay(ctx context.Context, d desk.Day) error {
	periods := make([][2]string, 0, len(d.Periods))
	for _, p := range d.Periods {
		periods = append(periods, [2]string{p.From, p.To})
	}
	b, err := json.Marshal(periods)
	if err != nil {
		return fmt.Errorf("write hours: %w", err)
	}
	err = s.write(ctx, &job{steps: []step{{
		sql: `INSERT INTO days (day, periods, by_id, by_name, at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (day) DO UPDATE SET periods = excluded.periods, by_id = excluded.by_id, by_name = excluded.by_name, at = excluded.at`,
		args: []any{d.Date, string(b), d.By.ID, d.By.Name, millis(d.At)},
	}}})
	if err != nil {
		return fmt.Errorf("keep hours of %s: %w", d.Date, err)
	}
	return nil
}

// ClearDay leaves a day to the week again.
func (s *Store) ClearDay(ctx context.Context, date string) error {
	if err := s.write(ctx, &job{steps: []step{{sql: `DELETE FROM days WHERE day = $1`, args: []any{date}}}}); err != nil {
		return fmt.Errorf("forget hours of %s: %w", date, err)
	}
	return nil
}

// Days lists what staff said about the days from a date on, in order.
func (s *Store) Days(ctx context.Context, from string) ([]desk.Day, error) {
	var days []desk.Day
	err := s.query(ctx, func(scan func(...any) error) error {
		var d desk.Day
		var at int64
		var raw string
		if err := scan(&d.Date, &raw, &d.By.ID, &d.By.Name, &at); err != nil {
			return err
		}
		var periods [][2]string
		if err := json.Unmarshal([]byte(raw), &periods); err != nil {
			return fmt.Errorf("hours of %s: %w", d.Date, err)
		}
		for _, p := range periods {
			d.Periods = append(d.Periods, bot.Period{From: p[0], To: p[1]})
		}
		d.At = moment(at)
		days = append(days, d)
		return nil
	}, `SELECT day, periods, by_id, by_name, at FROM days WHERE day >= $1 ORDER BY day LIMIT 400`, from)
	if err != nil {
		return nil, fmt.Errorf("read hours of days: %w", err)
	}
	return days, nil
}

// SetDuty says that a person is on duty on a day, or is not any more.
func (s *Store) SetDuty(ctx context.Context, date string, who desk.Staff, on bool) error {
	change := step{sql: `DELETE FROM on_duty WHERE day = $1 AND id = $2`, args: []any{date, who.ID}}
	if on {
		change = step{
			sql: `INSERT INTO on_duty (day, id, name, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (day, id) DO UPDATE SET name = excluded.name`,
			args: []any{date, who.ID, who.Name, millis(s.now())},
		}
	}
	if err := s.write(ctx, &job{steps: []step{change}}); err != nil {
		return fmt.Errorf("keep who is on duty: %w", err)
	}
	return nil
}

// OnDuty lists who is on duty on a day, in the order they said so.
func (s *Store) OnDuty(ctx context.Context, date string) ([]desk.Staff, error) {
	var list []desk.Staff
	err := s.query(ctx, func(scan func(...any) error) error {
		var who desk.Staff
		err := scan(&who.ID, &who.Name)
		list = append(list, who)
		return err
	}, `SELECT id, name FROM on_duty WHERE day = $1 ORDER BY at, id LIMIT 100`, date)
	if err != nil {
		return nil, fmt.Errorf("read who is on duty: %w", err)
	}
	return list, nil
}

// SeeHome remembers that a person looks at the desk's home.
func (s *Store) SeeHome(ctx context.Context, user string, at time.Time) error {
	err := s.write(ctx, &job{steps: []step{{
		sql:  `INSERT INTO home_users (id, seen) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET seen = excluded.seen`,
		args: []any{user, millis(at)},
	}}})
	if err != nil {
		return fmt.Errorf("remember who looks at the home: %w", err)
	}
	return nil
}

// HomeUsers lists who looked at the desk's home since a time, at most 200.
func (s *Store) HomeUsers(ctx context.Context, since time.Time) ([]string, error) {
	var users []string
	err := s.query(ctx, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		users = append(users, id)
		return err
	}, `SELECT id FROM home_users WHERE seen >= $1 ORDER BY seen DESC LIMIT 200`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("read who looks at the home: %w", err)
	}
	return users, nil
}

// OpenCases lists the cases that are not closed, oldest first, at most 1,000.
func (s *Store) OpenCases(ctx context.Context) ([]desk.Case, error) {
	return s.Cases(ctx, CaseFilter{Limit: 1000})
}

// RecentCases lists cases opened since a time, newest first, closed ones too.
func (s *Store) RecentCases(ctx context.Context, since time.Time, limit int) ([]desk.Case, error) {
	var cases []desk.Case
	err := s.query(ctx, func(scan func(...any) error) error {
		c, err := s.scanCase(scan)
		cases = append(cases, c)
		return err
	}, `SELECT id, content FROM cases WHERE opened_at >= $1 ORDER BY opened_at DESC, id LIMIT $2`, millis(since), limit)
	if err != nil {
		return nil, fmt.Errorf("list recent cases: %w", err)
	}
	return cases, nil
}
