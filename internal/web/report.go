package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
)

// Page is something that was made to be read.
type Page struct {
	Type string // Content-Type
	Name string // of the file it is saved as; empty: it is looked at
	Body []byte
}

// Reports makes the reports about the town. An *AskedError says what is wrong
// with what was asked for.
type Reports interface {
	Make(ctx context.Context, query url.Values) (Page, error)
}

// AskedError tells whoever asked, in words, what is wrong with it.
type AskedError struct{ Text string }

func (e *AskedError) Error() string { return e.Text }

// report serves GET /report. It runs no program in the reader's browser and
// loads nothing.
func report(reports Reports, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "private, max-age=60")
		h.Set("Vary", "Authorization")
		page, err := reports.Make(r.Context(), r.URL.Query())
		var asked *AskedError
		switch {
		case errors.As(err, &asked):
			h.Set("Cache-Control", "no-store")
			http.Error(w, asked.Text, http.StatusBadRequest)
			return
		case err != nil:
			h.Set("Cache-Control", "no-store")
			log.ErrorContext(r.Context(), "report was not made", "err", err)
			http.Error(w, "いまは報告を作れません。少しあとで、もう一度開いてください。", http.StatusServiceUnavailable)
			return
		}
		h.Set("Content-Type", page.Type)
		if page.Name != "" {
			h.Set("Content-Disposition", `attachment; filename="`+page.Name+`"`)
		}
		_, _ = w.Write(page.Body)
	})
}
