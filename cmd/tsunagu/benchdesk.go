package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// deskLoad says how busy the desk is.
type deskLoad struct {
	Cases    int           // open before anybody acts
	Staff    int           // who act at once
	Channels int           // of teams; cases are spread over them
	Arrive   float64       // new cases a second meanwhile
	Think    time.Duration // between what one staff member does and the next
	Undo     time.Duration // how long a reply can be taken back; 0: desk.Undo
	For      time.Duration // how long staff act
}

// deskFigures are what a run at the desk measured, in milliseconds. Slack's
// limits are on: one post a second in a channel, 50 updates a minute.
type deskFigures struct {
	Engine      string  `json:"engine"`
	Cases       int     `json:"cases"`
	Staff       int     `json:"staff"`
	Channels    int     `json:"channels"`
	Seconds     float64 `json:"seconds"`
	Cards       int     `json:"cards"`        // new while staff act
	CardP50     float64 `json:"card_p50_ms"`  // from the resident's webhook to the card in the channel
	CardP99     float64 `json:"card_p99_ms"`  //
	Replies     int     `json:"replies"`      //
	ReplyP50    float64 `json:"reply_p50_ms"` // from 返信 to the call of LINE, the time to take it back included
	ReplyP99    float64 `json:"reply_p99_ms"` //
	Undo        float64 `json:"undo_ms"`      // that time
	OfferP50    float64 `json:"offer_p50_ms"` // from 返信 to the line with 取り消す in the thread
	OfferP99    float64 `json:"offer_p99_ms"` //
	Claims      int     `json:"claims"`       //
	ClaimP50    float64 `json:"claim_p50_ms"` // from the button to the card that names the holder
	ClaimP99    float64 `json:"claim_p99_ms"` //
	SlowestAck  float64 `json:"slowest_ack_ms"`
	RateLimited int     `json:"rate_limited"` // answers of Slack
	Violations  int     `json:"violations"`   // what Slack would object to
	Lost        int     `json:"lost"`         // not seen within the time to settle
}

// String is what people read of it.
func (f deskFigures) String() string {
	return fmt.Sprintf("%-10s %d open cases, %d staff in %d channels, %.0f s\n"+
		"           webhook → card        p50 %.0f ms  p99 %.0f ms  (%d)\n"+
		"           返信 → LINE            p50 %.0f ms  p99 %.0f ms  (%d; %.0f ms of it to take it back)\n"+
		"           返信 → 取り消す        p50 %.0f ms  p99 %.0f ms\n"+
		"           claim → card          p50 %.0f ms  p99 %.0f ms  (%d)\n"+
		"           slowest acknowledgement %.0f ms, Slack asked to wait %d times, objections %d, not seen %d\n",
		f.Engine, f.Cases, f.Staff, f.Channels, f.Seconds, f.CardP50, f.CardP99, f.Cards, f.ReplyP50, f.ReplyP99, f.Replies, f.Undo,
		f.OfferP50, f.OfferP99, f.ClaimP50, f.ClaimP99, f.Claims, f.SlowestAck, f.RateLimited, f.Violations, f.Lost)
}

// deskTeams are the teams of the shipped pack whose residents write in, with
// what they write.
var deskTeams = []struct{ team, words string }{
	{"life", "電気代が払えません"}, {"elder", "家で介護をしていて疲れました"}, {"child", "子育てがつらいです"},
	{"disability", "障害者手帳の申請について相談したいです"},
}

// settleDesk is how long the last cards and replies are waited for.
const settleDesk = 2 * time.Minute

// deskRun is one run: what is waited for, and what was seen.
type deskRun struct {
	load deskLoad
	town *town

	mu      sync.Mutex
	cards   map[string]time.Time // by the number in the resident's words
	replies map[string]time.Time // by the number in the reply
	offers  map[string]time.Time // likewise
	claims  map[string]claim     // by channel and ts
	card    []time.Duration
	reply   []time.Duration
	offer   []time.Duration
	claim   []time.Duration
	open    chan slackapi.Message // cards nobody has
	next    int                   // residents so far
}

type claim struct {
	at  time.Time
	who string
}

