package slack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/tsunagu-chat/tsunagu/internal/reception"
)

// slashCommand is what Slack sends for /tsunagu.
// https://docs.slack.dev/interactivity/implementing-slash-commands
type slashCommand struct {
	Command     string `json:"command"`
	Text        string `json:"text"`
	User        string `json:"user_id"`
	Channel     string `json:"channel_id"`
	ResponseURL string `json:"response_url"`
}

// note is a message only the person who asked sees.
type note struct {
	Type string `json:"response_type"`
	Text string `json:"text"`
}

func toOne(text string) note { return note{Type: "ephemeral", Text: text} }

// command answers /tsunagu at once; what must be looked up is acknowledged at
// once, and answered when it is known (tsunagu.go).
func (c *Client) command(cmd slashCommand) answer {
	verb, rest, _ := strings.Cut(strings.TrimSpace(unescape(cmd.Text)), " ")
	verb = strings.ToLower(verb)
	if a, ok := c.verbs(verb); ok {
		return c.ask(cmd, a, rest)
	}
	text := helpText + moreHelp
	if verb != "" && verb != "help" && verb != "使い方" {
		text = noteNoCommand + "\n" + text
	}
	return say(toOne(text))
}

// findWithin bounds a search; a response_url lives thirty minutes.
const findWithin = 30 * time.Second

// findCase looks for a case by its number and says where its card is. People
// who are not in its channel learn only that.
func (c *Client) findCase(ctx context.Context, cmd slashCommand, number string) string {
	text, err := c.whereIs(ctx, cmd.User, number)
	switch {
	case err == nil:
		return text
	case errors.Is(err, reception.ErrNotFound):
		return escape(oneLine(number, 20)) + " の相談は見つかりませんでした。番号をもう一度確かめてください。"
	}
	c.cfg.Log.WarnContext(ctx, "search for a case failed", "err", err)
	return "いまはさがせませんでした。少し待って、もう一度ためしてください。"
}

func (c *Client) whereIs(ctx context.Context, user, number string) (string, error) {
	cs, err := c.cfg.Store.CaseByNumber(ctx, number)
	if err != nil {
		return "", fmt.Errorf("find case: %w", err)
	}
	channel := c.cfg.Channel(cs.Window, cs.Danger)
	ts, ok, err := c.cfg.Store.Post(ctx, reception.LetterCard, reception.CaseAt(cs.ID, channel))
	if err != nil {
		return "", fmt.Errorf("look for card: %w", err)
	}
	if !ok || ts == "" {
		return cs.Number() + " のカードは、まもなくチャンネルに出ます。", nil
	}
	in, err := c.inside(ctx, channel, user)
	if err != nil {
		return "", err
	}
	if !in {
		return cs.Number() + " の相談は、あなたが入っていないチャンネルにあります。", nil
	}
	link, err := c.sdk.GetPermalinkContext(ctx, &sdk.PermalinkParameters{Channel: channel, Ts: ts})
	if err != nil {
		return "", fmt.Errorf("read permalink: %w", sortError(err))
	}
	return fmt.Sprintf("*%s*　%s　担当：%s　<%s|カードを開く>",
		cs.Number(), escape(windowName(c.cfg.Content(), cs.Window)), escape(holder(cs)), link), nil
}

// respond answers through a response_url, once.
// https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (c *Client) respond(ctx context.Context, address, text string) {
	body, err := encode(toOne(text))
	if err == nil {
		err = c.postTo(ctx, address, body)
	}
	if err != nil {
		c.cfg.Count("response_url", "failed")
		c.cfg.Log.WarnContext(ctx, "answer to a command not shown", "err", err)
	}
}

func (c *Client) postTo(ctx context.Context, address string, body []byte) error {
	if !c.slacksOwn(address) {
		return errors.New("the response_url is not Slack's")
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the response_url is no address")
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	res, err := c.cfg.HTTP.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) { // whose address is a secret
			err = u.Err
		}
		return fmt.Errorf("post to response_url: %w", err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("response_url answered %d", res.StatusCode)
	}
	return nil
}

// slacksOwn reports whether an address belongs to Slack, or to the API that
// stands in for it.
func (c *Client) slacksOwn(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	if api, err := url.Parse(c.cfg.APIBase); err == nil && u.Scheme == api.Scheme && u.Host == api.Host {
		return true
	}
	return u.Scheme == "https" && (u.Hostname() == "slack.com" || strings.HasSuffix(u.Hostname(), ".slack.com"))
}
