package lineapi

// CheckRichMenu checks a rich menu object as the validate endpoint does,
// without a server. A refusal is an *[APIError].
func CheckRichMenu(menu []byte) error {
	src := string(menu)
	root, err := parseJSON(src)
	if err != nil {
		return notJSON(src, err)
	}
	c := checker{scope: scopeMenu}
	c.richMenu(root)
	if fault := c.failure(src); fault != nil {
		return fault
	}
	return nil
}

// richMenu checks a rich menu object.
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
func (c *checker) richMenu(n *node) {
	if n.kind != kindObject {
		c.wrong(n, "-")
		return
	}
	c.only(n, nil, "size", "selected", "name", "chatBarText", "areas")
	var width, height int64
	if size := c.object(n, nil, "size", true); size != nil {
		place := &at{key: "size"}
		c.only(size, place, "width", "height")
		var fineWidth, fineHeight bool
		width, fineWidth = c.integer(size, place, "width", true, 800, 2500)
		height, fineHeight = c.integer(size, place, "height", true, 250, 1<<31-1)
		if fineWidth && fineHeight && !menuShape(width, height) {
			c.bad(place, "the aspect ratio (width / height) must be at least 1.45")
		}
	}
	c.field(n, nil, "selected", kindBool, true)
	c.text(n, nil, "name", textRule{max: 300, unit: graphemes, required: true})
	c.text(n, nil, "chatBarText", textRule{max: 14, unit: graphemes, required: true})
	list := c.array(n, nil, "areas", true)
	if list == nil {
		return
	}
	place := &at{key: "areas"}
	c.size(list, place, 0, 20)
	for i := range list.items {
		item, spot := &list.items[i], &at{up: place, index: i}
		if item.kind != kindObject {
			c.mistyped(item, spot)
			continue
		}
		c.only(item, spot, "bounds", "action")
		c.bounds(item, spot, width, height)
		c.actionField(item, spot, "action", onRichMenu, true)
	}
}

func menuShape(width, height int64) bool { return width*100 >= height*145 }

func (c *checker) bounds(n *node, a *at, width, height int64) {
	b := c.object(n, a, "bounds", true)
	if b == nil {
		return
	}
	place := &at{up: a, key: "bounds"}
	c.only(b, place, "x", "y", "width", "height")
	x, fineX := c.integer(b, place, "x", true, 0, 1<<31-1)
	y, fineY := c.integer(b, place, "y", true, 0, 1<<31-1)
	w, fineW := c.integer(b, place, "width", true, 1, 1<<31-1)
	h, fineH := c.integer(b, place, "height", true, 1, 1<<31-1)
	if width > 0 && fineX && fineW && x+w > width || height > 0 && fineY && fineH && y+h > height {
		c.bad(place, "must be inside the rich menu")
	}
}
