package lineapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// APIError is LINE's error body.
// https://developers.line.biz/en/reference/messaging-api/#error-responses
type APIError struct {
	Message      string        `json:"message"`
	Details      []Detail      `json:"details,omitempty"`
	SentMessages []sentMessage `json:"sentMessages,omitempty"`
}

// Detail names one fault of a request.
type Detail struct {
	Message  string `json:"message,omitempty"`
	Property string `json:"property,omitempty"`
}

func (e *APIError) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, d := range e.Details {
		b.WriteString("; ")
		b.WriteString(d.Property)
		b.WriteString(": ")
		b.WriteString(d.Message)
	}
	return b.String()
}

type sentMessage struct {
	ID         string `json:"id"`
	QuoteToken string `json:"quoteToken,omitempty"`
}

// answer is what a handler decided; the server writes it, so that an ordered
// failure can still replace it after the deed is done.
type answer struct {
	status      int
	body        []byte
	contentType string // "" means application/json
	acceptedID  string // x-line-accepted-request-id
	blame       ViolationKind
	detail      string
}

const mediaJSON = "application/json"

func ok(body string) answer { return answer{status: http.StatusOK, body: []byte(body)} }

func okJSON(v any) answer { return answer{status: http.StatusOK, body: encode(v)} }

func accepted() answer { return answer{status: http.StatusAccepted, body: []byte("{}")} }

// refuse answers what LINE would, and blames the caller: the request is one
// LINE refuses for what it is.
func refuse(status int, e *APIError) answer {
	return answer{status: status, body: encode(e), blame: Refused, detail: e.Error()}
}

// decline answers like refuse without blame: the caller could not know.
func decline(status int, message string) answer {
	return answer{status: status, body: encode(&APIError{Message: message})}
}

func badRequest(message string) answer {
	return refuse(http.StatusBadRequest, &APIError{Message: message})
}

// invalidProperty is LINE's wording for a value whose place in the text it
// does not know.
func invalidProperty(name string) answer {
	return badRequest("The property, '" + name + "', in the request body is invalid (line: -, column: -)")
}

func invalidParameter(name string) answer {
	return badRequest("The value for the '" + name + "' parameter is invalid")
}

func bodyErrors(details ...Detail) *APIError {
	return &APIError{
		Message: "The request body has " + strconv.Itoa(len(details)) + " error(s)",
		Details: details,
	}
}

// encode writes JSON as LINE does: without escaping <, > and &.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic("lineapi: encode an answer: " + err.Error()) // only our own types come here
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
