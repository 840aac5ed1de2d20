package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

func casePlace(id string) string  { return "cases.content:" + id }
func entryPlace(id string) string { return "entries.text:" + id }
func mediaPlace(id string) string { return "media.content:" + id }
func namePlace(id string) string  { return "media.name:" + id }

// mediaMark is how long it is remembered that a message's content was taken
// back. LINE has deleted it long before.
const mediaMark = 30 * 24 * time.Hour

// notFound turns the database's word for nothing into reception's.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return reception.ErrNotFound
	}
	return err
}

func (s *Store) scanCase(scan func(...any) error) (desk.Case, error) {
	var c desk.Case
	var id string
	var sealed []byte
	if err := scan(&id, &sealed); err != nil {
		return c, notFound(err)
	}
	content, err := s.seal.Open(casePlace(id), sealed)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(content, &c); err != nil {
		return c, errors.New("case is not as it was written") // the decoder's error could quote it
	}
	return c, nil
}

// Case returns a case, or reception.ErrNotFound.
func (s *Store) Case(ctx context.Context, id string) (desk.Case, error) {
	c, err := s.scanCase(s.db.QueryRowContext(ctx, `SELECT id, content FROM cases WHERE id = $1`, id).Scan)
	if err != nil {
		return c, fmt.Errorf("read case %s: %w", id, err)
	}
	return c, nil
}

// CaseByNumber returns the newest case with the number people call it by.
func (s *Store) CaseByNumber(ctx context.Context, number string) (desk.Case, error) {
	c, err := s.scanCase(s.db.QueryRowContext(ctx,
		`SELECT id, content FROM cases WHERE number = $1 ORDER BY opened_at DESC LIMIT 1`, strings.ToUpper(number)).Scan)
	if err != nil {
		return c, fmt.Errorf("read case by number: %w", err)
	}
	return c, nil
}

// OpenCaseOf returns a resident's newest case that is not closed, or
// reception.ErrNotFound.
func (s *Store) OpenCaseOf(ctx context.Context, resident string) (desk.Case, error) {
	c, err := s.scanCase(s.db.QueryRowContext(ctx,
		`SELECT id, content FROM cases WHERE resident = $1 AND status <> 'closed' ORDER BY opened_at DESC LIMIT 1`, resident).Scan)
	if err != nil {
		return c, fmt.Errorf("read open case of %s: %w", resident, err)
	}
	return c, nil
}

// CaseByThread returns the case whose card is the message ts of a Slack
// channel, or reception.ErrNotFound.
func (s *Store) CaseByThread(ctx context.Context, channel, ts string) (desk.Case, error) {
	id := ""
	err := s.query(ctx, func(scan func(...any) error) error {
		var subject string
		if err := scan(&subject); err != nil {
			return err
		}
		if c, ok := strings.CutSuffix(subject, reception.CaseAt("", channel)); ok {
			id = c
		}
		return nil
	}, `SELECT subject FROM posts WHERE kind = $1 AND ref = $2`, reception.LetterCard, ts)
	if err != nil {
		return desk.Case{}, fmt.Errorf("find case by thread: %w", err)
	}
	if id == "" {
		return desk.Case{}, fmt.Errorf("find case by thread: %w", reception.ErrNotFound)
	}
	return s.Case(ctx, id)
}

// CaseFilter chooses cases.
type CaseFilter struct {
	Window   string // empty: all windows
	Holder   string // Slack user id; empty: whoever
	Resident string
	Closed   bool // closed ones too
	Limit    int  // 0: 200
}

