package slackapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Command types a slash command ("/tsunagu", "find 佐藤") in a channel and
// shows the app's immediate answer. Commands do not work in threads.
// https://docs.slack.dev/interactivity/implementing-slash-commands
func (w *Workspace) Command(ctx context.Context, user, channelID, command, text string) (Outcome, error) {
	w.mu.Lock()
	p, u, err := w.prepareCommand(user, channelID, command, text)
	w.mu.Unlock()
	if err != nil {
		return Outcome{}, fmt.Errorf("command %s: %w", command, err)
	}
	a, out, err := w.interact(ctx, user, p)
	if err != nil {
		return out, err
	}
	return out, w.showAnswer(user, command, u, a)
}

func (w *Workspace) prepareCommand(user, channelID, command, text string) (*parcel, *responseURL, error) {
	ch, err := w.inside(user, channelID)
	if err != nil {
		return nil, nil, err
	}
	known := len(w.cfg.Commands) == 0 || slices.Contains(w.cfg.Commands, command)
	switch {
	case !strings.HasPrefix(command, "/") || !known:
		return nil, nil, fmt.Errorf("not registered: %w", ErrCannot)
	case !w.granted("commands"):
		return nil, nil, fmt.Errorf("the app lacks the scope commands: %w", ErrCannot)
	case w.origin() == "":
		return nil, nil, fmt.Errorf("the stand-in's address is unknown, call SetBaseURL: %w", ErrCannot)
	}
	address := w.newResponseURL("commands", user, ch, nil)
	u := w.responses[address[strings.LastIndex(address, "/")+1:]]
	return &parcel{kind: DeliveryCommand, name: command, response: true, payload: obj{
		"token": "stand-in", "team_id": w.cfg.Team.ID, "team_domain": w.cfg.Team.Domain,
		"channel_id": ch.id, "channel_name": w.formName(ch), "user_id": user,
		"user_name": w.people[user].member.Name, "command": command, "text": escapeTyped(text),
		"api_app_id": w.cfg.App.ID, "is_enterprise_install": "false",
		"response_url": address, "trigger_id": w.newTrigger(user, ""),
	}}, u, nil
}

// showAnswer shows what the app answered to a command: nothing, a line of
// text, or a message as JSON.
func (w *Workspace) showAnswer(user, command string, u *responseURL, a answer) error {
	body := bytes.TrimSpace(a.body)
	if len(body) == 0 {
		return nil
	}
	o := obj{"text": string(body)}
	if strings.HasPrefix(a.ctype, "application/json") {
		o = nil
		if err := json.Unmarshal(body, &o); err != nil {
			return w.badAnswer(user, command, "not_json", err.Error(), a)
		}
	} else if !utf8.Valid(body) {
		return w.badAnswer(user, command, "not_text", "the answer is not UTF-8", a)
	}
	if len(o) == 0 {
		return nil
	}
	dropNulls(o)
	k, problem := w.readContent(args{values: o})
	if problem == nil && k.empty() {
		return nil
	}
	var accepted *Accepted
	if problem == nil {
		w.mu.Lock()
		accepted, problem = w.answerWith(u, o, k)
		w.mu.Unlock()
	}
	if problem != nil {
		return w.badAnswer(user, command, problem.code, strings.Join(problem.messages, "; "), a)
	}
	w.accepted(*accepted)
	return nil
}

// Shortcut runs a global shortcut of the app.
// https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
func (w *Workspace) Shortcut(ctx context.Context, user, callbackID string) (Outcome, error) {
	w.mu.Lock()
	person, err := w.face(user)
	if err == nil {
		err = w.knownShortcut(callbackID, false)
	}
	if err != nil {
		w.mu.Unlock()
		return Outcome{}, fmt.Errorf("shortcut %s: %w", callbackID, err)
	}
	payload := w.interaction("shortcut", spot{person: person})
	payload["callback_id"] = callbackID
	payload["action_ts"], _ = w.nextTS()
	w.mu.Unlock()
	_, out, err := w.interact(ctx, user, &parcel{kind: DeliveryInteractive, name: "shortcut", payload: payload})
	return out, err
}

// MessageShortcut runs a message shortcut of the app on a message, whoever
// wrote it.
func (w *Workspace) MessageShortcut(ctx context.Context, user, channelID, ts, callbackID string) (Outcome, error) {
	p, err := w.prepareMessageShortcut(user, channelID, ts, callbackID)
	if err != nil {
		return Outcome{}, fmt.Errorf("message shortcut %s: %w", callbackID, err)
	}
	_, out, err := w.interact(ctx, user, p)
	return out, err
}

// Shortcuts are those the app has registered.
func (w *Workspace) Shortcuts() []Shortcut { return slices.Clone(w.cfg.Shortcuts) }

func (w *Workspace) prepareMessageShortcut(user, channelID, ts, callbackID string) (*parcel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	m, err := w.seen(user, channelID, ts)
	if err == nil {
		err = w.knownShortcut(callbackID, true)
	}
	switch {
	case err != nil:
		return nil, err
	case m.ephemeralTo != "":
		return nil, fmt.Errorf("ephemeral messages have no shortcuts: %w", ErrCannot)
	case w.origin() == "":
		return nil, fmt.Errorf("the stand-in's address is unknown, call SetBaseURL: %w", ErrCannot)
	}
	payload := w.interaction("message_action", spot{person: w.people[user], message: m})
	delete(payload, "container")
	payload["callback_id"], payload["message_ts"] = callbackID, m.ts
	payload["response_url"] = w.newResponseURL("actions", user, m.channel, m)
	payload["action_ts"], _ = w.nextTS()
	return &parcel{kind: DeliveryInteractive, name: "message_action", payload: payload}, nil
}

func (w *Workspace) knownShortcut(callbackID string, onMessage bool) error {
	known := len(w.cfg.Shortcuts) == 0 || slices.ContainsFunc(w.cfg.Shortcuts, func(s Shortcut) bool {
		return s.CallbackID == callbackID && s.Message == onMessage
	})
	switch {
	case !known:
		return fmt.Errorf("not registered: %w", ErrCannot)
	case !w.granted("commands"):
		return fmt.Errorf("the app lacks the scope commands: %w", ErrCannot)
	}
	return nil
}
