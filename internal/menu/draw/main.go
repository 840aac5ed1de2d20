// Command draw draws the pictures of the menus from the content pack, with a
// headless Chromium, and keeps beside them what each was drawn from.
//
//	go run ./internal/menu/draw [-dir intents]
package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image/png"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/demo/browser"
	"github.com/tsunagu-chat/tsunagu/internal/menu"
)

func main() {
	dir := flag.String("dir", "intents", "folder of the content pack")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *dir)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}

// colours is how many a picture has: two tones, white and the shades at the
// edges of letters.
const colours = 24

// run draws what has changed since it was drawn last.
func run(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	pack, problems := intents.Read(os.DirFS(dir))
	menus := menu.All(pack.Content.Menu)
	if len(menus) == 0 {
		return errors.Join(fmt.Errorf("%s has no menu.yaml that can be read", dir), problemsOf(problems))
	}
	if err := os.MkdirAll(filepath.Join(dir, "menu"), 0o750); err != nil {
		return fmt.Errorf("make the folder: %w", err)
	}
	file := filepath.Join(dir, intents.MenuDrawn)
	drawn := map[string]string{}
	if b, err := os.ReadFile(file); err == nil { //nolint:gosec // the caller names the folder
		_ = json.Unmarshal(b, &drawn) // what cannot be read is drawn again
	}
	p, err := browser.Open(ctx)
	if err != nil {
		return err
	}
	defer p.Close()
	p.Size(menu.Width, menu.Height, 1)
	for _, m := range menus {
		if drawn[m.Name] == m.Source() && len(pack.Pictures[m.Name]) > 0 {
			continue
		}
		if err := draw(p, m, filepath.Join(dir, intents.MenuPicture(m.Name))); err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		drawn[m.Name] = m.Source()
	}
	b, err := json.MarshalIndent(drawn, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(b, '\n'), 0o644) //nolint:gosec // part of the repository
}

func draw(p *browser.Page, m menu.Menu, file string) error {
	p.Go("data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte(m.Page())))
	p.Until("the letters", `document.title === "drawn"`)
	shot := p.Picture()
	if err := p.Err(); err != nil {
		return err
	}
	img, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		return fmt.Errorf("read the picture: %w", err)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, browser.FewColours(img, colours)); err != nil {
		return fmt.Errorf("write the picture: %w", err)
	}
	if out.Len() > menu.MaxBytes {
		return fmt.Errorf("%d bytes; LINE takes %d", out.Len(), menu.MaxBytes)
	}
	fmt.Printf("%s: %d KB\n", file, out.Len()>>10)
	return os.WriteFile(file, out.Bytes(), 0o644) //nolint:gosec // part of the repository
}

func problemsOf(list []intents.Problem) error {
	var errs []error
	for _, p := range list {
		errs = append(errs, fmt.Errorf("%v", p))
	}
	return errors.Join(errs...)
}
