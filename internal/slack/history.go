package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// carryEntry brings one entry of a case up to date in the thread under its card.
func (c *Client) carryEntry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.EntryRef
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	t, channel := doubts(l), channelOf(l.Subject)
	e, err := c.cfg.Store.Entry(ctx, ref.Entry)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read entry", err)
	}
	cs, err := c.cfg.Store.Case(ctx, ref.Case)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read case", err)
	}
	var follow []mailbox.Letter
	if e.Unsent || cs.Redacted() {
		if follow, err = c.takeBack(ctx, l, cs, e, t); err != nil {
			return mailbox.Receipt{}, err
		}
	}
	current := c.cfg.Channel(cs.Window, cs.Danger)
	thread, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
	switch {
	case err != nil:
		return mailbox.Receipt{}, c.later(ctx, l, t, "look for card", err)
	case !ok || thread == "":
		return c.withoutCard(l, cs, ref, e, current, follow, t)
	}
	ts, _, known, err := c.posted(ctx, l, thread, eventEntry, &t)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	d := deliveryOf(l, ref)
	if channel != current && (!known || d.known) {
		follow = append(follow, forward(l, cs, ref, current, d))
	}
	if !known && (channel != current || e.Unsent) {
		return mailbox.Receipt{Follow: follow}, nil // nothing to take back here
	}
	line := c.lineOf(cs, e, d)
	if e.Note == desk.NoteCleared {
		t.sure = true // followDeletion changes it as well
		lines, err := c.remains(ctx, cs)
		var failed *slackError
		switch {
		case errors.As(err, &failed):
			return mailbox.Receipt{}, c.trouble(ctx, "conversations.replies", failed.error, l, t)
		case err != nil:
			return mailbox.Receipt{}, c.later(ctx, l, t, "look for what remains", err)
		case !known && (len(lines) == 0 || !cs.Redacted()):
			return mailbox.Receipt{Follow: follow}, nil
		}
		line = clearedLine(cs, e, lines, c.workspace(ctx))
	}
	if !known && !l.Yields && !d.known && !d.copied && !strings.HasSuffix(l.ID, afterCopies) {
		before, err := c.copiesWait(ctx, cs, e, channel)
		if err != nil {
			return mailbox.Receipt{}, c.later(ctx, l, t, "look for copies", err)
		}
		if before {
			again := l
			again.ID, again.NotBefore = l.ID+afterCopies, time.Time{}
			return mailbox.Receipt{Follow: append(follow, again)}, nil
		}
	}
	r, _, err := c.put(ctx, l, t, thread, ts, line, eventEntry, !e.Unsent && channel == current)
	if err == nil {
		r.Follow = follow
	}
	return r, err
}

// afterCopies ends the id of a line that lets those go first which are shown
// again where the case came to (see withHistory). They stand behind it in the
// lane already; it takes a place behind them, once.
const afterCopies = "/after"

// copiesWait reports whether a line said before e, in another channel, is still
// to be shown here again.
func (c *Client) copiesWait(ctx context.Context, cs desk.Case, e desk.Entry, channel string) (bool, error) {
	if len(cs.Moves) == 0 && cs.Danger == "" {
		return false, nil // it never was anywhere else
	}
	others, err := c.elsewhere(ctx, cs, channel)
	if err != nil || len(others) == 0 {
		return false, err
	}
	entries, err := c.cfg.Store.Entries(ctx, cs.ID)
	if err != nil {
		return false, fmt.Errorf("read entries: %w", err)
	}
	if len(entries) > maxHistory {
		entries = entries[len(entries)-maxHistory:]
	}
	for _, x := range entries {
		if x.ID == e.ID {
			return false, nil
		}
		if x.Unsent || x.Kind == desk.FromBot || x.Fate == desk.Withdrawn {
			continue
		}
		there, err := c.shownIn(ctx, reception.LetterEntry, x.ID, others)
		if err != nil || !there {
			if err != nil {
				return false, err
			}
			continue
		}
		if here, err := c.shownIn(ctx, reception.LetterEntry, x.ID, []string{channel}); err != nil || !here {
			return err == nil, err
		}
	}
	return false, nil
}

// fateSent may be said of a reply that arrived, fateCopied of one that is shown
// again where a case came to: how far it has come stands in the old thread.
const (
	fateSent   = "sent"
	fateCopied = "copied"
)

// deliveryOf reads how far a staff reply has come. Package line writes the
// entry's letter anew under its own id with /fate once it knows.
func deliveryOf(l mailbox.Letter, ref reception.EntryRef) delivery {
	switch {
	case ref.Fate == fateSent, ref.Fate == "" && strings.HasSuffix(l.ID, "/fate"):
		return delivery{known: true}
	case ref.Fate == fateCopied:
		return delivery{copied: true}
	case ref.Fate != "":
		return delivery{known: true, fate: ref.Fate}
	}
	return delivery{}
}

