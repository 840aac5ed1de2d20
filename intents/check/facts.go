package check

import (
	"reflect"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// fact is one thing with a source and a mark "verified".
type fact struct {
	file, path     string // of the mark
	source         string
	mark           string
	what           string // in people's words
	sourceRequired bool
}

// eachFact visits every fact of every file. A key "verified" or "…_verified"
// makes one; its source is "source" or "…_source" beside it.
func (c *checker) eachFact(visit func(fact)) {
	for _, f := range c.pack.Files {
		if f.Name == "wording.yaml" || f.Name == "translations.yaml" {
			continue
		}
		factsIn(reflect.ValueOf(f.Into).Elem(), "", func(x fact) {
			x.file = f.Name
			visit(x)
		})
	}
}

func factsIn(v reflect.Value, path string, visit func(fact)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			factsIn(v.Elem(), path, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			factsIn(v.Index(i), at(path, i), visit)
		}
	case reflect.Struct:
		fields := schema.Fields(v.Type())
		value := func(key string) (string, bool) {
			for i, f := range fields {
				if f.Key == key && f.Type.Kind() == reflect.String {
					return v.Field(i).String(), true
				}
			}
			return "", false
		}
		for i, f := range fields {
			if prefix, ok := strings.CutSuffix(f.Key, "verified"); ok {
				if what, ok := value(strings.TrimSuffix(prefix, "_")); ok && (what == "" || what == "unknown") {
					continue // nothing is said, so nothing is to verify
				}
				source, own := value(prefix + "source")
				if !own {
					source, _ = value("source")
				}
				visit(fact{path: join(path, f.Key), mark: v.Field(i).String(), source: source, what: name(v, prefix), sourceRequired: true})
				continue
			}
			factsIn(v.Field(i), join(path, f.Key), visit)
		}
	default:
	}
}

// name says in Japanese what a fact is about.
func name(v reflect.Value, part string) string {
	var words []string
	for i, f := range schema.Fields(v.Type()) {
		switch f.Key {
		case "number", "value", "address", "date", "lang", "id":
			words = append(words, v.Field(i).String())
		case "name", "label", "say", "place":
			if w, ok := v.Field(i).Interface().(bot.Words); ok {
				words = append(words, w[bot.Ja])
			}
		}
	}
	if v.Type() == reflect.TypeFor[bot.Hours]() {
		words = append(words, "opening hours")
	}
	if part != "" {
		words = append(words, strings.TrimSuffix(part, "_"))
	}
	return strings.TrimSpace(strings.Join(words, " "))
}

// facts holds every fact to a mark somebody can rely on.
func (c *checker) facts() {
	c.eachFact(func(f fact) {
		switch {
		case f.mark == "no" || f.mark == "" && optional(f):
			return
		case !bot.Checked(f.mark):
			c.fail(f.file, f.path, `write the day on which somebody checked it ("2026-12-01"), or "no"`, "verified is %q", f.mark)
			return
		case strings.TrimSpace(f.source) == "":
			c.fail(f.file, f.path, "write source: where it was checked", "it is verified, and nobody knows where")
		}
		day, err := time.ParseInLocation(time.DateOnly, f.mark, bot.Tokyo)
		if err == nil && !c.o.Now.IsZero() && day.After(c.o.Now) {
			c.fail(f.file, f.path, "write the day on which it was checked", "%s lies in the future", f.mark)
		}
	})
}

// optional are marks that may be left out: nothing is there to verify.
func optional(f fact) bool { return f.file == "lists.yaml" }
