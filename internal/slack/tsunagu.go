package slack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
)

// asked is what one verb of /tsunagu does: the answer only the person who
// asked sees. known tells whether it is for those of the teams only.
type asked struct {
	known bool
	do    func(ctx context.Context, cmd slashCommand, rest string) string
}

// verbs are what /tsunagu understands beside help.
func (c *Client) verbs(verb string) (asked, bool) {
	switch verb {
	case "find", "さがす", "search", "検索":
		return asked{false, func(ctx context.Context, cmd slashCommand, rest string) string {
			if number := onlyNumber(rest); number != "" {
				return c.findCase(ctx, cmd, number)
			}
			return c.findText(ctx, cmd.User, rest)
		}}, true
	case "window", "info", "窓口", "案内":
		return asked{false, func(_ context.Context, _ slashCommand, rest string) string { return windowInfo(c.cfg.Content(), rest) }}, true
	case "hours", "時間", "受付", "休み":
		return asked{true, c.hours}, true
	case "duty", "当番":
		return asked{true, c.duty}, true
	case "load", "負担", "ようす":
		return asked{true, func(ctx context.Context, cmd slashCommand, _ string) string { return c.loadOf(ctx, cmd.User) }}, true
	case "statistics", "stats", "数", "統計":
		return asked{true, func(ctx context.Context, cmd slashCommand, _ string) string { return c.statistics(ctx, cmd.User) }}, true
	case "report", "報告", "傾向":
		return asked{true, c.townReport}, true
	}
	return asked{}, false
}

// ask answers a verb after the acknowledgement, through the response_url.
func (c *Client) ask(cmd slashCommand, a asked, rest string) answer {
	if cmd.ResponseURL == "" {
		return fine
	}
	started := c.begin(func() {
		ctx, cancel := context.WithTimeout(context.Background(), findWithin)
		defer cancel()
		if a.known {
			switch in, err := c.known(ctx, cmd.User); {
			case in:
			case err != nil:
				c.respond(ctx, cmd.ResponseURL, noteUnknown)
				return
			default:
				c.respond(ctx, cmd.ResponseURL, noteStranger)
				return
			}
		}
		c.respond(ctx, cmd.ResponseURL, a.do(ctx, cmd, strings.TrimSpace(rest)))
	})
	if !started {
		return notDurable
	}
	return fine
}

// windowInfo is what a window is, to paste to somebody: facts only when they
// are verified.
func windowInfo(pack *bot.Content, words string) string {
	words = strings.TrimSpace(words)
	var found []bot.Window
	for _, w := range pack.Windows {
		if w.ID == words {
			found = []bot.Window{w}
			break
		}
		if words != "" && strings.Contains(w.Name.In(bot.Ja), words) {
			found = append(found, w)
		}
	}
	if len(found) != 1 {
		list := found
		if len(found) == 0 {
			for _, w := range pack.Windows {
				if w.People {
					list = append(list, w)
				}
			}
		}
		lines := []string{"窓口の ID を書いてください。例： `/tsunagu window " + exampleWindow(list) + "`"}
		for _, w := range list[:min(len(list), 40)] {
			lines = append(lines, "• `"+escape(oneLine(w.ID, 40))+"`　"+escape(oneLine(w.Name.In(bot.Ja), 40)))
		}
		return strings.Join(lines, "\n")
	}
	w := found[0]
	lines := []string{"■ " + w.Name.In(bot.Ja), w.Plain.In(bot.Ja)}
	for _, can := range w.Can {
		lines = append(lines, "・"+can.In(bot.Ja))
	}
	if bring := w.Bring.In(bot.Ja); bring != "" {
		lines = append(lines, "持ち物： "+bring)
	}
	for _, x := range w.Contacts {
		if x.Known() {
			lines = append(lines, strings.TrimSpace(x.Label.In(bot.Ja)+" "+x.Value))
		}
	}
	var out []string
	for _, l := range lines {
		if !blank(l) {
			out = append(out, limited(strings.ReplaceAll(l, "`", "'"), 500))
		}
	}
	return "```\n" + strings.Join(out, "\n") + "\n```"
}

func exampleWindow(list []bot.Window) string {
	if len(list) == 0 {
		return "money"
	}
	return oneLine(list[0].ID, 40)
}

