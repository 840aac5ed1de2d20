package slack

import (
	"fmt"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The lengths of small inputs, in characters.
const (
	maxShort = 60
	maxLine  = 100
	maxMemo  = 3000
)

// line is an input of one line; id names block and action.
func line(id, label, help, initial string, most int, optional bool) *sdk.InputBlock {
	return textInput(id, label, help, initial, most, optional, false)
}

func textInput(id, label, help, initial string, most int, optional, tall bool) *sdk.InputBlock {
	field := sdk.NewPlainTextInputBlockElement(nil, id).WithMultiline(tall).WithMaxLength(most)
	if r := []rune(initial); len(r) > 0 {
		field.InitialValue = string(r[:min(len(r), most)])
	}
	var hint *sdk.TextBlockObject
	if help != "" {
		hint = plainText(help)
	}
	b := sdk.NewInputBlock(id, plainText(label), hint, field)
	b.Optional = optional
	return b
}

func date(id, label, initial string, optional bool) *sdk.InputBlock {
	field := sdk.NewDatePickerBlockElement(id)
	field.InitialDate = initial
	b := sdk.NewInputBlock(id, plainText(label), nil, field)
	b.Optional = optional
	return b
}

func clockInput(id, label, initial string) *sdk.InputBlock {
	field := sdk.NewTimePickerBlockElement(id)
	field.InitialTime = initial
	return sdk.NewInputBlock(id, plainText(label), nil, field)
}

// tick is one box to tick.
func tick(id, label, text string) *sdk.InputBlock {
	box := sdk.NewCheckboxGroupsBlockElement(id, sdk.NewOptionBlockObject("yes", plainText(text), nil))
	b := sdk.NewInputBlock(id, plainText(label), nil, box)
	b.Optional = true
	return b
}

// closeModal asks how the case ended.
func closeModal(a about) sdk.ModalViewRequest {
	var options []*sdk.OptionBlockObject
	for _, o := range outcomes() {
		options = append(options, sdk.NewOptionBlockObject(o.value, plainText(o.text), nil))
	}
	choose := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("選ぶ"), inputOutcome, options...)
	return modal(viewClose, "終了", "終了する", "やめる", a, []sdk.Block{
		hint(a.Number + "　ご本人には、お礼と、14日のうちにまた書けることが伝わり、どうだったかを一度だけたずねます。"),
		sdk.NewInputBlock(inputOutcome, plainText("どう終わりましたか"), nil, choose),
		line(inputWhere, "つないだ先・続ける先", "ご本人も読みます。「つないだ」「続く」のときに書いてください。", "", maxShort, true),
	})
}

// refuseModal asks why a window cannot take a hand-over.
func refuseModal(a about) sdk.ModalViewRequest {
	return modal(viewRefuse, "受けられません", "伝える", "やめる", a, []sdk.Block{
		hint(a.Number + "　引き継ぎをたのんだ職員に戻ります。ご本人には何も届きません。"),
		textInput(inputWhy, "理由（たのんだ職員が読みます）", "", "", maxWhy, false, true),
	})
}

// callModal notes a telephone call: the other way when LINE does not arrive.
func callModal(a about) sdk.ModalViewRequest {
	return modal(viewCall, "電話の記録", "残す", "やめる", a, []sdk.Block{
		hint(a.Number + "　番号は、ご本人のことばの中にあることがあります。電話に出た人がご本人か、確かめてから話してください。"),
		textInput(inputText, "話したこと（職員だけが読みます）", "", "", maxMemo, false, true),
		tick(inputTell, "返事", "ご本人と話せた"),
	})
}

// memoModal keeps what only staff read.
func memoModal(a about, c desk.Case) sdk.ModalViewRequest {
	return modal(viewMemo, "メモ・望み・しるし", "残す", "やめる", a, []sdk.Block{
		hint(a.Number + "　職員だけが読みます。"),
		textInput(inputText, "メモ", "", "", maxMemo, true, true),
		textInput(inputWish, "ご本人の望み（ご本人のことばで）", "計画を作るとき、目標に入ります。", c.Wish, maxGoal, true, true),
		line(inputTags, "しるし（空白で区切る）", "例：訪問 きょうだい児", strings.Join(c.Tags, " "), maxLine, true),
	})
}

// nextModal asks what is done next and by when.
func nextModal(a about, desk *bot.Hours, now time.Time) sdk.ModalViewRequest {
	day, hour := nextDay(desk, now, "10:00")
	return modal(viewNext, "次にすること", "決める", "やめる", a, []sdk.Block{
		hint(a.Number + "　その時が来たら、スレッドであなたを呼びます。"),
		line(inputText, "何をしますか", "例：住居確保給付金の書類を送る", "", maxLine, false),
		date(inputDate, "いつまで", day, false),
		clockInput(inputTime, "何時", hour),
		tick(inputTell, "約束", "ご本人にも伝える"),
	})
}

func snoozeModal(a about, desk *bot.Hours, now time.Time) sdk.ModalViewRequest {
	day, hour := nextDay(desk, now, "09:00")
	return modal(viewSnooze, "あとにする", "あとにする", "やめる", a, []sdk.Block{
		hint(a.Number + "　その時か、ご本人が書いたときに戻ります。"),
		date(inputDate, "いつまで", day, false),
		clockInput(inputTime, "何時", hour),
	})
}

// nextDay is the next day on which the desk is open, tomorrow when nobody knows,
// and the hour at which something is done then: as usual, or when it opens.
func nextDay(desk *bot.Hours, now time.Time, usual string) (day, hour string) {
	y, m, d := now.In(bot.Tokyo).AddDate(0, 0, 1).Date()
	morning := time.Date(y, m, d, 0, 0, 0, -1, bot.Tokyo)
	if next, ok := desk.Next(morning); ok {
		return next.Format(dateOnly), max(usual, next.Format("15:04"))
	}
	return time.Date(y, m, d, 0, 0, 0, 0, bot.Tokyo).Format(dateOnly), usual
}

