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
	Aside    int             `json:"messagesPutAside,omitempty"` // could not be handled; deleted after a week
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
	err = s.query(ctx, func(scan func(...any) error) error {
		var state, n int
		if err := scan(&state, &n); err != nil {
			return err
		}
		if state == 0 {
			r.Waiting = n
		} else {
			r.Aside = n
		}
		return nil
	}, `SELECT state, count(*) FROM mail WHERE lane = $1 AND (state = 0 OR state = 2 AND length(body) > 0) GROUP BY state`, resident)
	return r, err
}
