package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// beat is how often a stream shows that it is alive, so that proxies and
// browsers keep it.
const beat = 15 * time.Second

// feed tells pages about what neither stand-in knows of.
type feed struct {
	mu    sync.Mutex
	pages map[chan string]struct{}
	done  chan struct{} // closed by Close
}

func (f *feed) listen() (<-chan string, func()) {
	ch := make(chan string, 16)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.pages == nil {
		f.pages = map[chan string]struct{}{}
	}
	f.pages[ch] = struct{}{}
	return ch, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.pages, ch)
	}
}

// tell is quick: it is called from the middle of the product's work. A page
// that is 16 changes behind reads everything anyway.
func (f *feed) tell(what string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ch := range f.pages {
		select {
		case ch <- what:
		default:
		}
	}
}

// change is one line of the stream: what to read again, never content.
type change struct {
	From string `json:"from"`           // line, slack, mind, clock
	Chat string `json:"chat,omitempty"` // of line: whose phone; empty: everybody's
}

// events streams changes to a page, as server-sent events.
func (d *Demo) events(w http.ResponseWriter, r *http.Request) {
	control := http.NewResponseController(w)
	// A stream has no end: the server's limits are not for it.
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Time{})
	h := w.Header()
	guarded(h)
	h.Set("Content-Type", "text/event-stream")
	phones := d.cfg.LINE.Watch(r.Context())
	slack, stop := d.cfg.Slack.Subscribe(256)
	defer stop()
	own, leave := d.feed.listen()
	defer leave()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	if _, err := fmt.Fprint(w, "retry: 1000\n\n"); err != nil || control.Flush() != nil {
		return
	}
	for {
		line := ": alive\n\n"
		select {
		case <-r.Context().Done():
			return
		case <-d.feed.done:
			return
		case <-tick.C:
		case c, open := <-phones:
			if !open {
				return
			}
			line = eventLine(change{From: "line", Chat: c.ChatID})
		case _, open := <-slack:
			if !open {
				return
			}
			line = eventLine(change{From: "slack"})
		case what := <-own:
			line = eventLine(change{From: what})
		}
		if _, err := fmt.Fprint(w, line); err != nil || control.Flush() != nil {
			return
		}
	}
}

func eventLine(c change) string {
	b, err := json.Marshal(c)
	if err != nil { // strings cannot fail to encode
		panic(fmt.Sprintf("demo: encode change: %v", err))
	}
	return "data: " + string(b) + "\n\n"
}
