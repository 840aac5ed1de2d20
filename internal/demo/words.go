package demo

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// words says in Japanese what the bot's types mean. c may be nil.
type words struct{ c *bot.Content }

func (w words) window(id string) string {
	if w.c == nil {
		return id
	}
	if win := w.c.Window(id); win != nil {
		return cmp.Or(win.Name.In(bot.Ja), id)
	}
	if o := w.c.Opportunity(id); o != nil {
		return cmp.Or(o.Name.In(bot.Ja), id)
	}
	return id
}

func (w words) danger(kind string) string {
	if w.c != nil && kind != "" {
		if dg := w.c.Danger(kind); dg != nil {
			return cmp.Or(dg.Name, kind)
		}
	}
	return kind
}

// event says what happened, and in which words.
func (w words) event(e bot.Event) (what, said string) {
	switch e := e.(type) {
	case bot.Followed:
		if e.Again {
			return "ブロックをやめた", ""
		}
		return "友だちになった", ""
	case bot.Unfollowed:
		return "ブロックした", ""
	case bot.Wrote:
		if e.More {
			return "書いた（続きがある）", e.Text
		}
		return "書いた", e.Text
	case bot.Tapped:
		return "ボタンを押した", e.Data
	case bot.SentSticker:
		return "スタンプを送った", strings.Join(e.Keywords, ", ")
	case bot.SentMedia:
		return mediaName(e.Kind) + "を送った", e.Name
	case bot.SentPlace:
		return "場所を送った", strings.TrimSpace(e.Title + " " + e.Address)
	case bot.Unsent:
		return "送信を取り消した", ""
	case bot.InGroup:
		return "グループの中で", ""
	case bot.Noticed:
		return "LINE からの知らせ", e.Type
	case bot.StaffReplied:
		return e.From + "（職員）が返信した", e.Text
	case bot.CaseTaken:
		return e.By + "（職員）が引き受けた", ""
	case bot.CaseMoved:
		return "窓口が変わった：" + w.window(e.Window), ""
	case bot.CaseClosed:
		return "相談が終わった", ""
	case bot.Reminded:
		return "時間が来た", e.Key
	case bot.CaseWaits:
		return "まだ Slack に出ていない", ""
	case bot.CaseArrived:
		return "Slack に出た", ""
	}
	return w.together(e), ""
}

// together says what staff did with others, or with the resident.
func (w words) together(e bot.Event) string {
	switch e := e.(type) {
	case bot.HandoverAsked:
		return "引き継いでよいか、たずねた：" + w.window(e.Window)
	case bot.HandoverAccepted:
		return e.By + "（職員）が引き継ぎを受けた：" + w.window(e.Window)
	case bot.HandoverEnded:
		return "引き継ぎをやめた"
	case bot.TeamJoined:
		return "いっしょに考える窓口が加わった：" + w.window(e.Window)
	case bot.TeamLeft:
		return "窓口が抜けた：" + w.window(e.Window)
	case bot.ConsentAsked:
		return "伝えてよいか、たずねた：" + cmp.Or(e.With, w.window(e.Window))
	case bot.PlanShown:
		return "計画の案を見せた"
	case bot.StepTicked:
		return "職員が一歩を終えた"
	case bot.Promised:
		if e.Text == "" {
			return "約束を果たした"
		}
		return "職員が約束した"
	}
	return fmt.Sprintf("%T", e)
}

func mediaName(k bot.MediaKind) string {
	switch k {
	case bot.Image:
		return "写真"
	case bot.Video:
		return "動画"
	case bot.Audio:
		return "声"
	case bot.File:
		return "ファイル"
	case bot.Sticker:
		return "スタンプ"
	}
	return string(k)
}

func langName(l bot.Lang) string {
	switch l {
	case bot.Ja:
		return "日本語"
	case bot.EasyJa:
		return "やさしい日本語"
	case bot.En:
		return "英語 English"
	case bot.Zh:
		return "中国語 中文"
	case bot.Ko:
		return "韓国語 한국어"
	case bot.Vi:
		return "ベトナム語 Tiếng Việt"
	}
	return string(l)
}

// state says what the dialogue knows now.
func (w words) state(s bot.State) []fact {
	out := []fact{}
	add := func(label, value string) {
		if value != "" {
			out = append(out, fact{label, value})
		}
	}
	lang := langName(s.Lang)
	if s.LangChosen && lang != "" {
		lang += "（本人が選んだ）"
	}
	add("ことば", lang)
	add("町", s.Town)
	if q := s.Question; q != nil {
		add("たずねている", question(q.Kind))
	}
	switch {
	case s.Draft == nil:
	case s.Draft.Window == "":
		add("準備中", fmt.Sprintf("質問への答え（%d 個）", len(s.Draft.Answers)))
	default:
		add("準備中", w.window(s.Draft.Window)+"へ伝える内容")
	}
	if c := s.Case; c != nil {
		holder := "担当はまだ"
		if c.Holder != "" {
			holder = "担当 " + c.Holder
		}
		add("相談", bot.CaseNumber(c.ID)+" "+w.window(c.Window)+"（"+holder+"）")
	}
	if s.Watch != "" {
		add("見守り", bot.CaseNumber(s.Watch)+" 職員も見ている")
	}
	if c := s.Past; c != nil {
		add("終わった相談", bot.CaseNumber(c.ID)+" "+w.window(c.Window))
	}
	add("見せたもの", w.list(s.Shown))
	if n := len(s.Heard); n > 0 {
		add("まだ渡していないことば", fmt.Sprintf("%d 件", n))
	}
	add("危険の番号を見せた", w.danger(s.Danger))
	if s.NoNews {
		add("お知らせ", "送らない")
	}
	if s.Gone {
		add("ブロック", "されている（何も送らない）")
	}
	return out
}

func (w words) list(ids []string) string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		names = append(names, w.window(id))
	}
	return strings.Join(names, "、")
}

func question(k bot.QuestionKind) string {
	switch k {
	case bot.AskLanguage:
		return "どのことばがよいか"
	case bot.AskClarify:
		return "どのことか（選ぶ）"
	case bot.AskHandover:
		return "職員に伝えてよいか"
	case bot.AskChange:
		return "どう直すか"
	case bot.AskForm:
		return "申し込みの次の項目"
	case bot.AskDanger:
		return "いま危険か"
	case bot.AskMedia:
		return "送ったものが何か"
	case bot.AskLesson:
		return "ことばを使ってよいか"
	case bot.AskOffer:
		return "引き継いでよいか"
	case bot.AskConsent:
		return "ほかの機関に伝えてよいか"
	case bot.AskPlan:
		return "この計画でよいか"
	case bot.AskPlanNew:
		return "計画をどう直すか"
	case bot.AskRated:
		return "どうだったか（ひとこと）"
	case bot.AskLimit:
		return "だれに言わないでほしいか"
	case bot.AskAfter:
		return "その後どうか"
	}
	return string(k)
}
