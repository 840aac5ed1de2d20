package main

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/link"
	"github.com/tsunagu-chat/tsunagu/internal/mail"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/session"
	"github.com/tsunagu-chat/tsunagu/internal/slack"
	"github.com/tsunagu-chat/tsunagu/internal/store"
	"github.com/tsunagu-chat/tsunagu/internal/web"
)

// randomness is where keys come from.
var randomness io.Reader = rand.Reader

// grace is how long work in hand may take after SIGTERM (CONTRACT, promise 7).
const grace = 20 * time.Second

// service is the whole of Tsunagu in one process: what serve runs, and the
// demo, the load test and the end-to-end tests.
type service struct {
	cfg     config
	log     *slog.Logger
	engine  string
	content atomic.Pointer[bot.Bot]
	pack    *intents.Pack     // as it was at the start; nil when the caller gave a bot
	model   *understand.Model // likewise
	tutor   *lesson.Tutor
	readers readers  // what staff write, for who reads it
	base    *bot.Bot // as the pack has it, without what staff said about days
	now     func() time.Time

	daysMu   sync.Mutex   // guards base and what staff said about days, as content has it
	daysSaid []desk.Day   //
	daysDuty []desk.Staff //

	pictures atomic.Pointer[map[string][]byte] // of the menus of the pack in force
	menus    bool                              // LINE's menus are kept up to date

	sealed  *seal.Seal
	store   *store.Store
	session *session.Session
	line    *line.Client
	slack   *slack.Client
	mail    *mail.Client // nil: no second route
	inbox   *mailbox.Inbox
	outbox  *mailbox.Outbox
	web     *web.Server
	links   *link.Links
	figures *metrics
	reports *reporter
}

// serviceOptions are what only some callers set.
type serviceOptions struct {
	Log     *slog.Logger
	Now     func() time.Time // the time residents see; nil: time.Now
	Bot     *bot.Bot         // nil: the pack of INTENTS_DIR
	Pack    *intents.Pack    // of Bot: what lessons are measured on; nil: on nothing
	Observe observer         // told what was decided
	Settle  time.Duration    // how long a fragment waits; 0: 1.2 s
	Undo    time.Duration    // how long a staff reply can be taken back; 0: desk.Undo
	Pace    time.Duration    // between two messages to a Slack channel; 0: Slack's own second
	Menus   bool             // keep LINE's menus up to date
	MailTLS *tls.Config      // whom the second route trusts; nil: this machine's roots
	Sample  bool             // reports are of made-up months
	Mux     http.Handler     // served beside the product's routes (the demo's page)
}

// newService opens everything and wires it. Nothing runs yet.
func newService(ctx context.Context, cfg config, o serviceOptions) (_ *service, err error) {
	if o.Log == nil {
		o.Log = slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: cfg.LogLevel}))
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Settle == 0 {
		o.Settle = 1200 * time.Millisecond
	}
	s := &service{cfg: cfg, log: o.Log, now: o.Now, menus: o.Menus}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if o.Bot == nil {
		if o.Bot, s.model, o.Pack, err = openBot(cfg.IntentsDir, cfg.PublicURL, os.Stderr); err != nil {
			return nil, err
		}
		s.pack = o.Pack
	}
	if s.readers, err = newReaders(cfg.IntentsDir); err != nil {
		return nil, err
	}
	s.pictures.Store(picturesOf(o.Pack))
	s.use(o.Bot)
	if err := s.openStores(ctx, cfg); err != nil {
		return nil, err
	}
	if err := s.openTutor(ctx, o.Pack); err != nil {
		return nil, err
	}
	s.figures = newMetrics(s.store)
	s.reports = &reporter{content: func() *bot.Content { return s.bot().Content() }, store: s.store, now: o.Now}
	if o.Sample {
		s.reports.store = samples{s.reports.content, func() insight.Month { return insight.LastMonth(o.Now()) }}
	}
	if s.links, err = link.New(link.Config{Seal: s.sealed, Base: cfg.PublicURL, Media: s.fileOf, Now: o.Now, Log: s.log}); err != nil {
		return nil, err
	}
	if err := s.openEdges(cfg, o); err != nil {
		return nil, err
	}
	if err := s.openBoxes(cfg, o); err != nil {
		return nil, err
	}
	s.web, err = web.New(web.Config{
		Addr: cfg.ListenAddr, LINE: s.line,
		Slack: map[string]http.Handler{
			"events":       http.HandlerFunc(s.slack.ServeEvents),
			"interactions": http.HandlerFunc(s.slack.ServeInteractions),
			"commands":     http.HandlerFunc(s.slack.ServeCommands),
		},
		Files: s.links, Privacy: web.Privacy(s.privacy), Ready: s.ready, Metrics: s.figures.registry, Reports: s.reports, AdminToken: cfg.AdminToken, Log: s.log, Other: o.Mux,
	})
	return s, err
}

