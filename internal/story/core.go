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
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Core plays stories against bot, desk and reception with a memory instead of
// a database: no network, no clock, no goroutine.
type Core struct {
	reception *reception.Reception
	now       time.Time
	memory    *memory
	session   *forgetful
	seq       int64
	taps      map[string]string // label → data of what can be tapped
	sent      []string          // ids of the resident's messages, in order
	alarms    []mailbox.Mail    // due times, the earliest first
	written   string            // entry of the last staff reply
	arrivals  map[string]reception.Arrival
	pack      *bot.Bot // as the story began
	form      func(l bot.Lang, text string) string
	bot       *bot.Bot // with what was taught since
	taught    []understand.Example
	away      bool            // Slack is
	posted    map[string]bool // what it shows, by the letter's subject; false: it waits
	later     []string        // what staff see when it is back
}

// NewCore returns a Core that speaks with b. form turns what staff write into
// what a resident reads; nil: as written.
func NewCore(b *bot.Bot, form func(l bot.Lang, text string) string) (*Core, error) {
	if form != nil {
		b = b.Reading(form)
	}
	c := &Core{memory: &memory{cases: map[string]desk.Case{}}, taps: map[string]string{}, arrivals: map[string]reception.Arrival{}, posted: map[string]bool{}, pack: b, bot: b, form: form}
	c.session = &forgetful{memory: c.memory}
	var err error
	c.reception, err = reception.New(reception.Config{
		Bot: func() *bot.Bot { return c.bot }, Redact: c.redact, Store: c.memory, Session: c.session, LINE: c,
		Channel: func(_, danger string) string {
			if danger != "" {
				return "urgent"
			}
			return "desk"
		},
		Now:    func() time.Time { return c.now },
		Away:   func() bool { return c.away },
		Shown:  func(_ context.Context, _, subject string) (bool, error) { return c.posted[subject], nil },
		Link:   func(file string, _ time.Time) string { return "https://files.example/" + file },
		Danger: c.memory.danger,
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
		if err != nil {
			return nil, err
		}
		return c.until(now)
	case '~':
		return c.machines(Said(first)), nil
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
	seen, err := c.handle(mail)
	if err != nil {
		return seen, err
	}
	later, err := c.until(c.now) // what their writing set free
	return append(seen, later...), err
}

// machines is what happens to the machines. It must not be seen, except that
// what staff could not see while Slack was away appears when it is back.
func (c *Core) machines(what string) []string {
	switch what {
	case "Redis is flushed":
		c.session.live = nil
	case "Slack is away":
		c.away = true
	case "Slack is back":
		seen := c.later
		c.away, c.later = false, nil
		for subject := range c.posted {
			c.posted[subject] = true
		}
		return seen
	}
	return nil
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

// staff reads what a staff member does: NAME VERB REST. A reply leaves after
// its moment; "writes" stops before that.
func (c *Core) staff(said string) ([]string, error) {
	name, rest, _ := strings.Cut(said, " ")
	verb, arg, _ := strings.Cut(rest, " ")
	switch verb {
	case "chats":
		return nil, nil // the thread's own talk never comes here
	case "teaches", "declines":
		return nil, c.decide(verb)
	}
	action, err := Act(verb, arg, c.now, c.written)
	if err != nil {
		return nil, err
	}
	if r, ok := action.(desk.Reply); ok && c.form != nil {
		r.Text = c.form(c.memory.cases[c.memory.last].Lang, r.Text)
		action = r
	}
	c.seq++
	cmd := desk.Command{ID: fmt.Sprint(c.seq), Case: c.memory.last, By: desk.Staff{ID: "U-" + name, Name: name}, At: c.now, Action: action}
	b, err := cmd.Encode()
	if err != nil {
		return nil, err
	}
	if _, ok := action.(desk.Reply); ok {
		c.written = "s-" + cmd.ID
	}
	seen, err := c.handle([]mailbox.Mail{{Seq: c.seq, Key: fmt.Sprintf("slack:%d", c.seq), Lane: "r-1", Source: mailbox.FromSlack, At: c.now, Body: b}})
	if err != nil || !Leaves(verb) {
		return seen, err
	}
	later, err := c.until(c.now.Add(desk.Undo))
	return append(seen, later...), err
}

// until lets the time pass, with the due times in it.
func (c *Core) until(now time.Time) ([]string, error) {
	var seen []string
	for len(c.alarms) > 0 && !c.alarms[0].Due.After(now) {
		m := c.alarms[0]
		c.alarms = c.alarms[1:]
		c.now = m.Due
		c.seq++
		m.Seq, m.Key = c.seq, m.Key+"@"+strconv.FormatInt(m.Due.UnixMilli(), 10)
		lines, err := c.handle([]mailbox.Mail{m})
		if err != nil {
			return seen, err
		}
		seen = append(seen, lines...)
	}
	c.now = now
	return seen, nil
}

func (c *Core) handle(mail []mailbox.Mail) ([]string, error) {
	c.memory.turn = reception.Turn{}
	if err := c.reception.Handle(context.Background(), mailbox.Lease{Lane: "r-1"}, mail); err != nil {
		return nil, err
	}
	if got := len(c.memory.turn.Done); got != len(mail) {
		return nil, fmt.Errorf("%d of %d pieces of mail were handled", got, len(mail))
	}
	for _, m := range c.memory.turn.Mail {
		c.alarms = slices.DeleteFunc(c.alarms, func(x mailbox.Mail) bool { return x.Key == m.Key })
		c.alarms = append(c.alarms, m)
	}
	slices.SortStableFunc(c.alarms, func(a, b mailbox.Mail) int { return a.Due.Compare(b.Due) })
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
	for _, l := range t.Letters {
		c.posted[l.Subject] = c.posted[l.Subject] || !c.away
	}
	staff := c.staffSees(t)
	if !c.away {
		return append(lines, staff...), nil
	}
	c.later = append(c.later, staff...)
	return lines, nil
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
		case bot.Picture:
			choices = m.Choices
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
		if k.About != "" {
			line += " about " + k.About
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
			lines = append(lines, strings.TrimRight("! note "+string(e.Note)+" "+strings.ReplaceAll(e.Text, "\n", `\n`), " "))
		case e.Kind == desk.FromResident && e.Media != "":
			lines = append(lines, "! media "+string(e.Media))
		case e.Kind == desk.FromResident:
			lines = append(lines, "! words "+strings.ReplaceAll(e.Text, "\n", `\n`))
		}
	}
	for _, ch := range t.Changes {
		if ch.Fate != desk.OnItsWay {
			lines = append(lines, "! "+string(ch.Fate))
		}
	}
	for _, l := range t.Letters {
		var tell reception.Tell
		if l.Kind == reception.LetterTell && json.Unmarshal(l.Body, &tell) == nil {
			if tell.Cannot != "" {
				lines = append(lines, "! returned by "+tell.Cannot)
			} else {
				lines = append(lines, "! told "+string(tell.Refused))
			}
		}
		var talk reception.Talk
		if l.Kind == reception.LetterTalk && json.Unmarshal(l.Body, &talk) == nil {
			if b, ok := c.memory.cases[talk.Case].Bearing(talk.Who); ok && b.Talked.IsZero() && b.Later.IsZero() {
				lines = append(lines, "! reminded "+b.Who.Name)
			}
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
