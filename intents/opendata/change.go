package opendata

import "fmt"

// Change is one row that differs between two lists.
type Change struct {
	Kind  string // added, removed, changed
	Row   string // which row, as people know it
	Cells []Cell // for changed
}

// Cell is one cell that differs.
type Cell struct{ Column, Old, New string }

func (c Change) String() string {
	s := map[string]string{"added": "+ ", "removed": "- ", "changed": "~ "}[c.Kind] + c.Row
	for _, cell := range c.Cells {
		s += fmt.Sprintf("\n    %s: %q → %q", cell.Column, cell.Old, cell.New)
	}
	return s
}

// Compare tells how the list now differs from the new one: in the new list's
// order, then what is no longer there.
func Compare(now, next Table) []Change {
	var out []Change
	old := map[string][]string{}
	for _, row := range now.Rows {
		old[now.Key(row)] = row
	}
	for _, row := range next.Rows {
		key, name := next.Key(row), next.label(row)
		before, ok := old[key]
		delete(old, key)
		if !ok {
			out = append(out, Change{Kind: "added", Row: name})
			continue
		}
		c := Change{Kind: "changed", Row: name}
		for i, column := range next.Kind.Columns {
			if before[i] != row[i] {
				c.Cells = append(c.Cells, Cell{column.Name, before[i], row[i]})
			}
		}
		if len(c.Cells) > 0 {
			out = append(out, c)
		}
	}
	for _, row := range now.Rows {
		if _, left := old[now.Key(row)]; left {
			out = append(out, Change{Kind: "removed", Row: now.label(row)})
		}
	}
	return out
}

func (t Table) label(row []string) string {
	name, key := t.Cell(row, "名称"), t.Key(row)
	if name == key {
		return name
	}
	return name + " (" + key + ")"
}

// KeepIDs gives rows whose id lost its leading zeros on the way the id they
// have in the list now, so that nothing that refers to them breaks. It returns
// how many.
func KeepIDs(now Table, next *Table) int {
	at := next.Kind.column("ID")
	old := map[string]string{}
	for _, row := range now.Rows {
		old[now.Key(row)] = row[at]
	}
	kept := 0
	for _, row := range next.Rows {
		if id, ok := old[next.Key(row)]; ok && row[at] != id && row[at] != "" {
			row[at] = id
			kept++
		}
	}
	return kept
}
