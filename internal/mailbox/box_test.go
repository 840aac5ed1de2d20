package mailbox_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// box is both stores in memory, for tests in a time bubble. It keeps the
// promises of the interfaces, nothing else.
type box struct {
	mu      sync.Mutex
	mail    []*piece
	letters []*sheet
	lanes   map[string]*lane
	down    error // what every call fails with, when set
	parked  []mailbox.Park
	buried  []string
	leases  int
	fails   int // so many of the next Delivered fail
}

type piece struct {
	mailbox.Mail
	done bool
}

type sheet struct {
	mailbox.Letter
	due      time.Time
	wasClear bool
	done     bool
}

type lane struct {
	fence int64
	held  bool
	until time.Time
	due   time.Time // of a pause
}

func newBox() *box { return &box{lanes: map[string]*lane{}} }

func (b *box) lane(name string) *lane {
	if b.lanes[name] == nil {
		b.lanes[name] = &lane{}
	}
	return b.lanes[name]
}

func (b *box) guard(l mailbox.Lease) (*lane, error) {
	if b.down != nil {
		return nil, b.down
	}
	x := b.lane(name(l))
	if !x.held || x.fence != l.Fence {
		return nil, mailbox.ErrLeaseLost
	}
	return x, nil
}

func name(l mailbox.Lease) string {
	if l.Out {
		return "out " + l.Lane
	}
	return "in " + l.Lane
}

func (b *box) take(name string, l *mailbox.Lease, ttl time.Duration) bool {
	x := b.lane(name)
	now := time.Now()
	if now.Before(x.until) || now.Before(x.due) {
		return false
	}
	x.fence++
	x.held, x.until = true, now.Add(ttl)
	l.Fence, l.Until = x.fence, x.until
	return true
}

func (b *box) Append(_ context.Context, mail []mailbox.Mail) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range mail {
		m.Seq = int64(len(b.mail) + 1)
		if m.At.IsZero() {
			m.At = time.Now()
		}
		b.mail = append(b.mail, &piece{Mail: m})
		b.lane("in " + m.Lane).due = time.Time{}
	}
	return len(mail), nil
}

func (b *box) LeaseMail(_ context.Context, _ string, now time.Time, ttl time.Duration, n, batch int) ([]mailbox.LeasedMail, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leases++
	if b.down != nil {
		return nil, b.down
	}
	waiting := map[string][]*piece{}
	var order []string
	for _, p := range b.mail {
		if !p.done && !now.Before(p.Due) {
			if waiting[p.Lane] == nil {
				order = append(order, p.Lane)
			}
			waiting[p.Lane] = append(waiting[p.Lane], p)
		}
	}
	var got []mailbox.LeasedMail
	for _, lane := range order {
		l := mailbox.LeasedMail{Lease: mailbox.Lease{Lane: lane}}
		if len(got) == n || !b.take("in "+lane, &l.Lease, ttl) {
			continue
		}
		list := waiting[lane]
		slices.SortStableFunc(list, func(a, b *piece) int { return a.At.Compare(b.At) })
		list[0].Tries++
		for _, p := range list[:min(batch, len(list))] {
			l.Mail = append(l.Mail, p.Mail)
		}
		got = append(got, l)
	}
	return got, nil
}

func (b *box) Postpone(_ context.Context, l mailbox.Lease, due time.Time, counted bool, park *mailbox.Park) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	x, err := b.guard(l)
	if err != nil {
		return err
	}
	x.held, x.until = false, time.Time{}
	switch {
	case park != nil:
		b.mail[park.Seq-1].done = true
		b.parked = append(b.parked, *park)
		b.write(park.Follow)
	case counted:
		x.until = due
	default:
		x.due = due
		for _, p := range b.mail {
			if p.Lane == l.Lane && !p.done && p.Tries > 0 {
				p.Tries--
			}
		}
	}
	return nil
}

