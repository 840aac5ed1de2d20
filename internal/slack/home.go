package slack

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// The home: https://docs.slack.dev/surfaces/app-home
const (
	letterHome = "slack.home" // bring the homes up to date
	homeLane   = "slack:home"
	homeWait   = 3 * time.Second // what changes meanwhile is one change
	homeLife   = 8 * time.Hour   // who looked within this gets it live
	homeEvery  = 15 * time.Minute
	homeEach   = time.Minute / 100 // views.publish is tier 4
	homePage   = 8                 // cases in one list
	homeWithin = 20 * time.Second
	actHome    = "home" // and what: "home more waiting"
	actRefresh = "refresh"
	actSearch  = "search"
	maxHomes   = 500
)

// homes remembers where each person turned the pages, and what they see now.
type homes struct {
	mu    sync.Mutex
	known map[string]*homeState
	users []string
	asked time.Time
	fresh time.Time // the quarter of an hour the homes were last ordered for
}

type homeState struct {
	pages map[string]int
	shown [32]byte
}

func (h *homes) of(user string) homeState {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.known[user]; s != nil {
		copied := homeState{pages: map[string]int{}, shown: s.shown}
		for k, v := range s.pages {
			copied.pages[k] = v
		}
		return copied
	}
	return homeState{pages: map[string]int{}}
}

func (h *homes) keep(user string, s homeState) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.known) >= maxHomes {
		clear(h.known)
	}
	h.known[user] = &s
}

// homeOpened shows the home to somebody who opened it, after the answer to
// Slack.
func (c *Client) homeOpened(user string, turn func(pages map[string]int)) {
	if c.cfg.Board == nil || c.cfg.Homes == nil || user == "" {
		return
	}
	c.begin(func() {
		ctx, cancel := context.WithTimeout(context.Background(), homeWithin)
		defer cancel()
		if err := c.cfg.Homes.SeeHome(ctx, user, c.cfg.Now()); err != nil {
			c.cfg.Log.WarnContext(ctx, "home will not be live", "err", err)
		}
		c.homes.mu.Lock()
		c.homes.asked = time.Time{} // one more looks
		c.homes.mu.Unlock()
		s := c.homes.of(user)
		if turn == nil {
			s.pages = map[string]int{}
		} else {
			turn(s.pages)
		}
		s.shown = [32]byte{}
		c.homes.keep(user, s)
		all, err := c.cfg.Board.OpenCases(ctx)
		if err == nil {
			err = c.publish(ctx, user, all)
		}
		if err != nil {
			c.cfg.Log.WarnContext(ctx, "home not shown", "err", err)
		}
	})
}

// publish shows a person their home, made of all open cases, unless they see
// just that already.
func (c *Client) publish(ctx context.Context, user string, all []desk.Case) error {
	blocks, err := c.homeBlocks(ctx, user, all)
	if err != nil {
		return err
	}
	view := sdk.HomeTabViewRequest{Type: sdk.VTHomeTab, Blocks: sdk.Blocks{BlockSet: blocks}}
	raw, err := json.Marshal(view)
	if err != nil {
		return fmt.Errorf("write home: %w", err)
	}
	s := c.homes.of(user)
	sum := sha256.Sum256(raw)
	if sum == s.shown {
		return nil
	}
	s.shown = sum
	if _, err := c.sdk.PublishViewContext(ctx, sdk.PublishViewContextRequest{UserID: user, View: view}); err != nil {
		c.cfg.Count("views.publish", sortError(err).code)
		return fmt.Errorf("publish home: %w", sortError(err))
	}
	c.cfg.Count("views.publish", "ok")
	c.homes.keep(user, s)
	return nil
}

// viewers are those who get the home live; asked now and then.
func (c *Client) viewers(ctx context.Context) []string {
	if c.cfg.Board == nil || c.cfg.Homes == nil {
		return nil
	}
	now := c.cfg.Now()
	c.homes.mu.Lock()
	users, asked := c.homes.users, c.homes.asked
	c.homes.mu.Unlock()
	if now.Sub(asked).Abs() < 20*time.Second {
		return users
	}
	users, err := c.cfg.Homes.HomeUsers(ctx, now.Add(-homeLife))
	if err != nil {
		return nil
	}
	c.homes.mu.Lock()
	defer c.homes.mu.Unlock()
	c.homes.users, c.homes.asked = users, now
	return users
}

