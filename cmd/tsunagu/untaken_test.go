package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/smtp"
)

func mailServer(t *testing.T) *smtp.Server {
	t.Helper()
	m, err := smtp.New(smtp.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// later moves the town's time and lets what is due happen.
func (s *stage) later(d time.Duration) {
	s.t.Helper()
	s.service.drained(s.t.Context(), within)
	_ = s.town.slack.Settle(s.t.Context())
	s.service.moveClock(s.town.clock, s.town.clock.Now().Add(d))
	s.service.drained(s.t.Context(), within)
}

// mails waits until there are n.
func (s *stage) mails(m *smtp.Server, n int) []smtp.Mail {
	s.t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end) && len(m.Mails()) < n; time.Sleep(10 * time.Millisecond) {
		s.service.drained(s.t.Context(), within)
	}
	got := m.Mails()
	if len(got) != n {
		s.t.Fatalf("%d mails left, want %d", len(got), n)
	}
	return got
}

// TestDangerNobodyTakes: the team is called, then everybody, then the second
// route; who takes the case ends it, who lets go of it begins it anew.
func TestDangerNobodyTakes(t *testing.T) {
	t.Parallel()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			m := mailServer(t)
			s := openStage(t, e, morning, townOptions{SMTP: "smtp://" + m.Addr() + "?from=tsunagu@example.jp"})
			s.acts("> 死にたい")
			calls := func() (all []string) {
				for _, post := range s.town.slack.Messages(townUrgent) {
					if post.IsReply() {
						continue
					}
					for _, line := range s.town.slack.Thread(townUrgent, post.TS) {
						if strings.Contains(line.Text, "まだだれも引き受けていません") {
							who, _, _ := strings.Cut(line.Text, " T-")
							all = append(all, who)
						}
					}
				}
				return all
			}
			expect := func(want string) {
				t.Helper()
				ctx, cancel := context.WithTimeout(t.Context(), within)
				defer cancel()
				_ = s.town.slack.Wait(ctx, func() bool { return strings.Join(calls(), " ") == want })
				if got := strings.Join(calls(), " "); got != want {
					t.Fatalf("got the calls %q, want %q", got, want)
				}
			}
			s.later(2 * time.Minute)
			expect("")
			s.later(4 * time.Minute)
			expect("<!here>")
			s.later(5 * time.Minute)
			expect("<!here> <!channel>")
			if n := len(m.Mails()); n != 0 {
				t.Fatalf("%d mails left too early", n)
			}
			s.later(5 * time.Minute)
			expect("<!here> <!channel> <!channel>") // no lead is named
			mail := s.mails(m, 1)[0]
			if strings.Contains(mail.Data, "死") || strings.Contains(mail.Data, "市民") {
				t.Errorf("the mail says\n%s", mail.Data)
			}
			card, err := s.card()
			if err != nil {
				t.Fatal(err)
			}
			tanaka := slackapi.On(townStaff[0].ID, card.Channel, card.TS)
			if err := s.town.slack.ClickTwice(t.Context(), tanaka, "take"); err != nil {
				t.Fatal(err)
			}
			s.later(2 * time.Hour)
			expect("<!here> <!channel> <!channel>")
			s.acts("= 田中 releases")
			s.later(6 * time.Minute)
			expect("<!here> <!channel> <!channel> <!here>")
			s.mails(m, 1)
		})
	}
}

// TestDangerWhileSlackIsDown: a minute later an e-mail goes, once; when Slack
// is back the card appears once.
func TestDangerWhileSlackIsDown(t *testing.T) {
	t.Parallel()
	m := mailServer(t)
	s := openStage(t, engines(t)[0], morning, townOptions{SMTP: "smtp://" + m.Addr() + "?from=tsunagu@example.jp"})
	down := s.town.slack.Fail(slackapi.Failure{Kind: slackapi.FailStatus, Status: 500})
	if _, err := s.town.line.Say(t.Context(), s.user, "死にたい"); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if _, err := s.service.store.OpenCaseOf(t.Context(), s.service.store.Pseudonym(s.user)); err == nil {
			break
		}
	}
	if n := len(m.Mails()); n != 0 {
		t.Fatalf("%d mails left at once", n)
	}
	s.service.moveClock(s.town.clock, s.town.clock.Now().Add(61*time.Second))
	got := s.mails(m, 1)[0]
	if !strings.Contains(got.Data, "To: <duty@example.jp>") {
		t.Errorf("got\n%s", got.Data)
	}
	down.Withdraw()
	s.service.moveClock(s.town.clock, s.town.clock.Now().Add(time.Minute))
	if err := s.town.slack.Wait(t.Context(), func() bool { return len(s.town.slack.Messages(townUrgent)) == 1 }); err != nil {
		t.Fatalf("the card did not appear: %v", err)
	}
	s.mails(m, 1)
}

// TestDangerTwoProcesses: of two processes on one database, one calls.
func TestDangerTwoProcesses(t *testing.T) {
	t.Parallel()
	shared := sharedEngine(t)
	m := mailServer(t)
	s := openStage(t, shared, morning, townOptions{SMTP: "smtp://" + m.Addr() + "?from=tsunagu@example.jp"})
	second := shared.serve(t, s.town)
	defer func() {
		if err := second.stop(); err != nil {
			t.Errorf("stop the second: %v", err)
		}
	}()
	s.acts("> 死にたい")
	s.later(16 * time.Minute)
	second.inbox.Wake()
	s.mails(m, 1)
	s.later(5 * time.Second)
	calls := 0
	for _, post := range s.town.slack.Messages(townUrgent) {
		for _, line := range s.town.slack.Thread(townUrgent, post.TS) {
			if !post.IsReply() && strings.Contains(line.Text, "まだだれも引き受けていません") {
				calls++
			}
		}
	}
	if calls != 1 {
		t.Errorf("got %d calls, want one that calls all levels that were due", calls)
	}
	s.mails(m, 1)
}
