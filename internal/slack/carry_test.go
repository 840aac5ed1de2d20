package slack

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

// again is the same letter in its next try.
func again(l mailbox.Letter, err error) mailbox.Letter {
	l.Tries++
	var retry *mailbox.RetryError
	l.Clear = errors.As(err, &retry) && retry.Clear
	return l
}

func TestCardIsPostedOnceAndKeptUpToDate(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	ts := o.begin(c)
	if shown := o.shown(money, ts); !strings.Contains(shown, "まだいません") || !strings.Contains(shown, "おかねが なくて") {
		t.Errorf("got card:\n%s", shown)
	}
	m, _ := o.Message(money, ts)
	payload, _ := m.Metadata["event_payload"].(map[string]any)
	if m.Metadata["event_type"] != eventCase || payload[keySubject] != reception.CaseAt(c.ID, money) || len(m.Pings) > 0 {
		t.Errorf("got metadata %v, pings %v", m.Metadata, m.Pings)
	}
	c.Status, c.Holder, c.TakenAt = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}, opened
	if again := o.begin(c); again != ts {
		t.Errorf("the card moved from %s to %s", ts, again)
	}
	if shown := o.shown(money, ts); !strings.Contains(shown, "田中さん") {
		t.Errorf("got card:\n%s", shown)
	}
	if n := o.Counters().Posts; n != 1 {
		t.Errorf("%d posts, want 1", n)
	}
}

// forms remembers what was sent to one method.
type forms struct {
	method string
	mu     sync.Mutex
	sent   []url.Values
}

func (f *forms) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, f.method) {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		raw, err := io.ReadAll(body)
		if err != nil {
			return nil, err
		}
		form, err := url.ParseQuery(string(raw))
		if err != nil {
			return nil, err
		}
		f.mu.Lock()
		f.sent = append(f.sent, form)
		f.mu.Unlock()
	}
	return http.DefaultTransport.RoundTrip(r)
}

// Slack must not fetch the addresses that residents write.
func TestNothingUnfurls(t *testing.T) {
	t.Parallel()
	f := &forms{method: "/chat.postMessage"}
	o := open(t, func(_ *slackapi.Config, c *Config) { c.HTTP = &http.Client{Transport: f} })
	c := aCase()
	c.Summary = "https://example.jp/ を見て"
	e := said(c, 1, opened.Add(time.Minute), c.Summary)
	o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""))
	if len(f.sent) != 2 {
		t.Fatalf("%d posts, want 2", len(f.sent))
	}
	for _, form := range f.sent {
		if form.Get("unfurl_links") != "false" || form.Get("unfurl_media") != "false" || !strings.Contains(form.Get("blocks"), `"verbatim":true`) {
			t.Errorf("got %v", form)
		}
	}
}

func TestDangerRingsTheUrgentChannelOnce(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Danger, c.Agreed = "suicide", false
	ts := o.begin(c)
	m, _ := o.Message(urgent, ts)
	if len(m.Pings) != 1 || m.Pings[0] != "here" {
		t.Errorf("first post: pings %v, want here", m.Pings)
	}
	c.Status, c.Holder = desk.Taken, desk.Staff{ID: tanaka, Name: "田中"}
	o.begin(c)
	if m, _ = o.Message(urgent, ts); len(m.Pings) != 0 {
		t.Errorf("update: pings %v, want none", m.Pings)
	}
}

