package slack

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// A card with a summary as long as the bot keeps.
func BenchmarkCard(b *testing.B) {
	c := aCase()
	c.Summary = strings.Repeat("家賃が払えません。", 500)
	entries := []desk.Entry{said(c, 1, opened, "もしもし")}
	for b.Loop() {
		if p := card(c, entries, pack(), false, ""); len(p.blocks) == 0 {
			b.Fatal("no blocks")
		}
	}
}

// A click: signature, JSON, a name that is known, a store that is quick.
func BenchmarkClick(b *testing.B) {
	s := &fakeStore{}
	c, err := New(Config{
		BotToken: "xoxb-1", SigningSecrets: []string{secret}, Inbox: s, Store: s, Media: s,
		Content: pack, Channel: channel, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	c.names.known[tanaka] = named{name: "田中", until: time.Now().Add(time.Hour)}
	value, err := json.Marshal(aboutCase(aCase()))
	if err != nil {
		b.Fatal(err)
	}
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]string{"id": tanaka},
		"container": map[string]string{"channel_id": money, "message_ts": "1700000000.000100"},
		"actions":   []any{map[string]string{"action_id": actTake, "value": string(value), "action_ts": "1700000001.000100"}},
	})
	if err != nil {
		b.Fatal(err)
	}
	body := []byte(url.Values{"payload": {string(payload)}}.Encode())
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/slack/interactions", bytes.NewReader(body))
		slackapi.Sign(r.Header, secret, time.Now(), body)
		w := httptest.NewRecorder()
		c.ServeInteractions(w, r)
		if w.Code != http.StatusOK {
			b.Fatalf("got %d", w.Code)
		}
	}
}
