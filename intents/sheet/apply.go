package sheet

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// apply changes the texts: first values and what goes, from the end of each
// list so that places stay true; then what is new. At last it reads everything
// anew and compares: what the files say now is what the workbook said.
func (im *importer) apply(t *texts) error {
	for _, m := range slices.Backward(im.matches) {
		if err := im.sets(t, m); err != nil {
			return err
		}
		for i := range slices.Backward(m.rows) {
			if !m.gone[i] {
				continue
			}
			r := m.rows[i]
			im.plan.Changes = append(im.plan.Changes, Change{File: r.file, Line: r.line, What: m.k.name + "の行", Old: summary(r.cells)})
			if _, there := t.files[r.file]; !there {
				continue
			}
			if err := m.k.source.remove(t, r); err != nil {
				return fmt.Errorf("take a row of %s out of %s: %w", m.k.name, r.file, err)
			}
		}
	}
	im.emptied(t)
	for _, m := range im.matches {
		if err := im.adds(t, m); err != nil {
			return err
		}
	}
	slices.SortStableFunc(im.plan.Changes, func(a, b Change) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	if len(im.plan.Problems) > 0 {
		return nil
	}
	return im.prove(t)
}

func summary(cells []string) string {
	var parts []string
	for _, c := range cells {
		if c != "" && len(parts) < 4 {
			parts = append(parts, c)
		}
	}
	return strings.Join(parts, " | ")
}

// emptied takes files of examples away that have none left.
func (im *importer) emptied(t *texts) {
	for _, m := range im.matches {
		if m.k.name != examplesName {
			continue
		}
		left := map[string]bool{}
		for i, r := range m.rows {
			left[r.file] = left[r.file] || !m.gone[i]
		}
		for _, e := range m.entries {
			left[exampleFile(e.tidied[0])] = true
		}
		for file, some := range left {
			if !some {
				t.drop(file)
			}
		}
	}
}

func (im *importer) sets(t *texts, m *match) error {
	for _, e := range m.entries {
		if e.base < 0 {
			continue
		}
		r := m.rows[e.base]
		for i, c := range m.k.columns {
			if i < m.k.ident || e.tidied[i] == r.cells[i] {
				continue
			}
			file, line := m.k.source.place(im.base, r, c)
			im.plan.Changes = append(im.plan.Changes, Change{file, line, c.head, r.cells[i], e.tidied[i]})
			if err := m.k.source.set(t, r, c, e.tidied[i]); err != nil {
				return fmt.Errorf("%s!%s: write into %s: %w", m.k.name, m.cell(e, i), file, err)
			}
		}
	}
	return nil
}

func (im *importer) adds(t *texts, m *match) error {
	if !slices.ContainsFunc(m.entries, func(e *entry) bool { return e.base < 0 }) {
		return nil
	}
	live, err := im.live(t, m)
	if err != nil {
		return err
	}
	at := map[*entry]*row{} // where the sheet's rows stand now
	for i, e := range m.entries {
		if e.base >= 0 {
			at[e] = live[e.base]
			continue
		}
		if m.k.facet {
			if err := im.further(t, m, e); err != nil {
				return err
			}
			continue
		}
		var prev *row
		for _, before := range slices.Backward(m.entries[:i]) {
			if at[before] != nil && m.sameList(before, e) {
				prev = at[before]
				break
			}
		}
		r, err := m.k.source.add(t, m.k, e.tidied, prev)
		if errors.Is(err, errNoHolder) {
			im.problem(m.k.name, m.cell(e, 0), "「%s」がありません。どの項目のものかを確かめてください", strings.ReplaceAll(e.id(max(m.k.ident-boolInt(m.k.own), 1)), "\x00", "」の「"))
			continue
		}
		if err != nil {
			return fmt.Errorf("%s!%s: add to the pack: %w", m.k.name, m.cell(e, 0), err)
		}
		if m.k.name == examplesName {
			e.tidied = r.cells
		}
		r.cells = e.tidied
		grow(live, at, r)
		at[e] = &r
		im.plan.Changes = append(im.plan.Changes, Change{File: r.file, What: m.k.name + "の新しい行", New: summary(e.tidied)})
	}
	return nil
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// live are the pack's rows of before where they stand now; nil for those gone.
func (im *importer) live(t *texts, m *match) ([]*row, error) {
	now, err := m.k.source.rows(t)
	if err != nil {
		return nil, err
	}
	out := make([]*row, len(m.rows))
	n := 0
	for i, r := range m.rows {
		if _, there := t.files[r.file]; m.gone[i] || !there {
			continue
		}
		if n < len(now) {
			out[i] = &now[n]
		}
		n++
	}
	if n > len(now) {
		return nil, fmt.Errorf("sheet %s: %d rows are left in the files, want %d", m.k.name, len(now), n)
	}
	return out, nil
}

// sameList reports whether two rows of a sheet belong into one list.
func (m *match) sameList(a, b *entry) bool {
	n := m.k.ident
	if m.k.own {
		n--
	}
	if m.k.name == examplesName {
		n = 1
	}
	return a.id(n) == b.id(n)
}

// grow moves the places of rows that come behind a new one.
func grow(live []*row, at map[*entry]*row, r row) {
	if len(r.at) == 0 {
		return
	}
	last, by := len(r.at)-1, max(r.grew, 1)
	moved := map[*row]bool{}
	move := func(o *row) {
		if o == nil || moved[o] || o.file != r.file || len(o.at) != len(r.at) || !slices.Equal(o.at[:last], r.at[:last]) || o.at[last] < r.at[last]-by+1 {
			return
		}
		moved[o] = true
		o.at = slices.Clone(o.at)
		o.at[last] += by
	}
	for _, o := range live {
		move(o)
	}
	for _, o := range at {
		move(o)
	}
}

// further writes a sheet's columns of an item that another sheet has added.
func (im *importer) further(t *texts, m *match, e *entry) error {
	r := row{file: "windows/" + e.tidied[0] + ".yaml", line: 1}
	for i, c := range m.k.columns {
		if i < m.k.ident || e.tidied[i] == "" {
			continue
		}
		im.plan.Changes = append(im.plan.Changes, Change{File: r.file, What: c.head, New: e.tidied[i]})
		if err := m.k.source.set(t, r, c, e.tidied[i]); err != nil {
			return fmt.Errorf("%s!%s: write into %s: %w", m.k.name, m.cell(e, i), r.file, err)
		}
	}
	return nil
}

// prove reads the changed files and holds them against the workbook.
func (im *importer) prove(t *texts) error {
	for _, m := range im.matches {
		now, err := m.k.source.rows(t)
		if err != nil {
			return fmt.Errorf("read what would be written: %w", err)
		}
		want := map[string]int{}
		changed := map[int]*entry{}
		for _, e := range m.entries {
			if e.base >= 0 {
				changed[e.base] = e
			} else if !m.k.facet {
				want[strings.Join(e.tidied, "\x00")]++
			}
		}
		for i, r := range m.rows {
			if _, there := t.files[r.file]; m.gone[i] || !there {
				continue
			}
			cells := r.cells
			if e := changed[i]; e != nil {
				cells = e.tidied
			}
			want[strings.Join(cells, "\x00")]++
		}
		for _, r := range now {
			key := strings.Join(r.cells, "\x00")
			if m.k.facet && want[key] == 0 {
				continue // of a new item
			}
			if want[key]--; want[key] < 0 {
				return fmt.Errorf("%s:%d: %s would not come back as the workbook has it: %s", r.file, r.line, m.k.name, summary(r.cells))
			}
		}
		for key, n := range want {
			if n > 0 {
				return fmt.Errorf("%s: a row would be lost: %s", m.k.name, summary(strings.Split(key, "\x00")))
			}
		}
	}
	return nil
}
