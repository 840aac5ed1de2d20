package schema

import (
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// Describe gives the words for a key of a type, "" when there are none.
type Describe func(typ, key string) string

// JSON is the JSON Schema (draft 7, what editors understand) of a kind of
// file.
func JSON(k Kind, describe Describe) ([]byte, error) {
	w := writer{describe: describe, definitions: map[string]any{}}
	root := w.of(k.Type)
	root["$schema"] = "http://json-schema.org/draft-07/schema#"
	root["title"] = "tsunagu: " + k.Files
	if len(w.definitions) > 0 {
		root["definitions"] = w.definitions
	}
	b, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the schema of %s: %w", k.Name, err)
	}
	return append(b, '\n'), nil
}

type writer struct {
	describe    Describe
	definitions map[string]any
}

// of is the schema of a type; structs stand under definitions, once.
func (w *writer) of(t reflect.Type) map[string]any {
	switch {
	case t.Kind() == reflect.Pointer:
		return w.of(t.Elem())
	case t == reflect.TypeFor[bot.Words]():
		w.define("Words", words)
		return map[string]any{"$ref": "#/definitions/Words"}
	case t.Kind() == reflect.Struct:
		w.define(t.Name(), func() map[string]any { return w.object(t) })
		return map[string]any{"$ref": "#/definitions/" + t.Name()}
	}
	switch t.Kind() {
	case reflect.Slice:
		return map[string]any{"type": "array", "items": w.of(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": w.of(t.Elem())}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	default:
		return map[string]any{"type": "string"}
	}
}

func (w *writer) define(name string, build func() map[string]any) {
	if _, ok := w.definitions[name]; !ok {
		w.definitions[name] = nil // it may contain itself
		w.definitions[name] = build()
	}
}

func (w *writer) object(t reflect.Type) map[string]any {
	properties := map[string]any{}
	for _, f := range Fields(t) {
		p := w.of(f.Type)
		if choices := Choices(t, f.Key); choices != nil {
			p = chosen(f.Type, choices, w)
		}
		if f.Key == "reviewed" || strings.HasSuffix(f.Key, "verified") {
			p["pattern"] = `^(|no|[0-9]{4}-[0-9]{2}-[0-9]{2})$`
		}
		if d := w.describe(t.Name(), f.Key); d != "" {
			if ref, ok := p["$ref"]; ok { // draft 7 ignores what stands beside a $ref
				p = map[string]any{"allOf": []any{map[string]any{"$ref": ref}}}
			}
			p["description"] = d
		}
		properties[f.Key] = p
	}
	return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
}

// chosen is a value, a list of values, or a mapping whose keys are chosen.
func chosen(t reflect.Type, choices []string, w *writer) map[string]any {
	switch t.Kind() {
	case reflect.Slice:
		return map[string]any{"type": "array", "items": map[string]any{"type": "string", "enum": choices}}
	case reflect.Map:
		properties := map[string]any{}
		for _, c := range choices {
			properties[c] = w.of(t.Elem())
		}
		return map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	default:
		if !slices.Contains(choices, "") {
			choices = append(slices.Clone(choices), "")
		}
		return map[string]any{"type": "string", "enum": choices}
	}
}

// words is a text in each language.
func words() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, l := range bot.Langs {
		properties[string(l)] = map[string]any{"type": "string", "minLength": 1}
		required = append(required, string(l))
	}
	return map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
}

//go:embed *.json
var written embed.FS

// File is the schema of a kind as it lies in the repository.
func File(k Kind) ([]byte, error) {
	b, err := written.ReadFile(k.Name + ".json")
	if err != nil {
		return nil, fmt.Errorf("read the schema of %s: %w", k.Name, err)
	}
	return b, nil
}
