package reception

import (
	"errors"
	"time"
)

// ErrNotFound reports that the store has no such case, entry or media, or has
// them no more.
var ErrNotFound = errors.New("not found")

// Media is the content of a resident's message that is not text.
type Media struct {
	MessageID string
	Resident  string
	MIME      string
	Name      string
	Content   []byte
	Expires   time.Time // after this the content is deleted
}
