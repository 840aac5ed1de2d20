package line

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Lost is why a photo or file cannot be shown: LINE deleted it, or it is too large.
const Lost = "lost"

// fetch brings the content of a message home before LINE deletes it, and sends
// it on to the thread when a case is open.
func (c *Client) fetch(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var f reception.Fetch
	if err := json.Unmarshal(l.Body, &f); err != nil {
		return mailbox.Receipt{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	kept, err := c.cfg.Store.HasMedia(ctx, f.MessageID)
	if err != nil {
		return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: fmt.Errorf("look for media: %w", err)}
	}
	if kept { // fetched when it came; now people asked to see it
		return mailbox.Receipt{Ref: f.MessageID, Follow: fileLetter(f, l)}, nil
	}
	if f.Kind == bot.Video || f.Kind == bot.Audio {
		if err := c.transcoded(ctx, f.MessageID); err != nil {
			return mailbox.Receipt{}, err
		}
	}
	m, err := c.content(ctx, f)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	if err := c.cfg.Store.PutMedia(ctx, m); err != nil {
		return mailbox.Receipt{}, &mailbox.RetryError{Clear: true, Err: fmt.Errorf("keep media: %w", err)}
	}
	return mailbox.Receipt{Ref: f.MessageID, Follow: fileLetter(f, l)}, nil
}

func fileLetter(f reception.Fetch, l mailbox.Letter) []mailbox.Letter {
	if f.Case == "" || f.Lane == "" {
		return nil
	}
	body, err := json.Marshal(reception.FileRef{Case: f.Case, MessageID: f.MessageID})
	if err != nil {
		return nil
	}
	at := reception.CaseAt(f.MessageID, strings.TrimPrefix(f.Lane, "slack:"))
	return []mailbox.Letter{{ID: l.ID + "/file", Lane: f.Lane, Kind: reception.LetterFile, Subject: at, Fold: "file:" + at, Body: body}}
}

// transcoded waits, by trying again later, until LINE has prepared a video or
// voice message.
func (c *Client) transcoded(ctx context.Context, id string) error {
	api, err := c.data(ctx)
	if err != nil {
		return &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, body, err := api.GetMessageContentTranscodingByMessageIdWithHttpInfo(id) //nolint:bodyclose // read closes it
	if err != nil {
		return c.fetchFailed(res, err)
	}
	switch body.Status {
	case messaging_api.GetMessageContentTranscodingResponseSTATUS_SUCCEEDED:
		return nil
	case messaging_api.GetMessageContentTranscodingResponseSTATUS_FAILED:
		return &mailbox.GoneError{Reason: Lost, Err: errors.New("LINE could not prepare the content")}
	default:
		return &mailbox.RetryError{After: time.Second, Clear: true, Pause: true, Err: errors.New("LINE is still preparing the content")}
	}
}

// content reads at most MaxMedia bytes; its kind is told by the bytes, not by
// what the sender claims.
func (c *Client) content(ctx context.Context, f reception.Fetch) (reception.Media, error) {
	api, err := c.data(ctx)
	if err != nil {
		return reception.Media{}, &mailbox.GoneError{Reason: Refused, Err: err}
	}
	res, _, err := api.GetMessageContentWithHttpInfo(f.MessageID)
	if err != nil {
		return reception.Media{}, c.fetchFailed(res, err)
	}
	defer func() { _ = res.Body.Close() }()
	content, err := io.ReadAll(io.LimitReader(res.Body, c.cfg.MaxMedia+1))
	if err != nil {
		return reception.Media{}, &mailbox.RetryError{Clear: true, Err: fmt.Errorf("read content: %w", err)}
	}
	if int64(len(content)) > c.cfg.MaxMedia {
		return reception.Media{}, &mailbox.GoneError{Reason: Lost, Err: errors.New("the content is larger than MaxMedia")}
	}
	return reception.Media{
		MessageID: f.MessageID, Resident: f.Resident, MIME: http.DetectContentType(content), Name: f.Name,
		Content: content, Expires: c.cfg.Now().Add(c.cfg.MediaLife),
	}, nil
}

func (c *Client) fetchFailed(res *http.Response, err error) error {
	f := read(res, err)
	if f.status == http.StatusNotFound || f.status == http.StatusGone || f.status == http.StatusBadRequest {
		return &mailbox.GoneError{Reason: Lost, Err: f}
	}
	return &mailbox.RetryError{Clear: true, Err: f}
}
