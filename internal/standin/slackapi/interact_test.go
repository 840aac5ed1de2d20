package slackapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// parse lets the SDK read an interaction.
func parse(t *testing.T, h hit) slack.InteractionCallback {
	t.Helper()
	var ic slack.InteractionCallback
	if err := json.Unmarshal([]byte(h.form.Get("payload")), &ic); err != nil {
		t.Fatalf("the SDK cannot read %s: %v", h.form.Get("payload"), err)
	}
	return ic
}

func lastInteraction(t *testing.T, a *app) slack.InteractionCallback {
	t.Helper()
	hits := a.all("/interactions")
	if len(hits) == 0 {
		t.Fatal("no interaction arrived")
	}
	return parse(t, hits[len(hits)-1])
}

func TestClick(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	parent := card(t, api, desk)
	ts := post(t, api, desk, text("x"), slack.MsgOptionTS(parent), slack.MsgOptionBlocks(slack.NewActionBlock("b",
		button("はい", "yes", "1"), button("はい & いいえ", "both", "2").WithConfirm(slack.NewConfirmationBlockObject(plainText("本当に"), plainText("?"), plainText("はい"), plainText("いいえ"))))))
	out, err := w.Click(ctx, On(sato, desk, ts), "はい & いいえ")
	if err != nil || out.Confirm != "本当に" || out.Via != "http" {
		t.Fatalf("got %+v, %v", out, err)
	}
	ic := lastInteraction(t, a)
	action := ic.ActionCallback.BlockActions[0]
	if ic.Type != slack.InteractionTypeBlockActions || ic.User.ID != sato || ic.Channel.ID != desk || ic.Channel.Name != "privategroup" ||
		ic.Container.MessageTs != ts || ic.Container.ThreadTs != parent || ic.Message.Timestamp != ts || ic.TriggerID == "" || ic.ResponseURL == "" {
		t.Errorf("got %+v", ic)
	}
	if action.ActionID != "both" || action.BlockID != "b" || action.Value != "2" || action.Text.Text != "はい &amp; いいえ" || action.ActionTs == "" {
		t.Errorf("got %+v", action)
	}
	for _, c := range []struct {
		at   Place
		what string
	}{
		{On(sato, desk, ts), "消す"}, {On(boss, desk, ts), "はい"}, {On(sato, desk, "1.1"), "はい"}, {InModal(sato), "はい"}, {InHome(sato), "はい"}, {On("U404", desk, ts), "はい"},
	} {
		if _, err := w.Click(ctx, c.at, c.what); !errors.Is(err, ErrCannot) {
			t.Errorf("%+v %s: got %v, want ErrCannot", c.at, c.what, err)
		}
	}
}

func TestClickTellsEqualButtonsApart(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts := post(t, api, town, text("x"), slack.MsgOptionBlocks(
		slack.NewActionBlock("1", button("開く", "open", "a")), slack.NewActionBlock("2", button("開く", "open", "b"))))
	if _, err := w.Click(short(t), On(sato, town, ts), "開く", "b"); err != nil {
		t.Fatal(err)
	}
	if got := lastInteraction(t, a).ActionCallback.BlockActions[0]; got.Value != "b" || got.BlockID != "2" {
		t.Errorf("got %+v", got)
	}
}

