package slack

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestSignature(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.SigningSecrets = []string{"new", secret} })
	body := `{"type":"event_callback","event":{"type":"app_home_opened"}}`
	sign := func(secret string, at time.Time) func(http.Header) {
		return func(h http.Header) { slackapi.Sign(h, secret, at, []byte(body)) }
	}
	for name, test := range map[string]struct {
		change func(http.Header)
		want   int
	}{
		"right":       {sign(secret, time.Now()), 200},
		"new secret":  {sign("new", time.Now()), 200},
		"other":       {sign("other", time.Now()), 401},
		"almost old":  {sign(secret, time.Now().Add(-290*time.Second)), 200},
		"old":         {sign(secret, time.Now().Add(-310*time.Second)), 401},
		"future":      {sign(secret, time.Now().Add(310*time.Second)), 401},
		"none":        {func(h http.Header) { h.Del("X-Slack-Signature") }, 401},
		"no time":     {func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }, 401},
		"odd time":    {func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "now") }, 401},
		"other time":  {func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "1700000000") }, 401},
		"upper case":  {func(h http.Header) { h.Set("X-Slack-Signature", strings.ToUpper(h.Get("X-Slack-Signature"))) }, 401},
		"empty proof": {func(h http.Header) { h.Set("X-Slack-Signature", "v0=") }, 401},
	} {
		res := o.request("/slack/events", body, test.change)
		if res.status != test.want || res.body != "" {
			t.Errorf("%s: got %d %q, want %d and nothing", name, res.status, res.body, test.want)
		}
	}
	if got := o.counted("events bad signature"); got != 9 {
		t.Errorf("%d bad signatures counted, want 9", got)
	}
	if len(o.s.mail) > 0 {
		t.Error("something was stored")
	}
}

func TestRequestShapes(t *testing.T) {
	t.Parallel()
	o := open(t)
	if err := o.VerifyURL(o.ctx()); err != nil {
		t.Error(err)
	}
	for name, test := range map[string]struct {
		path, body string
		want       int
		noRetry    bool
	}{
		"not JSON":         {"/slack/events", `{`, 400, true},
		"array":            {"/slack/events", `[]`, 400, true},
		"unknown type":     {"/slack/events", `{"type":"new"}`, 200, false},
		"nothing":          {"/slack/events", `{}`, 200, false},
		"app_rate_limited": {"/slack/events", `{"type":"app_rate_limited"}`, 200, false},
		"no payload":       {"/slack/interactions", `a=b`, 400, true},
		"bad form":         {"/slack/interactions", `payload=%zz`, 400, true},
		"bad payload":      {"/slack/interactions", url.Values{"payload": {"{"}}.Encode(), 400, true},
		"unknown kind":     {"/slack/interactions", url.Values{"payload": {`{"type":"shortcut","user":{"id":"U1"}}`}}.Encode(), 200, false},
		"no actions":       {"/slack/interactions", url.Values{"payload": {`{"type":"block_actions","user":{"id":"U1"}}`}}.Encode(), 200, false},
		"old button":       {"/slack/interactions", url.Values{"payload": {`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"take","value":"x"}]}`}}.Encode(), 200, false},
		"foreign view":     {"/slack/interactions", url.Values{"payload": {`{"type":"view_submission","user":{"id":"U1"},"view":{"callback_id":"reply","private_metadata":"x"}}`}}.Encode(), 200, false},
		"bad command":      {"/slack/commands", `text=%zz`, 400, true},
		"too long":         {"/slack/events", strings.Repeat(" ", MaxBody+1), 413, false},
	} {
		res := o.request(test.path, test.body)
		if res.status != test.want || res.noRetry != test.noRetry {
			t.Errorf("%s: got %d, no retry %v; want %d, %v", name, res.status, res.noRetry, test.want, test.noRetry)
		}
	}
	res, err := http.Get(o.web.URL + "/slack/events")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: got %d", res.StatusCode)
	}
	if len(o.s.mail) > 0 {
		t.Error("something was stored")
	}
}

