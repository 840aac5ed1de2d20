package slackapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Workspace is a stand-in Slack workspace with one app installed. All methods
// may be called from several goroutines.
type Workspace struct {
	cfg     Config
	ids     *idSource
	methods map[string]method
	limits  *limiter
	orders  *orders
	outbox  *outbox
	sockets *sockets
	book    *book
	client  *http.Client
	stop    context.CancelFunc
	work    sync.WaitGroup

	mu           sync.Mutex
	down         bool
	base         string
	targets      Targets
	lastMicro    int64
	channels     map[string]*channel
	channelOrder []*channel
	people       map[string]*person
	peopleOrder  []*person
	files        map[string]*file
	fileOrder    []*file
	views        map[string]*view
	triggers     map[string]*trigger
	triggerOrder []string
	responses    map[string]*responseURL
	responseKeys []string
	groups       []UserGroup
}

// New checks cfg and builds the workspace. Close it when done.
func New(cfg Config) (*Workspace, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	w := &Workspace{
		cfg:       cfg,
		ids:       &idSource{state: cfg.Seed},
		limits:    newLimiter(cfg.Limits),
		orders:    &orders{},
		sockets:   newSockets(),
		book:      newBook(cfg.KeepLog),
		stop:      stop,
		base:      strings.TrimSuffix(cfg.BaseURL, "/"),
		targets:   cfg.Targets,
		channels:  map[string]*channel{},
		people:    map[string]*person{},
		files:     map[string]*file{},
		views:     map[string]*view{},
		triggers:  map[string]*trigger{},
		responses: map[string]*responseURL{},
		groups:    slices.Clone(cfg.UserGroups),
	}
	w.methods = methodTable()
	w.client = deliveryClient(cfg.HTTP)
	w.outbox = newOutbox()
	w.addPerson(Member{
		ID: cfg.App.BotUserID, Name: strings.ToLower(cfg.App.Name),
		RealName: cfg.App.Name, DisplayName: cfg.App.Name, IsBot: true,
	})
	for _, m := range cfg.Members {
		w.addPerson(m)
	}
	for _, ch := range cfg.Channels {
		w.addChannel(ch)
	}
	w.work.Go(func() { w.dispatch(ctx) })
	return w, nil
}

// Close ends deliveries and Socket Mode connections and waits for them.
func (w *Workspace) Close() {
	w.stop()
	w.sockets.closeAll()
	w.work.Wait()
}

// SetTargets replaces the app's request URLs, for example when the app under
// test was started again on another port.
func (w *Workspace) SetTargets(t Targets) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.targets = t
}

// SetBaseURL tells where the stand-in is reached; it is put into response_url
// and file addresses. Without it the Host of the last request is used.
func (w *Workspace) SetBaseURL(url string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.base = strings.TrimSuffix(url, "/")
}

// SetDown makes all of Slack unreachable, or reachable again: API calls and
// sockets are cut, nothing is delivered, and people cannot do anything.
func (w *Workspace) SetDown(down bool) {
	w.mu.Lock()
	w.down = down
	w.mu.Unlock()
	if down {
		w.sockets.closeAll()
	}
	w.changed(Change{Kind: ChangeDown})
}

// ErrDown reports a person's action while Slack is down.
var ErrDown = errors.New("slack is down")

func (w *Workspace) isDown() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.down
}

func (w *Workspace) now() time.Time { return w.cfg.Now() }

// nextTS makes a message timestamp that was never used before. The caller
// holds mu.
func (w *Workspace) nextTS() (string, time.Time) {
	at := w.now()
	micro := max(at.UnixMicro(), w.lastMicro+1)
	w.lastMicro = micro
	return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6), at
}

func (w *Workspace) addPerson(m Member) *person {
	m.RealName = cmp.Or(m.RealName, m.DisplayName, m.Name)
	m.Color = cmp.Or(m.Color, "9f69e7")
	m.Locale = cmp.Or(m.Locale, "ja-JP")
	m.TZ = cmp.Or(m.TZ, "Asia/Tokyo")
	p := &person{member: m}
	w.people[m.ID] = p
	w.peopleOrder = append(w.peopleOrder, p)
	return p
}

