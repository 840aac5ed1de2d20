package lineapi

import (
	"regexp"
	"strings"
)

// outgoing is one message object that passed the check.
type outgoing struct {
	kind       string
	text       string // what a list of chats would show
	raw        string
	quoteToken string
	quickReply bool
	trackingID string
	mentions   []string // user ids; "all" for everyone
}

// quotable reports whether LINE returns a quote token for the message.
// https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/
func (o *outgoing) quotable() bool {
	switch o.kind {
	case "text", "textV2", "sticker", "image", "video", "template", "flex":
		return true
	}
	return false
}

var messageTypes = []string{"text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template", "flex", "coupon"}

// CheckMessages checks a JSON array of message objects as the validate
// endpoints do, without a server: for tests of what makes messages. A refusal
// is an *[APIError].
func CheckMessages(messages []byte) error {
	src := string(messages)
	root, err := parseJSON(src)
	if err != nil {
		return notJSON(src, err)
	}
	var c checker
	c.messageList(root, src)
	if fault := c.failure(src); fault != nil {
		return fault
	}
	return nil
}

// messageList checks "messages" and returns what may be sent.
func (c *checker) messageList(list *node, src string) []outgoing {
	place := &at{key: "messages"}
	if list == nil {
		c.bad(place, "May not be empty")
		return nil
	}
	if list.kind != kindArray {
		c.mistyped(list, place)
		return nil
	}
	c.size(list, place, 1, 5)
	if len(list.items) > 5 {
		return nil
	}
	out := make([]outgoing, len(list.items))
	for i := range list.items {
		c.message, c.animated = i, 0
		n := &list.items[i]
		spot := &at{up: place, index: i}
		if n.kind != kindObject {
			c.mistyped(n, spot)
			continue
		}
		out[i].raw = src[n.off:n.end]
		c.messageObject(n, spot, &out[i])
	}
	return out
}

func (c *checker) messageObject(n *node, a *at, out *outgoing) {
	out.kind = c.enum(n, a, "type", true, messageTypes...)
	if out.kind == "" {
		return
	}
	switch out.kind {
	case "text":
		c.textMessage(n, a, out)
	case "textV2":
		c.textMessageV2(n, a, out)
	case "sticker":
		c.known(n, a, "packageId", "stickerId", "quoteToken")
		c.numeric(n, a, "packageId")
		c.numeric(n, a, "stickerId")
		out.quoteToken = c.text(n, a, "quoteToken", textRule{})
	case "image":
		c.known(n, a, "originalContentUrl", "previewImageUrl")
		c.url(n, a, "originalContentUrl", true)
		c.url(n, a, "previewImageUrl", true)
	case "video":
		c.known(n, a, "originalContentUrl", "previewImageUrl", "trackingId")
		c.url(n, a, "originalContentUrl", true)
		c.url(n, a, "previewImageUrl", true)
		out.trackingID = c.text(n, a, "trackingId", textRule{max: 100})
		if strings.ContainsFunc(out.trackingID, notTracking) {
			c.bad(&at{up: a, key: "trackingId"}, "invalid trackingId")
		}
	case "audio":
		c.known(n, a, "originalContentUrl", "duration")
		c.url(n, a, "originalContentUrl", true)
		c.integer(n, a, "duration", true, 1, 1<<53)
	case "location":
		c.known(n, a, "title", "address", "latitude", "longitude")
		out.text = c.text(n, a, "title", textRule{max: 100, required: true})
		c.text(n, a, "address", textRule{max: 100, required: true})
		c.number(n, a, "latitude", -90, 90)
		c.number(n, a, "longitude", -180, 180)
	case "imagemap":
		c.imagemap(n, a, out)
	case "template":
		c.templateMessage(n, a, out)
	case "flex":
		c.flexMessage(n, a, out)
	case "coupon":
		c.known(n, a, "couponId", "deliveryTag")
		if c.text(n, a, "couponId", textRule{required: true}) != "" {
			c.bad(&at{up: a, key: "couponId"}, "The coupon doesn't exist") // this channel has none
		}
	}
	c.quickReply(n, a, out)
	c.sender(n, a)
}

func (c *checker) known(n *node, a *at, own ...string) {
	c.only(n, a, append(own, "type", "quickReply", "sender")...)
}

func (c *checker) numeric(n *node, a *at, key string) {
	s := c.text(n, a, key, textRule{required: true})
	if strings.Trim(s, "0123456789") != "" {
		c.bad(&at{up: a, key: key}, "Must be a number")
	}
}

// notTracking finds what a trackingId may not contain.
func notTracking(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') &&
		!strings.ContainsRune("-.=,+*()%$&;:@{}!?<>[]", r)
}

func (c *checker) textMessage(n *node, a *at, out *outgoing) {
	c.known(n, a, "text", "emojis", "quoteToken")
	out.text = c.text(n, a, "text", textRule{max: 5000, required: true})
	out.quoteToken = c.text(n, a, "quoteToken", textRule{})
	list := c.array(n, a, "emojis", false)
	if list == nil {
		return
	}
	place := &at{up: a, key: "emojis"}
	c.size(list, place, 0, 20)
	for i := range list.items {
		emoji, spot := &list.items[i], &at{up: place, index: i}
		if emoji.kind != kindObject {
			c.mistyped(emoji, spot)
			continue
		}
		c.only(emoji, spot, "index", "productId", "emojiId", "length")
		c.text(emoji, spot, "productId", textRule{required: true})
		c.text(emoji, spot, "emojiId", textRule{required: true})
		if index, fine := c.integer(emoji, spot, "index", true, 0, 5000); fine && !dollarAt(out.text, int(index)) {
			c.bad(&at{up: spot, key: "index"}, "The index doesn't match the position of `$`")
		}
	}
}

