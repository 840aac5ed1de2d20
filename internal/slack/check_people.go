package slack

import (
	"context"
	"fmt"

	"github.com/tsunagu-chat/tsunagu/bot"
)

// checkDuty looks whether somebody reads each channel, and whether those who
// are called exist and read one.
func (c *Client) checkDuty(ctx context.Context, channels []string) []Finding {
	who, err := c.sdk.AuthTestContext(ctx)
	if err != nil {
		return nil // said already
	}
	var out []Finding
	seen := map[string]bool{}
	complete := true
	for _, channel := range channels {
		people, err := c.askMembers(ctx, channel)
		if err != nil {
			complete = false // the channel's own line says why
			continue
		}
		delete(people, who.UserID)
		for id := range people {
			seen[id] = true
		}
		f := Finding{OK: len(people) > 0, What: fmt.Sprintf("Slack channel %s: %d people are in it", channel, len(people))}
		if !f.OK {
			f.Mend = "invite the team: who is not in the channel sees no case and cannot answer"
		}
		out = append(out, f)
	}
	duty := c.cfg.Content().Duty
	for _, id := range append(duty.With(bot.RoleLead), duty.With(bot.RoleAdmin)...) {
		switch {
		case !isMember(id):
			out = append(out, Finding{What: fmt.Sprintf("duty.yaml: %q is no Slack member id", id), Mend: "in Slack: the person's profile → … → Copy member ID (U…)"})
		case complete && !seen[id]:
			out = append(out, Finding{What: "duty.yaml: " + id + " is in none of the channels", Mend: "invite this person, or take the line out of duty.yaml"})
		}
	}
	return out
}
