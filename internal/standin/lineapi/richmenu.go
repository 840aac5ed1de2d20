package lineapi

import (
	"bytes"
	"image"
	_ "image/jpeg" // formats a rich menu may have
	_ "image/png"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	maxMenus      = 1000
	maxAliases    = 1000
	maxMenuImage  = 1 << 20 // bytes
	maxBulkPeople = 500
)

// menuStore holds rich menus and their aliases.
type menuStore struct {
	menus    map[string]*richMenu
	order    []string // ids by creation
	aliases  map[string]string
	standard string               // the default menu's id
	batches  map[string]time.Time // by request id
}

type richMenu struct {
	id        string
	raw       string // the object as created
	width     int
	height    int
	image     []byte
	imageType string
}

func newMenuStore() menuStore {
	return menuStore{menus: make(map[string]*richMenu), aliases: make(map[string]string), batches: make(map[string]time.Time)}
}

func (p *Platform) richMenuRoutes(add addRoute) {
	const m = "/v2/bot/richmenu"
	add("POST", m, route{endpoint: EndpointRichMenuCreate, body: bodyJSON, serve: p.serveMenuCreate})
	add("POST", m+"/validate", route{endpoint: EndpointRichMenuValidate, body: bodyJSON, serve: p.serveMenuValidate})
	add("GET", m+"/list", route{endpoint: EndpointRichMenuList, serve: p.serveMenuList})
	add("GET", m+"/{richMenuId}", route{endpoint: EndpointRichMenuGet, serve: p.withMenu(p.serveMenuGet)})
	add("DELETE", m+"/{richMenuId}", route{endpoint: EndpointRichMenuDelete, serve: p.withMenu(p.serveMenuDelete)})
	add("POST", m+"/{richMenuId}/content", route{endpoint: EndpointRichMenuUpload, host: dataHost, body: bodyImage, serve: p.withMenu(p.serveMenuUpload)})
	add("GET", m+"/{richMenuId}/content", route{endpoint: EndpointRichMenuDownload, host: dataHost, serve: p.withMenu(p.serveMenuDownload)})
	add("POST", m+"/bulk/link", route{endpoint: EndpointRichMenuBulkLink, body: bodyJSON, serve: p.serveBulkLink})
	add("POST", m+"/batch", route{endpoint: EndpointRichMenuBatch, body: bodyJSON, serve: p.serveMenuBatch})
	add("GET", m+"/progress/batch", route{endpoint: EndpointRichMenuProgress, serve: p.serveMenuProgress})
	add("POST", m+"/bulk/unlink", route{endpoint: EndpointRichMenuBulkUnlink, body: bodyJSON, serve: p.serveBulkUnlink})

	const all, one = "/v2/bot/user/all/richmenu", "/v2/bot/user/{userId}/richmenu"
	add("POST", all+"/{richMenuId}", route{endpoint: EndpointRichMenuDefaultSet, serve: p.withMenu(p.serveDefaultSet)})
	add("GET", all, route{endpoint: EndpointRichMenuDefaultGet, serve: p.serveDefaultGet})
	add("DELETE", all, route{endpoint: EndpointRichMenuDefaultCancel, serve: p.serveDefaultCancel})
	add("POST", one+"/{richMenuId}", route{endpoint: EndpointRichMenuLink, serve: p.withMenu(p.serveMenuLink)})
	add("GET", one, route{endpoint: EndpointRichMenuOfUser, serve: p.serveMenuOfUser})
	add("DELETE", one, route{endpoint: EndpointRichMenuUnlink, serve: p.serveMenuUnlink})

	add("POST", m+"/alias", route{endpoint: EndpointAliasCreate, body: bodyJSON, serve: p.serveAliasCreate})
	add("GET", m+"/alias/list", route{endpoint: EndpointAliasList, serve: p.serveAliasList})
	add("POST", m+"/alias/{aliasId}", route{endpoint: EndpointAliasUpdate, body: bodyJSON, serve: p.serveAliasUpdate})
	add("GET", m+"/alias/{aliasId}", route{endpoint: EndpointAliasGet, serve: p.serveAliasGet})
	add("DELETE", m+"/alias/{aliasId}", route{endpoint: EndpointAliasDelete, serve: p.serveAliasDelete})
}

const needsImage = "must upload richmenu image before applying it to user"

// withMenu finds the menu of the path; serve runs under the lock.
func (p *Platform) withMenu(serve func(*call, *richMenu) answer) func(*call) answer {
	return func(c *call) answer {
		p.mu.Lock()
		defer p.mu.Unlock()
		menu := p.menus.menus[c.r.PathValue("richMenuId")]
		if menu == nil {
			return decline(http.StatusNotFound, "Not found")
		}
		return serve(c, menu)
	}
}

