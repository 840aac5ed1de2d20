package check

import (
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/unicode/norm"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// said is one text residents read.
type said struct {
	file, path string
	window     string // "" for a reply
	key        string // plain, always …, or the reply's key
	lang       bot.Lang
	text       string // as words are looked for in it
}

var ruby = regexp.MustCompile(`（[ぁ-んー]+）`)

// comparable is a text without furigana, blanks, widths and capitals.
func comparable(s string, l bot.Lang) string {
	if l == bot.EasyJa {
		s = ruby.ReplaceAllString(s, "")
	}
	s = strings.ToLower(norm.NFKC.String(s))
	if l == bot.Ja || l == bot.EasyJa {
		s = strings.NewReplacer(" ", "", "\n", "").Replace(s)
	}
	return s
}

// saidAll are all texts of windows and replies.
func (c *checker) saidAll() []said {
	var all []said
	for _, f := range c.pack.Files {
		w, ok := f.Into.(*bot.Window)
		if !ok {
			continue
		}
		eachWords(reflect.ValueOf(w).Elem(), "", func(path string, words bot.Words) {
			key, _, _ := strings.Cut(path, "[")
			for l, s := range words {
				all = append(all, said{f.Name, join(path, string(l)), w.ID, key, l, comparable(s, l)})
			}
		})
	}
	for _, l := range bot.Langs {
		for key, s := range c.c.Replies[l] {
			all = append(all, said{repliesFile(l), key, "", key, l, comparable(s, l)})
		}
	}
	return all
}

// wordings holds the pack to what must and must not be said. The shipped
// rules always count: a pack may add to them, not take away.
func (c *checker) wordings() {
	all := c.saidAll()
	mine := slices.Clone(c.pack.Wordings)
	for i, r := range mine {
		c.rule(at("", i), r)
	}
	var shipped []intents.Wording
	if b, err := fs.ReadFile(intents.Embedded(), "wording.yaml"); err == nil {
		_ = yaml.Unmarshal(b, &shipped) // a test reads it strictly
	}
	for _, r := range shipped {
		if !slices.ContainsFunc(mine, func(o intents.Wording) bool { return reflect.DeepEqual(o, r) }) {
			mine = append(mine, r)
		}
	}
	for _, r := range mine {
		c.wording(r, all)
	}
}

// rule looks at a rule itself.
func (c *checker) rule(p string, r intents.Wording) {
	const file = "wording.yaml"
	for i, id := range r.Windows {
		if id != "*" {
			c.knownWindow(file, p+"."+at("windows", i), id)
		}
	}
	for i, prefix := range r.Replies {
		if prefix != "*" && !slices.ContainsFunc(sorted(c.c.Replies[bot.Ja]), func(key string) bool { return strings.HasPrefix(key, prefix) }) {
			c.fail(file, p+"."+at("replies", i), "use the beginning of a reply's key", "no reply begins with %q", prefix)
		}
	}
	if len(r.Must) == 0 && len(r.Never) == 0 && !r.Calm {
		c.fail(file, p, "write must:, never: or calm: true", "the rule %q asks for nothing", r.Subject)
	}
}

func (c *checker) wording(r intents.Wording, all []said) {
	about := slices.DeleteFunc(slices.Clone(all), func(s said) bool { return !concerns(r, s) })
	for _, s := range about {
		for _, word := range r.Never[s.lang] {
			if stands(s.text, comparable(word, s.lang)) {
				c.fail(s.file, s.path, "say it without the word: "+r.Why, "%q must not be said here (%s)", word, r.Subject)
			}
		}
		if r.Calm && strings.ContainsAny(s.text, "!！❗‼") {
			c.fail(s.file, s.path, "end the sentence quietly", "an exclamation mark stands in a text about danger (%s)", r.Subject)
		}
	}
	for _, m := range r.Must {
		c.must(r, m, about)
	}
}

// stands reports whether a word stands in a text; one in Latin letters only as
// a word of its own.
func stands(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(word)
		begun := latin(text[:start], true) && latin(word, false) // it only ends another word
		goesOn := latin(text[end:], false) && latin(word, true)
		if !begun && !goesOn {
			return true
		}
		from = end
	}
}

// latin reports whether the first or the last letter is a Latin one.
func latin(s string, last bool) bool {
	r, _ := utf8.DecodeRuneInString(s)
	if last {
		r, _ = utf8.DecodeLastRuneInString(s)
	}
	return s != "" && unicode.Is(unicode.Latin, r)
}

func concerns(r intents.Wording, s said) bool {
	if s.window != "" {
		return slices.Contains(r.Windows, s.window) || slices.Contains(r.Windows, "*")
	}
	return slices.ContainsFunc(r.Replies, func(prefix string) bool { return prefix == "*" || strings.HasPrefix(s.key, prefix) })
}

// must looks for what has to be said: in a reply, or in each window of the
// subject that the pack has.
func (c *checker) must(r intents.Wording, m intents.Must, about []said) {
	want := map[bot.Lang][]string{}
	for l, words := range m.Any {
		want[l] = words
	}
	places := []string{""}
	if !strings.Contains(m.In, ".") {
		places = r.Windows
	}
	for _, window := range places {
		if window != "" && c.c.Window(window) == nil {
			continue // windows says so where it matters
		}
		for _, l := range bot.Langs {
			text, file, path := "", repliesFile(l), m.In
			if window != "" {
				file, path = windowFile(window), join(m.In, string(l))
			}
			if c.broken[file] || window == "" && len(c.c.Replies[l]) == 0 {
				continue // more is wrong there
			}
			for _, s := range about {
				if s.lang == l && s.window == window && (m.In == "" || s.key == m.In) {
					text += s.text + "\n"
				}
			}
			in := func(word string) bool { return strings.Contains(text, comparable(word, l)) }
			if words := want[l]; len(words) > 0 && !slices.ContainsFunc(words, in) {
				c.fail(file, path, "say it, with one of: "+strings.Join(words, ", "), "it does not say %s (%s)", m.What, r.Subject)
			}
			for _, word := range m.Every {
				if !in(word) {
					c.fail(file, path, "write "+word, "it does not say %s (%s)", word, r.Subject)
				}
			}
		}
	}
}
