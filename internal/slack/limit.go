package slack

import (
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// maxLimitsShown bounds how many lines of whom not to tell a card has.
const maxLimitsShown = 6

// limits shows whom the resident does not want to be told, where it cannot be
// overlooked.
func (p *post) limits(c desk.Case, pack *bot.Content) {
	if lines := limitLines(c, pack); len(lines) > 0 {
		p.add(listed("🤐 *言わないでほしい*", lines))
	}
}

func limitLines(c desk.Case, pack *bot.Content) []string {
	var lines []string
	for _, l := range c.Limits[:min(len(c.Limits), maxLimitsShown)] {
		line := "・" + escape(limitWho(pack, l.Who))
		if !blank(l.Words) {
			line += "　「" + cutTo(l.Words, maxDoes) + "」"
		}
		lines = append(lines, line)
	}
	return lines
}

// limitWho names somebody who must not be told; one whom the pack does not know
// stands in the resident's words.
func limitWho(pack *bot.Content, who string) string {
	if name := pack.LimitName(bot.Ja, who); name != "" {
		return oneLine(name, maxLine)
	}
	return "ご本人のことばを見てください"
}

// limitName is a note's text about somebody who must not be told, in words.
func limitName(pack *bot.Content, text string) string {
	who, words, _ := strings.Cut(text, "\n")
	name := pack.LimitName(bot.Ja, who)
	switch {
	case name == "" && blank(words):
		return oneLine(text, 200)
	case name == "":
		return oneLine(words, 200)
	case blank(words):
		return name + "には言わないで"
	}
	return oneLine(words, 200)
}

// limitedForms are those before which staff must know whom not to tell.
var limitedForms = []string{viewMove, viewInvite, viewConsent}

// withLimits shows whom not to tell on top of a form that leads to telling
// somebody.
func withLimits(view sdk.ModalViewRequest, c desk.Case, pack *bot.Content) sdk.ModalViewRequest {
	lines := limitLines(c, pack)
	if len(lines) == 0 || !slices.Contains(limitedForms, view.CallbackID) {
		return view
	}
	view.Blocks.BlockSet = append([]sdk.Block{listed("🤐 *ご本人が、言わないでほしいと言っている人*", lines)}, view.Blocks.BlockSet...)
	return view
}
