package slackapi

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Config describes a workspace with one app installed. The zero value of every
// field but BotToken and SigningSecret is useful.
type Config struct {
	BotToken      string // "xoxb-…"; required
	AppToken      string // "xapp-…"; empty: Socket Mode is not available
	SigningSecret string // signs deliveries with v0; required

	Team Team
	App  App

	// Scopes granted to the bot token; nil means AllScopes.
	Scopes []string
	// AppScopes granted to the app-level token; nil means connections:write.
	AppScopes []string
	// Events the app is subscribed to, as in its manifest ("message.channels",
	// "app_mention", …); nil means AllEvents.
	Events []string
	// Commands the app has registered ("/tsunagu"); nil means any.
	Commands []string
	// Shortcuts the app has registered; nil means any.
	Shortcuts []Shortcut
	// NoHomeTab switches the app's home tab off (views.publish: not_enabled).
	NoHomeTab bool

	Members    []Member
	Channels   []Channel
	UserGroups []UserGroup

	// Targets are the app's request URLs; see SetTargets.
	Targets Targets
	// BaseURL is where the stand-in itself is reached ("http://127.0.0.1:4000");
	// see SetBaseURL.
	BaseURL string

	// AckTimeout is how long the app may take to acknowledge a delivery; 3 s
	// when zero. https://docs.slack.dev/interactivity/handling-user-interaction
	AckTimeout time.Duration
	// Retries are the pauses before a failed event is delivered again; nil
	// means Slack's: at once, after 1 min, after 5 min. Empty: never.
	// https://docs.slack.dev/apis/events-api/#retries
	Retries []time.Duration
	// TriggerLife is how long a trigger_id can be exchanged; 3 s when zero.
	TriggerLife time.Duration
	// ResponseURLLife is how long a response_url can be used; 30 min when zero.
	ResponseURLLife time.Duration
	// ResponseURLUses is how often a response_url can be used; 5 when zero.
	ResponseURLUses int
	// PingEvery is the pause between WebSocket pings; 5 s when zero.
	PingEvery time.Duration

	Limits Limits

	// KeepMessages bounds the messages kept in one channel, ephemeral ones and
	// notices of one person; zero keeps all. Old threads go first.
	KeepMessages int
	// KeepLog bounds the logs of deliveries and violations; 2,000 when zero.
	KeepLog int
	// MetadataKey names the field of metadata.event_payload that identifies a
	// post. A second post to a channel with the same event_type and value is a
	// ViolationRepeatedPost. Empty: the whole event_payload is compared.
	MetadataKey string
	// Unordered delivers the events of one channel all at once. By default an
	// event waits until the first delivery of the one before it in the same
	// channel has ended, because people are slower than networks.
	Unordered bool

	// Seed makes ids and probabilities repeat.
	Seed uint64
	// Now is the workspace's clock; nil means time.Now. Timeouts and retry
	// pauses always run in real time.
	Now func() time.Time
	// HTTP delivers to Targets; nil means a client of its own.
	HTTP *http.Client
	// Log receives what went wrong inside the stand-in; nil means slog.Default().
	Log *slog.Logger
	// OnMessage is called for everything the app made visible, before the app
	// gets its answer; it must be quick.
	OnMessage func(Accepted)
}

// Team is the workspace.
type Team struct {
	ID     string // "T0STANDIN" when empty
	Name   string
	Domain string // of permalinks: https://DOMAIN.slack.com/
}

// App is the installed app under test.
type App struct {
	ID        string // "A0STANDIN" when empty
	Name      string // shown name of the bot
	BotID     string // "B0STANDIN" when empty
	BotUserID string // "U0STANDIN" when empty
}

// Member is a person, or another bot, of the workspace.
type Member struct {
	ID          string `json:"id"`
	Name        string `json:"name"` // handle, without @
	RealName    string `json:"real_name"`
	DisplayName string `json:"display_name"`
	Email       string `json:"email,omitempty"`
	Color       string `json:"color"`  // avatar, "9f69e7"
	Locale      string `json:"locale"` // "ja-JP" when empty
	TZ          string `json:"tz"`     // "Asia/Tokyo" when empty
	IsBot       bool   `json:"is_bot"`
	Admin       bool   `json:"is_admin"`
	Deleted     bool   `json:"deleted"`
	Away        bool   `json:"away"`
}

// Shown is the name other people read.
func (m Member) Shown() string { return cmp.Or(m.DisplayName, m.RealName, m.Name, m.ID) }

// Channel is a public or private channel at the start.
type Channel struct {
	ID       string
	Name     string
	Topic    string
	Purpose  string
	Private  bool
	Archived bool
	Bot      bool     // the app has been invited
	Members  []string // user ids
}

// UserGroup is a group that can be mentioned.
type UserGroup struct {
	ID     string
	Handle string
	Name   string
	Users  []string
}

// Shortcut is a global or message shortcut of the app.
type Shortcut struct {
	CallbackID string `json:"callback_id"`
	Name       string `json:"name"`    // as people read it
	Message    bool   `json:"message"` // a message shortcut, else a global one
}