// What a failure means: what the letter's next try may assume, and that after
// it the card stands there exactly once.
func TestCardThroughFailures(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failure             slackapi.Failure
		clear, pause, after bool
	}{
		"429":                {slackapi.Failure{Kind: slackapi.FailRateLimited, Retry: 7 * time.Second}, true, true, true},
		"500":                {slackapi.Failure{Kind: slackapi.FailStatus}, false, false, false},
		"503":                {slackapi.Failure{Kind: slackapi.FailStatus, Status: 503}, false, false, false},
		"closed before":      {slackapi.Failure{Kind: slackapi.FailBefore}, false, false, false},
		"closed after":       {slackapi.Failure{Kind: slackapi.FailAfter}, false, false, false},
		"time-out":           {slackapi.Failure{Kind: slackapi.FailDelay, Delay: time.Second}, false, false, false},
		"internal_error":     {slackapi.Failure{Kind: slackapi.FailError}, false, false, false},
		"not_in_channel":     {slackapi.Failure{Kind: slackapi.FailError, Error: "not_in_channel"}, true, true, true},
		"channel_not_found":  {slackapi.Failure{Kind: slackapi.FailError, Error: "channel_not_found"}, true, true, true},
		"is_archived":        {slackapi.Failure{Kind: slackapi.FailError, Error: "is_archived"}, true, true, true},
		"invalid_auth":       {slackapi.Failure{Kind: slackapi.FailError, Error: "invalid_auth"}, true, true, true},
		"account_inactive":   {slackapi.Failure{Kind: slackapi.FailError, Error: "account_inactive"}, true, true, true},
		"missing_scope":      {slackapi.Failure{Kind: slackapi.FailError, Error: "missing_scope"}, true, true, true},
		"something unknown":  {slackapi.Failure{Kind: slackapi.FailError, Error: "never_heard_of"}, true, false, false},
		"ratelimited in 200": {slackapi.Failure{Kind: slackapi.FailError, Error: "ratelimited"}, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t, func(_ *slackapi.Config, c *Config) { c.HTTP = quick() })
			c := aCase()
			o.s.cases[c.ID] = c
			f := test.failure
			f.Method, f.Times = "chat.postMessage", 1
			o.Fail(f)
			l := cardLetter(c, money)
			_, err := o.carry(l)
			var retry *mailbox.RetryError
			if !errors.As(err, &retry) {
				t.Fatalf("got %v, want a RetryError", err)
			}
			if retry.Clear != test.clear || retry.Pause != test.pause || (retry.After > 0) != test.after {
				t.Errorf("got clear %v, pause %v, after %v; want %v, %v, %v", retry.Clear, retry.Pause, retry.After, test.clear, test.pause, test.after)
			}
			if f.Retry > 0 && retry.After != f.Retry {
				t.Errorf("waits %v, Slack said %v", retry.After, f.Retry)
			}
			if strings.HasPrefix(name, "time-out") {
				if err := o.Wait(o.ctx(), func() bool { return len(o.Messages(money)) > 0 }); err != nil {
					t.Fatal(err) // Slack did it after all
				}
			}
			o.deliver(again(l, err))
			if n := len(o.Messages(money)); n != 1 {
				t.Errorf("%d cards, want 1", n)
			}
			if test.pause && !strings.Contains(name, "429") && !strings.Contains(name, "ratelimited") && o.counted("operator "+name) != 1 {
				t.Error("no operator is told")
			}
		})
	}
}

func TestSlackDown(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.s.cases[c.ID] = c
	l := cardLetter(c, money)

	o.SetDown(true)
	_, err := o.carry(l)
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) || retry.Clear {
		t.Errorf("connections cut: got %v, want an unclear RetryError", err)
	}
	o.SetDown(false)

	refused, cfg := open(t, func(_ *slackapi.Config, c *Config) { c.APIBase = "http://127.0.0.1:1/api/" }), again(l, err)
	refused.s.cases[c.ID] = c
	_, err = refused.carry(cardLetter(c, money))
	if !errors.As(err, &retry) || !retry.Clear || retry.Pause {
		t.Errorf("connection refused: got %v, want a clear RetryError", err)
	}
	// A clear failure after an unclear one makes nothing clear.
	_, err = refused.carry(cfg)
	if !errors.As(err, &retry) || retry.Clear {
		t.Errorf("refused after an unclear try: got %v, want an unclear RetryError", err)
	}
}

func TestDatabaseDownLosesNothing(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "もしもし")
	o.begin(c, e)
	o.s.set(func() { o.s.down = true })
	for _, l := range []mailbox.Letter{
		cardLetter(c, money), lineLetter(c, e, money, ""),
		letter(reception.LetterFile, reception.CaseAt("1", money), reception.FileRef{Case: c.ID, MessageID: "1"}),
	} {
		_, err := o.carry(l)
		var retry *mailbox.RetryError
		if !errors.As(err, &retry) || !retry.Clear {
			t.Errorf("%s: got %v, want a clear RetryError", l.Kind, err)
		}
		l.Tries = 2
		if _, err = o.carry(l); !errors.As(err, &retry) || retry.Clear {
			t.Errorf("%s, after an unclear try: got %v, want an unclear RetryError", l.Kind, err)
		}
	}
}

