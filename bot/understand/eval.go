package understand

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Case is one labelled message to measure understanding on.
type Case struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Lang       string   `json:"lang"`
	Expect     []string `json:"expect"` // right as the first answer, any of them
	Also       []string `json:"also"`   // must be among the first three
	Urgent     bool     `json:"urgent"`
	Person     string   `json:"person"`
	Area       *string  `json:"area"`
	Phenomenon string   `json:"phenomenon"`
}

// ParseCases reads one case a line, as JSON.
func ParseCases(data []byte) ([]Case, error) {
	var out []Case
	for i, line := range bytes.Split(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var c Case
		if err := json.Unmarshal(line, &c); err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		if len(c.Expect) == 0 {
			return nil, fmt.Errorf("line %d: expect is empty", i+1)
		}
		out = append(out, c)
	}
	return out, nil
}

// CasesOf turns examples into cases, to measure on a voice held out. Examples
// that do not say their window are left out.
func CasesOf(examples []Example) []Case {
	var out []Case
	for _, e := range examples {
		if e.Window == "" {
			continue
		}
		c := Case{ID: e.At, Text: e.Text, Lang: e.Lang, Expect: []string{e.Window}, Also: e.Also, Urgent: e.Urgent != "", Person: string(Self)}
		if c.Lang == "" {
			c.Lang = "ja"
		}
		if e.Other {
			c.Person = string(Other)
		}
		if len(e.Also) > 0 {
			c.Phenomenon = "multi"
		}
		if strings.Contains(e.At, "lookalike") {
			c.Phenomenon = "hard-negative"
		}
		out = append(out, c)
	}
	return out
}

// Slice is the figures of some of the cases.
type Slice struct {
	Name      string  `json:"name"`
	First     Rate    `json:"first"`      // right window first
	Three     Rate    `json:"three"`      // right window within three
	Also      Rate    `json:"also"`       // further windows found within three
	Both      Rate    `json:"both"`       // cases of several troubles with all found within three
	Danger    Rate    `json:"danger"`     // dangers told as certain
	Noticed   Rate    `json:"noticed"`    // dangers told as certain or unsure
	FalseHard Rate    `json:"false_hard"` // look-alikes told as certain danger
	FalseRest Rate    `json:"false_rest"` // all others told as certain danger
	AskedHard Rate    `json:"asked_hard"` // look-alikes told as unsure
	AskedRest Rate    `json:"asked_rest"` // all others told as unsure
	Refused   Rate    `json:"refused"`    // not ours, and so told
	Wrongly   Rate    `json:"wrongly"`    // ours, and told not to be
	Town      Rate    `json:"town"`
	Person    Rate    `json:"person"`
	Lang      Rate    `json:"lang"` // language to answer in
	ECE       float64 `json:"ece"`
	sure      reliability
}

// Confusion is how often one window was taken for another.
type Confusion struct {
	Want string `json:"want"`
	Got  string `json:"got"`
	N    int    `json:"n"`
}

// Miss is one case that went wrong, for people to look at.
type Miss struct {
	ID   string `json:"id"`
	What string `json:"what"` // window, danger, alarm, person, town, also
	Want string `json:"want"`
	Got  string `json:"got"`
}

// Report is all figures of a measurement.
type Report struct {
	All        Slice       `json:"all"`
	Langs      []Slice     `json:"langs"`
	Windows    []Slice     `json:"windows"` // worst first
	Confusions []Confusion `json:"confusions"`
	Misses     []Miss      `json:"misses"`
}

// Eval measures a model on cases.
func Eval(m *Model, cases []Case) Report {
	return EvalFunc(cases, func(c Case) Result { return m.Understand(c.Text, Hint{}) })
}

// EvalFunc measures anything that understands.
func EvalFunc(cases []Case, understand func(Case) Result) Report {
	r := Report{All: Slice{Name: "all"}}
	langs, windows := make(map[string]*Slice), make(map[string]*Slice)
	confusions := make(map[[2]string]int)
	for _, c := range cases {
		got := understand(c)
		for _, s := range []*Slice{&r.All, slice(langs, c.Lang), slice(windows, c.Expect[0])} {
			s.add(c, got)
		}
		if first := firstOf(got); !slices.Contains(c.Expect, first) {
			confusions[[2]string{c.Expect[0], first}]++
		}
		r.Misses = append(r.Misses, misses(c, got)...)
	}
	r.All.ECE = r.All.sure.ece()
	r.Langs, r.Windows = slicesOf(langs), slicesOf(windows)
	slices.SortStableFunc(r.Windows, func(a, b Slice) int {
		switch x, y := a.First.Share(), b.First.Share(); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	for k, n := range confusions {
		r.Confusions = append(r.Confusions, Confusion{k[0], k[1], n})
	}
	slices.SortFunc(r.Confusions, func(a, b Confusion) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Want+a.Got, b.Want+b.Got)
	})
	return r
}

