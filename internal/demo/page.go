package demo

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

//go:embed page
var pageFiles embed.FS

// policy lets the page use its own files only: no script, style, picture or
// connection from elsewhere, whatever a message says.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxBody bounds what the page may post, in bytes: a photo in base64.
const maxBody = 16 << 20

func (d *Demo) pageRoutes(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { d.serveFile(w, r, "index.html") })
	mux.HandleFunc("GET /demo/page/{name}", func(w http.ResponseWriter, r *http.Request) { d.serveFile(w, r, r.PathValue("name")) })
}

func (d *Demo) serveFile(w http.ResponseWriter, r *http.Request, name string) {
	b, err := fs.ReadFile(pageFiles, path.Join("page", path.Base(name)))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	guarded(h)
	h.Set("Content-Type", typeOf(name))
	h.Set("Content-Security-Policy", policy)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b))
}

// typeOf does not ask the machine's table of types, which may be missing.
func typeOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return "application/octet-stream"
}

func guarded(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// bytesOut serves what somebody sent. What is neither picture, sound nor film
// is only ever downloaded, because a browser would run it as this page.
func bytesOut(w http.ResponseWriter, data []byte, mediaType, name string) {
	h := w.Header()
	guarded(h)
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	switch base, _, _ := mime.ParseMediaType(mediaType); base {
	case "image/jpeg", "image/png", "image/gif", "image/webp", "audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/webm", "audio/aac",
		"video/mp4", "video/webm":
		h.Set("Content-Type", base)
	default:
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	_, _ = w.Write(data) //nolint:gosec // only pictures and sounds are shown, sandboxed; all else is downloaded
}

// answer writes v as JSON.
func (d *Demo) answer(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		d.cfg.Log.Error("demo answer not encoded", "err", err)
		http.Error(w, `{"error":"encode"}`, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	guarded(h)
	h.Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// problem tells the page what did not work.
func (d *Demo) problem(w http.ResponseWriter, status int, err error) {
	d.answer(w, status, map[string]string{"error": err.Error()})
}

// errNotThere reports somebody or something the page asked for in vain.
var errNotThere = errors.New("not there")

// post registers an action: JSON in, JSON out.
func post[T any](mux *http.ServeMux, d *Demo, name string, do func(context.Context, T) (any, error)) {
	mux.HandleFunc("POST /demo/"+name, func(w http.ResponseWriter, r *http.Request) {
		// Only a page may send this type to us without asking first, and
		// CrossOriginProtection lets only our own.
		if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
			d.problem(w, http.StatusUnsupportedMediaType, errors.New("send application/json"))
			return
		}
		var in T
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
			status := http.StatusBadRequest
			if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
				status = http.StatusRequestEntityTooLarge
			}
			d.problem(w, status, fmt.Errorf("read request: %w", err))
			return
		}
		// What a person began is finished, even when the page is closed.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), 20*time.Second)
		defer cancel()
		out, err := do(ctx, in)
		if err != nil {
			d.problem(w, statusOf(err), err)
			return
		}
		if out == nil {
			out = struct{}{}
		}
		d.answer(w, http.StatusOK, out)
	})
}

func statusOf(err error) int {
	if _, late := errors.AsType[*slackapi.NotAcknowledgedError](err); late {
		return http.StatusGatewayTimeout
	}
	switch {
	case errors.Is(err, errNotThere):
		return http.StatusNotFound
	case errors.Is(err, slackapi.ErrFormIncomplete):
		return http.StatusUnprocessableEntity
	case errors.Is(err, slackapi.ErrCannot), errors.Is(err, lineapi.ErrNotShowing):
		return http.StatusConflict
	}
	return http.StatusBadGateway
}
