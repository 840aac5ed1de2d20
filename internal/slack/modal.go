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

	viewTemplate = "template"
	viewShow     = "show"
	viewPlan     = "plan"
	viewInvite   = "invite"
	viewConsent  = "consent"
	viewNext     = "next"
	viewSnooze   = "snooze"
	viewMemo     = "memo"
	viewCall     = "call"
	viewRefuse   = "refuse"
)

// The inputs: block_id and action_id are the same.
const (
	inputText    = "text"
	inputWindow  = "window"
	inputWhy     = "why"
	inputOutcome = "outcome"
	inputWhere   = "where"
	inputWhen    = "when"
	inputFiles   = "files"
	inputName    = "name"
	inputFind    = "find"
	inputDate    = "date"
	inputTime    = "time"
	inputTell    = "tell"
	inputTags    = "tags"
	inputGoal    = "goal"
	inputWish    = "wish"
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

// replyModal asks for the words to the resident, and for what goes with them.
func replyModal(a about, most int, words string) sdk.ModalViewRequest {
	field := sdk.NewPlainTextInputBlockElement(nil, inputText).WithMultiline(true).WithMaxLength(most)
	field.FocusOnLoad = true
	if words != "" {
		field.InitialValue = string([]rune(words)[:min(len([]rune(words)), most)])
	}
	input := sdk.NewInputBlock(inputText, plainText("ご本人に送ることば"),
		plainText(fmt.Sprintf("%d 文字まで。次の画面で、届くとおりに確かめてから送ります。", most)), field)
	input.Optional = true // a picture can go alone
	files := sdk.NewFileInputBlockElement(inputFiles).WithFileTypes("pdf", "png", "jpg", "jpeg", "gif").WithMaxFiles(maxFiles)
	with := sdk.NewInputBlock(inputFiles, plainText("写真・PDF"), plainText("10 MB まで。写真（JPEG・PNG）はそのまま、ほかは7日間だけ開けるリンクで届きます。"), files)
	with.Optional = true
	return modal(viewReply, "返信", "確かめる", "やめる", a, []sdk.Block{
		hint(a.Number + "　" + readsIn(a.Lang)), input, with,
	})
}

// maxFiles is how many files a reply takes: with the words they must fit into
// one call to LINE.
const maxFiles = 3

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

// draft is a reply between the modal and its preview.
type draft struct {
	Words string      `json:"w"`
	Files []desk.File `json:"f,omitempty"`
}

// metadata carries words untouched when there is nothing else.
func (d draft) metadata() (kind, meta string, err error) {
	if len(d.Files) == 0 {
		return viewPreview, d.Words, nil
	}
	b, err := encode(d)
	return viewPreview + "+files", string(b), err
}

func (d draft) fits() bool {
	_, meta, err := d.metadata()
	return err == nil && len([]rune(meta)) <= maxMetadata
}

// previewModal shows the words as the resident will get them. They travel in
// the private metadata; what else must be known is in the callback_id.
// warning, when not empty, says why the view is still there.
func previewModal(a about, d draft, from, warning string, hints []string) (sdk.ModalViewRequest, error) {
	about, err := json.Marshal([]string{a.Case, a.Resident, a.Lang})
	if err != nil {
		return sdk.ModalViewRequest{}, err
	}
	kind, meta, err := d.metadata()
	if err != nil {
		return sdk.ModalViewRequest{}, err
	}
	callback := kind + " " + string(about)
	if len([]rune(callback)) > maxCallback || len([]rune(meta)) > maxMetadata {
		return sdk.ModalViewRequest{}, errors.New("too long for a view")
	}
	var blocks []sdk.Block
	if warning != "" {
		blocks = append(blocks, section("*"+escape(warning)+"*"))
	}
	blocks = append(blocks,
		hint("ご本人の LINE には、このとおりに届きます。送る人の名前："+oneLine(from, maxName)),
		sdk.NewDividerBlock())
	if !blank(d.Words) {
		// Rich text shows the characters themselves: no markup, no emoji codes.
		blocks = append(blocks, sdk.NewRichTextBlock("", sdk.NewRichTextSection(sdk.NewRichTextSectionTextElement(d.Words, nil))))
	}
	for _, f := range d.Files {
		blocks = append(blocks, hint("［"+oneLine(f.Name, 100)+"］　7日間だけ開けるリンク"))
	}
	blocks = append(blocks, sdk.NewDividerBlock())
	for _, h := range hints[:min(len(hints), maxHints)] {
		blocks = append(blocks, hint("やさしくするには：「"+oneLine(h, 300)+"」"))
	}
	blocks = append(blocks, hint(bot.CaseNumber(a.Case)+"　"+readsIn(a.Lang)+"　送ってから 10秒のあいだ、スレッドで取り消せます。"))
	return sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: callback, PrivateMetadata: meta,
		Title: plainText("こう届きます"), Submit: plainText("送る"), Close: plainText("直す"),
		Blocks: sdk.Blocks{BlockSet: blocks},
	}, nil
}

