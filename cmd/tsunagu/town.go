package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// The stand-ins' secrets. They guard nothing but loopback.
const (
	townSecret  = "stand-in-channel-secret"
	townToken   = "stand-in-channel-token"
	townBot     = "xoxb-stand-in"
	townSigning = "stand-in-signing-secret"
	townDesk    = "C00000DESK"
	townUrgent  = "C0000URGENT"
)

// townStaff are the people at the stand-in desk.
var townStaff = []slackapi.Member{
	{ID: "U0TANAKA00", Name: "tanaka", DisplayName: "田中", RealName: "田中", Color: "2f7d5b"},
	{ID: "U0SUZUKI00", Name: "suzuki", DisplayName: "鈴木", RealName: "鈴木", Color: "3b6ea5"},
	{ID: "U0SATO0000", Name: "sato", DisplayName: "佐藤", RealName: "佐藤", Color: "a55b3b"},
}

// town is LINE, Slack and the service on this machine's loopback: the demo,
// the load test and the end-to-end tests live in it.
type town struct {
	line  *lineapi.Platform
	slack *slackapi.Workspace

	lineURL, slackURL string
	teams, smtp       string
	public            string
	clock             *clock
	close             []func()
}

// townOptions say what a town is made of.
type townOptions struct {
	Database string // DATABASE_URL
	Redis    string // REDIS_URL
	Dir      string // INTENTS_DIR
	Log      *slog.Logger
	Clock    *clock // nil: this machine's
	Teams    string // SLACK_CHANNELS
	SMTP     string // SMTP_URL, with ALERT_EMAIL set to somebody
	Public   string // PUBLIC_URL; empty: this machine's, without https
	Line     func(*lineapi.Config)
	Slack    func(*slackapi.Config)
}

// openTown starts the stand-ins. The service is started by the caller, with
// the configuration that config returns.
func openTown(o townOptions) (_ *town, err error) {
	t := &town{clock: o.Clock, teams: o.Teams, smtp: o.SMTP, public: cmp.Or(o.Public, "http://127.0.0.1")}
	if t.clock == nil {
		t.clock = &clock{}
	}
	defer func() {
		if err != nil {
			t.Close()
		}
	}()
	lc := lineapi.Config{
		ChannelSecret: townSecret, ChannelToken: townToken, BotName: "つなぐ", Now: t.clock.Now, Log: o.Log,
		Redelivery: lineapi.Redelivery{Times: 20, Wait: 500 * time.Millisecond}, AdoptUnknownUsers: true,
	}
	if o.Line != nil {
		o.Line(&lc)
	}
	if t.line, err = lineapi.New(lc); err != nil {
		return nil, fmt.Errorf("stand-in for LINE: %w", err)
	}
	t.close = append(t.close, t.line.Close)
	if t.lineURL, err = t.listen(t.line.Handler()); err != nil {
		return nil, err
	}
	members := make([]string, 0, len(townStaff))
	for _, m := range townStaff {
		members = append(members, m.ID)
	}
	sc := slackapi.Config{
		BotToken: townBot, SigningSecret: townSigning, Members: townStaff, Now: t.clock.Now, Log: o.Log, MetadataKey: "subject",
		App:      slackapi.App{Name: "つなぐ"},
		Commands: []string{"/tsunagu"}, // these two as in deploy/slack-manifest.yaml
		Shortcuts: []slackapi.Shortcut{
			{CallbackID: "reply", Name: "ご本人に返信", Message: true}, {CallbackID: "by_hand", Name: "相談を書きとめる", Message: true},
		},
		Channels: []slackapi.Channel{
			{ID: townDesk, Name: "相談", Private: true, Members: members, Bot: true},
			{ID: townUrgent, Name: "緊急", Private: true, Members: members, Bot: true},
		},
	}
	if o.Slack != nil {
		o.Slack(&sc)
	}
	if t.slack, err = slackapi.New(sc); err != nil {
		return nil, fmt.Errorf("stand-in for Slack: %w", err)
	}
	t.close = append(t.close, t.slack.Close)
	if t.slackURL, err = t.listen(t.slack.Handler()); err != nil {
		return nil, err
	}
	t.slack.SetBaseURL(t.slackURL)
	return t, nil
}

