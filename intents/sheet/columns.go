package sheet

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents/schema"
)

// content is what a cell of a column holds.
type content int

const (
	text    content = iota
	raw             // a number, true or false
	list            // a text a line
	periods         // 08:30-12:00, 13:00-17:15
	dates           // 2026-12-29 休み, a day a line
)

// column is one column of a sheet.
type column struct {
	head, note string
	keys       []string // the way to it inside the item; nil for the id of what holds the item
	content    content
	number     reflect.Kind // of raw: Bool, Int or Float64
	choice     []string
	required   bool
	id         bool   // the item's own id
	windows    bool   // ids of windows
	day        bool   // YYYY-MM-DD
	mark       bool   // a day or "no"
	hour       bool   // HH:MM
	group      string // texts in six languages: all of them or none
	file       string // of replies: the language's file
	width      float64
}

var langNames = map[bot.Lang]string{bot.Ja: "日本語", bot.EasyJa: "やさしい日本語", bot.En: "英語", bot.Zh: "中国語", bot.Ko: "韓国語", bot.Vi: "ベトナム語"}

var dayNames = []struct{ key, name string }{{"mon", "月"}, {"tue", "火"}, {"wed", "水"}, {"thu", "木"}, {"fri", "金"}, {"sat", "土"}, {"sun", "日"}}

// columnsOf takes the columns of an item from its Go type, so that no key can
// be forgotten. Lists of items are sheets of their own.
func columnsOf(t reflect.Type, keys []string, head, owner string) []column {
	if schema.Languages(t) {
		var out []column
		for _, l := range bot.Langs {
			c := column{head: langNames[l], keys: append(slices.Clone(keys), string(l)), width: 36}
			if head != "" {
				c.head = head + "（" + langNames[l] + "）"
			}
			if t.Elem().Kind() == reflect.Slice {
				c.content = list
			} else {
				c.group = strings.Join(keys, ".") + "."
			}
			out = append(out, c)
		}
		return out
	}
	var out []column
	for _, f := range schema.Fields(t) {
		words := say(owner + "." + f.Key)
		name := words[0]
		if head != "" {
			name = head + "・" + name
		}
		at := append(slices.Clone(keys), f.Key)
		c := column{head: name, note: words[1], keys: at, width: 16, choice: schema.Choices(t, f.Key), required: required[owner+"."+f.Key]}
		ft := f.Type
		if ft.Kind() == reflect.Pointer {
			ft = ft.Elem()
		}
		switch {
		case schema.Languages(ft):
			sub := columnsOf(ft, at, name, "")
			for i := range sub {
				sub[i].note, sub[i].required = words[1], c.required && sub[i].content == text
			}
			out = append(out, sub...)
		case ft == reflect.TypeFor[[]bot.Period]():
			c.content = periods
			out = append(out, c)
		case ft == reflect.TypeFor[map[string][]bot.Period]() && f.Key == "week":
			for _, d := range dayNames {
				c.head, c.keys, c.content, c.choice = strings.TrimPrefix(head+"・"+d.name, "・"), append(slices.Clone(at), d.key), periods, nil
				out = append(out, c)
			}
		case ft == reflect.TypeFor[map[string][]bot.Period]():
			c.content, c.width = dates, 24
			out = append(out, c)
		case ft.Kind() == reflect.Struct:
			out = append(out, columnsOf(ft, at, name, ft.Name())...)
		case ft == reflect.TypeFor[[]string]():
			c.content, c.width, c.choice = list, 24, nil
			c.windows = windowLists[owner+"."+f.Key]
			out = append(out, c)
		case ft.Kind() == reflect.Slice || ft.Kind() == reflect.Map:
			continue
		case ft.Kind() == reflect.String:
			c.windows = windowLists[owner+"."+f.Key]
			c.mark = strings.HasSuffix(f.Key, "verified") || f.Key == "reviewed"
			c.day = c.mark || f.Key == "date" || f.Key == "on" || f.Key == "published"
			c.hour = owner == "Outreach" && (f.Key == "from" || f.Key == "to")
			out = append(out, c)
		default:
			c.content, c.number = raw, ft.Kind()
			if ft.Kind() == reflect.Bool {
				c.choice = []string{"true", "false"}
			}
			out = append(out, c)
		}
	}
	return out
}

// windowLists are the keys that name windows.
var windowLists = map[string]bool{"Window.related": true, "Hotline.windows": true, "Danger.window": true, "Opportunity.window": true, "Wording.windows": true}

// required are the cells that may not be empty.
var required = map[string]bool{
	"Window.kind": true, "Window.name": true, "Window.plain": true, "Window.order": true,
	"Contact.kind": true, "Contact.value": true, "Contact.verified": true, "Outreach.date": true, "Outreach.from": true, "Outreach.to": true,
	"Hotline.name": true, "Danger.window": true, "Opportunity.name": true, "Opportunity.about": true, "Field.kind": true, "Option.label": true,
	"Saying.texts": true, "Concept.words": true, "Cue.weight": true, "Cue.pattern": true, "Must.what": true, "Area.name": true,
	"Confirmation.file": true, "Confirmation.lang": true, "City.name": true, "City.office": true,
}
