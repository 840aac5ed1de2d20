package lineapi

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// ErrNotShowing reports something that cannot be tapped because the phone does
// not show it, or no longer.
var ErrNotShowing = errors.New("not showing on the phone")

// Tap is a finger on something tappable.
type Tap struct {
	Bubble string // message id of the bubble; empty means the quick replies now showing
	Menu   bool   // the rich menu now showing, instead
	Index  int    // which of its actions, from 0
	When   string // what is picked in a date and time picker
	// Send is what a person sends after camera, camera roll or location: an
	// Image, or a Location.
	Send Incoming
}

// Tap does what LINE does when a person taps: a message action says its text,
// a postback goes to the bot alone, a link or number is opened and recorded.
// The receipt is zero when nothing goes to the bot.
func (p *Platform) Tap(ctx context.Context, from Source, t Tap) (Receipt, error) {
	a, err := p.tappable(from, t)
	if err != nil {
		return Receipt{}, err
	}
	return p.act(ctx, from, a, t)
}

// TapLabel taps the quick reply, or else the newest button, with this label.
func (p *Platform) TapLabel(ctx context.Context, from Source, label string) (Receipt, error) {
	ph, found := p.Phone(from.ChatID())
	if !found {
		return Receipt{}, fmt.Errorf("lineapi: tap: chat %s: %w", from.ChatID(), ErrNotShowing)
	}
	for i := range ph.QuickReplies {
		if ph.QuickReplies[i].Label == label {
			return p.Tap(ctx, from, Tap{Index: i})
		}
	}
	for i := len(ph.Bubbles) - 1; i >= 0; i-- {
		for j := range ph.Bubbles[i].Actions {
			if ph.Bubbles[i].Actions[j].Label == label {
				return p.Tap(ctx, from, Tap{Bubble: ph.Bubbles[i].ID, Index: j})
			}
		}
	}
	return Receipt{}, fmt.Errorf("lineapi: tap a button of that label: %w", ErrNotShowing)
}

func (p *Platform) tappable(from Source, t Tap) (Action, error) {
	ph, found := p.Phone(from.ChatID())
	if !found {
		return Action{}, fmt.Errorf("lineapi: tap: chat %s: %w", from.ChatID(), ErrNotShowing)
	}
	var actions []Action
	switch {
	case t.Menu:
		actions = p.menuActions(ph.RichMenuID)
	case t.Bubble == "":
		actions = ph.QuickReplies
	default:
		for i := range ph.Bubbles {
			if ph.Bubbles[i].ID == t.Bubble {
				actions = ph.Bubbles[i].Actions
			}
		}
	}
	if t.Index < 0 || t.Index >= len(actions) {
		return Action{}, fmt.Errorf("lineapi: tap action %d of %d: %w", t.Index, len(actions), ErrNotShowing)
	}
	return actions[t.Index], nil
}

func (p *Platform) menuActions(id string) []Action {
	raw, _, _, found := p.RichMenu(id)
	if !found {
		return nil
	}
	n, err := parseJSON(raw)
	if err != nil {
		return nil
	}
	var out []Action
	if areas := n.get("areas"); areas != nil {
		for i := range areas.items {
			out = append(out, readAction(areas.items[i].get("action")))
		}
	}
	return out
}

func (p *Platform) act(ctx context.Context, from Source, a Action, t Tap) (Receipt, error) {
	switch a.Type {
	case "message":
		return p.Deliver(ctx, p.Message(from, Text{Text: a.Text}))
	case "postback":
		p.touch(from, func(c *chat) {
			if a.InputOption == "openKeyboard" {
				c.draft = a.FillInText
			}
		})
		if a.Text != "" { // deprecated: the text also comes as a message
			return p.Deliver(ctx, p.Message(from, Text{Text: a.Text}), p.Postback(from, a.Data, "", nil))
		}
		return p.Deliver(ctx, p.Postback(from, a.Data, a.DisplayText, nil))
	case "datetimepicker":
		if err := pickable(a, t.When); err != nil {
			return Receipt{}, err
		}
		p.touch(from, nil)
		return p.Deliver(ctx, p.Postback(from, a.Data, "", map[string]string{a.Mode: t.When}))
	case "richmenuswitch":
		return p.Deliver(ctx, p.Postback(from, a.Data, "", p.switchMenu(from, a.RichMenuAliasID)))
	case "uri":
		p.touch(from, func(c *chat) {
			c.opened = append(c.opened, Opened{Time: p.now(), URI: a.URI, Label: a.Label})
		})
		return Receipt{}, nil
	case "clipboard":
		p.touch(from, func(c *chat) { c.clipboard = a.ClipboardText })
		return Receipt{}, nil
	case "camera", "cameraRoll":
		if _, fine := t.Send.(Image); !fine {
			return Receipt{}, fmt.Errorf("lineapi: tap %s: Send must be an Image", a.Type)
		}
		return p.Deliver(ctx, p.Message(from, t.Send))
	case "location":
		if _, fine := t.Send.(Location); !fine {
			return Receipt{}, errors.New("lineapi: tap location: Send must be a Location")
		}
		return p.Deliver(ctx, p.Message(from, t.Send))
	}
	return Receipt{}, fmt.Errorf("lineapi: tap: action type %q does nothing", a.Type)
}

// touch changes a chat; tapping also takes the quick replies away.
func (p *Platform) touch(from Source, change func(*chat)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.chats[from.ChatID()]
	if c == nil {
		return
	}
	c.quickHidden = true
	if change != nil {
		change(c)
	}
	p.changed(c, ChangeTapped)
}

func pickable(a Action, when string) error {
	picked, fine := parsePicked(a.Mode, when)
	if !fine {
		return fmt.Errorf("lineapi: pick %s: %s is not of its format", a.Mode, strconv.Quote(when))
	}
	if low, fine := parsePicked(a.Mode, a.Min); fine && picked.Before(low) {
		return fmt.Errorf("lineapi: pick %s: before the earliest, %s", a.Mode, a.Min)
	}
	if high, fine := parsePicked(a.Mode, a.Max); fine && picked.After(high) {
		return fmt.Errorf("lineapi: pick %s: after the latest, %s", a.Mode, a.Max)
	}
	return nil
}

// switchMenu shows the menu behind an alias and says how that went.
// https://developers.line.biz/en/reference/messaging-api/#postback-params-object-for-richmenu-switch-action
func (p *Platform) switchMenu(from Source, alias string) map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	id := p.menus.aliases[alias]
	switch {
	case id == "":
		return map[string]string{"status": "RICHMENU_ALIAS_ID_NOTFOUND"}
	case p.menus.menus[id] == nil:
		return map[string]string{"status": "RICHMENU_NOTFOUND"}
	}
	p.link(from.UserID, id)
	return map[string]string{"newRichMenuAliasId": alias, "status": "SUCCESS"}
}
