package lineapi

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody is LINE's limit for a request: 2 MB.
const maxBody = 2 << 20

// host tells LINE's two servers apart.
type host uint8

const (
	apiHost  host = iota // api.line.me
	dataHost             // api-data.line.me
)

// route is one endpoint.
type route struct {
	endpoint Endpoint
	host     host
	body     bodyKind
	retryKey bool // takes X-Line-Retry-Key
	serve    func(*call) answer
}

type bodyKind uint8

const (
	bodyNone bodyKind = iota
	bodyJSON
	bodyImage
)

// call is one request being served.
type call struct {
	route
	r         *http.Request
	requestID string
	retry     string // the retry key as sent
	mediaType string
	raw       string  // body
	root      *node   // body of a JSON endpoint
	shown     []shown // bubbles the hook is told of
	token     *replyToken
}

// Handler serves the paths of api.line.me and api-data.line.me on one address.
func (p *Platform) Handler() http.Handler { return p.handler(apiHost, dataHost) }

// APIHandler serves only what api.line.me serves: with [Platform.DataHandler]
// on another address a caller that mixes up the two is found out.
func (p *Platform) APIHandler() http.Handler { return p.handler(apiHost) }

// DataHandler serves only what api-data.line.me serves: content of messages
// and images of rich menus.
func (p *Platform) DataHandler() http.Handler { return p.handler(dataHost) }

// handler asks the hosts' routes in turn. The two need a ServeMux each: their
// paths would collide on one.
func (p *Platform) handler(hosts ...host) http.Handler {
	muxes := make([]*http.ServeMux, len(hosts))
	var next http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.lost(w, r, muxes)
	})
	for i := len(hosts) - 1; i >= 0; i-- {
		muxes[i] = p.newMux(hosts[i])
		muxes[i].Handle("/", next)
		next = muxes[i]
	}
	return next
}

func (p *Platform) newMux(h host) *http.ServeMux {
	mux := http.NewServeMux()
	add := func(method, path string, rt route) {
		if rt.host == h {
			mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, rt) })
		}
	}
	p.sendRoutes(add)
	p.accountRoutes(add)
	p.chatRoutes(add)
	p.contentRoutes(add)
	p.richMenuRoutes(add)
	return mux
}

type addRoute func(method, path string, rt route)

// lost answers what no endpoint takes: 405 where another method would do.
func (p *Platform) lost(w http.ResponseWriter, r *http.Request, muxes []*http.ServeMux) {
	for _, mux := range muxes {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
			other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
			if _, pattern := mux.Handler(other); pattern != "/" {
				p.reject(w, r, http.StatusMethodNotAllowed, "The HTTP method is not allowed for the URL")
				return
			}
		}
	}
	p.reject(w, r, http.StatusNotFound, "Not found")
}

// reject answers a request no endpoint takes; asking for it is a bug.
func (p *Platform) reject(w http.ResponseWriter, r *http.Request, status int, message string) {
	c := &call{r: r, requestID: p.ids.uuid()}
	a := refuse(status, &APIError{Message: message})
	a.detail = r.Method + " " + r.URL.Path + ": " + a.detail
	p.blame(c, a)
	write(w, c, a)
}

func (p *Platform) serve(w http.ResponseWriter, r *http.Request, rt route) {
	c := &call{route: rt, r: r, requestID: p.ids.uuid()}
	a, failure := p.admit(c)
	if a.status == 0 {
		a = rt.serve(c)
	}
	if failure != nil && failure.After {
		a = p.failAfter(c, failure, a)
	}
	if r.Context().Err() != nil {
		p.unheard(c)
	}
	p.blame(c, a)
	write(w, c, a)
}

// admit does what LINE does before it looks at the request itself. An answer
// without status means go on.
func (p *Platform) admit(c *call) (answer, *Failure) {
	p.mu.Lock()
	token := p.token
	p.mu.Unlock()
	if a := authorize(c.r, token); a.status != 0 {
		return a, nil
	}
	failure := p.pickFailure(c.endpoint)
	if failure != nil && !failure.After {
		if a := p.failBefore(c.r, failure); a.status != 0 {
			return a, failure
		}
	}
	// The Go SDK sends the header empty when it has no key.
	if c.retry = c.r.Header.Get("X-Line-Retry-Key"); c.retry != "" {
		switch {
		case !c.retryKey:
			// https://developers.line.biz/en/docs/messaging-api/retrying-api-request/
			a := badRequest("The retry key is not supported by this API")
			a.blame = RetryKeyRefused
			return a, failure
		case !validUUID(c.retry):
			a := badRequest("The retry key is invalid")
			a.blame = RetryKeyRefused
			return a, failure
		}
	}
	if !p.withinRate(c.endpoint) {
		return decline(http.StatusTooManyRequests, rateMessage), failure
	}
	return p.readBody(c), failure
}

