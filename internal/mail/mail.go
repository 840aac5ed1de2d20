// Package mail is the second route for danger: when Slack does not show a case
// or nobody takes it, an e-mail goes out. It knows SMTP and nothing else; what
// it writes holds a number, an urgency and a time, never words or names.
//
//	mail.go     letters → mails
//	send.go     one mail over SMTP, within a bounded time
package mail

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// within bounds one mail, from the name's look-up to the server's word.
const within = 20 * time.Second

// Config of the route.
type Config struct {
	// URL is smtp://user:password@host:587 (STARTTLS) or smtps://…:465 (TLS
	// from the start). ?from= names the sender, when it is not the user.
	URL    string
	To     []string         // required
	Within time.Duration    // 0: 20 s
	TLS    *tls.Config      // nil: the machine's roots, the host's name
	Now    func() time.Time // nil: time.Now
	Log    *slog.Logger     // nil: slog.Default()
}

// Client sends alerts. It implements mailbox.Carrier.
type Client struct {
	Config
	host, port     string
	implicit       bool
	user, password string
	from           string
}

// New checks the configuration.
func New(cfg Config) (*Client, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("mail: the address is neither smtp://… nor smtps://…") // not quoted: it may hold a password
	}
	if len(cfg.To) == 0 {
		return nil, errors.New("mail: nobody to write to")
	}
	c := &Client{Config: cfg, host: u.Hostname(), port: u.Port(), implicit: u.Scheme == "smtps", user: u.User.Username()}
	c.password, _ = u.User.Password()
	if c.port == "" {
		c.port = map[bool]string{true: "465", false: "587"}[c.implicit]
	}
	c.from = u.Query().Get("from")
	if c.from == "" {
		if c.from = c.user; !strings.Contains(c.from, "@") {
			c.from = "tsunagu@" + c.host
		}
	}
	for i, a := range append([]string{c.from}, c.To...) {
		parsed, err := netmail.ParseAddress(a)
		if err != nil {
			return nil, fmt.Errorf("mail: %q is not an address", a)
		}
		if i == 0 {
			c.from = parsed.Address
		}
	}
	if c.Within == 0 {
		c.Within = within
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

// Carry sends one alert. Sending one twice is better than not sending it: an
// unclear try is repeated, under the same Message-ID, which mail programs show
// once.
func (c *Client) Carry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var a reception.Alert
	if l.Kind != reception.LetterAlert {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: "refused", Err: fmt.Errorf("unknown letter kind %q", l.Kind)}
	}
	if err := json.Unmarshal(l.Body, &a); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: "refused", Err: fmt.Errorf("read letter: %w", err)}
	}
	ctx, cancel := context.WithTimeout(ctx, c.Within)
	defer cancel()
	err := c.send(ctx, compose(a, c.from, c.To, l.ID, c.Now()))
	if err == nil {
		return mailbox.Receipt{}, nil
	}
	c.Log.ErrorContext(ctx, "the e-mail about danger did not leave; it is tried again", "letter", l.ID, "tries", l.Tries, "err", err)
	// The wait is short: while this fails nobody may know of the danger. It is
	// no use to give up early either: a wrong password can be mended.
	return mailbox.Receipt{}, &mailbox.RetryError{After: min(time.Duration(l.Tries)*5*time.Second, time.Minute), Pause: refusedForGood(err), Err: err}
}

// refusedForGood reports an answer that somebody must mend: the letter waits.
func refusedForGood(err error) bool {
	said, ok := errors.AsType[*textproto.Error](err)
	return ok && said.Code >= 500
}
