package main

import (
	"maps"
	"strings"
	"testing"
)

// TestWrongConfiguration holds every mistake in the environment to exit code 2
// and one line that names the variable, before anything is opened.
func TestWrongConfiguration(t *testing.T) {
	t.Parallel()
	good := map[string]string{
		"DATABASE_URL": "sqlite:/nowhere/x.db", "LINE_CHANNEL_SECRET": "a", "LINE_CHANNEL_TOKEN": "b", "SLACK_BOT_TOKEN": "c",
		"SLACK_SIGNING_SECRET": "d", "SLACK_DESK_CHANNEL": "C01", "SLACK_URGENT_CHANNEL": "C02",
	}
	if _, err := readConfig(func(k string) string { return good[k] }, true); err != nil {
		t.Fatalf("a right configuration: %v", err)
	}
	for _, c := range []struct{ name, value string }{
		{"LISTEN_ADDR", "nonsense"}, {"LISTEN_ADDR", "127.0.0.1:99999"}, {"LISTEN_ADDR", "127.0.0.1:http-alt"},
		{"REDIS_URL", "redis://127.0.0.1:1,http://x"}, {"REDIS_URL", ","},
		{"LINE_CHANNEL_SECRET", ","}, {"SLACK_SIGNING_SECRET", " , "}, {"DATA_KEY", ","},
		{"SLACK_API_BASE", "https://slack.example.jp/"}, {"SLACK_DESK_CHANNEL", "#desk"}, {"SLACK_URGENT_CHANNEL", "#urgent"},
		{"SLACK_CHANNELS", "housing=#housing"}, {"ALERT_EMAIL", "nobody"}, {"INTENTS_DIR", "/no/such/folder"}, {"INTENTS_DIR", "config_test.go"},
	} {
		env := maps.Clone(good)
		env[c.name] = c.value
		code, _, errs := cli(t, env, "", "serve")
		if code != exitUsage || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "tsunagu serve: "+c.name+": ") {
			t.Errorf("%s=%s: code %d, said %q; want 2 and one line naming it", c.name, c.value, code, errs)
		}
	}
}