func (w *Workspace) addChannel(cfg Channel) *channel {
	ch := &channel{
		id: cfg.ID, name: cfg.Name, archived: cfg.Archived,
		topic: cfg.Topic, purpose: cfg.Purpose, created: w.now(),
		members: slices.Clone(cfg.Members),
	}
	if cfg.Private {
		ch.kind = kindGroup
	}
	if cfg.Bot && !ch.has(w.cfg.App.BotUserID) {
		ch.members = append(ch.members, w.cfg.App.BotUserID)
	}
	return w.keepChannel(ch)
}

func (w *Workspace) keepChannel(ch *channel) *channel {
	ch.byTS = map[string]*message{}
	ch.gone = map[string]bool{}
	ch.posted = map[string]string{}
	w.channels[ch.id] = ch
	w.channelOrder = append(w.channelOrder, ch)
	return ch
}

// dm returns the app's direct messages with a person, made when needed. The
// caller holds mu.
func (w *Workspace) dm(p *person) *channel {
	if p.im == nil {
		p.im = w.keepChannel(&channel{
			id: w.ids.code("D0", 8), kind: kindIM, created: w.now(),
			members: []string{p.member.ID, w.cfg.App.BotUserID},
		})
	}
	return p.im
}

// store adds a message to its channel and thread. The caller holds mu and has
// set ts and at.
func (w *Workspace) store(m *message) {
	ch := m.channel
	ch.order = append(ch.order, m)
	ch.byTS[m.ts] = m
	if m.isReply() {
		parent := ch.find(m.threadTS)
		parent.threadTS = parent.ts
		parent.replies = append(parent.replies, m)
		parent.latestReply = m.ts
	}
	keep := w.cfg.KeepMessages
	for keep > 0 && len(ch.order) > keep {
		if !w.forgetOldest(ch, m) {
			break
		}
	}
}

// forgetOldest drops the oldest thread of ch, never the one that m belongs to.
func (w *Workspace) forgetOldest(ch *channel, m *message) bool {
	for _, old := range ch.order {
		if old.isReply() || old == m || old.ts == m.threadTS {
			continue
		}
		drop := map[*message]bool{old: true}
		for _, reply := range old.replies {
			drop[reply] = true
		}
		ch.order = slices.DeleteFunc(ch.order, func(x *message) bool { return drop[x] })
		for x := range drop {
			delete(ch.byTS, x.ts)
			delete(ch.posted, w.postIdentity(x.metadata))
		}
		return true
	}
	return false
}

// take removes a deleted message. A parent with replies stays as a tombstone.
func (w *Workspace) take(m *message) {
	ch := m.channel
	delete(ch.posted, w.postIdentity(m.metadata))
	if len(m.replies) > 0 {
		m.tombstone, m.subtype, m.user, m.botID = true, "tombstone", "USLACKBOT", ""
		m.text, m.blocks, m.attachments, m.metadata = "This message was deleted.", nil, nil, nil
		m.files, m.reactions = nil, nil
		return
	}
	if keep := w.cfg.KeepMessages; keep > 0 && len(ch.gone) >= keep {
		clear(ch.gone)
	}
	ch.gone[m.ts] = true
	delete(ch.byTS, m.ts)
	ch.order = slices.DeleteFunc(ch.order, func(x *message) bool { return x == m })
	if !m.isReply() {
		return
	}
	parent := ch.find(m.threadTS)
	if parent == nil {
		return
	}
	parent.replies = slices.DeleteFunc(parent.replies, func(x *message) bool { return x == m })
	parent.latestReply = ""
	if n := len(parent.replies); n > 0 {
		parent.latestReply = parent.replies[n-1].ts
	} else {
		parent.threadTS = ""
	}
}

// origin is the address put into URLs given to the app. The caller holds mu.
func (w *Workspace) origin() string { return w.base }

// noteHost remembers where a request reached the stand-in, unless it was told.
func (w *Workspace) noteHost(r *http.Request) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	if w.base == "" {
		w.base = scheme + "://" + r.Host
	}
	return scheme + "://" + r.Host
}
