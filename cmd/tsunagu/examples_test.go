package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/demo"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// TestExamplesEndWithAStaffReply takes each of the demo's ready-made examples
// the whole way, as a resident who agrees at every question would: the last
// thing on the phone is what staff wrote.
func TestExamplesEndWithAStaffReply(t *testing.T) {
	tw, err := openTown(townOptions{Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	page, err := demo.New(demo.Config{LINE: tw.line, Slack: tw.slack, Now: tw.clock.Now, SetClock: tw.clock.Set})
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	service := engines(t)[0].serve(t, tw)
	defer func() { _ = service.stop() }()
	tw.connect(service.url)

	answer := httptest.NewRecorder()
	page.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "http://127.0.0.1/demo/town", nil))
	var view struct {
		Examples []struct {
			ID    string
			Steps []struct{ Text, Sample string }
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &view); err != nil {
		t.Fatalf("the page's examples: %v in %.80s", err, answer.Body)
	}
	if len(view.Examples) < 12 {
		t.Fatalf("the page has %d examples, want at least 12", len(view.Examples))
	}
	for _, x := range view.Examples {
		t.Run(x.ID, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			user, err := tw.line.AddUser(lineapi.User{Name: x.ID})
			if err != nil {
				t.Fatal(err)
			}
			from := lineapi.Person(user)
			for _, s := range x.Steps {
				e := tw.line.Message(from, lineapi.Text{Text: s.Text})
				if s.Sample != "" {
					e = tw.line.Message(from, lineapi.Image{Data: onePixel})
				}
				if r, err := tw.line.Deliver(ctx, e); err != nil || !r.OK() {
					t.Fatalf("webhook: %+v %v", r, err)
				}
				time.Sleep(100 * time.Millisecond)
			}
			service.drained(ctx, within)
			for range 10 { // the resident agrees
				if _, err := service.store.OpenCaseOf(ctx, service.store.Pseudonym(user)); err == nil {
					break
				}
				tapForward(ctx, t, tw.line, from)
				service.drained(ctx, within)
			}
			c, err := service.store.OpenCaseOf(ctx, service.store.Pseudonym(user))
			if err != nil {
				ph, _ := tw.line.Phone(user)
				t.Fatalf("no case was opened: %v\n%s", err, strings.Join(transcript(ph, 0), "\n"))
			}
			card, err := tw.slack.WaitMessage(ctx, cfgChannel(c.Danger), func(m slackapi.Message) bool {
				return strings.Contains(tw.slack.Plain(m), c.Number()) && len(slackapi.Buttons(m)) > 0
			})
			if err != nil {
				t.Fatal(err)
			}
			service.drained(ctx, within)
			if _, err := tw.slack.Post(townStaff[0].ID, card.Channel, card.TS, ">> 読みました。お話を聞かせてください。"); err != nil {
				t.Fatal(err)
			}
			afterUndo(ctx, service.service, tw)
			if _, err := tw.line.Wait(ctx, user, func(ph lineapi.Phone) bool {
				last, ok := ph.LastBot()
				return ok && strings.Contains(bot.WithoutReadings(last.Text), "読みました") // some read it with furigana
			}); err != nil {
				t.Errorf("the staff reply is not on the phone: %v", err)
			}
		})
	}
	for _, v := range tw.line.Violations() {
		t.Errorf("LINE would object: %+v", v)
	}
}

func cfgChannel(danger string) string {
	if danger != "" {
		return townUrgent
	}
	return townDesk
}

// tapForward presses whatever leads on to people.
func tapForward(ctx context.Context, t *testing.T, p *lineapi.Platform, from lineapi.Source) {
	t.Helper()
	ph, _ := p.Phone(from.UserID)
	actions := ph.QuickReplies
	for i := len(ph.Bubbles) - 1; i >= 0; i-- {
		actions = append(actions, ph.Bubbles[i].Actions...)
	}
	for _, want := range []string{"yes", "hand:", "apply:", "skip", "window:", "human"} {
		for _, a := range actions {
			if a.Data == want || strings.HasSuffix(want, ":") && strings.HasPrefix(a.Data, want) {
				if r, err := p.Deliver(ctx, p.Postback(from, a.Data, a.Label, nil)); err != nil || !r.OK() {
					t.Fatalf("tap %s: %+v %v", a.Data, r, err)
				}
				return
			}
		}
	}
	t.Fatalf("nothing on the phone leads on")
}
