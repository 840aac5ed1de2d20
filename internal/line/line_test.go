package line_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

const (
	secret = "channel-secret"
	token  = "channel-token"
)

// bench is a client before a strict LINE, with a memory instead of a database.
type bench struct {
	t      *testing.T
	line   *lineapi.Platform
	client *line.Client
	user   string
	hook   *httptest.Server

	mu     sync.Mutex
	mail   []mailbox.Mail
	down   bool
	gone   bool
	erased bool
	media  []reception.Media
	now    time.Time
}

func setup(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, now: time.Now()}
	p, err := lineapi.New(lineapi.Config{ChannelSecret: secret, ChannelToken: token, Now: b.clock, MonthlyQuota: 5})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	api := httptest.NewServer(p.Handler())
	t.Cleanup(api.Close)
	b.line = p
	b.client, err = line.New(line.Config{
		Secrets: []string{secret, "previous-secret"}, Token: token, APIBase: api.URL, DataBase: api.URL,
		Inbox: b, Store: b, Pseudonym: func(id string) string { return "r-" + id }, Now: b.clock,
		HTTP: &http.Client{Timeout: time.Second}, Log: slog.New(slog.DiscardHandler), MaxMedia: 1000,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.hook = httptest.NewServer(b.client)
	t.Cleanup(b.hook.Close)
	p.SetWebhook(b.hook.URL)
	if b.user, err = p.AddUser(lineapi.User{Name: "市民"}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

// Append implements line.Inbox.
func (b *bench) Append(_ context.Context, mail []mailbox.Mail) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.down {
		return 0, errors.New("the database is away")
	}
	b.mail = append(b.mail, mail...)
	return len(mail), nil
}

// Contact, HasMedia and PutMedia implement line.Store.
func (b *bench) Contact(context.Context, string) (string, bool, error) {
	if b.erased {
		return "", false, reception.ErrNotFound
	}
	return b.user, b.gone, nil
}
func (b *bench) HasMedia(context.Context, string) (bool, error) { return false, nil }
func (b *bench) PutMedia(_ context.Context, m reception.Media) error {
	b.media = append(b.media, m)
	return nil
}

// say makes a letter that answers the newest mail.
func (b *bench) say(text string, reply bool) mailbox.Letter {
	b.t.Helper()
	messages, err := bot.EncodeMessages([]bot.Message{bot.Text{Text: text}})
	if err != nil {
		b.t.Fatal(err)
	}
	s := reception.Say{To: b.user, Messages: messages, Case: "c", Entry: "e", Lane: "slack:C1"}
	if reply {
		r, err := b.line.Say(b.t.Context(), b.user, "こんにちは")
		if err != nil || !r.OK() {
			b.t.Fatalf("webhook: %+v %v", r, err)
		}
		a, err := b.client.Read(b.mail[len(b.mail)-1].Body)
		if err != nil {
			b.t.Fatal(err)
		}
		s.ReplyToken, s.ReplyUntil = a.ReplyToken, a.Received.Add(50*time.Second)
	}
	body, err := json.Marshal(s)
	if err != nil {
		b.t.Fatal(err)
	}
	return mailbox.Letter{ID: fmt.Sprint("letter ", text), Lane: "line:r-1", Kind: reception.LetterSay, Body: body, Tries: 1}
}

func (b *bench) shown() int {
	ph, _ := b.line.Phone(b.user)
	return len(ph.Bot())
}

func (b *bench) fail(f lineapi.Failure) {
	b.t.Helper()
	if _, err := b.line.Fail(f); err != nil {
		b.t.Fatal(err)
	}
}

func TestWebhook(t *testing.T) {
	t.Parallel()
	b := setup(t)
	post := func(body []byte, signature string) int {
		r, err := b.line.Post(t.Context(), body, signature)
		if err != nil {
			t.Fatal(err)
		}
		return r.Status
	}
	good := []byte(`{"destination":"U","events":[]}`)
	for _, c := range []struct {
		name      string
		body      []byte
		signature string
		want      int
	}{
		{"connection check", good, b.line.Sign(good), 200},
		{"no signature", good, "", 401},
		{"wrong signature", good, b.line.Sign([]byte("x")), 401},
		{"not JSON", []byte("{"), b.line.Sign([]byte("{")), 400},
		{"no events", []byte("[]"), b.line.Sign([]byte("[]")), 400},
		{"too long", bytes.Repeat([]byte("a"), line.MaxBody+1), "x", 413},
	} {
		if got := post(c.body, c.signature); got != c.want {
			t.Errorf("%s: answered %d, want %d", c.name, got, c.want)
		}
	}
	if len(b.mail) != 0 {
		t.Errorf("%d pieces of mail came of nothing", len(b.mail))
	}
	other, err := lineapi.New(lineapi.Config{ChannelSecret: "previous-secret", ChannelToken: token, WebhookURL: b.hook.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if r, err := other.Say(t.Context(), lineapi.UserID(7), "秘密を替えるあいだ"); err != nil || !r.OK() {
		t.Errorf("with the previous secret: %+v %v, want 200", r, err)
	}
	b.down = true
	if r, _ := b.line.Say(t.Context(), b.user, "保存できない"); r.Status != http.StatusServiceUnavailable {
		t.Errorf("database away: answered %d, want 503 so that LINE delivers again", r.Status)
	}
}

// TestEveryEvent takes every event LINE can send, and some it cannot.
func TestEveryEvent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p, me := b.line, lineapi.Person(b.user)
	group, err := p.AddGroup("町内会", b.user)
	if err != nil {
		t.Fatal(err)
	}
	where := lineapi.InGroup(group, b.user)
	for want, event := range map[string]*lineapi.Event{
		"bot.Followed{Again:false}":    p.Follow(lineapi.UserID(99)),
		"bot.Unfollowed{}":             p.Unfollow(lineapi.UserID(99)),
		`bot.Tapped{Data:"human"}`:     p.Postback(me, "human", "人と話したい", nil),
		"bot.InGroup{Joined:true}":     p.Join(where),
		"bot.InGroup{Joined:false}":    p.Message(where, lineapi.Text{Text: "みなさん"}),
		`bot.Noticed{Type:"leave"}`:    p.Leave(where),
		`bot.Noticed{Type:"beacon"}`:   p.Beacon(me, "hw", "enter", ""),
		`bot.Noticed{Type:"noSuch"}`:   p.Other("noSuch", me, false, map[string]any{"x": 1}),
		`bot.Noticed{Type:"module"}`:   p.Module(true),
		`bot.Noticed{Type:"delivery"}`: p.NotificationDelivered(me, "x"),
	} {
		if r, err := p.Deliver(t.Context(), event); err != nil || !r.OK() {
			t.Fatalf("%s: %+v %v", want, r, err)
		}
		a, err := b.client.Read(b.mail[len(b.mail)-1].Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%#v", a.Event); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestStandbyIsSilent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	e := b.line.Message(lineapi.Person(b.user), lineapi.Text{Text: "こんにちは"})
	e.Mode = "standby"
	if r, err := b.line.Deliver(t.Context(), e); err != nil || !r.OK() {
		t.Fatalf("%+v %v", r, err)
	}
	a, err := b.client.Read(b.mail[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := a.Event.(bot.Noticed); !ok || a.ReplyToken != "" {
		t.Errorf("got %#v with token %q, want silence", a.Event, a.ReplyToken)
	}
}

func TestReplyFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r, err := b.client.Carry(t.Context(), b.say("はい", true))
	if err != nil {
		t.Fatal(err)
	}
	ph, _ := b.line.Phone(b.user)
	if ph.Replies != 1 || ph.Pushes != 0 {
		t.Errorf("%d replies and %d pushes, want one reply", ph.Replies, ph.Pushes)
	}
	if len(r.Follow) != 1 || !strings.Contains(string(r.Follow[0].Body), "sent") {
		t.Errorf("the thread is not told: %+v", r.Follow)
	}
}

func TestPushWhenTheTokenDied(t *testing.T) {
	t.Parallel()
	for name, age := range map[string]time.Duration{"by our clock": 2 * time.Minute, "by LINE's only": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			l := b.say("おそい返事", true)
			b.pass(age)
			if age == 0 { // used by somebody else: LINE says so at the first clear try
				if _, err := b.client.Carry(t.Context(), l); err != nil {
					t.Fatal(err)
				}
				l.ID = "another letter with the same token"
			}
			if _, err := b.client.Carry(t.Context(), l); err != nil {
				t.Fatal(err)
			}
			if ph, _ := b.line.Phone(b.user); ph.Pushes != 1 {
				t.Errorf("%d pushes, want 1", ph.Pushes)
			}
		})
	}
}

// TestUnclearReply is the heart of "nothing is said twice": the connection
// breaks after LINE took the reply, or before.
func TestUnclearReply(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		after bool          // LINE had carried it out
		wait  time.Duration // before the second try
		gone  bool          // given up rather than said twice
	}{
		{"it had arrived", true, 0, false},
		{"it had not arrived", false, 0, false},
		{"it had arrived and the token died", true, 2 * time.Minute, true},
		{"it had not arrived and the token died", false, 2 * time.Minute, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			l := b.say("一度だけ", true)
			b.fail(lineapi.Failure{Endpoint: lineapi.EndpointReply, Kind: lineapi.CloseConnection, After: c.after, Times: 1})
			_, err := b.client.Carry(t.Context(), l)
			var retry *mailbox.RetryError
			if !errors.As(err, &retry) || retry.Clear {
				t.Fatalf("got %v, want an unclear failure", err)
			}
			b.pass(c.wait)
			l.Tries = 2
			_, err = b.client.Carry(t.Context(), l)
			var gone *mailbox.GoneError
			if errors.As(err, &gone) != c.gone || !c.gone && err != nil {
				t.Fatalf("second try: %v, given up wanted %v", err, c.gone)
			}
			want := 1
			if c.gone && !c.after {
				want = 0
			}
			if b.shown() != want {
				t.Errorf("the phone shows it %d times, want %d", b.shown(), want)
			}
			if ph, _ := b.line.Phone(b.user); ph.Pushes != 0 {
				t.Error("an unclear reply became a push")
			}
		})
	}
}

func TestPushIsTakenOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.say("押して届く", false)
	b.fail(lineapi.Failure{Endpoint: lineapi.EndpointPush, Kind: lineapi.CloseConnection, After: true, Times: 1})
	if _, err := b.client.Carry(t.Context(), l); err == nil {
		t.Fatal("a broken connection is no success")
	}
	l.Tries = 2
	if _, err := b.client.Carry(t.Context(), l); err != nil {
		t.Fatalf("409 means it had arrived: %v", err)
	}
	if b.shown() != 1 {
		t.Errorf("the phone shows it %d times, want once", b.shown())
	}
}

func TestTwoKindsOf429(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.fail(lineapi.Failure{Endpoint: lineapi.EndpointPush, Kind: lineapi.AnswerRate, Times: 1})
	_, err := b.client.Carry(t.Context(), b.say("速すぎる", false))
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) || !retry.Pause || !retry.Clear {
		t.Errorf("too fast: got %v, want to wait", err)
	}
	b.line.SetQuota(5, 5)
	_, err = b.client.Carry(t.Context(), b.say("今月はもうない", false))
	var gone *mailbox.GoneError
	if !errors.As(err, &gone) || gone.Reason != line.Quota || len(gone.Follow) != 1 {
		t.Errorf("quota spent: got %v, want it given up with a word to staff", err)
	}
}