// Targets are the request URLs of the app's configuration.
type Targets struct {
	Events       string
	Interactions string
	Commands     string
	Options      string // block_suggestion; empty: Interactions
}

// Limits are Slack's rate limits.
// https://docs.slack.dev/apis/web-api/rate-limits
type Limits struct {
	Off bool
	// PostsPerSecond into one channel by chat.postMessage; 1 when zero.
	PostsPerSecond float64
	// PostBurst is how many posts a quiet channel takes at once; 4 when zero
	// ("short bursts >1 allowed", undocumented how short).
	PostBurst int
	// PostsPerMinute of the whole workspace; 300 when zero ("several hundred").
	PostsPerMinute int
	// PerMinute replaces the tier of single methods, calls per minute.
	PerMinute map[string]int
}

// AllScopes lists every bot scope the stand-in knows.
func AllScopes() []string {
	return []string{
		"app_mentions:read", "bookmarks:write", "channels:history", "channels:join",
		"channels:manage", "channels:read", "chat:write", "chat:write.customize",
		"chat:write.public", "commands", "files:read", "files:write",
		"groups:history", "groups:read", "groups:write", "im:history", "im:read",
		"im:write", "mpim:history", "mpim:read", "mpim:write", "pins:write",
		"reactions:read", "reactions:write", "usergroups:read", "users:read",
		"users:read.email",
	}
}

// AllEvents lists every event subscription the stand-in knows.
func AllEvents() []string {
	return []string{
		"app_home_opened", "app_mention", "member_joined_channel",
		"member_left_channel", "message.channels", "message.groups", "message.im",
		"message.mpim", "reaction_added", "reaction_removed", "team_join",
	}
}

func (c *Config) complete() error {
	if !strings.HasPrefix(c.BotToken, "xoxb-") {
		return errors.New("slackapi: BotToken must begin with xoxb-")
	}
	if c.AppToken != "" && !strings.HasPrefix(c.AppToken, "xapp-") {
		return errors.New("slackapi: AppToken must begin with xapp-")
	}
	if c.SigningSecret == "" {
		return errors.New("slackapi: SigningSecret is empty")
	}
	c.Team.ID = cmp.Or(c.Team.ID, "T0STANDIN")
	c.Team.Name = cmp.Or(c.Team.Name, "Stand-in")
	c.Team.Domain = cmp.Or(c.Team.Domain, "standin")
	c.App.ID = cmp.Or(c.App.ID, "A0STANDIN")
	c.App.Name = cmp.Or(c.App.Name, "bot")
	c.App.BotID = cmp.Or(c.App.BotID, "B0STANDIN")
	c.App.BotUserID = cmp.Or(c.App.BotUserID, "U0STANDIN")
	if c.Scopes == nil {
		c.Scopes = AllScopes()
	}
	c.Scopes = slices.Sorted(slices.Values(c.Scopes))
	if c.AppScopes == nil {
		c.AppScopes = []string{"connections:write"}
	}
	if c.Events == nil {
		c.Events = AllEvents()
	}
	if c.Retries == nil {
		c.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	c.AckTimeout = cmp.Or(c.AckTimeout, 3*time.Second)
	c.TriggerLife = cmp.Or(c.TriggerLife, 3*time.Second)
	c.ResponseURLLife = cmp.Or(c.ResponseURLLife, 30*time.Minute)
	c.ResponseURLUses = cmp.Or(c.ResponseURLUses, 5)
	c.PingEvery = cmp.Or(c.PingEvery, 5*time.Second)
	c.KeepLog = cmp.Or(c.KeepLog, 2000)
	c.Limits.PostsPerSecond = cmp.Or(c.Limits.PostsPerSecond, 1)
	c.Limits.PostBurst = cmp.Or(c.Limits.PostBurst, 4)
	c.Limits.PostsPerMinute = cmp.Or(c.Limits.PostsPerMinute, 300)
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Log = cmp.Or(c.Log, slog.Default())
	for _, event := range c.Events {
		if !slices.Contains(AllEvents(), event) {
			return fmt.Errorf("slackapi: event %q is not known to the stand-in", event)
		}
	}
	return c.checkPeople()
}

// checkPeople refuses duplicate ids and channels with unknown members.
func (c *Config) checkPeople() error {
	known := map[string]bool{c.App.BotUserID: true}
	for _, m := range c.Members {
		if m.ID == "" {
			return errors.New("slackapi: a member has no ID")
		}
		if known[m.ID] {
			return fmt.Errorf("slackapi: member %s is there twice", m.ID)
		}
		known[m.ID] = true
	}
	ids, names := map[string]bool{}, map[string]bool{}
	for _, ch := range c.Channels {
		if ch.ID == "" || ch.Name == "" {
			return errors.New("slackapi: a channel has no ID or name")
		}
		if ids[ch.ID] || names[ch.Name] {
			return fmt.Errorf("slackapi: channel %s (%s) is there twice", ch.ID, ch.Name)
		}
		ids[ch.ID], names[ch.Name] = true, true
		for _, user := range ch.Members {
			if !known[user] {
				return fmt.Errorf("slackapi: channel %s has unknown member %s", ch.ID, user)
			}
		}
	}
	return nil
}
