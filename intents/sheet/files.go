// Package sheet brings a content pack into a workbook and back: a sheet for
// each kind of thing, a row for each item. What comes back changes the values
// that were changed in the workbook and no other byte of the pack's files.
package sheet

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/intents/edit"
)

// texts are the pack's files, and how they read.
type texts struct {
	files map[string]string
	docs  map[string]*edit.Doc
}

// readTexts reads every file of the pack that sheets are made from.
func readTexts(dir fs.FS) (*texts, error) {
	t := &texts{files: map[string]string{}, docs: map[string]*edit.Doc{}}
	for _, pattern := range []string{"*.yaml", "windows/*.yaml", "forms/*.yaml", "replies/*.yaml", "examples/*.txt"} {
		names, err := fs.Glob(dir, pattern)
		if err != nil {
			return nil, fmt.Errorf("look for %s: %w", pattern, err)
		}
		for _, name := range names {
			b, err := fs.ReadFile(dir, name)
			if err != nil {
				return nil, fmt.Errorf("read the pack: %w", err)
			}
			t.files[name] = string(b)
		}
	}
	return t, nil
}

func (t *texts) clone() *texts {
	return &texts{files: maps.Clone(t.files), docs: maps.Clone(t.docs)}
}

// names are the files of a pattern, in order.
func (t *texts) names(pattern string) []string {
	var out []string
	for name := range t.files {
		if ok, err := path.Match(pattern, name); err == nil && ok && !strings.HasPrefix(path.Base(name), ".") {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

func (t *texts) doc(name string) (*edit.Doc, error) {
	if d := t.docs[name]; d != nil {
		return d, nil
	}
	d, err := edit.Parse(t.files[name])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.docs[name] = d
	return d, nil
}

// write puts a changed text in the place of a file's, when it can be read.
func (t *texts) write(name, text string) error {
	delete(t.docs, name)
	t.files[name] = text
	if strings.HasSuffix(name, ".yaml") {
		_, err := t.doc(name)
		return err
	}
	return nil
}

func (t *texts) drop(name string) {
	delete(t.docs, name)
	delete(t.files, name)
}
