package lineapi

import (
	"encoding/hex"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (p *Platform) sendRoutes(add addRoute) {
	const m = "/v2/bot/message/"
	add("POST", m+"reply", route{endpoint: EndpointReply, body: bodyJSON, serve: p.serveReply})
	add("POST", m+"push", route{endpoint: EndpointPush, body: bodyJSON, retryKey: true, serve: p.servePush})
	add("POST", m+"multicast", route{endpoint: EndpointMulticast, body: bodyJSON, retryKey: true, serve: p.serveMulticast})
	add("POST", m+"narrowcast", route{endpoint: EndpointNarrowcast, body: bodyJSON, retryKey: true, serve: p.serveForbidden})
	add("POST", m+"broadcast", route{endpoint: EndpointBroadcast, body: bodyJSON, retryKey: true, serve: p.serveForbidden})
	for _, kind := range []string{"reply", "push", "multicast", "narrowcast", "broadcast"} {
		add("POST", m+"validate/"+kind, route{endpoint: EndpointValidate, body: bodyJSON, serve: p.serveValidate})
	}
}

// serveForbidden keeps a bot from writing to everybody by mistake: what this
// stand-in is for never broadcasts.
func (p *Platform) serveForbidden(*call) answer {
	return refuse(http.StatusForbidden, &APIError{Message: "Access to this API is not available for your account"})
}

func (p *Platform) serveValidate(c *call) answer {
	var check checker
	messages := check.messageList(c.root.get("messages"), c.raw)
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	if fault := unquotable(c.r.URL.Path, messages); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	return ok("{}")
}

// unquotable refuses quotes and mentions where LINE takes none: only replies
// and pushes carry them.
// https://developers.line.biz/en/docs/messaging-api/get-quote-tokens/
func unquotable(path string, messages []outgoing) *APIError {
	if strings.HasSuffix(path, "/reply") || strings.HasSuffix(path, "/push") {
		return nil
	}
	var details []Detail
	for i := range messages {
		prefix := "messages[" + strconv.Itoa(i) + "]."
		if messages[i].quoteToken != "" {
			details = append(details, Detail{"Quote tokens can't be used with this API", prefix + "quoteToken"})
		}
		if len(messages[i].mentions) > 0 {
			details = append(details, Detail{"Mentions can't be used with this API", prefix + "substitution"})
		}
	}
	if details == nil {
		return nil
	}
	return bodyErrors(details...)
}

// replyToken is one chance to answer for free.
type replyToken struct {
	chat     *chat
	issued   time.Time // the time of the event
	expires  time.Time // zero before the webhook was posted
	used     bool      // LINE takes a token away even when the message with it was refused
	replied  bool      // a reply with it got 200, and the caller was there to hear it
	replyFor string    // request that used it
}

// maxTokenAge is when even a redelivered token is dead.
// https://developers.line.biz/en/reference/messaging-api/#send-reply-message
const maxTokenAge = 20 * time.Minute

func (p *Platform) serveReply(c *call) answer {
	var check checker
	check.only(c.root, nil, "replyToken", "messages", "notificationDisabled")
	token := check.text(c.root, nil, "replyToken", textRule{required: true})
	check.boolean(c.root, nil, "notificationDisabled")
	messages := check.messageList(c.root.get("messages"), c.raw)
	fault := check.failure(c.raw)

	p.mu.Lock()
	defer p.unlockAndTell(c)
	t := p.replies[token]
	if t == nil || t.used || !p.now().Before(t.expires) {
		if fault != nil && token == "" {
			return refuse(http.StatusBadRequest, fault)
		}
		return p.refuseToken(t, token)
	}
	if fault != nil {
		// taichunmin.idv.tw/blog/2022-10-25-validate-message-objects-api.html:
		// the token is gone whether or not the reply was accepted.
		t.used = true
		return refuse(http.StatusBadRequest, fault)
	}
	t.used = true
	if t.chat.botGone {
		return p.unsendable(c, t.chat.id)
	}
	if a := p.fits(c, t.chat, messages); a.status != 0 {
		return a
	}
	t.replied, t.replyFor, c.token = true, c.requestID, t
	p.counters.Replies++
	t.chat.replies++
	p.remark(c, &check, messages)
	return p.put(c, t.chat, messages, ViaReply)
}

// refuseToken tells the three reasons apart for the record; LINE does not.
func (p *Platform) refuseToken(t *replyToken, token string) answer {
	a := decline(http.StatusBadRequest, "Invalid reply token")
	switch {
	case t != nil && t.replied:
		a.blame, a.detail = TokenReused, "the token was answered with 200 by request "+t.replyFor
	case t == nil && !p.ids.issuedReplyToken(token):
		a.blame, a.detail = TokenUnknown, "never issued here"
	case t == nil || !t.used:
		p.counters.ExpiredTokens++
	}
	return a
}

// unheard notes that the caller never learnt of its 200: to try the token
// again is then right, and no violation.
func (p *Platform) unheard(c *call) {
	if c.token == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	c.token.replied = false
}

func (p *Platform) servePush(c *call) answer {
	var check checker
	check.only(c.root, nil, "to", "messages", "notificationDisabled", "customAggregationUnits")
	to := check.text(c.root, nil, "to", textRule{required: true})
	messages := p.checkPush(&check, c)
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	if !validID(to, "UCR") {
		return invalidProperty("to")
	}
	p.mu.Lock()
	defer p.unlockAndTell(c)
	if a := p.repeated(c); a.status != 0 {
		return a
	}
	target := p.recipient(to)
	if target == nil {
		return p.unsendable(c, to)
	}
	if a := p.fits(c, target, messages); a.status != 0 {
		return a
	}
	if !p.quota.take(p.now(), target.counted()) {
		p.counters.QuotaExceeded++
		return decline(http.StatusTooManyRequests, quotaMessage)
	}
	p.counters.Pushes++
	target.pushes++
	p.remark(c, &check, messages)
	a := p.put(c, target, messages, ViaPush)
	p.remember(c, a.body)
	return a
}

func (p *Platform) serveMulticast(c *call) answer {
	var check checker
	check.only(c.root, nil, "to", "messages", "notificationDisabled", "customAggregationUnits")
	var to []string
	if list := check.array(c.root, nil, "to", true); list != nil {
		place := &at{key: "to"}
		check.size(list, place, 1, 500)
		for i := range list.items {
			if list.items[i].kind != kindString {
				check.mistyped(&list.items[i], &at{up: place, index: i})
				continue
			}
			to = append(to, list.items[i].str)
		}
	}
	messages := p.checkPush(&check, c)
	if fault := check.failure(c.raw); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	for i, id := range to {
		if !validUserID(id) {
			return badRequest("The property, to[" + strconv.Itoa(i) + "], in the request body is invalid (line: -, column: -)")
		}
	}
	if fault := unquotable(c.r.URL.Path, messages); fault != nil {
		return refuse(http.StatusBadRequest, fault)
	}
	p.mu.Lock()
	defer p.unlockAndTell(c)
	if a := p.repeated(c); a.status != 0 {
		return a
	}
	targets := p.targets(c, to)
	count := 0
	for _, target := range targets {
		count += target.counted()
	}
	if !p.quota.take(p.now(), count) {
		p.counters.QuotaExceeded++
		return decline(http.StatusTooManyRequests, quotaMessage)
	}
	p.counters.Multicasts++
	p.remark(c, &check, messages)
	for _, target := range targets {
		target.pushes++
		p.put(c, target, messages, ViaMulticast)
	}
	p.remember(c, nil)
	return ok("{}")
}

// targets finds the recipients of a multicast, each once. LINE answers 200
// although some may not exist.
func (p *Platform) targets(c *call, to []string) []*chat {
	seen := make(map[string]bool, len(to))
	var out []*chat
	for _, id := range to {
		if seen[id] {
			continue
		}
		seen[id] = true
		if target := p.recipient(id); target != nil {
			out = append(out, target)
			continue
		}
		p.counters.Undelivered++
		p.violation(c, UnknownRecipient, http.StatusOK, "multicast to "+id)
	}
	return out
}

func (p *Platform) checkPush(check *checker, c *call) []outgoing {
	check.boolean(c.root, nil, "notificationDisabled")
	if units := check.array(c.root, nil, "customAggregationUnits", false); units != nil {
		place := &at{key: "customAggregationUnits"}
		check.size(units, place, 0, 1)
		for i := range units.items {
			if u := &units.items[i]; u.kind != kindString || !aggregationUnit.MatchString(u.str) {
				check.bad(&at{up: place, index: i}, "invalid unit name")
			}
		}
	}
	return check.messageList(c.root.get("messages"), c.raw)
}

var aggregationUnit = regexp.MustCompile(`^[a-zA-Z0-9_]{1,30}$`)

func (p *Platform) unsendable(c *call, to string) answer {
	a := badRequest("Failed to send messages")
	a.blame, a.detail = UnknownRecipient, string(c.endpoint)+" to "+to
	return a
}

// fits checks what depends on the chat: quotes of this chat only, mentions of
// members only, no tracking of videos among several.
func (p *Platform) fits(c *call, target *chat, messages []outgoing) answer {
	for i := range messages {
		m := &messages[i]
		place := "messages[" + strconv.Itoa(i) + "]."
		if m.quoteToken != "" {
			if _, chatID, fine := p.ids.unseal("quote", m.quoteToken); !fine || chatID != target.id {
				return refuse(http.StatusBadRequest, bodyErrors(Detail{"Invalid quote token", place + "quoteToken"}))
			}
		}
		if target.kind != ChatUser && m.trackingID != "" {
			return refuse(http.StatusBadRequest, bodyErrors(Detail{"trackingId can't be used in a group chat or multi-person chat", place + "trackingId"}))
		}
		for _, who := range m.mentions {
			switch {
			case target.kind == ChatUser:
				return refuse(http.StatusBadRequest, bodyErrors(Detail{"Mentions can be used only in a group chat or multi-person chat", place + "substitution"}))
			case who != "all" && !slices.Contains(target.members, who):
				return p.unsendable(c, who)
			}
		}
	}
	return answer{}
}

// put shows accepted messages on a phone and makes the answer.
func (p *Platform) put(c *call, target *chat, messages []outgoing, via Via) answer {
	now := p.now()
	first := p.ids.messages(len(messages))
	body := make([]byte, 0, 48+150*len(messages))
	body = append(body, `{"sentMessages":[`...)
	arrives := target.reachable()
	if !arrives {
		p.counters.Undelivered++
	}
	for i := range messages {
		m := &messages[i]
		id := first + uint64(i)
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, `{"id":"`...)
		body = strconv.AppendUint(body, id, 10)
		if m.quotable() {
			body = append(body, `","quoteToken":"`...)
			body = append(body, p.ids.seal("quote", id, target.id)...)
		}
		body = append(body, `"}`...)
		if !arrives {
			continue
		}
		b := bubble{
			id: id, fromBot: true, via: via, at: now, kind: m.kind, text: m.text, raw: m.raw,
			requestID: c.requestID, retryKey: c.retry,
		}
		if m.quoteToken != "" {
			b.quotes, _, _ = p.ids.unseal("quote", m.quoteToken)
		}
		p.add(target, b)
		c.shown = append(c.shown, shown{target.id, m.text, now})
	}
	return answer{status: http.StatusOK, body: append(body, `]}`...)}
}

