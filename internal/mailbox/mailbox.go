// Package mailbox owns the promise that everything received is acted on once,
// in order, and that everything to be sent is sent once, in order, whatever is
// killed, repeated, slow or failing.
//
// Two boxes work alike. The inbox holds Mail: what LINE, Slack or a due time
// brought. The outbox holds Letters: what LINE and Slack must get. Both are
// cut into lanes (one resident, one Slack channel): order is kept inside a
// lane, lanes run in parallel. Whoever works on a lane holds a lease with a
// fence; a worker that lost its lease cannot commit.
//
// The package knows neither SQL nor HTTP: a Store keeps the boxes, a Handler
// acts on mail, Carriers bring letters away.
package mailbox

import (
	"context"
	"errors"
	"time"
)

// Source tells who brought a piece of mail.
type Source string

// The sources of mail.
const (
	FromLINE  Source = "line"
	FromSlack Source = "slack"
	FromTime  Source = "time"
)

// Mail is one thing to act on exactly once.
type Mail struct {
	Seq    int64     // given by the store; order of arrival
	Key    string    // unique for ever: a second piece with the same key is dropped
	Lane   string    // whose order it keeps
	Source Source    //
	At     time.Time // when it happened: mail in a lane is handled by At, then Seq
	Due    time.Time // not before; zero means at once
	Body   []byte    // as received; the store seals it
	Tries  int       // how often it was begun; on mail that is leased this time is counted in
}

// Lease is the right to work on one lane until Until. Fence grows with every
// lease of the lane; a commit with an old fence fails with ErrLeaseLost.
type Lease struct {
	Lane  string
	Out   bool // a lane of the outbox; false: of the inbox
	Fence int64
	Until time.Time
}

// ErrLeaseLost reports that somebody else works on the lane now. What was
// decided must be dropped: the other worker decides it again.
var ErrLeaseLost = errors.New("lease lost")

// Letter is one thing to bring away: a message to a resident, a card to Slack,
// a file to fetch.
type Letter struct {
	ID        string    // unique, derived from what caused it: writing it twice is harmless
	Lane      string    // whose order it keeps
	Kind      string    // which carrier and what it does; the prefix before the dot names the carrier
	Subject   string    // what it is about (a case, an entry); Delivered records Ref under (Kind, Subject)
	Fold      string    // not empty: replaces an unsent letter of the lane with the same Fold
	Urgent    bool      // goes before all that is not, within its lane
	NotBefore time.Time // zero means at once
	// Yields lets the lane's others go first while this letter waits for its
	// time: what only changes something that stands there already has no order
	// with them. Letters with the same Fold keep theirs in any case.
	Yields  bool
	Body    []byte    // the store seals it
	Seq     int64     // given by the store
	Tries   int       // how often it was begun; on a leased letter this time is counted in, so above one an earlier try may have succeeded unseen …
	Clear   bool      // … unless Clear: all earlier tries surely did nothing
	Created time.Time // given by the store
}

// Receipt is what a carrier knows after success.
type Receipt struct {
	Ref string // the platform's id of what was made, e.g. a Slack ts
	// Shown tells what stands there now, so that the same is not sent again; it
	// is recorded with Ref. Empty: nobody knows.
	Shown  string
	Rest   time.Duration // the lane rests so long: its platform's pace
	Follow []Letter      // what must be sent because of it
}

// RetryError says that trying again later can help.
type RetryError struct {
	After time.Duration // at least; 0 lets the mailbox choose
	Clear bool          // surely nothing was sent
	Pause bool          // does not count as a try: the other side asked us to wait
	// Yields says that the letter's lane goes on meanwhile (Letter.Yields);
	// otherwise what comes after it waits with it.
	Yields bool
	// Follow is what staff must see meanwhile. Its ids are the same at every
	// try, so that it is said once.
	Follow []Letter
	Err    error
}

func (e *RetryError) Error() string { return e.Err.Error() }
func (e *RetryError) Unwrap() error { return e.Err }

// ErrTurn is the Err of a RetryError when nothing is wrong: the letter's turn
// has not come.
var ErrTurn = errors.New("its turn has not come")

// GoneError says that this letter can never be brought away. Follow is what
// staff must see because of it.
type GoneError struct {
	Reason string // one word for metrics and for staff's plain sentence: blocked, quota, refused, unclear …
	Follow []Letter
	Err    error
}

func (e *GoneError) Error() string { return e.Reason + ": " + e.Err.Error() }
func (e *GoneError) Unwrap() error { return e.Err }

// Handler acts on the waiting mail of one lane, oldest first, and commits
// through the store under the lease. It may take several pieces in one turn.
// An error leaves the first piece for another try.
type Handler interface {
	Handle(ctx context.Context, lease Lease, mail []Mail) error
}

// Carrier brings one letter away. It returns nil error when the letter
// arrived (or had arrived before), a *RetryError, or a *GoneError.
type Carrier interface {
	Carry(ctx context.Context, letter Letter) (Receipt, error)
}

// InStore keeps the inbox.
type InStore interface {
	// Append makes mail durable in one transaction and returns how many pieces
	// were new.
	Append(ctx context.Context, mail []Mail) (int, error)
	// LeaseMail leases up to n lanes that have mail due at now, with up to
	// batch pieces each, and counts a try on the first piece of each.
	LeaseMail(ctx context.Context, owner string, now time.Time, ttl time.Duration, n, batch int) ([]LeasedMail, error)
	// Postpone gives the lane back; its mail is due again at due. After a
	// failure (counted) it rests until then whatever arrives; otherwise the
	// try is taken back, and more mail wakes the lane at once. When park is
	// set its piece is put aside for good with a reason.
	Postpone(ctx context.Context, lease Lease, due time.Time, counted bool, park *Park) error
}

// LeasedMail is a lane with its waiting mail.
type LeasedMail struct {
	Lease Lease
	Mail  []Mail
}

// Park puts a piece of mail aside that failed too often.
type Park struct {
	Seq    int64
	Reason string
	Follow []Letter // what staff and the resident are told
}

// OutStore keeps the outbox.
type OutStore interface {
	// LeaseLetters leases up to n lanes with a letter whose turn it is at now
	// and counts a try on that letter before returning, so that a crash while
	// sending is seen as an unclear try. It is the turn of the first letter that
	// is due: urgent ones come before others, else they keep their order. One
	// that is not due holds up what comes after it, unless it yields; one
	// behind an older letter of the same Fold always waits for that.
	LeaseLetters(ctx context.Context, owner string, now time.Time, ttl time.Duration, n int) ([]LeasedLetter, error)
	// Delivered marks the letter sent, records the receipt, adds what follows
	// and gives the lane back, in one transaction.
	Delivered(ctx context.Context, l LeasedLetter, r Receipt, now time.Time) error
	// Retry gives the lane back; the letter is due again at due, and yields
	// until then if l.Letter says so.
	Retry(ctx context.Context, l LeasedLetter, due time.Time, clear, counted bool, reason string, follow ...Letter) error
	// Bury gives the letter up, loudly: it stays, with its reason, for doctor
	// and metrics, and Follow goes to staff. What its subject shows is unknown
	// from then on (Receipt.Shown).
	Bury(ctx context.Context, l LeasedLetter, reason string, follow []Letter, now time.Time) error
}

// LeasedLetter is a lane with its first letter.
type LeasedLetter struct {
	Lease  Lease
	Letter Letter
}

// Extender prolongs leases of long work (heartbeat).
type Extender interface {
	Extend(ctx context.Context, lease Lease, until time.Time) error
}
