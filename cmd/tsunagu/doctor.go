package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/session"
	"github.com/tsunagu-chat/tsunagu/internal/slack"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// report writes doctor's lines and remembers whether all were fine.
type report struct {
	out    io.Writer
	failed bool
}

func (r *report) line(ok bool, what, mend string) {
	mark := "ok    "
	if !ok {
		mark, r.failed = "FAILED", true
	}
	_, _ = fmt.Fprintf(r.out, "%s  %s\n", mark, what)
	if !ok && mend != "" {
		_, _ = fmt.Fprintf(r.out, "        → %s\n", mend)
	}
}

// doctorCommand checks a real deployment, a line each.
func doctorCommand(ctx context.Context, args []string, s streams) error {
	f := flags("doctor", s)
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r := &report{out: s.out}
	for _, v := range variables() {
		value := s.env(v.name)
		switch {
		case value == "" && v.need:
			r.line(false, v.name+" is not set", v.mend)
		case value != "" && v.secret:
			_, _ = fmt.Fprintf(s.out, "        %s is set\n", v.name)
		case value != "":
			_, _ = fmt.Fprintf(s.out, "        %s=%s\n", v.name, value)
		}
	}
	cfg, err := readConfig(s.env, true)
	if err != nil {
		r.line(false, "configuration: "+err.Error(), "")
		return errFailed
	}
	r.line(true, "configuration", "")
	if cfg.DataKeys == "" {
		if cfg.DataKeys, err = keyBeside(cfg.DatabaseURL); err != nil {
			r.line(false, "data key: "+err.Error(), "set DATA_KEY")
			return errFailed
		}
	}
	content, pictures := r.content(cfg, s)
	r.stores(ctx, cfg)
	r.platforms(ctx, cfg, content, pictures)
	r.secondRoute(ctx, cfg, content)
	if r.failed {
		return errFailed
	}
	return nil
}

func (r *report) content(cfg config, s streams) (*bot.Content, map[string][]byte) {
	b, _, p, err := openBot(cfg.IntentsDir, cfg.PublicURL, s.err)
	if err != nil {
		r.line(false, "content pack: "+err.Error(), "run tsunagu check "+cfg.IntentsDir)
		return &bot.Content{}, nil
	}
	r.line(true, fmt.Sprintf("content pack %s: %d windows, %d examples", b.Content().Version, len(b.Content().Windows), len(p.Examples)), "")
	dir := intents.Embedded()
	if cfg.IntentsDir != "" {
		dir = os.DirFS(cfg.IntentsDir)
	}
	found := check.Pack(dir, check.Options{Now: time.Now(), Live: true})
	r.line(found.Errors() == 0, fmt.Sprintf("content check: %d errors; %d things to confirm", found.Errors(), countOf(found.Findings, check.Live)),
		"tsunagu check --live "+cfg.IntentsDir+" lists them")
	return b.Content(), p.Pictures
}

func (r *report) stores(ctx context.Context, cfg config) {
	keys, err := seal.ParseKeys(cfg.DataKeys)
	if err != nil {
		r.line(false, "DATA_KEY: "+err.Error(), "make one with: openssl rand -base64 32")
		return
	}
	sealed, err := seal.New(keys...)
	if err != nil {
		r.line(false, "DATA_KEY: "+err.Error(), "make one with: openssl rand -base64 32")
		return
	}
	quiet := slog.New(slog.DiscardHandler)
	db, err := store.Open(ctx, store.Config{URL: cfg.DatabaseURL, Seal: sealed, Log: quiet})
	if err != nil {
		r.line(false, "database: "+err.Error(), "check DATABASE_URL, that the server runs, and run tsunagu migrate up")
	} else {
		defer func() { _ = db.Close() }()
		b, err := db.Backlog(ctx)
		r.line(err == nil, fmt.Sprintf("database: %s, %d pieces of mail and %d letters wait", db.Engine(), b.Mail, b.Letters), "look at the database's log")
		r.line(b.Parked == 0, fmt.Sprintf("mail put aside: %d", b.Parked), "the log names each by number; after the cause is mended they stay as a record")
		erased, err := db.Erasures(ctx)
		failed := 0
		for _, e := range erased {
			failed += e.Failed
		}
		r.line(err == nil && failed == 0, fmt.Sprintf("erased residents: %d; left of them in Slack: %d", len(erased), failed),
			"tsunagu erase --list names them; mend what the log says, then run tsunagu erase again within a week")
		r.line(b.Buried == 0, fmt.Sprintf("letters that can never be sent: %d", b.Buried), "staff see each in its case's thread")
	}
	live, err := session.Open(session.Config{URL: cfg.RedisURL, Seal: sealed})
	if err != nil {
		r.line(false, "Redis: "+err.Error(), "check REDIS_URL")
		return
	}
	defer func() { _ = live.Close() }()
	err = live.Ping(ctx)
	r.line(err == nil, "Redis: "+live.Kind(), "check REDIS_URL and that the server runs; until then each turn reads the database")
}

func (r *report) platforms(ctx context.Context, cfg config, content *bot.Content, pictures map[string][]byte) {
	team := func(window string) string {
		if w := content.Window(window); w != nil {
			return w.Team
		}
		return ""
	}
	l, err := line.New(line.Config{Secrets: cfg.LINESecrets, Token: cfg.LINEToken, APIBase: cfg.LINEAPIBase, DataBase: cfg.LINEDataBase})
	if err != nil {
		r.line(false, "LINE: "+err.Error(), "")
	} else {
		for _, f := range l.Check(ctx, cfg.PublicURL) {
			r.line(f.OK, f.What, f.Mend)
		}
		if menus := menusOf(content, pictures); len(menus.All) > 0 {
			f := l.CheckMenus(ctx, menus)
			r.line(f.OK, f.What, f.Mend)
		}
	}
	sl, err := slack.New(slack.Config{
		BotToken: cfg.SlackToken, SigningSecrets: cfg.SlackSecrets, AppToken: cfg.SlackApp, APIBase: cfg.SlackBase,
		Inbox: nowhere{}, Store: slackStore{}, Media: slackStore{}, Channel: cfg.channel(team), Content: func() *bot.Content { return content },
	})
	if err != nil {
		r.line(false, "Slack: "+err.Error(), "")
		return
	}
	for _, f := range sl.Check(ctx) {
		r.line(f.OK, f.What, f.Mend)
	}
}

// nowhere is an inbox for a Slack client that only asks.
type nowhere struct{}

func (nowhere) Append(context.Context, []mailbox.Mail) (int, error) {
	return 0, errors.New("doctor takes no mail")
}
