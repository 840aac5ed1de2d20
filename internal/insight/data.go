package insight

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Format names the JSON; a change that is more than an addition gets another
// number.
const Format = "tsunagu-report/1"

type jsonReport struct {
	Format  string       `json:"format"`
	Office  string       `json:"office"`
	From    Month        `json:"from"`
	To      Month        `json:"to"`
	Before  *jsonSpan    `json:"before"` // null when nothing is compared
	Made    string       `json:"made"`
	Sample  bool         `json:"sample"`
	Fewest  int          `json:"fewest"`
	Summary []string     `json:"summary"`
	Months  []jsonMonth  `json:"months"`
	Prior   []jsonMonth  `json:"prior"`
	Judged  []jsonJudged `json:"judgements"`
}

type jsonJudged struct {
	Month  Month  `json:"month"`
	Window string `json:"window"`
	Name   string `json:"name"`
	Scope  Scope  `json:"scope"`
	Why    string `json:"why"`
	At     string `json:"at"`
}

type jsonSpan struct {
	From Month `json:"from"`
	To   Month `json:"to"`
}

type jsonMonth struct {
	Month    Month         `json:"month"`
	Measures []jsonMeasure `json:"measures"`
}

type jsonMeasure struct {
	ID    Measure    `json:"id"`
	Name  string     `json:"name"`
	Unit  string     `json:"unit"`
	Total jsonCell   `json:"total"`
	Lines []jsonLine `json:"lines"`
}

type jsonLine struct {
	By    By         `json:"by"`
	Cells []jsonCell `json:"cells"`
}

type jsonCell struct {
	ID     string `json:"id,omitempty"`
	Name   string `json:"name,omitempty"`
	Of     string `json:"of,omitempty"` // what it is a part of; of a pair the other window
	OfName string `json:"ofName,omitempty"`
	N      *int   `json:"n"`      // null when hidden
	Hidden Mark   `json:"hidden"` // "", "<5" or "withheld"
}

func cellOf(f Figure) jsonCell {
	c := jsonCell{Hidden: f.Mark}
	if f.Mark == Shown {
		c.N = &f.N
	}
	return c
}

// JSON writes the report for programs (docs/report.ja.md has its fields).
func (r Report) JSON(w io.Writer) error {
	out := jsonReport{
		Format: Format, Office: r.Content.City.Office.In(bot.Ja), From: r.Period.From, To: r.Period.To,
		Made: r.Made.In(bot.Tokyo).Format(time.RFC3339), Sample: r.Sample, Fewest: Fewest, Summary: r.Summary(),
		Months: r.jsonMonths(r.Months), Prior: r.jsonMonths(r.Prior), Judged: []jsonJudged{},
	}
	for _, j := range r.Judged {
		out.Judged = append(out.Judged, jsonJudged{j.Month, j.Window, r.names.window(j.Window), j.Scope, j.Why, j.At.In(bot.Tokyo).Format(time.RFC3339)})
	}
	if r.Prior != nil {
		b := r.Period.Before()
		out.Before = &jsonSpan{b.From, b.To}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	e.SetEscapeHTML(false)
	if err := e.Encode(out); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}

func (r Report) jsonMonths(sheets []Sheet) []jsonMonth {
	months := make([]jsonMonth, 0, len(sheets))
	for _, s := range sheets {
		m := jsonMonth{Month: s.Month}
		for _, measure := range Measures {
			p := s.parts[measure]
			x := jsonMeasure{ID: measure, Name: measure.label(), Unit: measure.unit(), Total: cellOf(p.total), Lines: []jsonLine{}}
			for _, by := range linesOf(measure) {
				if len(p.lines[by]) == 0 {
					continue
				}
				line := jsonLine{By: by}
				for _, c := range p.lines[by] {
					j := cellOf(c.Figure)
					j.ID, j.Name, j.Of = c.A, r.names.part(measure, by, c.A), c.B
					if by == ByTown || by == ByPlace || by == ByPair {
						j.OfName = r.names.whole(by, c.B)
					}
					line.Cells = append(line.Cells, j)
				}
				x.Lines = append(x.Lines, line)
			}
			m.Measures = append(m.Measures, x)
		}
		months = append(months, m)
	}
	return months
}

// linesOf are the splits of a measure as they are published.
func linesOf(m Measure) (list []By) {
	for _, by := range splits[m] {
		switch by {
		case ByAll:
		case ByTown:
			list = append(list, ByArea, ByTown)
		default:
			list = append(list, by)
		}
	}
	return list
}

// whole is what a part is a part of.
func (w names) whole(by By, b string) string {
	if by == ByTown {
		return w.area(b)
	}
	return w.window(b)
}

// csvHead are the columns. A total has all but the first and the last three
// empty.
var csvHead = []string{"期間", "圏域", "町", "窓口", "いっしょの窓口", "言葉", "曜日", "時間", "内わけ", "項目", "数", "伏せた印"}

// CSV writes one tidy table, a row a figure, with the byte order mark by which
// Excel knows UTF-8. A hidden figure has no number, and its mark in the last
// column: <5 or 伏せ.
func (r Report) CSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	_ = out.Write(csvHead) // Error below tells
	for _, s := range r.Months {
		for _, measure := range Measures {
			p := s.parts[measure]
			row := func(by By, c Cell) {
				line := make([]string, len(csvHead))
				line[0] = string(s.Month)
				name := r.names.part(measure, by, c.A)
				switch by {
				case ByAll:
				case ByWindow:
					line[3] = name
				case ByArea:
					line[1] = name
				case ByTown:
					line[1], line[2] = r.names.area(c.B), name
				case ByPlace:
					line[1], line[3] = name, r.names.window(c.B)
				case ByPair:
					line[3], line[4] = name, r.names.window(c.B)
				case ByLang:
					line[5] = name
				case ByWeekday:
					line[6] = name
				case ByHours:
					line[7] = name
				case ByDesk, ByKind:
					line[8] = name
				}
				line[9] = measure.label()
				switch c.Mark {
				case Shown:
					line[10] = strconv.Itoa(c.N)
				case Few:
					line[11] = string(Few)
				case Withheld:
					line[11] = "伏せ"
				}
				if r.Sample {
					line[9] += "（見本）"
				}
				for i := range line {
					line[i] = plainCell(line[i])
				}
				_ = out.Write(line)
			}
			row(ByAll, Cell{Figure: p.total})
			for _, by := range linesOf(measure) {
				for _, c := range p.lines[by] {
					row(by, c)
				}
			}
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// plainCell keeps a spreadsheet from taking a name of the pack for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
