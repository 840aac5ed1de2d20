// Package check finds what is wrong with a content pack, each thing with its
// file and line and how to mend it. It changes nothing and knows no clock:
// the time is given to it.
package check

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// Level says how bad a finding is.
type Level string

// The levels.
const (
	Error Level = "error" // the pack must not be used so
	Note  Level = "note"  // worth a look
	Live  Level = "live"  // must hold before residents use it
)

// Finding is one thing found.
type Finding struct {
	intents.Problem
	Level  Level
	Timely bool   // it became wrong only because time passed
	Who    string // who would know, for Live
}

// Options of Pack.
type Options struct {
	Now  time.Time
	Live bool
	// Misses are the examples the model gets wrong, nil when nobody asked it.
	Misses []Miss
}

// Miss is an example the model understands otherwise than it is meant.
type Miss struct {
	Example understand.Example
	Got     string // the window understood instead
	Score   float64
}

// Report is all that was found, in the order of files and lines.
type Report struct {
	Findings []Finding
	Pack     *intents.Pack // as far as it can be read
}

// Errors counts the findings that keep the pack from being used.
func (r Report) Errors() int { return r.count(Error) }

func (r Report) count(l Level) int {
	n := 0
	for _, f := range r.Findings {
		if f.Level == l {
			n++
		}
	}
	return n
}

// Refuse are the errors for which a running service keeps its old pack: all
// but those that time alone brought about.
func (r Report) Refuse() []Finding {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f Finding) bool { return f.Level != Error || f.Timely })
}

// Pack checks a pack.
func Pack(dir fs.FS, o Options) Report {
	pack, problems := intents.Read(dir)
	c := &checker{dir: dir, pack: pack, c: pack.Content, o: o, places: map[string]positions{}, broken: map[string]bool{}, examples: map[string]int{}}
	for _, e := range pack.Examples {
		c.examples[e.Window]++
	}
	c.structure()
	c.unread(problems)
	for _, look := range []func(*checker){
		(*checker).languages, (*checker).replies, (*checker).windows, (*checker).contacts, (*checker).hours, (*checker).outreach,
		(*checker).hotlines, (*checker).dangers, (*checker).city, (*checker).towns, (*checker).roles, (*checker).forms, (*checker).sayings,
		(*checker).lists, (*checker).menu, (*checker).duty, (*checker).limits, (*checker).coordinators, (*checker).rules, (*checker).facts, (*checker).wordings, (*checker).understanding, (*checker).confirmations, (*checker).easyJapanese,
	} {
		look(c)
	}
	if o.Live {
		c.live()
	}
	slices.SortStableFunc(c.out, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return Report{Findings: slices.CompactFunc(c.out, func(a, b Finding) bool { return a == b }), Pack: pack}
}

// unread adds what the reader said and structure did not find itself, at the
// same place.
func (c *checker) unread(problems []intents.Problem) {
	for _, p := range problems {
		same := func(f Finding) bool { return f.File == p.File && (f.Line == p.Line || p.Line == 0) }
		if !slices.ContainsFunc(c.out, same) {
			c.out = append(c.out, Finding{Problem: p, Level: Error})
		}
	}
}

// checker is one check in progress.
type checker struct {
	dir      fs.FS
	pack     *intents.Pack
	c        *bot.Content
	o        Options
	places   map[string]positions // by file
	broken   map[string]bool      // files that are not YAML: nothing more is said about them
	examples map[string]int       // how many a window has
	out      []Finding
}

// fail adds an error about what stands at a path ("contacts[0].value") of a
// file.
func (c *checker) fail(file, path, mend, format string, args ...any) {
	c.add(Finding{Level: Error, Problem: intents.Problem{File: file, Line: c.line(file, path), Text: fmt.Sprintf(format, args...), Mend: mend}})
}

func (c *checker) add(f Finding) { c.out = append(c.out, f) }

func (c *checker) line(file, path string) int { return c.places[file].line(path) }

// windowFile is where a window stands.
func windowFile(id string) string { return "windows/" + id + ".yaml" }

func formFile(id string) string { return "forms/" + id + ".yaml" }

// at makes the path of an entry of a list.
func at(list string, i int) string { return fmt.Sprintf("%s[%d]", list, i) }
