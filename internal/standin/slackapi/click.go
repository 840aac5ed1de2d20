package slackapi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Place is where a person sees an interactive element.
type Place struct {
	User    string
	Channel string // of a message
	TS      string // of a message
	home    bool
}

// On is a message that a person sees in a channel or thread, ephemeral ones
// included.
func On(user, channelID, ts string) Place { return Place{User: user, Channel: channelID, TS: ts} }

// InModal is the modal that a person has on top.
func InModal(user string) Place { return Place{User: user} }

// InHome is a person's home tab of the app.
func InHome(user string) Place { return Place{User: user, home: true} }

// spot is a place with what is there.
type spot struct {
	person  *person
	message *message
	view    *view
}

func (s spot) blocks() []any {
	if s.view != nil {
		return s.view.blocks
	}
	out := s.message.blocks
	for _, item := range s.message.attachments {
		a, _ := item.(obj)
		blocks, _ := a["blocks"].([]any)
		out = append(slices.Clone(out), blocks...)
	}
	return out
}

// at looks a place up. The caller holds mu.
func (w *Workspace) at(p Place) (spot, error) {
	person, err := w.face(p.User)
	if err != nil {
		return spot{}, err
	}
	s := spot{person: person}
	switch {
	case p.TS != "":
		s.message, err = w.seen(p.User, p.Channel, p.TS)
	case p.home:
		s.view = person.home
	default:
		s.view = person.top()
	}
	if err == nil && s.view == nil && s.message == nil {
		err = fmt.Errorf("%s sees no modal or home tab there: %w", p.User, ErrCannot)
	}
	return s, err
}

// find finds an element by action_id or, for buttons and overflow options, by
// what is written on it; value tells equals apart.
func (s spot) find(what string, value []string, buttons bool) (block, element obj) {
	for _, item := range s.blocks() {
		b, _ := item.(obj)
		for _, e := range elementsOf(b) {
			isButton := e["type"] == "button"
			matches := e["action_id"] == what || (isButton && textOf(e["text"]) == what)
			if !matches || isButton != buttons {
				continue
			}
			if buttons && len(value) > 0 && e["value"] != value[0] {
				continue
			}
			return b, e
		}
	}
	return nil, nil
}

// Click presses a button, found by its action_id or its text, and waits until
// the app has acknowledged. A value tells buttons with the same text apart. A
// confirmation dialog is agreed to.
func (w *Workspace) Click(ctx context.Context, at Place, button string, value ...string) (Outcome, error) {
	p, out, err := w.prepareClick(at, button, value)
	if err != nil {
		return Outcome{}, fmt.Errorf("click %q: %w", button, err)
	}
	_, done, err := w.interact(ctx, at.User, p)
	done.Confirm = out.Confirm
	return done, err
}

// ClickTwice presses a button twice in the same instant, as impatient people
// and shaky connections do: two interactions with their own trigger_id, at once.
func (w *Workspace) ClickTwice(ctx context.Context, at Place, button string, value ...string) error {
	var parcels [2]*parcel
	for i := range parcels {
		p, _, err := w.prepareClick(at, button, value)
		if err != nil {
			return fmt.Errorf("click %q twice: %w", button, err)
		}
		parcels[i] = p
	}
	return w.both(ctx, at.User, parcels)
}

// ClickTogether presses a button for several people who all see the message as
// it stands now; what they pressed arrives in their order, whatever changes
// meanwhile.
func (w *Workspace) ClickTogether(ctx context.Context, at Place, users []string, button string) error {
	parcels := make([]*parcel, len(users))
	for i, user := range users {
		at.User = user
		p, _, err := w.prepareClick(at, button, nil)
		if err != nil {
			return fmt.Errorf("click %q together: %w", button, err)
		}
		parcels[i] = p
	}
	for i, p := range parcels {
		if _, _, err := w.interact(ctx, users[i], p); err != nil {
			return fmt.Errorf("click %q together: %w", button, err)
		}
	}
	return nil
}

// both delivers two interactions at once.
func (w *Workspace) both(ctx context.Context, user string, parcels [2]*parcel) error {
	var group sync.WaitGroup
	var errs [2]error
	for i, p := range parcels {
		group.Go(func() { _, _, errs[i] = w.interact(ctx, user, p) })
	}
	group.Wait()
	if errs[0] != nil {
		return errs[0]
	}
	return errs[1]
}

func (w *Workspace) prepareClick(at Place, button string, value []string) (*parcel, Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, err := w.at(at)
	if err != nil {
		return nil, Outcome{}, err
	}
	block, element := s.find(button, value, true)
	if element == nil {
		return nil, Outcome{}, fmt.Errorf("no such button among %q: %w", buttonTexts(s.blocks()), ErrCannot)
	}
	action := obj{}
	for _, key := range []string{"action_id", "text", "value", "style", "type", "confirm", "url"} {
		if v, ok := element[key]; ok {
			action[key] = v
		}
	}
	var out Outcome
	if dialog, ok := element["confirm"].(obj); ok {
		out.Confirm = textOf(dialog["title"])
	}
	p, err := w.blockActions(s, block, action)
	return p, out, err
}

