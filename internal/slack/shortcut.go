package slack

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// The shortcuts, by callback_id in the manifest.
const (
	shortcutByHand = "by_hand" // on a message, and in the shortcuts menu
	shortcutReply  = "reply"   // on a message
)

// shortcut takes what somebody chose for a message, or in the shortcuts menu.
func (c *Client) shortcut(ctx context.Context, i *interaction) answer {
	switch i.Callback {
	case shortcutByHand:
		c.startByHand(ctx, i)
	case shortcutReply:
		c.replyFrom(ctx, i)
	}
	return fine
}

// replyFrom opens the reply to the resident of the case that a message belongs
// to. What staff wrote is the draft: they wrote it for staff to read first. A
// resident's own line is not.
func (c *Client) replyFrom(ctx context.Context, i *interaction) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	m := i.Message
	if m == nil {
		return
	}
	tell := func(note string) { c.whisper(i.Channel.ID, i.User.ID, m.ThreadTS, note) }
	cs, ok, err := c.caseOfMessage(ctx, i.Channel.ID, *m)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "case of a message not read", "channel", i.Channel.ID, "err", err)
		tell(noteNoShortcut)
		return
	}
	if !ok {
		tell(noteNoCase)
		return
	}
	switch in, err := c.sightOf(i.User.ID).sees(ctx, cs); {
	case err != nil:
		tell(noteUnknown)
		return
	case !in:
		c.cfg.Count("shortcut", "stranger")
		tell(noteJoinFirst)
		return
	}
	if why := unreachable(cs); why != "" {
		tell(refusal(reception.Tell{Case: cs.ID, Refused: why}))
		return
	}
	draft := ""
	if m.BotID == "" {
		draft = written(*m, func(user string) string { return c.name(ctx, user) })
		if words, _ := reply(draft); words != "" {
			draft = words
		}
	}
	c.openView(ctx, i, shortcutReply, replyModal(aboutCase(cs), c.maxInput(), strings.TrimSpace(clean(draft))))
}

// unreachable is why nothing can be written to a case's resident; empty when
// something can.
func unreachable(cs desk.Case) desk.Refusal {
	switch {
	case cs.Status == desk.Closed:
		return desk.RefusedClosed
	case cs.ByHand != "":
		return desk.RefusedNoLine
	case cs.Left:
		return desk.RefusedGone
	}
	return ""
}

// ourNumber is the case's number in a post of ours.
var ourNumber = regexp.MustCompile(`T-[2-9A-HJKMNP-Z]{6}`)

// caseOfMessage finds the case whose card or thread a message belongs to; or,
// of a post of an app, the one that it names: a pointer stands in a channel
// that has no card.
func (c *Client) caseOfMessage(ctx context.Context, channel string, m message) (desk.Case, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	cs, ok, err := c.caseOf(ctx, channel, cmp.Or(m.ThreadTS, m.TS))
	if ok || err != nil {
		return cs, ok, err
	}
	number := ourNumber.FindString(m.Text)
	if m.BotID == "" || number == "" {
		return cs, false, nil
	}
	f, err := within(ctx, c, func(ctx context.Context) (foundCase, error) {
		found, err := c.cfg.Store.CaseByNumber(ctx, number)
		return foundCase{found, err == nil}, err
	})
	if err != nil && !errors.Is(err, reception.ErrNotFound) {
		return cs, false, fmt.Errorf("find case of a post: %w", err)
	}
	return f.c, f.ok, nil
}
