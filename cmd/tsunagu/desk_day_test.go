package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// eventually waits, for at most within, until something holds.
func (s *stage) eventually(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(within); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("waited in vain until %s\n%s", what, s.slackNow())
		}
	}
}

// TestHoursOfADay: what staff type becomes what residents are told, in every
// process, and is taken back as easily.
func TestHoursOfADay(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		tanaka := townStaff[0].ID
		say := func(words, answer string) {
			t.Helper()
			if _, err := s.town.slack.Command(t.Context(), tanaka, townDesk, "/tsunagu", words); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			if _, err := s.town.slack.WaitEphemeral(ctx, tanaka, func(m slackapi.Message) bool { return strings.Contains(s.town.slack.Plain(m), answer) }); err != nil {
				t.Fatalf("/tsunagu %s: %v", words, err)
			}
		}
		open := func() string {
			h := s.service.bot().Content().City.Desk
			until, _ := h.Open(s.town.clock.Now())
			return until.Format("15:04")
		}
		if got := open(); got != "17:15" {
			t.Fatalf("the day ends at %s, want 17:15", got)
		}
		say("hours きょうは 14時まで", "08:30〜14:00")
		if got := open(); got != "14:00" {
			t.Errorf("the day ends at %s, want 14:00", got)
		}
		say("hours あした 休み", "休み")
		h := s.service.bot().Content().City.Desk
		if next, ok := h.Next(s.town.clock.Now()); !ok || next.Format("2006-01-02 15:04") != "2026-11-26 08:30" {
			t.Errorf("the next opening is %v, want the day after tomorrow", next)
		}
		// The embedded pack, which all processes share, is as it was.
		if b, _ := shipped(); len(b.Content().City.Desk.Except) != 0 {
			t.Error("the pack itself was changed")
		}
		say("duty me", "当番に入りました")
		if on := s.service.bot().Content().OnDuty; len(on) != 1 || on[0] != tanaka {
			t.Errorf("on duty are %v", on)
		}
		say("hours きょう もどす", "もどしました")
		if got := open(); got != "17:15" {
			t.Errorf("the day ends at %s, want 17:15", got)
		}
		say("なにこれ", "使い方")
		say("statistics", "ボットが答えた")
	})
}

// TestHomeIsLive: a case that comes and is taken moves on the home, once.
func TestHomeIsLive(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	tanaka := townStaff[0].ID
	if err := s.town.slack.OpenHome(tanaka); err != nil {
		t.Fatal(err)
	}
	shows := func(want string) {
		t.Helper()
		s.eventually("the home says "+want, func() bool {
			v, ok := s.town.slack.Home(tanaka)
			return ok && strings.Contains(s.town.slack.PlainView(v), want)
		})
	}
	shows("待っている相談（古い順）*　0件")
	s.acts("> 電気代が払えません\n\n> [tap LINEで職員に話す]\n\n> [tap はい、伝えてください]")
	shows("待っている相談（古い順）*　1件")
	s.acts("= 田中 takes")
	shows("わたしの相談*　1件")
	v, _ := s.town.slack.Home(tanaka)
	if got := s.town.slack.PlainView(v); strings.Contains(got, "電気代") {
		t.Errorf("the home holds the resident's words:\n%s", got)
	}
}

