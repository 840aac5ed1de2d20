package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// fakeBoard is what the home and /tsunagu look at, in memory.
type fakeBoard struct {
	*fakeStore
	mu      sync.Mutex
	days    map[string]desk.Day
	on      []desk.Staff
	users   map[string]time.Time
	changed int
	sent    []mailbox.Letter
}

func (b *fakeBoard) Send(_ context.Context, letters ...mailbox.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range letters {
		if !slices.ContainsFunc(b.sent, func(x mailbox.Letter) bool { return x.ID == l.ID }) {
			b.sent = append(b.sent, l)
		}
	}
	return nil
}

func (b *fakeBoard) OpenCases(context.Context) ([]desk.Case, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	b.fakeStore.mu.Lock()
	defer b.fakeStore.mu.Unlock()
	var out []desk.Case
	for _, c := range b.cases {
		if c.Status != desk.Closed {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y desk.Case) int { return x.OpenedAt.Compare(y.OpenedAt) })
	return out, nil
}

func (b *fakeBoard) RecentCases(ctx context.Context, _ time.Time, _ int) ([]desk.Case, error) {
	out, err := b.OpenCases(ctx)
	slices.Reverse(out)
	return out, err
}

func (b *fakeBoard) DangerCases(_ context.Context, since time.Time) ([]desk.Case, error) {
	if err := b.enter(); err != nil {
		return nil, err
	}
	b.fakeStore.mu.Lock()
	defer b.fakeStore.mu.Unlock()
	var out []desk.Case
	for _, c := range b.cases {
		if c.Danger != "" && (c.Status != desk.Closed || !c.ClosedAt.Before(since)) {
			out = append(out, c)
		}
	}
	return out, nil
}

func (b *fakeBoard) LastTaken(context.Context, time.Time) (map[string]time.Time, error) {
	return map[string]time.Time{}, nil
}

func (b *fakeBoard) Figures(context.Context, string, string) (map[string]int, error) {
	return map[string]int{"answered": 7, "not-ours": 2, "wrong": 1}, nil
}

func (b *fakeBoard) SetDay(_ context.Context, d desk.Day) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.days[d.Date] = d
	return nil
}

func (b *fakeBoard) ClearDay(_ context.Context, date string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.days, date)
	return nil
}

func (b *fakeBoard) Days(context.Context, string) ([]desk.Day, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []desk.Day
	for _, d := range b.days {
		out = append(out, d)
	}
	return out, nil
}

func (b *fakeBoard) SetDuty(_ context.Context, _ string, who desk.Staff, on bool) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.on = nil
	if on {
		b.on = []desk.Staff{who}
	}
	return nil
}

func (b *fakeBoard) OnDuty(context.Context, string) ([]desk.Staff, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.on, nil
}

func (b *fakeBoard) SeeHome(_ context.Context, user string, at time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.users[user] = at
	return nil
}

func (b *fakeBoard) HomeUsers(context.Context, time.Time) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for u := range b.users {
		out = append(out, u)
	}
	return out, nil
}

const stranger = "U0STRANGER"

// openBoard is an office with a home, where 佐藤 alone is in elder's channel
// and somebody is in none.
func openBoard(t *testing.T) (*office, *fakeBoard) {
	t.Helper()
	b := &fakeBoard{days: map[string]desk.Day{}, users: map[string]time.Time{}}
	o := open(t, func(sc *slackapi.Config, cfg *Config) {
		sc.Events = append(sc.Events, "app_home_opened", "member_joined_channel", "member_left_channel")
		sc.Members = append(sc.Members, slackapi.Member{ID: stranger, Name: "stranger", DisplayName: "そとの人"})
		b.fakeStore = cfg.Store.(*fakeStore)
		cfg.Board, cfg.Days, cfg.Homes = b, b, b
		cfg.DaysChanged = func(context.Context) { b.mu.Lock(); defer b.mu.Unlock(); b.changed++ }
	})
	return o, b
}

func (o *office) home(user, want string) string {
	o.t.Helper()
	shown := ""
	until(o.t, "the home of "+user+" says "+want, func() bool {
		v, ok := o.Home(user)
		shown = o.PlainView(v)
		return ok && strings.Contains(shown, want)
	})
	return shown
}

