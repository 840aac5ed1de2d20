package insight

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// city is a small one: six windows, three areas, seven towns.
func city() *bot.Content {
	c := &bot.Content{City: bot.City{Office: bot.Words{bot.Ja: "社協"}}, Dangers: []bot.Danger{{Kind: "dv", Name: "暴力"}, {Kind: "fire", Name: "火事"}}}
	for i, id := range []string{"elder-care", "housing", "money", "legal", "food", "school"} {
		c.Windows = append(c.Windows, bot.Window{ID: id, Order: i, Kind: "consultation", People: true, Name: bot.Words{bot.Ja: "窓口" + id}})
	}
	c.Windows = append(c.Windows, bot.Window{ID: "greeting", Kind: "general"})
	for i, a := range []string{"第1", "第2", "第3"} {
		c.Areas = append(c.Areas, bot.Area{ID: a, Name: bot.Words{bot.Ja: a + "地域"}})
		for j := range 3 - i%2 {
			c.Towns = append(c.Towns, bot.Town{ID: fmt.Sprintf("%s-%d町", a, j+1), Area: a})
		}
	}
	c.Index()
	return c
}

// month makes up so many cases, some parts with more than others.
func month(r *rand.Rand, c *bot.Content, m Month, cases int) (list []Tally) {
	pick := func(n int) int { return r.IntN(1 + r.IntN(n)) }
	for range cases {
		at := m.begin().Add(time.Duration(r.IntN(24*m.Days())) * time.Hour)
		town := ""
		if r.IntN(3) > 0 {
			town = c.Towns[pick(len(c.Towns))].ID
		}
		x := desk.Case{ID: "c", Window: c.Windows[pick(6)].ID, Town: town, Lang: bot.Langs[pick(len(bot.Langs))], OpenedAt: at, Status: desk.New}
		if r.IntN(3) == 0 {
			x.With = []string{c.Windows[pick(6)].ID}
		}
		list = append(list, OfCase(desk.Case{}, x, at, c)...)
		y := x
		y.Waited = at
		list = append(list, OfCase(x, y, at, c)...)
		list = append(list, OfCount(bot.Count{What: "answered", Window: x.Window, Lang: x.Lang, Town: town, First: true}, at, c)...)
	}
	return list
}

func made(c *bot.Content, p Period, tallies []Tally) Report {
	return New(Options{Content: c, Period: p, Made: time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo), Since: "2020-01"}, tallies)
}

// reader is somebody who has a report as JSON and works out what they can.
type reader struct {
	Months []struct {
		Month    Month
		Measures []struct {
			ID    Measure
			Total seenCell
			Lines []struct {
				By    By
				Cells []seenCell
			}
		}
	}
}

type seenCell struct {
	ID, Of string
	N      *int
	Hidden Mark
}

