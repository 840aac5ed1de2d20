package slackapi

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// place is the block an element stands in.
type place int

const (
	inSection place = iota
	inActions
	inInput
)

// element checks an interactive element, or an image beside a section.
// https://docs.slack.dev/reference/block-kit/block-elements
func (c *checker) element(v any, path string, in place, ids map[string]bool) {
	o, ok := c.object(v, path)
	if !ok || !c.need(o, "type", path) {
		return
	}
	kind, _ := o["type"].(string)
	if !c.allowed(kind, in) {
		c.bad(path+"/type", "unsupported type: %v", o["type"])
		return
	}
	if kind == "image" {
		c.imageElement(o, path)
		return
	}
	if id := c.str(o, "action_id", path, 1, maxID); id != "" {
		if ids[id] {
			c.bad(path+"/action_id", "`action_id` %q already exists for this block", id)
		}
		ids[id] = true
	}
	c.boolean(o, path, "focus_on_load")
	if o["focus_on_load"] == true {
		if c.focused {
			c.bad(path+"/focus_on_load", "only one element can be focused on load")
		}
		c.focused = true
	}
	switch kind {
	case "button":
		c.button(o, path)
	case "overflow":
		c.only(o, path, "type", "action_id", "options", "confirm")
		c.options(o, path, maxOverflow, optionPlainURL)
		c.confirm(o, path)
	case "checkboxes", "radio_buttons":
		c.choices(o, path, kind)
	case "datepicker":
		c.only(o, path, "type", "action_id", "initial_date", "confirm", "focus_on_load", "placeholder")
		c.format(o, "initial_date", path, time.DateOnly)
		c.placeholder(o, path)
		c.confirm(o, path)
	case "timepicker":
		c.only(o, path, "type", "action_id", "initial_time", "confirm", "focus_on_load", "placeholder", "timezone")
		c.format(o, "initial_time", path, "15:04")
		c.str(o, "timezone", path, 1, maxID)
		c.placeholder(o, path)
		c.confirm(o, path)
	case "datetimepicker":
		c.only(o, path, "type", "action_id", "initial_date_time", "confirm", "focus_on_load")
		c.integer(o, "initial_date_time", path, 1e9, 1e10-1)
		c.confirm(o, path)
	case "plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input":
		c.typed(o, path, kind)
	case "file_input":
		c.only(o, path, "type", "action_id", "filetypes", "max_files")
		c.strings(o, "filetypes", path)
		c.integer(o, "max_files", path, 1, 10)
	default:
		c.selectMenu(o, path, kind, in)
	}
}

// allowed tells whether an element may stand in a block, on this surface.
func (c *checker) allowed(kind string, in place) bool {
	multi := strings.HasPrefix(kind, "multi_")
	switch strings.TrimPrefix(kind, "multi_") {
	case "static_select", "external_select", "users_select", "conversations_select", "channels_select":
		return !multi || in != inActions
	}
	switch kind {
	case "image":
		return in == inSection
	case "button", "overflow":
		return in != inInput
	case "checkboxes", "radio_buttons", "datepicker", "timepicker":
		return true
	case "datetimepicker":
		return in != inSection
	case "plain_text_input":
		return in == inInput
	case "email_text_input", "url_text_input", "number_input", "rich_text_input":
		return in == inInput && c.surface != onMessage
	case "file_input":
		return in == inInput && c.surface == onModal
	}
	return false
}

// https://docs.slack.dev/reference/block-kit/block-elements/button-element
func (c *checker) button(o obj, path string) {
	c.only(o, path, "type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label")
	c.neededText(o, "text", path, plainOnly, maxButtonText)
	c.address(o, "url", path)
	c.str(o, "value", path, 0, maxButtonValue)
	c.enum(o, "style", path, "primary", "danger")
	c.str(o, "accessibility_label", path, 0, maxButtonText)
	c.confirm(o, path)
}

func (c *checker) placeholder(o obj, path string) {
	c.optionalText(o, "placeholder", path, plainOnly, maxPlaceholder)
}

func (c *checker) format(o obj, key, path, layout string) {
	v, ok := o[key]
	if !ok {
		return
	}
	s, _ := v.(string)
	if _, err := time.Parse(layout, s); err != nil {
		c.bad(path+"/"+key, "must be in the format %s", strings.NewReplacer("2006", "YYYY", "01", "MM", "02", "DD", "15", "HH", "04", "mm").Replace(layout))
	}
}

type optionKind int

const (
	optionPlain    optionKind = iota
	optionPlainURL            // overflow
	optionMarkup              // checkboxes, radio buttons
)

