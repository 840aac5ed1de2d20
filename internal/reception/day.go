package reception

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// day gathers what one or more pieces of mail of a resident lead to.
type day struct {
	*Reception
	ctx      context.Context
	b        *bot.Bot
	resident Resident
	state    bot.State
	out      Turn
	cases    map[string]*desk.Case // touched in this turn
	closed   map[string]bool       // of them: closed before this turn
	opened   []string              // of them: opened for a resident in this turn
	away     bool                  // Slack cannot be reached; one answer for the whole turn
	before   map[string]desk.Case  // of them: as they were before this turn
	entries  map[string]int        // index in out.Entries
	letters  int
	dropped  int // pieces of mail about what was erased
}

func (r *Reception) day(ctx context.Context, resident Resident, state bot.State) *day {
	return &day{
		Reception: r, ctx: ctx, b: r.Bot(), resident: resident, state: state,
		out:   Turn{Resident: resident.ID, Gone: resident.Gone},
		cases: map[string]*desk.Case{}, closed: map[string]bool{}, before: map[string]desk.Case{}, entries: map[string]int{},
		away: r.Away != nil && r.Away(),
	}
}

// origin is where an input came from, as far as sending the answer needs it.
type origin struct {
	mail    mailbox.Mail
	arrival Arrival
	staff   *sent         // the staff reply that is being brought, if any
	by      *desk.Command // what staff just did, if it was they
	answer  bool          // the resident answered what staff asked
	say     int
}

// read reads the LINE mail of the batch. A text followed by another at once is
// marked, so that the two are understood together and answered once; an
// unfinished fragment at the end asks to wait for its continuation.
func (d *day) read(mail []mailbox.Mail) (arrivals []Arrival, wait time.Duration) {
	arrivals = make([]Arrival, len(mail))
	last := -1
	for i, m := range mail {
		if m.Source != mailbox.FromLINE {
			continue
		}
		a, err := d.LINE.Read(m.Body)
		if err != nil {
			continue // take reads it again and reports
		}
		arrivals[i] = a
		if _, ok := a.Event.(bot.Wrote); !ok {
			last = -1
			continue
		}
		if last >= 0 {
			w := arrivals[last].Event.(bot.Wrote)
			w.More = true
			arrivals[last].Event = w
		}
		last = i
	}
	if last == len(mail)-1 && last >= 0 && d.Settle > 0 {
		w := arrivals[last].Event.(bot.Wrote)
		if age := d.Now().Sub(arrivals[last].Received); age < d.Settle && d.b.Unfinished(d.state, w.Text) {
			wait = d.Settle - age
		}
	}
	return arrivals, wait
}

// take acts on one piece of mail.
func (d *day) take(m mailbox.Mail, a Arrival) error {
	var err error
	switch m.Source {
	case mailbox.FromLINE:
		err = d.fromLINE(m, a)
	case mailbox.FromSlack:
		err = d.fromStaff(m)
	case mailbox.FromTime:
		err = d.fromTime(m)
	default:
		err = fmt.Errorf("unknown source %q", m.Source)
	}
	if err != nil {
		return fmt.Errorf("mail %d: %w", m.Seq, err)
	}
	d.out.Done = append(d.out.Done, m.Seq)
	return nil
}

func (d *day) fromLINE(m mailbox.Mail, arrival Arrival) error {
	if arrival.Event == nil {
		_, err := d.LINE.Read(m.Body)
		return fmt.Errorf("read LINE event: %w", err)
	}
	if arrival.Group == (Leave{}) {
		d.out.Contact = arrival.Contact
	}
	return d.step(origin{mail: m, arrival: arrival}, bot.Input{
		ID: id(m.Key), At: d.Now(), Sent: arrival.Sent, Event: arrival.Event, Order: d.order(arrival.Event),
	})
}

// step lets the bot decide one input and gathers its effects.
func (d *day) step(o origin, in bot.Input) error {
	in.Away = d.away
	state, effects := d.b.Step(d.state, in)
	d.state = state
	d.out.Gone = state.Gone
	for _, e := range effects {
		if err := d.effect(&o, in, e); err != nil {
			return fmt.Errorf("effect %T: %w", e, err)
		}
	}
	if d.Observe != nil {
		d.Observe(d.resident.ID, in, state, effects)
	}
	return nil
}

