package slackapi

import "fmt"

// headerWeight is what a header block costs beyond its text in
// msg_blocks_too_long, as measured by users (undocumented).
const headerWeight = 100

// blocks checks the blocks of a message or view. path is "/blocks" or
// "/view/blocks".
func (c *checker) blocks(list []any, path string) {
	most := maxViewBlocks
	if c.surface == onMessage {
		most = maxMessageBlocks
	}
	if len(list) > most {
		c.bad(path, "no more than %d items allowed", most)
	}
	for i, v := range list {
		c.block(v, fmt.Sprintf("%s/%d", path, i))
	}
	if c.markdown > maxMarkdown {
		c.bad(path, "must be less than %d characters in all markdown blocks together", maxMarkdown+1)
	}
}

func (c *checker) block(v any, path string) {
	o, ok := c.object(v, path)
	if !ok || !c.need(o, "type", path) {
		return
	}
	if id := c.str(o, "block_id", path, 1, maxID); id != "" {
		if c.blockIDs[id] {
			c.bad(path+"/block_id", "`block_id` %q already exists", id)
		}
		c.blockIDs[id] = true
	}
	switch o["type"] {
	case "section":
		c.section(o, path)
	case "header":
		c.only(o, path, "type", "block_id", "text")
		c.neededText(o, "text", path, plainOnly, maxHeaderText)
		c.weight += headerWeight
	case "context":
		c.context(o, path)
	case "actions":
		c.actions(o, path)
	case "divider":
		c.only(o, path, "type", "block_id")
	case "image":
		c.imageBlock(o, path)
	case "input":
		c.input(o, path)
	case "rich_text":
		c.richText(o, path)
	case "markdown":
		c.markdownBlock(o, path)
	default:
		c.bad(path+"/type", "unsupported type: %v", o["type"])
	}
}

// https://docs.slack.dev/reference/block-kit/blocks/section-block
func (c *checker) section(o obj, path string) {
	c.only(o, path, "type", "block_id", "text", "fields", "accessory", "expand")
	c.boolean(o, path, "expand")
	_, hasText := o["text"]
	_, hasFields := o["fields"]
	if !hasText && !hasFields {
		c.bad(path+"/type", "must define either `text` or `fields`")
	}
	c.optionalText(o, "text", path, plainOrMarkup, maxText)
	if hasFields {
		for i, field := range c.list(o, "fields", path, 1, maxFields) {
			c.text(field, fmt.Sprintf("%s/fields/%d", path, i), plainOrMarkup, maxFieldText)
		}
	}
	if v, ok := o["accessory"]; ok {
		c.element(v, path+"/accessory", inSection, map[string]bool{})
	}
}

// https://docs.slack.dev/reference/block-kit/blocks/context-block
func (c *checker) context(o obj, path string) {
	c.only(o, path, "type", "block_id", "elements")
	for i, v := range c.list(o, "elements", path, 1, maxContext) {
		at := fmt.Sprintf("%s/elements/%d", path, i)
		e, ok := c.object(v, at)
		switch {
		case !ok || !c.need(e, "type", at):
		case e["type"] == "image":
			c.imageElement(e, at)
		default:
			c.text(v, at, plainOrMarkup, maxText)
		}
	}
}

// https://docs.slack.dev/reference/block-kit/blocks/actions-block
func (c *checker) actions(o obj, path string) {
	c.only(o, path, "type", "block_id", "elements")
	ids := map[string]bool{}
	for i, v := range c.list(o, "elements", path, 1, maxActions) {
		c.element(v, fmt.Sprintf("%s/elements/%d", path, i), inActions, ids)
	}
}

// https://docs.slack.dev/reference/block-kit/blocks/image-block
func (c *checker) imageBlock(o obj, path string) {
	c.only(o, path, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
	c.imageSource(o, path)
	c.optionalText(o, "title", path, plainOnly, maxAltText)
}

func (c *checker) imageElement(o obj, path string) {
	c.only(o, path, "type", "image_url", "slack_file", "alt_text")
	c.imageSource(o, path)
}

func (c *checker) imageSource(o obj, path string) {
	if c.need(o, "alt_text", path) {
		c.str(o, "alt_text", path, 1, maxAltText)
	}
	_, byURL := o["image_url"]
	file, byFile := o["slack_file"]
	if byURL == byFile {
		c.bad(path, "must define either `image_url` or `slack_file`")
		return
	}
	c.address(o, "image_url", path)
	if !byFile {
		return
	}
	at := path + "/slack_file"
	f, ok := c.object(file, at)
	if !ok {
		return
	}
	c.only(f, at, "id", "url")
	_, byID := f["id"]
	_, byPrivate := f["url"]
	if byID == byPrivate {
		c.bad(at, "must define either `id` or `url`")
	}
	c.str(f, "id", at, 1, maxID)
	c.address(f, "url", at)
}

// https://docs.slack.dev/reference/block-kit/blocks/input-block
func (c *checker) input(o obj, path string) {
	c.inputs = append(c.inputs, path)
	c.only(o, path, "type", "block_id", "label", "element", "dispatch_action", "hint", "optional")
	c.boolean(o, path, "dispatch_action", "optional")
	c.neededText(o, "label", path, plainOnly, maxLabel)
	c.optionalText(o, "hint", path, plainOnly, maxLabel)
	if c.need(o, "element", path) {
		c.element(o["element"], path+"/element", inInput, map[string]bool{})
	}
}

// https://docs.slack.dev/reference/block-kit/blocks/markdown-block
func (c *checker) markdownBlock(o obj, path string) {
	if c.surface != onMessage {
		c.bad(path+"/type", "unsupported type: markdown")
		return
	}
	c.only(o, path, "type", "block_id", "text")
	if c.need(o, "text", path) {
		s := c.str(o, "text", path, 1, maxMarkdown)
		c.markdown += len([]rune(s))
		c.weight += weigh(s)
	}
}
