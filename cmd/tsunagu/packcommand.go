package main

import (
	"context"
	"fmt"
	"strings"
)

// packWords are what "tsunagu pack" does to a content pack.
func packWords() []command {
	return []command{
		{"pack new", "[--dir DIR] CITY", "begin the pack of another city: what is true of this one only is emptied and listed", packNew},
		{"pack import", "[--dir DIR] [--source TEXT] [--published DAY] [--verified DAY] [--write] FILE.csv", "bring a city's list (shelters, facilities) into the pack", packImport},
		{"pack lessons", "[--pack DIR]", "print what staff taught as lines for intents/examples", packLessons},
		{"pack export", "[--dir DIR] [--force] FILE.xlsx", "write the pack as a workbook, a sheet for each kind", packExport},
		{"pack import", "[--dir DIR] [--write] FILE.xlsx", "bring what was changed in the workbook back into the pack", packImport},
		{"pack hsds", "[--dir DIR] [--out DIR]", "write the verified facts of the windows as Open Referral HSDS", packHSDS},
	}
}

// packCommand is "tsunagu pack WORD …": each word works on a content pack.
func packCommand(ctx context.Context, args []string, s streams) error {
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help") {
		_, _ = fmt.Fprintln(s.err, "Usage: tsunagu pack WORD …")
		for _, w := range packWords() {
			_, _ = fmt.Fprintf(s.err, "  %s %s\n      %s\n", strings.TrimPrefix(w.name, "pack "), w.args, w.summary)
		}
		return nil
	}
	var words []string
	for _, w := range packWords() {
		word := strings.TrimPrefix(w.name, "pack ")
		if len(args) > 0 && args[0] == word {
			return w.run(ctx, args[1:], s)
		}
		words = append(words, word)
	}
	return wrongUsage("pack needs one of these words first: %s", strings.Join(words, ", "))
}