func waitingCase(n int, window string) desk.Case {
	return desk.Case{
		ID: fmt.Sprintf("case-%d", n), Resident: fmt.Sprintf("r-%d", n), Window: window, Status: desk.New, Summary: "ひみつの話",
		OpenedAt: time.Now().Add(-time.Duration(1000-n) * time.Minute),
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	var numbers []string
	for n := range 20 {
		c := waitingCase(n, "money")
		o.begin(c)
		numbers = append(numbers, c.Number())
	}
	elders := waitingCase(50, "elder")
	o.begin(elders)
	mine := waitingCase(51, "money")
	mine.Status, mine.Holder = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}
	mine.Next = &desk.Next{Text: "電話", Due: time.Now(), By: mine.Holder}
	o.begin(mine)
	if err := o.OpenHome(tanaka); err != nil {
		t.Fatal(err)
	}
	shown := o.home(tanaka, "待っている相談（古い順）*　20件")
	for _, want := range []string{"わたしの相談　1件", "今日までの約束　1件", mine.Number(), numbers[0], numbers[7], "きょう 3件", "1 / 3"} {
		if !strings.Contains(strings.ReplaceAll(shown, "*", ""), want) {
			t.Errorf("the home does not say %q:\n%s", want, shown)
		}
	}
	for _, never := range []string{"ひみつ", elders.Number(), numbers[8]} {
		if strings.Contains(shown, never) {
			t.Errorf("the home says %q:\n%s", never, shown)
		}
	}
	if err := o.OpenHome(sato); err != nil {
		t.Fatal(err)
	}
	o.home(sato, "21件")
	if err := o.OpenHome(stranger); err != nil {
		t.Fatal(err)
	}
	if shown := o.home(stranger, "チャンネルに入っていない"); strings.Contains(shown, "T-") {
		t.Errorf("somebody outside sees\n%s", shown)
	}
	// A page further; a changed case shows, on that page, without a new look.
	if r := o.request("/slack/interactions", homePress(tanaka, "home more waiting")); r.status != 200 {
		t.Fatalf("got %+v", r)
	}
	o.home(tanaka, "2 / 3")
	o.s.set(func() { c := o.s.cases["case-0"]; c.Status = desk.Closed; o.s.cases["case-0"] = c })
	l := cardLetter(o.s.cases["case-0"], money)
	r, err := o.c.Carry(o.ctx(), l)
	if err != nil || len(r.Follow) != 1 || r.Follow[0].Kind != letterHome {
		t.Fatalf("got %+v, %v; want an order for the homes", r, err)
	}
	if _, err := o.c.Carry(o.ctx(), r.Follow[0]); err != nil {
		t.Fatal(err)
	}
	if shown := o.home(tanaka, "19件"); !strings.Contains(shown, "2 / 3") || !strings.Contains(shown, numbers[9]) {
		t.Errorf("after a change the home says\n%s", shown)
	}
	before := o.counted("views.publish ok")
	if _, err := o.c.Carry(o.ctx(), r.Follow[0]); err != nil || o.counted("views.publish ok") != before {
		t.Errorf("nothing changed and %d homes were published again, %v", o.counted("views.publish ok")-before, err)
	}
	o.Fail(slackapi.Failure{Method: "views.publish", Kind: slackapi.FailRateLimited, Times: 1})
	b.set(func() { delete(b.cases, "case-1") })
	var retry *mailbox.RetryError
	if _, err := o.c.Carry(o.ctx(), r.Follow[0]); !errors.As(err, &retry) || !retry.Pause {
		t.Errorf("got %v, want to wait as Slack asks", err)
	}
	o.allow()
}

func homePress(user, action string) string {
	return "payload=" + strings.NewReplacer(" ", "%20").Replace(
		`{"type":"block_actions","user":{"id":"`+user+`"},"trigger_id":"1.2.3","actions":[{"action_id":"`+action+`","value":"-"}]}`)
}

// TestHomeLimits: the fullest home with the longest names is one Slack takes.
func TestHomeLimits(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	for n := range 60 {
		c := waitingCase(n, "money")
		c.Town, c.Danger = strings.Repeat("<&>町", 40), []string{"", "suicide"}[n%2]
		if n%3 == 0 {
			c.Holder = desk.Staff{ID: []string{tanaka, sato}[n%2], Name: strings.Repeat("&名", 60)}
			c.Next = &desk.Next{Due: time.Now(), By: c.Holder}
		}
		o.begin(c)
	}
	if err := o.OpenHome(tanaka); err != nil {
		t.Fatal(err)
	}
	o.home(tanaka, "待っている")
	all, err := o.c.cfg.Board.OpenCases(o.ctx())
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := o.c.homeBlocks(o.ctx(), tanaka, all)
	if err != nil || len(blocks) > 100 {
		t.Errorf("got %d blocks, %v; Slack takes 100", len(blocks), err)
	}
}

