package slackapi

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

// TestEveryInputReachesTheApp fills each kind of input and lets the SDK read
// state.values.
func TestEveryInputReachesTheApp(t *testing.T) {
	t.Parallel()
	opt := func(v string) *slack.OptionBlockObject { return slack.NewOptionBlockObject(v, plainText("の"+v), nil) }
	inputs := map[string]slack.BlockElement{
		"mail": slack.NewEmailTextInputBlockElement(nil, "x"), "url": slack.NewURLTextInputBlockElement(nil, "x"),
		"number": slack.NewNumberInputBlockElement(nil, "x", false), "rich": slack.NewRichTextInputBlockElement(nil, "x"),
		"file": slack.NewFileInputBlockElement("x"), "static": slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "x", opt("1"), opt("2")),
		"user": slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "x"), "talk": slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, nil, "x"),
		"room":    slack.NewOptionsSelectBlockElement(slack.OptTypeChannels, nil, "x"),
		"statics": slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeStatic, nil, "x", opt("1"), opt("2"), opt("3")),
		"users":   slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, "x"), "talks": slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeConversations, nil, "x"),
		"rooms": slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeChannels, nil, "x"),
		"day":   slack.NewDatePickerBlockElement("x"), "hour": slack.NewTimePickerBlockElement("x"), "both": slack.NewDateTimePickerBlockElement("x"),
		"checks": slack.NewCheckboxGroupsBlockElement("x", opt("1"), opt("2")), "radio": slack.NewRadioButtonsBlockElement("x", opt("1"), opt("2")),
	}
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = nil
		for id, e := range inputs {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewInputBlock(id, plainText(id), nil, e))
		}
	})
	_, fileID, err := w.UploadFile(sato, desk, "", "a.txt", []byte("x"), "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.FillAndSubmit(short(t), sato, map[string]any{
		"mail": "a@example.jp", "url": "https://example.jp/", "number": "7", "rich": "こんにちは @鈴木", "file": fileID,
		"static": "の2", "user": suzuki, "talk": "まち", "room": town, "statics": []string{"1", "の3"}, "users": []string{"鈴木", sato},
		"talks": []string{desk, "#まち"}, "rooms": []string{town}, "day": "2026-12-01", "hour": "09:30", "both": "2026-12-01T09:30:00+09:00",
		"checks": []string{"1", "2"}, "radio": "2",
	}); err != nil {
		t.Fatal(err)
	}
	values := lastInteraction(t, a).View.State.Values
	at := func(id string) slack.BlockAction { return values[id]["x"] }
	for id, ok := range map[string]bool{
		"mail": at("mail").Value == "a@example.jp", "url": at("url").Value == "https://example.jp/", "number": at("number").Value == "7",
		"rich": len(at("rich").RichTextValue.Elements) == 1, "file": len(at("file").Files) == 1 && at("file").Files[0].ID == fileID,
		"static": at("static").SelectedOption.Value == "2", "user": at("user").SelectedUser == suzuki,
		"talk": at("talk").SelectedConversation == town, "room": at("room").SelectedChannel == town,
		"statics": len(at("statics").SelectedOptions) == 2 && at("statics").SelectedOptions[1].Value == "3",
		"users":   slices.Equal(at("users").SelectedUsers, []string{suzuki, sato}),
		"talks":   slices.Equal(at("talks").SelectedConversations, []string{desk, town}), "rooms": slices.Equal(at("rooms").SelectedChannels, []string{town}),
		"day": at("day").SelectedDate == "2026-12-01", "hour": at("hour").SelectedTime == "09:30", "both": at("both").SelectedDateTime == 1796085000,
		"checks": len(at("checks").SelectedOptions) == 2, "radio": at("radio").SelectedOption.Value == "2",
	} {
		if !ok {
			t.Errorf("%s: got %+v", id, at(id))
		}
	}
}