// TestLastWord reaches somebody who is not known any more.
func TestLastWord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.erased = true
	l := b.say("消しました", false)
	if _, err := b.client.Carry(t.Context(), l); err != nil || b.line.Counters().Pushes != 1 {
		t.Errorf("with an address of its own: %v, %d pushes; want one", err, b.line.Counters().Pushes)
	}
}

func TestBlockedIsNotSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.gone = true
	_, err := b.client.Carry(t.Context(), b.say("届かない", false))
	var gone *mailbox.GoneError
	if !errors.As(err, &gone) || gone.Reason != line.Blocked {
		t.Errorf("got %v, want %s", err, line.Blocked)
	}
	if c := b.line.Counters(); c.Pushes != 0 {
		t.Error("LINE was asked to push to somebody who blocked the account")
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	b := setup(t)
	photo := b.line.Message(lineapi.Person(b.user), lineapi.Image{Data: []byte("\x89PNG\r\n\x1a\n…")})
	large := b.line.Message(lineapi.Person(b.user), lineapi.Image{Data: bytes.Repeat([]byte("x"), 2000)})
	if r, err := b.line.Deliver(t.Context(), photo, large); err != nil || !r.OK() {
		t.Fatalf("%+v %v", r, err)
	}
	fetch := func(id string) (mailbox.Receipt, error) {
		body, err := json.Marshal(reception.Fetch{MessageID: id, Kind: bot.Image, Resident: "r-1", Case: "c", Lane: "slack:C1"})
		if err != nil {
			t.Fatal(err)
		}
		return b.client.Carry(t.Context(), mailbox.Letter{ID: "f" + id, Kind: reception.LetterFetch, Body: body, Tries: 1})
	}
	r, err := fetch(photo.MessageID)
	if err != nil || len(r.Follow) != 1 || r.Follow[0].Kind != reception.LetterFile {
		t.Errorf("photo: %+v %v, want a file for the thread", r, err)
	}
	if len(b.media) != 1 || b.media[0].MIME != "image/png" {
		t.Errorf("kept %+v, want one png", b.media)
	}
	var gone *mailbox.GoneError
	if _, err := fetch(large.MessageID); !errors.As(err, &gone) || gone.Reason != line.Lost {
		t.Errorf("larger than allowed: got %v, want %s", err, line.Lost)
	}
	if _, err := fetch("123456789012345678"); !errors.As(err, &gone) || gone.Reason != line.Lost {
		t.Errorf("deleted at LINE: got %v, want %s", err, line.Lost)
	}
}

