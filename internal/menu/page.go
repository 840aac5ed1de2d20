package menu

import (
	"bytes"
	_ "embed"
	"html/template"
	"regexp"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
)

//go:embed page.html
var pageText string

// Page is the HTML page of the picture. It loads nothing; its script only
// makes letters smaller until they fit, and then sets the title to "drawn".
func (m Menu) Page() string {
	page := template.Must(template.New("menu").Funcs(template.FuncMap{"icon": icon, "written": written}).Parse(pageText))
	var b bytes.Buffer
	if err := page.Execute(&b, struct {
		Menu
		HTML   string
		Width  int
		Height int
	}{m, htmlLang(m.Lang), Width, Height}); err != nil {
		panic("menu: page.html does not fit its data: " + err.Error()) // our own mistake; the tests draw every menu
	}
	return b.String()
}

// htmlLang decides the forms of the characters, which differ between Japanese,
// Chinese and Korean, and where lines may break.
func htmlLang(l bot.Lang) string {
	switch l {
	case bot.EasyJa:
		return "ja"
	case bot.Zh:
		return "zh-Hans"
	case bot.Ja, bot.En, bot.Ko, bot.Vi:
	}
	return string(l)
}

var (
	reading   = regexp.MustCompile(`(\p{Han}+)（([ぁ-ゖー]+)）`)
	lineBreak = strings.NewReplacer("｜", "<br>")
	bracketed = regexp.MustCompile(`（[^）]*）`)
)

// written is a label as HTML: readings stand above their kanji, ｜ begins a new
// line, and what is in brackets is smaller.
func written(label string) template.HTML {
	s := template.HTMLEscapeString(label)
	s = reading.ReplaceAllString(s, "<ruby>$1<rt>$2</rt></ruby>")
	s = bracketed.ReplaceAllString(s, `<span class="whole">$0</span>`)
	return template.HTML(lineBreak.Replace(s)) //nolint:gosec // escaped above
}

// icon is a pictogram: lines on a grid of 48.
func icon(name string) template.HTML {
	return template.HTML(icons()[name]) //nolint:gosec // our own drawings
}

// Icons are the names of the pictograms there are.
func Icons() []string {
	var names []string
	for name := range icons() {
		names = append(names, name)
	}
	return names
}

func icons() map[string]string {
	return map[string]string{
		"talk":    `<path d="M8 9h32a3 3 0 0 1 3 3v20a3 3 0 0 1-3 3H25l-10 8v-8H8a3 3 0 0 1-3-3V12a3 3 0 0 1 3-3z"/><path d="M14 18h20M14 26h13"/>`,
		"person":  `<circle cx="24" cy="15" r="9"/><path d="M6 43c1-11 8-16 18-16s17 5 18 16z"/>`,
		"hands":   `<path d="M24 20c-3-7-12-7-12 0 0 6 8 10 12 14 4-4 12-8 12-14 0-7-9-7-12 0z"/><path d="M5 30v6c0 5 5 7 10 7h18c5 0 10-2 10-7v-6"/>`,
		"place":   `<path d="M24 44C15 33 10 26 10 19a14 14 0 0 1 28 0c0 7-5 14-14 25z"/><circle cx="24" cy="19" r="5"/>`,
		"alarm":   `<path d="M24 5 45 42H3z"/><path d="M24 18v12"/><path d="M24 35.5v.5"/>`,
		"letters": `<circle cx="24" cy="24" r="19"/><path d="M5 24h38M24 5c-13 11-13 27 0 38M24 5c13 11 13 27 0 38"/>`,
		"letter":  `<path d="M4 11h40v27H4z"/><path d="m4 12 20 15 20-15"/>`,
		"clock":   `<circle cx="24" cy="24" r="19"/><path d="M24 12v12l9 6"/>`,
		"list":    `<path d="M10 5h28v38H10z"/><path d="m16 16 3 3 5-6M28 17h5M16 29l3 3 5-6M28 30h5"/>`,
		"shelter": `<path d="M5 23 24 7l19 16"/><path d="M11 20v22h26V20"/><path d="M24 23v12m-6-6 6 6 6-6"/>`,
	}
}
