package slack

import (
	"errors"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestAllowance(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	a := newAllowance(time.Second, 10)
	take := func(reserve float64, want time.Duration) {
		t.Helper()
		if got := a.take(now, reserve).Round(time.Millisecond); got != want {
			t.Fatalf("with %v kept back: got a wait of %v, want %v", reserve, got, want)
		}
	}
	take(8, 0)
	take(8, 0)
	take(8, time.Second) // the rest is for those somebody waits for
	for range 8 {
		take(0, 0)
	}
	take(0, time.Second)
	take(8, 9*time.Second)
	now = now.Add(1500 * time.Millisecond)
	take(0, 0)
	take(0, 500*time.Millisecond)
	now = now.Add(time.Hour)
	a.refused(now, 7*time.Second)
	take(0, 7*time.Second)
	now = now.Add(7 * time.Second)
	take(8, 8*time.Second) // others are let in slowly
	take(0, 0)
	now = now.Add(time.Hour)
	for i, want := range []time.Duration{0, 0, 0, 0, 0, 0, 0, 0, 0, time.Second, time.Second} {
		if got := a.used(now); got != want {
			t.Errorf("call %d: got a rest of %v, want %v", i+1, got, want)
		}
	}
}

// turn is the RetryError of a letter.
func turn(t *testing.T, err error) *mailbox.RetryError {
	t.Helper()
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) {
		t.Fatalf("got %v, want a RetryError", err)
	}
	return retry
}

// What stands there already is not sent again, but only when that is certain.
func TestSameIsNotSentAgain(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	calls := func(what string, want int) {
		t.Helper()
		if got := o.Counters().Calls["chat.update"]; got != want {
			t.Errorf("%s: %d updates, want %d", what, got, want)
		}
	}
	try := func(change func(*mailbox.Letter)) error {
		l := cardLetter(c, money)
		change(&l)
		_, err := o.carry(l)
		return err
	}
	as := func(l *mailbox.Letter) {}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	set := func() { o.s.set(func() { o.s.cases[c.ID] = c }) }

	must(try(as))
	calls("nothing changed", 0)
	must(try(func(l *mailbox.Letter) { l.Tries = 2 }))
	calls("an earlier try may have shown something else", 1)
	must(try(func(l *mailbox.Letter) { l.Tries, l.Clear = 2, true }))
	calls("an earlier try surely did nothing", 1)
	must(try(func(l *mailbox.Letter) {
		*l = letter(l.Kind, l.Subject, reception.EntryRef{Case: c.ID, Sure: true})
	}))
	calls("somebody saw something else", 2)

	// The update arrives, but nobody learns of it; then the case is again as it
	// was, and the record says that the card is, too.
	free := c
	c.Status, c.Holder = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}
	set()
	o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailAfter, Times: 1})
	l := cardLetter(c, money)
	_, err := o.carry(l)
	if turn(t, err).Clear {
		t.Fatal("the update was not seen to fail, but is called clear")
	}
	c = free
	set()
	_, err = o.carry(again(l, err))
	must(err)
	calls("after an unclear try", 4)
	must(try(as))
	calls("after it is certain again", 4)

	// What was sent as a plain line comes back whole.
	c.Town = "みなと"
	set()
	o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailError, Error: "invalid_blocks", Times: 1})
	must(try(as))
	calls("blocks refused", 6)
	must(try(as))
	calls("blocks accepted again", 7)
	if n := o.Counters().Posts; n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
}

// A letter that yields may come before the one that posts what it changes: it
// must not post, and takes its place in the lane.
func TestYieldingLetterDoesNotPost(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "もしもし")
	o.s.cases[c.ID] = c
	o.s.entries = append(o.s.entries, e)
	card, line := cardLetter(c, money), lineLetter(c, e, money, "")
	card.Yields, line.Yields = true, true
	_, err := o.carry(card)
	if r := turn(t, err); r.Yields || !r.Pause || !r.Clear || !errors.Is(err, mailbox.ErrTurn) {
		t.Errorf("card: got %+v, want it to take its turn", r)
	}
	card.Yields = false
	o.deliver(card)
	_, err = o.carry(line)
	if r := turn(t, err); r.Yields || !errors.Is(err, mailbox.ErrTurn) {
		t.Errorf("line: got %+v, want it to take its turn", r)
	}
	line.Yields = false
	o.deliver(line)
	line.Yields = true
	o.deliver(line) // it stands there now
	if n := o.Counters().Posts; n != 2 {
		t.Errorf("%d posts, want 2", n)
	}
}

// Updates have Slack's limit of their own: when it is reached posts go on, and
// Slack is not asked in vain.
func TestUpdatesWaitApart(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	renamed := func(town string, urgent bool) (mailbox.Receipt, error) {
		c.Town = town
		o.s.set(func() { o.s.cases[c.ID] = c })
		l := cardLetter(c, money)
		l.Urgent = urgent
		return o.carry(l)
	}
	for range updates - updateReserve {
		if _, err := renamed(c.Town+"あ", false); err != nil {
			t.Fatal(err)
		}
	}
	_, err := renamed("みなと", false)
	if r := turn(t, err); !r.Yields || !r.Pause || !r.Clear || r.After <= 0 || r.After > maxTurn || !errors.Is(err, mailbox.ErrTurn) {
		t.Errorf("nobody waits: got %+v, want it to let others go first", r)
	}
	if _, err := renamed("うみ", true); err != nil {
		t.Errorf("somebody waits: %v", err)
	}
	o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailRateLimited, Retry: 7 * time.Second, Times: 1})
	_, err = renamed("やま", true)
	if r := turn(t, err); !r.Yields || r.After != 7*time.Second {
		t.Errorf("429: got %+v, want the lane to go on for 7 s", r)
	}
	before := o.Counters().Calls["chat.update"]
	if _, err = renamed("かわ", true); !errors.Is(err, mailbox.ErrTurn) {
		t.Errorf("within the 7 s: got %v, want it to wait", err)
	}
	if n := o.Counters().Calls["chat.update"]; n != before {
		t.Errorf("Slack was asked %d times while it wants peace", n-before)
	}
	other := aCase()
	other.ID = "c-other"
	o.begin(other)
}

// A channel takes a short burst, then a post a second.
func TestPostsArePaced(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	for i := range postBurst + 1 {
		e := said(c, i+1, opened.Add(time.Minute), "もしもし")
		o.s.set(func() { o.s.entries = append(o.s.entries, e) })
		r, err := o.carry(lineLetter(c, e, money, ""))
		if err != nil {
			t.Fatal(err)
		}
		if last := i+2 >= postBurst; r.Rest > time.Second || last != (r.Rest > 0) {
			t.Errorf("post %d: the lane rests %v", i+2, r.Rest)
		}
	}
}
