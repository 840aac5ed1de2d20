package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/session/redistest"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/store/pgtest"
)

// kills is how often the process dies. TSUNAGU_TEST_KILLS makes it fewer
// while one works on something else.
const kills = 200

// TestKill kills the real program (SIGKILL) at random moments under traffic,
// on PostgreSQL and Redis, and counts at the stand-ins: no message is lost,
// none comes twice, and the order of each resident and of staff is kept.
func TestKill(t *testing.T) {
	if !pgtest.Wanted() {
		t.Log("PostgreSQL and Redis are left out (TSUNAGU_TEST_ENGINES): the process was not killed")
		return
	}
	n := kills
	if v, err := strconv.Atoi(os.Getenv("TSUNAGU_TEST_KILLS")); err == nil && v > 0 {
		n = v
	}
	tw, err := openTown(townOptions{
		Log: quiet(),
		// The process is down most of the time. Slack gives up after three
		// retries and LINE waits ever longer; what they give up on is not ours
		// to keep, so here both go on until they are heard.
		Line: func(c *lineapi.Config) { c.Redelivery = lineapi.Redelivery{} },
		Slack: func(c *slackapi.Config) {
			c.Retries, c.KeepLog = slices.Repeat([]time.Duration{300 * time.Millisecond}, 200), 100_000
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	v := &victim{t: t, binary: build(t), town: tw, env: victimEnv(t, tw)}
	v.start()
	tw.connect("http://" + v.addr)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	traffic := &traffic{t: t, town: tw, answered: map[string]int{}}
	traffic.openCases(ctx, 5)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() { traffic.chat(ctx) })
	}
	for i := range traffic.clients {
		all.Go(func() { traffic.tell(ctx, i) })
		all.Go(func() { traffic.reply(ctx, i) })
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		time.Sleep(time.Duration(20+random.IntN(800)) * time.Millisecond)
		v.kill()
		v.start()
		if i%50 == 49 {
			t.Logf("%d kills, %d messages answered", i+1, traffic.count())
		}
	}
	stop()
	all.Wait()
	v.drain()
	traffic.check()
	v.terminate()
	for _, x := range tw.line.Violations() {
		if x.Kind == lineapi.TokenReused {
			continue // a reply whose fate the crash hid, tried again with its own token
		}
		t.Errorf("LINE would object: %+v", x)
	}
	for _, x := range tw.slack.Violations(slackapi.ViolationRepeatedPost) {
		t.Errorf("Slack would object: %+v", x)
	}
}

// victim is the process that is killed.
type victim struct {
	t      *testing.T
	binary string
	addr   string
	env    []string
	town   *town
	cmd    *exec.Cmd
}

func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "tsunagu")
	cmd := exec.Command("go", "build", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

func victimEnv(t *testing.T, tw *town) []string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	return append(os.Environ(), "LISTEN_ADDR="+addr, "PUBLIC_URL=http://"+addr,
		"DATABASE_URL="+pgtest.URL(t), "REDIS_URL="+redistest.URL(t), "MIGRATE_ON_START=true",
		"LINE_CHANNEL_SECRET="+townSecret, "LINE_CHANNEL_TOKEN="+townToken, "LINE_API_BASE="+tw.lineURL, "LINE_DATA_API_BASE="+tw.lineURL,
		"SLACK_BOT_TOKEN="+townBot, "SLACK_SIGNING_SECRET="+townSigning, "SLACK_API_BASE="+tw.slackURL+"/api/",
		"SLACK_DESK_CHANNEL="+townDesk, "SLACK_URGENT_CHANNEL="+townUrgent,
		"DATA_KEY=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "LOG_LEVEL=error")
}

func (v *victim) start() {
	v.t.Helper()
	for _, e := range v.env {
		if a, ok := strings.CutPrefix(e, "LISTEN_ADDR="); ok {
			v.addr = a
		}
	}
	v.cmd = exec.Command(v.binary, "serve")
	v.cmd.Env, v.cmd.Stderr = v.env, os.Stderr
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if r, err := http.Get("http://" + v.addr + "/healthz"); err == nil {
			_ = r.Body.Close()
			return
		}
	}
	v.t.Fatal("the service did not start within 30 s")
}

