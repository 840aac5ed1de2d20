// Package intents holds the content pack: every window, every sentence, every
// example. It belongs to the people who know the city; this file only reads
// it. See docs/content-guide.ja.md.
package intents

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

//go:embed *.yaml windows replies forms examples
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
	Version  string // changes with any file
	Training string // changes with any file understanding is trained from
}

// Problem is one thing wrong with a pack.
type Problem struct {
	File string
	Line int // 0 when the whole file is meant
	Text string
	Mend string // what to do about it
}

func (p Problem) String() string {
	s := p.File
	if p.Line > 0 {
		s = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	s += ": " + p.Text
	if p.Mend != "" {
		s += " — " + p.Mend
	}
	return s
}

// ErrBroken is returned by Load with the problems that stopped it.
var ErrBroken = errors.New("the content pack cannot be used; run tsunagu check")

// Load reads a pack. It stops at what makes a pack unusable (a file that is
// missing or not YAML); Check finds everything else.
func Load(dir fs.FS) (*Pack, []Problem, error) {
	r := reader{dir: dir}
	c := &bot.Content{Replies: map[bot.Lang]map[string]string{}}
	r.yaml("city.yaml", &c.City)
	r.yaml("hotlines.yaml", &c.Hotlines)
	r.yaml("dangers.yaml", &c.Dangers)
	r.yaml("towns.yaml", &c.Towns)
	r.yaml("opportunities.yaml", &c.Opportunities)
	r.yaml("says.yaml", &c.Says)
	r.yaml("templates.yaml", &c.Templates)
	if _, err := fs.Stat(dir, "duty.yaml"); err == nil { // packs of before have none: the usual calls
		r.yaml("duty.yaml", &c.Duty)
	}
	for _, name := range r.list("windows", ".yaml") {
		var w bot.Window
		r.yaml(name, &w)
		c.Windows = append(c.Windows, w)
	}
	for _, name := range r.list("forms", ".yaml") {
		var f bot.Form
		r.yaml(name, &f)
		c.Forms = append(c.Forms, f)
	}
	for _, l := range bot.Langs {
		var replies map[string]string
		r.yaml("replies/"+string(l)+".yaml", &replies)
		c.Replies[l] = replies
	}
	p := &Pack{Content: c}
	r.yaml("lexicon.yaml", &p.Lexicon)
	r.yaml("cues.yaml", &p.Cues)
	p.Examples = r.examples()
	if len(r.problems) > 0 {
		return nil, r.problems, ErrBroken
	}
	p.Version = r.version("")
	p.Training = r.version("examples/ lexicon.yaml cues.yaml towns.yaml")
	c.Version = p.Version
	slices.SortStableFunc(c.Windows, func(a, b bot.Window) int { return a.Order - b.Order })
	c.Index()
	return p, nil, nil
}

// ForTraining is the pack as the understanding is trained from it.
func (p *Pack) ForTraining() understand.Pack {
	t := understand.Pack{Examples: p.Examples, Lexicon: p.Lexicon, Cues: p.Cues}
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

type reader struct {
	dir      fs.FS
	problems []Problem
	hash     []string
}

func (r *reader) fail(file string, line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) read(name string) ([]byte, bool) {
	b, err := fs.ReadFile(r.dir, name)
	if err != nil {
		r.problems = append(r.problems, Problem{File: name, Text: "the file cannot be read", Mend: "put it back, or copy it from the embedded pack"})
		return nil, false
	}
	sum := sha256.Sum256(b)
	r.hash = append(r.hash, name+" "+hex.EncodeToString(sum[:]))
	return b, true
}

// yaml reads a file strictly: an unknown key is a mistake, with its line.
func (r *reader) yaml(name string, into any) {
	b, ok := r.read(name)
	if !ok {
		return
	}
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		line := 0
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			line = at.GetToken().Position.Line
			r.fail(name, line, "%s", at.GetMessage())
			return
		}
		r.fail(name, line, "%v", err)
	}
}

func (r *reader) list(folder, suffix string) []string {
	entries, err := fs.ReadDir(r.dir, folder)
	if err != nil {
		r.fail(folder, 0, "the folder cannot be read")
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), suffix) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, path.Join(folder, e.Name()))
		}
	}
	return names
}

func (r *reader) examples() []understand.Example {
	var all []understand.Example
	for _, name := range r.list("examples", ".txt") {
		b, ok := r.read(name)
		if !ok {
			continue
		}
		list, problems := understand.ParseExamples(name, b)
		all = append(all, list...)
		for _, p := range problems {
			r.problems = append(r.problems, Problem{File: p.File, Line: p.Line, Text: p.Text})
		}
	}
	return all
}

// version is the same for the same files, wherever they lie. some names the
// files that count, all when empty.
func (r *reader) version(some string) string {
	slices.Sort(r.hash)
	h := sha256.New()
	for _, line := range r.hash {
		name, _, _ := strings.Cut(line, " ")
		folder, _, _ := strings.Cut(name, "/")
		if some == "" || strings.Contains(some, name) || folder != name && strings.Contains(some, folder+"/") {
			h.Write([]byte(line + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
