// Package skeleton makes the beginning of another city's content pack out of
// the shipped one: everything that would be untrue elsewhere is emptied, and
// what somebody has to write is marked TODO, which the check refuses.
package skeleton

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
	"github.com/tsunagu-chat/tsunagu/intents/opendata"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// Files are the files of a new pack for the city of this name, in Japanese
// (国立市), by their path.
func Files(city string) (map[string][]byte, error) {
	out := map[string][]byte{}
	err := fs.WalkDir(intents.Embedded(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(intents.Embedded(), name)
		if err != nil {
			return err
		}
		out[name] = []byte(emptied(name, string(b), city))
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("copy the shipped pack: %w", err)
	}
	for _, kind := range opendata.Kinds() {
		b, err := opendata.Table{Kind: kind}.Bytes()
		if err != nil {
			return nil, err
		}
		out[kind.File] = b
	}
	for _, k := range schema.Kinds() {
		b, err := schema.File(k)
		if err != nil {
			return nil, err
		}
		out["schema/"+k.Name+".json"] = b
	}
	return out, nil
}

// emptied is a file of the shipped pack without what is true of its city only.
func emptied(name, text, city string) string {
	folder, _, _ := strings.Cut(name, "/")
	switch {
	case name == "city.yaml":
		return renamed(head(text)+withoutKeys(text, cityFacts), city) + cityBlanks
	case blanks[name] != "":
		first, _, _ := strings.Cut(text, "\n")
		return first + "\n" + blanks[name] + "# 直したら: tsunagu check\n\n[]\n"
	case name == "plan.yaml":
		return renamed(head(text), city) + "goals: []\nthemes: []\ninitiatives: []\n"
	case name == "lexicon.yaml":
		return withoutWords(text, cityWords())
	case name == "plain/reasons.tsv":
		return withoutLines(text, slices.Concat(slices.Collect(maps.Keys(blanks)), []string{"plan.yaml"}))
	case name == "translations.yaml":
		return head(text) + "[]\n"
	case name == "lists.yaml":
		return head(text) + "shelters: {verified: \"no\"}\nfacilities: {verified: \"no\"}\n"
	case name == "hotlines.yaml":
		return national(text)
	case folder == "windows":
		return renamed(reviewed.ReplaceAllString(withoutKeys(text, windowFacts), `reviewed: "no"`), city)
	case folder == "replies", folder == "forms":
		return renamed(text, city)
	}
	return text // examples, words and rules are everybody's
}

// Facts of a window and of a city, none of which holds elsewhere.
var (
	windowFacts = []string{"after", "hours", "contacts", "places", "serves", "languages", "outreach"}
	cityFacts   = []string{"name", "office", "privacy", "desk", "answer"}
	reviewed    = regexp.MustCompile(`(?m)^reviewed: .*$`)
)

// blanks are the lists a city has to write itself, and what they are.
var blanks = map[string]string{
	"towns.yaml": `# 市の町です。それぞれに id（漢字）、kana（ひらがな）、romaji、area（areas.yaml の id）、chome（"1-7"、none、unknown）を書きます。
# aliases には、ほかの書き方（かな・ローマ字・団地の名前など）を足せます。出典も書いてください。
`,
	"areas.yaml": `# 日常生活圏域などの地域です。それぞれに id、name（六つのことばで）、source、verified を書きます。
# verified が "no" のあいだは、町だけを理由にして、住民をどこかの窓口へ案内することはありません。
`,
	"opportunities.yaml": `# 参加できる活動です。それぞれに id、name、about（六つのことばで）、towns、days、minutes、skills、source、verified を書きます。
`,
}

const cityBlanks = `# 市の名前（六つのことばで）
name: {}
# この LINE を受け持つ団体の名前（六つのことばで）
office: {}
# 「あなたの言葉がどうあつかわれるか」のページ。空なら、このプログラムの /privacy を使います。
privacy: ""
# 受付時間のなかで、どのくらいで返事をするか（六つのことばで）
answer: {}
# 職員が LINE で返事をする時間。mon: [{from: "08:30", to: "17:15"}] のように、曜日ごとに書きます。
desk:
  week: {}
  year_end: ["12-29", "01-03"]
  source: ""
  verified: "no"
`

// cityWords are names that belong to the shipped pack's city only.
func cityWords() []string {
	words := []string{"立川", "たちかわ", "tachikawa", "다치카와"}
	if p, _, err := intents.Load(intents.Embedded()); err == nil { // the embedded pack is tested
		for _, t := range p.Content.Towns {
			words = append(words, t.ID)
		}
	}
	return words
}

var quoted = regexp.MustCompile(`"([^"]*)"(, )?`)

// withoutWords takes words that hold one of these out of a lexicon, and the
// groups that are named for one.
func withoutWords(text string, words []string) string {
	holds := func(s string) bool {
		s = strings.ToLower(s)
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
	}
	var out strings.Builder
	gone := false
	for line := range strings.SplitAfterSeq(text, "\n") {
		if strings.HasPrefix(line, "- id:") {
			gone = holds(line)
		}
		if gone {
			continue
		}
		line = quoted.ReplaceAllStringFunc(line, func(s string) string {
			if holds(s) {
				return ""
			}
			return s
		})
		out.WriteString(strings.ReplaceAll(line, ", ]", "]"))
	}
	return out.String()
}

// withoutLines takes lines that begin with one of these names away.
func withoutLines(text string, names []string) string {
	var out strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		first, _, _ := strings.Cut(line, "\t")
		if !slices.Contains(names, first) {
			out.WriteString(line)
		}
	}
	return out.String()
}

