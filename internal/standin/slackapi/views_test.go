package slackapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"
)

// modal is a form with a required text.
func modal(title string, change func(*slack.ModalViewRequest)) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plainText(title), Submit: plainText("送る"), Close: plainText("やめる"), CallbackID: "form",
		Blocks: slack.Blocks{BlockSet: []slack.Block{
			slack.NewInputBlock("body", plainText("返信"), nil, slack.NewPlainTextInputBlockElement(plainText("書いてください"), "text").WithMultiline(true)),
			slack.NewInputBlock("when", plainText("いつ"), nil, slack.NewDatePickerBlockElement("date")).WithOptional(true),
		}},
	}
	if change != nil {
		change(&v)
	}
	return v
}

// trigger presses a button and returns the trigger_id the app got.
func pressForTrigger(t *testing.T, w *Workspace, a *app, at Place, what string) string {
	t.Helper()
	if _, err := w.Click(short(t), at, what); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/interactions")
	id, _ := hits[len(hits)-1].body["trigger_id"].(string)
	if id == "" {
		t.Fatal("no trigger_id")
	}
	return id
}

func TestTriggers(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w, api := start(t, func(c *Config) { c.Now = clock.now })
	a := startApp(t, w)
	ctx := short(t)
	at := On(sato, desk, card(t, api, desk))
	first := pressForTrigger(t, w, a, at, "返信")
	opened, err := api.OpenViewContext(ctx, first, modal("返信", nil))
	if err != nil {
		t.Fatal(err)
	}
	if opened.ID == "" || opened.Hash == "" || opened.RootViewID != opened.ID || opened.State == nil {
		t.Errorf("got %+v", opened.View)
	}
	if v, open := w.Modal(sato); !open || v.ID != opened.ID || v.Title != "返信" || v.CallbackID != "form" {
		t.Errorf("the person sees %+v", v)
	}
	_, err = api.OpenViewContext(ctx, first, modal("返信", nil))
	wantCode(t, err, "exchanged_trigger_id")
	_, err = api.OpenViewContext(ctx, "1.2.3", modal("返信", nil))
	wantCode(t, err, "invalid_trigger_id")
	second := pressForTrigger(t, w, a, at, "返信")
	clock.forward(3100 * time.Millisecond)
	_, err = api.OpenViewContext(ctx, second, modal("返信", nil))
	wantCode(t, err, "expired_trigger_id")
	// A refused view leaves the trigger usable.
	third := pressForTrigger(t, w, a, at, "返信")
	_, err = api.OpenViewContext(ctx, third, modal(strings.Repeat("あ", 25), nil))
	wantCode(t, err, "invalid_arguments")
	_, err = api.OpenViewContext(ctx, third, modal("返信", nil))
	wantCode(t, err, "")
}

