package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// dayEvery is how soon a process hears what staff told another one.
const dayEvery = 15 * time.Second

// days lets the dialogue follow what staff say about single days, until ctx
// ends.
func (s *service) days(ctx context.Context) error {
	tick := time.NewTicker(dayEvery)
	defer tick.Stop()
	for {
		s.followDays(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// followDays reads what staff said about today and the days to come. When it
// cannot, what was known stays.
func (s *service) followDays(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	now := s.now().In(bot.Tokyo)
	said, err := s.store.Days(ctx, now.AddDate(0, 0, -1).Format(time.DateOnly)) // a night's hours reach into today
	if err == nil {
		var on []desk.Staff
		if on, err = s.store.OnDuty(ctx, now.Format(time.DateOnly)); err == nil {
			s.speak(said, on)
			return
		}
	}
	if ctx.Err() == nil {
		s.log.WarnContext(ctx, "what staff said about days was not read; it is read again soon", "err", err)
	}
}

// use puts a bot in force, with what staff said about days. Everything that
// changes the bot goes through here.
func (s *service) use(b *bot.Bot) {
	s.daysMu.Lock()
	defer s.daysMu.Unlock()
	s.base = b.Reading(s.readers.form)
	s.apply()
}

// speak puts the hours and the people on duty into the content in force.
func (s *service) speak(said []desk.Day, on []desk.Staff) {
	s.daysMu.Lock()
	defer s.daysMu.Unlock()
	if fmt.Sprint(said, on) == fmt.Sprint(s.daysSaid, s.daysDuty) {
		return
	}
	s.daysSaid, s.daysDuty = said, on
	s.apply()
}

func (s *service) apply() {
	content := *s.base.Content()
	content.City.Desk.Except = maps.Clone(content.City.Desk.Except)
	if content.City.Desk.Except == nil {
		content.City.Desk.Except = map[string][]bot.Period{}
	}
	for _, d := range s.daysSaid {
		content.City.Desk.Except[d.Date] = slices.Clone(d.Periods)
	}
	content.OnDuty = nil
	for _, who := range s.daysDuty {
		content.OnDuty = append(content.OnDuty, who.ID)
	}
	s.content.Store(s.base.Speaking(&content))
}

// Figures adds up what was counted, by what it was.
func (s slackStore) Figures(ctx context.Context, from, to string) (map[string]int, error) {
	list, err := s.Counts(ctx, from, to)
	if err != nil {
		return nil, err
	}
	sums := map[string]int{}
	for _, f := range list {
		sums[f.What] += f.N
	}
	return sums, nil
}
