package slackapi

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Button is something a person can press.
type Button struct {
	Text     string `json:"text"`
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value,omitempty"`
	Style    string `json:"style,omitempty"` // "primary", "danger"
	URL      string `json:"url,omitempty"`
	Confirm  string `json:"confirm,omitempty"` // title of the dialog that asks back
}

// Buttons lists the buttons of a message, in order.
func Buttons(m Message) []Button { return buttonsIn(m.Blocks) }

// ViewButtons lists the buttons of a modal or home tab, in order; not those
// that submit or close it.
func ViewButtons(v View) []Button { return buttonsIn(v.Blocks) }

func buttonsIn(blocks []any) []Button {
	var out []Button
	for _, item := range blocks {
		block, _ := item.(obj)
		for _, e := range elementsOf(block) {
			if e["type"] != "button" {
				continue
			}
			str := func(o obj, key string) string { s, _ := o[key].(string); return s }
			dialog, _ := e["confirm"].(obj)
			out = append(out, Button{
				Text: textOf(e["text"]), ActionID: str(e, "action_id"), BlockID: str(block, "block_id"),
				Value: str(e, "value"), Style: str(e, "style"), URL: str(e, "url"), Confirm: textOf(dialog["title"]),
			})
		}
	}
	return out
}

func buttonTexts(blocks []any) []string {
	var out []string
	for _, b := range buttonsIn(blocks) {
		out = append(out, b.Text)
	}
	return out
}

// Plain is the readable text of a message: its blocks when it has any, else
// its text, with the names of people and channels, and files.
func (w *Workspace) Plain(m Message) string {
	r := w.reader()
	if len(m.Blocks) == 0 {
		r.line(r.markup(m.Text))
	}
	r.blocks(m.Blocks)
	for _, item := range m.Attachments {
		a, _ := item.(obj)
		blocks, _ := a["blocks"].([]any)
		r.blocks(blocks)
		for _, key := range []string{"title", "text"} {
			if s, _ := a[key].(string); s != "" {
				r.line(r.markup(s))
			}
		}
	}
	for _, f := range m.Files {
		r.line("[ファイル: " + f.Title + "]")
	}
	return r.String()
}

// PlainView is the readable text of a modal or home tab, with what was entered
// and the errors shown.
func (w *Workspace) PlainView(v View) string {
	r := w.reader()
	r.values, r.errors = v.Values, v.Errors
	if v.Title != "" {
		r.line("《" + v.Title + "》")
	}
	r.blocks(v.Blocks)
	var buttons []string
	for _, s := range []string{v.Submit, v.Close} {
		if s != "" {
			buttons = append(buttons, "["+s+"]")
		}
	}
	if len(buttons) > 0 {
		r.line(strings.Join(buttons, " "))
	}
	return r.String()
}

// reader writes blocks as lines of text.
type reader struct {
	lines  []string
	people map[string]string
	rooms  map[string]string
	values map[string]map[string]any
	errors map[string]string
}

func (w *Workspace) reader() *reader {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := &reader{people: map[string]string{}, rooms: map[string]string{}}
	for id, p := range w.people {
		r.people[id] = p.member.Shown()
	}
	for id, ch := range w.channels {
		r.rooms[id] = ch.name
	}
	return r
}

func (r *reader) String() string { return strings.Join(r.lines, "\n") }

func (r *reader) line(s string) {
	if s != "" {
		r.lines = append(r.lines, s)
	}
}

// markup replaces mentions and links by what people read.
func (r *reader) markup(s string) string {
	s = anyMarkup.ReplaceAllStringFunc(s, func(m string) string {
		parts := anyMarkup.FindStringSubmatch(m)
		kind, target, label := parts[1], parts[2], parts[4]
		switch {
		case kind == "@" && r.people[target] != "":
			return "@" + r.people[target]
		case kind == "#" && r.rooms[target] != "":
			return "#" + r.rooms[target]
		case kind == "!" && strings.HasPrefix(target, "date^") && label != "":
			return label
		case kind == "!":
			return "@" + target
		case label != "":
			return label + " (" + target + ")"
		}
		return kind + target
	})
	return unescape(s)
}

func (r *reader) text(v any) string {
	o, _ := v.(obj)
	s, _ := o["text"].(string)
	if o["type"] == "mrkdwn" {
		return r.markup(s)
	}
	return unescape(s)
}

