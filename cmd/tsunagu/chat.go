package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// chatCommand is a conversation in the terminal through the same core as in
// LINE. Choices are numbered; a number or a label taps one.
func chatCommand(ctx context.Context, args []string, s streams) error {
	f := flags("chat", s)
	lang := f.String("lang", "", "answer in this language: ja, ja-easy, en, zh, ko, vi")
	script := f.String("script", "", "read the resident's lines from FILE")
	dir := f.String("pack", "", "content pack; empty: the embedded one")
	if err := parse(f, args); err != nil {
		return err
	}
	if err := atMost(f, 0); err != nil {
		return err
	}
	state := bot.State{}
	if *lang != "" {
		if !slices.Contains(bot.Langs, bot.Lang(*lang)) {
			return wrongUsage("--lang %q is not one of %v", *lang, bot.Langs)
		}
		state.Lang, state.LangChosen = bot.Lang(*lang), true
	}
	in := s.in
	if *script != "" {
		file, err := os.Open(*script)
		if err != nil {
			return wrongUsage("%v", err)
		}
		defer func() { _ = file.Close() }()
		if at, err := file.Stat(); err != nil || at.IsDir() {
			return wrongUsage("--script %s is no text file", *script)
		}
		in = file
	}
	b, _, _, err := openBot(*dir, "https://…", s.err)
	if err != nil {
		return err
	}
	t := terminal{b: b, s: s, state: state}
	if *lang == "" {
		t.step(bot.Followed{})
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), maxLine)
	for lines.Scan() && ctx.Err() == nil {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
			continue
		case line == "/quit":
			return nil
		}
		if *script != "" {
			_, _ = fmt.Fprintln(s.out, ">", line)
		}
		t.say(line)
	}
	if err := lines.Err(); err != nil {
		return wrongUsage("read what the resident says (%d bytes a line at most): %v", maxLine, err)
	}
	return nil
}

type terminal struct {
	b     *bot.Bot
	s     streams
	state bot.State
	taps  []bot.Choice // what can be tapped now
	n     int
}

// say takes a line: the number or label of a button taps it, all else is text.
func (t *terminal) say(line string) {
	for i, c := range t.taps {
		if line == fmt.Sprint(i+1) || line == c.Label {
			t.step(bot.Tapped{Data: c.Data})
			return
		}
	}
	t.step(bot.Wrote{MessageID: fmt.Sprint("m", t.n), Text: line})
}

func (t *terminal) step(e bot.Event) {
	t.n++
	next, effects := t.b.Step(t.state, bot.Input{ID: fmt.Sprint("chat", t.n), At: time.Now(), Event: e})
	t.state = next
	t.taps = nil
	for _, effect := range effects {
		switch effect := effect.(type) {
		case bot.Say:
			for _, m := range effect.Messages {
				t.show(m)
			}
		case bot.OpenCase:
			_, _ = fmt.Fprintf(t.s.out, "   [staff: new case %s, %s %s]\n", bot.CaseNumber(effect.Case.ID), effect.Case.Window, effect.Case.Danger)
		case bot.AddToCase:
			_, _ = fmt.Fprintln(t.s.out, "   [staff: the words went to the case]")
		}
	}
}

func (t *terminal) show(m bot.Message) {
	var choices []bot.Choice
	switch m := m.(type) {
	case bot.Text:
		_, _ = fmt.Fprintln(t.s.out, "<", strings.ReplaceAll(m.Text, "\n", "\n  "))
		choices = m.Choices
	case bot.Cards:
		for _, c := range m.Cards {
			_, _ = fmt.Fprintf(t.s.out, "< ┌ %s\n", c.Title)
			for _, l := range append(slices.Clone(c.Lines), c.Small) {
				if l != "" {
					_, _ = fmt.Fprintln(t.s.out, "  │", l)
				}
			}
			for _, b := range c.Buttons {
				if b.Data != "" {
					choices = append(choices, bot.Choice{Label: b.Label, Data: b.Data})
				} else {
					_, _ = fmt.Fprintf(t.s.out, "  │ %s → %s\n", b.Label, b.URL)
				}
			}
		}
		choices = append(choices, m.Choices...)
	case bot.Picture:
		_, _ = fmt.Fprintln(t.s.out, "< [picture]", m.URL)
		choices = m.Choices
	}
	for _, c := range choices {
		t.taps = append(t.taps, c)
		_, _ = fmt.Fprintf(t.s.out, "  [%d] %s\n", len(t.taps), c.Label)
	}
}