func TestInitialValuesAndLimits(t *testing.T) {
	t.Parallel()
	opt := slack.NewOptionBlockObject("1", plainText("いち"), nil)
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) {
		limited := slack.NewPlainTextInputBlockElement(nil, "x").WithInitialValue("はじめ").WithMinLength(3).WithMaxLength(5)
		v.Blocks.BlockSet = []slack.Block{
			slack.NewInputBlock("text", plainText("t"), nil, limited),
			slack.NewInputBlock("pick", plainText("p"), nil, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "x", opt).WithInitialOption(opt)),
			slack.NewInputBlock("many", plainText("m"), nil, slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, "x").WithInitialUsers(sato)).WithOptional(true),
		}
	})
	ctx := short(t)
	for _, typed := range []string{"あい", "あいうえおか"} {
		if _, err := w.FillAndSubmit(ctx, sato, map[string]any{"text": typed}); !errors.Is(err, ErrFormIncomplete) {
			t.Errorf("%q: got %v, want ErrFormIncomplete", typed, err)
		}
	}
	if _, err := w.FillAndSubmit(ctx, sato, map[string]any{"text": "はじめ"}); err != nil {
		t.Fatal(err)
	}
	values := lastInteraction(t, a).View.State.Values
	if values["text"]["x"].Value != "はじめ" || values["pick"]["x"].SelectedOption.Value != "1" || !slices.Equal(values["many"]["x"].SelectedUsers, []string{sato}) {
		t.Errorf("got %+v", values)
	}
	for _, bad := range []any{7, nil, []int{1}} {
		if err := w.Fill(ctx, sato, map[string]any{"text": bad}); err == nil {
			t.Errorf("a value of type %T is accepted", bad)
		}
	}
}

func TestResponseURLOfASubmission(t *testing.T) {
	t.Parallel()
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) {
		e := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, nil, "x")
		e.ResponseURLEnabled = true
		v.Blocks.BlockSet = []slack.Block{slack.NewInputBlock("where", plainText("どこへ"), nil, e)}
	})
	if _, err := w.FillAndSubmit(short(t), sato, map[string]any{"where": town}); err != nil {
		t.Fatal(err)
	}
	urls := lastInteraction(t, a).ResponseURLs
	if len(urls) != 1 || urls[0].ChannelID != town || urls[0].BlockID != "where" {
		t.Fatalf("got %+v", urls)
	}
	if err := slack.PostWebhookContext(short(t), urls[0].ResponseURL, &slack.WebhookMessage{Text: "済", ResponseType: slack.ResponseTypeInChannel}); err != nil {
		t.Fatal(err)
	}
	if got := w.Messages(town); len(got) != 1 || got[0].Text != "済" {
		t.Errorf("got %+v", got)
	}
}

func TestClosingAStack(t *testing.T) {
	t.Parallel()
	notify := func(v *slack.ModalViewRequest) {
		v.NotifyOnClose = true
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("more", button("もっと", "more", "")))
	}
	stack := func() (*Workspace, *app) {
		w, api, a := openModal(t, notify)
		for range 2 {
			if _, err := api.PushViewContext(short(t), pressForTrigger(t, w, a, InModal(sato), "もっと"), modal("次", notify)); err != nil {
				t.Fatal(err)
			}
		}
		return w, a
	}
	closed := func(a *app) (out []bool) {
		for _, h := range a.all("/interactions") {
			if h.body["type"] == "view_closed" {
				out = append(out, h.body["is_cleared"] == true)
			}
		}
		return out
	}
	w, a := stack()
	if err := w.CloseModal(short(t), sato); err != nil {
		t.Fatal(err)
	}
	if len(w.Modals(sato)) != 2 || !slices.Equal(closed(a), []bool{false}) {
		t.Errorf("cancel: %d modals left, view_closed %v", len(w.Modals(sato)), closed(a))
	}
	if err := w.CloseAllModals(short(t), sato); err != nil {
		t.Fatal(err)
	}
	if len(w.Modals(sato)) != 0 || !slices.Equal(closed(a), []bool{false, true, true}) {
		t.Errorf("cross: %d modals left, view_closed %v", len(w.Modals(sato)), closed(a))
	}
	w, a = stack()
	w.mu.Lock()
	w.people[sato].top().clearClose = true
	w.mu.Unlock()
	if err := w.CloseModal(short(t), sato); err != nil {
		t.Fatal(err)
	}
	if len(w.Modals(sato)) != 0 || len(closed(a)) != 3 {
		t.Errorf("clear_on_close: %d modals left, view_closed %v", len(w.Modals(sato)), closed(a))
	}
}

func TestSubmittingTheTopShowsTheOneBelow(t *testing.T) {
	t.Parallel()
	w, api, a := openModal(t, func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("more", button("もっと", "more", "")))
	})
	if _, err := api.PushViewContext(short(t), pressForTrigger(t, w, a, InModal(sato), "もっと"), modal("上", nil)); err != nil {
		t.Fatal(err)
	}
	if _, err := w.FillAndSubmit(short(t), sato, map[string]any{"body": "x"}); err != nil {
		t.Fatal(err)
	}
	if v, open := w.Modal(sato); !open || v.Title != "返信" {
		t.Errorf("the person sees %+v", v)
	}
}

