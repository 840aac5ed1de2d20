package slack

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// interaction is what Slack sends when somebody presses or submits something.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	Callback  string `json:"callback_id"` // of shortcuts
	Channel   struct {
		ID string `json:"id"`
	} `json:"channel"`
	Message *message `json:"message"`
	User    struct {
		ID string `json:"id"`
	} `json:"user"`
	Container struct {
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Actions []acted `json:"actions"`
	View    struct {
		ID       string `json:"id"`
		RootID   string `json:"root_view_id"`
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]entered `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// acted is one button pressed, or one choice of a menu.
type acted struct {
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	Value    string `json:"value"`
	ActionTS string `json:"action_ts"`
	Selected *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// entered is what a person put into one input.
type entered struct {
	Value    string `json:"value"` // null when nothing
	Date     string `json:"selected_date"`
	Time     string `json:"selected_time"`
	Selected *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
	Ticked []struct {
		Value string `json:"value"`
	} `json:"selected_options"`
	Files []sharedFile `json:"files"`
}

// typed returns what was written or chosen in an input; its block and action
// have the same id.
func (i *interaction) typed(id string) string {
	e := i.View.State.Values[id][id]
	switch {
	case e.Selected != nil:
		return e.Selected.Value
	case e.Date != "":
		return e.Date
	case e.Time != "":
		return e.Time
	}
	return e.Value
}

// ticked reports whether a checkbox was ticked.
func (i *interaction) ticked(id string) bool { return len(i.View.State.Values[id][id].Ticked) > 0 }

// written returns words as staff meant them.
func (i *interaction) written(id string) string { return strings.TrimSpace(clean(i.typed(id))) }

func (c *Client) interaction(ctx context.Context, body []byte) answer {
	var i interaction
	if err := json.Unmarshal(body, &i); err != nil {
		return malformed
	}
	if i.User.ID == "" {
		return fine
	}
	switch i.Type {
	case "block_actions":
		if len(i.Actions) == 0 {
			return fine
		}
		return c.click(ctx, &i)
	case "message_action", "shortcut":
		return c.shortcut(ctx, &i)
	case "view_submission":
		return c.submit(ctx, &i)
	}
	return fine
}

// click takes a button, or a choice of the menu.
func (c *Client) click(ctx context.Context, i *interaction) answer {
	action := i.Actions[0]
	if ofLesson(action.ActionID) {
		return c.clickLesson(ctx, i)
	}
	var a about
	name, rest, _ := strings.Cut(action.ActionID, " ")
	if name == actHome {
		return c.homeClick(ctx, i, rest)
	}
	if name == actMenu {
		if a = chosen(action.BlockID); action.Selected != nil {
			name = actMenu + " " + action.Selected.Value
		}
	} else if err := json.Unmarshal([]byte(action.Value), &a); err != nil {
		a = about{}
	}
	if (name == actTalked || name == actLater) && a.valid() {
		return c.clickTalk(ctx, i, name, a)
	}
	do, opens := pressedAction(name, a)
	if do == nil && !opens {
		return fine // not ours, or of a card from another time
	}
	if !a.valid() {
		c.cfg.Count("click", "stale")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStale)
		return fine
	}
	if do == nil { // the trigger lives three seconds, whatever is asked before
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, openWithin)
		defer cancel()
	}
	switch in, err := c.may(ctx, i.Container.ChannelID, i.User.ID, name, a); {
	case err != nil:
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteUnknown)
		return notDurable
	case !in:
		c.cfg.Count("click", "stranger")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStranger)
		return fine
	}
	if do == nil {
		c.open(ctx, i, name, a)
		return fine
	}
	if i.Container.ChannelID != "" && c.strays(ctx, i.User.ID, name, a) {
		c.cfg.Count("click", "strayed")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStrayed)
		return fine
	}
	if _, ok := do.(desk.Release); ok {
		do = desk.Release{Absent: c.absent(ctx, a.Case, i.User.ID)}
	}
	return c.pressedButton(ctx, i, a, do)
}

// absentWithin bounds the look for whether somebody is still there.
const absentWithin = 600 * time.Millisecond

// absent is who has a case and cannot act in it any more, because they left its
// channels or the workspace; empty when they can, when it is the person
// themselves, and when nobody can say in time.
func (c *Client) absent(ctx context.Context, caseID, by string) string {
	ctx, cancel := context.WithTimeout(ctx, absentWithin)
	defer cancel()
	who, err := within(ctx, c, func(ctx context.Context) (string, error) {
		cs, err := c.cfg.Store.Case(ctx, caseID)
		if err != nil || cs.Holder.ID == "" || cs.Holder.ID == by {
			return "", err
		}
		if in, err := c.answers(ctx, cs.Holder.ID, cs); err != nil || !in {
			return cs.Holder.ID, err
		}
		if n, err := c.person(ctx, cs.Holder.ID); err != nil || !n.other {
			return "", err
		}
		return cs.Holder.ID, nil
	})
	if err != nil {
		return ""
	}
	return who
}

// pressedButton makes durable what a button does.
func (c *Client) pressedButton(ctx context.Context, i *interaction, a about, do desk.Action) answer {
	action := i.Actions[0]
	key := strings.Join([]string{"slack:click", i.Container.ChannelID, i.Container.MessageTS, action.ActionID, i.User.ID, action.ActionTS}, ":")
	cmd := desk.Command{
		ID: strings.TrimPrefix(key, "slack:"), Case: a.Case, By: c.staff(ctx, i.User.ID),
		At: stamp(action.ActionTS, c.cfg.Now()), Action: do,
	}
	if err := c.order(ctx, key, a.Resident, cmd); err != nil {
		// Slack does not repeat a click, it only marks it as failed: say why.
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteNotKept)
		return notDurable
	}
	return fine
}

// pressedAction is what a button does at once; opens reports one that opens a
// modal instead.
func pressedAction(name string, a about) (do desk.Action, opens bool) {
	if window, ok := strings.CutPrefix(name, actMenu+" "+menuLeave); ok {
		return desk.Leave{Window: window}, false
	}
	switch name {
	case actTake:
		return desk.Take{}, false
	case actCannot:
		return desk.Cannot{}, false
	case actRelease:
		return desk.Release{}, false
	case actAccept:
		return desk.Accept{}, false
	case actJoin:
		return desk.Join{Window: a.Arg}, false
	case actStep:
		return desk.StepDone{Step: a.Arg}, false
	case actTakeBack:
		return desk.TakeBack{Entry: a.Arg}, false
	case actMenu + " " + menuKept:
		return desk.Kept{}, false
	case actMenu + " " + menuCancel:
		return desk.CancelOffer{}, false
	case actReply, actMove, actClose, actRefuse, actAgain, actCall, actUnveil:
		return nil, true
	case actMenu + " " + menuNext, actMenu + " " + menuPlan, actMenu + " " + menuInvite, actMenu + " " + menuConsent,
		actMenu + " " + menuTemplate, actMenu + " " + menuShow, actMenu + " " + menuMemo, actMenu + " " + menuCall, actMenu + " " + menuSnooze,
		actMenu + " " + menuPerson:
		return nil, true
	}
	return nil, false
}

// openWithin leaves time for Slack's own answer: a trigger lives three seconds.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
const openWithin = 2 * time.Second

// open shows a modal, to those whose case it is. While nobody can say whose it
// is, only an empty form opens, for who is in the button's channel: what it
// holds is asked about again when it is submitted.
func (c *Client) open(ctx context.Context, i *interaction, action string, a about) {
	cs, in, err := c.theirs(ctx, i.User.ID, a.Case, action)
	if err == nil && !in {
		c.cfg.Count("click", "stranger")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteElsewhere)
		return
	}
	var view sdk.ModalViewRequest
	switch form, empty := c.emptyForm(action, a); {
	case empty && (err == nil || i.Container.ChannelID != ""):
		view, err = form, nil
	case err == nil:
		view, err = c.filledForm(ctx, action, a, cs, i.User.ID)
	}
	if err == nil && cs.ID == a.Case {
		view = withLimits(view, c.veil(cs), c.cfg.Content())
	}
	if err != nil {
		c.cfg.Count("views.open", "not read")
		c.cfg.Log.WarnContext(ctx, "modal not made", "action", action, "err", err)
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteNoModal)
		return
	}
	c.openView(ctx, i, action, view)
}

// openView opens a modal, or says that it did not open.
func (c *Client) openView(ctx context.Context, i *interaction, what string, view sdk.ModalViewRequest) {
	_, err := c.sdk.OpenViewContext(ctx, i.TriggerID, view)
	if err == nil {
		c.cfg.Count("views.open", "ok")
		return
	}
	f := sortError(err)
	c.cfg.Count("views.open", f.code)
	if f.code == "exchanged_trigger_id" {
		return // the same click, delivered again: the modal is open
	}
	c.cfg.Log.WarnContext(ctx, "modal not opened", "action", what, "err", f)
	note, thread := noteNoModal, ""
	if i.Callback != "" {
		note = noteNoShortcut
	}
	if i.Message != nil {
		thread = i.Message.ThreadTS
	}
	c.whisper(cmp.Or(i.Container.ChannelID, i.Channel.ID), i.User.ID, thread, note)
}

// readWithin bounds what is read before a modal opens.
const readWithin = time.Second

// emptyForm makes the modal of a button that holds nothing of the case yet.
func (c *Client) emptyForm(action string, a about) (view sdk.ModalViewRequest, ok bool) {
	pack := c.cfg.Content()
	switch action {
	case actReply:
		return replyModal(a, c.maxInput(), ""), true
	case actMove:
		return moveModal(a, pack), true
	case actClose:
		return closeModal(a), true
	case actRefuse:
		return refuseModal(a), true
	case actCall, actMenu + " " + menuCall:
		return callModal(a), true
	case actMenu + " " + menuNext:
		return nextModal(a, &pack.City.Desk, c.cfg.Now()), true
	case actMenu + " " + menuSnooze:
		return snoozeModal(a, &pack.City.Desk, c.cfg.Now()), true
	case actMenu + " " + menuInvite:
		return inviteModal(a, pack), true
	case actMenu + " " + menuConsent:
		return consentModal(a), true
	case actMenu + " " + menuTemplate:
		return templateModal(a, pack), true
	case actMenu + " " + menuShow:
		return showModal(a, pack, c.cfg.Now(), "", ""), true
	}
	return view, false
}

// filledForm makes the modal of a button that begins from what is there.
func (c *Client) filledForm(ctx context.Context, action string, a about, cs desk.Case, user string) (sdk.ModalViewRequest, error) {
	ctx, cancel := context.WithTimeout(ctx, readWithin)
	defer cancel()
	switch action {
	case actUnveil:
		return within(ctx, c, func(ctx context.Context) (sdk.ModalViewRequest, error) { return c.unveil(ctx, a, cs) })
	case actMenu + " " + menuPerson:
		return within(ctx, c, func(ctx context.Context) (sdk.ModalViewRequest, error) { return c.personView(ctx, a, cs, user) })
	case actAgain:
		e, err := within(ctx, c, func(ctx context.Context) (desk.Entry, error) { return c.cfg.Store.Entry(ctx, a.Arg) })
		if err != nil {
			return sdk.ModalViewRequest{}, fmt.Errorf("read reply: %w", err)
		}
		if e.Case != cs.ID { // a button says both; only a made-up one says what does not fit
			return sdk.ModalViewRequest{}, errors.New("the reply is of another case")
		}
		return replyModal(a, c.maxInput(), e.Text), nil
	case actMenu + " " + menuMemo:
		return memoModal(a, cs), nil
	}
	return planModal(a, cs), nil
}

// maxInput is how long a reply in the modal may be, in characters. Slack takes
// 3,000; but what answers over a socket may have 20 KB, and the preview carries
// the words twice, at up to four bytes a character.
func (c *Client) maxInput() int {
	if c.cfg.AppToken != "" {
		return 2000
	}
	return 3000
}