func TestViewStackAndHash(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	at := On(sato, desk, card(t, api, desk))
	withButton := func(title string) slack.ModalViewRequest {
		return modal(title, func(v *slack.ModalViewRequest) {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewActionBlock("more", button("もっと", "more", "")))
		})
	}
	_, err := api.PushViewContext(ctx, pressForTrigger(t, w, a, at, "返信"), withButton("x"))
	wantCode(t, err, "invalid_arguments") // the trigger comes from a message
	root, err := api.OpenViewContext(ctx, pressForTrigger(t, w, a, at, "返信"), withButton("1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"2", "3"} {
		v, err := api.PushViewContext(ctx, pressForTrigger(t, w, a, InModal(sato), "もっと"), withButton(title))
		if err != nil || v.RootViewID != root.ID || v.PreviousViewID == "" {
			t.Fatalf("push %s: got %+v, %v", title, v, err)
		}
	}
	_, err = api.PushViewContext(ctx, pressForTrigger(t, w, a, InModal(sato), "もっと"), withButton("4"))
	wantCode(t, err, "push_limit_reached")
	if got := len(w.Modals(sato)); got != 3 {
		t.Errorf("the stack has %d views, want 3", got)
	}

	updated, err := api.UpdateViewContext(ctx, withButton("1a"), "", root.Hash, root.ID)
	if err != nil || updated.Hash == root.Hash {
		t.Fatalf("update: got %+v, %v", updated, err)
	}
	_, err = api.UpdateViewContext(ctx, withButton("1b"), "", root.Hash, root.ID)
	wantCode(t, err, "hash_conflict")
	_, err = api.UpdateViewContext(ctx, withButton("1b"), "", "", "V404")
	wantCode(t, err, "not_found")
	if err := w.CloseAllModals(ctx, sato); err != nil {
		t.Fatal(err)
	}
	_, err = api.UpdateViewContext(ctx, withButton("1b"), "", "", root.ID)
	wantCode(t, err, "not_found") // it was closed

	named := func(v *slack.ModalViewRequest) { v.ExternalID = "case-1" }
	if _, err = api.OpenViewContext(ctx, pressForTrigger(t, w, a, at, "返信"), modal("x", named)); err != nil {
		t.Fatal(err)
	}
	_, err = api.OpenViewContext(ctx, pressForTrigger(t, w, a, On(suzuki, desk, at.TS), "返信"), modal("x", named))
	wantCode(t, err, "duplicate_external_id")
	_, err = api.UpdateViewContext(ctx, modal("y", named), "case-1", "", "")
	wantCode(t, err, "")
	if v, _ := w.Modal(sato); v.Title != "y" || v.Updates != 1 {
		t.Errorf("updated by external_id: the person sees %+v", v)
	}
	_, err = api.OpenViewContext(ctx, pressForTrigger(t, w, a, at, "返信"), modal("x", func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = nil
		for range 95 {
			v.Blocks.BlockSet = append(v.Blocks.BlockSet, slack.NewSectionBlock(plainText(strings.Repeat("あ", 1000)), nil, nil))
		}
	}))
	wantCode(t, err, "view_too_large")
}

func TestPublishHome(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	home := func(text string) slack.HomeTabViewRequest {
		return slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewSectionBlock(markdown(text), nil, nil)}}}
	}
	first, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: sato, View: home("1")})
	if err != nil {
		t.Fatal(err)
	}
	second, err := api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: sato, View: home("2"), Hash: &first.Hash})
	if err != nil || second.ID != first.ID {
		t.Fatalf("again: got %+v, %v", second, err)
	}
	_, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: sato, View: home("3"), Hash: &first.Hash})
	wantCode(t, err, "hash_conflict")
	v, ok := w.Home(sato)
	if !ok || w.PlainView(v) != "2" || v.Updates != 1 {
		t.Errorf("the person sees %+v", v)
	}
	_, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: "U404", View: home("x")})
	wantCode(t, err, "invalid_arguments")
	_, out := raw(t, w, "views.publish", jsonType, testToken, `{"user_id":"U0SATO","view":{"type":"modal","title":{"type":"plain_text","text":"t"},"blocks":[]}}`)
	if out["error"] != "invalid_arguments" {
		t.Errorf("a modal as home: got %v", out)
	}
	w2, api2 := start(t, func(c *Config) { c.NoHomeTab = true })
	_, err = api2.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: sato, View: home("x")})
	wantCode(t, err, "not_enabled")
	if err := w2.OpenHome(sato); !errors.Is(err, ErrCannot) {
		t.Errorf("a home tab that is off: got %v", err)
	}
}

// openModal opens a modal for a person and returns the app.
func openModal(t *testing.T, change func(*slack.ModalViewRequest)) (*Workspace, *slack.Client, *app) {
	t.Helper()
	return openModalIn(t, nil, change)
}

func openModalIn(t *testing.T, config func(*Config), change func(*slack.ModalViewRequest)) (*Workspace, *slack.Client, *app) {
	t.Helper()
	w, api := start(t, config)
	a := startApp(t, w)
	at := On(sato, desk, card(t, api, desk))
	if _, err := api.OpenViewContext(short(t), pressForTrigger(t, w, a, at, "返信"), modal("返信", change)); err != nil {
		t.Fatal(err)
	}
	return w, api, a
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) { v.PrivateMetadata = "case-1" })
	ctx := short(t)
	if _, err := w.Submit(ctx, sato); !errors.Is(err, ErrFormIncomplete) {
		t.Errorf("empty required input: got %v", err)
	}
	if v, _ := w.Modal(sato); v.Errors["body"] == "" || len(a.all("/interactions")) != 1 {
		t.Errorf("the person should see an error, the app nothing: %+v", v)
	}
	if _, err := w.FillAndSubmit(ctx, sato, map[string]any{"返信": "a < b & c", "when/date": "2026-12-01"}); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/interactions")
	got := hits[len(hits)-1].body
	if got["type"] != "view_submission" || got["trigger_id"] == nil || got["response_urls"] == nil || got["container"] != nil {
		t.Errorf("got %v", got)
	}
	view, _ := got["view"].(obj)
	values, _ := view["state"].(obj)["values"].(obj)
	if body, _ := values["body"].(obj)["text"].(obj); body["value"] != "a < b & c" || body["type"] != "plain_text_input" {
		t.Errorf("typed text comes unescaped: got %v", values)
	}
	if when, _ := values["when"].(obj)["date"].(obj); when["selected_date"] != "2026-12-01" {
		t.Errorf("got %v", values)
	}
	if view["private_metadata"] != "case-1" || view["callback_id"] != "form" {
		t.Errorf("got %v", view)
	}
	if err := w.WaitNoModal(ctx, sato); err != nil {
		t.Error(err)
	}
}

