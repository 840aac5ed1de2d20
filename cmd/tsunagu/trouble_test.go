package main

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// asking is opening without anybody who takes the case.
var asking = strings.TrimSuffix(opening, "= 田中 takes\n")

// onEach runs a test on every engine, each on a stage of its own.
func onEach(t *testing.T, o townOptions, run func(t *testing.T, s *stage)) {
	for _, e := range engines(t) {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			run(t, openStage(t, e, morning, o))
		})
	}
}

// phone is all the bot said to a resident, a line a bubble.
func (s *stage) phone(user string) string {
	ph, _ := s.town.line.Phone(user)
	return strings.Join(transcript(ph, 0), "\n")
}

// sees waits until the resident's act shows want on the phone. It does not
// wait for Slack, which may be away.
func (s *stage) sees(user string, act func(context.Context) error, want string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), within)
	defer cancel()
	if err := act(ctx); err != nil {
		s.t.Fatal(err)
	}
	_, err := s.town.line.Wait(ctx, user, func(lineapi.Phone) bool { return strings.Contains(s.phone(user), want) })
	if err != nil {
		s.t.Fatalf("%q is not on the phone: %v\n%s", want, err, s.phone(user))
	}
}

// says and taps are what a resident does.
func (s *stage) says(user, text string) func(context.Context) error {
	return func(ctx context.Context) error { _, err := s.town.line.Say(ctx, user, text); return err }
}

func (s *stage) taps(user, label string) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.town.line.TapLabel(ctx, lineapi.Person(user), label)
		return err
	}
}

// stands waits until Slack shows it.
func (s *stage) stands(what string, ok func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*within)
	defer cancel()
	if err := s.town.slack.Wait(ctx, ok); err != nil {
		s.t.Fatalf("Slack does not show %s: %v\n%s", what, err, s.slackNow())
	}
	s.service.drained(ctx, within)
}

// lines are the bot's own posts below the cards of a channel.
func (s *stage) lines(channel string) (all []string) {
	for _, root := range s.cards(channel) {
		for _, m := range s.town.slack.Thread(channel, root.TS) {
			if m.BotID != "" && m.TS != root.TS {
				all = append(all, s.town.slack.Plain(m))
			}
		}
	}
	return all
}

// cards are the bot's posts of a channel that begin a thread.
func (s *stage) cards(channel string) []slackapi.Message {
	return slices.DeleteFunc(s.town.slack.Messages(channel), func(m slackapi.Message) bool { return m.BotID == "" || m.IsReply() })
}

func countWith(list []string, part string) (n int) {
	for _, l := range list {
		if strings.Contains(l, part) {
			n++
		}
	}
	return n
}

// TestThreeClaimAtOnce: three people press the button at the same instant, each
// twice. One has the case, the others are told who, the resident hears one name.
func TestThreeClaimAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(asking)
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		// The card stays as it is until all have pressed.
		stands := s.town.slack.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailRateLimited})
		var all sync.WaitGroup
		start := make(chan struct{})
		for _, who := range townStaff {
			all.Go(func() {
				<-start
				if err := s.town.slack.ClickTwice(t.Context(), slackapi.On(who.ID, card.Channel, card.TS), "take"); err != nil {
					t.Errorf("%s: %v", who.DisplayName, err)
				}
			})
		}
		close(start)
		all.Wait()
		stands.Withdraw()
		heard(t.Context(), s.service.service, s.town)
		c, err := s.service.store.OpenCaseOf(t.Context(), s.service.store.Pseudonym(s.user))
		if err != nil || c.Status != desk.Taken || c.Holder.Name == "" {
			t.Fatalf("got %+v, %v; want a holder", c.Holder, err)
		}
		s.stands("the holder", func() bool {
			card, err := s.card()
			return err == nil && strings.Contains(s.town.slack.Plain(card), c.Holder.Name+"さん")
		})
		if got := s.phone(s.user); strings.Count(got, "が担当します") != 1 || !strings.Contains(got, c.Holder.Name+"が担当します") {
			t.Errorf("the phone shows\n%s\nwant one name, %s", got, c.Holder.Name)
		}
		for _, who := range townStaff {
			var told []string
			for _, m := range s.town.slack.Ephemerals(who.ID) {
				told = append(told, s.town.slack.Plain(m))
			}
			if n := countWith(told, c.Holder.Name+"さんが担当しています"); (n > 0) == (who.ID == c.Holder.ID) {
				t.Errorf("%s, while %s has the case, was told %q", who.DisplayName, c.Holder.Name, told)
			}
		}
	})
}