func (v *victim) kill() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// terminate checks promise 7: SIGTERM ends it well, in time.
func (v *victim) terminate() {
	_ = v.cmd.Process.Signal(syscall.SIGTERM)
	done := make(chan error, 1)
	go func() { done <- v.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			v.t.Errorf("after SIGTERM: %v, want exit code 0", err)
		}
	case <-time.After(25 * time.Second):
		v.t.Error("the process still runs 25 s after SIGTERM")
		v.kill()
	}
}

// gauge finds what waits.
var gauge = regexp.MustCompile(`(?m)^tsunagu_(?:mail_waiting|letters_waiting) (\d+)`)

// drain waits until nothing waits in the database any more, for longer than a
// reply can be taken back. What else has its time still to come may stay: the
// look, minutes after each hand-over, whether Slack shows the case.
func (v *victim) drain() {
	ctx, cancel := context.WithTimeout(v.t.Context(), 3*time.Minute)
	defer cancel()
	_ = v.town.line.Settled(ctx)
	_ = v.town.slack.Settle(ctx)
	for quiet := 0; quiet < 40 && ctx.Err() == nil; time.Sleep(300 * time.Millisecond) {
		r, err := http.Get("http://" + v.addr + "/metrics")
		if err != nil {
			continue
		}
		var b strings.Builder
		buf := make([]byte, 1<<20)
		for {
			n, err := r.Body.Read(buf)
			b.Write(buf[:n])
			if err != nil {
				break
			}
		}
		_ = r.Body.Close()
		quiet++
		for _, m := range gauge.FindAllStringSubmatch(b.String(), -1) {
			if m[1] != "0" {
				quiet = 0
			}
		}
	}
	if ctx.Err() != nil {
		v.t.Error("something still waited after three minutes")
	}
}

// client is a resident with an open case.
type client struct {
	user   string
	thread string
	told   atomic.Int64 // numbered messages sent
	heard  atomic.Int64 // numbered staff replies sent
}

// traffic is what residents and staff do meanwhile.
type traffic struct {
	t        *testing.T
	town     *town
	clients  []*client
	mu       sync.Mutex
	answered map[string]int // messages sent by residents who talk to the bot, each awaits its answer
}

func (x *traffic) count() (n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, k := range x.answered {
		n += k
	}
	return n
}

// openCases lets residents hand over before the killing starts.
func (x *traffic) openCases(ctx context.Context, n int) {
	x.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for i := range n {
		user, err := x.town.line.AddUser(lineapi.User{Name: fmt.Sprint("client", i)})
		if err != nil {
			x.t.Fatal(err)
		}
		must := func(_ lineapi.Receipt, err error) {
			if err != nil {
				x.t.Fatal(err)
			}
		}
		must(x.town.line.Say(ctx, user, fmt.Sprintf("母の物忘れがひどくて心配です。その%d", i)))
		x.bubbles(ctx, user, 2)
		must(x.town.line.TapLabel(ctx, lineapi.Person(user), "LINEで職員に話す"))
		x.bubbles(ctx, user, 4)
		must(x.town.line.TapLabel(ctx, lineapi.Person(user), "はい、伝えてください"))
		m, err := x.town.slack.WaitMessage(ctx, townDesk, func(m slackapi.Message) bool {
			return strings.Contains(x.town.slack.Plain(m), fmt.Sprintf("その%d", i)) && len(slackapi.Buttons(m)) > 0
		})
		if err != nil {
			x.t.Fatal(err)
		}
		x.clients = append(x.clients, &client{user: user, thread: m.TS})
	}
	time.Sleep(2 * time.Second) // the cards' receipts are recorded
}

func (x *traffic) bubbles(ctx context.Context, user string, n int) {
	x.t.Helper()
	if _, err := x.town.line.WaitBubbles(ctx, user, n); err != nil {
		x.t.Fatalf("wait for %d bubbles: %v", n, err)
	}
}

// write sends a message, and again until the webhook is answered with 200, as
// LINE does when redelivery is on.
func (x *traffic) write(user, text string) {
	e := x.town.line.Message(lineapi.Person(user), lineapi.Text{Text: text})
	r, err := x.town.line.Deliver(x.t.Context(), e)
	for tries := 0; err == nil && !r.OK() && tries < 1000; tries++ {
		time.Sleep(200 * time.Millisecond)
		r, err = x.town.line.Redeliver(x.t.Context(), e)
	}
	if err != nil || !r.OK() {
		x.t.Errorf("a message was never taken: %+v %v", r, err)
	}
}

