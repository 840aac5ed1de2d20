package story

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Core plays stories against bot, desk and reception with a memory instead of
// a database: no network, no clock, no goroutine.
type Core struct {
	reception *reception.Reception
	now       time.Time
	memory    *memory
	seq       int64
	taps      map[string]string // label → data of what can be tapped
	sent      []string          // ids of the resident's messages, in order
	arrivals  map[string]reception.Arrival
	pack      *bot.Bot // as the story began
	bot       *bot.Bot // with what was taught since
	taught    []understand.Example
}

// NewCore returns a Core that speaks with b.
func NewCore(b *bot.Bot) (*Core, error) {
	c := &Core{memory: &memory{cases: map[string]desk.Case{}}, taps: map[string]string{}, arrivals: map[string]reception.Arrival{}, pack: b, bot: b}
	var err error
	c.reception, err = reception.New(reception.Config{
		Bot: func() *bot.Bot { return c.bot }, Redact: c.redact, Store: c.memory, Session: nothing{}, LINE: c,
		Channel: func(_, danger string) string {
			if danger != "" {
				return "urgent"
			}
			return "desk"
		},
		Now: func() time.Time { return c.now },
	})
	return c, err
}

// Read implements reception.Reader over what the story prepared.
func (c *Core) Read(body []byte) (reception.Arrival, error) {
	a, ok := c.arrivals[string(body)]
	if !ok {
		return a, fmt.Errorf("no arrival %s", body)
	}
	return a, nil
}

// Play plays the story and returns it with what was really seen.
func (c *Core) Play(s Story) (Story, error) {
	played := Story{Name: s.Name, Title: s.Title}
	for _, step := range s.Steps {
		seen, err := c.step(step)
		if err != nil {
			return played, fmt.Errorf("%s:%d: %w", s.Name, step.Line, err)
		}
		played.Steps = append(played.Steps, Step{Line: step.Line, Acts: step.Acts, Expect: seen})
	}
	return played, nil
}

func (c *Core) step(step Step) ([]string, error) {
	first := step.Acts[0]
	switch first[0] {
	case '@':
		now, err := Clock(first, c.now)
		c.now = now
		return nil, err
	case '~':
		return nil, nil // what happens to machines must not be seen
	case '=':
		var seen []string
		for _, act := range step.Acts {
			lines, err := c.staff(Said(act))
			if err != nil {
				return nil, err
			}
			seen = append(seen, lines...)
		}
		return seen, nil
	}
	var mail []mailbox.Mail
	for _, act := range step.Acts {
		c.now = c.now.Add(time.Second)
		event, err := c.event(Said(act))
		if err != nil {
			return nil, err
		}
		c.seq++
		key := fmt.Sprintf("line:%d", c.seq)
		c.arrivals[key] = reception.Arrival{Event: event, Sent: c.now, Received: c.now, Contact: "U1", ReplyToken: key}
		mail = append(mail, mailbox.Mail{Seq: c.seq, Key: key, Lane: "r-1", Source: mailbox.FromLINE, At: c.now, Body: []byte(key)})
	}
	return c.handle(mail)
}

// event reads what the resident does.
func (c *Core) event(said string) (bot.Event, error) {
	id := fmt.Sprintf("m%d", c.seq+1)
	inner, ok := strings.CutPrefix(said, "[")
	if !ok {
		c.sent = append(c.sent, id)
		return bot.Wrote{MessageID: id, Text: said}, nil
	}
	verb, arg, _ := strings.Cut(strings.TrimSuffix(inner, "]"), " ")
	media := map[string]bot.MediaKind{"photo": bot.Image, "voice": bot.Audio, "video": bot.Video, "file": bot.File}
	switch verb {
	case "tap":
		data, ok := c.taps[arg]
		if !ok {
			return nil, fmt.Errorf("nothing to tap is called %q; there is %v", arg, c.taps)
		}
		return bot.Tapped{Data: data}, nil
	case "photo", "voice", "video", "file":
		c.sent = append(c.sent, id)
		return bot.SentMedia{MessageID: id, Kind: media[verb], Name: arg}, nil
	case "sticker":
		c.sent = append(c.sent, id)
		return bot.SentSticker{MessageID: id, Keywords: strings.Fields(arg)}, nil
	case "place":
		c.sent = append(c.sent, id)
		return bot.SentPlace{MessageID: id, Address: arg}, nil
	case "unsend":
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 || n > len(c.sent) {
			return nil, fmt.Errorf("unsend takes the number of one of %d messages", len(c.sent))
		}
		return bot.Unsent{MessageID: c.sent[n-1]}, nil
	case "follow":
		return bot.Followed{}, nil
	case "unblock":
		return bot.Followed{Again: true}, nil
	case "block":
		return bot.Unfollowed{}, nil
	}
	return nil, fmt.Errorf("nobody knows how to %q", verb)
}