// options checks "options". Repeated values are refused (stricter: Slack calls
// the value "unique" without saying what happens otherwise).
// https://docs.slack.dev/reference/block-kit/composition-objects/option-object
func (c *checker) options(o obj, path string, most int, kind optionKind) []any {
	list := c.list(o, "options", path, 1, most)
	seen := map[string]bool{}
	for i, v := range list {
		at := fmt.Sprintf("%s/options/%d", path, i)
		value := c.option(v, at, kind)
		if value != "" && seen[value] {
			c.bad(at+"/value", "option values must be unique")
		}
		seen[value] = true
	}
	return list
}

func (c *checker) option(v any, path string, kind optionKind) string {
	o, ok := c.object(v, path)
	if !ok {
		return ""
	}
	allowed := []string{"text", "value", "description"}
	texts := plainOnly
	switch kind {
	case optionPlainURL:
		allowed = append(allowed, "url")
		c.address(o, "url", path)
	case optionMarkup:
		texts = plainOrMarkup
	case optionPlain:
	}
	c.only(o, path, allowed...)
	c.neededText(o, "text", path, texts, maxOptionText)
	c.optionalText(o, "description", path, texts, maxOptionText)
	if !c.need(o, "value", path) {
		return ""
	}
	return c.str(o, "value", path, 1, maxOptionValue)
}

// initial checks that a preselected option is one of those offered, exactly.
func (c *checker) initial(v any, path string, offered []any) {
	if !slices.ContainsFunc(offered, func(o any) bool { return reflect.DeepEqual(o, v) }) {
		c.bad(path, "must exactly match one of the options")
	}
}

func (c *checker) choices(o obj, path, kind string) {
	allowed := []string{"type", "action_id", "options", "confirm", "focus_on_load"}
	offered := c.options(o, path, maxChoices, optionMarkup)
	if kind == "checkboxes" {
		allowed = append(allowed, "initial_options")
		if _, ok := o["initial_options"]; ok {
			for i, v := range c.list(o, "initial_options", path, 1, maxChoices) {
				c.initial(v, fmt.Sprintf("%s/initial_options/%d", path, i), offered)
			}
		}
	} else {
		allowed = append(allowed, "initial_option")
		if v, ok := o["initial_option"]; ok {
			c.initial(v, path+"/initial_option", offered)
		}
	}
	c.only(o, path, allowed...)
	c.confirm(o, path)
}

// typed checks the inputs a person types into.
// https://docs.slack.dev/reference/block-kit/block-elements/plain-text-input-element
func (c *checker) typed(o obj, path, kind string) {
	allowed := []string{"type", "action_id", "placeholder", "initial_value", "focus_on_load", "dispatch_action_config"}
	switch kind {
	case "plain_text_input":
		allowed = append(allowed, "multiline", "min_length", "max_length")
		c.boolean(o, path, "multiline")
		least, hasLeast := c.integer(o, "min_length", path, 0, maxInputLength)
		most, hasMost := c.integer(o, "max_length", path, 1, maxInputLength)
		if hasLeast && hasMost && least > most {
			c.bad(path+"/min_length", "must be less than or equal to `max_length`")
		}
		if !hasMost {
			most = maxInputLength
		}
		if s := c.str(o, "initial_value", path, 0, maxInputLength); utf8.RuneCountInString(s) > most {
			c.bad(path+"/initial_value", "must be less than %d characters", most+1)
		}
	case "number_input":
		allowed = append(allowed, "is_decimal_allowed", "min_value", "max_value")
		c.need(o, "is_decimal_allowed", path)
		c.boolean(o, path, "is_decimal_allowed")
		c.str(o, "initial_value", path, 1, maxID)
		c.str(o, "min_value", path, 1, maxID)
		c.str(o, "max_value", path, 1, maxID)
	case "rich_text_input":
		if v, ok := o["initial_value"]; ok {
			if block, ok := c.object(v, path+"/initial_value"); ok {
				c.richText(block, path+"/initial_value")
			}
		}
	default:
		c.str(o, "initial_value", path, 1, maxInputLength)
	}
	c.only(o, path, allowed...)
	c.placeholder(o, path)
	if v, ok := o["dispatch_action_config"]; ok {
		at := path + "/dispatch_action_config"
		if config, ok := c.object(v, at); ok {
			c.only(config, at, "trigger_actions_on")
			for i, on := range c.strings(config, "trigger_actions_on", at) {
				if on != "on_enter_pressed" && on != "on_character_entered" {
					c.bad(fmt.Sprintf("%s/trigger_actions_on/%d", at, i), "must be on_enter_pressed or on_character_entered")
				}
			}
		}
	}
}
