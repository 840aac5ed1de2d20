package slack

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// carryErase takes out one thing that was posted about a resident who was
// erased. It is not given up while Slack is away, however long: nobody would
// think of it again.
func (c *Client) carryErase(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	r, err := c.eraseOne(ctx, l)
	if retry, ok := errors.AsType[*mailbox.RetryError](err); ok {
		retry.Pause = true
	}
	return r, err
}

// eraseOne does it. What is gone already is fine. Lines that people wrote
// themselves stay: an app cannot delete them.
// https://docs.slack.dev/reference/methods/chat.delete
func (c *Client) eraseOne(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var e reception.Erase
	if err := json.Unmarshal(l.Body, &e); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	if e.Kind == reception.LetterFile {
		return mailbox.Receipt{}, c.wipeFile(ctx, l, e.Ref)
	}
	channel := channelOf(e.Subject)
	if e.Kind == reception.LetterTalk { // stands in a talk with the app
		channel, e.Ref, _ = strings.Cut(e.Ref, "/")
	}
	events := map[string]string{reception.LetterCard: eventCase, reception.LetterPoint: eventPoint, reception.LetterLesson: eventLesson}
	if event := events[e.Kind]; e.Ref == "" && event != "" {
		ts, ok, err := c.find(ctx, channel, "", event, e.Subject, e.Since)
		if err != nil {
			return mailbox.Receipt{}, c.trouble(ctx, "conversations.history", err, l, trying{})
		}
		if !ok {
			return mailbox.Receipt{}, nil // it never arrived
		}
		e.Ref = ts
	}
	if e.Kind != reception.LetterCard {
		return mailbox.Receipt{}, c.wipe(ctx, l, channel, e.Ref)
	}
	if err := c.wipeThread(ctx, l, channel, e.Ref); err != nil {
		return mailbox.Receipt{}, err
	}
	return mailbox.Receipt{Follow: c.homeLetter(ctx, l)}, nil
}

// wipeThread takes out whatever of ours is left below a card, also what
// arrived unseen, and then the card. Where people wrote in the thread it
// stays, without a word of the resident, and says what they must do.
func (c *Client) wipeThread(ctx context.Context, l mailbox.Letter, channel, card string) error {
	people, cursor := false, ""
	var ours []sdk.Message
	for range findPages {
		messages, next, err := c.page(ctx, channel, card, "", cursor)
		if err != nil {
			if code := sortError(err).code; code == "thread_not_found" || code == "message_not_found" {
				break
			}
			return c.trouble(ctx, "conversations.replies", err, l, trying{})
		}
		for _, m := range messages {
			switch {
			case m.Timestamp == card:
			case posts(m):
				ours = append(ours, m)
			case m.SubType != "tombstone":
				people = true
			}
		}
		if cursor = next; next == "" {
			break
		}
	}
	for _, m := range ours {
		for _, f := range m.Files {
			if err := c.wipeFile(ctx, l, f.ID); err != nil {
				return err
			}
		}
		if err := c.wipe(ctx, l, channel, m.Timestamp); err != nil {
			return err
		}
	}
	if !people {
		return c.wipe(ctx, l, channel, card)
	}
	_, err := c.update(ctx, channel, card, erasedCard(), eventErased, "")
	if err != nil && sortError(err).code != "message_not_found" {
		return c.trouble(ctx, "chat.update", err, l, trying{})
	}
	return nil
}

// posts reports whether a message is one of ours.
func posts(m sdk.Message) bool {
	if m.BotID == "" {
		return false
	}
	if strings.HasPrefix(m.Metadata.EventType, "tsunagu_") {
		return true
	}
	for _, f := range m.Files {
		if strings.HasPrefix(f.Name, "tsunagu-") { // filePrefix; files carry no metadata
			return true
		}
	}
	return false
}

const eventErased = "tsunagu_erased"

// erasedCard stands where a card was, without number or name.
func erasedCard() post {
	p := post{text: "この相談の記録は、消去しました。"}
	p.add(section("*この相談の記録は、消去しました。*"))
	p.add(hint("このスレッドに職員が書いたものと、のせたファイルは、アプリからは消せません。書いた人が消してください。"))
	return p
}

func (c *Client) wipe(ctx context.Context, l mailbox.Letter, channel, ts string) error {
	if ts == "" {
		return nil
	}
	_, _, err := c.sdk.DeleteMessageContext(ctx, channel, ts)
	if err != nil && sortError(err).code != "message_not_found" {
		return c.trouble(ctx, "chat.delete", err, l, trying{})
	}
	c.cfg.Count("chat.delete", "ok")
	return nil
}

func (c *Client) wipeFile(ctx context.Context, l mailbox.Letter, file string) error {
	if file == "" {
		return nil
	}
	err := c.sdk.DeleteFileContext(ctx, file)
	if err != nil {
		if code := sortError(err).code; code != "file_not_found" && code != "file_deleted" {
			return c.trouble(ctx, "files.delete", err, l, trying{})
		}
	}
	c.cfg.Count("files.delete", "ok")
	return nil
}
