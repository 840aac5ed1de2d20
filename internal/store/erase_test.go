package store_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

// eraser leases letters until none waits, and returns what is to leave Slack
// and whose live state is to be dropped.
func eraser(t *testing.T, b *bundle) (taken []reception.Erase, forget []string) {
	t.Helper()
	b.clock.add(time.Minute) // leases in hand run out
	for {
		got, err := b.LeaseLetters(t.Context(), "w", b.clock.now(), ttl, 100)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) == 0 {
			return taken, forget
		}
		for _, l := range got {
			var e reception.Erase
			var f reception.Forget
			switch l.Letter.Kind {
			case reception.LetterErase:
				err = json.Unmarshal(l.Letter.Body, &e)
				e.Since = time.Time{}
				taken = append(taken, e)
			case reception.LetterForget:
				err = json.Unmarshal(l.Letter.Body, &f)
				forget = append(forget, f.Resident)
			default:
				t.Errorf("a letter is left: %s %s", l.Letter.Kind, l.Letter.ID)
			}
			if err == nil {
				err = b.Delivered(t.Context(), l, mailbox.Receipt{}, b.clock.now())
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestErasureIsRecorded(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		live(t, b, "r-a")
		dry, err := b.Erase(ctx, "r-a", store.Wish{DryRun: true})
		if err != nil || dry.Cases != 1 || dry.Posts != 1 {
			t.Fatalf("dry run: got %+v, %v", dry, err)
		}
		if r, err := b.Export(ctx, "r-a"); err != nil || len(r.Cases) != 1 || len(r.Media) != 1 {
			t.Fatalf("after a dry run: got %+v, %v; want all of it", r, err)
		}
		gone, err := b.Erase(ctx, "r-a", store.Wish{By: "山田"})
		if err != nil {
			t.Fatal(err)
		}
		counted := gone
		counted.ID = dry.ID
		if diff := cmp.Diff(dry, counted); diff != "" {
			t.Errorf("what a dry run tells and what is done differ (-dry +done):\n%s", diff)
		}
		number := gone.Numbers[0]
		for _, name := range []string{"r-a", number} {
			e, err := b.ErasureOf(ctx, name)
			if err != nil || e.ID != gone.ID || e.By != "山田" || e.Removed.Cases != 1 || e.Waiting != 2 {
				t.Errorf("the erasure of %s: got %+v, %v", name, e, err)
			}
		}
		if _, err := b.ErasureOf(ctx, "r-b"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("somebody else's erasure: got %v, want not found", err)
		}
		if _, err := b.Erase(ctx, "r-a", store.Wish{By: "山田"}); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("a second time: got %v, want not found", err)
		}
		for _, row := range dump(t, raw(t, b), "erasures") {
			if text := fmt.Sprint(row...); strings.Contains(text, "r-a") || strings.Contains(text, number) || strings.Contains(text, contact) {
				t.Errorf("the record tells whose data it was: %s", text)
			}
		}
		taken, forget := eraser(t, b)
		want := []reception.Erase{{Kind: reception.LetterCard, Subject: "c-r-a@C", Ref: "tsr-a"}}
		if diff := cmp.Diff(want, taken); diff != "" || !slices.Equal(forget, []string{"r-a"}) {
			t.Errorf("to leave Slack (-want +got):\n%s, and live state of %v", diff, forget)
		}
		list, err := b.Erasures(ctx)
		if err != nil || len(list) != 1 || list[0].Waiting != 0 || list[0].Failed != 0 {
			t.Errorf("when all is done: got %+v, %v", list, err)
		}
	})
}

func TestDangerHoldsErasing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		put(t, b, "1", "r-a", secret)
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{
				{ID: "c-1", Resident: "r-a", Window: "dv", Danger: "dv", Status: desk.Taken, OpenedAt: b.clock.now()},
				{ID: "c-2", Resident: "r-a", Window: "dv", Danger: "dv", Status: desk.Closed, OpenedAt: b.clock.now()},
			}
		})
		_, err := b.Erase(t.Context(), "r-a", store.Wish{By: "x"})
		held, ok := errors.AsType[*store.HeldError](err)
		if want := []string{(desk.Case{ID: "c-1"}).Number()}; !ok || !slices.Equal(held.Numbers, want) {
			t.Fatalf("erase: got %v, want it held by %v", err, want)
		}
		if _, err := b.Case(t.Context(), "c-2"); err != nil {
			t.Errorf("after it was refused: %v", err)
		}
		if _, err := b.Erase(t.Context(), "r-a", store.Wish{By: "x", Force: true}); err != nil {
			t.Fatal(err)
		}
		if e, err := b.ErasureOf(t.Context(), "r-a"); err != nil || !e.Forced {
			t.Errorf("the record: got %+v, %v; want forced", e, err)
		}
	})
}

