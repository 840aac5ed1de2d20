package main

import (
	"fmt"
	"log/slog"
	"strings"
)

// config is everything the environment says (CONTRACT: Configuration). It is
// read once; a mistake names the variable and the mend.
type config struct {
	ListenAddr   string
	PublicURL    string
	DatabaseURL  string
	RedisURL     string
	LINESecrets  []string
	LINEToken    string
	LINEAPIBase  string
	LINEDataBase string
	SlackToken   string
	SlackSecrets []string
	SlackApp     string
	SlackBase    string
	SlackDesk    string
	SlackUrgent  string
	SlackTeams   map[string]string
	SMTPURL      string
	AlertEmail   string
	Migrate      bool
	IntentsDir   string
	DataKeys     string
	AdminToken   string
	LogLevel     slog.Level
	OTLP         string
	AssistURL    string
	AssistModel  string
	AssistKey    string
}

// variable is one setting: how it is read, and how doctor prints it.
type variable struct {
	name   string
	secret bool
	need   bool // serve cannot run without it
	set    func(c *config, value string) error
	mend   string
}

func variables() []variable {
	text := func(at func(*config) *string) func(*config, string) error {
		return func(c *config, v string) error { *at(c) = v; return nil }
	}
	return []variable{
		{"LISTEN_ADDR", false, false, func(c *config, v string) error { c.ListenAddr = v; return isListenAddr(v) }, "host:port, e.g. 127.0.0.1:8080"},
		{"PUBLIC_URL", false, false, func(c *config, v string) error {
			c.PublicURL = strings.TrimSuffix(v, "/")
			return isURL(v, "https", "http")
		}, "the https address residents' LINE reaches, e.g. https://tsunagu.example.jp"},
		{"DATABASE_URL", true, true, func(c *config, v string) error { c.DatabaseURL = v; return isDatabase(v) }, "postgres://user:password@host/database, or sqlite:PATH for one machine"},
		{"REDIS_URL", true, false, func(c *config, v string) error {
			c.RedisURL = v
			return each(v, func(one string) error { return isURL(one, "redis", "rediss") })
		}, "redis://host:6379/0; with SQLite it may be empty"},
		{"LINE_CHANNEL_SECRET", true, true, func(c *config, v string) error { c.LINESecrets = fields(v); return each(v, nil) }, "LINE Developers console → your channel → Basic settings → Channel secret"},
		{"LINE_CHANNEL_TOKEN", true, true, text(func(c *config) *string { return &c.LINEToken }), "LINE Developers console → Messaging API → Channel access token"},
		{"LINE_API_BASE", false, false, func(c *config, v string) error { c.LINEAPIBase = v; return isURL(v, "https", "http") }, "leave it empty for LINE itself"},
		{"LINE_DATA_API_BASE", false, false, func(c *config, v string) error { c.LINEDataBase = v; return isURL(v, "https", "http") }, "leave it empty for LINE itself"},
		{"SLACK_BOT_TOKEN", true, true, text(func(c *config) *string { return &c.SlackToken }), "Slack app → OAuth & Permissions → Bot User OAuth Token (xoxb-…)"},
		{"SLACK_SIGNING_SECRET", true, true, func(c *config, v string) error { c.SlackSecrets = fields(v); return each(v, nil) }, "Slack app → Basic Information → Signing Secret"},
		{"SLACK_APP_TOKEN", true, false, text(func(c *config) *string { return &c.SlackApp }), "an app-level token (xapp-…) switches Socket Mode on"},
		{"SLACK_API_BASE", false, false, func(c *config, v string) error { c.SlackBase = v; return isSlackBase(v) }, "leave it empty for Slack itself; it ends in /api/"},
		{"SLACK_DESK_CHANNEL", false, true, func(c *config, v string) error { c.SlackDesk = v; return isChannel(v) }, "the id (C0…) of the channel where cases go by default"},
		{"SLACK_URGENT_CHANNEL", false, true, func(c *config, v string) error { c.SlackUrgent = v; return isChannel(v) }, "the id (C0…) of the channel for danger"},
		{"SLACK_CHANNELS", false, false, readTeams, "window-or-team=C0…,window-or-team=C0…"},
		{"SMTP_URL", true, false, func(c *config, v string) error { c.SMTPURL = v; return isURL(v, "smtp", "smtps") }, "smtp://user:password@host:587"},
		{"ALERT_EMAIL", false, false, func(c *config, v string) error { c.AlertEmail = v; return isEmail(v) }, "one address, e.g. night@example.jp"},
		{"MIGRATE_ON_START", false, false, func(c *config, v string) error { c.Migrate = v == "true"; return oneOf(v, "true", "false") }, "true or false"},
		{"INTENTS_DIR", false, false, func(c *config, v string) error { c.IntentsDir = v; return isFolder(v) }, "a content pack's folder; leave it empty for the one inside the program"},
		{"DATA_KEY", true, false, func(c *config, v string) error { c.DataKeys = v; return areKeys(v) }, "make one with: openssl rand -base64 32"},
		{"ADMIN_TOKEN", true, false, text(func(c *config) *string { return &c.AdminToken }), ""},
		{"LOG_LEVEL", false, false, func(c *config, v string) error { return c.LogLevel.UnmarshalText([]byte(v)) }, "debug, info, warn or error"},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", false, false, text(func(c *config) *string { return &c.OTLP }), ""},
		{"ASSIST_URL", false, false, func(c *config, v string) error { c.AssistURL = v; return isURL(v, "https", "http") }, "an OpenAI-compatible API on your own machine, e.g. http://127.0.0.1:11434/v1; empty: off"},
		{"ASSIST_MODEL", false, false, text(func(c *config) *string { return &c.AssistModel }), "the model's name there"},
		{"ASSIST_KEY", true, false, text(func(c *config) *string { return &c.AssistKey }), ""},
	}
}

