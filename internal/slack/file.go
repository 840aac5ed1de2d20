package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// maxMediaTries is how often media are asked for before staff are told that
// they are lost: a channel must not wait for one photo.
const maxMediaTries = 5

// carryFile shows a resident's photo or file in the thread: three steps, of
// which only the last makes it visible. It never becomes public.
// https://docs.slack.dev/messaging/working-with-files#upload
func (c *Client) carryFile(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.FileRef
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	t, channel := doubts(l), channelOf(l.Subject)
	cs, err := c.cfg.Store.Case(ctx, ref.Case)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read case", err)
	}
	file, ok, err := c.cfg.Store.Post(ctx, l.Kind, l.Subject)
	switch {
	case err != nil:
		return mailbox.Receipt{}, c.later(ctx, l, t, "look for file", err)
	case ok && file != "":
		return mailbox.Receipt{Ref: file}, nil
	}
	if current := c.cfg.Channel(cs.Window, cs.Danger); channel != current {
		return mailbox.Receipt{Follow: []mailbox.Letter{fileLetter(l, cs, ref.MessageID, current)}}, nil
	}
	// The entry is known from the case's history; a photo that came before the
	// case has one, too.
	e, err := c.entryOf(ctx, cs, ref.MessageID)
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read entries", err)
	}
	thread, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
	if err != nil {
		return mailbox.Receipt{}, c.later(ctx, l, t, "look for card", err)
	}
	if !ok || thread == "" {
		again, err := c.behind(l, fmt.Errorf("case %s has no card here yet", cs.ID), t)
		if err != nil {
			return mailbox.Receipt{}, err
		}
		return mailbox.Receipt{Follow: []mailbox.Letter{again}}, nil
	}
	if t.doubt {
		file, ok, err := c.findFile(ctx, channel, thread, ref.MessageID)
		if err != nil {
			return mailbox.Receipt{}, c.trouble(ctx, "conversations.replies", err, l, t)
		}
		if ok {
			if e.Unsent {
				return mailbox.Receipt{Ref: file}, c.dropUnseen(ctx, l, file)
			}
			return mailbox.Receipt{Ref: file}, nil
		}
		t.doubt = false
	}
	if e.Unsent {
		return mailbox.Receipt{}, nil
	}
	m, err := c.cfg.Media.Media(ctx, ref.MessageID)
	if err == nil && len(m.Content) == 0 {
		err = errors.New("the content is empty")
	}
	if err != nil {
		if l.Tries < maxMediaTries && !errors.Is(err, reception.ErrNotFound) {
			return mailbox.Receipt{}, c.later(ctx, l, t, "read media", err)
		}
		c.cfg.Count("gone", goneLost)
		gone := &mailbox.GoneError{Reason: goneLost, Err: fmt.Errorf("read media: %w", err)}
		if e.ID != "" {
			gone.Follow = []mailbox.Letter{entryLetter(l, cs, e.ID, channel, l.ID+"/lost", fateLost)}
		}
		return mailbox.Receipt{}, gone
	}
	return c.show(ctx, l, m, e, channel, thread)
}

// show uploads the bytes and shares them in the thread.
func (c *Client) show(ctx context.Context, l mailbox.Letter, m reception.Media, e desk.Entry, channel, thread string) (mailbox.Receipt, error) {
	name := fileName(m)
	ticket, err := c.sdk.GetUploadURLExternalContext(ctx, sdk.GetUploadURLExternalParameters{FileName: name, FileSize: len(m.Content)})
	if err != nil {
		return mailbox.Receipt{}, notShown(c.trouble(ctx, "files.getUploadURLExternal", err, l, trying{}))
	}
	err = c.upload.UploadToURL(ctx, sdk.UploadToURLParameters{UploadURL: ticket.UploadURL, Reader: bytes.NewReader(m.Content), Filename: name})
	if err != nil {
		return mailbox.Receipt{}, notShown(c.trouble(ctx, "upload", err, l, trying{}))
	}
	done, err := c.sdk.CompleteUploadExternalContext(ctx, sdk.CompleteUploadExternalParameters{
		Files: []sdk.FileSummary{{ID: ticket.FileID, Title: fileTitle(m, e)}}, Channel: channel, ThreadTimestamp: thread,
	})
	if err != nil {
		return mailbox.Receipt{}, c.trouble(ctx, "files.completeUploadExternal", err, l, trying{})
	}
	c.did("files.completeUploadExternal")
	if len(done.Files) > 0 && done.Files[0].ID != "" {
		return mailbox.Receipt{Ref: done.Files[0].ID, Rest: c.rest(channel)}, nil
	}
	return mailbox.Receipt{Ref: ticket.FileID, Rest: c.rest(channel)}, nil
}

