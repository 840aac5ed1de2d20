package lineapi

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/line/line-bot-sdk-go/v8/linebot/webhook"
)

func (r *rig) pushRaw(to, messages string) {
	r.t.Helper()
	if status, got, _ := r.do("POST", "/v2/bot/message/push", `{"to":"`+to+`","messages":[`+messages+`]}`); status != 200 {
		r.t.Fatalf("push: got %d %s", status, got)
	}
}

func quickReplies(actions ...string) string {
	var items []string
	for _, a := range actions {
		items = append(items, `{"type":"action","action":`+a+`}`)
	}
	return `"quickReply":{"items":[` + strings.Join(items, ",") + `]}`
}

func (r *rig) lastEvent() webhook.EventInterface {
	r.t.Helper()
	posted := r.webhooks()
	if len(posted) == 0 {
		r.t.Fatal("no webhook came")
	}
	events := posted[len(posted)-1].Events
	return events[len(events)-1]
}

func TestQuickRepliesShowUnderTheLastMessageOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	yes := quickReplies(`{"type":"message","label":"はい","text":"はい、そうです"}`, `{"type":"postback","label":"いいえ","data":"no","displayText":"いいえ"}`)
	r.pushRaw(user, `{"type":"text","text":"よろしいですか",`+yes+`}`)
	ph := r.phone(user)
	if len(ph.QuickReplies) != 2 || ph.QuickReplies[1].Data != "no" {
		t.Fatalf("quick replies: got %+v", ph.QuickReplies)
	}
	receipt, err := r.TapLabel(t.Context(), Person(user), "はい")
	if err != nil || !receipt.OK() {
		t.Fatalf("tap: got %+v, %v", receipt, err)
	}
	if got := describe(r.lastEvent()); got != `MessageEvent text "はい、そうです"` {
		t.Errorf("event: got %s", got)
	}
	ph = r.phone(user)
	if ph.QuickReplies != nil || ph.Bubbles[1].Text != "はい、そうです" || ph.Bubbles[1].FromBot {
		t.Errorf("afterwards: got %+v", ph)
	}
	if _, err := r.TapLabel(t.Context(), Person(user), "いいえ"); !errors.Is(err, ErrNotShowing) {
		t.Errorf("tapping what went away: got %v, want ErrNotShowing", err)
	}

	r.pushRaw(user, `{"type":"text","text":"もう一度",`+yes+`}`)
	if _, err := r.TapLabel(t.Context(), Person(user), "いいえ"); err != nil {
		t.Fatal(err)
	}
	if got := describe(r.lastEvent()); got != "PostbackEvent no map[]" {
		t.Errorf("event: got %s", got)
	}
	ph = r.phone(user)
	if last := ph.Bubbles[len(ph.Bubbles)-1]; last.Text != "いいえ" || last.Via != ViaDisplay || last.ID != "" {
		t.Errorf("displayText: got %+v", last)
	}
	r.pushRaw(user, `{"type":"text","text":"三度目",`+yes+`}`)
	r.pushRaw(user, `{"type":"text","text":"別の話"}`)
	if ph := r.phone(user); ph.QuickReplies != nil {
		t.Errorf("under an older message: got %+v", ph.QuickReplies)
	}
}