// config is the environment of a service in this town.
func (t *town) config(o townOptions) (config, error) {
	env := map[string]string{
		"LISTEN_ADDR": "127.0.0.1:0", "PUBLIC_URL": t.public,
		"DATABASE_URL": o.Database, "REDIS_URL": o.Redis, "INTENTS_DIR": o.Dir, "MIGRATE_ON_START": "true",
		"LINE_CHANNEL_SECRET": townSecret, "LINE_CHANNEL_TOKEN": townToken, "LINE_API_BASE": t.lineURL, "LINE_DATA_API_BASE": t.lineURL,
		"SLACK_BOT_TOKEN": townBot, "SLACK_SIGNING_SECRET": townSigning, "SLACK_API_BASE": t.slackURL + "/api/",
		"SLACK_DESK_CHANNEL": townDesk, "SLACK_URGENT_CHANNEL": townUrgent, "SLACK_CHANNELS": t.teams,
		"DATA_KEY": base64.StdEncoding.EncodeToString(make([]byte, 32)),
	}
	if t.smtp != "" {
		env["SMTP_URL"], env["ALERT_EMAIL"] = t.smtp, "duty@example.jp"
	}
	return readConfig(func(name string) string { return env[name] }, true)
}

// connect tells the stand-ins where the service is.
func (t *town) connect(service string) {
	t.line.SetWebhook(service + "/line/webhook")
	t.slack.SetTargets(slackapi.Targets{
		Events: service + "/slack/events", Interactions: service + "/slack/interactions", Commands: service + "/slack/commands",
	})
}

// listen serves h on a free port of loopback.
func (t *town) listen(h http.Handler) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("open a port on loopback: %w", err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l)
	}()
	t.close = append(t.close, func() { _ = server.Close(); <-done })
	return "http://" + l.Addr().String(), nil
}

// Close stops the stand-ins.
func (t *town) Close() {
	for i := len(t.close) - 1; i >= 0; i-- {
		t.close[i]()
	}
	t.close = nil
}

// clock is this machine's, moved to wherever a story or a visitor wants it.
type clock struct {
	mu     sync.Mutex
	offset time.Duration
}

// Now is the town's time.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.offset)
}

// Set moves the town's time to at; from there it runs on.
func (c *clock) Set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset = time.Until(at)
}

// moveClock moves the town's time, and what waits for a time with it.
func (s *service) moveClock(c *clock, to time.Time) {
	by := to.Sub(c.Now())
	c.Set(to)
	if s == nil || s.store == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.store.Hasten(ctx, by); err != nil {
		s.log.WarnContext(ctx, "what waits for a time did not follow the clock", "err", err)
	}
	s.inbox.Wake()
}

// running is a service at work.
type running struct {
	*service
	url    string
	cancel context.CancelFunc
	done   chan error
}

// start runs a service until stop.
func start(ctx context.Context, s *service) (*running, error) {
	ctx, cancel := context.WithCancel(ctx)
	r := &running{service: s, cancel: cancel, done: make(chan error, 1)}
	opened := make(chan net.Addr, 1)
	go func() { r.done <- s.Run(ctx, func(a net.Addr) { opened <- a }) }()
	select {
	case a := <-opened:
		r.url = "http://" + a.String()
		return r, nil
	case err := <-r.done:
		cancel()
		return nil, errors.Join(errors.New("the service did not start"), err)
	}
}

// stop ends the service gracefully.
func (r *running) stop() error {
	r.cancel()
	return <-r.done
}

// keyBeside keeps a data key beside an SQLite database that has none given, so
// that kept data can be read again. It guards against a copied database file,
// not against somebody who has the whole folder.
func keyBeside(database string) (string, error) {
	path := strings.TrimPrefix(database, "sqlite:") + ".key"
	if b, err := os.ReadFile(path); err == nil { //nolint:gosec // the operator names the folder
		return strings.TrimSpace(string(b)), nil
	}
	raw := make([]byte, 32)
	if _, err := io.ReadFull(randomness, raw); err != nil {
		return "", fmt.Errorf("make a data key: %w", err)
	}
	key := base64.StdEncoding.EncodeToString(raw)
	if err := os.WriteFile(path, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep the data key: %w", err)
	}
	return key, nil
}

// observer is told what the bot decided.
type observer func(resident string, in bot.Input, after bot.State, effects []bot.Effect)