var cardMark, replyMark = regexp.MustCompile(`札(\d{4})`), regexp.MustCompile(`返(\d{4})`)

// measureDesk opens the cases in a hurry, starts the service anew and lets
// staff act at Slack's pace.
func measureDesk(ctx context.Context, o townOptions, load deskLoad, progress io.Writer) (deskFigures, error) {
	if load.Undo == 0 {
		load.Undo = desk.Undo
	}
	d := &deskRun{
		load: load, cards: map[string]time.Time{}, replies: map[string]time.Time{}, offers: map[string]time.Time{}, claims: map[string]claim{},
		open: make(chan slackapi.Message, load.Cases+10_000),
	}
	staff := d.people(&o)
	t, err := openTown(o)
	if err != nil {
		return deskFigures{}, err
	}
	defer t.Close()
	d.town = t
	_, _ = fmt.Fprintf(progress, "%d cases are opened\n", load.Cases)
	err = d.during(ctx, o, serviceOptions{Log: o.Log, Now: t.clock.Now, Settle: time.Millisecond, Pace: time.Millisecond}, d.fill)
	if err != nil {
		return deskFigures{}, err
	}
	var f deskFigures
	_, _ = fmt.Fprintf(progress, "%d staff act for %v\n", load.Staff, load.For)
	err = d.during(ctx, o, serviceOptions{Log: o.Log, Now: t.clock.Now, Undo: load.Undo}, func(ctx context.Context, r *running) error {
		before := t.slack.Counters()
		began := time.Now()
		d.act(ctx, staff)
		took := time.Since(began)
		d.settle(ctx)
		f = d.figures(r.engine, began, took, before)
		return nil
	})
	return f, err
}

// people puts staff and channels into the town.
func (d *deskRun) people(o *townOptions) []slackapi.Member {
	var staff []slackapi.Member
	var ids []string
	for i := range d.load.Staff {
		m := slackapi.Member{ID: fmt.Sprintf("U0STAFF%03d", i), Name: fmt.Sprintf("staff%03d", i), DisplayName: fmt.Sprintf("職員%03d", i)}
		staff, ids = append(staff, m), append(ids, m.ID)
	}
	var channels []slackapi.Channel
	var teams []string
	for i := range d.load.Channels {
		c := slackapi.Channel{ID: fmt.Sprintf("C0000TEAM%d", i), Name: deskTeams[i].team, Private: true, Bot: true, Members: ids}
		channels, teams = append(channels, c), append(teams, deskTeams[i].team+"="+c.ID)
	}
	o.Teams = strings.Join(teams, ",")
	o.Line = func(c *lineapi.Config) {
		c.KeepBubbles = 8
		c.Rates = map[lineapi.Endpoint]lineapi.Rate{} // LINE's own limits are far above one machine
		c.OnBubble = func(_, text string, _ time.Time) { d.heard(text) }
	}
	o.Slack = func(c *slackapi.Config) {
		c.Members, c.Channels = append(c.Members, staff...), append(c.Channels, channels...)
		c.OnMessage = func(a slackapi.Accepted) { d.shown(a) }
	}
	return staff
}

// during runs a service of the town while f does something.
func (d *deskRun) during(ctx context.Context, o townOptions, so serviceOptions, f func(context.Context, *running) error) error {
	cfg, err := d.town.config(o)
	if err != nil {
		return err
	}
	s, err := newService(ctx, cfg, so)
	if err != nil {
		return err
	}
	r, err := start(ctx, s)
	if err != nil {
		return err
	}
	d.town.connect(r.url)
	err = f(ctx, r)
	if stopped := r.stop(); err == nil {
		err = stopped
	}
	return err
}