func read(t *testing.T, r Report) (doc reader) {
	t.Helper()
	var b bytes.Buffer
	if err := r.JSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestReportCannotBeRecomputed puts many random months through the whole
// report and narrows every hidden figure by every sum that is known: parts and
// their whole, again and again until nothing moves. No hidden number of people
// may be left with one value.
func TestReportCannotBeRecomputed(t *testing.T) {
	t.Parallel()
	c := city()
	r := rand.New(rand.NewPCG(7, 7))
	hidden, shown := 0, 0
	for round := range 400 {
		m := Month("2026-10")
		tallies := month(r, c, m, 3+r.IntN(140))
		truth := map[Tally]int{}
		for _, x := range tallies {
			n := x.N
			x.N = 0
			truth[x] += n
			if x.By == ByTown {
				x.By, x.A, x.B = ByArea, x.B, ""
				truth[x] += n
			}
		}
		for _, x := range read(t, made(c, Period{m, m}, tallies)).Months[0].Measures {
			values := map[string]*[2]int{}
			name := func(by By, a, b string) string { return fmt.Sprint(by, "/", a, "/", b) }
			put := func(by By, s seenCell) {
				least, most := 0, 1<<20
				switch {
				case s.N != nil:
					least, most = *s.N, *s.N
				case s.Hidden == Few:
					most = 4
				}
				values[name(by, s.ID, s.Of)] = &[2]int{least, most}
			}
			put(ByAll, x.Total)
			type sum struct {
				whole string
				parts []string
			}
			var sums []sum
			for _, l := range x.Lines {
				wholes := map[string]int{}
				for _, cell := range l.Cells {
					put(l.By, cell)
					whole := name(ByAll, "", "")
					switch l.By {
					case ByTown:
						whole = name(ByArea, cell.Of, "")
					case ByPlace:
						whole = name(ByWindow, cell.Of, "")
					case ByPair: // those that are not named are not known
						continue
					default:
					}
					if _, ok := wholes[whole]; !ok {
						wholes[whole] = len(sums)
						sums = append(sums, sum{whole: whole})
					}
					i := wholes[whole]
					sums[i].parts = append(sums[i].parts, name(l.By, cell.ID, cell.Of))
				}
			}
			for again := true; again; {
				again = false
				narrow := func(v *[2]int, least, most int) {
					if least > v[0] || most < v[1] {
						v[0], v[1], again = max(v[0], least), min(v[1], most), true
					}
				}
				for _, s := range sums {
					least, most := 0, 0
					for _, p := range s.parts {
						least, most = least+values[p][0], most+values[p][1]
					}
					whole := values[s.whole]
					narrow(whole, least, most)
					for _, p := range s.parts {
						v := values[p]
						narrow(v, whole[0]-(most-v[1]), whole[1]-(least-v[0]))
					}
				}
			}
			look := func(by By, s seenCell) {
				n := truth[Tally{Month: m, Measure: x.ID, By: by, A: s.ID, B: s.Of}]
				if s.N != nil {
					shown++
					if *s.N != n || small(n) {
						t.Fatalf("round %d: %s %s %s: shown as %d, it is %d", round, x.ID, by, s.ID, *s.N, n)
					}
					return
				}
				if v := values[name(by, s.ID, s.Of)]; small(n) && v[0] == v[1] {
					t.Fatalf("round %d: %s %s %s of %s can only be %d", round, x.ID, by, s.ID, s.Of, v[0])
				}
				hidden++
			}
			look(ByAll, x.Total)
			for _, l := range x.Lines {
				for _, cell := range l.Cells {
					look(l.By, cell)
				}
			}
		}
	}
	t.Logf("%d figures shown, %d hidden", shown, hidden)
	if hidden < 10000 || shown < 10000 {
		t.Error("too few of one kind: that proves nothing")
	}
}

// TestOverlapTellsNothing: two reports that share months say of each shared
// month the very same, so that their difference is that of whole months; and
// what a report says of several months together is what can be added up from
// its single ones.
func TestOverlapTellsNothing(t *testing.T) {
	t.Parallel()
	c := city()
	r := rand.New(rand.NewPCG(3, 9))
	var tallies []Tally
	first := Month("2026-01")
	for i := range 8 {
		tallies = append(tallies, month(r, c, first.Add(i), 10+r.IntN(60))...)
	}
	alone := map[Month]Sheet{}
	for i := range 8 {
		m := first.Add(i)
		alone[m] = made(c, Period{m, m}, tallies).Months[0]
	}
	for from := range 8 {
		for to := from; to < 8; to++ {
			p := Period{first.Add(from), first.Add(to)}
			x := made(c, p, tallies)
			for _, s := range x.Months {
				if !reflect.DeepEqual(s, alone[s.Month]) {
					t.Fatalf("%v says something else about %s than the report of that month", p, s.Month)
				}
			}
			for _, s := range x.Prior {
				if s.Month >= first && !reflect.DeepEqual(s, alone[s.Month]) {
					t.Fatalf("%v compares with another %s than its report has", p, s.Month)
				}
			}
			for _, w := range x.names.windows {
				want := 0
				for _, s := range x.Months {
					want += s.figure(Opened, ByWindow, w, "").N // 0 when hidden
				}
				if got := x.now(Opened, ByWindow, w, ""); got.N != want {
					t.Errorf("%v, %s: %d, want %d, the sum of what is shown", p, w, got.N, want)
				}
			}
		}
	}
}

func TestParsePeriod(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, bot.Tokyo)
	for _, x := range []struct{ from, to, want, wrong, says string }{
		{"", "", "2026-10 2026-10", "", ""},
		{"2026-04", "2026-10", "2026-04 2026-10", "", ""},
		{"2026-04", "", "2026-04 2026-04", "", ""},
		{"", "2026-04", "2026-04 2026-04", "", ""},
		{"2026-09-01", "2026-10-31", "2026-09 2026-10", "", ""},
		{"2028-02-01", "2028-02-29", "", "from", "not over"},
		{"2026-09-02", "", "", "from", "write 2026-09"},
		{"", "2026-09-29", "", "to", "write 2026-09"},
		{"2026-11", "", "", "from", "newest month there is a report of is 2026-10"},
		{"2026-10", "2026-09", "", "to", "exchange"},
		{"2024-10", "2026-10", "", "from", "from 2024-11"},
		{"2024-11", "2026-10", "2024-11 2026-10", "", ""},
		{"October", "", "", "from", "2026-10"},
		{"2026-13", "", "", "from", "2026-10"},
		{"2026-1", "", "", "from", "2026-10"},
		{"-2026-01", "", "", "from", "2026-10"},
	} {
		p, err := ParsePeriod(x.from, x.to, now)
		wrong, _ := errors.AsType[*PeriodError](err)
		switch {
		case x.wrong == "" && (err != nil || fmt.Sprint(p.From, " ", p.To) != x.want):
			t.Errorf("%q to %q: got %v, %v; want %s", x.from, x.to, p, err, x.want)
		case x.wrong != "" && (wrong == nil || wrong.Name != x.wrong || !strings.Contains(err.Error(), x.says)):
			t.Errorf("%q to %q: got %v, %v; want %s to be wrong, naming %q", x.from, x.to, p, err, x.wrong, x.says)
		}
	}
	// A month is there an hour after it ended, in Tokyo.
	for at, want := range map[time.Time]Month{
		time.Date(2026, 12, 1, 0, 59, 59, 0, bot.Tokyo): "2026-10",
		time.Date(2026, 12, 1, 1, 0, 0, 0, bot.Tokyo):   "2026-11",
		time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC):  "2026-11",
	} {
		if got := LastMonth(at); got != want {
			t.Errorf("at %v: %s, want %s", at, got, want)
		}
	}
	if p := (Period{"2026-01", "2026-03"}); p.Before() != (Period{"2025-10", "2025-12"}) || p.Days() != 90 || len(p.Months()) != 3 {
		t.Errorf("%v: before %v, %d days, %v", p, p.Before(), p.Days(), p.Months())
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	n := func(n int) Sum { return Sum{Figure: Figure{N: n}} }
	for _, x := range []struct {
		was      Sum
		wasDays  int
		is       Sum
		isDays   int
		want     Change
		whatever string
	}{
		{n(12), 30, n(25), 31, More, "12 → 25"},
		{n(12), 30, n(20), 31, Same, "chance does that"},
		{n(25), 31, n(12), 30, Less, "25 → 12"},
		{n(4), 30, n(40), 31, NotKnown, "below five"},
		{n(40), 30, n(0), 31, NotKnown, "below five"},
		{n(1000), 28, n(1107), 31, Same, "the same a day: March is longer"},
		{Sum{Figure: Figure{Mark: Few}}, 30, n(40), 31, NotKnown, "hidden"},
		{Sum{Figure: Figure{N: 12}, AtLeast: true}, 30, n(40), 31, NotKnown, "not exact"},
	} {
		if got := compare(x.was, x.wasDays, x.is, x.isDays); got != x.want {
			t.Errorf("%s: got %q, want %q", x.whatever, got, x.want)
		}
	}
	// Where nothing changed, chance alone makes a change of about one in twenty.
	r := rand.New(rand.NewPCG(1, 1))
	changed, all := 0, 4000
	for range all {
		a, b := 0, 0
		for range 80 {
			if r.IntN(61) < 30 {
				a++
			} else {
				b++
			}
		}
		if compare(n(a), 30, n(b), 31) != Same {
			changed++
		}
	}
	if share := float64(changed) / float64(all); share < .02 || share > .08 {
		t.Errorf("chance is called a change in %.3f of the comparisons, want about .05", share)
	}
}