// TestEraseWhatIsUnderWay: a card, a line and a photo are in somebody's hands
// while their resident is erased. None of them comes back.
func TestEraseWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		put(t, b, "1", "r-a", secret)
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{{ID: "c-1", Resident: "r-a", Window: "dv", Status: desk.New, OpenedAt: b.clock.now()}}
			turn.Entries = []desk.Entry{{ID: "e-77", Case: "c-1", At: b.clock.now(), Kind: desk.FromResident, MessageID: "77"}}
			turn.Letters = []mailbox.Letter{
				{ID: "r-a@1/1", Lane: "slack:C", Kind: reception.LetterCard, Subject: "c-1@C"},
				{ID: "r-a@1/2", Lane: "slack:D", Kind: reception.LetterPoint, Subject: "c-1/dv@D"},
				{ID: "r-a@1/7", Lane: "slack:G", Kind: reception.LetterPoint, Subject: reception.OfferAt("c-1", "dv", "click:C:1.2:move:U1:3.4", "G")},
				{ID: "r-a@1/3", Lane: "slack:E", Kind: reception.LetterEntry, Subject: "e-77@E"},
				{ID: "x/4", Lane: "slack:F", Kind: reception.LetterFile, Subject: "77@F"}, // follows the photo
				{ID: "r-a@1/6", Lane: "slack:U1", Kind: reception.LetterTalk, Subject: reception.TalkAt("c-1", "U1", 1)},
				{ID: "x/5", Lane: "fetch:r-a", Kind: reception.LetterFetch, Subject: "78"},
			}
		})
		held, err := b.LeaseLetters(ctx, "w", b.clock.now(), ttl, 10)
		if err != nil || len(held) != 7 {
			t.Fatalf("leased %d letters, %v; want 7", len(held), err)
		}
		i := slices.IndexFunc(held, func(l mailbox.LeasedLetter) bool { return l.Letter.Kind == reception.LetterFile })
		if err := b.Delivered(ctx, held[i], mailbox.Receipt{Ref: "F77"}, b.clock.now()); err != nil { // its photo is not kept any more
			t.Fatal(err)
		}
		held = slices.Delete(held, i, i+1)
		i = slices.IndexFunc(held, func(l mailbox.LeasedLetter) bool { return l.Letter.Kind == reception.LetterTalk })
		if err := b.Delivered(ctx, held[i], mailbox.Receipt{Ref: "D1/ts"}, b.clock.now()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Erase(ctx, "r-a", store.Wish{By: "x"}); err != nil {
			t.Fatal(err)
		}
		for _, l := range slices.Delete(held, i, i+1) {
			if err := b.Delivered(ctx, l, mailbox.Receipt{Ref: "late", Follow: []mailbox.Letter{{ID: l.Letter.ID + "/f", Lane: "slack:C", Kind: reception.LetterEntry, Subject: "e-77@C"}}}, b.clock.now()); !errors.Is(err, mailbox.ErrLeaseLost) {
				t.Errorf("%s was recorded after erasing: %v, want %v", l.Letter.Kind, err, mailbox.ErrLeaseLost)
			}
		}
		for _, id := range []string{"78", reception.PreviewID("78")} {
			if err := b.PutMedia(ctx, reception.Media{MessageID: id, Resident: "r-a", Content: []byte(secret), Expires: b.clock.now().Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Media(ctx, id); !errors.Is(err, reception.ErrNotFound) {
				t.Errorf("the photo that was arriving, %s: got %v, want not found", id, err)
			}
		}
		if rows := dump(t, raw(t, b), "posts"); len(rows) != 0 {
			t.Errorf("posts: got %v, want none", rows)
		}
		taken, _ := eraser(t, b)
		want := []reception.Erase{ // the line is found below the card, the card by its metadata
			{Kind: reception.LetterCard, Subject: "c-1@C"},
			{Kind: reception.LetterFile, Subject: "77@F", Ref: "F77"},
			{Kind: reception.LetterPoint, Subject: "c-1/dv/click:C:1.2:move:U1:3.4@G"},
			{Kind: reception.LetterPoint, Subject: "c-1/dv@D"},
			{Kind: reception.LetterTalk, Subject: "c-1/U1.1@U1", Ref: "D1/ts"},
		}
		slices.SortFunc(taken, func(a, b reception.Erase) int { return strings.Compare(a.Kind+a.Subject, b.Kind+b.Subject) })
		if diff := cmp.Diff(want, taken); diff != "" {
			t.Errorf("to leave Slack (-want +got):\n%s", diff)
		}
		if _, err := b.DeleteExpired(ctx, b.clock.now().Add(48*time.Hour)); err != nil {
			t.Fatal(err)
		}
		if rows := dump(t, raw(t, b), "media"); len(rows) != 0 {
			t.Errorf("the mark stays for a day: got %v after two", rows)
		}
	})
}

