package reception

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// Store is what reception needs of the database.
type Store interface {
	Resident(ctx context.Context, id string) (Resident, error)
	Case(ctx context.Context, id string) (desk.Case, error)
	Entries(ctx context.Context, caseID string) ([]desk.Entry, error)
	// SaidIn returns the entries that hold one LINE message of a resident, in
	// any of their cases: a few at most.
	SaidIn(ctx context.Context, resident, messageID string) ([]desk.Entry, error)
	// ProposedBy returns the ids of a resident's lessons that nobody decided.
	ProposedBy(ctx context.Context, resident string) ([]string, error)
	// HasMedia reports whether the content with this id has arrived.
	HasMedia(ctx context.Context, id string) (bool, error)
	Commit(ctx context.Context, t Turn) error
}

// Session is the live dialogue state in Redis. Its failures are never fatal:
// the database has a recovery copy of every turn.
type Session interface {
	Load(ctx context.Context, resident string) (number int64, state []byte, ok bool, err error)
	Save(ctx context.Context, resident string, number int64, state []byte, ttl time.Duration) error
}

// Reader turns a piece of LINE mail into an input. It is pure; package line
// has the one for LINE's events.
type Reader interface {
	Read(body []byte) (Arrival, error)
}

// Arrival is a piece of LINE mail, read.
type Arrival struct {
	Event      bot.Event
	Sent       time.Time // by LINE's clock
	Received   time.Time // by ours: a reply token's minute begins here
	Contact    string    // LINE user id, or group or room id
	Group      Leave     // set when others read along
	ReplyToken string    // empty when the event has none
}

// Config of a Reception.
type Config struct {
	Bot     func() *bot.Bot // the bot of the content pack in force; a turn uses one throughout
	Store   Store
	Session Session
	LINE    Reader
	Channel func(window, danger string) string // Slack channel of a window's team; danger has its own
	Now     func() time.Time
	Log     *slog.Logger
	// ReplyLife is how long after its arrival a reply token is used. LINE
	// promises one minute; some of it is kept for the sending itself.
	ReplyLife time.Duration
	// StateLife is how long live state is kept in Redis.
	StateLife time.Duration
	// Settle is how long an unfinished message waits for its continuation.
	Settle time.Duration
	// Order puts the windows the bot is unsure between into another order; nil,
	// or an error, means the bot's own. It must bound its time itself.
	Order func(ctx context.Context, text string, windows []*bot.Window) ([]string, error)
	// Redact takes out of a text what tells who somebody is; nil: nothing is
	// proposed to staff as an example.
	Redact func(text string) string
	// FleetingLife is how long Redis keeps the talk of somebody who may be
	// watched; 0: two hours.
	FleetingLife time.Duration
	// Undo is how long a staff reply can be taken back; 0: desk.Undo.
	Undo time.Duration
	// Link makes an address under which a file can be seen until a time; nil:
	// staff cannot send files.
	Link func(file string, until time.Time) string
	// Shown reports whether Slack has what a letter of this kind and subject
	// makes; nil: always.
	Shown func(ctx context.Context, kind, subject string) (bool, error)
	// Away reports that Slack cannot be reached now, so that residents are not
	// told that staff have what they wrote; nil: never. It must answer at once.
	Away func() bool
	// Danger lists the cases in danger that are open, or were closed since a
	// time, for who rests from the next; nil: nobody rests.
	Danger func(ctx context.Context, since time.Time) ([]desk.Case, error)
	// Mail says that there is a second route, by e-mail, for danger.
	Mail bool
	// Wait turns a time of Now's clock into one of the inbox's; nil: they are
	// the same.
	Wait func(time.Time) time.Time
	// Redraw is how long what Slack shows may be out of date where nobody waits
	// for it: what changes meanwhile is one change. 0: three seconds.
	Redraw time.Duration
	// Wake tells the outbox that there is something to send.
	Wake func()
	// Observe is told what was decided, for the demo's panel and for figures;
	// nil is fine.
	Observe func(resident string, in bot.Input, after bot.State, effects []bot.Effect)
}

// Reception handles the mail of residents and staff. It implements
// mailbox.Handler.
type Reception struct{ Config }

