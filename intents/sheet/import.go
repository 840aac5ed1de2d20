package sheet

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// Import compares a workbook with the pack and plans what to change. An error
// means that nothing can be compared; what is wrong with the workbook's
// contents stands in the plan.
func Import(dir fs.FS, book []byte) (*Plan, error) {
	t, err := readTexts(dir)
	if err != nil {
		return nil, err
	}
	pages, err := workbook.Read(book)
	if err != nil {
		return nil, fmt.Errorf("read the workbook: %w", err)
	}
	im := &importer{base: t, plan: &Plan{before: t.files, after: t.files}, pages: map[string]*workbook.Page{}, prints: map[string]string{}, windows: map[string]bool{}}
	for _, p := range pages {
		if im.pages[p.Name] == nil {
			im.pages[p.Name] = p
		}
	}
	if p := im.pages[cover]; p != nil {
		for r := range p.Last + 1 {
			im.prints[p.At(r, 0).Text] = p.At(r, 3).Text
		}
	}
	for _, k := range kinds() {
		if err := im.compare(k); err != nil {
			return nil, err
		}
	}
	for _, m := range im.matches {
		im.judge(m)
	}
	if len(im.plan.Problems) > 0 {
		return im.plan, nil
	}
	next := t.clone()
	if err := im.apply(next); err != nil {
		return nil, err
	}
	if len(im.plan.Problems) == 0 {
		im.plan.after = next.files
	}
	return im.plan, nil
}

type importer struct {
	base    *texts
	plan    *Plan
	pages   map[string]*workbook.Page
	prints  map[string]string // fingerprints at the time of the export, by sheet
	windows map[string]bool   // ids there will be
	matches []*match
}

// entry is one row of a sheet.
type entry struct {
	at     int // row in the sheet, from 0
	mark   string
	cells  []workbook.Cell // in the order of the kind's columns
	tidied []string        // what they mean
	base   int             // the row of the pack it is, -1 when new
}

// match is a sheet beside what the pack has.
type match struct {
	k       *kind
	places  []int // of the columns in the sheet
	rows    []row
	marks   []string
	entries []*entry
	gone    []bool // rows of the pack that the sheet has no more
}

func (m *match) cell(e *entry, column int) string { return workbook.Name(e.at, m.places[column]) }

func (im *importer) problem(sheet, cell, format string, args ...any) {
	im.plan.Problems = append(im.plan.Problems, Problem{sheet, cell, fmt.Sprintf(format, args...)})
}

func (im *importer) note(sheet, cell, format string, args ...any) {
	im.plan.Notes = append(im.plan.Notes, Problem{sheet, cell, fmt.Sprintf(format, args...)})
}

// compare reads one sheet and finds for each of its rows the pack's.
func (im *importer) compare(k *kind) error {
	rows, err := k.source.rows(im.base)
	if err != nil {
		return fmt.Errorf("sheet %s: %w", k.name, err)
	}
	m := &match{k: k, rows: rows, marks: marksOf(k, rows), gone: make([]bool, len(rows))}
	p := im.pages[k.name]
	if p == nil {
		im.problem(k.name, "", "シートがありません。名前を変えたか、消していませんか。書き出したファイルから、もう一度始めてください")
		return nil
	}
	for _, ref := range p.Merged {
		im.problem(k.name, ref, "セルが結合されています。結合を解いて、1つのセルに1つの値を書いてください")
	}
	if !im.columns(m, p) {
		return nil
	}
	im.entries(m, p)
	im.pair(m)
	im.matches = append(im.matches, m)
	if k.name == "窓口" {
		for i, r := range rows {
			im.windows[r.cells[0]] = !m.gone[i]
		}
		for _, e := range m.entries {
			if e.base < 0 {
				im.windows[strings.TrimSpace(e.cells[0].Text)] = true
			}
		}
	}
	return nil
}

// columns finds the columns by their headings; they may stand in any order.
func (im *importer) columns(m *match, p *workbook.Page) bool {
	found := map[string]int{}
	for _, c := range slices.Sorted(maps.Keys(p.Rows[0])) {
		head := strings.TrimSpace(p.At(0, c).Text)
		if head == "" {
			continue
		}
		if _, twice := found[head]; twice {
			im.problem(p.Name, workbook.Name(0, c), "見出し「%s」が2つあります", head)
			return false
		}
		found[head] = c
	}
	ok := true
	for i, c := range append([]column{{head: markHead}}, m.k.columns...) {
		at, there := found[c.head]
		if !there {
			im.problem(p.Name, workbook.Name(0, i), "見出し「%s」の列がありません。列を消したか、見出しを変えていませんか", c.head)
			ok = false
		}
		delete(found, c.head)
		m.places = append(m.places, at)
	}
	for _, head := range slices.Sorted(maps.Keys(found)) {
		at := found[head]
		im.note(p.Name, workbook.Name(0, at), "見出し「%s」の列は知らない列なので、読みません", head)
	}
	if ok { // the mark's place goes to the end: columns count from the first of the kind's
		m.places = append(m.places[1:], m.places[0])
	}
	return ok
}

