// Package disclosure turns what is kept of one resident into a record they can
// read: 開示. It owns the record's format (Format) and its words. It decides
// what belongs in it and what does not, and says so in the record itself. It
// is pure: what is kept comes in, a Record goes out.
//
//	disclosure.go  the record and how it is made
//	case.go        a case, told to the person it is about
//	page.go        the record as a page to read or print
package disclosure

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// Format names the record's format; a change that is more than an addition
// gets another number.
const Format = "tsunagu-person/1"

// Kept is all that is kept of a resident.
type Kept struct {
	Resident  string // pseudonym
	Contact   string // LINE user id; "" when none is kept
	Since     time.Time
	Last      time.Time // the last time something happened
	Blocked   bool
	State     bot.State
	StateLost bool // the live state could not be asked for: words of the last hours may be missing
	Cases     []Case
	Files     []File
	Lessons   []Lesson
	Waiting   int // messages that wait to be handled
	Aside     int // messages that could not be handled
}

// Case is a case with its history, oldest first.
type Case struct {
	Case    desk.Case
	Entries []desk.Entry
}

// File is a photo or file that is kept.
type File struct {
	ID        string // LINE's message id, or staff-… of what staff sent
	MIME      string
	Name      string // as its sender called it
	Size      int64
	Expires   time.Time
	Path      string // where it lies beside the record; "" when it does not
	FromStaff bool
}

// Lesson is a message the resident allowed to be learned from.
type Lesson struct {
	Text string
	At   time.Time
}

// Options say what goes in beside the usual.
type Options struct {
	At      time.Time
	Content *bot.Content // the pack in force, for names
	Memos   bool         // what staff wrote for staff, too
	Contact bool         // the LINE user id, too
}

// Moment is a time for people and for machines.
type Moment struct {
	ISO string `json:"iso"` // RFC 3339, Japan's time
	Ja  string `json:"ja"`  // 2026年11月24日（火）10:05
}

// When writes a time; nil for none.
func When(t time.Time) *Moment {
	if t.IsZero() {
		return nil
	}
	t = t.In(bot.Tokyo)
	day := []string{"日", "月", "火", "水", "木", "金", "土"}[t.Weekday()]
	return &Moment{t.Format(time.RFC3339), fmt.Sprintf("%d年%d月%d日（%s）%s", t.Year(), t.Month(), t.Day(), day, t.Format("15:04"))}
}

// Record is what a resident gets. Names of fields are kept.
type Record struct {
	Format      string       `json:"format"`
	Office      string       `json:"office"`
	Made        *Moment      `json:"made"`
	Reference   string       `json:"reference"`            // by which the office finds the record
	LineUserID  string       `json:"lineUserId,omitempty"` // only when asked for
	Since       *Moment      `json:"since,omitempty"`
	Last        *Moment      `json:"last,omitempty"`
	Blocked     bool         `json:"blocked,omitempty"`
	Noticed     []Fact       `json:"noticed"`
	Unsent      []Said       `json:"notHandedOver,omitempty"` // words said to the program that no staff got
	Cases       []CaseRecord `json:"cases"`
	Files       []FileRecord `json:"files"`
	Learning    []Said       `json:"allowedForLearning,omitempty"`
	NotIncluded []Left       `json:"notIncluded"`
	NotKept     []string     `json:"notKept"`
}

// Fact is one thing the program noticed, in plain words.
type Fact struct {
	Kind  string  `json:"kind"`
	About string  `json:"about"`
	Is    string  `json:"is"`
	At    *Moment `json:"at,omitempty"`
}

// Said is something the resident said.
type Said struct {
	At   *Moment `json:"at,omitempty"`
	Text string  `json:"text"`
}

// FileRecord is a file that is kept.
type FileRecord struct {
	Path    string  `json:"path,omitempty"` // beside the record
	From    string  `json:"from"`           // resident or staff
	Name    string  `json:"name,omitempty"`
	Type    string  `json:"type"`
	Bytes   int64   `json:"bytes"`
	Deleted *Moment `json:"deletedAt"` // when it will be
}