func TestCaseLineSaysHowLongSomebodyWaits(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c := waitingCase(1, "money")
	for waited, want := range map[time.Duration]string{
		59 * time.Second: "いま来ました", -time.Second: "いま来ました", time.Minute: "待って 1分", 3 * time.Hour: "待って 3時間",
	} {
		if got := o.c.caseLine(o.ctx(), c, c.OpenedAt.Add(waited)); !strings.HasSuffix(got, "　"+want) {
			t.Errorf("after %v: got %q, want %q at its end", waited, got, want)
		}
	}
}

// TestOutside: who is in no channel, or was taken out of it, cannot act.
func TestOutside(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c := waitingCase(1, "money")
	ts := o.begin(c)
	press := func(user string) int {
		t.Helper()
		_ = o.Settle(o.ctx())
		before := len(o.s.commands(t))
		_, _ = o.Click(o.ctx(), slackapi.On(user, money, ts), "take")
		return len(o.s.commands(t)) - before
	}
	if n := press(sato); n != 1 {
		t.Fatalf("a member's click gave %d commands", n)
	}
	if err := o.Leave(sato, money); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if in, err := o.c.inside(o.ctx(), money, sato); in || err != nil {
		t.Errorf("after leaving the channel: got %v, %v", in, err)
	}
	value := pressed(actTake, "", aboutCase(c)).Value
	body := `{"type":"block_actions","user":{"id":"` + stranger + `"},"container":{"channel_id":"` + money + `","message_ts":"` + ts +
		`"},"actions":[{"action_id":"take","action_ts":"1.2","value":` + fmt.Sprintf("%q", value) + `}]}`
	before := len(o.s.commands(t))
	if a := o.c.interaction(o.ctx(), []byte(body)); a.status != 200 || len(o.s.commands(t)) != before {
		t.Errorf("a stranger's click: status %d, %d commands", a.status, len(o.s.commands(t))-before)
	}
	o.Fail(slackapi.Failure{Method: "conversations.members", Kind: slackapi.FailStatus, Times: 1})
	o.c.memberChanged(money)
	if a := o.c.interaction(o.ctx(), []byte(strings.ReplaceAll(body, stranger, tanaka))); a.status < 500 || len(o.s.commands(t)) != before {
		t.Errorf("while nobody can say who is in: status %d", a.status)
	}
	o.allow()
}

// TestSubmitWhenNobodyKnows: words in a modal survive a Slack that does not
// say who is in; a person taken out meanwhile sends nothing.
func TestSubmitWhenNobodyKnows(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c := waitingCase(1, "money")
	ts := o.begin(c)
	if _, err := o.Select(o.ctx(), slackapi.On(tanaka, money, ts), actMenu, menuCall); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitModal(o.ctx(), tanaka, func(slackapi.View) bool { return true }); err != nil {
		t.Fatal(err)
	}
	down := o.Fail(slackapi.Failure{Method: "conversations.members", Kind: slackapi.FailStatus})
	o.c.memberChanged(money)
	o.c.memberChanged(elder)
	o.c.memberChanged(urgent)
	_, _ = o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "つながらなかった"})
	_, ok := o.Modal(tanaka)
	if !ok || len(o.s.commands(t)) != 0 {
		t.Fatalf("the modal is open: %v; %d commands", ok, len(o.s.commands(t)))
	}
	down.Withdraw()
	if _, err := o.Submit(o.ctx(), tanaka); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); len(got) != 1 || !same(got[0].Action, desk.Write{Text: "つながらなかった", Call: true}) {
		t.Errorf("got %+v", got)
	}
	if _, err := o.Select(o.ctx(), slackapi.On(tanaka, money, ts), actMenu, menuCall); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitModal(o.ctx(), tanaka, func(slackapi.View) bool { return true }); err != nil {
		t.Fatal(err)
	}
	for _, channel := range []string{money, urgent} {
		if err := o.Leave(tanaka, channel); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: "まだ書ける？"}); err != nil {
		t.Fatal(err)
	}
	if n := len(o.s.commands(t)); n != 1 {
		t.Errorf("somebody who left the channels gave %d commands", n-1)
	}
	o.allow()
}