func TestReplyFromThread(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	for _, text := range talk() {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if _, err := o.Post(tanaka, money, card, unescape(text)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.Post(tanaka, money, "", ">> スレッドの外"); err != nil {
		t.Fatal(err)
	}
	ts, err := o.Post(tanaka, money, card, ">> 1 < 2 & <@"+sato+">が行きます https://example.jp/?a=1&b=2\n内部の話")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	if len(got) != 1 {
		t.Fatalf("got %d commands, want 1: %+v", len(got), got)
	}
	want := desk.Reply{Text: "1 < 2 & 佐藤 花子が行きます https://example.jp/?a=1&b=2"}
	if !same(got[0].Action, want) || got[0].By != (desk.Staff{ID: tanaka, Name: "田中"}) || got[0].Case != c.ID {
		t.Errorf("got %+v, want %+v of 田中", got[0], want)
	}
	if key := o.s.mail[0].Key; key != "slack:msg:"+money+":"+ts {
		t.Errorf("key %q", key)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "だけをご本人に") }); err != nil {
		t.Error(err)
	}

	// Delivered again, with the same and with another event id.
	event := o.LastEvent("message")
	for _, other := range []bool{false, true} {
		if err := o.Redeliver(o.ctx(), event, other); err != nil {
			t.Error(err)
		}
	}
	if len(o.s.mail) != 1 || o.s.repeats != 2 {
		t.Errorf("got %d pieces of mail and %d repeats, want 1 and 2", len(o.s.mail), o.s.repeats)
	}
}

func TestMentionArrivesTwiceActsOnce(t *testing.T) {
	t.Parallel()
	o := open(t, func(s *slackapi.Config, _ *Config) { s.Scopes = slackapi.AllScopes() })
	card := o.begin(aCase())
	if _, err := o.Post(tanaka, money, card, ">> こんにちは <@U0STANDIN>"); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if o.LastEvent("app_mention") == "" {
		t.Fatal("no app_mention was delivered")
	}
	if n := len(o.s.commands(t)); n != 1 {
		t.Errorf("got %d commands, want 1", n)
	}
}

// What other apps write in a thread is no reply.
func TestOtherBotsDoNotReply(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	for _, extra := range []string{`"bot_id":"B1"`, `"subtype":"bot_message"`, `"subtype":"me_message"`, `"subtype":"channel_join"`, `"hidden":true,"subtype":"message_replied"`} {
		body := fmt.Sprintf(`{"type":"event_callback","event":{"type":"message","user":"U0X","text":"&gt;&gt; hello","channel":%q,"ts":"1700000000.000100","thread_ts":%q,%s}}`, money, card, extra)
		if res := o.request("/slack/events", body); res.status != http.StatusOK {
			t.Errorf("%s: got %d", extra, res.status)
		}
	}
	own := fmt.Sprintf(`{"type":"event_callback","authorizations":[{"user_id":"U0BOT","is_bot":true}],"event":{"type":"message","user":"U0BOT","text":"&gt;&gt; hello","channel":%q,"ts":"1700000000.000100","thread_ts":%q}}`, money, card)
	o.request("/slack/events", own)
	if n := len(o.s.commands(t)); n != 0 {
		t.Errorf("%d commands, want none", n)
	}
}

func TestEditsAndDeletionsAreExplained(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	post := func(text string) string {
		ts, err := o.Post(tanaka, money, card, text)
		if err != nil {
			t.Fatal(err)
		}
		return ts
	}
	notes := func(n int) []string {
		t.Helper()
		if err := o.Wait(o.ctx(), func() bool { return len(o.Ephemerals(tanaka)) >= n }); err != nil {
			t.Fatalf("got %d notes, want %d", len(o.Ephemerals(tanaka)), n)
		}
		var out []string
		for _, m := range o.Ephemerals(tanaka) {
			out = append(out, o.Plain(m))
		}
		return out
	}
	first, chat := post(">> あした 来てください"), post("内部の話 https://example.jp/")
	if err := o.Edit(tanaka, money, first, ">> あさって 来てください"); err != nil {
		t.Fatal(err)
	}
	if got := notes(1)[0]; !strings.Contains(got, "送ることばは変わりません") {
		t.Errorf("edit: got %q", got)
	}
	if err := o.Unfurl(money, first); err != nil {
		t.Fatal(err)
	}
	if err := o.Edit(tanaka, money, chat, "内部の話の続き"); err != nil {
		t.Fatal(err)
	}
	if err := o.Edit(tanaka, money, chat, ">> 内部の話の続き"); err != nil {
		t.Fatal(err)
	}
	if got := notes(2)[1]; !strings.Contains(got, "送られません") {
		t.Errorf("talk turned into a reply: got %q", got)
	}
	if err := o.Delete(tanaka, money, first); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	if len(got) != 2 || !same(got[1].Action, desk.TakeBack{Entry: desk.ReplyEntry(got[0].ID)}) {
		t.Errorf("got %+v, want the reply, and its taking back by the deletion", got)
	}
}