func (r *reader) blocks(blocks []any) {
	for _, item := range blocks {
		block, _ := item.(obj)
		switch block["type"] {
		case "header":
			r.line("■ " + r.text(block["text"]))
		case "section":
			r.line(r.text(block["text"]))
			fields, _ := block["fields"].([]any)
			for _, f := range fields {
				r.line("・" + strings.ReplaceAll(r.text(f), "\n", " "))
			}
			if e, ok := block["accessory"].(obj); ok {
				r.line(r.element(block, e))
			}
		case "context", "actions":
			var parts []string
			for _, e := range elementsOf(block) {
				parts = append(parts, r.element(block, e))
			}
			r.line(strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " "))
		case "divider":
			r.line("――――")
		case "image":
			alt, _ := block["alt_text"].(string)
			r.line("[画像: " + alt + "]")
		case "markdown":
			s, _ := block["text"].(string)
			r.line(s)
		case "rich_text":
			r.richText(block)
		case "input":
			e, _ := block["element"].(obj)
			r.line(r.text(block["label"]) + ": " + r.element(block, e))
			id, _ := block["block_id"].(string)
			if problem := r.errors[id]; problem != "" {
				r.line("⚠ " + problem)
			}
		}
	}
}

// element is what a person reads of an element, with what is chosen.
func (r *reader) element(block, e obj) string {
	switch e["type"] {
	case "plain_text", "mrkdwn":
		return r.text(e)
	case "image":
		alt, _ := e["alt_text"].(string)
		return "[画像: " + alt + "]"
	case "button":
		return "[" + textOf(e["text"]) + "]"
	case "overflow":
		var parts []string
		for _, o := range optionsOf(e) {
			parts = append(parts, textOf(o["text"]))
		}
		return "[⋯ " + strings.Join(parts, " / ") + "]"
	}
	blockID, _ := block["block_id"].(string)
	actionID, _ := e["action_id"].(string)
	entry, ok := r.values[blockID][actionID].(obj)
	if !ok {
		entry = initialValue(e)
	}
	chosen := r.chosen(entry[valueKey(entry)])
	if chosen == "" {
		chosen = textOf(e["placeholder"])
	}
	if kind, _ := e["type"].(string); strings.HasSuffix(kind, "_input") {
		return "[" + chosen + "]"
	}
	return "[" + chosen + "▾]"
}

// chosen is a value of state.values as a person reads it.
func (r *reader) chosen(v any) string {
	switch v := v.(type) {
	case string:
		switch {
		case r.people[v] != "":
			return "@" + r.people[v]
		case r.rooms[v] != "":
			return "#" + r.rooms[v]
		}
		return v
	case float64:
		return time.Unix(int64(v), 0).UTC().Format(time.RFC3339)
	case int64:
		return time.Unix(v, 0).UTC().Format(time.RFC3339)
	case obj:
		if v["type"] == "rich_text" {
			inner := &reader{people: r.people, rooms: r.rooms}
			inner.richText(v)
			return inner.String()
		}
		if name, ok := v["name"].(string); ok {
			return name
		}
		return textOf(v["text"])
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, r.chosen(item))
		}
		return strings.Join(parts, "、")
	}
	return ""
}

func (r *reader) richText(block obj) {
	parts, _ := block["elements"].([]any)
	for _, item := range parts {
		part, _ := item.(obj)
		elements, _ := part["elements"].([]any)
		switch part["type"] {
		case "rich_text_list":
			for i, entry := range elements {
				mark := "・"
				if part["style"] == "ordered" {
					mark = fmt.Sprintf("%d. ", i+1)
				}
				section, _ := entry.(obj)
				inner, _ := section["elements"].([]any)
				r.line(mark + r.runs(inner))
			}
		case "rich_text_quote":
			r.line("> " + r.runs(elements))
		default:
			r.line(r.runs(elements))
		}
	}
}

func (r *reader) runs(elements []any) string {
	var b strings.Builder
	for _, item := range elements {
		e, _ := item.(obj)
		str := func(key string) string { s, _ := e[key].(string); return s }
		switch e["type"] {
		case "text":
			b.WriteString(str("text"))
		case "link":
			if str("text") != "" {
				b.WriteString(str("text") + " ")
			}
			b.WriteString(str("url"))
		case "emoji":
			b.WriteString(":" + str("name") + ":")
		case "user":
			b.WriteString(r.markup("<@" + str("user_id") + ">"))
		case "channel":
			b.WriteString(r.markup("<#" + str("channel_id") + ">"))
		case "usergroup":
			b.WriteString("@" + str("usergroup_id"))
		case "broadcast":
			b.WriteString("@" + str("range"))
		case "date":
			b.WriteString(str("fallback"))
		}
	}
	return b.String()
}
