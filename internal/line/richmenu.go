package line

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/menu"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// LINE's limits of rich menus, in graphemes:
// https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
const (
	maxBarText   = 14
	maxMenuLabel = 20
)

// Ours are the menus whose name begins so, and the aliases whose id does;
// others on the channel are left alone.
const (
	menuMark    = "tsunagu "
	menuAlias   = "tsunagu-"
	inForceMark = menuAlias + "in-force" // names the menu everybody has, once all have been given theirs
)

// absent is how long a menu that LINE does not know is not asked for again.
const absent = 30 * time.Second

// Menus are the menus of a content pack with their pictures. Those without a
// picture are left out.
type Menus struct {
	All      []menu.Menu
	Pictures map[string][]byte // PNG, by name
	Disaster bool              // the menus for a disaster are shown
}

// menuBook remembers LINE's ids of our menus by their names.
type menuBook struct {
	mu      sync.Mutex
	ids     map[string]string
	missing map[string]time.Time
}

func (b *menuBook) find(name string, now time.Time) (id string, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id := b.ids[name]; id != "" {
		return id, true
	}
	at, ok := b.missing[name]
	return "", ok && now.Sub(at) < absent
}

// keep remembers an id; an empty one is remembered as missing.
func (b *menuBook) keep(name, id string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ids == nil {
		b.ids, b.missing = map[string]string{}, map[string]time.Time{}
	}
	b.ids[name] = id
	delete(b.missing, name)
	if id == "" {
		b.missing[name] = now
	}
}

// RichMenu is a menu as LINE takes it. Its name carries a hash of all that can
// be seen and tapped: LINE changes no menu, it only takes new ones.
func RichMenu(m menu.Menu, picture []byte) *messaging_api.RichMenuRequest {
	r := &messaging_api.RichMenuRequest{
		Size: &messaging_api.RichMenuSize{Width: menu.Width, Height: menu.Height}, Selected: true,
		ChatBarText: clip(m.Bar, maxBarText),
	}
	for _, a := range m.Areas {
		action := &messaging_api.PostbackAction{Label: clip(a.Alt, maxMenuLabel), Data: clip(a.Does, maxData), DisplayText: clip(a.Says, maxDisplay)}
		if a.Does == "send" {
			action.InputOption = messaging_api.PostbackActionINPUT_OPTION_OPEN_KEYBOARD
		}
		r.Areas = append(r.Areas, messaging_api.RichMenuArea{
			Bounds: &messaging_api.RichMenuBounds{X: int64(a.X), Y: int64(a.Y), Width: int64(a.Width), Height: int64(a.Height)},
			Action: action,
		})
	}
	h := sha256.New()
	_ = json.NewEncoder(h).Encode(r) // plain strings and numbers: it cannot fail
	_, _ = h.Write(picture)
	r.Name = menuMark + m.Name + " " + hex.EncodeToString(h.Sum(nil)[:6])
	return r
}

// showMenu puts a menu on one resident's phone. Doing it twice changes nothing,
// so that any unclear failure is simply tried again.
func (c *Client) showMenu(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var what reception.Menu
	if err := json.Unmarshal(l.Body, &what); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: fmt.Errorf("read letter: %w", err)}
	}
	name := what.Name
	if c.cfg.Disaster() {
		name = bot.AtDisaster(name)
	}
	id, err := c.menuID(ctx, name)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	if id == "" {
		return mailbox.Receipt{}, nil // the channel has no menus; the one LINE shows stays
	}
	user, gone, err := c.cfg.Store.Contact(ctx, what.Resident)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: fmt.Errorf("find contact: %w", err)}
	}
	if gone || user == "" {
		return mailbox.Receipt{}, nil
	}
	api, err := c.api(ctx)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, _, err := api.LinkRichMenuIdToUserWithHttpInfo(user, id)
	if err == nil {
		c.cfg.Count("menu", "ok")
		return mailbox.Receipt{}, nil
	}
	f := read(res, err)
	c.cfg.Count("menu", f.kind())
	if f.status == http.StatusNotFound {
		c.menus.keep(name, "", time.Time{}) // drawn anew meanwhile: look its id up again
		return mailbox.Receipt{}, &mailbox.RetryError{After: time.Second, Clear: true, Err: f}
	}
	return mailbox.Receipt{}, menuFailure(f)
}

