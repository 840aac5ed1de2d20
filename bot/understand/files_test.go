package understand_test

import (
	"slices"
	"testing"

	"github.com/tsunagu-chat/tsunagu/bot/understand"
)

// TestParseOddFiles reads labelled files as other programs write them.
func TestParseOddFiles(t *testing.T) {
	t.Parallel()
	got, err := understand.ParseLabelled([]byte("\ufeff{\"text\":\"家賃\",\"label\":\"rent\"}\r\n\r\n{\"text\":\"\",\"label\":7}\r\n{\"text\":\"x\",\"label\":\"oos\"}"))
	want := []understand.Labelled{{Text: "家賃", Label: "rent"}, {Text: "", Label: "7"}, {Text: "x", Label: "oos"}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, bad := range []string{`{"text":"x"}`, `{"label":"x"}`, `{"text":"x","label":""}`, `{"text":"x","label":null}`, `{"text":"x","label":["a"]}`, `{"text":5,"label":"x"}`, `null`, `x`} {
		if got, err := understand.ParseLabelled([]byte(bad)); err == nil {
			t.Errorf("%s: read as %v, want an error", bad, got)
		}
	}
	cases, err := understand.ParseCases([]byte("\ufeff{\"id\":\"a\",\"text\":\"家賃\",\"expect\":[\"housing\"]}\r\n"))
	if err != nil || len(cases) != 1 {
		t.Errorf("got %v, %v; want one message", cases, err)
	}
}