func TestLettersThatCanNeverBeBrought(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.s.cases[c.ID] = c
	broken := cardLetter(c, money)
	broken.Body = []byte("{")
	odd := cardLetter(c, money)
	odd.Kind = "slack.odd"
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailError, Error: "never_heard_of"})
	stubborn := cardLetter(c, money)
	stubborn.Tries, stubborn.Clear = maxUnknown, true
	for name, l := range map[string]mailbox.Letter{"broken": broken, "odd": odd, "refused eight times": stubborn} {
		_, err := o.carry(l)
		var gone *mailbox.GoneError
		if !errors.As(err, &gone) || gone.Reason != goneRefused {
			t.Errorf("%s: got %v, want gone", name, err)
		}
	}
}

func TestErasedCaseDoesNotHoldUpItsChannel(t *testing.T) {
	t.Parallel()
	o := open(t)
	var gone *mailbox.GoneError
	if _, err := o.carry(cardLetter(aCase(), money)); !errors.As(err, &gone) || gone.Reason != goneUnread {
		t.Errorf("erased: got %v, want gone", err)
	}
	o.s.set(func() { o.s.down = true })
	damaged := cardLetter(aCase(), money)
	damaged.Tries = maxUnread
	if _, err := o.carry(damaged); !errors.As(err, &gone) || gone.Reason != goneUnread {
		t.Errorf("unreadable: got %v, want gone", err)
	}
}

// A card whose blocks Slack refuses still appears, plainly.
func TestRefusedBlocksBecomeALine(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"invalid_blocks", "msg_blocks_too_long"} {
		o := open(t)
		c := aCase()
		o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailError, Error: code, Times: 1})
		o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailError, Error: code, Times: 1})
		ts := o.begin(c)
		if shown := o.shown(money, ts); !strings.Contains(shown, c.Number()) || !strings.Contains(shown, "管理者") {
			t.Errorf("got %q", shown)
		}
		o.begin(c)
		o.begin(c)
		if shown := o.shown(money, ts); !strings.Contains(shown, "おかねが なくて") {
			t.Errorf("the card does not come back:\n%s", shown)
		}
		o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailError, Error: code})
		c.Town = "みなと"
		o.s.set(func() { o.s.cases[c.ID] = c })
		_, err := o.carry(cardLetter(c, money))
		var gone *mailbox.GoneError
		if !errors.As(err, &gone) || gone.Reason != goneRefused {
			t.Errorf("%s for ever: got %v, want gone", code, err)
		}
	}
}

func TestDeletedCardComesBack(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.allow() // the same metadata twice
	c := aCase()
	c.Danger = "suicide"
	ts := o.begin(c)
	o.Fail(slackapi.Failure{Method: "chat.update", Kind: slackapi.FailError, Error: "message_not_found", Times: 1})
	back := o.begin(c)
	if back == ts {
		t.Error("the card did not come back")
	}
	if m, _ := o.Message(urgent, back); len(m.Pings) != 0 {
		t.Error("everybody was called again")
	}
}

func TestEntriesStandInTheThread(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	at := opened.Add(time.Minute)
	resident := said(c, 1, at, "家賃も 払えません")
	staff := desk.Entry{ID: "s-1", Case: c.ID, At: at, Kind: desk.FromStaff, By: desk.Staff{ID: tanaka, Name: "田中"}, Text: "あした 来てください"}
	note := desk.Entry{ID: "n-1", Case: c.ID, At: at, Kind: desk.FromBot, Note: bot.NoteLeft}
	ts := o.begin(c, resident, staff, note)
	o.deliver(lineLetter(c, resident, money, ""), lineLetter(c, staff, money, ""), lineLetter(c, note, money, ""))
	lines := o.lines(money, ts)
	if len(lines) != 3 || !strings.Contains(lines[0], "> 家賃も 払えません") || !strings.Contains(lines[1], "田中 → ご本人：") ||
		!strings.Contains(lines[1], "> あした 来てください") || !strings.Contains(lines[1], "… 送っています") || !strings.Contains(lines[2], "ブロック") {
		t.Fatalf("got %q", lines)
	}
	for _, test := range []struct{ fate, want string }{
		{"", "✓ 届きました"}, {fateSent, "✓ 届きました"}, {"blocked", "ブロックしています"}, {"quota", "使い切りました"},
		{"refused", "受け付けませんでした"}, {"unclear", "届いたかどうか"}, {"new reason", "届きませんでした"},
	} {
		l := lineLetter(c, staff, money, test.fate)
		l.ID = "line:1/fate" // as package line names what follows from a delivery
		o.deliver(l)
		if lines = o.lines(money, ts); len(lines) != 3 || !strings.Contains(lines[1], test.want) {
			t.Errorf("fate %q: got %q", test.fate, lines)
		}
	}
	resident.Text, resident.Unsent = "", true
	o.s.set(func() { o.s.entries[0] = resident })
	o.deliver(lineLetter(c, resident, money, ""))
	if lines = o.lines(money, ts); len(lines) != 3 || !strings.Contains(lines[0], "（送信取消）") || strings.Contains(lines[0], "家賃") {
		t.Errorf("unsent: got %q", lines)
	}
}

