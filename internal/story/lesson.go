package story

import (
	"errors"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
)

// redact takes names out, as the model of the story does.
func (c *Core) redact(text string) string {
	if m, ok := c.pack.Understander().(*understand.Model); ok {
		return m.Redact(text)
	}
	return text
}

// decide is what staff do with the newest lesson.
func (c *Core) decide(verb string) error {
	n := len(c.memory.lessons)
	if n == 0 {
		return errors.New("no lesson is proposed")
	}
	l := c.memory.lessons[n-1]
	c.memory.lessons = c.memory.lessons[:n-1]
	cmd := lesson.Command{Lesson: l.ID, By: lesson.Staff{ID: "U1", Name: "U1"}, At: c.now, Action: lesson.Accept{}}
	if verb == "declines" {
		cmd.Action = lesson.Decline{}
	}
	l, changed, refused := lesson.Decide(l, cmd, c.pack.Content())
	if !changed {
		return errors.New("the lesson is refused: " + string(refused))
	}
	if l.State == lesson.Accepted {
		c.taught = append(c.taught, l.Example())
	}
	m, ok := c.pack.Understander().(*understand.Model)
	if !ok {
		return errors.New("this understanding cannot be taught")
	}
	c.bot = c.pack.With(m.Learn(c.taught))
	return nil
}
