package slack

import (
	"context"
	"encoding/json"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// carryTell answers one staff member. It is not repeated carefully: seeing the
// same sentence twice is harmless.
func (c *Client) carryTell(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var tell reception.Tell
	if err := json.Unmarshal(l.Body, &tell); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	if tell.Cannot != "" { // it must wait for them: what only they see is lost to who is not there
		text := cannotText(tell)
		p := post{text: text}
		p.add(section(text))
		return c.say(ctx, l, doubts(l), tell.User, tell.Channel, p)
	}
	text := refusal(tell)
	_, err := c.sdk.PostEphemeralContext(ctx, tell.Channel, tell.User, sdk.MsgOptionText(text, false))
	if err == nil {
		c.did("chat.postEphemeral")
		return mailbox.Receipt{}, nil
	}
	if sortError(err).code == "user_not_in_channel" {
		// They pressed an old card: the case is in a channel they do not read.
		_, _, err = c.sdk.PostMessageContext(ctx, tell.User, sdk.MsgOptionText(text, false))
		if err == nil {
			return mailbox.Receipt{}, nil
		}
	}
	return mailbox.Receipt{}, c.trouble(ctx, "chat.postEphemeral", err, l, trying{})
}