func TestUnsentBeforeItWasShownIsNotShown(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "")
	e.Unsent = true
	ts := o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""))
	if lines := o.lines(money, ts); len(lines) != 0 {
		t.Errorf("got %q", lines)
	}
}

func TestEntryThroughAnUnclearFailure(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "もしもし")
	ts := o.begin(c, e)
	for i := range 30 { // other lines of the thread
		if _, err := o.Post(tanaka, money, ts, fmt.Sprintf("内部 %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	l := lineLetter(c, e, money, "")
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1})
	_, err := o.carry(l)
	if err == nil {
		t.Fatal("the failure was not noticed")
	}
	// While Slack cannot be asked, nothing is posted again.
	broken := o.Fail(slackapi.Failure{Method: "conversations.replies", Kind: slackapi.FailStatus})
	l = again(l, err)
	_, err = o.carry(l)
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) || retry.Clear {
		t.Fatalf("got %v, want an unclear RetryError", err)
	}
	broken.Withdraw()
	o.deliver(again(l, err))
	if lines := o.lines(money, ts); len(lines) != 31 {
		t.Errorf("%d lines, want 31", len(lines))
	}
}

func TestEntryWaitsForItsCard(t *testing.T) {
	t.Parallel()
	now := time.Now()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.Now = func() time.Time { return now } })
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "もしもし")
	o.s.cases[c.ID], o.s.entries = c, []desk.Entry{e}
	l := lineLetter(c, e, money, "")
	_, err := o.carry(l)
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) || !retry.Clear || !retry.Pause {
		t.Fatalf("got %v, want a clear pause", err)
	}
	// A card behind it in the queue gets its turn.
	now = now.Add(time.Minute)
	r, err := o.c.Carry(o.ctx(), l)
	if err != nil || len(r.Follow) != 1 || r.Ref != "" || r.Follow[0].Subject != l.Subject || r.Follow[0].ID == l.ID {
		t.Fatalf("got %+v, %v, want the letter once more at the end", r, err)
	}
	ts := o.begin(c)
	o.deliver(r.Follow[0])
	if lines := o.lines(money, ts); len(lines) != 1 {
		t.Errorf("got %q", lines)
	}
	// A card that never comes does not keep the lane for ever.
	delete(o.s.posts, reception.LetterCard+reception.CaseAt(c.ID, money))
	var gone *mailbox.GoneError
	for range maxBehind + 1 {
		l.Created = now.Add(-time.Minute)
		if r, err = o.c.Carry(o.ctx(), l); err == nil {
			l = r.Follow[0]
		}
	}
	if !errors.As(err, &gone) || gone.Reason != goneNoCard {
		t.Errorf("got %v, want gone", err)
	}
}

