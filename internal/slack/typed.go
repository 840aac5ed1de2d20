package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// An app cannot delete what people wrote. When the words of a case leave the
// chat, a line of the thread tells those who wrote to the resident with >>
// that their lines are still there, and leads to them; it follows what they
// delete.

// typed is a message of somebody's own in a thread, with words for a resident.
type typed struct{ channel, thread, ts, user string }

// typedIn are the messages from which replies of a case came, by channel. The
// entry's id tells: see messageID.
func typedIn(entries []desk.Entry) map[string][]string {
	out := map[string][]string{}
	for _, e := range entries {
		where, ok := strings.CutPrefix(e.ID, desk.ReplyEntry("msg:"))
		if channel, ts, found := strings.Cut(where, ":"); ok && found {
			out[channel] = append(out[channel], ts)
		}
	}
	return out
}

// remaining are those that still stand in Slack with their words.
func (c *Client) remaining(ctx context.Context, channel, thread string, sent []string) ([]typed, error) {
	var out []typed
	cursor := ""
	for range findPages {
		messages, next, err := c.page(ctx, channel, thread, "", cursor)
		if err != nil {
			return nil, err
		}
		for _, m := range messages {
			words, _ := reply(plain(m.Text, func(user string) string { return user }))
			if m.BotID == "" && words != "" && slices.Contains(sent, m.Timestamp) {
				out = append(out, typed{channel, thread, m.Timestamp, m.User})
			}
		}
		if cursor = next; cursor == "" {
			break
		}
	}
	return out, nil
}

// remains are the lines with >> of a case that staff can still delete.
func (c *Client) remains(ctx context.Context, cs desk.Case) ([]typed, error) {
	entries, err := c.cfg.Store.Entries(ctx, cs.ID)
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	var out []typed
	by := typedIn(entries)
	for _, channel := range c.candidates(cs) {
		if len(by[channel]) == 0 {
			continue
		}
		thread, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
		if err != nil {
			return nil, fmt.Errorf("look for card: %w", err)
		}
		if !ok || thread == "" {
			continue
		}
		found, err := c.remaining(ctx, channel, thread, by[channel])
		if err != nil {
			return nil, &slackError{err}
		}
		out = append(out, found...)
	}
	return out, nil
}

// slackError tells Slack's failures from those of our own database.
type slackError struct{ error }

func (e *slackError) Unwrap() error { return e.error }

// maxRemains bounds how many lines are named.
const maxRemains = 20

// clearedLine is the line of a thread whose words were taken out. Their
// writers are called once, when it is posted.
func clearedLine(cs desk.Case, e desk.Entry, lines []typed, base string) post {
	p := post{text: cs.Number() + "　「>>」で書いた行は、もう残っていません"}
	if len(lines) == 0 {
		p.add(hint("「>>」で書いた行は、もう残っていません。　" + when(e.At)))
		return p
	}
	var who, list []string
	for _, l := range lines {
		if m := "<@" + l.user + ">"; isMember(l.user) && !slices.Contains(who, m) && len(who) < maxCalled {
			who = append(who, m)
		}
	}
	for _, l := range lines[:min(len(lines), maxRemains)] {
		name := when(stamp(l.ts, e.At)) + " の行"
		if base != "" {
			name = "<" + base + "archives/" + l.channel + "/p" + strings.ReplaceAll(l.ts, ".", "") + "?thread_ts=" + l.thread + "&amp;cid=" + l.channel + "|" + name + ">"
		}
		if isMember(l.user) {
			name += "　<@" + l.user + ">"
		}
		list = append(list, "• "+name)
	}
	if more := len(lines) - maxRemains; more > 0 {
		list = append(list, fmt.Sprintf("• ほか %d件", more))
	}
	said := fmt.Sprintf("「&gt;&gt;」で書いた行が %d件、Slack に残っています", len(lines))
	p.text = strings.TrimSpace(strings.Join(who, " ") + " " + cs.Number() + "　" + said)
	p.blocks = append(p.blocks, paragraphs(append([]string{
		"*" + said + "。* ほかの人やアプリには消せません。書いた人は、その行の「︙」から削除してください。",
	}, list...))...)
	p.add(hint("スレッドのほかの書きこみも、書いた人だけが消せます。　" + when(e.At)))
	return p
}

// followDeletion brings that line up to date after somebody deleted or changed
// a message in the thread of a case whose words were taken out.
func (c *Client) followDeletion(ctx context.Context, cs desk.Case) {
	entries, err := c.cfg.Store.Entries(ctx, cs.ID)
	if err != nil {
		return // the line says a moment longer what was true
	}
	for _, e := range entries {
		channel := c.cfg.Channel(cs.Window, cs.Danger)
		subject := reception.CaseAt(e.ID, channel)
		if e.Note != desk.NoteCleared {
			continue
		}
		ts, ok, err := c.cfg.Store.Post(ctx, reception.LetterEntry, subject)
		if err != nil || !ok || ts == "" {
			continue
		}
		lines, err := c.remains(ctx, cs)
		if err == nil {
			_, err = c.update(ctx, channel, ts, clearedLine(cs, e, lines, c.workspace(ctx)), eventEntry, subject)
		}
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "line about what remains not brought up to date", "case", cs.ID, "err", err)
		}
	}
}
