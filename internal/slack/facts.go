package slack

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// facts are what the card does not say elsewhere.
func (p *post) facts(c desk.Case, pack *bot.Content) {
	who, writes := "", ""
	if c.Other {
		// The two are kept apart: what is known of one is not known of the other.
		who = "ほかの人のこと（家族など）"
		writes = "LINE のご本人（心配している人）"
		if c.About != "" {
			who = "ほかの人のこと：" + oneLine(c.About, 40) + "（書いた人のことばから。確かめていません）"
		}
	}
	town := ""
	if c.Town == "" {
		town = "まだ聞いていません"
	}
	agreed := ""
	switch {
	case c.Agreed && blank(c.Summary): // else it stands over the words
		agreed = "ご本人が同意しました"
	case !c.Agreed && c.Danger == "": // else it stands beside the danger
		agreed = "まだ聞いていません"
	}
	how := ""
	if c.Lang != bot.Ja && c.Lang != "" {
		how = howToWrite(c.Lang)
	}
	with := namesOf(pack, c.With)
	if len(c.Team) > 0 { // who came is said above
		with = ""
	}
	before := ""
	if c.Before.Window != "" {
		before = earlier(c.Before, pack)
	}
	role := ""
	if c.Role != "" {
		role = shownName(pack, c.Role)
	}
	named := append([]string{c.Window}, c.With...)
	for _, m := range c.Team {
		named = append(named, m.Window)
	}
	shown := slices.DeleteFunc(slices.Clone(c.Shown), func(id string) bool { return slices.Contains(named, id) })
	p.add(fields([]pair{
		{"書き方", how},
		{"町", town},
		{"町の担当", coordinators(c, pack)},
		{"だれのこと", who},
		{"書いている人", writes},
		{"いつから", when(c.OpenedAt)},
		{"申し込み", role},
		{"前の相談", before},
		{"いっしょに考える窓口", with},
		{"bot が見せたもの", namesOf(pack, shown)},
		{"職員に伝えること", agreed},
	})...)
}

// coordinators are who looks after the resident's town. Staff may read what
// nobody has verified yet, as long as it says so.
func coordinators(c desk.Case, pack *bot.Content) string {
	var names []string
	for _, p := range pack.CoordinatorsOf(c.Town) {
		name := oneLine(p.Name, 40)
		if t := pack.Town(c.Town); !p.Known() || t == nil || !pack.Area(t.Area).Known() {
			name += "（未確認）"
		}
		for _, a := range p.Away {
			if a.To < c.OpenedAt.In(bot.Tokyo).Format(dateOnly) {
				continue
			}
			name += "（" + a.From + "〜" + a.To + " 休み"
			if a.By != "" {
				name += "、代わり " + oneLine(a.By, 40)
			}
			name += "）"
		}
		names = append(names, name)
	}
	return oneLine(strings.Join(names, "、"), maxFact)
}

// earlier tells where the talk was before: whom to ask, and by which number.
func earlier(b bot.Earlier, pack *bot.Content) string {
	var parts []string
	if b.Number != "" {
		parts = append(parts, b.Number)
	}
	if b.Holder != "" {
		parts = append(parts, "担当 "+san(oneLine(b.Holder, 40)))
	}
	parts = append(parts, when(b.Closed)+" に終了")
	return windowName(pack, b.Window) + "（" + strings.Join(parts, "、") + "）"
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
		if c.PassedAround() {
			line = "🟠 " + line
		}
		p.add(section(line))
	}
	if c.Reopened > 0 {
		p.add(hint(fmt.Sprintf("一度終わってから、ご本人がまた書きました（%d 回）。", c.Reopened)))
	}
	if c.Rating != nil {
		line := "ご本人の感想：" + ratingText(c.Rating.Score)
		if !blank(c.Rating.Words) {
			line += "「" + oneLine(c.Rating.Words, 200) + "」"
		}
		p.add(hint(line))
	}
}

// careful is what staff must know before they write.
func (p *post) careful(c desk.Case) {
	if c.Quiet {
		p.add(hint("⚠ 見られているかもしれない人です。返信は「お知らせがあります」とだけ通知され、ご本人が押すと読めます。"))
	}
	if !c.Hidden.IsZero() {
		p.add(section("⚠ *ご本人が「かくす」と書きました（" + when(c.Hidden) + "）。* ご本人がまた書くまで、送らずに待ってください。"))
	}
	switch {
	case c.ByHand != "":
		p.add(hint("電話や窓口で始まった相談です。LINE では何も届きません。"))
	case c.Left:
		p.add(section("⚠ *ご本人がこのアカウントをブロックしています。* LINE では何も届きません。"))
	}
}
