package slackapi

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// initialState is state.values before a person touches anything.
// https://docs.slack.dev/reference/views/view-state
func initialState(blocks []any) formState {
	out := formState{}
	for _, v := range blocks {
		block, _ := v.(obj)
		id, _ := block["block_id"].(string)
		for _, e := range elementsOf(block) {
			if value := initialValue(e); value != nil {
				action, _ := e["action_id"].(string)
				out.set(id, action, value)
			}
		}
	}
	return out
}

// initialValue is an element's entry in state.values, or nil when the element
// keeps no state (buttons, overflow menus, images).
func initialValue(e obj) obj {
	kind, _ := e["type"].(string)
	out := obj{"type": kind}
	orNull := func(key, initial string) {
		out[key] = nil
		if v, ok := e[initial]; ok {
			out[key] = v
		}
	}
	orEmpty := func(key, initial string) {
		out[key] = []any{}
		if v, ok := e[initial]; ok {
			out[key] = v
		}
	}
	switch kind {
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		orNull("value", "initial_value")
	case "rich_text_input":
		orNull("rich_text_value", "initial_value")
	case "static_select", "external_select", "radio_buttons":
		orNull("selected_option", "initial_option")
	case "multi_static_select", "multi_external_select", "checkboxes":
		orEmpty("selected_options", "initial_options")
	case "users_select":
		orNull("selected_user", "initial_user")
	case "multi_users_select":
		orEmpty("selected_users", "initial_users")
	case "conversations_select":
		orNull("selected_conversation", "initial_conversation")
	case "multi_conversations_select":
		orEmpty("selected_conversations", "initial_conversations")
	case "channels_select":
		orNull("selected_channel", "initial_channel")
	case "multi_channels_select":
		orEmpty("selected_channels", "initial_channels")
	case "datepicker":
		orNull("selected_date", "initial_date")
	case "timepicker":
		orNull("selected_time", "initial_time")
	case "datetimepicker":
		orNull("selected_date_time", "initial_date_time")
	case "file_input":
		out["files"] = []any{}
	default:
		return nil
	}
	return out
}

// valueKey is the property of state.values that holds the value.
func valueKey(entry obj) string {
	for key := range entry {
		if key != "type" && key != "timezone" {
			return key
		}
	}
	return ""
}

// isEmpty tells whether a required input would be refused.
func isEmpty(entry obj) bool {
	switch v := entry[valueKey(entry)].(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case []string:
		return len(v) == 0
	}
	return false
}

// enter turns what a person types or chooses into an element's entry. The
// caller holds mu.
func (w *Workspace) enter(e obj, values []string) (obj, error) {
	entry := initialValue(e)
	if entry == nil {
		return nil, fmt.Errorf("a %v takes no value: %w", e["type"], ErrCannot)
	}
	kind, _ := e["type"].(string)
	multi := strings.HasPrefix(kind, "multi_") || kind == "checkboxes" || kind == "file_input"
	if !multi && len(values) != 1 {
		return nil, fmt.Errorf("a %s takes one value, not %d: %w", kind, len(values), ErrCannot)
	}
	if most, ok := e["max_selected_items"].(float64); ok && len(values) > int(most) {
		return nil, fmt.Errorf("a %s takes %v values, not %d: %w", kind, most, len(values), ErrCannot)
	}
	if most, ok := e["max_files"].(float64); ok && len(values) > int(most) {
		return nil, fmt.Errorf("a file_input takes %v files, not %d: %w", most, len(values), ErrCannot)
	}
	key := valueKey(entry)
	chosen := []any{}
	for _, value := range values {
		one, err := w.one(e, kind, value)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, one)
	}
	if multi {
		entry[key] = chosen
	} else {
		entry[key] = chosen[0]
	}
	if zone, ok := e["timezone"]; ok {
		entry["timezone"] = zone
	}
	return entry, nil
}

