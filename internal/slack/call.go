package slack

import (
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// untakenEntry is the call for somebody to take a danger case: first the
// mentions, so that telephones ring, then what it is about.
func untakenEntry(c desk.Case, e desk.Entry, duty bot.Duty, onDuty []string) post {
	minutes, rest, _ := strings.Cut(e.Text, "\n")
	calls, holder, held := strings.Cut(rest, "\n")
	text := "この緊急の相談を、まだだれも引き受けていません（" + oneLine(minutes, 6) + "分）。上のカードの「引き受ける」を押してください。"
	if held {
		text = "この相談に緊急のことばが届きましたが、担当の" + san(holder) + "から、まだ動きがありません（" + oneLine(minutes, 6) +
			"分）。気づいた人が、返信か電話をしてください。"
	}
	who := mentions(strings.Fields(calls), duty, onDuty)
	p := post{text: strings.TrimSpace(who + " " + c.Number() + "　" + escape(text))}
	p.add(section(strings.TrimSpace(who + " *" + escape(text) + "*")))
	p.add(hint(when(e.At)))
	return p
}

// maxCalled bounds how many people one line calls.
const maxCalled = 30

// mentions turns a level's calls into Slack's markup. Nobody to call (no lead
// is named, nobody is on duty) is everybody: danger never calls nobody. Who
// rests after danger (an id with a minus before it) is called only when nobody
// else is left.
// https://docs.slack.dev/messaging/formatting-message-text#special-mentions
func mentions(calls []string, duty bot.Duty, onDuty []string) string {
	var named []string
	rests := map[string]bool{}
	for _, call := range calls {
		if id, ok := strings.CutPrefix(call, "-"); ok {
			rests[id] = true
		} else {
			named = append(named, call)
		}
	}
	out := summoned(named, duty, onDuty, rests)
	if len(out) == 0 { // all of them rest: somebody must come
		out = summoned(named, duty, onDuty, nil)
	}
	if len(out) == 0 {
		out = []string{"<!channel>"}
	}
	return strings.Join(out, " ")
}

// summoned is whom the calls mean, without those who rest.
func summoned(calls []string, duty bot.Duty, onDuty []string, rests map[string]bool) []string {
	var out []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] && len(out) < maxCalled {
			seen[s] = true
			out = append(out, s)
		}
	}
	people := func(ids []string) {
		for _, id := range ids {
			if isMember(id) && !rests[id] {
				add("<@" + id + ">")
			}
		}
	}
	for _, call := range calls {
		switch call {
		case bot.CallHere:
			add("<!here>")
		case bot.CallChannel:
			add("<!channel>")
		case bot.CallDuty:
			people(onDuty)
		case bot.CallLead:
			if people(duty.With(bot.RoleLead)); len(duty.With(bot.RoleLead)) == 0 {
				people(duty.With(bot.RoleAdmin))
			}
		case bot.CallAdmin:
			people(duty.With(bot.RoleAdmin))
		default:
			if rest, ok := strings.CutPrefix(call, "S"); ok && isMember("U"+rest) {
				add("<!subteam^" + call + ">")
			} else {
				people([]string{call})
			}
		}
	}
	return out
}
