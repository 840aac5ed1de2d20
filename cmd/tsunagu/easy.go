package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/tsunagu-chat/tsunagu/bot/plain"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// maxEasy bounds what "easy" reads, in bytes: a long notice has a few
// thousand.
const maxEasy = 1 << 20

// easyAnswer is what "easy --json" prints.
type easyAnswer struct {
	File   string `json:"file"`
	Errors int    `json:"errors"`
	plain.Report
	Fixed string `json:"fixed,omitempty"` // with --fix; findings and score are of this text
}

// easyCommand checks a text against the rules of easy Japanese. Exit code 1
// when it breaks one (an error; warnings alone are fine).
func easyCommand(_ context.Context, args []string, s streams) error {
	f := flags("easy", s)
	fix := f.Bool("fix", false, "print the text with all mended that can safely be; what is left goes to standard error")
	asJSON := f.Bool("json", false, "one JSON object")
	where := f.String("where", "out", "out: a message in easy Japanese; bc: a broadcast (stricter); ja: ordinary Japanese (warnings only)")
	disaster := f.Bool("disaster", false, "the text is read in a disaster: 24 morae a sentence, meanings beside the words")
	dir := f.String("pack", "", "content pack with the word lists; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	o := plain.Options{Disaster: *disaster}
	switch *where {
	case "out":
	case "bc":
		o.Where = plain.Broadcast
	case "ja":
		o.Where = plain.Ordinary
	default:
		return wrongUsage("--where %q is not out, bc or ja", *where)
	}
	if f.NArg() > 1 {
		return wrongUsage("give one FILE, or none to read standard input")
	}
	if *dir != "" {
		if err := isFolder(*dir); err != nil {
			return wrongUsage("--pack: %w; name a content pack's folder, or leave it out", err)
		}
	}
	name, text, err := easyText(f.Arg(0), s.in)
	if err != nil {
		return err
	}
	files := intents.Embedded()
	if *dir != "" {
		files = os.DirFS(*dir)
	}
	p, err := intents.Plain(files)
	if err != nil {
		return err
	}
	a := easyAnswer{File: name}
	if *fix {
		text = p.Fix(text)
		a.Fixed = text
	}
	a.Report = p.Check(text, o)
	a.Errors = a.Report.Errors()
	if err := a.print(s, *fix, *asJSON); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if a.Errors > 0 {
		return errFailed
	}
	return nil
}

// easyText reads a file, or standard input when none is named.
func easyText(name string, in io.Reader) (string, string, error) {
	if name != "" && name != "-" {
		file, err := os.Open(name) //nolint:gosec // the file the caller names
		if err != nil {
			return "", "", usageError{err}
		}
		defer func() { _ = file.Close() }()
		in = file
	} else {
		name = "-"
	}
	b, err := io.ReadAll(io.LimitReader(in, maxEasy+1))
	if err != nil {
		return "", "", wrongUsage("%w; give a text file", err)
	}
	if len(b) > maxEasy {
		return "", "", wrongUsage("%s is longer than %d bytes; give a part of it", name, maxEasy)
	}
	if !utf8.Valid(b) {
		return "", "", wrongUsage("%s is not UTF-8 text; save it as UTF-8", name)
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if strings.TrimSpace(text) == "" {
		return "", "", wrongUsage("%s is empty; give a FILE, or a text on standard input", name)
	}
	return name, text, nil
}

func (a easyAnswer) print(s streams, fixed, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(a)
	}
	to := s.out
	if fixed {
		to = s.err
		if _, err := io.WriteString(s.out, a.Fixed); err != nil {
			return err
		}
		if !strings.HasSuffix(a.Fixed, "\n") {
			_, _ = io.WriteString(s.out, "\n")
		}
	}
	for _, f := range a.Findings {
		sign := "注意"
		if f.Severity == plain.Error {
			sign = "エラー"
		}
		line := fmt.Sprintf("%s:%d:%d: %s %s 「%s」 %s", a.File, f.Line, f.Column, f.Rule, sign, shortWords(f.Words), f.What)
		if f.Suggestion != "" {
			line += " → " + f.Suggestion
		}
		if _, err := fmt.Fprintln(to, line); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(to, "%d点（100点まで）: %d文、エラー %d、注意 %d\n", a.Score, a.Sentences, a.Errors, len(a.Findings)-a.Errors)
	return err
}

// shortWords keeps a line readable.
func shortWords(words string) string {
	rs := []rune(strings.ReplaceAll(words, "\n", " "))
	if len(rs) > 20 {
		return string(rs[:19]) + "…"
	}
	return string(rs)
}