// forward sends an entry on to the channel that has the case now.
func forward(l mailbox.Letter, cs desk.Case, ref reception.EntryRef, channel string, d delivery) mailbox.Letter {
	fate := d.fate
	if d.known && fate == "" {
		fate = fateSent
	}
	if d.copied {
		fate = fateCopied
	}
	return entryLetter(l, cs, ref.Entry, channel, l.ID+"/to/"+channel, fate)
}

// How long an entry waits for the card it belongs under.
const (
	cardSoon   = 5 * time.Second // then it goes behind what else waits
	maxBehind  = 10              // times
	behindMark = "~"
)

// withoutCard deals with an entry whose case has no card in this channel. The
// card is on its way, in the same lane: usually before the entry. When a newer
// card took the older one's place in the queue it can be behind, so that an
// entry that waited in vain lets it pass.
func (c *Client) withoutCard(l mailbox.Letter, cs desk.Case, ref reception.EntryRef, e desk.Entry, current string, follow []mailbox.Letter, t trying) (mailbox.Receipt, error) {
	if channel := channelOf(l.Subject); channel != current {
		if e.Unsent {
			return mailbox.Receipt{Follow: follow}, nil
		}
		return mailbox.Receipt{Follow: append(follow, forward(l, cs, ref, current, deliveryOf(l, ref)))}, nil
	}
	if e.Unsent {
		return mailbox.Receipt{Follow: follow}, nil
	}
	noCard := fmt.Errorf("case %s has no card here yet", cs.ID)
	again, err := c.behind(l, noCard, t)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	return mailbox.Receipt{Follow: []mailbox.Letter{again}}, nil
}

// behind waits a moment for the card, then puts the letter at the end of its
// lane, and gives up when even that did not help.
func (c *Client) behind(l mailbox.Letter, why error, t trying) (mailbox.Letter, error) {
	if l.Created.IsZero() || c.cfg.Now().Sub(l.Created) < cardSoon {
		return mailbox.Letter{}, &mailbox.RetryError{After: time.Second, Clear: !t.doubt, Pause: true, Err: why}
	}
	times := len(l.ID) - len(strings.TrimRight(l.ID, behindMark))
	if times >= maxBehind {
		c.cfg.Count("gone", goneNoCard)
		c.cfg.Log.Error("a line of a case has no card to stand under", "letter", l.ID, "err", why)
		return mailbox.Letter{}, &mailbox.GoneError{Reason: goneNoCard, Err: why}
	}
	again := mailbox.Letter{
		ID: l.ID + behindMark, Lane: l.Lane, Kind: l.Kind, Subject: l.Subject, Fold: l.Fold, Urgent: l.Urgent, Body: l.Body,
	}
	if strings.HasSuffix(l.ID, "/fate") { // which would not be the end of the id any more
		var ref reception.EntryRef
		if json.Unmarshal(l.Body, &ref) == nil && ref.Fate == "" {
			ref.Fate = fateSent
			if body, err := json.Marshal(ref); err == nil {
				again.Body = body
			}
		}
	}
	return again, nil
}

// takeBack removes a message that a resident unsent from wherever Slack shows
// it: files are deleted, and the entry's line in other channels follows.
func (c *Client) takeBack(ctx context.Context, l mailbox.Letter, cs desk.Case, e desk.Entry, t trying) ([]mailbox.Letter, error) {
	here := channelOf(l.Subject)
	var follow []mailbox.Letter
	for _, channel := range c.candidates(cs) {
		if e.MessageID != "" {
			if err := c.dropFile(ctx, l, reception.CaseAt(e.MessageID, channel), t); err != nil {
				return nil, err
			}
		}
		// Only the letter of the channel that has the case now looks further.
		if channel == here || here != c.cfg.Channel(cs.Window, cs.Danger) {
			continue
		}
		ref, ok, err := c.cfg.Store.Post(ctx, reception.LetterEntry, reception.CaseAt(e.ID, channel))
		if err != nil {
			return nil, c.later(ctx, l, t, "look for entry", err)
		}
		if ok && ref != "" {
			follow = append(follow, entryLetter(l, cs, e.ID, channel, l.ID+"/unsent/"+channel, ""))
		}
	}
	return follow, nil
}

func (c *Client) dropFile(ctx context.Context, l mailbox.Letter, subject string, t trying) error {
	file, ok, err := c.cfg.Store.Post(ctx, reception.LetterFile, subject)
	if err != nil {
		return c.later(ctx, l, t, "look for file", err)
	}
	if !ok || file == "" {
		return nil
	}
	err = c.sdk.DeleteFileContext(ctx, file)
	if err == nil {
		c.cfg.Count("files.delete", "ok")
		return nil
	}
	if code := sortError(err).code; code == "file_not_found" || code == "file_deleted" {
		return nil
	}
	failed := c.trouble(ctx, "files.delete", err, l, t)
	var gone *mailbox.GoneError
	if errors.As(failed, &gone) {
		return nil // said loudly; the words must go all the same
	}
	return failed
}
