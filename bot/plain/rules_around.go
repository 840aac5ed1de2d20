package plain

import (
	"slices"
	"strings"
)

// around is R28, R29 and R30: what needs more than the text.
func (c *checker) around() {
	end := len(c.b.text)
	if c.o.Alt {
		if s := strings.TrimSpace(string(c.b.text)); s == "" || s == "画像" || s == "写真" || s == "がぞう" || s == "しゃしん" {
			c.report("R28", Error, 0, end, "絵や写真の説明がありません", "何が写っているか書いてください")
		}
	}
	if c.o.Original != "" {
		for _, d := range c.p.Drift(c.o.Original, string(c.b.src)) {
			c.report("R29", Error, 0, end, d, "もとの文と同じ数・時間・電話を書いてください")
		}
	}
	if c.o.Where == Out && c.o.Kind == Message && c.o.Buttons != nil && len(c.o.Buttons) == 0 && len(c.sentences) > answerLong {
		c.report("R30", Warning, 0, end, "わかったか聞くボタンがありません", "「わかりました」「もっと やさしく」「人と 話す」のボタンをつけてください")
	}
}

// Drift compares numbers, times, telephone numbers and addresses of an
// ordinary text and its easy version (R29) and says, in Japanese, which stand in
// one only. 13:30 and 午後1時30分 are the same, 令和8年 and 2026年 too.
func (p *Plain) Drift(original, easy string) []string {
	a, b := p.figures(original), p.figures(easy)
	var out []string
	for _, f := range a {
		if i := slices.Index(b, f); i >= 0 {
			b = slices.Delete(b, i, i+1)
		} else {
			out = append(out, "もとの文の「"+f+"」がありません")
		}
	}
	for _, f := range b {
		out = append(out, "「"+f+"」は もとの文にありません")
	}
	return out
}

func (p *Plain) figures(text string) []string {
	bare := string(parse(text, p.numbers).text)
	bare = p.mendTimes(p.mendEras(bare))
	return p.rules.figures.FindAllString(strings.ReplaceAll(bare, ",", ""), -1)
}
