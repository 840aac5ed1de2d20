package store_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/insight"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

func TestStaleTurn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		put(t, b, "1", "r-a", "x")
		l := leaseOne(t, b)
		for _, number := range []int64{0, 2, 7} {
			turn := turnOf(b, l, number)
			turn.Letters = []mailbox.Letter{letter("must not be", "line:r-a")}
			turn.Cases = []desk.Case{{ID: "c-1", Resident: "r-a"}}
			turn.Entries = []desk.Entry{{ID: "e-1", Case: "c-1"}}
			turn.Counts = []bot.Count{{What: "answered"}}
			if err := b.Commit(ctx, turn); err == nil || number > 0 && !errors.Is(err, store.ErrStale) {
				t.Errorf("stranger's turn %d: got %v, want %v", number, err, store.ErrStale)
			}
		}
		// Nothing of it is true.
		noLetter(t, b)
		if _, err := b.Case(ctx, "c-1"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("case: got %v, want not found", err)
		}
		if _, err := b.Entry(ctx, "e-1"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("entry: got %v, want not found", err)
		}
		if got, err := b.Counts(ctx, "0000", "9999"); len(got) != 0 || err != nil {
			t.Errorf("counts: got %v, %v", got, err)
		}
		commit(t, b, l, 1, nil) // the lease is still good

		put(t, b, "2", "r-a", "x")
		l = leaseOne(t, b)
		for _, number := range []int64{1, 3} {
			if err := b.Commit(ctx, turnOf(b, l, number)); !errors.Is(err, store.ErrStale) {
				t.Errorf("turn %d after turn 1: got %v, want %v", number, err, store.ErrStale)
			}
		}
		turn := turnOf(b, l, 2)
		turn.Done = append(turn.Done, 1) // done in the first turn
		if err := b.Commit(ctx, turn); !errors.Is(err, store.ErrStale) {
			t.Errorf("mail done twice: got %v, want %v", err, store.ErrStale)
		}
		commit(t, b, l, 2, nil)
	})
}

func TestCasesAndEntries(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx, now := t.Context(), b.clock.now()
		c := desk.Case{ID: "c-1", Resident: "r-a", Window: "elder-care", Status: desk.New, OpenedAt: now, Lang: bot.EasyJa}
		e := func(id string, at time.Duration, text string) desk.Entry {
			return desk.Entry{ID: id, Case: "c-1", At: now.Add(at), Kind: desk.FromStaff, By: desk.Staff{ID: "U1", Name: "田中"}, Text: text}
		}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{c}
			turn.Entries = []desk.Entry{e("b", time.Second, "second"), e("a", 0, "first"), e("c", time.Second, "third")}
		})
		taken := c
		taken.Status, taken.Holder, taken.TakenAt = desk.Taken, desk.Staff{ID: "U1", Name: "田中"}, now.Add(time.Minute)
		taken.Moves = []desk.Move{{From: "a", To: "b", By: taken.Holder, Why: "くわしい人", At: now}}
		put(t, b, "2", "r-a", "x")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{taken}
			turn.Entries = []desk.Entry{e("a", 0, "changed")} // a repeated id: kept as it was
		})
		got, err := b.Case(ctx, "c-1")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(taken, got); diff != "" {
			t.Errorf("case (-want +got):\n%s", diff)
		}
		entries, err := b.Entries(ctx, "c-1")
		if err != nil {
			t.Fatal(err)
		}
		want := []desk.Entry{e("a", 0, "first"), e("b", time.Second, "second"), e("c", time.Second, "third")}
		if diff := cmp.Diff(want, entries); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		if one, err := b.Entry(ctx, "b"); err != nil || one.Text != "second" {
			t.Errorf("entry: got %+v, %v", one, err)
		}
		if c, err := b.CaseByNumber(ctx, "t"+taken.Number()[1:]); err != nil || c.ID != "c-1" {
			t.Errorf("by number in small letters: got %q, %v", c.ID, err)
		}
		if c, err := b.OpenCaseOf(ctx, "r-a"); err != nil || c.ID != "c-1" {
			t.Errorf("open case: got %q, %v", c.ID, err)
		}

		closed := taken
		closed.Status, closed.ClosedAt = desk.Closed, now.Add(time.Hour)
		second := desk.Case{ID: "c-2", Resident: "r-a", Window: "housing", Status: desk.New, OpenedAt: now.Add(time.Second)}
		put(t, b, "3", "r-a", "x")
		commit(t, b, leaseOne(t, b), 3, func(turn *reception.Turn) { turn.Cases = []desk.Case{closed, second} })
		for name, x := range map[string]struct {
			filter store.CaseFilter
			want   string
		}{
			"open":           {store.CaseFilter{}, "c-2"},
			"all":            {store.CaseFilter{Closed: true}, "c-1 c-2"},
			"one":            {store.CaseFilter{Closed: true, Limit: 1}, "c-1"},
			"window":         {store.CaseFilter{Window: "housing"}, "c-2"},
			"other window":   {store.CaseFilter{Window: "elder-care"}, ""},
			"holder":         {store.CaseFilter{Holder: "U1", Closed: true}, "c-1"},
			"resident":       {store.CaseFilter{Resident: "r-a"}, "c-2"},
			"other resident": {store.CaseFilter{Resident: "r-b", Closed: true}, ""},
		} {
			list, err := b.Cases(ctx, x.filter)
			ids := ""
			for i, c := range list {
				if i > 0 {
					ids += " "
				}
				ids += c.ID
			}
			if err != nil || ids != x.want {
				t.Errorf("%s: got %q, %v; want %q", name, ids, err, x.want)
			}
		}
		if c, err := b.OpenCaseOf(ctx, "r-a"); err != nil || c.ID != "c-2" {
			t.Errorf("open case after closing: got %q, %v", c.ID, err)
		}
	})
}

