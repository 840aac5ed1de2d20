package intents

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// reader reads the files of one pack and collects what is wrong with them.
type reader struct {
	dir      fs.FS
	problems []Problem
	hash     []string
	files    []File
}

func (r *reader) fail(file string, line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (r *reader) read(name string) ([]byte, bool) {
	b, err := fs.ReadFile(r.dir, name)
	if err != nil {
		r.problems = append(r.problems, Problem{File: name, Text: "the file cannot be read", Mend: "put it back, or copy it from the embedded pack"})
		return nil, false
	}
	sum := sha256.Sum256(b)
	r.hash = append(r.hash, name+" "+hex.EncodeToString(sum[:]))
	return bytes.TrimPrefix(b, []byte("\ufeff")), true // some editors begin a file with a mark
}

// yaml reads a file strictly: an unknown key is a mistake, with its line. It
// reports whether all went well.
func (r *reader) yaml(name string, into any) bool {
	b, ok := r.read(name)
	if !ok {
		return false
	}
	r.files = append(r.files, File{name, into})
	if err := yaml.UnmarshalWithOptions(b, into, yaml.Strict()); err != nil {
		_ = yaml.Unmarshal(b, into) // as far as it goes, for those who look at broken packs
		line := 0
		var at yaml.Error
		if errors.As(err, &at) && at.GetToken() != nil && at.GetToken().Position != nil {
			line = at.GetToken().Position.Line
			r.fail(name, line, "%s", at.GetMessage())
			return false
		}
		r.fail(name, line, "%v", err)
		return false
	}
	return true
}

func (r *reader) folder(folder, suffix string) []string {
	entries, err := fs.ReadDir(r.dir, folder)
	if err != nil {
		r.fail(folder, 0, "the folder cannot be read")
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), suffix) && !strings.HasPrefix(e.Name(), ".") {
			names = append(names, path.Join(folder, e.Name()))
		}
	}
	return names
}

func (r *reader) examples() []understand.Example {
	var all []understand.Example
	for _, name := range r.folder("examples", ".txt") {
		b, ok := r.read(name)
		if !ok {
			continue
		}
		list, problems := understand.ParseExamples(name, b)
		all = append(all, list...)
		for _, p := range problems {
			r.problems = append(r.problems, Problem{File: p.File, Line: p.Line, Text: p.Text})
		}
	}
	return all
}

// exam reads exam.jsonl; a pack without one cannot say what a change is worth.
func (r *reader) exam() []understand.Case {
	if _, err := fs.Stat(r.dir, "exam.jsonl"); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	b, ok := r.read("exam.jsonl")
	if !ok {
		return nil
	}
	cases, err := understand.ParseCases(b)
	if err != nil {
		r.fail("exam.jsonl", 0, "%v", err)
	}
	return cases
}

// version is the same for the same files, wherever they lie.
func (r *reader) version() string {
	slices.Sort(r.hash)
	sum := sha256.Sum256([]byte(strings.Join(r.hash, "\n")))
	return hex.EncodeToString(sum[:8])
}
