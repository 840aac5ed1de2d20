// Package slack is the edge to Slack: what staff do comes in, what staff must
// see goes out. It knows Slack and nothing of dialogue; the SDK's types do not
// leave it.
//
//	ingress.go      HTTP: signature, size, an answer within three seconds
//	socket.go       the same over Socket Mode
//	event.go        thread messages: a line beginning with >> is a reply
//	interaction.go  buttons → desk.Command, made durable first; or a modal
//	shortcut.go     shortcuts on a message: the reply to its case's resident
//	submit.go       modals → desk.Command, made durable first
//	command.go      /tsunagu; tsunagu.go its verbs, search.go the search
//	members.go      who may see and act; board.go what of, for lists
//	home.go         App Home
//	load.go         what each person carries, and who could take a case
//	person.go       asking one person to take a case (pure)
//	talk.go         a private word after a case in danger
//	byhand.go       a call or a visit, noted down
//	veil.go         words masked, taken out after the end, and shown on demand
//	typed.go        what staff wrote with >> and an app cannot delete
//	call.go         calls for somebody to take danger (pure)
//	card.go         a case → its card (pure); facts.go and together.go its parts, buttons.go what can be done
//	pointer.go      a case → a short post where another window is asked into it (pure, and carried)
//	thread.go       an entry → its line in the thread (pure)
//	modal.go        the modals (pure); forms.go the small ones, template.go those made of the pack
//	blocks.go       quotes and fields within Block Kit's limits (pure)
//	words.go        what staff read: refusals, fates, outcomes; notes.go what happened
//	markup.go       Slack's markup → plain text, and back
//	names.go        what staff are called
//	lesson.go       what people teach the bot: buttons, modal, card's letter
//	lesson_card.go  a lesson → its card and modal (pure)
//	carry.go        letters: post or bring up to date, never twice
//	pace.go         what Slack lets us do, and what need not be sent again
//	tell.go         a word to the one staff member who was refused
//	find.go         posts of ours, found again by their metadata
//	history.go      the lines under a card, and taking them back
//	file.go         residents' photos and files, into the thread
//	erase.go        what was posted about a resident who was erased, taken out
//	get.go          staff's pictures and documents, from the thread, made fit for phones
//	failure.go      what an error of Slack means for a letter
//	away.go         whether Slack can be reached at all
//	check.go        what doctor asks
package slack

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/picture"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Inbox makes mail durable.
type Inbox interface {
	Append(ctx context.Context, mail []mailbox.Mail) (int, error)
}

// Cases finds cases. What is not there is reception.ErrNotFound.
type Cases interface {
	Case(ctx context.Context, id string) (desk.Case, error)
	// CaseByNumber finds a case by what people call it (desk.Case.Number).
	CaseByNumber(ctx context.Context, number string) (desk.Case, error)
	// CaseByThread finds the case whose card is the message ts in channel.
	CaseByThread(ctx context.Context, channel, ts string) (c desk.Case, ok bool, err error)
}

// Entries reads a case's history. What is not there is reception.ErrNotFound.
type Entries interface {
	Entries(ctx context.Context, caseID string) ([]desk.Entry, error)
	Entry(ctx context.Context, id string) (desk.Entry, error)
}

// Posts knows what was delivered before.
type Posts interface {
	// Post returns the receipt's Ref of the letter of this kind and subject: the
	// ts of a card or entry, the id of a file.
	Post(ctx context.Context, kind, subject string) (ref string, ok bool, err error)
	// Shown returns that receipt's Shown; empty when nobody knows.
	Shown(ctx context.Context, kind, subject string) (string, error)
}

// Store is what this edge needs of the database.
type Store interface {
	Cases
	Entries
	Posts
}

// MediaStore keeps what residents sent that is not text; reception.ErrNotFound
// when it was taken back, or is past its time.
type MediaStore interface {
	Media(ctx context.Context, messageID string) (reception.Media, error)
	// PutMedia keeps what staff send; what is there already stays.
	PutMedia(ctx context.Context, m reception.Media) error
}

