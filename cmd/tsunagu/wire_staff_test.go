package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
	"github.com/tsunagu-chat/tsunagu/internal/story"
)

// afterUndo lets the moment pass in which a reply can be taken back.
func afterUndo(ctx context.Context, s *service, tw *town) {
	heard(ctx, s, tw)
	s.moveClock(tw.clock, tw.clock.Now().Add(desk.Undo))
}

// heard waits until what staff did has been decided.
func heard(ctx context.Context, s *service, tw *town) {
	_ = tw.slack.Settle(ctx)
	for end := time.Now().Add(within); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(10 * time.Millisecond) {
		if b, err := s.store.Backlog(ctx); err == nil && b.Mail == 0 {
			return
		}
	}
}

// staff does what the line says, with the buttons a staff member has.
func (s *stage) staff(ctx context.Context, said string) error {
	name, rest, _ := strings.Cut(said, " ")
	verb, arg, _ := strings.Cut(rest, " ")
	i := slices.IndexFunc(townStaff, func(m slackapi.Member) bool { return m.DisplayName == name })
	if i < 0 {
		return fmt.Errorf("nobody is called %s", name)
	}
	user := townStaff[i].ID
	if verb == "teaches" || verb == "declines" {
		return s.lesson(ctx, user, verb)
	}
	if verb == "talked" || verb == "talks-later" { // in their talk with the app
		return s.answers(ctx, user, verb)
	}
	card, err := s.card()
	if err != nil {
		return err
	}
	err = s.does(ctx, user, card, verb, arg)
	switch {
	case err == nil && story.Leaves(verb):
		afterUndo(ctx, s.service.service, s.town)
	case err == nil && verb == "writes":
		heard(ctx, s.service.service, s.town)
	}
	return err
}

// takeTogether lets several people press at the same instant: all of them see
// the card as nobody has it yet.
func (s *stage) takeTogether(ctx context.Context, acts []string) error {
	card, err := s.card()
	if err != nil {
		return err
	}
	var users []string
	for _, act := range acts {
		name, _, _ := strings.Cut(story.Said(act), " ")
		for _, m := range townStaff {
			if m.DisplayName == name {
				users = append(users, m.ID)
			}
		}
	}
	return s.town.slack.ClickTogether(ctx, slackapi.On("", card.Channel, card.TS), users, "take")
}

