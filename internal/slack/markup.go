package slack

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// escape makes a text inert in Slack's markup, so that a resident who writes
// <!channel> rings nobody.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

func escapeRune(r rune) string {
	switch r {
	case '&':
		return "&amp;"
	case '<':
		return "&lt;"
	case '>':
		return "&gt;"
	}
	return string(r)
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

// clean drops what could disturb the text around it: control characters and
// the marks that turn the direction of writing. Words of right-to-left
// languages keep theirs, because letters carry it themselves.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "�")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// blank reports whether a person would see nothing. Slack refuses empty texts.
func blank(s string) bool {
	return strings.TrimFunc(clean(s), func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u200b' || r == '\u200c' || r == '\u200d' || r == '\u2060' || r == '\u200e' || r == '\u200f'
	}) == ""
}

// oneLine is a name or label: clean, without line breaks, at most n characters.
func oneLine(s string, n int) string {
	s = strings.Join(strings.Fields(clean(s)), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// written is a message of a person as plain text: from its rich text when
// there is some, which knows formatting, quotes and emoji apart from the words,
// else from its markup. name returns what a person is called.
func written(m message, name func(user string) string) string {
	for _, raw := range m.Blocks {
		var b richBlock
		if json.Unmarshal(raw, &b) == nil && b.Type == "rich_text" {
			return rich(b, name)
		}
	}
	return plain(m.Text, name)
}

var (
	markup = regexp.MustCompile(`<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>`)
	fence  = "```"
)

// plain turns Slack's markup into plain text: names instead of ids, addresses
// instead of links.
func plain(s string, name func(user string) string) string {
	s = markup.ReplaceAllStringFunc(s, func(m string) string {
		parts := markup.FindStringSubmatch(m)
		kind, target, label := parts[1], parts[2], parts[3]
		switch {
		case kind == "@":
			return escape(name(target))
		case kind == "#" && label != "":
			return "#" + label
		case kind == "#":
			return "#"
		case kind == "!" && label != "":
			return label
		case kind == "!":
			return "" // @here and its like mean nothing outside Slack
		}
		return escape(link(unescape(target), unescape(label)))
	})
	return unescape(s)
}

// link writes an address plainly, with its label when that says something else.
func link(target, label string) string {
	address := target
	for _, scheme := range []string{"mailto:", "tel:"} {
		address = strings.TrimPrefix(address, scheme)
	}
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "https://"), "http://")
		return strings.TrimSuffix(s, "/")
	}
	if label == "" || bare(label) == bare(address) {
		return address
	}
	return label + "（" + address + "）"
}

// richBlock is a part of a rich_text block, as far as text goes.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
type richBlock struct {
	Type     string      `json:"type"`
	Elements []richBlock `json:"elements"`
	Text     string      `json:"text"`
	URL      string      `json:"url"`
	UserID   string      `json:"user_id"`
	Unicode  string      `json:"unicode"`
	Name     string      `json:"name"`
	Fallback string      `json:"fallback"`
	Style    any         `json:"style"` // an object, or a word in lists
}

// rich writes a rich_text block as text. Quotes, lists and code get a mark at
// the beginning of each line: they are never replies.
func rich(b richBlock, name func(string) string) string {
	var lines []string
	for _, part := range b.Elements {
		switch part.Type {
		case "rich_text_list":
			for _, item := range part.Elements {
				lines = append(lines, prefixed("・", runs(item, name)))
			}
		case "rich_text_quote":
			lines = append(lines, prefixed("> ", runs(part, name)))
		case "rich_text_preformatted":
			lines = append(lines, prefixed("| ", runs(part, name)))
		default:
			lines = append(lines, strings.TrimSuffix(runs(part, name), "\n"))
		}
	}
	return strings.Join(lines, "\n")
}

func prefixed(mark, text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i := range lines {
		lines[i] = mark + lines[i]
	}
	return strings.Join(lines, "\n")
}

func runs(part richBlock, name func(string) string) string {
	var b strings.Builder
	for _, e := range part.Elements {
		switch e.Type {
		case "text":
			if e.code() && lineBegins(b.String()) {
				b.WriteString("`") // what is shown as code is no reply
			}
			b.WriteString(e.Text)
		case "link":
			b.WriteString(link(e.URL, e.Text))
		case "user":
			b.WriteString(name(e.UserID))
		case "emoji":
			b.WriteString(emoji(e))
		case "date":
			b.WriteString(e.Fallback)
		}
	}
	return b.String()
}

// code reports words that are formatted as code within a line.
func (b richBlock) code() bool {
	style, _ := b.Style.(map[string]any)
	code, _ := style["code"].(bool)
	return code
}

// lineBegins reports whether nothing but space stands in the last line yet.
func lineBegins(text string) bool {
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:]) == ""
}

// emoji is the character itself; the workspace's own emoji have none and stay
// a word.
func emoji(e richBlock) string {
	var b strings.Builder
	for code := range strings.SplitSeq(e.Unicode, "-") {
		n, err := strconv.ParseUint(code, 16, 21)
		if err != nil {
			return ":" + e.Name + ":"
		}
		b.WriteRune(rune(n))
	}
	return b.String()
}

// reply takes the lines that reach the resident out of a thread message: those
// that begin with exactly two >. rest reports that other words stood beside
// them. Three > are Slack's quote, and code is code: neither is a reply.
func reply(text string) (words string, rest bool) {
	lines, rest := replyLines(text)
	return strings.TrimSpace(strings.Join(lines, "\n")), rest
}

// replyLines are the lines of a reply without their marks; a mark alone gives
// an empty one.
func replyLines(text string) (lines []string, rest bool) {
	code := false
	for line := range strings.SplitSeq(clean(text), "\n") {
		fenced := strings.Count(line, fence)%2 == 1
		said, ok := strings.CutPrefix(marks(line), ">>")
		if ok && !code && !strings.HasPrefix(said, ">") {
			lines = append(lines, strings.TrimSpace(said))
		} else if !blank(line) {
			rest = true
		}
		if fenced {
			code = !code
		}
	}
	return lines, rest
}

// marked reports whether a text has a line for the resident, if only a mark
// beside a file.
func marked(text string) bool {
	lines, _ := replyLines(text)
	return len(lines) > 0
}

// marks writes the > at the beginning of a line as ASCII, whatever keyboard
// they came from.
func marks(line string) string {
	line = strings.TrimLeftFunc(line, unicode.IsSpace)
	n := 0
	for {
		switch {
		case strings.HasPrefix(line, ">"):
			line = line[1:]
		case strings.HasPrefix(line, "＞"):
			line = line[len("＞"):]
		default:
			return strings.Repeat(">", n) + line
		}
		n++
	}
}