func TestSubmissionAnswers(t *testing.T) {
	t.Parallel()
	section := `[{"type":"section","text":{"type":"plain_text","text":"済"}}]`
	view := `{"type":"modal","title":{"type":"plain_text","text":"次"},"blocks":` + section + `}`
	for name, c := range map[string]struct {
		ctype, body string
		status      int
		open        int // modals after
		title       string
		wrong       string // name of the violation
		problem     string // error under the input
	}{
		"empty":              {"", "", 200, 0, "", "", ""},
		"empty object":       {"application/json", "{}", 200, 0, "", "", ""},
		"errors":             {"application/json", `{"response_action":"errors","errors":{"body":"短すぎます"}}`, 200, 1, "返信", "", "短すぎます"},
		"errors elsewhere":   {"application/json", `{"response_action":"errors","errors":{"text":"x"}}`, 200, 1, "返信", "invalid_errors", ""},
		"no errors":          {"application/json", `{"response_action":"errors","errors":{}}`, 200, 1, "返信", "invalid_errors", ""},
		"update":             {"application/json", `{"response_action":"update","view":` + view + `}`, 200, 1, "次", "", ""},
		"bad update":         {"application/json", `{"response_action":"update","view":{"type":"modal","blocks":[]}}`, 200, 1, "返信", "invalid_arguments", ""},
		"push":               {"application/json", `{"response_action":"push","view":` + view + `}`, 200, 2, "次", "", ""},
		"clear":              {"application/json", `{"response_action":"clear"}`, 200, 0, "", "", ""},
		"unknown action":     {"application/json", `{"response_action":"close"}`, 200, 1, "返信", "unknown_response_action", ""},
		"text":               {"text/plain", "ok", 200, 1, "返信", "not_json", ""},
		"wrong content type": {"text/plain", `{"response_action":"clear"}`, 200, 0, "", "content_type", ""},
		"error status":       {"", "", 500, 1, "返信", "http_error", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _, a := openModal(t, nil)
			a.answerWith(func(rw http.ResponseWriter, _ hit) {
				rw.Header().Set("Content-Type", c.ctype)
				rw.WriteHeader(c.status)
				_, _ = rw.Write([]byte(c.body))
			})
			_, err := w.FillAndSubmit(short(t), sato, map[string]any{"body": "x"})
			_, refused := errors.AsType[*NotAcknowledgedError](err)
			if wantRefused := c.wrong != "" && c.wrong != "content_type"; refused != wantRefused {
				t.Errorf("got error %v", err)
			}
			if len(w.Notices(sato)) > 0 != refused {
				t.Errorf("notices: got %v", w.Notices(sato))
			}
			stack := w.Modals(sato)
			if len(stack) != c.open || (c.open > 0 && stack[c.open-1].Title != c.title) {
				t.Fatalf("the person sees %+v, want %d modals, %q on top", stack, c.open, c.title)
			}
			if c.open > 0 && stack[0].Errors["body"] != c.problem {
				t.Errorf("under the input: got %v, want %q", stack[0].Errors, c.problem)
			}
			if c.wrong != "" && !hasViolation(w, ViolationBadAnswer, c.wrong) && !hasViolation(w, ViolationLateAck, c.wrong) {
				t.Errorf("got violations %v, want %s", w.Violations(), c.wrong)
			}
			if c.wrong == "" && len(w.Violations()) > 0 {
				t.Errorf("got violations %v", w.Violations())
			}
		})
	}
}