// consentModal asks whom the resident is asked about.
func consentModal(a about) sdk.ModalViewRequest {
	return modal(viewConsent, "伝えてよいか、たずねる", "たずねる", "やめる", a, []sdk.Block{
		hint(a.Number + "　ご本人が「はい」と答えるまで、伝えないでください。ご本人はいつでも取り消せます。"),
		line(inputName, "だれに（機関の名前）", "ご本人が読みます。", "", maxShort, false),
		line(inputText, "何を伝えますか", "例：名前と、家賃のこと", "", maxLine, true),
	})
}

// inviteModal asks which window joins, and what it is asked to do.
func inviteModal(a about, pack *bot.Content) sdk.ModalViewRequest {
	choose := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("窓口を選ぶ"), inputWindow, calledGroups(pack, a.Window)...)
	if len(choose.OptionGroups) == 0 {
		return modal(viewInvite, "ほかの窓口を呼ぶ", "", "閉じる", a, []sdk.Block{hint("呼べる窓口が、ほかにありません。")})
	}
	return modal(viewInvite, "ほかの窓口を呼ぶ", "呼ぶ", "やめる", a, []sdk.Block{
		hint(a.Number + "　担当は変わりません。同じスレッドで、いっしょに考えます。"),
		sdk.NewInputBlock(inputWindow, plainText("呼ぶ窓口"), nil, choose),
		line(inputText, "してほしいこと", "", "", maxLine, true),
	})
}

// planSteps is how many small steps a plan has at most.
const planSteps = 3

// planModal writes down what resident and staff decide together, beginning
// from what was decided or proposed last.
func planModal(a about, c desk.Case) sdk.ModalViewRequest {
	p := c.Asked
	if p == nil {
		p = c.Plan
	}
	if p == nil {
		p = &bot.Plan{Goal: c.Wish}
	}
	blocks := []sdk.Block{
		hint(a.Number + "　ご本人が LINE で見て、「はい」と答えてから始まります。" + readsIn(a.Lang)),
		textInput(inputGoal, "目標（ご本人のことばで）", "", p.Goal, maxGoal, false, true),
	}
	for i := range planSteps {
		var s bot.Step
		if i < len(p.Steps) {
			s = p.Steps[i]
		}
		n := fmt.Sprint(i + 1)
		who := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("だれが"), "who"+n)
		for _, w := range []string{bot.StepStaff, bot.StepResident, bot.StepBoth} {
			o := sdk.NewOptionBlockObject(w, plainText(stepWho(w)), nil)
			who.Options = append(who.Options, o)
			if s.Who == w {
				who.InitialOption = o
			}
		}
		ask := sdk.NewInputBlock("who"+n, plainText("だれが"), nil, who)
		ask.Optional = true
		blocks = append(blocks, line("step"+n, "小さな一歩 "+n, "", s.Text, maxLine, true), ask, date("by"+n, "いつまで", day(s.By), true))
	}
	return modal(viewPlan, "いっしょに決める", "ご本人に見せる", "やめる", a, blocks)
}

// day is a date a picker takes, or none.
func day(s string) string {
	if _, err := time.Parse(dateOnly, s); err != nil {
		return ""
	}
	return s
}

// filled reads the forms that become one command each. A nil action means that
// the form is another one, or, with an answer, that something is missing.
func (c *Client) filled(i *interaction, kind string) (desk.Action, answer) {
	again := func(block string) answer { return complain(block, noteSubmit) }
	switch kind {
	case viewRefuse:
		return desk.Refuse{Why: i.written(inputWhy)}, again(inputWhy)
	case viewCall:
		return desk.Write{Text: i.written(inputText), Call: true, Spoke: i.ticked(inputTell)}, again(inputText)
	case viewMemo:
		wish := i.written(inputWish)
		return desk.Write{Text: i.written(inputText), Wish: &wish, Tag: true, Tags: strings.Fields(i.written(inputTags))}, again(inputText)
	case viewConsent:
		return desk.AskConsent{With: i.written(inputName), What: i.written(inputText)}, again(inputName)
	case viewInvite:
		window := i.typed(inputWindow)
		if c.cfg.Content().Window(window) == nil {
			return nil, complain(inputWindow, noteNoWindow)
		}
		return desk.Invite{Window: window, Does: i.written(inputText)}, again(inputWindow)
	case viewNext, viewSnooze:
		at, err := time.ParseInLocation(dateOnly+" 15:04", i.typed(inputDate)+" "+i.typed(inputTime), bot.Tokyo)
		switch {
		case err != nil:
			return nil, complain(inputDate, noteNoTime)
		case at.Before(c.cfg.Now()):
			return nil, complain(inputDate, notePast)
		case kind == viewSnooze:
			return desk.Snooze{Until: at}, again(inputDate)
		}
		return desk.Promise{Text: i.written(inputText), Due: at, Tell: i.ticked(inputTell)}, again(inputText)
	case viewPlan:
		p := desk.Propose{Goal: i.written(inputGoal)}
		for n := 1; n <= planSteps; n++ {
			if text := i.written(fmt.Sprint("step", n)); text != "" {
				who := i.typed(fmt.Sprint("who", n))
				if who == "" {
					who = bot.StepBoth
				}
				p.Steps = append(p.Steps, desk.StepText{Text: text, Who: who, By: i.typed(fmt.Sprint("by", n))})
			}
		}
		return p, again(inputGoal)
	case viewShow:
		return c.shown(i)
	}
	return nil, answer{}
}
