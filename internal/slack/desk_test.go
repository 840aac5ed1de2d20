package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

const (
	tanaka = "U0TANAKA"
	sato   = "U0SATO"
	secret = "shhh"
)

var errDown = errors.New("database is down")

// fakeStore is a store and an inbox in memory, which can be down or hang.
type fakeStore struct {
	mu      sync.Mutex
	cases   map[string]desk.Case
	entries []desk.Entry
	posts   map[string]string // kind + subject → ref
	shown   map[string]string // likewise → what it shows
	media   map[string]reception.Media
	mail    []mailbox.Mail
	repeats int
	down    bool
	hang    chan struct{} // when set, everything waits for it, whatever the context says
}

func (s *fakeStore) enter() error {
	s.mu.Lock()
	hang, down := s.hang, s.down
	s.mu.Unlock()
	if hang != nil {
		<-hang
	}
	if down {
		return errDown
	}
	return nil
}

func (s *fakeStore) Append(_ context.Context, mail []mailbox.Mail) (int, error) {
	if err := s.enter(); err != nil {
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, m := range mail {
		if slices.ContainsFunc(s.mail, func(x mailbox.Mail) bool { return x.Key == m.Key }) {
			s.repeats++
			continue
		}
		s.mail = append(s.mail, m)
		n++
	}
	return n, nil
}

func (s *fakeStore) Case(_ context.Context, id string) (desk.Case, error) {
	if err := s.enter(); err != nil {
		return desk.Case{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.cases[id]
	if !ok {
		return c, reception.ErrNotFound
	}
	return c, nil
}

func (s *fakeStore) CaseByNumber(_ context.Context, number string) (desk.Case, error) {
	if err := s.enter(); err != nil {
		return desk.Case{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.cases {
		if c.Number() == number {
			return c, nil
		}
	}
	return desk.Case{}, reception.ErrNotFound
}

func (s *fakeStore) CaseByThread(_ context.Context, channel, ts string) (desk.Case, bool, error) {
	if err := s.enter(); err != nil {
		return desk.Case{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.cases {
		if s.posts[reception.LetterCard+reception.CaseAt(c.ID, channel)] == ts {
			return c, true, nil
		}
	}
	return desk.Case{}, false, nil
}

func (s *fakeStore) Entries(_ context.Context, id string) ([]desk.Entry, error) {
	if err := s.enter(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []desk.Entry
	for _, e := range s.entries {
		if e.Case == id {
			out = append(out, e)
		}
	}
	return out, nil
}

func (s *fakeStore) Entry(_ context.Context, id string) (desk.Entry, error) {
	if err := s.enter(); err != nil {
		return desk.Entry{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.entries {
		if e.ID == id {
			return e, nil
		}
	}
	return desk.Entry{}, reception.ErrNotFound
}

func (s *fakeStore) Shown(_ context.Context, kind, subject string) (string, error) {
	if err := s.enter(); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shown[kind+subject], nil
}

func (s *fakeStore) Post(_ context.Context, kind, subject string) (string, bool, error) {
	if err := s.enter(); err != nil {
		return "", false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ref, ok := s.posts[kind+subject]
	return ref, ok, nil
}

func (s *fakeStore) Media(_ context.Context, id string) (reception.Media, error) {
	if err := s.enter(); err != nil {
		return reception.Media{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.media[id]
	if !ok {
		return m, reception.ErrNotFound
	}
	return m, nil
}

func (s *fakeStore) PutMedia(_ context.Context, m reception.Media) error {
	if err := s.enter(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.media[m.MessageID]; !ok {
		s.media[m.MessageID] = m
	}
	return nil
}

func (s *fakeStore) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *fakeStore) commands(t *testing.T) []desk.Command {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []desk.Command
	for _, m := range s.mail {
		cmd, err := desk.DecodeCommand(m.Body)
		if err != nil {
			t.Fatalf("mail %s: %v", m.Key, err)
		}
		if m.Source != mailbox.FromSlack || m.Lane != s.cases[cmd.Case].Resident || !strings.HasPrefix(m.Key, "slack:") || m.At.IsZero() {
			t.Errorf("mail %+v is not in its resident's lane, from Slack", m)
		}
		out = append(out, cmd)
	}
	return out
}

// office is a workspace, the edge under test, and its store.
type office struct {
	*slackapi.Workspace
	t     *testing.T
	c     *Client
	s     *fakeStore
	api   *httptest.Server
	web   *httptest.Server
	mu    sync.Mutex
	count map[string]int
}

// open builds an office. Every test ends with: Slack refused nothing, unless
// the test takes the violations away.
func open(t *testing.T, change ...func(*slackapi.Config, *Config)) *office {
	t.Helper()
	people := []string{tanaka, sato}
	sc := slackapi.Config{
		BotToken: "xoxb-1", AppToken: "xapp-1", SigningSecret: secret, Seed: 7, MetadataKey: keySubject,
		Scopes: Scopes(), Events: []string{"message.channels", "message.groups", "app_mention"}, Commands: []string{"/tsunagu"},
		Members: []slackapi.Member{
			{ID: tanaka, Name: "tanaka.h", DisplayName: "田中"},
			{ID: sato, Name: "sato", RealName: "佐藤 花子"},
		},
		Channels: []slackapi.Channel{
			{ID: money, Name: "money", Private: true, Bot: true, Members: people},
			{ID: elder, Name: "elder", Private: true, Bot: true, Members: []string{sato}},
			{ID: urgent, Name: "urgent", Bot: true, Members: people},
		},
		Limits: slackapi.Limits{Off: true}, Retries: []time.Duration{},
		AckTimeout: 10 * time.Second, TriggerLife: 10 * time.Second, // a busy machine is slow
		Log: slog.New(slog.DiscardHandler),
	}
	o := &office{t: t, count: map[string]int{}, s: &fakeStore{
		cases: map[string]desk.Case{}, posts: map[string]string{}, shown: map[string]string{}, media: map[string]reception.Media{},
	}}
	cfg := Config{
		BotToken: "xoxb-1", SigningSecrets: []string{secret}, Inbox: o.s, Store: o.s, Media: o.s,
		Content: pack, Channel: channel, Log: slog.New(slog.DiscardHandler),
		Count: func(what, kind string) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.count[what+" "+kind]++
		},
	}
	for _, f := range change {
		f(&sc, &cfg)
	}
	w, err := slackapi.New(sc)
	if err != nil {
		t.Fatal(err)
	}
	o.Workspace = w
	o.api = httptest.NewServer(w.Handler())
	w.SetBaseURL(o.api.URL)
	if cfg.APIBase == "" {
		cfg.APIBase = o.api.URL + "/api/"
	}
	if o.c, err = New(cfg); err != nil {
		t.Fatal(err)
	}
	o.web = httptest.NewServer(o.c.Handler())
	w.SetTargets(slackapi.Targets{
		Events: o.web.URL + "/slack/events", Interactions: o.web.URL + "/slack/interactions", Commands: o.web.URL + "/slack/commands",
	})
	t.Cleanup(func() {
		w.Close()
		o.web.Close()
		if err := o.c.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
		o.api.Close()
		for _, v := range w.Violations(slackapi.ViolationRefused, slackapi.ViolationBadAnswer, slackapi.ViolationRepeatedPost, slackapi.ViolationAdvice) {
			if !t.Failed() && o.counted("violations allowed") == 0 {
				t.Errorf("violation: %+v", v)
			}
		}
	})
	return o
}

// allow lets a test break Slack's rules on purpose.
func (o *office) allow() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count["violations allowed"]++
}

func (o *office) counted(what string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.count[what]
}

func (o *office) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	o.t.Cleanup(cancel)
	return ctx
}

func letter(kind, subject string, body any) mailbox.Letter {
	b, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return mailbox.Letter{
		ID: "l-" + kind + subject, Lane: reception.SlackLane(channelOf(subject)), Kind: kind, Subject: subject,
		Body: b, Tries: 1, Created: time.Now(),
	}
}

func cardLetter(c desk.Case, channel string) mailbox.Letter {
	return letter(reception.LetterCard, reception.CaseAt(c.ID, channel), reception.EntryRef{Case: c.ID})
}

func lineLetter(c desk.Case, e desk.Entry, channel, fate string) mailbox.Letter {
	return letter(reception.LetterEntry, reception.CaseAt(e.ID, channel), reception.EntryRef{Case: c.ID, Entry: e.ID, Fate: fate})
}

// carry brings a letter as the mailbox does: a receipt is recorded.
func (o *office) carry(l mailbox.Letter) (mailbox.Receipt, error) {
	o.t.Helper()
	r, err := o.c.Carry(o.ctx(), l)
	if err == nil {
		o.s.set(func() { o.s.posts[l.Kind+l.Subject], o.s.shown[l.Kind+l.Subject] = r.Ref, r.Shown })
	}
	return r, err
}

// deliver carries letters and everything that follows from them.
func (o *office) deliver(letters ...mailbox.Letter) {
	o.t.Helper()
	for n := 0; len(letters) > 0; n++ {
		if n > 50 {
			o.t.Fatal("letters without end")
		}
		l := letters[0]
		l.Tries = max(l.Tries, 1)
		r, err := o.carry(l)
		if err != nil {
			o.t.Fatalf("letter %s: %v", l.ID, err)
		}
		letters = append(letters[1:], r.Follow...)
	}
}

// begin puts a case into the store and its card into the channel.
func (o *office) begin(c desk.Case, entries ...desk.Entry) (ts string) {
	o.t.Helper()
	o.s.set(func() {
		o.s.cases[c.ID] = c
		o.s.entries = append(o.s.entries, entries...)
	})
	o.deliver(cardLetter(c, channel(c.Window, c.Danger)))
	return o.s.posts[reception.LetterCard+reception.CaseAt(c.ID, channel(c.Window, c.Danger))]
}

func (o *office) shown(channel, ts string) string {
	o.t.Helper()
	m, ok := o.Message(channel, ts)
	if !ok {
		o.t.Fatalf("no message %s in %s", ts, channel)
	}
	return o.Plain(m)
}

// thread is what stands under a card.
func (o *office) lines(channel, ts string) []string {
	var out []string
	for _, m := range o.Thread(channel, ts) {
		if m.IsReply() {
			out = append(out, o.Plain(m))
		}
	}
	return out
}

// response is what a handler answered.
type response struct {
	status  int
	noRetry bool
	body    string
}

// request sends a signed request to a handler.
func (o *office) request(path, body string, change ...func(http.Header)) response {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.ctx(), http.MethodPost, o.web.URL+path, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	slackapi.Sign(r.Header, secret, time.Now(), []byte(body))
	for _, f := range change {
		f(r.Header)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return response{res.StatusCode, res.Header.Get("X-Slack-No-Retry") == "1", string(answer)}
}

// quick is a client that does not wait long.
func quick() *http.Client { return &http.Client{Timeout: 300 * time.Millisecond} }

// until waits for what the workspace does not tell of.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// same compares actions; some hold lists.
func same(a, b desk.Action) bool { return reflect.DeepEqual(a, b) }
