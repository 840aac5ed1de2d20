package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// Finding is one line of doctor.
type Finding struct {
	OK   bool
	What string // what was looked at, and what was found
	Mend string // what to do, when not OK
}

// Scopes are the bot scopes this edge uses, as in deploy/slack-manifest.yaml.
func Scopes() []string {
	return []string{
		"channels:history", // message.channels; recognising our own posts
		"channels:read",    // whether the app is in its channels, and who else is
		"chat:write",       // cards, threads, notes
		"commands",         // /tsunagu
		"files:read",       // pictures and documents that staff send to residents
		"files:write",      // photos of residents, and taking them back
		"groups:history",   // the same for private channels
		"groups:read",      //
		"im:history",       // recognising after a time-out what the app said to one person
		"im:write",         // where that stands
		"users:read",       // staff's names, which residents see
	}
}

// Check asks Slack whether the app is set up, for doctor.
func (c *Client) Check(ctx context.Context) []Finding {
	who, err := c.sdk.AuthTestContext(ctx)
	if err != nil {
		f := sortError(err)
		what := mend(f.code)
		if what == "" {
			what = "check the network way to Slack, and SLACK_API_BASE"
		}
		return []Finding{{What: "Slack token: " + f.Error(), Mend: what}}
	}
	out := []Finding{{OK: true, What: fmt.Sprintf("Slack token: %s in workspace %s", who.User, who.Team)}}
	out = append(out, checkScopes(strings.Join(who.Header.Values("X-OAuth-Scopes"), ",")))
	channels := c.allChannels()
	if len(channels) == 0 {
		out = append(out, Finding{What: "Slack channels: none set", Mend: "set SLACK_DESK_CHANNEL"})
	}
	for _, channel := range channels {
		out = append(out, c.checkChannel(ctx, channel))
	}
	out = append(out, c.checkDuty(ctx, channels)...)
	if c.cfg.AppToken != "" {
		out = append(out, c.checkSocket(ctx))
	}
	return out
}

func checkScopes(header string) Finding {
	var granted, missing []string
	for s := range strings.SplitSeq(header, ",") {
		granted = append(granted, strings.TrimSpace(s))
	}
	for _, s := range Scopes() {
		if !slices.Contains(granted, s) {
			missing = append(missing, s)
		}
	}
	if len(missing) > 0 {
		return Finding{What: "Slack scopes: missing " + strings.Join(missing, ", "), Mend: mend("missing_scope")}
	}
	return Finding{OK: true, What: "Slack scopes: all there"}
}

func (c *Client) checkChannel(ctx context.Context, id string) Finding {
	ch, err := c.sdk.GetConversationInfoContext(ctx, &sdk.GetConversationInfoInput{ChannelID: id})
	switch {
	case err != nil:
		f := sortError(err)
		what := mend(f.code)
		if what == "" {
			what = "try again later"
		}
		return Finding{What: fmt.Sprintf("Slack channel %s: %s", id, f), Mend: what}
	case ch.IsArchived:
		return Finding{What: fmt.Sprintf("Slack channel %s (#%s): archived", id, ch.Name), Mend: mend("is_archived")}
	case !ch.IsMember:
		return Finding{What: fmt.Sprintf("Slack channel %s (#%s): the app is not in it", id, ch.Name), Mend: "in the channel, write /invite and the app's name"}
	case !ch.IsPrivate:
		return Finding{OK: true, What: fmt.Sprintf("Slack channel %s (#%s): the app is in it; everybody in the workspace can read it, a private channel is safer", id, ch.Name)}
	}
	return Finding{OK: true, What: fmt.Sprintf("Slack channel %s (#%s): the app is in it", id, ch.Name)}
}

// checkSocket asks for an address and does not use it.
func (c *Client) checkSocket(ctx context.Context) Finding {
	if _, _, err := c.sdk.StartSocketModeContext(ctx); err != nil {
		return Finding{
			What: "Slack Socket Mode: " + sortError(err).Error(),
			Mend: "set SLACK_APP_TOKEN to an app-level token with connections:write, and switch Socket Mode on",
		}
	}
	return Finding{OK: true, What: "Slack Socket Mode: the app-level token works"}
}

// allChannels lists the channels of the desk, of danger, and of all windows.
func (c *Client) allChannels() []string {
	pack := c.cfg.Content()
	var out []string
	add := func(window, danger string) {
		if ch := c.cfg.Channel(window, danger); ch != "" && !slices.Contains(out, ch) {
			out = append(out, ch)
		}
	}
	add("", "")
	add("", "danger")
	add(reception.LearningTeam, "")
	for _, w := range pack.Windows {
		if w.People {
			add(w.ID, "")
		}
	}
	for _, d := range pack.Dangers {
		add(d.Window, d.Kind)
	}
	return out
}
