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
		s.openReply(suzuki)
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
		if got := s.phone(s.user); strings.Contains(got, "もういない人") {
			t.Errorf("the resident got\n%s", got)
		}
	})
}

// TestRemovedFromTheCasesChannel: who is taken out of the channel where the
// case is, but is still in another team's, can send nothing either.
func TestRemovedFromTheCasesChannel(t *testing.T) {
	t.Parallel()
	const homes = "C0000HOMES"
	s := openStage(t, engines(t)[0], morning, townOptions{
		Teams: "housing=" + homes,
		Slack: func(c *slackapi.Config) {
			var everybody []string
			for _, m := range townStaff {
				everybody = append(everybody, m.ID)
			}
			c.Channels = append(c.Channels, slackapi.Channel{ID: homes, Name: "すまい", Private: true, Bot: true, Members: everybody})
		},
	})
	s.acts(opening)
	ctx, suzuki := t.Context(), townStaff[1].ID
	card := s.openReply(suzuki)
	if err := s.town.slack.Leave(suzuki, card.Channel); err != nil {
		t.Fatal(err)
	}
	_ = s.town.slack.Settle(ctx)
	if _, err := s.town.slack.FillAndSubmit(ctx, suzuki, map[string]any{"text": "もういない人から"}); err != nil {
		t.Fatal(err)
	}
	v, ok := s.town.slack.Modal(suzuki)
	if got := s.town.slack.PlainView(v); !ok || v.Title != "返信" || !strings.Contains(got, "もういない人から") || !strings.Contains(got, "入っていないチャンネル") {
		t.Errorf("the modal is open: %v, and shows\n%s", ok, got)
	}
	s.service.drained(ctx, within)
	afterUndo(ctx, s.service.service, s.town)
	s.service.drained(ctx, within)
	if got := s.phone(s.user); strings.Contains(got, "もういない人") {
		t.Errorf("the resident got\n%s", got)
	}
}

// openReply lets somebody open the reply to the one case there is.
func (s *stage) openReply(user string) slackapi.Message {
	s.t.Helper()
	ctx := s.t.Context()
	card, err := s.card()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.press(slackapi.On(user, card.Channel, card.TS), "reply")(ctx); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.town.slack.WaitModal(ctx, user, func(slackapi.View) bool { return true }); err != nil {
		s.t.Fatal(err)
	}
	return card
}
