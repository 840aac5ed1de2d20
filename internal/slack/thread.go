package slack

import (
	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// maxEntry is how much of one entry a thread shows, in characters as Slack
// counts them. LINE's longest text fits unless it is made of < and &.
const maxEntry = 11000

// delivery tells how far a staff reply has come.
type delivery struct {
	known  bool   // something is known
	fate   string // why it can never arrive; empty: it arrived
	copied bool   // it is known elsewhere: in the thread this one was copied from
}

// entry shows one entry of a case's history as its line in the thread.
func entry(c desk.Case, e desk.Entry, d delivery, pack *bot.Content) post {
	switch {
	case e.Unsent:
		p := post{text: c.Number() + "　（送信取消）"}
		p.add(hint("（送信取消）　ご本人がこのメッセージを取り消しました。"))
		return p
	case e.Kind == desk.FromStaff:
		e.Text = withNames(pack, e.Text)
		return staffEntry(c, e, d)
	case e.Note == desk.NoteUntaken:
		return untakenEntry(c, e, pack.Duty, pack.OnDuty)
	case e.Note == desk.NotePerson:
		return personEntry(c, e)
	case e.Note == desk.NoteRests:
		return restsEntry(c, e, pack.Duty)
	case e.Note == desk.NoteUnanswered:
		return unansweredEntry(c, e, pack)
	case e.Note == desk.NotePassed:
		return passedEntry(c, e, pack)
	case e.Kind == desk.FromBot:
		return noteEntry(c, e, pack)
	case e.Kind == desk.Memo:
		return memoEntry(c, e)
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

// noteEntry is something staff should know. It calls the one it concerns.
func noteEntry(c desk.Case, e desk.Entry, pack *bot.Content) post {
	text := noteText(e, pack)
	p := post{text: c.Number() + "　" + escape(quiet(e, text))}
	if calls(e.Note) && isMember(e.By.ID) {
		p.text = "<@" + e.By.ID + "> " + p.text
		to := "<@" + e.By.ID + ">"
		if !addressed(e.By.Name) {
			to += " さん"
		}
		p.add(section(to + "　" + escape(oneLine(text, 600)) + "　" + when(e.At)))
		return p
	}
	p.add(hint(oneLine(text, 700) + "　" + when(e.At)))
	return p
}

// quiet is a note for the notification: without the resident's own words.
func quiet(e desk.Entry, text string) string {
	switch e.Note {
	case desk.NotePlanChange:
		return "ご本人は計画を直したいと答えました"
	case desk.NoteRated:
		return "ご本人の感想"
	case desk.NoteWish:
		return "ご本人の望み"
	case desk.NoteLimit:
		return "言わないでほしい人のこと"
	case desk.NoteAfter:
		return "「その後いかがですか」に、返事がありました"
	case desk.NoteStepDone:
		return "一歩を終えました"
	default:
		return oneLine(text, 120)
	}
}

// isMember reports an id that Slack can call: what is not one would be shown
// as it is.
func isMember(id string) bool {
	if len(id) < 2 || len(id) > 20 || id[0] != 'U' && id[0] != 'W' {
		return false
	}
	for _, r := range id {
		if (r < 'A' || r > 'Z') && (r < '0' || r > '9') {
			return false
		}
	}
	return true
}

// memoEntry is what staff wrote for staff.
func memoEntry(c desk.Case, e desk.Entry) post {
	what := "メモ"
	if e.Note == desk.NoteCall {
		what = "電話の記録"
	}
	p := post{text: c.Number() + "　" + what}
	p.add(section("*" + what + "*　" + escape(san(e.By.Name)) + "（職員だけ）"))
	words, cut := quote(e.Text, maxEntry)
	p.add(words...)
	end := when(e.At)
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
	fate := d.fate
	switch e.Fate {
	case desk.Lost:
		fate = fateLost
	case desk.Blocked:
		fate = fateBlocked
	case desk.OnItsWay, desk.HeldBack, desk.Withdrawn:
	}
	a := aboutCase(c)
	a.Arg = e.ID
	switch {
	case e.Fate == desk.HeldBack:
		wait := "… まもなく送ります。10秒のあいだ、取り消せます。"
		if !c.Hidden.IsZero() {
			wait = "… ご本人が「かくす」と書いたので、待っています。ご本人がまた書いたら送ります。それまでは取り消せます。"
		}
		p.add(hint(wait + "　" + end))
		p.add(sdk.NewActionBlock("", pressed(actTakeBack, "取り消す", a).WithStyle(sdk.StyleDanger)))
		return p
	case e.Fate == desk.Withdrawn:
		p.add(section("*取り消しました。ご本人には届いていません。*"), hint(end))
		p.add(sdk.NewActionBlock("", pressed(actAgain, "書き直す", a)))
		return p
	case fate == fateWaits:
		p.add(section("*"+fateText(fate)+"*"), sdk.NewActionBlock("", pressed(actCall, "電話する", a)))
	case fate != "":
		p.text += "　届きませんでした"
		if fate == fateUnclear {
			p.text = c.Number() + "　届いたかどうか分かりません"
		}
		p.add(section("*" + fateText(fate) + "*"))
		p.add(sdk.NewActionBlock("", pressed(actAgain, "再送", a), pressed(actCall, "電話する", a)))
	case d.known:
		end = "✓ 届きました　" + end
	case d.copied:
		end = "前のスレッドから　" + end
	default:
		end = "… 送っています　" + end
	}
	p.add(hint(end))
	return p
}