// Cases lists cases, oldest first.
func (s *Store) Cases(ctx context.Context, f CaseFilter) ([]desk.Case, error) {
	if f.Limit == 0 {
		f.Limit = 200
	}
	var cases []desk.Case
	var where []string
	var args []any
	and := func(condition, value string) {
		if value != "" {
			args = append(args, value)
			where = append(where, fmt.Sprintf(condition, len(args)))
		}
	}
	and(`window_id = $%d`, f.Window)
	and(`holder = $%d`, f.Holder)
	and(`resident = $%d`, f.Resident)
	if !f.Closed {
		where = append(where, `status <> 'closed'`)
	}
	query := `SELECT id, content FROM cases`
	if len(where) > 0 {
		query += ` WHERE ` + strings.Join(where, ` AND `)
	}
	args = append(args, f.Limit)
	query += fmt.Sprintf(` ORDER BY opened_at, id LIMIT $%d`, len(args))
	err := s.query(ctx, func(scan func(...any) error) error {
		c, err := s.scanCase(scan)
		cases = append(cases, c)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list cases: %w", err)
	}
	return cases, nil
}

// DangerCases lists the cases in danger that are open, or were closed since a
// time, newest first, at most 1,000.
func (s *Store) DangerCases(ctx context.Context, since time.Time) ([]desk.Case, error) {
	var cases []desk.Case
	err := s.query(ctx, func(scan func(...any) error) error {
		c, err := s.scanCase(scan)
		cases = append(cases, c)
		return err
	}, `SELECT id, content FROM cases WHERE danger <> '' AND (closed_at = 0 OR closed_at >= $1)
ORDER BY opened_at DESC, id LIMIT 1000`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("list cases in danger: %w", err)
	}
	return cases, nil
}

// LastTaken tells when each person last took one of the cases opened since a
// time that they still have, or had at the end.
func (s *Store) LastTaken(ctx context.Context, since time.Time) (map[string]time.Time, error) {
	took := map[string]time.Time{}
	err := s.query(ctx, func(scan func(...any) error) error {
		var who string
		var at int64
		err := scan(&who, &at)
		took[who] = moment(at)
		return err
	}, `SELECT holder, max(taken_at) FROM cases WHERE holder <> '' AND opened_at >= $1 GROUP BY holder`, millis(since))
	if err != nil {
		return nil, fmt.Errorf("read who took cases when: %w", err)
	}
	return took, nil
}

const entryColumns = `id, case_id, at, kind, by_id, by_name, text, message_id, media, note, unsent, fate`

func (s *Store) scanEntry(scan func(...any) error) (desk.Entry, error) {
	var e desk.Entry
	var at int64
	var text []byte
	var kind, media, note, fate string
	err := scan(&e.ID, &e.Case, &at, &kind, &e.By.ID, &e.By.Name, &text, &e.MessageID, &media, &note, &e.Unsent, &fate)
	if err != nil {
		return e, notFound(err)
	}
	e.At, e.Kind, e.Media, e.Note = moment(at), desk.EntryKind(kind), bot.MediaKind(media), bot.NoteKind(note)
	e.Fate = desk.Fate(fate)
	if len(text) > 0 { // empty when forgotten
		if text, err = s.seal.Open(entryPlace(e.ID), text); err != nil {
			return e, err
		}
		e.Text = string(text)
	}
	return e, nil
}

// Entries returns a case's history, oldest first.
func (s *Store) Entries(ctx context.Context, caseID string) ([]desk.Entry, error) {
	var entries []desk.Entry
	err := s.query(ctx, func(scan func(...any) error) error {
		e, err := s.scanEntry(scan)
		entries = append(entries, e)
		return err
	}, `SELECT `+entryColumns+` FROM entries WHERE case_id = $1 ORDER BY at, seq`, caseID)
	if err != nil {
		return nil, fmt.Errorf("read entries of case %s: %w", caseID, err)
	}
	return entries, nil
}

// maxSaid bounds in how many entries one message is looked for: it stands in
// one, or two when it also answered a question.
const maxSaid = 20

// SaidIn returns the entries that hold one LINE message of a resident, in any
// of their cases, oldest first, at most maxSaid.
func (s *Store) SaidIn(ctx context.Context, resident, messageID string) ([]desk.Entry, error) {
	var entries []desk.Entry
	err := s.query(ctx, func(scan func(...any) error) error {
		e, err := s.scanEntry(scan)
		entries = append(entries, e)
		return err
	}, `SELECT `+entryColumns+` FROM entries WHERE message_id = $1 AND message_id <> ''
AND case_id IN (SELECT id FROM cases WHERE resident = $2) ORDER BY at, seq LIMIT $3`, messageID, resident, maxSaid)
	if err != nil {
		return nil, fmt.Errorf("read entries with a message: %w", err)
	}
	return entries, nil
}

// Entry returns one entry, or reception.ErrNotFound.
func (s *Store) Entry(ctx context.Context, id string) (desk.Entry, error) {
	e, err := s.scanEntry(s.db.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM entries WHERE id = $1`, id).Scan)
	if err != nil {
		return e, fmt.Errorf("read entry: %w", err)
	}
	return e, nil
}

// Post returns what a carrier made for a subject, as Delivered recorded it.
func (s *Store) Post(ctx context.Context, kind, subject string) (ref string, ok bool, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT ref FROM posts WHERE kind = $1 AND subject = $2`, kind, subject).Scan(&ref)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	if err != nil {
		return "", false, fmt.Errorf("read post: %w", err)
	}
	return ref, true, nil
}

// Shown returns what the post of a subject shows, as Delivered recorded it;
// empty when nobody knows.
func (s *Store) Shown(ctx context.Context, kind, subject string) (shown string, err error) {
	err = s.db.QueryRowContext(ctx, `SELECT shown FROM posts WHERE kind = $1 AND subject = $2`, kind, subject).Scan(&shown)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read what a post shows: %w", err)
	}
	return shown, nil
}

