// Package menu places the content pack's menus on their pictures: what stands
// where, and the page each picture is drawn from. It draws nothing itself
// (that is internal/menu/draw) and knows no LINE.
package menu

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// The size of a picture in dots: the largest that LINE takes, so that letters
// stay sharp. https://developers.line.biz/en/reference/messaging-api/#rich-menu-object
const (
	Width    = 2500
	Height   = 1686
	MaxBytes = 1 << 20 // of a picture

	columns = 3
	rows    = 2
)

// Menu is one sheet in one language.
type Menu struct {
	Name  string // usual-ja
	Sheet string
	Lang  bot.Lang
	Bar   string
	Areas []Area
}

// Area is a part of the picture that can be tapped.
type Area struct {
	X, Y, Width, Height int // in dots
	Icon                string
	Label               string // drawn
	Alt                 string // read aloud
	Says                string // shown in the talk
	Does                string // postback data
	Urgent              bool   // drawn so that it stands out
}

// All are the menus of a pack, none when it has none.
func All(m bot.Menu) []Menu {
	var all []Menu
	for _, sheet := range m.Sheets {
		for _, l := range bot.Langs {
			all = append(all, one(m, sheet, l))
		}
	}
	return all
}

func one(m bot.Menu, sheet bot.MenuSheet, l bot.Lang) Menu {
	out := Menu{Name: bot.MenuName(sheet.ID, l), Sheet: sheet.ID, Lang: l, Bar: m.Bar.In(l)}
	for i, id := range sheet.Areas {
		a := m.Area(id)
		if a == nil || i >= columns*rows {
			continue // the check tells
		}
		says := a.Says
		if len(says) == 0 {
			says = a.Alt
		}
		x, y := i%columns, i/columns
		left, top := x*Width/columns, y*Height/rows
		out.Areas = append(out.Areas, Area{
			X: left, Y: top, Width: (x+1)*Width/columns - left, Height: (y+1)*Height/rows - top,
			Icon: a.Icon, Label: a.Label.In(l), Alt: a.Alt.In(l), Says: says.In(l), Does: a.Does,
			Urgent: urgent(*a, sheet.ID),
		})
	}
	return out
}

// urgent are the numbers for help at once, and where to flee in a disaster.
func urgent(a bot.MenuArea, sheet string) bool {
	return a.Icon == "alarm" || a.Icon == "shelter" && (sheet == bot.SheetDisaster || sheet == bot.SheetDisasterCase)
}

// Source names all that a picture is drawn from: another source, another
// picture.
func (m Menu) Source() string {
	sum := sha256.Sum256([]byte(m.Page()))
	return hex.EncodeToString(sum[:8])
}
