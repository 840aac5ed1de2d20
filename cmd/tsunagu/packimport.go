package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/opendata"
)

// packImport brings a city's CSV or a workbook into the pack: it shows what
// would change, and changes it only with --write.
func packImport(_ context.Context, args []string, s streams) error {
	f := flags("pack import", s)
	dir := f.String("dir", "intents", "the pack's folder")
	write := f.Bool("write", false, "write it; without it, only show what would change")
	var from bot.List
	f.StringVar(&from.Source, "source", "", "where the list was found, for lists.yaml")
	f.StringVar(&from.Published, "published", "", "the day (YYYY-MM-DD) its publisher gives")
	f.StringVar(&from.Verified, "verified", "", "the day (YYYY-MM-DD) somebody confirmed it with the city; empty: no")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 {
		return wrongUsage("pack import needs one file: a city's list (.csv) or a workbook (.xlsx)")
	}
	if isWorkbook(f.Arg(0)) {
		if from != (bot.List{}) {
			return wrongUsage("--source, --published and --verified belong to lists (.csv); a workbook has them in its cells")
		}
		return importWorkbook(*dir, f.Arg(0), *write, s)
	}
	for name, day := range map[string]string{"published": from.Published, "verified": from.Verified} {
		if day != "" && !bot.Checked(day) {
			return wrongUsage("--%s %q is not a day: write it as 2026-12-01", name, day)
		}
	}
	b, err := os.ReadFile(f.Arg(0))
	if err != nil {
		return wrongUsage("read the list: %w", err)
	}
	next, notes, err := opendata.Read(b)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Arg(0), err)
	}
	now, err := listNow(*dir, next.Kind)
	if err != nil {
		return err
	}
	kept := opendata.KeepIDs(now, &next)
	_, _ = fmt.Fprintf(s.out, "%s: %s, %d rows, %s\n", f.Arg(0), next.Kind.Name, len(next.Rows), next.Encoding)
	if kept > 0 {
		_, _ = fmt.Fprintf(s.out, "%d ids had lost their leading zeros and keep the ones of the pack\n", kept)
	}
	broken := 0
	for _, n := range notes {
		mark := "note"
		if n.Error {
			mark = "error"
			broken++
		}
		_, _ = fmt.Fprintf(s.out, "%s:%d: %s: %s\n", f.Arg(0), n.Line, mark, n.Text)
	}
	changes := opendata.Compare(now, next)
	for _, c := range changes {
		_, _ = fmt.Fprintln(s.out, c)
	}
	switch {
	case broken > 0:
		_, _ = fmt.Fprintf(s.out, "%d cells cannot be read; mend them in the file. Nothing was written.\n", broken)
		return errFailed
	case !*write:
		_, _ = fmt.Fprintf(s.out, "%d rows would change. Nothing was written; --write writes %s\n", len(changes), filepath.Join(*dir, next.Kind.File))
		return nil
	case from.Source == "":
		return wrongUsage("--write needs --source: where this list was found")
	}
	return writeList(*dir, next, from, s, len(changes))
}

// listNow is the list as the pack has it.
func listNow(dir string, kind opendata.Kind) (opendata.Table, error) {
	path := filepath.Join(dir, kind.File)
	b, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	if err != nil {
		return opendata.Table{}, wrongUsage("%s is no content pack (%v): name its folder with --dir", dir, err)
	}
	now, _, err := opendata.Read(b)
	if err != nil {
		return now, fmt.Errorf("read %s: %w", path, err)
	}
	return now, nil
}

// writeList writes the list and, in lists.yaml, where it comes from.
func writeList(dir string, t opendata.Table, from bot.List, s streams, changed int) error {
	b, err := t.Bytes()
	if err != nil {
		return err
	}
	origin := filepath.Join(dir, "lists.yaml")
	text, err := os.ReadFile(origin) //nolint:gosec // the operator names the folder
	if err != nil {
		return fmt.Errorf("read where lists come from: %w", err)
	}
	if from.Verified == "" {
		from.Verified = "no"
	}
	out, err := intents.SetOrigin(string(text), t.Kind.Name, from)
	if err != nil {
		return fmt.Errorf("%s: %w", origin, err)
	}
	path := filepath.Join(dir, t.Kind.File)
	if err := replaceFile(path, b); err != nil {
		return err
	}
	if err := replaceFile(origin, []byte(out)); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "%s: %d rows, %d changed\n", path, len(t.Rows), changed)
	if !from.Known() {
		_, _ = fmt.Fprintln(s.out, strings.TrimSpace(`
It is not verified, so no resident sees it as fact. When the city has confirmed it, import it again with --verified DAY.`))
	}
	return nil
}

// replaceFile writes a file whole or not at all.
func replaceFile(path string, b []byte) error {
	if err := os.WriteFile(path+".new", b, 0o644); err != nil { //nolint:gosec // a pack is public content
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := os.Rename(path+".new", path); err != nil { //nolint:gosec // the operator names the folder
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
