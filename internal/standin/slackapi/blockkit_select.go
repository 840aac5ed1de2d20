package slackapi

import (
	"fmt"
	"slices"
	"strings"
)

// selectMenu checks the ten select menus.
// https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
// https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
func (c *checker) selectMenu(o obj, path, kind string, in place) {
	multi := strings.HasPrefix(kind, "multi_")
	allowed := []string{"type", "action_id", "placeholder", "confirm", "focus_on_load"}
	if multi {
		allowed = append(allowed, "max_selected_items")
		c.integer(o, "max_selected_items", path, 1, maxOptions)
	}
	plural := ""
	if multi {
		plural = "s"
	}
	c.placeholder(o, path)
	c.confirm(o, path)
	switch strings.TrimPrefix(kind, "multi_") {
	case "static_select":
		allowed = append(allowed, "options", "option_groups", "initial_option"+plural)
		c.initialOptions(o, path, multi, c.offered(o, path))
	case "external_select":
		allowed = append(allowed, "min_query_length", "initial_option"+plural)
		c.integer(o, "min_query_length", path, 0, maxOptions)
		for i, v := range preselected(o, multi) {
			c.option(v, fmt.Sprintf("%s/initial_option%s/%d", path, plural, i), optionPlain)
		}
	case "users_select":
		allowed = append(allowed, "initial_user"+plural)
		c.initialIDs(o, path, "initial_user", multi)
	case "conversations_select":
		allowed = append(allowed, "initial_conversation"+plural, "default_to_current_conversation", "filter")
		c.initialIDs(o, path, "initial_conversation", multi)
		c.boolean(o, path, "default_to_current_conversation")
		c.filter(o, path)
		if !multi {
			allowed = c.responseURL(o, path, allowed, in)
		}
	case "channels_select":
		allowed = append(allowed, "initial_channel"+plural)
		c.initialIDs(o, path, "initial_channel", multi)
		if !multi {
			allowed = c.responseURL(o, path, allowed, in)
		}
	}
	c.only(o, path, allowed...)
}

// offered checks options or option groups, whichever is there, and returns all
// options.
func (c *checker) offered(o obj, path string) []any {
	_, plain := o["options"]
	_, grouped := o["option_groups"]
	if plain == grouped {
		c.bad(path, "must define either `options` or `option_groups`")
		return nil
	}
	if plain {
		return c.options(o, path, maxOptions, optionPlain)
	}
	var all []any
	for i, v := range c.list(o, "option_groups", path, 1, maxOptions) {
		at := fmt.Sprintf("%s/option_groups/%d", path, i)
		group, ok := c.object(v, at)
		if !ok {
			continue
		}
		c.only(group, at, "label", "options")
		c.neededText(group, "label", at, plainOnly, maxOptionText)
		all = append(all, c.options(group, at, maxOptions, optionPlain)...)
	}
	return all
}

func preselected(o obj, multi bool) []any {
	if multi {
		list, _ := o["initial_options"].([]any)
		return list
	}
	if v, ok := o["initial_option"]; ok {
		return []any{v}
	}
	return nil
}

func (c *checker) initialOptions(o obj, path string, multi bool, offered []any) {
	if multi {
		if _, ok := o["initial_options"]; ok {
			for i, v := range c.list(o, "initial_options", path, 1, maxOptions) {
				c.initial(v, fmt.Sprintf("%s/initial_options/%d", path, i), offered)
			}
		}
		return
	}
	if v, ok := o["initial_option"]; ok {
		c.initial(v, path+"/initial_option", offered)
	}
}

func (c *checker) initialIDs(o obj, path, key string, multi bool) {
	if multi {
		c.strings(o, key+"s", path)
		return
	}
	c.str(o, key, path, 1, maxID)
}

func (c *checker) filter(o obj, path string) {
	v, ok := o["filter"]
	if !ok {
		return
	}
	path += "/filter"
	f, ok := c.object(v, path)
	if !ok {
		return
	}
	c.only(f, path, "include", "exclude_external_shared_channels", "exclude_bot_users")
	c.boolean(f, path, "exclude_external_shared_channels", "exclude_bot_users")
	if len(f) == 0 {
		c.bad(path, "must define at least one property")
	}
	if _, ok := f["include"]; ok {
		if len(c.list(f, "include", path, 1, 4)) == 0 {
			return
		}
		for i, s := range c.strings(f, "include", path) {
			if !slices.Contains([]string{"im", "mpim", "private", "public"}, s) {
				c.bad(fmt.Sprintf("%s/include/%d", path, i), "must be im, mpim, private or public")
			}
		}
	}
}

// responseURL allows response_url_enabled, which only works in modal inputs.
func (c *checker) responseURL(o obj, path string, allowed []string, in place) []string {
	c.boolean(o, path, "response_url_enabled")
	if o["response_url_enabled"] == true {
		if in != inInput || c.surface != onModal {
			c.bad(path+"/response_url_enabled", "only works in input blocks of modals")
		}
		if c.responses {
			c.bad(path+"/response_url_enabled", "only one element can enable a response URL")
		}
		c.responses = true
	}
	return append(allowed, "response_url_enabled")
}