// commit is what a handler does in the end.
func (b *box) commit(l mailbox.Lease, mail []mailbox.Mail, letters ...mailbox.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	x, err := b.guard(l)
	if err != nil {
		return err
	}
	x.held, x.until = false, time.Time{}
	for _, m := range mail {
		b.mail[m.Seq-1].done = true
	}
	b.write(letters)
	return nil
}

func (b *box) write(letters []mailbox.Letter) {
	for _, l := range letters {
		l.Seq, l.Created, l.Clear = int64(len(b.letters)+1), time.Now(), true
		b.letters = append(b.letters, &sheet{Letter: l, due: l.NotBefore})
	}
}

func (b *box) post(letters ...mailbox.Letter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.write(letters)
}

func (b *box) LeaseLetters(_ context.Context, _ string, now time.Time, ttl time.Duration, n int) ([]mailbox.LeasedLetter, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leases++
	if b.down != nil {
		return nil, b.down
	}
	first := map[string]*sheet{}
	for _, s := range b.letters {
		if f := first[s.Lane]; !s.done && !s.Yields && (f == nil || s.Urgent && !f.Urgent) {
			first[s.Lane] = s
		}
	}
	for _, s := range b.letters {
		f := first[s.Lane]
		if !s.done && s.Yields && !now.Before(s.due) && (f == nil || now.Before(f.due) || s.Urgent && !f.Urgent || s.Urgent == f.Urgent && s.Seq < f.Seq) {
			first[s.Lane] = s
		}
	}
	var got []mailbox.LeasedLetter
	for lane, s := range first {
		l := mailbox.LeasedLetter{Lease: mailbox.Lease{Lane: lane, Out: true}}
		if len(got) == n || now.Before(s.due) || !b.take("out "+lane, &l.Lease, ttl) {
			continue
		}
		s.Tries++
		l.Letter = s.Letter
		s.wasClear, s.Clear = s.Clear, false
		got = append(got, l)
	}
	slices.SortFunc(got, func(a, b mailbox.LeasedLetter) int { return cmp.Compare(a.Letter.Seq, b.Letter.Seq) })
	return got, nil
}

func (b *box) finish(l mailbox.LeasedLetter, until time.Time, follow []mailbox.Letter) error {
	x, err := b.guard(l.Lease)
	if err != nil {
		return err
	}
	x.held, x.until = false, until
	b.letters[l.Letter.Seq-1].done = true
	b.write(follow)
	return nil
}

func (b *box) Delivered(_ context.Context, l mailbox.LeasedLetter, r mailbox.Receipt, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fails > 0 {
		b.fails--
		return errors.New("connection reset")
	}
	return b.finish(l, now.Add(r.Rest), r.Follow)
}

func (b *box) Retry(_ context.Context, l mailbox.LeasedLetter, due time.Time, clear, counted bool, _ string, _ ...mailbox.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	x, err := b.guard(l.Lease)
	if err != nil {
		return err
	}
	x.held, x.until = false, time.Time{}
	s := b.letters[l.Letter.Seq-1]
	s.due, s.Clear, s.Yields = due, s.wasClear && clear, l.Letter.Yields
	if !counted && clear {
		s.Tries--
	}
	return nil
}

func (b *box) Bury(_ context.Context, l mailbox.LeasedLetter, reason string, follow []mailbox.Letter, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.finish(l, now, follow); err != nil {
		return err
	}
	b.buried = append(b.buried, l.Letter.ID+" "+reason)
	return nil
}

func (b *box) Extend(_ context.Context, l mailbox.Lease, until time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	x, err := b.guard(l)
	if err != nil {
		return err
	}
	x.until = until
	return nil
}

// steal gives a lane to somebody else, as if the lease had run out.
func (b *box) steal(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	x := b.lane(name)
	x.fence++
	x.until = time.Now().Add(time.Hour)
}

func (b *box) waiting() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, p := range b.mail {
		if !p.done {
			n++
		}
	}
	for _, s := range b.letters {
		if !s.done {
			n++
		}
	}
	return n
}
