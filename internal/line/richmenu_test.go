package line_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/menu"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// menuBench is a client before a strict LINE that counts what it is asked.
type menuBench struct {
	*bench
	menus    line.Menus
	disaster bool

	mu    sync.Mutex
	asked map[string]int // by method and the path without ids
	fail  string         // the next request of this kind fails with 500
}

func setupMenus(t *testing.T) *menuBench {
	t.Helper()
	b := &menuBench{bench: &bench{t: t}, asked: map[string]int{}}
	p, err := lineapi.New(lineapi.Config{ChannelSecret: secret, ChannelToken: token, Rates: lineapi.PublishedRates()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	b.line = p
	handler := p.Handler()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind := kindOf(r)
		b.mu.Lock()
		b.asked[kind]++
		broken := b.fail == kind
		if broken {
			b.fail = ""
		}
		b.mu.Unlock()
		if broken {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(api.Close)
	b.client, err = line.New(line.Config{
		Secrets: []string{secret}, Token: token, APIBase: api.URL, DataBase: api.URL, Inbox: b, Store: b,
		Pseudonym: func(id string) string { return "r-" + id }, Log: slog.New(slog.DiscardHandler), Disaster: func() bool { return b.disaster },
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.user, err = p.AddUser(lineapi.User{Name: "市民"}); err != nil {
		t.Fatal(err)
	}
	p.Follow(b.user)
	pack, problems, err := intents.Load(intents.Embedded())
	if err != nil {
		t.Fatalf("load pack: %v %v", err, problems)
	}
	b.menus = line.Menus{All: menu.All(pack.Content.Menu), Pictures: pack.Pictures}
	return b
}

func kindOf(r *http.Request) string {
	parts := strings.Split(r.URL.Path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "richmenu-") || strings.HasPrefix(part, "tsunagu-") {
			parts[i] = "ID"
		}
	}
	return r.Method + " " + strings.TrimPrefix(strings.Join(parts, "/"), "/v2/bot/")
}

// update brings the menus up to date and returns what LINE was asked for.
func (b *menuBench) update() map[string]int {
	b.t.Helper()
	b.mu.Lock()
	b.asked = map[string]int{}
	b.mu.Unlock()
	b.menus.Disaster = b.disaster
	if err := b.client.UpdateMenus(b.t.Context(), b.menus); err != nil {
		b.t.Fatalf("update menus: %v", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.asked
}

// show carries the letter for a menu.
func (b *menuBench) show(name string) {
	b.t.Helper()
	body, err := json.Marshal(reception.Menu{Resident: "r", Name: name})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.client.Carry(b.t.Context(), mailbox.Letter{ID: "m", Kind: reception.LetterMenu, Body: body, Tries: 1}); err != nil {
		b.t.Fatalf("show %s: %v", name, err)
	}
}

// onPhone is the name of the menu on the resident's phone.
func (b *menuBench) onPhone() string {
	b.t.Helper()
	ph, _ := b.line.Phone(b.user)
	object, _, _, found := b.line.RichMenu(ph.RichMenuID)
	if !found {
		return ""
	}
	var m struct {
		Name string `json:"name"`
	}
	if err := json.Unmarshal([]byte(object), &m); err != nil {
		b.t.Fatal(err)
	}
	return strings.Fields(m.Name)[1]
}

func (b *menuBench) wantOnPhone(want string) {
	b.t.Helper()
	if got := b.onPhone(); got != want {
		b.t.Errorf("on the phone: got %q, want %q", got, want)
	}
}

// TestMenusKeepLINEsRules checks every shipped menu as LINE would.
func TestMenusKeepLINEsRules(t *testing.T) {
	t.Parallel()
	b := setupMenus(t)
	for _, m := range b.menus.All {
		raw, err := json.Marshal(line.RichMenu(m, b.menus.Pictures[m.Name]))
		if err != nil {
			t.Fatal(err)
		}
		if err := lineapi.CheckRichMenu(raw); err != nil {
			t.Errorf("%s: %v", m.Name, err)
		}
	}
}

func TestMenusAreBroughtUpToDate(t *testing.T) {
	t.Parallel()
	b := setupMenus(t)
	n := len(b.menus.All)
	if got := b.update(); got["POST richmenu"] != n || got["POST richmenu/ID/content"] != n || got["POST richmenu/batch"] != 0 {
		t.Errorf("at first: got %v, want %d created with their pictures and no batch", got, n)
	}
	b.wantOnPhone("usual-ja")
	if got := b.update(); len(got) != 3 {
		t.Errorf("nothing changed: got %v, want three reading calls", got)
	}

	b.show("case-en")
	b.wantOnPhone("case-en")
	changed := map[string][]byte{}
	for name, picture := range b.menus.Pictures {
		changed[name] = picture
	}
	changed["case-en"] = repainted(t, changed["case-en"])
	b.menus.Pictures = changed
	if got := b.update(); got["POST richmenu"] != 1 || got["DELETE richmenu/ID"] != 1 || got["POST richmenu/batch"] != 1 {
		t.Errorf("one picture changed: got %v, want one created, one batch, one deleted", got)
	}
	b.wantOnPhone("case-en")

	b.disaster = true
	if got := b.update(); got["POST richmenu"] != 0 || got["POST richmenu/batch"] != 1 {
		t.Errorf("a disaster: got %v, want one batch and nothing created", got)
	}
	b.wantOnPhone("disaster-case-en")
	b.show("usual-vi")
	b.wantOnPhone("disaster-vi")
	b.disaster = false
	b.update()
	b.wantOnPhone("usual-vi")
	if f := b.client.CheckMenus(t.Context(), b.menus); !f.OK {
		t.Errorf("doctor: got %+v, want all well", f)
	}
	if v := b.line.Violations(); len(v) != 0 {
		t.Errorf("LINE's rules broken: %v", v)
	}
}

// TestMenusAfterAnInterruption breaks the first update off at every kind of
// call: the second makes it whole and leaves nothing behind.
func TestMenusAfterAnInterruption(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"POST richmenu", "POST richmenu/ID/content", "POST richmenu/alias", "POST user/all/richmenu/ID"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			b := setupMenus(t)
			b.fail = at
			if err := b.client.UpdateMenus(t.Context(), b.menus); err == nil {
				t.Fatal("got no error, want one")
			}
			if f := b.client.CheckMenus(t.Context(), b.menus); f.OK && !strings.Contains(f.What, "none on the channel yet") {
				t.Errorf("doctor: got %+v, want a finding", f)
			}
			b.update()
			if f := b.client.CheckMenus(t.Context(), b.menus); !f.OK {
				t.Errorf("doctor: got %+v, want all well", f)
			}
			b.wantOnPhone("usual-ja")
		})
	}
}

// TestNoMenus shows that a channel without menus costs one question, not one
// for each resident.
func TestNoMenus(t *testing.T) {
	t.Parallel()
	b := setupMenus(t)
	b.show("usual-en")
	b.show("usual-en")
	if b.asked["GET richmenu/alias/ID"] != 1 || len(b.asked) != 1 {
		t.Errorf("got %v, want one question", b.asked)
	}
	b.wantOnPhone("")
}

// repainted is a picture with another dot in its corner.
func repainted(t *testing.T, picture []byte) []byte {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	p, ok := img.(*image.Paletted)
	if !ok {
		t.Fatalf("got %T, want a picture of few colours", img)
	}
	p.Palette[0] = color.RGBA{1, 2, 3, 255}
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