// blockActions builds the interaction. The caller holds mu.
// https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
func (w *Workspace) blockActions(s spot, block, action obj) (*parcel, error) {
	if w.origin() == "" {
		return nil, fmt.Errorf("the stand-in's address is unknown, call SetBaseURL: %w", ErrCannot)
	}
	action["block_id"] = block["block_id"]
	action["action_ts"], _ = w.nextTS()
	payload := w.interaction("block_actions", s)
	payload["actions"] = []any{action}
	if m := s.message; m != nil {
		payload["state"] = obj{"values": m.stateOf(s.person.member.ID).wire()}
		payload["response_url"] = w.newResponseURL("actions", s.person.member.ID, m.channel, m)
	}
	return &parcel{kind: DeliveryInteractive, name: "block_actions", payload: payload}, nil
}

// stateOf is what a person has chosen in a message so far.
func (m *message) stateOf(user string) formState {
	if state, ok := m.states[user]; ok {
		return state
	}
	return initialState(m.blocks)
}

// interaction is what all interactions carry. The caller holds mu.
func (w *Workspace) interaction(kind string, s spot) obj {
	user := s.person.member
	o := obj{
		"type": kind, "token": "stand-in", "api_app_id": w.cfg.App.ID,
		"team":       obj{"id": w.cfg.Team.ID, "domain": w.cfg.Team.Domain},
		"user":       obj{"id": user.ID, "username": user.Name, "name": user.Name, "team_id": w.cfg.Team.ID},
		"enterprise": nil, "is_enterprise_install": false,
	}
	switch {
	case s.view != nil:
		o["container"] = obj{"type": "view", "view_id": s.view.id}
		o["view"] = w.wireView(s.view)
		stack := ""
		if s.view.kind == viewModal {
			stack = s.view.rootID
		}
		o["trigger_id"] = w.newTrigger(user.ID, stack)
	case s.message != nil:
		m := s.message
		container := obj{
			"type": "message", "message_ts": m.ts, "channel_id": m.channel.id, "is_ephemeral": m.ephemeralTo != "",
		}
		if m.threadTS != "" {
			container["thread_ts"] = m.threadTS
		}
		o["container"] = container
		o["channel"] = obj{"id": m.channel.id, "name": w.formName(m.channel)}
		if m.ephemeralTo == "" {
			o["message"] = w.wire(m, true)
		}
		o["trigger_id"] = w.newTrigger(user.ID, "")
	default:
		o["trigger_id"] = w.newTrigger(user.ID, "")
	}
	return o
}

// formName is the name of a channel in interactions and commands, where
// private ones have none.
func (w *Workspace) formName(ch *channel) string {
	switch ch.kind {
	case kindGroup:
		return "privategroup"
	case kindIM:
		return "directmessage"
	case kindChannel, kindMPIM:
	}
	return ch.name
}

// Select chooses in a menu, picker, overflow menu, checkboxes or radio
// buttons. Values are option values or what is written on them, ids or names
// of people and channels, dates (2006-01-02) and times (15:04).
// In modals, only elements outside input blocks, and inputs with
// dispatch_action, tell the app at once.
func (w *Workspace) Select(ctx context.Context, at Place, action string, values ...string) (Outcome, error) {
	if err := w.suggestFor(ctx, at, action, values); err != nil {
		return Outcome{}, fmt.Errorf("select in %q: %w", action, err)
	}
	p, err := w.prepareSelect(at, action, values)
	if err != nil {
		return Outcome{}, fmt.Errorf("select in %q: %w", action, err)
	}
	if p == nil {
		return Outcome{}, nil
	}
	_, out, err := w.interact(ctx, at.User, p)
	return out, err
}

func (w *Workspace) prepareSelect(at Place, action string, values []string) (*parcel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, err := w.at(at)
	if err != nil {
		return nil, err
	}
	block, element := s.find(action, nil, false)
	if element == nil {
		block, element = findInput(s.blocks(), action)
	}
	if element == nil {
		return nil, fmt.Errorf("no such element: %w", ErrCannot)
	}
	out := obj{"type": element["type"], "action_id": element["action_id"]}
	if element["type"] == "overflow" {
		if len(values) != 1 {
			return nil, fmt.Errorf("an overflow menu takes one value: %w", ErrCannot)
		}
		option, err := w.one(obj{"options": element["options"]}, "static_select", values[0])
		if err != nil {
			return nil, err
		}
		out["selected_option"] = option
		return w.blockActions(s, block, out)
	}
	entry, err := w.enter(w.suggested(s, element), values)
	if err != nil {
		return nil, err
	}
	w.keepEntry(s, block, element, entry)
	if block["type"] == "input" && block["dispatch_action"] != true {
		return nil, nil
	}
	for key, value := range entry {
		out[key] = value
	}
	if placeholder, ok := element["placeholder"]; ok {
		out["placeholder"] = placeholder
	}
	return w.blockActions(s, block, out)
}

