package demo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// effect is one thing that follows, in words. Side says for whom: phone,
// desk, inside.
type effect struct {
	Side string `json:"side"`
	Text string `json:"text"`
}

func (w words) effects(all []bot.Effect) []effect {
	out := []effect{}
	for _, e := range all {
		out = append(out, w.effect(e))
	}
	return out
}

func (w words) effect(e bot.Effect) effect {
	switch e := e.(type) {
	case bot.Say:
		return effect{"phone", spoken(e)}
	case bot.OpenCase:
		return effect{"desk", w.opened(e.Case)}
	case bot.AddToCase:
		return effect{"desk", bot.CaseNumber(e.Case) + " のスレッドへ、ことばを渡す"}
	case bot.RaiseCase:
		if e.Unsure {
			return effect{"desk", bot.CaseNumber(e.Case) + " に危険のうたがい：" + w.danger(e.Danger)}
		}
		return effect{"desk", bot.CaseNumber(e.Case) + " を緊急にする：" + w.danger(e.Danger)}
	case bot.Reopen:
		return effect{"desk", bot.CaseNumber(e.Case) + " を再開する"}
	case bot.Reads:
		return effect{"desk", bot.CaseNumber(e.Case) + " に知らせる：読むことばが変わった"}
	case bot.Answer:
		return effect{"desk", bot.CaseNumber(e.Case) + " に本人の答え：" + answered(e)}
	case bot.Note:
		return effect{"desk", bot.CaseNumber(e.Case) + " に知らせる：" + note(e.Kind)}
	case bot.Fetch:
		return effect{"inside", mediaName(e.Kind) + "を LINE から受け取り、暗号にして保管する"}
	case bot.Forget:
		return effect{"inside", "取り消されたことばを、すべての場所から消す"}
	case bot.ShowMenu:
		return effect{"phone", "メニューを変える：" + e.Name}
	case bot.Later:
		return effect{"inside", e.At.In(bot.Tokyo).Format("1月2日 15:04") + " に思い出す（" + e.Key + "）"}
	case bot.Leave:
		return effect{"phone", "グループから出る"}
	case bot.ProposeExample:
		return effect{"desk", "同意のあったことばを、名前などを消して、職員に見せる：正しい窓口は " + w.window(e.Right)}
	case bot.Count:
		text := "数える：" + counted(e.What)
		if e.Window != "" {
			text += " · " + w.window(e.Window)
		}
		return effect{"inside", text + "（ことばは含まない）"}
	}
	return effect{"inside", fmt.Sprintf("%T", e)}
}

func spoken(e bot.Say) string {
	who := "bot"
	if e.From != "" {
		who = e.From + "（職員）"
	}
	var parts []string
	for _, m := range e.Messages {
		switch m := m.(type) {
		case bot.Text:
			part := "「" + clipped(m.Text, 28) + "」"
			if len(m.Choices) > 0 {
				part += fmt.Sprintf("と選択肢 %d つ", len(m.Choices))
			}
			parts = append(parts, part)
		case bot.Cards:
			part := "カード"
			if len(m.Cards) > 1 {
				part = fmt.Sprintf("カード %d 枚", len(m.Cards))
			}
			if len(m.Cards) > 0 {
				part += "「" + clipped(m.Cards[0].Title, 24) + "」"
			}
			parts = append(parts, part)
		case bot.Picture:
			parts = append(parts, "写真")
		}
	}
	return who + " → 本人：" + strings.Join(parts, "、")
}

// counted names a figure.
func counted(what string) string {
	switch what {
	case "answered":
		return "窓口を案内した"
	case "clarified":
		return "たずね返した"
	case "declined":
		return "伝えないと決めた"
	case "handed-over":
		return "職員につないだ"
	case "reopened":
		return "再開した"
	case "followed":
		return "友だちになった"
	case "wrong":
		return "ちがうと言われた"
	case "lesson-agreed":
		return "ことばを使ってよいと言われた"
	case "lesson-declined":
		return "ことばを使わないでと言われた"
	case "missed":
		return "わからなかった"
	case "danger-asked":
		return "危険かどうか、たずねた"
	case "danger":
		return "危険"
	case "rated-1", "rated-2", "rated-3":
		return "どうだったか"
	}
	return what
}

// answered names what the resident answered to, and how. Their own words are
// left to Slack.
func answered(e bot.Answer) string {
	to := map[bot.AnswerTo]string{
		bot.ToHandover: "引き継ぎ", bot.ToConsent: "ほかの機関に伝えること", bot.ToPlan: "計画", bot.ToStep: "一歩", bot.ToClose: "終わってみて",
	}[e.To]
	says := map[string]string{
		bot.SaysYes: "はい", bot.SaysNo: "いいえ", bot.SaysChange: "直したい", bot.SaysLater: "いまは決めない", bot.SaysRevoke: "取り消す",
		"1": "よくなかった", "2": "ふつう", "3": "よかった",
	}[e.Says]
	if e.To == bot.ToStep && e.Says == bot.SaysYes {
		says = "できた"
	}
	return cmp.Or(to, string(e.To)) + "「" + cmp.Or(says, e.Says) + "」"
}

// opened names the case, without the resident's words: those stand in Slack.
func (w words) opened(c bot.NewCase) string {
	text := "相談 " + bot.CaseNumber(c.ID) + " を開く：" + w.window(c.Window)
	if len(c.With) > 0 {
		text += "（いっしょに " + w.list(c.With) + "）"
	}
	switch {
	case c.Danger != "" && c.Unsure:
		text += " · 危険のうたがい：" + w.danger(c.Danger)
	case c.Danger != "":
		text += " · 緊急：" + w.danger(c.Danger)
	case c.Agreed:
		text += " · 本人が同意"
	}
	return text
}

func note(k bot.NoteKind) string {
	switch k {
	case bot.NoteLeft:
		return "ブロックされた"
	case bot.NoteReturned:
		return "戻ってきた"
	case bot.NoteThanks:
		return "お礼があった"
	case bot.NoteUnsent:
		return "取り消しがあった"
	case bot.NoteHid:
		return "「かくす」と書いた"
	case bot.NoteSafe:
		return "「いまは危なくない」と答えた"
	case bot.NoteAnother:
		return "担当を替えてほしいと書いた"
	}
	return string(k)
}

// clipped cuts to n characters.
func clipped(s string, n int) string {
	r := []rune(strings.ReplaceAll(s, "\n", " "))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n]) + "…"
}
