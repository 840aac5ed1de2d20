package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

const ttl = 8 * time.Second

// append_ puts one piece of LINE mail in.
func put(t *testing.T, b *bundle, key, lane, body string) {
	t.Helper()
	n, err := b.Append(t.Context(), []mailbox.Mail{{Key: key, Lane: lane, Source: mailbox.FromLINE, At: b.clock.now(), Body: []byte(body)}})
	if err != nil || n != 1 {
		t.Fatalf("append %s: got %d, %v; want 1 new", key, n, err)
	}
}

func leaseOne(t *testing.T, b *bundle) mailbox.LeasedMail {
	t.Helper()
	got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("leased %d lanes, want 1", len(got))
	}
	return got[0]
}

func leaseLetter(t *testing.T, b *bundle) mailbox.LeasedLetter {
	t.Helper()
	got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 {
		t.Fatalf("leased %d letters, want 1", len(got))
	}
	return got[0]
}

func noMail(t *testing.T, b *bundle) {
	t.Helper()
	got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 0 {
		t.Fatalf("leased %v, want nothing", got)
	}
}

func noLetter(t *testing.T, b *bundle) {
	t.Helper()
	got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 0 {
		t.Fatalf("leased %v, want nothing", got)
	}
}

// commit answers a leased lane with nothing but the given additions.
func commit(t *testing.T, b *bundle, l mailbox.LeasedMail, number int64, add func(*reception.Turn)) {
	t.Helper()
	turn := turnOf(b, l, number)
	if add != nil {
		add(&turn)
	}
	if err := b.Commit(t.Context(), turn); err != nil {
		t.Fatalf("commit turn %d: %v", number, err)
	}
}

func turnOf(b *bundle, l mailbox.LeasedMail, number int64) reception.Turn {
	turn := reception.Turn{Lease: l.Lease, Resident: l.Lease.Lane, Number: number, State: []byte(`{"lang":"ja"}`), At: b.clock.now()}
	for _, m := range l.Mail {
		turn.Done = append(turn.Done, m.Seq)
	}
	return turn
}

func TestJourney(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		put(t, b, "line:1", "r-a", "母が最近物忘れがひどくて心配")
		if n, err := b.Append(ctx, []mailbox.Mail{{Key: "line:1", Lane: "r-a", Source: mailbox.FromLINE}}); n != 0 || err != nil {
			t.Fatalf("second delivery: got %d, %v; want 0 new", n, err)
		}
		l := leaseOne(t, b)
		if len(l.Mail) != 1 || string(l.Mail[0].Body) != "母が最近物忘れがひどくて心配" || l.Mail[0].Tries != 1 || !l.Mail[0].At.Equal(b.clock.now()) {
			t.Fatalf("leased %+v", l)
		}
		noMail(t, b) // one holder at a time

		if r, err := b.Resident(ctx, "r-a"); err != nil || r.Number != 0 || r.State != nil {
			t.Fatalf("stranger: got %+v, %v", r, err)
		}
		c := desk.Case{
			ID: "c-1", Resident: "r-a", Window: "elder-care", With: []string{"dementia"}, Lang: bot.Ja, Town: "柏町", Agreed: true,
			Summary: "母の物忘れ", Gloss: "物忘れの相談", Status: desk.New, OpenedAt: b.clock.now(),
		}
		e := desk.Entry{ID: "e-7", Case: "c-1", At: b.clock.now(), Kind: desk.FromResident, Text: "母が最近…", MessageID: "7"}
		commit(t, b, l, 1, func(turn *reception.Turn) {
			turn.Contact = "U0123456789abcdef0123456789abcdef"
			turn.Cases, turn.Entries = []desk.Case{c}, []desk.Entry{e}
			turn.Letters = []mailbox.Letter{
				{ID: "line:1/1", Lane: "line:r-a", Kind: reception.LetterSay, Body: []byte("こたえ")},
				{ID: "line:1/2", Lane: "slack:C1", Kind: reception.LetterCard, Subject: "c-1@C1", Fold: "card:c-1@C1", Body: []byte("{}")},
			}
			turn.Counts = []bot.Count{{What: "answered", Window: "elder-care", Lang: bot.Ja, Town: "柏町"}}
		})

		r, err := b.Resident(ctx, "r-a")
		if err != nil || r.Number != 1 || string(r.State) != `{"lang":"ja"}` || r.Gone {
			t.Fatalf("resident: got %+v, %v", r, err)
		}
		if id, gone, err := b.Contact(ctx, "r-a"); id != "U0123456789abcdef0123456789abcdef" || gone || err != nil {
			t.Errorf("contact: got %q, %v, %v", id, gone, err)
		}
		got, err := b.Case(ctx, "c-1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("case (-want +got):\n%s", diff)
		}
		entries, err := b.Entries(ctx, "c-1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]desk.Entry{e}, entries); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		noMail(t, b)

		letters, err := b.LeaseLetters(ctx, "w", b.clock.now(), ttl, 10)
		if err != nil || len(letters) != 2 {
			t.Fatalf("leased %d letters, %v; want 2", len(letters), err)
		}
		for _, x := range letters {
			if x.Letter.Tries != 1 || !x.Letter.Clear {
				t.Errorf("first try: got tries %d, clear %v", x.Letter.Tries, x.Letter.Clear)
			}
			ref := ""
			if x.Letter.Kind == reception.LetterCard {
				ref = "1764.0001"
			} else if string(x.Letter.Body) != "こたえ" {
				t.Errorf("letter body: got %q", x.Letter.Body)
			}
			if err := b.Delivered(ctx, x, mailbox.Receipt{Ref: ref}, b.clock.now()); err != nil {
				t.Fatal(err)
			}
		}
		noLetter(t, b)
		if ref, ok, err := b.Post(ctx, reception.LetterCard, "c-1@C1"); ref != "1764.0001" || !ok || err != nil {
			t.Errorf("post: got %q, %v, %v", ref, ok, err)
		}
		if c, err := b.CaseByThread(ctx, "C1", "1764.0001"); err != nil || c.ID != "c-1" {
			t.Errorf("case by thread: got %q, %v", c.ID, err)
		}
		if _, err := b.CaseByThread(ctx, "C2", "1764.0001"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("case by another channel's thread: got %v, want not found", err)
		}
	})
}