// A case that moves takes its story along: the new team sees what was said,
// the old channel keeps a note without words.
func TestMovedCaseTakesItsStoryAlong(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	at := opened.Add(time.Minute)
	resident := said(c, 1, at, "母の介護が 大変です")
	photo := said(c, 2, at, "")
	photo.Media = bot.Image
	staff := desk.Entry{ID: "s-1", Case: c.ID, At: at, Kind: desk.FromStaff, By: desk.Staff{ID: tanaka, Name: "田中"}, Text: "くわしく 聞かせてください"}
	old := o.begin(c, resident, photo, staff)
	o.s.media[photo.MessageID] = reception.Media{MessageID: photo.MessageID, MIME: "image/png", Content: []byte("png")}
	o.deliver(lineLetter(c, resident, money, ""), lineLetter(c, photo, money, ""), lineLetter(c, staff, money, ""),
		letter(reception.LetterFile, reception.CaseAt(photo.MessageID, money), reception.FileRef{Case: c.ID, MessageID: photo.MessageID}))

	late := said(c, 3, at, "とちゅうで書いたこと") // its letter is still on the way to the old channel
	c.Moves, c.Window, c.Status = []desk.Move{{From: "money", To: "elder", By: desk.Staff{Name: "田中"}, Why: "介護の話", At: at}}, "elder", desk.New
	o.s.set(func() {
		o.s.cases[c.ID] = c
		o.s.entries = append(o.s.entries, late)
	})
	o.deliver(cardLetter(c, money), lineLetter(c, late, money, ""), cardLetter(c, elder))
	o.deliver(lineLetter(c, late, elder, "")) // forwarded before the new card stood there
	if shown := o.shown(money, old); !strings.Contains(shown, "ほかの窓口へ移りました（高齢者の相談）") || strings.Contains(shown, "おかね") || strings.Contains(shown, "[") {
		t.Errorf("the old channel shows:\n%s", shown)
	}
	ts := o.s.posts[reception.LetterCard+reception.CaseAt(c.ID, elder)]
	if shown := o.shown(elder, ts); !strings.Contains(shown, "おかねが なくて") || !strings.Contains(shown, "介護の話") {
		t.Errorf("the new card shows:\n%s", shown)
	}
	story := strings.Join(o.lines(elder, ts), "\n---\n")
	for _, want := range []string{"母の介護が 大変です", "くわしく 聞かせてください", "ご本人から：写真", "[ファイル:", "とちゅうで書いたこと"} {
		if strings.Count(story, want) != 1 && want != "ご本人から：写真" || !strings.Contains(story, want) {
			t.Errorf("the new thread has %q %d times:\n%s", want, strings.Count(story, want), story)
		}
	}
	if n := len(o.lines(money, old)); n != 4 {
		t.Errorf("the old thread has %d lines, want its 4", n)
	}

	if strings.Contains(story, "送っています") {
		t.Errorf("the new thread says of an old reply that it is on its way:\n%s", story)
	}

	// What is delivered late is told where the case is now, too.
	l := lineLetter(c, staff, money, "blocked")
	o.deliver(l)
	if story = strings.Join(o.lines(elder, ts), "\n"); !strings.Contains(story, "ブロックしています") {
		t.Errorf("the new team does not learn that it did not arrive:\n%s", story)
	}

	// Unsent words go in both channels, and the photo, too.
	for i, e := range o.s.entries {
		if e.Kind == desk.FromResident {
			o.s.entries[i].Text, o.s.entries[i].Unsent = "", true
			o.deliver(lineLetter(c, e, elder, ""))
		}
	}
	for _, channel := range []string{money, elder} {
		for _, m := range o.Messages(channel) {
			shown := o.Plain(m)
			if strings.Contains(shown, "母の介護") || strings.Contains(shown, "とちゅう") {
				t.Errorf("%s still shows %q", channel, shown)
			}
			for _, f := range m.Files {
				if !f.Deleted {
					t.Errorf("%s still has file %s", channel, f.Name)
				}
			}
		}
	}
}

// Where a case comes to, what was said before stands before the line that it
// was accepted.
func TestCopiedLinesStandFirst(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	var said1 []desk.Entry
	for n := range 3 {
		said1 = append(said1, said(c, n+1, opened.Add(time.Duration(n+1)*time.Minute), fmt.Sprintf("ことば%d", n+1)))
	}
	o.begin(c, said1...)
	for _, e := range said1 {
		o.deliver(lineLetter(c, e, money, ""))
	}
	at := opened.Add(time.Hour)
	c.Moves, c.Window, c.Status, c.Holder = []desk.Move{{From: "money", To: "elder", At: at}}, "elder", desk.Taken, desk.Staff{ID: sato, Name: "佐藤"}
	note := desk.Entry{ID: "n-1", Case: c.ID, At: at, Kind: desk.FromBot, Note: desk.NoteAccepted, By: c.Holder, Text: "elder"}
	o.s.set(func() {
		o.s.cases[c.ID] = c
		o.s.entries = append(o.s.entries, note)
	})
	// As in the outbox: the note waits in the lane behind the card, what follows
	// from the card behind the note.
	o.deliver(cardLetter(c, money), cardLetter(c, elder), lineLetter(c, note, elder, ""))
	lines := o.lines(elder, o.s.posts[reception.LetterCard+reception.CaseAt(c.ID, elder)])
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4:\n%s", len(lines), strings.Join(lines, "\n"))
	}
	for n := range 3 {
		if !strings.Contains(lines[n], fmt.Sprintf("ことば%d", n+1)) {
			t.Errorf("line %d is\n%s", n+1, lines[n])
		}
	}
	if strings.Contains(lines[3], "ことば") {
		t.Errorf("the last line is\n%s", lines[3])
	}
}