// FuzzRead takes any event LINE, or anybody, may have sent.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"received":"2026-11-24T10:00:00+09:00","event":{"type":"message","timestamp":1,"webhookEventId":"x","source":{"type":"user","userId":"U1"},"message":{"type":"text","id":"1","text":"\u0000あ"}}}`))
	f.Add([]byte(`{"received":"2026-11-24T10:00:00+09:00","event":{"type":"postback"}}`))
	f.Add([]byte(`{"event":{"type":"message","message":{"type":"image"}}}`))
	c, err := line.New(line.Config{Secrets: []string{"s"}, Token: "t"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := c.Read(body)
		if err == nil && a.Event == nil {
			t.Error("read without an event")
		}
		if w, ok := a.Event.(bot.Wrote); ok && strings.ContainsRune(w.Text, 0) {
			t.Error("a NUL went through")
		}
	})
}

// TestPictureMessage: a picture is LINE's image message, under the name of who
// sends it, and LINE takes it.
func TestPictureMessage(t *testing.T) {
	t.Parallel()
	rendered := line.Render([]bot.Message{
		bot.Text{Text: "書き方です"}, bot.Picture{URL: "https://a.example/f/1", Preview: "https://a.example/f/2", Choices: []bot.Choice{{Label: "はい", Data: "yes"}}},
	}, "田中")
	raw, err := json.Marshal(rendered)
	if err != nil {
		t.Fatal(err)
	}
	if err := lineapi.CheckMessages(raw); err != nil {
		t.Error(err)
	}
	for _, want := range []string{`"type":"image"`, `"originalContentUrl":"https://a.example/f/1"`, `"previewImageUrl":"https://a.example/f/2"`, `"name":"田中"`, `"data":"yes"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s is missing in %s", want, raw)
		}
	}
}
