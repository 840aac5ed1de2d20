package slack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"syscall"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/mailbox"
)

// Why a letter to Slack can never be brought.
const (
	goneRefused = "refused" // Slack does not accept it as it is
	goneLost    = "lost"    // the file is not there any more
	goneNoCard  = "no card" // the thread it belongs to never came to be
	goneUnread  = "unread"  // the case cannot be read any more
)

// failure is what Slack, or the way to it, answered.
type failure struct {
	code        string        // Slack's word, or what stood in its place
	after       time.Duration // Slack asks to wait this long
	answered    bool          // Slack said no: nothing was done
	nothingSent bool          // the request surely did not reach Slack
	err         error
}

func (f *failure) Error() string {
	if f.answered {
		return "Slack answered " + f.code
	}
	return "Slack not reached: " + f.err.Error()
}

func (f *failure) Unwrap() error { return f.err }

// sortError sorts an error of the SDK. Its words are Slack's own, never a
// resident's.
func sortError(err error) *failure {
	f := &failure{code: "unreached", err: err}
	var limited *sdk.RateLimitedError
	var status sdk.StatusCodeError
	var said sdk.SlackErrorResponse
	var op *net.OpError
	switch {
	case errors.As(err, &limited):
		f.code, f.answered, f.after = "ratelimited", true, max(limited.RetryAfter, time.Second)
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		f.code, f.answered, f.after = "ratelimited", true, 30*time.Second
	case errors.As(err, &status):
		f.code = fmt.Sprintf("status %d", status.Code)
	case errors.As(err, &said):
		f.code, f.answered = said.Err, true
		if f.code == "ratelimited" || f.code == "rate_limited" {
			f.after = 30 * time.Second
		}
	case errors.Is(err, syscall.ECONNREFUSED), errors.As(err, &op) && op.Op == "dial":
		f.nothingSent = true
	case errors.Is(err, context.DeadlineExceeded):
		f.code = "timeout"
	}
	return f
}

// trying is how surely earlier tries of a letter did nothing.
type trying struct {
	doubt bool // an earlier try may have succeeded unseen
	sure  bool // it is sent anew even where it seems to stand there already
}

// mend says what an operator must do about an answer of Slack. The letter waits.
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
func mend(code string) string {
	switch code {
	case "channel_not_found":
		return "check the channel ids in SLACK_CHANNELS, SLACK_DESK_CHANNEL and SLACK_URGENT_CHANNEL, and invite the app to private channels"
	case "not_in_channel":
		return "invite the app to the channel"
	case "is_archived", "is_inactive":
		return "unarchive the channel, or set another one"
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive", "not_allowed_token_type":
		return "set SLACK_BOT_TOKEN to the bot token of the installed app"
	case "missing_scope", "no_permission":
		return "install the app again from deploy/slack-manifest.yaml"
	case "access_denied", "ekm_access_denied", "org_login_required", "team_access_not_granted", "accesslimited",
		"restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "message_limit_exceeded":
		return "ask an administrator of the Slack workspace to allow the app to write there"
	}
	return ""
}

// final are answers about a message that will be the same for ever.
func final(code string) bool {
	return slices.Contains([]string{
		"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "invalid_arg_name", "invalid_array_arg",
		"invalid_charset", "invalid_form_data", "invalid_json", "invalid_post_type", "invalid_metadata_format",
		"invalid_metadata_schema", "metadata_too_large", "metadata_must_be_sent_from_app", "invalid_attachments",
		"too_many_attachments", "msg_too_long", "msg_blocks_too_long", "no_text", "block_mismatch",
		"cant_update_message", "edit_window_closed", "thread_not_found", "cannot_reply_to_message", "user_not_found",
		"user_not_in_channel", "messages_tab_disabled", "cannot_dm_bot", "file_not_found", "blocked_file_type",
		"file_upload_size_restricted", "files_too_large", "invalid_channel", "malware_detected",
	}, code)
}

// unclearAnswer are answers after which the work may have been done all the same.
func unclearAnswer(code string) bool {
	return slices.Contains([]string{"internal_error", "fatal_error", "request_timeout", "service_unavailable"}, code)
}

// maxUnknown is how often a letter is tried that Slack refuses with a word
// nobody knows: some pass, but a channel must not wait for one letter for ever.
const maxUnknown = 8

// trouble says what an error means for a letter.
func (c *Client) trouble(ctx context.Context, method string, err error, l mailbox.Letter, t trying) error {
	f := sortError(err)
	c.didNot(ctx, method, f)
	switch {
	case f.after > 0:
		c.slower(method, channelOf(l.Subject), f.after)
		// Slack limits updates apart from posts: these go on.
		return &mailbox.RetryError{After: f.after, Clear: !t.doubt, Pause: true, Yields: method == "chat.update", Err: f}
	case !f.answered:
		// While Slack is away no letter grows too old for it.
		return &mailbox.RetryError{Clear: f.nothingSent && !t.doubt, Pause: c.Away(), Err: f}
	case mend(f.code) != "":
		c.cfg.Count("operator", f.code)
		c.cfg.Log.ErrorContext(ctx, "Slack does not let the app work; letters wait until this is mended",
			"method", method, "lane", l.Lane, "answer", f.code, "mend", mend(f.code))
		return &mailbox.RetryError{After: time.Minute, Clear: !t.doubt, Pause: true, Err: f}
	case unclearAnswer(f.code):
		return &mailbox.RetryError{Pause: c.Away(), Err: f}
	case final(f.code), l.Tries >= maxUnknown:
		c.cfg.Count("gone", goneRefused)
		c.cfg.Log.ErrorContext(ctx, "Slack refuses a message", "method", method, "letter", l.ID, "answer", f.code)
		return &mailbox.GoneError{Reason: goneRefused, Err: f}
	}
	return &mailbox.RetryError{Clear: !t.doubt, Err: f}
}
