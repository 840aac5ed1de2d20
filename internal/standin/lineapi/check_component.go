package lineapi

import (
	"strconv"
	"strings"
)

// offset checks the four offsets and their reference, which all placed
// components share; any other field is unknown to LINE.
func (c *checker) offset(n *node, a *at, key string) {
	switch key {
	case "position":
		c.enum(n, a, key, false, "relative", "absolute")
	case "offsetTop", "offsetBottom", "offsetStart", "offsetEnd":
		c.measure(n, a, key, spaceWords, pixels|percent)
	default:
		c.bad(&at{up: a, key: key}, "unknown field")
	}
}

func (c *checker) button(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "action":
		case "flex":
			c.ratio(n, a)
		case "color":
			c.colour(n, a, key, false, true)
		case "style":
			c.enum(n, a, key, false, "primary", "secondary", "link")
		case "gravity":
			c.gravity(n, a)
		case "margin":
			c.space(n, a, key)
		case "height":
			c.enum(n, a, key, false, "sm", "md")
		case "adjustMode":
			c.enum(n, a, key, false, "shrink-to-fit")
		case "scaling":
			c.boolean(n, a, key)
		default:
			c.offset(n, a, key)
		}
	}
	c.actionField(n, a, "action", onFlexButton, true)
}

func (c *checker) flexImage(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "url":
		case "flex":
			c.ratio(n, a)
		case "margin":
			c.space(n, a, key)
		case "align":
			c.enum(n, a, key, false, "start", "end", "center")
		case "gravity":
			c.gravity(n, a)
		case "size":
			c.measure(n, a, key, imageWords, pixels|percent)
		case "aspectRatio":
			c.aspectRatio(n, a)
		case "aspectMode":
			c.enum(n, a, key, false, "cover", "fit")
		case "backgroundColor":
			c.colour(n, a, key, false, true)
		case "action":
			c.actionField(n, a, key, onFlex, false)
		case "animated":
			if c.boolean(n, a, key).isTrue() {
				c.animated++
			}
		default:
			c.offset(n, a, key)
		}
	}
	c.url(n, a, "url", true)
}

func (c *checker) flexVideo(n *node, a *at) {
	c.only(n, a, "type", "url", "previewUrl", "altContent", "aspectRatio", "action")
	c.url(n, a, "url", true)
	c.url(n, a, "previewUrl", true)
	c.aspectRatio(n, a)
	c.actionField(n, a, "action", onFlexVideo, false)
	alt := c.object(n, a, "altContent", true)
	if alt == nil {
		return
	}
	place := &at{up: a, key: "altContent"}
	switch alt.text("type") {
	case "box":
		c.box(alt, place)
	case "image":
		c.flexImage(alt, place)
	default:
		c.bad(place, "invalid property")
	}
}

func (c *checker) icon(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "url":
		case "margin":
			c.space(n, a, key)
		case "size":
			c.measure(n, a, key, fontWords, pixels)
		case "aspectRatio":
			c.aspectRatio(n, a)
		case "scaling":
			c.boolean(n, a, key)
		default:
			c.offset(n, a, key)
		}
	}
	c.url(n, a, "url", true)
}

func (c *checker) flexText(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "text", "contents":
		case "flex":
			c.ratio(n, a)
		case "size":
			c.measure(n, a, key, fontWords, pixels)
		case "align":
			c.enum(n, a, key, false, "start", "end", "center")
		case "gravity":
			c.gravity(n, a)
		case "color":
			c.colour(n, a, key, false, true)
		case "weight", "style", "decoration":
			c.fontLook(n, a, key)
		case "wrap", "scaling":
			c.boolean(n, a, key)
		case "lineSpacing":
			c.measure(n, a, key, noWords, pixels)
		case "margin":
			c.space(n, a, key)
		case "maxLines":
			c.integer(n, a, key, false, 0, 1<<31-1)
		case "adjustMode":
			c.enum(n, a, key, false, "shrink-to-fit")
		case "action":
			c.actionField(n, a, key, onFlex, false)
		default:
			c.offset(n, a, key)
		}
	}
	spans := c.array(n, a, "contents", false)
	if spans == nil || len(spans.items) == 0 {
		if text := c.field(n, a, "text", kindString, false); text == nil || text.str == "" {
			c.bad(&at{up: a, key: "text"}, "must be non-empty text")
		}
		return
	}
	c.field(n, a, "text", kindString, false) // ignored beside spans, but must be a string
	place := &at{up: a, key: "contents"}
	for i := range spans.items {
		span, spot := &spans.items[i], &at{up: place, index: i}
		if span.kind != kindObject || span.text("type") != "span" {
			c.bad(spot, "invalid property")
			continue
		}
		c.span(span, spot)
	}
}

