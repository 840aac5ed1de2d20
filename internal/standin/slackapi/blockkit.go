package slackapi

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// surface is where blocks are shown.
type surface int

const (
	onMessage surface = iota
	onModal
	onHome
)

// Limits of Block Kit, in Unicode code points and items.
// https://docs.slack.dev/reference/block-kit/blocks
const (
	maxMessageBlocks  = 50
	maxViewBlocks     = 100
	maxID             = 255 // block_id, action_id, callback_id, external_id
	maxText           = 3000
	maxFieldText      = 2000
	maxFields         = 10
	maxHeaderText     = 150
	maxActions        = 25
	maxContext        = 10
	maxLabel          = 2000
	maxAltText        = 2000
	maxURL            = 3000
	maxButtonText     = 75
	maxButtonValue    = 2000
	maxPlaceholder    = 150
	maxOptions        = 100
	maxOverflow       = 5
	maxChoices        = 10 // checkboxes, radio buttons
	maxOptionText     = 75
	maxOptionValue    = 150
	maxInputLength    = 3000
	maxMarkdown       = 12000 // in one message
	maxViewTitle      = 24    // also submit and close
	maxPrivateMeta    = 3000
	maxViewBytes      = 250 * 1024
	maxModals         = 3
	maxMessageText    = 40000
	maxUpdateBytes    = 4000  // text of chat.update, in bytes; see refuseLongUpdate
	maxBlocksTogether = 13200 // msg_blocks_too_long; see checker.weight
	maxAttachments    = 100
)

// checker walks blocks and collects what Slack would refuse, in Slack's words:
// "must be less than 3001 characters [json-pointer:/blocks/0/text/text]".
type checker struct {
	surface   surface
	problems  []string
	blockIDs  map[string]bool
	focused   bool
	inputs    []string // block paths of input blocks
	markdown  int      // characters in markdown blocks
	weight    int      // what msg_blocks_too_long counts
	responses bool     // some select has response_url_enabled
}

func newChecker(s surface) *checker {
	return &checker{surface: s, blockIDs: map[string]bool{}}
}

func (c *checker) bad(path, format string, args ...any) {
	if len(c.problems) < 100 {
		c.problems = append(c.problems, fmt.Sprintf(format, args...)+" [json-pointer:"+path+"]")
	}
}

// object returns v as an object.
func (c *checker) object(v any, path string) (obj, bool) {
	o, ok := v.(obj)
	if !ok {
		c.bad(path, "must provide an object")
	}
	return o, ok
}

// only refuses other properties than those allowed.
func (c *checker) only(o obj, path string, allowed ...string) {
	var extra []string
	for key := range o {
		if !slices.Contains(allowed, key) {
			extra = append(extra, key)
		}
	}
	slices.Sort(extra)
	for _, key := range extra {
		c.bad(path, "invalid additional property: %s", key)
	}
}

func (c *checker) need(o obj, key, path string) bool {
	if _, ok := o[key]; ok {
		return true
	}
	c.bad(path, "missing required field: %s", key)
	return false
}

// str checks an optional string of least to most characters.
func (c *checker) str(o obj, key, path string, least, most int) string {
	v, ok := o[key]
	if !ok {
		return ""
	}
	s, ok := v.(string)
	if !ok {
		c.bad(path+"/"+key, "must provide a string")
		return ""
	}
	c.length(s, path+"/"+key, least, most)
	return s
}

func (c *checker) length(s, path string, least, most int) {
	switch n := utf8.RuneCountInString(s); {
	case n < least:
		c.bad(path, "must be more than %d characters", least-1)
	case n > most:
		c.bad(path, "must be less than %d characters", most+1)
	}
}

func (c *checker) boolean(o obj, path string, keys ...string) {
	for _, key := range keys {
		if v, ok := o[key]; ok {
			if _, ok := v.(bool); !ok {
				c.bad(path+"/"+key, "must provide a boolean")
			}
		}
	}
}

// integer checks an optional whole number between least and most.
func (c *checker) integer(o obj, key, path string, least, most int) (int, bool) {
	v, ok := o[key]
	if !ok {
		return 0, false
	}
	f, ok := v.(float64)
	if !ok || f != float64(int(f)) {
		c.bad(path+"/"+key, "must provide an integer")
		return 0, false
	}
	switch n := int(f); {
	case n < least:
		c.bad(path+"/"+key, "must be greater than or equal to %d", least)
	case n > most:
		c.bad(path+"/"+key, "must be less than or equal to %d", most)
	default:
		return n, true
	}
	return 0, false
}

