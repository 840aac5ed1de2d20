package slack

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestFiles(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.HTTP = quick() })
	c := aCase()
	photo := said(c, 1, opened.Add(time.Minute), "")
	photo.Media = bot.Image
	ts := o.begin(c, photo)
	content := strings.Repeat("jpeg", 50_000)
	o.s.media[photo.MessageID] = reception.Media{MessageID: photo.MessageID, MIME: "image/jpeg", Content: []byte(content)}
	l := letter(reception.LetterFile, reception.CaseAt(photo.MessageID, money), reception.FileRef{Case: c.ID, MessageID: photo.MessageID})
	var err error
	for _, f := range []slackapi.Failure{
		{Method: "files.getUploadURLExternal", Kind: slackapi.FailStatus},
		{Method: "files.getUploadURLExternal", Kind: slackapi.FailRateLimited},
		{Method: "upload", Kind: slackapi.FailAfter},
		{Method: "upload", Kind: slackapi.FailStatus},
		{Method: "files.completeUploadExternal", Kind: slackapi.FailBefore},
		{Method: "files.completeUploadExternal", Kind: slackapi.FailRateLimited},
		{Method: "files.completeUploadExternal", Kind: slackapi.FailAfter},
	} {
		f.Times = 1
		o.Fail(f)
		_, err = o.carry(l)
		var retry *mailbox.RetryError
		if !errors.As(err, &retry) {
			t.Fatalf("%+v: got %v, want a RetryError", f, err)
		}
		if early := f.Method != "files.completeUploadExternal" || f.Kind == slackapi.FailRateLimited; retry.Clear != early {
			t.Errorf("%+v: clear %v, want %v", f, retry.Clear, early)
		}
		l = again(l, err)
		l.Tries = 2
	}
	o.deliver(l, l)
	var files []slackapi.File
	for _, m := range o.Thread(money, ts) {
		files = append(files, m.Files...)
	}
	if len(files) != 1 || !strings.Contains(files[0].Title, "写真") {
		t.Fatalf("got files %+v, want one photo", files)
	}
	if _, got, ok := o.FileContent(files[0].ID); !ok || string(got) != content {
		t.Error("the bytes were changed on the way")
	}
	if o.s.posts[l.Kind+l.Subject] != files[0].ID {
		t.Errorf("the receipt is %q, want %s", o.s.posts[l.Kind+l.Subject], files[0].ID)
	}
}

func TestFileThatIsLost(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	photo := said(c, 1, opened.Add(time.Minute), "")
	photo.Media = bot.Image
	ts := o.begin(c, photo)
	o.deliver(lineLetter(c, photo, money, ""))
	l := letter(reception.LetterFile, reception.CaseAt(photo.MessageID, money), reception.FileRef{Case: c.ID, MessageID: photo.MessageID})
	_, err := o.carry(l)
	var gone *mailbox.GoneError
	if !errors.As(err, &gone) || gone.Reason != goneLost {
		t.Fatalf("got %v, want gone", err)
	}
	o.deliver(gone.Follow...)
	if lines := o.lines(money, ts); len(lines) != 1 || !strings.Contains(lines[0], "表示できません") {
		t.Errorf("got %q", lines)
	}
	// Content that cannot be read is asked for a few times.
	o.s.set(func() { o.s.media[photo.MessageID] = reception.Media{MessageID: photo.MessageID} })
	for try := 1; try <= maxMediaTries; try++ {
		l.Tries, l.Clear = try, true
		_, err = o.carry(l)
		var retry *mailbox.RetryError
		if again := errors.As(err, &retry); again != (try < maxMediaTries) {
			t.Errorf("try %d: got %v", try, err)
		}
	}
	// A photo taken back before it was shown never appears.
	o.s.set(func() {
		o.s.media[photo.MessageID] = reception.Media{MessageID: photo.MessageID, Content: []byte("x")}
		o.s.entries[0].Unsent = true
	})
	l.Tries = 1
	o.deliver(l)
	if n := o.Counters().Calls["files.getUploadURLExternal"]; n != 0 {
		t.Error("an unsent photo was uploaded")
	}
}

func TestFileNames(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]reception.Media{
		"tsunagu-1.jpg": {MessageID: "1", MIME: "image/jpeg"},
		"tsunagu-1.pdf": {MessageID: "1", MIME: "application/octet-stream", Name: "家賃の 書類.PDF"},
		"tsunagu-1.txt": {MessageID: "1", MIME: "text/plain; charset=utf-8", Name: "a.<b>"},
		"tsunagu-1.bin": {MessageID: "1", MIME: "x/y", Name: "../../etc"},
	} {
		if got := fileName(m); got != want {
			t.Errorf("%+v: got %q, want %q", m, got, want)
		}
	}
	e := desk.Entry{Media: bot.File, At: opened}
	if got := fileTitle(reception.Media{Name: "家賃.pdf"}, e); got != "ご本人から：ファイル　家賃.pdf　11月23日（月）14:05" {
		t.Errorf("got %q", got)
	}
}