// Slack keeps no order, and delivers again what was not acknowledged: a line
// that was deleted before it came here never becomes a reply.
func TestDeletedBeforeItCame(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	ts := fmt.Sprintf("%d.000100", time.Now().Unix())
	line := fmt.Sprintf(`{"type":"message","user":%q,"channel":%q,"ts":%q,"thread_ts":%q,"text":"&gt;&gt; まちがえました"}`, tanaka, money, ts, card)
	for _, event := range []string{
		fmt.Sprintf(`{"type":"message","subtype":"message_deleted","channel":%q,"previous_message":%s}`, money, line), line,
	} {
		if res := o.request("/slack/events", `{"type":"event_callback","event":`+event+`}`); res.status != http.StatusOK {
			t.Fatalf("got %d", res.status)
		}
	}
	got := o.s.commands(t)
	if len(got) != 1 || !same(got[0].Action, desk.TakeBack{Entry: desk.ReplyEntry("msg:" + money + ":" + ts), Early: true}) {
		t.Fatalf("got %+v, want no reply", got)
	}
	if d := desk.Decide(c, got[0]); d.Refused != "" || len(d.Entries)+len(d.Events)+len(d.Changed) != 0 {
		t.Errorf("got %+v, want nothing", d)
	}
}

// Deleting a line takes back what it sent, also when that was only a file.
func TestDeletionTakesAFileBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	card := o.begin(aCase())
	ts, _, err := o.UploadFile(tanaka, money, card, "a.pdf", []byte("%PDF-1.4 申請書"), ">>")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Delete(tanaka, money, ts); err != nil {
		t.Fatal(err)
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	got := o.s.commands(t)
	if len(got) != 2 || !same(got[1].Action, desk.TakeBack{Entry: desk.ReplyEntry(got[0].ID)}) {
		t.Errorf("got %+v, want the file, and its taking back by the deletion", got)
	}
}

// Pictures and PDFs beside a reply go with it; of anything else its writer is
// told that it was left out.
func TestFilesBesideAReply(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	pdf := []byte("%PDF-1.4 申請書")
	if _, _, err := o.UploadFile(tanaka, money, card, "a.pdf", pdf, ">> 見てください"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.UploadFile(tanaka, money, card, "a.exe", []byte("MZ"), ">> これも"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.UploadFile(tanaka, money, card, "b.pdf", pdf, "職員だけの資料"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "10 MB まで") }); err != nil {
		t.Error(err)
	}
	got := o.s.commands(t)
	if len(got) != 2 {
		t.Fatalf("got %d commands, want 2: %+v", len(got), got)
	}
	r, _ := got[0].Action.(desk.Reply)
	if r.Text != "見てください" || len(r.Files) != 1 || r.Files[0].Name != "a.pdf" || r.Files[0].MIME != "application/pdf" {
		t.Errorf("got %+v", r)
	}
	if r, _ := got[1].Action.(desk.Reply); r.Text != "これも" || len(r.Files) != 0 {
		t.Errorf("got %+v", r)
	}
	// Its content is fetched before the reply leaves, once however often it is tried.
	for range 2 {
		if _, err := o.carry(letter(reception.LetterGet, r.Files[0].ID, reception.Get{Resident: c.Resident, Case: c.ID, File: r.Files[0]})); err != nil {
			t.Fatal(err)
		}
	}
	if m := o.s.media[r.Files[0].ID]; string(m.Content) != string(pdf) || m.MIME != "application/pdf" || m.Resident != c.Resident {
		t.Errorf("got %+v", m)
	}
}

