package check

import (
	"reflect"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// Todo marks what somebody still has to write.
const Todo = "TODO"

func itoa(n int) string { return strconv.Itoa(n) }

// eachWords visits every text in six languages inside a value, with its path.
func eachWords(v reflect.Value, path string, visit func(path string, w bot.Words)) {
	if !v.IsValid() {
		return
	}
	if w, ok := v.Interface().(bot.Words); ok {
		if len(w) > 0 {
			visit(path, w)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachWords(v.Elem(), path, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachWords(v.Index(i), at(path, i), visit)
		}
	case reflect.Struct:
		for i, f := range schema.Fields(v.Type()) {
			eachWords(v.Field(i), join(path, f.Key), visit)
		}
	default:
	}
}

// languages looks at every text of every file but the replies: all six
// languages, each in its own script.
func (c *checker) languages() {
	for _, f := range c.pack.Files {
		if f.Name == "wording.yaml" {
			continue
		}
		eachWords(reflect.ValueOf(f.Into).Elem(), "", func(path string, w bot.Words) {
			for _, l := range bot.Langs {
				c.variant(f.Name, path, w, l)
			}
		})
	}
}

func (c *checker) variant(file, path string, w bot.Words, l bot.Lang) {
	s := w[l]
	if strings.TrimSpace(s) == "" {
		c.fail(file, path, "write it, in your own words rather than word for word", "the text has no %s", l)
		return
	}
	c.text(file, join(path, string(l)), s, l)
}

// text looks at one text in one language.
func (c *checker) text(file, path, s string, l bot.Lang) {
	if strings.Contains(s, Todo) {
		c.fail(file, path, "write it in "+string(l), "%s stands where something has to be written", Todo)
	}
	if strings.ContainsRune(s, unicode.ReplacementChar) {
		c.fail(file, path, "type it anew and save the file as UTF-8", "a letter got lost (�)")
	}
	if s != strings.TrimSpace(s) && !glued(path) {
		c.fail(file, path, "take the blanks away", "blanks stand before or after the text")
	}
	if r, ok := foreign(s, l); ok {
		c.fail(file, path, "translate it", "%q does not belong into a text in %s: is it translated?", string(r), l)
	}
}

// glued are replies that are put behind or between others.
func glued(key string) bool {
	return key == "hotline.notes" || key == "list.and" || key == "hours.and" || strings.HasPrefix(key, "about.outreach.")
}

// foreign finds a letter that a text in l cannot have.
func foreign(s string, l bot.Lang) (rune, bool) {
	for _, r := range s {
		kana := unicode.In(r, unicode.Hiragana, unicode.Katakana) && r != 'ー' && r != '・'
		switch l {
		case bot.En, bot.Vi:
			if kana || unicode.Is(unicode.Han, r) || unicode.Is(unicode.Hangul, r) {
				return r, true
			}
		case bot.Zh:
			if kana || unicode.Is(unicode.Hangul, r) {
				return r, true
			}
		case bot.Ko:
			if kana || unicode.Is(unicode.Han, r) {
				return r, true
			}
		case bot.Ja, bot.EasyJa:
			if unicode.Is(unicode.Hangul, r) {
				return r, true
			}
		}
	}
	return 0, false
}

// sorted are the keys of a map, in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
