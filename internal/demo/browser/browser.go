// Package browser drives a headless Chromium through the demo's page, for its
// tests and for the pictures of the README. It knows no page: callers name
// what to press and what to wait for. The product does not use it.
package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"
)

// ErrMissing reports that there is no Chromium on this machine.
var ErrMissing = errors.New("no Chromium found. Install it: \"sudo apt-get install chromium\" on Debian, " +
	"\"sudo snap install chromium\" on Ubuntu, \"brew install --cask chromium\" on macOS; or set CHROMIUM to its path")

// Find returns the path of Chromium, or ErrMissing.
func Find() (string, error) {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// patience is how long one thing may take on a busy machine.
const patience = 30 * time.Second

// Page is one page in a browser of its own. Its methods do one thing after
// the other until one fails; Err tells which.
type Page struct {
	ctx   context.Context
	close []func()
	err   error
}

// Open starts a browser that asks nobody anything, with a profile that is gone
// afterwards. Close it.
func Open(ctx context.Context) (*Page, error) {
	path, err := Find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "tsunagu-browser")
	if err != nil {
		return nil, fmt.Errorf("make a browser profile: %w", err)
	}
	p := &Page{close: []func(){func() { _ = os.RemoveAll(profile) }}}
	ctx, cancel := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "ja"))
	p.close = append(p.close, cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	p.close = append(p.close, cancel)
	p.ctx = ctx
	if err := chromedp.Do(ctx); err != nil {
		p.Close()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	return p, nil
}

// Close ends the browser.
func (p *Page) Close() {
	for i := len(p.close) - 1; i >= 0; i-- {
		p.close[i]()
	}
	p.close = nil
}

// Fail says that something is not as it should be.
func (p *Page) Fail(what string) {
	if p.err == nil {
		p.err = errors.New(what)
	}
}

// Err is the first thing that did not work.
func (p *Page) Err() error { return p.err }

func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	if p.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.err = fmt.Errorf("%s: %w", what, err)
	}
}

// Go opens an address.
func (p *Page) Go(url string) { p.do("open the page", chromedp.Navigate(url)) }

// Size sets the size of the window in CSS pixels, and how many dots each has.
func (p *Page) Size(width, height int64, scale float64) {
	p.do("set the size", chromedp.EmulateViewport(width, height, chromedp.EmulateScale(scale)))
}

// True asks the page a JavaScript expression.
func (p *Page) True(expression string) bool {
	if p.err != nil {
		return false
	}
	yes, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression))
	if err != nil {
		p.err = fmt.Errorf("ask %s: %w", expression, err)
	}
	return yes
}

// Number asks the page a JavaScript expression that is a number.
func (p *Page) Number(expression string) float64 {
	if p.err != nil {
		return 0
	}
	n, err := chromedp.Run(p.ctx, chromedp.Evaluate[float64](expression))
	if err != nil {
		p.err = fmt.Errorf("ask %s: %w", expression, err)
	}
	return n
}

// Until waits until a JavaScript expression is true.
func (p *Page) Until(what, expression string) {
	for end := time.Now().Add(patience); p.err == nil && !p.True(expression); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(end) {
			p.err = fmt.Errorf("wait for %s: not within %v", what, patience)
		}
	}
}

// Press presses the newest of the elements that fit a CSS selector and contain
// a text, once it is there and can be pressed.
func (p *Page) Press(selector, text string) {
	find := fmt.Sprintf(`[...document.querySelectorAll(%s)].findLast((e) => e.textContent.includes(%s) && !e.disabled && !e.closest("[inert]"))`,
		strconv.Quote(selector), strconv.Quote(text))
	p.Until(selector+" with "+strconv.Quote(text), find+" !== undefined")
	p.do("press "+selector, chromedp.Evaluate[chromedp.Void](find+".click()"))
}

// Type types a text into the first element that fits a CSS selector. A newline
// is the Enter key.
func (p *Page) Type(selector, text string) {
	p.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text))
}

// Choose chooses, in the newest menu that fits a CSS selector and has such an
// entry, the first entry that contains a text.
func (p *Page) Choose(selector, text string) {
	find := fmt.Sprintf(`[...document.querySelectorAll(%s)].filter((e) => !e.disabled && !e.closest("[inert]")).map((e) => [...e.options].find((o) => o.value && o.textContent.includes(%s))).findLast((o) => o)`,
		strconv.Quote(selector), strconv.Quote(text))
	p.Until(selector+" with "+strconv.Quote(text), find+" !== undefined")
	p.do("choose in "+selector, chromedp.Evaluate[chromedp.Void](
		fmt.Sprintf(`(() => { const o = %s, s = o.closest("select"); s.value = o.value; s.dispatchEvent(new Event("change", { bubbles: true })); })()`, find)))
}

// Show scrolls to the newest element that fits a CSS selector and contains a
// text.
func (p *Page) Show(selector, text string) {
	find := fmt.Sprintf(`[...document.querySelectorAll(%s)].findLast((e) => e.textContent.includes(%s))`, strconv.Quote(selector), strconv.Quote(text))
	p.Until(selector+" with "+strconv.Quote(text), find+" !== undefined")
	p.do("show "+selector, chromedp.Evaluate[chromedp.Void](find+`.scrollIntoView({ block: "center" })`))
}

// Rest lets movements on the page end.
func (p *Page) Rest() { p.do("rest", chromedp.Sleep(700*time.Millisecond)) }

// Picture is what the window shows, as PNG.
func (p *Page) Picture() []byte {
	if p.err != nil {
		return nil
	}
	picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.err = fmt.Errorf("take a picture: %w", err)
	}
	return picture
}

// PictureOf is the part of the window where the first element is that fits a
// CSS selector, as PNG. The browser's own way would scroll and resize the
// page, which would show something else then.
func (p *Page) PictureOf(selector string) []byte {
	shown := p.Picture()
	if p.err != nil {
		return nil
	}
	box, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]float64](fmt.Sprintf(
		`(() => { const b = document.querySelector(%s).getBoundingClientRect(), d = devicePixelRatio; return [b.left * d, b.top * d, b.right * d, b.bottom * d]; })()`,
		strconv.Quote(selector))))
	if err != nil || len(box) != 4 {
		p.err = fmt.Errorf("find %s in the picture: %w", selector, err)
		return nil
	}
	part, err := cut(shown, image.Rect(int(box[0]), int(box[1]), int(box[2]), int(box[3])))
	if err != nil {
		p.err = fmt.Errorf("cut %s out of the picture: %w", selector, err)
	}
	return part
}

// cut is a part of a PNG, as PNG.
func cut(picture []byte, part image.Rectangle) ([]byte, error) {
	whole, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	canvas := image.NewRGBA(part.Intersect(whole.Bounds()))
	draw.Draw(canvas, canvas.Bounds(), whole, canvas.Bounds().Min, draw.Src)
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, canvas); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
