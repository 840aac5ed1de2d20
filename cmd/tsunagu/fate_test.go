package main

import (
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// TestFateOfAReply: a reply that LINE does not take now is shown as waiting
// and then as arrived; one that can never arrive says why, and can be sent
// again from where it stands.
func TestFateOfAReply(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	s.acts(opening)
	ctx, tanaka := t.Context(), townStaff[0].ID
	card, err := s.card()
	if err != nil {
		t.Fatal(err)
	}
	line := func(words, fate string) slackapi.Message {
		t.Helper()
		var found slackapi.Message
		err := s.town.slack.Wait(ctx, func() bool {
			for _, m := range s.town.slack.Thread(card.Channel, card.TS) {
				if shown := s.town.slack.Plain(m); m.BotID != "" && strings.Contains(shown, words) && strings.Contains(shown, fate) {
					found = m
					return true
				}
			}
			return false
		})
		if err != nil {
			t.Fatalf("no line says %q of %q: %v\n%s", fate, words, err, s.slackNow())
		}
		return found
	}
	cancel, err := s.town.line.Fail(lineapi.Failure{Endpoint: lineapi.EndpointPush, Kind: lineapi.Answer500})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.town.slack.Post(tanaka, card.Channel, card.TS, ">> 一つ目"); err != nil {
		t.Fatal(err)
	}
	line("一つ目", "10秒のあいだ、取り消せます")
	afterUndo(ctx, s.service.service, s.town)
	waits := line("一つ目", "待っています")
	if b := slackapi.Buttons(waits); len(b) != 1 || b[0].Text != "電話する" {
		t.Errorf("a waiting reply offers %+v, want 電話する only: it will be sent", b)
	}
	cancel()
	line("一つ目", "✓ 届きました")

	s.town.line.SetQuota(1, 1)
	if _, err := s.town.slack.Post(tanaka, card.Channel, card.TS, ">> 二つ目"); err != nil {
		t.Fatal(err)
	}
	line("二つ目", "取り消せます")
	afterUndo(ctx, s.service.service, s.town)
	spent := line("二つ目", "今月 LINE で送れる数を使い切りました")
	s.town.line.SetQuota(0, 0)
	if _, err := s.town.slack.Click(ctx, slackapi.On(tanaka, spent.Channel, spent.TS), "again"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what stood there, looked at, sent
		if _, err := s.town.slack.WaitModal(ctx, tanaka, func(slackapi.View) bool { return true }); err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.Submit(ctx, tanaka); err != nil {
			t.Fatal(err)
		}
	}
	afterUndo(ctx, s.service.service, s.town)
	line("二つ目", "✓ 届きました")
	ph, _ := s.town.line.Phone(s.user)
	if got := strings.Join(transcript(ph, 0), "\n"); strings.Count(got, "一つ目") != 1 || strings.Count(got, "二つ目") != 1 {
		t.Errorf("the phone shows\n%s\nwant each reply once", got)
	}
	if _, err := s.town.slack.Click(ctx, slackapi.On(tanaka, spent.Channel, spent.TS), "call"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.town.slack.FillAndSubmit(ctx, tanaka, map[string]any{"text": "電話で伝えた"}); err != nil {
		t.Fatal(err)
	}
	line("電話で伝えた", "電話の記録")
}