func TestUnacknowledgedClick(t *testing.T) {
	t.Parallel()
	w, api := start(t, impatient)
	a := startApp(t, w)
	at := On(sato, desk, card(t, api, desk))
	release := make(chan struct{})
	a.answerWith(func(http.ResponseWriter, hit) { <-release })
	out, err := w.Click(short(t), at, "返信")
	close(release)
	late, ok := errors.AsType[*NotAcknowledgedError](err)
	if !ok || late.Reason != "http_timeout" || out.Took < 150*time.Millisecond {
		t.Errorf("got %+v, %v", out, err)
	}
	if got := w.Notices(sato); len(got) != 1 || got[0].Text != NoticeText || got[0].Reason != "http_timeout" {
		t.Errorf("notices: got %+v", got)
	}
	if !hasViolation(w, ViolationLateAck, "http_timeout") {
		t.Errorf("violations: got %v", w.Violations())
	}
	if got := len(a.all("/interactions")); got != 1 {
		t.Errorf("interactions are not repeated: got %d", got)
	}
	a.answerWith(func(rw http.ResponseWriter, _ hit) { rw.WriteHeader(http.StatusUnauthorized) })
	if _, err := w.Click(short(t), at, "返信"); err == nil || len(w.Notices(sato)) != 2 {
		t.Errorf("status 401: got %v", err)
	}
	c := w.Counters()
	if c.Unacked["block_actions"] != 2 || c.Deliveries["block_actions"] != 2 || c.SlowestAck["block_actions"] < 150*time.Millisecond {
		t.Errorf("counters: got %+v", c)
	}
}

func TestClickTwice(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	if err := w.ClickTwice(short(t), On(sato, desk, card(t, api, desk)), "担当する"); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/interactions")
	if len(hits) != 2 {
		t.Fatalf("got %d interactions, want 2", len(hits))
	}
	one, two := parse(t, hits[0]), parse(t, hits[1])
	if one.TriggerID == two.TriggerID || one.Container.MessageTs != two.Container.MessageTs || one.ActionCallback.BlockActions[0].ActionTs == two.ActionCallback.BlockActions[0].ActionTs {
		t.Error("want the same button with different triggers and action times")
	}
}

func TestSelectInAMessage(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	opt := func(v string) *slack.OptionBlockObject {
		return slack.NewOptionBlockObject(v, plainText("窓口"+v), nil)
	}
	ts := post(t, api, town, text("x"), slack.MsgOptionBlocks(slack.NewActionBlock("b",
		slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, "window", opt("1"), opt("2")),
		slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, "who"),
		slack.NewOverflowBlockElement("more", opt("3"), opt("4")),
		slack.NewDatePickerBlockElement("day"), slack.NewTimePickerBlockElement("hour"),
		slack.NewCheckboxGroupsBlockElement("todo", opt("5"), opt("6")), slack.NewRadioButtonsBlockElement("kind", opt("7")),
	)))
	at := On(sato, town, ts)
	for _, c := range []struct {
		action string
		values []string
		check  func(*slack.BlockAction) bool
	}{
		{"window", []string{"窓口2"}, func(b *slack.BlockAction) bool { return b.SelectedOption.Value == "2" }},
		{"who", []string{"鈴木"}, func(b *slack.BlockAction) bool { return b.SelectedUser == suzuki }},
		{"more", []string{"4"}, func(b *slack.BlockAction) bool { return b.SelectedOption.Value == "4" }},
		{"day", []string{"2026-12-24"}, func(b *slack.BlockAction) bool { return b.SelectedDate == "2026-12-24" }},
		{"hour", []string{"14:00"}, func(b *slack.BlockAction) bool { return b.SelectedTime == "14:00" }},
		{"todo", []string{"5", "窓口6"}, func(b *slack.BlockAction) bool { return len(b.SelectedOptions) == 2 }},
		{"kind", []string{"7"}, func(b *slack.BlockAction) bool { return b.SelectedOption.Value == "7" }},
	} {
		if _, err := w.Select(ctx, at, c.action, c.values...); err != nil {
			t.Errorf("%s: %v", c.action, err)
			continue
		}
		if got := lastInteraction(t, a).ActionCallback.BlockActions[0]; got.ActionID != c.action || !c.check(got) {
			t.Errorf("%s: got %+v", c.action, got)
		}
	}
	if got := lastInteraction(t, a).BlockActionState.Values["b"]["window"].SelectedOption.Value; got != "2" {
		t.Errorf("state of the message: got %q, want what was chosen before", got)
	}
	for _, c := range [][]string{{"window", "9"}, {"window", "1", "2"}, {"who", "nobody"}, {"day", "tomorrow"}, {"hour", "25:00"}, {"nothing", "1"}, {"more", "9"}} {
		if _, err := w.Select(ctx, at, c[0], c[1:]...); !errors.Is(err, ErrCannot) {
			t.Errorf("%v: got %v, want ErrCannot", c, err)
		}
	}
}

