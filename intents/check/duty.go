package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

const dutyFile = "duty.yaml"

// Slack's ids, as far as people copy them from there.
var (
	memberID = regexp.MustCompile(`^[UW][A-Z0-9]{1,19}$`)
	groupID  = regexp.MustCompile(`^S[A-Z0-9]{1,19}$`)
)

// What duty.yaml may say, in its own units.
const (
	latestCall  = 24 * 60 // minutes: danger must not wait longer
	oftenCalled = 5       // minutes: more often is noise
	longestRest = 14 * 24 // hours
	latestTalk  = 7 * 24  // hours
	longQuiet   = 60      // minutes: danger again must not wait longer

	latestAnswer = 7 * 24 // hours: who waits longer has gone elsewhere
)

// duty looks at who is called about danger, who may do what, and what is done
// for people who had a case in danger.
func (c *checker) duty() {
	if !c.has(dutyFile) {
		return // the usual calls
	}
	d := c.c.Duty
	c.levels(d)
	switch {
	case d.Again < 0:
		c.fail(dutyFile, "again", "write minutes, or 0 for never", "again is %d", d.Again)
	case d.Again > 0 && d.Again < oftenCalled:
		c.fail(dutyFile, "again", fmt.Sprintf("write %d or more, or 0 for never", oftenCalled), "everybody would be called every %d minutes", d.Again)
	}
	if n := d.Quiet; n != nil && (*n < 0 || *n > longQuiet) {
		c.fail(dutyFile, "quiet", fmt.Sprintf("write minutes, 0 to %d", longQuiet), "quiet is %d", *n)
	}
	seen := map[string]bool{}
	for i, p := range d.People {
		at := at("people", i)
		switch {
		case !memberID.MatchString(p.ID):
			c.fail(dutyFile, at+".id", "in Slack: the person's profile → … → Copy member ID (U…)", "%q is no Slack member id", p.ID)
		case seen[p.ID]:
			c.fail(dutyFile, at+".id", "join the two lines", "%s stands twice", p.ID)
		case p.Role == "" && !p.Apart:
			c.fail(dutyFile, at, "write role: lead, role: admin or apart: true; who is staff need not be written", "nothing is said about %s", p.ID)
		}
		seen[p.ID] = true
	}
	c.hoursWithin("heavy.pause", d.Heavy.Pause, longestRest)
	c.hoursWithin("heavy.debrief", d.Heavy.Debrief, latestTalk)
	c.hoursWithin("answer.within", d.Answer.Hours, latestAnswer)
	c.hoursWithin("answer.team", d.Answer.TeamAfter, latestAnswer)
	c.hoursWithin("answer.lead", d.Answer.LeadAfter, latestAnswer)
}

// levels are called one after the other, each later than the one before.
func (c *checker) levels(d bot.Duty) {
	mail := false
	for i, l := range d.Levels {
		p := at("levels", i)
		mail = mail || l.Mail
		switch {
		case l.After <= 0:
			c.fail(dutyFile, p+".after", "write minutes since the case waits, 1 or more", "after is %d", l.After)
		case l.After > latestCall:
			c.fail(dutyFile, p+".after", "danger does not wait a day: write minutes", "after is %d minutes", l.After)
		case i > 0 && l.After <= d.Levels[i-1].After:
			c.fail(dutyFile, p+".after", "write the levels in the order of after", "level %d comes after %d minutes, the one before it after %d", i+1, l.After, d.Levels[i-1].After)
		}
		if len(l.Call) == 0 && !l.Mail {
			c.fail(dutyFile, p, "write call: [here], or take the level away", "level %d calls nobody", i+1)
		}
		for k, who := range l.Call {
			c.call(p+"."+at("call", k), who)
		}
	}
	if len(d.Levels) > 0 && !mail {
		c.add(Finding{Level: Note, Problem: intents.Problem{
			File: dutyFile, Line: c.line(dutyFile, "levels"), Text: "no level sends an e-mail: when nobody looks at Slack, nobody hears of danger",
			Mend: "write mail: true at the last level",
		}})
	}
}

// call is one of whom a level calls.
func (c *checker) call(path, who string) {
	words := []string{bot.CallHere, bot.CallChannel, bot.CallDuty, bot.CallLead, bot.CallAdmin}
	if slices.Contains(words, who) || memberID.MatchString(who) || groupID.MatchString(who) {
		return
	}
	mend := "write " + strings.Join(words, ", ") + ", or a Slack id (U… a person, S… a group)"
	least := 3
	for _, w := range words {
		if n := distance(strings.ToLower(who), w); n < least {
			least, mend = n, "did you mean "+w+"?"
		}
	}
	c.fail(dutyFile, path, mend, "nobody is called %q", who)
}

func (c *checker) hoursWithin(key string, n *int, most int) {
	switch {
	case n == nil:
	case *n < 0:
		c.fail(dutyFile, key, "write hours, or 0 for none", "%s is %d", key, *n)
	case *n > most:
		c.fail(dutyFile, key, fmt.Sprintf("write hours, at most %d", most), "%s is %d hours: %d days", key, *n, *n/24)
	}
}

// has reports whether the pack has a file that could be read.
func (c *checker) has(name string) bool {
	return slices.ContainsFunc(c.pack.Files, func(f intents.File) bool { return f.Name == name }) && !c.broken[name]
}
