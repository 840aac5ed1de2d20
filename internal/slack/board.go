package slack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Board is what the home and /tsunagu look at.
type Board interface {
	// OpenCases are those not closed, oldest first, at most 1,000.
	OpenCases(ctx context.Context) ([]desk.Case, error)
	// RecentCases are those opened since a time, newest first, closed ones too.
	RecentCases(ctx context.Context, since time.Time, limit int) ([]desk.Case, error)
	// DangerCases are those in danger, open or closed since a time.
	DangerCases(ctx context.Context, since time.Time) ([]desk.Case, error)
	// LastTaken tells when each person last took a case, of those opened since a
	// time.
	LastTaken(ctx context.Context, since time.Time) (map[string]time.Time, error)
	// Figures adds up what was counted from one day to another (2006-01-02).
	Figures(ctx context.Context, from, to string) (map[string]int, error)
}

// Town is the report of what the town asks for.
type Town interface {
	// Report are sentences about the month that ended last, and where all of it
	// can be read.
	Report(ctx context.Context) (sentences []string, address string, err error)
	// Judge keeps what staff decided about it, and returns it as it is kept.
	Judge(ctx context.Context, j insight.Judgement) (insight.Judgement, error)
}

// Days keeps what staff say about single days.
type Days interface {
	SetDay(ctx context.Context, d desk.Day) error
	ClearDay(ctx context.Context, date string) error
	Days(ctx context.Context, from string) ([]desk.Day, error)
	SetDuty(ctx context.Context, date string, who desk.Staff, on bool) error
	OnDuty(ctx context.Context, date string) ([]desk.Staff, error)
}

// Homes remembers who looks at the home.
type Homes interface {
	SeeHome(ctx context.Context, user string, at time.Time) error
	HomeUsers(ctx context.Context, since time.Time) ([]string, error)
	// Send puts letters into the outbox; one whose id was there before is dropped.
	Send(ctx context.Context, letters ...mailbox.Letter) error
}

// sight is what one person may see: cases of channels they are in.
type sight struct {
	c        *Client
	user     string
	channels map[string]bool // asked already
}

func (c *Client) sightOf(user string) *sight {
	return &sight{c: c, user: user, channels: map[string]bool{}}
}

func (s *sight) in(ctx context.Context, channel string) (bool, error) {
	if in, ok := s.channels[channel]; ok {
		return in, nil
	}
	in, err := s.c.inside(ctx, channel, s.user)
	if err != nil {
		return false, err
	}
	s.channels[channel] = in
	return in, nil
}

// sees reports whether a person may see a case: they are in its channel, or in
// that of a window which is in the case and may know of it.
func (s *sight) sees(ctx context.Context, cs desk.Case) (bool, error) {
	if in, err := s.in(ctx, s.c.cfg.Channel(cs.Window, cs.Danger)); in || err != nil {
		return in, err
	}
	for _, m := range cs.Team {
		if !cs.MaySee(m) || m.Who.ID == "" {
			continue
		}
		if in, err := s.in(ctx, s.c.cfg.Channel(m.Window, "")); in || err != nil {
			return in, err
		}
	}
	return false, nil
}

// only keeps the cases a person may see.
func (s *sight) only(ctx context.Context, cases []desk.Case) ([]desk.Case, error) {
	var out []desk.Case
	for _, cs := range cases {
		ok, err := s.sees(ctx, cs)
		if err != nil {
			return nil, err
		}
		if ok {
			out = append(out, cs)
		}
	}
	return out, nil
}

// caseLine is one case in a list: number, what, who, since. It holds none of
// the resident's words.
func (c *Client) caseLine(ctx context.Context, cs desk.Case, now time.Time) string {
	number := cs.Number()
	if link := c.cardURL(ctx, cs); link != "" {
		number = "<" + link + "|" + number + ">"
	}
	parts := []string{"*" + number + "*"}
	if cs.Danger != "" {
		parts = append(parts, ":rotating_light:"+escape(dangerName(c.cfg.Content(), cs.Danger)))
	}
	what := oneLine(windowName(c.cfg.Content(), cs.Window), 30)
	if cs.Town != "" {
		what += "・" + oneLine(cs.Town, 20)
	}
	parts = append(parts, escape(what))
	switch {
	case cs.Status == desk.Closed:
		parts = append(parts, "終了")
	case cs.Holder.ID == "" && now.Sub(cs.OpenedAt) < time.Minute:
		parts = append(parts, "いま来ました")
	case cs.Holder.ID == "":
		parts = append(parts, "待って "+span(now.Sub(cs.OpenedAt)))
	default:
		parts = append(parts, "担当："+escape(san(cs.Holder.Name)))
	}
	if late(cs) {
		parts = append(parts, "⏰返事まだ "+span(now.Sub(cs.Waits)))
	}
	if cs.Next != nil && cs.Status != desk.Closed {
		parts = append(parts, "約束 "+when(cs.Next.Due))
	}
	return strings.Join(parts, "　")
}

// span says a duration as people do.
func span(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "いま"
	case d < time.Hour:
		return fmt.Sprintf("%d分", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d時間", int(d.Hours()))
	}
	return fmt.Sprintf("%d日", int(d.Hours()/24))
}

// cardURL is the address of a case's card, empty when it has none, or Slack
// does not say where the workspace is.
func (c *Client) cardURL(ctx context.Context, cs desk.Case) string {
	channel := c.cfg.Channel(cs.Window, cs.Danger)
	ts, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
	if err != nil || !ok || ts == "" {
		return ""
	}
	base := c.workspace(ctx)
	if base == "" {
		return ""
	}
	return base + "archives/" + channel + "/p" + strings.ReplaceAll(ts, ".", "")
}

// workspace is the workspace's address, asked once.
func (c *Client) workspace(ctx context.Context) string {
	c.members.mu.Lock()
	base := c.base
	c.members.mu.Unlock()
	if base != "" {
		return base
	}
	who, err := c.sdk.AuthTestContext(ctx)
	if err != nil || !strings.HasPrefix(who.URL, "http") || strings.ContainsAny(who.URL, "<>| ") {
		return ""
	}
	base = strings.TrimSuffix(who.URL, "/") + "/"
	c.members.mu.Lock()
	defer c.members.mu.Unlock()
	c.base = base
	return base
}

// hoursText says when the desk answers on a day.
func hoursText(periods []bot.Period) string {
	if len(periods) == 0 {
		return "休み"
	}
	parts := make([]string, 0, len(periods))
	for _, p := range periods {
		parts = append(parts, p.From+"〜"+p.To)
	}
	return strings.Join(parts, "、")
}
