package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// What our posts carry as metadata, so that they are recognised after a
// time-out: chat.postMessage knows no idempotency key.
// https://docs.slack.dev/messaging/message-metadata
const (
	eventCase  = "tsunagu_case"
	eventEntry = "tsunagu_entry"
	eventPoint = "tsunagu_pointer"
	keySubject = "subject"
)

// Carry brings one letter to Slack.
func (c *Client) Carry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	switch l.Kind {
	case reception.LetterCard:
		r, err := c.carryCard(ctx, l)
		if err == nil {
			r.Follow = append(r.Follow, c.homeLetter(ctx, l)...)
		}
		return r, err
	case letterHome:
		return c.carryHome(ctx, l)
	case reception.LetterEntry:
		return c.carryEntry(ctx, l)
	case reception.LetterFile:
		return c.carryFile(ctx, l)
	case reception.LetterLesson:
		return c.carryLesson(ctx, l)
	case reception.LetterTell:
		return c.carryTell(ctx, l)
	case reception.LetterTalk:
		return c.carryTalk(ctx, l)
	case reception.LetterPoint:
		return c.carryPointer(ctx, l)
	case reception.LetterGet:
		return c.carryGet(ctx, l)
	case reception.LetterErase:
		return c.carryErase(ctx, l)
	}
	return mailbox.Receipt{}, &mailbox.GoneError{Reason: goneRefused, Err: fmt.Errorf("unknown letter kind %q", l.Kind)}
}

func unread(err error) error {
	return &mailbox.GoneError{Reason: goneRefused, Err: fmt.Errorf("read letter: %w", err)}
}

// maxUnread is how often a letter is tried whose case cannot be read, in a
// database that answers otherwise: the case was erased, or is damaged. The
// channel must not wait for it for ever.
const maxUnread = 12

// later is a failure on our own side: nothing was sent in this try.
func (c *Client) later(ctx context.Context, l mailbox.Letter, t trying, what string, err error) error {
	err = fmt.Errorf("%s: %w", what, err)
	// What is not there any more was erased, at somebody's wish.
	if l.Tries >= maxUnread || errors.Is(err, reception.ErrNotFound) {
		c.cfg.Count("gone", goneUnread)
		c.cfg.Log.ErrorContext(ctx, "letter to Slack given up", "letter", l.ID, "kind", l.Kind, "err", err)
		return &mailbox.GoneError{Reason: goneUnread, Err: err}
	}
	return &mailbox.RetryError{Clear: !t.doubt, Err: err}
}

// doubts begins a letter: whether an earlier try may have arrived unseen.
func doubts(l mailbox.Letter) trying { return trying{doubt: l.Tries > 1 && !l.Clear} }

// channelOf is the channel in a letter's subject (reception.CaseAt).
func channelOf(subject string) string { return subject[strings.LastIndexByte(subject, '@')+1:] }

// notYet lets a letter that yields take its place in the lane: what it changes
// does not stand there yet, and what it would post has an order.
func notYet(l mailbox.Letter, t trying) error {
	if !l.Yields {
		return nil
	}
	return &mailbox.RetryError{After: time.Millisecond, Clear: !t.doubt, Pause: true, Err: mailbox.ErrTurn}
}

// posted finds what was delivered before: in the store, or, after a try whose
// end nobody saw, in Slack itself.
func (c *Client) posted(ctx context.Context, l mailbox.Letter, thread, event string, t *trying) (ts string, stored, ok bool, err error) {
	ts, ok, err = c.cfg.Store.Post(ctx, l.Kind, l.Subject)
	if err != nil {
		return "", false, false, c.later(ctx, l, *t, "look for post", err)
	}
	if ok && ts != "" {
		return ts, true, true, nil
	}
	if !t.doubt {
		return "", false, false, nil
	}
	ts, ok, err = c.find(ctx, channelOf(l.Subject), thread, event, l.Subject, l.Created)
	if err != nil {
		return "", false, false, c.trouble(ctx, "conversations.history", err, l, *t)
	}
	t.doubt = false
	return ts, false, ok, nil
}