// head is the comment at the beginning of a file.
func head(text string) string {
	var b strings.Builder
	for line := range strings.SplitAfterSeq(text, "\n") {
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// withoutKeys takes keys of the first level away, with all that belongs to
// them and the comments right above.
func withoutKeys(text string, keys []string) string {
	var out, comments []string
	gone := false
	for _, line := range strings.SplitAfter(text, "\n") {
		key, _, isKey := strings.Cut(line, ":")
		switch {
		case strings.HasPrefix(line, "#"):
			comments = append(comments, line)
			continue
		case isKey && line[0] != ' ' && line[0] != '-':
			if gone = slices.Contains(keys, key); gone {
				comments = nil
				continue
			}
		case gone:
			continue
		}
		out = append(append(out, comments...), line)
		comments = nil
	}
	return strings.Join(append(out, comments...), "")
}

// regional tells the numbers of one region from those of the whole country.
var regional = regexp.MustCompile(`(?m)^- number: "042-|東京都|多摩|立川|source: .*港区`)

// national keeps the numbers one can call from anywhere.
func national(text string) string {
	parts := strings.Split("\n"+text, "\n- number:")
	out := parts[:1]
	for _, p := range parts[1:] {
		if !regional.MatchString("- number:" + p) {
			out = append(out, p)
		}
	}
	return strings.TrimPrefix(strings.Join(out, "\n- number:"), "\n")
}

// The shipped city's name, as texts have it.
var (
	withReading = regexp.MustCompile(`立川市?（たちかわし?）`)
	inLetters   = regexp.MustCompile(`Tachikawa|다치카와`)
)

// renamed puts the new city's name where the shipped one's stands. How it is
// read and written in other languages, somebody has to say.
func renamed(text, city string) string {
	text = withReading.ReplaceAllString(text, city+"（"+check.Todo+"）")
	text = inLetters.ReplaceAllString(text, check.Todo)
	text = strings.ReplaceAll(text, "立川市", city)
	return strings.ReplaceAll(text, "立川", strings.TrimRight(city, "市区町村"))
}

// Mention is a line that names something another city may not have.
type Mention struct {
	File string
	Line int
	Word string
}

// localWords are names from the shipped city's plan and prefecture.
var localWords = regexp.MustCompile(`地域あんしんセンター|アンテナショップ|にこにこサロン|地域サポーター講座|やさしいまち|生活福祉課|東京`)

// Mentions are the lines of a new pack that somebody who knows the city should
// read.
func Mentions(files map[string][]byte) []Mention {
	var out []Mention
	for _, name := range slices.Sorted(maps.Keys(files)) {
		folder, _, _ := strings.Cut(name, "/")
		if folder != "windows" && folder != "replies" && folder != "forms" && name != "hotlines.yaml" {
			continue
		}
		for i, line := range strings.Split(string(files[name]), "\n") {
			if word := localWords.FindString(line); word != "" && !strings.HasPrefix(strings.TrimSpace(line), "#") {
				out = append(out, Mention{name, i + 1, word})
			}
		}
	}
	return out
}
