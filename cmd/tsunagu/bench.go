package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// figures are what a load run measured.
type figures struct {
	Engine   string  `json:"engine"`
	Users    int     `json:"users"`
	Seconds  float64 `json:"seconds"`
	Sent     int64   `json:"sent"`
	Answered int64   `json:"answered"`
	PerSec   float64 `json:"answered_per_second"`
	AckP50   float64 `json:"ack_p50_ms"`
	AckP99   float64 `json:"ack_p99_ms"`
	ReplyP50 float64 `json:"reply_p50_ms"`
	ReplyP99 float64 `json:"reply_p99_ms"`
	Refused  int64   `json:"refused"` // webhooks without 200
	Lost     int64   `json:"lost"`    // messages nobody answered within a minute of the end
}

// sentences are what the residents of the load test write.
var sentences = []string{
	"母が最近物忘れがひどくて心配です。", "おかねが なくて こまっています。", "I lost my job and cannot pay the rent.",
	"子どもが学校に行けません。", "眠れない日が続いています。", "ごみの収集日を教えてください。", "watashi wa shigoto o sagashite imasu.",
	"ちかくで あつまれる ところは ありますか。", "家賃が払えなくて困っています。", "こんにちは。",
}

func benchCommand(ctx context.Context, args []string, s streams) error {
	f := flags("bench", s)
	perSec := f.Float64("rate", 0, "messages a second; 0: as many as are answered")
	users := f.Int("users", 200, "residents writing at the same time, one message each at a time")
	duration := f.Duration("duration", 15*time.Second, "how long")
	atDesk := f.Bool("desk", false, "measure the staff's side: from webhook to card, from 返信 to LINE, with Slack's limits on; --rate is new cases a second (0: one every two seconds)")
	cases := f.Int("cases", 200, "with --desk: cases open before staff act")
	staff := f.Int("staff", 20, "with --desk: staff who claim and reply at once")
	channels := f.Int("channels", len(deskTeams), "with --desk: channels of teams")
	think := f.Duration("think", 15*time.Second, "with --desk: between one staff member's reply and their next case")
	asJSON := f.Bool("json", false, "figures as JSON, one object an engine")
	database := f.String("database", s.env("BENCH_DATABASE_URL"), "also measure this PostgreSQL (it is filled with test data); default BENCH_DATABASE_URL")
	redis := f.String("redis", s.env("BENCH_REDIS_URL"), "Redis for the PostgreSQL run; default BENCH_REDIS_URL")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	if *users < 1 || *users > 100_000 || *duration < time.Second || *perSec < 0 {
		return wrongUsage("--users is 1 to 100000, --duration at least 1s, --rate not below 0")
	}
	dir, err := os.MkdirTemp("", "tsunagu-bench")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	runs := []townOptions{{Database: "sqlite:" + filepath.Join(dir, "bench.db")}}
	if *database != "" {
		if *redis == "" {
			return wrongUsage("--database needs --redis redis://…")
		}
		runs = append(runs, townOptions{Database: *database, Redis: *redis})
	}
	if *atDesk {
		load := deskLoad{Cases: *cases, Staff: *staff, Channels: *channels, Arrive: *perSec, Think: *think, For: *duration}
		if load.Arrive == 0 {
			load.Arrive = .5
		}
		return benchDesk(ctx, runs, load, *asJSON, s)
	}
	for _, o := range runs {
		o.Log = slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelError}))
		r, err := measure(ctx, o, *users, *perSec, *duration, s.err)
		if err != nil {
			return err
		}
		if *asJSON {
			if err := json.NewEncoder(s.out).Encode(r); err != nil {
				return err
			}
			continue
		}
		_, _ = fmt.Fprintf(s.out, "%-10s %d residents, %.0f s: %d messages answered, %.0f/s\n"+
			"           acknowledged  p50 %.1f ms  p99 %.1f ms\n           answered      p50 %.1f ms  p99 %.1f ms\n           not accepted %d, unanswered %d\n",
			r.Engine, r.Users, r.Seconds, r.Answered, r.PerSec, r.AckP50, r.AckP99, r.ReplyP50, r.ReplyP99, r.Refused, r.Lost)
	}
	if *database == "" && !*asJSON {
		_, _ = fmt.Fprintln(s.out, "PostgreSQL was not measured: give --database postgres://… and --redis redis://…")
	}
	return nil
}