// keepEntry stores what a person chose. The caller holds mu.
func (w *Workspace) keepEntry(s spot, block, element, entry obj) {
	blockID, _ := block["block_id"].(string)
	actionID, _ := element["action_id"].(string)
	if s.view != nil {
		s.view.state.set(blockID, actionID, entry)
		w.viewChanged(s.view)
		return
	}
	user := s.person.member.ID
	state := s.message.stateOf(user).clone()
	state.set(blockID, actionID, entry)
	if s.message.states == nil {
		s.message.states = map[string]formState{}
	}
	s.message.states[user] = state
}

// Option is something an external select offers.
type Option struct {
	Text  string `json:"text"`
	Value string `json:"value"`
}

// Suggest types into an external select and returns what the app offers.
// https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
func (w *Workspace) Suggest(ctx context.Context, at Place, action, typed string) ([]Option, error) {
	options, err := w.suggest(ctx, at, action, typed)
	if err != nil {
		return nil, fmt.Errorf("suggestions of %q: %w", action, err)
	}
	var out []Option
	for _, o := range options {
		value, _ := o["value"].(string)
		out = append(out, Option{Text: textOf(o["text"]), Value: value})
	}
	return out, nil
}

func (w *Workspace) suggest(ctx context.Context, at Place, action, typed string) ([]obj, error) {
	w.mu.Lock()
	s, err := w.at(at)
	var block, element obj
	if err == nil {
		if block, element = findInput(s.blocks(), action); element == nil || !isExternal(element) {
			err = fmt.Errorf("no such external select: %w", ErrCannot)
		}
	}
	if err != nil {
		w.mu.Unlock()
		return nil, err
	}
	payload := w.interaction("block_suggestion", s)
	delete(payload, "trigger_id")
	payload["block_id"], payload["action_id"], payload["value"] = block["block_id"], element["action_id"], typed
	w.mu.Unlock()
	a, _, err := w.interact(ctx, at.User, &parcel{
		kind: DeliveryInteractive, name: "block_suggestion", payload: payload, options: true, response: true,
	})
	if err != nil {
		return nil, err
	}
	var answer obj
	c := newChecker(onModal)
	if json.Unmarshal(a.body, &answer) != nil {
		return nil, w.badAnswer(at.User, "block_suggestion", "no_options", "the answer is not JSON", a)
	}
	c.offered(answer, "")
	c.only(answer, "", "options", "option_groups")
	// No match is a fine answer, unlike an empty menu.
	if len(c.problems) > 0 && !strings.HasPrefix(c.problems[0], "must provide at least 1 items") {
		return nil, w.badAnswer(at.User, "block_suggestion", "invalid_options", strings.Join(c.problems, "; "), a)
	}
	escapeTexts(answer)
	options := optionsOf(answer)
	w.mu.Lock()
	s.person.suggestions(element, options)
	w.mu.Unlock()
	return options, nil
}

func isExternal(element obj) bool {
	return element["type"] == "external_select" || element["type"] == "multi_external_select"
}

// suggestFor asks the app for the options of an external select, typing each
// value, before it is chosen.
func (w *Workspace) suggestFor(ctx context.Context, at Place, action string, values []string) error {
	w.mu.Lock()
	s, err := w.at(at)
	external := false
	if err == nil {
		_, element := findInput(s.blocks(), action)
		external = element != nil && isExternal(element)
	}
	w.mu.Unlock()
	if err != nil || !external {
		return err
	}
	for _, value := range values {
		if _, err := w.suggest(ctx, at, action, value); err != nil {
			return err
		}
	}
	return nil
}

// suggestions remembers what an external select offered to the person.
func (p *person) suggestions(element obj, options []obj) {
	if p.offered == nil {
		p.offered = map[string][]any{}
	}
	id, _ := element["action_id"].(string)
	for _, o := range options {
		p.offered[id] = append(p.offered[id], o)
	}
	if over := len(p.offered[id]) - maxOptions; over > 0 {
		p.offered[id] = slices.Delete(p.offered[id], 0, over)
	}
}

// suggested is the element with the options that were offered to the person.
func (w *Workspace) suggested(s spot, element obj) obj {
	id, _ := element["action_id"].(string)
	if !isExternal(element) {
		return element
	}
	with := obj{"options": s.person.offered[id]}
	for key, value := range element {
		with[key] = value
	}
	return with
}
