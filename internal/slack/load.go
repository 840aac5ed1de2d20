package slack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// How long things about loads may take, and are remembered.
const (
	booksLife   = 2 * time.Second        // a busy minute draws many cards
	tookSince   = 14 * 24 * time.Hour    // who took one longest ago is looked for in these days
	freeWithin  = 600 * time.Millisecond // a card waits this long for the line about who is free …
	freeDanger  = 150 * time.Millisecond // … and in danger this long: it appears without it
	loadsWithin = 5 * time.Second        // then it is given up altogether
	maxFree     = 3                      // people a card names
	maxTeamed   = 25                     // people a list of loads names
	namesAtOnce = 8                      // people Slack is asked about at a time
)

// books remembers what loads are counted from, for a moment.
type books struct {
	mu   sync.Mutex
	last desk.Books
	at   time.Time
}

// rules are the desk's, as far as loads need them.
func (c *Client) rules() desk.Rules { return rulesOf(c.cfg.Content()) }

// readBooks reads what loads are counted from.
func (c *Client) readBooks(ctx context.Context) (desk.Books, error) {
	if c.cfg.Board == nil {
		return desk.Books{}, errors.New("there is no board")
	}
	now := c.cfg.Now()
	c.books.mu.Lock()
	b, at := c.books.last, c.books.at
	c.books.mu.Unlock()
	if !at.IsZero() && now.Sub(at).Abs() < booksLife {
		return b, nil
	}
	var err error
	if b.Open, err = c.cfg.Board.OpenCases(ctx); err != nil {
		return b, fmt.Errorf("read open cases: %w", err)
	}
	if b.Danger, err = c.cfg.Board.DangerCases(ctx, now.Add(-c.rules().Longest())); err != nil {
		return b, fmt.Errorf("read cases in danger: %w", err)
	}
	if b.Took, err = c.cfg.Board.LastTaken(ctx, now.Add(-tookSince)); err != nil {
		return b, fmt.Errorf("read who took cases: %w", err)
	}
	b.Duty = nil
	if c.cfg.Days != nil {
		if b.Duty, err = c.cfg.Days.OnDuty(ctx, now.In(bot.Tokyo).Format(time.DateOnly)); err != nil {
			return b, fmt.Errorf("read who is on duty: %w", err)
		}
	}
	c.books.mu.Lock()
	defer c.books.mu.Unlock()
	c.books.last, c.books.at = b, now
	return b, nil
}

// loads are what the people of these channels carry, who could best take a case
// first; at most so many, people only. Who Slack does not tell about is left
// out: it could be an app.
func (c *Client) loads(ctx context.Context, channels []string, danger bool, most int) ([]desk.Load, error) {
	ids := map[string]bool{}
	for _, channel := range channels {
		in, err := c.insiders(ctx, channel)
		if err != nil {
			return nil, err
		}
		maps.Copy(ids, in)
	}
	b, err := c.readBooks(ctx)
	if err != nil {
		return nil, err
	}
	var people []desk.Staff
	for _, id := range slices.Sorted(maps.Keys(ids)) { // a fixed order among equals
		people = append(people, desk.Staff{ID: id})
	}
	now := c.cfg.Now()
	return c.humans(ctx, desk.Fair(c.rules().Loads(b, people, now), danger, now), most), nil
}

// humans are the first so many who are people, with their names. Slack is asked
// about a few at a time; who is known costs nothing.
func (c *Client) humans(ctx context.Context, loads []desk.Load, most int) []desk.Load {
	var out []desk.Load
	for part := range slices.Chunk(loads, max(min(most+1, namesAtOnce), 1)) {
		found := make([]named, len(part))
		var all sync.WaitGroup
		for i, l := range part {
			all.Go(func() {
				if n, err := c.person(ctx, l.Who.ID); err == nil {
					found[i] = n
				}
			})
		}
		all.Wait()
		for i, l := range part {
			if found[i].name == "" || found[i].other {
				continue
			}
			l.Who.Name = found[i].name
			if out = append(out, l); len(out) == most {
				return out
			}
		}
	}
	return out
}