// menuFailure sorts what LINE answered about a menu.
func menuFailure(f *failure) error {
	switch {
	case f.status == http.StatusTooManyRequests:
		return &mailbox.RetryError{After: time.Second, Clear: true, Pause: true, Err: f}
	case f.status == http.StatusUnauthorized || f.status == http.StatusForbidden:
		return &mailbox.RetryError{After: time.Minute, Clear: true, Pause: true, Err: f}
	case f.status >= 400 && f.status < 500:
		return &mailbox.GoneError{Reason: Refused, Err: f}
	}
	return &mailbox.RetryError{Clear: true, Err: f}
}

// menuID is LINE's id of a menu, empty when there is none of that name.
func (c *Client) menuID(ctx context.Context, name string) (string, error) {
	now := c.cfg.Now()
	if id, known := c.menus.find(name, now); known {
		return id, nil
	}
	api, err := c.api(ctx)
	if err != nil {
		return "", &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, found, err := api.GetRichMenuAliasWithHttpInfo(menuAlias + name)
	if err == nil {
		c.menus.keep(name, found.RichMenuId, now)
		return found.RichMenuId, nil
	}
	f := read(res, err)
	if f.status == http.StatusNotFound {
		c.menus.keep(name, "", now)
		return "", nil
	}
	return "", menuFailure(f)
}

// CheckMenus compares the channel's menus with the pack's, for doctor.
func (c *Client) CheckMenus(ctx context.Context, m Menus) Finding {
	mend := "tsunagu serve brings the menus up to date when it starts; its log says why when it cannot"
	u, err := c.surveyMenus(ctx, m)
	if err != nil {
		return Finding{What: "LINE menus: " + err.Error(), Mend: mend}
	}
	have := 0
	for _, w := range u.wanted {
		if w.id != "" && w.aliased {
			have++
		}
	}
	if have == 0 && len(u.old) == 0 && u.mark == "" {
		return Finding{OK: true, What: "LINE menus: none on the channel yet; tsunagu serve brings them, and warns in its log when it cannot"}
	}
	return Finding{
		OK:   have == len(m.All) && u.inForce() && len(u.old) == 0,
		What: fmt.Sprintf("LINE menus: %d of %d as the content pack says, %d of an older one", have, len(m.All), len(u.old)),
		Mend: mend,
	}
}

// UpdateMenus brings the channel's menus to what the pack says: it creates
// what is missing, gives everybody the menu that takes the place of theirs,
// and deletes what nobody needs any more. What is right already costs three
// reading calls. It may be broken off at any point and called again.
//
// LINE takes 100 creations, 100 deletions and 3 batches an hour:
// https://developers.line.biz/en/reference/messaging-api/#rate-limits
func (c *Client) UpdateMenus(ctx context.Context, m Menus) error {
	u, err := c.surveyMenus(ctx, m)
	if err != nil {
		return err
	}
	for _, w := range u.wanted {
		if err := u.bring(w); err != nil {
			return fmt.Errorf("menu %s: %w", w.name, err)
		}
		c.menus.keep(w.name, w.id, c.cfg.Now())
	}
	if u.standard() == "" {
		return errors.New("the menu everybody has, " + u.standardName() + ", has no picture")
	}
	if u.inForce() && len(u.old) == 0 {
		return nil
	}
	if err := u.exchange(ctx); err != nil {
		return err
	}
	return u.deleteOld()
}

// wantedMenu is a menu that should be there.
type wantedMenu struct {
	name    string
	request *messaging_api.RichMenuRequest
	picture []byte
	id      string // of the menu with this very name at LINE
	aliased bool   // its alias names it: it has its picture
	alias   string // what the alias names, empty when there is none
}

// menuUpdate is one comparison of the channel with the pack.
type menuUpdate struct {
	api      *messaging_api.MessagingApiAPI
	data     *messaging_api.MessagingApiBlobAPI
	disaster bool
	wanted   []*wantedMenu
	named    map[string]bool // ids that an alias names: they have their picture
	old      []oldMenu       // ours, and not wanted any more
	def      string          // the default menu now
	mark     string          // the default menu when everybody was given theirs last
}

type oldMenu struct{ id, name string }

func (c *Client) surveyMenus(ctx context.Context, m Menus) (*menuUpdate, error) {
	u := &menuUpdate{disaster: m.Disaster}
	var err error
	if u.api, err = c.api(ctx); err != nil {
		return nil, err
	}
	if u.data, err = c.data(ctx); err != nil {
		return nil, err
	}
	res, list, err := u.api.GetRichMenuListWithHttpInfo()
	if err != nil {
		return nil, fmt.Errorf("list menus: %w", read(res, err))
	}
	res, aliases, err := u.api.GetRichMenuAliasListWithHttpInfo()
	if err != nil {
		return nil, fmt.Errorf("list menu aliases: %w", read(res, err))
	}
	res, def, err := u.api.GetDefaultRichMenuIdWithHttpInfo()
	if err == nil {
		u.def = def.RichMenuId
	} else if f := read(res, err); f.status != http.StatusNotFound {
		return nil, fmt.Errorf("read the default menu: %w", f)
	}
	named := map[string]string{}
	u.named = map[string]bool{}
	for _, a := range aliases.Aliases {
		named[a.RichMenuAliasId], u.named[a.RichMenuId] = a.RichMenuId, true
	}
	u.mark = named[inForceMark]
	for _, one := range m.All {
		picture := m.Pictures[one.Name]
		if len(picture) == 0 {
			continue
		}
		w := &wantedMenu{name: one.Name, request: RichMenu(one, picture), picture: picture, alias: named[menuAlias+one.Name]}
		for _, there := range list.Richmenus {
			if there.Name == w.request.Name && (w.id == "" || there.RichMenuId == w.alias) {
				w.id = there.RichMenuId
			}
		}
		w.aliased = w.id != "" && w.alias == w.id
		u.wanted = append(u.wanted, w)
	}
	for _, there := range list.Richmenus {
		name, ours := strings.CutPrefix(there.Name, menuMark)
		if ours && !u.wants(there.RichMenuId) {
			name, _, _ = strings.Cut(name, " ")
			u.old = append(u.old, oldMenu{id: there.RichMenuId, name: name})
		}
	}
	return u, nil
}

func (u *menuUpdate) wants(id string) bool {
	for _, w := range u.wanted {
		if w.id == id {
			return true
		}
	}
	return false
}

// bring creates a menu, its picture and its alias, as far as they are missing.
func (u *menuUpdate) bring(w *wantedMenu) error {
	if w.aliased {
		return nil
	}
	half := w.id != ""
	if !half {
		res, made, err := u.api.CreateRichMenuWithHttpInfo(w.request)
		if err != nil {
			return fmt.Errorf("create: %w", read(res, err))
		}
		w.id = made.RichMenuId
	}
	res, _, err := u.data.SetRichMenuImageWithHttpInfo(w.id, "image/png", bytes.NewReader(w.picture))
	if err != nil {
		// A menu left half made may have its picture: LINE takes only one.
		if f := read(res, err); !half || f.status != http.StatusBadRequest {
			return fmt.Errorf("upload the picture: %w", f)
		}
	}
	if err := u.point(menuAlias+w.name, w.alias, w.id); err != nil {
		return err
	}
	w.alias, w.aliased = w.id, true
	return nil
}

// point lets an alias name a menu.
func (u *menuUpdate) point(alias, before, id string) error {
	var res *http.Response
	var err error
	if before == "" {
		res, _, err = u.api.CreateRichMenuAliasWithHttpInfo(&messaging_api.CreateRichMenuAliasRequest{RichMenuAliasId: alias, RichMenuId: id}) //nolint:bodyclose // read closes it
	} else {
		res, _, err = u.api.UpdateRichMenuAliasWithHttpInfo(alias, &messaging_api.UpdateRichMenuAliasRequest{RichMenuId: id}) //nolint:bodyclose // read closes it
	}
	if err != nil {
		return fmt.Errorf("alias: %w", read(res, err))
	}
	return nil
}
