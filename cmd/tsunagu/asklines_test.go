package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestBrokenLines holds answers and lines side by side whatever a line is.
func TestBrokenLines(t *testing.T) {
	t.Parallel()
	in := strings.Join([]string{
		"\ufeff" + `{"id":"first","text":"家賃が払えない"}` + "\r",
		`not json`,
		`{"id":12345678901234567890,"text":"家賃が払えない"}`,
		``,
		`{"text":"名前がない"}`,
		`{"id":"no text"}`,
		`{"id":"number","text":5}`,
		`{"id":"bytes","text":"` + "\xff\xfe" + `"}`,
		`{"id":"long","text":"` + strings.Repeat("a", maxJSONLine) + `"}`,
		`{"id":"last","text":"もう死にたい"}`, // without an end of line
	}, "\n")
	code, out, errs := cli(t, nil, in, "ask", "--jsonl")
	if code != exitUsage || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "line 2") || !strings.Contains(errs, "4 such lines") {
		t.Errorf("code %d, said %q; want 2 and one line naming line 2 and how many", code, errs)
	}
	want := []struct {
		id     string
		broken bool
	}{
		{`"first"`, false}, {`""`, true}, {`12345678901234567890`, false}, {`""`, false}, {`""`, true}, {`""`, true},
		{`"bytes"`, false}, {`""`, true}, {`"last"`, false},
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %d answers, want %d\n%s", len(lines), len(want), out)
	}
	for i, w := range want {
		var got struct {
			ID      json.RawMessage
			Error   string
			Intents []answerScore
		}
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatalf("%s: %v", lines[i], err)
		}
		if string(got.ID) != w.id || (got.Error != "") != w.broken || got.Intents == nil {
			t.Errorf("answer %d: %s, want id %s, broken %v", i+1, lines[i], w.id, w.broken)
		}
	}
}
