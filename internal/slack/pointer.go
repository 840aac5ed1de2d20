package slack

import (
	"context"
	"encoding/json"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// maxPointed is how much of the resident's words a pointer shows.
const maxPointed = 800

// way leads from a pointer to the case's card.
type way struct {
	link   string // the card's address; empty: not known now
	closed string // how to come in for who is not in its channel; empty: everybody who must is
}

// pointer tells another window's channel that it is asked into a case, and why.
// Nothing is shown of a case that asks it for nothing (any more): empty when
// it never did.
func pointer(c desk.Case, window string, pack *bot.Content, to way, was bool) post {
	var m *desk.Member
	for i := range c.Team {
		if c.Team[i].Window == window {
			m = &c.Team[i]
		}
	}
	name := windowName(pack, window)
	p := post{text: c.Number() + "　" + escape(name)}
	if c.Status == desk.Closed || m == nil {
		return p.over(c, was, "この件は、こちらでは終わりました。")
	}
	p.text += "　いっしょに考えてください"
	line := "*いっしょに考えてください*　" + escape(name) + "へ　" + c.Number()
	if m.AskedBy.ID != "" {
		line += "　" + escape(san(m.AskedBy.Name)) + "から"
	}
	if !blank(m.Does) {
		line += "\nしてほしいこと：" + escape(oneLine(m.Does, maxLine))
	}
	p.add(section(line))
	p.gist(c, pack, *m, to)
	if m.Who.ID != "" {
		p.add(hint(san(m.Who.Name) + "が加わりました。話はスレッドで続けます。"))
		return p
	}
	a := aboutCase(c)
	a.Arg = window
	p.add(sdk.NewActionBlock("", pressed(actJoin, "加わる", a).WithStyle(sdk.StylePrimary)))
	return p
}

// offered asks a window to take a case over, once the resident agreed, and
// says at last what became of that.
func offered(c desk.Case, ref reception.Pointer, pack *bot.Content, to way, was bool) post {
	name := windowName(pack, ref.Window)
	p := post{text: c.Number() + "　" + escape(name)}
	o := c.Offer
	if c.Status == desk.Closed || o == nil || o.ID != ref.Offer || !o.Agreed {
		if c.Window == ref.Window && c.Status != desk.Closed {
			return p.over(c, was, "この窓口が引き継ぎました。")
		}
		return p.over(c, was, "この引き継ぎのおねがいは終わりました。")
	}
	p.text += "　引き継ぎのおねがい"
	line := "*引き継ぎのおねがい*　" + escape(name) + "へ　" + c.Number() + "　" + escape(san(o.By.Name)) + "から\nご本人は「はい」と答えています。"
	if !blank(o.Why) {
		line += "\n理由：" + limited(o.Why, maxReason)
	}
	line += promised(*o, maxLine)
	p.add(section(line))
	m := desk.Member{Window: ref.Window}
	if w := pack.Window(ref.Window); w != nil {
		m.Outside = w.Outside
	}
	p.gist(c, pack, m, to)
	p.add(offerButtons(c))
	return p
}

// over is what stays of a pointer; nothing where none was.
func (p post) over(c desk.Case, was bool, how string) post {
	if !was {
		return post{}
	}
	p.text += "　" + strings.TrimSuffix(how, "。")
	p.add(hint(c.Number() + "　" + how))
	return p
}

// gist is what a window may know before it opens the case.
func (p *post) gist(c desk.Case, pack *bot.Content, m desk.Member, to way) {
	p.add(hint(namesOf(pack, append([]string{c.Window}, c.With...)) + " · " + aboutLine(c) + "　担当：" + holder(c)))
	if !c.MaySee(m) && c.Limited(m.Window) {
		p.add(hint("ご本人が、この窓口には言わないでほしいと言っています。ご本人が同意するまで、ことばは見えません。"))
		return
	}
	if !c.MaySee(m) {
		p.add(hint("ほかの機関のため、ご本人が同意するまで、ことばは見えません。"))
		return
	}
	words, _ := quote(c.Summary, maxPointed)
	p.add(words...)
	if to.link == "" {
		return
	}
	p.add(section("<" + to.link + "|カードとスレッドを開く>"))
	if to.closed != "" {
		p.add(hint(to.closed))
	}
}

// carryPointer brings a pointer up to date in its window's channel.
func (c *Client) carryPointer(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.Pointer
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	t, channel := doubts(l), channelOf(l.Subject)
	cs, err := c.cfg.Store.Case(ctx, ref.Case)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read case", err)
	}
	ts, _, known, err := c.posted(ctx, l, "", eventPoint, &t)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	current := c.cfg.Channel(cs.Window, cs.Danger)
	if channel == current && !known && ref.Offer == "" {
		return mailbox.Receipt{}, nil // the card itself is there
	}
	to := c.wayTo(ctx, cs, ref.Window, channel)
	p := pointer(c.veil(cs), ref.Window, c.cfg.Content(), to, known)
	if ref.Offer != "" {
		p = offered(c.veil(cs), ref, c.cfg.Content(), to, known)
	}
	if len(p.blocks) == 0 {
		return mailbox.Receipt{}, nil
	}
	r, _, err := c.put(ctx, l, t, "", ts, p, eventPoint, false)
	return r, err
}

// wayTo leads from another channel to a case's card. Who is not in the card's
// channel cannot open it, and no app may let them in: they are told whom to
// ask.
func (c *Client) wayTo(ctx context.Context, cs desk.Case, window, from string) way {
	channel := c.cfg.Channel(cs.Window, cs.Danger)
	to := way{link: c.cardLink(ctx, cs, channel)}
	if to.link == "" || channel == from {
		return to
	}
	for _, m := range cs.Team {
		if m.Window != window || m.Who.ID == "" {
			continue
		}
		if in, err := c.inside(ctx, channel, m.Who.ID); err == nil && in {
			return to
		}
	}
	where := "「" + oneLine(windowName(c.cfg.Content(), cs.Window), 60) + "」のチャンネル"
	if cs.Danger != "" {
		where = "緊急のチャンネル"
	}
	whom := "責任者"
	if cs.Holder.ID != "" {
		whom = "担当の" + oneLine(san(cs.Holder.Name), maxName)
	}
	to.closed = "開けないときは、" + whom + "に、" + where + "への招待をたのんでください。"
	return to
}

// cardLink is the address of a case's card; none when it cannot be known now.
func (c *Client) cardLink(ctx context.Context, cs desk.Case, channel string) string {
	ts, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
	if err != nil || !ok || ts == "" {
		return ""
	}
	link, err := c.sdk.GetPermalinkContext(ctx, &sdk.PermalinkParameters{Channel: channel, Ts: ts})
	if err != nil || !c.slacksOwn(link) {
		return ""
	}
	return link
}
