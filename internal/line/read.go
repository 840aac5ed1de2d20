package line

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// maxText bounds what is taken of one text, in bytes: LINE's limit is 5,000
// UTF-16 units, three bytes each at most.
const maxText = 15000

// Read turns an event as it came into what happened. Event types LINE may add
// become bot.Noticed: recorded, and ignored.
func (c *Client) Read(body []byte) (reception.Arrival, error) {
	var r received
	if err := json.Unmarshal(body, &r); err != nil {
		return reception.Arrival{}, fmt.Errorf("read stored event: %w", err)
	}
	e := readEnvelope(r.Event)
	a := reception.Arrival{Received: r.Received, Sent: time.UnixMilli(e.Timestamp), Contact: e.Source.UserID}
	if e.Timestamp <= 0 {
		a.Sent = r.Received
	}
	var head struct {
		Mode       string `json:"mode"`
		ReplyToken string `json:"replyToken"`
	}
	if err := json.Unmarshal(r.Event, &head); err == nil && head.Mode != "standby" {
		a.ReplyToken = head.ReplyToken
	}
	event, err := webhook.UnmarshalEvent(r.Event)
	switch {
	case err != nil:
		// An event the SDK cannot read is one LINE changed: keep it, say nothing.
		a.Event = bot.Noticed{Type: e.Type}
		return a, nil
	case head.Mode == "standby":
		// Another module of this LINE account is talking to the resident now.
		a.Event = bot.Noticed{Type: e.Type}
		return a, nil
	case e.Source.GroupID != "" || e.Source.RoomID != "":
		a.Group = reception.Leave{Group: e.Source.GroupID, Room: e.Source.RoomID}
		a.Contact = e.Source.GroupID + e.Source.RoomID
		a.Event = inGroup(e.Type)
		return a, nil
	}
	a.Event = personal(event, e.Type)
	return a, nil
}

// inGroup answers when asked in, and when spoken to; what members do among
// themselves is theirs.
func inGroup(kind string) bot.Event {
	switch kind {
	case "join":
		return bot.InGroup{Joined: true}
	case "message", "postback":
		return bot.InGroup{}
	default:
		return bot.Noticed{Type: kind}
	}
}

func personal(event webhook.EventInterface, kind string) bot.Event {
	switch e := event.(type) {
	case webhook.MessageEvent:
		return message(e.Message)
	case webhook.PostbackEvent:
		if e.Postback == nil {
			return bot.Noticed{Type: kind}
		}
		return bot.Tapped{Data: clean(e.Postback.Data, 300)}
	case webhook.FollowEvent:
		return bot.Followed{Again: e.Follow != nil && e.Follow.IsUnblocked}
	case webhook.UnfollowEvent:
		return bot.Unfollowed{}
	case webhook.UnsendEvent:
		if e.Unsend == nil {
			return bot.Noticed{Type: kind}
		}
		return bot.Unsent{MessageID: e.Unsend.MessageId}
	default:
		return bot.Noticed{Type: kind}
	}
}

func message(m webhook.MessageContentInterface) bot.Event {
	switch m := m.(type) {
	case webhook.TextMessageContent:
		return bot.Wrote{MessageID: m.Id, Text: clean(m.Text, maxText)}
	case webhook.StickerMessageContent:
		words := m.Keywords
		if len(words) > 15 {
			words = words[:15]
		}
		return bot.SentSticker{MessageID: m.Id, Keywords: words, Text: clean(m.Text, 300)}
	case webhook.ImageMessageContent:
		return bot.SentMedia{MessageID: m.Id, Kind: bot.Image, External: external(m.ContentProvider)}
	case webhook.VideoMessageContent:
		return bot.SentMedia{MessageID: m.Id, Kind: bot.Video, External: external(m.ContentProvider)}
	case webhook.AudioMessageContent:
		return bot.SentMedia{MessageID: m.Id, Kind: bot.Audio, External: external(m.ContentProvider)}
	case webhook.FileMessageContent:
		return bot.SentMedia{MessageID: m.Id, Kind: bot.File, Name: clean(m.FileName, 200), Size: int64(m.FileSize)}
	case webhook.LocationMessageContent:
		return bot.SentPlace{
			MessageID: m.Id, Title: clean(m.Title, 300), Address: clean(m.Address, 300), Lat: m.Latitude, Lon: m.Longitude,
		}
	case nil:
		return bot.Noticed{Type: "message"}
	default:
		return bot.Noticed{Type: "message." + m.GetType()}
	}
}

func external(p *webhook.ContentProvider) bool {
	return p != nil && p.Type == webhook.ContentProviderTYPE_EXTERNAL
}

// clean makes a text safe to keep: valid UTF-8, no NUL (PostgreSQL refuses
// it), at most n bytes.
func clean(s string, n int) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
