package line

import (
	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// roomy is how wide a button's label can be and still stand on one line of a
// bubble when the resident's letters are half as large again, in half-width
// letters. A wider one is drawn as a box, where it goes on in a second line: a
// button would draw it smaller, or cut it.
const roomy = 22

// button draws an action of a card. accent is empty for those that are not the
// card's first.
func button(b bot.Button, accent string) messaging_api.FlexComponentInterface {
	if halfWidths(b.Label) <= roomy {
		style := messaging_api.FlexButtonSTYLE_SECONDARY
		if accent != "" {
			style = messaging_api.FlexButtonSTYLE_PRIMARY
		}
		return &messaging_api.FlexButton{
			Style: style, Color: accent, Height: messaging_api.FlexButtonHEIGHT_MD, Action: action(b), Scaling: true,
			AdjustMode: messaging_api.FlexButtonADJUST_MODE_SHRINK_TO_FIT,
		}
	}
	ground, letters := accent, white
	if accent == "" {
		ground, letters = plain, ink
	}
	label := text(b.Label, "md", letters)
	label.Align, label.Weight = messaging_api.FlexTextALIGN_CENTER, messaging_api.FlexTextWEIGHT_BOLD
	return &messaging_api.FlexBox{
		Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, BackgroundColor: ground, CornerRadius: "8px", PaddingAll: "12px",
		Action: action(b), Contents: []messaging_api.FlexComponentInterface{label},
	}
}

// halfWidths is the width of a text in half-width letters: those of East Asia
// are twice as wide.
func halfWidths(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x1100 && (r < 0x1e00 || r >= 0x2e80) {
			n++
		}
	}
	return n
}
