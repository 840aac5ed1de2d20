package slackapi

import (
	"fmt"
	"maps"
)

// view checks the payload of views.open, update, push and publish.
// https://docs.slack.dev/reference/views/modal-views
// https://docs.slack.dev/reference/views/home-tab-views
func (c *checker) view(o obj) {
	const path = "/view"
	if !c.need(o, "type", path) {
		return
	}
	allowed := []string{"type", "blocks", "private_metadata", "callback_id", "external_id"}
	switch o["type"] {
	case "modal":
		c.surface = onModal
		allowed = append(allowed, "title", "close", "submit", "clear_on_close", "notify_on_close", "submit_disabled")
		c.neededText(o, "title", path, plainOnly, maxViewTitle)
		c.optionalText(o, "close", path, plainOnly, maxViewTitle)
		c.optionalText(o, "submit", path, plainOnly, maxViewTitle)
		c.boolean(o, path, "clear_on_close", "notify_on_close", "submit_disabled")
	case "home":
		c.surface = onHome
	default:
		c.bad(path+"/type", "unsupported type: %v", o["type"])
		return
	}
	c.only(o, path, allowed...)
	c.str(o, "private_metadata", path, 0, maxPrivateMeta)
	c.str(o, "callback_id", path, 0, maxID)
	c.str(o, "external_id", path, 0, maxID)
	if c.need(o, "blocks", path) {
		if list, ok := o["blocks"].([]any); ok {
			c.blocks(list, path+"/blocks")
		} else {
			c.bad(path+"/blocks", "must provide an array")
		}
	}
	if _, ok := o["submit"]; !ok && c.surface == onModal {
		for _, at := range c.inputs {
			c.bad(at+"/input", "must define `submit` to use an `input` block in modals")
		}
	}
}

// CheckBlocks returns what Slack would refuse in the blocks of a message, in
// Slack's words, or nothing. blocks is decoded JSON.
func CheckBlocks(blocks []any) []string {
	c := newChecker(onMessage)
	c.blocks(blocks, "/blocks")
	if len(c.problems) == 0 && c.weight > maxBlocksTogether {
		return []string{fmt.Sprintf("msg_blocks_too_long: %d of %d characters", c.weight, maxBlocksTogether)}
	}
	return c.problems
}

// CheckView returns what Slack would refuse in a view, in Slack's words, or
// nothing. view is decoded JSON.
func CheckView(view map[string]any) []string {
	c := newChecker(onModal)
	c.view(view)
	return c.problems
}

// fill gives every block and interactive element the id Slack would give it,
// and stores text as Slack does: with & < > escaped unless they are markup.
// The blocks have been checked. It changes them in place.
func (w *Workspace) fill(blocks []any) {
	for _, v := range blocks {
		block, ok := v.(obj)
		if !ok {
			continue
		}
		if _, ok := block["block_id"]; !ok {
			block["block_id"] = w.ids.code("", 5)
		}
		if block["type"] == "rich_text" {
			continue // carries text unescaped, as Slack's own
		}
		for _, e := range elementsOf(block) {
			if _, ok := e["action_id"]; !ok && e["type"] != "image" && e["type"] != "plain_text" && e["type"] != "mrkdwn" {
				e["action_id"] = w.ids.code("", 5)
			}
		}
		escapeTexts(block)
	}
}

// elementsOf returns the elements of a block: accessory, elements or input.
func elementsOf(block obj) []obj {
	var out []obj
	for _, key := range []string{"accessory", "element"} {
		if e, ok := block[key].(obj); ok {
			out = append(out, e)
		}
	}
	if list, ok := block["elements"].([]any); ok && block["type"] != "rich_text" {
		for _, v := range list {
			if e, ok := v.(obj); ok {
				out = append(out, e)
			}
		}
	}
	return out
}

// escapeTexts escapes every text object below v.
func escapeTexts(v any) {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			escapeTexts(item)
		}
	case obj:
		s, ok := v["text"].(string)
		switch {
		case ok && v["type"] == "plain_text":
			v["text"] = escapeAll(s)
		case ok && v["type"] == "mrkdwn":
			v["text"] = escapeBare(s)
		}
		for key := range maps.Keys(v) {
			if key != "initial_value" {
				escapeTexts(v[key])
			}
		}
	}
}