func TestTappingWhateverThereIs(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	me := Person(user)
	show := func() {
		r.pushRaw(user, `{"type":"text","text":"a",`+quickReplies(
			`{"type":"datetimepicker","label":"日","data":"day","mode":"date","min":"2026-12-01","max":"2026-12-31"}`,
			`{"type":"camera","label":"写真"}`, `{"type":"location","label":"場所"}`,
			`{"type":"uri","label":"電話","uri":"tel:0425400200"}`, `{"type":"clipboard","label":"写す","clipboardText":"A-1"}`,
			`{"type":"postback","label":"住所","data":"address","inputOption":"openKeyboard","fillInText":"住所:"}`)+`}`)
	}
	show()
	for _, when := range []string{"2026-11-30", "2027-01-01", "12月1日", ""} {
		if _, err := r.Tap(t.Context(), me, Tap{When: when}); err == nil {
			t.Errorf("picking %q: got no error", when)
		}
	}
	if _, err := r.Tap(t.Context(), me, Tap{When: "2026-12-24"}); err != nil {
		t.Fatal(err)
	}
	if got := describe(r.lastEvent()); got != "PostbackEvent day map[date:2026-12-24]" {
		t.Errorf("picker: got %s", got)
	}
	show()
	if _, err := r.Tap(t.Context(), me, Tap{Index: 1, Send: Text{Text: "a"}}); err == nil {
		t.Error("camera with a text: got no error")
	}
	if _, err := r.Tap(t.Context(), me, Tap{Index: 1, Send: Image{Data: []byte("x")}}); err != nil {
		t.Error(err)
	}
	if got := describe(r.lastEvent()); got != "MessageEvent image line" {
		t.Errorf("camera: got %s", got)
	}
	show()
	if _, err := r.Tap(t.Context(), me, Tap{Index: 2, Send: Location{Title: "家", Latitude: 1, Longitude: 2}}); err != nil {
		t.Error(err)
	}
	if got := describe(r.lastEvent()); got != "MessageEvent location 家 1 2" {
		t.Errorf("location: got %s", got)
	}
	show()
	before := len(r.webhooks())
	for range 2 { // the second finds nothing any more
		_, _ = r.Tap(t.Context(), me, Tap{Index: 3})
	}
	show()
	if _, err := r.Tap(t.Context(), me, Tap{Index: 4}); err != nil {
		t.Error(err)
	}
	if n := len(r.webhooks()); n != before {
		t.Errorf("a number and the clipboard: the bot was told %d times", n-before)
	}
	ph := r.phone(user)
	if len(ph.Opened) != 1 || ph.Opened[0].URI != "tel:0425400200" || ph.Clipboard != "A-1" || ph.QuickReplies != nil {
		t.Errorf("phone: got %+v %q", ph.Opened, ph.Clipboard)
	}
	show()
	if _, err := r.Tap(t.Context(), me, Tap{Index: 5}); err != nil {
		t.Error(err)
	}
	if got := r.phone(user).Draft; got != "住所:" {
		t.Errorf("draft: got %q", got)
	}
	if _, err := r.Tap(t.Context(), me, Tap{Index: 99}); !errors.Is(err, ErrNotShowing) {
		t.Errorf("action 99: got %v", err)
	}
	if _, err := r.Tap(t.Context(), Person(UserID(77)), Tap{}); !errors.Is(err, ErrNotShowing) {
		t.Errorf("somebody without a chat: got %v", err)
	}
}

func TestReadingFlexAndTemplates(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	r.pushRaw(user, flex(`{"type":"bubble","action":{"type":"message","text":"全体"},"header":{"type":"box","layout":"vertical","contents":[{"type":"text","text":"ご案内"}]},"body":{"type":"box","layout":"vertical","contents":[{"type":"text","contents":[{"type":"span","text":"家"},{"type":"span","text":"賃"}]},{"type":"button","action":{"type":"postback","label":"相談する","data":"go"}}]}}`))
	r.pushRaw(user, `{"type":"template","altText":"確認","template":{"type":"confirm","text":"よいですか","actions":[{"type":"message","label":"はい","text":"はい"},{"type":"uri","label":"見る","uri":"https://example.com"}]}}`)
	r.pushRaw(user, `{"type":"imagemap","baseUrl":"https://example.com/a","altText":"地図","baseSize":{"width":1040,"height":700},"actions":[{"type":"uri","label":"開く","linkUri":"https://example.com/map","area":{"x":0,"y":0,"width":10,"height":10}}]}`)
	ph := r.phone(user)
	var words []string
	for _, b := range ph.Bot() {
		words = append(words, b.Text+"|"+b.Words)
	}
	if diff := cmp.Diff([]string{"a|ご案内\n家賃\n相談する", "確認|よいですか\nはい\n見る", "地図|地図"}, words); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Action{{Type: "message", Text: "全体"}, {Type: "postback", Label: "相談する", Data: "go"}}, ph.Bubbles[0].Actions); diff != "" {
		t.Error(diff)
	}
	if got := ph.Bubbles[2].Actions[0].URI; got != "https://example.com/map" {
		t.Errorf("imagemap link: got %s", got)
	}
	if _, err := r.TapLabel(t.Context(), Person(user), "相談する"); err != nil {
		t.Fatal(err)
	}
	if got := describe(r.lastEvent()); got != "PostbackEvent go map[]" {
		t.Errorf("event: got %s", got)
	}
	if raw, err := json.Marshal(ph); err != nil || !strings.Contains(string(raw), `"words":"ご案内\n家賃\n相談する"`) {
		t.Errorf("as JSON: got %s, %v", raw, err)
	}
}

