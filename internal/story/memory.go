package story

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// memory is the database of a story.
type memory struct {
	resident reception.Resident
	cases    map[string]desk.Case
	before   map[string]desk.Case
	entries  []desk.Entry
	last     string
	lessons  []lesson.Lesson // proposed
	turn     reception.Turn
}

func (m *memory) Resident(context.Context, string) (reception.Resident, error) {
	return m.resident, nil
}

func (m *memory) Case(_ context.Context, id string) (desk.Case, error) {
	c, ok := m.cases[id]
	if !ok {
		return c, fmt.Errorf("there is no case %q", id)
	}
	return c, nil
}

func (m *memory) danger(_ context.Context, since time.Time) ([]desk.Case, error) {
	var out []desk.Case
	for _, c := range m.cases {
		if c.Danger != "" && (c.Status != desk.Closed || !c.ClosedAt.Before(since)) {
			out = append(out, c)
		}
	}
	return out, nil
}

func (m *memory) Entries(_ context.Context, id string) ([]desk.Entry, error) {
	return slices.DeleteFunc(slices.Clone(m.entries), func(e desk.Entry) bool { return e.Case != id }), nil
}

func (m *memory) SaidIn(_ context.Context, _, messageID string) ([]desk.Entry, error) {
	return slices.DeleteFunc(slices.Clone(m.entries), func(e desk.Entry) bool { return e.MessageID != messageID }), nil
}

func (m *memory) ProposedBy(context.Context, string) (ids []string, err error) {
	for _, l := range m.lessons {
		ids = append(ids, l.ID)
	}
	return ids, nil
}

func (m *memory) HasMedia(context.Context, string) (bool, error) { return true, nil }

func (m *memory) Commit(_ context.Context, t reception.Turn) error {
	m.turn = t
	m.before = map[string]desk.Case{}
	for id, c := range m.cases {
		m.before[id] = c
	}
	m.resident = reception.Resident{ID: t.Resident, Number: t.Number, State: t.State, Gone: t.Gone}
	for _, c := range t.Cases {
		if _, known := m.cases[c.ID]; !known || c.Status != desk.Closed {
			m.last = c.ID
		}
		m.cases[c.ID] = c
	}
	m.entries = append(m.entries, t.Entries...)
	m.lessons = append(m.lessons, t.Lessons...)
	m.lessons = slices.DeleteFunc(m.lessons, func(l lesson.Lesson) bool { return slices.Contains(t.DropLessons, l.ID) })
	for _, id := range t.Forget {
		for i := range m.entries {
			if m.entries[i].MessageID == id {
				m.entries[i].Text, m.entries[i].Unsent = "", true
			}
		}
	}
	return nil
}

// forgetful is a Redis that is never there, so that each story also proves that
// the recovery copy is enough; except for what must not be kept in a database.
type forgetful struct {
	memory *memory
	number int64
	live   []byte
}

func (f *forgetful) Load(context.Context, string) (int64, []byte, bool, error) {
	return f.number, f.live, f.live != nil && !bytes.Equal(f.live, f.memory.resident.State), nil
}

func (f *forgetful) Save(_ context.Context, _ string, number int64, state []byte, _ time.Duration) error {
	f.number, f.live = number, state
	return nil
}
