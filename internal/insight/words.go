package insight

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// names are what there is to count, and what it is called.
type names struct {
	content *bot.Content
	windows []string // as in lists; "" is any that the pack has no more
	areas   []string // "" is a place that was not told
	langs   []string
	townsOf map[string][]string
	kinds   map[Measure][]string
}

func namesOf(c *bot.Content) names {
	w := names{content: c, townsOf: map[string][]string{"": {""}}, kinds: map[Measure][]string{}}
	windows := slices.Clone(c.Windows)
	slices.SortStableFunc(windows, func(a, b bot.Window) int { return cmp.Compare(a.Order, b.Order) })
	for _, x := range windows {
		if x.Kind != "general" || x.People { // not: greetings, thanks
			w.windows = append(w.windows, x.ID)
		}
	}
	for _, a := range c.Areas {
		w.areas = append(w.areas, a.ID)
	}
	for _, t := range c.Towns {
		w.townsOf[t.Area] = append(w.townsOf[t.Area], t.ID)
	}
	for _, l := range bot.Langs {
		w.langs = append(w.langs, string(l))
	}
	for m, kinds := range kindsOf {
		w.kinds[m] = kinds
	}
	for _, d := range c.Dangers {
		w.kinds[Danger] = append(w.kinds[Danger], d.Kind)
	}
	w.windows, w.areas = append(w.windows, ""), append(w.areas, "")
	return w
}

// known is a name the report has a place for; what it has none for is "".
func (w names) known(all []string, name string) string {
	if slices.Contains(all, name) {
		return name
	}
	return ""
}

func (w names) window(id string) string {
	if x := w.content.Window(id); x != nil {
		return x.Name.In(bot.Ja)
	}
	return "ほかの窓口"
}

func (w names) area(id string) string {
	if x := w.content.Area(id); x != nil {
		return x.Name.In(bot.Ja)
	}
	return "町がわからない"
}

func (w names) town(id string) string {
	if id == "" {
		return "町がわからない"
	}
	return id
}

func (w names) lang(id string) string {
	switch bot.Lang(id) {
	case bot.Ja:
		return "日本語"
	case bot.EasyJa:
		return "やさしい日本語"
	case bot.En:
		return "英語"
	case bot.Zh:
		return "中国語"
	case bot.Ko:
		return "韓国語"
	case bot.Vi:
		return "ベトナム語"
	}
	return "まだわからない"
}

// part is what a part of a split is called.
func (w names) part(m Measure, by By, a string) string {
	switch by {
	case ByWindow, ByPair:
		return w.window(a)
	case ByArea, ByPlace:
		return w.area(a)
	case ByTown:
		return w.town(a)
	case ByLang:
		return w.lang(a)
	case ByWeekday:
		return map[string]string{"1": "月曜日", "2": "火曜日", "3": "水曜日", "4": "木曜日", "5": "金曜日", "6": "土曜日", "7": "日曜日"}[a]
	case ByHours:
		from, to, _ := strings.Cut(a, "-")
		return strings.TrimPrefix(from, "0") + "時から" + strings.TrimPrefix(to, "0") + "時まで"
	case ByDesk:
		return map[string]string{"open": "窓口の時間の中", "closed": "窓口の時間の外"}[a]
	case ByKind:
		return w.kind(m, a)
	case ByAll:
	}
	return ""
}

func (w names) kind(m Measure, a string) string {
	if m == Danger {
		if d := w.content.Danger(a); d != nil {
			return d.Name
		}
		return "そのほか"
	}
	return cmp.Or(map[Measure]map[string]string{
		First:  {"1h": "1時間まで", "4h": "4時間まで", "24h": "24時間まで", "later": "24時間よりあと"},
		Moved:  {"1": "1回目の引き継ぎ", "2": "2回目の引き継ぎ", "3+": "3回目よりあとの引き継ぎ"},
		Closed: {desk.Resolved: "解決した", desk.Connected: "ほかにつないだ", desk.Elsewhere: "ほかの所で続く", desk.NoAnswer: "ご本人から返事がない", desk.Mistake: "まちがい・いたずら", noOutcome: "書いていない"},
		Rated:  {"3": "よかった", "2": "ふつう", "1": "よくなかった"},
	}[m][a], "そのほか")
}

