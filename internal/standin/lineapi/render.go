package lineapi

import "strings"

// Action is something that can be tapped.
// https://developers.line.biz/en/reference/messaging-api/#action-objects
type Action struct {
	Type            string `json:"type"`
	Label           string `json:"label,omitempty"`
	Text            string `json:"text,omitempty"`
	Data            string `json:"data,omitempty"`
	DisplayText     string `json:"displayText,omitempty"`
	URI             string `json:"uri,omitempty"`
	Mode            string `json:"mode,omitempty"`
	Initial         string `json:"initial,omitempty"`
	Min             string `json:"min,omitempty"`
	Max             string `json:"max,omitempty"`
	InputOption     string `json:"inputOption,omitempty"`
	FillInText      string `json:"fillInText,omitempty"`
	ClipboardText   string `json:"clipboardText,omitempty"`
	RichMenuAliasID string `json:"richMenuAliasId,omitempty"`
	ImageURL        string `json:"imageUrl,omitempty"` // icon of a quick reply
}

// reading is what a reader makes of a message.
type reading struct {
	words        string
	actions      []Action
	quickReplies []Action
}

// readMessage reads a message object that was accepted, or received.
func readMessage(raw string) reading {
	var out reading
	n, err := parseJSON(raw)
	if err != nil {
		return out
	}
	var words []string
	switch n.text("type") {
	case "text":
		words = append(words, n.text("text"))
	case "textV2":
		words = append(words, plainV2(n))
	case "location":
		words = append(words, n.text("title"), n.text("address"))
	case "imagemap":
		words = append(words, n.text("altText"))
		if list := n.get("actions"); list != nil {
			for i := range list.items {
				out.actions = append(out.actions, readAction(&list.items[i]))
			}
		}
	case "template":
		walkTemplate(n.get("template"), &words, &out.actions)
	case "flex":
		walkFlex(n.get("contents"), &words, &out.actions)
	}
	if items := n.get("quickReply").get("items"); items != nil {
		for i := range items.items {
			a := readAction(items.items[i].get("action"))
			a.ImageURL = items.items[i].text("imageUrl")
			out.quickReplies = append(out.quickReplies, a)
		}
	}
	out.words = strings.Join(strings.FieldsFunc(strings.Join(words, "\x00"), func(r rune) bool { return r == 0 }), "\n")
	return out
}

func readAction(n *node) Action {
	a := Action{
		Type: n.text("type"), Label: n.text("label"), Text: n.text("text"), Data: n.text("data"),
		DisplayText: n.text("displayText"), URI: n.text("uri"), Mode: n.text("mode"),
		Initial: n.text("initial"), Min: n.text("min"), Max: n.text("max"),
		InputOption: n.text("inputOption"), FillInText: n.text("fillInText"),
		ClipboardText: n.text("clipboardText"), RichMenuAliasID: n.text("richMenuAliasId"),
	}
	if link := n.text("linkUri"); link != "" { // imagemaps name it so
		a.URI = link
	}
	return a
}

func walkTemplate(n *node, words *[]string, actions *[]Action) {
	if n == nil {
		return
	}
	*words = append(*words, n.text("title"), n.text("text"))
	if a := n.get("defaultAction"); a != nil {
		*actions = append(*actions, readAction(a))
	}
	if a := n.get("action"); a != nil { // a column of an image carousel
		*words = append(*words, a.text("label"))
		*actions = append(*actions, readAction(a))
	}
	if list := n.get("actions"); list != nil {
		for i := range list.items {
			*words = append(*words, list.items[i].text("label"))
			*actions = append(*actions, readAction(&list.items[i]))
		}
	}
	if columns := n.get("columns"); columns != nil {
		for i := range columns.items {
			walkTemplate(&columns.items[i], words, actions)
		}
	}
}

func walkFlex(n *node, words *[]string, actions *[]Action) {
	if n == nil {
		return
	}
	contents := n.get("contents")
	switch n.text("type") {
	case "text":
		if contents == nil || len(contents.items) == 0 {
			*words = append(*words, n.text("text"))
			break
		}
		var line strings.Builder
		for i := range contents.items {
			line.WriteString(contents.items[i].text("text"))
		}
		*words = append(*words, line.String())
		contents = nil
	case "button":
		*words = append(*words, n.get("action").text("label"))
	}
	if a := n.get("action"); a != nil {
		*actions = append(*actions, readAction(a))
	}
	for _, block := range []string{"header", "hero", "body", "footer"} {
		walkFlex(n.get(block), words, actions)
	}
	if contents != nil {
		for i := range contents.items {
			walkFlex(&contents.items[i], words, actions)
		}
	}
}

// plainV2 puts something readable in the place of placeholders.
func plainV2(n *node) string {
	text, subs := n.text("text"), n.get("substitution")
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '{' && i+1 < len(text) && text[i+1] != '{':
			end := strings.IndexByte(text[i:], '}')
			if end < 0 {
				return text
			}
			sub := subs.get(text[i+1 : i+end])
			if who := sub.get("mentionee"); who == nil {
				b.WriteByte('$')
			} else if who.text("type") == "all" {
				b.WriteString("@All")
			} else {
				b.WriteString("@" + who.text("userId"))
			}
			i += end
		case text[i] == '{', text[i] == '}':
			b.WriteByte(text[i])
			i++
		default:
			b.WriteByte(text[i])
		}
	}
	return b.String()
}
