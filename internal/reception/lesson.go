package reception

import (
	"fmt"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// LetterLesson brings a lesson's card up to date; Subject is CaseAt of the
// lesson's id, Body is LessonRef.
const LetterLesson = "slack.lesson"

// LessonRef is the body of LetterLesson.
type LessonRef struct {
	Lesson string `json:"lesson"`
}

// LearningTeam is the name by which SLACK_CHANNELS gives lessons a channel of
// their own.
const LearningTeam = "learning"

// LessonLetter is the letter with this id that shows a lesson in a channel.
func LessonLetter(lessonID, channel, id string) mailbox.Letter {
	at := CaseAt(lessonID, channel)
	return mailbox.Letter{
		ID: id, Lane: SlackLane(channel), Kind: LetterLesson, Subject: at, Fold: "lesson:" + at,
		Body: body(LessonRef{Lesson: lessonID}),
	}
}

// propose keeps what the resident allowed, without names, and shows it to
// staff. Words nobody can take names out of are not kept.
func (d *day) propose(in bot.Input, e bot.ProposeExample) {
	if d.Redact == nil {
		return
	}
	text := strings.TrimSpace(d.Redact(e.Text))
	if text == "" {
		return
	}
	l := lesson.Lesson{
		ID: "l-" + in.ID, Resident: d.resident.ID, Text: text, Shown: e.Shown, Right: e.Right,
		Lang: e.Lang, Why: e.Why, State: lesson.Proposed, At: in.At,
	}
	d.out.Lessons = append(d.out.Lessons, l)
	d.lessonCard(l.ID)
}

func (d *day) lessonCard(id string) {
	channel := d.Channel(LearningTeam, "")
	d.letterOnce(LessonLetter(id, channel, ""))
}

// forgetLessons drops what is proposed of a resident who takes a message back:
// it may be made of that message. What staff accepted is nobody's any more.
func (d *day) forgetLessons() error {
	ids, err := d.Store.ProposedBy(d.ctx, d.resident.ID)
	if err != nil {
		return fmt.Errorf("read proposed lessons: %w", err)
	}
	for _, l := range d.out.Lessons {
		ids = append(ids, l.ID)
	}
	d.out.Lessons = nil
	for _, id := range ids {
		d.out.DropLessons = append(d.out.DropLessons, id)
		d.lessonCard(id)
	}
	return nil
}
