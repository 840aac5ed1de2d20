package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/seal"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

const (
	secret  = "だれにも言わないで"
	contact = "Uffffffffffffffffffffffffffffffff"
)

// live plays a whole life of one resident, so that every table has rows, some
// done and some waiting.
func live(t *testing.T, b *bundle, resident string) {
	t.Helper()
	ctx := t.Context()
	now := b.clock.now()
	id := func(s string) string { return s + resident }
	body := []byte(secret)
	put(t, b, id("first"), resident, secret)
	commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
		turn.Contact, turn.State = contact, []byte(`{"heard":[{"text":"`+secret+`"}]}`)
		turn.Cases = []desk.Case{{
			ID: id("c-"), Resident: resident, Window: "dv", Status: desk.New, OpenedAt: now, Summary: secret, Gloss: secret,
			Moves: []desk.Move{{Why: secret}},
		}}
		turn.Entries = []desk.Entry{{ID: id("e-"), Case: id("c-"), At: now, Kind: desk.FromResident, Text: secret, MessageID: id("m-")}}
		turn.Letters = []mailbox.Letter{
			{ID: resident + "@1/1", Lane: "slack:C", Kind: reception.LetterCard, Subject: id("c-") + "@C", Body: body},
		}
		turn.Mail = []mailbox.Mail{{Key: id("time:"), Lane: resident, Source: mailbox.FromTime, Due: now.Add(24 * time.Hour), Body: body}}
		turn.Counts = []bot.Count{{What: "danger", Window: "dv"}}
		turn.Lessons = []lesson.Lesson{{ID: id("l-"), Resident: resident, Text: secret, Right: "housing", At: now}}
	})
	l := leaseLetter(t, b)
	if err := b.Delivered(ctx, l, mailbox.Receipt{Ref: id("ts")}, now); err != nil {
		t.Fatal(err)
	}
	put(t, b, id("parked"), resident, secret)
	p := leaseOne(t, b)
	if err := b.Postpone(ctx, p.Lease, now, true, &mailbox.Park{Seq: p.Mail[0].Seq, Reason: "x"}); err != nil {
		t.Fatal(err)
	}
	put(t, b, id("second"), resident, secret)
	commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) {
		turn.State = []byte(`{"heard":[{"text":"` + secret + `"}]}`)
		turn.Letters = []mailbox.Letter{
			{ID: id("bury"), Lane: reception.LineLane(resident), Kind: reception.LetterSay, Body: body},
			{ID: id("wait"), Lane: reception.LineLane(resident), Kind: reception.LetterSay, Body: body},
		}
	})
	if err := b.Bury(ctx, leaseLetter(t, b), "blocked", nil, now); err != nil {
		t.Fatal(err)
	}
	put(t, b, id("third"), resident, secret)
	err := b.PutMedia(ctx, reception.Media{MessageID: id("m-"), Resident: resident, MIME: "image/jpeg", Name: secret + ".jpg", Content: body, Expires: now.Add(30 * 24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
}

// raw opens the database as a thief would.
func raw(t *testing.T, b *bundle) *sql.DB {
	t.Helper()
	driver, address := "pgx", b.url
	if path, ok := strings.CutPrefix(b.url, "sqlite:"); ok {
		driver, address = "sqlite", path
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

var tables = []string{"settings", "lanes", "mail", "letters", "posts", "residents", "cases", "entries", "media", "counts", "lessons"}

// dump returns all values of a table.
func dump(t *testing.T, db *sql.DB, table string) (rows [][]any) {
	t.Helper()
	r, err := db.QueryContext(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	columns, err := r.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for r.Next() {
		values := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := r.Scan(into...); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, values)
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestNothingReadableAtRest(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		live(t, b, "r-a")
		db := raw(t, b)
		for _, table := range tables {
			rows := dump(t, db, table)
			if len(rows) == 0 {
				t.Errorf("%s is empty: nothing tested", table)
			}
			for _, row := range rows {
				for _, value := range row {
					text := fmt.Sprintf("%s", value)
					if strings.Contains(text, secret) || strings.Contains(text, contact) || strings.Contains(text, "だれ") {
						t.Errorf("%s holds words: %.60q", table, text)
					}
				}
			}
		}
		// What was acted on keeps no words, not even sealed.
		for table, state := range map[string]string{"mail": "state = 1", "letters": "state IN (1, 3)"} {
			var n int
			if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+state+" AND length(body) > 0").Scan(&n); err != nil || n != 0 {
				t.Errorf("%s done with a body: got %d, %v; want none", table, n, err)
			}
		}
	})
}

func TestSwappedWordsDoNotOpen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		live(t, b, "r-a")
		live2(t, b, "r-b")
		db := raw(t, b)
		for _, query := range []string{
			`UPDATE entries SET text = (SELECT text FROM entries WHERE id = 'e-r-a') WHERE id = 'e-r-b'`,
			`UPDATE residents SET state = (SELECT state FROM residents WHERE id = 'r-a') WHERE id = 'r-b'`,
			`UPDATE cases SET content = (SELECT content FROM cases WHERE id = 'c-r-a') WHERE id = 'c-r-b'`,
		} {
			if _, err := db.ExecContext(t.Context(), query); err != nil {
				t.Fatal(err)
			}
		}
		_, err1 := b.Entry(t.Context(), "e-r-b")
		_, err2 := b.Resident(t.Context(), "r-b")
		_, err3 := b.Case(t.Context(), "c-r-b")
		for i, err := range []error{err1, err2, err3} {
			if !errors.Is(err, seal.ErrOpen) || strings.Contains(err.Error(), secret) {
				t.Errorf("swapped value %d: got %v, want %v", i+1, err, seal.ErrOpen)
			}
		}
	})
}

