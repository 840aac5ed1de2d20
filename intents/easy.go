package intents

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/tsunagu-chat/tsunagu/bot/plain"
)

// Plain opens the checker of easy Japanese with the lists of a pack. A pack
// without a folder plain uses the embedded lists.
func Plain(dir fs.FS) (*plain.Plain, error) {
	if _, err := fs.Stat(dir, "plain"); err != nil {
		dir = files
	}
	var c plain.Config
	for name, into := range map[string]*[]byte{
		"plain/hard-words.tsv":   &c.HardWords,
		"plain/words.tsv":        &c.WordLists,
		"plain/readings.tsv":     &c.Readings,
		"plain/kanji-grades.tsv": &c.Grades,
	} {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read the lists of easy Japanese: %w", err)
		}
		*into = b
	}
	return plain.New(c)
}

// EasyText is one text of a pack in easy Japanese.
type EasyText struct {
	File string
	Line int    // where the text stands in the file
	Key  string // path of keys, as handover.done or can[1]
	Text string
}

// Kind is what a text is for; it decides which rules hold.
func (t EasyText) Kind() plain.Kind {
	key := t.Key
	if i := strings.LastIndexByte(key, '.'); i >= 0 && !strings.HasPrefix(t.File, "replies/") {
		key = key[i+1:]
	}
	if strings.HasPrefix(t.File, "replies/") {
		first, _, _ := strings.Cut(key, ".")
		switch {
		case first == "button", first == "choice":
			return plain.Button
		case key == "role.unconfirmed", key == "privacy.page", key == "about.staff", key == "file.until":
			return plain.Message
		case slices.Contains([]string{"weekday", "time", "list", "role", "hotline", "card", "privacy", "about", "hours", "access", "file", "initiative", "hazard"}, first),
			strings.HasPrefix(key, "danger.title"), key == "language.name", key == "faq.date", key == "plan.title",
			strings.HasPrefix(key, "plan.step"), strings.HasPrefix(key, "plan.who"):
			return plain.Label
		}
		return plain.Message
	}
	switch {
	case t.File == menuFile: // names of places to tap; the picture has room for two lines
		return plain.Label
	case key == "choice", key == "label" && !strings.Contains(t.Key, "contacts"):
		return plain.Button
	case slices.Contains([]string{"name", "label", "for", "problem", "office", "hours", "notes"}, key), strings.HasPrefix(key, "can"):
		return plain.Label
	}
	return plain.Message
}

// reasonsFile lists the breaches somebody decided to keep, with the reason.
const reasonsFile = "plain/reasons.tsv"

// EasyJapanese checks every text in easy Japanese of a pack. A breach is a
// problem unless plain/reasons.tsv gives a reason for it; a line there that is
// not needed any more is a problem too. lengths are the characters of each
// sentence residents read in messages, without furigana and blanks.
func EasyJapanese(dir fs.FS) (problems []Problem, lengths []int, err error) {
	p, err := Plain(dir)
	if err != nil {
		return nil, nil, err
	}
	texts, err := EasyTexts(dir)
	if err != nil {
		return nil, nil, err
	}
	reasons, problems := easyReasons(dir)
	for _, t := range texts {
		kind := t.Kind()
		r := p.Check(t.Text, plain.Options{Kind: kind})
		if kind == plain.Message {
			lengths = append(lengths, r.Lengths...)
		}
		for _, f := range r.Findings {
			key := strings.Join([]string{t.File, t.Key, f.Rule}, "\t")
			if _, ok := reasons[key]; ok {
				reasons[key] = 0
				continue
			}
			problems = append(problems, Problem{
				File: t.File, Line: t.Line + f.Line - 1, Mend: f.Suggestion,
				Text: fmt.Sprintf("%s %s「%s」: %s", t.Key, f.Rule, f.Words, f.What),
			})
		}
	}
	_, err = fs.Stat(dir, reasonsFile)
	for key, line := range reasons {
		if line > 0 && err == nil { // of the pack's own reasons
			problems = append(problems, Problem{reasonsFile, line, "not needed any more: " + strings.ReplaceAll(key, "\t", " "), "take the line out"})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, strings.Compare(a.Text, b.Text))
	})
	return problems, lengths, nil
}

// easyReasons reads file, key and rule of each reason, with its line. A pack
// without a folder plain has those of the embedded one.
func easyReasons(dir fs.FS) (map[string]int, []Problem) {
	reasons := map[string]int{}
	if _, err := fs.Stat(dir, "plain"); err != nil {
		dir = files // as for the lists
	}
	b, err := fs.ReadFile(dir, reasonsFile)
	if err != nil {
		return reasons, nil
	}
	var problems []Problem
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimRight(line, "\r")
		if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "file\t") {
			continue
		}
		cols := strings.Split(line, "\t")
		if len(cols) != 4 || strings.TrimSpace(cols[3]) == "" {
			problems = append(problems, Problem{reasonsFile, i + 1, "not four columns", "write file, key, rule and reason, with tabs between"})
			continue
		}
		reasons[strings.Join(cols[:3], "\t")] = i + 1
	}
	return reasons, problems
}

// EasyTexts lists every text in easy Japanese of a pack, in the order of the
// files.
func EasyTexts(dir fs.FS) ([]EasyText, error) {
	r := reader{dir: dir}
	names := append(r.folder(".", ".yaml"), r.folder("windows", ".yaml")...)
	names = append(append(names, r.folder("forms", ".yaml")...), "replies/ja-easy.yaml")
	if len(r.problems) > 0 {
		return nil, fmt.Errorf("list the pack: %s", r.problems[0])
	}
	var all []EasyText
	for _, name := range names {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		file, err := parser.ParseBytes(b, 0)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		w := easyWalk{file: name, whole: strings.HasPrefix(name, "replies/")}
		for _, doc := range file.Docs {
			w.node(doc.Body, "")
		}
		all = append(all, w.found...)
	}
	return all, nil
}

type easyWalk struct {
	file  string
	whole bool // every text of the file is easy Japanese
	found []EasyText
}

func (w *easyWalk) node(n ast.Node, path string) {
	switch n := n.(type) {
	case *ast.MappingNode:
		for _, v := range n.Values {
			w.pair(v, path)
		}
	case *ast.MappingValueNode:
		w.pair(n, path)
	case *ast.SequenceNode:
		for i, v := range n.Values {
			w.node(v, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

func (w *easyWalk) pair(v *ast.MappingValueNode, path string) {
	key := strings.Trim(v.Key.String(), `"`)
	if key != "ja-easy" && !w.whole {
		if path != "" {
			key = path + "." + key
		}
		w.node(v.Value, key)
		return
	}
	if !w.whole {
		key = path
	}
	text, line := "", v.Key.GetToken().Position.Line
	switch s := v.Value.(type) {
	case *ast.StringNode:
		text = s.Value
	case *ast.LiteralNode:
		text, line = s.Value.Value, line+1
	}
	if strings.TrimSpace(text) != "" {
		w.found = append(w.found, EasyText{w.file, line, key, text})
	}
}
