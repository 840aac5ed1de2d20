package slackapi

import (
	"encoding/json"
	"fmt"
)

// readView checks the view argument of a call. It holds no lock.
func (w *Workspace) readView(a args, kind viewKind) (obj, *refusal) {
	v, ok := a.decoded("view")
	if !ok || !a.has("view") {
		return nil, missing("view")
	}
	o, isObject := v.(obj)
	if !isObject {
		return nil, invalid("must provide an object [json-pointer:/view]")
	}
	return o, w.checkView(o, kind)
}

// checkView refuses a bad view and gives ids to what has none.
func (w *Workspace) checkView(o obj, kind viewKind) *refusal {
	size, err := json.Marshal(o)
	if err != nil || len(size) > maxViewBytes {
		return refuse("view_too_large", fmt.Sprintf("%d bytes of %d", len(size), maxViewBytes))
	}
	c := newChecker(onModal)
	c.view(o)
	if problem := c.refusal("invalid_arguments"); problem != nil {
		return problem
	}
	if o["type"] != string(kind) {
		return invalid("must be of type %s [json-pointer:/view/type]", kind)
	}
	blocks, _ := o["blocks"].([]any)
	w.fill(blocks)
	return nil
}

// load puts a checked payload into a view. Values a person entered stay where
// block_id and action_id stay. The caller holds mu.
func (w *Workspace) load(v *view, o obj) *refusal {
	external, _ := o["external_id"].(string)
	if external != "" && external != v.externalID {
		for _, other := range w.views {
			if other != v && other.externalID == external {
				return refuse("duplicate_external_id")
			}
		}
	}
	v.externalID = external
	v.callbackID, _ = o["callback_id"].(string)
	v.metadata, _ = o["private_metadata"].(string)
	v.title, _ = o["title"].(obj)
	v.submit, _ = o["submit"].(obj)
	v.closeText, _ = o["close"].(obj)
	v.blocks, _ = o["blocks"].([]any)
	v.clearClose, _ = o["clear_on_close"].(bool)
	v.notifyClose, _ = o["notify_on_close"].(bool)
	v.hash = fmt.Sprintf("%d.%s", w.now().Unix(), w.ids.hex(8))
	v.errors = nil
	before := v.state
	v.state = initialState(v.blocks)
	for block, actions := range v.state {
		for action, fresh := range actions {
			if was, ok := before[block][action]; ok && sameType(was, fresh) {
				v.state.set(block, action, was)
			}
		}
	}
	w.views[v.id] = v
	return nil
}

func sameType(a, b any) bool {
	x, _ := a.(obj)
	y, _ := b.(obj)
	return x["type"] == y["type"]
}

// newView makes a view for a person. The caller holds mu.
func (w *Workspace) newView(kind viewKind, user string, o obj) (*view, *refusal) {
	v := &view{id: w.ids.code("V0", 8), kind: kind, user: user}
	v.rootID = v.id
	return v, w.load(v, o)
}

// exchange uses a trigger_id up. The caller holds mu.
func (w *Workspace) exchange(id string) (*trigger, *refusal) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case w.now().Sub(t.at) > w.cfg.TriggerLife:
		return nil, decline("expired_trigger_id")
	}
	return t, nil
}

// viewsOpen opens a modal; one that was open is replaced.
// https://docs.slack.dev/reference/methods/views.open
func (w *Workspace) viewsOpen(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("trigger_id"); problem != nil {
		return nil, problem
	}
	o, problem := w.readView(c.args, viewModal)
	if problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, problem := w.exchange(c.args.str("trigger_id"))
	if problem != nil {
		return nil, problem
	}
	v, problem := w.newView(viewModal, t.user, o)
	if problem != nil {
		return nil, problem
	}
	t.used = true
	p := w.people[t.user]
	w.forgetViews(p.modals)
	p.modals = []*view{v}
	w.changed(Change{Kind: ChangeModal, User: t.user})
	return obj{"view": w.wireView(v)}, nil
}

