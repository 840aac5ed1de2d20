// Package link makes addresses under which a resident can open what staff sent
// them, for a while, without an account, and serves them. An address is sealed:
// it can neither be guessed nor changed, and says nothing to who reads it.
package link

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/seal"
)

// Path is where the addresses begin.
const Path = "/f/"

// place is what the addresses are sealed for: no other sealed value opens here.
const place = "link"

// File is what stands behind an address.
type File struct {
	Name, MIME string
	Content    []byte
}

// ErrGone reports a file that is not kept any more.
var ErrGone = errors.New("file gone")

// Config of Links.
type Config struct {
	Seal  *seal.Seal
	Base  string // PUBLIC_URL
	Media func(ctx context.Context, id string) (File, error)
	Now   func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: slog.Default()
}

// Links makes and serves the addresses.
type Links struct{ cfg Config }

// New checks the configuration.
func New(cfg Config) (*Links, error) {
	if cfg.Seal == nil || cfg.Media == nil {
		return nil, errors.New("link: Seal and Media are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	cfg.Base = strings.TrimSuffix(cfg.Base, "/")
	return &Links{cfg}, nil
}

type ticket struct {
	File  string `json:"f"`
	Until int64  `json:"u"` // Unix seconds
}

// To is the address of a file, good until a time. It is shorter than the 1,000
// characters LINE takes.
func (l *Links) To(file string, until time.Time) string {
	b, err := json.Marshal(ticket{File: file, Until: until.Unix()})
	if err != nil { // a string and a number cannot fail to encode
		return ""
	}
	return l.cfg.Base + Path + base64.RawURLEncoding.EncodeToString(l.cfg.Seal.Seal(place, b))
}

// open reads an address; false for one that is not ours, or is over.
func (l *Links) open(token string) (file string, ok bool) {
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", false
	}
	b, err := l.cfg.Seal.Open(place, sealed)
	if err != nil {
		return "", false
	}
	var t ticket
	if json.Unmarshal(b, &t) != nil || !l.cfg.Now().Before(time.Unix(t.Until, 0)) {
		return "", false
	}
	return t.File, true
}

// ServeHTTP shows a file. A wrong address and one that is over look the same.
func (l *Links) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	file, ok := l.open(strings.TrimPrefix(r.URL.Path, Path))
	if !ok {
		gone(w)
		return
	}
	f, err := l.cfg.Media(r.Context(), file)
	switch {
	case errors.Is(err, ErrGone):
		gone(w)
		return
	case err != nil:
		l.cfg.Log.WarnContext(r.Context(), "file of a link not read", "err", err)
		http.Error(w, "Please try again later. / あとで もう一度 ためしてください。", http.StatusServiceUnavailable)
		return
	}
	h.Set("Content-Type", f.MIME)
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": f.Name}))
	h.Set("Content-Length", strconv.Itoa(len(f.Content)))
	_, _ = w.Write(f.Content)
}

func gone(w http.ResponseWriter) {
	http.Error(w, "This link is over. / このリンクは 終わりました。", http.StatusNotFound)
}
