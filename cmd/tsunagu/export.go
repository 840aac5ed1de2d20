package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/disclosure"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/store"
)

const exportHelp = `
RESIDENT is a case's number (T-ABC234), a resident's id (r-…), or a LINE user id (U…).

Without --out the record goes to stdout as JSON (docs/operations.md names its fields). With --out PATH a
folder is made, or a zip file when PATH ends in .zip: record.json, record.html to read or print, and files/.
Nothing is overwritten; only this user can read it.

What staff wrote for staff is left out, and the record says how much that is: whether it may be given is a
decision under the law on personal information, for each single piece. --with-memos puts it in.

Make sure who is asking before you hand it over. The words are somebody's worst days.`

// exportCommand gives a resident what is kept of them.
func exportCommand(ctx context.Context, args []string, s streams) error {
	f := flags("export", s)
	out := f.String("out", "", "folder or .zip file to make; empty: JSON to stdout")
	memos := f.Bool("with-memos", false, "what staff wrote for staff, too")
	contact := f.Bool("with-line-id", false, "the LINE user id, too")
	usage := f.Usage
	f.Usage = func() { usage(); _, _ = fmt.Fprintln(s.err, exportHelp) }
	if err := parse(f, args); err != nil {
		return err
	}
	given, err := oneResident(f.Args(), "export")
	if err != nil {
		return err
	}
	cfg, err := readConfig(s.env, false)
	if err != nil {
		return err
	}
	if *out != "" {
		if _, err := os.Lstat(*out); err == nil {
			return wrongUsage("--out %s is there already and is not overwritten", *out)
		}
	}
	pack, err := openPack(cfg.IntentsDir, s.err)
	if err != nil {
		return err
	}
	k, err := openKept(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = k.Close() }()
	resident, _, err := k.who(ctx, given)
	if err != nil {
		return err
	}
	have, err := k.Export(ctx, resident)
	if gone(err) {
		return errNobody
	}
	if err != nil {
		return err
	}
	person, err := k.personOf(ctx, have)
	if err != nil {
		return err
	}
	options := disclosure.Options{At: time.Now(), Content: pack.Content, Memos: *memos, Contact: *contact}
	if person.StateLost {
		_, _ = fmt.Fprintln(s.err, "tsunagu export: Redis does not answer; words of the last two hours that no staff got may be missing, and the record says so")
	}
	if *out != "" {
		if err := k.writeRecord(ctx, *out, person, options); err != nil {
			return err
		}
		_, _ = fmt.Fprintf(s.out, "%s: %d cases, %d files\n", *out, len(person.Cases), len(person.Files))
		return nil
	}
	b, err := disclosure.Of(person, options).JSON()
	if err != nil {
		return err
	}
	_, err = s.out.Write(b)
	return err
}

// personOf puts what the stores have into the record's words.
func (k *kept) personOf(ctx context.Context, r store.Record) (disclosure.Kept, error) {
	p := disclosure.Kept{
		Resident: r.Resident, Contact: r.Contact, Since: r.Since, Last: r.Seen, Blocked: r.Blocked, Waiting: r.Waiting, Aside: r.Aside,
	}
	state := []byte(r.State)
	if k.session != nil { // who may be watched has words in Redis only
		known, err := k.Resident(ctx, r.Resident)
		if err != nil {
			return p, err
		}
		number, live, ok, err := k.session.Load(ctx, r.Resident)
		p.StateLost = err != nil
		if err == nil && ok && number == known.Number {
			state = live
		}
	}
	if len(state) > 0 {
		if err := json.Unmarshal(state, &p.State); err != nil {
			return p, errors.New("the dialogue's state is not as it was written")
		}
	}
	// A process of its own, without Redis, keeps such words where no other
	// process can see them.
	p.StateLost = p.StateLost || k.session == nil && p.State.Quiet
	for _, c := range r.Cases {
		p.Cases = append(p.Cases, disclosure.Case{Case: c.Case, Entries: c.Entries})
	}
	small := map[string]bool{} // copies for phones
	for _, m := range r.Media {
		small[reception.PreviewID(m.MessageID)] = true
	}
	for _, m := range r.Media {
		if small[m.MessageID] {
			continue
		}
		p.Files = append(p.Files, disclosure.File{
			ID: m.MessageID, MIME: m.MIME, Size: m.Size, Expires: m.Expires, FromStaff: strings.HasPrefix(m.MessageID, "staff-"),
		})
	}
	for _, l := range r.Lessons {
		p.Lessons = append(p.Lessons, disclosure.Lesson{Text: l.Text, At: l.At})
	}
	return p, nil
}

