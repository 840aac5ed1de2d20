package menu_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/menu"
)

func shipped(t *testing.T) (*intents.Pack, []menu.Menu) {
	t.Helper()
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	all := menu.All(pack.Content.Menu)
	if want := len(bot.MenuSheets) * len(bot.Langs); len(all) != want {
		t.Fatalf("got %d menus, want %d", len(all), want)
	}
	return pack, all
}

// TestPictures holds the pictures to LINE's limits and to what stands in
// menu.yaml now. https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
func TestPictures(t *testing.T) {
	t.Parallel()
	pack, all := shipped(t)
	raw, err := fs.ReadFile(intents.Embedded(), intents.MenuDrawn)
	if err != nil {
		t.Fatal(err)
	}
	var drawn map[string]string
	if err := json.Unmarshal(raw, &drawn); err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		picture := pack.Pictures[m.Name]
		size, err := png.DecodeConfig(bytes.NewReader(picture))
		if err != nil {
			t.Errorf("%s: %v: run make menus", m.Name, err)
			continue
		}
		if size.Width != menu.Width || size.Height != menu.Height {
			t.Errorf("%s: got %d×%d, want %d×%d", m.Name, size.Width, size.Height, menu.Width, menu.Height)
		}
		if len(picture) > menu.MaxBytes {
			t.Errorf("%s: got %d bytes, want at most %d", m.Name, len(picture), menu.MaxBytes)
		}
		if drawn[m.Name] != m.Source() {
			t.Errorf("%s was drawn from another menu.yaml: run make menus", m.Name)
		}
	}
}

func TestAreas(t *testing.T) {
	t.Parallel()
	_, all := shipped(t)
	for _, m := range all {
		covered := 0
		for i, a := range m.Areas {
			covered += a.Width * a.Height
			if !slices.Contains(menu.Icons(), a.Icon) {
				t.Errorf("%s area %d: there is no pictogram %q", m.Name, i, a.Icon)
			}
			if !bot.Does(a.Does) {
				t.Errorf("%s area %d: nothing follows from %q", m.Name, i, a.Does)
			}
			if !strings.Contains(m.Page(), "<div class=\"label\">") {
				t.Errorf("%s area %d: no label on the page", m.Name, i)
			}
		}
		if len(m.Areas) != 6 || covered != menu.Width*menu.Height {
			t.Errorf("%s: %d areas cover %d dots, want 6 that cover all %d", m.Name, len(m.Areas), covered, menu.Width*menu.Height)
		}
	}
}

func TestReadingsAreDrawnAbove(t *testing.T) {
	t.Parallel()
	m := bot.Menu{
		Areas:  []bot.MenuArea{{ID: "a", Icon: "place", Label: bot.Words{bot.EasyJa: "近（ちか）くの｜あつまり <b>"}}},
		Sheets: []bot.MenuSheet{{ID: bot.SheetUsual, Areas: []string{"a"}}},
	}
	page := menu.All(m)[1].Page()
	if want := "<ruby>近<rt>ちか</rt></ruby>くの<br>あつまり &lt;b&gt;"; !strings.Contains(page, want) {
		t.Errorf("page has no %s:\n%s", want, page)
	}
}