func TestForget(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		said := desk.Entry{ID: "e-77", Case: "c-1", At: b.clock.now(), Kind: desk.FromResident, Text: "ひみつ", MessageID: "77"}
		photo := desk.Entry{ID: "e-78", Case: "c-1", At: b.clock.now(), Kind: desk.FromResident, Media: bot.Image, MessageID: "78"}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.Cases = []desk.Case{{ID: "c-1", Resident: "r-a", Status: desk.New, OpenedAt: b.clock.now()}}
			turn.Entries = []desk.Entry{said, photo}
			turn.Letters = []mailbox.Letter{
				{ID: "fetch", Lane: "fetch:r-a", Kind: reception.LetterFetch, Subject: "78", Body: []byte("body of fetch")},
				{ID: "file", Lane: "slack:C", Kind: reception.LetterFile, Subject: "78@C", Body: []byte("body of file")},
				{ID: "another file", Lane: "slack:C", Kind: reception.LetterFile, Subject: "781@C", Body: []byte("body of another file")},
			}
		})
		if err := b.PutMedia(ctx, reception.Media{MessageID: "78", Resident: "r-a", MIME: "image/jpeg", Content: []byte("jpeg"), Expires: b.clock.now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			resident, message string
			want              int
		}{{"r-a", "77", 1}, {"r-a", "7", 0}, {"r-a", "", 0}, {"r-b", "77", 0}} {
			got, err := b.SaidIn(ctx, x.resident, x.message)
			if err != nil || len(got) != x.want || x.want > 0 && (got[0].ID != "e-77" || got[0].Text != "ひみつ") {
				t.Errorf("%s's %q stands in %+v, %v; want %d", x.resident, x.message, got, err, x.want)
			}
		}
		// Somebody else cannot make us forget.
		put(t, b, "1b", "r-b", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) { turn.Forget = []string{"77", "78"} })
		if e, err := b.Entry(ctx, "e-77"); err != nil || e.Text != "ひみつ" || e.Unsent {
			t.Fatalf("after another's unsend: got %+v, %v", e, err)
		}
		if m, err := b.Media(ctx, "78"); err != nil || string(m.Content) != "jpeg" {
			t.Fatalf("media after another's unsend: got %q, %v", m.Content, err)
		}

		put(t, b, "2", "r-a", "unsend")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) { turn.Forget = []string{"77", "78", "not known"} })
		for _, id := range []string{"e-77", "e-78"} {
			if e, err := b.Entry(ctx, id); err != nil || e.Text != "" || !e.Unsent {
				t.Errorf("%s: got %+v, %v; want it taken back", id, e, err)
			}
		}
		if _, err := b.Media(ctx, "78"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("media: got %v, want not found", err)
		}
		// A fetch that was under way comes home: too late.
		if err := b.PutMedia(ctx, reception.Media{MessageID: "78", Resident: "r-a", Content: []byte("jpeg"), Expires: b.clock.now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Media(ctx, "78"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("media after a late fetch: got %v, want not found", err)
		}
		if kept, err := b.HasMedia(ctx, "78"); !kept || err != nil {
			t.Errorf("has media: got %v, %v; want true, so that nobody fetches it", kept, err)
		}
		delivered(t, b, wantNext(t, b, "another file", 1, true))
		noLetter(t, b)
	})
}