func (c *checker) span(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "text":
		case "size":
			c.measure(n, a, key, fontWords, pixels)
		case "color":
			c.colour(n, a, key, false, true)
		case "weight", "style", "decoration":
			c.fontLook(n, a, key)
		default:
			c.bad(&at{up: a, key: key}, "unknown field")
		}
	}
	if text := c.field(n, a, "text", kindString, false); text == nil || text.str == "" {
		c.bad(&at{up: a, key: "text"}, "must be non-empty text")
	}
}

func (c *checker) fontLook(n *node, a *at, key string) {
	switch key {
	case "weight":
		c.enum(n, a, key, false, "regular", "bold")
	case "style":
		c.enum(n, a, key, false, "normal", "italic")
	case "decoration":
		c.enum(n, a, key, false, "none", "underline", "line-through")
	}
}

func (c *checker) gravity(n *node, a *at) {
	c.enum(n, a, "gravity", false, "top", "bottom", "center")
}

func (c *checker) ratio(n *node, a *at) {
	c.integer(n, a, "flex", false, 0, 1<<31-1)
}

// space checks a margin or a spacing.
func (c *checker) space(n *node, a *at, key string) {
	c.measure(n, a, key, spaceWords, pixels)
}

// The keywords of sizes, each between commas.
const (
	noWords     = ","
	spaceWords  = ",none,xs,sm,md,lg,xl,xxl,"
	borderWords = ",none,light,normal,medium,semi-bold,bold,"
	fontWords   = ",xxs,xs,sm,md,lg,xl,xxl,3xl,4xl,5xl,"
	imageWords  = fontWords + "full,"
)

type measures uint8

const (
	pixels measures = 1 << iota
	percent
)

// measure checks a size: a keyword, "12px", or "30%".
// https://developers.line.biz/en/docs/messaging-api/flex-message-layout/
func (c *checker) measure(n *node, a *at, key, words string, allowed measures) {
	v := c.field(n, a, key, kindString, false)
	if v == nil {
		return
	}
	if v.str != "" && !strings.Contains(v.str, ",") && strings.Contains(words, ","+v.str+",") {
		return
	}
	_, isPixels := quantity(v.str, "px")
	_, isPercent := quantity(v.str, "%")
	if isPixels && allowed&pixels != 0 || isPercent && allowed&percent != 0 {
		return
	}
	c.bad(&at{up: a, key: key}, "invalid property")
}

// quantity reads a number that is not negative, with a unit.
func quantity(s, unit string) (float64, bool) {
	digits, found := strings.CutSuffix(s, unit)
	if !found || digits == "" || strings.Trim(digits, "0123456789.") != "" || digits[0] == '.' || digits[len(digits)-1] == '.' {
		return 0, false
	}
	f, err := strconv.ParseFloat(digits, 64)
	return f, err == nil
}

// aspectRatio checks {width}:{height}, each from 1 to 100000, the height at
// most three times the width.
func (c *checker) aspectRatio(n *node, a *at) {
	v := c.field(n, a, "aspectRatio", kindString, false)
	if v == nil {
		return
	}
	left, right, _ := strings.Cut(v.str, ":")
	width, fineWidth := quantity(left, "")
	height, fineHeight := quantity(right, "")
	if !fineWidth || !fineHeight || width < 1 || width > 100000 || height < 1 || height > 100000 || height > 3*width {
		c.bad(&at{up: a, key: "aspectRatio"}, "invalid property")
	}
}
