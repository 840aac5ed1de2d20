package lineapi

import (
	"cmp"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// Config is one channel of LINE. Only the secret and the token are required.
type Config struct {
	ChannelSecret string // signs the webhooks; required
	ChannelToken  string // what callers must bring as bearer; required

	WebhookURL string // where events go; may be set later, also through the API
	BotUserID  string // "destination" of webhooks; empty means one made from Seed
	BotName    string // empty means "Stand-in"
	ChatMode   string // "bot" or "chat", as in the Official Account Manager; empty means "bot"

	Now  func() time.Time // nil means time.Now
	Seed uint64           // ids, tokens and chance come from it
	HTTP *http.Client     // posts the webhooks; nil means one of our own
	Log  *slog.Logger     // nil means silence

	ReplyTokenLife time.Duration // from the delivery of the webhook; 0 means 60 s
	ContentLife    time.Duration // how long sent media can be fetched; 0 means 24 h (LINE publishes no number)
	TranscodeTime  time.Duration // how long video and audio are "processing"; 0 means not at all
	WebhookTimeout time.Duration // 0 means 2 s, LINE's

	MonthlyQuota int               // pushes a month (Japan's calendar); 0 means no limit
	Rates        map[Endpoint]Rate // nil means PublishedRates; empty means no limits
	Redelivery   Redelivery        // the zero value means off, as in LINE's console

	// KeepBubbles bounds memory: 0 keeps all bubbles of a chat, n the last n,
	// and -1 none, only counts.
	KeepBubbles int
	// OnBubble, when set, is called for every bubble of the bot that reaches
	// a phone, after the request was accepted and before it is answered.
	OnBubble func(chatID, text string, at time.Time)
	// AdoptUnknownUsers takes a well-formed user id never seen before for a
	// friend, instead of refusing it: for a product that kept its residents
	// over a restart of this stand-in.
	AdoptUnknownUsers bool
}

// Redelivery says what happens after a webhook that got no 2xx in time.
// LINE publishes neither number nor interval.
type Redelivery struct {
	Times int           // how often to try again; 0 means never
	Wait  time.Duration // before the first; doubles each time; 0 means 1 s
}

// Platform is the stand-in. It is safe for concurrent use.
type Platform struct {
	cfg    Config
	ids    idMaker
	digest maphash.Seed

	ownHTTP    bool
	buffers    sync.Pool // of *bytes.Buffer, for reading bodies
	background sync.WaitGroup
	stop       chan struct{}
	stopOnce   sync.Once

	mu         sync.Mutex // guards everything below
	token      string
	webhook    string
	chats      map[string]*chat
	order      []string // chats in order of appearance
	replies    map[string]*replyToken
	replyQueue []string // oldest first, for forgetting
	retryKeys  map[retryKey]*acceptedRequest
	retryQueue []retryKey
	content    map[string]*content
	links      map[string]linkToken
	menus      menuStore
	rates      map[Endpoint]*window
	quota      quota
	counters   Counters
	violations []Violation
	failures   []*Failure
	chance     *rand.Rand
	watchers   map[*watcher]struct{}
	changeSeq  uint64
	pending    int // redeliveries waiting
	idle       chan struct{}
}

// New makes a platform. Close it when webhooks may be redelivered.
func New(cfg Config) (*Platform, error) {
	if cfg.ChannelSecret == "" {
		return nil, errors.New("lineapi: channel secret is empty")
	}
	if cfg.ChannelToken == "" {
		return nil, errors.New("lineapi: channel token is empty")
	}
	if cfg.BotUserID != "" && !validUserID(cfg.BotUserID) {
		return nil, fmt.Errorf("lineapi: bot user id %q is not U and 32 hexadecimal digits", cfg.BotUserID)
	}
	cfg.ChatMode = cmp.Or(cfg.ChatMode, "bot")
	if cfg.ChatMode != "bot" && cfg.ChatMode != "chat" {
		return nil, fmt.Errorf(`lineapi: chat mode %q is neither "bot" nor "chat"`, cfg.ChatMode)
	}
	if cfg.KeepBubbles < -1 {
		return nil, fmt.Errorf("lineapi: cannot keep %d bubbles", cfg.KeepBubbles)
	}
	p := &Platform{
		digest:    maphash.MakeSeed(),
		stop:      make(chan struct{}),
		token:     cfg.ChannelToken,
		webhook:   cfg.WebhookURL,
		chats:     make(map[string]*chat),
		replies:   make(map[string]*replyToken),
		retryKeys: make(map[retryKey]*acceptedRequest),
		content:   make(map[string]*content),
		links:     make(map[string]linkToken),
		menus:     newMenuStore(),
		rates:     make(map[Endpoint]*window),
		quota:     quota{limit: cfg.MonthlyQuota},
		chance:    rand.New(rand.NewPCG(cfg.Seed, mix(cfg.Seed))),
		watchers:  make(map[*watcher]struct{}),
	}
	p.ids.seed = cfg.Seed
	cfg.BotUserID = cmp.Or(cfg.BotUserID, "U"+p.ids.hex32())
	cfg.BotName = cmp.Or(cfg.BotName, "Stand-in")
	cfg.ReplyTokenLife = cmp.Or(cfg.ReplyTokenLife, time.Minute)
	cfg.ContentLife = cmp.Or(cfg.ContentLife, 24*time.Hour)
	cfg.WebhookTimeout = cmp.Or(cfg.WebhookTimeout, 2*time.Second)
	cfg.Redelivery.Wait = cmp.Or(cfg.Redelivery.Wait, time.Second)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.HTTP == nil {
		p.ownHTTP = true
		cfg.HTTP = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, IdleConnTimeout: time.Minute}}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Rates == nil {
		cfg.Rates = PublishedRates()
	}
	p.cfg = cfg
	return p, nil
}

// Close stops redeliveries and waits for those under way.
func (p *Platform) Close() {
	p.stopOnce.Do(func() { close(p.stop) })
	p.background.Wait()
	if p.ownHTTP {
		p.cfg.HTTP.CloseIdleConnections()
	}
}

// BotUserID is the destination of every webhook.
func (p *Platform) BotUserID() string { return p.cfg.BotUserID }

// SetToken makes another channel access token the valid one, as when the old
// one expired or was revoked.
func (p *Platform) SetToken(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.token = token
}

// SetWebhook says where events go; the API's PUT endpoint does the same.
func (p *Platform) SetWebhook(url string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.webhook = url
}
