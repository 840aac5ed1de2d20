package line

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/line/line-bot-sdk-go/v8/linebot/messaging_api"
)

// Finding is one line of doctor.
type Finding struct {
	OK   bool
	What string // what was looked at, and what was found
	Mend string // what to do, when not OK
}

// Check asks LINE whether the channel is set up: the token, the webhook's
// address as LINE knows it and reaches it, what is left of the month, and the
// difference of the clocks. It sends nothing to residents.
func (c *Client) Check(ctx context.Context, public string) []Finding {
	api, err := c.api(ctx)
	if err != nil {
		return []Finding{{What: "LINE: " + err.Error(), Mend: "check LINE_API_BASE"}}
	}
	res, bot, err := api.GetBotInfoWithHttpInfo()
	if err != nil {
		return []Finding{{What: "LINE token: " + read(res, err).Error(), Mend: "issue a new channel access token in the LINE Developers console and set LINE_CHANNEL_TOKEN"}}
	}
	out := []Finding{{OK: true, What: fmt.Sprintf("LINE token: %s (%s)", bot.DisplayName, bot.BasicId)}}
	out = append(out, c.checkClock(res), c.checkWebhook(api, public), c.checkQuota(api))
	return out
}

// checkClock compares our clock with the Date of LINE's answer.
func (c *Client) checkClock(res *http.Response) Finding {
	theirs, err := http.ParseTime(res.Header.Get("Date"))
	if err != nil {
		return Finding{OK: true, What: "clock: LINE's answer has no date to compare with"}
	}
	off := c.cfg.Now().Sub(theirs).Round(time.Second)
	return Finding{
		OK: off.Abs() < 30*time.Second, What: fmt.Sprintf("clock: %v from LINE's", off),
		Mend: "set the machine's clock (NTP); signatures and reply tokens depend on it",
	}
}

func (c *Client) checkWebhook(api *messaging_api.MessagingApiAPI, public string) Finding {
	want := strings.TrimSuffix(public, "/") + "/line/webhook"
	res, got, err := api.GetWebhookEndpointWithHttpInfo()
	if err != nil {
		return Finding{What: "LINE webhook: " + read(res, err).Error(), Mend: "set the webhook URL to " + want + " in the LINE Developers console"}
	}
	switch {
	case public == "":
		return Finding{What: "LINE webhook: PUBLIC_URL is not set, so its address cannot be compared with " + got.Endpoint, Mend: "set PUBLIC_URL"}
	case got.Endpoint != want:
		return Finding{What: "LINE webhook: LINE sends to " + got.Endpoint, Mend: "set it to " + want + " in the LINE Developers console"}
	case !got.Active:
		return Finding{What: "LINE webhook: switched off", Mend: "switch \"Use webhook\" on in the LINE Developers console"}
	}
	res, test, err := api.TestWebhookEndpointWithHttpInfo(&messaging_api.TestWebhookEndpointRequest{})
	if err != nil {
		return Finding{What: "LINE webhook: the test could not be made: " + read(res, err).Error(), Mend: "try again in a minute"}
	}
	return Finding{
		OK: test.Success, What: fmt.Sprintf("LINE webhook: %s answers %d %s", got.Endpoint, test.StatusCode, test.Reason),
		Mend: "start tsunagu serve, and check that " + want + " reaches it from outside",
	}
}

func (c *Client) checkQuota(api *messaging_api.MessagingApiAPI) Finding {
	res, quota, err := api.GetMessageQuotaWithHttpInfo()
	if err != nil {
		return Finding{What: "LINE quota: " + read(res, err).Error(), Mend: "try again in a minute"}
	}
	if quota.Type != messaging_api.QuotaType_LIMITED {
		return Finding{OK: true, What: "LINE quota: no limit"}
	}
	res, used, err := api.GetMessageQuotaConsumptionWithHttpInfo()
	if err != nil {
		return Finding{What: "LINE quota: " + read(res, err).Error(), Mend: "try again in a minute"}
	}
	return Finding{
		OK: used.TotalUsage*10 < quota.Value*9, What: "LINE quota: " + strconv.FormatInt(used.TotalUsage, 10) + " of " + strconv.FormatInt(quota.Value, 10) + " pushes this month",
		Mend: "staff answers that come after the reply token died are pushes: book a larger plan before they run out",
	}
}
