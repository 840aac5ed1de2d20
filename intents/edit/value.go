package edit

import (
	"regexp"
	"slices"
	"strings"
)

// Value is something to be written.
type Value struct {
	Form  Form
	Text  string // of a scalar
	Raw   bool   // a number or true/false: written as it is
	Flow  bool   // a list or table in brackets
	Items []Value
	Keys  []Pair
}

// Pair is one key to be written with its value.
type Pair struct {
	Key   string
	Value Value
}

// Text is a scalar value.
func Text(s string) Value { return Value{Text: s} }

// Texts is a list of scalars.
func Texts(list []string) Value {
	v := Value{Form: List}
	for _, s := range list {
		v.Items = append(v.Items, Text(s))
	}
	return v
}

// inline writes a value behind "key: " or "- " on one line, in the manner of
// like where there is a choice. Texts with line breaks become one line with \n.
func (v Value) inline(flow bool, like *Node) string {
	switch v.Form {
	case List:
		parts := make([]string, len(v.Items))
		for i, item := range v.Items {
			parts[i] = item.inline(true, like.item(i))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Table:
		parts := make([]string, len(v.Keys))
		for i, p := range v.Keys {
			parts[i] = keyText(p.Key) + ": " + p.Value.inline(true, like.Get(p.Key))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	default:
	}
	if v.Raw {
		return v.Text
	}
	style := byte(0)
	if like != nil && like.Form == Scalar && !like.missing {
		style = like.style
	}
	switch {
	case style == '\'' && !strings.ContainsAny(v.Text, "\n\t\r"):
		return "'" + strings.ReplaceAll(v.Text, "'", "''") + "'"
	case style != '"' && plain(v.Text, flow):
		return v.Text
	}
	return quote(v.Text)
}

// item is the item a new one is written like: the one at its place, or the first.
func (n *Node) item(i int) *Node {
	if n == nil || len(n.Items) == 0 {
		return nil
	}
	return n.Items[min(i, len(n.Items)-1)]
}

// behind writes a value behind "key:" that stands indent columns deep, or
// behind a dash, with the blank or line break before it.
func (v Value) behind(indent int, like *Node) string {
	pad := "\n" + strings.Repeat(" ", indent+2)
	flow := v.Flow || like != nil && like.Flow && like.Form == v.Form
	switch {
	case v.Form == List && (flow || len(v.Items) == 0), v.Form == Table && (flow || len(v.Keys) == 0):
		return " " + v.inline(false, like)
	case v.Form == List:
		var b strings.Builder
		for i, item := range v.Items {
			b.WriteString(pad + "-" + item.item(indent+2, like.item(i)))
		}
		return b.String()
	case v.Form == Table:
		var b strings.Builder
		for _, p := range v.Keys {
			b.WriteString(pad + keyText(p.Key) + ":" + p.Value.behind(indent+2, like.Get(p.Key)))
		}
		return b.String()
	case literal(v.Text) && !v.Raw:
		return " |-" + pad + strings.ReplaceAll(v.Text, "\n", pad)
	}
	return " " + v.inline(false, like)
}

// item writes a value behind a dash that stands indent columns deep.
func (v Value) item(indent int, like *Node) string {
	s := v.behind(indent, like)
	if v.Form == Table || v.Form == List {
		if rest, ok := strings.CutPrefix(s, "\n"+strings.Repeat(" ", indent+2)); ok {
			return " " + rest
		}
	}
	return s
}

// literal reports whether a text of several lines can stand behind |-.
func literal(s string) bool {
	if !strings.Contains(s, "\n") || strings.TrimRight(s, "\n") != s || strings.ContainsAny(s, "\t\r") {
		return false
	}
	for i, row := range strings.Split(s, "\n") {
		if strings.HasPrefix(row, " ") || strings.TrimRight(row, " ") != row || row == "" && i == 0 {
			return false
		}
	}
	return true
}

// numeric is what a reader of YAML could take for a number, a date or a time.
var numeric = regexp.MustCompile(`^[-+.]?[0-9][-+.0-9:_a-fA-FxXoOTZ ]*$`)

// plain reports whether a text may stand without quotation marks. Where it
// could be doubted it may not.
func plain(s string, flow bool) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\t\r\\") || numeric.MatchString(s) {
		return false
	}
	if strings.ContainsRune("-?:,[]{}#&*!|>'\"%@`.+~=<", rune(s[0])) || strings.HasSuffix(s, ":") || strings.Contains(s, ": ") || strings.Contains(s, " #") {
		return false
	}
	if flow && strings.ContainsAny(s, ",[]{}:\"'") {
		return false
	}
	words := []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
	return !slices.Contains(words, strings.ToLower(s))
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(s) + `"`
}

// keyShape are keys that need no quotation marks, whatever they mean as values.
var keyShape = regexp.MustCompile(`^[a-z_][a-z0-9_.-]*$`)

func keyText(key string) string {
	if plain(key, false) || keyShape.MatchString(key) && key != "null" && key != "true" && key != "false" {
		return key
	}
	return quote(key)
}

// New is a text that holds one table and nothing else.
func New(table Value) string {
	var b strings.Builder
	for _, p := range table.Keys {
		b.WriteString(keyText(p.Key) + ":" + p.Value.behind(0, nil) + "\n")
	}
	return b.String()
}
