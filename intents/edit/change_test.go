package edit_test

import (
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/edit"
)

const sample = `# head

- id: a # why
  name: {ja: 名, en: "A: b"}
  list:
    # first
    - one
    - "two" # second
    - three
  text: |-
    line
     deeper

    last
  empty: ""
  none:

# before b
- id: b
  flow: [x, "1"]

- id: c
`

func parse(t *testing.T, text string) *edit.Doc {
	t.Helper()
	d, err := edit.Parse(text)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return d
}

func TestEdits(t *testing.T) {
	t.Parallel()
	order := func([]string) []string { return []string{"id", "name", "list", "text", "empty", "none", "flow"} }
	set := func(i int, v edit.Value, keys ...string) func(*edit.Doc) string {
		return func(d *edit.Doc) string { return d.Set(d.Root.Items[i], keys, v, order) }
	}
	for name, c := range map[string]struct {
		edit     func(*edit.Doc) string
		old, new string // what changes in sample
	}{
		"plain, comment kept":   {set(0, edit.Text("z"), "id"), "id: a # why", "id: z # why"},
		"needs quotes":          {set(0, edit.Text("0120"), "id"), "id: a # why", `id: "0120" # why`},
		"quoted stays quoted":   {set(0, edit.Text("C"), "name", "en"), `"A: b"`, `"C"`},
		"flow needs quotes":     {set(0, edit.Text("a, b"), "name", "ja"), "ja: 名", `ja: "a, b"`},
		"new key in brackets":   {set(0, edit.Text("Z"), "name", "zh"), `"A: b"}`, `"A: b", zh: Z}`},
		"empty filled":          {set(0, edit.Text("x"), "empty"), `empty: ""`, `empty: "x"`},
		"nothing filled":        {set(0, edit.Text("x"), "none"), "none:\n", "none: x\n"},
		"literal":               {set(0, edit.Text("new\nlines"), "text"), "    line\n     deeper\n\n    last", "    new\n    lines"},
		"literal to one line":   {set(0, edit.Text("one"), "text"), "|-\n    line\n     deeper\n\n    last", "one"},
		"one line to literal":   {set(1, edit.Text("x\ny"), "id"), "- id: b", "- id: |-\n    x\n    y"},
		"odd text":              {set(1, edit.Text(" x\ny "), "id"), "- id: b", `- id: " x\ny "`},
		"list in lines":         {set(0, edit.Texts([]string{"one", "2", "three", "four"}), "list"), "    - \"two\" # second\n    - three\n", "    - \"2\"\n    - three\n    - four\n"},
		"list in brackets":      {set(1, edit.Texts([]string{"1", "y"}), "flow"), `[x, "1"]`, `["1", "y"]`},
		"new key":               {set(1, edit.Text("B"), "name", "ja"), "- id: b\n", "- id: b\n  name:\n    ja: B\n"},
		"new list":              {set(2, edit.Texts([]string{"x"}), "list"), "- id: c\n", "- id: c\n  list:\n    - x\n"},
		"key goes":              {func(d *edit.Doc) string { return d.Unset(d.Root.Items[0], []string{"empty"}) }, "  empty: \"\"\n", ""},
		"key in brackets goes":  {func(d *edit.Doc) string { return d.Unset(d.Root.Items[0], []string{"name", "ja"}) }, `{ja: 名, en`, `{en`},
		"item goes":             {func(d *edit.Doc) string { return d.Remove(d.Root, 1) }, "- id: b\n  flow: [x, \"1\"]\n\n", "\n"},
		"last item goes":        {func(d *edit.Doc) string { return d.Remove(d.Root, 2) }, "\n- id: c\n", ""},
		"item comes":            {func(d *edit.Doc) string { return d.Add(d.Root, 3, item("d")) }, "- id: c\n", "- id: c\n\n- id: d\n  list: [p, q]\n"},
		"item between":          {func(d *edit.Doc) string { return d.Add(d.Root, 2, item("d")) }, "- id: c\n", "- id: d\n  list: [p, q]\n\n- id: c\n"},
		"item before the first": {func(d *edit.Doc) string { return d.Add(d.Root, 0, item("d")) }, "- id: a", "- id: d\n  list: [p, \"q\"]\n\n- id: a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.edit(parse(t, sample))
			if d := cmp.Diff(strings.Replace(sample, c.old, c.new, 1), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			parse(t, got)
		})
	}
}