// label is what a measure is called.
func (m Measure) label() string {
	return map[Measure]string{
		Asked: "窓口を案内した人（のべ）", Opened: "職員が受けた相談", Waited: "24時間、返事がなかった相談", Unanswered: "職員が一度も返事をせずに終わった相談",
		Wrong: "「ちがう」と言った人", NoWindow: "聞き返しても窓口が決まらなかった人", OutOfScope: "ここでは答えられないことを聞いた人",
		Unread: "読めない文字で書いた人", Declined: "職員に伝えないと決めた人", Clarified: "ボットが聞き返した人",
		First: "はじめて返事をした相談", Moved: "引き継ぎ", Together: "いっしょに出た困りごと", Danger: "緊急の相談", Suspected: "緊急かもしれない相談",
		Closed: "終わった相談", Reopened: "終わったあと続いた相談", Rated: "どうだったかの答え",
	}[m]
}

// unit is what a measure is counted in.
func (m Measure) unit() string {
	switch m {
	case Asked, Wrong, NoWindow, OutOfScope, Unread, Declined, Clarified:
		return "人"
	case Moved:
		return "回"
	default:
		return "件"
	}
}

// mostNamed bounds how many windows a sentence names.
const mostNamed = 3

// Summary says in sentences what the figures say, and nothing that they do
// not. Only what is shown stands in it.
func (r Report) Summary() []string {
	var out []string
	say := func(format string, a ...any) { out = append(out, fmt.Sprintf(format, a...)) }
	if r.Empty() {
		say("%sは、まだ何も数えられていません。", r.Period.Ja())
		return out
	}
	asked, opened := r.now(Asked, ByAll, "", ""), r.now(Opened, ByAll, "", "")
	say("%sに、ボットが窓口を案内した人は、のべ%sでした。職員が受けた相談は%sでした。", r.Period.Ja(), told(Asked, asked), told(Opened, opened))
	for _, m := range []Measure{Opened, Asked} {
		if top := r.top(m); len(top) > 0 {
			say("%sで多かったのは、%sです。", map[Measure]string{Opened: "職員が受けた相談", Asked: "案内した窓口"}[m], strings.Join(top, "、"))
		}
	}
	out = append(out, r.changes()...)
	if places := r.places(); places != "" {
		say("%s", places)
	}
	for _, m := range []Measure{Waited, Unanswered, NoWindow, OutOfScope} {
		if n := r.now(m, ByAll, "", ""); n.Mark == Shown && n.N > 0 {
			say("%sは%sでした。", m.label(), told(m, n))
		}
	}
	if moved := r.now(Moved, ByAll, "", ""); moved.Exact() && opened.Exact() && !few(moved.N) && opened.N > 0 {
		say("窓口から窓口への引き継ぎは%d回で、受けた相談1件あたり%.1f回でした。", moved.N, float64(moved.N)/float64(opened.N))
	}
	if n := r.now(Danger, ByAll, "", ""); n.Mark == Shown && n.N > 0 {
		say("緊急の相談は%sでした。", told(Danger, n))
	}
	good, all := r.now(Rated, ByKind, "3", ""), r.now(Rated, ByAll, "", "")
	if good.Exact() && all.Exact() && all.N >= 2*Fewest && good.N > 0 {
		say("相談が終わったあとの「どうでしたか」には%d件の答えがあり、%d件（%.0f%%）が「よかった」でした。", all.N, good.N, 100*float64(good.N)/float64(all.N))
	}
	return out
}