func (s *service) openStores(ctx context.Context, cfg config) error {
	keys, err := seal.ParseKeys(cfg.DataKeys)
	if err != nil {
		return wrongUsage("DATA_KEY: %v", err)
	}
	sealed, err := seal.New(keys...)
	if err != nil {
		return wrongUsage("DATA_KEY: %v", err)
	}
	s.sealed = sealed
	s.store, err = store.Open(ctx, store.Config{URL: cfg.DatabaseURL, Seal: sealed, Migrate: cfg.Migrate, Log: s.log})
	if errors.Is(err, store.ErrSchema) {
		return wrongUsage("%v: run \"tsunagu migrate up\", or set MIGRATE_ON_START=true", err)
	}
	if err != nil {
		return fmt.Errorf("open the database (DATABASE_URL): %w", err)
	}
	s.engine = s.store.Engine()
	s.session, err = session.Open(session.Config{URL: cfg.RedisURL, Seal: sealed})
	if err != nil {
		return fmt.Errorf("open Redis (REDIS_URL): %w", err)
	}
	return nil
}

func (s *service) openEdges(cfg config, o serviceOptions) (err error) {
	if s.mail, err = openMail(cfg, o); err != nil {
		return err
	}
	inbox := wakeful{s}
	s.line, err = line.New(line.Config{
		Secrets: cfg.LINESecrets, Token: cfg.LINEToken, APIBase: cfg.LINEAPIBase, DataBase: cfg.LINEDataBase,
		Inbox: inbox, Store: s.store, Pseudonym: s.store.Pseudonym, Now: o.Now, Log: s.log, Count: s.figures.lineCall,
		Disaster: func() bool { return s.bot().Content().City.Disaster },
	})
	if err != nil {
		return err
	}
	s.slack, err = slack.New(slack.Config{
		BotToken: cfg.SlackToken, SigningSecrets: cfg.SlackSecrets, AppToken: cfg.SlackApp, APIBase: cfg.SlackBase,
		Board: slackStore{s.store}, Days: s.store, Homes: s.store, DaysChanged: s.followDays,
		Carried: func(ctx context.Context, since time.Time) (bool, error) {
			return s.store.Carried(ctx, since, reception.LetterCard, reception.LetterEntry)
		},
		Back: func(ctx context.Context) error {
			defer s.outbox.Wake()
			return s.store.Hurry(ctx, reception.SlackLane(""))
		},
		Inbox: inbox, Store: slackStore{s.store}, Media: s.store, Content: func() *bot.Content { return s.bot().Content() },
		Mask: func(text string) string { return s.bot().Redact(text) },
		Town: townNeeds{s}, Lessons: s.tutor, ForReader: s.readers.form, Hint: s.readers.hints,
		Channel: cfg.channel(s.team), Pace: o.Pace, Now: o.Now, Log: s.log, Count: s.figures.slackCall,
	})
	return err
}

func (s *service) openBoxes(cfg config, o serviceOptions) error {
	desks := cfg.channel(s.team)
	order, err := secondOpinion(cfg, func(text string) string { return s.bot().Redact(text) })
	if err != nil {
		return err
	}
	r, err := reception.New(reception.Config{
		Bot: s.bot, Store: s.store, Session: s.session, LINE: s.line, Channel: desks, Now: o.Now, Log: s.log,
		Shown: s.shown, Away: s.slack.Away, Danger: s.store.DangerCases, Mail: s.mail != nil,
		Redact: s.tutor.Redact, Order: order, Settle: o.Settle, Observe: o.Observe, Wake: func() { s.outbox.Wake() }, Undo: o.Undo, Link: s.links.To, Redraw: 3 * o.Pace,
		// The inbox goes by this machine's clock, whatever the town's says.
		Wait: func(at time.Time) time.Time { return time.Now().Add(at.Sub(o.Now())) },
	})
	if err != nil {
		return err
	}
	carriers := map[string]mailbox.Carrier{"line": s.line, "slack": s.slack, "redis": forgetter{s.session}}
	if s.mail != nil {
		carriers["mail"] = s.mail
	}
	settings := mailbox.Settings{Owner: ownerName(), Grace: grace, Log: s.log, Observe: s.figures.observe}
	s.inbox, err = mailbox.NewInbox(mailbox.InboxConfig{Settings: settings, Store: s.store, Handler: r, Park: r.Parked})
	if err != nil {
		return err
	}
	s.outbox, err = mailbox.NewOutbox(mailbox.OutboxConfig{
		Settings: settings, Store: s.store, Carriers: carriers,
	})
	return err
}

// bot is the dialogue of the content pack in force.
func (s *service) bot() *bot.Bot { return s.content.Load() }

