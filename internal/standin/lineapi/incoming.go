package lineapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// Incoming is a message a person sends: [Text], [Sticker], [Image], [Video],
// [Audio], [File] or [Location].
type Incoming interface {
	incoming(m *making) map[string]any
}

// making is what a message needs from the platform while it is made.
type making struct {
	p     *Platform
	id    uint64
	chat  string
	now   time.Time
	text  string // shown in lists of chats
	media *content
}

func (m *making) quoteToken() string { return m.p.ids.seal("quote", m.id, m.chat) }

// Text is typed, or sent by tapping a message action: nothing tells the two
// apart.
type Text struct {
	Text     string
	Emojis   []Emoji
	Mentions []Mention
	Quotes   string // message id this one quotes
}

// Emoji is a LINE emoji standing at an index of the text, in UTF-16 units.
type Emoji struct {
	Index     int    `json:"index"`
	Length    int    `json:"length"`
	ProductID string `json:"productId"`
	EmojiID   string `json:"emojiId"`
}

// Mention is somebody mentioned at an index of the text, in UTF-16 units. An
// empty UserID with All mentions everybody.
type Mention struct {
	Index  int
	Length int
	UserID string
	All    bool
}

func (t Text) incoming(m *making) map[string]any {
	m.text = t.Text
	out := map[string]any{"type": "text", "text": t.Text, "quoteToken": m.quoteToken()}
	if len(t.Emojis) > 0 {
		out["emojis"] = t.Emojis
	}
	if len(t.Mentions) > 0 {
		list := make([]map[string]any, len(t.Mentions))
		for i, who := range t.Mentions {
			list[i] = map[string]any{"index": who.Index, "length": who.Length, "type": "all"}
			if who.All {
				continue
			}
			list[i]["type"] = "user"
			list[i]["isSelf"] = who.UserID == m.p.cfg.BotUserID
			if who.UserID != "" {
				list[i]["userId"] = who.UserID
			}
		}
		out["mention"] = map[string]any{"mentionees": list}
	}
	if t.Quotes != "" {
		out["quotedMessageId"] = t.Quotes
	}
	return out
}

// Sticker is a sticker.
type Sticker struct {
	PackageID string   // empty means "446"
	StickerID string   // empty means "1988"
	Resource  string   // STATIC, ANIMATION, …, MESSAGE; empty means STATIC
	Keywords  []string // at most 15
	Text      string   // of a message sticker
	Quotes    string
}

func (s Sticker) incoming(m *making) map[string]any {
	out := map[string]any{
		"type": "sticker", "packageId": cmp.Or(s.PackageID, "446"), "stickerId": cmp.Or(s.StickerID, "1988"),
		"stickerResourceType": cmp.Or(s.Resource, "STATIC"), "quoteToken": m.quoteToken(),
	}
	if len(s.Keywords) > 0 {
		out["keywords"] = s.Keywords[:min(len(s.Keywords), 15)]
	}
	if s.Text != "" {
		m.text = s.Text
		out["text"] = s.Text
	}
	if s.Quotes != "" {
		out["quotedMessageId"] = s.Quotes
	}
	return out
}

// Image is a photo. Several sent at once are several messages: see
// [Platform.Images].
type Image struct {
	Data        []byte
	ContentType string // empty means image/jpeg
	Preview     []byte // nil means the image itself
	External    string // set: the picture lies at this URL and LINE has no content

	set *imageSet
}

type imageSet struct {
	ID    string `json:"id"`
	Index int    `json:"index"`
	Total int    `json:"total"`
}

func provider(external string) map[string]any {
	if external == "" {
		return map[string]any{"type": "line"}
	}
	return map[string]any{"type": "external", "originalContentUrl": external, "previewImageUrl": external}
}

func (i Image) incoming(m *making) map[string]any {
	m.media = &content{
		kind: "image", data: i.Data, mediaType: cmp.Or(i.ContentType, "image/jpeg"), preview: i.Preview,
		external: i.External != "", ready: m.now,
	}
	out := map[string]any{"type": "image", "contentProvider": provider(i.External), "quoteToken": m.quoteToken()}
	if i.set != nil {
		out["imageSet"] = i.set
	}
	return out
}

