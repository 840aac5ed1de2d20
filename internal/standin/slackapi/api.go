package slackapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Handler serves the Web API (/api/), Socket Mode, uploads, downloads and
// response URLs. It expects to be mounted at the root of its host.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", w.serveMethod)
	mux.HandleFunc("GET /link/", w.serveSocket)
	mux.HandleFunc("POST /upload/v1/{secret}", w.serveUpload)
	mux.HandleFunc("GET /files-pri/{file}/{name}", w.serveDownload)
	mux.HandleFunc("GET /files-pri/{file}/download/{name}", w.serveDownload)
	mux.HandleFunc("POST /actions/{team}/{id}/{secret}", w.serveResponseURL)
	mux.HandleFunc("POST /commands/{team}/{id}/{secret}", w.serveResponseURL)
	return mux
}

// tokenKind is the token a method wants.
type tokenKind int

const (
	botToken tokenKind = iota
	appToken
	anyToken
	noToken
)

// method is one method of the Web API.
type method struct {
	name   string
	tier   tier
	token  tokenKind
	scopes []string // any one of them
	json   bool     // accepts application/json
	do     func(*Workspace, *call) (obj, *refusal)
}

// call is one call of a method.
type call struct {
	method  method
	args    args
	origin  string // scheme and host the call came to
	noteFor string // channel of violations
}

// refusal is {"ok":false,"error":code} and what explains it.
type refusal struct {
	code     string
	messages []string // response_metadata.messages
	errors   any      // "errors"
	extra    obj
	// ordinary refusals happen to correct apps, too (a channel was archived, a
	// trigger expired); they are counted but are no violations.
	ordinary bool
	wait     time.Duration // 429 instead
}

// refuse is a refusal of something a correct app never sends.
func refuse(code string, messages ...string) *refusal {
	return &refusal{code: code, messages: messages}
}

// decline is an ordinary refusal.
func decline(code string) *refusal { return &refusal{code: code, ordinary: true} }

// invalid is invalid_arguments with Slack's explanation.
func invalid(format string, values ...any) *refusal {
	return refuse("invalid_arguments", "[ERROR] "+fmt.Sprintf(format, values...))
}

func missing(field string) *refusal { return invalid("missing required field: %s", field) }

func writeJSON(rw http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"ok":false,"error":"fatal_error"}`)
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write(body)
}

func (w *Workspace) serveMethod(rw http.ResponseWriter, r *http.Request) {
	name := r.PathValue("method")
	w.book.count(func(c *Counters) { c.Calls[name]++ })
	parsed, parseProblem := parseArgs(r)
	channel := parsed.str("channel")
	if channel == "" {
		channel = parsed.str("channel_id")
	}
	answered, after := w.fail(rw, r, name, channel)
	if answered {
		return
	}
	result, problem := obj(nil), parseProblem
	c := &call{args: parsed, origin: w.noteHost(r), noteFor: channel}
	if problem == nil {
		result, problem = w.call(rw.Header(), name, c)
	}
	if after {
		panic(http.ErrAbortHandler)
	}
	if problem == nil {
		result["ok"] = true
		addWarnings(result, parsed.warnings)
		writeJSON(rw, http.StatusOK, result)
		return
	}
	if problem.wait > 0 {
		w.tooMany(rw, name, problem.wait)
		return
	}
	w.book.count(func(cs *Counters) { cs.Errors[name+" "+problem.code]++ })
	if !problem.ordinary {
		w.violate(Violation{
			Kind: ViolationRefused, Method: name, Error: problem.code,
			Detail: strings.Join(problem.messages, "; "), Channel: channel, TS: parsed.str("ts"),
		})
	}
	out := obj{"ok": false, "error": problem.code}
	for key, value := range problem.extra {
		out[key] = value
	}
	if problem.errors != nil {
		out["errors"] = problem.errors
	}
	if len(problem.messages) > 0 {
		out["response_metadata"] = obj{"messages": problem.messages}
	}
	addWarnings(out, parsed.warnings)
	writeJSON(rw, http.StatusOK, out)
}

// addWarnings puts warnings where Slack puts them: twice.
func addWarnings(out obj, warnings []string) {
	if len(warnings) == 0 {
		return
	}
	if was, ok := out["warning"].(string); ok {
		warnings = append([]string{was}, warnings...)
	}
	out["warning"] = strings.Join(warnings, ",")
	meta, ok := out["response_metadata"].(obj)
	if !ok {
		meta = obj{}
		out["response_metadata"] = meta
	}
	meta["warnings"] = warnings
}

// call checks token, rate and scope, then carries the method out.
func (w *Workspace) call(header http.Header, name string, c *call) (obj, *refusal) {
	m, ok := w.methods[name]
	if !ok {
		return nil, &refusal{code: "unknown_method", extra: obj{"req_method": name}}
	}
	c.method = m
	if problem := w.authorise(header, m, c.args); problem != nil {
		return nil, problem
	}
	if wait := w.limits.charge(w.now(), w.limits.forMethod(m)); wait > 0 {
		return nil, &refusal{code: "ratelimited", ordinary: true, wait: wait}
	}
	if len(m.scopes) > 0 && m.token == botToken && !slices.ContainsFunc(m.scopes, w.granted) {
		return nil, w.missingScope(m.scopes...)
	}
	if c.args.isJSON && !m.json {
		// The method ignores a JSON body; it sees no arguments at all.
		w.violate(Violation{
			Kind: ViolationAdvice, Method: name, Error: "json_ignored",
			Detail: "the method does not read JSON bodies", Channel: c.noteFor,
		})
		c.args = args{values: obj{}}
	}
	return m.do(w, c)
}

// missingScope is the refusal that names what is needed.
func (w *Workspace) missingScope(needed ...string) *refusal {
	return &refusal{
		code:     "missing_scope",
		messages: []string{"needed: " + strings.Join(needed, " or ")},
		extra:    obj{"needed": needed[0], "provided": strings.Join(w.cfg.Scopes, ",")},
	}
}

func (w *Workspace) authorise(header http.Header, m method, a args) *refusal {
	if m.token == noToken {
		return nil
	}
	switch token := a.token; {
	case token == "":
		if a.isJSON && a.str("token") != "" {
			return refuse("not_authed", "a token inside a JSON body is not read")
		}
		return refuse("not_authed")
	case token == w.cfg.BotToken:
		header.Set("X-Oauth-Scopes", strings.Join(w.cfg.Scopes, ","))
		header.Set("X-Accepted-Oauth-Scopes", strings.Join(m.scopes, ","))
		if m.token == appToken {
			return refuse("not_allowed_token_type")
		}
	case w.cfg.AppToken != "" && token == w.cfg.AppToken:
		header.Set("X-Oauth-Scopes", strings.Join(w.cfg.AppScopes, ","))
		if m.token == botToken {
			return refuse("not_allowed_token_type")
		}
	default:
		return refuse("invalid_auth")
	}
	return nil
}
