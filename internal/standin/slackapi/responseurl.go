package slackapi

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// response_url: five uses within thirty minutes, no token needed.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses

// newResponseURL makes an address for what a person did in a channel. The
// caller holds mu.
func (w *Workspace) newResponseURL(kind, user string, ch *channel, original *message) string {
	key := w.ids.code("", 24)
	w.responses[key] = &responseURL{user: user, channel: ch, at: w.now(), original: original}
	w.responseKeys = append(w.responseKeys, key)
	if over := len(w.responseKeys) - 10000; over > 0 {
		for _, old := range w.responseKeys[:over] {
			delete(w.responses, old)
		}
		w.responseKeys = slices.Delete(w.responseKeys, 0, over)
	}
	return w.origin() + "/" + kind + "/" + w.cfg.Team.ID + "/" + w.ids.code("", 10) + "/" + key
}

// newTrigger makes a trigger_id. stack is the root of the modal it came from.
// The caller holds mu.
func (w *Workspace) newTrigger(user, stack string) string {
	id := w.ids.code("", 10) + "." + w.ids.code("", 10) + "." + w.ids.hex(16) + w.ids.hex(16)
	w.triggers[id] = &trigger{user: user, at: w.now(), stack: stack}
	w.triggerOrder = append(w.triggerOrder, id)
	if over := len(w.triggerOrder) - 10000; over > 0 {
		for _, old := range w.triggerOrder[:over] {
			delete(w.triggers, old)
		}
		w.triggerOrder = slices.Delete(w.triggerOrder, 0, over)
	}
	return id
}

func (w *Workspace) serveResponseURL(rw http.ResponseWriter, r *http.Request) {
	w.book.count(func(c *Counters) { c.Calls["response_url"]++ })
	answered, after := w.fail(rw, r, "response_url", "")
	if answered {
		return
	}
	status, problem, accepted := w.respond(r)
	if after {
		panic(http.ErrAbortHandler)
	}
	if accepted != nil {
		w.accepted(*accepted)
	}
	if problem == nil {
		writeJSON(rw, http.StatusOK, obj{"ok": true})
		return
	}
	w.book.count(func(c *Counters) { c.Errors["response_url "+problem.code]++ })
	if !problem.ordinary {
		detail := ""
		if len(problem.messages) > 0 {
			detail = problem.messages[0]
		}
		w.violate(Violation{Kind: ViolationRefused, Method: "response_url", Error: problem.code, Detail: detail})
	}
	out := obj{"ok": false, "error": problem.code}
	if len(problem.messages) > 0 {
		out["response_metadata"] = obj{"messages": problem.messages}
	}
	writeJSON(rw, status, out)
}

// respond carries out a post to a response_url.
func (w *Workspace) respond(r *http.Request) (status int, problem *refusal, accepted *Accepted) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	var o obj
	if err != nil || json.Unmarshal(body, &o) != nil || o == nil {
		return http.StatusBadRequest, refuse("invalid_payload"), nil
	}
	dropNulls(o)
	k, problem := w.readContent(args{values: o})
	if problem != nil {
		return http.StatusBadRequest, problem, nil
	}
	removes := o["delete_original"] == true
	if k.empty() && !removes {
		return http.StatusBadRequest, refuse("no_text"), nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.responses[r.PathValue("secret")]
	switch {
	case u == nil:
		return http.StatusNotFound, refuse("invalid_url"), nil
	case w.now().Sub(u.at) > w.cfg.ResponseURLLife:
		return http.StatusNotFound, decline("expired_url"), nil
	case u.uses >= w.cfg.ResponseURLUses:
		return http.StatusNotFound, refuse("used_url"), nil
	}
	u.uses++
	a, problem := w.answerWith(u, o, k)
	if problem != nil {
		return http.StatusBadRequest, problem, nil
	}
	return http.StatusOK, nil, a
}

// dropNulls removes what SDKs send for unset fields: null, and empty blocks,
// attachments and metadata.
func dropNulls(o obj) {
	for _, key := range []string{"blocks", "attachments", "metadata"} {
		switch v := o[key].(type) {
		case nil:
			delete(o, key)
		case []any:
			if len(v) == 0 {
				delete(o, key)
			}
		case obj:
			if kind, _ := v["event_type"].(string); kind == "" {
				delete(o, key)
			}
		}
	}
}

// answerWith shows the answer of a response_url, or of a slash command, to
// whom it concerns. The caller holds mu.
func (w *Workspace) answerWith(u *responseURL, o obj, k content) (*Accepted, *refusal) {
	original := u.original
	shared := o["response_type"] == "in_channel"
	threadTS, _ := o["thread_ts"].(string)
	switch {
	case o["delete_original"] == true:
		return w.deleteOriginal(u)
	case o["replace_original"] == true && original != nil:
		return w.replaceOriginal(u, k)
	}
	m := w.botMessage(u.channel, k)
	if !shared {
		m.threadTS = threadTS
		w.showEphemeral(m, u.user)
		return &Accepted{Action: "ephemeral", Message: w.snapshot(m)}, nil
	}
	var problem *refusal
	if m.threadTS, problem = w.thread(u.channel, threadTS); problem != nil {
		return nil, problem
	}
	w.publish(m)
	return &Accepted{Action: "posted", Message: w.snapshot(m)}, nil
}

// gone tells whether the message acted on is no longer there.
func (w *Workspace) originalGone(u *responseURL) bool {
	m := u.original
	switch {
	case m == nil:
		return true
	case m.ephemeralTo != "":
		return !slices.Contains(w.people[m.ephemeralTo].ephemerals, m)
	}
	return m.channel.find(m.ts) != m || m.tombstone || m.botID != w.cfg.App.BotID
}

func (w *Workspace) deleteOriginal(u *responseURL) (*Accepted, *refusal) {
	if w.originalGone(u) {
		return nil, decline("message_not_found")
	}
	m := u.original
	a := &Accepted{Action: "deleted", Message: w.snapshot(m)}
	if m.ephemeralTo != "" {
		p := w.people[m.ephemeralTo]
		p.ephemerals = slices.DeleteFunc(p.ephemerals, func(x *message) bool { return x == m })
		w.changed(Change{Kind: ChangeEphemeral, Channel: m.channel.id, TS: m.ts, User: m.ephemeralTo})
		return a, nil
	}
	w.drop(m)
	return a, nil
}

func (w *Workspace) replaceOriginal(u *responseURL, k content) (*Accepted, *refusal) {
	if w.originalGone(u) {
		return nil, decline("message_not_found")
	}
	m := u.original
	before := w.wire(m, false)
	w.change(m, k)
	if m.ephemeralTo != "" {
		w.changed(Change{Kind: ChangeEphemeral, Channel: m.channel.id, TS: m.ts, User: m.ephemeralTo})
	} else {
		w.tellChanged(m, before)
		w.changed(Change{Kind: ChangeMessage, Channel: m.channel.id, TS: m.ts})
	}
	return &Accepted{Action: "updated", Message: w.snapshot(m)}, nil
}