// live2 is a second resident beside one with waiting mail and letters.
func live2(t *testing.T, b *bundle, resident string) {
	t.Helper()
	put(t, b, "other"+resident, resident, secret)
	got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range got {
		if l.Lease.Lane != resident {
			continue
		}
		commit(t, b, l, 1, func(turn *reception.Turn) {
			turn.Contact = "Ub"
			turn.Cases = []desk.Case{{ID: "c-" + resident, Resident: resident, Window: "dv", Status: desk.New, OpenedAt: b.clock.now(), Summary: secret}}
			turn.Entries = []desk.Entry{{ID: "e-" + resident, Case: "c-" + resident, At: b.clock.now(), Kind: desk.FromResident, Text: secret, MessageID: "m-" + resident}}
			turn.Letters = []mailbox.Letter{{ID: "card" + resident, Lane: "slack:C", Kind: reception.LetterCard, Subject: "c-" + resident + "@C"}}
		})
	}
}

func TestRotateKeys(t *testing.T) {
	t.Parallel()
	old, fresh := seal.NewKey(), seal.NewKey()
	for name, url := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, address := t.Context(), url(t)
			var pseudonym string
			func() {
				b := open(t, address, newSeal(t, old))
				live(t, b, "r-a")
				pseudonym = b.Pseudonym(contact)
			}()
			if _, err := store.Open(ctx, store.Config{URL: address, Seal: newSeal(t, fresh)}); !errors.Is(err, seal.ErrKey) {
				t.Fatalf("open with another key: got %v, want %v", err, seal.ErrKey)
			}
			both := open(t, address, newSeal(t, fresh, old))
			if n, err := both.Reseal(ctx); n < 8 || err != nil {
				t.Fatalf("reseal: got %d values, %v", n, err)
			}
			if n, err := both.Reseal(ctx); n != 0 || err != nil {
				t.Errorf("reseal again: got %d values, %v; want none", n, err)
			}
			after := open(t, address, newSeal(t, fresh))
			if after.Pseudonym(contact) != pseudonym {
				t.Error("the pseudonym changed with the key")
			}
			r, err := after.Resident(ctx, "r-a")
			if err != nil || !bytes.Contains(r.State, []byte(secret)) {
				t.Errorf("resident: got %q, %v", r.State, err)
			}
			if id, _, err := after.Contact(ctx, "r-a"); id != contact || err != nil {
				t.Errorf("contact: got %q, %v", id, err)
			}
			if m, err := after.Media(ctx, "m-r-a"); err != nil || string(m.Content) != secret || m.Name != secret+".jpg" {
				t.Errorf("media: got %q, %v", m.Content, err)
			}
			if e, err := after.Entries(ctx, "c-r-a"); err != nil || len(e) != 1 || e[0].Text != secret {
				t.Errorf("entries: got %v, %v", e, err)
			}
			if l := leaseOne(t, after); string(l.Mail[0].Body) != secret {
				t.Errorf("mail: got %q", l.Mail[0].Body)
			}
			if l := leaseLetter(t, after); string(l.Letter.Body) != secret {
				t.Errorf("letter: got %q", l.Letter.Body)
			}
		})
	}
}

