package slack

import (
	"errors"
	"strings"
	"testing"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func eraseLetter(e reception.Erase) mailbox.Letter {
	l := letter(reception.LetterErase, "", e)
	l.Lane = reception.SlackLane(channelOf(e.Subject))
	return l
}

// TestEraseTakesOutWhatStoodUnseen: nothing of card, line and photo was
// recorded. All are found below the card, and the card by its metadata.
func TestEraseTakesOutWhatStoodUnseen(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	photo := said(c, 1, opened.Add(time.Minute), "")
	photo.Media = bot.Image
	o.s.media[photo.MessageID] = reception.Media{MessageID: photo.MessageID, MIME: "image/jpeg", Content: []byte("jpeg")}
	o.begin(c, photo)
	o.deliver(lineLetter(c, photo, money, ""), letter(reception.LetterFile, reception.CaseAt(photo.MessageID, money), reception.FileRef{Case: c.ID, MessageID: photo.MessageID}))
	other := aCase()
	other.ID = "c-other"
	theirs := o.begin(other)
	o.s.set(func() { delete(o.s.cases, c.ID); clear(o.s.posts) })
	l := eraseLetter(reception.Erase{Kind: reception.LetterCard, Subject: reception.CaseAt(c.ID, money), Since: time.Now()})
	for _, f := range []slackapi.Failure{
		{Method: "conversations.history", Kind: slackapi.FailStatus, Times: 1},
		{Method: "conversations.replies", Kind: slackapi.FailRateLimited, Times: 1},
		{Method: "files.delete", Kind: slackapi.FailAfter, Times: 1},
		{Method: "chat.delete", Kind: slackapi.FailRateLimited, Times: 1},
		{Method: "chat.delete", Kind: slackapi.FailAfter, Times: 1},
	} {
		o.Fail(f)
		_, err := o.carry(l)
		retry, ok := errors.AsType[*mailbox.RetryError](err)
		if !ok || !retry.Pause {
			t.Fatalf("%+v: got %v, want to be tried again for as long as it takes", f, err)
		}
		l = again(l, err)
		l.Tries++
	}
	o.deliver(l, l)
	left := o.Messages(money)
	if len(left) != 1 || left[0].TS != theirs {
		t.Errorf("left in the channel: %d messages, want the neighbour's card alone", len(left))
	}
}

// TestEraseLeavesWhatPeopleWrote: an app cannot delete it, and says so where
// the card was.
func TestEraseLeavesWhatPeopleWrote(t *testing.T) {
	t.Parallel()
	o := open(t)
	c := aCase()
	line := said(c, 1, opened.Add(time.Minute), "もうだめです")
	ts := o.begin(c, line)
	o.deliver(lineLetter(c, line, money, ""))
	if _, err := o.Post(tanaka, money, ts, "電話してみます"); err != nil {
		t.Fatal(err)
	}
	ref := o.s.posts[reception.LetterEntry+reception.CaseAt(line.ID, money)]
	o.deliver(
		eraseLetter(reception.Erase{Kind: reception.LetterEntry, Subject: reception.CaseAt(line.ID, money), Ref: ref}),
		eraseLetter(reception.Erase{Kind: reception.LetterCard, Subject: reception.CaseAt(c.ID, money), Ref: ts}),
	)
	if shown := o.shown(money, ts); !strings.Contains(shown, "消去しました") || !strings.Contains(shown, "書いた人が消してください") ||
		strings.Contains(shown, c.Number()) || strings.Contains(shown, "おかね") {
		t.Errorf("the card shows %q", shown)
	}
	if lines := o.lines(money, ts); len(lines) != 1 || !strings.Contains(lines[0], "電話してみます") {
		t.Errorf("the thread has %q, want what people wrote", lines)
	}
}

func TestEraseWhatIsGone(t *testing.T) {
	t.Parallel()
	o := open(t)
	at := reception.CaseAt("c-1", money)
	for _, e := range []reception.Erase{
		{Kind: reception.LetterCard, Subject: at},
		{Kind: reception.LetterCard, Subject: at, Ref: "1764000000.000100"},
		{Kind: reception.LetterEntry, Subject: at, Ref: "1764000000.000100"},
		{Kind: reception.LetterPoint, Subject: reception.PointAt("c-1", "elder", money)},
		{Kind: reception.LetterLesson, Subject: at, Ref: "1764000000.000100"},
		{Kind: reception.LetterTalk, Subject: reception.TalkAt("c-1", tanaka, 1), Ref: "D0GONE"},
		{Kind: reception.LetterFile, Subject: at, Ref: "F0GONE"},
		{Kind: reception.LetterFile, Subject: at},
	} {
		if _, err := o.carry(eraseLetter(e)); err != nil {
			t.Errorf("%+v: %v", e, err)
		}
	}
	broken := eraseLetter(reception.Erase{Kind: reception.LetterCard, Subject: at})
	broken.Body = []byte("{")
	if _, err := o.carry(broken); err == nil {
		t.Error("a letter that cannot be read: got no error")
	}
}

// TestErasePrivateWord: it stands in a talk with the app, which is no channel
// of a team.
func TestErasePrivateWord(t *testing.T) {
	t.Parallel()
	o := open(t)
	channel, ts, err := o.c.sdk.PostMessageContext(o.ctx(), tanaka, sdk.MsgOptionText("T-ABC234 のあとで", false))
	if err != nil {
		t.Fatal(err)
	}
	o.deliver(eraseLetter(reception.Erase{Kind: reception.LetterTalk, Subject: reception.TalkAt("c-1", tanaka, 1), Ref: channel + "/" + ts}))
	if m, ok := o.Message(channel, ts); ok {
		t.Errorf("it still says %q", o.Plain(m))
	}
}
