package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/hsds"
)

// packHSDS writes the pack's windows for other directories: one JSON object,
// or a tabular data package in a folder.
func packHSDS(_ context.Context, args []string, s streams) error {
	f := flags("pack hsds", s)
	dir := f.String("dir", "", "the pack's folder; empty: INTENTS_DIR, ./intents or the pack inside the program")
	out := f.String("out", "", "write a tabular data package (CSV files and datapackage.json) into this folder; empty: JSON to standard output")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() != 0 {
		return wrongUsage("pack hsds takes no arguments")
	}
	folder, name := packAt(*dir, s.env("INTENTS_DIR"))
	pack, problems, err := intents.Load(folder)
	if err != nil {
		for _, p := range problems {
			_, _ = fmt.Fprintln(s.err, p)
		}
		return fmt.Errorf("read %s: %w", name, err)
	}
	p := hsds.Export(pack.Content, time.Now())
	if *out == "" {
		b, err := p.JSON()
		if err != nil {
			return err
		}
		_, err = s.out.Write(b)
		return err
	}
	files, err := p.Files()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(*out, 0o755); err != nil { //nolint:gosec // public content
		return fmt.Errorf("make %s: %w", *out, err)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := replaceFile(filepath.Join(*out, name), files[name]); err != nil {
			return err
		}
	}
	for _, t := range p.Tables {
		_, _ = fmt.Fprintf(s.out, "%s: %d\n", filepath.Join(*out, t.File), len(t.Rows))
	}
	return nil
}