// enum checks an optional string out of a set.
func (c *checker) enum(o obj, key, path string, values ...string) {
	v, ok := o[key]
	if !ok {
		return
	}
	if s, ok := v.(string); !ok || !slices.Contains(values, s) {
		c.bad(path+"/"+key, "failed to match all allowed schemas; must be one of %s", strings.Join(values, ", "))
	}
}

// list checks an array of least to most items; it must be there when least > 0.
func (c *checker) list(o obj, key, path string, least, most int) []any {
	v, ok := o[key]
	if !ok {
		if least > 0 {
			c.bad(path, "missing required field: %s", key)
		}
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		c.bad(path+"/"+key, "must provide an array")
		return nil
	}
	switch n := len(items); {
	case n < least:
		c.bad(path+"/"+key, "must provide at least %d items", least)
	case n > most:
		c.bad(path+"/"+key, "no more than %d items allowed", most)
	}
	return items
}

// strings checks an optional array of non-empty strings.
func (c *checker) strings(o obj, key, path string) []string {
	var out []string
	for i, v := range c.list(o, key, path, 0, 1000) {
		s, ok := v.(string)
		if !ok || s == "" {
			c.bad(fmt.Sprintf("%s/%s/%d", path, key, i), "must provide a string")
			continue
		}
		out = append(out, s)
	}
	return out
}

// address checks an optional http(s) address.
func (c *checker) address(o obj, key, path string) {
	s := c.str(o, key, path, 1, maxURL)
	if s == "" {
		return
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" || (u.Host == "" && u.Opaque == "" && u.Path == "") {
		c.bad(path+"/"+key, "must be a valid URL")
	}
}

// textKind tells which text objects a place takes.
type textKind int

const (
	plainOnly textKind = iota
	plainOrMarkup
)

// text checks a text object. Empty text is refused.
// https://docs.slack.dev/reference/block-kit/composition-objects/text-object
func (c *checker) text(v any, path string, kind textKind, most int) {
	o, ok := c.object(v, path)
	if !ok {
		return
	}
	if !c.need(o, "type", path) {
		return
	}
	switch o["type"] {
	case "plain_text":
		c.only(o, path, "type", "text", "emoji")
		c.boolean(o, path, "emoji")
	case "mrkdwn":
		if kind == plainOnly {
			c.bad(path+"/type", "unsupported type: mrkdwn; must be plain_text")
			return
		}
		c.only(o, path, "type", "text", "verbatim")
		c.boolean(o, path, "verbatim")
	default:
		c.bad(path+"/type", "unsupported type: %v", o["type"])
		return
	}
	if c.need(o, "text", path) {
		s := c.str(o, "text", path, 1, most)
		c.weight += weigh(s)
	}
}

func (c *checker) optionalText(o obj, key, path string, kind textKind, most int) {
	if v, ok := o[key]; ok {
		c.text(v, path+"/"+key, kind, most)
	}
}

func (c *checker) neededText(o obj, key, path string, kind textKind, most int) {
	if c.need(o, key, path) {
		c.text(o[key], path+"/"+key, kind, most)
	}
}

// confirm checks a confirmation dialog.
// https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object
func (c *checker) confirm(o obj, path string) {
	v, ok := o["confirm"]
	if !ok {
		return
	}
	path += "/confirm"
	dialog, ok := c.object(v, path)
	if !ok {
		return
	}
	c.only(dialog, path, "title", "text", "confirm", "deny", "style")
	c.neededText(dialog, "title", path, plainOnly, 100)
	c.neededText(dialog, "text", path, plainOrMarkup, 300)
	c.neededText(dialog, "confirm", path, plainOnly, 30)
	c.neededText(dialog, "deny", path, plainOnly, 30)
	c.enum(dialog, "style", path, "primary", "danger")
}

// weigh counts characters as msg_blocks_too_long does: after & < > were
// escaped. The limit is undocumented; measured by users at about 13,200.
// https://github.com/slackapi/bolt-js/issues/2509
func weigh(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		switch r {
		case '<', '>':
			n += 3
		case '&':
			n += 4
		}
	}
	for _, entity := range []string{"&amp;", "&lt;", "&gt;"} {
		n -= 4 * strings.Count(s, entity)
	}
	return n
}
