package sheet

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/edit"
	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// maxLines is how many texts a list in one cell may have.
const maxLines = 1000

// closed is how a day without any hours is written.
const closed = "休み"

var (
	errShape    = errors.New("it has another shape than this sheet can show")
	errNoHolder = errors.New("nobody knows whose it is")
)

// show is what stands in a cell for a value.
func show(n *edit.Node, c column) (string, error) {
	if n == nil {
		return "", nil
	}
	switch c.content {
	case list:
		if n.Form == edit.Scalar && n.Text == "" {
			return "", nil
		}
		var lines []string
		for _, item := range n.Items {
			if item.Form != edit.Scalar || strings.Contains(item.Text, "\n") || strings.TrimSpace(item.Text) != item.Text || item.Text == "" {
				return "", errShape
			}
			lines = append(lines, item.Text)
		}
		return strings.Join(lines, "\n"), nil
	case periods:
		return showPeriods(n)
	case dates:
		var lines []string
		for _, e := range n.Keys {
			s, err := showPeriods(e.Value)
			if err != nil {
				return "", err
			}
			if s == "" {
				s = closed
			}
			lines = append(lines, e.Key+" "+s)
		}
		return strings.Join(lines, "\n"), nil
	default:
		if n.Form != edit.Scalar {
			return "", errShape
		}
		return n.Text, nil
	}
}

func showPeriods(n *edit.Node) (string, error) {
	var parts []string
	for _, item := range n.Items {
		if item.Form != edit.Table {
			return "", errShape
		}
		parts = append(parts, textOf(item.Get("from"))+"-"+textOf(item.Get("to")))
	}
	return strings.Join(parts, ", "), nil
}

// valueOf is the value a tidy cell means.
func valueOf(cell string, c column) edit.Value {
	switch c.content {
	case raw:
		return edit.Value{Text: cell, Raw: true}
	case list:
		return edit.Texts(strings.Split(cell, "\n"))
	case periods:
		return periodValue(cell)
	case dates:
		v := edit.Value{Form: edit.Table}
		for _, line := range strings.Split(cell, "\n") {
			day, hours, _ := strings.Cut(line, " ")
			v.Keys = append(v.Keys, edit.Pair{Key: day, Value: periodValue(hours)})
		}
		return v
	default:
		return edit.Text(cell)
	}
}

func periodValue(cell string) edit.Value {
	v := edit.Value{Form: edit.List, Flow: true}
	if cell == closed {
		return v
	}
	for _, p := range strings.Split(cell, ", ") {
		from, to, _ := strings.Cut(p, "-")
		v.Items = append(v.Items, edit.Value{Form: edit.Table, Flow: true, Keys: []edit.Pair{{Key: "from", Value: edit.Text(from)}, {Key: "to", Value: edit.Text(to)}}})
	}
	return v
}

var idShape = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// tidy brings what somebody typed into the one way it is written, or says in
// their words what is wrong with it.
func tidy(cell workbook.Cell, c column) (string, error) {
	s := strings.TrimSpace(cell.Text)
	if s == "" {
		return "", nil
	}
	switch {
	case c.content == list:
		var lines []string
		for _, l := range strings.Split(s, "\n") {
			if l = strings.TrimSpace(l); l != "" {
				lines = append(lines, l)
			}
		}
		if len(lines) > maxLines {
			return "", fmt.Errorf("%d 行あります。%d 行までです", len(lines), maxLines)
		}
		return strings.Join(lines, "\n"), nil
	case c.content == periods:
		return tidyPeriods(s)
	case c.content == dates:
		return tidyDates(s)
	case c.content == raw:
		return tidyRaw(s, c)
	case c.hour:
		if f, err := strconv.ParseFloat(s, 64); err == nil && cell.Number && f >= 0 && f < 1 { // a spreadsheet's time of day
			return time.Unix(int64(f*24*60*60+0.5), 0).UTC().Format("15:04"), nil
		}
		return tidyHour(s)
	case c.day:
		if n, err := strconv.Atoi(s); err == nil && cell.Number && n > 30_000 && n < 100_000 { // a spreadsheet's date: days since 1899-12-30
			return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), nil
		}
		if c.mark && s == "no" || bot.Checked(s) {
			return s, nil
		}
		if c.mark {
			return "", fmt.Errorf("日付「%s」が正しくありません。2026-12-01 の形か no を書いてください", s)
		}
		return "", fmt.Errorf("日付「%s」が正しくありません。2026-12-01 の形で書いてください", s)
	case len(c.choice) > 0 && !slices.Contains(c.choice, s):
		return "", fmt.Errorf("「%s」は選べません。%s のどれかを書いてください", s, strings.Join(c.choice, "、"))
	}
	return s, nil
}

func tidyRaw(s string, c column) (string, error) {
	switch c.number {
	case reflect.Bool:
		if l := strings.ToLower(s); l == "true" || l == "false" {
			return l, nil
		}
		return "", fmt.Errorf("「%s」は true か false で書いてください", s)
	case reflect.Float64:
		if _, err := strconv.ParseFloat(s, 64); err != nil {
			return "", fmt.Errorf("「%s」は数字で書いてください", s)
		}
	default:
		if _, err := strconv.Atoi(s); err != nil {
			return "", fmt.Errorf("「%s」は整数で書いてください", s)
		}
	}
	return s, nil
}

func tidyHour(s string) (string, error) {
	s = strings.ReplaceAll(strings.TrimSpace(s), "：", ":")
	if s == "24:00" {
		return s, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil {
		return "", fmt.Errorf("時刻「%s」が正しくありません。08:30 の形で書いてください", s)
	}
	return t.Format("15:04"), nil
}

func tidyPeriods(s string) (string, error) {
	if s == closed {
		return "", nil
	}
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",、\n", r) }) {
		p = strings.NewReplacer("〜", "-", "～", "-", "–", "-", "−", "-").Replace(strings.TrimSpace(p))
		from, to, ok := strings.Cut(p, "-")
		if !ok {
			return "", fmt.Errorf("時間「%s」が正しくありません。08:30-17:15 の形で書いてください", p)
		}
		opens, err := tidyHour(from)
		if err != nil {
			return "", err
		}
		closes, err := tidyHour(to)
		if err != nil {
			return "", err
		}
		out = append(out, opens+"-"+closes)
	}
	return strings.Join(out, ", "), nil
}

func tidyDates(s string) (string, error) {
	var out []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		day, hours, _ := strings.Cut(strings.ReplaceAll(line, "　", " "), " ")
		if !bot.Checked(day) {
			return "", fmt.Errorf("日付「%s」が正しくありません。「2026-12-28 休み」の形で書いてください", day)
		}
		p, err := tidyPeriods(strings.TrimSpace(hours))
		if err != nil {
			return "", err
		}
		if p == "" {
			p = closed
		}
		out = append(out, day+" "+p)
	}
	return strings.Join(out, "\n"), nil
}