func TestExternalSelect(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	ts := post(t, api, town, text("x"), slack.MsgOptionBlocks(slack.NewActionBlock("b",
		slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, "case"))))
	answer := `{"options":[{"text":{"type":"plain_text","text":"件 1"},"value":"c1"}]}`
	a.answerWith(func(rw http.ResponseWriter, h hit) {
		if h.body["type"] == "block_suggestion" {
			rw.Header().Set("Content-Type", "application/json")
			_, _ = rw.Write([]byte(answer))
		}
	})
	options, err := w.Suggest(ctx, On(sato, town, ts), "case", "家賃")
	if err != nil || len(options) != 1 || options[0] != (Option{"件 1", "c1"}) {
		t.Fatalf("got %v, %v", options, err)
	}
	ic := lastInteraction(t, a)
	if ic.Value != "家賃" || ic.ActionID != "case" || ic.BlockID != "b" {
		t.Errorf("got %+v", ic)
	}
	if _, err := w.Select(ctx, On(sato, town, ts), "case", "件 1"); err != nil {
		t.Fatal(err)
	}
	if got := lastInteraction(t, a).ActionCallback.BlockActions[0].SelectedOption.Value; got != "c1" {
		t.Errorf("got %q", got)
	}
	answer = `{"options":[]}`
	if options, err = w.Suggest(ctx, On(sato, town, ts), "case", "?"); err != nil || len(options) != 0 {
		t.Errorf("no match: got %v, %v", options, err)
	}
	answer = `{"options":` + optionsJSON(101) + `}`
	if _, err = w.Suggest(ctx, On(sato, town, ts), "case", "?"); err == nil || !hasViolation(w, ViolationBadAnswer, "invalid_options") {
		t.Errorf("101 options: got %v", err)
	}
}

func TestInputsThatDispatch(t *testing.T) {
	t.Parallel()
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet,
			slack.NewInputBlock("form", plainText("かたち"), nil, slack.NewRadioButtonsBlockElement("f",
				slack.NewOptionBlockObject("plain", plainText("ふつう"), nil), slack.NewOptionBlockObject("easy", plainText("やさしい"), nil))).WithDispatchAction(true))
	})
	before := len(a.all("/interactions"))
	if err := w.Fill(short(t), sato, map[string]any{"body": "x"}); err != nil {
		t.Fatal(err)
	}
	if got := len(a.all("/interactions")); got != before {
		t.Error("typing tells the app though the input does not dispatch")
	}
	if err := w.Fill(short(t), sato, map[string]any{"かたち": "やさしい"}); err != nil {
		t.Fatal(err)
	}
	ic := lastInteraction(t, a)
	if ic.Type != slack.InteractionTypeBlockActions || ic.Container.ViewID == "" || ic.ActionCallback.BlockActions[0].SelectedOption.Value != "easy" || ic.View.State.Values["body"]["text"].Value != "x" {
		t.Errorf("got %+v", ic)
	}
}

