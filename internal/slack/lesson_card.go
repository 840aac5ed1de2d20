package slack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	sdk "github.com/slack-go/slack"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
)

// Notes that only one staff member sees.
const (
	noteLessonGone   = "この提案は、ご本人が取り消したか、古くなって消えました。"
	noteLessonEdited = "ほかの人が言葉を直しました。カードの新しい言葉を読んでから、もう一度押してください。"
	noteLessonEmpty  = "短すぎます。4文字以上で書いてください。"
	noteLessonLong   = "長すぎます。300文字までです。"
	noteLessonWindow = "この窓口の言葉は、ここからは覚えさせられません。ほかの窓口を選んでください。"
)

// lessonCard shows a lesson as it is now, and what it does to the exam.
func lessonCard(l lesson.Lesson, e lesson.Effect, pack *bot.Content) post {
	title := map[lesson.State]string{
		lesson.Proposed: "まちがいから学ぶ：覚えさせますか", lesson.Accepted: "まちがいから学ぶ：覚えました", lesson.Declined: "まちがいから学ぶ：やめました",
	}[l.State]
	p := post{text: escape(title + "　" + windowName(pack, l.Right))}
	p.add(sdk.NewHeaderBlock(plainText(oneLine(title, maxHeader))))
	if l.State == lesson.Declined {
		p.add(section(escape(decidedBy(l)) + "　ことばは消しました。"))
		return p
	}
	p.add(section("*住民のことば*（使ってよいと答えました。名前などは消してあります）"))
	words, _ := quote(l.Text, maxWords)
	p.add(words...)
	p.add(fields([]pair{
		{"bot が言った窓口", cmp.Or(shownOrNone(pack, l.Shown), "わからなかった")},
		{"正しい窓口", windowName(pack, l.Right)},
		{"どうしてわかったか", whyText(l.Why)},
		{"書いたことば", language(l.Lang)},
	})...)
	p.add(section("*" + escape(effectText(e)) + "*"))
	if e.Worse() {
		p.add(section(fmt.Sprintf("⚠ *%d件の答えが悪くなります*（%s）。言葉を直すか、やめることも考えてください。", len(e.Spoilt), escape(spoiltNames(e, pack)))))
	}
	if l.State == lesson.Accepted {
		p.add(section(escape(decidedBy(l)) + "　数秒のうちに、すべての bot が覚えます。"))
	} else {
		p.add(hint("名前や、だれかわかることが残っていたら「言葉を直す」で消してください。覚えたあとは、だれのことばかは残りません。"))
	}
	p.add(lessonButtons(l, e))
	return p
}

// withdrawnLesson is what is left of a proposal that was taken back.
func withdrawnLesson() post {
	p := post{text: "まちがいから学ぶ：取り消されました"}
	p.add(section("まちがいから学ぶ：*取り消されました。* ことばは消しました。"))
	return p
}

// effectText is "試験457件: 正しい 91.2 % → 91.5 %、よくなる 2件、悪くなる 1件".
func effectText(e lesson.Effect) string {
	if e.Asked == 0 {
		return "試験がないので、よくなるか悪くなるかは、はかれません。"
	}
	share := func(n int) float64 { return 100 * float64(n) / float64(e.Asked) }
	return fmt.Sprintf("試験%d件: 正しい %.1f %% → %.1f %%、よくなる %d件、悪くなる %d件",
		e.Asked, share(e.Before), share(e.After), e.Mended, len(e.Spoilt))
}

// spoiltNames names the windows whose messages are answered wrongly.
func spoiltNames(e lesson.Effect, pack *bot.Content) string {
	return oneLine(namesOf(pack, e.Spoilt), maxFact)
}

func shownOrNone(pack *bot.Content, id string) string {
	if id == "" {
		return ""
	}
	return shownName(pack, id)
}

func whyText(why bot.Corrector) string {
	if why == bot.ByStaff {
		return "職員がほかの窓口へ移しました"
	}
	return "本人が「ちがう」と答えて選びました"
}

func decidedBy(l lesson.Lesson) string {
	return san(l.By.Name) + "が決めました（" + when(l.Decided) + "）。"
}