// PutMedia keeps content until it expires. What was taken back stays away.
func (s *Store) PutMedia(ctx context.Context, m reception.Media) error {
	put := step{
		sql: `INSERT INTO media (message_id, resident, mime, name, size, content, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (message_id) DO NOTHING`,
		args: []any{
			m.MessageID, m.Resident, m.MIME, s.seal.Seal(namePlace(m.MessageID), []byte(m.Name)), len(m.Content),
			s.seal.Seal(mediaPlace(m.MessageID), m.Content), millis(m.Expires),
		},
	}
	// Not with others: nobody's message waits for a video.
	err := s.alone(ctx, false, func(t tx) error { return t.run(ctx, put) })
	if err != nil {
		return fmt.Errorf("keep media: %w", err)
	}
	return nil
}

// HasMedia reports whether a message's content is kept, or was taken back and
// must not be fetched again.
func (s *Store) HasMedia(ctx context.Context, messageID string) (bool, error) {
	var n int
	if err := s.db.QueryRowContext(ctx, `SELECT count(*) FROM media WHERE message_id = $1`, messageID).Scan(&n); err != nil {
		return false, fmt.Errorf("look for media: %w", err)
	}
	return n > 0, nil
}

// Media returns a message's content, or reception.ErrNotFound when it was
// never fetched, has expired or was taken back.
func (s *Store) Media(ctx context.Context, messageID string) (reception.Media, error) {
	m := reception.Media{MessageID: messageID}
	var name, content []byte
	var expires int64
	err := s.db.QueryRowContext(ctx,
		`SELECT resident, mime, name, content, expires FROM media WHERE message_id = $1 AND NOT forgotten AND expires > $2`,
		messageID, millis(s.now())).Scan(&m.Resident, &m.MIME, &name, &content, &expires)
	if err == nil {
		name, err = s.seal.Open(namePlace(messageID), name)
	}
	if err == nil {
		content, err = s.seal.Open(mediaPlace(messageID), content)
	}
	if err != nil {
		return reception.Media{}, fmt.Errorf("read media: %w", notFound(err))
	}
	m.Name, m.Content, m.Expires = string(name), content, moment(expires)
	return m, nil
}
