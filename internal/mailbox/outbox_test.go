package mailbox_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// carrier is a Carrier made of a function.
type carrier func(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error)

func (c carrier) Carry(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	return c(ctx, l)
}

func runOutbox(t *testing.T, b *box, c carrier, change func(*mailbox.OutboxConfig)) (*mailbox.Outbox, func() error) {
	t.Helper()
	cfg := mailbox.OutboxConfig{Settings: mailbox.Settings{Log: quiet()}, Store: b, Carriers: map[string]mailbox.Carrier{"line": c}}
	if change != nil {
		change(&cfg)
	}
	outbox, err := mailbox.NewOutbox(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return outbox, start(outbox.Run)
}

func say(id, lane string) mailbox.Letter {
	return mailbox.Letter{ID: id, Lane: lane, Kind: "line.say"}
}

func TestLettersGoInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		for i := range 3 {
			b.post(say(fmt.Sprint("a", i), "a"), say(fmt.Sprint("b", i), "b"))
		}
		failed := false
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			if l.ID == "a1" && !failed {
				failed = true
				return mailbox.Receipt{}, &mailbox.RetryError{After: 30 * time.Second, Clear: true, Err: errors.New("refused")}
			}
			seen.note(l.ID)
			if l.ID == "b2" {
				return mailbox.Receipt{Follow: []mailbox.Letter{say("b3", "b")}}, nil
			}
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(time.Minute)
		end(t, stop)
		lane := func(prefix string) (order string) {
			for _, l := range seen.lines {
				if strings.HasPrefix(l, prefix) {
					order += l
				}
			}
			return order
		}
		if a, bb := lane("a"), lane("b"); a != "a0a1a2" || bb != "b0b1b2b3" {
			t.Errorf("order: got %s and %s", a, bb)
		}
		if last := seen.at[len(seen.at)-1]; last < 30*time.Second || last > 31*time.Second {
			t.Errorf("the failed lane went on after %v, want 30s", last)
		}
	})
}

// TestWhatCarriersAreTold: tries and clearness as the carrier sees them.
func TestWhatCarriersAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		answers := []error{
			&mailbox.RetryError{Clear: true, Err: errors.New("refused")},
			&mailbox.RetryError{After: time.Minute, Clear: true, Pause: true, Err: errors.New("too fast")},
			errors.New("an error that says nothing"),
			&mailbox.RetryError{Clear: true, Err: errors.New("refused")},
			nil,
		}
		b.post(say("1", "a"))
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(fmt.Sprintf("%d/%v", l.Tries, l.Clear))
			return mailbox.Receipt{}, answers[seen.count()-1]
		}, nil)
		time.Sleep(10 * time.Minute)
		end(t, stop)
		if got, want := seen.String(), "1/true 2/true 2/true 3/false 4/false"; got != want {
			t.Errorf("tries and clear: got %s, want %s", got, want)
		}
		if pause := seen.at[2] - seen.at[1]; pause < time.Minute || pause > time.Minute+300*time.Millisecond {
			t.Errorf("asked to wait a minute, waited %v", pause)
		}
	})
}

func TestPanicWhileSendingIsUnclear(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		b.post(say("1", "a"), say("2", "a"))
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(fmt.Sprintf("%s/%d/%v", l.ID, l.Tries, l.Clear))
			if seen.count() == 1 {
				var none []int
				_ = none[seen.count()]
			}
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(time.Minute)
		end(t, stop)
		if got, want := seen.String(), "1/1/true 1/2/false 2/1/true"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestGoneAndUnknown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		other := say("2", "b")
		other.Kind = "pigeon.note"
		b.post(say("1", "a"), other, say("3", "a"))
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(l.ID)
			if l.ID == "1" {
				return mailbox.Receipt{}, &mailbox.GoneError{Reason: "blocked", Follow: []mailbox.Letter{say("told", "c")}, Err: errors.New("blocked")}
			}
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(time.Minute)
		end(t, stop)
		buried := strings.Join(b.buried, ", ")
		if !strings.Contains(buried, "1 blocked") || !strings.Contains(buried, "2 no-carrier") || len(b.buried) != 2 {
			t.Errorf("buried: got %s", buried)
		}
		if got := seen.String(); !strings.Contains(got, "told") || !strings.Contains(got, "3") || b.waiting() != 0 {
			t.Errorf("carried: got %s, %d waiting", got, b.waiting())
		}
	})
}

