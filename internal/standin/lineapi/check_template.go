package lineapi

// altText is required wherever a message can only be seen, not read.
func (c *checker) altText(n *node, a *at) string {
	return c.text(n, a, "altText", textRule{max: 1500, required: true})
}

// templateMessage checks the four templates.
// https://developers.line.biz/en/reference/messaging-api/#template-messages
func (c *checker) templateMessage(n *node, a *at, out *outgoing) {
	c.known(n, a, "altText", "template")
	out.text = c.altText(n, a)
	t := c.object(n, a, "template", true)
	if t == nil {
		return
	}
	c.scope = scopeTemplate
	defer func() { c.scope = scopeBody }()
	place := &at{key: "template"}
	switch c.enum(t, place, "type", true, "buttons", "confirm", "carousel", "image_carousel") {
	case "buttons":
		c.only(t, place, "type", "thumbnailImageUrl", "imageAspectRatio", "imageSize", "imageBackgroundColor",
			"title", "text", "defaultAction", "actions")
		c.imageLook(t, place)
		c.card(t, place, 160, 4)
	case "confirm":
		c.only(t, place, "type", "text", "actions")
		c.text(t, place, "text", textRule{max: 240, unit: graphemes, required: true})
		c.templateActions(t, place, 2, 2)
	case "carousel":
		c.only(t, place, "type", "columns", "imageAspectRatio", "imageSize")
		c.imageLook(t, place)
		c.carouselTemplate(t, place)
	case "image_carousel":
		c.only(t, place, "type", "columns")
		c.columns(t, place, func(column *node, spot *at) {
			c.only(column, spot, "imageUrl", "action")
			c.url(column, spot, "imageUrl", true)
			c.actionField(column, spot, "action", onImageCarousel, true)
		})
	}
}

func (c *checker) imageLook(n *node, a *at) {
	c.enum(n, a, "imageAspectRatio", false, "rectangle", "square")
	c.enum(n, a, "imageSize", false, "cover", "contain")
}

// card is what buttons and a carousel's columns have in common: with an image
// or a title only 60 characters of text.
func (c *checker) card(n *node, a *at, textLimit, actionLimit int) (actions int) {
	c.url(n, a, "thumbnailImageUrl", false)
	c.colour(n, a, "imageBackgroundColor", false, false)
	title := c.text(n, a, "title", textRule{max: 40, unit: graphemes})
	if title != "" || n.get("thumbnailImageUrl") != nil {
		textLimit = 60
	}
	c.text(n, a, "text", textRule{max: textLimit, unit: graphemes, required: true})
	c.actionField(n, a, "defaultAction", onTemplate, false)
	return c.templateActions(n, a, 1, actionLimit)
}

func (c *checker) templateActions(n *node, a *at, low, high int) int {
	list := c.array(n, a, "actions", true)
	if list == nil {
		return 0
	}
	place := &at{up: a, key: "actions"}
	c.size(list, place, low, high)
	for i := range list.items {
		item, spot := &list.items[i], &at{up: place, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		c.action(item, spot, onTemplate)
	}
	return len(list.items)
}

func (c *checker) columns(n *node, a *at, check func(*node, *at)) {
	list := c.array(n, a, "columns", true)
	if list == nil {
		return
	}
	place := &at{up: a, key: "columns"}
	c.size(list, place, 1, 10)
	for i := range list.items {
		item, spot := &list.items[i], &at{up: place, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		check(item, spot)
	}
}

// carouselTemplate also wants the columns alike: the same number of actions
// (line-bot-sdk-python#38), all with an image or none, all with a title or none.
func (c *checker) carouselTemplate(t *node, place *at) {
	first, actions := true, 0
	var image, title bool
	c.columns(t, place, func(column *node, spot *at) {
		c.only(column, spot, "thumbnailImageUrl", "imageBackgroundColor", "title", "text", "defaultAction", "actions")
		count := c.card(column, spot, 120, 3)
		hasImage, hasTitle := column.get("thumbnailImageUrl") != nil, column.get("title") != nil
		if first {
			first, actions, image, title = false, count, hasImage, hasTitle
			return
		}
		if count != actions {
			c.bad(&at{up: spot, key: "actions"}, "the number of actions must be the same in all columns")
		}
		if hasImage != image {
			c.bad(&at{up: spot, key: "thumbnailImageUrl"}, "must be specified for all columns or none")
		}
		if hasTitle != title {
			c.bad(&at{up: spot, key: "title"}, "must be specified for all columns or none")
		}
	})
}

// imagemap checks an image with tappable areas.
// https://developers.line.biz/en/reference/messaging-api/#imagemap-message
func (c *checker) imagemap(n *node, a *at, out *outgoing) {
	c.known(n, a, "baseUrl", "altText", "baseSize", "video", "actions")
	out.text = c.altText(n, a)
	c.url(n, a, "baseUrl", true)
	if size := c.object(n, a, "baseSize", true); size != nil {
		place := &at{up: a, key: "baseSize"}
		c.only(size, place, "width", "height")
		c.integer(size, place, "width", true, 1040, 1040)
		c.integer(size, place, "height", true, 1, 1<<31-1)
	}
	video := c.object(n, a, "video", false)
	if video != nil {
		c.imagemapVideo(video, &at{up: a, key: "video"})
	}
	list := c.array(n, a, "actions", true)
	if list == nil {
		return
	}
	place := &at{up: a, key: "actions"}
	low := 1
	if video != nil {
		low = 0
	}
	c.size(list, place, low, 50)
	for i := range list.items {
		item, spot := &list.items[i], &at{up: place, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		c.imagemapAction(item, spot)
	}
}

func (c *checker) imagemapVideo(n *node, a *at) {
	c.only(n, a, "originalContentUrl", "previewImageUrl", "area", "externalLink")
	c.url(n, a, "originalContentUrl", true)
	c.url(n, a, "previewImageUrl", true)
	c.area(n, a)
	link := c.object(n, a, "externalLink", false)
	if link == nil {
		return
	}
	place := &at{up: a, key: "externalLink"}
	c.only(link, place, "linkUri", "label")
	c.address(link, place, "linkUri", true, 1000, "http", "https", "line", "tel")
	c.text(link, place, "label", textRule{max: 30, required: true})
}

func (c *checker) imagemapAction(n *node, a *at) {
	c.text(n, a, "label", textRule{max: 100, unit: graphemes, empty: true})
	c.area(n, a)
	switch c.enum(n, a, "type", true, "uri", "message", "clipboard") {
	case "uri":
		c.only(n, a, "type", "label", "area", "linkUri")
		c.address(n, a, "linkUri", true, 1000, "http", "https", "line", "tel")
	case "message":
		c.only(n, a, "type", "label", "area", "text")
		c.text(n, a, "text", textRule{max: 400, unit: graphemes, required: true})
	case "clipboard":
		c.only(n, a, "type", "label", "area", "clipboardText")
		c.text(n, a, "clipboardText", textRule{max: 1000, required: true})
	}
}

func (c *checker) area(n *node, a *at) {
	area := c.object(n, a, "area", true)
	if area == nil {
		return
	}
	place := &at{up: a, key: "area"}
	c.only(area, place, "x", "y", "width", "height")
	c.integer(area, place, "x", true, 0, 1<<31-1)
	c.integer(area, place, "y", true, 0, 1<<31-1)
	c.integer(area, place, "width", true, 1, 1<<31-1)
	c.integer(area, place, "height", true, 1, 1<<31-1)
}