// put brings the post of a letter up to date, or posts it when ts is empty:
// fresh reports that. One that people deleted is posted again, or left alone.
func (c *Client) put(ctx context.Context, l mailbox.Letter, t trying, thread, ts string, p post, event string, again bool) (r mailbox.Receipt, fresh bool, err error) {
	channel := channelOf(l.Subject)
	if ts != "" {
		shown, there, err := c.change(ctx, l, t, ts, p, event)
		if err != nil || there || !again {
			return mailbox.Receipt{Ref: ts, Shown: shown}, false, err
		}
	} else if err := notYet(l, t); err != nil {
		return r, false, err
	}
	ts, shown, err := c.post(ctx, channel, thread, p, event, l.Subject)
	if err != nil {
		return r, false, c.trouble(ctx, "chat.postMessage", err, l, t)
	}
	return mailbox.Receipt{Ref: ts, Shown: shown, Rest: c.rest(channel)}, true, nil
}

// carryCard brings a case's card up to date in one channel.
func (c *Client) carryCard(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.EntryRef
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	t, channel := doubts(l), channelOf(l.Subject)
	cs, err := c.cfg.Store.Case(ctx, ref.Case)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read case", err)
	}
	t.sure = ref.Sure
	ts, stored, known, err := c.posted(ctx, l, "", eventCase, &t)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	if current := c.cfg.Channel(cs.Window, cs.Danger); channel != current {
		return c.leaveCard(ctx, l, cs, ts, known, t)
	}
	entries, err := c.cfg.Store.Entries(ctx, cs.ID)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read entries", err)
	}
	ring := !known && cs.Danger != "" && cs.Status != desk.Closed
	// Somebody deleted the card? What staff should see, they see.
	r, fresh, err := c.put(ctx, l, t, "", ts, c.cardOf(cs, entries, ring, c.free(ctx, cs)), eventCase, true)
	if err != nil || stored && !fresh {
		return r, err
	}
	return c.withHistory(ctx, l, cs, entries, channel, r)
}

// leaveCard turns the card of a channel that has the case no more into a short
// note. Where no card ever was, none appears.
func (c *Client) leaveCard(ctx context.Context, l mailbox.Letter, cs desk.Case, ts string, known bool, t trying) (mailbox.Receipt, error) {
	if !known {
		return mailbox.Receipt{}, nil
	}
	urgent := cs.Danger != "" && c.cfg.Channel(cs.Window, "") == channelOf(l.Subject)
	r, _, err := c.put(ctx, l, t, "", ts, moved(cs, c.cfg.Content(), urgent), eventCase, false)
	return r, err
}

// withHistory is the receipt of a new card. What was posted before it and
// should lead to it, follows. When the case was shown in another
// channel before, its thread is shown here again: the next window must know
// what was said, so that nobody has to tell it twice.
func (c *Client) withHistory(ctx context.Context, l mailbox.Letter, cs desk.Case, entries []desk.Entry, channel string, r mailbox.Receipt) (mailbox.Receipt, error) {
	r.Follow = c.pointersTo(l, cs, channel)
	others, err := c.elsewhere(ctx, cs, channel)
	if err != nil {
		// The card stands already: the next try finds it in Slack and goes on here.
		return mailbox.Receipt{}, c.later(ctx, l, trying{doubt: true}, "show history", err)
	}
	if len(others) == 0 {
		return r, nil
	}
	if len(entries) > maxHistory {
		entries = entries[len(entries)-maxHistory:]
	}
	for _, e := range entries {
		if e.Unsent || e.Kind == desk.FromBot || e.Fate == desk.Withdrawn {
			continue
		}
		line, err := c.shownIn(ctx, reception.LetterEntry, e.ID, others)
		if err != nil {
			return mailbox.Receipt{}, c.later(ctx, l, trying{doubt: true}, "show history", err)
		}
		if line {
			r.Follow = append(r.Follow, entryLetter(l, cs, e.ID, channel, l.ID+"/again/"+e.ID, fateCopied))
		}
		file, err := c.shownIn(ctx, reception.LetterFile, e.MessageID, others)
		if err != nil {
			return mailbox.Receipt{}, c.later(ctx, l, trying{doubt: true}, "show history", err)
		}
		if file {
			r.Follow = append(r.Follow, fileLetter(l, cs, e.MessageID, channel))
		}
	}
	return r, nil
}

