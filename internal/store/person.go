package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Resident returns what is known of a resident; a stranger has Number 0.
func (s *Store) Resident(ctx context.Context, id string) (reception.Resident, error) {
	r := reception.Resident{ID: id}
	var state []byte
	err := s.db.QueryRowContext(ctx, `SELECT number, state, gone FROM residents WHERE id = $1`, id).Scan(&r.Number, &state, &r.Gone)
	if errors.Is(err, sql.ErrNoRows) {
		return r, nil
	}
	if err == nil {
		r.State, err = s.seal.Open("residents.state:"+id, state)
	}
	if err != nil {
		return reception.Resident{}, fmt.Errorf("read resident %s: %w", id, err)
	}
	return r, nil
}

// Contact returns a resident's LINE user id and whether they blocked the
// account. It fails with reception.ErrNotFound for a stranger.
func (s *Store) Contact(ctx context.Context, resident string) (lineUserID string, gone bool, err error) {
	var sealed []byte
	err = s.db.QueryRowContext(ctx, `SELECT contact, gone FROM residents WHERE id = $1 AND contact IS NOT NULL`, resident).Scan(&sealed, &gone)
	var id []byte
	if err == nil {
		id, err = s.seal.Open("residents.contact:"+resident, sealed)
	}
	if err != nil {
		return "", false, fmt.Errorf("read contact of %s: %w", resident, notFound(err))
	}
	return string(id), gone, nil
}

// Record is all that is kept of one resident, for them to read.
type Record struct {
	Resident string          `json:"resident"`
	Contact  string          `json:"lineUserId,omitempty"`
	Since    time.Time       `json:"since,omitzero"`
	Seen     time.Time       `json:"lastTurn,omitzero"`
	Blocked  bool            `json:"blocked,omitempty"`
	State    json.RawMessage `json:"dialogue,omitempty"`
	Cases    []CaseRecord    `json:"cases,omitempty"`
	Media    []MediaRecord   `json:"media,omitempty"`
	Lessons  []LessonRecord  `json:"allowedForLearning,omitempty"`
	Waiting  int             `json:"messagesNotYetHandled,omitempty"`
}

// CaseRecord is a case with its history.
type CaseRecord struct {
	Case    desk.Case    `json:"case"`
	Entries []desk.Entry `json:"entries"`
}

// MediaRecord describes a kept photo or file; Media has the content.
type MediaRecord struct {
	MessageID string    `json:"messageId"`
	MIME      string    `json:"type"`
	Size      int64     `json:"bytes"`
	Expires   time.Time `json:"deletedAt"`
}

// Export returns all that is kept of a resident, or reception.ErrNotFound.
func (s *Store) Export(ctx context.Context, resident string) (Record, error) {
	r, err := s.export(ctx, resident)
	if err != nil {
		return Record{}, fmt.Errorf("export %s: %w", resident, err)
	}
	return r, nil
}

func (s *Store) export(ctx context.Context, resident string) (Record, error) {
	r := Record{Resident: resident}
	var state, contact []byte
	var since, seen int64
	err := s.db.QueryRowContext(ctx, `SELECT state, contact, gone, since, seen FROM residents WHERE id = $1`, resident).
		Scan(&state, &contact, &r.Blocked, &since, &seen)
	if err != nil {
		return r, notFound(err)
	}
	r.Since, r.Seen = moment(since), moment(seen)
	if r.State, err = s.seal.Open("residents.state:"+resident, state); err != nil {
		return r, err
	}
	if contact != nil {
		id, err := s.seal.Open("residents.contact:"+resident, contact)
		if err != nil {
			return r, err
		}
		r.Contact = string(id)
	}
	cases, err := s.Cases(ctx, CaseFilter{Resident: resident, Closed: true, Limit: 10_000})
	if err != nil {
		return r, err
	}
	for _, c := range cases {
		entries, err := s.Entries(ctx, c.ID)
		if err != nil {
			return r, err
		}
		c.Borne = nil // how the staff are is theirs
		r.Cases = append(r.Cases, CaseRecord{Case: c, Entries: entries})
	}
	err = s.query(ctx, func(scan func(...any) error) error {
		var m MediaRecord
		var expires int64
		err := scan(&m.MessageID, &m.MIME, &m.Size, &expires)
		m.Expires = moment(expires)
		r.Media = append(r.Media, m)
		return err
	}, `SELECT message_id, mime, size, expires FROM media WHERE resident = $1 AND NOT forgotten ORDER BY message_id`, resident)
	if err != nil {
		return r, err
	}
	if r.Lessons, err = s.lessonRecords(ctx, resident); err != nil {
		return r, err
	}
	err = s.db.QueryRowContext(ctx, `SELECT count(*) FROM mail WHERE lane = $1 AND state = 0`, resident).Scan(&r.Waiting)
	return r, err
}