// Video is a film. It can be fetched when LINE has prepared it, after
// [Config.TranscodeTime].
type Video struct {
	Data        []byte
	ContentType string // empty means video/mp4
	Preview     []byte
	Duration    time.Duration
	External    string
	Broken      bool // preparing fails
}

func (v Video) incoming(m *making) map[string]any {
	m.media = &content{
		kind: "video", data: v.Data, mediaType: cmp.Or(v.ContentType, "video/mp4"), preview: v.Preview,
		external: v.External != "", broken: v.Broken, ready: m.now.Add(m.p.cfg.TranscodeTime),
	}
	return map[string]any{
		"type": "video", "duration": v.Duration.Milliseconds(),
		"contentProvider": provider(v.External), "quoteToken": m.quoteToken(),
	}
}

// Audio is a voice message. It is prepared like a video.
type Audio struct {
	Data        []byte
	ContentType string // empty means audio/x-m4a
	Duration    time.Duration
	External    string
	Broken      bool
}

func (a Audio) incoming(m *making) map[string]any {
	m.media = &content{
		kind: "audio", data: a.Data, mediaType: cmp.Or(a.ContentType, "audio/x-m4a"),
		external: a.External != "", broken: a.Broken, ready: m.now.Add(m.p.cfg.TranscodeTime),
	}
	from := provider(a.External)
	delete(from, "previewImageUrl")
	return map[string]any{"type": "audio", "duration": a.Duration.Milliseconds(), "contentProvider": from}
}

// File is any file.
type File struct {
	Name string
	Data []byte
}

func (f File) incoming(m *making) map[string]any {
	m.text = f.Name
	m.media = &content{kind: "file", data: f.Data, mediaType: "application/octet-stream", ready: m.now}
	return map[string]any{"type": "file", "fileName": f.Name, "fileSize": len(f.Data)}
}

// Location is a place. Title and address may be missing.
type Location struct {
	Title, Address      string
	Latitude, Longitude float64
}

func (l Location) incoming(m *making) map[string]any {
	m.text = cmp.Or(l.Title, l.Address)
	out := map[string]any{"type": "location", "latitude": l.Latitude, "longitude": l.Longitude}
	if l.Title != "" {
		out["title"] = l.Title
	}
	if l.Address != "" {
		out["address"] = l.Address
	}
	return out
}

// Message is a person sending something: it shows on the phone at once.
func (p *Platform) Message(from Source, what Incoming) *Event {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, c := p.event("message", from, true, nil)
	if c == nil {
		return e
	}
	m := &making{p: p, id: p.ids.messages(1), chat: c.id, now: e.Timestamp}
	own := what.incoming(m)
	e.MessageID = formatMessageID(m.id)
	own["id"] = e.MessageID
	own["markAsReadToken"] = p.ids.seal("read", m.id, c.id)
	e.Fields = map[string]any{"message": own}
	if m.media != nil {
		m.media.expires = e.Timestamp.Add(p.cfg.ContentLife)
		p.content[e.MessageID] = m.media
	}
	b := bubble{
		id: m.id, userID: from.UserID, via: ViaPerson, at: e.Timestamp, kind: own["type"].(string),
		text: m.text, read: p.cfg.ChatMode == "bot",
	}
	if p.cfg.KeepBubbles >= 0 {
		b.raw = string(encode(own))
	}
	p.add(c, b)
	return e
}

// Images is a person sending several photos at once: as many events, which
// LINE delivers in any order.
func (p *Platform) Images(from Source, images ...Image) []*Event {
	sum := sha256.Sum256([]byte(p.ids.hex32()))
	id := hex.EncodeToString(sum[:])
	events := make([]*Event, len(images))
	for i, img := range images {
		img.set = &imageSet{ID: id, Index: i + 1, Total: len(images)}
		events[i] = p.Message(from, img)
	}
	return events
}

// Say is a person typing a text to the bot alone, delivered at once.
func (p *Platform) Say(ctx context.Context, userID, text string) (Receipt, error) {
	return p.Deliver(ctx, p.Message(Person(userID), Text{Text: text}))
}
