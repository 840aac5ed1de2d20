package line

import (
	"unicode/utf16"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/bot"
)

// LINE's limits: https://developers.line.biz/en/reference/messaging-api/
const (
	maxTextUnits    = 5000 // of one text message, in UTF-16 code units
	maxAlt          = 1500 // of alternative text, in UTF-16 code units
	maxQuickReplies = 13
	maxQuickLabel   = 20 // graphemes
	maxButtonLabel  = 40 // graphemes, in Flex messages
	maxSender       = 20
	maxDisplay      = 300
	maxData         = 300
	maxBubbles      = 12
)

// Colours with a contrast of at least 4.5:1 on white (WCAG 2.2 AA).
const (
	ink    = "#1F2933"
	grey   = "#52606D"
	green  = "#0B6B3A"
	red    = "#B3261E"
	white  = "#FFFFFF"
	plain  = "#E2E6EA" // of a button that is not the first
	pale   = "#F1F7F3"
	palest = "#FDECEA"
)

// Render turns what the bot or staff say into LINE's messages. from is the
// staff member who speaks, empty for the bot. It touches no network.
func Render(messages []bot.Message, from string) []messaging_api.MessageInterface {
	var sender *messaging_api.Sender
	if from != "" {
		sender = &messaging_api.Sender{Name: clip(from, maxSender)}
	}
	out := make([]messaging_api.MessageInterface, 0, len(messages))
	for i, m := range messages {
		last := i == len(messages)-1
		switch m := m.(type) {
		case bot.Text:
			out = append(out, &messaging_api.TextMessage{
				Text: clipUnits(m.Text, maxTextUnits), Sender: sender, QuickReply: quickReply(m.Choices, last),
			})
		case bot.Cards:
			out = append(out, &messaging_api.FlexMessage{
				AltText: clipUnits(m.Alt, maxAlt), Contents: container(m.Cards), Sender: sender, QuickReply: quickReply(m.Choices, last),
			})
		case bot.Picture: // the notification says only that a photo came
			out = append(out, &messaging_api.ImageMessage{
				OriginalContentUrl: m.URL, PreviewImageUrl: m.Preview, Sender: sender, QuickReply: quickReply(m.Choices, last),
			})
		}
	}
	return out
}

// quickReply is shown under the last message only, so that the others have none.
func quickReply(choices []bot.Choice, last bool) *messaging_api.QuickReply {
	if !last || len(choices) == 0 {
		return nil
	}
	q := &messaging_api.QuickReply{}
	for _, c := range choices[:min(len(choices), maxQuickReplies)] {
		q.Items = append(q.Items, messaging_api.QuickReplyItem{
			Type: "action",
			Action: &messaging_api.PostbackAction{
				Label: clip(c.Label, maxQuickLabel), Data: clip(c.Data, maxData), DisplayText: clip(c.Label, maxDisplay),
			},
		})
	}
	return q
}

func container(cards []bot.Card) messaging_api.FlexContainerInterface {
	if len(cards) == 1 {
		b := bubble(cards[0])
		return &b
	}
	c := &messaging_api.FlexCarousel{}
	for _, card := range cards[:min(len(cards), maxBubbles)] {
		c.Contents = append(c.Contents, bubble(card))
	}
	return c
}

// bubble draws a card: title, lines, fine print, buttons. Text wraps and
// scales with the resident's font size.
func bubble(card bot.Card) messaging_api.FlexBubble {
	head, ground, accent := ink, pale, green
	if card.Danger {
		head, ground, accent = white, red, red
	}
	title := text(card.Title, "lg", head)
	title.Weight = messaging_api.FlexTextWEIGHT_BOLD
	b := messaging_api.FlexBubble{
		Size: messaging_api.FlexBubbleSIZE_MEGA,
		Header: &messaging_api.FlexBox{
			Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, BackgroundColor: ground, PaddingAll: "16px",
			Contents: []messaging_api.FlexComponentInterface{title},
		},
	}
	var lines []messaging_api.FlexComponentInterface
	for _, l := range card.Lines {
		if l != "" {
			lines = append(lines, text(l, "md", ink))
		}
	}
	if card.Small != "" {
		lines = append(lines, text(card.Small, "sm", grey))
	}
	if len(lines) > 0 {
		b.Body = &messaging_api.FlexBox{Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, Spacing: "sm", Contents: lines}
	}
	var buttons []messaging_api.FlexComponentInterface
	for i, b := range card.Buttons {
		color := ""
		if i == 0 || card.Danger {
			color = accent
		}
		buttons = append(buttons, button(b, color))
	}
	if len(buttons) > 0 {
		b.Footer = &messaging_api.FlexBox{Layout: messaging_api.FlexBoxLAYOUT_VERTICAL, Spacing: "sm", Contents: buttons}
	}
	if card.Danger {
		b.Styles = &messaging_api.FlexBubbleStyles{Footer: &messaging_api.FlexBlockStyle{BackgroundColor: palest}}
	}
	return b
}

func text(s, size, color string) *messaging_api.FlexText {
	return &messaging_api.FlexText{Text: s, Size: size, Color: color, Wrap: true, Scaling: true}
}

func action(b bot.Button) messaging_api.ActionInterface {
	label := clip(b.Label, maxButtonLabel)
	if b.URL != "" {
		return &messaging_api.UriAction{Label: label, Uri: b.URL}
	}
	return &messaging_api.PostbackAction{Label: label, Data: clip(b.Data, maxData), DisplayText: clip(b.Label, maxDisplay)}
}

// clip cuts to n characters. LINE counts graphemes where it says so; a
// character is never more than one, so that clipping by characters is safe.
func clip(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i]
		}
		count++
	}
	return s
}

// clipUnits cuts to n UTF-16 code units, the unit in which LINE counts texts:
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
func clipUnits(s string, n int) string {
	for i, r := range s {
		if n -= utf16.RuneLen(r); n < 0 {
			return s[:i]
		}
	}
	return s
}