// TestSummaryIsTrue holds each sentence against figures chosen for it.
func TestSummaryIsTrue(t *testing.T) {
	t.Parallel()
	c := city()
	opened := func(m Month, window string, n int) (list []Tally) {
		at := m.begin().Add(50 * time.Hour)
		for range n {
			x := desk.Case{ID: "c", Window: window, Lang: bot.Ja, OpenedAt: at}
			list = append(list, OfCase(desk.Case{}, x, at, c)...)
		}
		return list
	}
	tallies := slices.Concat(opened("2026-09", "housing", 12), opened("2026-09", "legal", 30), opened("2026-09", "food", 4), opened("2026-09", "money", 3),
		opened("2026-10", "housing", 25), opened("2026-10", "legal", 10), opened("2026-10", "food", 40), opened("2026-10", "money", 4), opened("2026-10", "school", 1))
	p := Period{"2026-10", "2026-10"}
	text := strings.Join(made(c, p, tallies).Summary(), "\n")
	for _, want := range []string{
		"職員が受けた相談は80件でした", "「窓口housing」で受けた相談が、前の月の約2.1倍になりました（12件→25件）", "「窓口legal」で受けた相談が、前の月よりへりました（30件→10件）",
		"多かったのは、「窓口food」（40件）、「窓口housing」（25件）、「窓口legal」（10件）", "のべ0人",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text, "「窓口food」で受けた相談が") { // 4 before: hidden
		t.Errorf("what is hidden is compared:\n%s", text)
	}
	o := Options{Content: c, Period: p, Since: "2026-09"} // perhaps counted from the middle of September
	if text := strings.Join(New(o, tallies).Summary(), "\n"); strings.Contains(text, "前の月") {
		t.Errorf("compared with the first month:\n%s", text)
	}
	if got := New(Options{Content: c, Period: p}, nil).Summary(); len(got) != 1 || !strings.Contains(got[0], "まだ何も") {
		t.Errorf("of nothing: %q", got)
	}
}

