package slackapi

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func decode(t testing.TB, s string) any {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("test data is no JSON: %v\n%s", err, s)
	}
	return v
}

// long makes a JSON string of n characters that take three bytes each.
func long(n int) string { return `"` + strings.Repeat("あ", n) + `"` }

func plainJSON(s string) string { return `{"type":"plain_text","text":` + s + `}` }

func many(n int, item func(i int) string) string {
	var parts []string
	for i := range n {
		parts = append(parts, item(i))
	}
	return "[" + strings.Join(parts, ",") + "]"
}

func optionsJSON(n int) string {
	return many(n, func(i int) string { return fmt.Sprintf(`{"text":%s,"value":"v%d"}`, plainJSON(`"x"`), i) })
}

func confirmJSON(title, text, yes, no int) string {
	return fmt.Sprintf(`{"title":%s,"text":%s,"confirm":%s,"deny":%s}`,
		plainJSON(long(title)), plainJSON(long(text)), plainJSON(long(yes)), plainJSON(long(no)))
}

// TestBlockLimits has each limit twice: as it is just allowed, and one more.
func TestBlockLimits(t *testing.T) {
	t.Parallel()
	section := func(text string) string { return `[{"type":"section","text":` + text + `}]` }
	actions := func(e string) string { return `[{"type":"actions","elements":[` + e + `]}]` }
	input := func(e string) string {
		return `[{"type":"input","label":` + plainJSON(`"l"`) + `,"element":` + e + `}]`
	}
	accessory := func(e string) string {
		return `[{"type":"section","text":` + plainJSON(`"x"`) + `,"accessory":` + e + `}]`
	}
	buttonJSON := func(more string) string { return `{"type":"button","text":` + plainJSON(`"b"`) + more + `}` }
	quoted := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	for _, c := range []struct{ name, good, bad, want string }{
		{"section text", section(plainJSON(long(3000))), section(plainJSON(long(3001))), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"},
		{"empty text", section(plainJSON(`" "`)), section(plainJSON(`""`)), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"},
		{"fields", `[{"type":"section","fields":` + many(10, func(int) string { return plainJSON(`"x"`) }) + `}]`, `[{"type":"section","fields":` + many(11, func(int) string { return plainJSON(`"x"`) }) + `}]`, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"},
		{"field text", `[{"type":"section","fields":[` + plainJSON(long(2000)) + `]}]`, `[{"type":"section","fields":[` + plainJSON(long(2001)) + `]}]`, "must be less than 2001 characters"},
		{"section of nothing", section(plainJSON(`"x"`)), `[{"type":"section"}]`, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"},
		{"header", `[{"type":"header","text":` + plainJSON(long(150)) + `}]`, `[{"type":"header","text":` + plainJSON(long(151)) + `}]`, "must be less than 151 characters"},
		{"header is plain", `[{"type":"header","text":` + plainJSON(`"x"`) + `}]`, `[{"type":"header","text":{"type":"mrkdwn","text":"x"}}]`, "unsupported type: mrkdwn"},
		{"context", `[{"type":"context","elements":` + many(10, func(int) string { return plainJSON(`"x"`) }) + `}]`, `[{"type":"context","elements":` + many(11, func(int) string { return plainJSON(`"x"`) }) + `}]`, "no more than 10 items"},
		{"context image", `[{"type":"context","elements":[{"type":"image","image_url":"https://example.jp/a.png","alt_text":"a"}]}]`, `[{"type":"context","elements":[{"type":"image","image_url":"https://example.jp/a.png"}]}]`, "missing required field: alt_text"},
		{"context button", `[{"type":"context","elements":[{"type":"mrkdwn","text":"x"}]}]`, `[{"type":"context","elements":[` + buttonJSON("") + `]}]`, "unsupported type: button"},
		{"actions", `[{"type":"actions","elements":` + many(25, func(int) string { return buttonJSON("") }) + `}]`, `[{"type":"actions","elements":` + many(26, func(int) string { return buttonJSON("") }) + `}]`, "no more than 25 items"},
		{"no actions", actions(buttonJSON("")), `[{"type":"actions","elements":[]}]`, "must provide at least 1 items"},
		{"divider", `[{"type":"divider"}]`, `[{"type":"divider","text":"x"}]`, "invalid additional property: text"},
		{"block_id", `[{"type":"divider","block_id":` + quoted(255) + `}]`, `[{"type":"divider","block_id":` + quoted(256) + `}]`, "must be less than 256 characters"},
		{"block_id twice", `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"b"}]`, `[{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}]`, "`block_id` \"a\" already exists [json-pointer:/blocks/1/block_id]"},
		{"50 blocks", many(50, func(int) string { return `{"type":"divider"}` }), many(51, func(int) string { return `{"type":"divider"}` }), "no more than 50 items allowed [json-pointer:/blocks]"},
		{"image", `[{"type":"image","image_url":"https://example.jp/a.png","alt_text":` + long(2000) + `,"title":` + plainJSON(long(2000)) + `}]`, `[{"type":"image","image_url":"https://example.jp/a.png","alt_text":` + long(2001) + `}]`, "must be less than 2001 characters"},
		{"slack file", `[{"type":"image","slack_file":{"id":"F1"},"alt_text":"a"}]`, `[{"type":"image","slack_file":{"id":"F1"},"image_url":"https://example.jp/","alt_text":"a"}]`, "must define either `image_url` or `slack_file`"},
		{"image address", `[{"type":"image","image_url":"https://example.jp/a.png","alt_text":"a"}]`, `[{"type":"image","image_url":"::","alt_text":"a"}]`, "must be a valid URL"},
		{"unknown block", `[{"type":"divider"}]`, `[{"type":"sections"}]`, "unsupported type: sections [json-pointer:/blocks/0/type]"},
		{"no type", `[{"type":"divider"}]`, `[{}]`, "missing required field: type [json-pointer:/blocks/0]"},
		{"no object", `[]`, `["x"]`, "must provide an object [json-pointer:/blocks/0]"},
		{"emoji on markup", section(`{"type":"plain_text","text":"x","emoji":true}`), section(`{"type":"mrkdwn","text":"x","emoji":true}`), "invalid additional property: emoji"},
		{"null text", section(plainJSON(`"x"`)), section(`{"type":"plain_text","text":null}`), "must provide a string"},

		{"button text", actions(`{"type":"button","text":` + plainJSON(long(75)) + `}`), actions(`{"type":"button","text":` + plainJSON(long(76)) + `}`), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"},
		{"button value", actions(buttonJSON(`,"value":` + long(2000))), actions(buttonJSON(`,"value":` + long(2001))), "must be less than 2001 characters"},
		{"button url", actions(buttonJSON(`,"url":"https://example.jp/` + strings.Repeat("x", 2980) + `"`)), actions(buttonJSON(`,"url":"https://example.jp/` + strings.Repeat("x", 2982) + `"`)), "must be less than 3001 characters"},
		{"button style", actions(buttonJSON(`,"style":"danger"`)), actions(buttonJSON(`,"style":"default"`)), "must be one of primary, danger"},
		{"action_id", actions(buttonJSON(`,"action_id":` + quoted(255))), actions(buttonJSON(`,"action_id":` + quoted(256))), "must be less than 256 characters"},
		{"action_id twice", actions(buttonJSON(`,"action_id":"a"`) + "," + buttonJSON(`,"action_id":"b"`)), actions(buttonJSON(`,"action_id":"a"`) + "," + buttonJSON(`,"action_id":"a"`)), "`action_id` \"a\" already exists"},
		{"action_id in two blocks", `[{"type":"actions","elements":[` + buttonJSON(`,"action_id":"a"`) + `]},{"type":"actions","elements":[` + buttonJSON(`,"action_id":"a"`) + `]}]`, actions(buttonJSON(`,"action_id":7`)), "must provide a string"},
		{"confirm", actions(buttonJSON(`,"confirm":` + confirmJSON(100, 300, 30, 30))), actions(buttonJSON(`,"confirm":` + confirmJSON(101, 300, 30, 30))), "must be less than 101 characters"},
		{"confirm text", actions(buttonJSON(`,"confirm":` + confirmJSON(1, 1, 1, 1))), actions(buttonJSON(`,"confirm":` + confirmJSON(1, 301, 1, 1))), "must be less than 301 characters"},
		{"confirm yes", actions(buttonJSON("")), actions(buttonJSON(`,"confirm":` + confirmJSON(1, 1, 31, 1))), "must be less than 31 characters"},
		{"confirm no", actions(buttonJSON("")), actions(buttonJSON(`,"confirm":` + confirmJSON(1, 1, 1, 31))), "must be less than 31 characters"},
		{"confirm without no", actions(buttonJSON("")), actions(buttonJSON(`,"confirm":{"title":` + plainJSON(`"x"`) + `,"text":` + plainJSON(`"x"`) + `,"confirm":` + plainJSON(`"x"`) + `}`)), "missing required field: deny"},

		{"select options", accessory(`{"type":"static_select","options":` + optionsJSON(100) + `}`), accessory(`{"type":"static_select","options":` + optionsJSON(101) + `}`), "no more than 100 items allowed [json-pointer:/blocks/0/accessory/options]"},
		{"select without options", accessory(`{"type":"external_select"}`), accessory(`{"type":"static_select"}`), "must define either `options` or `option_groups`"},
		{"select of none", accessory(`{"type":"static_select","options":` + optionsJSON(1) + `}`), accessory(`{"type":"static_select","options":[]}`), "must provide at least 1 items"},
		{"placeholder", accessory(`{"type":"users_select","placeholder":` + plainJSON(long(150)) + `}`), accessory(`{"type":"users_select","placeholder":` + plainJSON(long(151)) + `}`), "must be less than 151 characters"},
		{"option text", accessory(`{"type":"static_select","options":[{"text":` + plainJSON(long(75)) + `,"value":"v"}]}`), accessory(`{"type":"static_select","options":[{"text":` + plainJSON(long(76)) + `,"value":"v"}]}`), "must be less than 76 characters"},
		{"option value", accessory(`{"type":"static_select","options":[{"text":` + plainJSON(`"x"`) + `,"value":` + long(150) + `}]}`), accessory(`{"type":"static_select","options":[{"text":` + plainJSON(`"x"`) + `,"value":` + long(151) + `}]}`), "must be less than 151 characters"},
		{"option without value", accessory(`{"type":"static_select","options":` + optionsJSON(2) + `}`), accessory(`{"type":"static_select","options":[{"text":` + plainJSON(`"x"`) + `}]}`), "missing required field: value"},
		{"option value twice", accessory(`{"type":"static_select","options":` + optionsJSON(2) + `}`), accessory(`{"type":"static_select","options":[{"text":` + plainJSON(`"x"`) + `,"value":"v"},{"text":` + plainJSON(`"y"`) + `,"value":"v"}]}`), "option values must be unique"},
		{"option markup", accessory(`{"type":"checkboxes","options":[{"text":{"type":"mrkdwn","text":"x"},"value":"v"}]}`), accessory(`{"type":"static_select","options":[{"text":{"type":"mrkdwn","text":"x"},"value":"v"}]}`), "unsupported type: mrkdwn"},
		{"initial option", accessory(`{"type":"static_select","options":` + optionsJSON(2) + `,"initial_option":{"text":` + plainJSON(`"x"`) + `,"value":"v1"}}`), accessory(`{"type":"static_select","options":` + optionsJSON(2) + `,"initial_option":{"text":` + plainJSON(`"x"`) + `,"value":"v9"}}`), "must exactly match one of the options"},
		{"option groups", accessory(`{"type":"static_select","option_groups":[{"label":` + plainJSON(long(75)) + `,"options":` + optionsJSON(2) + `}]}`), accessory(`{"type":"static_select","option_groups":[{"label":` + plainJSON(long(76)) + `,"options":` + optionsJSON(2) + `}]}`), "must be less than 76 characters"},
		{"multi select in actions", accessory(`{"type":"multi_static_select","options":` + optionsJSON(2) + `,"max_selected_items":2}`), actions(`{"type":"multi_static_select","options":` + optionsJSON(2) + `}`), "unsupported type: multi_static_select"},
		{"max selected", accessory(`{"type":"multi_users_select","max_selected_items":1}`), accessory(`{"type":"multi_users_select","max_selected_items":0}`), "must be greater than or equal to 1"},
		{"conversations filter", accessory(`{"type":"conversations_select","filter":{"include":["private"]}}`), accessory(`{"type":"conversations_select","filter":{"include":["secret"]}}`), "must be im, mpim, private or public"},
		{"response url", accessory(`{"type":"channels_select"}`), accessory(`{"type":"channels_select","response_url_enabled":true}`), "only works in input blocks of modals"},
		{"overflow", actions(`{"type":"overflow","options":` + optionsJSON(5) + `}`), actions(`{"type":"overflow","options":` + optionsJSON(6) + `}`), "no more than 5 items allowed"},
		{"overflow url", actions(`{"type":"overflow","options":[{"text":` + plainJSON(`"x"`) + `,"value":"v","url":"https://example.jp/"}]}`), accessory(`{"type":"static_select","options":[{"text":` + plainJSON(`"x"`) + `,"value":"v","url":"https://example.jp/"}]}`), "invalid additional property: url"},
		{"checkboxes", actions(`{"type":"checkboxes","options":` + optionsJSON(10) + `}`), actions(`{"type":"checkboxes","options":` + optionsJSON(11) + `}`), "no more than 10 items allowed"},
		{"radio", actions(`{"type":"radio_buttons","options":` + optionsJSON(10) + `}`), actions(`{"type":"radio_buttons","options":` + optionsJSON(11) + `}`), "no more than 10 items allowed"},
		{"radio initial", actions(`{"type":"radio_buttons","options":` + optionsJSON(2) + `,"initial_option":{"text":` + plainJSON(`"x"`) + `,"value":"v0"}}`), actions(`{"type":"radio_buttons","options":` + optionsJSON(2) + `,"initial_options":[]}`), "invalid additional property: initial_options"},
		{"date", actions(`{"type":"datepicker","initial_date":"2026-11-23"}`), actions(`{"type":"datepicker","initial_date":"2026-11-31"}`), "must be in the format YYYY-MM-DD"},
		{"time", actions(`{"type":"timepicker","initial_time":"09:30"}`), actions(`{"type":"timepicker","initial_time":"24:30"}`), "must be in the format HH:mm"},
		{"date and time", actions(`{"type":"datetimepicker","initial_date_time":1700000000}`), actions(`{"type":"datetimepicker","initial_date_time":170000}`), "must be greater than or equal"},
		{"focus", input(`{"type":"plain_text_input","focus_on_load":true}`), `[{"type":"input","label":` + plainJSON(`"a"`) + `,"element":{"type":"plain_text_input","focus_on_load":true}},{"type":"input","label":` + plainJSON(`"b"`) + `,"element":{"type":"plain_text_input","focus_on_load":true}}]`, "only one element can be focused"},

		{"input label", `[{"type":"input","label":` + plainJSON(long(2000)) + `,"element":{"type":"plain_text_input"}}]`, `[{"type":"input","label":` + plainJSON(long(2001)) + `,"element":{"type":"plain_text_input"}}]`, "must be less than 2001 characters"},
		{"input without element", input(`{"type":"plain_text_input"}`), `[{"type":"input","label":` + plainJSON(`"l"`) + `}]`, "missing required field: element"},
		{"input of a button", input(`{"type":"datepicker"}`), input(buttonJSON("")), "unsupported type: button"},
		{"text input in actions", input(`{"type":"plain_text_input","multiline":true}`), actions(`{"type":"plain_text_input"}`), "unsupported type: plain_text_input"},
		{"max length", input(`{"type":"plain_text_input","max_length":3000}`), input(`{"type":"plain_text_input","max_length":3001}`), "must be less than or equal to 3000"},
		{"min length", input(`{"type":"plain_text_input","min_length":2,"max_length":3}`), input(`{"type":"plain_text_input","min_length":4,"max_length":3}`), "must be less than or equal to `max_length`"},
		{"initial value", input(`{"type":"plain_text_input","initial_value":` + long(3000) + `}`), input(`{"type":"plain_text_input","initial_value":"abcd","max_length":3}`), "must be less than 4 characters"},
		{"dispatch", input(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_enter_pressed"]}}`), input(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["always"]}}`), "must be on_enter_pressed or on_character_entered"},
		{"e-mail in a message", input(`{"type":"plain_text_input"}`), input(`{"type":"email_text_input"}`), "unsupported type: email_text_input"},

		{"markdown", `[{"type":"markdown","text":` + long(12000) + `}]`, `[{"type":"markdown","text":` + long(12001) + `}]`, "must be less than 12001 characters"},
		{"markdown together", `[{"type":"markdown","text":` + long(6000) + `},{"type":"markdown","text":` + long(6000) + `}]`, `[{"type":"markdown","text":` + long(6001) + `},{"type":"markdown","text":` + long(6000) + `}]`, "in all markdown blocks together"},
		{"rich text", `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},{"type":"user","user_id":"U1"},{"type":"link","url":"https://example.jp/"},{"type":"emoji","name":"wave"},{"type":"broadcast","range":"here"}]},{"type":"rich_text_list","style":"ordered","indent":1,"elements":[{"type":"rich_text_section","elements":[]}]},{"type":"rich_text_quote","elements":[{"type":"text","text":"q"}]},{"type":"rich_text_preformatted","border":0,"elements":[{"type":"text","text":"p"}]}]}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}]`, "must be more than 0 characters"},
		{"rich text of nothing", `[{"type":"divider"}]`, `[{"type":"rich_text","elements":[]}]`, "must provide at least 1 items"},
		{"rich list style", `[{"type":"divider"}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"dots","elements":[{"type":"rich_text_section","elements":[]}]}]}]`, "must be one of bullet, ordered"},
		{"nested list", `[{"type":"divider"}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_list","style":"bullet","elements":[]}]}]}]`, "unsupported type: rich_text_list"},
		{"mention in code", `[{"type":"divider"}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}]}]`, "unsupported type: user"},
		{"broadcast", `[{"type":"divider"}]`, `[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"all"}]}]}]`, "must be one of here, channel, everyone"},
	} {
		good, _ := decode(t, c.good).([]any)
		if problems := CheckBlocks(good); len(problems) > 0 {
			t.Errorf("%s: the allowed one is refused: %v", c.name, problems)
		}
		bad, _ := decode(t, c.bad).([]any)
		problems := CheckBlocks(bad)
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, c.want) }) {
			t.Errorf("%s: got %q, want %q", c.name, problems, c.want)
		}
	}
}

func TestBlocksTogether(t *testing.T) {
	t.Parallel()
	sections := func(n int) []any {
		list, _ := decode(t, many(n, func(int) string { return `{"type":"section","text":` + plainJSON(long(2640)) + `}` })).([]any)
		return list
	}
	if problems := CheckBlocks(sections(5)); len(problems) != 0 {
		t.Errorf("13,200 characters: got %v", problems)
	}
	if problems := CheckBlocks(sections(6)); len(problems) != 1 || !strings.HasPrefix(problems[0], "msg_blocks_too_long") {
		t.Errorf("15,840 characters: got %v, want msg_blocks_too_long", problems)
	}
	// Escaped characters count as what they become.
	if got := weigh("a&b<c&amp;"); got != 1+5+1+4+1+5 {
		t.Errorf("weigh: got %d", got)
	}
}

func TestViewRules(t *testing.T) {
	t.Parallel()
	const title = `"title":{"type":"plain_text","text":"t"}`
	input := `{"type":"input","label":` + plainJSON(`"l"`) + `,"element":{"type":"plain_text_input"}}`
	for _, c := range []struct{ name, good, bad, want string }{
		{"title", `{"type":"modal","title":` + plainJSON(long(24)) + `,"blocks":[]}`, `{"type":"modal","title":` + plainJSON(long(25)) + `,"blocks":[]}`, "must be less than 25 characters [json-pointer:/view/title/text]"},
		{"no title", `{"type":"modal",` + title + `,"blocks":[]}`, `{"type":"modal","blocks":[]}`, "missing required field: title"},
		{"submit", `{"type":"modal",` + title + `,"submit":` + plainJSON(long(24)) + `,"blocks":[` + input + `]}`, `{"type":"modal",` + title + `,"submit":` + plainJSON(long(25)) + `,"blocks":[]}`, "must be less than 25 characters"},
		{"close", `{"type":"modal",` + title + `,"close":` + plainJSON(long(24)) + `,"blocks":[]}`, `{"type":"modal",` + title + `,"close":` + plainJSON(long(25)) + `,"blocks":[]}`, "must be less than 25 characters"},
		{"input needs submit", `{"type":"home","blocks":[` + input + `]}`, `{"type":"modal",` + title + `,"blocks":[{"type":"divider"},` + input + `]}`, "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/1/input]"},
		{"metadata", `{"type":"modal",` + title + `,"blocks":[],"private_metadata":` + long(3000) + `}`, `{"type":"modal",` + title + `,"blocks":[],"private_metadata":` + long(3001) + `}`, "must be less than 3001 characters"},
		{"callback_id", `{"type":"home","blocks":[],"callback_id":` + long(255) + `}`, `{"type":"home","blocks":[],"callback_id":` + long(256) + `}`, "must be less than 256 characters"},
		{"external_id", `{"type":"home","blocks":[],"external_id":` + long(255) + `}`, `{"type":"home","blocks":[],"external_id":` + long(256) + `}`, "must be less than 256 characters"},
		{"100 blocks", `{"type":"home","blocks":` + many(100, func(int) string { return `{"type":"divider"}` }) + `}`, `{"type":"home","blocks":` + many(101, func(int) string { return `{"type":"divider"}` }) + `}`, "no more than 100 items allowed [json-pointer:/view/blocks]"},
		{"home has no title", `{"type":"home","blocks":[]}`, `{"type":"home",` + title + `,"blocks":[]}`, "invalid additional property: title"},
		{"no blocks", `{"type":"home","blocks":[]}`, `{"type":"home"}`, "missing required field: blocks"},
		{"type", `{"type":"home","blocks":[]}`, `{"type":"window","blocks":[]}`, "unsupported type: window"},
		{"markdown", `{"type":"home","blocks":[]}`, `{"type":"home","blocks":[{"type":"markdown","text":"x"}]}`, "unsupported type: markdown"},
		{"e-mail", `{"type":"modal",` + title + `,"submit":` + plainJSON(`"s"`) + `,"blocks":[{"type":"input","label":` + plainJSON(`"l"`) + `,"element":{"type":"email_text_input"}}]}`, `{"type":"home","blocks":[{"type":"input","label":` + plainJSON(`"l"`) + `,"element":{"type":"file_input"}}]}`, "unsupported type: file_input"},
		{"response url", `{"type":"modal",` + title + `,"submit":` + plainJSON(`"s"`) + `,"blocks":[{"type":"input","label":` + plainJSON(`"l"`) + `,"element":{"type":"conversations_select","response_url_enabled":true}}]}`, `{"type":"modal",` + title + `,"submit":` + plainJSON(`"s"`) + `,"blocks":[{"type":"section","text":` + plainJSON(`"x"`) + `,"accessory":{"type":"conversations_select","response_url_enabled":true}}]}`, "only works in input blocks of modals"},
	} {
		good, _ := decode(t, c.good).(obj)
		if problems := CheckView(good); len(problems) > 0 {
			t.Errorf("%s: the allowed one is refused: %v", c.name, problems)
		}
		bad, _ := decode(t, c.bad).(obj)
		problems := CheckView(bad)
		if !slices.ContainsFunc(problems, func(p string) bool { return strings.Contains(p, c.want) }) {
			t.Errorf("%s: got %q, want %q", c.name, problems, c.want)
		}
	}
}

// TestSDKBlocksAreAccepted proves that nothing the SDK writes of its own is
// refused: every block and element it can build for the supported types.
func TestSDKBlocksAreAccepted(t *testing.T) {
	t.Parallel()
	option := slack.NewOptionBlockObject("v", plainText("はい"), nil)
	confirm := slack.NewConfirmationBlockObject(plainText("確認"), markdown("*よいですか*"), plainText("はい"), plainText("いいえ")).WithStyle(slack.StyleDanger)
	elements := []slack.BlockElement{
		button("押す", "b", "v").WithStyle(slack.StylePrimary).WithConfirm(confirm),
		slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plainText("選ぶ"), "s", option).WithInitialOption(option),
		slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plainText("人"), "u"),
		slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plainText("会話"), "c"),
		slack.NewOptionsSelectBlockElement(slack.OptTypeChannels, plainText("場所"), "ch"),
		slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plainText("外"), "e"),
		slack.NewOverflowBlockElement("o", option),
		slack.NewDatePickerBlockElement("d"), slack.NewTimePickerBlockElement("t"), slack.NewDateTimePickerBlockElement("dt"),
		slack.NewCheckboxGroupsBlockElement("cb", option), slack.NewRadioButtonsBlockElement("r", option),
	}
	blocks := []slack.Block{
		slack.NewHeaderBlock(plainText("見出し")),
		slack.NewSectionBlock(markdown("*x*"), []*slack.TextBlockObject{plainText("f")}, slack.NewAccessory(elements[1])),
		slack.NewSectionBlock(markdown("x"), nil, slack.NewAccessory(slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, plainText("選ぶ"), "m", option))),
		slack.NewSectionBlock(markdown("x"), nil, slack.NewAccessory(slack.NewImageBlockElement("https://example.jp/a.png", "絵"))),
		slack.NewContextBlock("c", markdown("x"), slack.NewImageBlockElement("https://example.jp/a.png", "絵")),
		slack.NewActionBlock("a", elements...), slack.NewDividerBlock(),
		slack.NewImageBlock("https://example.jp/a.png", "絵", "i", plainText("題")),
		slack.NewMarkdownBlock("md", "**x**"),
		slack.NewRichTextBlock("rt",
			slack.NewRichTextSection(slack.NewRichTextSectionTextElement("x", &slack.RichTextSectionTextStyle{Bold: true}), slack.NewRichTextSectionUserElement("U1", nil), slack.NewRichTextSectionLinkElement("https://example.jp/", "x", nil), slack.NewRichTextSectionEmojiElement("wave", 0, nil), slack.NewRichTextSectionBroadcastElement("here"), slack.NewRichTextSectionChannelElement("C1", nil)),
			slack.NewRichTextList(slack.RTEListBullet, 0, slack.NewRichTextSection(slack.NewRichTextSectionTextElement("x", nil)))),
	}
	encoded, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := decode(t, string(encoded)).([]any)
	if problems := CheckBlocks(list); len(problems) > 0 {
		t.Errorf("message blocks of the SDK are refused: %v\n%s", problems, encoded)
	}
	number := slack.NewNumberInputBlockElement(plainText("数"), "n", false)
	var inputs []slack.Block
	for i, e := range []slack.BlockElement{
		slack.NewPlainTextInputBlockElement(plainText("書く"), "p").WithMultiline(true).WithMaxLength(300).WithMinLength(1),
		slack.NewEmailTextInputBlockElement(plainText("メール"), "em"), slack.NewURLTextInputBlockElement(plainText("URL"), "ur"), number,
		slack.NewRichTextInputBlockElement(plainText("書く"), "ri"), slack.NewFileInputBlockElement("fi"),
		elements[1], elements[2], elements[7], elements[8], elements[9], elements[10], elements[11],
		slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, plainText("人"), "mu"),
	} {
		inputs = append(inputs, slack.NewInputBlock(fmt.Sprint("b", i), plainText("名"), plainText("手引き"), e).WithOptional(true))
	}
	encoded, err = json.Marshal(slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainText("題"), Submit: plainText("送る"), Close: plainText("やめる"),
		Blocks: slack.Blocks{BlockSet: inputs}, NotifyOnClose: true, ClearOnClose: true, CallbackID: "c", ExternalID: "e", PrivateMetadata: "m",
	})
	if err != nil {
		t.Fatal(err)
	}
	view, _ := decode(t, string(encoded)).(obj)
	if problems := CheckView(view); len(problems) > 0 {
		t.Errorf("a modal of the SDK is refused: %v\n%s", problems, encoded)
	}
}

