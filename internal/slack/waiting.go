package slack

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// begun says what the beginning of a case still lacks, in one line, and above
// it that the resident waits too long. Nothing once all of it is there.
func (p *post) begun(c desk.Case, pack *bot.Content) {
	if c.Status == desk.Closed || c.Redacted() {
		return
	}
	if late(c) {
		p.add(section("⏰ *ご本人への返事が、まだです。*　" + when(c.Waits) + " から待っています。"))
	}
	names := map[string]string{desk.MissingWho: "だれが", desk.MissingWish: "ご本人の望み", desk.MissingNext: "次の連絡日"}
	var open []string
	for _, what := range c.Missing() {
		name := names[what]
		if what == desk.MissingAnswer {
			name = "受けとめの返事"
			if by := rulesOf(pack).AnswerBy(c.Waits); c.Awaits() && !late(c) && !by.IsZero() {
				name += "（" + when(by) + " まで）"
			}
		}
		open = append(open, "□ "+name)
	}
	if len(open) > 0 {
		p.add(hint("はじめにすること　" + strings.Join(open, "　")))
	}
}

// late reports a case whose resident waits for a first answer for too long.
func late(c desk.Case) bool { return c.Awaits() && !c.Overdue.IsZero() }

// rulesOf are the desk's rules about time and people, as a pack says them.
func rulesOf(pack *bot.Content) desk.Rules {
	return desk.Rules{Duty: pack.Duty, Hours: pack.City.Desk}
}

// unansweredEntry reminds one after the other of a resident who waits: who has
// the case, the team, the lead.
func unansweredEntry(c desk.Case, e desk.Entry, pack *bot.Content) post {
	text := "ご本人が返事を待っています。"
	if c.Awaits() {
		text = when(c.Waits) + " から、ご本人が返事を待っています。"
	}
	switch whom := strings.TrimSpace(e.Text); whom {
	case desk.CallHolder:
		text += "「受けとめました」のひとことだけでも、返信してください。"
		e.By, whom = desk.Staff{}, e.By.ID // they are the one to be called
		return toPeople(c, e, text, []string{whom})
	case bot.CallLead:
		text += "チームに知らせましたが、まだ返事がありません。だれが返事をするか、決めてください。"
		e.By = desk.Staff{}
		return toPeople(c, e, text, leads(pack.Duty))
	case bot.CallHere:
		text += "手のあいている人は、ひとこと返信してください。"
		p := post{text: "<!here> " + c.Number() + "　" + escape(text)}
		p.add(section("<!here> "+escape(text)), hint(when(e.At)))
		return p
	}
	return toPeople(c, e, text, nil)
}

// answers counts first answers among cases: how many came within the time for
// it, of how many that had one, and how many wait too long now.
type answers struct {
	took        []time.Duration // by the clock, as the resident waited
	intime, all int
	waiting     int
}

func countAnswers(cases []desk.Case, rules desk.Rules, now time.Time) answers {
	var a answers
	for _, c := range cases {
		by := rules.AnswerBy(c.OpenedAt)
		if c.ByHand != "" || c.Danger != "" && c.Unsure || by.IsZero() {
			continue
		}
		switch {
		case !c.Replied.IsZero():
			a.took = append(a.took, c.Replied.Sub(c.OpenedAt))
			a.all++
			if !c.Replied.After(by) {
				a.intime++
			}
		case c.Awaits() && by.Before(now):
			a.all++
			a.waiting++
		}
	}
	slices.Sort(a.took)
	return a
}

// lines are the figures in words, none where there is nothing to count.
func (a answers) lines(within time.Duration) []string {
	if a.all == 0 {
		return nil
	}
	out := []string{fmt.Sprintf("• はじめの返事が%d時間のうち（休みの日は数えません）　%d / %d件、過ぎて待っている %d件", int(within.Hours()), a.intime, a.all, a.waiting)}
	if len(a.took) > 0 {
		out = append(out, "• はじめの返事まで（中央値、休みもふくめた時間）　"+span(a.took[len(a.took)/2]))
	}
	return out
}
