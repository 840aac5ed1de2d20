package slackapi

import (
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxBody bounds the body of a call.
const maxBody = 4 << 20

// args are the arguments of a call, from a form, a query or a JSON body.
type args struct {
	values   obj // strings, or decoded JSON
	token    string
	isJSON   bool
	warnings []string
}

// parseArgs reads the arguments. Errors are Slack's.
// https://docs.slack.dev/apis/web-api/#formatting-requests
func parseArgs(r *http.Request) (args, *refusal) {
	a := args{values: obj{}}
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		a.token = bearer
	}
	a.form(r.URL.Query())
	if r.Method != http.MethodPost {
		return a, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return a, refuse("request_timeout")
	}
	if len(body) == 0 {
		return a, nil
	}
	header := r.Header.Get("Content-Type")
	if header == "" {
		return a, refuse("missing_post_type")
	}
	ctype, params, err := mime.ParseMediaType(header)
	if err != nil {
		return a, refuse("invalid_post_type")
	}
	if charset, ok := params["charset"]; ok && !slices.Contains([]string{"utf-8", "iso-8859-1"}, strings.ToLower(charset)) {
		return a, refuse("invalid_charset")
	}
	switch ctype {
	case "application/json":
		return a.json(body, params)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return a, refuse("invalid_form_data")
		}
		a.form(form)
	case "multipart/form-data":
		form, err := multipart.NewReader(strings.NewReader(string(body)), params["boundary"]).ReadForm(maxBody)
		if err != nil {
			return a, refuse("invalid_form_data")
		}
		a.form(form.Value)
	default:
		return a, refuse("invalid_post_type")
	}
	if token := a.str("token"); a.token == "" {
		a.token = token
	}
	return a, nil
}

func (a *args) form(values url.Values) {
	for key, list := range values {
		if len(list) > 0 {
			a.values[key] = list[0]
		}
	}
}

func (a args) json(body []byte, params map[string]string) (args, *refusal) {
	a.isJSON = true
	if params["charset"] == "" {
		a.warnings = append(a.warnings, "missing_charset")
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		return a, refuse("invalid_json")
	}
	switch v := v.(type) {
	case obj:
		for key, value := range v {
			a.values[key] = value
		}
	case nil:
	default:
		return a, refuse("json_not_object")
	}
	return a, nil
}

// str returns a string argument; numbers and booleans of JSON are written out.
func (a args) str(key string) string {
	switch v := a.values[key].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (a args) has(key string) bool {
	v, ok := a.values[key]
	return ok && v != nil && v != ""
}

func (a args) bool(key string) bool {
	s := a.str(key)
	return s == "true" || s == "1"
}

// int returns a whole number between least and most, or the fallback.
func (a args) int(key string, fallback, least, most int) (int, *refusal) {
	s := a.str(key)
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, refuse("invalid_limit")
	}
	return n, nil
}

// decoded returns an argument that is JSON: inside a form as text, inside a
// JSON body as it is.
func (a args) decoded(key string) (v any, ok bool) {
	v, ok = a.values[key]
	if !ok {
		return nil, false
	}
	s, isText := v.(string)
	if !isText {
		return v, true
	}
	var out any
	if err := json.Unmarshal([]byte(s), &out); err != nil {
		return nil, true
	}
	return out, true
}

// list returns a comma-separated or JSON list of strings.
func (a args) list(key string) []string {
	if items, ok := a.values[key].([]any); ok {
		var out []string
		for _, item := range items {
			if s, ok := item.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	s := a.str(key)
	if s == "" {
		return nil
	}
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		out = append(out, strings.TrimSpace(part))
	}
	return out
}

// requireAll refuses when one of the arguments is missing.
func (a args) requireAll(keys ...string) *refusal {
	var problems []string
	for _, key := range keys {
		if !a.has(key) {
			problems = append(problems, "[ERROR] missing required field: "+key)
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return refuse("invalid_arguments", problems...)
}