// chat writes one message at a time and waits for its answer: a second answer,
// or none, shows at the end.
func (x *traffic) chat(ctx context.Context) {
	user, err := x.town.line.AddUser(lineapi.User{Name: "talker"})
	if err != nil {
		x.t.Error(err)
		return
	}
	for n := 1; ctx.Err() == nil; n++ {
		x.write(user, "こんにちは。")
		x.mu.Lock()
		x.answered[user] = n
		x.mu.Unlock()
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
		_, err := x.town.line.WaitBubbles(wait, user, n)
		cancel()
		if err != nil {
			x.t.Errorf("message %d of %s had no answer within two minutes", n, user)
			return
		}
	}
}

// tell sends numbered words to staff.
func (x *traffic) tell(ctx context.Context, i int) {
	c := x.clients[i]
	for ctx.Err() == nil {
		n := c.told.Add(1)
		x.write(c.user, fmt.Sprintf("続き[%d-%d]です", i, n))
		sleep(ctx, 20*time.Second) // all threads share one channel with one message a second
	}
}

// reply sends numbered words to residents, by lines that begin with >>.
func (x *traffic) reply(ctx context.Context, i int) {
	c := x.clients[i]
	for ctx.Err() == nil {
		n := c.heard.Add(1)
		if _, err := x.town.slack.Post(townStaff[i%len(townStaff)].ID, townDesk, c.thread, fmt.Sprintf(">> 返事[%d-%d]です", i, n)); err != nil {
			x.t.Error(err)
		}
		sleep(ctx, 30*time.Second) // each is a post and, when it arrived, its mark
	}
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// check counts.
func (x *traffic) check() {
	for user, want := range x.answered {
		ph, _ := x.town.line.Phone(user)
		if got := len(ph.Bot()); got != want {
			x.t.Errorf("%s wrote %d messages and got %d answers", user, want, got)
		}
	}
	staff, residents := 0, 0
	late := x.late()
	for i, c := range x.clients {
		var told []int
		for _, m := range x.town.slack.Thread(townDesk, c.thread) {
			if m.BotID != "" && m.TS != c.thread {
				told = append(told, numbers(x.town.slack.Plain(m), "続き", i)...)
			}
		}
		inOrder(x.t, fmt.Sprintf("words of resident %d in Slack", i), told, int(c.told.Load()), nil)
		staff += len(told)
		var heard []int
		ph, _ := x.town.line.Phone(c.user)
		for _, b := range ph.Bot() {
			heard = append(heard, numbers(b.Text, "返事", i)...)
		}
		inOrder(x.t, fmt.Sprintf("replies to resident %d on the phone", i), heard, int(c.heard.Load()), late[i])
		residents += len(heard)
	}
	x.t.Logf("%d messages answered by the bot, %d words reached staff, %d replies reached residents: each once, in order", x.count(), staff, residents)
}

// late are the replies whose event the process did not take at the first
// attempt: Slack brings them again minutes later, behind what was said since.
func (x *traffic) late() map[int]map[int]bool {
	out := make(map[int]map[int]bool)
	for _, d := range x.town.slack.Deliveries() {
		if d.Acked || d.Kind != slackapi.DeliveryEvent {
			continue
		}
		for i := range x.clients {
			for _, n := range numbers(string(d.Payload), "返事", i) {
				if out[i] == nil {
					out[i] = make(map[int]bool)
				}
				out[i][n] = true
			}
		}
	}
	return out
}

func numbers(text, word string, i int) []int {
	var list []int
	for _, m := range regexp.MustCompile(fmt.Sprintf(`%s\[%d-(\d+)\]`, word, i)).FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		list = append(list, n)
	}
	return list
}

// inOrder wants each number once, and those that are not late one after the
// other.
func inOrder(t *testing.T, what string, got []int, want int, late map[int]bool) {
	t.Helper()
	last, seen := 0, make(map[int]bool)
	for _, n := range got {
		if seen[n] || n < last && !late[n] {
			t.Errorf("%s: twice or not in order: %v (brought late: %v)", what, got, late)
			return
		}
		seen[n] = true
		last = max(last, n)
	}
	if len(got) != want {
		t.Errorf("%s: %d arrived, %d were sent: %v", what, len(got), want, got)
	}
}