func TestVerbs(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	c, hidden := waitingCase(1, "money"), waitingCase(2, "elder")
	c.Summary, hidden.Summary, c.Town = "電気代が払えません", "電気代が心配", "柏町"
	o.begin(c)
	o.begin(hidden)
	if _, err := o.Command(o.ctx(), tanaka, money, "/tsunagu", "find 電気代 柏町"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), c.Number()) }); err != nil {
		t.Errorf("/tsunagu find was not answered: %v", err)
	}
	if _, err := o.Command(o.ctx(), stranger, money, "/tsunagu", "hours あした 休み"); err == nil {
		if _, err := o.WaitEphemeral(o.ctx(), stranger, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "入っていない") }); err != nil || len(b.days) != 0 {
			t.Errorf("a stranger changes hours: %+v, %v", b.days, err)
		}
	}
	ctx := o.ctx()
	cmd := slashCommand{User: tanaka}
	if got := o.c.findText(ctx, tanaka, "電気代"); !strings.Contains(got, c.Number()) || strings.Contains(got, hidden.Number()) || strings.Contains(got, "払えません") {
		t.Errorf("find says %q", got)
	}
	if got := o.c.findText(ctx, tanaka, "電気代 なし"); !strings.Contains(got, "見つかりません") {
		t.Errorf("find says %q", got)
	}
	if got := o.c.findText(ctx, stranger, "電気代"); strings.Contains(got, "T-") {
		t.Errorf("somebody outside finds %q", got)
	}
	if got := o.c.hours(ctx, cmd, "きょうは 23:59まで"); b.changed == 0 && !strings.Contains(got, "もともと休み") {
		t.Errorf("hours says %q", got)
	}
	tomorrow := time.Now().In(bot.Tokyo).AddDate(0, 0, 1).Format(time.DateOnly)
	if got := o.c.hours(ctx, cmd, "あした 10:00-15:00"); b.days[tomorrow].By.Name != "田中" || !strings.Contains(got, "10:00〜15:00") {
		t.Errorf("hours says %q and keeps %+v", got, b.days)
	}
	if got := o.c.hours(ctx, cmd, ""); !strings.Contains(got, "田中が変更") {
		t.Errorf("hours says %q", got)
	}
	if got := o.c.hours(ctx, cmd, "あした もどす"); len(b.days) > 1 || !strings.Contains(got, "もどしました") {
		t.Errorf("hours says %q", got)
	}
	if got := o.c.hours(ctx, cmd, "さあ"); !strings.Contains(got, "例：") {
		t.Errorf("hours says %q", got)
	}
	if got := o.c.duty(ctx, cmd, "me"); len(b.on) != 1 || !strings.Contains(got, "当番に入りました") {
		t.Errorf("duty says %q", got)
	}
	if got := o.c.duty(ctx, cmd, ""); !strings.Contains(got, "田中") || !strings.Contains(got, "15分　責任者、メール") {
		t.Errorf("duty says %q", got)
	}
	if got := o.c.statistics(ctx, tanaka); !strings.Contains(got, "ボットが答えた　7 / 7") || !strings.Contains(got, "1件、待っている 1件") {
		t.Errorf("statistics says %q", got)
	}
	if _, ok := o.c.verbs("info"); !ok {
		t.Error("/tsunagu info is not understood")
	}
	handed := waitingCase(3, "money")
	handed.Status, handed.Holder, handed.Moves = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}, []desk.Move{{From: "elder", To: "money"}}
	handed.FirstAt, handed.TakenAt = handed.OpenedAt.Add(3*time.Minute), handed.OpenedAt.Add(9*time.Hour)
	o.begin(handed)
	if got := o.c.statistics(ctx, tanaka); !strings.Contains(got, "引き受けるまで（中央値）　3分") {
		t.Errorf("statistics measures to somebody later than the first: %q", got)
	}
	for _, ask := range []string{handed.Number(), "ひみつの"} {
		got, err := o.c.whereIs(ctx, tanaka, ask)
		if err != nil {
			got = o.c.findText(ctx, tanaka, ask)
		}
		if !strings.Contains(got, "担当：田中さん") {
			t.Errorf("find %s says %q", ask, got)
		}
	}
	if got := windowInfo(pack(), "money"); !strings.HasPrefix(got, "```\n■ ") {
		t.Errorf("window says %q", got)
	}
	named := pack()
	named.Windows[0].Name = bot.Words{bot.Ja: "住まい & 暮らし <新>"}
	if got := windowInfo(named, named.Windows[0].ID); !strings.Contains(got, "住まい &amp; 暮らし &lt;新&gt;") {
		t.Errorf("window says %q", got)
	}
	if got := windowInfo(pack(), "nonsense"); !strings.Contains(got, "例：") || !strings.Contains(got, "`money`") {
		t.Errorf("window says %q", got)
	}
}

