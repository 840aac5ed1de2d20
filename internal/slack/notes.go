package slack

import (
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// noteText is what staff read of a note. Its first line can name a window or
// quote what it is about.
func noteText(e desk.Entry, pack *bot.Content) string {
	first, rest, _ := strings.Cut(e.Text, "\n")
	first = oneLine(first, 120)
	window := func() string { return "「" + windowName(pack, first) + "」" }
	by := ""
	if e.By.ID != "" {
		by = san(e.By.Name)
	}
	switch e.Note {
	case bot.NoteLeft:
		return "ご本人がアカウントをブロックしました。LINE では何も届きません。"
	case bot.NoteReturned:
		return "ご本人がブロックをやめました。また LINE で届きます。"
	case bot.NoteThanks:
		return "ご本人から、お礼のことばがありました。"
	case bot.NoteUnsent:
		return "ご本人がメッセージの送信を取り消しました。"
	case bot.NoteSafe:
		return "ご本人が「いまは危なくない」と答えました。"
	case bot.NoteHid:
		return "ご本人が「かくす」と書いて話を閉じました。だれかが見ているかもしれません。ご本人がまた書くまで、送らずに待ってください。"
	case bot.NoteAnother:
		return "担当を替えてほしいそうです。ご本人には「替われるかどうか、職員がお返事します」と伝えました。担当のほかの人も読んで、だれが返事をするか話し合ってください。"
	case desk.NoteBegun:
		return by + "が書きとめました（" + howText(first) + "）。"
	case desk.NoteDue:
		return "約束の時が来ました：" + first
	case desk.NoteAwake:
		return "あとにしていた相談です。"
	case desk.NoteOfferAsked:
		return by + "が" + window() + "への引き継ぎを、ご本人にたずねています。"
	case desk.NoteOfferYes:
		return "ご本人は引き継ぎに「はい」と答えました。" + window() + "の返事を待っています。"
	case desk.NoteOfferNo:
		return "ご本人は「いまの担当のまま」と答えました。" + window() + "への引き継ぎはしません。"
	case desk.NoteOfferRefused:
		return window() + "は受けられません：" + oneLine(rest, 200) + "　担当は変わりません。ご本人は知らせを待っています。どうするか、返信で伝えてください。"
	case desk.NoteOfferEnded:
		return window() + "への引き継ぎをやめました。"
	case desk.NoteAccepted:
		return window() + "の" + by + "が引き継ぎました。ご本人に、だれが担当するか伝えました。"
	case desk.NoteOfferWaits:
		return window() + "への引き継ぎに、一日返事がありません。"
	case desk.NoteInvited:
		s := by + "が" + window() + "を呼びました。"
		if rest != "" {
			s += "してほしいこと：" + oneLine(rest, 120)
		}
		return s
	case desk.NoteJoined:
		return window() + "の" + by + "が加わりました。ご本人にも伝えました。"
	case desk.NoteLeftTeam:
		return window() + "は、ここまでになりました。"
	default:
		return resultText(e, first, rest, by, pack)
	}
}

// resultText is what came of asking the resident, and of promises.
func resultText(e desk.Entry, first, rest, by string, pack *bot.Content) string {
	switch e.Note {
	case desk.NotePlanAsked:
		return by + "が、計画の案をご本人に見せました。"
	case desk.NotePlanYes:
		return "ご本人は計画に「はい」と答えました。ここから始まります。"
	case desk.NotePlanLater:
		return "ご本人は「いまは決めない」と答えました。ご本人の答えとして残します。"
	case desk.NotePlanChange:
		return "ご本人は計画を直したいと答えました：「" + oneLine(e.Text, 400) + "」"
	case desk.NoteStepDone:
		if by == "" {
			by = "ご本人"
		}
		return by + "が一歩を終えました：" + first
	case desk.NoteConsentAsked:
		return by + "が、「" + first + "」に伝えてよいか、ご本人にたずねました。"
	case desk.NoteConsentYes:
		return "ご本人は「" + first + "」に伝えることに同意しました。"
	case desk.NoteConsentNo:
		return "ご本人は「" + first + "」に「伝えないで」と答えました。"
	case desk.NoteRevoked:
		return "ご本人が同意を取り消しました：「" + oneLine(e.Text, 200) + "」　これからは伝えないでください。すでに伝えた機関に、職員から話してください。"
	case desk.NotePromise:
		return by + "の約束：" + first
	case desk.NoteKept:
		return by + "が約束を果たしました：" + first
	case desk.NoteLimit:
		return "ご本人が「" + limitName(pack, strings.TrimSpace(e.Text)) + "」と言っています。"
	case desk.NoteLimitOff:
		return "ご本人が「" + limitWho(pack, first) + "には、言ってもよい」と答えました。"
	case desk.NoteAfter:
		return afterText(first, rest)
	case desk.NoteWish:
		if first == "" {
			return by + "が、ご本人の望みを消しました。"
		}
		return by + "が、ご本人の望みを書きました：「" + oneLine(e.Text, 300) + "」"
	case desk.NoteRated:
		s := "ご本人の感想"
		if score := ratingText(strings.Index(" 123", strings.TrimSpace(first))); first != "" {
			s += "：" + score
		}
		if !blank(rest) {
			s += "「" + oneLine(rest, 300) + "」"
		}
		return s
	default:
		return "お知らせ：" + oneLine(string(e.Note), 60)
	}
}

// afterText is what the resident said when they were asked how things are.
func afterText(says, words string) string {
	const asked = "「その後いかがですか」に、ご本人から："
	switch {
	case says == bot.SaysYes:
		return asked + "大丈夫です。"
	case says == bot.SaysAgain:
		return asked + "また相談したい。"
	case blank(words):
		return asked + "返事がありました。"
	}
	return asked + "「" + oneLine(words, 400) + "」"
}

// calls reports whether a note calls the one it concerns.
func calls(kind bot.NoteKind) bool {
	switch kind {
	case desk.NoteLimit, desk.NoteAfter, desk.NoteDue, desk.NoteAwake, desk.NoteOfferNo, desk.NoteOfferRefused, desk.NoteOfferWaits:
		return true
	default:
		return false
	}
}

func ratingText(score int) string {
	switch score {
	case 3:
		return "よかった"
	case 2:
		return "ふつう"
	case 1:
		return "よくなかった"
	}
	return "—"
}