func TestResponseURL(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w, api := start(t, func(c *Config) { c.Now = clock.now })
	a := startApp(t, w)
	ctx := short(t)
	ts := card(t, api, desk)
	press := func() string {
		if _, err := w.Click(ctx, On(sato, desk, ts), "返信"); err != nil {
			t.Fatal(err)
		}
		return lastInteraction(t, a).ResponseURL
	}
	address := press()
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "あなただけに"}); err != nil {
		t.Fatal(err)
	}
	if got := w.Ephemerals(sato); len(got) != 1 || got[0].Text != "あなただけに" {
		t.Errorf("by default only the person sees it: got %+v", got)
	}
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "みんなに", ResponseType: slack.ResponseTypeInChannel, ThreadTimestamp: ts}); err != nil {
		t.Fatal(err)
	}
	if got := w.Thread(desk, ts); len(got) != 2 || got[1].Text != "みんなに" || got[1].BotID == "" {
		t.Errorf("in_channel: got %+v", got)
	}
	if _, _, _, err := api.SendMessageContext(ctx, desk, slack.MsgOptionReplaceOriginal(address), text("取り替えた")); err != nil {
		t.Fatal(err)
	}
	if m, _ := w.Message(desk, ts); m.Text != "取り替えた" || m.Edits != 1 || len(m.Blocks) != 0 {
		t.Errorf("replace_original: got %+v", m)
	}
	for range 2 {
		if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "x"}); err != nil {
			t.Fatal(err)
		}
	}
	status := func(err error) int {
		code, _ := errors.AsType[slack.StatusCodeError](err)
		return code.Code
	}
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "x"}); status(err) != http.StatusNotFound || !hasViolation(w, ViolationRefused, "used_url") {
		t.Errorf("sixth use: got %v", err)
	}

	ts = card(t, api, desk)
	address = press()
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{}); status(err) != http.StatusBadRequest {
		t.Errorf("no text: got %v", err)
	}
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "x", Blocks: &slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(plainText(""), nil, nil)}}}); status(err) != http.StatusBadRequest {
		t.Errorf("bad blocks: got %v", err)
	}
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{DeleteOriginal: true}); err != nil {
		t.Fatal(err)
	}
	if _, ok := w.Message(desk, ts); ok {
		t.Error("delete_original: the message is still there")
	}
	ts = card(t, api, desk)
	address = press()
	settle(t, w) // an event sent after the clock has moved would bear a time the SDK refuses
	clock.forward(31 * time.Minute)
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "x"}); status(err) != http.StatusNotFound {
		t.Errorf("after 31 minutes: got %v", err)
	}
}

func TestEphemeralCanBeReplaced(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	ts, err := api.PostEphemeralContext(ctx, desk, sato, text("x"), slack.MsgOptionBlocks(slack.NewActionBlock("b", button("やめる", "cancel", ""))))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Click(ctx, On(sato, desk, ts), "やめる"); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/interactions")
	if got := hits[0].body; got["message"] != nil || got["container"].(obj)["is_ephemeral"] != true {
		t.Errorf("an ephemeral message is not in the payload: got %v", got)
	}
	address := parse(t, hits[0]).ResponseURL
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{Text: "やめました", ReplaceOriginal: true}); err != nil {
		t.Fatal(err)
	}
	if got := w.Ephemerals(sato); len(got) != 1 || got[0].Text != "やめました" || got[0].TS != ts {
		t.Errorf("replaced: got %+v", got)
	}
	if err := slack.PostWebhookContext(ctx, address, &slack.WebhookMessage{DeleteOriginal: true}); err != nil {
		t.Fatal(err)
	}
	if got := w.Ephemerals(sato); len(got) != 0 {
		t.Errorf("deleted: got %+v", got)
	}
}

