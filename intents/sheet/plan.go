package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Problem is something about a workbook that somebody has to mend in it.
type Problem struct {
	Sheet, Cell string // Cell is empty when the whole sheet is meant
	Text        string // in Japanese: those who keep workbooks read it
}

func (p Problem) String() string {
	if p.Cell == "" {
		return fmt.Sprintf("シート「%s」: %s", p.Sheet, p.Text)
	}
	return fmt.Sprintf("シート「%s」セル %s: %s", p.Sheet, p.Cell, p.Text)
}

// Change is one value that a workbook changes.
type Change struct {
	File     string
	Line     int // where it stands now; 0 for what is new
	What     string
	Old, New string
}

func (c Change) String() string {
	at := c.File
	if c.Line > 0 {
		at = fmt.Sprintf("%s:%d", c.File, c.Line)
	}
	return fmt.Sprintf("%s: %s: %s → %s", at, c.What, shown(c.Old), shown(c.New))
}

func shown(s string) string {
	if s == "" {
		return "（なし）"
	}
	return "「" + strings.ReplaceAll(s, "\n", `\n`) + "」"
}

// Plan is what a workbook would do to a pack.
type Plan struct {
	Problems []Problem // any: nothing may be written
	Notes    []Problem // what was left as it is, and why
	Changes  []Change
	before   map[string]string
	after    map[string]string
}

// Files are the files that change, with their new text; nil for one that goes.
func (p *Plan) Files() map[string]*string {
	out := map[string]*string{}
	for name, text := range p.after {
		if old, ok := p.before[name]; !ok || old != text {
			out[name] = &text
		}
	}
	for name := range p.before {
		if _, ok := p.after[name]; !ok {
			out[name] = nil
		}
	}
	return out
}

// Over is the pack as it would be: dir with the plan's files in their places.
func (p *Plan) Over(dir fs.FS) (fs.FS, error) {
	all := maps.Clone(p.after)
	lists, err := fs.Glob(dir, "*.csv")
	if err != nil {
		return nil, fmt.Errorf("look for lists: %w", err)
	}
	for _, name := range lists {
		b, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fmt.Errorf("read the pack: %w", err)
		}
		all[name] = string(b)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b) // an archive is the standard library's file system in memory
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f, err2 := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err2 == nil {
			_, err2 = f.Write([]byte(all[name]))
		}
		err = errors.Join(err, err2)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("keep the pack in memory: %w", err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, fmt.Errorf("keep the pack in memory: %w", err)
	}
	return r, nil
}