// notShown marks a failure before the last step as clear: a file that was only
// uploaded is seen by nobody.
func notShown(err error) error {
	var retry *mailbox.RetryError
	if errors.As(err, &retry) {
		retry.Clear = true
	}
	return err
}

func (c *Client) dropUnseen(ctx context.Context, l mailbox.Letter, file string) error {
	if err := c.sdk.DeleteFileContext(ctx, file); err != nil {
		if code := sortError(err).code; code != "file_not_found" && code != "file_deleted" {
			return c.trouble(ctx, "files.delete", err, l, trying{doubt: true})
		}
	}
	return nil
}

func (c *Client) entryOf(ctx context.Context, cs desk.Case, messageID string) (desk.Entry, error) {
	entries, err := c.cfg.Store.Entries(ctx, cs.ID)
	if err != nil {
		return desk.Entry{}, err
	}
	for _, e := range entries {
		if e.MessageID == messageID {
			return e, nil
		}
	}
	return desk.Entry{}, nil
}

// findFile looks for a file we shared in a thread, by its name.
func (c *Client) findFile(ctx context.Context, channel, thread, messageID string) (string, bool, error) {
	cursor := ""
	for range findPages {
		messages, next, err := c.page(ctx, channel, thread, "", cursor)
		if err != nil {
			return "", false, err
		}
		for _, m := range messages {
			for _, f := range m.Files {
				if m.BotID != "" && strings.HasPrefix(f.Name, filePrefix(messageID)) {
					return f.ID, true, nil
				}
			}
		}
		if next == "" {
			break
		}
		cursor = next
	}
	return "", false, nil
}

// filePrefix begins the name of a file, so that it is recognised after an
// unclear failure: files carry no metadata.
func filePrefix(messageID string) string { return "tsunagu-" + messageID + "." }

// fileName is what a download is called.
func fileName(m reception.Media) string { return filePrefix(m.MessageID) + extension(m) }

func extension(m reception.Media) string {
	if ext := strings.ToLower(strings.TrimPrefix(path.Ext(m.Name), ".")); ext != "" && len(ext) <= 5 && isWord(ext) {
		return ext
	}
	kind, _, _ := strings.Cut(m.MIME, ";")
	known := map[string]string{
		"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
		"video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm",
		"audio/mp4": "m4a", "audio/x-m4a": "m4a", "audio/mpeg": "mp3", "audio/wave": "wav", "audio/aac": "aac",
		"application/pdf": "pdf", "application/zip": "zip", "text/plain": "txt",
	}
	if ext := known[strings.TrimSpace(kind)]; ext != "" {
		return ext
	}
	return "bin"
}

func isWord(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// fileTitle is what staff read above the file.
func fileTitle(m reception.Media, e desk.Entry) string {
	kind := e.Media
	if kind == "" {
		kind = kindOf(m.MIME)
	}
	title := "ご本人から：" + mediaName(kind)
	if !blank(m.Name) {
		title += "　" + oneLine(m.Name, 80)
	}
	if !e.At.IsZero() {
		title += "　" + when(e.At)
	}
	return title
}

func kindOf(mime string) bot.MediaKind {
	for prefix, kind := range map[string]bot.MediaKind{"image/": bot.Image, "video/": bot.Video, "audio/": bot.Audio} {
		if strings.HasPrefix(mime, prefix) {
			return kind
		}
	}
	return bot.File
}
