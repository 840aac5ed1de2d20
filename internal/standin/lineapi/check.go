package lineapi

import (
	"strconv"
	"strings"
)

// at is the place of a value in the request: a linked list, so that nothing is
// built as long as nothing is wrong. The nil place is the root.
type at struct {
	up    *at
	key   string
	index int // when key is empty
}

// dotted is the form of faults found while reading the request: messages[0].text
func (a *at) dotted() string {
	if a == nil {
		return ""
	}
	prefix := a.up.dotted()
	switch {
	case a.key == "":
		return prefix + "[" + strconv.Itoa(a.index) + "]"
	case prefix == "":
		return a.key
	}
	return prefix + "." + a.key
}

// slashed is the form of faults found inside one message: /body/contents/0/text
func (a *at) slashed() string {
	if a == nil {
		return ""
	}
	if a.key == "" {
		return a.up.slashed() + "/" + strconv.Itoa(a.index)
	}
	return a.up.slashed() + "/" + a.key
}

// scope is the part of LINE that is checking. LINE checks a request in two
// passes with different words: first the body as a whole ("The request body
// has 1 error(s)"), then, message by message, templates and Flex containers
// ("A message (messages[0]) in the request body is invalid"). Seen in
// line/line-bot-sdk-go#657, cofacts/rumors-line-bot#212 and
// zaoldyeck/cross-platform-chatbot#1.
type scope uint8

const (
	scopeBody scope = iota
	scopeTemplate
	scopeFlex
	scopeMenu
)

// checker gathers everything wrong with one request.
type checker struct {
	scope   scope
	message int // being checked

	wrongType *typeFault // the first value of a wrong JSON type stops LINE at once
	body      []Detail
	inner     []Detail // of the first faulty message
	innerOf   int
	ignored   []string // fields LINE does not know and does not mind

	animated int // images that move, in the current message
}

type typeFault struct {
	property string
	off      int
}

// failure is LINE's answer, or nil. base is the source the offsets refer to.
func (c *checker) failure(src string) *APIError {
	switch {
	case c.wrongType != nil:
		line, column := lineColumn(src, c.wrongType.off)
		return &APIError{Message: "The property, '" + c.wrongType.property + "', in the request body is invalid (line: " +
			strconv.Itoa(line) + ", column: " + strconv.Itoa(column) + ")"}
	case len(c.body) > 0:
		return bodyErrors(c.body...)
	case len(c.inner) > 0:
		return &APIError{
			Message: "A message (messages[" + strconv.Itoa(c.innerOf) + "]) in the request body is invalid",
			Details: c.inner,
		}
	}
	return nil
}

// bad reports a fault at a place.
func (c *checker) bad(a *at, message string) {
	switch c.scope {
	case scopeBody, scopeMenu:
		c.body = append(c.body, Detail{message, a.dotted()})
	case scopeTemplate, scopeFlex:
		if len(c.inner) > 0 && c.innerOf != c.message {
			return
		}
		c.innerOf = c.message
		property := a.slashed()
		if c.scope == scopeTemplate {
			property = strings.TrimPrefix(property, "/")
		}
		c.inner = append(c.inner, Detail{message, property})
	}
}

// mistyped reports a value of a wrong JSON type.
func (c *checker) mistyped(n *node, a *at) {
	switch c.scope {
	case scopeFlex:
		c.bad(a, "invalid property")
	case scopeMenu:
		c.wrong(n, a.dotted())
	case scopeTemplate:
		c.wrong(n, "messages["+strconv.Itoa(c.message)+"]."+a.dotted())
	case scopeBody:
		c.wrong(n, a.dotted())
	}
}

func (c *checker) wrong(n *node, property string) {
	if c.wrongType == nil {
		c.wrongType = &typeFault{property, n.off}
	}
}

func (c *checker) missing(a *at) {
	if c.scope == scopeBody {
		c.bad(a, "May not be empty")
		return
	}
	c.bad(a, "must be specified")
}

// only reports fields the object may not have. In Flex they are faults;
// elsewhere LINE ignores them, so they are merely remembered.
func (c *checker) only(n *node, a *at, known ...string) {
next:
	for i := range n.fields {
		key := n.fields[i].key
		for _, k := range known {
			if k == key {
				continue next
			}
		}
		place := &at{up: a, key: key}
		if c.scope == scopeFlex {
			c.bad(place, "unknown field")
			continue
		}
		c.ignored = append(c.ignored, place.dotted())
	}
}

// object returns the field when it is an object, and reports it otherwise.
func (c *checker) object(n *node, a *at, key string, required bool) *node {
	return c.field(n, a, key, kindObject, required)
}

func (c *checker) array(n *node, a *at, key string, required bool) *node {
	return c.field(n, a, key, kindArray, required)
}

func (c *checker) boolean(n *node, a *at, key string) *node {
	return c.field(n, a, key, kindBool, false)
}

func (c *checker) field(n *node, a *at, key string, k kind, required bool) *node {
	v := n.get(key)
	if v == nil {
		if required {
			c.missing(&at{up: a, key: key})
		}
		return nil
	}
	if v.kind != k {
		c.mistyped(v, &at{up: a, key: key})
		return nil
	}
	return v
}

// count is the unit a text is measured in.
type count uint8

const (
	units     count = iota // UTF-16 code units
	graphemes              // what a reader calls characters
)

func (k count) of(s string) int {
	if k == graphemes {
		return graphemeLen(s)
	}
	return utf16Len(s)
}

// textRule is what a text may be.
type textRule struct {
	max      int
	unit     count
	required bool // present
	empty    bool // may be "" when present
}

