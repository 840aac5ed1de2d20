package slack

import (
	"encoding/json"
	"fmt"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The buttons, by action_id.
const (
	actTake     = "take"
	actRelease  = "release"
	actReply    = "reply"
	actMove     = "move"
	actClose    = "close"
	actMenu     = "menu"
	actAccept   = "accept"
	actRefuse   = "refuse"
	actJoin     = "join"
	actStep     = "step"
	actTakeBack = "take-back"
	actAgain    = "again" // a reply that did not arrive, or was taken back
	actCall     = "call"
	actCannot   = "cannot" // of who was asked to take a case
)

// The menu's entries, by value.
const (
	menuNext     = "next"
	menuKept     = "kept"
	menuPlan     = "plan"
	menuInvite   = "invite"
	menuConsent  = "consent"
	menuTemplate = "template"
	menuShow     = "show"
	menuMemo     = "memo"
	menuCall     = "call"
	menuSnooze   = "snooze"
	menuCancel   = "cancel"
	menuLeave    = "leave " // and the window
)

// about is what a button or modal knows of its case, so that nothing has to be
// looked up before Slack gets its answer.
type about struct {
	Case     string `json:"case"`
	Resident string `json:"resident"`
	Window   string `json:"window,omitempty"`
	Lang     string `json:"lang,omitempty"`
	Number   string `json:"number,omitempty"`
	Arg      string `json:"arg,omitempty"` // of the button: an entry, a step, a window
}

func (a about) valid() bool { return a.Case != "" && a.Resident != "" }

func aboutCase(c desk.Case) about {
	a := about{Case: c.ID, Resident: c.Resident, Lang: oneLine(string(c.Lang), 20), Number: c.Number()}
	if len(c.Window) <= maxValue { // only to leave it out of a list
		a.Window = c.Window
	}
	return a
}

// pressed is a button that knows its case.
func pressed(id, text string, a about) *sdk.ButtonBlockElement {
	value, err := json.Marshal(a)
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("slack: encode button: %v", err))
	}
	return sdk.NewButtonBlockElement(id, string(value), plainText(text))
}

// buttons are what staff can do now. A stale card's buttons are harmless: the
// desk decides, not the card.
func buttons(c desk.Case) *sdk.ActionBlock {
	a := aboutCase(c)
	var row []sdk.BlockElement
	if c.Holder.ID == "" {
		row = append(row, pressed(actTake, "引き受ける", a).WithStyle(sdk.StylePrimary))
	}
	if !c.Left {
		row = append(row, pressed(actReply, "返信", a))
	}
	row = append(row, pressed(actMove, "引き継ぐ", a), pressed(actClose, "終了", a))
	if c.Holder.ID != "" {
		row = append(row, pressed(actRelease, "手ばなす", a))
	}
	return sdk.NewActionBlock("", row...)
}

// menu holds what is needed less often. An option has no room for what it must
// know, so that stands in the block's id.
func menu(c desk.Case, pack *bot.Content) *sdk.ActionBlock {
	var options []*sdk.OptionBlockObject
	option := func(value, text string) {
		options = append(options, sdk.NewOptionBlockObject(value, plainText(oneLine(text, maxOption)), nil))
	}
	if c.Next != nil {
		option(menuKept, "約束を果たした")
	}
	option(menuPerson, "だれかにたのむ")
	option(menuNext, "次にすること（約束）")
	if !c.Left {
		option(menuPlan, "計画：いっしょに決める")
		option(menuTemplate, "ひな形で返信")
		option(menuShow, "案内のカードを送る")
		option(menuConsent, "伝えてよいか、たずねる")
	}
	option(menuInvite, "ほかの窓口を呼ぶ")
	option(menuMemo, "メモ・望み・しるし")
	option(menuCall, "電話の記録")
	option(menuSnooze, "あとにする")
	if c.Offer != nil {
		option(menuCancel, "引き継ぎをやめる")
	}
	seen := map[string]bool{}
	for _, m := range c.Team[:min(len(c.Team), maxTeam)] {
		if len(menuLeave+m.Window) <= maxValue && !seen[m.Window] {
			seen[m.Window] = true
			option(menuLeave+m.Window, windowName(pack, m.Window)+"は、ここまで")
		}
	}
	choose := sdk.NewOptionsSelectBlockElement(sdk.OptTypeStatic, plainText("ほかの操作（呼ぶ・計画・約束・ひな形…）"), actMenu, options...)
	return sdk.NewActionBlock(menuID(c), choose)
}

// maxBlockID is Slack's limit: https://docs.slack.dev/reference/block-kit/blocks/actions-block
const maxBlockID = 255

func menuID(c desk.Case) string {
	parts := []string{"menu", c.ID, c.Resident, oneLine(string(c.Lang), 20), c.Window}
	id := strings.Join(parts, "|")
	if len(id) > maxBlockID || strings.Count(id, "|") != 4 {
		id = strings.Join(append(parts[:4:4], ""), "|")
	}
	return id
}

// chosen reads a menu's block id.
func chosen(blockID string) about {
	p := strings.Split(blockID, "|")
	if len(p) != 5 || p[0] != "menu" {
		return about{}
	}
	return about{Case: p[1], Resident: p[2], Lang: p[3], Window: p[4], Number: bot.CaseNumber(p[1])}
}
