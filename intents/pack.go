// Package intents holds the content pack: every window, every sentence, every
// example. It belongs to the people who know the city; this file only reads
// it. See docs/content-guide.ja.md.
package intents

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents/opendata"
)

//go:embed *.yaml *.csv exam.jsonl windows replies forms examples plain menu
var files embed.FS

// Embedded is the pack inside the program.
func Embedded() fs.FS { return files }

// Pack is a content pack as read: what the dialogue speaks from, and what
// understanding is trained from.
type Pack struct {
	Content  *bot.Content
	Examples []understand.Example
	Lexicon  []understand.Concept
	Cues     []understand.Cue
	Exam     []understand.Case // what changes are measured on; never trained from, may be empty
	Wordings []Wording
	Native   []Confirmation
	Files    []File
	Pictures map[string][]byte // PNG of each menu by its name, as far as they are drawn
	Version  string            // changes with any file
	Training string            // changes with anything understanding is trained from
}

// File is one YAML file as it was read.
type File struct {
	Name string
	Into any // pointer to what it was read into
}

// ErrBroken is returned by Load with the problems that stopped it.
var ErrBroken = errors.New("the content pack cannot be used; run tsunagu check")

// Load reads a pack. It stops at what makes a pack unusable (a file that is
// missing, is not YAML or has a key nobody knows); package check finds
// everything else.
func Load(dir fs.FS) (*Pack, []Problem, error) {
	p, problems := Read(dir)
	if len(problems) > 0 {
		return nil, problems, ErrBroken
	}
	return p, nil, nil
}

// Read reads a pack as far as it can be read, and what keeps it from being
// used. It is for those who look at broken packs.
func Read(dir fs.FS) (*Pack, []Problem) {
	r := reader{dir: dir}
	c := &bot.Content{Replies: map[bot.Lang]map[string]string{}}
	p := &Pack{Content: c}
	r.yaml("city.yaml", &c.City)
	r.yaml("hotlines.yaml", &c.Hotlines)
	r.yaml("dangers.yaml", &c.Dangers)
	r.yaml("towns.yaml", &c.Towns)
	r.yaml("areas.yaml", &c.Areas)
	r.yaml("lists.yaml", &c.Lists)
	c.Shelters = sheltersOf(r.list(opendata.Shelters()))
	c.Facilities = facilitiesOf(r.list(opendata.Facilities()))
	r.yaml("opportunities.yaml", &c.Opportunities)
	r.yaml("says.yaml", &c.Says)
	r.yaml("templates.yaml", &c.Templates)
	if r.has("duty.yaml") { // packs of before have none: the usual calls
		r.yaml("duty.yaml", &c.Duty)
	}
	if r.has("coordinators.yaml") {
		r.yaml("coordinators.yaml", &c.Coordinators)
	}
	if r.has("limits.yaml") { // nor these
		r.yaml("limits.yaml", &c.Limits)
	}
	for _, name := range r.folder("windows", ".yaml") {
		w := new(bot.Window)
		if !r.yaml(name, w) && w.ID == "" {
			w.ID = strings.TrimSuffix(path.Base(name), ".yaml") // so that what names it finds it
		}
		c.Windows = append(c.Windows, *w)
	}
	r.plan(c)
	r.menu(c, p)
	for _, name := range r.folder("forms", ".yaml") {
		f := new(bot.Form)
		r.yaml(name, f)
		c.Forms = append(c.Forms, *f)
	}
	for _, l := range bot.Langs {
		replies := new(map[string]string)
		r.yaml("replies/"+string(l)+".yaml", replies)
		c.Replies[l] = *replies
	}
	r.yaml("lexicon.yaml", &p.Lexicon)
	r.yaml("cues.yaml", &p.Cues)
	r.yaml("wording.yaml", &p.Wordings)
	r.yaml("translations.yaml", &p.Native)
	c.Civic, c.FAQ = r.civic(), r.faq()
	p.Examples = r.examples()
	p.Exam = r.exam()
	p.Files = r.files
	p.Version = r.version()
	p.Training = p.trainingHash()
	c.Version = p.Version
	slices.SortStableFunc(c.Windows, func(a, b bot.Window) int { return a.Order - b.Order })
	c.Index()
	return p, r.problems
}

// ForTraining is the pack as the understanding is trained from it. What must
// reach an initiative of the plan is an example of its first window.
func (p *Pack) ForTraining() understand.Pack {
	t := understand.Pack{Examples: slices.Concat(p.Examples, p.planExamples()), Lexicon: p.Lexicon, Cues: p.Cues}
	for _, w := range p.Content.Windows {
		t.Windows = append(t.Windows, understand.WindowInfo{ID: w.ID, Kind: w.Kind})
	}
	for _, town := range p.Content.Towns {
		t.Towns = append(t.Towns, understand.Town{
			Name: town.ID, Aliases: append([]string{town.Kana, strings.ToLower(town.Romaji)}, town.Aliases...),
		})
	}
	return t
}

// trainingHash is the same for packs that are trained to the same model:
// sentences, facts, comments and who wrote an example where do not count.
func (p *Pack) trainingHash() string {
	t := p.ForTraining()
	t.Examples = slices.Clone(t.Examples)
	for i := range t.Examples {
		t.Examples[i].At = ""
	}
	slices.SortFunc(t.Windows, func(a, b understand.WindowInfo) int { return strings.Compare(a.ID, b.ID) })
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(t) // plain strings and slices: it cannot fail
	return hex.EncodeToString(h.Sum(nil)[:8])
}
