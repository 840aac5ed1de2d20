package lineapi

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// benchPlatform keeps counts only and knows no rates, as under load.
func benchPlatform(b *testing.B) *Platform {
	b.Helper()
	p, err := New(Config{ChannelSecret: testSecret, ChannelToken: testToken, KeepBubbles: -1, Rates: map[Endpoint]Rate{}, Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(p.Close)
	for i := range 1000 {
		if _, err := p.AddUser(User{ID: UserID(uint64(i))}); err != nil {
			b.Fatal(err)
		}
	}
	return p
}

// sink is the cheapest ResponseWriter, so that the handler is what is measured.
type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

func serveBench(b *testing.B, h http.Handler, path, body, key string) {
	req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, "http://line.test"+path, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("X-Line-Retry-Key", key)
	}
	w := &sink{header: http.Header{}}
	h.ServeHTTP(w, req)
	if w.status != http.StatusOK {
		b.Fatalf("got %d, want 200", w.status)
	}
}

func benchKey(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-000000000000", i) }

func BenchmarkPush(b *testing.B) {
	p := benchPlatform(b)
	h := p.Handler()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		serveBench(b, h, "/v2/bot/message/push", `{"to":"`+UserID(uint64(i%1000))+`","messages":[{"type":"text","text":"お話を聞かせてください。どんなことでお困りですか。"}]}`, benchKey(i))
	}
}

func BenchmarkPushFlex(b *testing.B) {
	p := benchPlatform(b)
	h := p.Handler()
	card, err := os.ReadFile("testdata/accepted/flex_bubble.json")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		serveBench(b, h, "/v2/bot/message/push", `{"to":"`+UserID(uint64(i%1000))+`","messages":[`+string(card)+`]}`, benchKey(i))
	}
}

// BenchmarkReply makes the event whose token is used, but posts no webhook.
func BenchmarkReply(b *testing.B) {
	p := benchPlatform(b)
	p.SetWebhook("http://unused.test")
	h := p.Handler()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		e := p.Message(Person(UserID(uint64(i%1000))), Text{Text: "家賃が払えない"})
		if _, _, err := p.prepare(false, []*Event{e}); err != nil {
			b.Fatal(err)
		}
		serveBench(b, h, "/v2/bot/message/reply", `{"replyToken":"`+e.ReplyToken+`","messages":[{"type":"text","text":"お話を聞かせてください。"}]}`, "")
	}
}

// BenchmarkPushLoopback goes over a real connection, client and server in one
// process.
func BenchmarkPushLoopback(b *testing.B) {
	p := benchPlatform(b)
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	body := `{"to":"` + UserID(1) + `","messages":[{"type":"text","text":"お話を聞かせてください。"}]}`
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+"/v2/bot/message/push", strings.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			req.Header.Set("Authorization", "Bearer "+testToken)
			req.Header.Set("Content-Type", "application/json")
			res, err := client.Do(req)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if res.StatusCode != http.StatusOK {
				b.Errorf("got %d, want 200", res.StatusCode)
				return
			}
		}
	})
}

func BenchmarkCheckFlex(b *testing.B) {
	card, err := os.ReadFile("testdata/accepted/flex_bubble.json")
	if err != nil {
		b.Fatal(err)
	}
	list := []byte("[" + string(card) + "]")
	b.SetBytes(int64(len(list)))
	b.ReportAllocs()
	for b.Loop() {
		if err := CheckMessages(list); err != nil {
			b.Fatal(err)
		}
	}
}