// free is the card's line about who could take a case that nobody has; empty
// when that cannot be known in time. What was begun goes on meanwhile, so that
// the next card knows.
func (c *Client) free(ctx context.Context, cs desk.Case) string {
	if c.cfg.Board == nil || cs.Holder.ID != "" || cs.Status == desk.Closed {
		return ""
	}
	wait := freeWithin
	if cs.Danger != "" {
		wait = freeDanger
	}
	short, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	channel := c.cfg.Channel(cs.Window, cs.Danger)
	loads, err := within(short, c, func(context.Context) ([]desk.Load, error) {
		long, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadsWithin)
		defer cancel()
		return c.loads(long, []string{channel}, cs.Heavy(), maxFree)
	})
	if err != nil {
		c.cfg.Count("load", "not known")
		return ""
	}
	now := c.cfg.Now()
	hours := c.cfg.Content().City.Desk
	_, open := hours.Open(now)
	return freeLine(loads, cs.Heavy(), open || len(hours.Week) == 0, now)
}

// freeLine names who could take a case: by name, so that nobody's telephone
// rings, and with the time, because nobody redraws a card when somebody else's
// hands fill. While the desk is closed nobody is said to be free.
func freeLine(loads []desk.Load, danger, open bool, now time.Time) string {
	var names []string
	for _, l := range loads {
		if danger && l.Resting(now) || len(names) == maxFree {
			continue
		}
		what := fmt.Sprintf("%d件", l.Open)
		if l.Duty {
			what += "・当番"
		}
		names = append(names, san(oneLine(l.Who.Name, 20))+"（"+what+"）")
	}
	if len(names) == 0 {
		return ""
	}
	who := "いま余裕がありそうな人"
	if !open {
		who = "手もちの少ない人"
	}
	return who + "（" + now.In(bot.Tokyo).Format("15:04") + "）：" + strings.Join(names, "、")
}

// carries says what one person carries, for lists: what they have, what of it
// is heavy, and whether they rest.
func carries(l desk.Load, now time.Time) string {
	parts := []string{fmt.Sprintf("%d件", l.Open)}
	if l.Heavy > 0 {
		parts = append(parts, fmt.Sprintf("緊急 %d", l.Heavy))
	}
	if l.Asleep > 0 {
		parts = append(parts, fmt.Sprintf("あとで %d", l.Asleep))
	}
	if l.Helps > 0 {
		parts = append(parts, fmt.Sprintf("手伝い %d", l.Helps))
	}
	if l.Duty {
		parts = append(parts, "当番")
	}
	if l.Resting(now) {
		parts = append(parts, "緊急は休み "+when(l.Rests)+"まで")
	}
	return strings.Join(parts, "・")
}

// teamLoads tells how the people of a person's channels are, and what nobody
// has of what they may see.
func (c *Client) teamLoads(ctx context.Context, user string) (lines []string, err error) {
	sight := c.sightOf(user)
	var channels []string
	for _, channel := range c.allChannels() {
		in, err := sight.in(ctx, channel)
		if err != nil {
			return nil, err
		}
		if in {
			channels = append(channels, channel)
		}
	}
	loads, err := c.loads(ctx, channels, false, maxTeamed+1)
	if err != nil {
		return nil, err
	}
	b, err := c.readBooks(ctx)
	if err != nil {
		return nil, err
	}
	seen, err := sight.only(ctx, b.Open)
	if err != nil {
		return nil, err
	}
	nobodys, danger := 0, 0
	for _, cs := range seen {
		if cs.Holder.ID == "" {
			nobodys++
			if cs.Danger != "" {
				danger++
			}
		}
	}
	return teamLines(loads, nobodys, danger, c.cfg.Now()), nil
}

// teamLines are the lines of a team: those with room for more first.
func teamLines(loads []desk.Load, nobodys, danger int, now time.Time) []string {
	line := fmt.Sprintf("まだだれも持っていない相談　%d件", nobodys)
	if danger > 0 {
		line += fmt.Sprintf("（緊急 %d）", danger)
	}
	lines := []string{line}
	room := maxSection - 200
	for i, l := range loads {
		line := "• " + escape(san(oneLine(l.Who.Name, 20))) + "　" + carries(l, now)
		if room -= utf8.RuneCountInString(line) + 1; room < 0 || i == maxTeamed {
			return append(lines, "ほかにもいます")
		}
		lines = append(lines, line)
	}
	return lines
}

// teamTitle stands above them.
const teamTitle = "*チームのようす*　余裕がありそうな順"

// loadOf answers /tsunagu load.
func (c *Client) loadOf(ctx context.Context, user string) string {
	if c.cfg.Board == nil {
		return noteNoBoard
	}
	lines, err := c.teamLoads(ctx, user)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "loads not read", "err", err)
		return noteNotNow
	}
	return teamTitle + "\n" + strings.Join(lines, "\n")
}
