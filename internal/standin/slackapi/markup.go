package slackapi

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Slack's control characters and markup.
// https://docs.slack.dev/messaging/formatting-message-text#escaping

var (
	entity     = regexp.MustCompile(`^&(amp|lt|gt);`)
	markup     = regexp.MustCompile(`^<([@#!][^<>\s|]+(\|[^<>]*)?|(https?|mailto|tel|slack):[^<>|]+(\|[^<>]*)?)>`)
	anyMarkup  = regexp.MustCompile(`<([@#!]?)([^<>|]+)(\|([^<>]*))?>`)
	webAddress = regexp.MustCompile(`^https?://[^\s<>]+`)
	rings      = regexp.MustCompile(`<(@[UW][A-Z0-9]+|!channel|!here|!everyone|!subteam\^[A-Z0-9]+)(\|[^<>]*)?>`)

	allEscapes = strings.NewReplacer("&amp;", "&amp;", "&lt;", "&lt;", "&gt;", "&gt;",
		"&", "&amp;", "<", "&lt;", ">", "&gt;")
	typedEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	entities     = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")
)

// escapeAll escapes every control character that is not part of an entity.
func escapeAll(s string) string { return allEscapes.Replace(s) }

// escapeTyped escapes what a person typed: everything.
func escapeTyped(s string) string { return typedEscapes.Replace(s) }

// escapeBare escapes control characters that are not part of markup or an
// entity, as Slack does with what apps send.
func escapeBare(s string) string {
	if !strings.ContainsAny(s, "&<>") {
		return s
	}
	var b strings.Builder
	start := true // of a line, where > quotes
	for s != "" {
		var keep string
		switch s[0] {
		case '&':
			keep = entity.FindString(s[:min(5, len(s))])
			if keep == "" {
				b.WriteString("&amp;")
			}
		case '<':
			// Only as far as it can reach: the regular expression's cost grows
			// with what it is given, matched or not.
			keep = markup.FindString(s[:strings.IndexByte(s, '>')+1])
			if keep == "" {
				b.WriteString("&lt;")
			}
		case '>':
			if start {
				keep = ">"
			} else {
				b.WriteString("&gt;")
			}
		default:
			keep = s[:1]
		}
		b.WriteString(keep)
		start = s[0] == '\n' || (start && s[0] == '>')
		s = s[max(1, len(keep)):]
	}
	return b.String()
}

// unescape is what a person reads of escaped text; markup was replaced before.
func unescape(s string) string {
	return entities.Replace(s)
}

// pings lists who is notified by a text: user ids, "channel", "here",
// "everyone", "subteam^S…".
func pings(text string) []string {
	var out []string
	for _, m := range rings.FindAllStringSubmatch(text, -1) {
		who := strings.TrimLeft(m[1], "@!")
		if !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// composer turns what a person types into the text and rich_text block of the
// message, with mentions, channels and addresses recognised.
type composer struct {
	w    *Workspace
	text strings.Builder
	runs []any
	word strings.Builder // plain text not yet in runs
}

// compose is called with mu held. A person who types @name picks the member of
// that name; <@U…> and <#C…> of known ids are taken as picked, too.
func (w *Workspace) compose(typed string) (text string, blocks []any) {
	c := &composer{w: w}
	rest, before := typed, ' '
	for rest != "" {
		n := 0
		if !isWord(before) {
			n = c.special(rest)
		}
		if n == 0 {
			r, size := utf8.DecodeRuneInString(rest)
			c.text.WriteString(escapeTyped(rest[:size]))
			c.word.WriteRune(r)
			before, n = r, size
		} else {
			before = ' '
		}
		rest = rest[n:]
	}
	c.flush()
	if len(c.runs) == 0 {
		return c.text.String(), nil
	}
	return c.text.String(), []any{obj{
		"type": "rich_text", "block_id": w.ids.code("", 5),
		"elements": []any{obj{"type": "rich_text_section", "elements": c.runs}},
	}}
}

// isWord tells whether a mention cannot begin after r: in an address.
func isWord(r rune) bool {
	return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func (c *composer) flush() {
	if c.word.Len() > 0 {
		c.runs = append(c.runs, obj{"type": "text", "text": c.word.String()})
		c.word.Reset()
	}
}

func (c *composer) put(text string, run obj) {
	c.flush()
	c.text.WriteString(text)
	c.runs = append(c.runs, run)
}

// special recognises a mention, channel or address at the start of s and
// returns how many bytes of s it took.
func (c *composer) special(s string) int {
	switch {
	case strings.HasPrefix(s, "<@"):
		id, _, ok := strings.Cut(s[2:], ">")
		if ok && c.w.people[id] != nil {
			c.put("<@"+id+">", obj{"type": "user", "user_id": id})
			return len(id) + 3
		}
	case strings.HasPrefix(s, "<#"):
		id, _, ok := strings.Cut(s[2:], ">")
		if ch := c.w.channels[id]; ok && ch != nil {
			c.channel(ch)
			return len(id) + 3
		}
	case s[0] == '@':
		return c.mention(s)
	case s[0] == '#':
		var best *channel
		for _, ch := range c.w.channelOrder {
			if ch.name != "" && strings.HasPrefix(s[1:], ch.name) && (best == nil || len(ch.name) > len(best.name)) {
				best = ch
			}
		}
		if best != nil {
			c.channel(best)
			return 1 + len(best.name)
		}
	case strings.HasPrefix(s, "http"):
		if address := webAddress.FindString(s); address != "" {
			c.put("<"+strings.ReplaceAll(address, "&", "&amp;")+">", obj{"type": "link", "url": address})
			return len(address)
		}
	}
	return 0
}

func (c *composer) channel(ch *channel) {
	c.put("<#"+ch.id+"|"+ch.name+">", obj{"type": "channel", "channel_id": ch.id})
}

func (c *composer) mention(s string) int {
	for _, everyone := range []string{"channel", "here", "everyone"} {
		if strings.HasPrefix(s[1:], everyone) {
			c.put("<!"+everyone+">", obj{"type": "broadcast", "range": everyone})
			return 1 + len(everyone)
		}
	}
	id, size := "", 0
	for _, p := range c.w.peopleOrder {
		for _, name := range []string{p.member.Name, p.member.DisplayName, p.member.RealName} {
			if len(name) > size && strings.HasPrefix(s[1:], name) {
				id, size = p.member.ID, len(name)
			}
		}
	}
	if id == "" {
		return 0
	}
	c.put("<@"+id+">", obj{"type": "user", "user_id": id})
	return 1 + size
}
