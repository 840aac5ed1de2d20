package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents/check"
	"github.com/tsunagu-chat/tsunagu/intents/sheet"
	"github.com/tsunagu-chat/tsunagu/intents/workbook"
)

// packExport writes the pack as a workbook for people who live in
// spreadsheets.
func packExport(_ context.Context, args []string, s streams) error {
	f := flags("pack export", s)
	dir := f.String("dir", "", "the pack's folder; empty: INTENTS_DIR, ./intents or the pack inside the program")
	force := f.Bool("force", false, "write over a workbook that is there")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 1 || !isWorkbook(f.Arg(0)) {
		return wrongUsage("pack export needs one file ending in .xlsx")
	}
	file := f.Arg(0)
	if _, err := os.Stat(file); err == nil && !*force {
		return wrongUsage("%s is there already and may hold somebody's work; name another file, or add --force", file)
	}
	pack, name := packAt(*dir, s.env("INTENTS_DIR"))
	if _, err := fs.Stat(pack, "city.yaml"); err != nil {
		return wrongUsage("%s is no content pack: name its folder with --dir", name)
	}
	var b bytes.Buffer
	if err := sheet.Export(pack, &b); err != nil {
		return fmt.Errorf("export the pack: %w", err)
	}
	if err := replaceFile(file, b.Bytes()); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "%s: %d KB\n", file, b.Len()>>10)
	return nil
}

func isWorkbook(file string) bool {
	return slices.Contains([]string{".xlsx", ".xlsm", ".xls", ".ods"}, strings.ToLower(filepath.Ext(file)))
}

// importWorkbook shows what a workbook would change in the pack and what the
// check says about the result, and writes it only with --write.
func importWorkbook(dir, file string, write bool, s streams) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("read the workbook: %w", err)
	}
	if info.Size() > workbook.MaxFile {
		return fmt.Errorf("%s has more than %d MB", file, workbook.MaxFile>>20)
	}
	b, err := os.ReadFile(file) //nolint:gosec // the operator names the file
	if err != nil {
		return fmt.Errorf("read the workbook: %w", err)
	}
	pack := os.DirFS(dir)
	if _, err := fs.Stat(pack, "city.yaml"); err != nil {
		return wrongUsage("%s is no content pack: name its folder with --dir", dir)
	}
	plan, err := sheet.Import(pack, b)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, n := range plan.Notes {
		_, _ = fmt.Fprintf(s.out, "%s: note: %s\n", file, n)
	}
	for _, p := range plan.Problems {
		_, _ = fmt.Fprintf(s.out, "%s: error: %s\n", file, p)
	}
	if n := len(plan.Problems); n > 0 {
		_, _ = fmt.Fprintf(s.out, "%d things are wrong in the workbook; mend them there. Nothing was written.\n", n)
		return errFailed
	}
	for _, c := range plan.Changes {
		c.File = filepath.Join(dir, c.File)
		_, _ = fmt.Fprintln(s.out, c)
	}
	broken, err := newErrors(pack, plan)
	if err != nil {
		return err
	}
	printFindings(s.out, dir, broken)
	files := plan.Files()
	switch {
	case len(broken) > 0:
		_, _ = fmt.Fprintf(s.out, "%d changes would make %d new errors in the pack; mend them in the workbook. Nothing was written.\n", len(plan.Changes), len(broken))
		return errFailed
	case len(files) == 0:
		_, _ = fmt.Fprintln(s.out, "The workbook says what the pack says. Nothing is to be written.")
		return nil
	case !write:
		_, _ = fmt.Fprintf(s.out, "%d changes in %d files. Nothing was written; --write writes them.\n", len(plan.Changes), len(files))
		return nil
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := writePackFile(filepath.Join(dir, filepath.FromSlash(name)), files[name]); err != nil {
			return err
		}
	}
	_, _ = fmt.Fprintf(s.out, "%d changes written in %d files.\n", len(plan.Changes), len(files))
	if slices.ContainsFunc(slices.Collect(maps.Keys(files)), learnt) {
		_, _ = fmt.Fprintln(s.out, "What the understanding learns from has changed: tsunagu train")
	}
	return nil
}

// learnt reports whether the understanding is trained from a file.
func learnt(name string) bool {
	return strings.HasPrefix(name, "examples/") || name == "lexicon.yaml" || name == "cues.yaml" || name == "towns.yaml"
}

// writePackFile writes one file of a pack, or takes it away.
func writePackFile(path string, text *string) error {
	if text == nil {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) { //nolint:gosec // the operator names the folder, sheet.Import checks the names in it
			return fmt.Errorf("take %s away: %w", path, err)
		}
		return nil
	}
	return replaceFile(path, []byte(*text))
}

// newErrors are the errors the pack would have after a plan and has not now.
func newErrors(pack fs.FS, plan *sheet.Plan) ([]check.Finding, error) {
	if len(plan.Files()) == 0 {
		return nil, nil
	}
	over, err := plan.Over(pack)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	known := map[string]int{}
	for _, f := range check.Pack(pack, check.Options{Now: now}).Findings {
		if f.Level == check.Error {
			known[f.File+"\x00"+f.Text]++
		}
	}
	var out []check.Finding
	for _, f := range check.Pack(over, check.Options{Now: now}).Findings {
		if f.Level != check.Error {
			continue
		}
		if known[f.File+"\x00"+f.Text]--; known[f.File+"\x00"+f.Text] < 0 {
			out = append(out, f)
		}
	}
	return out, nil
}
