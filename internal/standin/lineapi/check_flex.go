package lineapi

import "strconv"

// Sizes of Flex containers in bytes of JSON.
// https://developers.line.biz/en/reference/messaging-api/#flex-message
const (
	maxBubbleBytes   = 30 * 1024
	maxCarouselBytes = 50 * 1024
	maxBubbles       = 12
	maxAnimated      = 10
)

func (c *checker) flexMessage(n *node, a *at, out *outgoing) {
	c.known(n, a, "altText", "contents")
	out.text = c.altText(n, a)
	v := c.object(n, a, "contents", true)
	if v == nil {
		return
	}
	c.scope = scopeFlex
	defer func() { c.scope = scopeBody }()
	switch c.enum(v, nil, "type", true, "bubble", "carousel") {
	case "bubble":
		c.bubble(v, nil, false)
	case "carousel":
		c.flexCarousel(v)
	}
	if c.animated > maxAnimated {
		c.bad(nil, "up to "+strconv.Itoa(maxAnimated)+" animated images can be specified")
	}
}

func (c *checker) flexCarousel(n *node) {
	c.only(n, nil, "type", "contents")
	if n.end-n.off > maxCarouselBytes {
		c.bad(nil, "must not be larger than 50KB")
	}
	list := c.array(n, nil, "contents", true)
	if list == nil {
		return
	}
	place := &at{key: "contents"}
	c.size(list, place, 1, maxBubbles)
	var size string
	for i := range list.items {
		item, spot := &list.items[i], &at{up: place, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		if c.enum(item, spot, "type", true, "bubble") == "" {
			continue
		}
		c.bubble(item, spot, true)
		mine := item.text("size")
		if mine == "" {
			mine = "mega"
		}
		if i == 0 {
			size = mine
		} else if mine != size {
			c.bad(&at{up: spot, key: "size"}, "must be the same in all bubbles of a carousel")
		}
	}
}

func (c *checker) bubble(n *node, a *at, inCarousel bool) {
	c.only(n, a, "type", "size", "direction", "header", "hero", "body", "footer", "styles", "action")
	if n.end-n.off > maxBubbleBytes {
		c.bad(a, "must not be larger than 30KB")
	}
	size := c.enum(n, a, "size", false, "nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
	c.enum(n, a, "direction", false, "ltr", "rtl")
	blocks := 0
	for _, key := range []string{"header", "body", "footer"} {
		if box := c.object(n, a, key, false); box != nil {
			blocks++
			place := &at{up: a, key: key}
			if box.text("type") != "box" {
				c.bad(place, "invalid property")
				continue
			}
			c.box(box, place)
			c.firstChild(box, place)
		}
	}
	if hero := c.object(n, a, "hero", false); hero != nil {
		blocks++
		place := &at{up: a, key: "hero"}
		switch hero.text("type") {
		case "box":
			c.box(hero, place)
			c.firstChild(hero, place)
		case "image":
			c.flexImage(hero, place)
		case "video":
			c.flexVideo(hero, place)
			// Conditions: https://developers.line.biz/en/reference/messaging-api/#f-video
			if inCarousel {
				c.bad(place, "video can't be used in a carousel")
			}
			if size != "" && size != "kilo" && size != "mega" && size != "giga" {
				c.bad(place, "video needs a bubble of the size kilo, mega or giga")
			}
		default:
			c.bad(place, "invalid property")
		}
	}
	if blocks == 0 {
		c.bad(a, "at least one block must be specified")
	}
	c.bubbleStyles(n, a)
	c.actionField(n, a, "action", onFlex, false)
}

// firstChild holds a block's first component to its place.
// https://developers.line.biz/en/docs/messaging-api/flex-message-layout/#component-offset
func (c *checker) firstChild(box *node, a *at) {
	list := box.get("contents")
	if list == nil || len(list.items) == 0 || list.items[0].text("position") != "absolute" {
		return
	}
	spot := &at{up: &at{up: a, key: "contents"}, index: 0}
	c.bad(&at{up: spot, key: "position"}, "the first component of a block can't be absolute")
}

func (c *checker) bubbleStyles(n *node, a *at) {
	styles := c.object(n, a, "styles", false)
	if styles == nil {
		return
	}
	place := &at{up: a, key: "styles"}
	c.only(styles, place, "header", "hero", "body", "footer")
	for _, key := range []string{"header", "hero", "body", "footer"} {
		block := c.object(styles, place, key, false)
		if block == nil {
			continue
		}
		spot := &at{up: place, key: key}
		c.only(block, spot, "backgroundColor", "separator", "separatorColor")
		c.colour(block, spot, "backgroundColor", false, true)
		c.boolean(block, spot, "separator")
		c.colour(block, spot, "separatorColor", false, true)
	}
}

// component checks a child of a box; baseline boxes take other children.
func (c *checker) component(n *node, a *at, baseline bool) {
	if n.kind != kindObject {
		c.mistyped(n, a)
		return
	}
	switch t := n.text("type"); {
	case t == "text":
		c.flexText(n, a)
	case t == "filler":
		c.only(n, a, "type", "flex")
		c.ratio(n, a)
	case baseline && t == "icon":
		c.icon(n, a)
	case baseline:
		c.bad(a, "invalid property")
	case t == "box":
		c.box(n, a)
	case t == "button":
		c.button(n, a)
	case t == "image":
		c.flexImage(n, a)
	case t == "separator":
		c.only(n, a, "type", "margin", "color")
		c.space(n, a, "margin")
		c.colour(n, a, "color", false, true)
	default: // among them spacer, which LINE took away (line-bot-sdk-go#657)
		c.bad(a, "invalid property")
	}
}

func (c *checker) box(n *node, a *at) {
	for i := range n.fields {
		switch key := n.fields[i].key; key {
		case "type", "layout", "contents":
		case "flex":
			c.ratio(n, a)
		case "spacing", "margin":
			c.space(n, a, key)
		case "paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd":
			c.measure(n, a, key, spaceWords, pixels|percent)
		case "width", "maxWidth", "height", "maxHeight":
			c.measure(n, a, key, noWords, pixels|percent)
		case "borderWidth":
			c.measure(n, a, key, borderWords, pixels)
		case "cornerRadius":
			c.measure(n, a, key, spaceWords, pixels)
		case "backgroundColor", "borderColor":
			c.colour(n, a, key, false, true)
		case "justifyContent":
			c.enum(n, a, key, false, "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly")
		case "alignItems":
			c.enum(n, a, key, false, "center", "flex-start", "flex-end")
		case "action":
			c.actionField(n, a, key, onFlex, false)
		case "background":
			c.background(n, a)
		default:
			c.offset(n, a, key)
		}
	}
	layout := c.enum(n, a, "layout", true, "horizontal", "vertical", "baseline")
	list := c.array(n, a, "contents", true) // may be empty
	if list == nil {
		return
	}
	place := &at{up: a, key: "contents"}
	for i := range list.items {
		c.component(&list.items[i], &at{up: place, index: i}, layout == "baseline")
	}
}

func (c *checker) background(n *node, a *at) {
	v := c.object(n, a, "background", false)
	if v == nil {
		return
	}
	place := &at{up: a, key: "background"}
	c.only(v, place, "type", "angle", "startColor", "endColor", "centerColor", "centerPosition")
	if c.enum(v, place, "type", true, "linearGradient") == "" {
		return
	}
	if angle := c.field(v, place, "angle", kindString, true); angle != nil {
		if f, fine := quantity(angle.str, "deg"); !fine || f >= 360 {
			c.bad(&at{up: place, key: "angle"}, "invalid property")
		}
	}
	c.colour(v, place, "startColor", true, true)
	c.colour(v, place, "endColor", true, true)
	c.colour(v, place, "centerColor", false, true)
	if position := c.field(v, place, "centerPosition", kindString, false); position != nil {
		if f, fine := quantity(position.str, "%"); !fine || f > 100 {
			c.bad(&at{up: place, key: "centerPosition"}, "invalid property")
		}
	}
}