// remark records what LINE takes but nobody can want.
func (p *Platform) remark(c *call, check *checker, messages []outgoing) {
	if len(check.ignored) > 0 {
		p.violation(c, Ignored, http.StatusOK, strings.Join(check.ignored, ", "))
	}
	for i := range messages[:len(messages)-1] {
		if messages[i].quickReply {
			p.violation(c, Unseen, http.StatusOK, "messages["+strconv.Itoa(i)+"].quickReply")
		}
	}
}

// shown is a bubble the hook is still to be told of.
type shown struct {
	chatID string
	text   string
	at     time.Time
}

// unlockAndTell calls the hook outside the lock, so that it may ask the
// platform something.
func (p *Platform) unlockAndTell(c *call) {
	p.mu.Unlock()
	if p.cfg.OnBubble == nil {
		return
	}
	for _, s := range c.shown {
		p.cfg.OnBubble(s.chatID, s.text, s.at)
	}
}

// retryKey is a UUID.
type retryKey [16]byte

// retryLife is how long LINE remembers a retry key.
const retryLife = 24 * time.Hour

// acceptedRequest is what a retry key stands for.
type acceptedRequest struct {
	at        time.Time
	digest    uint64
	endpoint  Endpoint
	requestID string
	sent      string // JSON array of sent messages; empty for a multicast
}

