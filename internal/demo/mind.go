package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// keptTurns bounds the memory of what was decided, over all residents.
const keptTurns = 600

// turn is one input with what was made of it.
type turn struct {
	ID            string    `json:"id"`
	Resident      string    `json:"resident"` // LINE user id; empty while not known
	At            time.Time `json:"at"`
	Event         string    `json:"event"`           // in words, Japanese
	Words         string    `json:"words,omitempty"` // of the resident or of staff
	Understanding any       `json:"understanding,omitempty"`
	State         []fact    `json:"state"`
	Effects       []effect  `json:"effects"`

	pseudonym string
	message   string // LINE message id
}

// fact is one thing the dialogue knows.
type fact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// mind keeps what was decided last.
type mind struct {
	mu    sync.Mutex
	turns []turn            // oldest first
	names map[string]string // pseudonym → LINE user id
}

// Observe tells the panel what was decided. It may be called again with the
// same input, when a turn was taken twice.
func (d *Demo) Observe(resident string, in bot.Input, after bot.State, effects []bot.Effect) {
	w := words{d.content()}
	t := turn{ID: in.ID, At: in.At, pseudonym: resident, message: messageOf(in.Event), State: w.state(after), Effects: w.effects(effects)}
	t.Event, t.Words = w.event(in.Event)
	if e, wrote := in.Event.(bot.Wrote); wrote {
		t.Understanding = d.explain(e.Text)
	}
	user := d.whose(resident, in.Event)
	if e, tapped := in.Event.(bot.Tapped); tapped && user != "" {
		t.Words = d.labelOf(user, e.Data)
	}
	m := &d.mind
	m.mu.Lock()
	if m.names == nil {
		m.names = map[string]string{}
	}
	if user != "" {
		m.names[resident] = user
	}
	again := slices.IndexFunc(m.turns, func(x turn) bool { return x.ID == t.ID && x.pseudonym == resident })
	if again >= 0 && t.ID != "" {
		m.turns[again] = t
	} else {
		m.turns = append(m.turns, t)
	}
	m.turns = m.turns[max(0, len(m.turns)-keptTurns):]
	if e, unsent := in.Event.(bot.Unsent); unsent {
		m.forget(resident, e.MessageID)
	}
	m.mu.Unlock()
	d.feed.tell("mind")
}

// forget removes the words of a message that was taken back, here as well.
func (m *mind) forget(resident, message string) {
	for i := range m.turns {
		if t := &m.turns[i]; t.pseudonym == resident && t.message == message && t.Words != "" {
			t.Words, t.Understanding = "（送信取消）", nil
		}
	}
}

// whose finds the LINE user behind the product's name for a resident.
func (d *Demo) whose(resident string, e bot.Event) string {
	d.mind.mu.Lock()
	user := d.mind.names[resident]
	d.mind.mu.Unlock()
	message := messageOf(e)
	if user != "" || d.cfg.Pseudonym == nil && message == "" {
		return user
	}
	for _, ph := range d.cfg.LINE.Phones() {
		if d.cfg.Pseudonym != nil {
			if d.cfg.Pseudonym(ph.ID) == resident {
				return ph.ID
			}
			continue
		}
		for _, b := range ph.Bubbles {
			if b.ID == message {
				return ph.ID
			}
		}
	}
	return ""
}

// labelOf is what stands on the newest button with this data; the data when
// the phone shows none.
func (d *Demo) labelOf(user, data string) string {
	ph, _ := d.cfg.LINE.Phone(user)
	for _, b := range slices.Backward(ph.Bubbles) {
		var m struct {
			QuickReply struct {
				Items []struct{ Action lineapi.Action }
			}
		}
		_ = json.Unmarshal(b.Message, &m) // a person's own bubbles have none
		for _, item := range m.QuickReply.Items {
			if item.Action.Data == data {
				return item.Action.Label
			}
		}
		for _, a := range b.Actions {
			if a.Data == data {
				return a.Label
			}
		}
	}
	return data
}

func messageOf(e bot.Event) string {
	switch e := e.(type) {
	case bot.Wrote:
		return e.MessageID
	case bot.SentSticker:
		return e.MessageID
	case bot.SentMedia:
		return e.MessageID
	case bot.SentPlace:
		return e.MessageID
	case bot.Unsent:
		return e.MessageID
	}
	return ""
}

func (d *Demo) content() *bot.Content {
	if d.cfg.Content == nil {
		return nil
	}
	return d.cfg.Content()
}

// minds serves the turns of one resident, newest first.
func (d *Demo) minds(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get("resident")
	out := []turn{}
	m := &d.mind
	m.mu.Lock()
	for _, t := range slices.Backward(m.turns) {
		if t.Resident = m.names[t.pseudonym]; t.Resident == id && len(out) < 30 {
			out = append(out, t)
		}
	}
	m.mu.Unlock()
	d.answer(w, http.StatusOK, out)
}

type trying struct {
	Text string `json:"text"`
}

// explainText understands a sentence nobody sends.
func (d *Demo) explainText(_ context.Context, in trying) (any, error) {
	if d.cfg.Explain == nil {
		return nil, fmt.Errorf("understanding: %w", errNotThere)
	}
	text := []rune(in.Text)
	return d.explain(string(text[:min(len(text), maxSaid)])), nil
}
