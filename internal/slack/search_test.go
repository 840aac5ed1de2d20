package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// uttered is what was said in a case.
func uttered(c desk.Case, n string, kind desk.EntryKind, text string) desk.Entry {
	return desk.Entry{ID: n + c.ID, Case: c.ID, At: c.OpenedAt, Kind: kind, Text: text}
}

// TestSearchInThreads: what resident and staff wrote is found, and never
// shown; what the person may not see, or was taken back, is not there at all.
func TestSearchInThreads(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c, hidden, newer := waitingCase(1, "money"), waitingCase(2, "elder"), waitingCase(3, "money")
	newer.Summary = "くるまいすの話"
	o.begin(c,
		uttered(c, "r", desk.FromResident, "階段がのぼれません。ＡＢＣ団地です"), uttered(c, "s", desk.FromStaff, "市の手すりの補助があります"), uttered(c, "m", desk.Memo, "妹さんが鍵を持つ"),
		uttered(c, "n", desk.FromBot, "elder\n内輪のことば"), desk.Entry{ID: "u", Case: c.ID, Kind: desk.FromResident, Text: "取り消した秘密", Unsent: true})
	o.begin(hidden, uttered(hidden, "r", desk.FromResident, "階段がこわい"))
	o.begin(newer)
	for text, want := range map[string]bool{
		"階段": true, "手すり": true, "鍵": true, "abc団地": true, "ひみつ 階段 補助": true, "階段 ない": false, "取り消した": false, "内輪": false, "こわい": false,
	} {
		got := o.c.findText(o.ctx(), tanaka, text)
		if strings.Contains(got, c.Number()) != want || strings.Contains(got, hidden.Number()) || strings.Contains(got, noteEarly) {
			t.Errorf("%s: got %q", text, got)
		}
		for _, never := range []string{"のぼれません", "補助", "妹", "ひみつ"} {
			if strings.Contains(got, never) {
				t.Errorf("%s shows %q", text, got)
			}
		}
	}
	// One from its card, one from its thread: the newer case stands first.
	o.s.set(func() { o.s.entries = append(o.s.entries, uttered(c, "w", desk.FromResident, "くるまいす")) })
	if got := o.c.findText(o.ctx(), tanaka, "くるまいす"); strings.Index(got, newer.Number()) > strings.Index(got, c.Number()) || !strings.Contains(got, c.Number()) {
		t.Errorf("got %q", got)
	}
	if got := o.c.findText(o.ctx(), sato, "階段"); !strings.Contains(got, hidden.Number()) || !strings.Contains(got, c.Number()) {
		t.Errorf("who is in both channels finds %q", got)
	}
}

// TestSearchIsBounded: threads of the newest cases are read, and the answer
// says when that was not all: too many, too late, or not readable.
func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	o, b := openBoard(t)
	var oldest, newest, at desk.Case
	for n := range maxThreads + 2 {
		c := waitingCase(n, "money")
		c.OpenedAt = opened.Add(time.Duration(n) * time.Minute)
		switch n {
		case 0:
			oldest = c
		case 2:
			at = c
		case maxThreads + 1:
			newest = c
		}
		b.set(func() { b.cases[c.ID] = c })
	}
	for i := range 400 { // of another team; they cost nothing
		c := waitingCase(1000+i, "elder")
		b.set(func() { b.cases[c.ID] = c })
	}
	o.s.set(func() {
		for _, c := range []desk.Case{oldest, at, newest} {
			o.s.entries = append(o.s.entries, uttered(c, "r", desk.FromResident, "手すり"))
		}
	})
	got := o.c.findText(o.ctx(), tanaka, "手すり")
	if !strings.Contains(got, newest.Number()) || !strings.Contains(got, at.Number()) || strings.Contains(got, oldest.Number()) || !strings.Contains(got, noteEarly) {
		t.Errorf("got %q", got)
	}
	if got := o.c.findText(o.ctx(), tanaka, "どこにもない"); !strings.Contains(got, "見つかりません") || !strings.Contains(got, noteEarly) {
		t.Errorf("got %q", got)
	}
	// No time for threads: what cards show is found all the same.
	short, cancel := context.WithTimeout(o.ctx(), readThreads/5)
	defer cancel()
	if got := o.c.findText(short, tanaka, newest.Number()); !strings.Contains(got, newest.Number()) || !strings.Contains(got, noteEarly) {
		t.Errorf("got %q", got)
	}
	many, err := o.c.search(o.ctx(), tanaka, "ひみつ")
	if err != nil || len(many.cases) != maxFound || !many.more {
		t.Errorf("got %d, %v", len(many.cases), err)
	}
}

// TestSearchWhenThreadsCannotBeRead: what was found already is shown.
func TestSearchWhenThreadsCannotBeRead(t *testing.T) {
	t.Parallel()
	o, _ := openBoard(t)
	c, other := waitingCase(1, "money"), waitingCase(2, "money")
	c.Summary = "手すり"
	o.begin(c)
	o.begin(other)
	o.c.cfg.Store = noEntries{o.s}
	if got := o.c.findText(o.ctx(), tanaka, "手すり"); !strings.Contains(got, c.Number()) || !strings.Contains(got, noteEarly) {
		t.Errorf("got %q", got)
	}
}

// noEntries is a store whose entries cannot be read.
type noEntries struct{ *fakeStore }

func (noEntries) Entries(context.Context, string) ([]desk.Entry, error) { return nil, errDown }
