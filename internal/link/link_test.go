package link_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/link"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	sealed, err := seal.New(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	l, err := link.New(link.Config{
		Seal: sealed, Base: "https://tsunagu.example.jp/", Now: func() time.Time { return now },
		Media: func(_ context.Context, id string) (link.File, error) {
			if id != "staff-F1" {
				return link.File{}, link.ErrGone
			}
			return link.File{Name: "申請書.pdf", MIME: "application/pdf", Content: []byte("%PDF-1.4")}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	get := func(address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		l.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
		return w
	}
	good := l.To("staff-F1", now.Add(time.Hour))
	if !strings.HasPrefix(good, "https://tsunagu.example.jp/f/") || strings.Contains(good, "staff") || len(good) > 1000 {
		t.Errorf("got address %q", good)
	}
	w := get(good)
	if w.Code != http.StatusOK || w.Body.String() != "%PDF-1.4" || w.Header().Get("Content-Type") != "application/pdf" {
		t.Errorf("got %d %q %v", w.Code, w.Body, w.Header())
	}
	for name, value := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"} {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
	for name, address := range map[string]string{
		"changed":  good[:len(good)-4] + "AAAA",
		"nonsense": "https://tsunagu.example.jp/f/abc",
		"empty":    "https://tsunagu.example.jp/f/",
		"gone":     l.To("staff-F2", now.Add(time.Hour)),
		"over":     l.To("staff-F1", now),
	} {
		if w := get(address); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "%PDF") {
			t.Errorf("%s: got %d, want 404", name, w.Code)
		}
	}
}