// one is a single value of an element.
func (w *Workspace) one(e obj, kind, value string) (any, error) {
	switch strings.TrimPrefix(kind, "multi_") {
	case "static_select", "external_select", "radio_buttons", "checkboxes":
		for _, option := range optionsOf(e) {
			if option["value"] == value || textOf(option["text"]) == value {
				return option, nil
			}
		}
		return nil, fmt.Errorf("choose %q: not among the options: %w", value, ErrCannot)
	case "users_select":
		for _, p := range w.peopleOrder {
			if p.member.ID == value || p.member.Shown() == value || p.member.Name == value {
				return p.member.ID, nil
			}
		}
		return nil, fmt.Errorf("choose %q: no such person: %w", value, ErrCannot)
	case "conversations_select", "channels_select":
		for _, ch := range w.channelOrder {
			if ch.id == value || (ch.name != "" && ch.name == strings.TrimPrefix(value, "#")) {
				return ch.id, nil
			}
		}
		return nil, fmt.Errorf("choose %q: no such channel: %w", value, ErrCannot)
	case "datepicker":
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return nil, fmt.Errorf("choose date %q: %w", value, ErrCannot)
		}
	case "timepicker":
		if _, err := time.Parse("15:04", value); err != nil {
			return nil, fmt.Errorf("choose time %q: %w", value, ErrCannot)
		}
	case "datetimepicker":
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return nil, fmt.Errorf("choose time %q, which must be RFC 3339: %w", value, ErrCannot)
		}
		return at.Unix(), nil
	case "rich_text_input":
		_, blocks := w.compose(value)
		if len(blocks) == 0 {
			return nil, nil
		}
		return blocks[0], nil
	case "file_input":
		f := w.files[value]
		if f == nil || f.deleted {
			return nil, fmt.Errorf("attach %q: no such file: %w", value, ErrCannot)
		}
		if types, ok := e["filetypes"].([]any); ok && !slices.Contains(types, any(f.ftype)) {
			return nil, fmt.Errorf("attach %q: none of %v: %w", f.name, types, ErrCannot)
		}
		return w.wireFile(f), nil
	case "plain_text_input", "email_text_input", "url_text_input", "number_input":
		if value == "" {
			return nil, nil
		}
	}
	return value, nil
}

// optionsOf lists all options of an element, groups flattened. Options a
// person was suggested are under "suggested".
func optionsOf(e obj) []obj {
	var out []obj
	add := func(v any) {
		list, _ := v.([]any)
		for _, item := range list {
			if o, ok := item.(obj); ok {
				out = append(out, o)
			}
		}
	}
	add(e["options"])
	groups, _ := e["option_groups"].([]any)
	for _, group := range groups {
		if g, ok := group.(obj); ok {
			add(g["options"])
		}
	}
	return out
}

// textOf is the text a person reads of a text object.
func textOf(v any) string {
	o, _ := v.(obj)
	s, _ := o["text"].(string)
	return unescape(s)
}

// check is what Slack's client checks before it submits a modal; the result
// is by block_id.
func (v *view) check() map[string]string {
	problems := map[string]string{}
	for _, item := range v.blocks {
		block, _ := item.(obj)
		if block["type"] != "input" {
			continue
		}
		id, _ := block["block_id"].(string)
		element, _ := block["element"].(obj)
		action, _ := element["action_id"].(string)
		entry, _ := v.state[id][action].(obj)
		if isEmpty(entry) {
			if block["optional"] != true {
				problems[id] = "この必須フィールドに入力してください"
			}
			continue
		}
		text, _ := entry["value"].(string)
		n := utf8.RuneCountInString(text)
		most, limited := element["max_length"].(float64)
		most = cmp.Or(most, maxInputLength)
		if least, ok := element["min_length"].(float64); ok && n < int(least) {
			problems[id] = fmt.Sprintf("%d 文字以上で入力してください", int(least))
		} else if (limited || element["type"] == "plain_text_input") && n > int(most) {
			problems[id] = fmt.Sprintf("%d 文字以内で入力してください", int(most))
		}
	}
	return problems
}

// input finds the input, or other element with state, that a key names: its
// block_id, "block_id/action_id", its action_id, or its label.
func findInput(blocks []any, key string) (block, element obj) {
	for _, item := range blocks {
		b, _ := item.(obj)
		label := textOf(b["label"])
		for _, e := range elementsOf(b) {
			if initialValue(e) == nil {
				continue
			}
			id, _ := b["block_id"].(string)
			action, _ := e["action_id"].(string)
			if slices.Contains([]string{id, id + "/" + action, action}, key) || (label != "" && label == key) {
				return b, e
			}
		}
	}
	return nil, nil
}
