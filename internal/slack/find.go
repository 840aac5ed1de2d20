package slack

import (
	"context"
	"fmt"
	"time"

	sdk "github.com/slack-go/slack"
)

// findPages bounds a search, at 200 messages a page.
const findPages = 10

// find looks for a post of ours by its metadata, newest first.
// https://docs.slack.dev/reference/methods/conversations.history
func (c *Client) find(ctx context.Context, channel, thread, event, subject string, since time.Time) (string, bool, error) {
	oldest := ""
	if now := c.cfg.Now(); now.Before(since) {
		since = now // the store's clock is ahead of the one Slack is told by
	}
	if !since.IsZero() { // our clock and Slack's may differ
		oldest = fmt.Sprintf("%d.000000", since.Add(-time.Hour).Unix())
	}
	cursor := ""
	for range findPages {
		messages, next, err := c.page(ctx, channel, thread, oldest, cursor)
		if err != nil {
			return "", false, err
		}
		for _, m := range messages {
			if m.BotID != "" && m.Metadata.EventType == event && m.Metadata.EventPayload[keySubject] == subject {
				return m.Timestamp, true, nil
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return "", false, nil
}

func (c *Client) page(ctx context.Context, channel, thread, oldest, cursor string) ([]sdk.Message, string, error) {
	if thread != "" {
		messages, _, next, err := c.sdk.GetConversationRepliesContext(ctx, &sdk.GetConversationRepliesParameters{
			ChannelID: channel, Timestamp: thread, Oldest: oldest, Cursor: cursor, Limit: 200, IncludeAllMetadata: true,
		})
		return messages, next, err
	}
	h, err := c.sdk.GetConversationHistoryContext(ctx, &sdk.GetConversationHistoryParameters{
		ChannelID: channel, Oldest: oldest, Cursor: cursor, Limit: 200, IncludeAllMetadata: true,
	})
	if err != nil {
		return nil, "", err
	}
	return h.Messages, h.ResponseMetaData.NextCursor, nil
}

// ephemeral shows a note to one person, once, as a courtesy.
func (c *Client) ephemeral(ctx context.Context, channel, user, thread, text string) {
	if channel == "" || user == "" {
		return
	}
	options := []sdk.MsgOption{sdk.MsgOptionText(escape(text), false)}
	if thread != "" {
		options = append(options, sdk.MsgOptionTS(thread))
	}
	_, err := c.sdk.PostEphemeralContext(ctx, channel, user, options...)
	if err != nil {
		c.cfg.Count("chat.postEphemeral", sortError(err).code)
		c.cfg.Log.WarnContext(ctx, "note to a staff member not shown", "channel", channel, "err", sortError(err))
	}
}