// homeLetter orders that all homes follow a case that changed. Many changes in
// a row are one order.
func (c *Client) homeLetter(ctx context.Context, l mailbox.Letter) []mailbox.Letter {
	n := len(c.viewers(ctx))
	if n == 0 {
		return nil
	}
	return []mailbox.Letter{homesAnew(l.ID+"/home", max(homeWait, time.Duration(n)*homeEach))}
}

func homesAnew(id string, wait time.Duration) mailbox.Letter {
	return mailbox.Letter{ID: id, Lane: homeLane, Kind: letterHome, Fold: letterHome, NotBefore: time.Now().Add(wait)}
}

// orderHomes orders that the homes follow something that is no case: hours,
// duty, the time of day. An id is ordered once, by whichever process is first.
func (c *Client) orderHomes(ctx context.Context, id string) {
	if len(c.viewers(ctx)) == 0 {
		return
	}
	if err := c.cfg.Homes.Send(ctx, homesAnew("home@"+id, 0)); err != nil && ctx.Err() == nil {
		c.cfg.Log.WarnContext(ctx, "homes will be shown anew later", "err", err)
	}
}

// freshen orders the homes anew when a quarter of an hour began: a promise
// becomes due, a day begins, without anybody doing anything.
func (c *Client) freshen(ctx context.Context) {
	now := c.cfg.Now().In(bot.Tokyo).Truncate(homeEvery)
	c.homes.mu.Lock()
	fresh := c.homes.fresh
	c.homes.fresh = now
	c.homes.mu.Unlock()
	if fresh.IsZero() || now.Equal(fresh) {
		return
	}
	c.orderHomes(ctx, now.Format("2006-01-02T15:04"))
}

// carryHome brings the homes of all who look up to date.
func (c *Client) carryHome(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	viewers := c.viewers(ctx)
	if len(viewers) == 0 {
		return mailbox.Receipt{}, nil
	}
	all, err := c.cfg.Board.OpenCases(ctx) // once for all
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, trying{}, "read open cases", err)
	}
	for _, user := range viewers {
		if err := c.publish(ctx, user, all); err != nil {
			c.cfg.Log.WarnContext(ctx, "home not shown", "err", err)
			if f := sortError(err); f.after > 0 {
				return mailbox.Receipt{}, &mailbox.RetryError{After: f.after, Clear: true, Pause: true, Err: f}
			}
			if l.Tries < 3 { // then the next change will do
				return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: err}
			}
		}
	}
	return mailbox.Receipt{}, nil
}

// homeBlocks is the home of one person.
func (c *Client) homeBlocks(ctx context.Context, user string, all []desk.Case) ([]sdk.Block, error) {
	now := c.cfg.Now().In(bot.Tokyo)
	today := now.Format(time.DateOnly)
	out := []sdk.Block{
		sdk.NewHeaderBlock(plainText("つなぐ")),
		sdk.NewActionBlock("", sdk.NewButtonBlockElement(actHome+" "+actSearch, "-", plainText("相談をさがす")).WithStyle(sdk.StylePrimary),
			sdk.NewButtonBlockElement(actHome+" "+actRefresh, "-", plainText("新しくする"))),
	}
	in, err := c.known(ctx, user)
	if err != nil {
		return nil, err
	}
	if !in {
		return []sdk.Block{out[0], section(noteStranger)}, nil
	}
	seen, err := c.sightOf(user).only(ctx, all)
	if err != nil {
		return nil, err
	}
	var unanswered, mine, waiting, due, team []desk.Case
	for _, cs := range seen {
		if late(cs) {
			unanswered = append(unanswered, cs)
		}
		own := cs.Holder.ID == user
		switch {
		case own:
			mine = append(mine, cs)
		case cs.Holder.ID == "":
			if cs.Danger != "" { // before all others
				waiting = append([]desk.Case{cs}, waiting...)
			} else {
				waiting = append(waiting, cs)
			}
		default:
			team = append(team, cs)
		}
		if cs.Next != nil && cs.Next.Due.In(bot.Tokyo).Format(time.DateOnly) <= today && (own || cs.Next.By.ID == user || cs.Holder.ID == "") {
			due = append(due, cs)
		}
	}
	if len(unanswered) > 0 {
		out = append(out, c.homeList(ctx, user, "unanswered", "⏰ 返事がまだの相談（古い順）", unanswered, now)...)
	}
	out = append(out, c.homeList(ctx, user, "due", "今日までの約束", due, now)...)
	out = append(out, c.homeList(ctx, user, "mine", "わたしの相談", mine, now)...)
	out = append(out, c.homeList(ctx, user, "waiting", "待っている相談（古い順）", waiting, now)...)
	out = append(out, c.homeList(ctx, user, "team", "チームの相談", team, now)...)
	if lines, err := c.teamLoads(ctx, user); err == nil {
		out = append(out, sdk.NewDividerBlock(), section(teamTitle+"\n"+strings.Join(lines, "\n")))
	} else {
		c.cfg.Log.WarnContext(ctx, "loads not read; the home is shown without", "err", err)
	}
	return append(out, c.homeFoot(ctx, now)...), nil
}