// shownIn reports whether any of the channels has this entry or file.
func (c *Client) shownIn(ctx context.Context, kind, id string, channels []string) (bool, error) {
	if id == "" {
		return false, nil
	}
	for _, channel := range channels {
		ref, ok, err := c.cfg.Store.Post(ctx, kind, reception.CaseAt(id, channel))
		if err != nil {
			return false, fmt.Errorf("look for post: %w", err)
		}
		if ok && ref != "" {
			return true, nil
		}
	}
	return false, nil
}

// maxHistory bounds what is shown again after a hand-over, at one line a second.
const maxHistory = 60

// pointersTo brings the short posts in other windows' channels up to date once
// the card they lead to is there: they may have been faster.
func (c *Client) pointersTo(l mailbox.Letter, cs desk.Case, channel string) []mailbox.Letter {
	pointers := make([]reception.Pointer, 0, len(cs.Team)+1)
	for _, m := range cs.Team {
		pointers = append(pointers, reception.Pointer{Case: cs.ID, Window: m.Window})
	}
	if o := cs.Offer; o != nil && o.Agreed {
		pointers = append(pointers, reception.Pointer{Case: cs.ID, Window: o.Window, Offer: o.ID})
	}
	var out []mailbox.Letter
	for _, ref := range pointers {
		there := c.cfg.Channel(ref.Window, "")
		if there == channel && ref.Offer == "" || there == "" {
			continue
		}
		body, err := json.Marshal(ref)
		if err != nil { // strings cannot fail to encode
			panic(fmt.Sprintf("slack: encode letter: %v", err))
		}
		at, id := reception.PointAt(cs.ID, ref.Window, there), l.ID+"/point/"+ref.Window
		if ref.Offer != "" {
			at, id = reception.OfferAt(cs.ID, ref.Window, ref.Offer, there), id+"/"+ref.Offer
		}
		out = append(out, mailbox.Letter{
			ID: id, Lane: reception.SlackLane(there), Kind: reception.LetterPoint, Subject: at, Fold: "point:" + at, Body: body,
		})
	}
	return out
}

func entryLetter(l mailbox.Letter, cs desk.Case, entry, channel, id, fate string) mailbox.Letter {
	at := reception.CaseAt(entry, channel)
	body, err := json.Marshal(reception.EntryRef{Case: cs.ID, Entry: entry, Fate: fate})
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("slack: encode letter: %v", err))
	}
	return mailbox.Letter{
		ID: id, Lane: reception.SlackLane(channel), Kind: reception.LetterEntry, Subject: at,
		Fold: "entry:" + at, Urgent: l.Urgent, Body: body,
	}
}

func fileLetter(l mailbox.Letter, cs desk.Case, messageID, channel string) mailbox.Letter {
	at := reception.CaseAt(messageID, channel)
	body, err := json.Marshal(reception.FileRef{Case: cs.ID, MessageID: messageID})
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("slack: encode letter: %v", err))
	}
	return mailbox.Letter{
		ID: l.ID + "/again/" + messageID, Lane: reception.SlackLane(channel), Kind: reception.LetterFile, Subject: at,
		Fold: "file:" + at, Body: body,
	}
}

