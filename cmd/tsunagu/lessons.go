package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/bot/understand"
	"github.com/tsunagu-chat/tsunagu/intents"
	"github.com/tsunagu-chat/tsunagu/internal/lesson"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// openTutor takes in what staff taught so far; Run keeps up with what comes.
// p may be nil: then effects cannot be measured.
func (s *service) openTutor(ctx context.Context, p *intents.Pack) error {
	base := s.bot()
	model, ok := base.Understander().(*understand.Model)
	if !ok {
		return errors.New("this understanding cannot be taught")
	}
	cfg := lesson.Config{
		Store: s.store, Base: s.baseOf(base, model, p), Log: s.log, Wake: func() { s.outbox.Wake() },
		Card: func(l lesson.Lesson, id string) mailbox.Letter {
			return reception.LessonLetter(l.ID, s.cfg.channel(s.team)(reception.LearningTeam, ""), id)
		},
	}
	var err error
	if s.tutor, err = lesson.NewTutor(cfg); err != nil {
		return err
	}
	return s.tutor.Load(ctx)
}

// baseOf is what lessons are added to: a bot, the model it understands with,
// and the pack both are of, which may be nil.
func (s *service) baseOf(b *bot.Bot, m *understand.Model, p *intents.Pack) lesson.Base {
	base := lesson.Base{Model: m, Content: b.Content(), Use: func(m *understand.Model) { s.use(b.With(m)) }}
	if p != nil {
		base.Exam, base.Pack = p.Exam, textsOf(p)
	}
	return base
}

func textsOf(p *intents.Pack) []string {
	texts := make([]string, len(p.Examples))
	for i, e := range p.Examples {
		texts[i] = e.Text
	}
	return texts
}

// packLessons prints what staff taught the running service, to be put into the
// pack for the next training. What the pack has already is left out.
func packLessons(ctx context.Context, args []string, s streams) error {
	f := flags("pack", s)
	dir := f.String("pack", "", "content pack; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	if f.NArg() > 0 {
		return wrongUsage("pack lessons takes no arguments; DATABASE_URL and DATA_KEY say where the lessons are")
	}
	cfg, err := readConfig(s.env, false)
	if err != nil {
		return err
	}
	if cfg.DatabaseURL == "" {
		return wrongUsage("DATABASE_URL is not set: %s", "postgres://user:password@host/database, or sqlite:PATH")
	}
	p, err := openPack(*dir, s.err)
	if err != nil {
		return err
	}
	accepted, err := acceptedLessons(ctx, cfg)
	if err != nil {
		return err
	}
	return printLessons(s.out, accepted, p)
}

func acceptedLessons(ctx context.Context, cfg config) ([]lesson.Lesson, error) {
	cfg.RedisURL = ""
	k, err := openKept(ctx, cfg)
	if err != nil {
		return nil, err
	}
	accepted, _, err := k.Lessons(ctx)
	return accepted, errors.Join(err, k.Close())
}

// printLessons writes lines for any file of intents/examples: each says its
// window.
func printLessons(w io.Writer, lessons []lesson.Lesson, p *intents.Pack) error {
	known := map[string]bool{}
	for _, e := range p.Examples {
		known[understand.SameWords(e.Text)] = true
	}
	var b strings.Builder
	b.WriteString("# Taught by staff. Put these lines into intents/examples/staff.txt, then: tsunagu train\n@voice " + lesson.Voice + "\n")
	for _, l := range lessons {
		if known[understand.SameWords(l.Text)] {
			continue
		}
		known[understand.SameWords(l.Text)] = true
		tags := "=" + l.Right
		if l.Lang != "" && l.Lang != bot.Ja {
			tags += " lang:" + string(l.Lang)
		}
		fmt.Fprintf(&b, "%s\t%s\n", strings.NewReplacer("\t", " ", "\n", `\n`).Replace(l.Text), tags)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