func (w *Workspace) forgetViews(views []*view) {
	for _, v := range views {
		delete(w.views, v.id)
	}
}

// viewsPush puts a modal on top of the one the trigger came from.
// https://docs.slack.dev/reference/methods/views.push
func (w *Workspace) viewsPush(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("trigger_id"); problem != nil {
		return nil, problem
	}
	o, problem := w.readView(c.args, viewModal)
	if problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t, problem := w.exchange(c.args.str("trigger_id"))
	if problem != nil {
		return nil, problem
	}
	p := w.people[t.user]
	if t.stack == "" || len(p.modals) == 0 || p.modals[0].id != t.stack {
		return nil, invalid("the trigger does not come from an open modal [json-pointer:/view]")
	}
	v, problem := w.push(p, o)
	if problem != nil {
		return nil, problem
	}
	t.used = true
	return obj{"view": w.wireView(v)}, nil
}

// push puts a checked view on the stack. The caller holds mu.
func (w *Workspace) push(p *person, o obj) (*view, *refusal) {
	if len(p.modals) >= maxModals {
		return nil, refuse("push_limit_reached")
	}
	v, problem := w.newView(viewModal, p.member.ID, o)
	if problem != nil {
		delete(w.views, v.id)
		return nil, problem
	}
	v.rootID, v.prevID = p.modals[0].id, p.top().id
	p.modals = append(p.modals, v)
	w.changed(Change{Kind: ChangeModal, User: p.member.ID})
	return v, nil
}

// viewsUpdate replaces a view that is open, wherever it is in the stack.
// https://docs.slack.dev/reference/methods/views.update
func (w *Workspace) viewsUpdate(c *call) (obj, *refusal) {
	id, external := c.args.str("view_id"), c.args.str("external_id")
	if id == "" && external == "" {
		return nil, missing("view_id")
	}
	v, ok := c.args.decoded("view")
	o, isObject := v.(obj)
	if !ok || !isObject {
		return nil, missing("view")
	}
	kind, _ := o["type"].(string)
	if problem := w.checkView(o, viewKind(kind)); problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	target := w.views[id]
	for _, other := range w.views {
		if id == "" && other.externalID == external {
			target = other
		}
	}
	switch {
	case target == nil:
		return nil, decline("not_found")
	case c.args.has("hash") && c.args.str("hash") != target.hash:
		return nil, decline("hash_conflict")
	case string(target.kind) != kind:
		return nil, invalid("must be of type %s [json-pointer:/view/type]", target.kind)
	}
	if problem := w.load(target, o); problem != nil {
		return nil, problem
	}
	target.updates++
	w.viewChanged(target)
	return obj{"view": w.wireView(target)}, nil
}

func (w *Workspace) viewChanged(v *view) {
	kind := ChangeModal
	if v.kind == viewHome {
		kind = ChangeHome
	}
	w.changed(Change{Kind: kind, User: v.user})
}

// viewsPublish sets a person's home tab.
// https://docs.slack.dev/reference/methods/views.publish
func (w *Workspace) viewsPublish(c *call) (obj, *refusal) {
	if problem := c.args.requireAll("user_id"); problem != nil {
		return nil, problem
	}
	o, problem := w.readView(c.args, viewHome)
	if problem != nil {
		return nil, problem
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	p := w.people[c.args.str("user_id")]
	switch {
	case p == nil || p.member.IsBot:
		return nil, invalid("user_id is not a member")
	case w.cfg.NoHomeTab:
		return nil, refuse("not_enabled")
	case c.args.has("hash") && (p.home == nil || c.args.str("hash") != p.home.hash):
		return nil, decline("hash_conflict")
	}
	if p.home == nil {
		v, problem := w.newView(viewHome, p.member.ID, o)
		if problem != nil {
			return nil, problem
		}
		p.home = v
	} else {
		if problem := w.load(p.home, o); problem != nil {
			return nil, problem
		}
		p.home.updates++
	}
	w.changed(Change{Kind: ChangeHome, User: p.member.ID})
	return obj{"view": w.wireView(p.home)}, nil
}
