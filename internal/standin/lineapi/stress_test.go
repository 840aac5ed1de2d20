package lineapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestEverythingAtOnce lets many people talk, a bot answer each by its token,
// staff push, and a page watch, while connections break: at the end every
// message stands on its phone exactly once.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	const people, rounds = 8, 12
	r := newRig(t, func(c *Config) { c.Rates = map[Endpoint]Rate{} })
	ctx, stop := context.WithCancel(t.Context())
	changes := r.Watch(ctx)
	var page sync.WaitGroup
	page.Go(func() {
		for c := range changes {
			if c.ChatID != "" {
				r.Phone(c.ChatID)
			}
		}
	})
	for _, e := range []Endpoint{EndpointReply, EndpointPush} {
		r.fail(Failure{Endpoint: e, Kind: CloseConnection, After: true, Chance: 0.1})
		r.fail(Failure{Endpoint: e, Kind: Answer500, Chance: 0.1})
	}
	post := func(path, body, key string) int {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+path, strings.NewReader(body))
		if err != nil {
			t.Error(err)
			return 0
		}
		req.Header.Set("Authorization", "Bearer "+testToken)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Line-Retry-Key", key)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return 0
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	until := func(path, body, key string, done ...int) {
		for range 100 {
			got := post(path, body, key)
			for _, want := range done {
				if got == want {
					return
				}
			}
		}
		t.Errorf("%s: never answered %v", path, done)
	}
	var all sync.WaitGroup
	for person := range people {
		user := UserID(uint64(person))
		all.Go(func() {
			for round := range rounds {
				e := r.Message(Person(user), Text{Text: "a"})
				if receipt, err := r.Deliver(ctx, e); err != nil || !receipt.OK() {
					t.Errorf("deliver: got %+v, %v", receipt, err)
				}
				// 400 after a broken connection means it had arrived.
				until("/v2/bot/message/reply", `{"replyToken":"`+e.ReplyToken+`","messages":[{"type":"text","text":"r"}]}`, "", 200, 400)
				until("/v2/bot/message/push", `{"to":"`+user+`","messages":[{"type":"text","text":"p"}]}`,
					fmt.Sprintf("%08x-0000-4000-8000-%012x", person, round), 200, 409)
			}
		})
	}
	all.Wait()
	for person := range people {
		ph := r.phone(UserID(uint64(person)))
		var replies, pushes int
		for _, b := range ph.Bot() {
			if b.Via == ViaReply {
				replies++
			} else {
				pushes++
			}
		}
		if ph.OwnBubbles != rounds || replies != rounds || pushes != rounds {
			t.Errorf("person %d: got %d said, %d replies, %d pushes, want %d of each", person, ph.OwnBubbles, replies, pushes, rounds)
		}
	}
	r.wantViolations()
	stop()
	page.Wait()
}
