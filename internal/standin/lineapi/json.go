package lineapi

import (
	"errors"
	"hash/maphash"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxJSONDepth bounds nesting, so that a hostile body cannot exhaust the stack.
const maxJSONDepth = 200

type kind uint8

const (
	kindNull kind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// node is one JSON value with its place in the source. LINE names line and
// column in its answers and measures Flex bubbles in bytes of JSON, which
// encoding/json does not tell.
type node struct {
	kind     kind
	off, end int    // byte range in the source
	str      string // decoded string, or the literal of a number or bool
	items    []node
	fields   []field
}

type field struct {
	key string
	val node
}

// syntaxError is where a text stopped being JSON.
type syntaxError struct {
	off int
	msg string
}

func (e *syntaxError) Error() string {
	return e.msg + " at byte " + strconv.Itoa(e.off)
}

var errNotUTF8 = errors.New("not UTF-8")

type parser struct {
	src   string
	pos   int
	depth int
}

// parseJSON reads exactly one JSON value (RFC 8259).
func parseJSON(src string) (*node, error) {
	if !utf8.ValidString(src) {
		return nil, &syntaxError{msg: errNotUTF8.Error()}
	}
	p := &parser{src: src}
	var root node
	p.space()
	if err := p.value(&root); err != nil {
		return nil, err
	}
	p.space()
	if p.pos != len(src) {
		return nil, p.fail("more after the value")
	}
	return &root, nil
}

func (p *parser) fail(msg string) error { return &syntaxError{off: p.pos, msg: msg} }

func (p *parser) space() {
	for p.pos < len(p.src) {
		switch p.src[p.pos] {
		case ' ', '\t', '\n', '\r':
			p.pos++
		default:
			return
		}
	}
}

func (p *parser) value(n *node) error {
	if p.pos >= len(p.src) {
		return p.fail("unexpected end")
	}
	n.off = p.pos
	var err error
	switch c := p.src[p.pos]; {
	case c == '{':
		err = p.object(n)
	case c == '[':
		err = p.array(n)
	case c == '"':
		n.kind = kindString
		n.str, err = p.str()
	case c == '-' || c >= '0' && c <= '9':
		n.kind = kindNumber
		err = p.number()
		n.str = p.src[n.off:p.pos]
	case c == 't':
		err = p.literal(n, kindBool, "true")
	case c == 'f':
		err = p.literal(n, kindBool, "false")
	case c == 'n':
		err = p.literal(n, kindNull, "null")
	default:
		err = p.fail("unexpected character")
	}
	n.end = p.pos
	return err
}

func (p *parser) literal(n *node, k kind, word string) error {
	if !strings.HasPrefix(p.src[p.pos:], word) {
		return p.fail("unexpected character")
	}
	n.kind, n.str = k, word
	p.pos += len(word)
	return nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > maxJSONDepth {
		return p.fail("nested too deeply")
	}
	p.pos++
	p.space()
	return nil
}

func (p *parser) object(n *node) error {
	n.kind = kindObject
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	if p.at('}') {
		return nil
	}
	n.fields = make([]field, 0, 4)
	for {
		if p.pos >= len(p.src) || p.src[p.pos] != '"' {
			return p.fail("expected a field name")
		}
		key, err := p.str()
		if err != nil {
			return err
		}
		p.space()
		if !p.at(':') {
			return p.fail("expected a colon")
		}
		p.space()
		n.fields = append(n.fields, field{key: key})
		if err := p.value(&n.fields[len(n.fields)-1].val); err != nil {
			return err
		}
		p.space()
		switch {
		case p.at(','):
			p.space()
		case p.at('}'):
			return nil
		default:
			return p.fail("expected a comma or the end of the object")
		}
	}
}

func (p *parser) array(n *node) error {
	n.kind = kindArray
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	if p.at(']') {
		return nil
	}
	n.items = make([]node, 0, 2)
	for {
		n.items = append(n.items, node{})
		if err := p.value(&n.items[len(n.items)-1]); err != nil {
			return err
		}
		p.space()
		switch {
		case p.at(','):
			p.space()
		case p.at(']'):
			return nil
		default:
			return p.fail("expected a comma or the end of the array")
		}
	}
}

// at consumes c when it is next.
func (p *parser) at(c byte) bool {
	if p.pos < len(p.src) && p.src[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) number() error {
	p.at('-')
	if !p.at('0') && !p.digits() {
		return p.fail("expected a digit")
	}
	if p.at('.') && !p.digits() {
		return p.fail("expected a digit")
	}
	if p.at('e') || p.at('E') {
		if !p.at('+') {
			p.at('-')
		}
		if !p.digits() {
			return p.fail("expected a digit")
		}
	}
	return nil
}

func (p *parser) digits() bool {
	start := p.pos
	for p.pos < len(p.src) && p.src[p.pos] >= '0' && p.src[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > start
}

// str reads a string. Without escapes the result shares the source's memory.
func (p *parser) str() (string, error) {
	p.pos++ // the opening quote
	start := p.pos
	for p.pos < len(p.src) {
		switch c := p.src[p.pos]; {
		case c == '"':
			s := p.src[start:p.pos]
			p.pos++
			return s, nil
		case c == '\\':
			return p.escaped(start)
		case c < 0x20:
			return "", p.fail("control character in a string")
		}
		p.pos++
	}
	return "", p.fail("unexpected end of a string")
}

func (p *parser) escaped(start int) (string, error) {
	buf := []byte(p.src[start:p.pos])
	for p.pos < len(p.src) {
		c := p.src[p.pos]
		switch {
		case c == '"':
			p.pos++
			return string(buf), nil
		case c < 0x20:
			return "", p.fail("control character in a string")
		case c != '\\':
			buf = append(buf, c)
			p.pos++
			continue
		}
		p.pos++
		if p.pos >= len(p.src) {
			break
		}
		switch e := p.src[p.pos]; e {
		case '"', '\\', '/':
			buf = append(buf, e)
		case 'b':
			buf = append(buf, '\b')
		case 'f':
			buf = append(buf, '\f')
		case 'n':
			buf = append(buf, '\n')
		case 'r':
			buf = append(buf, '\r')
		case 't':
			buf = append(buf, '\t')
		case 'u':
			r, err := p.unicodeEscape()
			if err != nil {
				return "", err
			}
			buf = utf8.AppendRune(buf, r)
			continue
		default:
			return "", p.fail("unknown escape")
		}
		p.pos++
	}
	return "", p.fail("unexpected end of a string")
}

// unicodeEscape reads u and four hexadecimal digits, and a second escape when
// both are a surrogate pair. A lone surrogate becomes U+FFFD, as in encoding/json.
func (p *parser) unicodeEscape() (rune, error) {
	first, ok := p.hex4(p.pos + 1)
	if !ok {
		return 0, p.fail("expected four hexadecimal digits")
	}
	p.pos += 5
	if !utf16.IsSurrogate(first) {
		return first, nil
	}
	if strings.HasPrefix(p.src[p.pos:], `\u`) {
		if second, ok := p.hex4(p.pos + 2); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				p.pos += 6
				return r, nil
			}
		}
	}
	return utf8.RuneError, nil
}

func (p *parser) hex4(at int) (rune, bool) {
	if at+4 > len(p.src) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(p.src[at : at+4]) {
		switch {
		case c >= '0' && c <= '9':
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// get returns the field's value; nil when it is absent or null, which LINE
// treats alike. Of a repeated key the last counts.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i := len(n.fields) - 1; i >= 0; i-- {
		if n.fields[i].key == key {
			if v := &n.fields[i].val; v.kind != kindNull {
				return v
			}
			return nil
		}
	}
	return nil
}

// text returns the field's string, or "".
func (n *node) text(key string) string {
	if v := n.get(key); v != nil && v.kind == kindString {
		return v.str
	}
	return ""
}

func (n *node) integer() (int64, bool) {
	if n.kind != kindNumber {
		return 0, false
	}
	i, err := strconv.ParseInt(n.str, 10, 64)
	return i, err == nil
}

func (n *node) float() (float64, bool) {
	if n.kind != kindNumber {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.str, 64)
	return f, err == nil
}

func (n *node) isTrue() bool { return n != nil && n.kind == kindBool && n.str == "true" }

// digest tells equal values from different ones whatever the order of fields
// and the spacing.
func (n *node) digest(seed maphash.Seed) uint64 {
	sum := mix(uint64(n.kind) + 1)
	switch n.kind {
	case kindString, kindNumber, kindBool:
		sum = mix(sum ^ maphash.String(seed, n.str))
	case kindArray:
		for i := range n.items {
			sum = mix(sum*3 + n.items[i].digest(seed))
		}
	case kindObject:
		var all uint64
		for i := range n.fields {
			all += mix(maphash.String(seed, n.fields[i].key) ^ n.fields[i].val.digest(seed))
		}
		sum = mix(sum + all)
	case kindNull:
	}
	return sum
}

// lineColumn counts from one, as LINE's answers do.
func lineColumn(src string, off int) (line, column int) {
	off = min(off, len(src))
	line = 1 + strings.Count(src[:off], "\n")
	return line, utf8.RuneCountInString(src[strings.LastIndexByte(src[:off], '\n')+1:off]) + 1
}