func TestMedia(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		m := reception.Media{MessageID: "5", Resident: "r-a", MIME: "application/pdf", Name: "通知書.pdf", Content: make([]byte, 3<<20), Expires: b.clock.now().Add(time.Hour)}
		if kept, err := b.HasMedia(ctx, "5"); kept || err != nil {
			t.Fatalf("before: got %v, %v", kept, err)
		}
		for range 2 { // fetched twice: harmless
			if err := b.PutMedia(ctx, m); err != nil {
				t.Fatal(err)
			}
		}
		got, err := b.Media(ctx, "5")
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Content, m.Content) {
			t.Error("the content is not what was put")
		}
		m.Content, got.Content = nil, nil // megabytes that a diff would take long for
		if diff := cmp.Diff(m, got); diff != "" {
			t.Errorf("media (-want +got):\n%s", diff)
		}
		b.clock.add(time.Hour)
		if _, err := b.Media(ctx, "5"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("expired: got %v, want not found", err)
		}
	})
}

func TestContact(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		if _, _, err := b.Contact(ctx, "r-a"); !errors.Is(err, reception.ErrNotFound) {
			t.Errorf("stranger: got %v, want not found", err)
		}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) { turn.Contact = "U1" })
		put(t, b, "2", "r-a", "x")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) { turn.Gone = true }) // mail from Slack brings no contact
		if id, gone, err := b.Contact(ctx, "r-a"); id != "U1" || !gone || err != nil {
			t.Errorf("contact: got %q, %v, %v; want U1, gone", id, gone, err)
		}
	})
}

func TestCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		// 15:30 UTC is past midnight in Tokyo.
		b.clock.t = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)
		a := bot.Count{What: "answered", Window: "housing", Lang: bot.Ja, Town: "柏町"}
		missed := bot.Count{What: "missed", Lang: bot.En}
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) { turn.Counts = []bot.Count{a, missed, a} })
		b.clock.add(time.Hour)
		put(t, b, "2", "r-a", "x")
		commit(t, b, leaseOne(t, b), 2, func(turn *reception.Turn) { turn.Counts = []bot.Count{a} })
		want := []store.Figure{
			{Day: "2026-11-24", Count: a, N: 2}, {Day: "2026-11-24", Count: missed, N: 1}, {Day: "2026-11-25", Count: a, N: 1},
		}
		for _, when := range []string{"before", "after"} {
			got, err := b.Counts(ctx, "2026-11-24", "2026-11-25")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s adding up (-want +got):\n%s", when, diff)
			}
			for range 2 {
				if _, err := b.DeleteExpired(ctx, b.clock.now()); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

// TestTurnOfAnotherClock: a turn decided by a shifted clock (the demo's) must
// not make its letters wait for that clock.
func TestTurnOfAnotherClock(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		put(t, b, "1", "r-a", "x")
		commit(t, b, leaseOne(t, b), 1, func(turn *reception.Turn) {
			turn.At = b.clock.now().Add(48 * time.Hour)
			turn.Letters = []mailbox.Letter{letter("1", "line:r-a")}
			turn.Counts = []bot.Count{{What: "answered"}}
		})
		delivered(t, b, wantNext(t, b, "1", 1, true))
		got, err := b.Counts(t.Context(), "2026-11-26", "2026-11-26")
		if err != nil || len(got) != 1 {
			t.Errorf("figures of the turn's own day: got %v, %v; want one", got, err)
		}
	})
}