// maxHints bounds what a preview advises: more would not be read.
const maxHints = 5

// previewed reads a preview's callback_id and metadata.
func previewed(callback, meta string) (about, draft, error) {
	kind, rest, _ := strings.Cut(callback, " ")
	d := draft{Words: meta}
	if kind == viewPreview+"+files" {
		d = draft{}
		if err := json.Unmarshal([]byte(meta), &d); err != nil {
			return about{}, d, fmt.Errorf("read preview: %w", err)
		}
	}
	var parts []string
	if err := json.Unmarshal([]byte(rest), &parts); err != nil {
		return about{}, d, fmt.Errorf("read preview: %w", err)
	}
	if len(parts) != 3 {
		return about{}, d, fmt.Errorf("read preview: %d parts", len(parts))
	}
	a := about{Case: parts[0], Resident: parts[1], Lang: parts[2]}
	if !a.valid() {
		return about{}, d, errors.New("read preview: no case")
	}
	return a, d, nil
}

// moveModal asks which window the case goes to. Windows without staff, and the
// one that has it, are not offered.
func moveModal(a about, pack *bot.Content) sdk.ModalViewRequest {
	choose := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("窓口を選ぶ"), inputWindow, calledGroups(pack, a.Window)...)
	if len(choose.OptionGroups) == 0 {
		// A select without options is refused: the pack has no other window.
		return modal(viewMove, "ほかの窓口に引き継ぐ", "", "閉じる", a, []sdk.Block{hint("引き継げる窓口が、ほかにありません。")})
	}
	why := sdk.NewPlainTextInputBlockElement(nil, inputWhy).WithMultiline(true).WithMaxLength(maxWhy)
	reason := sdk.NewInputBlock(inputWhy, plainText("引き継ぐ理由（ご本人も読みます）"), plainText("2回目からは、かならず書いてください。"), why)
	reason.Optional = true
	soon := sdk.NewInputBlock(inputWhen, plainText("次の窓口が連絡する時"), plainText("例：あすの午前"), sdk.NewPlainTextInputBlockElement(nil, inputWhen).WithMaxLength(maxShort))
	soon.Optional = true
	return modal(viewMove, "ほかの窓口に引き継ぐ", "引き継ぐ", "やめる", a, []sdk.Block{
		hint(a.Number + "　いまの窓口：" + windowName(pack, a.Window) + "。担当がいる相談は、まずご本人にたずね、次の窓口が「受ける」と押してから替わります。"),
		sdk.NewInputBlock(inputWindow, plainText("引き継ぐ窓口"), nil, choose),
		reason, soon,
	})
}

// windowGroups are all windows with staff, under headings.
func windowGroups(pack *bot.Content) []*sdk.OptionGroupBlockObject {
	return groupsOf(pack, func(bot.Window) bool { return true })
}

// calledGroups are those that a case can be handed over to, or that can be
// called into it, from another window.
func calledGroups(pack *bot.Content, from string) []*sdk.OptionGroupBlockObject {
	return groupsOf(pack, func(w bot.Window) bool { return w.ID != from && !w.Uncalled })
}

func groupsOf(pack *bot.Content, fits func(bot.Window) bool) []*sdk.OptionGroupBlockObject {
	windows := slices.DeleteFunc(slices.Clone(pack.Windows), func(w bot.Window) bool {
		return !w.People || !fits(w) || w.ID == "" || len(w.ID) > maxValue
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
