package slack

import (
	"encoding/json"
	"fmt"
	"slices"
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
	maxSummary = 5600 // the bot keeps 5,000
	maxWords   = 3200 // said beside the summary …
	maxQuoted  = 7600 // … both together
	maxGloss   = 700
	maxReason  = 500
	maxFact    = 300
)

// card shows a case as it is now. ring calls the people of the channel: only
// for danger, and only when the card is new.
func card(c desk.Case, entries []desk.Entry, pack *bot.Content, ring bool) post {
	ring = ring && c.Danger != ""
	p := post{text: escape(oneLine(headline(c, pack), 120) + "　" + oneLine(holder(c), 80))}
	p.add(sdk.NewHeaderBlock(plainText(oneLine(headline(c, pack), maxHeader))))
	if ring {
		p.text = "<!here> " + p.text
	}
	p.danger(c, pack, ring)
	p.add(section("*担当*　" + escape(holder(c))))
	p.words(c, entries)
	p.gloss(c)
	p.facts(c, pack)
	p.history(c, pack)
	if c.Status != desk.Closed {
		p.add(buttons(c))
		p.add(hint("スレッドの話は、ご本人には届きません。「>>」で始まる行だけが届きます。"))
	}
	return p
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
	switch {
	case c.Danger != "" && c.Unsure:
		mark = "【緊急のうたがい】"
	case c.Danger != "":
		mark = "【緊急】"
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
		return "終了（" + outcomeText(c.Outcome) + "）"
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
func (p *post) words(c desk.Case, entries []desk.Entry) {
	summary, cut := quote(c.Summary, maxSummary)
	if len(summary) > 0 {
		title := "*ご本人のことば*"
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
	said, cutMore := quote(strings.Join(more, "\n"), min(maxWords, maxQuoted-weight(summary)))
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

func (p *post) gloss(c desk.Case) {
	if blank(c.Gloss) {
		return
	}
	p.add(section("*bot のメモ*　" + limited(c.Gloss, maxGloss)))
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

func (p *post) facts(c desk.Case, pack *bot.Content) {
	who := "ご本人のこと"
	if c.Other {
		who = "ほかの人のこと（家族など）"
	}
	town := c.Town
	if town == "" {
		town = "まだ聞いていません"
	}
	agreed := "ご本人が同意しました"
	if !c.Agreed {
		agreed = "まだ聞いていません"
	}
	role := ""
	if c.Role != "" {
		role = shownName(pack, c.Role)
	}
	p.add(fields([]pair{
		{"書き方", howToWrite(c.Lang)},
		{"町", town},
		{"だれのこと", who},
		{"いつから", when(c.OpenedAt)},
		{"申し込み", role},
		{"いっしょに考える窓口", namesOf(pack, c.With)},
		{"bot が見せたもの", namesOf(pack, c.Shown)},
		{"職員に伝えること", agreed},
	})...)
}

// namesOf lists windows and opportunities by name.
func namesOf(pack *bot.Content, ids []string) string {
	var out []string
	for _, id := range ids {
		if name := shownName(pack, id); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return strings.Join(out, "、")
}

// history tells what happened on the way: hand-overs, reopening, a block.
func (p *post) history(c desk.Case, pack *bot.Content) {
	if n := len(c.Moves); n > 0 {
		m := c.Moves[n-1]
		line := fmt.Sprintf("*引き継ぎ %d 回*　%s → %s（%s、%s）", n,
			escape(windowName(pack, m.From)), escape(windowName(pack, m.To)), escape(san(m.By.Name)), when(m.At))
		if !blank(m.Why) {
			line += "\n" + limited(m.Why, maxReason)
		}
		if n >= 2 {
			line = "⚠ " + line
		}
		p.add(section(line))
	}
	if c.Reopened > 0 {
		p.add(hint(fmt.Sprintf("一度終わってから、ご本人がまた書きました（%d 回）。", c.Reopened)))
	}
	if c.Left {
		p.add(section("⚠ *ご本人がこのアカウントをブロックしています。* LINE では何も届きません。"))
	}
}

// buttons are what staff can do now. A stale card's buttons are harmless: the
// desk decides, not the card.
func buttons(c desk.Case) *sdk.ActionBlock {
	value, err := json.Marshal(aboutCase(c))
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("slack: encode button: %v", err))
	}
	button := func(id, text string, style sdk.Style) sdk.BlockElement {
		return sdk.NewButtonBlockElement(id, string(value), plainText(text)).WithStyle(style)
	}
	var row []sdk.BlockElement
	if c.Holder.ID == "" {
		row = append(row, button(actTake, "引き受ける", sdk.StylePrimary))
	}
	if !c.Left {
		row = append(row, button(actReply, "返信", ""))
	}
	row = append(row, button(actMove, "ほかの窓口へ", ""), button(actClose, "終了", ""))
	if c.Holder.ID != "" {
		row = append(row, button(actRelease, "手ばなす", ""))
	}
	return sdk.NewActionBlock("", row...)
}