// fill opens the cases. The town's clock runs ahead meanwhile, so that Slack's
// limits do not make it take minutes.
func (d *deskRun) fill(ctx context.Context, _ *running) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	var clock, all sync.WaitGroup
	done := make(chan struct{})
	clock.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				d.town.clock.Set(d.town.clock.Now().Add(500 * time.Millisecond))
			}
		}
	})
	errs := make(chan error, d.load.Cases)
	turns := make(chan struct{}, 16)
	for range d.load.Cases {
		turns <- struct{}{}
		all.Go(func() {
			defer func() { <-turns }()
			errs <- d.arrive(ctx, false)
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	err := d.town.slack.Wait(ctx, func() bool { return len(d.open) >= d.load.Cases })
	close(done)
	clock.Wait()
	if err != nil {
		return fmt.Errorf("%d of %d cards are there: %w", len(d.open), d.load.Cases, err)
	}
	return nil
}

// arrive is one resident who writes, reads and agrees. timed says that the way
// to the card is measured, from the webhook that gives consent.
func (d *deskRun) arrive(ctx context.Context, timed bool) error {
	d.mu.Lock()
	n := d.next
	d.next++
	d.mu.Unlock()
	user, err := d.town.line.AddUser(lineapi.User{Name: fmt.Sprint("市民", n)})
	if err != nil {
		return err
	}
	mark := fmt.Sprintf("%04d", n)
	if _, err := d.town.line.Say(ctx, user, fmt.Sprintf("%s（札%s）", deskTeams[n%d.load.Channels].words, mark)); err != nil {
		return err
	}
	for _, label := range []string{"LINEで職員に話す", "はい、伝えてください"} {
		if _, err := d.town.line.Wait(ctx, user, func(ph lineapi.Phone) bool { return offers(ph, label) }); err != nil {
			return fmt.Errorf("resident %d is not offered %q: %w", n, label, err)
		}
		if timed && label == "はい、伝えてください" {
			d.mu.Lock()
			d.cards[mark] = time.Now()
			d.mu.Unlock()
		}
		if _, err := d.town.line.TapLabel(ctx, lineapi.Person(user), label); err != nil {
			return err
		}
	}
	return nil
}

// offers reports whether a phone shows something to tap.
func offers(ph lineapi.Phone, label string) bool {
	same := func(a lineapi.Action) bool { return a.Label == label }
	return slices.ContainsFunc(ph.QuickReplies, same) ||
		slices.ContainsFunc(ph.Bubbles, func(b lineapi.Bubble) bool { return slices.ContainsFunc(b.Actions, same) })
}

// act lets all staff claim and reply, each at their own pace, while new cases
// come in.
func (d *deskRun) act(ctx context.Context, staff []slackapi.Member) {
	acting, cancel := context.WithTimeout(ctx, d.load.For)
	defer cancel()
	var all sync.WaitGroup
	if d.load.Arrive > 0 {
		all.Go(func() {
			tick := time.NewTicker(time.Duration(float64(time.Second) / d.load.Arrive))
			defer tick.Stop()
			for {
				select {
				case <-acting.Done():
					return
				case <-tick.C:
					all.Go(func() { _ = d.arrive(acting, true) }) // who has not agreed at the end has no card
				}
			}
		})
	}
	for i, who := range staff {
		all.Go(func() {
			for n := 0; acting.Err() == nil; n++ {
				select {
				case <-acting.Done():
					return
				case card := <-d.open:
					d.claimAndReply(ctx, who, card, fmt.Sprintf("%02d%02d", i%100, n%100))
				}
				select {
				case <-acting.Done():
				case <-time.After(d.load.Think):
				}
			}
		})
	}
	all.Wait()
}

func (d *deskRun) claimAndReply(ctx context.Context, who slackapi.Member, card slackapi.Message, mark string) {
	at := card.Channel + card.TS
	d.mu.Lock()
	d.claims[at] = claim{time.Now(), who.DisplayName}
	d.mu.Unlock()
	if _, err := d.town.slack.Click(ctx, slackapi.On(who.ID, card.Channel, card.TS), "take"); err != nil {
		return // counted as not seen
	}
	d.mu.Lock()
	d.replies[mark] = time.Now()
	d.offers[mark] = d.replies[mark]
	d.mu.Unlock()
	_, _ = d.town.slack.Post(who.ID, card.Channel, card.TS, ">> お話をうかがいます（返"+mark+"）")
}

// shown is told of everything that Slack shows.
func (d *deskRun) shown(a slackapi.Accepted) {
	if a.Action != "posted" && a.Action != "updated" {
		return
	}
	raw, err := json.Marshal(a.Message.Blocks)
	if err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if a.Message.IsReply() {
		seen(d.offers, &d.offer, replyMark.FindSubmatch(raw))
		return
	}
	if c, ok := d.claims[a.Message.Channel+a.Message.TS]; ok && strings.Contains(string(raw), c.who) {
		d.claim = append(d.claim, time.Since(c.at))
		delete(d.claims, a.Message.Channel+a.Message.TS)
	}
	m := cardMark.FindSubmatch(raw)
	if a.Action != "posted" || m == nil {
		return
	}
	seen(d.cards, &d.card, m)
	select {
	case d.open <- a.Message:
	default: // more than anybody takes
	}
}

// heard is told of every bubble that reaches a phone.
func (d *deskRun) heard(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen(d.replies, &d.reply, replyMark.FindSubmatch([]byte(text)))
}

// seen ends the wait for what mark found, if somebody waits for it.
func seen(waiting map[string]time.Time, took *[]time.Duration, mark [][]byte) {
	if mark == nil {
		return
	}
	if at, ok := waiting[string(mark[1])]; ok {
		*took = append(*took, time.Since(at))
		delete(waiting, string(mark[1]))
	}
}

func (d *deskRun) waiting() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.cards) + len(d.replies) + len(d.offers) + len(d.claims)
}

