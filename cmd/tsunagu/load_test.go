package main

import (
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// another resident writes from now on.
func (s *stage) another(name string) {
	s.t.Helper()
	user, err := s.town.line.AddUser(lineapi.User{Name: name})
	if err != nil {
		s.t.Fatal(err)
	}
	s.user, s.seen = user, 0
}

// cardSays waits until the newest card says something.
func (s *stage) cardSays(want string) string {
	s.t.Helper()
	shown := ""
	s.eventually("the card says "+want, func() bool {
		m, err := s.card()
		shown = s.town.slack.Plain(m)
		return err == nil && strings.Contains(shown, want)
	})
	return shown
}

// TestHeavyThenPause: who had a case in danger is not suggested for the next;
// takes it all the same, and the thread says so kindly; and is reminded to talk,
// once, though the service was stopped in between.
func TestHeavyThenPause(t *testing.T) {
	t.Parallel()
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			database, redis := e.database(t), e.redis(t)
			shared := engine{name: e.name, database: func(*testing.T) string { return database }, redis: func(*testing.T) string { return redis }}
			s := openStage(t, shared, morning, townOptions{})
			s.acts("> 死にたい")
			if shown := s.cardSays("余裕がありそうな人"); !strings.Contains(shown, "田中さん（0件）") || strings.Contains(shown, "つなぐさん") {
				t.Errorf("the first card says\n%s", shown)
			}
			s.acts("= 田中 takes")
			s.later(30 * time.Minute)
			s.acts("= 田中 closes resolved")
			s.service.drained(t.Context(), within)

			s.another("別の市民")
			s.acts("> もう死にたい")
			s.cardSays("余裕がありそうな人")
			card, err := s.card()
			if err != nil {
				t.Fatal(err)
			}
			if shown := s.town.slack.Plain(card); strings.Contains(shown, "田中さん（") || !strings.Contains(shown, "鈴木さん（0件）") || !strings.Contains(shown, "佐藤さん（0件）") {
				t.Errorf("the next card says\n%s", shown)
			}
			s.acts("= 田中 takes")
			s.eventually("the thread says that 田中 should rest", func() bool {
				return strings.Contains(s.slackNow(), "田中さんは、緊急の相談が続いています")
			})
			if shown := s.cardSays("担当*　田中さん"); strings.Contains(shown, "余裕") {
				t.Errorf("a case somebody has suggests others:\n%s", shown)
			}

			if err := s.service.stop(); err != nil {
				t.Fatal(err)
			}
			s.town.clock.Set(morning.Add(45 * time.Minute))
			s.service = shared.serve(t, s.town)
			s.town.connect(s.service.url)
			s.service.moveClock(s.town.clock, s.town.clock.Now().Add(10*time.Minute))
			s.eventually("田中 is reminded", func() bool { _, ok := s.reminder(townStaff[0].ID); return ok })
			s.later(time.Minute)
			words := 0
			for _, ch := range s.town.slack.Channels(townStaff[0].ID) {
				if ch.Direct {
					words += len(s.town.slack.Messages(ch.ID))
				}
			}
			if words != 1 {
				t.Errorf("%d private words, want 1", words)
			}
			if err := s.answers(t.Context(), townStaff[0].ID, "talked"); err != nil {
				t.Fatal(err)
			}
			tanaka := townStaff[0].ID
			if _, err := s.town.slack.Command(t.Context(), tanaka, townDesk, "/tsunagu", "load"); err != nil {
				t.Fatal(err)
			}
			s.eventually("/tsunagu load tells", func() bool {
				for _, m := range s.town.slack.Ephemerals(tanaka) {
					if got := s.town.slack.Plain(m); strings.Contains(got, "田中さん　1件・緊急 1・緊急は休み 11月26日") && strings.Contains(got, "まだだれも持っていない相談　0件") {
						return true
					}
				}
				return false
			})
		})
	}
}

// TestAskedTwiceAtOnce: two people ask the same colleague at the same instant;
// they are called once.
func TestAskedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	s.acts("> 電気代が払えません\n\n> [tap LINEで職員に話す]\n\n> [tap はい、伝えてください]")
	s.cardSays("余裕がありそうな人")
	suzuki := staffID("鈴木")
	for _, name := range []string{"田中", "佐藤"} {
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		who := staffID(name)
		if err := s.choose(slackapi.On(who, card.Channel, card.TS), "person")(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.WaitModal(t.Context(), who, func(slackapi.View) bool { return true }); err != nil {
			t.Fatal(err)
		}
		if err := s.town.slack.Fill(t.Context(), who, map[string]any{"who": suzuki}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"田中", "佐藤"} {
		if err := s.town.slack.SubmitTwice(t.Context(), staffID(name)); err != nil {
			t.Fatal(err)
		}
	}
	s.service.drained(t.Context(), within)
	calls := func() (n int) {
		card, _ := s.card()
		for _, m := range s.town.slack.Thread(card.Channel, card.TS) {
			n += strings.Count(m.Text, "<@"+suzuki+">")
		}
		return n
	}
	s.eventually("鈴木 is called", func() bool { return calls() > 0 })
	s.later(time.Second)
	if n := calls(); n != 1 {
		t.Errorf("鈴木 is called %d times, want once", n)
	}
}
