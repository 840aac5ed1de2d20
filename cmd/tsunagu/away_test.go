package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// What the resident reads, a part of each sentence.
const (
	saidDone    = "職員に伝えました"
	saidKept    = "お預かりしました（受付番号"
	saidWaits   = "まだ職員の画面に届いていません"
	saidArrived = "職員に届きました"
)

// handOver lets a resident hand over what they wrote.
func (s *stage) handOver(user, want string) {
	s.t.Helper()
	s.sees(user, s.says(user, "電気代が払えません"), "LINEで職員に話す")
	s.sees(user, s.taps(user, "LINEで職員に話す"), "これを職員に伝えてもいいですか")
	s.sees(user, s.taps(user, "はい、伝えてください"), want)
}

// passes lets the time pass while Slack is away or slow.
func (s *stage) passes(d time.Duration) {
	s.t.Helper()
	heard(s.t.Context(), s.service.service, s.town)
	s.service.moveClock(s.town.clock, s.town.clock.Now().Add(d))
	heard(s.t.Context(), s.service.service, s.town)
}

// reads counts how often each part stands on the phone, once the talk is quiet.
func (s *stage) reads(user string, want map[string]int) {
	s.t.Helper()
	s.eventually("nothing is to be sent to "+user, func() bool {
		for part, n := range want {
			if strings.Count(s.phone(user), part) != n {
				return false
			}
		}
		return true
	})
}

// TestNobodyKnewThatSlackWasAway: the resident was told that staff have it, and
// hears five minutes later that they do not, once, and once that they do.
func TestNobodyKnewThatSlackWasAway(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		down := s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailStatus})
		s.handOver(s.user, saidDone)
		s.passes(4 * time.Minute)
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 0, saidArrived: 0})
		s.passes(2 * time.Minute)
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 1, "待てないときは、ここに電話してください": 1, saidArrived: 0})
		s.passes(time.Hour)
		s.reads(s.user, map[string]int{saidWaits: 1, saidArrived: 0})
		down.Withdraw()
		if err := s.service.store.Hurry(t.Context(), reception.SlackLane("")); err != nil {
			t.Fatal(err)
		}
		s.service.outbox.Wake()
		s.stands("the card", func() bool { return len(s.cards(townDesk)) == 1 })
		s.later(6 * time.Minute)
		s.reads(s.user, map[string]int{saidWaits: 1, saidArrived: 1})
		s.later(time.Hour)
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 1, saidArrived: 1})
	})
}

// TestSlackIsOnlySlow: what is late by less than five minutes is not spoken of.
func TestSlackIsOnlySlow(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		slow := s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailRateLimited})
		s.handOver(s.user, saidDone)
		s.passes(4 * time.Minute)
		if s.service.slack.Away() {
			t.Error("Slack asks to wait, and is thought to be away")
		}
		slow.Withdraw()
		s.stands("the card", func() bool { return len(s.cards(townDesk)) == 1 })
		s.later(time.Hour)
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 0, saidArrived: 0})
	})
}

// TestDangerWhileSlackIsKnownToBeAway: the second route does not wait a
// minute; the resident is not told that staff know.
func TestDangerWhileSlackIsKnownToBeAway(t *testing.T) {
	t.Parallel()
	m := mailServer(t)
	onEach(t, townOptions{SMTP: "smtp://" + m.Addr() + "?from=tsunagu@example.jp"}, func(t *testing.T, s *stage) {
		before := len(m.Mails())
		s.slackAway(t.Context(), true)
		s.sees(s.user, s.says(s.user, "死にたい"), "待たないで、電話してください")
		s.mails(m, before+1)
		if got := s.phone(s.user); !strings.Contains(got, "0120-279-338") || strings.Contains(got, "知らせました") {
			t.Errorf("the phone shows\n%s", got)
		}
		s.slackAway(t.Context(), false)
		s.stands("the card", func() bool { return len(s.cards(townUrgent)) == 1 })
		s.later(2 * time.Minute)
		s.reads(s.user, map[string]int{saidArrived: 1})
		s.mails(m, before+1)
	})
}

// TestAwayInTwoProcesses: each sees for itself that Slack is away, whoever
// sends the letters; when it is back the resident hears it once.
func TestAwayInTwoProcesses(t *testing.T) {
	t.Parallel()
	shared := sharedEngine(t)
	s := openStage(t, shared, morning, townOptions{})
	second := shared.serve(t, s.town)
	defer func() {
		if err := second.stop(); err != nil {
			t.Errorf("stop the second: %v", err)
		}
	}()
	s.town.slack.SetDown(true)
	s.service.slack.Probe(t.Context())
	second.slack.Probe(t.Context())
	s.passes(time.Minute)
	if !s.service.slack.Away() || !second.slack.Away() {
		t.Fatal("one of them does not see it")
	}
	s.handOver(s.user, saidKept)
	s.passes(20 * time.Minute)
	s.town.slack.SetDown(false)
	for _, p := range []*running{s.service, second} {
		p.slack.Probe(t.Context())
		p.slack.Look(t.Context())
	}
	s.stands("the card", func() bool { return len(s.cards(townDesk)) == 1 })
	s.later(6 * time.Minute)
	second.inbox.Wake()
	s.reads(s.user, map[string]int{saidKept: 1, saidArrived: 1})
	s.later(time.Hour)
	s.reads(s.user, map[string]int{saidDone: 0, saidKept: 1, saidWaits: 0, saidArrived: 1})
	if n := len(s.cards(townDesk)); n != 1 {
		t.Errorf("%d cards, want one", n)
	}
}
