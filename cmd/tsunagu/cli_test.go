package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tsunagu-chat/tsunagu/migrations"
)

// cli runs a command as main does.
func cli(t *testing.T, env map[string]string, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, streams{strings.NewReader(in), &o, &e, func(k string) string { return env[k] }})
	return code, o.String(), e.String()
}

// TestEveryCommandHasHelp holds the contract's list of commands to the program.
func TestEveryCommandHasHelp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"demo", "serve", "migrate", "ask", "chat", "check", "train", "easy", "pack", "eval", "doctor", "bench", "report", "erase", "export"} {
		if code, _, errs := cli(t, nil, "", name, "--help"); code != exitOK || !strings.Contains(errs, "tsunagu "+name) {
			t.Errorf("%s --help: code %d, said %q", name, code, errs)
		}
	}
	if code, out, _ := cli(t, nil, "", "help"); code != exitOK || !strings.Contains(out, "tsunagu demo") {
		t.Errorf("help: code %d, said %q", code, out)
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		env  map[string]string
		says string
	}{
		{[]string{"nonsense"}, nil, "no command"},
		{[]string{"ask", "--nonsense"}, nil, "nonsense"},
		{[]string{"ask"}, nil, "TEXT"},
		{[]string{"ask", "  "}, nil, "TEXT"},
		{[]string{"chat", "--lang", "xx"}, nil, "--lang"},
		{[]string{"serve"}, nil, "DATABASE_URL"},
		{[]string{"serve"}, map[string]string{"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"},
		{[]string{"serve"}, map[string]string{"DATABASE_URL": "postgres://x/y", "LINE_CHANNEL_SECRET": "a", "LINE_CHANNEL_TOKEN": "b",
			"SLACK_BOT_TOKEN": "c", "SLACK_SIGNING_SECRET": "d", "SLACK_DESK_CHANNEL": "e", "SLACK_URGENT_CHANNEL": "f"}, "DATA_KEY"},
		{[]string{"migrate", "sideways"}, nil, "up, down, status or reseal"},
		{[]string{"migrate"}, nil, "DATABASE_URL"},
		{[]string{"bench", "--users", "0"}, nil, "--users"},
		{[]string{"bench", "--desk", "--staff", "0"}, nil, "--staff"},
		{[]string{"eval", "intents", "no-such-file"}, nil, "no-such-file"},
		{[]string{"check", "a", "b"}, nil, "one folder"},
		{[]string{"check", "no-such-folder"}, nil, "no-such-folder"},
		{[]string{"report"}, nil, "DATABASE_URL"},
	} {
		code, _, errs := cli(t, c.env, "", c.args...)
		if code != exitUsage || !strings.Contains(errs, c.says) {
			t.Errorf("%v: code %d, said %q; want code 2 naming %q", c.args, code, errs, c.says)
		}
	}
}

func TestAskLines(t *testing.T) {
	t.Parallel()
	in := `{"id":"a","text":"母が最近物忘れがひどくて心配"}
{"id":"b","text":"もう死にたい"}
{"id":"c","text":""}
{"id":"d","text":"柏町の粗大ごみの出し方"}
`
	code, out, errs := cli(t, nil, in, "ask", "--jsonl")
	if code != exitOK {
		t.Fatalf("code %d: %s", code, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines for 4", len(lines))
	}
	var got []answer
	for _, l := range lines {
		var a answer
		if err := json.Unmarshal([]byte(l), &a); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		got = append(got, a)
	}
	if got[0].Intents[0].ID != "elder-care" || got[0].About != "other" || got[0].Urgent {
		t.Errorf("a: %+v", got[0])
	}
	if !got[1].Urgent || got[1].Urgency != "suicide" {
		t.Errorf("b: %+v", got[1])
	}
	if got[3].Area == nil || *got[3].Area != "柏町" || got[3].Intents[0].ID != "garbage" {
		t.Errorf("d: %+v", got[3])
	}
	if code, _, errs := cli(t, nil, "not json\n", "ask", "--jsonl"); code != exitUsage || !strings.Contains(errs, "line 1") {
		t.Errorf("a bad line: code %d, %q", code, errs)
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	env := map[string]string{"DATABASE_URL": "sqlite:" + filepath.Join(t.TempDir(), "x.db")}
	steps := []struct{ arg, says string }{{"up", "version"}, {"status", "  applied 20"}}
	for range migrations.Latest() { // more than there are: numbers may be left out
		steps = append(steps, struct{ arg, says string }{"down", ""})
	}
	for _, c := range append(steps, []struct{ arg, says string }{{"down", "no schema"}, {"up", "applied"}}...) {
		if code, out, errs := cli(t, env, "", "migrate", c.arg); code != exitOK || !strings.Contains(out, c.says) {
			t.Errorf("migrate %s: code %d, said %q %q, want %q", c.arg, code, out, errs, c.says)
		}
	}
}

func TestChatScript(t *testing.T) {
	t.Parallel()
	script := filepath.Join(t.TempDir(), "talk.txt")
	if err := os.WriteFile(script, []byte("家賃が払えない\nLINEで職員に話す\nはい、伝えてください\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := cli(t, nil, "", "chat", "--lang", "ja", "--script", script)
	if code != exitOK || !strings.Contains(out, "[staff: new case T-") || !strings.Contains(out, "受付番号") {
		t.Errorf("code %d\n%s%s", code, out, errs)
	}
}

// TestDoctor checks a town where all is well, and one where the channel is
// missing and the token wrong.
func TestDoctor(t *testing.T) {
	t.Parallel()
	tw, err := openTown(townOptions{Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer tw.Close()
	r := engines(t)[0].serve(t, tw)
	defer func() { _ = r.stop() }()
	tw.connect(r.url)
	db := "sqlite:" + filepath.Join(t.TempDir(), "x.db")
	env := map[string]string{
		"DATABASE_URL": db, "PUBLIC_URL": r.url, "LINE_CHANNEL_SECRET": townSecret, "LINE_CHANNEL_TOKEN": townToken,
		"LINE_API_BASE": tw.lineURL, "LINE_DATA_API_BASE": tw.lineURL, "SLACK_BOT_TOKEN": townBot, "SLACK_SIGNING_SECRET": townSigning,
		"SLACK_API_BASE": tw.slackURL + "/api/", "SLACK_DESK_CHANNEL": townDesk, "SLACK_URGENT_CHANNEL": townUrgent,
	}
	if code, out, errs := cli(t, env, "", "migrate", "up"); code != exitOK {
		t.Fatalf("migrate: %s%s", out, errs)
	}
	code, out, _ := cli(t, env, "", "doctor")
	if code != exitOK {
		t.Errorf("a healthy deployment: code %d\n%s", code, out)
	}
	if strings.Contains(out, townToken) || strings.Contains(out, townSigning) {
		t.Error("doctor printed a secret")
	}
	env["LINE_CHANNEL_TOKEN"], env["SLACK_DESK_CHANNEL"] = "wrong", "C0NOSUCH"
	code, out, _ = cli(t, env, "", "doctor")
	if code != exitFailed || strings.Count(out, "FAILED") < 2 || !strings.Contains(out, "→") {
		t.Errorf("a broken deployment: code %d\n%s", code, out)
	}
}
