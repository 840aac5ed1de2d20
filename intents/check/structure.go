package check

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// structure looks at every YAML file as a tree: files nobody reads, keys
// nobody knows, keys that stand twice, values of another type or none of the
// choices. It also learns where everything stands.
func (c *checker) structure() {
	err := fs.WalkDir(c.dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); name != "." && strings.HasPrefix(base, ".") {
				return fs.SkipDir
			}
			return nil
		}
		if ext := path.Ext(name); ext == ".yaml" || ext == ".yml" {
			c.file(name)
		}
		return nil
	})
	if err != nil {
		c.fail(".", "", "check that the folder can be read", "the pack's folder: %v", err)
	}
}

func (c *checker) file(name string) {
	kind, ok := schema.Of(name)
	if !ok {
		c.add(Finding{Level: Error, Problem: intents.Problem{File: name, Line: 1, Text: "no such file belongs to a pack; nobody reads it", Mend: "rename it, move it to its folder, or delete it"}})
		return
	}
	b, err := fs.ReadFile(c.dir, name)
	if err != nil {
		return // the reader tells
	}
	tree, err := parser.ParseBytes(bytes.TrimPrefix(b, []byte("\ufeff")), 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, text := 0, err.Error()
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil {
			line, text = at.GetToken().Position.Line, at.GetMessage()
		}
		c.broken[name] = true
		c.add(Finding{Level: Error, Problem: intents.Problem{File: name, Line: line, Text: text, Mend: "this is not YAML: look at the blanks at the beginning of the line, colons and quotation marks"}})
		return
	}
	c.places[name] = positions{}
	for _, doc := range tree.Docs {
		if doc.Body != nil {
			c.node(name, "", doc.Body, kind.Type)
		}
	}
}

// node compares one node with the type it is read into.
func (c *checker) node(file, at string, n ast.Node, t reflect.Type) {
	if _, ok := c.places[file][at]; !ok {
		c.places[file][at] = lineOf(n)
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch n := n.(type) {
	case *ast.NullNode:
		return
	case *ast.SequenceNode:
		if t.Kind() != reflect.Slice {
			c.fail(file, at, "write one value instead of a list", "a list stands where %s belongs", kindWord(t))
			return
		}
		for i, v := range n.Values {
			c.node(file, at+"["+itoa(i)+"]", v, t.Elem())
		}
		return
	}
	if values, ok := mapping(n); ok {
		c.keys(file, at, values, t)
		return
	}
	c.scalar(file, at, n, t)
}

func (c *checker) keys(file, at string, values []*ast.MappingValueNode, t reflect.Type) {
	known := schema.Fields(t)
	if t.Kind() != reflect.Struct && t.Kind() != reflect.Map {
		c.fail(file, at, "write "+kindWord(t)+"; one that begins with { or has a colon needs quotation marks", "keys stand where %s belongs", kindWord(t))
		return
	}
	seen := map[string]bool{}
	for _, v := range values {
		key := keyOf(v)
		p := join(at, key)
		c.places[file][p] = lineOf(v.Key)
		if seen[key] {
			c.fail(file, p, "keep one of the two", "%q stands twice", key)
			continue
		}
		seen[key] = true
		inner, ok := reflect.Type(nil), false
		if t.Kind() == reflect.Map {
			inner, ok = t.Elem(), true
			if schema.Languages(t) && !slices.Contains(bot.Langs, bot.Lang(key)) {
				c.fail(file, p, "use ja, ja-easy, en, zh, ko or vi", "%q is no language of the pack", key)
				continue
			}
		}
		for _, f := range known {
			if f.Key == key {
				inner, ok = f.Type, true
			}
		}
		if !ok {
			c.fail(file, p, mendKey(key, known), "nobody knows the key %q here", key)
			continue
		}
		c.node(file, p, v.Value, inner)
		c.choice(file, p, v.Value, t, key)
	}
}

// choice checks values that are one of a few.
func (c *checker) choice(file, p string, n ast.Node, t reflect.Type, key string) {
	choices := schema.Choices(t, key)
	if choices == nil {
		return
	}
	one := func(p, value string) {
		if value != "" && !slices.Contains(choices, value) {
			c.fail(file, p, "use one of: "+strings.Join(choices, ", "), "%q is none of the values of %s", value, key)
		}
	}
	switch n := n.(type) {
	case *ast.SequenceNode:
		for i, v := range n.Values {
			one(p+"["+itoa(i)+"]", v.GetToken().Value)
		}
	case *ast.MappingNode, *ast.MappingValueNode:
		values, _ := mapping(n)
		for _, v := range values {
			one(join(p, keyOf(v)), keyOf(v))
		}
	case *ast.NullNode:
	default:
		one(p, n.GetToken().Value)
	}
}

func (c *checker) scalar(file, at string, n ast.Node, t reflect.Type) {
	var ok bool
	switch t.Kind() {
	case reflect.String:
		switch n.(type) {
		case *ast.StringNode, *ast.LiteralNode:
		default:
			c.fail(file, at, "put it into quotation marks", "%s is read as %s, not as text", n.GetToken().Value, n.Type())
		}
		return
	case reflect.Int, reflect.Int64:
		_, ok = n.(*ast.IntegerNode)
	case reflect.Float64:
		_, isInt := n.(*ast.IntegerNode)
		_, isFloat := n.(*ast.FloatNode)
		ok = isInt || isFloat
	case reflect.Bool:
		_, ok = n.(*ast.BoolNode)
	default:
		ok = false
	}
	if !ok {
		c.fail(file, at, "write "+kindWord(t), "%q stands where %s belongs", n.GetToken().Value, kindWord(t))
	}
}

func kindWord(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "a list (lines that begin with \"- \")"
	case reflect.Struct, reflect.Map:
		if schema.Languages(t) {
			return "a text in each language (ja: …, ja-easy: …)"
		}
		return "a group of keys"
	case reflect.Int, reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	default:
		return "a text"
	}
}

// mendKey names the key that was probably meant.
func mendKey(key string, known []schema.Field) string {
	best, least := "", 3
	names := make([]string, 0, len(known))
	for _, f := range known {
		names = append(names, f.Key)
		if d := distance(key, f.Key); d < least {
			best, least = f.Key, d
		}
	}
	if best != "" {
		return "did you mean " + best + "?"
	}
	return "known here: " + strings.Join(names, ", ")
}

// distance counts the letters by which two words differ (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