const (
	rateMessage  = "The API rate limit has been exceeded. Try again later."
	quotaMessage = "You have reached your monthly limit."
)

func authorize(r *http.Request, token string) answer {
	const confirm = ". Confirm that the access token in the authorization header is valid."
	got, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	reason := "invalid token"
	if !bearer || got == "" {
		reason = "missing or invalid authorization header"
	} else if got == token {
		return answer{}
	}
	return refuse(http.StatusUnauthorized, &APIError{Message: "Authentication failed due to the following reason: " + reason + confirm})
}

func (p *Platform) withinRate(e Endpoint) bool {
	rate, named := p.cfg.Rates[e]
	if !named {
		rate = p.cfg.Rates[EndpointAny]
	}
	if rate.Requests <= 0 {
		return true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.rates[e]
	if w == nil {
		w = new(window)
		p.rates[e] = w
	}
	if w.take(p.cfg.Now(), rate) {
		return true
	}
	p.counters.RateLimited++
	return false
}

// readBody reads and parses what the endpoint expects.
func (p *Platform) readBody(c *call) answer {
	if c.body == bodyNone {
		return answer{}
	}
	media, _, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		media = c.r.Header.Get("Content-Type")
	}
	c.mediaType = media
	switch {
	case c.body == bodyJSON && media != mediaJSON:
		return refuse(http.StatusUnsupportedMediaType, &APIError{Message: "The content type, " + media + ", is not supported"})
	case c.body == bodyImage && media != "image/png" && media != "image/jpeg":
		return refuse(http.StatusUnsupportedMediaType, &APIError{Message: "Unsupported media type"})
	}
	if c.raw, err = p.readLimited(c.r); err != nil {
		if errors.Is(err, errTooLarge) {
			return refuse(http.StatusRequestEntityTooLarge, &APIError{Message: "The request exceeds the max size of 2MB"})
		}
		return badRequest("The request body could not be read")
	}
	if c.body != bodyJSON {
		return answer{}
	}
	if c.root, err = parseJSON(c.raw); err != nil {
		return refuse(http.StatusBadRequest, notJSON(c.raw, err))
	}
	if c.root.kind != kindObject {
		return refuse(http.StatusBadRequest, &APIError{Message: "The request body could not be parsed as JSON (line: 1, column: 1)"})
	}
	return answer{}
}

func notJSON(src string, err error) *APIError {
	line, column := 1, 1
	var at *syntaxError
	if errors.As(err, &at) {
		line, column = lineColumn(src, at.off)
	}
	return &APIError{Message: "The request body could not be parsed as JSON (line: " +
		strconv.Itoa(line) + ", column: " + strconv.Itoa(column) + ")"}
}

var errTooLarge = errors.New("request too large")

// readLimited borrows a buffer, so that only the string that is kept is
// allocated.
func (p *Platform) readLimited(r *http.Request) (string, error) {
	if r.ContentLength > maxBody {
		return "", errTooLarge
	}
	buf, borrowed := p.buffers.Get().(*bytes.Buffer)
	if !borrowed {
		buf = new(bytes.Buffer)
	}
	defer p.buffers.Put(buf)
	buf.Reset()
	n, err := buf.ReadFrom(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return "", err
	}
	if n > maxBody {
		return "", errTooLarge
	}
	return buf.String(), nil
}

func write(w http.ResponseWriter, c *call, a answer) {
	h := w.Header()
	h["X-Line-Request-Id"] = []string{c.requestID}
	if a.acceptedID != "" {
		h["X-Line-Accepted-Request-Id"] = []string{a.acceptedID}
	}
	media := a.contentType
	if media == "" {
		media = mediaJSON
	}
	h["Content-Type"] = []string{media}
	h["Content-Length"] = []string{strconv.Itoa(len(a.body))}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // the caller went away: nobody left to tell
}

// blame records a request that LINE refuses for what it is.
func (p *Platform) blame(c *call, a answer) {
	if a.status < http.StatusBadRequest {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counters.Refused++
	if a.blame == "" {
		return
	}
	p.violation(c, a.blame, a.status, a.detail)
}

// now is the platform's clock.
func (p *Platform) now() time.Time { return p.cfg.Now() }
