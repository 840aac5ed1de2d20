package demo

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
	sdk "github.com/slack-go/slack"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

const (
	staffID   = "U0TANAKA00"
	deskID    = "C00000DESK"
	otherRoom = "C0000OTHER"
)

// testTown is a demo with a small service behind it: it answers every text
// with a card, and Slack's buttons with a form.
type testTown struct {
	t     *testing.T
	demo  *Demo
	page  string // address
	slack *sdk.Client
	line  *messaging_api.MessagingApiAPI

	mu      sync.Mutex
	tapped  []string
	pressed []string // action_id of buttons
	sent    []string // what was sent in forms
	taken   []string // ids of messages taken back
	opened  []string // who opened the home
	shared  []string // files in messages: names, and the words beside them
}

func newTown(t *testing.T, change func(*Config)) *testTown {
	t.Helper()
	tw := &testTown{t: t}
	silent := slog.New(slog.DiscardHandler)
	l, err := lineapi.New(lineapi.Config{ChannelSecret: "secret", ChannelToken: "token", Log: silent, Rates: map[lineapi.Endpoint]lineapi.Rate{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	w, err := slackapi.New(slackapi.Config{
		BotToken: "xoxb-test", SigningSecret: "signing", Log: silent,
		Members: []slackapi.Member{
			{ID: staffID, Name: "tanaka", DisplayName: "田中", Color: "2f7d5b"}, {ID: "U0SUZUKI00", Name: "suzuki", DisplayName: "鈴木"},
		},
		Commands:  []string{"/tsunagu"},
		Shortcuts: []slackapi.Shortcut{{CallbackID: "answer", Name: "ご本人に返信", Message: true}, {CallbackID: "note", Name: "全体のもの"}},
		Channels: []slackapi.Channel{
			{ID: deskID, Name: "相談", Private: true, Bot: true, Members: []string{staffID}},
			{ID: otherRoom, Name: "ほか", Private: true, Members: []string{"U0SUZUKI00"}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	tw.serve(l, w)
	cfg := Config{LINE: l, Slack: w, Log: silent}
	if change != nil {
		change(&cfg)
	}
	if tw.demo, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	page := httptest.NewServer(tw.demo.Handler())
	t.Cleanup(page.Close)
	t.Cleanup(tw.demo.Close)
	tw.page = page.URL
	return tw
}

// serve starts both platforms and the service between them.
func (tw *testTown) serve(l *lineapi.Platform, w *slackapi.Workspace) {
	t := tw.t
	lineServer := httptest.NewServer(l.Handler())
	t.Cleanup(lineServer.Close)
	slackServer := httptest.NewServer(w.Handler())
	t.Cleanup(slackServer.Close)
	w.SetBaseURL(slackServer.URL)
	tw.slack = sdk.New("xoxb-test", sdk.OptionAPIURL(slackServer.URL+"/api/"))
	api, err := messaging_api.NewMessagingApiAPI("token", messaging_api.WithEndpoint(lineServer.URL))
	if err != nil {
		t.Fatal(err)
	}
	tw.line = api
	mux := http.NewServeMux()
	mux.HandleFunc("/line", func(_ http.ResponseWriter, r *http.Request) { tw.fromLine(api, r) })
	mux.HandleFunc("/slack", tw.fromSlack)
	service := httptest.NewServer(mux)
	t.Cleanup(service.Close)
	l.SetWebhook(service.URL + "/line")
	w.SetTargets(slackapi.Targets{Events: service.URL + "/slack", Interactions: service.URL + "/slack", Commands: service.URL + "/slack"})
}

func (tw *testTown) fromLine(api *messaging_api.MessagingApiAPI, r *http.Request) {
	got, err := webhook.ParseRequest("secret", r)
	if err != nil {
		tw.t.Errorf("webhook: %v", err)
		return
	}
	for _, e := range got.Events {
		switch e := e.(type) {
		case webhook.MessageEvent:
			if _, isText := e.Message.(webhook.TextMessageContent); isText {
				_, err = api.ReplyMessage(&messaging_api.ReplyMessageRequest{ReplyToken: e.ReplyToken, Messages: line.Render(answerCard(), "")})
			}
		case webhook.PostbackEvent:
			tw.note(&tw.tapped, e.Postback.Data)
		case webhook.UnsendEvent:
			tw.note(&tw.taken, e.Unsend.MessageId)
		}
	}
	if err != nil {
		tw.t.Errorf("reply: %v", err)
	}
}

func answerCard() []bot.Message {
	return []bot.Message{bot.Cards{
		Alt: "高齢者の相談", Choices: []bot.Choice{{Label: "ちがう", Data: "no"}},
		Cards: []bot.Card{{
			Title: "高齢者の相談", Lines: []string{"お年寄りの暮らしの心配を聞くところです。"}, Small: "いま開いています",
			Buttons: []bot.Button{{Label: "職員に話す", Data: "hand:elder-care"}, {Label: "電話する", URL: "tel:0120000000"}},
		}},
	}}
}

func (tw *testTown) fromSlack(w http.ResponseWriter, r *http.Request) {
	var p sdk.InteractionCallback
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		tw.fromEvents(r)
		return
	}
	if raw := r.FormValue("payload"); raw == "" || json.Unmarshal([]byte(raw), &p) != nil {
		return // a command: acknowledged
	}
	if p.View.Type == sdk.VTHomeTab {
		tw.note(&tw.pressed, "home/"+p.ActionCallback.BlockActions[0].ActionID)
		return
	}
	if p.Type == sdk.InteractionTypeBlockActions || p.Type == sdk.InteractionTypeMessageAction {
		pressed := p.CallbackID
		if len(p.ActionCallback.BlockActions) > 0 {
			pressed = p.ActionCallback.BlockActions[0].ActionID
		}
		tw.note(&tw.pressed, pressed)
		words := sdk.NewInputBlock("text", sdk.NewTextBlockObject("plain_text", "ことば", false, false), nil, sdk.NewPlainTextInputBlockElement(nil, "text"))
		choice := sdk.NewInputBlock("how", sdk.NewTextBlockObject("plain_text", "どう", false, false), nil, sdk.NewOptionsSelectBlockElement("static_select", nil, "how",
			sdk.NewOptionBlockObject("a", sdk.NewTextBlockObject("plain_text", "あ", false, false), nil)))
		choice.Optional = true
		_, err := tw.slack.OpenViewContext(r.Context(), p.TriggerID, sdk.ModalViewRequest{
			Type: sdk.VTModal, Title: sdk.NewTextBlockObject("plain_text", "返信", false, false), CallbackID: "reply",
			Submit: sdk.NewTextBlockObject("plain_text", "送る", false, false), Close: sdk.NewTextBlockObject("plain_text", "やめる", false, false),
			Blocks: sdk.Blocks{BlockSet: []sdk.Block{words, choice}},
		})
		if err != nil {
			tw.t.Errorf("open form: %v", err)
		}
	}
	if p.Type == sdk.InteractionTypeViewSubmission {
		text := p.View.State.Values["text"]["text"].Value
		if text == "だめ" {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"response_action":"errors","errors":{"text":"ほかのことばで書いてください。"}}`)
			return
		}
		tw.note(&tw.sent, text+"/"+p.View.State.Values["how"]["how"].SelectedOption.Value)
	}
}

// fromEvents publishes a home for who opens it, and notes files.
func (tw *testTown) fromEvents(r *http.Request) {
	var in struct {
		Event struct {
			Type, User, Tab, Text string
			Files                 []struct{ Name string }
		}
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		tw.t.Errorf("event: %v", err)
		return
	}
	e := in.Event
	for _, f := range e.Files {
		tw.note(&tw.shared, f.Name+"/"+e.Text)
	}
	if e.Type != "app_home_opened" || e.Tab != "home" {
		return
	}
	tw.note(&tw.opened, e.User)
	button := sdk.NewButtonBlockElement("search", "-", sdk.NewTextBlockObject("plain_text", "さがす", false, false))
	_, err := tw.slack.PublishView(e.User, sdk.HomeTabViewRequest{Type: sdk.VTHomeTab, Blocks: sdk.Blocks{BlockSet: []sdk.Block{
		sdk.NewHeaderBlock(sdk.NewTextBlockObject("plain_text", e.User+"さんの相談", false, false)), sdk.NewActionBlock("", button),
	}}}, "")
	if err != nil {
		tw.t.Errorf("publish home: %v", err)
	}
}

func (tw *testTown) note(list *[]string, what string) {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	*list = append(*list, what)
}

func (tw *testTown) noted(list *[]string) []string {
	tw.mu.Lock()
	defer tw.mu.Unlock()
	return slices.Clone(*list)
}

// card posts a message with a button to the desk and returns its ts.
func (tw *testTown) card() string {
	tw.t.Helper()
	text := sdk.NewTextBlockObject("mrkdwn", "*高齢者の相談*\n> 母が心配", false, false)
	button := sdk.NewButtonBlockElement("reply", "case-1", sdk.NewTextBlockObject("plain_text", "返信", false, false))
	_, ts, err := tw.slack.PostMessage(deskID, sdk.MsgOptionText("相談", false), sdk.MsgOptionBlocks(sdk.NewSectionBlock(text, nil, nil), sdk.NewActionBlock("", button)))
	if err != nil {
		tw.t.Fatal(err)
	}
	return ts
}

// post does one thing and returns status and answer.
func (tw *testTown) post(path string, body any) (int, map[string]any) {
	tw.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		tw.t.Fatal(err)
	}
	resp, err := http.Post(tw.page+"/demo/"+path, "application/json", bytes.NewReader(b))
	if err != nil {
		tw.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out map[string]any
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		tw.t.Fatalf("%s: %v", path, err)
	}
	return resp.StatusCode, out
}

func (tw *testTown) must(path string, body any) map[string]any {
	tw.t.Helper()
	status, out := tw.post(path, body)
	if status != http.StatusOK {
		tw.t.Fatalf("%s: got %d %v, want 200", path, status, out)
	}
	return out
}

// get reads JSON into out.
func (tw *testTown) get(path string, out any) {
	tw.t.Helper()
	resp, err := http.Get(tw.page + path)
	if err != nil {
		tw.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		tw.t.Fatalf("%s: got %d, want 200", path, resp.StatusCode)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		tw.t.Fatalf("%s: %v", path, err)
	}
}

func (tw *testTown) resident(name string) string {
	tw.t.Helper()
	id, _ := tw.must("resident", newResident{Name: name, Language: "ja"})["id"].(string)
	if !strings.HasPrefix(id, "U") {
		tw.t.Fatalf("got resident %q", id)
	}
	return id
}

func (tw *testTown) phone(id string) lineapi.Phone {
	tw.t.Helper()
	var ph lineapi.Phone
	tw.get("/demo/phone?id="+id, &ph)
	return ph
}

// until waits for a condition that other goroutines bring about.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited 10 s for %s", what)
		}
	}
}