// target is where a record goes: a folder or a zip file.
type target interface {
	create(name string) (io.WriteCloser, error)
	io.Closer
}

// writeRecord makes the record with its files. When it fails nothing is left.
func (k *kept) writeRecord(ctx context.Context, path string, p disclosure.Kept, o disclosure.Options) (err error) {
	var to target
	if strings.EqualFold(filepath.Ext(path), ".zip") {
		to, err = newZip(path)
	} else {
		to, err = newFolder(path)
	}
	if errors.Is(err, fs.ErrExist) {
		return wrongUsage("--out %s is there already and is not overwritten", path)
	}
	if err != nil {
		return fmt.Errorf("make %s: %w", path, err)
	}
	defer func() {
		if e := to.Close(); err == nil {
			err = e
		}
		if err != nil {
			err = errors.Join(err, os.RemoveAll(path)) // ours: it was not there before
		}
	}()
	files := p.Files[:0:0]
	for i, f := range p.Files {
		m, err := k.Media(ctx, f.ID)
		switch {
		case errors.Is(err, reception.ErrNotFound): // deleted meanwhile, or past its time
			continue
		case err != nil:
			return err
		}
		f.Name, f.Path = m.Name, fmt.Sprintf("files/%03d.%s", i+1, extensionOf(m.MIME))
		if err := put(to, f.Path, bytes.NewReader(m.Content)); err != nil {
			return err
		}
		files = append(files, f)
	}
	p.Files = files
	record := disclosure.Of(p, o)
	b, err := record.JSON()
	if err != nil {
		return err
	}
	if err := put(to, "record.json", bytes.NewReader(b)); err != nil {
		return err
	}
	var page bytes.Buffer
	if err := record.Page(&page); err != nil {
		return err
	}
	return put(to, "record.html", &page)
}

func put(to target, name string, content io.Reader) error {
	w, err := to.create(name)
	if err != nil {
		return fmt.Errorf("make %s: %w", name, err)
	}
	_, err = io.Copy(w, content)
	if e := w.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// extensionOf ends a file's name so that its program opens it. What it is
// called came from outside and is not used.
func extensionOf(mime string) string {
	kind, _, _ := strings.Cut(mime, ";")
	known := map[string]string{
		"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
		"video/mp4": "mp4", "video/quicktime": "mov", "audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/mpeg": "mp3",
		"application/pdf": "pdf", "text/plain": "txt", "application/zip": "zip",
	}
	if ext := known[strings.TrimSpace(kind)]; ext != "" {
		return ext
	}
	return "bin"
}

type folder struct{ path string }

func newFolder(path string) (*folder, error) {
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	return &folder{path}, nil
}

func (f *folder) create(name string) (io.WriteCloser, error) {
	full := filepath.Join(f.path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return nil, err
	}
	return os.OpenFile(full, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // below a folder just made
}

func (f *folder) Close() error { return nil }

type zipped struct {
	file *os.File
	zip  *zip.Writer
}

func newZip(path string) (*zipped, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	return &zipped{f, zip.NewWriter(f)}, nil
}

type inZip struct{ io.Writer }

func (inZip) Close() error { return nil }

func (z *zipped) create(name string) (io.WriteCloser, error) {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Now()}
	h.SetMode(0o600)
	w, err := z.zip.CreateHeader(h)
	return inZip{w}, err
}

func (z *zipped) Close() error { return errors.Join(z.zip.Close(), z.file.Close()) }
