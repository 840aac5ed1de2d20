package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// A case begun by hand: from a message (a shortcut on it), or from the
// shortcuts menu.
const (
	viewByHand  = "by-hand"
	inputHow    = "how"
	inputDanger = "danger"
)

func hows() [][2]string {
	return [][2]string{{desk.ByPhone, "電話"}, {desk.ByVisit, "窓口に来た"}, {desk.ByOther, "そのほか"}}
}

func howText(how string) string {
	for _, h := range hows() {
		if h[0] == how {
			return h[1]
		}
	}
	return "そのほか"
}

// startByHand opens the form of a case by hand.
func (c *Client) startByHand(ctx context.Context, i *interaction) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	tell := func(note string) {
		if channel := i.Channel.ID; channel != "" {
			c.whisper(channel, i.User.ID, "", note)
		}
	}
	switch in, err := c.known(ctx, i.User.ID); {
	case err != nil:
		tell(noteUnknown)
		return
	case !in:
		tell(noteStranger)
		return
	}
	words := ""
	if m := i.Message; m != nil {
		words = strings.TrimSpace(clean(plain(m.Text, func(user string) string { return user })))
	}
	c.openView(ctx, i, shortcutByHand, byHandModal(c.cfg.Content(), words))
}

func byHandModal(pack *bot.Content, words string) sdk.ModalViewRequest {
	window := sdk.NewOptionsGroupSelectBlockElement(sdk.OptTypeStatic, plainText("窓口を選ぶ"), inputWindow, windowGroups(pack)...)
	how := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("選ぶ"), inputHow)
	for _, h := range hows() {
		how.Options = append(how.Options, sdk.NewOptionBlockObject(h[0], plainText(h[1]), nil))
	}
	how.InitialOption = how.Options[0]
	if len([]rune(words)) > 3000 {
		words = string([]rune(words)[:3000])
	}
	blocks := []sdk.Block{
		hint("電話や窓口での相談を書きとめて、窓口に送ります。ご本人に LINE で書くことはできません。"),
		sdk.NewInputBlock(inputWindow, plainText("どの窓口に送りますか"), nil, window),
		sdk.NewInputBlock(inputHow, plainText("どこから"), nil, how),
		textInput(inputText, "相談の内容と、連絡のしかた", "窓口の人が読みます。必要なことだけを書いてください。", words, 3000, false, true),
	}
	var dangers []*sdk.OptionBlockObject
	for _, d := range pack.Dangers {
		if len(d.Kind) <= maxValue && len(dangers) < 100 {
			dangers = append(dangers, sdk.NewOptionBlockObject(d.Kind, plainText(oneLine(dangerName(pack, d.Kind), maxOption)), nil))
		}
	}
	if len(dangers) > 0 {
		urgent := sdk.NewInputBlock(inputDanger, plainText("緊急のとき"), plainText("選ぶと、緊急のチャンネルに出て、すぐに呼びます。"),
			sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("緊急ではない"), inputDanger, dangers...))
		urgent.Optional = true
		blocks = append(blocks, urgent)
	}
	return sdk.ModalViewRequest{
		Type: sdk.VTModal, CallbackID: viewByHand, Title: plainText("相談を書きとめる"), Submit: plainText("窓口に送る"), Close: plainText("やめる"),
		Blocks: sdk.Blocks{BlockSet: blocks},
	}
}

// begunByHand makes the case durable. The same form submitted twice is the
// same case.
func (c *Client) begunByHand(ctx context.Context, i *interaction) answer {
	pack := c.cfg.Content()
	do := desk.Begin{Window: i.typed(inputWindow), How: i.typed(inputHow), Text: i.written(inputText), Danger: i.typed(inputDanger)}
	switch {
	case pack.Window(do.Window) == nil:
		return complain(inputWindow, noteNoWindow)
	case do.Text == "":
		return complain(inputText, "相談の内容を書いてください。")
	case do.Danger != "" && pack.Danger(do.Danger) == nil:
		return complain(inputDanger, "選び直してください。")
	}
	root := i.View.RootID
	if root == "" {
		root = i.View.ID
	}
	sum := sha256.Sum256([]byte("by hand " + root))
	id := hex.EncodeToString(sum[:13])
	cmd := desk.Command{ID: "view:" + root + ":begin", Case: "c-" + id, By: c.staff(ctx, i.User.ID), At: c.cfg.Now(), Action: do}
	if err := c.order(ctx, "slack:"+cmd.ID, "h-"+id, cmd); err != nil {
		return complain(inputText, noteSubmit)
	}
	return notice("*" + bot.CaseNumber(cmd.Case) + "* を作りました。「" + escape(oneLine(windowName(pack, do.Window), 60)) + "」のチャンネルに、まもなくカードが出ます。")
}
