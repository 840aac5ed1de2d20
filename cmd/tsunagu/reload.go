package main

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/intents/check"
)

// watchEvery is how often the pack's folder is looked at.
const watchEvery = 5 * time.Second

// packWatch brings a changed content pack into force, all or nothing: content
// and model change together, by one pointer, and a pack the check finds broken
// is refused while the old one stays.
//
// A folder is read only after it has been quiet for one look: whoever saves
// several files gets them all in at once. It is then read whole into memory,
// so that what is checked is what is used.
type packWatch struct {
	dir      fs.FS
	name     string // of the folder, for the log
	training string // hash of the texts the model in force was trained from
	model    *understand.Model
	now      func() time.Time
	log      *slog.Logger
	use      func(*intents.Pack, *understand.Model)         // puts both into force
	train    func(*intents.Pack) (*understand.Model, error) // for texts no model is trained from yet

	seen    string // fingerprint at the last look
	done    string // fingerprint of what was last used or refused
	waiting *intents.Pack
	trained chan trainedPack
}

type trainedPack struct {
	pack  *intents.Pack
	model *understand.Model
	err   error
}

// Run looks at the folder until ctx ends; a value on now reads it at once.
func (w *packWatch) Run(ctx context.Context, every time.Duration, now <-chan os.Signal) error {
	w.seen = fingerprint(w.dir)
	w.done = w.seen
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil // training that still runs ends with the process; it changes nothing
		case <-now:
			w.log.InfoContext(ctx, "asked to read the content pack", "dir", w.name)
			w.seen, w.done = fingerprint(w.dir), ""
			w.look(ctx)
		case <-tick.C:
			w.look(ctx)
		case t := <-w.trained:
			w.finish(ctx, t)
		}
	}
}

// look reads the folder when it changed and has been quiet since the last
// look.
func (w *packWatch) look(ctx context.Context) {
	print := fingerprint(w.dir)
	quiet := print == w.seen
	w.seen = print
	if !quiet || print == w.done {
		return
	}
	files, err := snapshot(w.dir)
	if err != nil {
		w.log.ErrorContext(ctx, "the content pack cannot be read; the old one stays", "dir", w.name, "err", err)
		return
	}
	if fingerprint(w.dir) != print {
		return // somebody is saving right now
	}
	w.done = print
	report := check.Pack(files, check.Options{Now: w.now()})
	if broken := report.Refuse(); len(broken) > 0 {
		for _, f := range broken {
			w.log.ErrorContext(ctx, "content pack", "at", fmt.Sprintf("%s/%s:%d", w.name, f.File, f.Line), "problem", f.Text, "mend", f.Mend)
		}
		w.log.ErrorContext(ctx, "the changed content pack is refused; the old one stays", "dir", w.name, "errors", len(broken))
		return
	}
	w.prepare(ctx, report.Pack)
}

// prepare puts a sound pack into force, or has its model trained first.
func (w *packWatch) prepare(ctx context.Context, p *intents.Pack) {
	if p.Training == w.training {
		w.put(ctx, p, w.model)
		return
	}
	w.waiting = p
	if w.trained != nil {
		return // one training at a time; this pack's turn comes after it
	}
	w.log.InfoContext(ctx, "the examples changed; the model is trained anew, the old pack stays in force meanwhile", "examples", len(p.Examples))
	w.trained = make(chan trainedPack, 1)
	go func(done chan<- trainedPack) {
		m, err := w.train(p)
		done <- trainedPack{p, m, err}
	}(w.trained)
}

// finish puts a pack into force whose model is trained now, unless a newer one
// came meanwhile.
func (w *packWatch) finish(ctx context.Context, t trainedPack) {
	w.trained = nil
	latest := w.waiting
	w.waiting = nil
	switch {
	case t.err != nil:
		w.log.ErrorContext(ctx, "the model could not be trained; the old pack stays", "err", t.err)
	case latest == nil:
		// A newer pack with the old examples is in force already.
	case latest.Training == t.pack.Training:
		w.put(ctx, latest, t.model)
	default:
		w.prepare(ctx, latest)
	}
}

func (w *packWatch) put(ctx context.Context, p *intents.Pack, m *understand.Model) {
	w.use(p, m)
	w.training, w.model, w.waiting = p.Training, m, nil
	w.log.InfoContext(ctx, "content pack in force", "dir", w.name, "content", p.Version)
}

// fingerprint changes with every file that is added, removed or saved.
func fingerprint(dir fs.FS) string {
	var b strings.Builder
	_ = fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !packFile(name, d) {
			return nil // what cannot be read now is told when it is read
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return nil
	})
	return b.String()
}

// packFile leaves out what is no part of a pack: hidden files, models, code.
func packFile(name string, d fs.DirEntry) bool {
	base := d.Name()
	if name != "." && strings.HasPrefix(base, ".") || strings.HasSuffix(base, "~") {
		return false
	}
	for _, end := range []string{".yaml", ".yml", ".csv", ".tsv", ".txt", ".jsonl", ".png"} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	return d.IsDir()
}

// snapshot reads a folder into memory; an archive is the standard library's
// file system for that.
func snapshot(dir fs.FS) (fs.FS, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !packFile(name, d) {
			return err
		}
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return err
		}
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		_, err = f.Write(text)
		return err
	})
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, fmt.Errorf("read the pack's folder: %w", err)
	}
	r, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		return nil, fmt.Errorf("keep the pack in memory: %w", err)
	}
	return r, nil
}

// watchContent keeps the service's pack as its folder says. A pack inside the
// program never changes; SIGHUP then only says so.
func (s *service) watchContent(ctx context.Context) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	if s.cfg.IntentsDir == "" || s.pack == nil {
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-hup:
				s.log.InfoContext(ctx, "the content pack is the one inside the program; set INTENTS_DIR to change it")
			}
		}
	}
	return s.watchOf(s.cfg.IntentsDir, s.pack, s.model).Run(ctx, watchEvery, hup)
}

// watchOf keeps the service's pack as dir says. p and m are the pack and model
// in force.
func (s *service) watchOf(dir string, p *intents.Pack, m *understand.Model) *packWatch {
	return &packWatch{
		dir: os.DirFS(dir), name: dir, training: p.Training, model: m, now: time.Now, log: s.log,
		use: func(p *intents.Pack, m *understand.Model) {
			s.pictures.Store(picturesOf(p))
			s.tutor.Rebase(s.baseOf(botOf(p, m, s.cfg.PublicURL), m, p))
		},
		train: func(p *intents.Pack) (*understand.Model, error) {
			return openModel(p, dir, os.Stderr)
		},
	}
}

// botOf is the dialogue of a pack. public is the address residents reach, for
// the page that tells what happens to their words.
func botOf(p *intents.Pack, m *understand.Model, public string) *bot.Bot {
	if p.Content.City.Privacy == "" {
		p.Content.City.Privacy = public + "/privacy"
	}
	return bot.New(p.Content, m)
}
