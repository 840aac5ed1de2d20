// Package schema knows the shape of every YAML file of a content pack. It is
// taken from the Go types the files are read into, so that it cannot differ
// from them: the check reads keys from it, and editors get it as JSON Schema.
package schema

import (
	"path"
	"reflect"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// Kind is one kind of file.
type Kind struct {
	Name  string // window: its schema is schema/window.json
	Files string // as path.Match reads it
	Type  reflect.Type
}

// Kinds are all there are.
func Kinds() []Kind {
	return []Kind{
		{"city", "city.yaml", reflect.TypeFor[bot.City]()},
		{"towns", "towns.yaml", reflect.TypeFor[[]bot.Town]()},
		{"areas", "areas.yaml", reflect.TypeFor[[]bot.Area]()},
		{"lists", "lists.yaml", reflect.TypeFor[bot.Lists]()},
		{"hotlines", "hotlines.yaml", reflect.TypeFor[[]bot.Hotline]()},
		{"dangers", "dangers.yaml", reflect.TypeFor[[]bot.Danger]()},
		{"opportunities", "opportunities.yaml", reflect.TypeFor[[]bot.Opportunity]()},
		{"says", "says.yaml", reflect.TypeFor[[]bot.Saying]()},
		{"wording", "wording.yaml", reflect.TypeFor[[]intents.Wording]()},
		{"translations", "translations.yaml", reflect.TypeFor[[]intents.Confirmation]()},
		{"menu", "menu.yaml", reflect.TypeFor[bot.Menu]()},
		{"window", "windows/*.yaml", reflect.TypeFor[bot.Window]()},
		{"form", "forms/*.yaml", reflect.TypeFor[bot.Form]()},
		{"replies", "replies/*.yaml", reflect.TypeFor[map[string]string]()},
		{"duty", "duty.yaml", reflect.TypeFor[bot.Duty]()},
		{"coordinators", "coordinators.yaml", reflect.TypeFor[bot.Coordinators]()},
		{"limits", "limits.yaml", reflect.TypeFor[bot.Limits]()},
		{"templates", "templates.yaml", reflect.TypeFor[[]bot.Template]()},
		{"plan", "plan.yaml", reflect.TypeFor[bot.CityPlan]()},
		{"civic", "civic.yaml", reflect.TypeFor[map[string]string]()},
		{"lexicon", "lexicon.yaml", reflect.TypeFor[[]understand.Concept]()},
		{"cues", "cues.yaml", reflect.TypeFor[[]understand.Cue]()},
	}
}

// Of returns the kind of a file, false when no file of that name is read.
func Of(file string) (Kind, bool) {
	for _, k := range Kinds() {
		if ok, err := path.Match(k.Files, file); err == nil && ok {
			return k, true
		}
	}
	return Kind{}, false
}

// Field is one key of a mapping.
type Field struct {
	Key  string
	Type reflect.Type
}

// Fields are the keys of a struct, in its order; none for other types.
func Fields(t reflect.Type) []Field {
	if t.Kind() != reflect.Struct {
		return nil
	}
	var fields []Field
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if key == "" {
			key = strings.ToLower(f.Name)
		}
		fields = append(fields, Field{key, f.Type})
	}
	return fields
}

// Choices are the only values a key of a type takes; nil when it is free.
func Choices(t reflect.Type, key string) []string {
	langs := make([]string, len(bot.Langs))
	for i, l := range bot.Langs {
		langs[i] = string(l)
	}
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	switch t.Name() + "." + key {
	case "Window.kind":
		return []string{"general", "consultation", "emergency", "information", "participation"}
	case "Contact.kind":
		return []string{bot.ContactPhone, bot.ContactFax, bot.ContactMail, bot.ContactURL}
	case "Field.kind":
		return []string{"town", "days", "choice", "text"}
	case "Access.id":
		return bot.AccessKinds()
	case "Spoken.lang", "Confirmation.lang":
		return langs
	case "Danger.kind":
		return understand.UrgencyKinds()
	case "Cue.weight":
		return []string{string(understand.CueSure), string(understand.CueHint), string(understand.CueAsk), string(understand.CueGuard), string(understand.CueEvidence)}
	case "Opportunity.days":
		return days
	case "Hours.week":
		return days
	case "Person.role":
		return []string{string(bot.RoleStaff), string(bot.RoleLead), string(bot.RoleAdmin)}
	case "Form.then":
		return []string{"opportunities"}
	}
	return nil
}

// Languages are the keys of a text in six languages.
func Languages(t reflect.Type) bool {
	return t == reflect.TypeFor[bot.Words]() || t.Kind() == reflect.Map && t.Key() == reflect.TypeFor[bot.Lang]()
}
