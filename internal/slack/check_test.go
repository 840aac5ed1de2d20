package slack

import (
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/tsunagu-chat/tsunagu/bot"
	"github.com/tsunagu-chat/tsunagu/internal/standin/slackapi"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	o := open(t, func(_ *slackapi.Config, c *Config) { c.AppToken = "xapp-1" })
	findings := o.c.Check(o.ctx())
	if len(findings) != 9 { // token, scopes, three channels and who is in them, socket
		t.Errorf("got %d lines: %+v", len(findings), findings)
	}
	for _, f := range findings {
		if !f.OK || f.What == "" {
			t.Errorf("got %+v", f)
		}
	}
}

// TestCheckDuty: a channel nobody reads, and people who are called and read
// none, are told of.
func TestCheckDuty(t *testing.T) {
	t.Parallel()
	o := open(t, func(sc *slackapi.Config, c *Config) {
		sc.Channels[1].Members = nil
		c.Content = func() *bot.Content {
			p := pack()
			p.Duty.People = []bot.Person{{ID: tanaka, Role: bot.RoleLead}, {ID: "U0GONE", Role: bot.RoleAdmin}, {ID: "田中", Role: bot.RoleLead}}
			return p
		}
	})
	var wrong []string
	for _, f := range o.c.Check(o.ctx()) {
		if !f.OK {
			wrong = append(wrong, f.What)
		}
	}
	got := strings.Join(wrong, "\n")
	for _, want := range []string{elder + ": 0 people", "U0GONE is in none", "is no Slack member id"} {
		if !strings.Contains(got, want) {
			t.Errorf("doctor does not say %q:\n%s", want, got)
		}
	}
	if len(wrong) != 3 {
		t.Errorf("got\n%s", got)
	}
}

func TestCheckSaysHowToMend(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*slackapi.Config, *Config)
		what   string
		mend   string
	}{
		"wrong token": {func(_ *slackapi.Config, c *Config) { c.BotToken = "xoxb-wrong" }, "invalid_auth", "SLACK_BOT_TOKEN"},
		"not reached": {func(_ *slackapi.Config, c *Config) { c.APIBase = "http://127.0.0.1:1/api" }, "not reached", "network"},
		"no scope": {func(s *slackapi.Config, _ *Config) {
			s.Scopes = slices.DeleteFunc(Scopes(), func(s string) bool { return s == "files:write" })
		}, "missing files:write", "manifest"},
		"not invited": {func(s *slackapi.Config, _ *Config) { s.Channels[2].Bot = false }, "not in it", "/invite"},
		"private":     {func(s *slackapi.Config, _ *Config) { s.Channels[0].Bot = false }, "channel_not_found", "SLACK_CHANNELS"},
		"archived":    {func(s *slackapi.Config, _ *Config) { s.Channels[1].Archived = true }, "archived", "unarchive"},
		"app token":   {func(_ *slackapi.Config, c *Config) { c.AppToken = "xapp-wrong" }, "Socket Mode", "SLACK_APP_TOKEN"},
		"no channel":  {func(_ *slackapi.Config, c *Config) { c.Channel = func(string, string) string { return "" } }, "none set", "SLACK_DESK_CHANNEL"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t, test.change)
			o.allow()
			findings := o.c.Check(o.ctx())
			bad := slices.DeleteFunc(findings, func(f Finding) bool { return f.OK })
			if len(bad) != 1 || !strings.Contains(bad[0].What, test.what) || !strings.Contains(bad[0].Mend, test.mend) {
				t.Errorf("got %+v, want %q, %q", bad, test.what, test.mend)
			}
		})
	}
}

// The manifest asks for exactly what is used.
func TestManifest(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../deploy/slack-manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Features struct {
			Commands []struct {
				Command string `yaml:"command"`
				URL     string `yaml:"url"`
			} `yaml:"slash_commands"`
			Shortcuts []struct {
				Name     string `yaml:"name"`
				Type     string `yaml:"type"`
				Callback string `yaml:"callback_id"`
			} `yaml:"shortcuts"`
		} `yaml:"features"`
		OAuth struct {
			Scopes struct {
				Bot []string `yaml:"bot"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
		Settings struct {
			Events struct {
				URL  string   `yaml:"request_url"`
				Bots []string `yaml:"bot_events"`
			} `yaml:"event_subscriptions"`
			Interactivity struct {
				Enabled bool   `yaml:"is_enabled"`
				URL     string `yaml:"request_url"`
			} `yaml:"interactivity"`
		} `yaml:"settings"`
	}
	if err := yaml.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.OAuth.Scopes.Bot, Scopes()) {
		t.Errorf("scopes %v, used are %v", m.OAuth.Scopes.Bot, Scopes())
	}
	if want := []string{"app_home_opened", "member_joined_channel", "member_left_channel", "message.channels", "message.groups"}; !slices.Equal(m.Settings.Events.Bots, want) {
		t.Errorf("events %v, used are %v", m.Settings.Events.Bots, want)
	}
	if len(m.Features.Commands) != 1 || m.Features.Commands[0].Command != "/tsunagu" || !m.Settings.Interactivity.Enabled {
		t.Errorf("got %+v", m)
	}
	var shortcuts []string
	for _, s := range m.Features.Shortcuts {
		shortcuts = append(shortcuts, s.Type+" "+s.Callback)
		if utf8.RuneCountInString(s.Name) > 24 {
			t.Errorf("shortcut %q: Slack takes 24 characters", s.Name)
		}
	}
	if want := []string{"message " + shortcutReply, "message " + shortcutByHand, "global " + shortcutByHand}; !slices.Equal(shortcuts, want) {
		t.Errorf("shortcuts %v, used are %v", shortcuts, want)
	}
	for address, path := range map[string]string{
		m.Features.Commands[0].URL: "/slack/commands", m.Settings.Events.URL: "/slack/events", m.Settings.Interactivity.URL: "/slack/interactions",
	} {
		if !strings.HasPrefix(address, "https://") || !strings.HasSuffix(address, path) {
			t.Errorf("address %q, want …%s", address, path)
		}
	}
}

func TestNewChecksItsConfiguration(t *testing.T) {
	t.Parallel()
	s := &fakeStore{}
	full := Config{
		BotToken: "xoxb-1", SigningSecrets: []string{"s"}, Inbox: s, Store: s, Media: s,
		Content: func() *bot.Content { return pack() }, Channel: channel,
	}
	if _, err := New(full); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"token": func(c *Config) { c.BotToken = "" }, "secret": func(c *Config) { c.SigningSecrets = nil },
		"empty secret": func(c *Config) { c.SigningSecrets = []string{"s", ""} }, "inbox": func(c *Config) { c.Inbox = nil },
		"store": func(c *Config) { c.Store = nil }, "media": func(c *Config) { c.Media = nil },
		"content": func(c *Config) { c.Content = nil }, "channel": func(c *Config) { c.Channel = nil },
	} {
		cfg := full
		change(&cfg)
		if _, err := New(cfg); err == nil {
			t.Errorf("without %s: no error", name)
		}
	}
}
