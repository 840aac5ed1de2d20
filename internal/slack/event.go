package slack

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// envelope is the outside of what the Events API delivers.
// https://docs.slack.dev/apis/events-api/#callback-field
type envelope struct {
	Type           string  `json:"type"`
	Challenge      string  `json:"challenge"`
	Event          message `json:"event"`
	Authorizations []struct {
		UserID string `json:"user_id"`
		IsBot  bool   `json:"is_bot"`
	} `json:"authorizations"`
}

// message is a message event, as far as it matters.
// https://docs.slack.dev/reference/events/message
type message struct {
	Type     string            `json:"type"`
	Subtype  string            `json:"subtype"`
	Channel  string            `json:"channel"`
	User     string            `json:"user"`
	BotID    string            `json:"bot_id"`
	Text     string            `json:"text"`
	TS       string            `json:"ts"`
	ThreadTS string            `json:"thread_ts"`
	Parent   string            `json:"parent_user_id"` // who began the thread
	Blocks   []json.RawMessage `json:"blocks"`
	Files    []sharedFile      `json:"files"`
	Tab      string            `json:"tab"` // of app_home_opened
	Message  *message          `json:"message"`
	Previous *message          `json:"previous_message"`
}

// event takes one delivery of the Events API. What does not act is
// acknowledged and forgotten: talk inside a thread is the staff's own.
func (c *Client) event(ctx context.Context, body []byte) answer {
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return malformed
	}
	switch e.Type {
	case "url_verification":
		return say(map[string]string{"challenge": e.Challenge})
	case "app_rate_limited":
		// Slack drops events of a workspace that sends over 30,000 an hour.
		c.cfg.Count("event", "app_rate_limited")
		c.cfg.Log.ErrorContext(ctx, "Slack drops events: more than 30,000 in an hour")
		return fine
	}
	m := e.Event
	switch m.Type {
	case "message": // an app_mention comes as a message, too
	case "app_home_opened":
		if m.Tab == "home" {
			c.homeOpened(m.User, nil)
		}
		return fine
	case "member_joined_channel", "member_left_channel":
		c.memberChanged(m.Channel)
		return fine
	default:
		return fine
	}
	own := ""
	for _, a := range e.Authorizations {
		if a.IsBot {
			own = a.UserID
		}
	}
	if own != "" && m.User == own {
		return fine
	}
	switch m.Subtype {
	case "", "file_share", "thread_broadcast":
		return c.threadMessage(ctx, m, own)
	case "message_changed", "message_deleted":
		return c.changed(ctx, m)
	}
	return fine
}

// threadMessage sends the lines of a thread message that begin with >> to the
// resident.
func (c *Client) threadMessage(ctx context.Context, m message, own string) answer {
	if m.BotID != "" || m.User == "" || m.ThreadTS == "" || m.ThreadTS == m.TS || !couldReply(m) {
		return fine
	}
	found, ok, err := c.caseOf(ctx, m.Channel, m.ThreadTS)
	if err != nil {
		c.cfg.Count("event", "case not read")
		c.cfg.Log.ErrorContext(ctx, "case of a thread not read; Slack will deliver again", "channel", m.Channel, "err", err)
		return notDurable
	}
	if !ok && own != "" && m.Parent == own && c.cfg.Now().Sub(stamp(m.ThreadTS, c.cfg.Now())) < justPosted {
		// A card of ours whose ts is not recorded yet: it was posted this
		// moment, or by a process that died before it could say so. Slack
		// delivers the line again, at once and after a minute.
		c.cfg.Count("event", "card not recorded yet")
		return notDurable
	}
	if !ok {
		return fine
	}
	switch in, err := c.inside(ctx, m.Channel, m.User); {
	case err != nil:
		return notDurable // Slack delivers again
	case !in:
		c.cfg.Count("event", "stranger")
		c.whisper(m.Channel, m.User, m.ThreadTS, noteStranger)
		return fine
	}
	switch theirs, err := c.answers(ctx, m.User, found); {
	case err != nil:
		return notDurable
	case !theirs: // the thread is of a window that gave the case away
		if couldSend(m) {
			c.cfg.Count("event", "elsewhere")
			c.whisper(m.Channel, m.User, m.ThreadTS, noteElsewhere)
		}
		return fine
	}
	text := written(m, func(user string) string { return c.name(ctx, user) })
	words, rest := reply(text)
	files, refused := sendable(m.Files)
	if words == "" && (len(files) == 0 || !marked(text)) {
		return fine
	}
	key := "slack:" + messageID(m.Channel, m.TS)
	cmd := desk.Command{
		ID: messageID(m.Channel, m.TS), Case: found.ID, By: c.staff(ctx, m.User),
		At: stamp(m.TS, c.cfg.Now()), Action: desk.Reply{Text: c.form(found.Lang, words), Files: files},
	}
	if err := c.order(ctx, key, found.Resident, cmd); err != nil {
		return notDurable
	}
	switch {
	case refused:
		c.whisper(m.Channel, m.User, m.ThreadTS, noteBadFile)
	case rest:
		c.whisper(m.Channel, m.User, m.ThreadTS, noteRest)
	}
	return fine
}

// answers reports whether a person may answer in a case: they see it, or are of
// the window that has it, from whose channel danger took it.
func (c *Client) answers(ctx context.Context, user string, cs desk.Case) (bool, error) {
	sight := c.sightOf(user)
	if in, err := sight.sees(ctx, cs); in || err != nil {
		return in, err
	}
	return sight.in(ctx, c.cfg.Channel(cs.Window, ""))
}

