package plain

import (
	"html"
	"slices"
	"strings"
)

// ForReader turns a sentence of ordinary Japanese into what somebody who reads
// easy Japanese gets: blanks between phrases where there are none, furigana
// where the reading is certain. The words stay the writer's.
func (p *Plain) ForReader(text string) string {
	return p.Furigana(p.spaceLines(text))
}

// spaceLines puts blanks into the lines that have none.
func (p *Plain) spaceLines(text string) string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		if !strings.ContainsAny(strings.Trim(line, " \u3000\r\n"), " \u3000") {
			lines[i] = p.Space(line)
		}
	}
	return strings.Join(lines, "")
}

// hintsMost is how many hints the preview of a staff answer has room for.
const hintsMost = 3

// Hint says in Japanese, in at most three short lines, what makes a text hard
// for somebody who reads easy Japanese. What ForReader mends by itself is not
// named. Nothing: the text is easy.
func (p *Plain) Hint(text string) []string {
	r := p.Check(p.ForReader(text), Options{Kind: Message, Level: 2})
	type hint struct {
		weight     int
		text       string
		start, end int
	}
	var all []hint
	seen := map[string]bool{}
	for _, f := range r.Findings {
		weight, line := 0, ""
		switch f.Rule {
		case "R32":
			weight, line = 9, "「"+f.Words+"」は、診断や約束に聞こえます"
		case "R12":
			weight, line = 7, "「"+f.Words+"」→ "+p.lists.hard[f.Words].easy
		case "R11":
			weight, line = 6, "「"+f.Words+"」→ "+orElse(p.lists.byRule["R11"][f.Words], "（せつめい）をつける")
		case "R01", "R02", "R03":
			weight, line = 8, "文が長いです。「。」で分けてください"
		case "R07":
			weight, line = 6, "「ない」が2つあります。「〜ます」で書けます"
		case "R08":
			weight, line = 5, "「"+f.Words+"」→ だれがするかを書く"
		case "R09":
			weight, line = 5, "敬語「"+f.Words+"」→ "+orElse(strings.Trim(p.lists.byRule["R09"][squeeze(f.Words)], "（）"), "「〜てください」")
		case "R10", "R14", "R22", "R23":
			weight, line = 3, "「"+f.Words+"」→ "+orElse(strings.Trim(p.lists.byRule[f.Rule][squeeze(f.Words)], "（）"), "べつの言いかた")
		case "R15":
			if strings.HasPrefix(f.Suggestion, "読み") {
				weight, line = 4, "「"+f.Words+"」の読みが決まりません。ひらがなで"
			}
		case "R18", "R19":
			weight, line = 7, "「"+f.Words+"」→ "+orElse(f.Suggestion, "「午後1時」「5月1日」のように")
		case "R06":
			weight, line = 2, "文の終わりは「です」「ます」「ください」で"
		}
		if line == "" || seen[line] {
			continue
		}
		seen[line] = true
		all = append(all, hint{weight, line, f.Start, f.End})
	}
	slices.SortStableFunc(all, func(a, b hint) int { return b.weight - a.weight })
	var out []string
	var taken []hint
	for _, h := range all {
		again := slices.ContainsFunc(taken, func(t hint) bool { return h.start < t.end && t.start < h.end && t.weight < 8 })
		if len(out) < hintsMost && !again {
			out, taken = append(out, h.text), append(taken, h)
		}
	}
	return out
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// Ruby writes a text as HTML: furigana as real ruby, all else escaped, line
// breaks as <br>. It adds no furigana of its own: Ruby(p.Furigana(text)) does.
func (p *Plain) Ruby(text string) string {
	b := parse(text, p.numbers)
	var out strings.Builder
	at := 0
	plain := func(to int) {
		out.WriteString(strings.ReplaceAll(html.EscapeString(string(b.raw[at:to])), "\n", "<br>"))
	}
	for _, r := range b.rubies {
		plain(r.start)
		out.WriteString("<ruby>" + html.EscapeString(string(b.raw[r.start:r.end])) + "<rp>（</rp><rt>" + html.EscapeString(r.kana) + "</rt><rp>）</rp></ruby>")
		at = r.end
	}
	plain(len(b.raw))
	return out.String()
}