func slice(in map[string]*Slice, name string) *Slice {
	s := in[name]
	if s == nil {
		s = &Slice{Name: name}
		in[name] = s
	}
	return s
}

func slicesOf(in map[string]*Slice) []Slice {
	var out []Slice
	for _, s := range in {
		s.ECE = s.sure.ece()
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b Slice) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func firstOf(r Result) string {
	if len(r.Windows) == 0 {
		return ""
	}
	return r.Windows[0].ID
}

func within(r Result, n int, ids ...string) bool {
	for _, w := range r.Windows[:min(n, len(r.Windows))] {
		if slices.Contains(ids, w.ID) {
			return true
		}
	}
	return false
}

const notOurs = "out-of-scope"

func (s *Slice) add(c Case, got Result) {
	first := slices.Contains(c.Expect, firstOf(got))
	s.First.add(first)
	s.Three.add(within(got, 3, c.Expect...))
	if len(got.Windows) > 0 {
		s.sure.add(got.Windows[0].Score, first)
	}
	both := within(got, 3, c.Expect...)
	for _, id := range c.Also {
		found := within(got, 3, id)
		s.Also.add(found)
		both = both && found
	}
	if len(c.Also) > 0 {
		s.Both.add(both)
	}
	certain, unsure := got.Urgency.Level == LevelCertain, got.Urgency.Level == LevelUnsure
	switch {
	case c.Urgent:
		s.Danger.add(certain)
		s.Noticed.add(certain || unsure)
	case c.Phenomenon == "hard-negative":
		s.FalseHard.add(certain)
		s.AskedHard.add(unsure)
	default:
		s.FalseRest.add(certain)
		s.AskedRest.add(unsure)
	}
	if slices.Contains(c.Expect, notOurs) {
		s.Refused.add(firstOf(got) == notOurs)
	} else {
		s.Wrongly.add(firstOf(got) == notOurs)
	}
	if c.Area != nil || got.Town != "" {
		s.Town.add(c.Area != nil && *c.Area == got.Town)
	}
	if c.Person != "" {
		s.Person.add(c.Person == string(got.Person))
	}
	s.Lang.add(answerLang(c.Lang) == got.Lang)
}

// answerLang is the language a message written in lang is best answered in.
func answerLang(lang string) string {
	switch lang {
	case "ja-easy", "ja-hira", "ja-learner", "romaji":
		return "ja-easy"
	case "":
		return "ja"
	}
	return lang
}

func misses(c Case, got Result) []Miss {
	var out []Miss
	miss := func(what, want, got string) { out = append(out, Miss{c.ID, what, want, got}) }
	if first := firstOf(got); !slices.Contains(c.Expect, first) {
		miss("window", strings.Join(c.Expect, "|"), first)
	}
	for _, id := range c.Also {
		if !within(got, 3, id) {
			miss("also", id, "")
		}
	}
	certain := got.Urgency.Level == LevelCertain
	if c.Urgent != certain {
		what := "alarm"
		if c.Urgent {
			what = "danger"
		}
		miss(what, "", got.Urgency.Kind+" "+got.Urgency.Level.String())
	}
	if c.Area != nil && *c.Area != got.Town {
		miss("town", *c.Area, got.Town)
	} else if c.Area == nil && got.Town != "" {
		miss("town", "", got.Town)
	}
	if c.Person != "" && c.Person != string(got.Person) {
		miss("person", c.Person, string(got.Person))
	}
	return out
}

// LeaveOneVoiceOut trains once a voice without it and measures on it: the
// honest figure for people the model has not read. Voices beyond most are
// dealt together. progress, if any, is told after each round.
func LeaveOneVoiceOut(p Pack, o Options, most int, progress func(voices []string, r Report)) (Report, error) {
	var voices []string
	for _, e := range p.Examples {
		if !slices.Contains(voices, e.Voice) {
			voices = append(voices, e.Voice)
		}
	}
	if len(voices) < 2 {
		return Report{}, fmt.Errorf("leave one voice out: %d voice", len(voices))
	}
	slices.Sort(voices)
	rounds := len(voices)
	if most > 1 {
		rounds = min(rounds, most)
	}
	var all []Case
	results := make(map[string]Result)
	for f := range rounds {
		var out []string
		for i := f; i < len(voices); i += rounds {
			out = append(out, voices[i])
		}
		train := p
		train.Examples = nil
		var held []Example
		for _, e := range p.Examples {
			if slices.Contains(out, e.Voice) {
				held = append(held, e)
			} else {
				train.Examples = append(train.Examples, e)
			}
		}
		m, err := Train(train, o)
		if err != nil {
			return Report{}, err
		}
		cases := CasesOf(held)
		report := EvalFunc(cases, func(c Case) Result {
			r := m.Understand(c.Text, Hint{})
			results[c.ID] = r
			return r
		})
		if progress != nil {
			progress(out, report)
		}
		all = append(all, cases...)
	}
	return EvalFunc(all, func(c Case) Result { return results[c.ID] }), nil
}
