// Package web serves HTTP: the webhooks of LINE and Slack, health, metrics, the
// report, and the page that tells residents what happens to their words. It knows
// neither what the webhooks do nor where things are kept.
package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Config of the server.
type Config struct {
	Addr       string
	LINE       http.Handler            // POST /line/webhook
	Slack      map[string]http.Handler // POST /slack/NAME: events, interactions, commands
	Privacy    http.Handler            // GET /privacy
	Files      http.Handler            // GET /f/…: what staff sent to residents, for a while
	Ready      func(context.Context) error
	Metrics    *prometheus.Registry
	Reports    Reports      // GET /report; nil: 404
	AdminToken string       // for /metrics and /report from elsewhere than loopback
	Other      http.Handler // everything else, e.g. the demo's page; nil: 404
	Log        *slog.Logger
}

// Server is an HTTP server that stops gracefully.
type Server struct {
	cfg  Config
	http *http.Server
}

// New builds the server and its routes.
func New(cfg Config) (*Server, error) {
	if cfg.LINE == nil || cfg.Ready == nil {
		return nil, errors.New("web: LINE and Ready are required")
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Metrics == nil {
		cfg.Metrics = prometheus.NewRegistry()
	}
	s := &Server{cfg: cfg}
	s.http = &http.Server{
		Addr:              cfg.Addr,
		Handler:           s.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(cfg.Log.Handler(), slog.LevelDebug),
	}
	return s, nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/line/webhook", s.cfg.LINE)
	for name, h := range s.cfg.Slack {
		mux.Handle("/slack/"+name, h)
	}
	if s.cfg.Privacy != nil {
		mux.Handle("GET /privacy", s.cfg.Privacy)
	}
	if s.cfg.Files != nil {
		mux.Handle("GET /f/", s.cfg.Files)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.admin(promhttp.HandlerFor(s.cfg.Metrics, promhttp.HandlerOpts{})))
	if s.cfg.Reports != nil {
		mux.Handle("GET /report", s.admin(report(s.cfg.Reports, s.cfg.Log)))
	}
	if s.cfg.Other != nil {
		mux.Handle("/", s.cfg.Other)
	}
	return s.recovered(mux)
}

// ready says whether database, Redis and content are there, and what is not.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, "ready")
}

// admin lets loopback in, and others with the token: as a bearer, or as the
// password a browser asks for, whatever the name. A token in the address would
// stand in histories and logs, and a cookie is sent without being asked for:
// neither is taken.
func (s *Server) admin(next http.Handler) http.Handler {
	want := sha256.Sum256([]byte(s.cfg.AdminToken))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok {
			_, token, _ = r.BasicAuth()
		}
		got := sha256.Sum256([]byte(token)) // so that not even the length shows in the time it takes
		known := s.cfg.AdminToken != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
		if !known && !direct(r) {
			w.Header().Set("WWW-Authenticate", `Basic realm="tsunagu", charset="UTF-8"`)
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "send Authorization: Bearer ADMIN_TOKEN (in a browser: any name, and ADMIN_TOKEN as the password), or ask from this machine", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// direct reports a request from this machine that did not come through a proxy.
func direct(r *http.Request) bool {
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host", "X-Forwarded-Proto", "Via", "Cf-Connecting-Ip"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && at.Addr().IsLoopback()
}

// recovered turns a panic into a 500 and a log line without the request's words.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p) // the server's own way to drop a connection
				}
				s.cfg.Log.ErrorContext(r.Context(), "handler panicked", "path", r.URL.Path, "stack", string(debug.Stack()))
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// Handler is the whole of the routes, for tests and for the demo.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Run serves until ctx ends, then stops accepting and finishes what is in
// hand within grace. Listening tells the address once it is open.
func (s *Server) Run(ctx context.Context, grace time.Duration, listening func(net.Addr)) error {
	l, err := net.Listen("tcp", s.cfg.Addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.cfg.Addr, err)
	}
	if listening != nil {
		listening(l.Addr())
	}
	failed := make(chan error, 1)
	go func() { failed <- s.http.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := s.http.Shutdown(stop); err != nil {
		return fmt.Errorf("stop serving: %w", err)
	}
	return nil
}
