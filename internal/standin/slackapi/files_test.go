package slackapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"
)

func TestUploadByTheApp(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	parent := card(t, api, desk)
	content := "写真の中身"
	summary, err := api.UploadFileContext(ctx, slack.UploadFileParameters{
		Filename: "家.jpg", Title: "家の写真", FileSize: len(content), Content: content,
		Channel: desk, ThreadTimestamp: parent, InitialComment: "届きました", AltTxt: "家",
	})
	if err != nil {
		t.Fatal(err)
	}
	thread := w.Thread(desk, parent)
	if len(thread) != 2 {
		t.Fatalf("the thread has %d messages, want 2", len(thread))
	}
	m := thread[1]
	if m.Subtype != "file_share" || m.Text != "届きました" || len(m.Files) != 1 || m.Files[0].Title != "家の写真" || m.Files[0].Mimetype != "image/jpeg" {
		t.Errorf("got %+v", m)
	}
	if got := w.Plain(m); got != "届きました\n[ファイル: 家の写真]" {
		t.Errorf("plain: got %q", got)
	}
	f, bytesOf, ok := w.FileContent(summary.ID)
	if !ok || string(bytesOf) != content || f.AltText != "家" {
		t.Errorf("content: got %q, %+v", bytesOf, f)
	}
	info, _, _, err := api.GetFileInfoContext(ctx, summary.ID, 1, 1)
	if err != nil || info.IsPublic || len(info.Groups) != 1 || len(info.Shares.Private[desk]) != 1 || info.Shares.Private[desk][0].ThreadTs != parent {
		t.Errorf("info: got %+v, %v", info, err)
	}
	var read bytes.Buffer
	if err := api.GetFileContext(ctx, info.URLPrivateDownload, &read); err != nil || read.String() != content {
		t.Errorf("download: got %q, %v", read.String(), err)
	}
	stranger := slack.New("xoxb-other", slack.OptionAPIURL(w.base+"/api/"))
	if err := stranger.GetFileContext(ctx, info.URLPrivateDownload, io.Discard); err == nil || !strings.Contains(err.Error(), "sign-in") {
		t.Errorf("download without the token: got %v, want the sign-in page", err)
	}
	wantCode(t, api.DeleteFileContext(ctx, summary.ID), "")
	_, _, _, err = api.GetFileInfoContext(ctx, summary.ID, 1, 1)
	wantCode(t, err, "file_deleted")
	if _, _, ok := w.FileContent(summary.ID); ok {
		t.Error("a deleted file still has content")
	}
}

func TestUploadRules(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	ctx := short(t)
	get := func() *slack.GetUploadURLExternalResponse {
		u, err := api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: "a.txt", FileSize: 3})
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	complete := func(id, channel string) error {
		_, err := api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{Files: []slack.FileSummary{{ID: id}}, Channel: channel})
		return err
	}
	u := get()
	wantCode(t, complete(u.FileID, town), "file_not_found") // nothing was uploaded
	res, err := http.Post(u.UploadURL, "application/octet-stream", strings.NewReader("four"))
	if err != nil || res.StatusCode != http.StatusBadRequest || !hasViolation(w, ViolationRefused, "length_mismatch") {
		t.Errorf("another length than announced: got %v, %v", res.Status, err)
	}
	_ = res.Body.Close()
	res, err = http.Post(u.UploadURL, "application/octet-stream", strings.NewReader("abc"))
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("bare upload: got %v, %v", res.Status, err)
	}
	_ = res.Body.Close()
	res, err = http.Post(u.UploadURL, "application/octet-stream", strings.NewReader("abc"))
	if err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("the same URL again: got %v, %v", res.Status, err)
	}
	_ = res.Body.Close()
	wantCode(t, complete(u.FileID, other), "not_in_channel")
	wantCode(t, complete(u.FileID, secret), "channel_not_found")
	wantCode(t, complete(u.FileID, town), "")
	wantCode(t, complete(u.FileID, town), "file_not_found") // completed before
	_, out := raw(t, w, "files.getUploadURLExternal", formType, testToken, "filename=a&length=0")
	if out["error"] != "invalid_arguments" {
		t.Errorf("length 0: got %v", out)
	}
	_, out = raw(t, w, "files.getUploadURLExternal", jsonType, testToken, `{"filename":"a","length":3}`)
	if out["error"] != "invalid_arguments" {
		t.Errorf("JSON body: got %v", out)
	}
}