// team is the Slack team of a window, as the pack says.
func (s *service) team(window string) string {
	if w := s.bot().Content().Window(window); w != nil {
		return w.Team
	}
	return ""
}

// Run works until ctx ends: then it stops accepting, finishes what is in hand
// and closes everything.
func (s *service) Run(ctx context.Context, listening func(net.Addr)) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	// Any part that fails ends the others: a process that only half works is
	// worse than one that is started again.
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	part := func(name string, run func(context.Context) error) {
		all.Go(func() {
			defer cancel()
			if err := run(ctx); err != nil {
				mu.Lock()
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				mu.Unlock()
			}
		})
	}
	part("web", func(ctx context.Context) error { return s.web.Run(ctx, grace, listening) })
	part("inbox", s.inbox.Run)
	part("outbox", s.outbox.Run)
	part("upkeep", s.upkeep)
	part("content", s.watchContent)
	part("lessons", s.tutor.Run)
	if s.menus {
		part("menus", func(ctx context.Context) error { return s.keepMenus(ctx, menusEvery) })
	}
	part("days", s.days)
	part("slack watch", s.slack.Watch)
	if s.cfg.SlackApp != "" {
		part("slack", s.slack.Run)
	}
	all.Wait()
	return errors.Join(append(errs, s.Close())...)
}

// upkeep deletes what has passed its time, once an hour.
func (s *service) upkeep(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			if _, err := s.store.DeleteExpired(ctx, now); err != nil && ctx.Err() == nil {
				s.log.WarnContext(ctx, "what has expired was not deleted; it is tried again in an hour", "err", err)
			}
		}
	}
}

// Close lets go of database, Redis and Slack.
func (s *service) Close() error {
	var errs []error
	if s.slack != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		errs = append(errs, s.slack.Close(ctx))
	}
	if s.session != nil {
		errs = append(errs, s.session.Close())
	}
	if s.store != nil {
		errs = append(errs, s.store.Close())
	}
	s.slack, s.session, s.store = nil, nil, nil
	return errors.Join(errs...)
}

// ready reports what is missing to work.
func (s *service) ready(ctx context.Context) error {
	if err := s.store.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := s.session.Ping(ctx); err != nil {
		return fmt.Errorf("redis: %w", err)
	}
	return nil
}

// fileOf is what a link to a file shows.
func (s *service) fileOf(ctx context.Context, id string) (link.File, error) {
	m, err := s.store.Media(ctx, id)
	if errors.Is(err, reception.ErrNotFound) {
		return link.File{}, link.ErrGone
	}
	return link.File{Name: m.Name, MIME: m.MIME, Content: m.Content}, err
}

// privacy is the page's text in each language.
func (s *service) privacy() []web.Section {
	content := s.bot().Content()
	sections := make([]web.Section, 0, len(bot.Langs))
	for _, l := range bot.Langs {
		lang := string(l)
		if l == bot.EasyJa {
			lang = "ja"
		}
		sections = append(sections, web.Section{
			Lang: lang, Title: content.Reply(l, "privacy.title"), Paragraphs: strings.Split(content.Reply(l, "privacy.page"), "\n\n"),
		})
	}
	return sections
}

// wakeful appends to the inbox and wakes it.
type wakeful struct{ *service }

func (w wakeful) Append(ctx context.Context, mail []mailbox.Mail) (int, error) {
	n, err := w.store.Append(ctx, mail)
	if n > 0 {
		w.inbox.Wake()
	}
	return n, err
}

// forgetter drops the live state of residents who were erased.
type forgetter struct{ session *session.Session }

func (f forgetter) Carry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var whose reception.Forget
	if err := json.Unmarshal(l.Body, &whose); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: "unread", Err: err}
	}
	if err := f.session.Erase(ctx, whose.Resident); err != nil {
		return mailbox.Receipt{}, &mailbox.RetryError{Pause: true, Err: err}
	}
	return mailbox.Receipt{}, nil
}

// slackStore gives the desk's edge what it asks in its own words.
type slackStore struct{ *store.Store }

func (s slackStore) CaseByThread(ctx context.Context, channel, ts string) (desk.Case, bool, error) {
	c, err := s.Store.CaseByThread(ctx, channel, ts)
	if errors.Is(err, reception.ErrNotFound) {
		return desk.Case{}, false, nil
	}
	return c, err == nil, err
}

// ownerName names this process in leases, for people who look at the database.
func ownerName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "host"
	}
	return fmt.Sprintf("%s/%d", host, os.Getpid())
}

// drained waits until nothing is left to do; false when it took longer than
// most.
func (s *service) drained(ctx context.Context, most time.Duration) bool {
	for end := time.Now().Add(most); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		b, err := s.store.Backlog(ctx)
		if err == nil && b.Mail == 0 && b.Letters == 0 {
			return true
		}
	}
	return false
}
