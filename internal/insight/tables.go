package insight

import (
	"fmt"
	"slices"
	"strconv"
)

// table is one table of the page.
type table struct {
	ID, Title string
	Text      []string // before it
	Caption   string
	Head      []string // the first names the rows
	Rows      []tableRow
	Few       string // said instead of rows when there are none
}

type tableRow struct {
	Name  string
	Inner bool // part of the row above
	Cells []tableCell
}

type tableCell struct {
	Text string
	Bar  int // percent of the longest; -1: no bar
	Mute bool
}

// column makes the cells of one measure, for rows of keys.
type column struct {
	head string
	cell func(key rowKey) (text string, n int) // n: for a bar; -1 when there is no number
	bar  bool
}

type rowKey struct{ a, b string }

// make fills a table. A row of nothing but hidden figures is left out where
// thin says so.
func (t table) make(keys []rowKey, name func(rowKey) (string, bool), columns []column, thin bool) table {
	for _, c := range columns {
		t.Head = append(t.Head, c.head)
	}
	longest := make([]int, len(columns))
	type row struct {
		key   rowKey
		texts []string
		n     []int
	}
	rows := make([]row, 0, len(keys))
	for _, k := range keys {
		r, there := row{key: k}, false
		for i, c := range columns {
			text, n := c.cell(k)
			r.texts, r.n = append(r.texts, text), append(r.n, n)
			longest[i] = max(longest[i], n)
			there = there || n > 0
		}
		if there || !thin {
			rows = append(rows, r)
		}
	}
	for _, r := range rows {
		out := tableRow{}
		out.Name, out.Inner = name(r.key)
		for i, c := range columns {
			cell := tableCell{Text: r.texts[i], Bar: -1, Mute: r.n[i] < 0}
			if c.bar && r.n[i] >= 0 && longest[i] > 0 {
				cell.Bar = 100 * r.n[i] / longest[i]
			}
			out.Cells = append(out.Cells, cell)
		}
		t.Rows = append(t.Rows, out)
	}
	return t
}

// of shows a measure of the period.
func (r Report) of(head string, m Measure, by By, bar bool) column {
	return column{head, func(k rowKey) (string, int) { return numbered(r.now(m, by, k.a, k.b)) }, bar}
}

// was shows it of the period before, and how it changed.
func (r Report) was(m Measure, by By) []column {
	if r.Prior == nil {
		return nil
	}
	return []column{
		{"前", func(k rowKey) (string, int) { return numbered(r.then(m, by, k.a, k.b)) }, false},
		{"前とくらべて", func(k rowKey) (string, int) {
			c := r.change(m, by, k.a, k.b)
			if c == NotKnown {
				return "—", -1
			}
			return c.Ja(), 0
		}, false},
	}
}

func numbered(s Sum) (string, int) {
	if s.Mark != Shown {
		return s.Text(), -1
	}
	return s.Text(), s.N
}

func (r Report) keys(m Measure, by By) (keys []rowKey) {
	for _, a := range r.names.universe(m, by) {
		keys = append(keys, rowKey{a, ""})
	}
	return keys
}

func (r Report) called(m Measure, by By) func(rowKey) (string, bool) {
	return func(k rowKey) (string, bool) { return r.names.part(m, by, k.a), false }
}

// tables are the page's, in its order.
func (r Report) tables() []table {
	list := []table{r.overview()}
	if len(r.Months) > 1 {
		list = append(list, r.byMonth())
	}
	list = append(list, r.windows(), r.where(), r.whatWhere(), r.days(), r.hours(), r.desk(), r.languages(), r.unconnected())
	for _, m := range []Measure{Waited, Unanswered, Wrong} {
		list = append(list, r.unconnectedBy(m))
	}
	return append(list, r.simple(Moved, ByKind, "moved", "たらい回しになっていないか",
		"窓口から窓口へ引き継いだ回数です。2回目からは、ご本人がまた待つことになった引き継ぎです。"),
		r.movedFrom(),
		r.simple(First, ByKind, "first", "はじめての返事まで", "相談を受けてから、職員がはじめて返事をするまでの時間です。夜や休みの日もふくみます。"),
		r.simple(Danger, ByKind, "danger", "緊急の相談", "命や体が危ないと思われた相談です。1つの相談は1件と数えます。"),
		r.together(),
		r.simple(Closed, ByKind, "closed", "どう終わったか", ""),
		r.simple(Rated, ByKind, "rated", "終わったあとの「どうでしたか」", "答えるかどうかは、ご本人が決めます。"))
}