// couldSend reports a message with a line for the resident.
func couldSend(m message) bool {
	return marked(written(m, func(user string) string { return user }))
}

// justPosted is how long a card may be in Slack without our knowing its ts.
const justPosted = 5 * time.Minute

// couldReply is a quick look, so that ordinary talk asks the database nothing.
func couldReply(m message) bool {
	return strings.Contains(m.Text, "&gt;") || strings.ContainsAny(m.Text, ">＞")
}

type foundCase struct {
	c  desk.Case
	ok bool
}

func (c *Client) caseOf(ctx context.Context, channel, ts string) (desk.Case, bool, error) {
	f, err := within(ctx, c, func(ctx context.Context) (foundCase, error) {
		found, ok, err := c.cfg.Store.CaseByThread(ctx, channel, ts)
		return foundCase{found, ok}, err
	})
	return f.c, f.ok, err
}

// messageID is the id of the command that a message gives.
func messageID(channel, ts string) string { return "msg:" + channel + ":" + ts }

// changed takes an edited or deleted message. Deleting a reply takes it back,
// while that is possible; an edit is answered with how things are: LINE cannot
// change what it has brought, and talk does not become a reply afterwards.
func (c *Client) changed(ctx context.Context, m message) answer {
	before, after := m.Previous, m.Message
	if before == nil || before.BotID != "" || before.User == "" || before.ThreadTS == "" {
		return fine
	}
	same := func(user string) string { return user }
	text := written(*before, same)
	was, _ := reply(text)
	sent := was != "" || marked(text) && len(before.Files) > 0 // a mark alone, beside a file
	is := ""
	if m.Subtype == "message_changed" {
		if after == nil {
			return fine
		}
		is, _ = reply(written(*after, same))
	}
	if sent && (m.Subtype == "message_deleted" || after.Subtype == "tombstone") {
		return c.deleted(ctx, m.Channel, *before)
	}
	if was == is { // Slack also calls it a change when it adds a link's preview
		return fine
	}
	note := noteEdited
	if !sent {
		note = noteNotSent
	}
	c.begin(func() {
		ctx, cancel := context.WithTimeout(context.Background(), asideWithin)
		defer cancel()
		cs, ok, err := c.cfg.Store.CaseByThread(ctx, m.Channel, before.ThreadTS)
		if err != nil || !ok {
			return
		}
		if cs.Redacted() {
			c.followDeletion(ctx, cs)
			return
		}
		c.ephemeral(ctx, m.Channel, before.User, before.ThreadTS, note)
	})
	return fine
}

// deleted takes the reply of a deleted line back. When it has left already the
// desk says so.
func (c *Client) deleted(ctx context.Context, channel string, was message) answer {
	found, ok, err := c.caseOf(ctx, channel, was.ThreadTS)
	if err != nil {
		return notDurable
	}
	if !ok {
		return fine
	}
	if found.Redacted() { // as they were asked to; it left long ago
		c.begin(func() {
			ctx, cancel := context.WithTimeout(context.Background(), asideWithin)
			defer cancel()
			c.followDeletion(ctx, found)
		})
		return fine
	}
	back := desk.TakeBack{Entry: desk.ReplyEntry(messageID(channel, was.TS))}
	cmd := desk.Command{Case: found.ID, By: c.staff(ctx, was.User), At: c.cfg.Now(), Action: back}
	if c.cfg.Now().Sub(stamp(was.TS, c.cfg.Now())) < deliveredWithin {
		// The line itself may still be on its way here: Slack keeps no order, and
		// delivers again what was not acknowledged. Under its key nothing comes
		// any more.
		back.Early = true
		early := cmd
		early.ID, early.Action = "early-"+messageID(channel, was.TS), back
		switch fresh, err := c.orderFresh(ctx, "slack:"+messageID(channel, was.TS), found.Resident, early); {
		case err != nil:
			return notDurable
		case fresh:
			return fine
		}
	}
	cmd.ID = "del:" + channel + ":" + was.TS
	if err := c.order(ctx, "slack:"+cmd.ID, found.Resident, cmd); err != nil {
		return notDurable
	}
	return fine
}

// deliveredWithin is how long after it was written a line may still come: Slack
// delivers again at once, after one minute and after five.
// https://docs.slack.dev/apis/events-api/#retries
const deliveredWithin = 15 * time.Minute

// asideWithin bounds what is done after the answer to Slack.
const asideWithin = 10 * time.Second

// whisper shows a note to one person, after the answer to Slack. It is a
// courtesy: what counts stands in the thread.
func (c *Client) whisper(channel, user, thread, text string) {
	c.begin(func() {
		ctx, cancel := context.WithTimeout(context.Background(), asideWithin)
		defer cancel()
		c.ephemeral(ctx, channel, user, thread, text)
	})
}

// order makes a command durable in the lane of its resident.
func (c *Client) order(ctx context.Context, key, resident string, cmd desk.Command) error {
	_, err := c.orderFresh(ctx, key, resident, cmd)
	return err
}

// orderFresh also reports whether the key was not there before.
func (c *Client) orderFresh(ctx context.Context, key, resident string, cmd desk.Command) (bool, error) {
	body, err := cmd.Encode()
	if err != nil {
		return false, err
	}
	return c.keep(ctx, mailbox.Mail{Key: key, Lane: resident, Source: mailbox.FromSlack, At: cmd.At, Body: body})
}