func TestGiveUp(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		err    *mailbox.RetryError
		buried string
	}{
		"failing for a day": {&mailbox.RetryError{Clear: true, Err: errors.New("refused")}, "1 too-old"},
		"asked to wait":     {&mailbox.RetryError{After: time.Minute, Pause: true, Err: errors.New("token is wrong")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newBox()
				tries, told := 0, 0
				b.post(say("1", "a"))
				_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
					if l.ID == "told" {
						told++
						return mailbox.Receipt{}, nil
					}
					tries++
					return mailbox.Receipt{}, x.err
				}, func(c *mailbox.OutboxConfig) {
					c.Poll = time.Second
					c.GaveUp = func(mailbox.Letter) []mailbox.Letter { return []mailbox.Letter{say("told", "c")} }
				})
				time.Sleep(23 * time.Hour)
				b.mu.Lock()
				if len(b.buried) != 0 {
					t.Errorf("buried before a day: %v", b.buried)
				}
				b.mu.Unlock()
				time.Sleep(3 * time.Hour)
				end(t, stop)
				if got := strings.Join(b.buried, ", "); got != x.buried {
					t.Errorf("buried: got %q, want %q", got, x.buried)
				}
				if want := len(x.buried) / len("1 too-old"); told != want {
					t.Errorf("staff told %d times, want %d", told, want)
				}
				if tries < 200 || tries > 1600 { // once in five minutes, or as asked, once a minute
					t.Errorf("tries: got %d", tries)
				}
			})
		})
	}
}

func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		for i := range 4 {
			b.post(say(fmt.Sprint("s", i), "slack:C"), say(fmt.Sprint("l", i), "line:r"))
		}
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(l.ID)
			if strings.HasPrefix(l.Lane, "slack:") {
				return mailbox.Receipt{Rest: time.Second}, nil
			}
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(time.Minute)
		end(t, stop)
		last := -time.Hour
		for i, id := range seen.lines {
			if strings.HasPrefix(id, "l") && seen.at[i] > 0 {
				t.Errorf("%s waited %v, want none", id, seen.at[i])
			}
			if strings.HasPrefix(id, "s") {
				if gap := seen.at[i] - last; gap < time.Second {
					t.Errorf("%s came %v after the one before, want at least 1s", id, gap)
				}
				last = seen.at[i]
			}
		}
		if len(seen.lines) != 8 || last > 4500*time.Millisecond {
			t.Errorf("got %d letters, the last after %v; want 8 within 4 s or so", len(seen.lines), last)
		}
	})
}

// TestLettersYield: whose turn has not come lets its lane go on, if it may; any
// other failure holds the lane.
func TestLettersYield(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"asks to wait, and yields": {&mailbox.RetryError{After: time.Second, Clear: true, Pause: true, Yields: true, Err: mailbox.ErrTurn}, "a b c a"},
		"asks to wait":             {&mailbox.RetryError{After: time.Second, Clear: true, Pause: true, Err: mailbox.ErrTurn}, "a a b c"},
		"fails":                    {errors.New("no"), "a a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b, seen := newBox(), newBook()
				first := say("a", "slack:C")
				first.Yields = true // so far
				b.post(first, say("b", "slack:C"), say("c", "slack:C"))
				tries := 0
				_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
					seen.note(l.ID)
					if l.ID == "a" {
						if tries++; tries == 1 {
							return mailbox.Receipt{}, test.err
						}
					}
					return mailbox.Receipt{}, nil
				}, nil)
				time.Sleep(time.Minute)
				end(t, stop)
				if seen.String() != test.want {
					t.Errorf("got %s, want %s", seen, test.want)
				}
			})
		})
	}
}

// TestDeliveryIsRecordedDespiteHiccups: a database that fails for a moment
// after a letter arrived must not make it look unclear.
func TestDeliveryIsRecordedDespiteHiccups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		b.fails = 5
		b.post(say("1", "a"))
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(l.ID)
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(time.Minute)
		end(t, stop)
		if seen.String() != "1" || b.waiting() != 0 {
			t.Errorf("got %s, %d waiting; want sent once and recorded", seen, b.waiting())
		}
	})
}

func TestSlowSendingKeepsItsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b, seen := newBox(), newBook()
		b.post(say("1", "a"))
		_, stop := runOutbox(t, b, func(_ context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
			seen.note(l.ID)
			time.Sleep(time.Minute)
			return mailbox.Receipt{}, nil
		}, nil)
		time.Sleep(5 * time.Minute)
		end(t, stop)
		if seen.String() != "1" || b.waiting() != 0 {
			t.Errorf("got %s, %d waiting; want sent once", seen, b.waiting())
		}
	})
}
