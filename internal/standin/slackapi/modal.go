package slackapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Fill enters values into the person's top modal without submitting it. Keys
// are block_id, "block_id/action_id", action_id or the label; values are
// strings, or []string for what takes several. Inputs with dispatch_action
// tell the app.
func (w *Workspace) Fill(ctx context.Context, user string, values map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		var list []string
		switch v := values[key].(type) {
		case string:
			list = []string{v}
		case []string:
			list = v
		default:
			return fmt.Errorf("fill %q: a value must be string or []string, not %T", key, v)
		}
		if _, err := w.Select(ctx, InModal(user), key, list...); err != nil {
			return fmt.Errorf("fill: %w", err)
		}
	}
	return nil
}

// FillAndSubmit enters values into the person's top modal, as Fill does, and
// submits it.
func (w *Workspace) FillAndSubmit(ctx context.Context, user string, values map[string]any) (Outcome, error) {
	if err := w.Fill(ctx, user, values); err != nil {
		return Outcome{}, err
	}
	return w.Submit(ctx, user)
}

// Submit submits the person's top modal and does what the app answers: close,
// show errors, update, push or clear. An incomplete form is not submitted
// (ErrFormIncomplete). When the app does not acknowledge, the modal stays.
func (w *Workspace) Submit(ctx context.Context, user string) (Outcome, error) {
	v, p, err := w.prepareSubmit(user)
	if err != nil {
		return Outcome{}, fmt.Errorf("submit: %w", err)
	}
	return w.submit(ctx, user, v, p)
}

// SubmitTwice submits the person's top modal twice in the same instant.
func (w *Workspace) SubmitTwice(ctx context.Context, user string) error {
	v, first, err := w.prepareSubmit(user)
	if err != nil {
		return fmt.Errorf("submit twice: %w", err)
	}
	_, second, err := w.prepareSubmit(user)
	if err != nil {
		return fmt.Errorf("submit twice: %w", err)
	}
	var group sync.WaitGroup
	var other error
	group.Go(func() { _, other = w.submit(ctx, user, v, second) })
	_, err = w.submit(ctx, user, v, first)
	group.Wait()
	if err == nil {
		err = other
	}
	return err
}

func (w *Workspace) prepareSubmit(user string) (*view, *parcel, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	s, err := w.at(InModal(user))
	if err != nil {
		return nil, nil, err
	}
	v := s.view
	if v.submit == nil {
		return nil, nil, fmt.Errorf("the modal has no submit button: %w", ErrCannot)
	}
	if problems := v.check(); len(problems) > 0 {
		v.errors = problems
		w.viewChanged(v)
		return nil, nil, fmt.Errorf("%v: %w", problems, ErrFormIncomplete)
	}
	v.errors = nil
	v.submitting++
	w.giveFiles(v)
	payload := w.interaction("view_submission", s)
	delete(payload, "container")
	payload["response_urls"] = w.responseURLs(user, v)
	w.viewChanged(v)
	return v, &parcel{kind: DeliveryInteractive, name: "view_submission", payload: payload, response: true}, nil
}

// responseURLs makes one for a select with response_url_enabled. The caller
// holds mu.
func (w *Workspace) responseURLs(user string, v *view) []any {
	out := []any{}
	for _, item := range v.blocks {
		block, _ := item.(obj)
		for _, e := range elementsOf(block) {
			if e["response_url_enabled"] != true {
				continue
			}
			blockID, _ := block["block_id"].(string)
			actionID, _ := e["action_id"].(string)
			entry, _ := v.state[blockID][actionID].(obj)
			id, _ := entry[valueKey(entry)].(string)
			if ch := w.channels[id]; ch != nil {
				out = append(out, obj{
					"block_id": blockID, "action_id": actionID, "channel_id": id,
					"response_url": w.newResponseURL("actions", user, ch, nil),
				})
			}
		}
	}
	return out
}

func (w *Workspace) submit(ctx context.Context, user string, v *view, p *parcel) (Outcome, error) {
	a, out, err := w.interact(ctx, user, p)
	w.mu.Lock()
	v.submitting--
	w.viewChanged(v)
	w.mu.Unlock()
	if err != nil {
		return out, err
	}
	return out, w.followSubmission(user, v, a)
}

// submissionAnswer is what the app says to a view_submission.
// https://docs.slack.dev/surfaces/modals#modal_response
type submissionAnswer struct {
	Action string            `json:"response_action"`
	Errors map[string]string `json:"errors"`
	View   obj               `json:"view"`
}