// homeList is one list, a page of it.
func (c *Client) homeList(ctx context.Context, user, name, title string, cases []desk.Case, now time.Time) []sdk.Block {
	head := section(fmt.Sprintf("*%s*　%d件", title, len(cases)))
	if len(cases) == 0 {
		return []sdk.Block{sdk.NewDividerBlock(), head}
	}
	pages := (len(cases) + homePage - 1) / homePage
	page := min(max(c.homes.of(user).pages[name], 0), pages-1)
	var lines []string
	for _, cs := range cases[page*homePage : min((page+1)*homePage, len(cases))] {
		lines = append(lines, c.caseLine(ctx, cs, now))
	}
	out := append([]sdk.Block{sdk.NewDividerBlock(), head}, paragraphs(lines)...)
	if pages == 1 {
		return out
	}
	var turn []sdk.BlockElement
	if page > 0 {
		turn = append(turn, sdk.NewButtonBlockElement(actHome+" back "+name, "-", plainText("前へ")))
	}
	if page < pages-1 {
		turn = append(turn, sdk.NewButtonBlockElement(actHome+" more "+name, "-", plainText("次へ")))
	}
	return append(out, sdk.NewActionBlock("", turn...), hint(fmt.Sprintf("%d / %d", page+1, pages)))
}

// homeFoot is what concerns everybody: hours, duty, and what was not understood.
func (c *Client) homeFoot(ctx context.Context, now time.Time) []sdk.Block {
	today := now.Format(time.DateOnly)
	city := c.cfg.Content().City
	lines := []string{"*きょうの受付*　" + hoursText(city.Desk.On(now))}
	if c.cfg.Days != nil {
		if on, err := c.cfg.Days.OnDuty(ctx, today); err == nil {
			lines = append(lines, "*きょうの当番*　"+dutyNames(on))
		}
	}
	if f, err := c.cfg.Board.Figures(ctx, today, today); err == nil {
		lines = append(lines, fmt.Sprintf("*ボットが分からなかったことば*　きょう %d件", notUnderstood(f)))
	}
	return []sdk.Block{sdk.NewDividerBlock(), section(strings.Join(lines, "\n")), hint("使い方は /tsunagu help")}
}

func dutyNames(on []desk.Staff) string {
	if len(on) == 0 {
		return "決まっていません（`/tsunagu duty me` で入れます）"
	}
	names := make([]string, 0, len(on))
	for _, who := range on[:min(len(on), 20)] {
		names = append(names, escape(oneLine(who.Name, 20)))
	}
	return strings.Join(names, "、")
}

// homeClick takes a button of the home.
func (c *Client) homeClick(ctx context.Context, i *interaction, rest string) answer {
	what, list, _ := strings.Cut(rest, " ")
	switch what {
	case actSearch:
		return c.openSearch(ctx, i)
	case "more":
		c.homeOpened(i.User.ID, func(p map[string]int) { p[list]++ })
	case "back":
		c.homeOpened(i.User.ID, func(p map[string]int) { p[list] = max(p[list]-1, 0) })
	case actRefresh:
		c.homeOpened(i.User.ID, nil)
	}
	return fine
}
