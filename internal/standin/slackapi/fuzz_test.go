package slackapi

import (
	"encoding/json"
	"testing"
)

// FuzzCheckBlocks: whatever an app sends, the checker neither panics nor lets
// through what later code could not handle, and it does not change its input.
func FuzzCheckBlocks(f *testing.F) {
	for _, seed := range []string{
		`[{"type":"section","text":{"type":"mrkdwn","text":"a & b <@U1> <c>"}}]`,
		`[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"x"},"confirm":{}}]}]`,
		`[{"type":"input","label":{"type":"plain_text","text":"l"},"element":{"type":"multi_static_select","options":[{"text":{"type":"plain_text","text":"x"},"value":"v"}],"initial_options":[null]}}]`,
		`[{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"date","timestamp":1e9,"format":"{date}"}]}]}]}]`,
		`[{"type":"context","elements":[{"type":"image","slack_file":{"id":"F"},"alt_text":"a"},null,7]}]`,
		`[{"type":"section","fields":{"0":1},"accessory":{"type":"static_select","option_groups":[[],{"options":[{}]}]}}]`,
		`[[[[[]]]],{"type":{}},{"type":"image","title":[]}]`,
	} {
		f.Add(seed)
	}
	w := &Workspace{ids: &idSource{}}
	f.Fuzz(func(t *testing.T, s string) {
		var v any
		if json.Unmarshal([]byte(s), &v) != nil {
			return
		}
		before, err := json.Marshal(v)
		if err != nil {
			return
		}
		blocks, isList := v.([]any)
		var problems []string
		if isList {
			problems = CheckBlocks(blocks)
		}
		view := obj{"type": "modal", "title": obj{"type": "plain_text", "text": "t"}, "submit": obj{"type": "plain_text", "text": "s"}, "blocks": v}
		viewProblems := CheckView(view)
		if after, _ := json.Marshal(v); string(after) != string(before) {
			t.Errorf("checking changed the blocks\nfrom %s\nto   %s", before, after)
		}
		if !isList || (len(problems) > 0 && len(viewProblems) > 0) {
			return
		}
		// What passed must survive everything that is done with blocks.
		w.fill(blocks)
		if len(problems) == 0 {
			if again := CheckBlocks(blocks); len(again) > 0 && !onlyLength(again) {
				t.Errorf("blocks that passed are refused once stored: %v\n%s", again, before)
			}
		}
		m := Message{Blocks: blocks}
		r := &reader{}
		r.blocks(m.Blocks)
		_ = Buttons(m)
		state := initialState(blocks)
		for _, actions := range state {
			for _, entry := range actions {
				_ = isEmpty(entry.(obj)) //nolint:forcetypeassert // initialState only stores objects
			}
		}
		if _, err := json.Marshal(state.wire()); err != nil {
			t.Errorf("state is no JSON: %v", err)
		}
	})
}

// onlyLength tells whether all problems are of length: escaping makes text
// longer, as at Slack.
func onlyLength(problems []string) bool {
	for _, p := range problems {
		if len(p) < 9 || (p[:9] != "must be l" && p[:9] != "msg_block") {
			return false
		}
	}
	return true
}

// FuzzText: typing and storing text loses nothing a person wrote.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"a & b", "<@U0SATO> &lt;", "@佐藤さん >> #まち https://example.jp/?a=1&b=2", "<!channel>", "> q\n>> r"} {
		f.Add(seed)
	}
	cfg := testConfig()
	w, err := New(cfg)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(w.Close)
	f.Fuzz(func(t *testing.T, s string) {
		w.mu.Lock()
		got, _ := w.compose(s)
		w.mu.Unlock()
		for _, who := range pings(got) {
			if who != "channel" && who != "here" && who != "everyone" && w.people[who] == nil {
				t.Errorf("%q rings %q", s, who)
			}
		}
		stored := escapeBare(s)
		if again := escapeBare(stored); again != stored {
			t.Errorf("escaping twice differs: %q, %q", stored, again)
		}
		if unescape(escapeTyped(s)) != s {
			t.Errorf("%q comes back as %q", s, unescape(escapeTyped(s)))
		}
	})
}