// A picture is kept with a small copy beside it; one that is broken, or says it
// is something else, is kept alone and under its true name.
func TestPictureGetsAPreview(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	card := o.begin(c)
	var whole bytes.Buffer
	if err := jpeg.Encode(&whole, image.NewGray(image.Rect(0, 0, 30, 20)), nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		content []byte
		kept    string
		preview bool
	}{
		"a.jpg": {whole.Bytes(), "a.jpg", true},
		"b.png": {whole.Bytes(), "b.jpg", true},
		"c.JPG": {whole.Bytes()[:whole.Len()/2], "c.JPG", false},
		"d":     {whole.Bytes(), "d.jpg", true},
	} {
		_, f, err := o.UploadFile(tanaka, money, card, name, want.content, "職員だけで見ます")
		if err != nil {
			t.Fatal(err)
		}
		file := desk.File{ID: "staff-" + f, From: f, Name: name, MIME: "image/jpeg"}
		for range 2 {
			if _, err := o.carry(letter(reception.LetterGet, file.ID, reception.Get{Resident: c.Resident, Case: c.ID, File: file})); err != nil {
				t.Fatal(err)
			}
		}
		m, small := o.s.media[file.ID], o.s.media[reception.PreviewID(file.ID)]
		if m.Name != want.kept || m.MIME != "image/jpeg" || m.Resident != c.Resident || m.Expires.IsZero() {
			t.Errorf("%s: got %q %s of %s until %s", name, m.Name, m.MIME, m.Resident, m.Expires)
		}
		if got := len(small.Content) > 0; got != want.preview || got && (small.Resident != c.Resident || !small.Expires.Equal(m.Expires)) {
			t.Errorf("%s: got a preview %v of %s until %s, want %v", name, got, small.Resident, small.Expires, want.preview)
		}
	}
}

// A reply that cannot be stored is delivered again by Slack, and acts once.
func TestReplySurvivesTheDatabase(t *testing.T) {
	t.Parallel()
	o := open(t, func(s *slackapi.Config, _ *Config) {
		s.Retries = []time.Duration{50 * time.Millisecond, 50 * time.Millisecond}
	})
	card := o.begin(aCase())
	o.s.set(func() { o.s.down = true })
	if _, err := o.Post(tanaka, money, card, ">> こんにちは"); err != nil {
		t.Fatal(err)
	}
	if err := o.Wait(o.ctx(), func() bool {
		d := o.Deliveries()
		return len(d) > 0 && d[len(d)-1].Type == "message" && d[len(d)-1].Status == http.StatusServiceUnavailable
	}); err != nil {
		t.Fatal(err)
	}
	o.s.set(func() { o.s.down = false })
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if got := o.s.commands(t); len(got) != 1 {
		t.Errorf("got %d commands, want 1", len(got))
	}
}

// Whatever the database does, Slack gets its answer within three seconds.
func TestHangingDatabase(t *testing.T) {
	t.Parallel()
	o := open(t, func(s *slackapi.Config, _ *Config) { s.AckTimeout = 3 * time.Second })
	c := aCase()
	card := o.begin(c)
	hang := make(chan struct{})
	o.s.set(func() { o.s.hang = hang })
	began := time.Now()
	if _, err := o.Post(tanaka, money, card, ">> こんにちは"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Click(o.ctx(), slackapi.On(tanaka, money, card), actTake); err == nil {
		t.Error("a click that is not stored was acknowledged")
	}
	if err := o.Settle(o.ctx()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > 2900*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	if _, err := o.WaitEphemeral(o.ctx(), tanaka, func(m slackapi.Message) bool { return strings.Contains(o.Plain(m), "記録できませんでした") }); err != nil {
		t.Error(err)
	}
	for _, d := range o.Deliveries() {
		if d.Status != http.StatusServiceUnavailable && d.Type != "message" {
			t.Errorf("%s was answered %d %s", d.Type, d.Status, d.Failure)
		}
		if d.Failure == "http_timeout" {
			t.Errorf("%s timed out", d.Type)
		}
	}
	o.s.set(func() { o.s.hang = nil })
	close(hang)
}