// Left says what is kept and not in the record, and why.
type Left struct {
	Kind  string `json:"kind"`
	What  string `json:"what"`
	Why   string `json:"why"`
	Count int    `json:"count,omitempty"`
}

// writer makes a Record.
type writer struct {
	Options
	r       Record
	memos   int // left out
	private int // notes of work among staff, left out
}

// Of makes the record of what is kept.
func Of(k Kept, o Options) Record {
	w := &writer{Options: o}
	w.r = Record{
		Format: Format, Office: o.Content.City.Office.In(bot.Ja), Made: When(o.At), Reference: k.Resident,
		Since: When(k.Since), Last: When(k.Last), Blocked: k.Blocked,
		Noticed: []Fact{}, Cases: []CaseRecord{}, Files: []FileRecord{},
	}
	if o.Contact {
		w.r.LineUserID = k.Contact
	}
	w.noticed(k.State)
	for _, c := range k.Cases {
		w.r.Cases = append(w.r.Cases, w.caseOf(c))
	}
	for _, f := range k.Files {
		from := "resident"
		if f.FromStaff {
			from = "staff"
		}
		w.r.Files = append(w.r.Files, FileRecord{Path: f.Path, From: from, Name: f.Name, Type: f.MIME, Bytes: f.Size, Deleted: When(f.Expires)})
	}
	for _, l := range k.Lessons {
		w.r.Learning = append(w.r.Learning, Said{When(l.At), l.Text})
	}
	w.left(k)
	return w.r
}

// noticed tells the dialogue's state in plain words.
func (w *writer) noticed(s bot.State) {
	add := func(kind, about, is string, at time.Time) {
		if is != "" {
			w.r.Noticed = append(w.r.Noticed, Fact{kind, about, is, When(at)})
		}
	}
	how := ""
	switch {
	case s.LangChosen:
		how = "（ご本人が選んだことば）"
	case s.LangHeard:
		how = "（書かれたことばから）"
	}
	if name := langName(s.Lang); name != "" {
		add("language", "返事のことば", name+how, time.Time{})
	}
	add("town", "町", s.Town, time.Time{})
	if s.NoNews {
		add("news", "お知らせ", "返事だけを受け取る", time.Time{})
	}
	if s.Quiet {
		add("watched", "気をつけていること", "この電話をほかの人が見るかもしれないので、通知に内容を出さない", time.Time{})
	}
	if s.Hidden {
		add("hidden", "かくす", "話を閉じて、まだ書いていない", time.Time{})
	}
	if s.Danger != "" {
		add("danger", "命や体が危ないかもしれないと思われたこと", w.danger(s.Danger), s.DangerAt)
	}
	if s.Other && s.About != "" {
		add("about", "だれのことか", s.About, time.Time{})
	}
	for _, id := range s.Shown {
		add("shown", "案内した窓口や取り組み", w.window(id), time.Time{})
	}
	for _, what := range s.Counted.What {
		what, window, _ := strings.Cut(what, " ")
		name := countedName(what)
		if window != "" {
			name += "：" + w.window(window)
		}
		add("counted", "今月、まちの数に一度入れたこと（月が変わると消えます）", name, time.Time{})
	}
	if d := s.Draft; d != nil {
		add("draft", "伝える前の下書き", d.Summary, time.Time{})
		for _, key := range sorted(d.Answers) {
			add("draft", "伝える前の下書き", d.Answers[key], time.Time{})
		}
	}
	for _, h := range s.Heard {
		text := h.Text
		if text == "" && h.Media != "" {
			text = "［" + mediaName(h.Media) + "］"
		}
		w.r.Unsent = append(w.r.Unsent, Said{When(h.At), text})
	}
}