// TestSlackAwayForAnHour: residents are answered all the while, and when Slack
// is back everything stands there once and in order.
func TestSlackAwayForAnHour(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		other, err := s.town.line.AddUser(lineapi.User{Name: "べつの市民"})
		if err != nil {
			t.Fatal(err)
		}
		s.town.slack.SetDown(true)
		s.sees(s.user, s.says(s.user, "電気代が払えません"), "LINEで職員に話す")
		s.sees(s.user, s.taps(s.user, "LINEで職員に話す"), "これを職員に伝えてもいいですか")
		s.sees(s.user, s.taps(s.user, "はい、伝えてください"), "職員に伝えました")
		s.sees(other, s.says(other, "死にたい"), "0120")
		words := []string{"書き忘れました", "12月1日に止まるそうです", "よろしくお願いします"}
		for i, w := range words {
			s.service.moveClock(s.town.clock, morning.Add(time.Duration(i+1)*20*time.Minute))
			if err := s.says(s.user, w)(t.Context()); err != nil {
				t.Fatal(err)
			}
			heard(t.Context(), s.service.service, s.town)
		}
		// Nobody could know when they asked; by now they know, once each.
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 1, saidArrived: 0})
		s.reads(other, map[string]int{saidWaits: 1, saidArrived: 0})
		s.slackAway(t.Context(), false)
		s.stands("the last words", func() bool { return countWith(s.lines(townDesk), words[2]) > 0 && len(s.cards(townUrgent)) > 0 })
		if n := len(s.cards(townDesk)); n != 1 {
			t.Errorf("%d cards at the desk, want 1", n)
		}
		danger := s.cards(townUrgent)
		// The card rang when it was posted; written anew it rings no more, but
		// its thread calls because nobody took it meanwhile.
		if len(danger) != 1 || countWith(s.lines(townUrgent), "まだだれも引き受けていません") == 0 {
			t.Errorf("got %d cards of danger, want one whose thread calls:\n%s", len(danger), s.slackNow())
		}
		shown := s.lines(townDesk)
		at := -1
		for _, w := range words {
			i := slices.IndexFunc(shown, func(l string) bool { return strings.Contains(l, w) })
			if countWith(shown, w) != 1 || i < at {
				t.Errorf("%q stands in the thread %d times, at %d after %d:\n%s", w, countWith(shown, w), i, at, strings.Join(shown, "\n"))
			}
			at = i
		}
		if _, err := s.town.slack.Click(t.Context(), slackapi.On(townStaff[0].ID, danger[0].Channel, danger[0].TS), "take"); err != nil {
			t.Error(err)
		}
		s.service.drained(t.Context(), within)
		s.later(6 * time.Minute)
		s.reads(s.user, map[string]int{saidDone: 1, saidWaits: 1, saidArrived: 1})
		s.reads(other, map[string]int{saidWaits: 1, "が担当します": 1, saidArrived: 0}) // who has it says it all
	})
}

// TestSlackAnswersBadly: too fast, broken, done without an answer, done after
// we stopped waiting. What staff see stands there once all the same.
func TestSlackAnswersBadly(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		const post, update = "chat.postMessage", "chat.update"
		fail := func(method string, kind slackapi.FailureKind, times int) {
			s.town.slack.Fail(slackapi.Failure{Method: method, Kind: kind, Times: times})
		}
		fail(post, slackapi.FailRateLimited, 2)
		s.acts(asking)
		s.stands("the card", func() bool { _, err := s.card(); return err == nil })
		fail(update, slackapi.FailStatus, 2)
		s.acts("= 田中 takes")
		s.town.slack.Fail(slackapi.Failure{Method: post, Kind: slackapi.FailDelay, Delay: 7 * time.Second, Times: 1}) // the edge waits six
		s.acts("> 一つ目：おそい返事")
		fail(post, slackapi.FailAfter, 1)
		fail(update, slackapi.FailAfter, 1)
		s.acts("> 二つ目：返事がない")
		fail(post, slackapi.FailBefore, 1)
		fail(update, slackapi.FailRateLimited, 1)
		s.acts("= 田中 replies 三つ目：職員から")
		s.stands("the reply's fate", func() bool { return countWith(s.lines(townDesk), "✓ 届きました") > 0 })
		if cards := s.cards(townDesk); len(cards) != 1 || !strings.Contains(s.town.slack.Plain(cards[0]), "田中さん") {
			t.Errorf("got %d cards, want one that names 田中:\n%s", len(cards), s.slackNow())
		}
		shown := s.lines(townDesk)
		for _, w := range []string{"一つ目", "二つ目", "三つ目"} {
			if n := countWith(shown, w); n != 1 {
				t.Errorf("%q stands in the thread %d times, want once:\n%s", w, n, strings.Join(shown, "\n"))
			}
		}
		if countWith(shown, "✓ 届きました") != 1 {
			t.Errorf("the thread does not say that the reply arrived:\n%s", strings.Join(shown, "\n"))
		}
		if got := s.phone(s.user); strings.Count(got, "三つ目") != 1 {
			t.Errorf("the phone shows\n%s\nwant the reply once", got)
		}
	})
}