func (s *stage) does(ctx context.Context, user string, card slackapi.Message, verb, arg string) error {
	at := slackapi.On(user, card.Channel, card.TS)
	first, rest, _ := strings.Cut(arg, " ")
	var err error
	switch verb {
	case "takes":
		if m, ok := s.asked(card, "take", "<@"+user+">"); ok {
			at = slackapi.On(user, m.Channel, m.TS)
		}
		_, err = s.town.slack.Click(ctx, at, "take")
	case "cannot": // whomever the line asks
		if m, ok := s.asked(card, "cannot", ""); ok {
			at = slackapi.On(user, m.Channel, m.TS)
		}
		_, err = s.town.slack.Click(ctx, at, "cannot")
	case "releases":
		_, err = s.town.slack.Click(ctx, at, "release")
	case "replies", "writes":
		_, err = s.town.slack.Post(user, card.Channel, card.TS, ">> "+arg)
	case "chats":
		_, err = s.town.slack.Post(user, card.Channel, card.TS, arg)
	case "sends":
		content := onePixel
		if strings.HasSuffix(first, ".pdf") {
			content = []byte("%PDF-1.4 " + first)
		}
		if _, _, err = s.town.slack.UploadFile(user, card.Channel, card.TS, first, content, ">> "+rest); err == nil {
			_ = s.town.slack.Settle(ctx)
			s.service.drained(ctx, within) // it is fetched before it can leave
		}
	case "undoes":
		err = s.undo(ctx, user, card)
	case "moves":
		when, why, ok := strings.Cut(rest, "／")
		if !ok {
			when, why = "", rest
		}
		err = s.form(ctx, user, s.press(at, "move"), map[string]any{"window": first, "why": why, "when": when})
	case "accepts":
		_, err = s.town.slack.Click(ctx, at, "accept")
	case "refuses":
		err = s.form(ctx, user, s.press(at, "refuse"), map[string]any{"why": arg})
	case "closes":
		err = s.form(ctx, user, s.press(at, "close"), map[string]any{"outcome": first, "where": rest})
	case "joins", "ticks":
		err = s.pressArg(ctx, at, card, arg)
	case "cancels":
		err = s.choose(at, "cancel")(ctx)
	case "keeps":
		err = s.choose(at, "kept")(ctx)
	case "leaves":
		err = s.choose(at, "leave "+first)(ctx)
	case "invites":
		err = s.form(ctx, user, s.choose(at, "invite"), map[string]any{"window": first, "text": rest})
	case "asks":
		with, what, _ := strings.Cut(arg, "／")
		err = s.form(ctx, user, s.choose(at, "consent"), map[string]any{"name": with, "text": what})
	case "plans":
		err = s.form(ctx, user, s.choose(at, "plan"), planForm(arg))
	case "requests":
		err = s.form(ctx, user, s.choose(at, "person"), map[string]any{"who": staffID(first), "text": rest})
	case "promises", "tells":
		form := map[string]any{"date": arg[:10], "time": arg[11:16], "text": strings.TrimSpace(arg[16:])}
		if verb == "tells" {
			form["tell"] = "yes"
		}
		err = s.form(ctx, user, s.choose(at, "next"), form)
	case "snoozes":
		err = s.form(ctx, user, s.choose(at, "snooze"), map[string]any{"date": arg[:10], "time": arg[11:16]})
	case "notes":
		err = s.form(ctx, user, s.choose(at, "memo"), map[string]any{"text": arg})
	case "wishes":
		err = s.form(ctx, user, s.choose(at, "memo"), map[string]any{"wish": arg})
	case "tags":
		err = s.form(ctx, user, s.choose(at, "memo"), map[string]any{"tags": arg})
	case "calls", "talks":
		form := map[string]any{"text": arg}
		if verb == "talks" {
			form["tell"] = "yes"
		}
		err = s.form(ctx, user, s.choose(at, "call"), form)
	case "shows":
		err = s.form(ctx, user, s.choose(at, "show"), map[string]any{"name": arg})
	default:
		err = fmt.Errorf("staff do not know how to %q", verb)
	}
	return err
}

func (s *stage) press(at slackapi.Place, button string) func(context.Context) error {
	return func(ctx context.Context) error { _, err := s.town.slack.Click(ctx, at, button); return err }
}

func (s *stage) choose(at slackapi.Place, value string) func(context.Context) error {
	return func(ctx context.Context) error { _, err := s.town.slack.Select(ctx, at, "menu", value); return err }
}

// form opens a modal and submits it filled; empty values are left as they are.
func (s *stage) form(ctx context.Context, user string, open func(context.Context) error, values map[string]any) error {
	if err := open(ctx); err != nil {
		return err
	}
	v, err := s.town.slack.WaitModal(ctx, user, func(slackapi.View) bool { return true })
	if err != nil {
		return err
	}
	for k, v := range values {
		if v == "" {
			delete(values, k)
		}
	}
	if _, err := s.town.slack.FillAndSubmit(ctx, user, values); err != nil {
		return err
	}
	if open := s.town.slack.Modals(user); len(open) > 0 && open[len(open)-1].Errors != nil {
		return fmt.Errorf("%s refuses: %v", v.Title, open[len(open)-1].Errors)
	}
	return nil
}

func planForm(arg string) map[string]any {
	parts := strings.Split(arg, "／")
	form := map[string]any{"goal": parts[0]}
	for i, p := range parts[1:] {
		who, text, _ := strings.Cut(p, ":")
		text, by, _ := strings.Cut(text, "@")
		form[fmt.Sprint("who", i+1)], form[fmt.Sprint("step", i+1)], form[fmt.Sprint("by", i+1)] = who, text, by
	}
	return form
}