func parseRetryKey(s string) retryKey {
	var k retryKey
	_, _ = hex.Decode(k[:], []byte(strings.ReplaceAll(s, "-", ""))) // its form was checked
	return k
}

// repeated answers 409 when the request was accepted before.
// https://developers.line.biz/en/reference/messaging-api/#retry-api-request
func (p *Platform) repeated(c *call) answer {
	if c.retry == "" {
		return answer{}
	}
	p.forgetRetryKeys()
	before := p.retryKeys[parseRetryKey(c.retry)]
	if before == nil {
		return answer{}
	}
	p.counters.Repeats++
	a := answer{status: http.StatusConflict, acceptedID: before.requestID, body: []byte(`{"message":"The retry key is already accepted"}`)}
	if before.sent != "" {
		a.body = []byte(`{"message":"The retry key is already accepted","sentMessages":` + before.sent + `}`)
	}
	if before.endpoint != c.endpoint || before.digest != c.root.digest(p.digest) {
		a.blame, a.detail = RetryKeyChanged, "first used by request "+before.requestID+" with another body"
	}
	return a
}

// remember keeps the key of an accepted request.
func (p *Platform) remember(c *call, body []byte) {
	if c.retry == "" {
		p.counters.WithoutKey++
		return
	}
	k := parseRetryKey(c.retry)
	entry := &acceptedRequest{at: p.now(), digest: c.root.digest(p.digest), endpoint: c.endpoint, requestID: c.requestID}
	if body != nil {
		entry.sent = strings.TrimSuffix(strings.TrimPrefix(string(body), `{"sentMessages":`), "}")
	}
	p.retryKeys[k] = entry
	p.retryQueue = append(p.retryQueue, k)
}

func (p *Platform) forgetRetryKeys() {
	limit := p.now().Add(-retryLife)
	for len(p.retryQueue) > 0 {
		k := p.retryQueue[0]
		if entry := p.retryKeys[k]; entry != nil && entry.at.After(limit) {
			return
		}
		delete(p.retryKeys, k)
		p.retryQueue = p.retryQueue[1:]
	}
}
