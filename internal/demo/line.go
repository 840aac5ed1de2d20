package demo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/tsunagu-chat/tsunagu/internal/standin/lineapi"
)

// maxSaid is LINE's limit of one text, in UTF-16 units.
// https://developers.line.biz/en/docs/messaging-api/text-character-count/
const maxSaid = 5000

// face is a resident in the list of the phone's owners.
type face struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Blocked bool      `json:"blocked"`
	Bot     int       `json:"bot"` // bubbles of the bot so far, for unread marks
	Last    string    `json:"last"`
	At      time.Time `json:"at,omitzero"`
}

func (d *Demo) faces() []face {
	out := []face{}
	for _, ph := range d.cfg.LINE.Phones() {
		if ph.Kind != lineapi.ChatUser {
			continue
		}
		f := face{ID: ph.ID, Name: ph.Name, Blocked: ph.Blocked, Bot: ph.BotBubbles}
		if n := len(ph.Bubbles); n > 0 {
			f.Last, f.At = ph.Bubbles[n-1].Text, ph.Bubbles[n-1].Time
		}
		out = append(out, f)
	}
	return out
}

// phone shows one resident's chat.
func (d *Demo) phone(w http.ResponseWriter, r *http.Request) {
	ph, found := d.cfg.LINE.Phone(r.URL.Query().Get("id"))
	if !found {
		d.problem(w, http.StatusNotFound, errNotThere)
		return
	}
	d.answer(w, http.StatusOK, ph)
}

// media serves what a resident sent.
func (d *Demo) media(w http.ResponseWriter, r *http.Request) {
	data, mediaType, found := d.cfg.LINE.Content(r.URL.Query().Get("id"))
	if !found {
		http.NotFound(w, r)
		return
	}
	bytesOut(w, data, mediaType, r.URL.Query().Get("name"))
}

// menu shows the rich menu as it was created.
func (d *Demo) menu(w http.ResponseWriter, r *http.Request) {
	object, picture, _, found := d.cfg.LINE.RichMenu(r.URL.Query().Get("id"))
	if !found {
		d.problem(w, http.StatusNotFound, errNotThere)
		return
	}
	d.answer(w, http.StatusOK, map[string]any{"menu": json.RawMessage(object), "picture": len(picture) > 0})
}

func (d *Demo) menuPicture(w http.ResponseWriter, r *http.Request) {
	_, picture, mediaType, found := d.cfg.LINE.RichMenu(r.URL.Query().Get("id"))
	if !found || len(picture) == 0 {
		http.NotFound(w, r)
		return
	}
	bytesOut(w, picture, mediaType, "menu")
}

type newResident struct {
	Name     string `json:"name"`
	Language string `json:"language"` // of the phone, as LINE tells it
}

// addResident is somebody who adds the account as a friend.
func (d *Demo) addResident(ctx context.Context, in newResident) (any, error) {
	name := []rune(strings.TrimSpace(in.Name))
	id, err := d.cfg.LINE.AddUser(lineapi.User{Name: string(name[:min(len(name), 20)]), Language: in.Language})
	if err != nil {
		return nil, fmt.Errorf("add a resident: %w", err)
	}
	return map[string]string{"id": id}, d.deliver(ctx, d.cfg.LINE.Follow(id))
}

type saying struct {
	Resident string `json:"resident"`
	Text     string `json:"text"`
}

// say is a resident typing.
func (d *Demo) say(ctx context.Context, in saying) (any, error) {
	text := strings.TrimSpace(in.Text)
	if n := len(utf16.Encode([]rune(text))); n == 0 || n > maxSaid {
		return nil, fmt.Errorf("LINE takes 1 to %d characters, not %d", maxSaid, n)
	}
	from, err := d.person(in.Resident)
	if err != nil {
		return nil, err
	}
	return nil, d.deliver(ctx, d.cfg.LINE.Message(from, lineapi.Text{Text: text}))
}

// person finds a resident who can write.
func (d *Demo) person(id string) (lineapi.Source, error) {
	ph, found := d.cfg.LINE.Phone(id)
	if !found {
		return lineapi.Source{}, fmt.Errorf("resident: %w", errNotThere)
	}
	if ph.Blocked {
		return lineapi.Source{}, fmt.Errorf("a resident who blocked the account cannot write: %w", lineapi.ErrNotShowing)
	}
	return lineapi.Person(id), nil
}