func TestRaisedCaseMovesToTheUrgentChannel(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "もう消えたい")
	old := o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""))
	c.Danger = "suicide"
	o.s.set(func() { o.s.cases[c.ID] = c })
	o.deliver(cardLetter(c, money), cardLetter(c, urgent))
	if shown := o.shown(money, old); !strings.Contains(shown, "緊急のチャンネルへ移りました") {
		t.Errorf("the old channel shows %q", shown)
	}
	ts := o.s.posts[reception.LetterCard+reception.CaseAt(c.ID, urgent)]
	if m, _ := o.Message(urgent, ts); len(m.Pings) == 0 {
		t.Error("nobody was called")
	}
	if story := strings.Join(o.lines(urgent, ts), "\n"); !strings.Contains(story, "もう消えたい") {
		t.Errorf("the thread shows %q", story)
	}
}

// The history of a moved case survives a crash between the post and its receipt.
func TestHistorySurvivesAnUnclearPost(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	e := said(c, 1, opened.Add(time.Minute), "母の介護が 大変です")
	o.begin(c, e)
	o.deliver(lineLetter(c, e, money, ""))
	c.Moves, c.Window = []desk.Move{{From: "money", To: "elder", At: opened}}, "elder"
	o.s.set(func() { o.s.cases[c.ID] = c })
	o.Fail(slackapi.Failure{Method: "chat.postMessage", Kind: slackapi.FailAfter, Times: 1})
	l := cardLetter(c, elder)
	_, err := o.carry(l)
	if err == nil {
		t.Fatal("the failure was not noticed")
	}
	o.deliver(again(l, err))
	ts := o.s.posts[reception.LetterCard+reception.CaseAt(c.ID, elder)]
	if lines := o.lines(elder, ts); len(lines) != 1 || len(o.Messages(elder)) != 2 {
		t.Errorf("got %q", lines)
	}
}

func TestNoNoteWhereNoCardWas(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	c.Moves, c.Window = []desk.Move{{From: "money", To: "elder"}}, "elder"
	o.s.cases[c.ID] = c
	o.deliver(cardLetter(c, money))
	if n := len(o.Messages(money)); n != 0 {
		t.Errorf("%d messages in a channel that never knew the case", n)
	}
}

func TestTell(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	o.begin(c)
	tell := func(channel string) mailbox.Letter {
		return letter(reception.LetterTell, "cmd-1", reception.Tell{Channel: channel, User: tanaka, Case: c.ID, Refused: desk.RefusedTaken, Holder: "佐藤"})
	}
	o.deliver(tell(money))
	if got := o.Plain(o.Ephemerals(tanaka)[0]); got != c.Number()+"：佐藤さんが担当しています。" {
		t.Errorf("got %q", got)
	}
	// 田中 pressed an old card; the case is where 田中 does not read.
	o.deliver(tell(elder))
	dm, err := o.OpenMessages(tanaka)
	if err != nil {
		t.Fatal(err)
	}
	if got := o.Messages(dm); len(got) != 1 || !strings.Contains(o.Plain(got[0]), "佐藤さんが担当しています") {
		t.Errorf("got %+v", got)
	}
	o.Fail(slackapi.Failure{Method: "chat.postEphemeral", Kind: slackapi.FailRateLimited, Times: 1})
	_, err = o.carry(tell(money))
	var retry *mailbox.RetryError
	if !errors.As(err, &retry) || !retry.Pause {
		t.Errorf("429: got %v", err)
	}
}