// load is one run: every resident has at most one message without an answer,
// so that each answer belongs to one message.
type load struct {
	mu      sync.Mutex
	waiting map[string]time.Time
	free    chan string
	ack     []time.Duration
	reply   []time.Duration
	refused atomic.Int64
}

func measure(ctx context.Context, o townOptions, users int, perSec float64, d time.Duration, progress io.Writer) (figures, error) {
	l := &load{waiting: map[string]time.Time{}, free: make(chan string, users)}
	o.Line = func(c *lineapi.Config) {
		c.KeepBubbles = -1
		c.Rates = map[lineapi.Endpoint]lineapi.Rate{} // LINE's own limits are far above one machine
		c.OnBubble = func(chat, _ string, _ time.Time) { l.answered(chat) }
	}
	o.Slack = func(c *slackapi.Config) { c.KeepMessages = 100 }
	t, err := openTown(o)
	if err != nil {
		return figures{}, err
	}
	defer t.Close()
	cfg, err := t.config(o)
	if err != nil {
		return figures{}, err
	}
	s, err := newService(ctx, cfg, serviceOptions{Log: o.Log, Now: t.clock.Now})
	if err != nil {
		return figures{}, err
	}
	r, err := start(ctx, s)
	if err != nil {
		return figures{}, err
	}
	t.connect(r.url)
	for i := range users {
		id, err := t.line.AddUser(lineapi.User{Name: fmt.Sprint("u", i)})
		if err != nil {
			return figures{}, err
		}
		l.free <- id
	}
	_, _ = fmt.Fprintf(progress, "%s: %d residents write for %v\n", s.engine, users, d)
	sent, took := l.run(ctx, t, perSec, d)
	l.settle(ctx, time.Minute)
	if err := r.stop(); err != nil {
		return figures{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return figures{
		Engine: s.engine, Users: users, Seconds: took.Seconds(), Sent: sent, Answered: int64(len(l.reply)),
		PerSec: float64(len(l.reply)) / took.Seconds(), Refused: l.refused.Load(), Lost: int64(len(l.waiting)),
		AckP50: percentile(l.ack, 50), AckP99: percentile(l.ack, 99), ReplyP50: percentile(l.reply, 50), ReplyP99: percentile(l.reply, 99),
	}, nil
}

// run writes until the time is over.
func (l *load) run(ctx context.Context, t *town, perSec float64, d time.Duration) (sent int64, took time.Duration) {
	limit := rate.NewLimiter(rate.Inf, 1)
	if perSec > 0 {
		limit = rate.NewLimiter(rate.Limit(perSec), 1)
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	began := time.Now()
	var wg sync.WaitGroup
	var n atomic.Int64
	for range 32 {
		wg.Go(func() {
			for limit.Wait(ctx) == nil {
				select {
				case <-ctx.Done():
					return
				case user := <-l.free:
					i := n.Add(1)
					l.write(t, user, sentences[int(i)%len(sentences)])
				}
			}
		})
	}
	wg.Wait()
	return n.Load(), time.Since(began)
}

func (l *load) write(t *town, user, text string) {
	l.mu.Lock()
	l.waiting[user] = time.Now()
	l.mu.Unlock()
	r, err := t.line.Say(context.Background(), user, text)
	if err != nil || !r.OK() {
		l.refused.Add(1)
		return
	}
	l.mu.Lock()
	l.ack = append(l.ack, r.Took)
	l.mu.Unlock()
}

// answered is told of each bubble; the first after a message is its answer.
func (l *load) answered(user string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.waiting[user]
	if !ok {
		return
	}
	delete(l.waiting, user)
	l.reply = append(l.reply, time.Since(at))
	// The rest of the same answer is still on its way: wait it out, so that it
	// is not taken for the answer to the next message.
	time.AfterFunc(5*time.Millisecond, func() { l.free <- user })
}

// settle waits for the last answers.
func (l *load) settle(ctx context.Context, most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		l.mu.Lock()
		left := len(l.waiting)
		l.mu.Unlock()
		if left == 0 {
			return
		}
	}
}

// percentile in milliseconds.
func percentile(d []time.Duration, p int) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return float64(d[(len(d)-1)*p/100].Microseconds()) / 1000
}