// hours shows when staff answer, or changes one day.
func (c *Client) hours(ctx context.Context, cmd slashCommand, rest string) string {
	if c.cfg.Days == nil {
		return noteNoBoard
	}
	now := c.cfg.Now().In(bot.Tokyo)
	if rest == "" {
		return c.week(ctx, now)
	}
	pack := c.cfg.Content()
	if !pack.Duty.May(cmd.User) {
		return noteNotLead
	}
	d, again, err := desk.ReadDay(rest, pack.City.Desk, now)
	switch {
	case errors.Is(err, desk.ErrPastDay):
		return "もう過ぎた日です。これからの日を書いてください。"
	case errors.Is(err, desk.ErrClosedDay):
		return d.Date + " は、もともと休みです。開けるときは「" + d.Date + " 10:00-15:00」のように書いてください。"
	case err != nil:
		return "時間が分かりませんでした。例： `/tsunagu hours きょうは 14時まで`　`/tsunagu hours 12/28 休み`　`/tsunagu hours きょう もどす`"
	}
	d.By = c.staff(ctx, cmd.User)
	if again {
		err = c.cfg.Days.ClearDay(ctx, d.Date)
	} else {
		err = c.cfg.Days.SetDay(ctx, d)
	}
	if err != nil {
		c.cfg.Log.ErrorContext(ctx, "hours of a day not kept", "err", err)
		return noteNotKept
	}
	c.daysChanged(ctx)
	if again {
		return d.Date + " を、いつもの時間にもどしました。"
	}
	return fmt.Sprintf("%s の受付を「%s」にしました。住民には、この時間で案内します。取り消すときは `/tsunagu hours %s もどす`", d.Date, hoursText(d.Periods), d.Date)
}

// daysChanged lets dialogue and homes follow what staff said about a day.
func (c *Client) daysChanged(ctx context.Context) {
	if c.cfg.DaysChanged != nil {
		c.cfg.DaysChanged(ctx)
	}
	c.orderHomes(ctx, fmt.Sprint("days-", time.Now().UnixNano()))
}

// week shows the hours of the next seven days, and who changed them.
func (c *Client) week(ctx context.Context, now time.Time) string {
	said, err := c.cfg.Days.Days(ctx, now.Format(time.DateOnly))
	if err != nil {
		return noteNotNow
	}
	city := c.cfg.Content().City
	lines := []string{"*LINE で返事をする時間*"}
	for i := range 7 {
		day := now.AddDate(0, 0, i)
		date := day.Format(time.DateOnly)
		line := "• " + date + "（" + [...]string{"日", "月", "火", "水", "木", "金", "土"}[day.Weekday()] + "）　"
		if n := slices.IndexFunc(said, func(d desk.Day) bool { return d.Date == date }); n >= 0 {
			d := said[n]
			line += hoursText(d.Periods) + "　← " + escape(oneLine(d.By.Name, 20)) + "が変更（" + when(d.At) + "）"
		} else {
			line += hoursText(city.Desk.On(day))
		}
		lines = append(lines, line)
	}
	for _, d := range said {
		if d.Date > now.AddDate(0, 0, 6).Format(time.DateOnly) && len(lines) < 30 {
			lines = append(lines, "• "+d.Date+"　"+hoursText(d.Periods)+"　← "+escape(oneLine(d.By.Name, 20))+"が変更")
		}
	}
	return strings.Join(append(lines, "変えるとき： `/tsunagu hours きょうは 14時まで`"), "\n")
}