// entries reads the rows below the heading.
func (im *importer) entries(m *match, p *workbook.Page) {
	markAt := m.places[len(m.places)-1]
	for r := heading; r <= p.Last; r++ {
		e := &entry{at: r, base: -1, mark: strings.TrimSpace(p.At(r, markAt).Text)}
		filled := e.mark != ""
		for i := range m.k.columns {
			c := p.At(r, m.places[i])
			switch {
			case c.Formula:
				im.problem(p.Name, m.cell(e, i), "数式があります。計算した値を、文字として貼りつけてください")
			case c.Fault:
				im.problem(p.Name, m.cell(e, i), "エラー値 %s があります。値を書いてください", c.Text)
			}
			filled = filled || strings.TrimSpace(c.Text) != ""
			e.cells = append(e.cells, c)
		}
		if filled {
			m.entries = append(m.entries, e)
		}
	}
}

// same reports whether a row of the sheet says just what cells say.
func (e *entry) same(cells []string) bool {
	for i, c := range e.cells {
		if c.Text != cells[i] {
			return false
		}
	}
	return true
}

func (e *entry) id(n int) string {
	var parts []string
	for _, c := range e.cells[:n] {
		parts = append(parts, strings.TrimSpace(c.Text))
	}
	return strings.Join(parts, "\x00")
}

// pair finds the pack's row for each row of the sheet: by its mark, else by
// its id. A row that was copied with its mark is a new one.
func (im *importer) pair(m *match) {
	byMark, byID := map[string]int{}, map[string]int{}
	for i, mark := range m.marks {
		byMark[mark] = i
		byID[strings.Join(m.rows[i].cells[:m.k.ident], "\x00")] = i
	}
	single := m.k.own || m.k.ident == 0 && m.k.facet // one row for an id
	claims := map[int][]*entry{}
	for _, e := range m.entries {
		if i, ok := byMark[e.mark]; ok {
			claims[i] = append(claims[i], e)
		}
	}
	for i, list := range claims {
		best := slices.IndexFunc(list, func(e *entry) bool { return e.same(m.rows[i].cells) })
		if best < 0 && single {
			best = slices.IndexFunc(list, func(e *entry) bool { return e.id(m.k.ident) == strings.Join(m.rows[i].cells[:m.k.ident], "\x00") })
		}
		list[max(best, 0)].base = i
	}
	taken := map[int]*entry{}
	for _, e := range m.entries {
		if e.base >= 0 {
			taken[e.base] = e
		}
	}
	kept := m.entries[:0]
	for _, e := range m.entries {
		_, known := byMark[e.mark]
		i, there := byID[e.id(m.k.ident)]
		switch {
		case e.base >= 0:
		case single && there && taken[i] == nil:
			if e.mark != "" && !known && im.stale(m, e, i) {
				taken[i] = e
				continue
			}
			e.base, taken[i] = i, e
		case e.mark != "" && !known && im.stale(m, e, -1):
			continue
		}
		kept = append(kept, e)
	}
	m.entries = kept
	complete := im.prints[m.k.name] == fingerprint(m.marks)
	for i := range m.rows {
		if taken[i] != nil || m.k.facet {
			continue
		}
		if complete {
			m.gone[i] = true
			continue
		}
		im.note(m.k.name, "", "%s:%d の行は、このファイルにありません。書き出したあとに元のファイルが変わったので、消さずに残します", m.rows[i].file, m.rows[i].line)
	}
}

// stale looks at a row whose mark the pack does not know: the pack's row has
// changed since the export. It reports whether the row is done with.
func (im *importer) stale(m *match, e *entry, i int) bool {
	var cells []string
	for _, c := range e.cells {
		cells = append(cells, c.Text)
	}
	mark, _, _ := strings.Cut(e.mark, "-")
	if hash(m.k.name, cells) == mark {
		im.note(m.k.name, m.cell(e, 0), "元のファイルでは、書き出したあとに変わりました。この行は直していないので、元のファイルのままにします")
		return true
	}
	where := ""
	if i >= 0 {
		where = fmt.Sprintf("（%s:%d）", m.rows[i].file, m.rows[i].line)
	}
	im.problem(m.k.name, m.cell(e, 0), "この行は、書き出したあとに元のファイルでも変わりました%s。書き出し直して、新しいファイルで直してください。新しい行なら、しるしを空にしてください", where)
	return true
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func placeholders(s string) []string {
	all := placeholder.FindAllString(s, -1)
	slices.Sort(all)
	return slices.Compact(all)
}