// lessonRefusal says why nothing was changed.
func lessonRefusal(l lesson.Lesson, why lesson.Refusal) string {
	switch why {
	case lesson.RefusedDecided:
		state := "やめることに"
		if l.State == lesson.Accepted {
			state = "覚えさせることに"
		}
		return "もう決まっています：" + san(l.By.Name) + "が" + state + "しました。"
	case lesson.RefusedEdited:
		return noteLessonEdited
	case lesson.RefusedEmpty:
		return noteLessonEmpty
	case lesson.RefusedLong:
		return noteLessonLong
	case lesson.RefusedWindow:
		return noteLessonWindow
	}
	return ""
}

// lessonButtons are what staff can do with a lesson. A worse answer elsewhere
// is asked about once more.
func lessonButtons(l lesson.Lesson, e lesson.Effect) *sdk.ActionBlock {
	value := encodeAbout(l)
	button := func(id, text string) *sdk.ButtonBlockElement {
		return sdk.NewButtonBlockElement(id, value, plainText(text))
	}
	ask := func(title, text, yes string) *sdk.ConfirmationBlockObject {
		return sdk.NewConfirmationBlockObject(plainText(title), plainText(text), plainText(yes), plainText("もどる"))
	}
	if l.State == lesson.Accepted {
		forget := button(actDropLesson, "忘れさせる")
		forget.Confirm = ask("忘れさせますか", "bot はこの言葉を忘れ、ことばはここからも消えます。", "忘れさせる")
		return sdk.NewActionBlock("", forget)
	}
	teach := button(actTeach, "覚えさせる")
	teach.Style = sdk.StylePrimary
	if e.Worse() {
		teach.Confirm = ask("悪くなる答えがあります", fmt.Sprintf("試験の%d件の答えが悪くなります。それでも覚えさせますか。", len(e.Spoilt)), "覚えさせる")
	}
	return sdk.NewActionBlock("", teach, button(actEditLesson, "言葉を直す"), button(actDropLesson, "やめる"))
}

func encodeAbout(l lesson.Lesson) string {
	b, err := json.Marshal(aboutLesson{Lesson: l.ID, Edits: l.Edits})
	if err != nil { // strings and numbers cannot fail to encode
		panic(fmt.Sprintf("slack: encode lesson: %v", err))
	}
	return string(b)
}

// lessonModal changes the words and the window before they are learned.
func lessonModal(l lesson.Lesson, pack *bot.Content) sdk.ModalViewRequest {
	field := sdk.NewPlainTextInputBlockElement(nil, inputText).WithMultiline(true).WithMinLength(lesson.MinText).WithMaxLength(lesson.MaxText)
	field.InitialValue = l.Text
	text := sdk.NewInputBlock(inputText, plainText("覚えさせる言葉"),
		plainText("名前、電話、住所など、だれかわかることは消してください。何があったかは残します。"), field)
	groups, chosen := lessonWindows(pack, l.Right)
	choose := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("窓口を選ぶ"), inputWindow, groups...)
	choose.InitialOption = chosen
	view := modal(viewLesson, "言葉を直す", "直す", "やめる", about{}, []sdk.Block{
		text, sdk.NewInputBlock(inputWindow, plainText("正しい窓口"), nil, choose),
	})
	view.PrivateMetadata = encodeAbout(l)
	return view
}

// lessonWindows lists the windows whose words may be taught; chosen is now's.
func lessonWindows(pack *bot.Content, right string) (groups []*sdk.OptionGroupBlockObject, chosen *sdk.OptionBlockObject) {
	windows := slices.DeleteFunc(slices.Clone(pack.Windows), func(w bot.Window) bool {
		return !pack.Teachable(w.ID) || len(w.ID) > maxValue
	})
	slices.SortStableFunc(windows, func(x, y bot.Window) int { return cmp.Compare(x.Order, y.Order) })
	place := map[string]int{}
	for _, w := range windows[:min(len(windows), maxOptions)] {
		label := kindText(w.Kind)
		at, ok := place[label]
		if !ok {
			at = len(groups)
			place[label] = at
			groups = append(groups, sdk.NewOptionGroupBlockElement(plainText(label)))
		}
		option := sdk.NewOptionBlockObject(w.ID, plainText(oneLine(windowName(pack, w.ID), maxOption)), nil)
		groups[at].Options = append(groups[at].Options, option)
		if w.ID == right {
			chosen = option
		}
	}
	return groups, chosen
}