func item(id string) edit.Value {
	l := edit.Texts([]string{"p", "q"})
	l.Flow = true
	return edit.Value{Form: edit.Table, Keys: []edit.Pair{{Key: "id", Value: edit.Text(id)}, {Key: "list", Value: l}}}
}

// flat are all scalars of a text by their paths.
func flat(n *edit.Node, path string, out map[string]string) map[string]string {
	if n == nil {
		return out
	}
	switch n.Form {
	case edit.Table:
		for _, e := range n.Keys {
			flat(e.Value, path+"/"+e.Key, out)
		}
	case edit.List:
		for i, v := range n.Items {
			flat(v, fmt.Sprintf("%s/%d", path, i), out)
		}
	default:
		out[path] = n.Text
	}
	return out
}

// TestOnlyThatValue sets values of shipped files, one after the other, to
// texts that are hard to write, and sees that nothing else is read otherwise.
func TestOnlyThatValue(t *testing.T) {
	t.Parallel()
	hard := []string{"no", "0120-279-338", "a: b", "x #y", "- z", "[q]", `"quoted" and \n`, "二行\nです", "# no comment", "'", "1:30", "true", "ends:", "{office}さん", "&a", "*", "!", "%", "@", "`", "~", "null", "　全角", "tab\there", "2026-12-01"}
	n := 0
	for name, lines := range map[string]int{"windows/legal.yaml": 400, "hotlines.yaml": 68, "city.yaml": 400, "cues.yaml": 20, "replies/en.yaml": 40} {
		b, err := fs.ReadFile(intents.Embedded(), name)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.SplitAfter(string(b), "\n")
		text := strings.Join(all[:min(lines, len(all))], "")
		d := parse(t, text)
		before := flat(d.Root, "", map[string]string{})
		var visit func(*edit.Node, string)
		visit = func(row *edit.Node, path string) {
			for i, v := range row.Items {
				visit(v, fmt.Sprintf("%s/%d", path, i))
			}
			for _, e := range row.Keys {
				at := path + "/" + e.Key
				if e.Value.Form != edit.Scalar {
					visit(e.Value, at)
					continue
				}
				s := hard[n%len(hard)]
				n++
				got, err := edit.Parse(d.Set(row, []string{e.Key}, edit.Text(s), nil))
				if err != nil {
					t.Errorf("%s%s = %q: %v", name, at, s, err)
					continue
				}
				want := maps.Clone(before)
				want[at] = s
				if diff := cmp.Diff(want, flat(got.Root, "", map[string]string{})); diff != "" {
					t.Errorf("%s%s = %q (-want +got):\n%s", name, at, s, diff)
				}
			}
		}
		visit(d.Root, "")
	}
	if n < 150 {
		t.Errorf("%d values were tried, want more", n)
	}
}

// TestRefused: what cannot be edited safely is refused with its line.
func TestRefused(t *testing.T) {
	t.Parallel()
	for text, line := range map[string]string{
		"a: b\nc: &x d\n":      "line 2",
		"a: >-\n  folded\n":    "line 1",
		"a: one\n  two\n":      "line 2",
		"a: b\r\n":             "line 1",
		"a: \"x\n  y\"\n":      "line 1",
		"a: b\na: c\n":         "line 2",
		"a: [x,\n  y]\n":       "line 1",
		"a: 'it' 's\n":         "line 1",
		"- a\nb: c\n":          "line 2",
		"a: !!str b\n":         "line 1",
		"- a: b\n   c: d\n":    "line 2",
		"a: \"\\q\"\n":         "line 1",
		"a:\n  - b\n c: d\n":   "line 3",
		"a: |-\n    x\n   y\n": "line 3",
	} {
		if _, err := edit.Parse(text); err == nil || !strings.Contains(err.Error(), line) {
			t.Errorf("%q: %v, want it refused at %s", text, err, line)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample)
	f.Add("a: [b, {c: 'd'}]\n")
	f.Fuzz(func(_ *testing.T, text string) { _, _ = edit.Parse(text) })
}
