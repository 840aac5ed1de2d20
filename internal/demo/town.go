package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// townView is what the page shows around the three parts.
type townView struct {
	Now       time.Time         `json:"now"`
	SetClock  bool              `json:"setClock"`
	Explains  bool              `json:"explains"`
	Residents []face            `json:"residents"`
	Staff     []slackapi.Member `json:"staff"`
	Members   []slackapi.Member `json:"members"` // with the bot, for names
	Examples  []example         `json:"examples"`
	Replies   int               `json:"replies"`
	Pushes    int               `json:"pushes"`
	Posts     int               `json:"posts"`
	Refused   int               `json:"refused"` // what LINE or Slack would not have taken
}

func (d *Demo) town(w http.ResponseWriter, _ *http.Request) {
	line, slack := d.cfg.LINE.Counters(), d.cfg.Slack.Counters()
	v := townView{
		Now: d.cfg.Now(), SetClock: d.cfg.SetClock != nil, Explains: d.cfg.Explain != nil,
		Residents: d.faces(), Staff: []slackapi.Member{}, Members: d.cfg.Slack.Members(), Examples: d.examples(),
		Replies: line.Replies, Pushes: line.Pushes, Posts: slack.Posts, Refused: line.Violations,
	}
	for _, m := range v.Members {
		if !m.IsBot && !m.Deleted {
			v.Staff = append(v.Staff, m)
		}
	}
	for _, n := range slack.Violations {
		v.Refused += n
	}
	d.answer(w, http.StatusOK, v)
}

type timing struct {
	To string `json:"to"` // now, day, night, sunday, or a time (RFC 3339)
}

// setClock moves the town's clock.
func (d *Demo) setClock(_ context.Context, in timing) (any, error) {
	if d.cfg.SetClock == nil {
		return nil, fmt.Errorf("clock: %w", errNotThere)
	}
	at, err := moment(in.To, time.Now())
	if err != nil {
		return nil, err
	}
	d.cfg.SetClock(at)
	d.feed.tell("clock")
	return map[string]time.Time{"now": d.cfg.Now()}, nil
}

// moment is the next time of a name, counted from the real time now. It is
// never before now: platforms, cases and promises do not run backwards.
func moment(name string, now time.Time) (time.Time, error) {
	today := now.In(bot.Tokyo)
	at := func(days, hour int) time.Time {
		return time.Date(today.Year(), today.Month(), today.Day()+days, hour, 0, 0, 0, bot.Tokyo)
	}
	fits := func(hour int, day func(time.Time) bool) time.Time {
		for days := range 15 {
			if t := at(days, hour); t.After(now) && day(t) {
				return t
			}
		}
		return now
	}
	switch name {
	case "now":
		return now, nil
	case "day":
		return fits(10, func(t time.Time) bool {
			_, holiday := bot.Holiday(t)
			return t.Weekday() != time.Sunday && t.Weekday() != time.Saturday && !holiday
		}), nil
	case "night":
		return fits(22, func(time.Time) bool { return true }), nil
	case "sunday":
		return fits(10, func(t time.Time) bool { return t.Weekday() == time.Sunday }), nil
	}
	t, err := time.Parse(time.RFC3339, name)
	if err != nil {
		return time.Time{}, errors.New("clock: give now, day, night, sunday or a time")
	}
	return t, nil
}