// staff reads what a staff member does: NAME VERB REST.
func (c *Core) staff(said string) ([]string, error) {
	name, rest, _ := strings.Cut(said, " ")
	verb, arg, _ := strings.Cut(rest, " ")
	var action desk.Action
	switch verb {
	case "takes":
		action = desk.Take{}
	case "releases":
		action = desk.Release{}
	case "replies":
		action = desk.Reply{Text: arg}
	case "moves":
		window, why, _ := strings.Cut(arg, " ")
		action = desk.MoveTo{Window: window, Why: why}
	case "closes":
		action = desk.Close{Outcome: arg}
	case "teaches", "declines":
		return nil, c.decide(verb)
	case "chats":
		return nil, nil // the thread's own talk never comes here
	default:
		return nil, fmt.Errorf("staff do not know how to %q", verb)
	}
	c.seq++
	cmd := desk.Command{ID: fmt.Sprint(c.seq), Case: c.memory.last, By: desk.Staff{ID: "U-" + name, Name: name}, At: c.now, Action: action}
	b, err := cmd.Encode()
	if err != nil {
		return nil, err
	}
	return c.handle([]mailbox.Mail{{Seq: c.seq, Key: fmt.Sprintf("slack:%d", c.seq), Lane: "r-1", Source: mailbox.FromSlack, At: c.now, Body: b}})
}

func (c *Core) handle(mail []mailbox.Mail) ([]string, error) {
	c.memory.turn = reception.Turn{}
	if err := c.reception.Handle(context.Background(), mailbox.Lease{Lane: "r-1"}, mail); err != nil {
		return nil, err
	}
	if got := len(c.memory.turn.Done); got != len(mail) {
		return nil, fmt.Errorf("%d of %d pieces of mail were handled", got, len(mail))
	}
	return c.seen()
}

// seen writes what the turn showed to the resident and to staff.
func (c *Core) seen() ([]string, error) {
	t := c.memory.turn
	var lines []string
	for _, l := range t.Letters {
		if l.Kind != reception.LetterSay {
			continue
		}
		var say reception.Say
		if err := json.Unmarshal(l.Body, &say); err != nil {
			return nil, err
		}
		messages, err := bot.DecodeMessages(say.Messages)
		if err != nil {
			return nil, err
		}
		bubbles := Bubbles(messages)
		if say.From != "" {
			for i := range bubbles {
				bubbles[i] = strings.Replace(bubbles[i], "< ", "< "+say.From+"： ", 1)
			}
		}
		lines = append(lines, bubbles...)
		c.canTap(messages)
	}
	return append(lines, c.staffSees(t)...), nil
}

// canTap remembers the buttons now on the phone; those of cards stay.
func (c *Core) canTap(messages []bot.Message) {
	for _, m := range slices.Backward(messages) {
		var choices []bot.Choice
		switch m := m.(type) {
		case bot.Text:
			choices = m.Choices
		case bot.Cards:
			choices = m.Choices
			for _, card := range slices.Backward(m.Cards) { // the first card's button is under the thumb
				for _, b := range card.Buttons {
					if b.Data != "" {
						c.taps[b.Label] = b.Data
					}
				}
			}
		}
		for _, ch := range choices {
			c.taps[ch.Label] = ch.Data
		}
	}
}

func (c *Core) staffSees(t reception.Turn) []string {
	var lines []string
	for _, k := range t.Cases {
		before, known := c.memory.before[k.ID]
		if known && before.Status == desk.Closed && k.Status != desk.Closed {
			lines = append(lines, "! reopened "+k.Window)
		}
		if known && (before.Danger == k.Danger && before.Unsure == k.Unsure) {
			continue
		}
		line := "! case " + strings.Join(append([]string{k.Window}, k.With...), "+")
		switch {
		case k.Danger != "" && k.Unsure:
			line += " doubt " + k.Danger
		case k.Danger != "":
			line += " danger " + k.Danger
		}
		if k.Role != "" {
			line += " role " + k.Role
		}
		lines = append(lines, line)
	}
	for _, e := range t.Entries {
		if _, known := c.memory.before[e.Case]; !known {
			continue // the new case's card shows them
		}
		switch {
		case e.Kind == desk.FromBot:
			lines = append(lines, "! note "+string(e.Note))
		case e.Kind == desk.FromResident && e.Media != "":
			lines = append(lines, "! media "+string(e.Media))
		case e.Kind == desk.FromResident:
			lines = append(lines, "! words "+strings.ReplaceAll(e.Text, "\n", `\n`))
		}
	}
	for _, l := range t.Letters {
		var tell reception.Tell
		if l.Kind == reception.LetterTell && json.Unmarshal(l.Body, &tell) == nil {
			lines = append(lines, "! told "+string(tell.Refused))
		}
	}
	for _, l := range t.Lessons {
		lines = append(lines, "! lesson "+l.Right+" "+strings.ReplaceAll(l.Text, "\n", `\n`))
	}
	for range t.Forget {
		lines = append(lines, "! unsent")
	}
	return lines
}

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

func (m *memory) Entries(_ context.Context, id string) ([]desk.Entry, error) {
	return slices.DeleteFunc(slices.Clone(m.entries), func(e desk.Entry) bool { return e.Case != id }), nil
}

func (m *memory) ProposedBy(context.Context, string) (ids []string, err error) {
	for _, l := range m.lessons {
		ids = append(ids, l.ID)
	}
	return ids, nil
}

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

// nothing is a Redis that is never there: every turn starts from the recovery
// copy, so that each story also proves that the state survives JSON.
type nothing struct{}

func (nothing) Load(context.Context, string) (int64, []byte, bool, error) { return 0, nil, false, nil }
func (nothing) Save(context.Context, string, int64, []byte, time.Duration) error {
	return nil
}