func TestSlowSubmission(t *testing.T) {
	t.Parallel()
	w, _, a := openModalIn(t, impatient, nil)
	release := make(chan struct{})
	a.answerWith(func(http.ResponseWriter, hit) { <-release })
	_, err := w.FillAndSubmit(short(t), sato, map[string]any{"body": "x"})
	close(release)
	late, ok := errors.AsType[*NotAcknowledgedError](err)
	if !ok || late.Reason != "http_timeout" {
		t.Fatalf("got %v, want http_timeout", err)
	}
	if v, open := w.Modal(sato); !open || v.Submitting {
		t.Errorf("the modal should stay: %+v", v)
	}
	notices := w.Notices(sato)
	if len(notices) != 1 || notices[0].Text != "操作がうまくいきませんでした" || notices[0].What != "view_submission" {
		t.Errorf("got %+v", notices)
	}
}

func TestSubmitTwice(t *testing.T) {
	t.Parallel()
	w, _, a := openModal(t, nil)
	var arrived atomic.Int32
	meet := make(chan struct{})
	a.answerWith(func(http.ResponseWriter, hit) {
		if arrived.Add(1) == 2 {
			close(meet)
		}
		select {
		case <-meet: // neither is answered before both are there
		case <-time.After(2 * time.Second):
			t.Error("only one submission arrived")
		}
	})
	if err := w.Fill(short(t), sato, map[string]any{"body": "x"}); err != nil {
		t.Fatal(err)
	}
	if err := w.SubmitTwice(short(t), sato); err != nil {
		t.Fatal(err)
	}
	var ids []any
	for _, h := range a.all("/interactions") {
		if h.body["type"] == "view_submission" {
			ids = append(ids, h.body["view"].(obj)["id"])
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("got submissions of %v, want the same view twice", ids)
	}
	if len(w.Modals(sato)) != 0 {
		t.Error("the modal is still open")
	}
}

func TestViewClosed(t *testing.T) {
	t.Parallel()
	w, _, a := openModal(t, func(v *slack.ModalViewRequest) { v.NotifyOnClose = true })
	if err := w.CloseModal(short(t), sato); err != nil {
		t.Fatal(err)
	}
	hits := a.all("/interactions")
	got := hits[len(hits)-1].body
	if got["type"] != "view_closed" || got["is_cleared"] != false || len(w.Modals(sato)) != 0 {
		t.Errorf("got %v", got)
	}
	quiet, _, b := openModal(t, nil)
	if err := quiet.CloseModal(short(t), sato); err != nil {
		t.Fatal(err)
	}
	if got := len(b.all("/interactions")); got != 1 {
		t.Errorf("without notify_on_close the app hears %d interactions, want only the click", got)
	}
	if err := quiet.CloseModal(short(t), sato); !errors.Is(err, ErrCannot) {
		t.Errorf("nothing to close: got %v", err)
	}
}

func TestValuesStayOnUpdate(t *testing.T) {
	t.Parallel()
	w, api, _ := openModal(t, nil)
	if err := w.Fill(short(t), sato, map[string]any{"body": "途中"}); err != nil {
		t.Fatal(err)
	}
	v, _ := w.Modal(sato)
	if _, err := api.UpdateViewContext(short(t), modal("返信", nil), "", v.Hash, v.ID); err != nil {
		t.Fatal(err)
	}
	v, _ = w.Modal(sato)
	if got := w.PlainView(v); !strings.Contains(got, "返信: [途中]") {
		t.Errorf("what was typed is gone: %s", got)
	}
	_, err := api.UpdateViewContext(short(t), modal("返信", func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet[0] = slack.NewInputBlock("other", plainText("別"), nil, slack.NewPlainTextInputBlockElement(nil, "text"))
	}), "", "", v.ID)
	if err != nil {
		t.Fatal(err)
	}
	v, _ = w.Modal(sato)
	if entry, _ := v.Values["other"]["text"].(obj); entry["value"] != nil {
		t.Errorf("another input took over the value: %v", v.Values)
	}
}

func TestWaitModalTimesOut(t *testing.T) {
	t.Parallel()
	w, _ := start(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := w.WaitModal(ctx, sato, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
