package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/desk"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// submit takes a modal.
func (c *Client) submit(ctx context.Context, i *interaction) answer {
	kind, _, _ := strings.Cut(i.View.Callback, " ")
	switch kind {
	case viewSearch:
		return c.searched(ctx, i)
	case viewByHand:
		return c.ofStaff(ctx, i, c.known, c.begunByHand)
	case viewLesson:
		return c.ofStaff(ctx, i, c.learns, c.submitLesson)
	}
	var a about
	preview := strings.HasPrefix(kind, viewPreview)
	if preview {
		var err error
		if a, _, err = previewed(i.View.Callback, i.View.Metadata); err != nil {
			return c.unreadPreview(ctx, err)
		}
	} else if err := json.Unmarshal([]byte(i.View.Metadata), &a); err != nil || !a.valid() {
		return fine // not ours; Slack closes it
	}
	if refused := c.outside(ctx, i, kind, a); refused.status != 0 {
		return refused
	}
	if preview {
		return c.sendReply(ctx, i)
	}
	if do, wrong := c.filled(i, kind); do != nil {
		if r, ok := do.(desk.Reply); ok {
			r.Text = c.form(bot.Lang(a.Lang), r.Text)
			do = r
		}
		return c.submitted(ctx, i, a, do, wrong)
	} else if wrong.body != nil {
		return wrong
	}
	switch kind {
	case viewReply:
		return c.preview(ctx, i, a)
	case viewPerson:
		return c.askPerson(ctx, i, a)
	case viewTemplate:
		return c.fillTemplate(ctx, i, a)
	case viewMove:
		window := i.typed(inputWindow)
		if c.cfg.Content().Window(window) == nil {
			return complain(inputWindow, noteNoWindow)
		}
		move := desk.MoveTo{Window: window, Why: i.written(inputWhy), When: i.written(inputWhen)}
		return c.submitted(ctx, i, a, move, complain(inputWindow, noteSubmit))
	case viewClose:
		end := desk.Close{Outcome: i.typed(inputOutcome), Where: i.written(inputWhere)}
		switch {
		case !slices.ContainsFunc(outcomes(), func(o outcome) bool { return o.value == end.Outcome }):
			return complain(inputOutcome, noteNoReason)
		case end.Outcome == desk.Connected && end.Where == "", end.Outcome == desk.Elsewhere && end.Where == "":
			return complain(inputWhere, noteNoWhere)
		}
		return c.submitted(ctx, i, a, end, complain(inputOutcome, noteSubmit))
	}
	return fine
}

// ofStaff lets only those submit of whom in is true.
func (c *Client) ofStaff(ctx context.Context, i *interaction, in func(context.Context, string) (bool, error), do func(context.Context, *interaction) answer) answer {
	switch ok, err := in(ctx, i.User.ID); {
	case err != nil:
		return keepModal(i, noteUnknown)
	case !ok:
		c.cfg.Count("submit", "stranger")
		return notice(noteStranger)
	}
	return do(ctx, i)
}

// outside is why a person may not submit a modal of this case; nothing when
// they may. The words stay, as long as the person is staff: they may be needed
// elsewhere.
func (c *Client) outside(ctx context.Context, i *interaction, kind string, a about) answer {
	_, in, err := c.theirs(ctx, i.User.ID, a.Case, kind)
	switch {
	case errors.Is(err, reception.ErrNotFound):
		return notice(noteErased)
	case errors.Is(err, errCaseUnread):
		c.cfg.Log.ErrorContext(ctx, "case of a modal not read", "err", err)
		return c.keepWords(ctx, i, noteSubmit)
	case err != nil:
		return c.keepWords(ctx, i, noteUnknown)
	case in:
		return answer{}
	}
	c.cfg.Count("submit", "stranger")
	switch staff, err := c.known(ctx, i.User.ID); {
	case err != nil:
		return c.keepWords(ctx, i, noteUnknown)
	case staff:
		return c.keepWords(ctx, i, noteElsewhere)
	}
	return notice(noteStranger)
}

