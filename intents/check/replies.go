package check

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// LINE's limits: https://developers.line.biz/en/reference/messaging-api/
const (
	maxText   = 5000 // of a text message, in UTF-16 code units
	maxChoice = 20   // of a quick reply's label
	maxButton = 40   // of a button's label on a card
	maxAlt    = 400  // of the text read aloud for a card
	maxChoose = 13   // quick replies under one message
	maxURL    = 1000 // of a link
)

// A placeholder is {name} in a reply; the program puts something in its
// place.
var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// value is what the program puts in place of a placeholder.
type value struct {
	kind   string // digits, number (of a case or a telephone), time, address, words
	sample string // as long as it gets
}

// values are the placeholders there are; one not named here takes words.
var values = map[string]value{
	"hour": {"digits", "12"}, "minute": {"digits", "55"}, "day": {"digits", "31"}, "month": {"digits", "12"},
	"minutes": {"digits", "120"}, "age": {"digits", "18"},
	"number": {"number", "0120-279-338"}, "url": {"address", "https://tsunagu.example.lg.jp/privacy"},
	"when": {"time", "12月31日（木）午後12時55分"}, "until": {"time", "午後12時55分"}, "time": {"time", "午後12時55分"},
	"step": {"words", "役所に行く"}, // a longer one is cut where it is shown
}

// shippedReplies are the sentences of the embedded pack: the program fills
// what stands in them, so every other pack has the same keys and placeholders.
func shippedReplies() map[bot.Lang]map[string]string {
	out := map[bot.Lang]map[string]string{}
	for _, l := range bot.Langs {
		b, err := fs.ReadFile(intents.Embedded(), repliesFile(l))
		if err != nil {
			continue // the reader of the embedded pack tells
		}
		var m map[string]string
		if err := yaml.Unmarshal(b, &m); err == nil {
			out[l] = m
		}
	}
	return out
}

func repliesFile(l bot.Lang) string { return "replies/" + string(l) + ".yaml" }

// forStaff are replies that only staff read, in Japanese only.
func forStaff(key string) bool { return strings.HasPrefix(key, "gloss.") }

// replies holds every language to the same keys and placeholders.
func (c *checker) replies() {
	shipped := shippedReplies()
	for _, l := range bot.Langs {
		file := repliesFile(l)
		mine := c.c.Replies[l]
		for _, key := range sorted(shipped[bot.Ja]) {
			if mine[key] == "" && (l == bot.Ja || !forStaff(key)) {
				c.fail(file, key, "copy the line from replies/ja.yaml and write it in this language", "the reply %s is missing", key)
			}
		}
		for _, key := range sorted(mine) {
			if _, ok := shipped[bot.Ja][key]; !ok && !slices.ContainsFunc(bot.Langs, func(o bot.Lang) bool { return shipped[o][key] != "" }) {
				c.fail(file, key, "delete the line, or mend its key", "no sentence of the program has the key %s", key)
				continue
			}
			c.text(file, key, mine[key], l)
			c.placeholders(shipped, l, key)
			c.replyLength(file, key, mine[key])
		}
	}
	for _, kind := range understand.UrgencyKinds() {
		for _, key := range []string{"danger.any", "danger.ask." + kind, "danger.title.any"} {
			if c.c.Replies[bot.Ja][key] == "" {
				c.fail(repliesFile(bot.Ja), "", "write it", "the reply %s is missing", key)
			}
		}
	}
}

// placeholders compares those of one reply with the shipped pack's: what the
// program does not fill would be read as it stands, and what is left out would
// be missing in the sentence.
func (c *checker) placeholders(shipped map[bot.Lang]map[string]string, l bot.Lang, key string) {
	file, s := repliesFile(l), c.c.Replies[l][key]
	may := map[string]bool{}
	for _, other := range bot.Langs {
		for _, name := range namesIn(shipped[other][key]) {
			may[name] = true
		}
	}
	have := namesIn(s)
	for _, name := range have {
		if !may[name] {
			c.fail(file, key, "in this reply only these are filled: {"+strings.Join(sorted(may), "}, {")+"}", "{%s} is not filled in %s", name, key)
		}
	}
	for _, name := range sorted(may) {
		if slices.Contains(have, name) || alike(name, have) {
			continue
		}
		c.fail(file, key, "put {"+name+"} where it belongs", "%s has no {%s}: %s would be missing", key, name, kindOfValue(name))
	}
	if rest := placeholder.ReplaceAllString(s, ""); strings.ContainsAny(rest, "{}") {
		c.fail(file, key, "write it as in replies/ja.yaml: {name}", "a brace { or } stands alone in %s", key)
	}
}

// alike reports placeholders that stand for the same in different languages.
func alike(name string, have []string) bool {
	if strings.HasSuffix(name, "kana") {
		return true // a reading: for texts with furigana
	}
	return name == "month" && slices.Contains(have, "monthname") || name == "monthname" && slices.Contains(have, "month")
}

func kindOfValue(name string) string {
	if v, ok := values[name]; ok {
		return map[string]string{"digits": "a figure", "number": "a number", "words": "words", "time": "a time", "address": "an address"}[v.kind]
	}
	return "words"
}

func namesIn(s string) []string {
	var names []string
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// filled is a reply as long as it gets.
func filled(s string) string {
	return placeholder.ReplaceAllStringFunc(s, func(p string) string {
		if v, ok := values[p[1:len(p)-1]]; ok {
			return v.sample
		}
		return strings.Repeat("字", 20)
	})
}

func (c *checker) replyLength(file, key, s string) {
	most := 0
	switch {
	case strings.HasPrefix(key, "choice."), key == "button.hand", key == "button.apply", key == "language.name":
		most = maxChoice
	case strings.HasPrefix(key, "button."):
		most = maxButton
	case key == "privacy.page":
		return // a web page
	}
	c.tooLong(file, key, filled(s), most)
}

// tooLong tells when a text has more than most characters (0: LINE's limit of
// a message).
func (c *checker) tooLong(file, path, s string, most int) {
	n := utf8.RuneCountInString(s)
	if most == 0 {
		most, n = maxText, len(utf16.Encode([]rune(s)))
	}
	if n > most {
		c.fail(file, path, "say it in fewer words", "%d characters; there is room for %d", n, most)
	}
}