// left says what is not in the record.
func (w *writer) left(k Kept) {
	add := func(kind, what, why string, n int) {
		w.r.NotIncluded = append(w.r.NotIncluded, Left{kind, what, why, n})
	}
	if w.memos > 0 {
		add("memos", "職員のあいだのメモと電話の記録", "職員の考えや、ほかの人から聞いたことがふくまれます。見たいときは、開示の請求として、窓口が一つずつ確かめます。", w.memos)
	}
	if w.private > 0 {
		add("work", "職員のあいだのやりとりの記録（呼び出し、引き継ぎの理由、送るのをやめた返事など）", "仕事を進めるためのもので、ご本人には届いていません。見たいときは、開示の請求として、窓口が一つずつ確かめます。", w.private)
	}
	if k.Waiting > 0 {
		add("waiting", "受け取ったばかりで、まだ処理していないもの", "少し待って、もう一度この記録を作ると、入ります。", k.Waiting)
	}
	if k.Aside > 0 {
		add("aside", "うまく処理できなかったメッセージ", "処理できない形のまま、一週間で消えます。", k.Aside)
	}
	if k.StateLost {
		add("live", "この数時間に書いて、職員に伝えていないことば", "いまは読み出せません。長くても二時間で消えます。", 0)
	}
	if k.Contact != "" && !w.Contact {
		add("lineUserId", "LINE がつけた利用者の番号", "返事を送るための符号で、ほかの人に渡ると送り先が分かります。求めがあれば、窓口で渡します。", 0)
	}
	add("slack", "職員が Slack のスレッドに自分で書いたもの", "このしくみの外にあり、ここからは読めません。窓口が Slack で確かめます。", 0)
	add("line", "LINE のトークの画面に残るもの", "LINE とご本人の電話にあり、ここには保存していません。", 0)
	add("backups", "控え（バックアップ）", "同じ内容の古い写しです。決まった期間で消えます。", 0)
	w.r.NotKept = []string{
		"プログラムがご本人に送った文は、送ったあとは保存していません。",
		"まちの人が何に困っているかは、月ごとの数だけが残ります。だれの数かは分からないので、記録を消しても数は残ります。",
		"職員が学習に使うと決めたことばは、名前などを消し、だれのことばか分からない形で残ります。ここからは、たどれません。",
	}
}

func (w *writer) danger(kind string) string {
	if d := w.Content.Danger(kind); d != nil && d.Name != "" {
		return d.Name
	}
	return kind
}

// window names a window, or an opportunity, in Japanese.
func (w *writer) window(id string) string {
	if v := w.Content.Window(id); v != nil {
		return v.Name.In(bot.Ja)
	}
	if v := w.Content.Opportunity(id); v != nil {
		return v.Name.In(bot.Ja)
	}
	return id
}

func langName(l bot.Lang) string {
	return map[bot.Lang]string{
		bot.Ja: "日本語", bot.EasyJa: "やさしい日本語", bot.En: "英語", bot.Zh: "中国語", bot.Ko: "韓国語", bot.Vi: "ベトナム語",
	}[l]
}

// countedName is what was counted, as the person it is about would say it.
func countedName(what string) string {
	switch what {
	case "answered":
		return "窓口の案内を見た"
	case "wrong":
		return "「ちがう」と言った"
	case "clarified", "no-window":
		return "聞き返された"
	case "not-ours":
		return "ここでは答えられないことを聞いた"
	case "unread":
		return "ここでは読めない文字で書いた"
	case "declined":
		return "職員に伝えないと決めた"
	case "handed-over":
		return "職員に伝えた"
	case "danger", "danger-asked":
		return "危ないかもしれないと思われた"
	}
	return "そのほか"
}

func mediaName(k bot.MediaKind) string {
	name := map[bot.MediaKind]string{bot.Image: "写真", bot.Video: "動画", bot.Audio: "音声", bot.File: "ファイル", bot.Sticker: "スタンプ"}[k]
	if name == "" {
		return "メッセージ"
	}
	return name
}

// JSON writes the record.
func (r Record) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write record: %w", err)
	}
	return append(b, '\n'), nil
}
