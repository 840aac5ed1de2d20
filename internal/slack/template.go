package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
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

// maxShowBytes bounds the options of the modal that offers cards: Slack takes
// views of 250 KB.
const maxShowBytes = 150 << 10

// maxNarrowed is how many places a search in it offers: what answers over a
// socket may have 20 KB.
const maxNarrowed = 40

// showModal offers the pack's cards: a window, something to take part in, a
// place, a day. Slack takes 100 options in a group and 100 groups, so that all
// of a city's places fit one menu, which people can type into. Where even that
// is not enough, the city's lists are looked through by find first.
func showModal(a about, pack *bot.Content, now time.Time, find, text string) sdk.ModalViewRequest {
	groups := showGroups(pack, now)
	if find != "" {
		groups = narrowed(groups, find)
	}
	if len(groups) == 0 && find == "" {
		return modal(viewShow, "案内のカード", "", "閉じる", a, []sdk.Block{hint("送れるカードがありません。")})
	}
	blocks := []sdk.Block{hint(a.Number + "　ご本人のことばで、bot が見せるのと同じカードが届きます。地名と名前は、日本語のままです。")}
	fit := 0
	for size := 0; fit < len(groups); fit++ {
		raw, err := encode(groups[fit])
		if size += len(raw); err != nil || size > maxShowBytes || fit == maxOptions {
			break
		}
	}
	search := fit < len(groups) || find != ""
	if search {
		blocks = append(blocks, line(inputFind, "場所をさがす", "場所が多いので、ここに名前の一部を書いて「さがす・送る」を押すと、下からえらべます。", find, maxShort, true))
	}
	if fit > 0 {
		choose := sdk.NewInputBlock(inputName, plainText("カード"), nil,
			sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("カードを選ぶ"), inputName, groups[:fit]...))
		choose.Optional = search
		blocks = append(blocks, choose)
	} else {
		blocks = append(blocks, hint("見つかりませんでした。名前のほかの部分でためしてください。"))
	}
	submit := "送る"
	if search {
		submit = "さがす・送る"
	}
	return modal(viewShow, "案内のカード", submit, "やめる", a, append(blocks, textInput(inputText, "そえることば", "", text, maxGoal, true, true)))
}

// showGroups are all cards there are, under headings.
func showGroups(pack *bot.Content, now time.Time) []*sdk.OptionGroupBlockObject {
	groups := windowGroups(pack)
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
	of := map[string][]bot.Handout{}
	for _, h := range pack.Handouts(now) {
		if !blank(h.Name) {
			of[h.Kind] = append(of[h.Kind], h)
		}
	}
	for _, kind := range []string{bot.HandPlace, bot.HandDay, bot.HandFacility, bot.HandShelter} {
		parts := slices.Collect(slices.Chunk(of[kind], maxOptions))
		for n, part := range parts {
			label := handKind(kind)
			if len(parts) > 1 {
				label += fmt.Sprintf(" %d/%d（%s〜%s）", n+1, len(parts), initial(part[0]), initial(part[len(part)-1]))
			}
			g := sdk.NewOptionGroupBlockElement(plainText(label))
			for _, h := range part {
				g.Options = append(g.Options, sdk.NewOptionBlockObject(h.Show, plainText(oneLine(h.Name, maxOption)), nil))
			}
			groups = append(groups, g)
		}
	}
	return groups
}

// initial is the beginning of a reading, to find one's part of a long list.
func initial(h bot.Handout) string {
	r := []rune(oneLine(h.Kana, maxOption))
	return string(r[:min(len(r), 3)])
}

// narrowed keeps the options whose name holds what was typed.
func narrowed(groups []*sdk.OptionGroupBlockObject, find string) []*sdk.OptionGroupBlockObject {
	left := maxNarrowed
	var out []*sdk.OptionGroupBlockObject
	for _, g := range groups {
		options := slices.DeleteFunc(slices.Clone(g.Options), func(o *sdk.OptionBlockObject) bool {
			return !strings.Contains(fold(o.Text.Text), fold(find))
		})
		options = options[:min(len(options), left)]
		if left -= len(options); len(options) > 0 {
			out = append(out, &sdk.OptionGroupBlockObject{Label: g.Label, Options: options})
		}
	}
	return out
}

func handKind(kind string) string {
	switch kind {
	case bot.HandPlace:
		return "窓口の場所"
	case bot.HandDay:
		return "出張相談の日"
	case bot.HandFacility:
		return "公共施設"
	case bot.HandShelter:
		return "避難場所"
	}
	return "カード"
}

// shown reads the modal: which card is sent, or what is looked for.
func (c *Client) shown(i *interaction) (desk.Action, answer) {
	pack, show, find, text := c.cfg.Content(), i.typed(inputName), i.written(inputFind), i.written(inputText)
	if show == "" && find != "" {
		var a about
		if err := json.Unmarshal([]byte(i.View.Metadata), &a); err != nil {
			return nil, complain(inputFind, noteSubmit)
		}
		view := showModal(a, pack, c.cfg.Now(), find, text)
		return nil, say(sdk.NewUpdateViewSubmissionResponse(&view))
	}
	kind, id, _ := strings.Cut(show, ":")
	if kind == "window" && pack.Window(id) != nil || kind == "role" && pack.Opportunity(id) != nil || pack.Handout(show) != nil {
		return desk.Reply{Show: show, Text: text}, complain(inputName, noteSubmit)
	}
	for _, block := range []string{inputName, inputFind} {
		if _, there := i.View.State.Values[block]; there {
			return nil, complain(block, noteNoCard)
		}
	}
	return nil, notDurable
}

// cardMark is how a thread's line names a card that was sent (desk.Held.Show).
var cardMark = regexp.MustCompile(`［(window|role|place|day|facility|shelter):([^］\s]+)］`)

// withNames writes the names of cards instead of their ids.
func withNames(pack *bot.Content, text string) string {
	return cardMark.ReplaceAllStringFunc(text, func(mark string) string {
		parts := cardMark.FindStringSubmatch(mark)
		switch kind, id := parts[1], parts[2]; kind {
		case "window", "role":
			return "［案内のカード：" + shownName(pack, id) + "］"
		default:
			name := handKind(kind)
			if h := pack.Handout(kind + ":" + id); h != nil {
				name += "　" + oneLine(h.Name, maxOption)
			}
			return "［案内のカード：" + name + "］"
		}
	})
}
