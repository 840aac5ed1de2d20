package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/tsunagu-chat/tsunagu/internal/web"
)

// TestMetricsBehindProxy refuses figures to whoever came through a proxy on
// this machine, whichever header that proxy sets, but not with the token.
func TestMetricsBehindProxy(t *testing.T) {
	t.Parallel()
	s, err := web.New(web.Config{
		LINE: http.NotFoundHandler(), Ready: func(context.Context) error { return nil }, AdminToken: "word",
	})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(from, header, value string) int {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", nil)
		r.RemoteAddr = from
		if header != "" {
			r.Header.Set(header, value)
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w.Code
	}
	if got := ask("127.0.0.1:5", "", ""); got != http.StatusOK {
		t.Errorf("from loopback: %d, want 200", got)
	}
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "X-Forwarded-Proto", "Via", "CF-Connecting-IP"} {
		if got := ask("127.0.0.1:5", header, "x"); got != http.StatusUnauthorized {
			t.Errorf("from loopback with %s: %d, want 401", header, got)
		}
	}
	for value, want := range map[string]int{"Bearer word": 200, "Bearer wor": 401, "Bearer ": 401, "": 401} {
		if got := ask("192.0.2.1:5", "Authorization", value); got != want {
			t.Errorf("from elsewhere with %q: %d, want %d", value, got, want)
		}
	}
}
