package slackapi

import (
	"cmp"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// maxUpload bounds one file in the stand-in, in bytes. Slack takes 1 GB.
const maxUpload = 32 << 20

// maxShared is how many files one message takes.
// https://slack.com/help/articles/201330736-Add-files-to-Slack
const maxShared = 10

// newFile makes a file that is not uploaded yet. The caller holds mu.
func (w *Workspace) newFile(user, name string, length int) *file {
	ext := path.Ext(name)
	f := &file{
		id: w.ids.code("F0", 8), name: name, title: name, user: user, length: length,
		ftype:    cmp.Or(strings.ToLower(strings.TrimPrefix(ext, ".")), "binary"),
		mimetype: mimeType(ext), created: w.now(),
		secret: w.ids.code("", 24),
	}
	w.files[f.id] = f
	w.fileOrder = append(w.fileOrder, f)
	if keep := w.cfg.KeepMessages; keep > 0 && len(w.fileOrder) > keep {
		delete(w.files, w.fileOrder[0].id)
		w.fileOrder = slices.Delete(w.fileOrder, 0, 1)
	}
	return f
}

// mimeType knows the types that matter to people without the system's table.
func mimeType(ext string) string {
	known := map[string]string{
		".txt": "text/plain", ".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
		".png": "image/png", ".heic": "image/heic", ".mp4": "video/mp4", ".m4a": "audio/mp4",
	}
	ext = strings.ToLower(ext)
	byTable, _, _ := strings.Cut(mime.TypeByExtension(ext), ";")
	return cmp.Or(known[ext], byTable, "application/octet-stream")
}

// https://docs.slack.dev/reference/methods/files.getUploadURLExternal
func (w *Workspace) filesGetUploadURL(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("filename", "length"); problem != nil {
		return nil, problem
	}
	length, err := strconv.Atoi(c.args.str("length"))
	if err != nil || length <= 0 {
		return nil, invalid("must be greater than 0 [json-pointer:/length]")
	}
	if length > maxUpload {
		return nil, decline("file_upload_size_restricted")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.newFile(w.cfg.App.BotUserID, c.args.str("filename"), length)
	f.altText = c.args.str("alt_txt")
	return obj{"upload_url": c.origin + "/upload/v1/" + f.secret, "file_id": f.id}, nil
}

// serveUpload takes the bytes of a file, as a form or bare.
func (w *Workspace) serveUpload(rw http.ResponseWriter, r *http.Request) {
	answered, after := w.fail(rw, r, "upload", "")
	if answered {
		return
	}
	content, err := uploaded(r)
	if err != nil {
		http.Error(rw, "bad upload", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	var f *file
	for _, other := range w.fileOrder {
		if other.secret == r.PathValue("secret") && !other.uploaded {
			f = other
		}
	}
	length := 0
	if f != nil {
		length = f.length
		if length == len(content) {
			f.content, f.size, f.uploaded = content, len(content), true
		}
	}
	w.mu.Unlock()
	switch {
	case f == nil:
		http.Error(rw, "upload URL unknown or used", http.StatusNotFound)
	case length != len(content):
		w.violate(Violation{
			Kind: ViolationRefused, Method: "upload", Error: "length_mismatch",
			Detail: fmt.Sprintf("%d bytes were announced, %d came", length, len(content)),
		})
		http.Error(rw, "length mismatch", http.StatusBadRequest)
	case after:
		panic(http.ErrAbortHandler)
	default:
		_, _ = fmt.Fprintf(rw, "OK - %d", len(content))
	}
}

func uploaded(r *http.Request) ([]byte, error) {
	body := http.MaxBytesReader(nil, r.Body, maxUpload+1<<16)
	ctype, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if ctype != "multipart/form-data" {
		return io.ReadAll(body)
	}
	r.Body = body
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fmt.Errorf("read upload form: %w", err)
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, fmt.Errorf("read upload form without a file: %w", err)
		}
		if part.FileName() != "" || slices.Contains([]string{"file", "filename"}, part.FormName()) {
			return io.ReadAll(part)
		}
	}
}

// filesCompleteUpload shares uploaded files. The answer carries no ts of the
// message: an app learns it from the event, or from files.info.
// https://docs.slack.dev/reference/methods/files.completeUploadExternal
func (w *Workspace) filesCompleteUpload(c *call) (obj, *refusal) {
	list, ok := c.args.decoded("files")
	items, isList := list.([]any)
	if !ok || !isList || len(items) == 0 {
		return nil, missing("files")
	}
	k, problem := w.readContent(args{values: obj{"text": c.args.str("initial_comment"), "blocks": c.args.values["blocks"]}})
	if problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	files, problem := w.toComplete(items)
	var accepted []Accepted
	if problem == nil {
		channels := c.args.list("channels")
		if one := c.args.str("channel_id"); one != "" {
			channels = []string{one}
		}
		accepted, problem = w.share(channels, files, k, c.args.str("thread_ts"))
	}
	out := []obj{}
	if problem == nil {
		for _, f := range files {
			f.shared = true
			out = append(out, w.wireFile(f))
		}
	}
	w.mu.Unlock()
	if problem != nil {
		return nil, problem
	}
	for _, a := range accepted {
		w.accepted(a)
	}
	return obj{"files": out}, nil
}

// toComplete finds the files of a completeUploadExternal. The caller holds mu.
func (w *Workspace) toComplete(items []any) ([]*file, *refusal) {
	var files []*file
	for _, item := range items {
		o, _ := item.(obj)
		id, _ := o["id"].(string)
		f := w.files[id]
		if f == nil || !f.uploaded || f.shared || f.deleted {
			return nil, refuse("file_not_found", "unknown, not uploaded, or completed before: "+id)
		}
		files = append(files, f)
	}
	for i, item := range items {
		if title, ok := item.(obj)["title"].(string); ok && title != "" {
			files[i].title = title
		}
	}
	return files, nil
}

// share posts files to channels. The caller holds mu.
func (w *Workspace) share(ids []string, files []*file, k content, threadTS string) ([]Accepted, *refusal) {
	var channels []*channel
	threads := map[*channel]string{}
	for _, id := range ids {
		ch, problem := w.visible(id)
		switch {
		case problem != nil:
			return nil, problem
		case ch.archived:
			return nil, decline("is_archived")
		case !ch.has(w.cfg.App.BotUserID):
			return nil, decline("not_in_channel")
		}
		if threads[ch], problem = w.thread(ch, threadTS); problem != nil {
			return nil, problem
		}
		channels = append(channels, ch)
	}
	var out []Accepted
	for _, ch := range channels {
		m := w.botMessage(ch, k)
		m.threadTS = threads[ch]
		w.attach(m, files)
		w.publish(m)
		out = append(out, Accepted{Action: "posted", Message: w.snapshot(m)})
	}
	return out, nil
}

// attach makes a message a file_share. The caller holds mu.
func (w *Workspace) attach(m *message, files []*file) {
	m.subtype, m.files = "file_share", files
	for _, f := range files {
		share := obj{"ts": m.ts, "channel_name": m.channel.name, "team_id": w.cfg.Team.ID}
		if m.threadTS != "" {
			share["thread_ts"] = m.threadTS
		}
		f.channels = append(f.channels, m.channel)
		f.shares = append(f.shares, share)
	}
}

// Upload gives a file to Slack, as a person's client does with one that is
// chosen. Nobody else sees it until it is shared (PostFiles), or sent in a
// form's file_input. It has 1 byte to 32 MB; Slack takes 1 GB.
func (w *Workspace) Upload(user, name string, content []byte) (fileID string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, err := w.face(user); err != nil {
		return "", fmt.Errorf("upload: %w", err)
	}
	if len(content) == 0 || len(content) > maxUpload {
		return "", fmt.Errorf("upload %q: %d bytes of 1 to %d: %w", name, len(content), maxUpload, ErrCannot)
	}
	f := w.newFile(user, name, len(content))
	f.content, f.size, f.uploaded = slices.Clone(content), len(content), true
	return f.id, nil
}

// PostFiles shares a person's own uploaded files, 1 to 10, in one message with
// a comment, which may be empty.
func (w *Workspace) PostFiles(user, channelID, thread, comment string, fileIDs ...string) (ts string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch, err := w.inside(user, channelID)
	if err != nil {
		return "", fmt.Errorf("share files: %w", err)
	}
	if len(fileIDs) == 0 || len(fileIDs) > maxShared {
		return "", fmt.Errorf("share %d files of 1 to %d: %w", len(fileIDs), maxShared, ErrCannot)
	}
	var files []*file
	for _, id := range fileIDs {
		f := w.files[id]
		if f == nil || f.user != user || f.shared || f.deleted {
			return "", fmt.Errorf("share file %q: not uploaded by %s, or shared before: %w", id, user, ErrCannot)
		}
		files = append(files, f)
	}
	m, err := w.personal(user, ch, thread, comment)
	if err != nil {
		return "", fmt.Errorf("share files: %w", err)
	}
	for _, f := range files {
		f.shared = true
	}
	w.attach(m, files)
	w.publish(m)
	return m.ts, nil
}

// UploadFile uploads one file and shares it with a comment, which may be empty.
func (w *Workspace) UploadFile(user, channelID, thread, name string, content []byte, comment string) (ts, fileID string, err error) {
	if fileID, err = w.Upload(user, name, content); err != nil {
		return "", "", err
	}
	ts, err = w.PostFiles(user, channelID, thread, comment, fileID)
	return ts, fileID, err
}

// giveFiles lets the app see the files of a form that is sent. The caller holds
// mu. https://docs.slack.dev/reference/block-kit/block-elements/file-input-element
func (w *Workspace) giveFiles(v *view) {
	for _, actions := range v.state {
		for _, entry := range actions {
			e, _ := entry.(obj)
			chosen, _ := e["files"].([]any)
			for _, item := range chosen {
				o, _ := item.(obj)
				id, _ := o["id"].(string)
				if f := w.files[id]; f != nil {
					f.given = true
				}
			}
		}
	}
}

// appFile finds a file the app may see. The caller holds mu.
func (w *Workspace) appFile(id string) (*file, *refusal) {
	f := w.files[id]
	bot := w.cfg.App.BotUserID
	if f == nil || (f.user != bot && !f.given && !slices.ContainsFunc(f.channels, func(ch *channel) bool { return ch.has(bot) })) {
		return nil, decline("file_not_found")
	}
	if f.deleted {
		return nil, decline("file_deleted")
	}
	return f, nil
}

func (w *Workspace) filesInfo(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("file"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f, problem := w.appFile(c.args.str("file"))
	if problem != nil {
		return nil, problem
	}
	return withCursor(obj{"file": w.wireFile(f), "comments": []any{}}, ""), nil
}

func (w *Workspace) filesDelete(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("file"); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f, problem := w.appFile(c.args.str("file"))
	if problem != nil {
		return nil, problem
	}
	if f.user != w.cfg.App.BotUserID {
		return nil, refuse("cant_delete_file")
	}
	w.dropFile(f)
	return obj{}, nil
}

// dropFile deletes a file. Messages that only carried it go, others show a
// tombstone. The caller holds mu.
func (w *Workspace) dropFile(f *file) {
	f.deleted, f.content = true, nil
	for i, ch := range f.channels {
		ts, _ := f.shares[i]["ts"].(string)
		m := ch.find(ts)
		if m == nil {
			continue
		}
		left := slices.ContainsFunc(m.files, func(x *file) bool { return !x.deleted })
		if !left && m.text == "" && len(m.blocks) == 0 {
			w.drop(m)
			continue
		}
		w.changed(Change{Kind: ChangeMessage, Channel: ch.id, TS: ts})
	}
}

// serveDownload gives a file to who has a token with files:read; others are
// sent to the sign-in page, as Slack does.
func (w *Workspace) serveDownload(rw http.ResponseWriter, r *http.Request) {
	if w.isDown() {
		panic(http.ErrAbortHandler)
	}
	if r.URL.Query().Has("redir") || r.Header.Get("Authorization") != "Bearer "+w.cfg.BotToken || !w.granted("files:read") {
		if !r.URL.Query().Has("redir") {
			http.Redirect(rw, r, "/files-pri/signin/signin?redir="+r.URL.Path, http.StatusFound)
			return
		}
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(rw, "<html><title>Sign in to Slack</title></html>")
		return
	}
	_, id, _ := strings.Cut(r.PathValue("file"), "-")
	w.mu.Lock()
	f, problem := w.appFile(id)
	var content []byte
	var ctype string
	if problem == nil {
		content, ctype = f.content, f.mimetype
	}
	w.mu.Unlock()
	if problem != nil {
		http.NotFound(rw, r)
		return
	}
	rw.Header().Set("Content-Type", ctype)
	_, _ = rw.Write(content)
}
