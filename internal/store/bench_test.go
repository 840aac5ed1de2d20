package store_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

func benchEach(b *testing.B, bench func(b *testing.B, s *bundle)) {
	for name, url := range engines() {
		b.Run(name, func(b *testing.B) {
			s := open(b, url(b), newSeal(b))
			s.clock.run()
			bench(b, s)
		})
	}
}

var event = []byte(`{"type":"message","message":{"type":"text","id":"1","text":"` + strings.Repeat("母が最近物忘れがひどくて心配", 5) + `"}}`)

func one(n int64) []mailbox.Mail {
	return []mailbox.Mail{{Key: fmt.Sprint("k", n), Lane: fmt.Sprint("r-", n%1000), Source: mailbox.FromLINE, Body: event}}
}

// BenchmarkAppend: one caller, one event a delivery, each durable before the next.
func BenchmarkAppend(b *testing.B) {
	benchEach(b, func(b *testing.B, s *bundle) {
		n := int64(0)
		for b.Loop() {
			n++
			if _, err := s.Append(b.Context(), one(n)); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "appends/s")
	})
}

// BenchmarkAppendTogether: 64 callers at once, with group commit and without.
func BenchmarkAppendTogether(b *testing.B) {
	for _, together := range []int{1, 128} {
		b.Run(fmt.Sprint("group=", together), func(b *testing.B) {
			benchEach(b, func(b *testing.B, s *bundle) {
				s.SetTogether(together)
				var n atomic.Int64
				b.SetParallelism(32) // times GOMAXPROCS
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if _, err := s.Append(b.Context(), one(n.Add(1))); err != nil {
							b.Error(err)
							return
						}
					}
				})
				b.ReportMetric(float64(n.Load())/b.Elapsed().Seconds(), "appends/s")
			})
		})
	}
}

// BenchmarkTurns: an inbox with 16 workers leases and commits waiting mail of
// many residents, one letter a turn.
func BenchmarkTurns(b *testing.B) {
	benchEach(b, func(b *testing.B, s *bundle) {
		fill(b, s)
		b.ResetTimer()
		left := atomic.Int64{}
		left.Store(int64(b.N))
		ctx, cancel := context.WithCancel(b.Context())
		h := turner{s: s, left: &left, done: cancel}
		inbox, err := mailbox.NewInbox(mailbox.InboxConfig{Store: s, Handler: h, Batch: 1})
		if err != nil {
			b.Fatal(err)
		}
		if err := inbox.Run(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
	})
}

// fill appends b.N pieces for 500 residents.
func fill(b *testing.B, s *bundle) {
	b.Helper()
	var batch []mailbox.Mail
	for n := range b.N {
		m := one(int64(n))[0]
		m.Lane = fmt.Sprint("r-", n%500)
		batch = append(batch, m)
		if len(batch) == 100 || n == b.N-1 {
			if _, err := s.Append(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
}

type turner struct {
	s    *bundle
	left *atomic.Int64
	done func()
}

func (h turner) Handle(ctx context.Context, l mailbox.Lease, mail []mailbox.Mail) error {
	r, err := h.s.Resident(ctx, l.Lane)
	if err != nil {
		return err
	}
	turn := turnOf(h.s, mailbox.LeasedMail{Lease: l, Mail: mail}, r.Number+1)
	turn.Contact = contact
	turn.State = event
	turn.Letters = []mailbox.Letter{{ID: mail[0].Key + "/1", Lane: reception.LineLane(l.Lane), Kind: reception.LetterSay, Body: event}}
	turn.Counts = []bot.Count{{What: "answered", Window: "elder-care", Lang: bot.Ja, Town: "柏町"}}
	if err := h.s.Commit(ctx, turn); err != nil {
		return err
	}
	if h.left.Add(-1) == 0 {
		h.done()
	}
	return nil
}

// BenchmarkLetters: an outbox with 16 workers whose carrier takes no time.
func BenchmarkLetters(b *testing.B) {
	benchEach(b, func(b *testing.B, s *bundle) {
		put := make([]mailbox.Letter, b.N)
		for n := range put {
			put[n] = mailbox.Letter{ID: fmt.Sprint("l", n), Lane: fmt.Sprint("line:r-", n%500), Kind: reception.LetterSay, Body: event}
		}
		if _, err := s.Append(b.Context(), one(1)); err != nil {
			b.Fatal(err)
		}
		leased, err := s.LeaseMail(b.Context(), "w", time.Now(), ttl, 1, 1)
		if err != nil || len(leased) != 1 {
			b.Fatal(len(leased), err)
		}
		turn := turnOf(s, leased[0], 1)
		turn.Letters = put
		if err := s.Commit(b.Context(), turn); err != nil {
			b.Fatal(err)
		}
		b.ResetTimer()
		left := atomic.Int64{}
		left.Store(int64(b.N))
		ctx, cancel := context.WithCancel(b.Context())
		outbox, err := mailbox.NewOutbox(mailbox.OutboxConfig{Store: s, Carriers: map[string]mailbox.Carrier{"line": counting{&left, cancel}}})
		if err != nil {
			b.Fatal(err)
		}
		if err := outbox.Run(ctx); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "letters/s")
	})
}

type counting struct {
	left *atomic.Int64
	done func()
}

func (c counting) Carry(context.Context, mailbox.Letter) (mailbox.Receipt, error) {
	if c.left.Add(-1) == 0 {
		c.done()
	}
	return mailbox.Receipt{}, nil
}

// BenchmarkTallies: 100,000 of them over two years, read for one report.
func BenchmarkTallies(b *testing.B) {
	benchEach(b, func(b *testing.B, s *bundle) {
		turn := reception.Turn{}
		month := insight.Month("2024-11")
		for i := range 100_000 {
			turn.Tallies = append(turn.Tallies, insight.Tally{
				Month: month.Add(i % 24), Measure: insight.Opened, By: insight.ByTown, A: fmt.Sprint("a", i/24%70), B: fmt.Sprint("b", i/24/70), N: 1 + i%9,
			})
		}
		for batch := range slices.Chunk(turn.Tallies, 5000) {
			s.addTallies(b, batch)
		}
		for b.Loop() {
			list, err := s.Tallies(b.Context(), "2024-11", "2026-10")
			if err != nil || len(list) != len(turn.Tallies) {
				b.Fatalf("%d tallies, %v; want %d", len(list), err, len(turn.Tallies))
			}
		}
	})
}

// addTallies puts some in through a turn, as everything comes in.
func (b *bundle) addTallies(t testing.TB, list []insight.Tally) {
	t.Helper()
	lane := "r-" + fmt.Sprint(list[0])
	if _, err := b.Append(t.Context(), []mailbox.Mail{{Key: lane, Lane: lane, Source: mailbox.FromLINE, At: b.clock.now(), Body: event}}); err != nil {
		t.Fatal(err)
	}
	leased, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
	if err != nil || len(leased) != 1 {
		t.Fatalf("leased %d, %v", len(leased), err)
	}
	turn := turnOf(b, leased[0], 1)
	turn.Tallies = list
	if err := b.Commit(t.Context(), turn); err != nil {
		t.Fatal(err)
	}
}