func TestAttachmentsWithBlocks(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts := post(t, api, town, text("x"), slack.MsgOptionAttachments(slack.Attachment{
		Text: "文 &amp; 文", Color: "#ff0000", Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("b", button("押す", "push", ""))}},
	}))
	if _, err := w.Click(short(t), On(sato, town, ts), "押す"); err != nil {
		t.Fatal(err)
	}
	if got := lastInteraction(t, a).ActionCallback.BlockActions[0].ActionID; got != "push" {
		t.Errorf("got %q", got)
	}
	m, _ := w.Message(town, ts)
	if got := w.Plain(m); got != "x\n[押す]\n文 & 文" {
		t.Errorf("plain: got %q", got)
	}
	_, _, err := api.PostMessageContext(short(t), town, text("x"), slack.MsgOptionAttachments(slack.Attachment{
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewHeaderBlock(plainText(strings.Repeat("あ", 151)))}},
	}))
	wantCode(t, err, "invalid_blocks")
	for body, want := range map[string]string{
		`{"channel":"C0TOWN","text":"x","attachments":"no"}`:   "invalid_attachments",
		`{"channel":"C0TOWN","text":"x","attachments":["no"]}`: "invalid_attachments",
		`{"channel":"C0TOWN","text":"x","metadata":"no"}`:      "invalid_metadata_format",
		`{"channel":"C0TOWN","text":"x","blocks":{}}`:          "invalid_blocks_format",
	} {
		if _, out := raw(t, w, "chat.postMessage", jsonType, testToken, body); out["error"] != want {
			t.Errorf("%s: got %v, want %s", body, out, want)
		}
	}
}

func TestJSONListsAndMissingArguments(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	_, out := raw(t, w, "conversations.invite", jsonType, testToken, `{"channel":"G0DESK","users":["U0BOSS"]}`)
	if out["ok"] != true {
		t.Errorf("a list in JSON: got %v", out)
	}
	_, out = raw(t, w, "users.info", formType, testToken, "users="+sato+","+suzuki)
	if list, _ := out["users"].([]any); len(list) != 2 {
		t.Errorf("two users: got %v", out)
	}
	for _, c := range [][2]string{
		{"views.open", `{"trigger_id":"1.2.3"}`}, {"views.open", `{"view":{}}`}, {"views.open", `{"trigger_id":"1.2.3","view":[]}`},
		{"views.update", `{"view_id":"V1"}`}, {"views.update", `{"view":{}}`}, {"views.publish", `{}`}, {"chat.update", `{"channel":"C0TOWN"}`},
		{"chat.delete", `{}`}, {"chat.postEphemeral", `{"channel":"C0TOWN","text":"x"}`}, {"conversations.join", `{}`}, {"conversations.invite", `{}`},
		{"conversations.kick", `{}`}, {"bookmarks.add", `{}`}, {"files.completeUploadExternal", `{}`}, {"files.delete", `{}`},
	} {
		_, out := raw(t, w, c[0], jsonType, testToken, c[1])
		meta, _ := out["response_metadata"].(obj)
		if out["error"] != "invalid_arguments" || meta["messages"] == nil {
			t.Errorf("%s %s: got %v, want invalid_arguments with an explanation", c[0], c[1], out)
		}
	}
}

func TestWhatPagesShow(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	parent := card(t, api, desk)
	reply := post(t, api, desk, text("中"), slack.MsgOptionTS(parent))
	post(t, api, desk, text("みんなにも"), slack.MsgOptionTS(parent), slack.MsgOptionBroadcast())
	if got := len(w.Timeline(desk)); got != 2 {
		t.Errorf("outside threads: got %d messages, want the card and the broadcast", got)
	}
	if m, _ := w.Message(desk, parent); m.Replies != 2 || m.IsReply() {
		t.Errorf("got %+v", m)
	}
	if _, _, err := api.DeleteMessageContext(short(t), desk, reply); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(desk, parent); m.Replies != 1 {
		t.Errorf("after deleting a reply: got %d replies, want 1", m.Replies)
	}
	if got := w.Members(); len(got) != 4 || got[1].Shown() != "佐藤" || got[1].Color == "" {
		t.Errorf("members: got %+v", got)
	}
	names := func(user string) (out []string) {
		for _, ch := range w.Channels(user) {
			out = append(out, ch.Name)
		}
		return out
	}
	if got := names(boss); !slices.Equal(got, []string{"まち", "other"}) {
		t.Errorf("channels of somebody outside: got %v", got)
	}
	if got := len(names("")); got != 4 {
		t.Errorf("all channels: got %d", got)
	}
}

func TestAddressMustBeKnown(t *testing.T) {
	t.Parallel()
	w, err := New(testConfig())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	if _, err := w.Command(short(t), sato, desk, "/x", ""); !errors.Is(err, ErrCannot) || !strings.Contains(err.Error(), "SetBaseURL") {
		t.Errorf("got %v", err)
	}
}
