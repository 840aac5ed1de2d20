package slack

import (
	"fmt"
	"time"
	"unicode/utf8"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// How much of each person's part a card shows, in characters.
const (
	maxDoes  = 80
	maxGoal  = 300
	maxStep  = 120
	maxTeam  = 6
	maxSteps = 6
	maxAsked = 4 // consents
	maxTitle = 70
)

// people says who is in the case, who does what, and what is promised.
func (p *post) people(c desk.Case, pack *bot.Content) {
	var lines []string
	for _, m := range c.Team[:min(len(c.Team), maxTeam)] {
		line := "・" + cutTo(windowName(pack, m.Window), maxTitle)
		switch {
		case m.Who.ID != "":
			line += "　" + cutTo(san(m.Who.Name), maxName)
		default:
			line += "　（呼んでいます）"
		}
		if !blank(m.Does) {
			line += "　" + cutTo(m.Does, maxDoes)
		}
		if c.Limited(m.Window) && !c.MaySee(m) {
			line += "　※ご本人が言わないでほしいと言っています：ことばは見えません"
		} else if m.Outside && !c.MaySee(m) {
			line += "　※ほかの機関：ご本人の同意がないので、ことばは見えません"
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		p.add(listed("*いっしょに考える窓口*", lines))
	}
	p.joins(c, pack)
	if n := c.Next; n != nil {
		told := ""
		if n.Told {
			told = "　ご本人も知っています"
		}
		p.add(section("*約束*　" + cutTo(n.Text, maxStep) + "　" + when(n.Due) + " まで（" + cutTo(san(n.By.Name), maxName) + "）" + told))
	}
	if !c.Snoozed.IsZero() {
		p.add(hint("💤 " + when(c.Snoozed) + " まで休んでいます。ご本人が書くと、すぐに戻ります。"))
	}
	p.offer(c, pack)
}

// joins lets the windows that were asked say that they are there.
func (p *post) joins(c desk.Case, pack *bot.Content) {
	var row []sdk.BlockElement
	for i, m := range c.Team[:min(len(c.Team), maxTeam)] {
		if m.Who.ID == "" && c.Status != desk.Closed {
			a := aboutCase(c)
			a.Arg = m.Window
			row = append(row, pressed(fmt.Sprintf("%s %d", actJoin, i), "加わる："+oneLine(windowName(pack, m.Window), 40), a))
		}
	}
	if len(row) > 0 {
		p.add(sdk.NewActionBlock("", row...))
	}
}

// offer shows a hand-over under way, and lets the window answer.
func (p *post) offer(c desk.Case, pack *bot.Content) {
	o := c.Offer
	if o == nil || c.Status == desk.Closed {
		return
	}
	line := "*引き継ぎ*　" + cutTo(windowName(pack, o.Window), maxTitle) + " へ（" + cutTo(san(o.By.Name), maxName) + "から）　"
	if !o.Agreed {
		p.add(section(line + "ご本人の返事を待っています。"))
		return
	}
	line += "ご本人は「はい」と答えました。*" + cutTo(windowName(pack, o.Window), maxTitle) + "の人の返事を待っています。*"
	if !blank(o.Why) {
		line += "\n" + limited(o.Why, maxReason)
	}
	line += promised(*o, maxLine/2)
	p.add(section(line), offerButtons(c))
}

// promised is when the next window speaks to the resident, who was told so:
// whoever accepts keeps that.
func promised(o desk.Offer, most int) string {
	if blank(o.When) {
		return ""
	}
	return "\n*いつから*：" + escape(oneLine(o.When, most)) + "（ご本人に伝えてあります）"
}

func offerButtons(c desk.Case) *sdk.ActionBlock {
	a := aboutCase(c)
	return sdk.NewActionBlock("",
		pressed(actAccept, "受ける", a).WithStyle(sdk.StylePrimary), pressed(actRefuse, "受けられません", a))
}

// together shows what resident and staff decided, and what may be told to whom.
func (p *post) together(c desk.Case, pack *bot.Content) {
	if !blank(c.Wish) && c.Wished() == c.Wish { // else the plan says it
		p.add(section("*ご本人の望み*　「" + cutTo(c.Wish, maxGoal) + "」"))
	}
	if c.Plan != nil {
		p.add(listed("*いっしょに決めたこと*（"+when(c.Plan.Agreed)+" ご本人が「はい」）", planText(c.Plan)))
		if c.Status != desk.Closed {
			p.steps(c)
		}
	}
	if c.Asked != nil {
		p.add(listed("*計画の案*（ご本人の返事を待っています。まだ決まっていません）", planText(c.Asked)))
	}
	var lines []string
	for _, x := range c.Consents[max(0, len(c.Consents)-maxAsked):] {
		name := x.With
		if name == "" {
			name = windowName(pack, x.Window)
		}
		lines = append(lines, "・"+cutTo(name, 60)+"　"+consentText(x.State)+"（"+when(latest(x.At, x.Ended))+"）")
	}
	if len(lines) > 0 {
		p.add(listed("*ほかの機関に伝えること*", lines))
	}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func planText(p *bot.Plan) []string {
	var lines []string
	if !blank(p.Goal) {
		lines = append(lines, "目標：「"+cutTo(p.Goal, maxGoal)+"」")
	}
	for _, s := range p.Steps[:min(len(p.Steps), maxSteps)] {
		mark := "□ "
		if s.Done {
			mark = "☑ "
		}
		line := mark + cutTo(s.Text, maxStep) + "　" + stepWho(s.Who)
		if by, err := time.ParseInLocation(dateOnly, s.By, bot.Tokyo); err == nil {
			line += "　" + by.Format("1月2日") + "まで"
		}
		lines = append(lines, line)
	}
	return lines
}

// listed is a section with a title and as many escaped lines as fit.
func listed(title string, lines []string) *sdk.SectionBlock {
	text := title
	for _, l := range lines {
		if utf8.RuneCountInString(text)+1+utf8.RuneCountInString(l) > maxSection {
			break
		}
		text += "\n" + l
	}
	return section(text)
}

// dateOnly is how Slack's date pickers, and the plan's steps, write a day.
const dateOnly = "2006-01-02"

// steps lets staff tick their own steps off.
func (p *post) steps(c desk.Case) {
	var row []sdk.BlockElement
	for i, s := range c.Plan.Steps[:min(len(c.Plan.Steps), maxSteps)] {
		if s.Done || s.Who == bot.StepResident {
			continue
		}
		a := aboutCase(c)
		a.Arg = s.ID
		row = append(row, pressed(fmt.Sprintf("%s %d", actStep, i), "できた："+oneLine(s.Text, 30), a))
	}
	if len(row) > 0 {
		p.add(sdk.NewActionBlock("", row...))
	}
}

func stepWho(who string) string {
	switch who {
	case bot.StepResident:
		return "ご本人"
	case bot.StepBoth:
		return "いっしょに"
	}
	return "職員"
}

func consentText(s desk.ConsentState) string {
	switch s {
	case desk.ConsentGiven:
		return "ご本人が同意しました"
	case desk.ConsentRefused:
		return "ご本人は「伝えないで」と答えました"
	case desk.ConsentRevoked:
		return "ご本人が取り消しました。伝えないでください"
	case desk.ConsentAsked:
	}
	return "ご本人の返事を待っています。まだ伝えないでください"
}

// cutTo is one line of at most most characters as Slack counts them.
func cutTo(s string, most int) string { return limited(oneLine(s, most), most) }

// weightOf counts blocks about as Slack does, from above.
func weightOf(blocks []sdk.Block) int {
	n := 0
	for _, b := range blocks {
		switch b := b.(type) {
		case *sdk.SectionBlock:
			if b.Text != nil {
				n += utf8.RuneCountInString(b.Text.Text)
			}
			for _, f := range b.Fields {
				n += utf8.RuneCountInString(f.Text)
			}
		case *sdk.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				if button, ok := e.(*sdk.ButtonBlockElement); ok {
					n += utf8.RuneCountInString(button.Text.Text)
				}
			}
		}
	}
	return n
}