// New returns a Reception; fields left empty get their usual values.
func New(cfg Config) (*Reception, error) {
	if cfg.Bot == nil || cfg.Store == nil || cfg.Session == nil || cfg.LINE == nil || cfg.Channel == nil {
		return nil, errors.New("reception: Bot, Store, Session, LINE and Channel are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.ReplyLife == 0 {
		cfg.ReplyLife = 50 * time.Second
	}
	if cfg.StateLife == 0 {
		cfg.StateLife = 15 * 24 * time.Hour
	}
	if cfg.FleetingLife == 0 {
		cfg.FleetingLife = 2 * time.Hour
	}
	if cfg.Redraw == 0 {
		cfg.Redraw = 3 * time.Second
	}
	if cfg.Wait == nil {
		cfg.Wait = func(t time.Time) time.Time { return t }
	}
	if cfg.Link == nil {
		cfg.Link = func(string, time.Time) string { return "" }
	}
	if cfg.Wake == nil {
		cfg.Wake = func() {}
	}
	return &Reception{cfg}, nil
}

// errUnfinished is why a fragment waits a moment for its continuation.
var errUnfinished = errors.New("message looks unfinished")

// Handle takes the waiting mail of one resident through the dialogue and
// commits what follows. All pieces make one turn: a resident who sent five
// messages in a row is answered from the state after each, and nothing is
// committed twice.
func (r *Reception) Handle(ctx context.Context, lease mailbox.Lease, mail []mailbox.Mail) error {
	state, resident, err := r.recall(ctx, lease.Lane)
	if err != nil {
		return err
	}
	d := r.day(ctx, resident, state)
	arrivals, wait := d.read(mail)
	if wait > 0 {
		return &mailbox.RetryError{After: wait, Clear: true, Pause: true, Err: errUnfinished}
	}
	for i, m := range mail {
		if err := d.take(m, arrivals[i]); err != nil {
			if i == 0 {
				return err
			}
			// What the piece began is half done. What went well is decided anew
			// without it, and committed; the rest gets its own try.
			return r.Handle(ctx, lease, mail[:i])
		}
	}
	turn, err := d.turn(lease)
	if err != nil {
		return err
	}
	if err := r.Store.Commit(ctx, turn); err != nil {
		return fmt.Errorf("commit turn %d of %s: %w", turn.Number, resident.ID, err)
	}
	r.Wake()
	if turn.Nobody {
		return nil
	}
	life := r.StateLife
	if d.state.Fleeting() {
		life = r.FleetingLife
	}
	if err := r.Session.Save(ctx, resident.ID, turn.Number, turn.Live, life); err != nil {
		r.Log.WarnContext(ctx, "live state not saved; the recovery copy will be used", "resident", resident.ID, "err", err)
	}
	return nil
}

// recall reads the state of the last committed turn: from Redis when it is of
// that very turn, else from the recovery copy.
func (r *Reception) recall(ctx context.Context, lane string) (bot.State, Resident, error) {
	var state bot.State
	resident, err := r.Store.Resident(ctx, lane)
	if err != nil {
		return state, resident, fmt.Errorf("read resident %s: %w", lane, err)
	}
	resident.ID = lane
	if resident.Number == 0 {
		return state, resident, nil
	}
	raw := resident.State
	if number, live, ok, err := r.Session.Load(ctx, lane); err == nil && ok && number == resident.Number {
		raw = live
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		return state, resident, fmt.Errorf("read state of turn %d of %s: %w", resident.Number, lane, err)
	}
	return state, resident, nil
}

// Parked tells the resident that their message could not be handled, and to
// call: silence would be worse. It is what mailbox asks for a piece that
// failed too often.
func (r *Reception) Parked(m mailbox.Mail, _ string) []mailbox.Letter {
	if m.Source != mailbox.FromLINE {
		return nil
	}
	text := r.Bot().Content().Reply(bot.Ja, "sorry")
	messages, err := bot.EncodeMessages([]bot.Message{bot.Text{Text: text}})
	if err != nil {
		return nil
	}
	return []mailbox.Letter{{
		ID: m.Key + "/parked", Lane: LineLane(m.Lane), Kind: LetterSay, Body: body(Say{Messages: messages}),
	}}
}
