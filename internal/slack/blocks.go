package slack

import (
	"strings"
	"unicode/utf8"

	sdk "github.com/slack-go/slack"
)

// Block Kit's limits, in characters.
// https://docs.slack.dev/reference/block-kit/blocks
const (
	maxSection = 2900 // Slack's is 3,000; some room for marks
	maxHeader  = 150
)

func plainText(s string) *sdk.TextBlockObject {
	return sdk.NewTextBlockObject(sdk.PlainTextType, s, false, false)
}

// section is a paragraph of Slack's markup, whose parts were escaped.
func section(s string) *sdk.SectionBlock {
	// Verbatim: names of channels and addresses in a resident's words stay words.
	return sdk.NewSectionBlock(&sdk.TextBlockObject{Type: sdk.MarkdownType, Text: s, Verbatim: true}, nil, nil)
}

// paragraphs are lines of Slack's markup, whose parts were escaped, in as many
// sections as they need. No line is cut: it may be a link.
func paragraphs(lines []string) []sdk.Block {
	var out []sdk.Block
	text := ""
	for _, l := range lines {
		if text != "" && utf8.RuneCountInString(text)+1+utf8.RuneCountInString(l) > maxSection {
			out, text = append(out, section(text)), ""
		}
		if text != "" {
			text += "\n"
		}
		text += l
	}
	if !blank(text) {
		out = append(out, section(text))
	}
	return out
}

// hint is small grey plain text.
func hint(s string) *sdk.ContextBlock { return sdk.NewContextBlock("", plainText(s)) }

// quote shows words as a quote, in as many sections as they need, but not more
// than most characters as Slack counts them. Words of which nothing can be
// seen give no block, because Slack refuses empty texts. cut reports that
// something did not fit.
func quote(words string, most int) (blocks []sdk.Block, cut bool) {
	if blank(words) {
		return nil, false
	}
	const mark = "> " // counted as Slack keeps it: &gt; and a space
	var b strings.Builder
	n, total := 0, 0
	write := func(s string) {
		b.WriteString(s)
		n += utf8.RuneCountInString(s)
		total += utf8.RuneCountInString(s)
		if s == mark {
			total += len("&gt;") - 1
		}
	}
	flush := func() {
		if text := strings.TrimRight(b.String(), "\n"); text != "" {
			blocks = append(blocks, section(text))
		}
		b.Reset()
		n = 0
	}
	for _, line := range calm(words) {
		if total+len("&gt; ") >= most {
			cut = true
			break
		}
		if n+len(mark)+20 > maxSection {
			flush()
		}
		write(mark)
		for _, r := range line {
			if total+6 > most {
				cut = true
				break
			}
			if n+6 > maxSection {
				flush()
				write(mark)
			}
			write(escapeRune(r))
		}
		if cut {
			write("…")
			break
		}
		write("\n")
	}
	flush()
	return blocks, cut
}

// weight counts quoted blocks as Slack counts them.
func weight(quoted []sdk.Block) int {
	n := 0
	for _, b := range quoted {
		if s, ok := b.(*sdk.SectionBlock); ok {
			n += utf8.RuneCountInString(s.Text.Text) + (strings.Count(s.Text.Text, "\n")+1)*(len("&gt;")-1)
		}
	}
	return n
}

// calm cuts words into lines, with at most one empty line in a row.
func calm(words string) []string {
	var out []string
	empty := true // none at the beginning
	for line := range strings.SplitSeq(strings.TrimSpace(clean(words)), "\n") {
		line = strings.TrimRight(line, " \t　")
		if line == "" && empty {
			continue
		}
		empty = line == ""
		out = append(out, line)
	}
	return out
}

// fields lays pairs out in two columns, at most ten.
func fields(pairs []pair) []sdk.Block {
	var blocks []sdk.Block
	var row []*sdk.TextBlockObject
	for _, p := range pairs {
		if blank(p.value) {
			continue
		}
		text := "*" + escape(p.label) + "*\n" + limited(oneLine(p.value, maxFact), maxFact)
		row = append(row, &sdk.TextBlockObject{Type: sdk.MarkdownType, Text: text, Verbatim: true})
	}
	for len(row) > 0 {
		n := min(len(row), 10)
		blocks = append(blocks, sdk.NewSectionBlock(nil, row[:n], nil))
		row = row[n:]
	}
	return blocks
}

type pair struct{ label, value string }
