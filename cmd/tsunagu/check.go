package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// checkCommand checks a content pack: a line for each thing wrong.
func checkCommand(_ context.Context, args []string, s streams) error {
	f := flags("check", s)
	live := f.Bool("live", false, "also what must hold before residents use the pack, under whoever would know")
	quick := f.Bool("quick", false, "do not ask the model which examples it gets wrong")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 1 {
		return wrongUsage("check takes one folder")
	}
	began := time.Now()
	dir, name := packAt(f.Arg(0), s.env("INTENTS_DIR"))
	if name != "" {
		if err := isFolder(name); err != nil {
			return wrongUsage("%w; name a content pack's folder, or leave DIR and INTENTS_DIR empty", err)
		}
	}
	o := check.Options{Now: began, Live: *live}
	why := ""
	if !*quick {
		o.Misses, why = misunderstood(dir, name)
	}
	report := check.Pack(dir, o)
	printFindings(s.out, name, report.Findings)
	if *live {
		printLive(s.out, name, report.Findings)
	}
	if why != "" {
		_, _ = fmt.Fprintln(s.out, why)
	}
	errs, asked := report.Errors(), countOf(report.Findings, check.Live)
	_, _ = fmt.Fprintf(s.out, "%s: %d errors, %d notes", cmp.Or(name, "the pack inside the program"), errs, countOf(report.Findings, check.Note))
	if *live {
		_, _ = fmt.Fprintf(s.out, ", %d things to confirm", asked)
	}
	_, _ = fmt.Fprintf(s.out, " (%d ms)\n", time.Since(began).Milliseconds())
	if errs > 0 || asked > 0 {
		return errFailed
	}
	return nil
}

// packAt finds the pack to look at: the folder named, INTENTS_DIR, ./intents,
// or the one inside the program.
func packAt(arg, env string) (fs.FS, string) {
	for _, dir := range []string{arg, env} {
		if dir != "" {
			return os.DirFS(dir), dir
		}
	}
	if _, err := os.Stat(filepath.Join("intents", "city.yaml")); err == nil {
		return os.DirFS("intents"), "intents"
	}
	return intents.Embedded(), ""
}

func countOf(list []check.Finding, l check.Level) int {
	n := 0
	for _, f := range list {
		if f.Level == l {
			n++
		}
	}
	return n
}

// printFindings prints errors first, then notes, each as FILE:LINE, what is
// wrong, and how to mend it.
func printFindings(w io.Writer, dir string, list []check.Finding) {
	for _, level := range []check.Level{check.Error, check.Note} {
		for _, f := range list {
			if f.Level == level {
				p := f.Problem
				p.File = filepath.Join(dir, p.File)
				if level == check.Note {
					p.Text = "note: " + p.Text
				}
				_, _ = fmt.Fprintln(w, p)
			}
		}
	}
}

// printLive prints what is to be confirmed, under whoever would know.
func printLive(w io.Writer, dir string, list []check.Finding) {
	groups := byWho(list)
	for _, g := range groups {
		_, _ = fmt.Fprintf(w, "\n== To ask %s (%d)\n", g.who, len(g.list))
		for _, f := range g.list {
			p := f.Problem
			p.File = filepath.Join(dir, p.File)
			_, _ = fmt.Fprintln(w, p)
		}
	}
	if len(groups) > 0 {
		_, _ = fmt.Fprintln(w)
	}
}

// asked is what one person or office has to confirm.
type asked struct {
	who  string
	list []check.Finding
}

// byWho groups what is to be confirmed: first the offices, then teams and
// speakers by name.
func byWho(list []check.Finding) []asked {
	groups := map[string][]check.Finding{}
	for _, f := range list {
		if f.Level == check.Live {
			groups[f.Who] = append(groups[f.Who], f)
		}
	}
	who := slices.Sorted(maps.Keys(groups))
	first := []string{check.City, check.Shakyo, check.Everyone}
	slices.SortStableFunc(who, func(a, b string) int {
		ia, ib := slices.Index(first, a), slices.Index(first, b)
		if ia >= 0 && ib >= 0 {
			return ia - ib
		}
		return ib - ia // those not among the first have -1
	})
	out := make([]asked, 0, len(who))
	for _, name := range who {
		out = append(out, asked{name, groups[name]})
	}
	return out
}

// misunderstood are the examples the pack's model gets wrong, as far as that
// is known or a trained model is at hand to ask. The answer belongs to the
// texts; "tsunagu train" writes it beside the model.
func misunderstood(dir fs.FS, folder string) (found []check.Miss, why string) {
	p, problems := intents.Read(dir)
	if len(problems) > 0 {
		return nil, ""
	}
	if m, ok := intents.EmbeddedMisses(p); ok {
		return missesOf(m, p.Examples), ""
	}
	cache := cached(p.Training + ".misses.json")
	if b, err := os.ReadFile(cache); err == nil { //nolint:gosec // our own cache folder
		var m intents.Misses
		if json.Unmarshal(b, &m) == nil {
			return missesOf(m.Missed, p.Examples), ""
		}
	}
	m := trainedModel(p, folder)
	if m == nil {
		return nil, "No model was trained from these texts yet, so nobody knows which examples it gets wrong: tsunagu train"
	}
	missed := missedBy(m, p)
	if cache != "" {
		_ = writeMisses(cache, p, missed) // without it the next check only takes longer
	}
	return missesOf(missed, p.Examples), ""
}

func missedBy(m *understand.Model, p *intents.Pack) []intents.Missed {
	out := []intents.Missed{}
	for _, x := range check.Misunderstood(m, p.Examples, runtime.GOMAXPROCS(0)) {
		out = append(out, intents.Missed{Window: x.Example.Window, Text: x.Example.Text, Got: x.Got, Score: x.Score})
	}
	slices.SortFunc(out, func(a, b intents.Missed) int {
		return cmp.Or(strings.Compare(a.Window, b.Window), strings.Compare(a.Text, b.Text))
	})
	return out
}

func writeMisses(path string, p *intents.Pack, missed []intents.Missed) error {
	b, err := json.MarshalIndent(intents.Misses{Training: p.Training, Missed: missed}, "", " ")
	if err != nil {
		return fmt.Errorf("encode misses: %w", err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, append(b, '\n'), 0o644)); err != nil { //nolint:gosec // public content
		return fmt.Errorf("write misses: %w", err)
	}
	return nil
}

// missesOf finds the examples' lines again: they move when lines are added.
func missesOf(missed []intents.Missed, examples []understand.Example) []check.Miss {
	type key struct{ window, text string }
	at := make(map[key]understand.Example, len(examples))
	if len(missed) > 0 {
		for _, e := range examples {
			at[key{e.Window, e.Text}] = e
		}
	}
	var out []check.Miss
	for _, k := range missed {
		if e, ok := at[key{k.Window, k.Text}]; ok {
			out = append(out, check.Miss{Example: e, Got: k.Got, Score: k.Score})
		}
	}
	return out
}