// keepWords says why nothing is sent, in the modal or preview with its words.
func (c *Client) keepWords(ctx context.Context, i *interaction, why string) answer {
	if !strings.HasPrefix(i.View.Callback, viewPreview) {
		return keepModal(i, why)
	}
	a, d, err := previewed(i.View.Callback, i.View.Metadata)
	if err != nil {
		return notDurable
	}
	view, err := previewModal(a, d, c.name(ctx, i.User.ID), why, nil)
	if err != nil {
		return notDurable
	}
	return say(sdk.NewUpdateViewSubmissionResponse(&view))
}

// preview shows exactly what the resident will get, in their form, before it
// is sent.
func (c *Client) preview(ctx context.Context, i *interaction, a about) answer {
	words := i.written(inputText)
	d := draft{Words: c.form(bot.Lang(a.Lang), words)}
	for _, f := range i.View.State.Values[inputFiles][inputFiles].Files {
		d.Files = append(d.Files, f.file())
	}
	switch {
	case blank(words) && len(d.Files) == 0:
		return complain(inputText, noteEmpty)
	case !d.fits():
		return complain(inputText, noteTooLong)
	}
	// What is longest goes first: advice, then the reply itself.
	for _, hints := range [][]string{c.hints(bot.Lang(a.Lang), words), nil} {
		view, err := previewModal(a, d, c.name(ctx, i.User.ID), "", hints)
		if err != nil {
			c.cfg.Log.ErrorContext(ctx, "preview not made", "case", a.Case, "err", err)
			return complain(inputText, noteSubmit)
		}
		if answer := say(sdk.NewPushViewSubmissionResponse(&view)); c.cfg.AppToken == "" || len(answer.body) < maxSocketAnswer {
			return answer
		}
	}
	return complain(inputText, noteTooLong)
}

// maxSocketAnswer is what an answer over a socket may hold, in bytes: Slack
// takes 20 KB, envelope included.
const maxSocketAnswer = 20<<10 - 200

// form is what this resident gets of what staff wrote.
func (c *Client) form(l bot.Lang, words string) string {
	if c.cfg.ForReader == nil || blank(words) {
		return words
	}
	return c.cfg.ForReader(l, words)
}

// hints say what could be written more plainly.
func (c *Client) hints(l bot.Lang, words string) []string {
	if c.cfg.Hint == nil || blank(words) {
		return nil
	}
	return c.cfg.Hint(l, words)
}

// sendReply makes the previewed reply durable and closes the modals. When that
// fails the preview stays, with the words in it.
func (c *Client) sendReply(ctx context.Context, i *interaction) answer {
	a, d, err := previewed(i.View.Callback, i.View.Metadata)
	if err != nil {
		return c.unreadPreview(ctx, err)
	}
	return c.submitted(ctx, i, a, desk.Reply{Text: d.Words, Files: d.Files}, c.keepWords(ctx, i, noteSubmit))
}

// unreadPreview says that a preview's words cannot be found: trying again would
// find them no better.
func (c *Client) unreadPreview(ctx context.Context, err error) answer {
	c.cfg.Count("submit", "unread")
	c.cfg.Log.ErrorContext(ctx, "preview not read", "err", err)
	return notice(noteNoPreview)
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

// keepModal says why a modal cannot be taken now and keeps the words in it.
// Where it has no input to stand under, Slack itself asks to try again.
func keepModal(i *interaction, text string) answer {
	blocks := slices.Sorted(maps.Keys(i.View.State.Values))
	if len(blocks) == 0 {
		return notDurable
	}
	return complain(blocks[0], text)
}

// notice takes the place of a modal whose words cannot be taken.
func notice(text string) answer {
	view := sdk.ModalViewRequest{
		Type: sdk.VTModal, Title: plainText("つなぐ"), Close: plainText("閉じる"), Blocks: sdk.Blocks{BlockSet: []sdk.Block{section(text)}},
	}
	return say(sdk.NewUpdateViewSubmissionResponse(&view))
}

// complain shows an error under an input.
func complain(block, text string) answer {
	return say(sdk.NewErrorsViewSubmissionResponse(map[string]string{block: text}))
}
