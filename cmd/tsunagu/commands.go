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
		{"migrate", "up|down|status|reseal", "bring the database to the current schema; seal everything with the newest key", migrateCommand},
		{"ask", "[--json|--jsonl] [TEXT]", "understand one message, offline", askCommand},
		{"chat", "[--lang LANG] [--script FILE]", "a conversation in the terminal through the same core", chatCommand},
		{"check", "[--live] [--quick] [DIR]", "check a content pack", checkCommand},
		{"train", "[--out FILE] [DIR]", "train the understanding from a pack, reproducibly", trainCommand},
		{"pack", "new CITY|export FILE.xlsx|import FILE.xlsx|hsds|lessons", "work on a content pack", packCommand},
		{"easy", "[--fix] [--json] [--where out|bc|ja] [--disaster] [FILE]", "check text against the easy-Japanese rules", easyCommand},
		{"eval", "intents FILE|classify …|retrieval …", "measure understanding", evalCommand},
		{"doctor", "", "check a real deployment, a line each", doctorCommand},
		{"bench", "[--rate N] [--users N] [--duration D] [--json]", "load on a temporary instance with stand-ins", benchCommand},
		{"report", "[--from MONTH] [--to MONTH] [--format html|csv|json] [--out FILE]", "what the town asks for and what did not connect, small numbers hidden", reportCommand},
		{"erase", "RESIDENT --by NAME [--dry-run] [--yes] [--force] [--tell] [--wait D] | --list", "erase a resident's data, everywhere it was kept or shown", eraseCommand},
		{"export", "RESIDENT [--out FOLDER|FILE.zip] [--with-memos] [--with-line-id]", "give a resident what is kept of them", exportCommand},
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
		for _, c := range append(commands(), packWords()...) {
			if c.name == name {
				_, _ = fmt.Fprintf(s.err, "Usage: tsunagu %s %s\n%s\n", c.name, c.args, c.summary)
			}
		}
		f.PrintDefaults()
	}
	return f
}

// parse reads the arguments; what is wrong with them is a usage error of one
// line. Flags may stand after other arguments ("eval intents FILE --json");
// what follows "--" is none.
func parse(f *flag.FlagSet, args []string) error {
	to, help := f.Output(), f.Usage
	f.SetOutput(io.Discard) // the whole help would bury what is wrong
	f.Usage = func() {}
	defer func() { f.SetOutput(to); f.Usage = help }()
	var rest []string
	for {
		if err := f.Parse(args); errors.Is(err, flag.ErrHelp) {
			f.SetOutput(to)
			help()
			return err
		} else if err != nil {
			return wrongUsage("%w; \"tsunagu %s --help\" lists the flags", err, f.Name())
		}
		ended := len(args) > f.NArg() && args[len(args)-f.NArg()-1] == "--"
		if f.NArg() == 0 || ended {
			rest = append(rest, f.Args()...)
			break
		}
		rest = append(rest, f.Arg(0))
		args = f.Args()[1:]
	}
	if err := f.Parse(append([]string{"--"}, rest...)); err != nil {
		return usageError{err}
	}
	return nil
}

// atMost refuses arguments beyond the first n, so that none is ignored
// silently.
func atMost(f *flag.FlagSet, n int) error {
	if f.NArg() <= n {
		return nil
	}
	return wrongUsage("%q is one argument too many; \"tsunagu %s --help\" tells what can be given", f.Arg(n), f.Name())
}
