package edit

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// line is one line of a text. Offsets are bytes.
type line struct {
	from, to int // without the line break
	indent   int
	empty    bool // blank, or nothing but a comment
	blank    bool
}

type scanner struct {
	text  string
	lines []line
	at    int // the line being read
}

func (s *scanner) line(offset int) int { return 1 + strings.Count(s.text[:offset], "\n") }

// fail leaves Parse with what cannot be read.
func (s *scanner) fail(offset int, text string) { panic(&SyntaxError{s.line(offset), text}) }

func (s *scanner) cut() {
	for from := 0; from < len(s.text); {
		to := strings.IndexByte(s.text[from:], '\n')
		if to < 0 {
			to = len(s.text) - from
		}
		l := line{from: from, to: from + to}
		words := strings.TrimLeft(s.text[l.from:l.to], " ")
		l.indent = l.to - l.from - len(words)
		l.blank = strings.TrimSpace(words) == ""
		l.empty = l.blank || strings.HasPrefix(words, "#")
		if strings.HasSuffix(words, "\r") {
			s.fail(from, "the line ends in CR LF; save the file with LF")
		}
		s.lines = append(s.lines, l)
		from = l.to + 1
	}
}

// skip goes to the next line that holds something.
func (s *scanner) skip() {
	for s.at < len(s.lines) && s.lines[s.at].empty {
		s.at++
	}
}

// here reports whether the line being read begins at this column.
func (s *scanner) here(indent int) bool {
	s.skip()
	return s.at < len(s.lines) && s.lines[s.at].indent == indent
}

// rest is the text of the line being read from a column on.
func (s *scanner) rest(indent int) (string, int) {
	from := s.lines[s.at].from + indent
	return s.text[from:s.lines[s.at].to], from
}

func isDash(words string) bool { return words == "-" || strings.HasPrefix(words, "- ") }

// block reads the value that begins at a column of the line being read.
func (s *scanner) block(indent int) *Node {
	words, from := s.rest(indent)
	if isDash(words) {
		return s.list(indent)
	}
	if _, _, ok := s.key(words, from); ok {
		return s.table(indent)
	}
	return s.inline(from, indent)
}

// list reads "- …" lines. Its first line may begin behind another dash, so
// the column is what counts.
func (s *scanner) list(indent int) *Node {
	n := &Node{Form: List, indent: indent, start: s.lines[s.at].from + indent}
	for first := true; first || s.here(indent); first = false {
		words, from := s.rest(indent)
		if !isDash(words) {
			break
		}
		n.Items = append(n.Items, s.held(from, from+1, indent, indent+1))
		n.end = n.Items[len(n.Items)-1].end
	}
	return n
}

// table reads "key: …" lines.
func (s *scanner) table(indent int) *Node {
	n := &Node{Form: Table, indent: indent, start: s.lines[s.at].from + indent}
	for first := true; first || s.here(indent); first = false {
		words, from := s.rest(indent)
		if isDash(words) {
			break
		}
		key, size, ok := s.key(words, from)
		if !ok {
			s.fail(from, "a key with a colon is needed here")
		}
		if n.Get(key) != nil {
			s.fail(from, "the key "+key+" stands here twice")
		}
		v := s.held(from, from+size, indent, indent)
		n.Keys = append(n.Keys, Entry{key, v})
		n.end = v.end
	}
	return n
}

// held reads the value behind a dash or a colon: on the same line, or deeper
// on the following ones. A list may stand at the column of its key (lists).
func (s *scanner) held(from, behind, indent, lists int) *Node {
	l := s.lines[s.at]
	words := s.text[behind:l.to]
	content := strings.TrimLeft(words, " ")
	if content != "" && content[0] != '#' {
		at := l.to - len(content)
		column := at - l.from
		if s.text[from] == '-' && behind == from+1 { // a collection may begin behind a dash
			if _, _, ok := s.key(content, at); ok || isDash(content) {
				n := s.block(column)
				n.from = from
				return n
			}
		}
		n := s.inline(at, indent)
		n.from = from
		return n
	}
	end := behind
	s.at++
	s.skip()
	if s.at < len(s.lines) {
		next := s.lines[s.at]
		words, _ := s.rest(next.indent)
		if next.indent > indent || next.indent == lists && lists == indent && isDash(words) {
			n := s.block(next.indent)
			n.from = from
			return n
		}
	}
	return &Node{Form: Scalar, missing: true, start: end, end: end, from: from}
}

