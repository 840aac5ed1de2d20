package intents

import (
	"errors"
	"io/fs"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// menuFile says what stands in the menus. A pack may do without.
const menuFile = "menu.yaml"

// MenuDrawn is where "make menus" keeps from what each picture was drawn.
const MenuDrawn = "menu/drawn.json"

// MenuPicture is where the picture of a menu lies.
func MenuPicture(name string) string { return "menu/" + name + ".png" }

// menu reads the menus and the pictures there are of them; one that is missing
// is not shown to residents, and the check tells.
func (r *reader) menu(c *bot.Content, p *Pack) {
	if !r.has(menuFile) {
		return
	}
	r.yaml(menuFile, &c.Menu)
	p.Pictures = map[string][]byte{}
	for _, sheet := range bot.MenuSheets {
		for _, l := range bot.Langs {
			name := bot.MenuName(sheet, l)
			if _, err := fs.Stat(r.dir, MenuPicture(name)); errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if b, ok := r.read(MenuPicture(name)); ok {
				p.Pictures[name] = b
			}
		}
	}
}
