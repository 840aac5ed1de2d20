package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents/check"
	"github.com/tsunagu-chat/tsunagu/intents/skeleton"
)

// todoFile lists what the new pack still needs.
const todoFile = "TODO.md"

// packNew writes the beginning of another city's pack, and the list of what
// somebody there has to write.
func packNew(_ context.Context, args []string, s streams) error {
	f := flags("pack new", s)
	dir := f.String("dir", "", "the new folder; empty: the city's name")
	if err := parse(f, args); err != nil {
		return err
	}
	city := strings.TrimSpace(f.Arg(0))
	if f.NArg() != 1 || city == "" || strings.ContainsAny(city, "/\\:\"'\n") {
		return wrongUsage("pack new needs the city's name, such as 国立市")
	}
	if *dir == "" {
		*dir = city
	}
	if entries, err := os.ReadDir(*dir); err == nil && len(entries) > 0 {
		return wrongUsage("%s is not empty: name another folder with --dir", *dir)
	}
	files, err := skeleton.Files(city)
	if err != nil {
		return err
	}
	for name, b := range files {
		path := filepath.Join(*dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil { //nolint:gosec // a pack is public content
			return fmt.Errorf("make the pack's folder: %w", err)
		}
		if err := os.WriteFile(path, b, 0o644); err != nil { //nolint:gosec // a pack is public content
			return fmt.Errorf("write the pack: %w", err)
		}
	}
	report := check.Pack(os.DirFS(*dir), check.Options{Now: time.Now(), Live: true})
	list := todoList(city, *dir, report, skeleton.Mentions(files))
	if err := os.WriteFile(filepath.Join(*dir, todoFile), []byte(list), 0o644); err != nil { //nolint:gosec // a pack is public content
		return fmt.Errorf("write what is to do: %w", err)
	}
	_, _ = fmt.Fprint(s.out, list)
	return nil
}

// todoList is what tsunagu check finds in a new pack: first what must be
// written before it can be used, then what must be confirmed, by whom.
func todoList(city, dir string, r check.Report, local []skeleton.Mention) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\nWhat this pack still needs. \"tsunagu check %s\" tells what is left, \"tsunagu check --live %s\" also what to confirm.\n", city, dir, dir)
	b.WriteString("The examples are those of the shipped pack; they name its towns here and there. When yours are there: \"tsunagu train " + dir + "\".\n")
	fmt.Fprintf(&b, "\n## To write first (%d)\n\n", r.Errors())
	for _, f := range r.Findings {
		if f.Level == check.Error {
			fmt.Fprintf(&b, "- [ ] %s\n", f.Problem)
		}
	}
	fmt.Fprintf(&b, "\n## Names that may be different here (%d)\n\n", len(local))
	for _, m := range local {
		fmt.Fprintf(&b, "- [ ] %s:%d: %s\n", m.File, m.Line, m.Word)
	}
	for _, g := range byWho(r.Findings) {
		fmt.Fprintf(&b, "\n## To ask %s (%d)\n\n", g.who, len(g.list))
		for _, f := range g.list {
			fmt.Fprintf(&b, "- [ ] %s\n", f.Problem)
		}
	}
	return b.String()
}