// TestTallies: what turns add up to, by month; also when several writers
// counted and when the month is over. A turn that is not committed adds
// nothing.
func TestTallies(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		if first, err := b.FirstMonth(ctx); first != "" || err != nil {
			t.Errorf("first month: got %q, %v; want none", first, err)
		}
		housing := insight.Tally{Month: "2026-11", Measure: insight.Opened, By: insight.ByWindow, A: "housing", N: 1}
		town := insight.Tally{Month: "2026-10", Measure: insight.Opened, By: insight.ByTown, A: "柏町", B: "第5", N: 1}
		put(t, b, "1", "r-a", "x")
		l := leaseOne(t, b)
		stale := turnOf(b, l, 3)
		stale.Tallies = []insight.Tally{housing}
		if err := b.Commit(ctx, stale); !errors.Is(err, store.ErrStale) {
			t.Fatalf("a stale turn: %v", err)
		}
		commit(t, b, l, 1, func(turn *reception.Turn) { turn.Tallies = []insight.Tally{housing, town, housing} })
		other, err := store.Open(ctx, store.Config{URL: b.url, Seal: b.seal, Now: b.clock.now})
		if err != nil {
			t.Fatal(err)
		}
		second := &bundle{Store: other, clock: b.clock, url: b.url, seal: b.seal}
		put(t, second, "2", "r-a", "x")
		commit(t, second, leaseOne(t, second), 2, func(turn *reception.Turn) { turn.Tallies = []insight.Tally{housing, town} })
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		town.N, housing.N = 2, 3
		for range 3 {
			got, err := b.Tallies(ctx, "2026-10", "2026-11")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]insight.Tally{town, housing}, got); diff != "" {
				t.Errorf("tallies (-want +got):\n%s", diff)
			}
			if got, err := b.Tallies(ctx, "2026-11", "2026-11"); err != nil || len(got) != 1 {
				t.Errorf("November alone: got %v, %v", got, err)
			}
			if first, err := b.FirstMonth(ctx); first != "2026-10" || err != nil {
				t.Errorf("first month: got %q, %v", first, err)
			}
			b.clock.add(40 * 24 * time.Hour)
			if _, err := b.DeleteExpired(ctx, b.clock.now()); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestJudgements: what staff decided last about a month and a window counts,
// and why is not to be read in the file.
func TestJudgements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b *bundle) {
		ctx := t.Context()
		first := insight.Judgement{Month: "2026-10", Window: "housing", Scope: insight.WaitAndSee, Why: "まだ少ない", By: desk.Staff{ID: "U1", Name: "田中"}, At: b.clock.now()}
		then := first
		then.Scope, then.Why, then.By = insight.WholeCity, secret, desk.Staff{ID: "U2", Name: "佐藤"}
		other := first
		other.Month = "2026-09"
		for _, j := range []insight.Judgement{first, other, then} {
			if err := b.Judge(ctx, j); err != nil {
				t.Fatal(err)
			}
		}
		got, err := b.Judgements(ctx, "2026-10", "2026-10")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]insight.Judgement{then}, got); diff != "" {
			t.Errorf("judgements (-want +got):\n%s", diff)
		}
		var why []byte
		if err := raw(t, b).QueryRowContext(ctx, `SELECT why FROM judgements WHERE id = '2026-10/housing'`).Scan(&why); err != nil {
			t.Fatal(err)
		}
		if len(why) == 0 || bytes.Contains(why, []byte(secret)) {
			t.Errorf("the reason lies open: %q", why)
		}
	})
}
