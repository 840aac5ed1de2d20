package lineapi

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzCheckMessages: whatever comes, the checker neither crashes nor hangs,
// and what it accepts keeps the limits that can be told from outside.
func FuzzCheckMessages(f *testing.F) {
	files, err := filepath.Glob("testdata/accepted/*.json")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("[" + string(raw) + "]")
	}
	f.Add(`[{"type":"text","text":""}]`)
	f.Add(`[{"type":"textV2","text":"{a}{{}}","substitution":{"a":null}}]`)
	f.Fuzz(func(t *testing.T, src string) {
		err := CheckMessages([]byte(src))
		if err != nil {
			var refusal *APIError
			if !errors.As(err, &refusal) || refusal.Message == "" {
				t.Fatalf("got %v, want a refusal in LINE's form", err)
			}
			return
		}
		var messages []struct {
			Type       string `json:"type"`
			Text       string `json:"text"`
			AltText    string `json:"altText"`
			QuickReply struct {
				Items []json.RawMessage `json:"items"`
			} `json:"quickReply"`
			Contents json.RawMessage `json:"contents"`
		}
		// encoding/json matches field names whatever their case, LINE does not.
		if strings.ContainsAny(src, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || json.Unmarshal([]byte(src), &messages) != nil {
			return
		}
		if n := len(messages); n < 1 || n > 5 {
			t.Fatalf("%d messages accepted", n)
		}
		for _, m := range messages {
			if m.Type == "text" && (m.Text == "" || utf16Len(m.Text) > 5000) {
				t.Fatalf("text of %d units accepted", utf16Len(m.Text))
			}
			if len(m.QuickReply.Items) > 13 {
				t.Fatalf("%d quick replies accepted", len(m.QuickReply.Items))
			}
			if len(m.Contents) > maxCarouselBytes {
				t.Fatalf("Flex of %d bytes accepted", len(m.Contents))
			}
		}
		n, perr := parseJSON(src)
		if perr != nil {
			t.Fatal(perr)
		}
		for i := range n.items {
			readMessage(src[n.items[i].off:n.items[i].end]) // the phone must be able to show it
		}
	})
}

func FuzzCheckRichMenu(f *testing.F) {
	raw, err := os.ReadFile("testdata/accepted/richmenu.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(raw))
	f.Fuzz(func(t *testing.T, src string) {
		if err := CheckRichMenu([]byte(src)); err != nil {
			var refusal *APIError
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, want a refusal in LINE's form", err)
			}
		}
	})
}
