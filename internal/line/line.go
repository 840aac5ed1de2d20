// Package line is the edge to LINE: webhooks in, messages out. It knows the
// Messaging API and nothing of cases or dialogue; LINE's own types do not leave
// it.
//
//	webhook.go  the signature, and events made durable, then 200
//	read.go     an event → bot.Event (pure)
//	render.go   bot.Message → LINE's messages (pure)
//	send.go     reply first, then push; what an unclear failure means
//	richmenu.go the menus under the talk, for all and for each resident
//	fetch.go    photos and files, before LINE deletes them
package line

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Store is what this edge needs of the database.
type Store interface {
	// Contact returns a resident's LINE user id, and whether they blocked the
	// account.
	Contact(ctx context.Context, resident string) (lineID string, gone bool, err error)
	// HasMedia reports whether the content of a message is kept already.
	HasMedia(ctx context.Context, messageID string) (bool, error)
	// PutMedia keeps fetched content, sealed, until expires.
	PutMedia(ctx context.Context, m reception.Media) error
}

// Config of the edge.
type Config struct {
	Secrets   []string // channel secret, and the previous one while it is changed
	Token     string   // channel access token
	APIBase   string   // empty: https://api.line.me
	DataBase  string   // empty: https://api-data.line.me
	Inbox     Inbox
	Store     Store
	Pseudonym func(lineID string) string // the lane of everything about this person
	HTTP      *http.Client               // nil: 6 s timeout
	Now       func() time.Time           // nil: time.Now
	Log       *slog.Logger               // nil: slog.Default()
	MaxMedia  int64                      // largest content kept, bytes; 0: 25 MiB
	MediaLife time.Duration              // how long content is kept; 0: 30 days
	Count     func(what, kind string)    // for metrics; nil is fine
	Disaster  func() bool                // whether the menus for a disaster are shown; nil: never
}

// Inbox makes mail durable.
type Inbox interface {
	Append(ctx context.Context, mail []mailbox.Mail) (int, error)
}

// Client is the edge to one LINE channel. It implements mailbox.Carrier and
// reception.Reader, and serves the webhook.
type Client struct {
	cfg   Config
	menus menuBook
}

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	if len(cfg.Secrets) == 0 || cfg.Secrets[0] == "" {
		return nil, errors.New("line: channel secret is empty")
	}
	if cfg.Token == "" {
		return nil, errors.New("line: channel access token is empty")
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
	if cfg.MaxMedia == 0 {
		cfg.MaxMedia = 25 << 20
	}
	if cfg.MediaLife == 0 {
		cfg.MediaLife = 30 * 24 * time.Hour
	}
	if cfg.Count == nil {
		cfg.Count = func(string, string) {}
	}
	if cfg.Disaster == nil {
		cfg.Disaster = func() bool { return false }
	}
	return &Client{cfg: cfg}, nil
}

// api returns the SDK's client bound to ctx. The SDK keeps the context inside
// the client, so that one must not be shared between calls.
func (c *Client) api(ctx context.Context) (*messaging_api.MessagingApiAPI, error) {
	options := []messaging_api.MessagingApiAPIOption{messaging_api.WithHTTPClient(c.cfg.HTTP)}
	if c.cfg.APIBase != "" {
		options = append(options, messaging_api.WithEndpoint(c.cfg.APIBase))
	}
	api, err := messaging_api.NewMessagingApiAPI(c.cfg.Token, options...)
	if err != nil {
		return nil, err
	}
	return api.WithContext(ctx), nil
}

func (c *Client) data(ctx context.Context) (*messaging_api.MessagingApiBlobAPI, error) {
	options := []messaging_api.MessagingApiBlobAPIOption{messaging_api.WithBlobHTTPClient(c.cfg.HTTP)}
	if c.cfg.DataBase != "" {
		options = append(options, messaging_api.WithBlobEndpoint(c.cfg.DataBase))
	}
	api, err := messaging_api.NewMessagingApiBlobAPI(c.cfg.Token, options...)
	if err != nil {
		return nil, err
	}
	return api.WithContext(ctx), nil
}
