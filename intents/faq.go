package intents

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// faqFile holds the pack's own questions and answers; faqFolder a city's own
// CSV files as they come. A pack may do without either.
const (
	faqFile   = "faq.csv"
	faqFolder = "faq"
)

// faq reads all questions and answers.
func (r *reader) faq() []bot.FAQ {
	var names []string
	if r.has(faqFile) {
		names = append(names, faqFile)
	}
	if r.has(faqFolder) {
		names = append(names, r.folder(faqFolder, ".csv")...)
	}
	var all []bot.FAQ
	seen := make(map[string]bool)
	for _, name := range names {
		for _, q := range r.table(name) {
			if seen[q.ID] {
				r.fail(name, 0, "the id %q stands twice", q.ID)
				continue
			}
			seen[q.ID] = true
			all = append(all, q)
		}
	}
	return all
}

// table reads one CSV file, in UTF-8 (with or without BOM) or Shift_JIS, as
// spreadsheets in Japan write them.
func (r *reader) table(name string) []bot.FAQ {
	b, ok := r.read(name)
	if !ok {
		return nil
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if !utf8.ValidString(text) {
		decoded, err := japanese.ShiftJIS.NewDecoder().String(text)
		if err != nil {
			r.fail(name, 0, "neither UTF-8 nor Shift_JIS: %v", err)
			return nil
		}
		text = decoded
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord = -1
	in.LazyQuotes = true
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		r.fail(name, 1, "%v", err)
		return nil
	}
	columns, ok := columnsOf(header)
	if !ok {
		r.problems = append(r.problems, Problem{File: name, Line: 1, Text: "no columns with the question and the answer",
			Mend: "name them 質問 and 回答, or question and answer"})
		return nil
	}
	var list []bot.FAQ
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return list
		}
		line, _ := in.FieldPos(0)
		if err != nil {
			r.fail(name, line, "%v", err)
			return list
		}
		q, problem := columns.entry(cells, fmt.Sprintf("%s:%d", strings.TrimSuffix(name, ".csv"), line))
		if problem != "" {
			r.fail(name, line, "%s", problem)
			continue
		}
		list = append(list, q)
	}
}

// column is what a cell means, and in which language it is.
type column struct {
	what string
	lang bot.Lang
}

type columnSet []column

// columnNames are the headers cities use.
func columnNames() map[string]string {
	names := make(map[string]string)
	for what, list := range map[string]string{
		"id":       "id no no. 番号 管理番号 faq番号 整理番号 質問番号",
		"window":   "window 窓口",
		"tag":      "tag category 分類 カテゴリ カテゴリー 大分類 中分類 小分類 分野 区分 ジャンル 分類名",
		"question": "question q 質問 問 問い 質問文 質問内容 質問事項 よくある質問 件名 タイトル 表題",
		"answer":   "answer a 回答 答 答え 回答文 回答内容 本文 内容",
		"source":   "source url 出典 リンク 参照 参照先 掲載ページ ページ 関連リンク",
		"verified": "verified updated date 更新日 確認日 最終更新日 最終更新 更新年月日 更新日時 掲載日",
	} {
		for name := range strings.FieldsSeq(list) {
			names[name] = what
		}
	}
	return names
}

func columnsOf(header []string) (columnSet, bool) {
	names := columnNames()
	var set columnSet
	asks, answers := false, false
	for _, h := range header {
		h = strings.ToLower(strings.TrimSpace(h))
		base, lang, _ := strings.Cut(h, "_")
		c := column{what: names[h], lang: bot.Ja}
		if c.what == "" && names[base] != "" {
			c = column{what: names[base], lang: bot.Lang(lang)}
		}
		asks, answers = asks || c.what == "question", answers || c.what == "answer"
		set = append(set, c)
	}
	return set, asks && answers
}

// entry reads one line. An id is made from file and line when there is none.
func (set columnSet) entry(cells []string, place string) (bot.FAQ, string) {
	q := bot.FAQ{ID: place, Question: bot.Words{}, Answer: bot.Words{}, Source: bot.Words{}, Verified: "no"}
	for i, c := range set {
		if i >= len(cells) {
			break
		}
		cell := strings.TrimSpace(cells[i])
		if cell == "" {
			continue
		}
		switch c.what {
		case "id":
			q.ID = cell
		case "window":
			q.Window = cell
		case "tag":
			q.Tag = strings.TrimSpace(q.Tag + " " + cell)
		case "question":
			q.Question[c.lang] = cell
		case "answer":
			q.Answer[c.lang] = cell
		case "source":
			q.Source[c.lang] = cell
		case "verified":
			day, ok := day(cell)
			if !ok {
				return q, fmt.Sprintf("%q is not a day; write 2026-04-01, or no", cell)
			}
			q.Verified = day
		}
	}
	switch {
	case q.Question[bot.Ja] == "":
		return q, "no question"
	case q.Answer[bot.Ja] == "":
		return q, "no answer"
	case q.Known() && q.Source[bot.Ja] == "":
		return q, "a day without a source: write where the answer stands"
	}
	return q, ""
}

// day reads the ways a day is written: 2026-04-01, 2026/4/1, 2026年4月1日,
// 令和8年4月1日, R8.4.1, with or without a time after it; "no" stays.
func day(s string) (string, bool) {
	if s == "no" {
		return s, true
	}
	for _, p := range []struct {
		form string
		add  int // to the year
	}{
		{`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})`, 0},
		{`^(?:令和|[RＲ]\.?)(\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})`, 2018},
		{`^(?:平成|[HＨ]\.?)(\d{1,2})[-/.年](\d{1,2})[-/.月](\d{1,2})`, 1988},
	} {
		m := regexp.MustCompile(p.form).FindStringSubmatch(strings.Replace(s, "元年", "1年", 1))
		if m == nil {
			continue
		}
		y, _ := strconv.Atoi(m[1])
		month, _ := strconv.Atoi(m[2])
		d, _ := strconv.Atoi(m[3])
		if month < 1 || month > 12 || d < 1 || d > 31 {
			return "", false
		}
		return fmt.Sprintf("%04d-%02d-%02d", y+p.add, month, d), true
	}
	return "", false
}

// has reports whether a pack has a file or folder it may do without.
func (r *reader) has(name string) bool {
	_, err := fs.Stat(r.dir, name)
	return err == nil
}
