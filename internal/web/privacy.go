package web

import (
	"html/template"
	"net/http"
	"strings"
)

// Section is the privacy page in one language.
type Section struct {
	Lang       string
	Title      string
	Paragraphs []string
}

var page = template.Must(template.New("privacy").Parse(`<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{(index . 0).Title}}</title>
<style>body{font:1.1rem/1.8 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem;color:#1f2933}section{border-top:1px solid #cbd2d9}</style>
</head><body>{{range .}}<section lang="{{.Lang}}"><h1>{{.Title}}</h1>{{range .Paragraphs}}<p>{{.}}</p>{{end}}</section>{{end}}</body></html>`))

// Privacy serves what happens to residents' words, in every language. sections
// is asked at each request, so that a reloaded pack shows at once.
func Privacy(sections func() []Section) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var b strings.Builder
		if err := page.Execute(&b, sections()); err != nil {
			http.Error(w, "the page could not be made", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		h.Set("X-Content-Type-Options", "nosniff")
		_, _ = w.Write([]byte(b.String()))
	})
}
