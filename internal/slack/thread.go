package slack

import (
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// maxEntry is how much of one entry a thread shows, in characters as Slack
// counts them. LINE's longest text fits unless it is made of < and &.
const maxEntry = 11000

// delivery tells how far a staff reply has come.
type delivery struct {
	known bool   // something is known
	fate  string // why it can never arrive; empty: it arrived
}

// entry shows one entry of a case's history as its line in the thread.
func entry(c desk.Case, e desk.Entry, d delivery) post {
	switch {
	case e.Unsent:
		p := post{text: c.Number() + "　（送信取消）"}
		p.add(hint("（送信取消）　ご本人がこのメッセージを取り消しました。"))
		return p
	case e.Kind == desk.FromStaff:
		return staffEntry(c, e, d)
	case e.Kind == desk.FromBot:
		text := noteText(e.Note)
		p := post{text: c.Number() + "　" + escape(oneLine(text, 120))}
		p.add(hint(oneLine(text, 200) + "　" + when(e.At)))
		return p
	}
	return residentEntry(c, e, d)
}

func residentEntry(c desk.Case, e desk.Entry, d delivery) post {
	p := post{text: c.Number() + "　ご本人から"}
	if e.Media != "" {
		p.text += mediaName(e.Media)
		line := "*ご本人から：" + mediaName(e.Media) + "*"
		if e.Media == bot.File && !blank(e.Text) {
			line += "　" + escape(oneLine(e.Text, 100))
		}
		p.add(section(line))
		if d.fate == fateLost {
			p.add(hint("表示できません。LINE から消えたか、大きすぎます。ご本人に、もう一度送ってもらってください。"))
		}
		p.add(hint(when(e.At)))
		return p
	}
	words, cut := quote(e.Text, maxEntry)
	if len(words) == 0 {
		p.add(hint("（本文なし）"))
	}
	p.add(words...)
	end := "ご本人　" + when(e.At)
	if cut {
		end = "長いため、途中までです。　" + end
	}
	p.add(hint(end))
	return p
}

// staffEntry shows what staff wrote to the resident, and whether it arrived.
func staffEntry(c desk.Case, e desk.Entry, d delivery) post {
	name := oneLine(e.By.Name, maxName)
	if name == "" {
		name = nobody
	}
	p := post{text: c.Number() + "　" + escape(name) + " → ご本人"}
	p.add(section("*" + escape(name) + " → ご本人：*"))
	words, cut := quote(e.Text, maxEntry)
	if len(words) == 0 {
		p.add(hint("（本文なし）"))
	}
	p.add(words...)
	end := when(e.At)
	if cut {
		end = "長いため、途中までです。　" + end
	}
	switch {
	case d.fate != "":
		p.text += "　届きませんでした"
		if d.fate == fateUnclear {
			p.text = c.Number() + "　届いたかどうか分かりません"
		}
		p.add(section("*" + fateText(d.fate) + "*"))
	case d.known:
		end = "✓ 届きました　" + end
	default:
		end = "… 送っています　" + end
	}
	p.add(hint(end))
	return p
}
