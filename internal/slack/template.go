package slack

import (
	"context"
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
)

// templatesFor are the pack's templates for a window: its own first, then
// those for all.
func templatesFor(pack *bot.Content, window string) []bot.Template {
	var own, all []bot.Template
	for _, t := range pack.Templates {
		switch {
		case slices.Contains(t.Windows, window):
			own = append(own, t)
		case len(t.Windows) == 0:
			all = append(all, t)
		}
	}
	list := append(own, all...)
	return list[:min(len(list), maxOptions)]
}

// templateModal offers sentences the office has agreed on.
func templateModal(a about, pack *bot.Content) sdk.ModalViewRequest {
	var options []*sdk.OptionBlockObject
	for _, t := range templatesFor(pack, a.Window) {
		options = append(options, sdk.NewOptionBlockObject(t.ID, plainText(oneLine(t.Name, maxOption)), nil))
	}
	if len(options) == 0 {
		return modal(viewTemplate, "ひな形", "", "閉じる", a, []sdk.Block{hint("この窓口のひな形は、まだありません。")})
	}
	choose := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("ひな形を選ぶ"), inputName, options...)
	return modal(viewTemplate, "ひな形", "次へ", "やめる", a, []sdk.Block{
		hint(a.Number + "　" + readsIn(a.Lang) + "　次の画面で直せます。"),
		sdk.NewInputBlock(inputName, plainText("ひな形"), nil, choose),
	})
}

// fillTemplate opens the reply with a template's words, in the resident's
// language, as far as its placeholders are known.
func (c *Client) fillTemplate(ctx context.Context, i *interaction, a about) answer {
	pack := c.cfg.Content()
	at := slices.IndexFunc(pack.Templates, func(t bot.Template) bool { return t.ID == i.typed(inputName) })
	if at < 0 {
		return complain(inputName, noteNoTemplate)
	}
	l := bot.Lang(a.Lang)
	words := strings.NewReplacer(
		"{number}", a.Number, "{staff}", c.name(ctx, i.User.ID), "{office}", pack.City.Office.In(l), "{window}", windowIn(pack, a.Window, l),
	).Replace(pack.Templates[at].Text.In(l))
	view := replyModal(a, c.maxInput(), words)
	return say(sdk.NewPushViewSubmissionResponse(&view))
}

func windowIn(pack *bot.Content, id string, l bot.Lang) string {
	if w := pack.Window(id); w != nil {
		return w.Name.In(l)
	}
	return ""
}

// showModal offers the pack's cards: a window, or something to take part in.
func showModal(a about, pack *bot.Content) sdk.ModalViewRequest {
	groups := windowGroups(pack, "")
	for _, g := range groups {
		for _, o := range g.Options {
			o.Value = "window:" + o.Value
		}
	}
	roles := sdk.NewOptionGroupBlockElement(plainText("活動"))
	for _, o := range pack.Opportunities[:min(len(pack.Opportunities), maxOptions)] {
		if len("role:"+o.ID) <= maxValue && !blank(o.Name.In(bot.Ja)) {
			roles.Options = append(roles.Options, sdk.NewOptionBlockObject("role:"+o.ID, plainText(oneLine(o.Name.In(bot.Ja), maxOption)), nil))
		}
	}
	if len(roles.Options) > 0 {
		groups = append(groups, roles)
	}
	if len(groups) == 0 {
		return modal(viewShow, "案内のカード", "", "閉じる", a, []sdk.Block{hint("送れるカードがありません。")})
	}
	choose := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("カードを選ぶ"), inputName, groups...)
	return modal(viewShow, "案内のカード", "送る", "やめる", a, []sdk.Block{
		hint(a.Number + "　ご本人のことばで、bot が見せるのと同じカードが届きます。"),
		sdk.NewInputBlock(inputName, plainText("カード"), nil, choose),
		textInput(inputText, "そえることば", "", "", maxGoal, true, true),
	})
}
