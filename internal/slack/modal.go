package slack

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The modals, by the first word of their callback_id.
const (
	viewReply   = "reply"
	viewPreview = "preview"
	viewMove    = "move"
	viewClose   = "close"
)

// The inputs: block_id and action_id are the same.
const (
	inputText    = "text"
	inputWindow  = "window"
	inputWhy     = "why"
	inputOutcome = "outcome"
)

// Slack's limits of views, in characters.
// https://docs.slack.dev/reference/views/modal-views
const (
	maxMetadata = 3000
	maxCallback = 255
	maxOptions  = 100
	maxWhy      = 1000
	maxOption   = 75
	maxValue    = 150
)

func modal(kind, title, submit, cancel string, a about, blocks []sdk.Block) sdk.ModalViewRequest {
	meta, err := json.Marshal(a)
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("slack: encode modal: %v", err))
	}
	view := sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: kind, PrivateMetadata: string(meta),
		Title: plainText(title), Close: plainText(cancel), Blocks: sdk.Blocks{BlockSet: blocks},
	}
	if submit != "" {
		view.Submit = plainText(submit)
	}
	return view
}

// replyModal asks for the words to the resident.
func replyModal(a about, most int) sdk.ModalViewRequest {
	field := sdk.NewPlainTextInputBlockElement(nil, inputText).WithMultiline(true).WithMaxLength(most)
	field.FocusOnLoad = true
	input := sdk.NewInputBlock(inputText, plainText("ご本人に送ることば"),
		plainText(fmt.Sprintf("%d 文字まで。次の画面で、届くとおりに確かめてから送ります。", most)), field)
	return modal(viewReply, "返信", "確かめる", "やめる", a, []sdk.Block{
		hint(a.Number + "　" + readsIn(a.Lang)), input,
	})
}

// readsIn tells how the resident reads; nothing is translated.
func readsIn(lang string) string {
	l := bot.Lang(lang)
	switch l {
	case bot.Ja, "":
		return "ご本人は日本語で読みます。"
	case bot.EasyJa:
		return "ご本人は「やさしい日本語」で読みます。短い文で、やさしいことばで書いてください。"
	case bot.En, bot.Zh, bot.Ko, bot.Vi:
	}
	return "ご本人は" + language(l) + "で読みます。書いたとおりに届きます（翻訳はしません）。"
}

// previewModal shows the words as the resident will get them. They travel in
// the private metadata, untouched; what else must be known is in the
// callback_id. warning, when not empty, says why the view is still there.
func previewModal(a about, words, from, warning string) (sdk.ModalViewRequest, error) {
	about, err := json.Marshal([]string{a.Case, a.Resident, a.Lang})
	if err != nil {
		return sdk.ModalViewRequest{}, err
	}
	callback := viewPreview + " " + string(about)
	if len([]rune(callback)) > maxCallback || len([]rune(words)) > maxMetadata {
		return sdk.ModalViewRequest{}, errors.New("too long for a view")
	}
	var blocks []sdk.Block
	if warning != "" {
		blocks = append(blocks, section("*"+escape(warning)+"*"))
	}
	blocks = append(blocks,
		hint("ご本人の LINE には、このとおりに届きます。送る人の名前："+oneLine(from, maxName)),
		sdk.NewDividerBlock(),
		// Rich text shows the characters themselves: no markup, no emoji codes.
		sdk.NewRichTextBlock("", sdk.NewRichTextSection(sdk.NewRichTextSectionTextElement(words, nil))),
		sdk.NewDividerBlock(),
		hint(bot.CaseNumber(a.Case)+"　"+readsIn(a.Lang)),
	)
	return sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: callback, PrivateMetadata: words,
		Title: plainText("こう届きます"), Submit: plainText("送る"), Close: plainText("直す"),
		Blocks: sdk.Blocks{BlockSet: blocks},
	}, nil
}

// previewed reads a preview's callback_id.
func previewed(callback string) (about, error) {
	var parts []string
	if err := json.Unmarshal([]byte(strings.TrimPrefix(callback, viewPreview+" ")), &parts); err != nil {
		return about{}, fmt.Errorf("read preview: %w", err)
	}
	if len(parts) != 3 {
		return about{}, fmt.Errorf("read preview: %d parts", len(parts))
	}
	a := about{Case: parts[0], Resident: parts[1], Lang: parts[2]}
	if !a.valid() {
		return about{}, errors.New("read preview: no case")
	}
	return a, nil
}

// moveModal asks which window the case goes to. Windows without staff, and the
// one that has it, are not offered.
func moveModal(a about, pack *bot.Content) sdk.ModalViewRequest {
	choose := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("窓口を選ぶ"), inputWindow, windowGroups(pack, a.Window)...)
	if len(choose.OptionGroups) == 0 {
		// A select without options is refused: the pack has no other window.
		return modal(viewMove, "ほかの窓口へ", "", "閉じる", a, []sdk.Block{hint("引き継げる窓口が、ほかにありません。")})
	}
	why := sdk.NewPlainTextInputBlockElement(nil, inputWhy).WithMultiline(true).WithMaxLength(maxWhy)
	reason := sdk.NewInputBlock(inputWhy, plainText("引き継ぐ理由（次の職員が読みます）"), nil, why)
	reason.Optional = true
	return modal(viewMove, "ほかの窓口へ", "引き継ぐ", "やめる", a, []sdk.Block{
		hint(a.Number + "　いまの窓口：" + windowName(pack, a.Window) + "。ここまでのことばは次の窓口にも見えます。ご本人には窓口が変わると伝わります。"),
		sdk.NewInputBlock(inputWindow, plainText("引き継ぐ窓口"), nil, choose),
		reason,
	})
}

func windowGroups(pack *bot.Content, without string) []*sdk.OptionGroupBlockObject {
	windows := slices.DeleteFunc(slices.Clone(pack.Windows), func(w bot.Window) bool {
		return !w.People || w.ID == without || w.ID == "" || len(w.ID) > maxValue
	})
	slices.SortStableFunc(windows, func(x, y bot.Window) int { return cmp.Compare(x.Order, y.Order) })
	windows = windows[:min(len(windows), maxOptions)]
	var groups []*sdk.OptionGroupBlockObject
	place := map[string]int{}
	for _, w := range windows {
		label := kindText(w.Kind)
		at, ok := place[label]
		if !ok {
			at = len(groups)
			place[label] = at
			groups = append(groups, sdk.NewOptionGroupBlockElement(plainText(label)))
		}
		name := oneLine(windowName(pack, w.ID), maxOption)
		groups[at].Options = append(groups[at].Options, sdk.NewOptionBlockObject(w.ID, plainText(name), nil))
	}
	return groups
}

// closeModal asks how the case ended.
func closeModal(a about) sdk.ModalViewRequest {
	var options []*sdk.OptionBlockObject
	for _, o := range outcomes() {
		options = append(options, sdk.NewOptionBlockObject(o.value, plainText(o.text), nil))
	}
	choose := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("選ぶ"), inputOutcome, options...)
	return modal(viewClose, "終了", "終了する", "やめる", a, []sdk.Block{
		hint(a.Number + "　ご本人には、相談が終わったことと、また書けることが伝わります。"),
		sdk.NewInputBlock(inputOutcome, plainText("どう終わりましたか"), nil, choose),
	})
}

func aboutCase(c desk.Case) about {
	a := about{Case: c.ID, Resident: c.Resident, Lang: oneLine(string(c.Lang), 20), Number: c.Number()}
	if len(c.Window) <= maxValue { // only to leave it out of a list
		a.Window = c.Window
	}
	return a
}
