// Package demo is the page of "tsunagu demo": a resident's phone, the staff's
// Slack, and what the bot understood, side by side.
//
// It shows what the stand-ins hold and does what people do with them; the
// product behind them does not know that it is there. It owns no rule of the
// product, keeps nothing on disk, and guards nothing: it is meant for this
// machine's loopback, where all residents are made up.
package demo

import (
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// Config of the page. LINE and Slack are required.
type Config struct {
	LINE  *lineapi.Platform
	Slack *slackapi.Workspace

	// Explain understands a text. An understand.Result is shown with the
	// names of Content; anything else goes to the page as JSON in the form of
	// Understanding. nil: the panel shows no scores.
	Explain func(text string) any
	// Content gives the names of windows, dangers and roles; nil: their ids.
	Content func() *bot.Content
	// Pseudonym is the name by which the product knows a LINE user, the first
	// argument of Observe. nil: it is learned from the messages seen.
	Pseudonym func(lineUserID string) string

	Now      func() time.Time // the town's clock; nil: time.Now
	SetClock func(time.Time)  // moves the town's clock; nil: the page shows no control
	Log      *slog.Logger     // nil: slog.Default()
}

// Demo is the page and what it talks to. It is safe for concurrent use.
type Demo struct {
	cfg   Config
	mind  mind
	feed  feed
	close sync.Once
}

// New returns a Demo. Close it before the server that serves it is shut down,
// or its streams keep the server waiting.
func New(cfg Config) (*Demo, error) {
	if cfg.LINE == nil || cfg.Slack == nil {
		return nil, errors.New("demo: LINE and Slack are required")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	d := &Demo{cfg: cfg}
	d.feed.done = make(chan struct{})
	return d, nil
}

// Close ends all streams to pages. The rest keeps working.
func (d *Demo) Close() {
	d.close.Do(func() { close(d.feed.done) })
}

// Handler serves the page at / and its endpoints under /demo/.
func (d *Demo) Handler() http.Handler {
	mux := http.NewServeMux()
	d.pageRoutes(mux)
	mux.HandleFunc("GET /demo/events", d.events)
	mux.HandleFunc("GET /demo/town", d.town)
	mux.HandleFunc("GET /demo/phone", d.phone)
	mux.HandleFunc("GET /demo/media", d.media)
	mux.HandleFunc("GET /demo/menu", d.menu)
	mux.HandleFunc("GET /demo/menu/picture", d.menuPicture)
	mux.HandleFunc("GET /demo/desk", d.desk)
	mux.HandleFunc("GET /demo/file", d.file)
	mux.HandleFunc("GET /demo/mind", d.minds)
	post(mux, d, "resident", d.addResident)
	post(mux, d, "say", d.say)
	post(mux, d, "send", d.send)
	post(mux, d, "tap", d.tap)
	post(mux, d, "unsend", d.unsend)
	post(mux, d, "block", d.block)
	post(mux, d, "desk/home", d.openHome)
	post(mux, d, "desk/upload", d.upload)
	post(mux, d, "desk/write", d.write)
	post(mux, d, "desk/click", d.click)
	post(mux, d, "desk/shortcut", d.shortcut)
	post(mux, d, "desk/submit", d.submit)
	post(mux, d, "desk/cancel", d.cancel)
	post(mux, d, "explain", d.explainText)
	post(mux, d, "clock", d.setClock)
	// Other web pages the visitor has open must not act in this one.
	return http.NewCrossOriginProtection().Handler(mux)
}