// readConfig reads the environment. need says whether what serve cannot run
// without must be there.
func readConfig(env func(string) string, need bool) (config, error) {
	c := config{ListenAddr: "127.0.0.1:8080"}
	for _, v := range variables() {
		value := strings.TrimSpace(env(v.name))
		if value == "" {
			if v.need && need {
				return c, wrongUsage("%s is not set: %s", v.name, v.mend)
			}
			continue
		}
		if err := v.set(&c, value); err != nil {
			return c, wrongUsage("%s: %v: %s", v.name, err, v.mend)
		}
	}
	if c.AssistURL != "" && c.AssistModel == "" {
		return c, wrongUsage("ASSIST_MODEL is not set: ASSIST_URL needs the name of a model")
	}
	if !need {
		return c, nil
	}
	postgres := !strings.HasPrefix(c.DatabaseURL, "sqlite:")
	if postgres && c.DataKeys == "" {
		return c, wrongUsage("DATA_KEY is not set: it encrypts residents' words; make one with: openssl rand -base64 32")
	}
	if postgres && c.RedisURL == "" {
		return c, wrongUsage("REDIS_URL is not set: with PostgreSQL several processes share the dialogue's state in Redis, e.g. redis://host:6379/0")
	}
	return c, nil
}

// channel is where a case is shown: danger has its own, then the window's,
// then its team's, then the desk.
func (c config) channel(team func(window string) string) func(window, danger string) string {
	return func(window, danger string) string {
		if danger != "" {
			return c.SlackUrgent
		}
		if id := c.SlackTeams[window]; id != "" {
			return id
		}
		if id := c.SlackTeams[team(window)]; id != "" {
			return id
		}
		return c.SlackDesk
	}
}

func readTeams(c *config, v string) error {
	c.SlackTeams = map[string]string{}
	for _, pair := range fields(v) {
		name, id, ok := strings.Cut(pair, "=")
		if !ok || name == "" || id == "" {
			return fmt.Errorf("%q is not name=channel", pair)
		}
		if err := isChannel(strings.TrimSpace(id)); err != nil {
			return err
		}
		c.SlackTeams[strings.TrimSpace(name)] = strings.TrimSpace(id)
	}
	return nil
}

func fields(v string) []string {
	var list []string
	for _, f := range strings.Split(v, ",") {
		if f = strings.TrimSpace(f); f != "" {
			list = append(list, f)
		}
	}
	return list
}