// dollarAt reports whether the UTF-16 unit at index is the placeholder.
func dollarAt(s string, index int) bool {
	unit := 0
	for _, r := range s {
		if unit == index {
			return r == '$'
		}
		if unit++; r > 0xFFFF {
			unit++
		}
	}
	return false
}

var substitutionKey = regexp.MustCompile(`^[0-9a-zA-Z_]{1,20}$`)

// textMessageV2 checks placeholders against substitutions.
// https://developers.line.biz/en/reference/messaging-api/#text-message-v2
func (c *checker) textMessageV2(n *node, a *at, out *outgoing) {
	c.known(n, a, "text", "substitution", "quoteToken")
	out.text = c.text(n, a, "text", textRule{max: 5000, required: true})
	out.quoteToken = c.text(n, a, "quoteToken", textRule{})
	place := &at{up: a, key: "substitution"}
	subs := c.object(n, a, "substitution", false)
	if subs != nil && len(subs.fields) > 100 {
		c.bad(place, "Size must be between 0 and 100")
	}
	if subs != nil {
		for i := range subs.fields {
			key, v := subs.fields[i].key, &subs.fields[i].val
			spot := &at{up: place, key: key}
			if !substitutionKey.MatchString(key) {
				c.bad(spot, "invalid key")
			}
			if v.kind != kindObject {
				c.mistyped(v, spot)
				continue
			}
			c.substitution(v, spot)
		}
	}
	keys, balanced := placeholders(out.text)
	if !balanced {
		c.bad(&at{up: a, key: "text"}, "`{` and `}` must be used in pairs")
		return
	}
	emojis := 0
	for _, key := range keys {
		sub := subs.get(key)
		if sub == nil {
			c.bad(&at{up: a, key: "text"}, "The substitution for {"+key+"} isn't specified")
			continue
		}
		switch sub.text("type") {
		case "emoji":
			emojis++
		case "mention":
			who := sub.get("mentionee")
			if who.text("type") == "all" {
				out.mentions = append(out.mentions, "all")
			} else {
				out.mentions = append(out.mentions, who.text("userId"))
			}
		}
	}
	if emojis > 20 {
		c.bad(&at{up: a, key: "text"}, "Up to 20 emoji can be substituted")
	}
	if len(out.mentions) > 20 {
		c.bad(&at{up: a, key: "text"}, "Up to 20 mentions can be substituted")
	}
}

func (c *checker) substitution(n *node, a *at) {
	switch c.enum(n, a, "type", true, "mention", "emoji") {
	case "emoji":
		c.only(n, a, "type", "productId", "emojiId")
		c.text(n, a, "productId", textRule{required: true})
		c.text(n, a, "emojiId", textRule{required: true})
	case "mention":
		c.only(n, a, "type", "mentionee")
		who := c.object(n, a, "mentionee", true)
		if who == nil {
			return
		}
		place := &at{up: a, key: "mentionee"}
		c.only(who, place, "type", "userId")
		if c.enum(who, place, "type", true, "user", "all") == "user" {
			if id := c.text(who, place, "userId", textRule{required: true}); id != "" && !validUserID(id) {
				c.bad(&at{up: place, key: "userId"}, "invalid userId")
			}
		}
	}
}

// placeholders lists the keys of a textV2 in order of appearance.
func placeholders(s string) (keys []string, balanced bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			if i+1 < len(s) && s[i+1] == '{' {
				i++
				continue
			}
			end := strings.IndexAny(s[i+1:], "{}")
			if end < 0 || s[i+1+end] != '}' {
				return nil, false
			}
			keys = append(keys, s[i+1:i+1+end])
			i += end + 1
		case '}':
			if i+1 >= len(s) || s[i+1] != '}' {
				return nil, false
			}
			i++
		}
	}
	return keys, true
}

func (c *checker) quickReply(n *node, a *at, out *outgoing) {
	v := c.object(n, a, "quickReply", false)
	if v == nil {
		return
	}
	out.quickReply = true
	place := &at{up: a, key: "quickReply"}
	c.only(v, place, "items")
	items := c.array(v, place, "items", true)
	if items == nil {
		return
	}
	list := &at{up: place, key: "items"}
	c.size(items, list, 1, 13)
	for i := range items.items {
		item, spot := &items.items[i], &at{up: list, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		c.only(item, spot, "type", "imageUrl", "action")
		c.enum(item, spot, "type", false, "action") // LINE's own schema defaults it
		c.url(item, spot, "imageUrl", false)
		c.actionField(item, spot, "action", onQuickReply, true)
	}
}

func (c *checker) sender(n *node, a *at) {
	v := c.object(n, a, "sender", false)
	if v == nil {
		return
	}
	place := &at{up: a, key: "sender"}
	c.only(v, place, "name", "iconUrl")
	if name := c.text(v, place, "name", textRule{max: 20, empty: true}); strings.Contains(strings.ToUpper(name), "LINE") {
		c.bad(&at{up: place, key: "name"}, "The name contains a word that can't be used")
	}
	c.url(v, place, "iconUrl", false)
}