func TestUploadByAPerson(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ts, id, err := w.UploadFile(sato, desk, "", "申請.pdf", []byte("%PDF"), "これです & 見て")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	events := a.events("message")
	if len(events) != 1 || events[0]["subtype"] != "file_share" || events[0]["ts"] != ts || events[0]["text"] != "これです &amp; 見て" {
		t.Fatalf("got %v", events)
	}
	files, _ := events[0]["files"].([]any)
	f, _ := files[0].(obj)
	if f["id"] != id || f["mimetype"] != "application/pdf" || f["size"] != 4.0 {
		t.Errorf("got %v", f)
	}
	var read bytes.Buffer
	if err := api.GetFileContext(short(t), fmt.Sprint(f["url_private"]), &read); err != nil || read.String() != "%PDF" {
		t.Errorf("the app reads %q, %v", read.String(), err)
	}
	wantCode(t, api.DeleteFileContext(short(t), id), "cant_delete_file")
}

// TestFilesBeforeTheyAreShared: what a person chose is theirs alone until they
// share it, once, several in one message.
func TestFilesBeforeTheyAreShared(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	upload := func(user, name string) string {
		id, err := w.Upload(user, name, []byte("%PDF"))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	first, second, others := upload(sato, "a.pdf"), upload(sato, "b.png"), upload(boss, "c.pdf")
	_, _, _, err := api.GetFileInfoContext(short(t), first, 1, 1)
	wantCode(t, err, "file_not_found") // the app sees it no more than others do
	for _, refused := range [][]string{nil, {"F404"}, {others}, slices.Repeat([]string{first}, maxShared+1)} {
		if _, err := w.PostFiles(sato, desk, "", "これ", refused...); !errors.Is(err, ErrCannot) {
			t.Errorf("share %v: got %v, want ErrCannot", refused, err)
		}
	}
	if _, err := w.PostFiles(sato, "C404", "", "これ", first); !errors.Is(err, ErrCannot) {
		t.Errorf("share where one is not: got %v, want ErrCannot", err)
	}
	ts, err := w.PostFiles(sato, desk, "", "これ", first, second)
	if err != nil {
		t.Fatal(err)
	}
	settle(t, w)
	events := a.events("message")
	if files, _ := events[0]["files"].([]any); len(events) != 1 || events[0]["ts"] != ts || len(files) != 2 {
		t.Errorf("got %v, want one message with both files", events)
	}
	if _, err := w.PostFiles(sato, desk, "", "もう一度", first); !errors.Is(err, ErrCannot) {
		t.Errorf("share twice: got %v, want ErrCannot", err)
	}
	for _, content := range [][]byte{nil, make([]byte, maxUpload+1)} {
		if _, err := w.Upload(sato, "d.pdf", content); !errors.Is(err, ErrCannot) {
			t.Errorf("upload %d bytes: got %v, want ErrCannot", len(content), err)
		}
	}
}

func TestFilesInAForm(t *testing.T) {
	t.Parallel()
	w, api := start(t, nil)
	a := startApp(t, w)
	ctx := short(t)
	ts := card(t, api, desk)
	files := slack.NewInputBlock("files", plainText("写真"), nil, slack.NewFileInputBlockElement("files").WithFileTypes("pdf").WithMaxFiles(1))
	_, err := api.OpenViewContext(ctx, pressForTrigger(t, w, a, On(sato, desk, ts), "返信"), modal("返信", func(v *slack.ModalViewRequest) {
		v.Blocks.BlockSet = append(v.Blocks.BlockSet, files)
	}))
	if err != nil {
		t.Fatal(err)
	}
	id, err := w.Upload(sato, "申請.pdf", []byte("%PDF"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := w.Upload(sato, "a.txt", []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	for _, refused := range [][]string{{text}, {id, id}} {
		if err := w.Fill(ctx, sato, map[string]any{"files": refused}); !errors.Is(err, ErrCannot) {
			t.Errorf("choose %v: got %v, want ErrCannot", refused, err)
		}
	}
	_, _, _, err = api.GetFileInfoContext(ctx, id, 1, 1)
	wantCode(t, err, "file_not_found") // the form is not sent yet
	if _, err := w.FillAndSubmit(ctx, sato, map[string]any{"body": "どうぞ", "files": []string{id}}); err != nil {
		t.Fatal(err)
	}
	info, _, _, err := api.GetFileInfoContext(ctx, id, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	var read bytes.Buffer
	if err := api.GetFileContext(ctx, info.URLPrivateDownload, &read); err != nil || read.String() != "%PDF" {
		t.Errorf("the app reads %q, %v", read.String(), err)
	}
}