func (d *deskRun) settle(ctx context.Context) {
	for end := time.Now().Add(settleDesk); time.Now().Before(end) && ctx.Err() == nil && d.waiting() > 0; time.Sleep(50 * time.Millisecond) {
	}
}

func (d *deskRun) figures(engine string, began time.Time, took time.Duration, before slackapi.Counters) deskFigures {
	lost := d.waiting()
	d.mu.Lock()
	defer d.mu.Unlock()
	f := deskFigures{
		Engine: engine, Cases: d.load.Cases, Staff: d.load.Staff, Channels: d.load.Channels, Seconds: took.Seconds(),
		Cards: len(d.card), CardP50: percentile(d.card, 50), CardP99: percentile(d.card, 99),
		Replies: len(d.reply), ReplyP50: percentile(d.reply, 50), ReplyP99: percentile(d.reply, 99), Undo: float64(d.load.Undo.Milliseconds()),
		OfferP50: percentile(d.offer, 50), OfferP99: percentile(d.offer, 99),
		Claims: len(d.claim), ClaimP50: percentile(d.claim, 50), ClaimP99: percentile(d.claim, 99), Lost: lost,
	}
	after := d.town.slack.Counters()
	for method, n := range after.RateLimited {
		f.RateLimited += n - before.RateLimited[method]
	}
	for _, v := range d.town.slack.Violations() {
		// A line in a thread whose card is not recorded yet is asked for once
		// more, on purpose: Slack brings it again.
		again := v.Kind == slackapi.ViolationLateAck && strings.Contains(v.Detail, fmt.Sprint("status ", http.StatusServiceUnavailable))
		if !again && v.At.After(began) {
			f.Violations++
		}
	}
	for _, d := range after.SlowestAck {
		f.SlowestAck = max(f.SlowestAck, float64(d.Microseconds())/1000)
	}
	return f
}

// benchDesk measures the desk on each engine.
func benchDesk(ctx context.Context, runs []townOptions, load deskLoad, asJSON bool, s streams) error {
	if load.Cases < 1 || load.Cases > 5000 || load.Staff < 1 || load.Staff > 100 || load.Channels < 1 || load.Channels > len(deskTeams) || load.For < time.Second || load.Arrive < 0 {
		return wrongUsage("--cases is 1 to 5000, --staff 1 to 100, --channels 1 to %d, --duration at least 1s, --rate not below 0", len(deskTeams))
	}
	for _, o := range runs {
		o.Log = slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelError}))
		f, err := measureDesk(ctx, o, load, s.err)
		if err != nil {
			return err
		}
		if asJSON {
			err = json.NewEncoder(s.out).Encode(f)
		} else {
			_, err = fmt.Fprint(s.out, f)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
