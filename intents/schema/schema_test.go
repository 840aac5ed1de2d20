package schema_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

var update = flag.Bool("update", false, "write the schemas anew from the Go types")

// comments are what the Go types say about their fields, by Type.key.
func comments(t *testing.T) schema.Describe {
	t.Helper()
	said := map[string]string{}
	for _, dir := range []string{"../../bot", "../../bot/understand", ".."} {
		names, err := filepath.Glob(dir + "/*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, f := range s.Fields.List {
						if f.Tag != nil && f.Comment != nil {
							key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("yaml"), ",")
							said[spec.Name.Name+"."+key] = strings.TrimSpace(f.Comment.Text())
						}
					}
				}
				return true
			})
		}
	}
	return func(typ, key string) string { return said[typ+"."+key] }
}

// TestSchemasAreOfTheTypes keeps the files that editors read at the types the
// program reads: go test ./intents/schema -update writes them.
func TestSchemasAreOfTheTypes(t *testing.T) {
	t.Parallel()
	describe := comments(t)
	if d := describe("Window", "then"); d == "" {
		t.Error("the window's then has no description")
	}
	for _, k := range schema.Kinds() {
		want, err := schema.JSON(k, describe)
		if err != nil {
			t.Fatal(err)
		}
		name := k.Name + ".json"
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatalf("%v: go test ./intents/schema -update", err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not of the type any more: go test ./intents/schema -update", name)
		}
	}
}

// TestShippedFilesSatisfyTheirSchemas validates every file against the schema
// its first line names.
func TestShippedFilesSatisfyTheirSchemas(t *testing.T) {
	t.Parallel()
	files := 0
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		files++
		b, err := fs.ReadFile(intents.Embedded(), name)
		if err != nil {
			return err
		}
		k, ok := schema.Of(name)
		if !ok {
			return fmt.Errorf("%s is of no kind", name)
		}
		first, _, _ := strings.Cut(string(b), "\n")
		up := strings.Repeat("../", strings.Count(name, "/"))
		if want := "# yaml-language-server: $schema=" + up + "schema/" + k.Name + ".json"; first != want {
			t.Errorf("%s begins with %q, want %q", name, first, want)
		}
		for _, p := range problems(t, k, b) {
			t.Errorf("%s: %s", name, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 60 {
		t.Errorf("looked at %d files, want at least 60", files)
	}
}

// TestSchemasRefuse what an editor should underline.
func TestSchemasRefuse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, says string }{
		"unknown key":  {"windows/x.yaml", "id: x\nplan: {}\n", "plan"},
		"wrong type":   {"windows/x.yaml", "people: maybe\n", "people"},
		"no choice":    {"windows/x.yaml", "kind: other\n", "kind"},
		"one language": {"windows/x.yaml", "name: {ja: 住まい}\n", "name"},
		"no day":       {"windows/x.yaml", "contacts: [{kind: phone, verified: soon}]\n", "verified"},
		"no list":      {"towns.yaml", "id: 見本町\n", "array"},
		"week":         {"city.yaml", "desk: {week: {monday: []}}\n", "monday"},
	} {
		k, _ := schema.Of(c.file)
		got := problems(t, k, []byte(c.text))
		if !slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, c.says) }) {
			t.Errorf("%s: got %v, want something about %s", name, got, c.says)
		}
	}
}

func problems(t *testing.T, k schema.Kind, text []byte) []string {
	t.Helper()
	b, err := os.ReadFile(k.Name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var s map[string]any
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	definitions, _ := s["definitions"].(map[string]any)
	validator := validator{definitions: definitions}
	validator.value("", s, v)
	return validator.found
}

// validator knows as much of JSON Schema as these schemas use.
type validator struct {
	definitions map[string]any
	found       []string
}

func (x *validator) fail(at, format string, args ...any) {
	x.found = append(x.found, at+": "+fmt.Sprintf(format, args...))
}

func (x *validator) value(at string, s map[string]any, v any) {
	if all, ok := s["allOf"].([]any); ok {
		for _, one := range all {
			x.value(at, one.(map[string]any), v)
		}
	}
	if ref, ok := s["$ref"].(string); ok {
		x.value(at, x.definitions[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any), v)
		return
	}
	if v == nil {
		return
	}
	switch s["type"] {
	case "object":
		m, ok := v.(map[string]any)
		if !ok {
			x.fail(at, "is no object")
			return
		}
		x.object(at, s, m)
	case "array":
		list, ok := v.([]any)
		if !ok {
			x.fail(at, "is no array")
			return
		}
		for i, e := range list {
			x.value(fmt.Sprintf("%s[%d]", at, i), s["items"].(map[string]any), e)
		}
	case "string":
		str, ok := v.(string)
		enum, chosen := s["enum"].([]any)
		pattern, _ := s["pattern"].(string)
		if !ok || chosen && !slices.Contains(enum, any(str)) || pattern != "" && !regexp.MustCompile(pattern).MatchString(str) {
			x.fail(at, "%v does not fit", v)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			x.fail(at, "%v is not true or false", v)
		}
	case "integer", "number":
		switch v.(type) {
		case int, int64, uint64, float64:
		default:
			x.fail(at, "%v is no number", v)
		}
	}
}

func (x *validator) object(at string, s, m map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	for key, v := range m {
		if p, ok := properties[key].(map[string]any); ok {
			x.value(at+"."+key, p, v)
			continue
		}
		switch more := s["additionalProperties"].(type) {
		case map[string]any:
			x.value(at+"."+key, more, v)
		case bool:
			x.fail(at+"."+key, "nobody knows this key")
		}
	}
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := m[key.(string)]; !ok {
			x.fail(at, "%s is missing", key)
		}
	}
}
