package main

import (
	"context"
	"errors"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/line"
	"github.com/tsunagu-chat/tsunagu/internal/menu"
)

// How the menus are kept up to date. LINE takes three exchanges an hour, so
// that a failed one is not tried again at once.
const (
	menusEvery    = 5 * time.Second  // how often the pack in force is looked at
	menusMost     = 5 * time.Minute  // one update
	menusTryAgain = 20 * time.Minute // after a failed one
)

// keepMenus brings LINE's menus to what the pack in force says, at the start
// and whenever it changes; every is how often it is looked at. Residents are served without it: a failure is a
// warning, and tsunagu doctor tells of it.
func (s *service) keepMenus(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var done *bot.Content
	var notBefore time.Time
	for {
		if c := s.bot().Content(); c != done && time.Now().After(notBefore) {
			if err := s.updateMenus(ctx, c); err != nil {
				if ctx.Err() != nil {
					return nil
				}
				notBefore = time.Now().Add(menusTryAgain)
				s.log.WarnContext(ctx, "LINE's menus are not up to date; it is tried again", "after", menusTryAgain, "err", err)
			} else {
				done = c
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

func (s *service) updateMenus(ctx context.Context, c *bot.Content) error {
	m := menusOf(c, *s.pictures.Load())
	if len(m.All) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, menusMost)
	defer cancel()
	missing := 0
	for _, one := range m.All {
		if len(m.Pictures[one.Name]) == 0 {
			missing++
		}
	}
	if missing == len(m.All) {
		return errors.New("none of the pack's menus is drawn: make menus")
	}
	if missing > 0 {
		s.log.WarnContext(ctx, "some menus are not drawn: make menus", "missing", missing)
	}
	return s.line.UpdateMenus(ctx, m)
}

// picturesOf are the pictures of a pack, which may be nil.
func picturesOf(p *intents.Pack) *map[string][]byte {
	pictures := map[string][]byte{}
	if p != nil && p.Pictures != nil {
		pictures = p.Pictures
	}
	return &pictures
}

// menusOf are a pack's menus as LINE's edge takes them.
func menusOf(c *bot.Content, pictures map[string][]byte) line.Menus {
	return line.Menus{All: menu.All(c.Menu), Pictures: pictures, Disaster: c.City.Disaster}
}
