package lineapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

func (p *Platform) accountRoutes(add addRoute) {
	add("GET", "/v2/bot/message/quota", route{endpoint: EndpointQuota, serve: p.serveQuota})
	add("GET", "/v2/bot/message/quota/consumption", route{endpoint: EndpointConsumption, serve: p.serveConsumption})
	add("GET", "/v2/bot/info", route{endpoint: EndpointInfo, serve: p.serveInfo})
	add("GET", "/v2/bot/profile/{userId}", route{endpoint: EndpointProfile, serve: p.serveProfile})
	// Only verified and premium accounts may ask for all followers.
	add("GET", "/v2/bot/followers/ids", route{endpoint: EndpointFollowers, serve: p.serveForbidden})
	add("GET", "/v2/bot/channel/webhook/endpoint", route{endpoint: EndpointWebhookGet, serve: p.serveWebhookGet})
	add("PUT", "/v2/bot/channel/webhook/endpoint", route{endpoint: EndpointWebhookPut, body: bodyJSON, serve: p.serveWebhookPut})
	add("POST", "/v2/bot/channel/webhook/test", route{endpoint: EndpointWebhookTest, body: bodyJSON, serve: p.serveWebhookTest})
	add("POST", "/v2/bot/user/{userId}/linkToken", route{endpoint: EndpointLinkToken, serve: p.serveLinkToken})
}

func (p *Platform) serveInfo(*call) answer {
	read := "auto"
	if p.cfg.ChatMode == "chat" {
		read = "manual"
	}
	return okJSON(struct {
		UserID         string `json:"userId"`
		BasicID        string `json:"basicId"`
		DisplayName    string `json:"displayName"`
		ChatMode       string `json:"chatMode"`
		MarkAsReadMode string `json:"markAsReadMode"`
	}{p.cfg.BotUserID, "@" + p.cfg.BotUserID[1:9], p.cfg.BotName, p.cfg.ChatMode, read})
}

type profileAnswer struct {
	DisplayName   string `json:"displayName"`
	UserID        string `json:"userId"`
	Language      string `json:"language,omitempty"`
	PictureURL    string `json:"pictureUrl,omitempty"`
	StatusMessage string `json:"statusMessage,omitempty"`
}

func (u User) answer() answer {
	return okJSON(profileAnswer{u.Name, u.ID, u.Language, u.PictureURL, u.StatusMessage})
}

// serveProfile knows friends only; somebody who blocked the account is not
// found, and the caller cannot tell why.
func (p *Platform) serveProfile(c *call) answer {
	id := c.r.PathValue("userId")
	if !validUserID(id) {
		return invalidParameter("userId")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	person := p.recipient(id)
	if person == nil || !person.reachable() {
		return decline(http.StatusNotFound, "Not found")
	}
	return person.profile.answer()
}

func (p *Platform) serveWebhookGet(*call) answer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.webhook == "" {
		return decline(http.StatusNotFound, "Webhook endpoint not found")
	}
	return okJSON(struct {
		Endpoint string `json:"endpoint"`
		Active   bool   `json:"active"`
	}{p.webhook, true})
}

func (p *Platform) serveWebhookPut(c *call) answer {
	var check checker
	check.only(c.root, nil, "endpoint")
	endpoint := check.text(c.root, nil, "endpoint", textRule{required: true})
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	if !validWebhook(endpoint) {
		return badRequest("Invalid webhook endpoint URL")
	}
	p.SetWebhook(endpoint)
	return ok("{}")
}

// validWebhook wants https as LINE does, but lets a product on loopback, where
// nobody has a certificate, use http.
func validWebhook(s string) bool {
	u, err := url.Parse(s)
	if err != nil || len(s) > 500 || u.Hostname() == "" {
		return false
	}
	switch u.Hostname() {
	case "localhost", "127.0.0.1", "::1":
		return u.Scheme == "http" || u.Scheme == "https"
	}
	return u.Scheme == "https"
}

// serveWebhookTest posts a webhook without events.
// https://developers.line.biz/en/reference/messaging-api/#test-webhook-endpoint
func (p *Platform) serveWebhookTest(c *call) answer {
	var check checker
	check.only(c.root, nil, "endpoint")
	target := check.text(c.root, nil, "endpoint", textRule{})
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	if target == "" {
		p.mu.Lock()
		target = p.webhook
		p.mu.Unlock()
		if target == "" {
			return decline(http.StatusNotFound, "Webhook endpoint not found")
		}
	}
	if !validWebhook(target) {
		return badRequest("Invalid webhook endpoint URL")
	}
	body := p.encodeWebhook(nil, false)
	r := p.post(context.WithoutCancel(c.r.Context()), target, body, p.Sign(body))
	out := struct {
		Success    bool   `json:"success"`
		Timestamp  string `json:"timestamp"`
		StatusCode int    `json:"statusCode"`
		Reason     string `json:"reason"`
		Detail     string `json:"detail"`
	}{r.OK(), p.now().UTC().Format("2006-01-02T15:04:05.000Z"), r.Status, "OK", strconv.Itoa(r.Status)}
	if !out.Success {
		out.Reason = strings.ToUpper(r.Reason)
	}
	if r.Status == 0 {
		out.Detail = strings.ReplaceAll(r.Reason, "_", " ")
	}
	return okJSON(out)
}

// linkToken starts an account link; it lives ten minutes and works once.
type linkToken struct {
	user    string
	expires time.Time
}

const linkTokenLife = 10 * time.Minute

func (p *Platform) serveLinkToken(c *call) answer {
	id := c.r.PathValue("userId")
	if !validUserID(id) {
		return invalidParameter("userId")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if person := p.recipient(id); person == nil || !person.reachable() {
		return decline(http.StatusNotFound, "Not found")
	}
	for token, l := range p.links { // a handful at most
		if !p.now().Before(l.expires) {
			delete(p.links, token)
		}
	}
	token := p.ids.hex32()
	p.links[token] = linkToken{id, p.now().Add(linkTokenLife)}
	return okJSON(struct {
		LinkToken string `json:"linkToken"`
	}{token})
}

// LinkAccount is a person who followed the link with the token and comes back
// from the product's own page with its nonce: the account link event follows.
// https://developers.line.biz/en/docs/messaging-api/linking-accounts/
func (p *Platform) LinkAccount(ctx context.Context, token, nonce string) (Receipt, error) {
	if len(nonce) < 10 || len(nonce) > 255 {
		return Receipt{}, fmt.Errorf("lineapi: link an account: a nonce has 10 to 255 characters, not %d", len(nonce))
	}
	p.mu.Lock()
	l, found := p.links[token]
	delete(p.links, token)
	alive := found && p.now().Before(l.expires)
	p.mu.Unlock()
	if !alive {
		return Receipt{}, errors.New("lineapi: link an account: the link token is unknown, used or expired")
	}
	return p.Deliver(ctx, p.AccountLink(Person(l.user), nonce, true))
}
