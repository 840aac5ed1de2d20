package sheet

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/edit"
)

// repliesSource shows the replies of all languages side by side.
type repliesSource struct{}

func repliesKind() *kind {
	k := &kind{name: "返事", about: "ボットが言う文。{name} のようなかっこの中は、消さないでください。", ident: 1, own: true, source: repliesSource{}}
	k.columns = []column{{head: "キー", note: "プログラムが知っている名前。変えられません。", keys: []string{"key"}, required: true, id: true, width: 28}}
	for _, l := range bot.Langs {
		k.columns = append(k.columns, column{head: langNames[l], note: "{…} は消さないでください。", keys: []string{string(l)}, group: "reply", required: true, file: "replies/" + string(l) + ".yaml", width: 44})
	}
	return k
}

func (repliesSource) rows(t *texts) ([]row, error) {
	var out []row
	at := map[string]int{}
	for i, l := range bot.Langs {
		name := "replies/" + string(l) + ".yaml"
		if _, ok := t.files[name]; !ok {
			continue
		}
		d, err := t.doc(name)
		if err != nil {
			return nil, err
		}
		if d.Root == nil {
			continue
		}
		for _, e := range d.Root.Keys {
			if e.Value.Form != edit.Scalar {
				return nil, fmt.Errorf("%s:%d: %w", name, d.Line(e.Value), errShape)
			}
			n, ok := at[e.Key]
			if !ok {
				n = len(out)
				at[e.Key] = n
				out = append(out, row{file: name, line: d.Line(e.Value), cells: make([]string, 1+len(bot.Langs))})
				out[n].cells[0] = e.Key
			}
			out[n].cells[1+i] = e.Value.Text
		}
	}
	return out, nil
}

func (repliesSource) set(t *texts, r row, c column, value string) error {
	d, err := t.doc(c.file)
	if err != nil {
		return err
	}
	if value == "" {
		return t.write(c.file, d.Unset(d.Root, []string{r.cells[0]}))
	}
	return t.write(c.file, d.Set(d.Root, []string{r.cells[0]}, edit.Text(value), func([]string) []string { return nil }))
}

func (repliesSource) place(t *texts, r row, c column) (string, int) {
	name := c.file
	if name == "" {
		return r.file, r.line
	}
	if d, err := t.doc(name); err == nil && d.Root.Get(r.cells[0]) != nil {
		return name, d.Line(d.Root.Get(r.cells[0]))
	}
	return name, 0
}

func (repliesSource) remove(t *texts, r row) error {
	for _, l := range bot.Langs {
		name := "replies/" + string(l) + ".yaml"
		d, err := t.doc(name)
		if err != nil {
			return err
		}
		if err := t.write(name, d.Unset(d.Root, r.cells[:1])); err != nil {
			return err
		}
	}
	return nil
}

func (repliesSource) add(t *texts, _ *kind, cells []string, prev *row) (row, error) {
	for i, l := range bot.Langs {
		name := "replies/" + string(l) + ".yaml"
		d, err := t.doc(name)
		if err != nil {
			return row{}, err
		}
		order := func([]string) []string {
			if prev != nil {
				return []string{prev.cells[0], cells[0]}
			}
			return nil
		}
		if cells[1+i] == "" {
			continue
		}
		if err := t.write(name, d.Set(d.Root, cells[:1], edit.Text(cells[1+i]), order)); err != nil {
			return row{}, err
		}
	}
	return row{file: "replies/ja.yaml", cells: cells}, nil
}

// examplesSource shows the examples of understanding, a row for each line.
type examplesSource struct{}

// examplesName is the sheet of examples.
const examplesName = "例文"

func examplesKind() *kind {
	return &kind{name: examplesName, about: "住民が書く言葉の例。1行に1つ。", ident: 2, source: examplesSource{}, columns: []column{
		{head: "ファイル", note: "窓口のid（または danger-種類、lookalike、conversation）。", required: true, width: 20},
		{head: "声", note: "だれが書いたかの名前。新しい行では空でよい。", width: 12},
		{head: "文", note: "住民の言葉そのまま。", keys: []string{"text"}, required: true, width: 70},
		{head: "タグ", note: "+窓口（ほかに合う窓口）、=窓口、!危険、@other（ほかの人のこと）、lang:en。空白で分ける。", keys: []string{"tags"}, width: 28},
	}}
}