// TestCaseByHand: a noted call becomes a case in its window's channel, can be
// taken and closed, and nothing goes to LINE.
func TestCaseByHand(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		ctx, tanaka := t.Context(), townStaff[0].ID
		ts, err := s.town.slack.Post(tanaka, townDesk, "", "電話あり。米がない")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.MessageShortcut(ctx, tanaka, townDesk, ts, "by_hand"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.WaitModal(ctx, tanaka, func(slackapi.View) bool { return true }); err != nil {
			t.Fatal(err)
		}
		if err := s.town.slack.Fill(ctx, tanaka, map[string]any{"window": "housing"}); err != nil {
			t.Fatal(err)
		}
		if err := s.town.slack.SubmitTwice(ctx, tanaka); err != nil {
			t.Fatal(err)
		}
		s.eventually("the card is there", func() bool { _, err := s.card(); return err == nil })
		s.acts("= 田中 takes")
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		if got := s.town.slack.Plain(card); !strings.Contains(got, "米がない") || !strings.Contains(got, "田中") || strings.Contains(got, "[返信]") {
			t.Errorf("the card shows\n%s", got)
		}
		if _, err := s.town.slack.Post(tanaka, card.Channel, card.TS, ">> 届きますか"); err != nil {
			t.Fatal(err)
		}
		within, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		if _, err := s.town.slack.WaitEphemeral(within, tanaka, func(m slackapi.Message) bool {
			return strings.Contains(s.town.slack.Plain(m), "LINE では届きません")
		}); err != nil {
			t.Error(err)
		}
		s.acts("= 田中 closes resolved")
		cases, err := s.service.store.RecentCases(ctx, morning.AddDate(0, 0, -1), 10)
		if err != nil || len(cases) != 1 || cases[0].Status != desk.Closed || cases[0].Lang != bot.Ja {
			t.Errorf("got %+v, %v; want one closed case", cases, err)
		}
		if b, err := s.service.store.Backlog(ctx); err != nil || b.Parked != 0 || b.Buried != 0 {
			t.Errorf("got %+v, %v", b, err)
		}
	})
}

// TestLeastInSlack: numbers are masked while the case lives; thirty days after
// its end no word of it stands in Slack, and the database still has them.
func TestLeastInSlack(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		content := *s.service.bot().Content()
		content.City.Slack = bot.Least{Mask: true, RedactAfterClose: 30}
		s.service.use(s.service.bot().Speaking(&content))
		s.acts(opening + "\n> 電話は 090-1234-5678 です\n\n= 田中 notes 鍵は妹さんが持つ")
		shown := func() string {
			all := ""
			for _, m := range s.town.slack.Messages(townDesk) {
				for _, line := range s.town.slack.Thread(townDesk, m.TS) {
					all += s.town.slack.Plain(line) + "\n"
				}
			}
			return all
		}
		if got := shown(); strings.Contains(got, "1234") || !strings.Contains(got, "〔電話〕") || !strings.Contains(got, "電気代") || !strings.Contains(got, "妹") {
			t.Errorf("Slack shows\n%s", got)
		}
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		typed, err := s.town.slack.Post(townStaff[1].ID, card.Channel, card.TS, ">> 電気代の紙を持ってきてください")
		if err != nil {
			t.Fatal(err)
		}
		_ = s.town.slack.Settle(t.Context())
		s.service.drained(t.Context(), within)
		afterUndo(t.Context(), s.service.service, s.town)
		s.acts("= 田中 closes resolved")
		s.later(29 * 24 * time.Hour)
		if got := shown(); !strings.Contains(got, "電気代") {
			t.Errorf("the words are gone too early:\n%s", got)
		}
		s.later(2 * 24 * time.Hour)
		// What somebody typed is theirs: the thread asks them, and follows.
		s.eventually("the thread says what remains", func() bool {
			return strings.Contains(shown(), "「>>」で書いた行が 1件、Slack に残っています")
		})
		if err := s.town.slack.Delete(townStaff[1].ID, card.Channel, typed); err != nil {
			t.Fatal(err)
		}
		s.eventually("the words are gone", func() bool {
			got := shown()
			return !strings.Contains(got, "電気代") && !strings.Contains(got, "妹") && !strings.Contains(got, "電話は") && strings.Contains(got, "もう残っていません")
		})
		cases, err := s.service.store.RecentCases(t.Context(), morning.AddDate(0, 0, -1), 10)
		if err != nil || len(cases) != 1 || !cases[0].Redacted() || !strings.Contains(cases[0].Summary, "電気代") {
			t.Errorf("got %+v, %v", cases, err)
		}
	})
}