func TestInvalidBlocksAreExplained(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	_, _, err := api.PostMessageContext(short(t), town, text("x"), slack.MsgOptionBlocks(slack.NewSectionBlock(plainText(""), nil, nil)))
	wantCode(t, err, "invalid_blocks")
	refused, _ := err.(slack.SlackErrorResponse) //nolint:errorlint // wantCode has looked
	want := "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]"
	if !slices.Contains(refused.ResponseMetadata.Messages, want) || len(refused.Errors) != 1 {
		t.Errorf("got %+v, want %q", refused, want)
	}
	v := w.Violations(ViolationRefused)
	if len(v) != 1 || v[0].Error != "invalid_blocks" || v[0].Channel != town || !strings.Contains(v[0].Detail, "json-pointer") {
		t.Errorf("got violations %+v", v)
	}
	var tooMuch []slack.Block
	for range 5 {
		tooMuch = append(tooMuch, slack.NewSectionBlock(plainText(strings.Repeat("あ", 2700)), nil, nil))
	}
	_, _, err = api.PostMessageContext(short(t), town, text("x"), slack.MsgOptionBlocks(tooMuch...))
	wantCode(t, err, "msg_blocks_too_long")
	_, _, err = api.PostMessageContext(short(t), town, text("x"), slack.MsgOptionBlocks(
		slack.NewSectionBlock(plainText(""), nil, nil), slack.NewHeaderBlock(plainText(strings.Repeat("あ", 151)))))
	if refused, _ = err.(slack.SlackErrorResponse); len(refused.ResponseMetadata.Messages) != 2 { //nolint:errorlint // as above
		t.Errorf("two mistakes: got %q, want both named", refused.ResponseMetadata.Messages)
	}
	_, out := raw(t, w, "chat.postMessage", jsonType, testToken, `{"channel":"C0TOWN","text":"x","blocks":"{oops"}`)
	if out["error"] != "invalid_blocks_format" {
		t.Errorf("blocks that are no JSON: got %v", out)
	}
}
