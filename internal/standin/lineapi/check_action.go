package lineapi

import (
	"strings"
	"time"
)

// holder is the thing an action is set on: it decides which actions may be
// set and what their labels may be.
// https://developers.line.biz/en/reference/messaging-api/#action-objects
type holder uint8

const (
	onQuickReply holder = iota
	onTemplate
	onImageCarousel
	onFlexButton
	onFlex // any other Flex component: the label is not shown
	onFlexVideo
	onRichMenu
)

// labels returns the limit in graphemes and whether a label must be there.
func (h holder) labels() (limit int, required bool) {
	switch h {
	case onQuickReply, onTemplate:
		return 20, true
	case onImageCarousel:
		return 12, false
	case onFlexButton:
		return 40, true
	case onFlex, onFlexVideo:
		return 40, false
	case onRichMenu:
		return 20, false
	}
	return 0, false
}

func (h holder) allows(action string) bool {
	switch action {
	case "postback", "message", "datetimepicker", "clipboard":
		return h != onFlexVideo
	case "uri":
		return true
	case "camera", "cameraRoll", "location":
		return h == onQuickReply
	case "richmenuswitch":
		return h == onRichMenu
	}
	return false
}

// actionField checks the action object in a field.
func (c *checker) actionField(n *node, a *at, key string, h holder, required bool) {
	if v := c.object(n, a, key, required); v != nil {
		c.action(v, &at{up: a, key: key}, h)
	}
}

func (c *checker) action(n *node, a *at, h holder) {
	t := c.field(n, a, "type", kindString, true)
	if t == nil {
		return
	}
	if !h.allows(t.str) {
		c.unallowedAction(a, h)
		return
	}
	c.label(n, a, h)
	switch t.str {
	case "postback":
		c.postback(n, a, h)
	case "message":
		c.only(n, a, "type", "label", "text")
		c.text(n, a, "text", textRule{max: 300, unit: graphemes, required: true})
	case "uri":
		c.only(n, a, "type", "label", "uri", "altUri")
		c.address(n, a, "uri", true, 1000, "http", "https", "line", "tel")
		if alt := c.object(n, a, "altUri", false); alt != nil {
			place := &at{up: a, key: "altUri"}
			c.only(alt, place, "desktop")
			c.address(alt, place, "desktop", false, 1000, "http", "https", "line", "tel")
		}
	case "datetimepicker":
		c.datetimePicker(n, a)
	case "clipboard":
		c.only(n, a, "type", "label", "clipboardText")
		c.text(n, a, "clipboardText", textRule{max: 1000, required: true})
	case "richmenuswitch":
		c.only(n, a, "type", "label", "richMenuAliasId", "data")
		if alias := c.text(n, a, "richMenuAliasId", textRule{required: true}); alias != "" && !validAlias(alias) {
			c.bad(&at{up: a, key: "richMenuAliasId"}, "invalid richMenuAliasId")
		}
		c.text(n, a, "data", textRule{max: 300, required: true, empty: true})
	default: // camera, cameraRoll, location
		c.only(n, a, "type", "label")
	}
}

func (c *checker) unallowedAction(a *at, h holder) {
	var allowed []string
	for _, t := range []string{"postback", "message", "uri", "datetimepicker", "camera", "cameraRoll", "location", "richmenuswitch", "clipboard"} {
		if h.allows(t) {
			allowed = append(allowed, t)
		}
	}
	place := &at{up: a, key: "type"}
	switch c.scope {
	case scopeBody:
		c.bad(place, "Must be one of the following values: ["+strings.Join(allowed, ", ")+"]")
	case scopeFlex:
		c.bad(a, "invalid property")
	case scopeTemplate, scopeMenu:
		c.bad(place, "must be one of the following values: ["+strings.Join(allowed, ", ")+"]")
	}
}

func (c *checker) label(n *node, a *at, h holder) {
	limit, required := h.labels()
	v := c.field(n, a, "label", kindString, false)
	if v == nil || v.str == "" {
		if required {
			// LINE names the action, not the label (line-bot-sdk-java#258).
			c.bad(a, "`label` must be specified")
		}
		return
	}
	if len(v.str) > limit && graphemeLen(v.str) > limit {
		c.tooLong(&at{up: a, key: "label"}, limit)
	}
}

func (c *checker) postback(n *node, a *at, h holder) {
	c.only(n, a, "type", "label", "data", "displayText", "text", "inputOption", "fillInText")
	c.text(n, a, "data", textRule{max: 300, required: true, empty: true})
	display := c.text(n, a, "displayText", textRule{max: 300, unit: graphemes, empty: true})
	text := c.text(n, a, "text", textRule{max: 300, unit: graphemes, empty: true})
	if display != "" && text != "" {
		c.bad(&at{up: a, key: "text"}, "`displayText` and `text` can't be used at the same time")
	}
	if text != "" && h == onQuickReply {
		c.bad(&at{up: a, key: "text"}, "`text` can't be used with quick reply buttons")
	}
	option := c.enum(n, a, "inputOption", false, "closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
	if fill := c.text(n, a, "fillInText", textRule{max: 300, unit: graphemes, empty: true}); fill != "" && option != "openKeyboard" {
		c.bad(&at{up: a, key: "fillInText"}, "`fillInText` is valid only when `inputOption` is `openKeyboard`")
	}
}

func (c *checker) datetimePicker(n *node, a *at) {
	c.only(n, a, "type", "label", "data", "mode", "initial", "max", "min")
	c.text(n, a, "data", textRule{max: 300, required: true, empty: true})
	mode := c.enum(n, a, "mode", true, "date", "time", "datetime")
	if mode == "" {
		return
	}
	var times [3]time.Time
	for i, key := range []string{"min", "initial", "max"} {
		s := c.text(n, a, key, textRule{})
		if s == "" {
			continue
		}
		when, fine := parsePicked(mode, s)
		if !fine {
			c.bad(&at{up: a, key: key}, "invalid format")
			continue
		}
		times[i] = when
	}
	low, initial, high := times[0], times[1], times[2]
	if !low.IsZero() && !high.IsZero() && !low.Before(high) {
		c.bad(&at{up: a, key: "max"}, "`max` must be greater than `min`")
	}
	if !initial.IsZero() && (!low.IsZero() && initial.Before(low) || !high.IsZero() && initial.After(high)) {
		c.bad(&at{up: a, key: "initial"}, "`initial` must be between `min` and `max`")
	}
}

// parsePicked reads a value of the date and time picker.
// https://developers.line.biz/en/reference/messaging-api/#date-and-time-format
func parsePicked(mode, s string) (time.Time, bool) {
	layout := map[string]string{"date": "2006-01-02", "time": "15:04", "datetime": "2006-01-02T15:04"}[mode]
	if mode == "datetime" && len(s) == len(layout) && s[10] == 't' {
		s = s[:10] + "T" + s[11:]
	}
	if len(s) != len(layout) {
		return time.Time{}, false
	}
	when, err := time.Parse(layout, s)
	if err != nil || mode != "time" && (when.Year() < 1900 || when.Year() > 2100) {
		return time.Time{}, false
	}
	if mode == "time" {
		when = when.AddDate(2000, 0, 0) // midnight of the year 0 would pass for "not set"
	}
	return when, true
}

func validAlias(s string) bool {
	if s == "" || len(s) > 32 {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