// text checks a string and returns it.
func (c *checker) text(n *node, a *at, key string, rule textRule) string {
	v := c.field(n, a, key, kindString, rule.required)
	if v == nil {
		return ""
	}
	if v.str == "" && !rule.empty {
		place := &at{up: a, key: key}
		if c.scope == scopeBody {
			c.bad(place, "May not be empty")
		} else {
			c.bad(place, "must be non-empty text")
		}
		return ""
	}
	// A string of n bytes has at most n units, so most need no counting.
	if rule.max > 0 && len(v.str) > rule.max && rule.unit.of(v.str) > rule.max {
		c.tooLong(&at{up: a, key: key}, rule.max)
	}
	return v.str
}

func (c *checker) tooLong(a *at, limit int) {
	if c.scope == scopeBody {
		c.bad(a, "Length must be between 0 and "+strconv.Itoa(limit))
		return
	}
	c.bad(a, "must not be longer than "+strconv.Itoa(limit)+" characters")
}

// size checks the number of items of an array.
func (c *checker) size(n *node, a *at, low, high int) {
	if len(n.items) >= low && len(n.items) <= high {
		return
	}
	span := "between " + strconv.Itoa(low) + " and " + strconv.Itoa(high)
	if c.scope == scopeBody {
		c.bad(a, "Size must be "+span)
		return
	}
	c.bad(a, "size must be "+span)
}

// enum checks a string against the values allowed and returns it.
func (c *checker) enum(n *node, a *at, key string, required bool, allowed ...string) string {
	v := c.field(n, a, key, kindString, required)
	if v == nil {
		return ""
	}
	for _, s := range allowed {
		if s == v.str {
			return s
		}
	}
	place := &at{up: a, key: key}
	switch c.scope {
	case scopeBody:
		c.bad(place, "Must be one of the following values: ["+strings.Join(allowed, ", ")+"]")
	case scopeFlex:
		c.bad(place, "invalid property")
	case scopeTemplate, scopeMenu:
		c.bad(place, "must be one of the following values: ["+strings.Join(allowed, ", ")+"]")
	}
	return ""
}

// integer checks a whole number and returns it.
func (c *checker) integer(n *node, a *at, key string, required bool, low, high int64) (int64, bool) {
	v := c.field(n, a, key, kindNumber, required)
	if v == nil {
		return 0, false
	}
	i, whole := v.integer()
	if !whole {
		c.mistyped(v, &at{up: a, key: key})
		return 0, false
	}
	if i < low || i > high {
		word := "Must be between "
		if c.scope != scopeBody {
			word = "must be between "
		}
		c.bad(&at{up: a, key: key}, word+strconv.FormatInt(low, 10)+" and "+strconv.FormatInt(high, 10))
		return 0, false
	}
	return i, true
}

func (c *checker) number(n *node, a *at, key string, low, high float64) {
	v := c.field(n, a, key, kindNumber, true)
	if v == nil {
		return
	}
	if f, fine := v.float(); !fine || f < low || f > high {
		c.bad(&at{up: a, key: key}, "Must be between "+
			strconv.FormatFloat(low, 'f', -1, 64)+" and "+strconv.FormatFloat(high, 'f', -1, 64))
	}
}

// url checks the address of an image, video or icon: https and at most 2,000
// characters.
func (c *checker) url(n *node, a *at, key string, required bool) {
	c.address(n, a, key, required, 2000, "https")
}

// address checks a URI. Everything outside ASCII must come percent-encoded.
// https://developers.line.biz/en/reference/messaging-api/#url-encoding
func (c *checker) address(n *node, a *at, key string, required bool, limit int, schemes ...string) {
	v := c.field(n, a, key, kindString, required)
	if v == nil {
		return
	}
	place := &at{up: a, key: key}
	if v.str == "" {
		c.missing(place)
		return
	}
	if len(v.str) > limit {
		if c.scope == scopeBody {
			c.tooLong(place, limit)
		} else {
			c.bad(place, "size must be between 0 and "+strconv.Itoa(limit))
		}
		return
	}
	if fault := uriFault(v.str, schemes); fault != "" {
		if c.scope == scopeBody && len(schemes) == 1 {
			fault = "Must be a valid HTTPS URL"
		}
		c.bad(place, fault)
	}
}

func uriFault(s string, schemes []string) string {
	scheme, rest, found := strings.Cut(s, ":")
	if !found {
		return "invalid uri"
	}
	known := false
	for _, want := range schemes {
		known = known || strings.EqualFold(want, scheme)
	}
	if !known {
		return "invalid uri scheme"
	}
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c >= 0x7F, strings.IndexByte("\"<>\\^`{|}", c) >= 0:
			return "invalid uri"
		case c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])):
			return "invalid uri"
		}
	}
	if strings.EqualFold(scheme, "tel") {
		if strings.Trim(rest, "0123456789+-.()*#") != "" || strings.Trim(rest, "+-.()*#") == "" {
			return "invalid uri"
		}
		return ""
	}
	host, slashes := strings.CutPrefix(rest, "//")
	if !slashes || host == "" || strings.IndexByte("/?#:@", host[0]) >= 0 {
		return "invalid uri"
	}
	return ""
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// colour checks #RRGGBB, and #RRGGBBAA where alpha is allowed.
func (c *checker) colour(n *node, a *at, key string, required, alpha bool) {
	v := c.field(n, a, key, kindString, required)
	if v == nil {
		return
	}
	fine := len(v.str) == 7 || alpha && len(v.str) == 9
	for i := range len(v.str) {
		if i == 0 {
			fine = fine && v.str[0] == '#'
			continue
		}
		fine = fine && isHex(v.str[i])
	}
	if !fine {
		c.bad(&at{up: a, key: key}, "invalid color")
	}
}