func TestDeprecatedPostbackTextComesTwice(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	r.pushRaw(user, `{"type":"template","altText":"a","template":{"type":"buttons","text":"a","actions":[{"type":"postback","label":"a","data":"x","text":"言った"}]}}`)
	if _, err := r.TapLabel(t.Context(), Person(user), "a"); err != nil {
		t.Fatal(err)
	}
	events := r.webhooks()[0].Events
	if len(events) != 2 || describe(events[0]) != `MessageEvent text "言った"` || describe(events[1]) != "PostbackEvent x map[]" {
		t.Errorf("got %d events, want a message and a postback", len(events))
	}
}

func TestUnsendBlanksTheBubble(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	e := r.Message(Person(user), Text{Text: "内緒の話"})
	r.deliver(e, r.Unsend(Person(user), e.MessageID))
	b := r.phone(user).Bubbles[0]
	if !b.Unsent || b.Text != "" || b.Words != "" || b.Message != nil {
		t.Errorf("got %+v", b)
	}
}

func TestWaitingAndWatching(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	ctx, cancel := context.WithCancel(t.Context())
	changes := r.Watch(ctx)
	done := make(chan error, 1)
	go func() {
		ph, err := r.Wait(soon(t), user, func(ph Phone) bool {
			last, found := ph.LastBot()
			return found && strings.Contains(last.Text, "二")
		})
		if err == nil && ph.BotBubbles != 2 {
			err = errors.New("it returned early or late")
		}
		done <- err
	}()
	r.pushRaw(user, `{"type":"text","text":"一"}`)
	r.pushRaw(user, `{"type":"text","text":"二"}`)
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := r.WaitBubbles(soon(t), user, 2); err != nil {
		t.Error(err)
	}
	short, stop := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer stop()
	ph, err := r.WaitBubbles(short, user, 3)
	if !errors.Is(err, context.DeadlineExceeded) || ph.BotBubbles != 2 {
		t.Errorf("waiting in vain: got %+v, %v", ph.BotBubbles, err)
	}
	if _, err := r.WaitBubbles(short, UserID(5), 1); err == nil {
		t.Error("waiting for nobody: got no error")
	}
	r.do("POST", "/v2/bot/message/push", `{}`) // a violation is a change too
	for i, want := range []ChangeKind{ChangeBubble, ChangeBubble, ChangeViolation} {
		got := <-changes
		if got.Kind != want || got.Seq != uint64(i+1) || (want == ChangeBubble) != (got.ChatID == user) {
			t.Errorf("change %d: got %+v, want %s", i, got, want)
		}
	}
	cancel()
	if _, open := <-changes; open {
		t.Error("the channel is open after the context ended")
	}
	r.pushRaw(user, `{"type":"text","text":"三"}`) // nobody watches: must not block or panic
}

func TestSlowWatchersMissChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	user := r.user()
	changes := r.Watch(t.Context())
	for range 300 {
		r.Message(Person(user), Text{Text: "a"})
	}
	for range 256 {
		<-changes
	}
	r.Message(Person(user), Text{Text: "a"})
	if got := <-changes; got.Missed != 44 {
		t.Errorf("missed: got %d, want 44", got.Missed)
	}
}

func TestPhonesComeInOrder(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	a, b := r.user(), r.user()
	var got []string
	for _, ph := range r.Phones() {
		got = append(got, ph.ID)
	}
	if diff := cmp.Diff([]string{a, b}, got); diff != "" {
		t.Error(diff)
	}
}
