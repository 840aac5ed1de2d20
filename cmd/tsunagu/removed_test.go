package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// TestRemovedFromTheChannel: who is taken out of the channels while a modal is
// open can send nothing from it any more.
func TestRemovedFromTheChannel(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		ctx, suzuki := t.Context(), townStaff[1].ID
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		before := s.phone(s.user)
		if err := s.press(slackapi.On(suzuki, card.Channel, card.TS), "reply")(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.WaitModal(ctx, suzuki, func(slackapi.View) bool { return true }); err != nil {
			t.Fatal(err)
		}
		for _, channel := range []string{townDesk, townUrgent} {
			if err := s.town.slack.Leave(suzuki, channel); err != nil {
				t.Fatal(err)
			}
		}
		_ = s.town.slack.Settle(ctx)
		// Slack forgets to tell sometimes: a minute later it counts in any case.
		s.service.moveClock(s.town.clock, s.town.clock.Now().Add(2*time.Minute))
		_, _ = s.town.slack.FillAndSubmit(ctx, suzuki, map[string]any{"text": "もういない人から"})
		if v, ok := s.town.slack.Modal(suzuki); ok && strings.Contains(s.town.slack.PlainView(v), "もういない人から") {
			_, _ = s.town.slack.Submit(ctx, suzuki) // the preview
		}
		wait, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		s.service.drained(wait, within)
		afterUndo(wait, s.service.service, s.town)
		s.service.drained(wait, within)
		if after := s.phone(s.user); after != before {
			t.Errorf("the resident got\n%s", strings.TrimPrefix(after, before))
		}
	})
}