func (r Report) overview() table {
	t := table{ID: "all", Title: "全体", Caption: "この期間の数", Head: []string{"数えたもの"}, Text: []string{
		"人の数は、同じ人を1か月に1度だけ数えています（窓口ごと）。相談は、受けた月に1件と数えています。",
	}}
	var keys []rowKey
	for _, m := range []Measure{Asked, Opened, Reopened, Waited, Unanswered, Moved, Danger, Suspected, Declined} {
		keys = append(keys, rowKey{string(m), ""})
	}
	return t.make(keys, measured, append([]column{{"数", func(k rowKey) (string, int) { return numbered(r.now(Measure(k.a), ByAll, "", "")) }, false}}, r.overall()...), false)
}

func measured(k rowKey) (string, bool) { return Measure(k.a).label(), false }

// overall are the columns of the period before, for rows that are measures.
func (r Report) overall() []column {
	if r.Prior == nil {
		return nil
	}
	return []column{
		{"前", func(k rowKey) (string, int) { return numbered(r.then(Measure(k.a), ByAll, "", "")) }, false},
		{"前とくらべて", func(k rowKey) (string, int) {
			if c := r.change(Measure(k.a), ByAll, "", ""); c != NotKnown {
				return c.Ja(), 0
			}
			return "—", -1
		}, false},
	}
}

func (r Report) byMonth() table {
	t := table{ID: "months", Title: "月ごと", Caption: "月ごとの数", Head: []string{"月"}}
	keys := make([]rowKey, len(r.Months))
	for i, s := range r.Months {
		keys[i] = rowKey{string(s.Month), strconv.Itoa(i)}
	}
	var columns []column
	for _, m := range []Measure{Asked, Opened, Waited, Moved, Danger} {
		columns = append(columns, column{m.label(), func(k rowKey) (string, int) {
			i, _ := strconv.Atoi(k.b)
			return numbered(Sum{Figure: r.Months[i].figure(m, ByAll, "", "")})
		}, m == Opened})
	}
	return t.make(keys, func(k rowKey) (string, bool) { return Month(k.a).Ja(), false }, columns, false)
}

func (r Report) windows() table {
	t := table{
		ID: "windows", Title: "どんな困りごとか", Caption: "窓口ごとの数", Head: []string{"窓口"}, Text: []string{
			"案内した人は、ボットがその窓口を見せた人です。相談は、そのあと職員が受けたものです。ここにない窓口は、どれも出せるだけの数がありませんでした。",
		},
		Few: "窓口ごとに出せる数は、まだありません。",
	}
	columns := slices.Concat(
		[]column{r.of("案内した人", Asked, ByWindow, true)}, r.was(Asked, ByWindow),
		[]column{r.of("相談", Opened, ByWindow, true)}, r.was(Opened, ByWindow),
		[]column{{"広がり", r.spread, false}})
	return t.make(r.keys(Asked, ByWindow), r.called(Asked, ByWindow), columns, true)
}

// spread tells in how many areas a trouble shows: what helps to judge whether
// it is the whole city's.
func (r Report) spread(k rowKey) (string, int) {
	areas, of := 0, 0
	for _, area := range r.names.areas {
		if area == "" {
			continue
		}
		of++
		if s := r.now(Asked, ByPlace, area, k.a); s.Mark == Shown && s.N >= Fewest {
			areas++
		}
	}
	if areas == 0 {
		return "—", -1
	}
	return fmt.Sprintf("%d圏域のうち%d", of, areas), 0
}

func (r Report) where() table {
	t := table{ID: "where", Title: "どこで", Caption: "圏域と町ごとの、職員が受けた相談", Head: []string{"圏域と町"}, Text: []string{
		"町は、ご本人が言ったときだけわかります。",
	}}
	var keys []rowKey
	for _, area := range r.names.areas {
		keys = append(keys, rowKey{"", area})
		if area == "" {
			continue
		}
		for _, town := range r.names.townsOf[area] {
			keys = append(keys, rowKey{town, area})
		}
	}
	at := func(of func(m Measure, by By, a, b string) Sum, m Measure) func(rowKey) (string, int) {
		return func(k rowKey) (string, int) {
			if k.a == "" {
				return numbered(of(m, ByArea, k.b, ""))
			}
			return numbered(of(m, ByTown, k.a, k.b))
		}
	}
	columns := []column{{"相談", at(r.now, Opened), true}}
	if r.Prior != nil {
		columns = append(columns, column{"前", at(r.then, Opened), false})
	}
	columns = append(columns, column{"24時間、返事がなかった", at(r.now, Waited), false})
	return t.make(keys, func(k rowKey) (string, bool) {
		if k.a == "" {
			return r.names.area(k.b), false
		}
		return r.names.town(k.a), true
	}, columns, false)
}

func (r Report) whatWhere() table {
	t := table{
		ID: "what-where", Title: "どんな困りごとが、どこで", Caption: "窓口と圏域ごとの、案内した人", Head: []string{"窓口"},
		Few: "窓口と圏域ごとに出せる数は、まだありません。",
	}
	var columns []column
	for _, area := range r.names.areas {
		columns = append(columns, column{r.names.area(area), func(k rowKey) (string, int) { return numbered(r.now(Asked, ByPlace, area, k.a)) }, false})
	}
	return t.make(r.keys(Asked, ByWindow), r.called(Asked, ByWindow), columns, true)
}

