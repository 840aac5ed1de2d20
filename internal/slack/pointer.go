package slack

import (
	"context"
	"encoding/json"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// maxPointed is how much of the resident's words a pointer shows.
const maxPointed = 800

// pointer tells another window's channel that it is asked into a case, and why.
// Nothing is shown of a case that asks it for nothing (any more): empty when
// it never did.
func pointer(c desk.Case, window string, pack *bot.Content, link string, was bool) post {
	var m *desk.Member
	for i := range c.Team {
		if c.Team[i].Window == window {
			m = &c.Team[i]
		}
	}
	offered := c.Offer != nil && c.Offer.Window == window && c.Offer.Agreed
	name := windowName(pack, window)
	p := post{text: c.Number() + "　" + escape(name)}
	switch {
	case c.Status == desk.Closed || m == nil && !offered:
		if was {
			p.text += "　終わりました"
			p.add(hint(c.Number() + "　この件は、こちらでは終わりました。"))
		} else {
			p.text = ""
		}
		return p
	case offered:
		p.text += "　引き継ぎのおねがい"
		line := "*引き継ぎのおねがい*　" + escape(name) + "へ　" + c.Number() + "　" + escape(san(c.Offer.By.Name)) + "から\nご本人は「はい」と答えています。"
		if !blank(c.Offer.Why) {
			line += "\n理由：" + limited(c.Offer.Why, maxReason)
		}
		line += promised(*c.Offer, maxLine)
		p.add(section(line))
		p.gist(c, pack, desk.Member{Window: window}, link)
		p.add(offerButtons(c))
	default:
		p.text += "　いっしょに考えてください"
		line := "*いっしょに考えてください*　" + escape(name) + "へ　" + c.Number()
		if m.AskedBy.ID != "" {
			line += "　" + escape(san(m.AskedBy.Name)) + "から"
		}
		if !blank(m.Does) {
			line += "\nしてほしいこと：" + escape(oneLine(m.Does, maxLine))
		}
		p.add(section(line))
		p.gist(c, pack, *m, link)
		if m.Who.ID != "" {
			p.add(hint(san(m.Who.Name) + "が加わりました。話はスレッドで続けます。"))
			return p
		}
		a := aboutCase(c)
		a.Arg = window
		p.add(sdk.NewActionBlock("", pressed(actJoin, "加わる", a).WithStyle(sdk.StylePrimary)))
	}
	return p
}

// gist is what a window may know before it opens the case.
func (p *post) gist(c desk.Case, pack *bot.Content, m desk.Member, link string) {
	p.add(hint(namesOf(pack, append([]string{c.Window}, c.With...)) + " · " + aboutLine(c) + "　担当：" + holder(c)))
	if c.MaySee(m) {
		words, _ := quote(c.Summary, maxPointed)
		p.add(words...)
	} else {
		p.add(hint("ほかの機関のため、ご本人が同意するまで、ことばは見えません。"))
	}
	if link != "" && c.MaySee(m) {
		p.add(section("<" + link + "|カードとスレッドを開く>"))
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
	if channel == current && !known {
		return mailbox.Receipt{}, nil // the card itself is there
	}
	p := pointer(c.veil(cs), ref.Window, c.cfg.Content(), c.cardLink(ctx, cs, current), known)
	if len(p.blocks) == 0 {
		return mailbox.Receipt{}, nil
	}
	r, _, err := c.put(ctx, l, t, "", ts, p, eventPoint, false)
	return r, err
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