// key reads "key:" and returns it with its length in bytes, colon included.
func (s *scanner) key(words string, from int) (string, int, bool) {
	if words == "" || strings.ContainsRune("[{#&*!|>%@`", rune(words[0])) {
		return "", 0, false
	}
	if words[0] == '"' || words[0] == '\'' {
		text, size := s.quoted(from)
		rest := s.text[from+size:]
		if rest == ":" || strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, ":\n") {
			return text, size + 1, true
		}
		return "", 0, false
	}
	words, _, _ = strings.Cut(words, " #")
	if i := strings.Index(words, ": "); i >= 0 {
		return words[:i], i + 1, true
	}
	if k, ok := strings.CutSuffix(words, ":"); ok {
		return k, len(k) + 1, true
	}
	return "", 0, false
}

// inline reads a value that begins on the line being read, and goes to the
// line behind it.
func (s *scanner) inline(at, indent int) *Node {
	l := s.lines[s.at]
	var n *Node
	switch c := s.text[at]; c {
	case '|':
		return s.literal(at, indent)
	case '>', '&', '*', '!', '%', '@', '`', '?':
		s.fail(at, "this way of writing a value cannot be edited here; put it in quotation marks")
	case '[', '{':
		n = s.flow(at, l.to)
	case '"', '\'':
		text, size := s.quoted(at)
		n = &Node{Text: text, style: c, start: at, end: at + size}
	default:
		words, _, _ := strings.Cut(s.text[at:l.to], " #")
		words = strings.TrimRight(words, " \t")
		n = &Node{Text: words, start: at, end: at + len(words)}
	}
	if rest := strings.TrimSpace(s.text[n.end:l.to]); rest != "" && rest[0] != '#' {
		s.fail(n.end, "something stands behind the value")
	}
	s.at++
	return n
}

// quoted reads a quoted scalar of one line and returns its length in bytes.
func (s *scanner) quoted(at int) (string, int) {
	mark := s.text[at]
	var b strings.Builder
	for i := at + 1; i < len(s.text) && s.text[i] != '\n'; {
		c := s.text[i]
		switch {
		case c == mark && mark == '\'' && strings.HasPrefix(s.text[i:], "''"):
			b.WriteByte('\'')
			i += 2
		case c == mark:
			return b.String(), i + 1 - at
		case c == '\\' && mark == '"':
			r, size := s.escape(i)
			b.WriteRune(r)
			i += size
		default:
			r, size := utf8.DecodeRuneInString(s.text[i:])
			b.WriteRune(r)
			i += size
		}
	}
	s.fail(at, "the quotation mark is not closed on its line")
	return "", 0
}

// escape reads \n and its like.
func (s *scanner) escape(at int) (rune, int) {
	if at+1 >= len(s.text) {
		s.fail(at, "nothing follows the backslash")
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}
	plain := map[byte]rune{'n': '\n', 't': '\t', 'r': '\r', '0': 0, '"': '"', '\\': '\\', '/': '/', 'a': '\a', 'b': '\b', 'f': '\f', 'v': '\v', 'e': 0x1b, ' ': ' ', '_': 0xa0, 'N': 0x85}
	c := s.text[at+1]
	if n := digits[c]; n > 0 && at+2+n <= len(s.text) {
		if v, err := strconv.ParseUint(s.text[at+2:at+2+n], 16, 32); err == nil {
			return rune(v), 2 + n
		}
	}
	r, ok := plain[c]
	if !ok {
		s.fail(at, "an escape nobody knows")
	}
	return r, 2
}

// literal reads a block behind |, |- or |+. All lines deeper than indent, and
// blank ones between them, belong to it.
func (s *scanner) literal(at, indent int) *Node {
	head, _, _ := strings.Cut(s.text[at:s.lines[s.at].to], " #")
	head = strings.TrimSpace(head)
	if head != "|" && head != "|-" && head != "|+" {
		s.fail(at, "this kind of block cannot be edited here; write |-")
	}
	n := &Node{style: '|', start: at, end: s.lines[s.at].to}
	var rows []string
	own := -1
	for s.at++; s.at < len(s.lines); s.at++ {
		l := s.lines[s.at]
		if l.blank {
			rows = append(rows, "")
			continue
		}
		if own < 0 {
			own = l.indent
		}
		if l.indent <= indent {
			break
		}
		if l.indent < own {
			s.fail(l.from, "this line of the text is not as deep as its first one")
		}
		rows = append(rows, s.text[l.from+own:l.to])
		n.end = l.to
	}
	for len(rows) > 0 && rows[len(rows)-1] == "" && head != "|+" {
		rows = rows[:len(rows)-1]
	}
	n.Text = strings.Join(rows, "\n")
	if head == "|" && len(rows) > 0 {
		n.Text += "\n"
	}
	if head == "|+" {
		s.fail(at, "this kind of block cannot be edited here; write |-")
	}
	return n
}
