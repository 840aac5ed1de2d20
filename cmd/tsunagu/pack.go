package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
)

// openPack reads the pack in dir, or the embedded one when dir is empty.
func openPack(dir string, errs io.Writer) (*intents.Pack, error) {
	files := intents.Embedded()
	if dir != "" {
		if err := isFolder(dir); err != nil {
			return nil, wrongUsage("%w; name a content pack's folder, such as intents", err)
		}
		files = os.DirFS(dir)
	}
	pack, problems, err := intents.Load(files)
	for _, p := range problems {
		_, _ = fmt.Fprintln(errs, p)
	}
	if err != nil {
		return nil, fmt.Errorf("read pack %s: %w", dir, err)
	}
	return pack, nil
}

// cached is the path of a file in the user's cache folder, "" without one.
func cached(name string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "tsunagu", name)
}

// trainedModel returns the understanding of a pack without training: the
// embedded model or the one "tsunagu train" left in the pack's folder when it
// was trained from the same texts, or the one kept in the user's cache folder
// under the texts' hash. It is nil when there is none.
func trainedModel(p *intents.Pack, dir string) *understand.Model {
	if m, ok, err := intents.EmbeddedModel(p); err == nil && ok {
		return m
	}
	if dir != "" {
		if b, err := os.ReadFile(filepath.Join(dir, "model.bin")); err == nil { //nolint:gosec // the operator names the folder
			if m, ok, err := intents.Unstamp(p, b); err == nil && ok {
				return m
			}
		}
	}
	b, err := os.ReadFile(cached(p.Training + ".model"))
	if err != nil {
		return nil
	}
	m, err := understand.Decode(b)
	if err != nil {
		return nil
	}
	return m
}

// openModel returns the understanding of a pack: one that is trained already,
// else one trained now and kept for the next start.
func openModel(p *intents.Pack, dir string, errs io.Writer) (*understand.Model, error) {
	if m := trainedModel(p, dir); m != nil {
		return m, nil
	}
	_, _ = fmt.Fprintf(errs, "training on %d examples; this takes about two minutes, once\n", len(p.Examples))
	m, err := understand.Train(p.ForTraining(), understand.Options{Seed: intents.Seed})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if cache := cached(p.Training + ".model"); cache != "" {
		if err := errors.Join(os.MkdirAll(filepath.Dir(cache), 0o750), os.WriteFile(cache, m.Encode(), 0o600)); err != nil {
			_, _ = fmt.Fprintf(errs, "the trained model could not be kept for the next start: %v\n", err)
		}
	}
	return m, nil
}

// openBot reads a pack and its model. public is the address residents reach,
// for the page that tells what happens to their words.
func openBot(dir, public string, errs io.Writer) (*bot.Bot, *understand.Model, *intents.Pack, error) {
	go understand.Prepare() // while the pack is read
	p, err := openPack(dir, errs)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := openModel(p, dir, errs)
	if err != nil {
		return nil, nil, nil, err
	}
	return botOf(p, m, public), m, p, nil
}

// trainCommand trains a pack and writes the model.
func trainCommand(_ context.Context, args []string, s streams) error {
	f := flags("train", s)
	out := f.String("out", "", "where to write the model; empty: intents/model.bin, or model.bin inside DIR")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 1); err != nil {
		return err
	}
	dir, target := f.Arg(0), *out
	if target == "" {
		target = filepath.Join("intents", "model.bin")
		if dir != "" {
			target = filepath.Join(dir, "model.bin")
		}
	}
	if dir == "" {
		dir = "intents"
	}
	p, err := openPack(dir, s.err)
	if err != nil {
		return err
	}
	m, err := understand.Train(p.ForTraining(), understand.Options{Seed: intents.Seed})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	b := intents.Stamp(p, m.Encode())
	if err := os.WriteFile(target, b, 0o644); err != nil { //nolint:gosec // a model is public content
		return fmt.Errorf("write model: %w", err)
	}
	missed := missedBy(m, p)
	if err := writeMisses(strings.TrimSuffix(target, ".bin")+".misses.json", p, missed); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(s.out, "%s: %d examples, %d of them not understood, %d bytes, texts %s\n", target, len(p.Examples), len(missed), len(b), p.Training)
	return nil
}
