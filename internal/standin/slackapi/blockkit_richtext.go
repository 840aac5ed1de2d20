package slackapi

import "fmt"

// richText checks a rich_text block.
// https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
func (c *checker) richText(o obj, path string) {
	c.only(o, path, "type", "block_id", "elements")
	if o["type"] != "rich_text" {
		c.bad(path+"/type", "unsupported type: %v", o["type"])
		return
	}
	for i, v := range c.list(o, "elements", path, 1, maxViewBlocks) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		e, ok := c.object(v, at)
		if !ok || !c.need(e, "type", at) {
			continue
		}
		switch e["type"] {
		case "rich_text_section":
			c.only(e, at, "type", "elements")
			c.runs(e, at, true)
		case "rich_text_quote":
			c.only(e, at, "type", "elements", "border")
			c.integer(e, "border", at, 0, 1)
			c.runs(e, at, true)
		case "rich_text_preformatted":
			c.only(e, at, "type", "elements", "border", "language")
			c.integer(e, "border", at, 0, 1)
			c.str(e, "language", at, 0, maxID)
			c.runs(e, at, false)
		case "rich_text_list":
			c.richList(e, at)
		default:
			c.bad(at+"/type", "unsupported type: %v", e["type"])
		}
	}
}

func (c *checker) richList(o obj, path string) {
	c.only(o, path, "type", "elements", "style", "indent", "offset", "border")
	if c.need(o, "style", path) {
		c.enum(o, "style", path, "bullet", "ordered")
	}
	c.integer(o, "indent", path, 0, 8)
	c.integer(o, "offset", path, 0, 1e6)
	c.integer(o, "border", path, 0, 1)
	for i, v := range c.list(o, "elements", path, 1, 1000) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		e, ok := c.object(v, at)
		if !ok {
			continue
		}
		if e["type"] != "rich_text_section" {
			c.bad(at+"/type", "unsupported type: %v", e["type"])
			continue
		}
		c.only(e, at, "type", "elements")
		c.runs(e, at, true)
	}
}

// runs checks the inline elements of a section, quote or preformatted part.
func (c *checker) runs(o obj, path string, all bool) {
	if !c.need(o, "elements", path) {
		return
	}
	for i, v := range c.list(o, "elements", path, 0, 5000) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		e, ok := c.object(v, at)
		if !ok || !c.need(e, "type", at) {
			continue
		}
		kind, _ := e["type"].(string)
		if !all && kind != "text" && kind != "link" {
			c.bad(at+"/type", "unsupported type: %v", e["type"])
			continue
		}
		c.run(e, kind, at)
	}
}

func (c *checker) run(e obj, kind, at string) {
	needed := func(key string) {
		if c.need(e, key, at) {
			c.weight += weigh(c.str(e, key, at, 1, maxMessageText))
		}
	}
	switch kind {
	case "text":
		c.only(e, at, "type", "text", "style")
		needed("text")
	case "link":
		c.only(e, at, "type", "url", "text", "unsafe", "style")
		c.boolean(e, at, "unsafe")
		if c.need(e, "url", at) {
			c.address(e, "url", at)
		}
		c.weight += weigh(c.str(e, "text", at, 0, maxMessageText))
	case "emoji":
		c.only(e, at, "type", "name", "unicode", "skin_tone", "url", "style")
		needed("name")
		c.str(e, "unicode", at, 0, maxID)
		c.integer(e, "skin_tone", at, 1, 6)
	case "user":
		c.only(e, at, "type", "user_id", "style")
		needed("user_id")
	case "channel":
		c.only(e, at, "type", "channel_id", "style")
		needed("channel_id")
	case "usergroup":
		c.only(e, at, "type", "usergroup_id", "style")
		needed("usergroup_id")
	case "broadcast":
		c.only(e, at, "type", "range", "style")
		if c.need(e, "range", at) {
			c.enum(e, "range", at, "here", "channel", "everyone")
		}
	case "date":
		c.only(e, at, "type", "timestamp", "format", "url", "fallback", "style")
		c.need(e, "timestamp", at)
		c.integer(e, "timestamp", at, 0, 1e10)
		needed("format")
		c.address(e, "url", at)
		c.str(e, "fallback", at, 0, maxText)
	case "color":
		c.only(e, at, "type", "value", "style")
		needed("value")
	default:
		c.bad(at+"/type", "unsupported type: %v", kind)
		return
	}
	if v, ok := e["style"]; ok {
		if style, ok := c.object(v, at+"/style"); ok {
			c.only(style, at+"/style", "bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink")
			c.boolean(style, at+"/style", "bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink")
		}
	}
}