func TestCommands(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) { c.Commands = []string{"/tsunagu"} })
	a := startApp(t, w)
	ctx := short(t)
	for _, c := range []struct{ ctype, body, shown, wrong string }{
		{"", "", "", ""},
		{"text/plain", "うけつけました", "うけつけました", ""},
		{"application/json", `{"text":"私だけ"}`, "私だけ", ""},
		{"application/json", `{"response_type":"in_channel","text":"みんな"}`, "みんな", ""},
		{"application/json", `{"text":`, "", "not_json"},
		{"application/json", `{"text":"x","blocks":[{"type":"header"}]}`, "", "invalid_blocks"},
	} {
		a.answerWith(func(rw http.ResponseWriter, _ hit) {
			rw.Header().Set("Content-Type", c.ctype)
			_, _ = rw.Write([]byte(c.body))
		})
		before := len(w.Ephemerals(sato)) + len(w.Messages(desk))
		_, err := w.Command(ctx, sato, desk, "/tsunagu", "さがす <家賃>")
		if (err != nil) != (c.wrong != "") || (c.wrong != "" && !hasViolation(w, ViolationBadAnswer, c.wrong)) {
			t.Errorf("%s: got %v, %v", c.body, err, w.Violations())
		}
		all := slices.Concat(w.Ephemerals(sato), w.Messages(desk))
		if c.shown == "" && len(all) != before {
			t.Errorf("%s: something is shown", c.body)
		}
		if c.shown != "" && !slices.ContainsFunc(all, func(m Message) bool { return m.Text == c.shown }) {
			t.Errorf("%s: %q is not shown", c.body, c.shown)
		}
	}
	form := a.all("/commands")[0].form
	if form.Get("command") != "/tsunagu" || form.Get("text") != "さがす &lt;家賃&gt;" || form.Get("user_id") != sato || form.Get("channel_id") != desk ||
		form.Get("channel_name") != "privategroup" || form.Get("trigger_id") == "" || !strings.Contains(form.Get("response_url"), "/commands/") {
		t.Errorf("got %v", form)
	}
	if err := slack.PostWebhookContext(ctx, form.Get("response_url"), &slack.WebhookMessage{Text: "あとから"}); err != nil {
		t.Fatal(err)
	}
	if got := w.Ephemerals(sato); got[len(got)-1].Text != "あとから" {
		t.Errorf("answer by response_url: got %+v", got)
	}
	for _, c := range [][3]string{{sato, desk, "/other"}, {boss, desk, "/tsunagu"}, {sato, desk, "tsunagu"}} {
		if _, err := w.Command(ctx, c[0], c[1], c[2], ""); !errors.Is(err, ErrCannot) {
			t.Errorf("%v: got %v, want ErrCannot", c, err)
		}
	}
}

func TestShortcuts(t *testing.T) {
	t.Parallel()
	w, _ := start(t, func(c *Config) {
		c.Shortcuts = []Shortcut{{CallbackID: "note"}, {CallbackID: "case", Message: true}}
	})
	a := startApp(t, w)
	ctx := short(t)
	if _, err := w.Shortcut(ctx, sato, "note"); err != nil {
		t.Fatal(err)
	}
	if ic := lastInteraction(t, a); ic.Type != slack.InteractionTypeShortcut || ic.CallbackID != "note" || ic.TriggerID == "" || ic.Channel.ID != "" {
		t.Errorf("got %+v", ic)
	}
	ts, _ := w.Post(suzuki, desk, "", "電話で相談")
	if _, err := w.MessageShortcut(ctx, sato, desk, ts, "case"); err != nil {
		t.Fatal(err)
	}
	if ic := lastInteraction(t, a); ic.Type != slack.InteractionTypeMessageAction || ic.Message.Text != "電話で相談" || ic.MessageTs != ts || ic.Channel.ID != desk || ic.ResponseURL == "" {
		t.Errorf("got %+v", ic)
	}
	for _, err := range []error{
		second(w.Shortcut(ctx, sato, "case")), second(w.MessageShortcut(ctx, sato, desk, ts, "note")), second(w.MessageShortcut(ctx, boss, desk, ts, "case")),
	} {
		if !errors.Is(err, ErrCannot) {
			t.Errorf("got %v, want ErrCannot", err)
		}
	}
}

func second(_ Outcome, err error) error { return err }

func TestRemovedStaffCanDoNothing(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	startApp(t, w)
	ts := card(t, api, desk)
	if err := w.Leave(sato, desk); err != nil {
		t.Fatal(err)
	}
	if err := w.Dismiss(suzuki); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{sato, suzuki} {
		_, clicked := w.Click(short(t), On(user, desk, ts), "返信")
		_, posted := w.Post(user, desk, "", "x")
		if !errors.Is(clicked, ErrCannot) || !errors.Is(posted, ErrCannot) {
			t.Errorf("%s: got %v, %v", user, clicked, posted)
		}
	}
	if _, ok := w.Modal(suzuki); ok {
		t.Error("a modal out of nowhere")
	}
	if got := fmt.Sprint(w.Channels(boss)); strings.Contains(got, desk) {
		t.Errorf("who is outside sees the private channel: %s", got)
	}
}