func (d *day) effect(o *origin, in bot.Input, e bot.Effect) error {
	switch e := e.(type) {
	case bot.Say:
		return d.say(o, e)
	case bot.OpenCase:
		c, entries := d.rules().Open(e.Case, d.resident.ID, in.At)
		d.cases[c.ID] = &c
		d.opened = append(d.opened, c.ID)
		d.newCard(c)
		d.pointers(desk.Case{}, c)
		for _, entry := range entries {
			d.keepEntry(entry) // the card shows them
		}
	case bot.AddToCase:
		return d.with(e.Case, func(c *desk.Case) {
			if !c.Hidden.IsZero() { // what waited for this leaves now
				for _, h := range c.Held {
					d.alarm(desk.Alarm{Kind: desk.AlarmSend, Case: c.ID, Entry: h.Entry, At: d.Now()})
				}
			}
			*c = desk.Heard(*c)
			d.addEntry(*c, desk.Said(c.ID, e.Heard))
			d.cardSoon(*c)
		})
	case bot.Answer:
		c, err := d.open(e.Case)
		if err != nil {
			return err
		}
		return d.decided(origin{mail: o.mail, answer: true}, *c, d.rules().Answered(*c, e, in.ID, in.At))
	case bot.LimitTold:
		c, err := d.open(e.Case)
		if err != nil {
			return err
		}
		return d.decided(origin{mail: o.mail, answer: true}, *c, desk.Limit(*c, e, in.ID))
	case bot.RaiseCase:
		return d.with(e.Case, func(c *desk.Case) {
			before := d.channel(*c)
			*c = d.rules().Raise(*c, e.Danger, e.Unsure, in.At)
			d.cardNow(*c, before)
			if d.channel(*c) != before {
				d.newCard(*c)
			}
		})
	case bot.Reopen:
		return d.with(e.Case, func(c *desk.Case) {
			was := *c
			*c = desk.Reopen(was)
			d.cardNow(*c, d.channel(*c))
			d.pointers(was, *c)
		})
	case bot.Reads:
		return d.with(e.Case, func(c *desk.Case) { c.Lang = e.Lang; d.cardSoon(*c) })
	case bot.Note:
		return d.with(e.Case, func(c *desk.Case) {
			switch e.Kind {
			case bot.NoteLeft:
				c.Left = true
			case bot.NoteReturned:
				c.Left = false
			case bot.NoteHid:
				c.Hidden = in.At
			case bot.NoteSafe:
				c.Safe, c.Unheeded = in.At, time.Time{}
			case bot.NoteThanks, bot.NoteUnsent, bot.NoteAnother:
			}
			d.addEntry(*c, desk.Entry{ID: "n-" + in.ID + "-" + string(e.Kind), Case: c.ID, At: in.At, Kind: desk.FromBot, Note: e.Kind})
			d.cardSoon(*c)
		})
	case bot.Fetch:
		return d.fetch(o, e)
	case bot.Forget:
		return d.forget(o, e)
	case bot.Leave:
		d.letter(o, mailbox.Letter{Lane: LineLane(d.resident.ID), Kind: LetterLeave, Body: body(o.arrival.Group)})
	case bot.Later:
		d.out.Mail = append(d.out.Mail, mailbox.Mail{
			Key: "time:" + d.resident.ID + ":" + e.Key, Lane: d.resident.ID, Source: mailbox.FromTime,
			At: e.At, Due: d.Wait(e.At), Body: body(due{Reminded: bot.Reminded{Key: e.Key, Case: e.Case}}),
		})
	case bot.ShowMenu:
		// A lane of its own: the talk does not wait for a picture. Only the last
		// of several matters.
		d.letterOnce(mailbox.Letter{
			Lane: "menu:" + d.resident.ID, Kind: LetterMenu, Fold: "menu", Body: body(Menu{Resident: d.resident.ID, Name: e.Name}),
		})
	case bot.ProposeExample:
		d.propose(in, e)
	case bot.Count:
		d.out.Counts = append(d.out.Counts, e)
		d.out.Tallies = append(d.out.Tallies, insight.OfCount(e, in.At, d.b.Content())...)
	}
	return nil
}

// say sends messages: by reply when the event brought a token that is still
// young, else by push.
func (d *day) say(o *origin, e bot.Say) error {
	messages, err := bot.EncodeMessages(e.Messages)
	if err != nil {
		return err
	}
	letter := Say{From: e.From, Messages: messages}
	if a := o.arrival; a.Event != nil {
		letter.To = a.Contact
		if a.ReplyToken != "" && o.say == 0 {
			letter.ReplyToken, letter.ReplyUntil = a.ReplyToken, a.Received.Add(d.ReplyLife)
		}
	}
	if o.staff != nil {
		letter.Case, letter.Entry = o.staff.caseID, o.staff.entry
		if c := d.cases[o.staff.caseID]; c != nil {
			letter.Lane = SlackLane(d.channel(*c))
		}
	}
	o.say++
	d.letter(o, mailbox.Letter{Lane: LineLane(d.resident.ID), Kind: LetterSay, Body: body(letter), Urgent: false})
	return nil
}