// TestTalkOfEveryKindStaysInside: what is not words only: reactions, edits,
// pins of links, files, deletions, posts beside the thread.
func TestTalkOfEveryKindStaysInside(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		before, sl, tanaka, suzuki := s.phone(s.user), s.town.slack, townStaff[0].ID, townStaff[1].ID
		must := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		talk := func(thread, text string) string {
			t.Helper()
			ts, err := sl.Post(suzuki, card.Channel, thread, text)
			must(err)
			return ts
		}
		// Talk that becomes something else afterwards.
		ts := talk(card.TS, "内輪の話")
		must(sl.Edit(suzuki, card.Channel, ts, ">> 内輪の話"))
		must(sl.Edit(suzuki, card.Channel, ts, "内輪の話、直した"))
		must(sl.React(tanaka, card.Channel, ts, "eyes"))
		must(sl.Unreact(tanaka, card.Channel, ts, "eyes"))
		must(sl.React(tanaka, card.Channel, card.TS, "white_check_mark"))
		ts = talk(card.TS, "https://example.jp/ を見て")
		must(sl.Unfurl(card.Channel, ts))
		must(sl.Delete(suzuki, card.Channel, ts))
		// Where no case is.
		root := talk("", ">> 内輪：チャンネルに書いた")
		talk(root, ">> 内輪：カードではないスレッド")
		must(sl.Edit(suzuki, card.Channel, root, ">> 内輪：直した"))
		_, err = sl.Post(tanaka, townUrgent, "", ">> 内輪：ほかのチャンネル")
		must(err)
		// Files without words to the resident.
		for _, comment := range []string{"", "内輪の写真", "見て >> 内輪"} {
			_, _, err = sl.UploadFile(tanaka, card.Channel, card.TS, "naibu.png", onePixel, comment)
			must(err)
		}
		for _, text := range []string{"内輪 >> 途中", "a>>内輪", "> 内輪の引用", "&gt;&gt; 内輪", "```\n>> 内輪\n```", ">", ">>", ">> ", ">>　", "内輪＞＞"} {
			talk(card.TS, text)
		}
		must(sl.Settle(t.Context()))
		s.service.drained(t.Context(), within)
		afterUndo(t.Context(), s.service.service, s.town)
		s.service.drained(t.Context(), within)
		if after := s.phone(s.user); after != before {
			t.Errorf("talk reached the resident:\n%s", strings.TrimPrefix(after, before))
		}
	})
}

// TestNewCaseGoesFirst: in a channel with much to show, a case that nobody has
// yet is shown before the lines of those that somebody sees to.
func TestNewCaseGoesFirst(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		other, err := s.town.line.AddUser(lineapi.User{Name: "べつの市民"})
		if err != nil {
			t.Fatal(err)
		}
		s.town.slack.SetDown(true)
		words := []string{"書き忘れました", "12月1日に止まるそうです", "よろしくお願いします"}
		for _, w := range words {
			if err := s.says(s.user, w)(t.Context()); err != nil {
				t.Fatal(err)
			}
			heard(t.Context(), s.service.service, s.town)
		}
		s.sees(other, s.says(other, "電気代が払えません"), "LINEで職員に話す")
		s.sees(other, s.taps(other, "LINEで職員に話す"), "これを職員に伝えてもいいですか")
		s.sees(other, s.taps(other, "はい、伝えてください"), "職員に伝えました")
		s.town.slack.SetDown(false)
		s.stands("the last words", func() bool { return countWith(s.lines(townDesk), words[2]) > 0 && len(s.cards(townDesk)) == 2 })
		card := s.cards(townDesk)[1]
		for _, m := range s.town.slack.Thread(townDesk, s.cards(townDesk)[0].TS) {
			if shown := s.town.slack.Plain(m); strings.Contains(shown, words[2]) && m.TS < card.TS {
				t.Errorf("%q stands there since %s, the new case only since %s", words[2], m.TS, card.TS)
			}
		}
	})
}

// TestTakingBackIsOfferedFirst: the button that takes a reply back lives ten
// seconds, so that its line goes before what can wait.
func TestTakingBackIsOfferedFirst(t *testing.T) {
	t.Parallel()
	onEach(t, townOptions{}, func(t *testing.T, s *stage) {
		s.acts(opening)
		card, err := s.card()
		if err != nil {
			t.Fatal(err)
		}
		busy := s.town.slack.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailRateLimited})
		words := []string{"書き忘れました", "12月1日に止まるそうです", "よろしくお願いします"}
		for _, w := range words {
			if err := s.says(s.user, w)(t.Context()); err != nil {
				t.Fatal(err)
			}
			heard(t.Context(), s.service.service, s.town)
		}
		if _, err := s.town.slack.Post(townStaff[0].ID, card.Channel, card.TS, ">> 確かめます"); err != nil {
			t.Fatal(err)
		}
		heard(t.Context(), s.service.service, s.town)
		busy.Withdraw()
		s.stands("the last words", func() bool { return countWith(s.lines(townDesk), words[2]) > 0 })
		shown := s.lines(townDesk)
		at := func(part string) int {
			return slices.IndexFunc(shown, func(l string) bool { return strings.Contains(l, part) })
		}
		if at("確かめます") < 0 || at("確かめます") > at(words[2]) {
			t.Errorf("the reply stands at %d, after %q at %d:\n%s", at("確かめます"), words[2], at(words[2]), strings.Join(shown, "\n"))
		}
	})
}