func TestExport(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		if _, err := b.Export(t.Context(), "r-a"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("stranger: got %v, want not found", err)
		}
		live(t, b, "r-a")
		r, err := b.Export(t.Context(), "r-a")
		if err != nil {
			t.Fatal(err)
		}
		if r.Contact != contact || len(r.Cases) != 1 || len(r.Cases[0].Entries) != 1 || len(r.Media) != 1 || r.Waiting != 2 || !r.Since.Equal(b.clock.now()) {
			t.Errorf("record: got %+v", r)
		}
		if out, err := json.Marshal(r); err != nil || bytes.Count(out, []byte(secret)) < 4 {
			t.Errorf("as JSON: got %s, %v", out, err)
		}
	})
}

func TestErase(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		live(t, b, "r-a")
		held := leaseOne(t, b) // a turn is being decided
		live2(t, b, "r-b")
		gone, err := b.Erase(ctx, "r-a", store.Wish{By: "x", Force: true})
		if err != nil {
			t.Fatal(err)
		}
		want := store.Erased{ID: gone.ID, Numbers: []string{bot.CaseNumber("c-r-a")}, Cases: 1, Entries: 1, Media: 1, Mail: 3, Letters: 3, Lessons: 1, Posts: 1}
		if diff := cmp.Diff(want, gone); diff != "" {
			t.Errorf("erased (-want +got):\n%s", diff)
		}
		if err := b.Commit(ctx, turnOf(b, held, 3)); !errors.Is(err, mailbox.ErrLeaseLost) {
			t.Errorf("commit after erasing: got %v, want %v", err, mailbox.ErrLeaseLost)
		}
		if _, err := b.Export(ctx, "r-a"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("export after erasing: got %v, want not found", err)
		}
		if n, err := b.Append(ctx, []mailbox.Mail{{Key: "thirdr-a", Lane: "r-a", Body: []byte(secret)}}); n != 0 || err != nil {
			t.Errorf("redelivery after erasing: got %d new, %v; want none", n, err)
		}
		b.clock.add(48 * time.Hour)
		noMail(t, b)
		db := raw(t, b)
		for _, table := range tables {
			for _, row := range dump(t, db, table) {
				if table == "lanes" || table == "mail" { // only that there was somebody, without words
					continue
				}
				if text := fmt.Sprint(row...); strings.Contains(text, "r-a") {
					t.Errorf("%s still knows r-a: %s", table, text)
				}
			}
		}
		var bodies int
		if err := db.QueryRowContext(ctx, `SELECT count(*) FROM mail WHERE lane = 'r-a' AND length(body) > 0`).Scan(&bodies); err != nil || bodies != 0 {
			t.Errorf("mail with words after erasing: got %d, %v", bodies, err)
		}
		if c, err := b.Case(ctx, "c-r-b"); err != nil || c.Summary != secret {
			t.Errorf("the neighbour's case: got %+v, %v", c, err)
		}
		put(t, b, "new", "r-a", "again") // they may come back, as a stranger
		commit(t, b, leaseOne(t, b), 1, nil)
	})
}

func TestDeleteExpired(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		live(t, b, "r-a")
		count := func(table string) int { return len(dump(t, raw(t, b), table)) }
		mail, letters := count("mail"), count("letters")
		if d, err := b.DeleteExpired(ctx, b.clock.now()); d != (store.Deleted{}) || err != nil {
			t.Fatalf("at once: got %+v, %v; want nothing", d, err)
		}
		later := b.clock.now().Add(8 * 24 * time.Hour)
		if d, err := b.DeleteExpired(ctx, later); d != (store.Deleted{Letters: 2}) || err != nil {
			t.Fatalf("after 8 days: got %+v, %v; want 2 letters, of %d", d, err, letters)
		}
		var bodies int
		if err := raw(t, b).QueryRowContext(ctx, `SELECT count(*) FROM mail WHERE state <> 0 AND length(body) > 0`).Scan(&bodies); err != nil || bodies != 0 {
			t.Errorf("parked mail after 8 days: got %d with words, %v", bodies, err)
		}
		later = b.clock.now().Add(30 * 24 * time.Hour)
		if d, err := b.DeleteExpired(ctx, later); d != (store.Deleted{Media: 1}) || err != nil {
			t.Fatalf("after 30 days: got %+v, %v; want the photo", d, err)
		}
		if n, err := b.Append(ctx, []mailbox.Mail{{Key: "firstr-a", Lane: "r-a"}}); n != 0 || err != nil {
			t.Errorf("redelivery after 30 days: got %d new, %v; want none", n, err)
		}
		later = b.clock.now().Add(36 * 24 * time.Hour)
		if d, err := b.DeleteExpired(ctx, later); d != (store.Deleted{Mail: 3}) || err != nil {
			t.Fatalf("after 36 days: got %+v, %v; want 3 pieces of %d", d, err, mail)
		}
		if got, want := count("mail"), 2; got != want { // the due time and the third piece still wait
			t.Errorf("mail left: got %d, want %d", got, want)
		}
	})
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		live(t, b, "r-a")
		b.clock.add(time.Minute)
		got, err := b.Backlog(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		want := store.Backlog{Mail: 1, Letters: 1, MailAge: time.Minute, LetterAge: time.Minute, Later: 1, Parked: 1, Buried: 1, OpenCases: 1, NewCases: 1}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("backlog (-want +got):\n%s", diff)
		}
	})
}