// TestReplyFromTheThread: a line that staff wrote for each other becomes, by
// the message's shortcut, the reply that the resident gets; the line itself
// stays among staff.
func TestReplyFromTheThread(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		ctx, suzuki := t.Context(), townStaff[1].ID
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		ts, err := s.town.slack.Post(suzuki, card.Channel, card.TS, "あした10時に来られますか")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.MessageShortcut(ctx, suzuki, card.Channel, ts, "reply"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.town.slack.WaitModal(ctx, suzuki, func(v slackapi.View) bool { return v.Title == "返信" }); err != nil {
			t.Fatal(err)
		}
		if got := s.phone(s.user); strings.Contains(got, "あした10時") {
			t.Errorf("before 送る the resident got\n%s", got)
		}
		for range 2 { // the form, then the preview
			if _, err := s.town.slack.Submit(ctx, suzuki); err != nil {
				t.Fatal(err)
			}
		}
		s.service.drained(ctx, within)
		afterUndo(ctx, s.service.service, s.town)
		s.service.drained(ctx, within)
		if got := s.phone(s.user); strings.Count(got, "あした10時に来られますか") != 1 {
			t.Errorf("the resident got\n%s", got)
		}
		s.learn()
	})
}

// TestSendAPlace: staff send a facility of the city's list; the resident gets
// its card, and the thread names it.
func TestSendAPlace(t *testing.T) {
	t.Parallel()
	s := openStage(t, engines(t)[0], morning, townOptions{})
	content := *s.service.bot().Content()
	content.Facilities = []bot.Facility{{ID: "1", Name: "見本学習館", Kana: "ミホンガクシュウカン", Address: "見本町1-2", Phone: "042-000-1234", Days: "火水木", From: "09:00", To: "17:00"}}
	content.Lists.Facilities = bot.List{Source: "見本市の公共施設一覧", Verified: "2026-11-20"}
	s.service.use(s.service.bot().Speaking(&content))
	s.acts(opening)
	before := s.phone(s.user)
	s.acts("= 田中 shows " + content.Handouts(morning)[0].Show)
	got := strings.TrimPrefix(s.phone(s.user), before)
	for _, want := range []string{"見本学習館", "住所：見本町1-2", "火水木 09:00–17:00", "出典：見本市の公共施設一覧", "042-000-1234に電話"} {
		if !strings.Contains(got, want) {
			t.Errorf("the resident does not read %q:\n%s", want, got)
		}
	}
	card, err := s.card()
	if err != nil {
		t.Fatal(err)
	}
	lines := ""
	for _, m := range s.town.slack.Thread(card.Channel, card.TS) {
		lines += s.town.slack.Plain(m) + "\n"
	}
	if !strings.Contains(lines, "［案内のカード：公共施設　見本学習館］") || strings.Contains(lines, "facility:") {
		t.Errorf("the thread says\n%s", lines)
	}
	s.learn()
}

// TestFindInThreads: what was said in a thread, sealed in the database, finds
// the case for those of its team, and is not shown.
func TestFindInThreads(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening + "\n> 階段の手すりも こわれています\n\n= 田中 notes 鍵は妹さんが持つ")
		tanaka := townStaff[0].ID
		for n, words := range []string{"手すり", "妹さん 電気代"} {
			if _, err := s.town.slack.Command(t.Context(), tanaka, townDesk, "/tsunagu", "find "+words); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), within)
			defer cancel()
			found := func() (out []string) {
				for _, m := range s.town.slack.Ephemerals(tanaka) {
					if text := s.town.slack.Plain(m); strings.Contains(text, "担当：田中") {
						out = append(out, text)
					}
				}
				return out
			}
			if err := s.town.slack.Wait(ctx, func() bool { return len(found()) > n }); err != nil {
				t.Fatalf("%s was not found: %v", words, err)
			}
			if got := strings.Join(found(), "\n"); strings.Contains(got, "手すり") || strings.Contains(got, "妹") || strings.Contains(got, "全部は") {
				t.Errorf("%s: got %q", words, got)
			}
		}
	})
}
