package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
)

// command is one word after "tsunagu".
type command struct {
	name    string
	args    string
	summary string
	run     func(ctx context.Context, args []string, s streams) error
}

// commands are all there are, in the order of the help.
func commands() []command {
	return []command{
		{"demo", "[--addr ADDR] [--dir DIR] [--open]", "try everything in one process: no account, no server, no network", demoCommand},
		{"serve", "", "run the service; configuration by environment", serveCommand},
		{"migrate", "up|down|status", "bring the database to the current schema", migrateCommand},
		{"ask", "[--json|--jsonl] [TEXT]", "understand one message, offline", askCommand},
		{"chat", "[--lang LANG] [--script FILE]", "a conversation in the terminal through the same core", chatCommand},
		{"check", "[--live] [--quick] [DIR]", "check a content pack", checkCommand},
		{"train", "[--out FILE] [DIR]", "train the understanding from a pack, reproducibly", trainCommand},
		{"easy", "[--fix] [--json] [FILE]", "check text against the easy-Japanese rules", later("easy", "reads FILE or standard input")},
		{"pack", "new CITY|export FILE.xlsx|import FILE.xlsx|hsds|lessons", "work on a content pack", packCommand},
		{"eval", "intents FILE|classify …|retrieval …", "measure understanding", evalCommand},
		{"doctor", "", "check a real deployment, a line each", doctorCommand},
		{"bench", "[--rate N] [--users N] [--duration D] [--json]", "load on a temporary instance with stand-ins", benchCommand},
		{"report", "[--from DAY] [--to DAY] [--format html|csv|json]", "the community-needs report", later("report", "what the town lacks, small numbers hidden")},
		{"erase", "RESIDENT", "erase a resident's data", later("erase", "everywhere it was kept or shown")},
		{"export", "RESIDENT", "give a resident their data", later("export", "as JSON")},
	}
}

func usage(w io.Writer) {
	_, _ = fmt.Fprintln(w, "tsunagu — the front door of a city's welfare, inside LINE\n\nUsage: tsunagu COMMAND [ARGUMENTS]")
	for _, c := range commands() {
		_, _ = fmt.Fprintf(w, "  %-9s %s\n", c.name, c.summary)
	}
	_, _ = fmt.Fprintln(w, "\n\"tsunagu COMMAND --help\" tells more. Start with: tsunagu demo")
}

// flags makes the flag set of a command; its help names the arguments.
func flags(name string, s streams) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(s.err)
	f.Usage = func() {
		for _, c := range commands() {
			if c.name == name {
				_, _ = fmt.Fprintf(s.err, "Usage: tsunagu %s %s\n%s\n", c.name, c.args, c.summary)
			}
		}
		f.PrintDefaults()
	}
	return f
}

// parse reads the arguments; what is wrong with them is a usage error.
func parse(f *flag.FlagSet, args []string) error {
	err := f.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return usageError{err}
}

// later is a command whose work has not been built yet. It says so, and does
// not pretend.
func later(name, about string) func(context.Context, []string, streams) error {
	return func(_ context.Context, args []string, s streams) error {
		f := flags(name, s)
		usage := f.Usage
		f.Usage = func() { usage(); _, _ = fmt.Fprintln(s.err, about) }
		for _, a := range args {
			if a == "-h" || a == "--help" || a == "-help" {
				f.Usage()
				return flag.ErrHelp
			}
		}
		return wrongUsage("this command is not there yet; CHANGELOG.md tells when it comes")
	}
}