// Erased tells what an Erase removed. Posts are what still stands in Slack.
type Erased struct {
	Cases, Entries, Media, Mail, Letters int
	Posts                                []Posted
}

// Posted is something a carrier made on its platform.
type Posted struct{ Kind, Subject, Ref string }

// Erase removes everything about a resident, in one transaction. A turn that
// is being decided meanwhile cannot be committed any more. The keys of mail
// stay without body, so that a redelivery does not bring it back; figures
// stay, they are nobody's.
func (s *Store) Erase(ctx context.Context, resident string) (Erased, error) {
	var gone Erased
	lanes := []any{resident, reception.LineLane(resident), "fetch:" + resident, "get:" + resident}
	err := s.alone(ctx, false, func(t tx) error {
		gone = Erased{}
		into := func(n *int) func(int64) error {
			return func(rows int64) error { *n += int(rows); return nil }
		}
		var subjects []string
		collect := func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			subjects = append(subjects, id)
			return err
		}
		posted := func(scan func(...any) error) error {
			var p Posted
			err := scan(&p.Kind, &p.Subject, &p.Ref)
			gone.Posts = append(gone.Posts, p)
			return err
		}
		err := t.run(ctx,
			step{sql: `UPDATE lanes SET fence = fence + 1, owner = '', tries = 0, until = 0, due = NULL
WHERE (box = 0 AND lane = $1) OR (box = 1 AND lane IN ($2, $3, $4))`, args: lanes},
			step{sql: `SELECT id FROM entries WHERE case_id IN (SELECT id FROM cases WHERE resident = $1)`, args: lanes[:1], row: collect},
			step{sql: `SELECT id FROM cases WHERE resident = $1`, args: lanes[:1], row: collect},
			step{sql: `SELECT message_id FROM media WHERE resident = $1`, args: lanes[:1], row: collect},
			step{sql: `SELECT id FROM lessons WHERE resident = $1`, args: lanes[:1], row: collect},
		)
		if err != nil {
			return err
		}
		var steps []step
		for _, id := range subjects {
			// All of case@channel: the sign after @ is A.
			from, to := reception.CaseAt(id, ""), id+"A"
			steps = append(steps, step{ // and all of case/window@channel: the sign after / is 0
				sql:  `DELETE FROM posts WHERE kind = $1 AND subject >= $2 AND subject < $3 RETURNING kind, subject, ref`,
				args: []any{reception.LetterPoint, id + "/", id + "0"}, row: posted,
			})
			steps = append(steps, step{ // and all of case/person.n@person
				sql:  `DELETE FROM posts WHERE kind = $1 AND subject >= $2 AND subject < $3 RETURNING kind, subject, ref`,
				args: []any{reception.LetterTalk, id + "/", id + "0"}, row: posted,
			})
			for _, kind := range []string{reception.LetterCard, reception.LetterEntry, reception.LetterFile, reception.LetterLesson} {
				steps = append(steps, step{
					sql:  `DELETE FROM posts WHERE kind = $1 AND subject >= $2 AND subject < $3 RETURNING kind, subject, ref`,
					args: []any{kind, from, to}, row: posted,
				})
			}
			steps = append(steps, step{
				sql:  `DELETE FROM letters WHERE state = 0 AND kind LIKE 'slack.%' AND substr(subject, 1, $1) = $2`,
				args: []any{len(from), from}, done: into(&gone.Letters),
			})
		}
		steps = append(steps,
			step{sql: `DELETE FROM entries WHERE case_id IN (SELECT id FROM cases WHERE resident = $1)`, args: lanes[:1], done: into(&gone.Entries)},
			step{sql: `DELETE FROM cases WHERE resident = $1`, args: lanes[:1], done: into(&gone.Cases)},
			step{sql: `DELETE FROM media WHERE resident = $1`, args: lanes[:1], done: into(&gone.Media)},
			step{sql: `DELETE FROM lessons WHERE resident = $1`, args: lanes[:1]}, // accepted ones are nobody's
			step{
				// Letters about a resident's cases are named for the resident.
				sql:  `DELETE FROM letters WHERE lane IN ($1, $2, $3) OR (id >= $4 AND id < $5)`,
				args: []any{lanes[1], lanes[2], lanes[3], resident + "@", resident + "A"}, done: into(&gone.Letters),
			},
			step{
				sql:  `UPDATE mail SET state = 1, body = $1, done_at = CASE WHEN done_at = 0 THEN $2 ELSE done_at END WHERE lane = $3 AND state <> 1`,
				args: []any{[]byte{}, millis(s.now()), resident}, done: into(&gone.Mail),
			},
			step{sql: `DELETE FROM residents WHERE id = $1`, args: lanes[:1]},
		)
		return t.run(ctx, steps...)
	})
	if err != nil {
		return Erased{}, fmt.Errorf("erase %s: %w", resident, err)
	}
	return gone, nil
}