// deliver posts events. The stand-in tries again by itself when the service
// did not take them, so that this is not the page's trouble.
func (d *Demo) deliver(ctx context.Context, events ...*lineapi.Event) error {
	if _, err := d.cfg.LINE.Deliver(ctx, events...); err != nil {
		return fmt.Errorf("deliver to the service: %w", err)
	}
	return nil
}

// sending is what a resident sends other than text.
type sending struct {
	Resident string   `json:"resident"`
	Kind     string   `json:"kind"` // sticker, image, audio, video, file, place
	Data     []byte   `json:"data"`
	Type     string   `json:"type"`
	Name     string   `json:"name"`
	Millis   int64    `json:"millis"`
	Sticker  string   `json:"sticker"`
	Keywords []string `json:"keywords"`
	Title    string   `json:"title"`
	Address  string   `json:"address"`
	Lat      float64  `json:"lat"`
	Lon      float64  `json:"lon"`
}

func (d *Demo) send(ctx context.Context, in sending) (any, error) {
	from, err := d.person(in.Resident)
	if err != nil {
		return nil, err
	}
	what, err := in.incoming()
	if err != nil {
		return nil, err
	}
	return nil, d.deliver(ctx, d.cfg.LINE.Message(from, what))
}

func (in sending) incoming() (lineapi.Incoming, error) {
	length := time.Duration(in.Millis) * time.Millisecond
	switch in.Kind {
	case "sticker":
		return lineapi.Sticker{StickerID: in.Sticker, Keywords: in.Keywords}, nil
	case "place":
		return lineapi.Location{Title: in.Title, Address: in.Address, Latitude: in.Lat, Longitude: in.Lon}, nil
	}
	if len(in.Data) == 0 {
		return nil, errors.New("send something: it is empty")
	}
	switch in.Kind {
	case "image":
		return lineapi.Image{Data: in.Data, ContentType: in.Type}, nil
	case "audio":
		return lineapi.Audio{Data: in.Data, ContentType: in.Type, Duration: length}, nil
	case "video":
		return lineapi.Video{Data: in.Data, ContentType: in.Type, Duration: length}, nil
	case "file":
		return lineapi.File{Name: cmp.Or(in.Name, "file"), Data: in.Data}, nil
	}
	return nil, fmt.Errorf("send %q: no such kind", in.Kind)
}

type tapping struct {
	Resident string `json:"resident"`
	Bubble   string `json:"bubble"` // empty: the quick replies
	Menu     bool   `json:"menu"`
	Index    int    `json:"index"`
	When     string `json:"when"`
}

// tap is a finger on a button.
func (d *Demo) tap(ctx context.Context, in tapping) (any, error) {
	from, err := d.person(in.Resident)
	if err != nil {
		return nil, err
	}
	_, err = d.cfg.LINE.Tap(ctx, from, lineapi.Tap{Bubble: in.Bubble, Menu: in.Menu, Index: in.Index, When: in.When})
	if err != nil {
		return nil, fmt.Errorf("tap: %w", err)
	}
	return nil, nil
}

type taking struct {
	Resident string `json:"resident"`
	Bubble   string `json:"bubble"`
}

// unsend takes a message back.
func (d *Demo) unsend(ctx context.Context, in taking) (any, error) {
	from, err := d.person(in.Resident)
	if err != nil {
		return nil, err
	}
	ph, _ := d.cfg.LINE.Phone(in.Resident)
	for _, b := range ph.Bubbles {
		if b.ID == in.Bubble && b.ID != "" && !b.FromBot && !b.Unsent {
			return nil, d.deliver(ctx, d.cfg.LINE.Unsend(from, in.Bubble))
		}
	}
	return nil, fmt.Errorf("take back a message: %w", lineapi.ErrNotShowing)
}

type blocking struct {
	Resident string `json:"resident"`
	Blocked  bool   `json:"blocked"`
}

// block is a resident who blocks the account, or takes it back.
func (d *Demo) block(ctx context.Context, in blocking) (any, error) {
	if _, found := d.cfg.LINE.Phone(in.Resident); !found {
		return nil, fmt.Errorf("resident: %w", errNotThere)
	}
	if in.Blocked {
		return nil, d.deliver(ctx, d.cfg.LINE.Unfollow(in.Resident))
	}
	return nil, d.deliver(ctx, d.cfg.LINE.Follow(in.Resident))
}