func TestPseudonym(t *testing.T) {
	t.Parallel()
	for name, url := range engines() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, s := url(t), newSeal(t)
			// Several processes start at once on an empty database.
			if first, err := store.Open(t.Context(), store.Config{URL: address, Seal: s, Migrate: true}); err != nil {
				t.Fatal(err)
			} else if err := first.Close(); err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			names := map[string]bool{}
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					st, err := store.Open(context.Background(), store.Config{URL: address, Seal: s})
					if err != nil {
						t.Error(err)
						return
					}
					defer func() { _ = st.Close() }()
					mu.Lock()
					defer mu.Unlock()
					names[st.Pseudonym(contact)] = true
					if st.Pseudonym("U1") == st.Pseudonym("U2") {
						t.Error("two residents have one name")
					}
				})
			}
			wait.Wait()
			if len(names) != 1 {
				t.Fatalf("names of one resident: got %v, want one", names)
			}
			for name := range names {
				if len(name) != 26 || !strings.HasPrefix(name, "r-") || strings.ToLower(name) != name || strings.Contains(name, contact[:8]) {
					t.Errorf("pseudonym: got %q", name)
				}
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	s := newSeal(t)
	for _, url := range []string{"", "mysql://x:secret@y/z", "sqlite:", "postgres://u:secret@%zz/db", "postgres://u:secret@127.0.0.1:1/db"} {
		st, err := store.Open(t.Context(), store.Config{URL: url, Seal: s, Migrate: true})
		if err == nil {
			_ = st.Close()
			t.Errorf("open %q: got no error", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("open %q: the error tells the password: %v", url, err)
		}
	}
	if _, err := store.Open(t.Context(), store.Config{URL: "sqlite::memory:"}); err == nil {
		t.Error("open without a seal: got no error")
	}
	if _, err := store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "new.db"), Seal: s}); !errors.Is(err, store.ErrSchema) {
		t.Errorf("open an empty database without migrating: got %v, want %v", err, store.ErrSchema)
	}
}

func TestMemory(t *testing.T) {
	t.Parallel()
	a, b := open(t, "sqlite::memory:", newSeal(t)), open(t, "sqlite::memory:", newSeal(t))
	put(t, a, "1", "r-a", "x")
	if l := leaseOne(t, a); string(l.Mail[0].Body) != "x" {
		t.Errorf("leased %+v", l)
	}
	noMail(t, b) // another memory
	if err := a.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if v, err := a.SchemaVersion(t.Context()); v < 1 || err != nil {
		t.Errorf("schema version: got %d, %v", v, err)
	}
	if a.Engine() != "sqlite" {
		t.Errorf("engine: got %q", a.Engine())
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		s, err := store.Open(t.Context(), store.Config{URL: b.url, Seal: b.seal})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Append(t.Context(), []mailbox.Mail{{Key: "k", Lane: "r-a"}}); err == nil {
			t.Error("append to a closed store: got no error")
		}
	})
}

// TestMailOfALostKey: a piece that does not open is left to the handler.
func TestMailOfALostKey(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		put(t, b, "1", "r-a", secret)
		put(t, b, "2", "r-b", secret)
		if _, err := raw(t, b).ExecContext(t.Context(), `UPDATE mail SET body = (SELECT body FROM mail WHERE key = '2') WHERE key = '1'`); err != nil {
			t.Fatal(err)
		}
		got, err := b.LeaseMail(t.Context(), "w", b.clock.now(), ttl, 10, 10)
		if err != nil || len(got) != 2 {
			t.Fatalf("leased %d lanes, %v; want 2: one spoilt piece must not stop the others", len(got), err)
		}
		for _, l := range got {
			want := map[string]string{"r-a": "", "r-b": secret}[l.Lease.Lane]
			if string(l.Mail[0].Body) != want {
				t.Errorf("%s: got %q, want %q", l.Lease.Lane, l.Mail[0].Body, want)
			}
		}
	})
}