func checkMenu(c *call) (*checker, *APIError) {
	check := &checker{scope: scopeMenu}
	check.richMenu(c.root)
	return check, check.failure(c.raw)
}

func (p *Platform) serveMenuValidate(c *call) answer {
	if _, fault := checkMenu(c); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	return ok("{}")
}

func (p *Platform) serveMenuCreate(c *call) answer {
	check, fault := checkMenu(c)
	if fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	size := c.root.get("size")
	width, _ := size.get("width").integer()
	height, _ := size.get("height").integer()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.menus.menus) >= maxMenus {
		return badRequest("The number of rich menus has reached the limit")
	}
	if len(check.ignored) > 0 {
		p.violation(c, Ignored, http.StatusOK, strings.Join(check.ignored, ", "))
	}
	menu := &richMenu{
		id: "richmenu-" + p.ids.hex32(), raw: c.raw[c.root.off:c.root.end],
		width: int(width), height: int(height),
	}
	p.menus.menus[menu.id] = menu
	p.menus.order = append(p.menus.order, menu.id)
	return okJSON(richMenuID{menu.id})
}

type richMenuID struct {
	ID string `json:"richMenuId"`
}

// response is the object as created, with its id in front.
func (m *richMenu) response() string {
	return `{"richMenuId":"` + m.id + `",` + strings.TrimLeft(m.raw[1:], " \t\r\n")
}

func (p *Platform) serveMenuGet(_ *call, m *richMenu) answer { return ok(m.response()) }

func (p *Platform) serveMenuList(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	b.WriteString(`{"richmenus":[`)
	for i, id := range p.menus.order {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.menus.menus[id].response())
	}
	b.WriteString("]}")
	return ok(b.String())
}

// serveMenuDelete takes the menu from everybody who had it.
func (p *Platform) serveMenuDelete(_ *call, m *richMenu) answer {
	delete(p.menus.menus, m.id)
	p.menus.order = slices.DeleteFunc(p.menus.order, func(id string) bool { return id == m.id })
	if p.menus.standard == m.id {
		p.menus.standard = ""
	}
	for _, c := range p.chats {
		if c.richMenu == m.id {
			c.richMenu = ""
		}
	}
	p.changed(nil, ChangeRichMenu)
	return ok("{}")
}

// serveMenuUpload checks the image, which may be set only once.
// https://developers.line.biz/en/reference/messaging-api/#upload-rich-menu-image
func (p *Platform) serveMenuUpload(c *call, m *richMenu) answer {
	if m.image != nil {
		return badRequest("An image has already been uploaded to the richmenu")
	}
	data := []byte(c.raw)
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || "image/"+format != c.mediaType {
		return badRequest("The image could not be read as " + c.mediaType)
	}
	fits := cfg.Width == m.width && cfg.Height == m.height &&
		cfg.Width >= 800 && cfg.Width <= 2500 && cfg.Height >= 250 && menuShape(int64(cfg.Width), int64(cfg.Height))
	if !fits || len(data) > maxMenuImage {
		return badRequest("The image size is not allowed for richmenu")
	}
	m.image, m.imageType = data, c.mediaType
	return ok("{}")
}

func (p *Platform) serveMenuDownload(_ *call, m *richMenu) answer {
	if m.image == nil {
		return decline(http.StatusNotFound, "Not found")
	}
	return answer{status: http.StatusOK, body: m.image, contentType: m.imageType}
}

func (p *Platform) serveDefaultSet(_ *call, m *richMenu) answer {
	if m.image == nil {
		return badRequest(needsImage)
	}
	p.menus.standard = m.id
	p.changed(nil, ChangeRichMenu)
	return ok("{}")
}

func (p *Platform) serveDefaultGet(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.menus.standard == "" {
		return decline(http.StatusNotFound, "no default richmenu")
	}
	return okJSON(richMenuID{p.menus.standard})
}

func (p *Platform) serveDefaultCancel(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.menus.standard = ""
	p.changed(nil, ChangeRichMenu)
	return ok("{}")
}

// RichMenu gives the demo page a menu: the object as created, and its image,
// which is nil before the upload.
func (p *Platform) RichMenu(id string) (object string, picture []byte, mediaType string, found bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.menus.menus[id]
	if m == nil {
		return "", nil, "", false
	}
	return m.raw, m.image, m.imageType, true
}
