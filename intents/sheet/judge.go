package sheet

import (
	"slices"
	"strings"
)

// judge looks at every row of a sheet that is new or changed.
func (im *importer) judge(m *match) {
	seen := map[string]*entry{}
	for _, e := range m.entries {
		if m.k.own {
			id := e.id(m.k.ident)
			if first := seen[id]; first != nil && id != "" {
				im.problem(m.k.name, m.cell(e, m.k.ident-1), "「%s」は %d 行目にもあります。同じ id は1つだけです", e.cells[m.k.ident-1].Text, first.at+1)
				continue
			}
			seen[id] = e
		}
		im.judgeRow(m, e)
	}
}

func (im *importer) judgeRow(m *match, e *entry) {
	var old []string
	if e.base >= 0 {
		old = m.rows[e.base].cells
		if e.same(old) {
			e.tidied = old
			return
		}
	}
	for i, c := range m.k.columns {
		e.tidied = append(e.tidied, im.judgeCell(m, e, i, c, old))
	}
	im.judgeTexts(m, e, old)
	if m.k.facet {
		if e.base < 0 && m.k.ident > 0 && !im.windows[e.tidied[0]] {
			im.problem(m.k.name, m.cell(e, 0), "窓口「%s」はありません", e.tidied[0])
		}
		return
	}
	if strings.Join(e.tidied[m.k.ident:], "") == "" && len(e.tidied) > m.k.ident {
		im.problem(m.k.name, m.cell(e, min(m.k.ident, len(e.tidied)-1)), "行の中が空です。消すときは、行ごと消してください")
	}
}

// judgeCell is what a cell means; where it means nothing, it says so.
func (im *importer) judgeCell(m *match, e *entry, i int, c column, old []string) string {
	cell := e.cells[i]
	if old != nil && cell.Text == old[i] || cell.Formula || cell.Fault {
		return cell.Text
	}
	at := m.cell(e, i)
	v, err := tidy(cell, c)
	switch {
	case err != nil:
		im.problem(m.k.name, at, "%v", err)
	case old != nil && i < m.k.ident && v != old[i]:
		im.problem(m.k.name, at, "「%s」を「%s」に変えることはできません。もとに戻してください（新しいものなら、しるしの空の行を足します）", old[i], v)
	case v == "" && c.required:
		im.problem(m.k.name, at, "「%s」が空です。必ず書いてください", c.head)
	case c.id && (m.k.name == "窓口") && !idShape.MatchString(v):
		im.problem(m.k.name, at, "id「%s」は、半角の英小文字・数字・ハイフンで書いてください", v)
	case c.windows:
		for _, id := range strings.Split(v, "\n") {
			if known := im.windows[id]; v != "" && id != "*" && !known {
				im.problem(m.k.name, at, "窓口「%s」はありません", id)
			}
		}
	}
	if m.k.name == examplesName {
		im.judgeExample(m, at, i, v)
	}
	if old == nil || c.content != text {
		return v
	}
	for _, p := range placeholders(old[i]) {
		if v != "" && !strings.Contains(v, p) {
			im.problem(m.k.name, at, "%s がなくなっています。プログラムが言葉を入れるところなので、残してください", p)
		}
	}
	return v
}

// judgeTexts holds texts in six languages together.
func (im *importer) judgeTexts(m *match, e *entry, old []string) {
	filled, touched := map[string]bool{}, map[string]bool{}
	for i, c := range m.k.columns {
		filled[c.group] = filled[c.group] || c.group != "" && e.tidied[i] != ""
		touched[c.group] = touched[c.group] || old == nil || e.tidied[i] != old[i]
	}
	first := slices.IndexFunc(m.k.columns, func(c column) bool { return c.file != "" })
	for i, c := range m.k.columns {
		said := c.required && (old == nil || old[i] != "") // judgeCell has
		switch {
		case filled[c.group] && touched[c.group] && e.tidied[i] == "" && !said:
			im.problem(m.k.name, m.cell(e, i), "「%s」が空です。6つのことばを、全部書いてください", c.head)
		case c.file != "" && old == nil && e.tidied[i] != "" && !slices.Equal(placeholders(e.tidied[i]), placeholders(e.tidied[first])):
			im.problem(m.k.name, m.cell(e, i), "{…} が日本語の文とちがいます")
		}
	}
}

// judgeExample looks at what only examples can have wrong.
func (im *importer) judgeExample(m *match, at string, i int, v string) {
	switch m.k.columns[i].head {
	case "ファイル":
		if v != "" && !idShape.MatchString(v) {
			im.problem(m.k.name, at, "ファイル「%s」は、半角の英小文字・数字・ハイフンで書いてください", v)
		} else if name := exampleFile(v); v != "" && im.base.files[name] == "" && !im.windows[v] {
			im.problem(m.k.name, at, "窓口「%s」はありません", v)
		}
	case "文":
		if strings.HasPrefix(v, "#") || strings.HasPrefix(v, "@voice") || strings.Contains(v, "\t") {
			im.problem(m.k.name, at, "「#」や「@voice」で始まる文と、タブの入った文は書けません")
		}
	case "声":
		if strings.ContainsAny(v, "\n\t") {
			im.problem(m.k.name, at, "声は1行で書いてください")
		}
	case "タグ":
		if strings.ContainsAny(v, "\n\t") {
			im.problem(m.k.name, at, "タグは1行に、空白で分けて書いてください")
		}
		for _, tag := range strings.Fields(v) {
			if id := tag[1:]; (tag[0] == '+' || tag[0] == '=') && !im.windows[id] {
				im.problem(m.k.name, at, "窓口「%s」はありません", id)
			}
		}
	}
}
