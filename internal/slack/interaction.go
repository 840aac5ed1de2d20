package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
)

// The buttons of a card, by action_id.
const (
	actTake    = "take"
	actRelease = "release"
	actReply   = "reply"
	actMove    = "move"
	actClose   = "close"
)

// about is what a button or modal knows of its case, so that nothing has to be
// looked up before Slack gets its answer.
type about struct {
	Case     string `json:"case"`
	Resident string `json:"resident"`
	Window   string `json:"window,omitempty"`
	Lang     string `json:"lang,omitempty"`
	Number   string `json:"number,omitempty"`
}

func (a about) valid() bool { return a.Case != "" && a.Resident != "" }

// interaction is what Slack sends when somebody presses or submits something.
// https://docs.slack.dev/reference/interaction-payloads
type interaction struct {
	Type      string `json:"type"`
	TriggerID string `json:"trigger_id"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	Container struct {
		MessageTS string `json:"message_ts"`
		ChannelID string `json:"channel_id"`
		ThreadTS  string `json:"thread_ts"`
	} `json:"container"`
	Actions []struct {
		ActionID string `json:"action_id"`
		Value    string `json:"value"`
		ActionTS string `json:"action_ts"`
	} `json:"actions"`
	View struct {
		ID       string `json:"id"`
		RootID   string `json:"root_view_id"`
		Callback string `json:"callback_id"`
		Metadata string `json:"private_metadata"`
		State    struct {
			Values map[string]map[string]entered `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// entered is what a person put into one input.
type entered struct {
	Value    string `json:"value"` // null when nothing
	Selected *struct {
		Value string `json:"value"`
	} `json:"selected_option"`
}

// typed returns what was written or chosen in an input; its block and action
// have the same id.
func (i *interaction) typed(id string) string {
	e := i.View.State.Values[id][id]
	if e.Selected != nil {
		return e.Selected.Value
	}
	return e.Value
}

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
	case "view_submission":
		return c.submit(ctx, &i)
	}
	return fine
}

// click takes a button of a card.
func (c *Client) click(ctx context.Context, i *interaction) answer {
	action := i.Actions[0]
	if ofLesson(action.ActionID) {
		return c.clickLesson(ctx, i)
	}
	var do desk.Action
	switch action.ActionID {
	case actTake:
		do = desk.Take{}
	case actRelease:
		do = desk.Release{}
	case actReply, actMove, actClose:
	default:
		return fine // not ours, or of a card from another time
	}
	var a about
	if err := json.Unmarshal([]byte(action.Value), &a); err != nil || !a.valid() {
		c.cfg.Count("click", "stale")
		c.whisper(i.Container.ChannelID, i.User.ID, "", noteStale)
		return fine
	}
	if do == nil {
		c.open(ctx, i, action.ActionID, a)
		return fine
	}
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

// openWithin leaves time for Slack's own answer: a trigger lives three seconds.
// https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
const openWithin = 2 * time.Second

// open shows a modal at once; nothing is read before.
func (c *Client) open(ctx context.Context, i *interaction, action string, a about) {
	var view sdk.ModalViewRequest
	switch action {
	case actReply:
		view = replyModal(a, c.maxInput())
	case actMove:
		view = moveModal(a, c.cfg.Content())
	case actClose:
		view = closeModal(a)
	}
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
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
	c.cfg.Log.WarnContext(ctx, "modal not opened", "action", action, "err", f)
	c.whisper(i.Container.ChannelID, i.User.ID, "", noteNoModal)
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

// submit takes a modal.
func (c *Client) submit(ctx context.Context, i *interaction) answer {
	kind, _, _ := strings.Cut(i.View.Callback, " ")
	if kind == viewPreview {
		return c.sendReply(ctx, i)
	}
	if kind == viewLesson {
		return c.submitLesson(ctx, i)
	}
	var a about
	if err := json.Unmarshal([]byte(i.View.Metadata), &a); err != nil || !a.valid() {
		return fine // not ours; Slack closes it
	}
	switch kind {
	case viewReply:
		return c.preview(ctx, i, a)
	case viewMove:
		window := i.typed(inputWindow)
		if c.cfg.Content().Window(window) == nil {
			return complain(inputWindow, noteNoWindow)
		}
		move := desk.MoveTo{Window: window, Why: strings.TrimSpace(clean(i.typed(inputWhy)))}
		return c.submitted(ctx, i, a, move, complain(inputWindow, noteSubmit))
	case viewClose:
		end := desk.Close{Outcome: i.typed(inputOutcome)}
		if end.Outcome == "" {
			return complain(inputOutcome, noteNoReason)
		}
		return c.submitted(ctx, i, a, end, complain(inputOutcome, noteSubmit))
	}
	return fine
}

// preview shows exactly what the resident will get, before it is sent.
func (c *Client) preview(ctx context.Context, i *interaction, a about) answer {
	words := strings.TrimSpace(clean(i.typed(inputText)))
	switch {
	case blank(words):
		return complain(inputText, noteEmpty)
	case len([]rune(words)) > maxMetadata:
		return complain(inputText, noteTooLong)
	}
	view, err := previewModal(a, words, c.name(ctx, i.User.ID), "")
	if err != nil {
		c.cfg.Log.ErrorContext(ctx, "preview not made", "case", a.Case, "err", err)
		return complain(inputText, noteSubmit)
	}
	return say(sdk.NewPushViewSubmissionResponse(&view))
}

// sendReply makes the previewed reply durable and closes the modals. When that
// fails the preview stays, with the words in it.
func (c *Client) sendReply(ctx context.Context, i *interaction) answer {
	a, err := previewed(i.View.Callback)
	if err != nil {
		c.cfg.Log.ErrorContext(ctx, "preview not read", "err", err)
		return answer{status: 500}
	}
	words := i.View.Metadata
	view, err := previewModal(a, words, c.name(ctx, i.User.ID), noteSubmit)
	if err != nil {
		return answer{status: 500}
	}
	again := say(sdk.NewUpdateViewSubmissionResponse(&view))
	return c.submitted(ctx, i, a, desk.Reply{Text: words}, again)
}

// submitted makes what a modal says durable. The key is of the modal and what
// it says: submitted twice, also through a second preview, it acts once; said
// differently after an unclear failure, it acts again.
func (c *Client) submitted(ctx context.Context, i *interaction, a about, do desk.Action, failed answer) answer {
	root := i.View.RootID
	if root == "" {
		root = i.View.ID
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%T %+v", do, do))
	key := "slack:view:" + root + ":" + hex.EncodeToString(sum[:8])
	cmd := desk.Command{
		ID: strings.TrimPrefix(key, "slack:"), Case: a.Case, By: c.staff(ctx, i.User.ID),
		At: c.cfg.Now(), Action: do,
	}
	if err := c.order(ctx, key, a.Resident, cmd); err != nil {
		return failed
	}
	return say(sdk.NewClearViewSubmissionResponse())
}

// complain shows an error under an input.
func complain(block, text string) answer {
	return say(sdk.NewErrorsViewSubmissionResponse(map[string]string{block: text}))
}