// TestRetiredNames: what the pack has no name for any more is counted, and in
// no sum something is missing.
func TestRetiredNames(t *testing.T) {
	t.Parallel()
	c := city()
	m := Month("2026-10")
	at := m.begin()
	var tallies []Tally
	for i := range 30 {
		x := desk.Case{ID: "c", Window: "gone", Town: c.Towns[i%2].ID, Lang: "xx", OpenedAt: at}
		tallies = append(tallies, OfCase(desk.Case{}, x, at, c)...)
	}
	for i := range tallies { // the towns lie in another area by now
		if tallies[i].By == ByTown {
			tallies[i].B = "第3"
		}
	}
	r := made(c, Period{m, m}, tallies)
	for _, x := range []struct {
		by   By
		a, b string
	}{{ByWindow, "", ""}, {ByLang, "", ""}, {ByArea, "第3", ""}, {ByTown, "", "第3"}} {
		if got := r.now(Opened, x.by, x.a, x.b); got.N != 30 {
			t.Errorf("%+v: got %+v, want 30", x, got)
		}
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	c := city()
	c.Windows[1].Name = bot.Words{bot.Ja: "=1+1"}
	c.Index()
	r := rand.New(rand.NewPCG(2, 2))
	m := Month("2026-10")
	var b bytes.Buffer
	if err := made(c, Period{m, m}, month(r, c, m, 80)).CSV(&b); err != nil {
		t.Fatal(err)
	}
	text, ok := strings.CutPrefix(b.String(), "\ufeff")
	if !ok {
		t.Error("Excel does not know that it is UTF-8: no byte order mark")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(csvHead, rows[0]); diff != "" {
		t.Error(diff)
	}
	hidden := 0
	for _, row := range rows[1:] {
		if (row[10] == "") == (row[11] == "") {
			t.Errorf("%q: either a number or a mark", row)
		}
		if row[11] != "" {
			hidden++
		}
		for _, cell := range row {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("a spreadsheet takes %q for a formula", cell)
			}
		}
	}
	if hidden == 0 || !strings.Contains(text, "'=1+1") {
		t.Errorf("%d rows hidden; the window with a formula for a name is there: %v", hidden, strings.Contains(text, "'=1+1"))
	}
}

// TestPage: the page needs nothing from outside, runs no program, and its
// tables can be read by a program that reads aloud.
func TestPage(t *testing.T) {
	t.Parallel()
	c := city()
	c.Windows[0].Name = bot.Words{bot.Ja: "<script>alert(1)</script>"}
	c.Index()
	r := rand.New(rand.NewPCG(2, 2))
	var tallies []Tally
	for i := range 3 {
		tallies = append(tallies, month(r, c, Month("2026-08").Add(i), 90)...)
	}
	var b bytes.Buffer
	x := made(c, Period{"2026-08", "2026-10"}, tallies)
	x.Sample = true
	if err := x.Page(&b, []Link{{Text: "前", URL: "?from=2026-09", Here: true}}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, bad := range []string{"<script", "http:", "https:", "src=", "url(", "@import", "onload", "%!"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	tables := strings.Count(page, "<table")
	if tables < 15 || strings.Count(page, "<caption>") != tables || strings.Count(page, "<thead>") != tables {
		t.Errorf("%d tables, %d captions, %d heads", tables, strings.Count(page, "<caption>"), strings.Count(page, "<thead>"))
	}
	if n := strings.Count(page, "<th"); n-tables != strings.Count(page, `scope="`) { // <thead> begins with <th, too
		t.Errorf("%d headings, %d scopes", n-tables, strings.Count(page, `scope="`))
	}
	if strings.Count(page, "<svg") == 0 || strings.Count(page, "<svg") != strings.Count(page, `role="img" aria-label="`) {
		t.Error("a bar has no words")
	}
	for _, want := range []string{`lang="ja"`, "見本です", `aria-current="page"`, "2026年8月から2026年10月まで", "&lt;5", "以上"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestNames: nothing is published without a name, or under two measures' one.
func TestNames(t *testing.T) {
	t.Parallel()
	w := namesOf(city())
	seen := map[string]Measure{}
	for _, m := range Measures {
		if m.label() == "" || seen[m.label()] != "" {
			t.Errorf("%s is called %q, like %q", m, m.label(), seen[m.label()])
		}
		seen[m.label()] = m
		if len(splits[m]) == 0 || splits[m][0] != ByAll {
			t.Errorf("%s has no sum", m)
		}
		for _, by := range splits[m] {
			for _, key := range w.universe(m, by) {
				if w.part(m, by, key) == "" {
					t.Errorf("%s by %s: %q has no name", m, by, key)
				}
			}
		}
	}
	if len(seen) != len(splits) {
		t.Errorf("%d measures are listed, %d are counted", len(seen), len(splits))
	}
}

// BenchmarkReport makes the page of two years from 100,000 tallies.
func BenchmarkReport(b *testing.B) {
	tallies, p := manyTallies(100_000)
	c := city()
	for b.Loop() {
		if err := made(c, p, tallies).Page(io.Discard, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(tallies)), "tallies")
}

// manyTallies are so many different ones, over two years.
func manyTallies(n int) (list []Tally, p Period) {
	r := rand.New(rand.NewPCG(5, 5))
	p = Period{"2024-11", "2026-10"}
	months := p.Months()
	seen := map[Tally]bool{}
	for len(list) < n {
		m := Measures[r.IntN(len(Measures))]
		t := Tally{Month: months[r.IntN(len(months))], Measure: m, By: splits[m][r.IntN(len(splits[m]))], A: fmt.Sprint("a", r.IntN(60)), B: fmt.Sprint("b", r.IntN(60))}
		if !seen[t] {
			seen[t] = true
			t.N = 1 + r.IntN(9)
			list = append(list, t)
		}
	}
	return list, p
}