// fetch orders the content of a media message, and its way to the thread.
func (d *day) fetch(o *origin, e bot.Fetch) error {
	f := Fetch{MessageID: e.MessageID, Kind: e.Kind, Name: e.Name, Resident: d.resident.ID, Case: e.Case}
	if e.Case != "" {
		if err := d.with(e.Case, func(c *desk.Case) { f.Lane = SlackLane(d.channel(*c)) }); err != nil {
			return err
		}
	}
	// A lane of its own: a large video must not hold up the conversation.
	d.letter(o, mailbox.Letter{Lane: "fetch:" + d.resident.ID, Kind: LetterFetch, Subject: e.MessageID, Body: body(f)})
	return nil
}

// forget takes a message back everywhere: the store drops the words, the
// thread's copy and the card are drawn anew.
func (d *day) forget(o *origin, e bot.Forget) error {
	d.out.Forget = append(d.out.Forget, e.MessageID)
	if err := d.forgetLessons(); err != nil {
		return err
	}
	if i, ok := d.entries[EntryID(e.MessageID)]; ok { // of this very turn
		said := d.out.Entries[i]
		d.out.Entries[i].Text, d.out.Entries[i].Unsent = "", true
		if err := d.unsaid(said); err != nil {
			return err
		}
	}
	said, err := d.Store.SaidIn(d.ctx, d.resident.ID, e.MessageID) // in whatever case, also one long over
	if err != nil {
		return fmt.Errorf("look for a message taken back: %w", err)
	}
	for _, entry := range said {
		if err := d.unsaid(entry); err != nil {
			return err
		}
	}
	return nil
}

// unsaid takes a message out of what its case says.
func (d *day) unsaid(said desk.Entry) error {
	return d.with(said.Case, func(c *desk.Case) {
		c.Summary = bot.Unsaid(c.Summary, said.Text)
		*c = desk.Unsay(*c, said)
		c.Gloss = "" // may quote words of it
		if said.Note == desk.NoteRated && c.Rating != nil {
			rating := *c.Rating
			rating.Words, c.Rating = "", &rating
		}
		d.entryAnew(*c, said.ID, d.channel(*c), true) // their words must not stay
		d.cardNow(*c, d.channel(*c))
	})
}

// open returns a case for change, reading it once a turn.
func (d *day) open(id string) (*desk.Case, error) {
	if c, ok := d.cases[id]; ok {
		return c, nil
	}
	c, err := d.Store.Case(d.ctx, id)
	if err != nil {
		return nil, fmt.Errorf("read case %s: %w", id, err)
	}
	d.cases[id] = &c
	d.closed[id], d.before[id] = c.Status == desk.Closed, c
	return &c, nil
}

func (d *day) with(id string, change func(*desk.Case)) error {
	c, err := d.open(id)
	if err != nil {
		return err
	}
	change(c)
	return nil
}

// turn closes the day's book.
func (d *day) turn(lease mailbox.Lease) (Turn, error) {
	d.bear()
	d.watch()
	d.reach()
	d.wait()
	d.redactLater()
	state, err := json.Marshal(d.state)
	if err != nil {
		return Turn{}, fmt.Errorf("write state: %w", err)
	}
	d.out.Nobody = d.resident.Number == 0 && d.dropped > 0 && d.dropped == len(d.out.Done)
	d.out.Lease, d.out.Number, d.out.State, d.out.Live = lease, d.resident.Number+1, state, state
	d.out.At = d.Now()
	if d.state.Fleeting() {
		if d.out.State, err = json.Marshal(d.state.Bare()); err != nil {
			return Turn{}, fmt.Errorf("write state to keep: %w", err)
		}
	}
	for _, id := range sortedKeys(d.cases) {
		d.out.Cases = append(d.out.Cases, *d.cases[id])
		d.out.Tallies = append(d.out.Tallies, insight.OfCase(d.before[id], *d.cases[id], d.out.At, d.b.Content())...)
	}
	return d.out, nil
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// id shortens a mail's key to what ids may carry.
func id(key string) string {
	_, rest, ok := strings.Cut(key, ":")
	if !ok {
		return key
	}
	return rest
}