// elsewhere lists the other channels that show, or showed, this case.
func (c *Client) elsewhere(ctx context.Context, cs desk.Case, channel string) ([]string, error) {
	var out []string
	for _, other := range c.candidates(cs) {
		if other == channel {
			continue
		}
		shown, err := c.shownIn(ctx, reception.LetterCard, cs.ID, []string{other})
		if err != nil {
			return nil, err
		}
		if shown {
			out = append(out, other)
		}
	}
	return out, nil
}

// candidates lists all channels a case can have been shown in.
func (c *Client) candidates(cs desk.Case) []string {
	windows := []string{cs.Window}
	for _, m := range cs.Moves {
		windows = append(windows, m.From, m.To)
	}
	var out []string
	for _, w := range windows {
		for _, danger := range []string{cs.Danger, ""} {
			if ch := c.cfg.Channel(w, danger); ch != "" && !slices.Contains(out, ch) {
				out = append(out, ch)
			}
		}
	}
	return out
}

// post sends a new message, and tells the fingerprint of what it shows: none
// when that is not all. When Slack refuses its blocks, which our limits
// should make impossible, it goes out as a line of text: a case that nobody
// sees would be worse.
func (c *Client) post(ctx context.Context, channel, thread string, p post, event, subject string) (ts, shown string, err error) {
	options := func(p post) []sdk.MsgOption {
		o := []sdk.MsgOption{
			sdk.MsgOptionText(p.text, false), sdk.MsgOptionMetadata(metadata(event, subject)),
			// Slack must not fetch addresses that residents wrote.
			sdk.MsgOptionDisableLinkUnfurl(), sdk.MsgOptionDisableMediaUnfurl(),
		}
		if len(p.blocks) > 0 {
			o = append(o, sdk.MsgOptionBlocks(p.blocks...))
		}
		if thread != "" {
			o = append(o, sdk.MsgOptionTS(thread))
		}
		return o
	}
	shown = c.fingerprint(p)
	_, ts, err = c.sdk.PostMessageContext(ctx, channel, options(p)...)
	if refusedBlocks(err) {
		shown = ""
		c.plainer(ctx, "chat.postMessage", subject, err)
		_, ts, err = c.sdk.PostMessageContext(ctx, channel, options(p.plainer())...)
	}
	if err == nil && ts == "" {
		err = errNoTS
	}
	if err == nil {
		c.did("chat.postMessage")
	}
	return ts, shown, err
}

var errNoTS = errors.New("the answer has no ts")

// update changes a message in place. whole is false when Slack refused its
// blocks and only a line was sent.
func (c *Client) update(ctx context.Context, channel, ts string, p post, event, subject string) (whole bool, err error) {
	options := func(p post) []sdk.MsgOption {
		return []sdk.MsgOption{
			sdk.MsgOptionText(p.text, false), sdk.MsgOptionMetadata(metadata(event, subject)), sdk.MsgOptionBlocks(p.blocks...),
		}
	}
	whole = true
	_, _, _, err = c.sdk.UpdateMessageContext(ctx, channel, ts, options(p)...)
	if refusedBlocks(err) {
		whole = false
		c.plainer(ctx, "chat.update", subject, err)
		_, _, _, err = c.sdk.UpdateMessageContext(ctx, channel, ts, options(p.plainer())...)
	}
	if err == nil {
		c.did("chat.update")
	}
	return whole, err
}

func metadata(event, subject string) sdk.SlackMetadata {
	return sdk.SlackMetadata{EventType: event, EventPayload: map[string]any{keySubject: subject}}
}

func refusedBlocks(err error) bool {
	if err == nil {
		return false
	}
	return slices.Contains([]string{"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}, sortError(err).code)
}

func (c *Client) plainer(ctx context.Context, method, subject string, err error) {
	c.cfg.Count(method, "plainer")
	c.cfg.Log.ErrorContext(ctx, "Slack refuses our blocks; a plain line is sent instead", "method", method, "subject", subject, "err", sortError(err))
}

func (p post) plainer() post {
	return post{text: p.text + "\n（全体を表示できません。管理者に伝えてください。）"}
}