// Config of the edge.
type Config struct {
	BotToken       string   // xoxb-…; required
	SigningSecrets []string // signing secret, and the previous one while it is changed; may be empty with AppToken
	AppToken       string   // xapp-…: Socket Mode as well (see Run)
	APIBase        string   // empty: https://slack.com/api/
	Inbox          Inbox
	Store          Store
	Media          MediaStore
	// ForReader turns what staff wrote into the form this resident reads (with
	// readings, for one); nil: as written.
	ForReader func(l bot.Lang, text string) string
	// Mask takes names, telephone numbers and addresses out of words, where the
	// pack wants that; nil: numbers only.
	Mask func(string) string
	// Hint says what in a text could be written more plainly for this
	// resident; nil: nothing.
	Hint    func(l bot.Lang, text string) []string
	Content func() *bot.Content                // the content pack in force
	Lessons Lessons                            // nil: nothing is taught here
	Channel func(window, danger string) string // Slack channel of a window's team; danger has its own
	Board   Board                              // nil: no home, no search for words
	Days    Days                               // nil: hours cannot be changed from Slack
	Town    Town                               // nil: there is no report
	Homes   Homes                              // nil: no home
	// DaysChanged is called after staff changed a day, so that residents are
	// told at once; nil is fine.
	DaysChanged func(ctx context.Context)
	// Carried reports whether a card or a line of a thread went to Slack since a
	// time, from whatever process; nil: unknown.
	Carried func(ctx context.Context, since time.Time) (bool, error)
	// Back is called when Slack is back after it was away, so that what waits
	// goes at once; nil is fine.
	Back  func(ctx context.Context) error
	Pace  time.Duration           // between two posts in a channel, updates in proportion; 0: Slack's own second
	HTTP  *http.Client            // nil: 6 s timeout
	Now   func() time.Time        // nil: time.Now
	Log   *slog.Logger            // nil: slog.Default()
	Count func(what, kind string) // for metrics; nil is fine
}

// Client is the edge to one Slack workspace. It implements mailbox.Carrier.
type Client struct {
	cfg    Config
	sdk    *sdk.Client
	upload *sdk.Client // for files: the same with a longer timeout
	names  names

	pictures picture.Maker
	members  members
	homes    homes
	reach    reach
	books    books
	paces    *paces
	base     string // the workspace's address; members.mu guards it

	mu     sync.Mutex // guards closed and the begin of work
	closed bool
	work   sync.WaitGroup
}

// uploadWithin bounds the upload of one file.
const uploadWithin = 2 * time.Minute

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	switch {
	case cfg.BotToken == "":
		return nil, errors.New("slack: bot token is empty")
	case cfg.AppToken == "" && len(cfg.SigningSecrets) == 0:
		return nil, errors.New("slack: signing secret is empty")
	case cfg.Inbox == nil || cfg.Store == nil || cfg.Media == nil || cfg.Content == nil || cfg.Channel == nil:
		return nil, errors.New("slack: Inbox, Store, Media, Content and Channel are required")
	}
	for _, secret := range cfg.SigningSecrets {
		if secret == "" {
			return nil, errors.New("slack: a signing secret is empty")
		}
	}
	if cfg.APIBase == "" {
		cfg.APIBase = sdk.APIURL
	}
	if !strings.HasSuffix(cfg.APIBase, "/") {
		cfg.APIBase += "/"
	}
	if cfg.HTTP == nil {
		cfg.HTTP = &http.Client{Timeout: 6 * time.Second}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Count == nil {
		cfg.Count = func(string, string) {}
	}
	if cfg.Pace == 0 {
		cfg.Pace = time.Second
	}
	long := *cfg.HTTP
	long.Timeout = uploadWithin
	c := &Client{cfg: cfg, names: names{known: map[string]named{}}, members: members{rooms: map[string]room{}}, homes: homes{known: map[string]*homeState{}}, paces: newPaces(cfg.Pace)}
	c.sdk = sdk.New(cfg.BotToken, sdk.OptionAPIURL(cfg.APIBase), sdk.OptionHTTPClient(cfg.HTTP), sdk.OptionAppLevelToken(cfg.AppToken))
	c.upload = sdk.New(cfg.BotToken, sdk.OptionAPIURL(cfg.APIBase), sdk.OptionHTTPClient(&long))
	return c, nil
}

// begin starts work that may outlive the request it came from. It returns
// false when the client is closing.
func (c *Client) begin(f func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	c.work.Go(f)
	return true
}

// Close waits for what is still under way, until ctx ends. Nothing must be
// served any more when it is called.
func (c *Client) Close(ctx context.Context) error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	done := make(chan struct{})
	go func() { c.work.Wait(); close(done) }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// errClosing reports that nothing new is begun any more.
var errClosing = errors.New("slack: closing")

// within runs f, but not longer than ctx: Slack wants its answer even from a
// database that hangs and does not heed its context.
func within[T any](ctx context.Context, c *Client, f func(context.Context) (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	var none T
	if !c.begin(func() { v, err := f(ctx); done <- result{v, err} }) {
		return none, errClosing
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}
