package slack

import (
	"fmt"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// post is a message as it is sent: text is what notifications and screen
// readers get, and never holds a resident's words.
type post struct {
	text   string
	blocks []sdk.Block
}

// How much of each part a card shows, in characters as Slack counts them. All
// blocks together must stay below about 13,200, or Slack refuses the message:
// https://github.com/slackapi/bolt-js/issues/2509
const (
	maxSummary  = 5600 // the bot keeps 5,000
	maxWords    = 3200 // said beside the summary …
	maxQuoted   = 8200 // … both together, less what else the card says
	minQuoted   = 2400 // but never less than this
	maxFreeLine = 200
	maxGloss    = 700
	maxReason   = 500
	maxFact     = 300
)

// card shows a case as it is now. ring calls the people of the channel: only
// for danger, and only when the card is new. free tells who could take it.
func card(c desk.Case, entries []desk.Entry, pack *bot.Content, ring bool, free string) post {
	ring = ring && c.Danger != ""
	has := oneLine(holder(c), 80)
	if c.Status != desk.Closed {
		has = "担当：" + has
	}
	p := post{text: escape(oneLine(headline(c, pack), 120) + "　" + has)}
	p.add(sdk.NewHeaderBlock(plainText(oneLine(headline(c, pack), maxHeader))))
	if ring {
		p.text = "<!here> " + p.text
	}
	p.add(hint(aboutLine(c)))
	p.danger(c, pack, ring)
	p.add(section("*担当*　" + escape(holder(c))))
	if free != "" {
		p.add(hint(oneLine(free, maxFreeLine)))
	}
	p.limits(c, pack)
	p.begun(c, pack)
	p.careful(c)
	// What must be seen at once is counted first; the words get the rest.
	var rest post
	rest.people(c, pack)
	rest.together(c, pack)
	rest.gloss(c, pack)
	rest.facts(c, pack)
	rest.history(c, pack)
	p.words(c, entries, max(maxQuoted-weightOf(rest.blocks), minQuoted))
	// A phone shows a third of a card: what is pressed first stands below the
	// words, and whatever can wait below that.
	if c.Status != desk.Closed {
		p.add(buttons(c))
	}
	p.add(rest.blocks...)
	if c.Status != desk.Closed {
		p.add(menu(c, pack))
		p.add(hint("スレッドの話は、ご本人には届きません。「>>」で始まる行だけが届きます。"))
	}
	return p
}

// aboutLine is the case in one line: whose, where, how to write.
func aboutLine(c desk.Case) string {
	var parts []string
	switch {
	case c.Other && c.About != "":
		parts = append(parts, c.About+"のこと")
	case c.Other:
		parts = append(parts, "ほかの人のこと")
	}
	if c.Town != "" {
		parts = append(parts, c.Town)
	}
	parts = append(parts, language(c.Lang))
	for _, t := range c.Tags {
		parts = append(parts, "#"+oneLine(t, 20))
	}
	return oneLine(strings.Join(parts, " · "), 400)
}

// moved is what the old channel keeps of a case that is shown elsewhere now.
func moved(c desk.Case, pack *bot.Content, urgent bool) post {
	text := fmt.Sprintf("→ ほかの窓口へ移りました（%s）", windowName(pack, c.Window))
	if urgent {
		text = "→ 緊急のチャンネルへ移りました"
	}
	p := post{text: c.Number() + "　" + escape(text)}
	p.add(section("*" + c.Number() + "*　" + escape(text)))
	return p
}

func (p *post) add(blocks ...sdk.Block) { p.blocks = append(p.blocks, blocks...) }

// headline is the first line: urgency, window, number.
func headline(c desk.Case, pack *bot.Content) string {
	var mark string
	if c.PassedAround() {
		mark = "🟠 "
	}
	switch {
	case c.Danger != "" && c.Unsure:
		mark += "【緊急のうたがい】"
	case c.Danger != "":
		mark += "【緊急】"
	}
	end := ""
	if c.Status == desk.Closed {
		end = "（終了）"
	}
	return mark + windowName(pack, c.Window) + " · " + c.Number() + end
}

// holder says who has the case.
func holder(c desk.Case) string {
	switch {
	case c.Status == desk.Closed && c.Outcome != "":
		where := ""
		if !blank(c.Where) {
			where = "：" + oneLine(c.Where, 60)
		}
		return "終了（" + outcomeText(c.Outcome) + where + "）"
	case c.Status == desk.Closed:
		return "終了"
	case c.Holder.ID == "":
		return "まだいません"
	case c.TakenAt.IsZero():
		return san(c.Holder.Name)
	}
	return san(c.Holder.Name) + "（" + when(c.TakenAt) + " から）"
}

func (p *post) danger(c desk.Case, pack *bot.Content, ring bool) {
	if c.Danger == "" {
		return
	}
	line := "*" + escape(dangerName(pack, c.Danger)) + "*"
	if c.Unsure {
		line = "*うたがい：" + escape(dangerName(pack, c.Danger)) + "*　bot がご本人に聞いています。"
	}
	if !c.Agreed {
		line += "　ご本人の同意を待たずにお知らせしています。"
	}
	if ring {
		line = "<!here> " + line
	}
	p.add(section(line))
}

// words shows what the resident agreed that staff may read, and what else they
// had said until then.
func (p *post) words(c desk.Case, entries []desk.Entry, most int) {
	summary, cut := quote(c.Summary, min(maxSummary, most))
	if len(summary) > 0 {
		title := "*ご本人のことば*"
		if c.ByHand != "" {
			title = "*相談の内容*（職員が書きとめました：" + howText(c.ByHand) + "）"
		}
		if c.Agreed {
			title = "*ご本人のことば*（職員に伝えてよいと確かめました）"
		}
		p.add(section(title))
		p.add(summary...)
	}
	var more, media []string
	for _, e := range entries {
		if !onCard(c, e) || e.Unsent {
			continue
		}
		if e.Media != "" {
			media = append(media, mediaName(e.Media))
			continue
		}
		if !blank(e.Text) && !strings.Contains(c.Summary, strings.TrimSpace(e.Text)) {
			more = append(more, e.Text)
		}
	}
	said, cutMore := quote(strings.Join(more, "\n"), min(maxWords, most-weight(summary)))
	if len(said) > 0 {
		title := "*ご本人のことば*"
		if len(summary) > 0 {
			title = "*ほかに話したこと*"
		}
		p.add(section(title))
		p.add(said...)
	}
	if cut || cutMore {
		p.add(hint("長いため、途中までです。"))
	}
	if len(media) > 0 {
		p.add(hint("ご本人が送ったもの：" + oneLine(strings.Join(media, "、"), 200) + "（スレッドに出ます）"))
	}
	if len(summary)+len(said)+len(media) == 0 {
		p.add(hint("ご本人のことばは、まだありません。"))
	}
}

// onCard reports whether an entry was said before the case was opened: the
// card shows it, the thread does not.
func onCard(c desk.Case, e desk.Entry) bool {
	return e.Kind == desk.FromResident && !e.At.After(c.OpenedAt)
}

// gloss is the bot's note, without what the card says anyway: the windows, the
// language, and that it is about somebody else.
func (p *post) gloss(c desk.Case, pack *bot.Content) {
	names := make([]string, 0, len(c.With)+1)
	for _, id := range append([]string{c.Window}, c.With...) {
		if w := pack.Window(id); w != nil {
			names = append(names, w.Name.In(bot.Ja))
		}
	}
	note := c.Gloss
	for _, said := range []string{
		pack.Reply(bot.Ja, "gloss.about", "windows", strings.Join(names, "・")),
		pack.Reply(bot.Ja, "gloss.language", "language", pack.Reply(bot.Ja, "gloss.name."+string(c.Lang))),
		pack.Reply(bot.Ja, "gloss.other"),
	} {
		if said != "" {
			note = strings.Replace(note, said, "", 1)
		}
	}
	if !blank(note) {
		p.add(section("*bot のメモ*　" + limited(strings.TrimSpace(note), maxGloss)))
	}
}

// limited escapes a text and cuts it to most characters as Slack counts them.
func limited(s string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.Join(calm(s), "\n") {
		part := escapeRune(r)
		if n += len([]rune(part)); n >= most {
			return b.String() + "…"
		}
		b.WriteString(part)
	}
	return b.String()
}