// pressArg presses the card's button that means one step or window.
func (s *stage) pressArg(ctx context.Context, at slackapi.Place, card slackapi.Message, arg string) error {
	for _, b := range slackapi.Buttons(card) {
		if strings.Contains(b.Value, `"arg":"`+arg+`"`) {
			_, err := s.town.slack.Click(ctx, at, b.ActionID)
			return err
		}
	}
	return fmt.Errorf("the card has no button for %s", arg)
}

// undo presses 取り消す under the last reply.
func (s *stage) undo(ctx context.Context, user string, card slackapi.Message) error {
	var m slackapi.Message
	find := func() bool {
		for _, x := range slices.Backward(s.town.slack.Thread(card.Channel, card.TS)) {
			if slices.ContainsFunc(slackapi.Buttons(x), func(b slackapi.Button) bool { return b.ActionID == "take-back" }) {
				m = x
				return true
			}
		}
		return false
	}
	if err := s.town.slack.Wait(ctx, find); err != nil {
		return errors.Join(errors.New("nothing can be taken back"), err)
	}
	_, err := s.town.slack.Click(ctx, slackapi.On(user, m.Channel, m.TS), "take-back")
	return err
}

// staffID is the member id of somebody of the desk.
func staffID(name string) string {
	for _, m := range townStaff {
		if m.DisplayName == name {
			return m.ID
		}
	}
	return ""
}

// asked is the newest line that asks a person, by their mention, to take the
// case, and has this button.
func (s *stage) asked(card slackapi.Message, button, mention string) (slackapi.Message, bool) {
	for _, m := range slices.Backward(s.town.slack.Thread(card.Channel, card.TS)) {
		asks := slices.ContainsFunc(slackapi.Buttons(m), func(b slackapi.Button) bool { return b.ActionID == button })
		if m.IsReply() && asks && strings.Contains(m.Text, mention) {
			return m, true
		}
	}
	return slackapi.Message{}, false
}

// direct is the newest message of a person's talk with the app that fits.
func (s *stage) direct(user string, fits func(slackapi.Message) bool) (slackapi.Message, bool) {
	for _, ch := range s.town.slack.Channels(user) {
		if !ch.Direct {
			continue
		}
		for _, m := range slices.Backward(s.town.slack.Messages(ch.ID)) {
			if fits(m) {
				return m, true
			}
		}
	}
	return slackapi.Message{}, false
}

// reminder is the newest private word to a person that can still be answered.
func (s *stage) reminder(user string) (slackapi.Message, bool) {
	return s.direct(user, func(m slackapi.Message) bool {
		return slices.ContainsFunc(slackapi.Buttons(m), func(b slackapi.Button) bool { return b.ActionID == "talked" })
	})
}

// returned reports whether somebody was told in private that a person cannot.
func (s *stage) returned(name string) bool {
	return slices.ContainsFunc(townStaff, func(m slackapi.Member) bool {
		_, ok := s.direct(m.ID, func(x slackapi.Message) bool {
			return strings.Contains(s.town.slack.Plain(x), name+"さんは、いまは難しい")
		})
		return ok
	})
}

// answers presses a button of it, and waits until it has none any more.
func (s *stage) answers(ctx context.Context, user, verb string) error {
	m, ok := s.reminder(user)
	if !ok {
		return errors.New("nobody asked them to talk")
	}
	press := map[string]string{"talked": "talked", "talks-later": "talk-later"}[verb]
	if _, err := s.town.slack.Click(ctx, slackapi.On(user, m.Channel, m.TS), press); err != nil {
		return err
	}
	return s.town.slack.Wait(ctx, func() bool { _, still := s.reminder(user); return !still })
}

// card is the newest case card that has buttons.
func (s *stage) card() (slackapi.Message, error) {
	var found slackapi.Message
	for _, channel := range []string{townDesk, townUrgent} {
		for _, m := range s.town.slack.Messages(channel) {
			whole := slices.ContainsFunc(slackapi.Buttons(m), func(b slackapi.Button) bool { return b.ActionID == "close" })
			if m.BotID != "" && (m.ThreadTS == "" || m.ThreadTS == m.TS) && whole && m.TS > found.TS {
				found = m
			}
		}
	}
	if found.TS == "" {
		return found, fmt.Errorf("no case card with buttons is in Slack")
	}
	return found, nil
}