// TestEraseBesideDeliveries erases residents while their cards and lines are
// being recorded: every post is taken out, whoever comes first.
func TestEraseBesideDeliveries(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		const residents = 12
		for i := range residents {
			r := fmt.Sprintf("r-%02d", i)
			put(t, b, r, r, secret)
			commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
				turn.Cases = []desk.Case{{ID: "c-" + r, Resident: r, Window: "dv", Status: desk.New, OpenedAt: now}}
				turn.Letters = []mailbox.Letter{{ID: r + "@1/1", Lane: "slack:" + r, Kind: reception.LetterCard, Subject: "c-" + r + "@" + r}}
			})
		}
		held, err := b.LeaseLetters(ctx, "w", now, ttl, residents)
		if err != nil || len(held) != residents {
			t.Fatalf("leased %d, %v", len(held), err)
		}
		var all sync.WaitGroup
		for _, l := range held {
			all.Go(func() {
				if err := b.Delivered(ctx, l, mailbox.Receipt{Ref: "ts"}, now); err != nil && !errors.Is(err, mailbox.ErrLeaseLost) {
					t.Error(err)
				}
			})
			all.Go(func() {
				if _, err := b.Erase(ctx, strings.TrimPrefix(l.Letter.Lane, "slack:"), store.Wish{By: "x"}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if rows := dump(t, raw(t, b), "posts"); len(rows) != 0 {
			t.Errorf("posts nobody takes out: %v", rows)
		}
		taken, forget := eraser(t, b)
		if len(taken) != residents || len(forget) != residents {
			t.Errorf("to leave Slack: %d cards, and %d live states; want %d each", len(taken), len(forget), residents)
		}
	})
}

// TestNothingInTheFile looks for what was sealed, byte by byte, in SQLite's
// files after erasing, while the service has them open.
func TestNothingInTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "tsunagu.db")
	b := open(t, "sqlite:"+path, newSeal(t))
	live(t, b, "r-a")
	live2(t, b, "r-b")
	serving, err := store.Open(t.Context(), store.Config{URL: b.url, Seal: b.seal})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = serving.Close() }()
	if _, err := serving.Export(t.Context(), "r-a"); err != nil {
		t.Fatal(err)
	}
	var blobs [][]byte
	for _, c := range [][2]string{
		{"residents", "state"}, {"residents", "contact"}, {"cases", "content"}, {"entries", "text"}, {"media", "content"}, {"media", "name"},
		{"mail", "body"}, {"letters", "body"}, {"lessons", "text"},
	} {
		where := map[string]string{"residents": "id = 'r-a'", "cases": "resident = 'r-a'", "entries": "case_id = 'c-r-a'", "media": "resident = 'r-a'",
			"mail": "lane = 'r-a'", "letters": "lane = 'line:r-a'", "lessons": "resident = 'r-a'"}[c[0]]
		found := values(t, b, fmt.Sprintf("SELECT %s FROM %s WHERE %s AND length(%s) > 0", c[1], c[0], where, c[1]))
		if len(found) == 0 {
			t.Fatalf("%s.%s: nothing to look for", c[0], c[1])
		}
		blobs = append(blobs, found...)
	}
	if found := foundIn(t, path, blobs); found < len(blobs) {
		t.Fatalf("before: found %d of %d values in the files; the search itself is wrong", found, len(blobs))
	}
	if _, err := b.Erase(t.Context(), "r-a", store.Wish{By: "x"}); err != nil {
		t.Fatal(err)
	}
	if found := foundIn(t, path, blobs); found > 0 {
		t.Errorf("after erasing: %d of %d sealed values still stand in the files", found, len(blobs))
	}
}

// values are what a query of one column finds.
func values(t *testing.T, b *bundle, query string) (list [][]byte) {
	t.Helper()
	rows, err := raw(t, b).QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var v []byte
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		list = append(list, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

func foundIn(t *testing.T, path string, blobs [][]byte) (found int) {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(filepath.Dir(path), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(name)
		all = append(all, content...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, blob := range blobs {
		if bytes.Contains(all, blob) {
			found++
		}
	}
	return found
}

// TestLastWord: the one message after erasing has an address of its own.
func TestLastWord(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		live(t, b, "r-a")
		if _, err := b.Erase(t.Context(), "r-a", store.Wish{By: "x", Last: []byte(`[{"type":"text"}]`)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Erase(t.Context(), "r-a", store.Wish{By: "x"}); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("again: %v, want not found: the last word is no data", err)
		}
		b.clock.add(time.Minute)
		got, err := b.LeaseLetters(context.WithoutCancel(t.Context()), "w", b.clock.now(), ttl, 10)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(got, func(l mailbox.LeasedLetter) bool { return l.Letter.Kind == reception.LetterSay })
		var say reception.Say
		if i < 0 || json.Unmarshal(got[i].Letter.Body, &say) != nil || say.To != contact {
			t.Errorf("the last word: got %+v of %d letters", say, len(got))
		}
	})
}
