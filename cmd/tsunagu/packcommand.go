package main

import (
	"context"
	"fmt"
)

// packCommand is "tsunagu pack WORD …": each word works on a content pack.
func packCommand(ctx context.Context, args []string, s streams) error {
	words := []command{
		{"new", "[--dir DIR] CITY", "begin the pack of another city: what is true of this one only is emptied and listed", packNew},
		{"import", "[--dir DIR] [--source TEXT] [--published DAY] [--verified DAY] [--write] FILE.csv", "bring a city's list (shelters, facilities) into the pack", packImport},
		{"lessons", "[--pack DIR]", "print what staff taught as lines for intents/examples", packLessons},
		{"export", "[--dir DIR] [--force] FILE.xlsx", "write the pack as a workbook, a sheet for each kind", packExport},
		{"import", "[--dir DIR] [--write] FILE.xlsx", "bring what was changed in the workbook back into the pack", packImport},
		{"hsds", "[--dir DIR] [--out DIR]", "write the verified facts of the windows as Open Referral HSDS", packHSDS},
	}
	if len(args) > 0 {
		for _, w := range words {
			if w.name == args[0] {
				return w.run(ctx, args[1:], s)
			}
		}
	}
	_, _ = fmt.Fprintln(s.err, "Usage: tsunagu pack WORD …")
	for _, w := range words {
		_, _ = fmt.Fprintf(s.err, "  %s %s\n      %s\n", w.name, w.args, w.summary)
	}
	if len(args) > 0 && (args[0] == "-h" || args[0] == "--help" || args[0] == "-help") {
		return nil
	}
	return wrongUsage("pack needs one of these words")
}
