package demo

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// maxShown bounds how many messages of a channel the page is given.
const maxShown = 400

// deskChannel is a channel with what is in it.
type deskChannel struct {
	slackapi.ChannelInfo
	Messages []slackapi.Message `json:"messages"`
}

// desk shows Slack as one member sees it.
func (d *Demo) desk(w http.ResponseWriter, r *http.Request) {
	user := r.URL.Query().Get("user")
	if !d.isStaff(user) {
		d.problem(w, http.StatusNotFound, errNotThere)
		return
	}
	channels := []deskChannel{}
	for _, ch := range d.cfg.Slack.Channels(user) {
		if ch.Archived || !slices.Contains(ch.Members, user) {
			continue
		}
		all := d.cfg.Slack.Messages(ch.ID)
		if ch.Direct { // Slack shows the app's name
			if len(all) == 0 {
				continue
			}
			ch.Name = "つなぐから"
		}
		channels = append(channels, deskChannel{ch, append([]slackapi.Message{}, all[max(0, len(all)-maxShown):]...)})
	}
	out := map[string]any{
		"channels": channels, "ephemerals": d.cfg.Slack.Ephemerals(user), "notices": d.cfg.Slack.Notices(user),
		"modals": d.cfg.Slack.Modals(user), "shortcuts": d.cfg.Slack.Shortcuts(),
	}
	if home, published := d.cfg.Slack.Home(user); published {
		out["home"] = home
	}
	d.answer(w, http.StatusOK, out)
}

func (d *Demo) isStaff(user string) bool {
	return slices.ContainsFunc(d.cfg.Slack.Members(), func(m slackapi.Member) bool { return m.ID == user && !m.IsBot && !m.Deleted })
}

// file serves a file shared in Slack.
func (d *Demo) file(w http.ResponseWriter, r *http.Request) {
	f, data, found := d.cfg.Slack.FileContent(r.URL.Query().Get("id"))
	if !found {
		http.NotFound(w, r)
		return
	}
	bytesOut(w, data, f.Mimetype, f.Name)
}

// opening is a member who opens the app's home tab.
type opening struct {
	User string `json:"user"`
}

// openHome tells the app that its home tab is opened; what it shows then comes
// with desk.
func (d *Demo) openHome(_ context.Context, in opening) (any, error) {
	if err := d.cfg.Slack.OpenHome(in.User); err != nil {
		return nil, fmt.Errorf("open the home: %w", err)
	}
	return nil, nil
}

type uploading struct {
	User string `json:"user"`
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// upload gives a chosen file to Slack, before it is shared or sent in a form.
func (d *Demo) upload(_ context.Context, in uploading) (any, error) {
	id, err := d.cfg.Slack.Upload(in.User, cmp.Or(in.Name, "file"), in.Data)
	if err != nil {
		return nil, fmt.Errorf("give a file to Slack: %w", err)
	}
	return map[string]string{"id": id}, nil
}

type writing struct {
	User    string   `json:"user"`
	Channel string   `json:"channel"`
	Thread  string   `json:"thread"`
	Text    string   `json:"text"`
	Files   []string `json:"files"` // ids of uploaded ones
}

// write posts as a member, with files or without, or runs a slash command.
// Slack runs none in a thread, and takes no file beside one.
func (d *Demo) write(ctx context.Context, in writing) (any, error) {
	text := strings.TrimSpace(in.Text)
	if text == "" && len(in.Files) == 0 {
		return nil, fmt.Errorf("write nothing: %w", slackapi.ErrCannot)
	}
	if strings.HasPrefix(text, "/") {
		if in.Thread != "" || len(in.Files) > 0 {
			return nil, fmt.Errorf("run a command in a thread, or with a file: %w", slackapi.ErrCannot)
		}
		command, rest, _ := strings.Cut(text, " ")
		if _, err := d.cfg.Slack.Command(ctx, in.User, in.Channel, command, strings.TrimSpace(rest)); err != nil {
			return nil, fmt.Errorf("run a command: %w", err)
		}
		return nil, nil
	}
	var err error
	if len(in.Files) > 0 {
		_, err = d.cfg.Slack.PostFiles(in.User, in.Channel, in.Thread, text, in.Files...)
	} else {
		_, err = d.cfg.Slack.Post(in.User, in.Channel, in.Thread, text)
	}
	if err != nil {
		return nil, fmt.Errorf("write: %w", err)
	}
	return nil, nil
}

// clicking is a button pressed, or something chosen, in a message, in the home
// tab, or in the modal on top (no TS).
type clicking struct {
	User    string   `json:"user"`
	Channel string   `json:"channel"`
	TS      string   `json:"ts"`
	Home    bool     `json:"home"`
	Action  string   `json:"action"`
	Value   string   `json:"value"`  // of the button, to tell it from others
	Choose  []string `json:"choose"` // set: a menu, not a button
}

func (d *Demo) click(ctx context.Context, in clicking) (any, error) {
	place := slackapi.InModal(in.User)
	switch {
	case in.Home:
		place = slackapi.InHome(in.User)
	case in.TS != "":
		place = slackapi.On(in.User, in.Channel, in.TS)
	}
	var err error
	switch {
	case in.Choose != nil:
		_, err = d.cfg.Slack.Select(ctx, place, in.Action, in.Choose...)
	case in.Value != "":
		_, err = d.cfg.Slack.Click(ctx, place, in.Action, in.Value)
	default:
		_, err = d.cfg.Slack.Click(ctx, place, in.Action)
	}
	if err != nil {
		return nil, fmt.Errorf("press: %w", err)
	}
	return nil, nil
}

// choosing is a shortcut chosen for a message.
type choosing struct {
	User     string `json:"user"`
	Channel  string `json:"channel"`
	TS       string `json:"ts"`
	Shortcut string `json:"shortcut"` // its callback_id
}

// shortcut runs a message shortcut.
func (d *Demo) shortcut(ctx context.Context, in choosing) (any, error) {
	if _, err := d.cfg.Slack.MessageShortcut(ctx, in.User, in.Channel, in.TS, in.Shortcut); err != nil {
		return nil, fmt.Errorf("run a shortcut: %w", err)
	}
	return nil, nil
}

type submitting struct {
	User   string              `json:"user"`
	Values map[string][]string `json:"values"` // by block_id/action_id
}

// submit fills in the modal on top and sends it.
func (d *Demo) submit(ctx context.Context, in submitting) (any, error) {
	values := make(map[string]any, len(in.Values))
	for key, v := range in.Values {
		values[key] = v
	}
	if _, err := d.cfg.Slack.FillAndSubmit(ctx, in.User, values); err != nil {
		return nil, fmt.Errorf("send the form: %w", err)
	}
	return nil, nil
}

type cancelling struct {
	User string `json:"user"`
	All  bool   `json:"all"` // the cross, not the button
}

// cancel closes the modal on top, or all.
func (d *Demo) cancel(ctx context.Context, in cancelling) (any, error) {
	shut := d.cfg.Slack.CloseModal
	if in.All {
		shut = d.cfg.Slack.CloseAllModals
	}
	if err := shut(ctx, in.User); err != nil {
		return nil, fmt.Errorf("close the form: %w", err)
	}
	return nil, nil
}
