package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/picture"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// sharedFile is a file in a message or a modal.
// https://docs.slack.dev/reference/objects/file-object
type sharedFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	MIME string `json:"mimetype"`
	Size int64  `json:"size"`
}

// file is what the desk knows of it. Its id here derives from Slack's, so that
// getting it twice is getting it once.
func (f sharedFile) file() desk.File {
	return desk.File{ID: "staff-" + f.ID, From: f.ID, Name: oneLine(f.Name, 80), MIME: f.MIME, Size: f.Size}
}

// sendable are the files a resident can open; refused reports others.
func sendable(files []sharedFile) (out []desk.File, refused bool) {
	for _, f := range files {
		if len(out) == maxFiles || f.ID == "" || !desk.Sendable(f.file()) {
			refused = true
			continue
		}
		out = append(out, f.file())
	}
	return out, refused
}

// keepSent is how long a file that staff sent is kept here: as long as its
// link lives, and a day for clocks that differ.
const keepSent = reception.FileLife + 24*time.Hour

// maxGet bounds one file, in bytes; the desk refuses larger ones before.
const maxGet = 11 << 20

// carryGet gets a file that staff put into the thread, before its reply leaves.
func (c *Client) carryGet(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var get reception.Get
	if err := json.Unmarshal(l.Body, &get); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	info, _, _, err := c.sdk.GetFileInfoContext(ctx, get.File.From, 0, 0)
	if err != nil {
		return mailbox.Receipt{}, c.trouble(ctx, "files.info", err, l, trying{})
	}
	address := info.URLPrivateDownload
	if address == "" {
		address = info.URLPrivate
	}
	if !c.slacksOwn(address) {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: goneLost, Err: errors.New("the file's address is not Slack's")}
	}
	var content bytes.Buffer
	if err := c.upload.GetFileContext(ctx, address, &limit{&content, maxGet}); err != nil {
		if errors.Is(err, errTooLarge) {
			return mailbox.Receipt{}, &mailbox.GoneError{Reason: goneLost, Err: err}
		}
		return mailbox.Receipt{}, c.trouble(ctx, "file", err, l, trying{})
	}
	// What it is, is read from its bytes: a name or a header can lie.
	mime := http.DetectContentType(content.Bytes())
	if !desk.Sendable(desk.File{MIME: mime, Size: int64(content.Len())}) {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: goneRefused, Err: fmt.Errorf("the file is %s", mime)}
	}
	until := c.cfg.Now().Add(keepSent)
	for _, m := range c.kept(ctx, get, mime, content.Bytes()) {
		m.Resident, m.Expires = get.Resident, until
		if err := c.cfg.Media.PutMedia(ctx, m); err != nil {
			return mailbox.Receipt{}, c.later(ctx, l, trying{}, "keep file", err)
		}
	}
	return mailbox.Receipt{}, nil
}

// kept is what is kept of a file. A picture is made fit for phones here, once
// and where nobody waits for it but its own reply: neither LINE's requests nor
// the channel's posts do. Its small copy comes first, so that it is there, or
// never will be, when the reply finds the picture.
func (c *Client) kept(ctx context.Context, get reception.Get, mime string, content []byte) []reception.Media {
	m := reception.Media{MessageID: get.File.ID, MIME: mime, Name: get.File.Name, Content: content}
	if !picture.Shown(mime) {
		return []reception.Media{m}
	}
	p, err := c.pictures.Make(content, mime)
	m.Content, m.MIME, m.Name = p.Content, p.MIME, withEnding(m.Name, p.MIME)
	if err != nil { // it goes as a link
		c.cfg.Log.WarnContext(ctx, "picture of staff not made fit for the chat", "file", get.File.ID, "err", err)
		return []reception.Media{m}
	}
	small := m
	small.MessageID, small.MIME, small.Content = reception.PreviewID(get.File.ID), picture.JPEG, p.Preview
	return []reception.Media{small, m}
}

// withEnding gives a picture the ending of what it is.
func withEnding(name, mime string) string {
	end := path.Ext(name)
	switch strings.ToLower(end) {
	case ".jpg", ".jpeg":
		if mime == picture.JPEG {
			return name
		}
	case ".png":
		if mime == picture.PNG {
			return name
		}
	}
	if mime == picture.JPEG {
		return strings.TrimSuffix(name, end) + ".jpg"
	}
	return strings.TrimSuffix(name, end) + ".png"
}

var errTooLarge = errors.New("the file is too large")

// limit refuses to write more than most bytes.
type limit struct {
	to   *bytes.Buffer
	most int
}

func (w *limit) Write(b []byte) (int, error) {
	if w.to.Len()+len(b) > w.most {
		return 0, errTooLarge
	}
	return w.to.Write(b)
}
