package slackapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// FailureKind is how an ordered failure shows.
type FailureKind int

// The kinds of failures.
const (
	// FailError answers {"ok":false,"error":Failure.Error}; nothing is done.
	FailError FailureKind = iota
	// FailStatus answers with Failure.Status (500 when zero) and HTML.
	FailStatus
	// FailRateLimited answers 429 with Retry-After; nothing is done.
	FailRateLimited
	// FailBefore closes the connection; nothing is done.
	FailBefore
	// FailAfter does what was asked and closes the connection without answer:
	// the app cannot know.
	FailAfter
	// FailDelay waits Failure.Delay, then does what was asked.
	FailDelay
)

// Failure is an order to fail.
type Failure struct {
	// Method is the Web API method ("chat.postMessage"), "response_url" or
	// "upload"; empty means every one.
	Method  string
	Kind    FailureKind
	Error   string        // of FailError; "internal_error" when empty
	Status  int           // of FailStatus
	Retry   time.Duration // of FailRateLimited; 1 s when zero, sent in whole seconds
	Delay   time.Duration // waited before anything else, with any kind
	Channel string        // only calls with this channel argument
	// Times is how many calls fail; zero means until the order is withdrawn.
	Times int
	// Probability of each call to fail; zero means every one. Repeats under
	// one Config.Seed and the same order of calls.
	Probability float64
}

// Order is a failure that was ordered.
type Order struct {
	failure   Failure
	orders    *orders
	hits      int
	withdrawn bool
}

type orders struct {
	mu   sync.Mutex
	list []*Order
}

// Fail orders a failure. When several match a call, the oldest counts.
func (w *Workspace) Fail(f Failure) *Order {
	w.orders.mu.Lock()
	defer w.orders.mu.Unlock()
	o := &Order{failure: f, orders: w.orders}
	w.orders.list = append(w.orders.list, o)
	return o
}

// Hits counts the calls that failed by this order.
func (o *Order) Hits() int {
	o.orders.mu.Lock()
	defer o.orders.mu.Unlock()
	return o.hits
}

// Withdraw ends the order.
func (o *Order) Withdraw() {
	o.orders.mu.Lock()
	defer o.orders.mu.Unlock()
	o.withdrawn = true
}

// WithdrawAll ends all orders.
func (w *Workspace) WithdrawAll() {
	w.orders.mu.Lock()
	defer w.orders.mu.Unlock()
	for _, o := range w.orders.list {
		o.withdrawn = true
	}
	w.orders.list = nil
}

// failing finds the order that a call falls under.
func (w *Workspace) failing(method, channel string) (Failure, bool) {
	w.orders.mu.Lock()
	defer w.orders.mu.Unlock()
	for _, o := range w.orders.list {
		f := o.failure
		switch {
		case o.withdrawn, f.Times > 0 && o.hits >= f.Times:
		case f.Method != "" && f.Method != method:
		case f.Channel != "" && f.Channel != channel:
		case f.Probability > 0 && !w.ids.chance(f.Probability):
		default:
			o.hits++
			return f, true
		}
	}
	return Failure{}, false
}

// fail carries out an ordered failure. It returns true when the call has been
// answered; otherwise the call goes on, and after says to cut its answer.
func (w *Workspace) fail(rw http.ResponseWriter, r *http.Request, method, channel string) (answered, after bool) {
	if w.isDown() {
		panic(http.ErrAbortHandler)
	}
	f, ok := w.failing(method, channel)
	if !ok {
		return false, false
	}
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-r.Context().Done():
		}
	}
	switch f.Kind {
	case FailError:
		code := f.Error
		if code == "" {
			code = "internal_error"
		}
		w.book.count(func(c *Counters) { c.Errors[method+" "+code]++ })
		writeJSON(rw, http.StatusOK, obj{"ok": false, "error": code})
	case FailStatus:
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		rw.WriteHeader(status)
		_, _ = rw.Write([]byte("<html><body>Server Error</body></html>"))
	case FailRateLimited:
		retry := f.Retry
		if retry == 0 {
			retry = time.Second
		}
		w.tooMany(rw, method, retry)
	case FailBefore:
		panic(http.ErrAbortHandler)
	case FailAfter:
		return false, true
	case FailDelay:
		return false, false
	}
	return true, false
}

// tooMany answers 429. Slack counts Retry-After in whole seconds.
func (w *Workspace) tooMany(rw http.ResponseWriter, method string, wait time.Duration) {
	w.book.count(func(c *Counters) { c.RateLimited[method]++ })
	seconds := int((wait + time.Second - 1) / time.Second)
	rw.Header().Set("Retry-After", strconv.Itoa(max(1, seconds)))
	writeJSON(rw, http.StatusTooManyRequests, obj{"ok": false, "error": "ratelimited"})
}