func exampleFile(stem string) string { return "examples/" + stem + ".txt" }

func (examplesSource) rows(t *texts) ([]row, error) {
	var out []row
	for _, name := range t.names("examples/*.txt") {
		voice := ""
		stem := strings.TrimSuffix(path.Base(name), ".txt")
		for i, line := range strings.Split(t.files[name], "\n") {
			if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if v, ok := strings.CutPrefix(line, "@voice "); ok {
				voice = strings.TrimSpace(v)
				continue
			}
			words, tags, _ := strings.Cut(strings.TrimRight(line, "\r"), "\t")
			out = append(out, row{file: name, at: []int{i}, line: i + 1, cells: []string{stem, voice, strings.ReplaceAll(words, `\n`, "\n"), tags}})
		}
	}
	return out, nil
}

func exampleLine(cells []string) string {
	line := strings.ReplaceAll(cells[2], "\n", `\n`)
	if cells[3] != "" {
		line += "\t" + cells[3]
	}
	return line
}

func (examplesSource) lines(t *texts, name string, change func([]string) []string) error {
	return t.write(name, strings.Join(change(strings.Split(t.files[name], "\n")), "\n"))
}

func (s examplesSource) set(t *texts, r row, c column, value string) error {
	return s.lines(t, r.file, func(lines []string) []string {
		line := strings.TrimRight(lines[r.at[0]], "\r")
		words, tags, _ := strings.Cut(line, "\t")
		cells := []string{"", "", strings.ReplaceAll(words, `\n`, "\n"), tags}
		cells[map[string]int{"text": 2, "tags": 3}[c.keys[0]]] = value
		lines[r.at[0]] = exampleLine(cells)
		return lines
	})
}

func (examplesSource) place(_ *texts, r row, _ column) (string, int) { return r.file, r.line }

func (s examplesSource) remove(t *texts, r row) error {
	return s.lines(t, r.file, func(lines []string) []string { return slices.Delete(lines, r.at[0], r.at[0]+1) })
}

var errTab = errors.New("a message has no tabs")

// add writes a new example behind prev when the voice is the same or none is
// named, else at the end of what that voice said, else under a new voice.
func (s examplesSource) add(t *texts, _ *kind, cells []string, prev *row) (row, error) {
	if strings.ContainsAny(cells[2]+cells[3], "\t\r") {
		return row{}, errTab
	}
	name := exampleFile(cells[0])
	if _, ok := t.files[name]; !ok {
		head := "# 住民が書く言葉。1行に1つ。書き方は docs/content-guide.ja.md\n\n@voice " + cells[1] + "\n"
		if cells[1] == "" {
			head = "# 住民が書く言葉。1行に1つ。書き方は docs/content-guide.ja.md\n\n@voice office\n"
		}
		t.files[name] = head
	}
	lines := strings.Split(t.files[name], "\n")
	place := -1
	if prev != nil && (cells[1] == "" || cells[1] == prev.cells[1]) {
		place = prev.at[0] + 1
	} else {
		voice := ""
		for i, line := range lines {
			if v, ok := strings.CutPrefix(line, "@voice "); ok {
				voice = strings.TrimSpace(v)
			}
			if strings.TrimSpace(line) != "" && (cells[1] == "" || voice == cells[1]) {
				place = i + 1
			}
		}
	}
	fresh := []string{exampleLine(cells)}
	if place < 0 {
		place = len(lines)
		for place > 0 && strings.TrimSpace(lines[place-1]) == "" {
			place--
		}
		fresh = []string{"", "@voice " + cells[1], exampleLine(cells)}
	}
	lines = slices.Insert(lines, place, fresh...)
	at := place + len(fresh) - 1
	cells = slices.Clone(cells)
	for i := at; i >= 0; i-- {
		if v, ok := strings.CutPrefix(lines[i], "@voice "); ok {
			cells[1] = strings.TrimSpace(v)
			break
		}
	}
	return row{file: name, at: []int{at}, line: at + 1, cells: cells, grew: len(fresh)}, t.write(name, strings.Join(lines, "\n"))
}
