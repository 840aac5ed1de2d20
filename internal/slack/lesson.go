package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	sdk "github.com/slack-go/slack"

	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Lessons is what people teach the bot.
type Lessons interface {
	// Lesson returns one, or reception.ErrNotFound.
	Lesson(ctx context.Context, id string) (lesson.Lesson, error)
	// Measure tells what a lesson does to the exam.
	Measure(l lesson.Lesson) lesson.Effect
	// Decide applies a command; when it returns it is durable.
	Decide(ctx context.Context, cmd lesson.Command) (lesson.Lesson, lesson.Refusal, error)
}

// The buttons of a lesson's card, by action_id, and its modal.
const (
	actTeach      = "lesson-accept"
	actEditLesson = "lesson-edit"
	actDropLesson = "lesson-decline"
	viewLesson    = "lesson"
)

const eventLesson = "tsunagu_lesson"

// aboutLesson is what a button or modal knows of its lesson.
type aboutLesson struct {
	Lesson string `json:"lesson"`
	Edits  int    `json:"edits"`
}

// ofLesson reports whether a button is of a lesson's card.
func ofLesson(action string) bool {
	return action == actTeach || action == actEditLesson || action == actDropLesson
}

// clickLesson takes a button of a lesson's card.
func (c *Client) clickLesson(ctx context.Context, i *interaction) answer {
	action := i.Actions[0]
	var a aboutLesson
	if err := json.Unmarshal([]byte(action.Value), &a); err != nil || a.Lesson == "" || c.cfg.Lessons == nil {
		c.cfg.Count("click", "stale")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStale)
		return fine
	}
	switch in, err := c.learns(ctx, i.User.ID); {
	case err != nil:
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteUnknown)
		return notDurable
	case !in:
		c.cfg.Count("click", "stranger")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStranger)
		return fine
	}
	cmd := lesson.Command{Lesson: a.Lesson, Edits: a.Edits}
	switch action.ActionID {
	case actTeach:
		cmd.Action = lesson.Accept{}
	case actDropLesson:
		cmd.Action = lesson.Decline{}
	default:
		return c.openLesson(ctx, i, a)
	}
	said, err := c.decideLesson(ctx, i, cmd)
	if err != nil {
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteNotKept)
		return notDurable
	}
	if said != "" {
		c.whisper(i.Container.ChannelID, i.User.ID, "", said)
	}
	return fine
}

// learns reports whether a person is in the channel where lessons are decided.
func (c *Client) learns(ctx context.Context, user string) (bool, error) {
	return c.inside(ctx, c.cfg.Channel(reception.LearningTeam, ""), user)
}

// decideLesson applies a command in Slack's time. What it returns is why
// nothing was changed, for who asked.
func (c *Client) decideLesson(ctx context.Context, i *interaction, cmd lesson.Command) (string, error) {
	cmd.By, cmd.At = lesson.Staff{ID: i.User.ID, Name: c.name(ctx, i.User.ID)}, c.cfg.Now()
	type result struct {
		lesson  lesson.Lesson
		refused lesson.Refusal
	}
	r, err := within(ctx, c, func(ctx context.Context) (result, error) {
		l, refused, err := c.cfg.Lessons.Decide(ctx, cmd)
		return result{l, refused}, err
	})
	switch {
	case errors.Is(err, reception.ErrNotFound):
		return noteLessonGone, nil
	case err != nil:
		c.cfg.Count("lesson", "not stored")
		c.cfg.Log.ErrorContext(ctx, "decision on a lesson not stored", "lesson", cmd.Lesson, "err", err)
		return "", fmt.Errorf("decide lesson: %w", err)
	}
	c.cfg.Count("lesson", "ok")
	return lessonRefusal(r.lesson, r.refused), nil
}

// openLesson shows the words and the window, to be changed.
func (c *Client) openLesson(ctx context.Context, i *interaction, a aboutLesson) answer {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	l, err := within(ctx, c, func(ctx context.Context) (lesson.Lesson, error) { return c.cfg.Lessons.Lesson(ctx, a.Lesson) })
	said := ""
	switch {
	case errors.Is(err, reception.ErrNotFound):
		said = noteLessonGone
	case err != nil:
		said = noteNoModal
	case l.State != lesson.Proposed:
		said = lessonRefusal(l, lesson.RefusedDecided)
	}
	if said != "" {
		c.whisper(i.Container.ChannelID, i.User.ID, "", said)
		return fine
	}
	c.openView(ctx, i, actEditLesson, lessonModal(l, c.cfg.Content()))
	return fine
}

// submitLesson takes the changed words and window.
func (c *Client) submitLesson(ctx context.Context, i *interaction) answer {
	var a aboutLesson
	if err := json.Unmarshal([]byte(i.View.Metadata), &a); err != nil || a.Lesson == "" || c.cfg.Lessons == nil {
		return fine
	}
	edit := lesson.Edit{Text: strings.TrimSpace(clean(i.typed(inputText))), Right: i.typed(inputWindow)}
	said, err := c.decideLesson(ctx, i, lesson.Command{Lesson: a.Lesson, Edits: a.Edits, Action: edit})
	switch {
	case err != nil:
		return complain(inputText, noteSubmit)
	case said != "":
		return complain(inputText, said)
	}
	return say(sdk.NewClearViewSubmissionResponse())
}

// carryLesson brings a lesson's card up to date in its channel.
func (c *Client) carryLesson(ctx context.Context, l mailbox.Letter) (mailbox.Receipt, error) {
	var ref reception.LessonRef
	if err := json.Unmarshal(l.Body, &ref); err != nil {
		return mailbox.Receipt{}, unread(err)
	}
	if c.cfg.Lessons == nil {
		return mailbox.Receipt{}, unread(errors.New("nobody keeps lessons"))
	}
	t := doubts(l)
	shown, err := c.cfg.Lessons.Lesson(ctx, ref.Lesson)
	gone := errors.Is(err, reception.ErrNotFound)
	if err != nil && !gone {
		return mailbox.Receipt{}, c.later(ctx, l, t, "read lesson", err)
	}
	ts, _, known, err := c.posted(ctx, l, "", eventLesson, &t)
	if err != nil {
		return mailbox.Receipt{}, err
	}
	if !known && (gone || shown.State == lesson.Declined) {
		return mailbox.Receipt{}, nil // taken back before anybody saw it
	}
	card := withdrawnLesson()
	if !gone {
		card = lessonCard(shown, c.cfg.Lessons.Measure(shown), c.cfg.Content())
	}
	r, _, err := c.put(ctx, l, t, "", ts, card, eventLesson, !gone)
	return r, err
}