// told is a number with its unit.
func told(m Measure, s Sum) string {
	switch {
	case s.Exact():
		return fmt.Sprintf("%d%s", s.N, m.unit())
	case s.AtLeast:
		return fmt.Sprintf("%d%s以上", s.N, m.unit())
	case s.Mark == Few:
		return fmt.Sprintf("%d%s未満", Fewest, m.unit())
	}
	return "少なく、数を出せない人数か件数"
}

// top names the windows with most.
func (r Report) top(m Measure) []string {
	list := r.byWindow(m, func(x windowFigure) bool { return x.is.Exact() && !few(x.is.N) })
	slices.SortStableFunc(list, func(a, b windowFigure) int { return b.is.N - a.is.N })
	var out []string
	for _, x := range list[:min(mostNamed, len(list))] {
		out = append(out, fmt.Sprintf("「%s」（%s）", r.names.window(x.id), told(m, x.is)))
	}
	return out
}

type windowFigure struct {
	id      string
	is, was Sum
	change  Change
}

func (r Report) byWindow(m Measure, want func(windowFigure) bool) (list []windowFigure) {
	for _, id := range r.names.windows {
		x := windowFigure{id: id, is: r.now(m, ByWindow, id, ""), change: r.change(m, ByWindow, id, "")}
		if r.Prior != nil {
			x.was = r.then(m, ByWindow, id, "")
		}
		if want(x) {
			list = append(list, x)
		}
	}
	return list
}

// changes tells what grew and shrank by more than chance.
func (r Report) changes() (out []string) {
	before := "前の月"
	if len(r.Months) > 1 {
		before = "その前の同じ長さの期間"
	}
	for _, m := range []Measure{Opened, Asked} {
		what := map[Measure]string{Opened: "で受けた相談", Asked: "を案内した人"}[m]
		list := r.byWindow(m, func(x windowFigure) bool { return x.change == More || x.change == Less })
		slices.SortStableFunc(list, func(a, b windowFigure) int { return (b.is.N - b.was.N) - (a.is.N - a.was.N) })
		for i, x := range list {
			if i >= mostNamed && i < len(list)-mostNamed {
				continue
			}
			fromTo := fmt.Sprintf("（%s→%s）", told(m, x.was), told(m, x.is))
			switch {
			case x.change == Less:
				out = append(out, fmt.Sprintf("「%s」%sが、%sよりへりました%s。", r.names.window(x.id), what, before, fromTo))
			case x.is.N >= 2*x.was.N:
				out = append(out, fmt.Sprintf("「%s」%sが、%sの%sになりました%s。", r.names.window(x.id), what, before, times(x.is.N, x.was.N), fromTo))
			default:
				out = append(out, fmt.Sprintf("「%s」%sが、%sよりふえました%s。", r.names.window(x.id), what, before, fromTo))
			}
		}
	}
	return out
}

// times is how many times as much b is as a, without claiming more than is so.
func times(b, a int) string {
	if b%a == 0 {
		return fmt.Sprintf("%d倍", b/a)
	}
	return fmt.Sprintf("約%.1f倍", float64(b)/float64(a))
}

// places tells where most cases came from.
func (r Report) places() string {
	var list []string
	top := 0
	for _, area := range r.names.areas {
		s := r.now(Opened, ByArea, area, "")
		if area == "" || !s.Exact() || few(s.N) || s.N < top {
			continue
		}
		if s.N > top {
			list, top = nil, s.N
		}
		list = append(list, r.names.area(area))
	}
	for _, area := range r.names.areas { // a hidden area could be larger
		if s := r.now(Opened, ByArea, area, ""); area != "" && !s.Exact() && s.Mark != Few {
			return ""
		}
	}
	if len(list) == 0 || len(list) > mostNamed {
		return ""
	}
	return fmt.Sprintf("町がわかる相談がいちばん多かったのは、%s（%d件）です。", strings.Join(list, "と"), top)
}
