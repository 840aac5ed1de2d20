package slack

import (
	"context"
	"fmt"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"
)

// Membership in a team's channel is the permission to see and to act. It is
// asked from Slack and remembered a moment; who joins or leaves is noticed at
// once when Slack tells (member_joined_channel, member_left_channel).
const (
	memberLife   = time.Minute
	memberStale  = 10 * time.Minute // used when Slack does not answer
	memberJoined = 5 * time.Second  // somebody not found is looked for again after this
	memberWithin = 1200 * time.Millisecond
	maxRooms     = 200 // bounds the memory
)

type members struct {
	mu    sync.Mutex
	rooms map[string]room
}

type room struct {
	people map[string]bool
	at     time.Time
}

// inside reports whether a person is in a channel. An error means that nobody
// can say: then nothing is shown and nothing is done.
func (c *Client) inside(ctx context.Context, channel, user string) (bool, error) {
	now := c.cfg.Now()
	c.members.mu.Lock()
	r, ok := c.members.rooms[channel]
	c.members.mu.Unlock()
	age := now.Sub(r.at).Abs()
	if ok && (r.people[user] && age < memberLife || age < memberJoined) {
		return r.people[user], nil
	}
	fresh, err := c.askMembers(ctx, channel)
	if err != nil {
		c.cfg.Count("conversations.members", sortError(err).code)
		if ok && age < memberStale {
			return r.people[user], nil
		}
		return false, fmt.Errorf("read members: %w", sortError(err))
	}
	c.members.mu.Lock()
	defer c.members.mu.Unlock()
	if len(c.members.rooms) >= maxRooms {
		clear(c.members.rooms)
	}
	c.members.rooms[channel] = room{people: fresh, at: now}
	return fresh[user], nil
}

func (c *Client) askMembers(ctx context.Context, channel string) (map[string]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, memberWithin)
	defer cancel()
	people := map[string]bool{}
	cursor := ""
	for range findPages {
		found, next, err := c.sdk.GetUsersInConversationContext(ctx, &sdk.GetUsersInConversationParameters{
			ChannelID: channel, Cursor: cursor, Limit: 1000,
		})
		if err != nil {
			return nil, err
		}
		for _, id := range found {
			people[id] = true
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return people, nil
}

// memberChanged forgets a channel's members.
func (c *Client) memberChanged(channel string) {
	c.members.mu.Lock()
	defer c.members.mu.Unlock()
	delete(c.members.rooms, channel)
}

// known reports whether a person is in any team's channel.
func (c *Client) known(ctx context.Context, user string) (bool, error) {
	var failed error
	for _, channel := range c.allChannels() {
		in, err := c.inside(ctx, channel, user)
		if in {
			return true, nil
		}
		if err != nil {
			failed = err
		}
	}
	return false, failed
}

// may reports whether a person may act from where they are: a channel, or a
// modal or the home, which know none.
func (c *Client) may(ctx context.Context, channel, user string) (bool, error) {
	if channel != "" {
		return c.inside(ctx, channel, user)
	}
	return c.known(ctx, user)
}

const (
	noteStranger  = "この窓口のチャンネルに入っていないので、操作できません。責任者に、チャンネルへの招待をたのんでください。"
	noteUnknown   = "いま、あなたがチャンネルに入っているか確かめられませんでした。少し待って、もう一度ためしてください。"
	noteNotLead   = "これができるのは、責任者（lead）と管理者（admin）です。"
	noteNoBoard   = "いまは使えません。管理者に伝えてください。"
	noteNotNow    = "いまは調べられませんでした。少し待って、もう一度ためしてください。"
	noteNoCommand = "このことばは分かりませんでした。"
)