// duty shows who is on duty today and who is called when, or changes whether
// the person is.
func (c *Client) duty(ctx context.Context, cmd slashCommand, rest string) string {
	if c.cfg.Days == nil {
		return noteNoBoard
	}
	today := c.cfg.Now().In(bot.Tokyo).Format(time.DateOnly)
	switch strings.ToLower(rest) {
	case "me", "わたし", "私", "入る", "off", "やめる", "ぬける", "抜ける":
		on := !slices.Contains([]string{"off", "やめる", "ぬける", "抜ける"}, strings.ToLower(rest))
		if err := c.cfg.Days.SetDuty(ctx, today, c.staff(ctx, cmd.User), on); err != nil {
			c.cfg.Log.ErrorContext(ctx, "duty not kept", "err", err)
			return noteNotKept
		}
		c.daysChanged(ctx)
		if on {
			return "きょうの当番に入りました。緊急の相談をだれも引き受けないとき、呼びます。やめるときは `/tsunagu duty off`"
		}
		return "きょうの当番から抜けました。"
	}
	on, err := c.cfg.Days.OnDuty(ctx, today)
	if err != nil {
		return noteNotNow
	}
	duty := c.cfg.Content().Duty
	lines := []string{"*きょうの当番*　" + dutyNames(on), "*緊急の相談を、だれも引き受けないとき*"}
	for _, l := range duty.Steps() {
		line := fmt.Sprintf("• %d分　%s", l.After, escape(callNames(l.Call)))
		if l.Mail {
			line += "、メール"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func callNames(calls []string) string {
	names := map[string]string{
		bot.CallHere: "いま仕事中の人", bot.CallChannel: "チャンネルの全員", bot.CallDuty: "きょうの当番", bot.CallLead: "責任者", bot.CallAdmin: "管理者",
	}
	out := make([]string, 0, len(calls))
	for _, call := range calls {
		if n := names[call]; n != "" {
			call = n
		}
		out = append(out, oneLine(call, 30))
	}
	return strings.Join(out, "と")
}

// notUnderstood counts what the bot could not answer by itself.
func notUnderstood(f map[string]int) int { return f["not-ours"] + f["clarified"] + f["wrong"] }

// statistics are figures of today and of seven days, and of the cases the
// person may see.
func (c *Client) statistics(ctx context.Context, user string) string {
	if c.cfg.Board == nil {
		return noteNoBoard
	}
	now := c.cfg.Now().In(bot.Tokyo)
	today, week := now.Format(time.DateOnly), now.AddDate(0, 0, -6).Format(time.DateOnly)
	day, err := c.cfg.Board.Figures(ctx, today, today)
	if err != nil {
		return noteNotNow
	}
	all, err := c.cfg.Board.Figures(ctx, week, today)
	if err != nil {
		return noteNotNow
	}
	cases, err := c.cfg.Board.RecentCases(ctx, now.AddDate(0, 0, -7), 1000)
	if err != nil {
		return noteNotNow
	}
	if cases, err = c.sightOf(user).only(ctx, cases); err != nil {
		return noteUnknown
	}
	waits, passed := 0, 0
	var took []time.Duration
	for _, cs := range cases {
		if cs.Status == desk.New {
			waits++
		}
		if cs.PassedAround() {
			passed++
		}
		if first := cs.FirstTaken(); !first.IsZero() {
			took = append(took, first.Sub(cs.OpenedAt))
		}
	}
	lines := []string{
		"*数*　きょう / 7日",
		fmt.Sprintf("• ボットが答えた　%d / %d", day["answered"], all["answered"]),
		fmt.Sprintf("• 分からなかった　%d / %d", day["not-ours"], all["not-ours"]),
		fmt.Sprintf("• 聞き返した　%d / %d", day["clarified"], all["clarified"]),
		fmt.Sprintf("• 「ちがう」と言われた　%d / %d", day["wrong"], all["wrong"]),
		fmt.Sprintf("• 職員につないだ　%d / %d", day["handed-over"], all["handed-over"]),
		fmt.Sprintf("• 緊急　%d / %d", day["danger"], all["danger"]),
		fmt.Sprintf("*あなたのチームの相談（7日）*　%d件、待っている %d件、二度以上引き継がれた %d件", len(cases), waits, passed),
	}
	if len(took) > 0 {
		slices.Sort(took)
		lines = append(lines, "• 引き受けるまで（中央値）　"+span(took[len(took)/2]))
	}
	rules := c.rules()
	lines = append(lines, countAnswers(cases, rules, now).lines(rules.Duty.Answer.Within())...)
	return strings.Join(lines, "\n")
}

// townReport says what the town asked for in the month that ended last, or
// keeps whose matter a kind of trouble is.
func (c *Client) townReport(ctx context.Context, cmd slashCommand, rest string) string {
	if c.cfg.Town == nil {
		return noteNoBoard
	}
	if rest != "" {
		j, err := insight.ReadJudgement(unescape(rest), c.cfg.Content())
		if err != nil {
			return noteNoJudgement
		}
		j.By = c.staff(ctx, cmd.User)
		if j, err = c.cfg.Town.Judge(ctx, j); err != nil {
			c.cfg.Log.ErrorContext(ctx, "judgement not kept", "err", err)
			return noteNotKept
		}
		text := fmt.Sprintf("%sの「%s」を「%s」として残しました。報告に出ます。", j.Month.Ja(), escape(windowName(c.cfg.Content(), j.Window)), j.Scope.Ja())
		if !blank(j.Why) {
			text += "\nわけ： " + escape(j.Why)
		}
		return text
	}
	sentences, address, err := c.cfg.Town.Report(ctx)
	if err != nil {
		c.cfg.Log.WarnContext(ctx, "report not made", "err", err)
		return noteNotNow
	}
	lines := []string{"*まちの困りごとの報告*"}
	for _, s := range sentences {
		lines = append(lines, "• "+escape(s))
	}
	return strings.Join(append(lines, "ぜんぶ： "+escape(address), "全市のことかを残すとき： `/tsunagu report 窓口のID 全市 わけ`（全市・圏域・様子）"), "\n")
}

const noteNoJudgement = "窓口と、全市・圏域・様子のどれかが分かりませんでした。例： `/tsunagu report housing 全市 六つの圏域で増えているため`"
