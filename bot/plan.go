package bot

import (
	"cmp"
	"slices"
	"strings"
)

// CityPlan is the city's welfare plan as residents meet it: its goals, and
// under them every initiative (取組み), reachable by words and by the menu.
type CityPlan struct {
	Goals       []Goal       `yaml:"goals"`
	Themes      []Theme      `yaml:"themes"`
	Initiatives []Initiative `yaml:"initiatives"`
	Asking      Asking       `yaml:"asking"`
}

// Goal is one of the plan's goals (目標).
type Goal struct {
	ID       string   `yaml:"id"`       // its number
	Official string   `yaml:"official"` // as the plan writes it
	Name     Words    `yaml:"name"`
	Problem  Words    `yaml:"problem"` // 課題: what it answers
	Choice   Words    `yaml:"choice"`  // as a quick answer, at most 20 characters
	Focus    []string `yaml:"focus"`   // 重点推進事項, as the plan writes them
}

// Theme is what a few initiatives of a goal have in common (推進事項), or the
// stories the plan tells beside its tables.
type Theme struct {
	ID       string `yaml:"id"`
	Goal     string `yaml:"goal"`
	Official string `yaml:"official"`
	Name     Words  `yaml:"name"`
}

// Initiative is one thing the plan sets out to do, in words for residents.
type Initiative struct {
	ID       string   `yaml:"id"`
	Theme    string   `yaml:"theme"`
	Official string   `yaml:"official"` // 取組み, as the plan writes it
	Name     Words    `yaml:"name"`
	About    Words    `yaml:"about"`   // what the plan says, and what one can do here today
	Windows  []string `yaml:"windows"` // whose staff it concerns; the buttons lead to the first
	Buttons  []Start  `yaml:"buttons"` // what one can begin at once; at most two
	Words    []string `yaml:"words"`   // names people ask by, besides Name and Official

	// Ask are messages that must lead here, in each language; a test sends
	// them. Story is the conversation that shows it. docs/coverage.md lists both.
	Ask   map[Lang][]string `yaml:"ask"`
	Story string            `yaml:"story"`
}

// Start is a button with a verb of the dialogue: "form:volunteer".
type Start struct {
	Label Words  `yaml:"label"`
	Does  string `yaml:"does"`
}

// Asking is what people write around a name when they ask about it: "what is
// …", "…って何ですか".
type Asking struct {
	Before []string `yaml:"before"`
	After  []string `yaml:"after"`
}

// Goal returns the goal with this id, nil when there is none.
func (c *Content) Goal(id string) *Goal { return c.goals[id] }

// Theme returns the theme with this id, nil when there is none.
func (c *Content) Theme(id string) *Theme { return c.themes[id] }

// Initiative returns the initiative with this id, nil when there is none.
func (c *Content) Initiative(id string) *Initiative { return c.initiatives[id] }

// InitiativesOf are the initiatives of a goal, in the plan's order.
func (c *Content) InitiativesOf(goal string) []*Initiative {
	var list []*Initiative
	for i := range c.Plan.Initiatives {
		in := &c.Plan.Initiatives[i]
		if th := c.Theme(in.Theme); th != nil && th.Goal == goal {
			list = append(list, in)
		}
	}
	return list
}

// topics knows initiatives by their names.
type topics struct {
	ids           map[string]string // by phraseKey of a name
	before, after []string          // phraseKeys, longest first
}

func newTopics(p CityPlan) *topics {
	t := &topics{ids: map[string]string{}, before: keysOf(p.Asking.Before), after: keysOf(p.Asking.After)}
	for _, in := range p.Initiatives {
		for _, name := range in.Called() {
			t.ids[phraseKey(name)] = in.ID
		}
	}
	return t
}

// Called are all names of an initiative, as people type them.
func (in Initiative) Called() []string {
	names := append([]string{in.Official}, in.Words...)
	for _, l := range Langs {
		names = append(names, in.Name[l])
	}
	names = append(names, WithoutReadings(in.Name[EasyJa])) // nobody types 漢字（かんじ）
	return slices.DeleteFunc(names, func(s string) bool { return phraseKey(s) == "" })
}

// WithoutReadings takes the readings in kana out of a text: 漢字（かんじ） is 漢字.
func WithoutReadings(s string) string {
	var out strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "（")
		inside, after, closed := strings.Cut(rest, "）")
		kana := strings.Trim(inside, "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろわをん") == ""
		if !ok || !closed {
			out.WriteString(s)
			return out.String()
		}
		out.WriteString(before)
		if !kana {
			out.WriteString("（" + inside + "）")
		}
		s = after
	}
}

func keysOf(texts []string) []string {
	keys := make([]string, 0, len(texts))
	for _, s := range texts {
		keys = append(keys, phraseKey(s))
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return keys
}

// maxTopic is how long a question by name can be, in bytes.
const maxTopic = 240

// find returns the initiative a text asks for by name: the name alone, or with
// nothing but a question around it.
func (t *topics) find(text string) (id string, ok bool) {
	if len(text) > maxTopic {
		return "", false
	}
	for key := phraseKey(text); key != ""; {
		if id, ok := t.ids[key]; ok {
			return id, true
		}
		shorter := t.strip(key)
		if shorter == key {
			return "", false
		}
		key = shorter
	}
	return "", false
}

// strip takes the longest part of a question off.
func (t *topics) strip(key string) string {
	for _, s := range t.after {
		if rest, ok := strings.CutSuffix(key, s); ok && s != "" {
			return rest
		}
	}
	for _, s := range t.before {
		if rest, ok := strings.CutPrefix(key, s); ok && s != "" {
			return rest
		}
	}
	return key
}