func (r Report) days() table {
	t := table{ID: "days", Title: "いつ（曜日）", Caption: "曜日ごとの数", Head: []string{"曜日"}}
	return t.make(r.keys(Opened, ByWeekday), r.called(Opened, ByWeekday), []column{r.of("案内した人", Asked, ByWeekday, true), r.of("相談", Opened, ByWeekday, true)}, false)
}

func (r Report) hours() table {
	t := table{ID: "hours", Title: "いつ（時間）", Caption: "一日の時間ごとの数", Head: []string{"時間"}}
	return t.make(r.keys(Opened, ByHours), r.called(Opened, ByHours), []column{r.of("案内した人", Asked, ByHours, true), r.of("相談", Opened, ByHours, true)}, false)
}

func (r Report) desk() table {
	t := table{ID: "desk", Title: "窓口の時間の中と外", Caption: "職員が LINE で答える時間の中と外の相談", Head: []string{"いつ"}}
	return t.make(r.keys(Opened, ByDesk), r.called(Opened, ByDesk), []column{r.of("相談", Opened, ByDesk, true)}, false)
}

func (r Report) languages() table {
	t := table{ID: "languages", Title: "どの言葉で", Caption: "言葉ごとの数", Head: []string{"言葉"}}
	columns := []column{
		r.of("案内した人", Asked, ByLang, true), r.of("相談", Opened, ByLang, true), r.of("ボットが聞き返した", Clarified, ByLang, false),
		r.of("窓口が決まらなかった", NoWindow, ByLang, false), r.of("「ちがう」", Wrong, ByLang, false), r.of("24時間、返事がなかった", Waited, ByLang, false),
	}
	return t.make(r.keys(Opened, ByLang), r.called(Opened, ByLang), columns, false)
}

// unconnectedOnes are the ways in which somebody was not connected.
var unconnectedOnes = []Measure{Waited, Unanswered, Wrong, NoWindow, OutOfScope, Unread, Declined, Clarified}

func (r Report) unconnected() table {
	t := table{ID: "unconnected", Title: "つながらなかったこと", Caption: "つながらなかった人と相談", Head: []string{"どうなったか"}, Text: []string{
		"ボットがわからなかった言葉そのものは、ここにも、どこにも出ません。数だけです。",
	}}
	keys := make([]rowKey, 0, len(unconnectedOnes)+2)
	for _, m := range unconnectedOnes {
		keys = append(keys, rowKey{string(m), ""})
	}
	columns := append([]column{{"数", func(k rowKey) (string, int) { return numbered(r.now(Measure(k.a), ByAll, "", "")) }, true}}, r.overall()...)
	return t.make(keys, measured, columns, false)
}

func (r Report) unconnectedBy(m Measure) table {
	t := table{
		ID: string(m) + "-windows", Title: m.label() + "（窓口ごと）", Caption: m.label(), Head: []string{"窓口"},
		Few: "窓口ごとに出せる数はありません。",
	}
	return t.make(r.keys(m, ByWindow), r.called(m, ByWindow), append([]column{r.of("数", m, ByWindow, true)}, r.was(m, ByWindow)...), true)
}

func (r Report) movedFrom() table {
	t := table{
		ID: "moved-from", Title: "引き継ぎの多い窓口", Caption: "どの窓口から引き継がれたか", Head: []string{"引き継いだ窓口"},
		Few: "窓口ごとに出せる数はありません。",
	}
	return t.make(r.keys(Moved, ByWindow), r.called(Moved, ByWindow), append([]column{r.of("回数", Moved, ByWindow, true)}, r.was(Moved, ByWindow)...), true)
}

func (r Report) together() table {
	t := table{
		ID: "together", Title: "いっしょに出てくる困りごと", Caption: "1つの相談に、いっしょにあった窓口", Head: []string{"窓口と窓口"},
		Text: []string{"5件以上あった組み合わせだけが出ます。"}, Few: "出せる組み合わせはありません。",
	}
	var keys []rowKey
	for _, s := range r.Months {
		for _, c := range s.parts[Together].lines[ByPair] {
			if k := (rowKey{c.A, c.B}); !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	name := func(k rowKey) (string, bool) { return r.names.window(k.a) + " ＋ " + r.names.window(k.b), false }
	return t.make(keys, name, []column{r.of("相談", Together, ByPair, true)}, true)
}

func (r Report) simple(m Measure, by By, id, title, text string) table {
	t := table{ID: id, Title: title, Caption: m.label(), Head: []string{"内わけ"}}
	if text != "" {
		t.Text = []string{text}
	}
	return t.make(r.keys(m, by), r.called(m, by), append([]column{r.of("数", m, by, true)}, r.was(m, by)...), false)
}