// followSubmission does what the app answered.
func (w *Workspace) followSubmission(user string, v *view, a answer) error {
	const what = "view_submission"
	if len(bytes.TrimSpace(a.body)) == 0 {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.closeView(v)
		return nil
	}
	if a.via == "http" && !strings.HasPrefix(a.ctype, "application/json") {
		w.violate(Violation{Kind: ViolationBadAnswer, Method: what, Error: "content_type", Detail: a.ctype + " instead of application/json"})
	}
	var s submissionAnswer
	if err := json.Unmarshal(a.body, &s); err != nil {
		return w.badAnswer(user, what, "not_json", err.Error(), a)
	}
	switch s.Action {
	case "":
		w.mu.Lock()
		defer w.mu.Unlock()
		w.closeView(v)
		return nil
	case "clear":
		w.mu.Lock()
		defer w.mu.Unlock()
		w.closeStack(user)
		return nil
	case "errors":
		return w.showErrors(user, v, s.Errors, a)
	case "update", "push":
		if problem := w.checkView(s.View, viewModal); problem != nil {
			return w.badAnswer(user, what, problem.code, strings.Join(problem.messages, "; "), a)
		}
		if problem := w.putView(user, v, s); problem != nil {
			return w.badAnswer(user, what, problem.code, strings.Join(problem.messages, "; "), a)
		}
		return nil
	}
	return w.badAnswer(user, what, "unknown_response_action", s.Action, a)
}

// showErrors shows errors under inputs. A key that is no input block's id
// breaks the whole answer.
func (w *Workspace) showErrors(user string, v *view, errs map[string]string, a answer) error {
	w.mu.Lock()
	inputs := map[string]bool{}
	for _, item := range v.blocks {
		if block, ok := item.(obj); ok && block["type"] == "input" {
			id, _ := block["block_id"].(string)
			inputs[id] = true
		}
	}
	bad := ""
	for key, text := range errs {
		if !inputs[key] || text == "" {
			bad = key
		}
	}
	if bad == "" && len(errs) > 0 {
		v.errors = maps.Clone(errs)
		w.viewChanged(v)
	}
	w.mu.Unlock()
	if bad != "" || len(errs) == 0 {
		return w.badAnswer(user, "view_submission", "invalid_errors", fmt.Sprintf("%q is no block_id of an input block with a text", bad), a)
	}
	return nil
}

// putView updates the submitted view or pushes a new one.
func (w *Workspace) putView(user string, v *view, s submissionAnswer) *refusal {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[user]
	if !slices.Contains(p.modals, v) {
		return nil // a second submission, answered after the first closed it
	}
	if s.Action == "push" {
		_, problem := w.push(p, s.View)
		return problem
	}
	if problem := w.load(v, s.View); problem != nil {
		return problem
	}
	v.updates++
	w.viewChanged(v)
	return nil
}

// closeView takes a view off its stack, with what is on top of it. The caller
// holds mu.
func (w *Workspace) closeView(v *view) {
	p := w.people[v.user]
	i := slices.Index(p.modals, v)
	if i < 0 {
		return
	}
	w.forgetViews(p.modals[i:])
	p.modals = p.modals[:i:i]
	w.changed(Change{Kind: ChangeModal, User: v.user})
}

func (w *Workspace) closeStack(user string) {
	p := w.people[user]
	w.forgetViews(p.modals)
	p.modals = nil
	w.changed(Change{Kind: ChangeModal, User: user})
}

// CloseModal presses the cancel button of the person's top modal; the one
// below shows again, unless the modal has clear_on_close. The app hears
// view_closed when it asked for it.
func (w *Workspace) CloseModal(ctx context.Context, user string) error {
	return w.dismissModal(ctx, user, false)
}

// CloseAllModals presses the cross, which closes the whole stack.
func (w *Workspace) CloseAllModals(ctx context.Context, user string) error {
	return w.dismissModal(ctx, user, true)
}

// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_closed
func (w *Workspace) dismissModal(ctx context.Context, user string, all bool) error {
	w.mu.Lock()
	s, err := w.at(InModal(user))
	if err != nil {
		w.mu.Unlock()
		return fmt.Errorf("close modal: %w", err)
	}
	all = all || s.view.clearClose
	var parcels []*parcel
	for _, v := range slices.Backward(s.person.modals) {
		if v != s.view && !all {
			break
		}
		if v.notifyClose {
			payload := w.interaction("view_closed", spot{person: s.person, view: v})
			delete(payload, "container")
			delete(payload, "trigger_id")
			payload["is_cleared"] = all
			parcels = append(parcels, &parcel{kind: DeliveryInteractive, name: "view_closed", payload: payload})
		}
	}
	if all {
		w.closeStack(user)
	} else {
		w.closeView(s.view)
	}
	w.mu.Unlock()
	for _, p := range parcels {
		if _, _, err := w.interact(ctx, user, p); err != nil {
			return err
		}
	}
	return nil
}