// Hours and duty stand on the home: who looks sees them change, and a new day
// begins there without anybody doing anything. Nobody looks: nothing is sent.
func TestHomeFollowsDaysAndTime(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	now := time.Date(2026, 11, 24, 23, 58, 0, 0, bot.Tokyo)
	o.c.cfg.Now = func() time.Time { return now }
	cmd := slashCommand{User: tanaka}
	o.c.duty(o.ctx(), cmd, "me")
	o.c.freshen(o.ctx())
	if len(b.sent) != 0 {
		t.Errorf("nobody looks, and %d letters were sent", len(b.sent))
	}
	o.c.homeOpened(tanaka, nil)
	o.home(tanaka, "田中")
	o.c.hours(o.ctx(), cmd, "あした 10:00-15:00")
	if len(b.sent) != 1 || b.sent[0].Kind != letterHome || b.sent[0].Fold == "" {
		t.Fatalf("got %+v, want one order", b.sent)
	}
	o.deliver(b.sent...)
	o.c.freshen(o.ctx())
	now = now.Add(2 * time.Minute)
	for range 3 {
		o.c.freshen(o.ctx())
	}
	o.c.homes.fresh = now.Add(-time.Hour) // another process, a moment later
	o.c.freshen(o.ctx())
	if len(b.sent) != 2 {
		t.Fatalf("%d orders, want one more for the new day", len(b.sent))
	}
	o.deliver(b.sent[1])
	if b.changed != 2 {
		t.Errorf("the dialogue heard of %d changes, want 2", b.changed)
	}
}

// BenchmarkHome is one person's home with 200 open cases.
func BenchmarkHome(b *testing.B) {
	cases := make([]desk.Case, 200)
	for n := range cases {
		cases[n] = waitingCase(n, "money")
	}
	c := &Client{
		cfg:     Config{Channel: channel, Content: pack, Now: time.Now, Store: &fakeStore{posts: map[string]string{}}, Board: &fakeBoard{fakeStore: &fakeStore{}}},
		members: members{rooms: map[string]room{}}, homes: homes{known: map[string]*homeState{}}, base: "https://town.slack.com/",
	}
	for _, ch := range []string{money, elder, urgent} {
		c.members.rooms[ch] = room{people: map[string]bool{tanaka: true}, at: time.Now().Add(time.Second)}
	}
	for b.Loop() {
		if _, err := c.homeBlocks(b.Context(), tanaka, cases); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSearchFromHome: the button opens a form that shows what was found, and
// nothing of channels the person is not in.
func TestSearchFromHome(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c, hidden := waitingCase(1, "money"), waitingCase(2, "elder")
	c.Summary, hidden.Summary = "電気代が払えません", "電気代が心配"
	o.begin(c)
	o.begin(hidden)
	if err := o.OpenHome(tanaka); err != nil {
		t.Fatal(err)
	}
	o.home(tanaka, "1件")
	if _, err := o.Click(o.ctx(), slackapi.InHome(tanaka), actHome+" "+actSearch); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitModal(o.ctx(), tanaka, func(slackapi.View) bool { return true }); err != nil {
		t.Fatal(err)
	}
	find := func(text string) string {
		t.Helper()
		if _, err := o.FillAndSubmit(o.ctx(), tanaka, map[string]any{inputText: text}); err != nil {
			t.Fatal(err)
		}
		v, _ := o.Modal(tanaka)
		return o.PlainView(v)
	}
	if got := find("電気代"); !strings.Contains(got, c.Number()) || strings.Contains(got, hidden.Number()) || strings.Contains(got, "払えません") {
		t.Errorf("the search shows\n%s", got)
	}
	if got := find(c.Number()); !strings.Contains(got, "カードを開く") {
		t.Errorf("the search shows\n%s", got)
	}
	if got := find(hidden.Number()); !strings.Contains(got, "入っていない") {
		t.Errorf("the search shows\n%s", got)
	}
}
