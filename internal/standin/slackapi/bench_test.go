package slackapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// BenchmarkPost measures what the stand-in itself costs per card, without a
// network: parsing, checking blocks, storing, and building the event.
func BenchmarkPost(b *testing.B) {
	cfg := testConfig()
	cfg.KeepMessages = 1000
	cfg.Events = []string{}
	posted := 0
	cfg.OnMessage = func(Accepted) { posted++ }
	w, err := New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer w.Close()
	handler := w.Handler()
	body := url.Values{
		"channel": {town}, "text": {"相談が届きました"}, "token": {testToken},
		"metadata": {`{"event_type":"case","event_payload":{"id":"c1"}}`},
		"blocks": {`[{"type":"header","text":{"type":"plain_text","text":"くらしのお金"}},
			{"type":"section","text":{"type":"mrkdwn","text":"` + strings.Repeat("家賃が払えない。", 20) + `"}},
			{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"担当する"},"action_id":"claim","value":"c1"}]}]`},
	}.Encode()
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/api/chat.postMessage", strings.NewReader(body))
		r.Header.Set("Content-Type", formType)
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	if posted != b.N {
		b.Errorf("%d of %d posts were accepted", posted, b.N)
	}
}
