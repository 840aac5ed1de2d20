package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// TestOldCasesGo: a year after its end a case is deleted with its words, and
// what Slack shows of it is taken out; one that ended later, or goes on, stays.
func TestOldCasesGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		day := 24 * time.Hour
		put(t, b, "1", "r-a", secret)
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			for id, ended := range map[string]time.Time{"c-old": now.Add(-366 * day), "c-late": now.Add(-364 * day), "c-open": {}} {
				c := desk.Case{ID: id, Resident: "r-a", Window: "money", Status: desk.Closed, OpenedAt: now.Add(-400 * day), ClosedAt: ended, Summary: secret}
				if ended.IsZero() {
					c.Status = desk.New
				}
				turn.Cases = append(turn.Cases, c)
				turn.Entries = append(turn.Entries, desk.Entry{ID: "e-" + id, Case: id, At: now, Kind: desk.FromResident, Text: secret, MessageID: "m-" + id})
				for _, l := range []mailbox.Letter{
					{Kind: reception.LetterCard, Subject: id + "@C"}, {Kind: reception.LetterEntry, Subject: "e-" + id + "@C"},
					{Kind: reception.LetterFile, Subject: "m-" + id + "@C"}, {Kind: reception.LetterPoint, Subject: id + "/w@D"},
					{Kind: reception.LetterPoint, Subject: reception.OfferAt(id, "w", "o", "D")},
				} {
					l.ID, l.Lane = l.Kind+l.Subject, "slack:"+l.Subject
					turn.Letters = append(turn.Letters, l)
				}
			}
		})
		letters, err := b.LeaseLetters(ctx, "w", now, ttl, 100)
		if err != nil || len(letters) != 15 {
			t.Fatalf("leased %d letters, %v; want 15", len(letters), err)
		}
		for _, l := range letters {
			if err := b.Delivered(ctx, l, mailbox.Receipt{Ref: "ts " + l.Letter.Subject}, now); err != nil {
				t.Fatal(err)
			}
		}
		gone, err := b.DeleteExpired(ctx, now)
		if err != nil || gone.Cases != 1 {
			t.Fatalf("got %+v, %v; want one case deleted", gone, err)
		}
		if _, err := b.Case(ctx, "c-old"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("the old case: %v; want not found", err)
		}
		for _, id := range []string{"c-late", "c-open"} {
			if entries, err := b.Entries(ctx, id); err != nil || len(entries) != 1 || entries[0].Text != secret {
				t.Errorf("%s: got %+v, %v", id, entries, err)
			}
			if _, ok, err := b.Post(ctx, reception.LetterCard, id+"@C"); !ok || err != nil {
				t.Errorf("%s: its card is not known any more: %v", id, err)
			}
		}
		if entries, err := b.Entries(ctx, "c-old"); err != nil || len(entries) != 0 {
			t.Errorf("the old case's history: got %+v, %v", entries, err)
		}
		taken, _ := eraser(t, b)
		want := []reception.Erase{
			{Kind: reception.LetterEntry, Subject: "e-c-old@C", Ref: "ts e-c-old@C"}, {Kind: reception.LetterFile, Subject: "m-c-old@C", Ref: "ts m-c-old@C"},
			{Kind: reception.LetterPoint, Subject: "c-old/w/o@D", Ref: "ts c-old/w/o@D"},
			{Kind: reception.LetterPoint, Subject: "c-old/w@D", Ref: "ts c-old/w@D"}, {Kind: reception.LetterCard, Subject: "c-old@C", Ref: "ts c-old@C"},
		}
		byKind := func(list []reception.Erase) {
			slices.SortFunc(list, func(a, b reception.Erase) int { return strings.Compare(a.Kind, b.Kind) })
		}
		byKind(taken)
		byKind(want)
		if diff := cmp.Diff(want, taken); diff != "" {
			t.Errorf("to leave Slack (-want +got):\n%s", diff)
		}
		if again, err := b.DeleteExpired(ctx, now); err != nil || again.Cases != 0 {
			t.Errorf("a second time: got %+v, %v", again, err)
		}
	})
}
