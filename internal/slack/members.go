package slack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
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
	fresh, err := c.freshMembers(ctx, channel, now)
	if err != nil {
		if ok && age < memberStale {
			return r.people[user], nil
		}
		return false, err
	}
	return fresh[user], nil
}

// insiders are the people of a channel, the app itself among them. They are
// asked from Slack once a minute at most.
func (c *Client) insiders(ctx context.Context, channel string) (map[string]bool, error) {
	now := c.cfg.Now()
	c.members.mu.Lock()
	r, ok := c.members.rooms[channel]
	c.members.mu.Unlock()
	age := now.Sub(r.at).Abs()
	if ok && age < memberLife {
		return r.people, nil
	}
	fresh, err := c.freshMembers(ctx, channel, now)
	if err != nil && ok && age < memberStale {
		return r.people, nil
	}
	return fresh, err
}

// freshMembers asks Slack who is in a channel, and remembers it. What it
// returns must not be changed.
func (c *Client) freshMembers(ctx context.Context, channel string, now time.Time) (map[string]bool, error) {
	fresh, err := c.askMembers(ctx, channel)
	if err != nil {
		c.cfg.Count("conversations.members", sortError(err).code)
		return nil, fmt.Errorf("read members: %w", sortError(err))
	}
	c.members.mu.Lock()
	defer c.members.mu.Unlock()
	if len(c.members.rooms) >= maxRooms {
		clear(c.members.rooms)
	}
	c.members.rooms[channel] = room{people: fresh, at: now}
	return fresh, nil
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

// theirs reads a case and reports whether a person may act in it: they see it,
// or answer for the window that is asked to take it over. What they do is an
// action_id or a modal's kind.
func (c *Client) theirs(ctx context.Context, user, caseID, does string) (desk.Case, bool, error) {
	reading, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	cs, err := within(reading, c, func(ctx context.Context) (desk.Case, error) { return c.cfg.Store.Case(ctx, caseID) })
	if err != nil {
		return cs, false, fmt.Errorf("%w: %w", errCaseUnread, err)
	}
	sight := c.sightOf(user)
	in, err := sight.sees(ctx, cs)
	if in || err != nil {
		return cs, in, err
	}
	if o := cs.Offer; o != nil && o.Agreed && (does == actRefuse || does == actAccept) {
		in, err = sight.in(ctx, c.cfg.Channel(o.Window, ""))
	}
	return cs, in, err
}

// errCaseUnread reports that our own database does not tell whose a case is.
var errCaseUnread = errors.New("read case")

// may reports whether a person may press a button of a case where it stands: in
// a channel they are in, or, where there is none, in a case that is theirs.
func (c *Client) may(ctx context.Context, channel, user, does string, a about) (bool, error) {
	if channel != "" {
		return c.inside(ctx, channel, user)
	}
	_, in, err := c.theirs(ctx, user, a.Case, does)
	return in, err
}

// pressWithin is how long a button waits to learn whose its case is now.
const pressWithin = 600 * time.Millisecond

// strays reports that a button's case is not the person's any more: it stands
// on a card that was not drawn anew yet. When nobody can say in time, the
// channel it stands in must do: 引き受ける does not wait for a slow database.
// Taking back, in time, what would reach the resident is always right, and so
// is giving a case back, or saying that one cannot take it: the desk decides.
func (c *Client) strays(ctx context.Context, user, does string, a about) bool {
	if does == actTakeBack || does == actRelease || does == actCannot {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, pressWithin)
	defer cancel()
	in, err := within(ctx, c, func(ctx context.Context) (bool, error) {
		cs, in, err := c.theirs(ctx, user, a.Case, does)
		if in || err != nil {
			return in, err
		}
		window := cs.Window // from whose channel danger took it
		if does == actJoin {
			window = a.Arg
		}
		return c.sightOf(user).in(ctx, c.cfg.Channel(window, ""))
	})
	return err == nil && !in
}

const (
	noteStranger  = "この窓口のチャンネルに入っていないので、操作できません。責任者に、チャンネルへの招待をたのんでください。"
	noteElsewhere = "この相談は、いま、あなたが入っていないチャンネルにあります。なにも送っていません。"
	noteStrayed   = "この相談は、いま、あなたが入っていないチャンネルにあります。なにも変わっていません。"
	noteErased    = "この相談は、もうありません。ご本人の希望で消されることがあります。"
	noteUnknown   = "いま、あなたがチャンネルに入っているか確かめられませんでした。少し待って、もう一度ためしてください。"
	noteNotLead   = "これができるのは、責任者（lead）と管理者（admin）です。"
	noteNoBoard   = "いまは使えません。管理者に伝えてください。"
	noteNotNow    = "いまは調べられませんでした。少し待って、もう一度ためしてください。"
	noteNoCommand = "このことばは分かりませんでした。"
)
